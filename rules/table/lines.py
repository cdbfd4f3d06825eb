"""What each row of a table is: an undertaking, a part of one, a group, a total, or no row of data at all."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules.layout import Cell
from rules.table.columns import Column
from rules.table.grid import Grid, Head, Line, is_figure
from rules.table.words import DATA, fold, opens, pattern

_ROMAN = re.compile(r"[IVX]{1,5}")
_MARK = pattern(r"(?P<mark>\d{1,6}(?:\.\d{1,3}){0,3}|[IVX]{1,5}|[{UPPER}]|[a-zđ])(?:[.)/]|\s?[-–:])?")
_LEADING = pattern(r"(?P<mark>\d{1,3}(?:\.\d{1,3}){1,3}[.)]?|(?:\d{1,5}|[IVX]{1,5}|[{UPPER}]|[a-zđ])[.)])\s+(?=\S)")
_DASH = re.compile(r"[-–—+•*]\s*(?=[^\W\d]|\d+\s)")
_REST_OF_TOTAL = pattern(r"\s*(?:\Z|[(:.,;\d=]|[ivx]+(?!\w)|[a-zđ](?!\w)|{behind_total}(?!\w))")
_PLACE = pattern(r"{place_types}\s+\S", re.IGNORECASE)
_ATTRIBUTES = frozenset({"receiver", "place", "owner", "decision", "time", "measure", "count"})


@dataclass(frozen=True, slots=True)
class Row:
    """A row of data.

    ``kind`` is ``work`` (an undertaking, or an entry of a table of something else), ``item`` (of the one above),
    ``more`` (a further row of a merged name), ``group`` or ``total``; ``name`` is the cell that names it, ``skip`` the
    code points of a number or dash before its words. ``level`` is the depth of its number: 0 for letters, 1 for Roman
    numbers, 2 for figures, 3 and on for 1.1; None without number.
    """

    kind: str
    line: Line
    name: Cell | None
    skip: int
    level: int | None


class Rows:
    """The rows of one table, in order."""

    def __init__(self, grid: Grid, head: Head, columns: Sequence[Column]) -> None:
        self.grid = grid
        self.columns = columns
        self.lines = [line for line in grid.lines[head.first :] if line.own]
        self.heads = {fold(grid.words(cell)) for path in head.paths for cell in path}
        self.name = next(iter(self._of_kinds("name") or self._of_kinds("receiver", "place", "")), 0)
        self.ordinal = next(iter(self._of_kinds("ordinal")), None)
        self.money = self._of_kinds("money")
        self.attributes = [i for i in self._of_kinds(*_ATTRIBUTES) if i != self.name]
        self.heads_rows: dict[int, bool] = {}  # level of numbers -> whether its last row only heads others
        self.letter = ""  # the last letter that numbered a group
        self.marks = [self._mark(line) for line in self.lines]
        self.has_figures = any(mark[:1].isdigit() for mark, _, _ in self.marks)
        self.has_marks = any(mark for mark, _, _ in self.marks)

    def _of_kinds(self, *kinds: str) -> list[int]:
        """The numbers of the columns that hold one of these."""
        return [i for i, c in enumerate(self.columns) if c.kind in kinds]

    def read(self) -> Iterator[Row]:
        """The rows of data."""
        above: Row | None = None  # the undertaking to which items belong
        for number, line in enumerate(self.lines):
            row = self._row(number, line, above)
            if row is None:
                continue
            if row.kind == "work":
                above = row
            elif row.kind in ("group", "total"):
                above = None
            yield row

    def _row(self, number: int, line: Line, above: Row | None) -> Row | None:
        own = line.own
        mark, skip, name = self.marks[number]
        words = fold(self.grid.words(name))[skip:]
        printed = (cell for i in self.money if line.prints(cell := line.cells[i]))
        figures = any(is_figure(self.grid.words(cell)) for cell in printed)
        if self._is_no_data(line, own, words, figures):
            return None
        if is_total(words) and not mark[:1].isdigit():
            return Row("total", line, name, skip, None)
        if not line.prints(name):
            return Row("more", line, name, 0, None) if above is not None and (figures or len(own) > 1) else None
        level = self._level(mark)
        if mark != "-" and self.columns[self.name].kind == "name" and is_place(words):
            lettered = level is not None and not mark[:1].isdigit()
            return Row("group", line, name, skip, min(level or 0, 1) if lettered else level)
        return Row(self._kind(number, line, words, level, above), line, name, skip, level)

    def _is_no_data(self, line: Line, own: Sequence[Cell], words: str, figures: bool) -> bool:
        """Whether a row repeats the head, numbers the columns or is a note."""
        if self._is_head(own) or self.grid.is_numbering(line):
            return True
        lead = fold(self.grid.words(own[0]))
        return not figures and bool(opens(lead, "rows", "notes") or opens(words, "rows", "notes"))

    def _is_head(self, own: Sequence[Cell]) -> bool:
        return len(own) > 1 and all(fold(self.grid.words(cell)) in self.heads for cell in own)

    def _mark(self, line: Line) -> tuple[str, int, Cell | None]:
        """The number of a row, the code points before the words of its name, and the cell that names it."""
        mark, name = self._ordinal(line)
        printed = self.grid.words(name)
        skip = 0
        if not mark and (m := _LEADING.match(printed)):
            mark, skip = m["mark"].rstrip(".)"), m.end()
        if not mark and (m := _DASH.match(printed)):
            mark, skip = "-", m.end()
        elif m := _DASH.match(printed, skip):
            skip = m.end()
        return mark, skip, name

    def _ordinal(self, line: Line) -> tuple[str, Cell | None]:
        """The number of a row in its column of numbers, and the cell that names it."""
        name = line.cells[self.name]
        cell = line.cells[self.ordinal] if self.ordinal is not None else None
        if cell is None or (cell.row != line.row and cell is not name):
            return "", name
        if cell is name or not self.grid.words(name):
            return "", cell  # one cell over the whole row
        m = _MARK.fullmatch(self.grid.words(cell))
        return (m["mark"] if m else ""), name

    def _level(self, mark: str) -> int | None:
        if not mark or mark == "-":
            return None
        if mark[0].isdigit():
            return 2 + mark.count(".")
        if mark.islower():
            return 2 if not self.has_figures else 3
        follows = len(mark) == 1 and self.letter and ord(mark) == ord(self.letter) + 1
        if _ROMAN.fullmatch(mark) and not follows:
            return 1
        self.letter = mark
        return 0

    def _kind(self, number: int, line: Line, words: str, level: int | None, above: Row | None) -> str:
        mark = self.marks[number][0]
        told = [i for i in self.attributes if line.prints(c := line.cells[i]) and self._says(c)]
        if level is None:
            return self._unnumbered(mark, line, words, bool(told), above)
        if level < 2:
            return "group" if self.has_figures else "work"
        if level > 2 and above is not None and not self.heads_rows.get(level - 1):
            return "work" if opens(words, "rows", "components") else "item"
        self.heads_rows[level] = self._heads_others(number, level, told)
        return "group" if self.heads_rows[level] else "work"

    def _unnumbered(self, mark: str, line: Line, words: str, told: bool, above: Row | None) -> str:
        """A row without a number: part of the row above where rows are numbered, a group where it only names."""
        if mark == "-":
            return "item" if above is not None else "work"
        alone = len(line.own) == 1
        if alone or (not told and is_place(words)):
            return "item" if alone and above is not None and opens(words, "rows", "items") else "group"
        return "item" if above is not None and self.has_marks else "work"

    def _heads_others(self, number: int, level: int, told: Sequence[int]) -> bool:
        """Whether a numbered row only stands over others: 1 over a 1.1 that has the places that it lacks."""
        if told or number + 1 >= len(self.lines):
            return False
        below = self.lines[number + 1]
        mark, skip, name = self.marks[number + 1]
        if not mark[:1].isdigit() or 2 + mark.count(".") <= level:
            return False
        words = fold(self.grid.words(name))[skip:]
        return not opens(words, "rows", "components") and any(self._says(below.cells[i]) for i in self.attributes)

    def _says(self, cell: Cell | None) -> bool:
        return cell is not None and bool(words := self.grid.words(cell)) and fold(words) not in DATA["rows"]["blank"]


_LONG_PLACE = 7  # words


def is_total(words: str) -> bool:
    """Whether a folded name is that of a row that adds up.

    >>> is_total("tổng cộng"), is_total("tổng số (20 dự án)"), is_total("tổng kết phong trào"), is_total("cộng huyện a")
    (True, True, False, True)
    """
    phrase = opens(words, "rows", "totals")
    return phrase is not None and _REST_OF_TOTAL.match(words, len(phrase)) is not None


def is_place(words: str) -> bool:
    """Whether a folded name is that of an administrative unit alone."""
    return _PLACE.match(words) is not None and len(words.split()) < _LONG_PLACE
