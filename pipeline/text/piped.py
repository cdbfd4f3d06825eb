"""Tables that a text prints itself, with bars between the cells."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.layout import Cell, Span, Table

BAR = "|"
_RULE = re.compile(r"[\s|:+=\-–—]+")  # |---|:--:|
_FEWEST = 2  # rows and columns of a table


def piped(text: str) -> tuple[Table, ...]:
    """The tables that a normalised text prints with bars: two lines or more with as many bars, a rule between or not.

    >>> text = "Kinh phí\\n| Đề án | Triệu đồng |\\n|---|---|\\n| Máy sấy | 120 |\\nHết"
    >>> [[text[c.start : c.end] for c in table.cells] for table in piped(text)]
    [['Đề án', 'Triệu đồng', 'Máy sấy', '120']]
    >>> text = "| **Đề án** | *Địa điểm* |\\n| **Máy sấy** | Xã A* |"
    >>> [[text[c.start : c.end] for c in table.cells] for table in piped(text)]
    [['Đề án', 'Địa điểm', 'Máy sấy', 'Xã A*']]
    """
    if BAR not in text:
        return ()
    return tuple(_runs(text))


@dataclass(frozen=True, slots=True)
class _Row:
    """A line with bars: the spans of its cells (none for a rule), and whether bars stand at its edges too."""

    cells: list[Span]
    edged: bool


def _runs(text: str) -> Iterator[Table]:
    rows: list[_Row] = []
    start = end = at = 0
    for line in [*text.split("\n"), ""]:
        row = _row(line, at)
        if rows and not (row and _goes_on(rows, row)):
            if table := _table(rows, start, end):
                yield table
            rows = []
        if row:
            start, end = (start if rows else at), at + len(line)
            rows.append(row)
        at += len(line) + 1


def _goes_on(rows: list[_Row], row: _Row) -> bool:
    """Whether a line belongs to the rows before it."""
    widths = [len(r.cells) for r in (rows[0], rows[-1]) if r.cells]
    return row.edged == rows[0].edged and (not row.cells or not widths or len(row.cells) in widths)


def _row(line: str, at: int) -> _Row | None:
    """A line with bars as spans of its cells; None for a line of prose."""
    if BAR not in line:
        return None
    first, last = len(line) - len(line.lstrip()), len(line.rstrip())
    edged = line[first] == BAR and line[last - 1] == BAR and last - first > 1
    if _RULE.fullmatch(line):
        return _Row([], edged)
    if edged:
        first, last = first + 1, last - 1
    cells, left = [], first
    for piece in line[first:last].split(BAR):
        a = left + len(piece) - len(piece.lstrip())
        b = left + len(piece.rstrip())
        while b - a > 1 and line[a] == line[b - 1] == "*":  # **Tổng cộng**
            a, b = a + 1, b - 1
        cells.append((at + a, at + b) if piece.strip() else (at + left, at + left))
        left += len(piece) + 1
    return _Row(cells, edged) if len(cells) >= _FEWEST else None


def _table(rows: list[_Row], start: int, end: int) -> Table | None:
    grid = [row.cells for row in rows if row.cells]
    if len(grid) < _FEWEST:
        return None
    cells = [Cell(a, b, r, c) for r, spans in enumerate(grid) for c, (a, b) in enumerate(spans)]
    return Table(start, end, tuple(cells))
