"""The layout of one report: where its headline, paragraphs and sentences lie in the text.

Every rule gets a :class:`Layout` and nothing else about the document. Offsets are Unicode code points.
"""

from bisect import bisect_right
from dataclasses import dataclass
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

    def sentence_at(self, offset: int) -> int:
        """Index of the last sentence that starts at or before ``offset`` (0 where there is none)."""
        return max(0, bisect_right(self.sentences, (offset, len(self.text) + 1)) - 1)

    def paragraph_at(self, offset: int) -> int:
        """Index of the last paragraph that starts at or before ``offset`` (0 where there is none)."""
        return max(0, bisect_right(self.paragraphs, (offset, len(self.text) + 1)) - 1)
