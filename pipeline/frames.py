"""The tables as pandas DataFrames."""

from collections.abc import Iterable

import pandas as pd
import pyarrow as pa

import pipeline
from pipeline import tables
from pipeline.normalise import normalise


def frame(table: pa.Table) -> pd.DataFrame:
    """A DataFrame whose dtypes are Arrow's: nullable integers, strings, dates, exact decimals."""
    result: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return result


def extract(texts: Iterable[str]) -> dict[str, pd.DataFrame]:
    """See :func:`pipeline.extract`."""
    nlp = pipeline.load()
    columns = tables.empty()
    for number, text in enumerate(texts):
        clean, warnings = normalise(text)
        tables.add_document(columns, nlp(clean), source=str(number), warnings=warnings)
    return {name: frame(table) for name, table in tables.to_arrow(columns).items()}
