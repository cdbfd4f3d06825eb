"""Which tables of a page hold data, and their cells. Most are layout: columns of a page, a picture and its caption."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.ingest.types import RawCell, RawTable
from pipeline.ingest.web.tree import Page
from pipeline.ingest.web.words import FRAME

_LONG = 400  # mean characters of a cell of layout
_WIDEST = 1000  # a span beyond is a mistake; browsers stop there too
_CELLS = frozenset(("td", "th"))


@dataclass(slots=True)
class _Table:
    cells: list[tuple[int, int]] = field(default_factory=list)
    """(row's element, cell's element)"""
    inner: bool = False
    """whether tables are in it"""


def data_tables(page: Page, blocks: Sequence[int]) -> tuple[dict[int, int], list[RawTable]]:
    """The tables of data among the blocks: block -> number of its table, and the tables.

    Captions stay blocks of the text.
    """
    tables, cell_of = _tables(page)
    if not tables:
        return {}, []
    texts: dict[int, list[int]] = {}
    for n in blocks:
        cell = cell_of[page.blocks[n].element]
        if cell >= 0:
            texts.setdefault(cell, []).append(n)
    places: dict[int, int] = {}
    found: list[RawTable] = []
    for table in tables:
        rows = _rows(table)
        if table.inner or not _is_data(page, rows, texts):
            continue
        for _, cell in table.cells:
            places |= dict.fromkeys(texts.get(cell, ()), len(found))
        found.append(RawTable(tuple(_grid(page, rows, texts))))
    return places, found


def _tables(page: Page) -> tuple[list[_Table], list[int]]:
    """All tables, and for each element the cell that it lies in, -1 for none."""
    elements = page.elements
    tables: list[_Table] = []
    table_of: list[_Table | None] = [None] * len(elements)
    row_of, cell_of = [-1] * len(elements), [-1] * len(elements)
    for number, element in enumerate(elements):
        above, tag = element.parent, element.tag
        table = table_of[above] if number else None
        if number:
            row_of[number], cell_of[number] = row_of[above], cell_of[above]
        if tag == "table":
            if table is not None:
                table.inner = True
            table = _Table()
            tables.append(table)
            row_of[number] = cell_of[number] = -1
        elif tag == "tr":
            row_of[number] = number
        elif tag == "caption":
            cell_of[number] = -1
        elif tag in _CELLS and table is not None:
            cell_of[number] = number
            table.cells.append((row_of[number], number))
        table_of[number] = table
    return tables, cell_of


def _rows(table: _Table) -> list[list[int]]:
    rows: dict[int, list[int]] = {}
    for row, cell in table.cells:
        rows.setdefault(row, []).append(cell)
    return list(rows.values())


def _is_data(page: Page, rows: list[list[int]], texts: dict[int, list[int]]) -> bool:
    """Two rows and two columns with text in them, of cells that are short, and no official document's frame."""
    filled = [[cell for cell in row if cell in texts] for row in rows]
    wide = [row for row in filled if len(row) >= 2]
    if len(wide) < 2 or 2 * len(wide) < len([row for row in filled if row]):
        return False
    cells = [cell for row in filled for cell in row]
    chars = sum(page.elements[cell].chars for cell in cells)
    links = sum(page.elements[cell].links for cell in cells)
    if chars > _LONG * len(cells) or 2 * links > chars:
        return False
    head = " ".join(page.blocks[n].text for cell in cells[:8] for n in texts[cell]).casefold()
    return not any(words in head for words in FRAME)


def _grid(page: Page, rows: list[list[int]], texts: dict[int, list[int]]) -> list[RawCell]:
    """The cells at their places: a cell that reaches down takes its place in the rows below."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for row, numbers in enumerate(rows):
        column = 0
        for number in numbers:
            while (row, column) in taken:
                column += 1
            attributes = page.elements[number].attributes
            down = min(_span(attributes.get("rowspan")), len(rows) - row)
            across = _span(attributes.get("colspan"))
            if down > 1:
                taken |= {(r, c) for r in range(row + 1, row + down) for c in range(column, column + across)}
            text = " ".join(page.blocks[n].bullet + page.blocks[n].text for n in texts.get(number, ()))
            cells.append(RawCell(text, row, column, down, across))
            column += across
    return cells


def _span(value: str | None) -> int:
    value = (value or "").strip()
    return min(max(int(value), 1), _WIDEST) if value.isdecimal() and len(value) < 6 else 1
