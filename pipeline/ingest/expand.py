"""Tables in the text: each row becomes one line ``cell | cell``, and the layout knows where each cell lies."""

import re
from collections.abc import Sequence
from itertools import groupby

from pipeline.ingest.types import TABLE_MARK, RawTable
from pipeline.text.normalise import normalise
from rules.language.lists import read
from rules.layout import Cell, Table

_MARK = re.compile(rf"^[^\S\n]*{TABLE_MARK}(\d+)[^\S\n]*$", re.MULTILINE)
BAR = "|"
_FRAMES = tuple(read(__package__, "expand")["frames"])
_ROWS, _COLUMNS = 2, 2  # at least, of a table of data
_FRAME_ROWS, _FRAME_COLUMNS = 5, 3  # at most, of a frame
_FIGURE = re.compile(r"[\d.,]*\d[\d.,]*(?: ?(?:%|\w{1,10}))?(?: đồng)?")


def expand(text: str, tables: Sequence[RawTable]) -> tuple[str, tuple[Table, ...], tuple[str, ...]]:
    """Normalised text with the rows of ``tables`` in place of their marks, the tables in it, and what was repaired.

    Tables that only frame a page are prose. Line breaks inside a cell become blanks, an empty cell keeps its bars, a
    merged cell is printed where it begins.

    >>> from pipeline.ingest.types import RawCell
    >>> cells = (RawCell("Đề án", 0, 0), RawCell("Kinh\\nphí", 0, 1), RawCell("9", 1, 0), RawCell(" ", 1, 1))
    >>> text, (table,), _ = expand(f"Phụ lục\\n{TABLE_MARK}0\\nHết", [RawTable(cells)])
    >>> text
    'Phụ lục\\nĐề án | Kinh phí\\n9 |\\nHết'
    >>> [text[c.start : c.end] for c in table.cells]
    ['Đề án', 'Kinh phí', '9', '']
    """
    page = _Page()
    at = 0
    for mark in _MARK.finditer(text):
        page.prose(text[at : mark.start()])
        at = mark.end()
        number = int(mark[1])
        if number < len(tables):
            page.table(tables[number])
    page.prose(text[at:])
    return "\n".join(page.lines), tuple(page.tables), tuple(dict.fromkeys(page.warnings))


class _Page:
    """The normalised lines so far; ``length`` is where the next line starts."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.tables: list[Table] = []
        self.warnings: list[str] = []
        self.length = 0
        self._seen: dict[str, str] = {}  # cells repeat: units, dashes, names of communes

    def prose(self, text: str) -> None:
        plain, warnings = normalise(text)
        self.warnings += warnings
        if plain:
            self._line(plain)

    def table(self, table: RawTable) -> None:
        if is_frame(table):
            self.prose("\n".join(cell.text for cell in table.cells))
            return
        start, cells = self.length, []
        for _, row in groupby(sorted(table.cells, key=lambda c: (c.row, c.column)), key=lambda c: c.row):
            line, spans = "", []
            for number, cell in enumerate(row):
                line += (" " if line else "") + BAR if number else ""
                words = self._cell(cell.text)
                line += " " + words if line and words else words
                end = len(line)
                spans.append((end - len(words), end, cell))
            if all(a == b for a, b, _ in spans):
                continue  # an empty row is no line
            at = self.length
            self._line(line)
            cells += [Cell(at + a, at + b, c.row, c.column, c.row_span, c.column_span) for a, b, c in spans]
        if cells:
            self.tables.append(Table(start, self.length - 1, tuple(cells)))

    def _line(self, line: str) -> None:
        self.lines.append(line)
        self.length += len(line) + 1

    def _cell(self, text: str) -> str:
        """The text of a cell in the normal form, in one line."""
        words = self._seen.get(text)
        if words is None:
            words, warnings = normalise(text)
            self.warnings += warnings
            words = self._seen[text] = words.replace("\n", " ")
        return words


def is_frame(table: RawTable) -> bool:
    """Whether a table only sets words side by side: the head and the foot of a letter, a box around one text.

    >>> from pipeline.ingest.types import RawCell
    >>> head = RawCell("SỞ CÔNG THƯƠNG", 0, 0), RawCell("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\\nĐộc lập", 0, 1)
    >>> is_frame(RawTable(head)), is_frame(RawTable((*head, RawCell("1", 1, 0), RawCell("12", 1, 1))))
    (True, True)
    """
    told = [cell for cell in table.cells if cell.text.strip()]
    rows, columns = len({cell.row for cell in told}), len({cell.column for cell in told})
    if rows < _ROWS or columns < _COLUMNS:
        return True
    if rows > _FRAME_ROWS:
        return False
    words = " ".join(" ".join(cell.text for cell in told).split()).lower()
    if any(frame in words for frame in _FRAMES):
        return True
    return columns <= _FRAME_COLUMNS and not any(_FIGURE.fullmatch(cell.text.strip()) for cell in told)
