"""Rows of cells -> text and tables: what workbooks and comma-separated tables have in common.

A sheet is more than a table: titles and letterheads stand above, notes below, and several tables may share it. Blank
rows part them, and blank columns where whole tables stand side by side.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from pipeline.ingest.text import check_text
from pipeline.ingest.types import TABLE_MARK, Options, RawCell, RawDocument, RawTable, Unreadable
from pipeline.text.encodings import unfont

ROWS = 1_000
"""Rows of a document; what a table has more of goes on in the next one, under the same titles and header."""

_HEADER_ROWS = 5
_FIGURE = re.compile(r"[-(]?\d[\d.,\s]*%?\)?")
_NUMBERED = 3

Row = Mapping[int, RawCell]
"""Column -> its cell, for the cells that are not blank."""


@dataclass(slots=True)
class Sheet:
    """A sheet to read: its rows in order, those that are hidden, and what else is to be told."""

    name: str
    rows: Iterable[Row]
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Part:
    """A stretch of a workbook that makes one document."""

    lines: list[str] = field(default_factory=list)
    tables: list[RawTable] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    rows: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def add(self, block: "_Block") -> None:
        self.lines += block.above
        for table in block.tables:
            self.lines.append(f"{TABLE_MARK}{len(self.tables)}")
            self.tables.append(table)
        self.lines += block.below
        self.rows += block.rows


@dataclass(slots=True)
class _Block:
    above: list[str]
    tables: list[RawTable]
    below: list[str]
    rows: int


def parts(sheets: Iterable[Sheet]) -> Iterator[Part]:
    """The documents of a workbook: one, or more where it has more than :data:`ROWS` rows. Streams."""
    part = Part()
    for sheet in sheets:
        name = [sheet.name] if sheet.name.strip() else []
        part.lines += name
        for block, titles in _blocks(sheet.rows):
            if part.tables and part.rows + block.rows > ROWS:
                yield part
                part = Part(lines=[*name, *titles])
            part.add(block)
        part.warnings += sheet.warnings
    if part.lines:
        yield part


def documents(name: str, found: Iterator[Part], encoding: str, options: Options) -> Iterator[RawDocument]:
    """The documents of the parts of a workbook or table; a single one has the name of its file.

    Raises:
        Unreadable: there is nothing in any of them.
    """
    first = next(found, None)
    if first is None:
        raise Unreadable("parse", "NoText", "there is nothing in the sheets")
    second = next(found, None)
    if second is None:
        yield _document(name, first, encoding, options)
        return
    for number, part in enumerate(chain([first, second], found), 1):
        yield _document(f"{name}#{number}", part, encoding, options)


def _document(name: str, part: Part, encoding: str, options: Options) -> RawDocument:
    """A part as a document; text in old fonts, in cells as well, is told by how it reads."""
    cells = [cell for table in part.tables for cell in table.cells]
    pieces = [*part.lines, *(" ".join(cell.text.split()) for cell in cells)]
    plain = unfont("\n".join(pieces), encoding)
    tables = part.tables
    lines = part.lines
    if plain.encoding != encoding:
        texts = plain.text.split("\n")
        lines, rest = texts[: len(lines)], iter(texts[len(lines) :])
        tables = [RawTable(tuple(replace(cell, text=next(rest)) for cell in table.cells)) for table in tables]
    check_text(plain.text, options)
    return RawDocument(name, "\n".join(lines), plain.encoding, warnings=tuple(part.warnings), tables=tuple(tables))


def _blocks(rows: Iterable[Row]) -> Iterator[tuple[_Block, list[str]]]:
    """The blocks of a sheet, each with the titles that stand above it where it begins another document.

    Titles and the unit may stand apart from their table, behind a blank row.
    """
    apart: list[str] = []  # lines since the last table
    titles: list[str] = []
    header: list[Row] = []
    for piece, goes_on in _pieces(rows):
        block, head = _block(piece, header if goes_on else [])
        if goes_on:
            yield block, titles
            continue
        yield block, apart
        if block.tables:
            titles, header, apart = [*apart, *block.above][-_HEADER_ROWS:], head, []
        else:
            header, apart = [], [*apart, *block.above][-_HEADER_ROWS:]


def _pieces(rows: Iterable[Row]) -> Iterator[tuple[list[Row], bool]]:
    """Rows between blank ones, at most :data:`ROWS` at once, with whether they go on with the table before.

    A blank row does not end a table whose next row begins with figures: it has no header of its own.
    """
    piece: list[Row] = []
    gap = goes_on = False
    for row in rows:
        if not row:
            gap = bool(piece)
            continue
        if gap and piece and not (_has_figures(piece) and _is_body(row, piece)):
            yield piece, goes_on
            piece, goes_on = [], False
        elif len(piece) >= ROWS:
            yield piece, goes_on
            piece, goes_on = [], True
        gap = False
        piece.append(row)
    if piece:
        yield piece, goes_on


def _is_figure(cell: RawCell) -> bool:
    return bool(_FIGURE.fullmatch(cell.text.strip()))


def _has_figures(rows: Sequence[Row]) -> bool:
    return any(_is_figure(cell) for row in rows for cell in row.values())


def _is_body(row: Row, before: Sequence[Row]) -> bool:
    """Whether a row goes on with a table: it has figures in columns that the table has."""
    columns = {column for other in before[-_HEADER_ROWS:] for column in other}
    return len(row) > 1 and row.keys() <= columns and any(map(_is_figure, row.values()))


def _block(rows: Sequence[Row], header: Sequence[Row]) -> tuple[_Block, list[Row]]:
    """Lines above, tables, lines below, and the rows of the header."""
    if not header:
        first, last = _bounds(rows)
    else:
        first, last = 0, len(rows)
    body = [*header, *rows[first:last]]
    is_table = len(body) > 1 and (_has_figures(body) or len({column for row in body for column in row}) > 2)
    tables = _side_by_side(body) if is_table else []
    if not tables:
        return _Block(_lines(rows), [], [], len(rows)), []
    return _Block(_lines(rows[:first]), tables, _lines(rows[last:]), len(rows)), _header(body)


def _bounds(rows: Sequence[Row]) -> tuple[int, int]:
    """First row of the table, and the row behind its last: titles and notes are rows of one cell, or of a few texts.

    The table begins where a row has as many cells as its rows usually have, or is merged that wide.
    """
    widths = sorted(len(row) for row in rows)
    usual = widths[len(widths) // 2]
    least = min(3, max(2, usual))
    first = next((i for i, row in enumerate(rows) if len(row) >= least and not _is_letterhead(row, rows)), len(rows))
    last = len(rows)
    leftmost = min((min(row) for row in rows[first:]), default=0)
    while last > first and len(rows[last - 1]) == 1 and not any(map(_is_figure, rows[last - 1].values())):
        if min(rows[last - 1]) > leftmost:
            break  # "Tổng cộng" of a formula without a value
        last -= 1
    return first, last


def _is_letterhead(row: Row, rows: Sequence[Row]) -> bool:
    """Whether a row of two texts stands where most rows have more."""
    return len(row) == 2 and sum(len(other) > 2 for other in rows) > 1


def _lines(rows: Sequence[Row]) -> list[str]:
    return [" ".join(row[column].text.split()) for row in rows for column in sorted(row)]


def _header(body: Sequence[Row]) -> list[Row]:
    """The first rows, up to the first that has a figure beyond its number; none where that is the first of all."""
    for number, row in enumerate(body[: _HEADER_ROWS + 1]):
        if sum(map(_is_figure, row.values())) and not _is_numbering(row):
            return list(body[:number])
    return list(body[:1])


def _is_numbering(row: Row) -> bool:
    """Whether a row numbers the columns: 1, 2, 3 …"""
    texts = [row[column].text.strip(" ()[]") for column in sorted(row)]
    return len(texts) >= _NUMBERED and sum(text.isdigit() and int(text) < 100 for text in texts) * 2 > len(texts)


def _side_by_side(rows: Sequence[Row]) -> list[RawTable]:
    """The tables of a block: one, or several with a blank column between that no merged cell bridges."""
    filled = sorted({column for row in rows for column in row})
    if len(filled) < 2:
        return []
    used = sorted({column + i for row in rows for column, cell in row.items() for i in range(cell.column_span)})
    groups: list[list[int]] = []
    for column in used:
        if groups and column == groups[-1][-1] + 1:
            groups[-1].append(column)
        else:
            groups.append([column])
    if any(len(group) < 2 for group in groups):
        groups = [used]  # a column apart is one without a header, not a table
    return [table for group in groups if (table := _table(rows, group)).cells]


def _table(rows: Sequence[Row], columns: Sequence[int]) -> RawTable:
    """The cells in some columns, numbered from the first row that has any; blank cells inside are given too."""
    place = {column: number for number, column in enumerate(columns)}
    cells: list[RawCell] = []
    covered: set[tuple[int, int]] = set()
    number = 0
    for row in rows:
        if not place.keys() & row.keys():
            continue
        for column, at in place.items():
            cell = row.get(column)
            if (number, at) in covered:
                covered.discard((number, at))
            elif cell is None:
                cells.append(RawCell("", number, at))
            else:
                wide = min(cell.column_span, len(columns) - at)
                cells.append(RawCell(cell.text, number, at, cell.row_span, wide))
                if cell.row_span > 1 or wide > 1:
                    covered |= {(number + r, at + c) for r in range(cell.row_span) for c in range(wide) if r or c}
        number += 1
    return RawTable(tuple(cells))
