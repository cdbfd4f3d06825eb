"""The tables in pandas: types, categories, and where a table comes from."""

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from rules.money.mention import ROLES

ORIGIN = "trichluc.tables"
"""Attribute (``DataFrame.attrs``) of a table that :func:`read` made: the folder that it comes from."""

_CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "role": ROLES,
    "qualifier": ("exact", "about", "nearly", "over", "under", "at_least", "at_most", "range"),
    "level": ("province", "district", "commune"),
    "status": ("resolved", "ambiguous", "unknown"),
}
KINDS: Mapping[str, tuple[str, ...]] = {
    "projects": ("de_an", "du_an", "mo_hinh", "chuong_trinh", "cong_trinh", "de_tai", "ke_hoach", "goi_thau"),
    "beneficiaries": (
        "establishment", "enterprise", "household_business", "cooperative", "household", "unit", "worker", "person",
        "school", "other",
    ),
}  # fmt: skip


def choices(table: str, column: str) -> tuple[str, ...]:
    """The values that a column may take; none where it may take any.

    >>> choices("locations", "level"), choices("amounts", "text")
    (('province', 'district', 'commune'), ())
    """
    return KINDS.get(table, ()) if column == "kind" else _CATEGORIES.get(column, ())


_OPEN = ("programme", "currency", "encoding")  # categories whose list may grow

_DTYPES: Mapping[pa.DataType, object] = {
    pa.int16(): pd.Int16Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.string(): pd.StringDtype("pyarrow"),
    pa.large_string(): pd.StringDtype("pyarrow"),
}


def _dtype(arrow: pa.DataType) -> object:
    return _DTYPES.get(arrow) or pd.ArrowDtype(arrow)


def frame(table: pa.Table, name: str) -> pd.DataFrame:
    """The table ``name`` in pandas: nullable integers, strings, categories; dates, decimals and lists stay Arrow's."""
    result: pd.DataFrame = table.to_pandas(types_mapper=_dtype)
    for column in map(str, result):
        if values := choices(name, column):
            result[column] = pd.Categorical(result[column], categories=values)
    for column in _OPEN:
        if column in result:
            result[column] = result[column].astype("category")
    return result
