"""One Excel workbook: a sheet a table, numbers as numbers, texts never as formulas, and the meaning of every column."""

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

import pipeline
from pipeline.analysis.read import JOINED
from pipeline.export import ExportError
from pipeline.export.formulas import is_formula
from pipeline.tables.schema import SCHEMAS

SHEETS = ("projects", "amounts", "beneficiaries", "locations", "documents", "rejects")
"""Tables in the workbook, the one that people ask for first in front; ``sentences`` would drown the rest."""

_FRONT = (
    "source", "title", "published", "province_name", "project_name", "text", "name", "kind", "role", "programme",
    "year", "n_projects", "n_beneficiaries", "value_vnd", "total_vnd", "support_vnd", "counterpart_vnd",
)  # fmt: skip
_MOST_ROWS = 1_048_576 - 1
_MOST_CHARACTERS = 32_767
_NARROW, _WIDE = 6, 60
_LOOKED_AT = 200  # rows that decide the width of a column
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_HEAD = (Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="5B4596"), Alignment(vertical="center"))


def write(out: Path, target: Path) -> None:
    """Write the workbook ``target``; raises :class:`ExportError` where a table is too long for Excel."""
    book = Workbook(write_only=True)
    found = pipeline.read(out)
    for name in SHEETS:
        if len(found[name]) > _MOST_ROWS:
            raise ExportError(f"{name} has {len(found[name]):,} rows, more than Excel holds: use --to csv or duckdb")
        _sheet(book, name, found[name])
    _legend(book, found)
    content = io.BytesIO()  # a workbook that cannot be written would complain once more when it is forgotten
    book.save(content)
    target.write_bytes(content.getbuffer())


def _sheet(book: Workbook, name: str, table: pd.DataFrame) -> None:
    front = [column for column in _FRONT if column in table and name != "documents"]
    table = table[[*front, *(column for column in table if column not in front)]]
    sheet = book.create_sheet(name)
    rows = (list(map(_value, row)) for row in table.itertuples(index=False, name=None))
    lengths = [len_of(table[column].head(_LOOKED_AT)) for column in table]
    _fill(sheet, list(table.columns), rows, lengths)


def _fill(sheet: WriteOnlyWorksheet, head: Sequence[str], rows: Iterable[list[Any]], lengths: Sequence[int]) -> None:
    for index, column in enumerate(head):
        length = max(len(column) + 3, lengths[index] if index < len(lengths) else 0)
        sheet.column_dimensions[get_column_letter(index + 1)].width = min(max(length, _NARROW), _WIDE)
    sheet.freeze_panes = "A2"
    sheet.append([_head_cell(sheet, column) for column in head])
    count = 1
    for row in rows:
        sheet.append([_cell(sheet, column, value) for column, value in zip(head, row, strict=True)])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{count}"


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
    if isinstance(value, list):
        value = " | ".join(value)
    elif value is None or pd.isna(value):
        return None
    if isinstance(value, str):
        return _CONTROL.sub("", value)[:_MOST_CHARACTERS]
    return value


def _head_cell(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = WriteOnlyCell(sheet, text)
    cell.font, cell.fill, cell.alignment = _HEAD
    return cell


def _cell(sheet: WriteOnlyWorksheet, column: str, value: Any) -> Cell | None:
    if value is None:
        return None
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # else openpyxl would write "=…" as a formula
        if is_formula(value):
            cell.quotePrefix = True  # a text stays a text even after somebody edits the cell
    elif isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"
    elif column.endswith("_vnd") or column in ("value", "low", "high"):
        cell.number_format = "#,##0" if value % 1 == 0 else "#,##0.00##"
    return cell


def _legend(book: Workbook, found: dict[str, pd.DataFrame]) -> None:
    """The last sheet: what each column means."""
    rows = []
    for name in SHEETS:
        told = {field.name: field.metadata[b"description"].decode() for field in SCHEMAS[name]}
        rows += [[name, column, told.get(column) or JOINED.get(column, "")] for column in map(str, found[name])]
    _fill(book.create_sheet("columns"), ["table", "column", "meaning"], rows, [*map(len_of, zip(*rows, strict=True))])
