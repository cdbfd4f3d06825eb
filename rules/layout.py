"""The layout of one report: where its headline, paragraphs and sentences lie in the text.

Every rule gets a :class:`Layout` and nothing else about the document. Offsets are Unicode code points.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from datetime import date

Span = tuple[int, int]
"""Half-open interval [start, end) of code points in the document text."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its span in the text (empty for an empty cell) and its place in the grid, from 0."""

    start: int
    end: int
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table of data. Its rows are lines of the text, ``cell | cell``; ``cells`` are by row, then column.

    A merged cell stands once, where it begins.
    """

    start: int
    end: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A normalised report (NFC, one line feed between paragraphs) and its parts.

    ``paragraphs`` are the non-empty lines, headline, dateline and byline included; ``sentences`` cover all of
    them in order, and ``sentence_paragraph[i]`` is the index of the paragraph that holds ``sentences[i]``.
    """

    text: str
    title: Span | None
    byline: Span | None
    dateline: Span | None
    paragraphs: tuple[Span, ...]
    sentences: tuple[Span, ...]
    sentence_paragraph: tuple[int, ...]
    published: date | None = None
    tables: tuple[Table, ...] = ()
    _sentence_starts: list[int] = field(init=False, repr=False, compare=False)
    _paragraph_starts: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sentence_starts", [start for start, _ in self.sentences])
        object.__setattr__(self, "_paragraph_starts", [start for start, _ in self.paragraphs])

    def sentence_at(self, offset: int) -> int:
        """Index of the last sentence that starts at or before ``offset`` (0 where there is none)."""
        return (bisect_right(self._sentence_starts, offset) or 1) - 1

    def paragraph_at(self, offset: int) -> int:
        """Index of the last paragraph that starts at or before ``offset`` (0 where there is none)."""
        return (bisect_right(self._paragraph_starts, offset) or 1) - 1


_BLANK = "\x00" * 15 + "\n"  # no word, and no long run of one kind of character for a pattern to try at each place


def prose(layout: Layout) -> Layout:
    """The layout without its tables: their rows are no paragraphs and their text is blanked; offsets stay.

    >>> line = (0, 8)
    >>> cells = (Cell(0, 3, 0, 0), Cell(6, 8, 0, 1))
    >>> masked = prose(Layout("Mía | 12", None, None, None, (line,), (line,), (0,), tables=(Table(0, 8, cells),)))
    >>> masked.sentences, any(map(str.isalnum, masked.text)), len(masked.text)
    ((), False, 8)
    """
    if not layout.tables:
        return layout
    pieces, at = [], 0
    gone: set[int] = set()
    for table in layout.tables:
        size = table.end - table.start
        pieces += [layout.text[at : table.start], (_BLANK * (size // 2 + 1))[:size]]
        at = table.end
        first = bisect_left(layout.paragraphs, (table.start, 0))
        gone.update(range(first, bisect_left(layout.paragraphs, (table.end, 0), first)))
    kept = [i for i in range(len(layout.paragraphs)) if i not in gone]
    number = {old: new for new, old in enumerate(kept)}
    spoken = [i for i, owner in enumerate(layout.sentence_paragraph) if owner in number]
    return replace(
        layout,
        text="".join([*pieces, layout.text[at:]]),
        paragraphs=tuple(layout.paragraphs[i] for i in kept),
        sentences=tuple(layout.sentences[i] for i in spoken),
        sentence_paragraph=tuple(number[layout.sentence_paragraph[i]] for i in spoken),
        tables=(),
    )
