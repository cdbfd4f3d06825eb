"""One Excel workbook: a sheet a table, numbers as numbers, texts never as formulas, and the meaning of every column.

In English headings and codes are those of the tables; in Vietnamese they are words, and the last sheet tells which
column of which table each is.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

import pipeline
from pipeline.analysis.read import JOINED
from pipeline.export import ExportError
from pipeline.export.formulas import is_formula
from pipeline.i18n import _, language, whole
from pipeline.tables.schema import SCHEMAS
from pipeline.view.labels import label, warning

ERRORS = (XlsxWriterException,)

SHEETS = (
    "undertakings", "projects", "amounts", "beneficiaries", "locations", "documents", "rejects",
)  # fmt: skip
"""Tables in the workbook, the one to sum in front; ``sentences`` would drown the rest."""

_FRONT = (
    "source", "title", "published", "province_name", "project_name", "text", "name", "kind", "role", "programme",
    "year", "n_projects", "n_beneficiaries", "value_vnd", "total_vnd", "support_vnd", "counterpart_vnd",
)  # fmt: skip
_CODES = {
    "kind": "kind", "receiver_kind": "kind", "programme": "programme", "role": "role", "qualifier": "qualifier",
    "level": "level", "status": "status", "stage": "stage", "error": "reject",
}  # fmt: skip
"""Column -> the words of its codes."""
_MOST_ROWS = 1_048_576 - 1
_MOST_CHARACTERS = 32_767
_NARROW, _WIDE = 6, 59
_LOOKED_AT = 200  # rows that decide the width of a column
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FORMATS = {
    "head": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#5B4596", "valign": "vcenter"},
    "text": {"quote_prefix": True},  # a text stays a text even after somebody edits the cell
    "date": {"num_format": "dd/mm/yyyy"},
    "whole": {"num_format": "#,##0"},
    "fraction": {"num_format": "#,##0.00##"},
}


def write(out: Path, target: Path) -> None:
    """Write the workbook ``target``; raises :class:`ExportError` where a table is too long for Excel."""
    found = pipeline.read(out)
    for name in SHEETS:
        if len(found[name]) > _MOST_ROWS:
            rows = whole(len(found[name]))
            raise ExportError(
                _("{name} has {rows} rows, more than Excel holds: use --to csv or duckdb", name=name, rows=rows)
            )
    # The library leaves its archive open where the disk of the target is full: so it is made elsewhere.
    with TemporaryFile() as made:
        with xlsxwriter.Workbook(made, _OPTIONS) as book:
            formats = {name: book.add_format(look) for name, look in _FORMATS.items()}
            for name in SHEETS:
                _sheet(book, formats, name, found[name])
            _legend(book, formats, found)
        made.seek(0)
        with target.open("wb") as file:
            copyfileobj(made, file)


def _sheet(book: Any, formats: dict[str, Any], name: str, table: pd.DataFrame) -> None:
    front = [column for column in _FRONT if column in table and name != "documents"]
    table = table[[*front, *(column for column in table if column not in front)]]
    table = table.assign(**{column: _in_words(column, table[column]) for column in _spoken(table)})
    rows = (list(map(_value, row)) for row in table.itertuples(index=False, name=None))
    lengths = [len_of(table[column].head(_LOOKED_AT)) for column in table]
    _fill(book.add_worksheet(label("sheet", name, language())), formats, list(table.columns), rows, lengths)


def _spoken(table: pd.DataFrame) -> list[str]:
    """The columns of codes that are written in words."""
    if language() == "en":
        return []
    return [column for column in table if column in _CODES or column in ("differs", "holds", "warnings")]


def _in_words(column: str, values: "pd.Series[Any]") -> "pd.Series[Any]":
    """Codes in words, or names of columns as they stand in the heads."""
    if column == "warnings":
        return values.map(lambda told: [warning(one, language()) for one in told], na_action="ignore")
    if column in _CODES:
        return values.astype(object).map(lambda code: label(_CODES[column], code, language()), na_action="ignore")
    names = values.map(lambda told: told.split() if isinstance(told, str) else told, na_action="ignore")
    return names.map(lambda told: ", ".join(label("column", one, language()) for one in told), na_action="ignore")


def _fill(
    sheet: Any, formats: dict[str, Any], head: Sequence[str], rows: Iterable[list[Any]], lengths: Sequence[int]
) -> None:
    for index, column in enumerate(head):
        told = label("column", column, language())
        length = max(len(told) + 3, lengths[index] if index < len(lengths) else 0)
        sheet.set_column(index, index, min(max(length, _NARROW), _WIDE))
        sheet.write_string(0, index, told, formats["head"])
    sheet.freeze_panes(1, 0)
    count = 0
    for count, row in enumerate(rows, 1):
        for index, (column, value) in enumerate(zip(head, row, strict=True)):
            _write(sheet, formats, count, index, column, value)
    sheet.autofilter(0, 0, count, len(head) - 1)


def _write(sheet: Any, formats: dict[str, Any], row: int, index: int, column: str, value: Any) -> None:
    """One cell: a number, a date, or a text, which is never a formula."""
    if value is None:
        return
    if isinstance(value, str):
        sheet.write_string(row, index, value, formats["text"] if is_formula(value) else None)
    elif isinstance(value, date):
        sheet.write_datetime(row, index, value, formats["date"])
    elif isinstance(value, bool):
        sheet.write_boolean(row, index, value)
    else:
        money = column.endswith("_vnd") or column in ("value", "low", "high")
        look = formats["whole" if value % 1 == 0 else "fraction"] if money else None
        sheet.write_number(row, index, value, look)


def len_of(values: Iterable[Any]) -> int:
    """Width in characters that shows most of ``values``: long texts may run on, numbers must not.

    >>> len_of(["Hòa Bình", 1750000000])
    15
    """
    return max((len(_shown(value)) for value in values), default=0) + 2


def _shown(value: Any) -> str:
    plain = _value(value)
    if isinstance(plain, int | float | Decimal):
        return f"{plain:,}"
    return "00/00/0000" if isinstance(plain, date) else str(plain or "")


def _value(value: Any) -> Any:
    """What the cell holds: numbers and dates as such, lists as text, missing as an empty cell."""
    if isinstance(value, list | np.ndarray):
        value = " | ".join(value)
    elif value is None or pd.isna(value):
        return None
    if isinstance(value, str):
        return _CONTROL.sub("", value)[:_MOST_CHARACTERS]
    return value


def _legend(book: Any, formats: dict[str, Any], found: dict[str, pd.DataFrame]) -> None:
    """The last sheet: what each column means."""
    rows = []
    plain = language() == "en"
    for name in SHEETS:
        told = {field.name: field.metadata[b"description"].decode() for field in SCHEMAS[name]}
        for column in map(str, found[name]):
            meaning = told.get(column) or JOINED.get(column, "")
            heads = [column] if plain else [label("column", column, language()), f"{name}.{column}"]
            rows.append([label("sheet", name, language()), *heads, _(meaning) if meaning else ""])
    lengths = [*map(len_of, zip(*rows, strict=True))]
    head = ["table", "column", *([] if plain else ["original"]), "meaning"]
    _fill(book.add_worksheet(label("sheet", "columns", language())), formats, head, rows, lengths)
