"""A table as a grid: which cell covers which place, and which rows are its head."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rules.layout import Cell, Layout, Span, Table
from rules.table.units import in_header
from rules.table.words import fold, found, pattern

_NUMBERED = pattern(r"\(?(?:\d{1,2}|[{LETTERS}])\)?(?:\s?=.{0,40})?")
_FIGURE = re.compile(r"[-+]?\(?\d[\d., ]*\)?(?: ?%)?")
_YEAR = pattern(r"(?:{year} )?(?:19|20)\d\d(?:\s?[-–]\s?(?:19|20)?\d\d)?")
_DEEPEST = 8  # rows before a head, or of one
_LEAST_WORDS = 2  # cells of a head that say what their columns hold
_LEAST_NUMBERS = 3  # cells of a row of column numbers


@dataclass(frozen=True, slots=True)
class Line:
    """A row: for each column the cell that covers it (one merged from above too), None where there is none.

    ``own`` are the cells that begin in this row and hold text.
    """

    row: int
    cells: tuple[Cell | None, ...]
    own: tuple[Cell, ...]

    def prints(self, cell: Cell | None) -> bool:
        """Whether a cell begins in this row and holds text."""
        return cell is not None and cell.row == self.row and cell.end > cell.start


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table: for each column the header cells from top to bottom, and the lines that are no rows.

    ``captions`` are title rows inside the table, ``first`` is the number of the first line below the head.
    """

    paths: tuple[tuple[Cell, ...], ...]
    captions: tuple[Span, ...]
    first: int


class Grid:
    """The lines of one table."""

    def __init__(self, layout: Layout, table: Table) -> None:
        self.text = layout.text
        self.table = table
        self.width = max(cell.column + cell.column_span for cell in table.cells)
        self.lines = self._lines()

    def _lines(self) -> list[Line]:
        rows: dict[int, list[Cell]] = {}
        for cell in self.table.cells:
            rows.setdefault(cell.row, []).append(cell)
        open_: dict[int, Cell] = {}  # column -> a merged cell that goes on below
        lines = []
        for row in sorted(rows):
            covered: list[Cell | None] = [None] * self.width
            for column, cell in list(open_.items()):
                if row < cell.row + cell.row_span:
                    covered[column] = cell
                else:
                    del open_[column]
            for cell in rows[row]:
                for column in range(cell.column, min(self.width, cell.column + cell.column_span)):
                    covered[column] = cell
                    if cell.row_span > 1:
                        open_[column] = cell
            own = tuple(cell for cell in rows[row] if cell.end > cell.start)
            lines.append(Line(row, tuple(covered), own))
        return lines

    def words(self, cell: Cell | None) -> str:
        """What a cell prints; nothing for none."""
        return self.text[cell.start : cell.end] if cell is not None else ""

    def head(self) -> Head | None:
        """The head; None where no row of the first ones says what the columns hold."""
        captions: list[Span] = []
        for number, line in enumerate(self.lines[:_DEEPEST]):
            own = line.own
            if self._is_head(own):
                last = self._below(number)
                return Head(self._paths(number, last), tuple(captions), self._numbers(last))
            if any(is_figure(self.words(cell)) for cell in own):
                return None
            captions += [(cell.start, cell.end) for cell in own]
        return None

    def _is_head(self, own: Sequence[Cell]) -> bool:
        texts = [fold(self.words(cell)) for cell in own]
        if len(own) < _LEAST_WORDS or any(is_figure(text) for text in texts):
            return False
        said = sum(1 for text in texts if found("columns", text) or found("roles", text))
        return said >= _LEAST_WORDS and said * 2 >= len(own)

    def _below(self, first: int) -> int:
        """The number of the first line below the rows of a head that begins at line ``first``."""
        depth = max(cell.row + cell.row_span for cell in self.lines[first].own)
        number = first + 1
        while number < min(len(self.lines), first + _DEEPEST):
            line = self.lines[number]
            own = line.own
            if any(is_figure(self.words(cell)) for cell in own):
                break
            if any(map(line.prints, line.cells[:2])) or (line.row >= depth and not self._heads_below(line, first)):
                break
            number += 1
        return number

    def _heads_below(self, line: Line, first: int) -> bool:
        """Whether a row without merged cells over it still is a second row of a head: its words are those of heads."""
        own = line.own
        if own and all(in_header(self.words(cell)) for cell in own):
            return True  # a row of units
        said = [cell for cell in own if found("roles", t := fold(self.words(cell))) or found("columns", t)]
        blank = [c for c, cell in enumerate(self.lines[first].cells) if cell is None or cell.end == cell.start]
        return bool(own) and len(said) * 2 >= len(own) and any(cell.column in blank for cell in own)

    def _paths(self, first: int, last: int) -> tuple[tuple[Cell, ...], ...]:
        lines = self.lines[first:last]
        paths: list[tuple[Cell, ...]] = []
        for column in range(self.width):
            paths.append(self._path([line.cells[column] for line in lines], paths[-1] if paths else ()))
        return tuple(paths)

    def _path(self, cells: Sequence[Cell | None], left: Sequence[Cell]) -> tuple[Cell, ...]:
        """The header cells of a column; ``left`` are those of the column before."""
        path: list[Cell] = []
        for level, cell in enumerate(cells):
            if not self.words(cell) and left and any(map(self.words, cells[level + 1 :])):
                # a head without merged cells: what stands left goes on
                cell = left[level] if len(left) > level and path[:1] in ([], [left[0]]) else None
            if cell is not None and self.words(cell) and cell not in path:
                path.append(cell)
        return tuple(path)

    def _numbers(self, number: int) -> int:
        """Past the row of column numbers, if there is one."""
        while number < len(self.lines) and self.is_numbering(self.lines[number]):
            number += 1
        return number

    def is_numbering(self, line: Line) -> bool:
        """Whether a row only numbers the columns: 1, 2, 3; A, B, 1, 2; (1), (2), (3)=(4)+(5)."""
        texts = list(map(self.words, line.own))
        if len(texts) < _LEAST_NUMBERS or not all(map(_NUMBERED.fullmatch, texts)):
            return False
        numbers = [int(m[0]) for text in texts if (m := re.search(r"\d+", text))]
        letters = [text.strip("()").lower() for text in texts[: len(texts) - len(numbers)]]
        if not numbers or letters != list("abcd"[: len(letters)]) or (letters and numbers[0] != 1):
            return False
        rising = numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        return rising and len(letters) + len(numbers) > 2


def is_year(text: str) -> bool:
    """Whether a cell is a year or a period.

    >>> is_year("2023"), is_year("năm 2021-2025"), is_year("2.023")
    (True, True, False)
    """
    return _YEAR.fullmatch(text) is not None


def is_figure(text: str) -> bool:
    """Whether a cell is a figure; a year is none, for heads name years.

    >>> is_figure("1.250,5"), is_figure("2023"), is_figure("02 cơ sở")
    (True, False, False)
    """
    return _FIGURE.fullmatch(text) is not None and not is_year(text)
