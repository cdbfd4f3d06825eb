"""Workbooks (XLSX, XLS, ODS): each sheet's name, titles and tables, the figures as a Vietnamese Excel shows them.

Formats of numbers, merged and hidden cells decide what a reader sees, so XLSX and ODS are read from their own XML
and XLS with xlrd, which gives all of them; calamine, though quicker, gives values without their formats.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import PurePosixPath
from typing import IO, Any

from pipeline.ingest.containers import seekable
from pipeline.ingest.number_format import BUILT_IN, as_vietnamese, general, iso_shown, shown
from pipeline.ingest.package import office_file, part_stream, part_tree
from pipeline.ingest.sheets import ROWS, Row, Sheet, documents, parts
from pipeline.ingest.types import Blob, Found, Options, RawCell, Unreadable

_X = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]{0,200}?\bref\s?=\s?[\"']([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})[\"']")
_MOST_COLUMNS = 16_384
_MOST_MERGED = 1_000_000
_CHUNK = 1 << 18
_FIRST_NAMED = 5
_KEPT = 1 << 12  # figures of which is remembered how they are shown: sums of a programme come again

Merged = dict[tuple[int, int], tuple[int, int]]
"""(row, column) of the first cell of a merged one -> how many rows and columns it spans."""


def read(blob: Blob, options: Options) -> Iterator[Found]:
    """One document a workbook, or several of :data:`pipeline.ingest.sheets.ROWS` rows, ``file#1``, ``file#2`` …"""
    yield from documents(blob.name, parts(_sheets_of(blob, options)), "unicode", options)


def _sheets_of(blob: Blob, options: Options) -> Iterator[Sheet]:
    stream = seekable(blob, options)
    head = stream.read(8)
    stream.seek(0)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        yield from _xls(stream)
        return
    if not head.startswith(b"PK"):
        raise Unreadable("parse", "NotWorkbook", "the file is no workbook, whatever its name says")
    with office_file(stream) as package:
        names = set(package.namelist())
        if "content.xml" in names:
            yield from _ods(package, blob)
        elif "xl/workbook.xml" in names:
            yield from _xlsx(package, blob)
        else:
            raise Unreadable("parse", "NotWorkbook", "the file is no workbook: it has no xl/workbook.xml")


def told_hidden(sheet: str, rows: list[int]) -> str:
    """What is said of rows that a sheet hides and that are read nevertheless.

    >>> told_hidden("Vốn 2024", [3, 4])
    'hidden rows of the sheet Vốn 2024 are read as well: 3, 4'
    """
    first = ", ".join(map(str, rows[:_FIRST_NAMED])) + (
        f" and {len(rows) - _FIRST_NAMED} more" * (len(rows) > _FIRST_NAMED)
    )
    return f"hidden rows of the sheet {sheet} are read as well: {first}"


# --- XLSX ---------------------------------------------------------------------------------------------------


def _xlsx(package: zipfile.ZipFile, blob: Blob) -> Iterator[Sheet]:
    book = part_tree(package, "xl/workbook.xml", blob.budget)
    targets = _targets(package, blob)
    strings = _strings(package, blob)
    formats = _formats(package, blob)
    since_1904 = any(p.get("date1904") in ("1", "true") for p in book.iter(_X + "workbookPr", _STRICT + "workbookPr"))
    for entry in book.iter(_X + "sheet", _STRICT + "sheet"):
        path = targets.get(entry.get(_RELATION) or entry.get(_STRICT_RELATION) or "", "")
        if "/worksheets/" not in path:
            continue  # a chart, a dialogue
        sheet = Sheet(entry.get("name") or "", ())
        if entry.get("state") in ("hidden", "veryHidden"):
            sheet.warnings.append(f"the sheet {sheet.name} is hidden; it is read as well")

        @lru_cache(maxsize=_KEPT)
        def text(kind: str, style: int, value: str) -> str:
            return _value(kind, value, formats[style] if style < len(formats) else "General", strings, since_1904)

        sheet.rows = _xlsx_rows(package, path, blob, text, sheet)
        yield sheet


def _targets(package: zipfile.ZipFile, blob: Blob) -> dict[str, str]:
    """Id of a relation -> path of its part in the package."""
    if "xl/_rels/workbook.xml.rels" not in package.NameToInfo:
        return {}
    tree = part_tree(package, "xl/_rels/workbook.xml.rels", blob.budget)
    found = {entry.get("Id"): entry.get("Target") or "" for entry in tree}
    return {id_: t.lstrip("/") if t.startswith("/") else str(PurePosixPath("xl") / t) for id_, t in found.items()}


def _strings(package: zipfile.ZipFile, blob: Blob) -> list[str]:
    """The texts that cells share, without the readings of Asian letters beside them."""
    if "xl/sharedStrings.xml" not in package.NameToInfo:
        return []
    from lxml import etree

    found = []
    with part_stream(package, "xl/sharedStrings.xml", blob.budget) as stream:
        tags = (_X + "si", _STRICT + "si")
        for _, item in etree.iterparse(stream, tag=tags, resolve_entities=False, no_network=True):
            found.append(_inline(item))
            item.clear()
            while item.getprevious() is not None:
                del item.getparent()[0]
    return found


def _inline(item: Any) -> str:
    """The text of a string that may be in several fonts."""
    return "".join(t.text or "" for t in item.iter(_X + "t", _STRICT + "t") if not t.getparent().tag.endswith("}rPh"))


def _formats(package: zipfile.ZipFile, blob: Blob) -> list[str]:
    """Code of the number format of each style."""
    if "xl/styles.xml" not in package.NameToInfo:
        return []
    tree = part_tree(package, "xl/styles.xml", blob.budget)
    codes = dict(BUILT_IN)
    for entry in tree.iter(_X + "numFmt", _STRICT + "numFmt"):
        codes[_number(entry.get("numFmtId"))] = entry.get("formatCode") or "General"
    styles = next(tree.iter(_X + "cellXfs", _STRICT + "cellXfs"), ())
    return [codes.get(_number(style.get("numFmtId")), "General") for style in styles]


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0


def _value(kind: str, value: str, code: str, strings: list[str], since_1904: bool) -> str:
    """What a cell shows; of a formula its stored value."""
    if kind == "s":
        number = _number(value)
        return strings[number] if number < len(strings) else ""
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    if kind == "d":
        return iso_shown(value)
    if kind not in ("", "n"):
        return value  # text of a formula, an error
    try:
        return shown(float(value), code, since_1904)
    except ValueError:
        return value


def _xlsx_rows(
    package: zipfile.ZipFile, path: str, blob: Blob, text: Callable[[str, int, str], str], sheet: Sheet
) -> Iterator[Row]:
    """The rows of a sheet, one in memory at a time. What is merged stands behind them, so it is looked for first."""
    from lxml import etree

    merged = _merged(package, path, blob)
    hidden: list[int] = []
    number = blank_formulas = 0
    with part_stream(package, path, blob.budget) as stream:
        for _, row in etree.iterparse(
            stream, tag=(_X + "row", _STRICT + "row"), resolve_entities=False, no_network=True, huge_tree=False
        ):
            before, number = number, _number(row.get("r")) or number + 1
            if number > before + 1:
                yield {}
            cells = _row_cells(row, number, text, merged)
            blank_formulas += sum(1 for f in row.iter(_X + "f", _STRICT + "f") if not _has_value(f.getparent()))
            if cells and row.get("hidden") in ("1", "true"):
                hidden.append(number)
            yield cells
            row.clear()
            while row.getprevious() is not None:
                del row.getparent()[0]
    if hidden:
        sheet.warnings.append(told_hidden(sheet.name, hidden))
    if blank_formulas:
        sheet.warnings.append(f"formulas of the sheet {sheet.name} without a stored value: {blank_formulas}")


def _has_value(cell: Any) -> bool:
    return any(child.tag.endswith("}v") and child.text for child in cell)


def _row_cells(row: Any, number: int, text: Callable[[str, int, str], str], merged: Merged) -> dict[int, RawCell]:
    found: dict[int, RawCell] = {}
    column = -1
    for cell in row:
        place = cell.get("r")
        column = _column(place) if place else column + 1
        value, kind = "", cell.get("t") or ""
        for child in cell:
            if child.tag.endswith("}v"):
                value = child.text or ""
            elif child.tag.endswith("}is"):
                value, kind = _inline(child), "str"
        if value and (shown_text := text(kind, _number(cell.get("s")), value).strip()) and column < _MOST_COLUMNS:
            rows, columns = merged.get((number, column), (1, 1))
            found[column] = RawCell(shown_text, number, column, rows, columns)
    return found


def _column(place: str) -> int:
    """Number of a column from 0.

    >>> _column("A1"), _column("AB12")
    (0, 27)
    """
    number = 0
    for letter in place:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter) - 64
    return number - 1


def _merged(package: zipfile.ZipFile, path: str, blob: Blob) -> Merged:
    """What a sheet merges. It is only looked for in the bytes: a parser would take as long as for all cells."""
    found: Merged = {}
    with part_stream(package, path, blob.budget) as stream:
        before = b""
        while block := stream.read(_CHUNK):
            data = before + block
            for match in _MERGE.finditer(data):
                first, last = match[1].decode(), match[2].decode()
                top, bottom = (int(re.sub(r"\D", "", place)) for place in (first, last))
                left, right = _column(first), _column(last)
                if bottom - top >= 0 and 0 <= right - left < _MOST_COLUMNS and len(found) < _MOST_MERGED:
                    found[top, left] = (min(bottom - top + 1, ROWS), right - left + 1)
            before = data[-300:]
    return found


# --- XLS ----------------------------------------------------------------------------------------------------


def _xls(stream: IO[bytes]) -> Iterator[Sheet]:
    import xlrd

    try:
        book = xlrd.open_workbook(file_contents=stream.read(), formatting_info=True, on_demand=True, logfile=_Quiet())
    except xlrd.XLRDError as error:
        if "ncrypted" in str(error):
            raise Unreadable("open", "Encrypted", "the workbook is protected by a password") from error
        raise Unreadable("parse", "BadWorkbook", f"the workbook is damaged: {error}") from error
    except (AssertionError, IndexError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise Unreadable("parse", "BadWorkbook", f"the workbook is damaged: {error}") from error
    for number in range(book.nsheets):
        table = book.sheet_by_index(number)
        sheet = Sheet(table.name, ())
        if table.visibility:
            sheet.warnings.append(f"the sheet {sheet.name} is hidden; it is read as well")
        sheet.rows = _xls_rows(book, table, sheet)
        yield sheet
        book.unload_sheet(number)


class _Quiet:
    """Where xlrd may write its remarks."""

    def write(self, _text: str) -> None:
        pass


def _xls_rows(book: Any, table: Any, sheet: Sheet) -> Iterator[Row]:
    merged = {(a, c): (min(b - a, ROWS), d - c) for a, b, c, d in table.merged_cells}
    hidden = []
    for number in range(table.nrows):
        cells: dict[int, RawCell] = {}
        for column, cell in enumerate(table.row(number)):
            if shown_text := _xls_text(book, cell).strip():
                cells[column] = RawCell(shown_text, number, column, *merged.get((number, column), (1, 1)))
        about = table.rowinfo_map.get(number)
        if cells and about is not None and about.hidden:
            hidden.append(number + 1)
        yield cells
    if hidden:
        sheet.warnings.append(told_hidden(sheet.name, hidden))


def _xls_text(book: Any, cell: Any) -> str:
    import xlrd

    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return ""
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#ERR"))
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value)
    if cell.xf_index is None or not 0 <= cell.xf_index < len(book.xf_list):
        return general(cell.value)
    key = book.xf_list[cell.xf_index].format_key
    code = BUILT_IN.get(key) if key < 50 else None
    if code is None:
        code = book.format_map[key].format_str if key in book.format_map else "General"
    return shown(cell.value, code, bool(book.datemode))


# --- ODS ----------------------------------------------------------------------------------------------------

_T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_O = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_P = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def _ods(package: zipfile.ZipFile, blob: Blob) -> Iterator[Sheet]:
    """The sheets of an ODS file, whose XML has them one after the other."""
    tree = part_tree(package, "content.xml", blob.budget)
    for table in tree.iter(_T + "table"):
        sheet = Sheet(table.get(_T + "name") or "", ())
        sheet.rows = _ods_rows(table, sheet)
        yield sheet


def _ods_rows(table: Any, sheet: Sheet) -> Iterator[Row]:
    hidden = []
    number = 0
    for row in table.iter(_T + "table-row"):
        times = _number(row.get(_T + "number-rows-repeated")) or 1
        cells = _ods_cells(row, number)
        if cells and row.get(_T + "visibility") in ("collapse", "filter"):
            hidden.append(number + 1)
        for _ in range(min(times, ROWS) if cells else 1):
            yield cells
        number += times
    if hidden:
        sheet.warnings.append(told_hidden(sheet.name, hidden))


def _ods_cells(row: Any, number: int) -> dict[int, RawCell]:
    found: dict[int, RawCell] = {}
    column = 0
    for cell in row:
        if cell.tag not in (_T + "table-cell", _T + "covered-table-cell"):
            continue
        times = _number(cell.get(_T + "number-columns-repeated")) or 1
        shown_text = _ods_text(cell).strip() if cell.tag == _T + "table-cell" else ""
        if shown_text:
            rows = min(_number(cell.get(_T + "number-rows-spanned")) or 1, ROWS)
            columns = min(_number(cell.get(_T + "number-columns-spanned")) or 1, _MOST_COLUMNS)
            for i in range(min(times, 100)):
                found[column + i] = RawCell(shown_text, number, column + i, rows, columns)
        column += times
    return found


def _ods_text(cell: Any) -> str:
    """What a cell shows; the program that wrote it has printed its number, in the way of its own country."""
    printed = "\n".join("".join(p.itertext()) for p in cell.iterchildren(_P + "p"))
    kind = cell.get(_O + "value-type")
    if kind == "date":
        return iso_shown(cell.get(_O + "date-value") or printed)
    if kind in ("float", "currency", "percentage"):
        try:
            value = float(cell.get(_O + "value") or "")
        except ValueError:
            return printed
        if not printed:
            return general(value)
        return as_vietnamese(printed, value * 100 if kind == "percentage" else value)
    return printed
