"""Pieces of text on a page -> lines in reading order -> paragraphs."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import median

from pipeline.ingest.types import TABLE_MARK


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text in one font on one line, in PDF units (points, origin at the bottom left)."""

    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a column. ``height`` is where it stands on the page, 0 bottom to 1 top."""

    left: float
    right: float
    top: float
    size: float
    text: str
    height: float
    column: tuple[int, int]
    margins: tuple[float, float]

    @property
    def letter(self) -> float:
        """Mean width of a letter, in points."""
        return (self.right - self.left) / max(1, len(self.text))


_GUTTER = 9.0
_CLOSING = ",.;:!?)”’%"


def lines_of(pieces: list[Piece], page: int, width: float, height: float) -> list[Line]:
    """Lines of one page in reading order: columns one after the other, what spans them in its place."""
    lines = []
    for number, block in enumerate(_blocks(pieces, width)):
        margins = (min(piece.left for piece in block), max(piece.right for piece in block))
        for row in rows_of(block):
            lines.append(
                Line(
                    left=row[0].left,
                    right=max(piece.right for piece in row),
                    top=max(piece.top for piece in row),
                    size=max(piece.height for piece in row),
                    text=_join(row),
                    height=row[0].bottom / height if height else 0.5,
                    column=(page, number),
                    margins=margins,
                )
            )
    return lines


def rows_of(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces that stand beside each other, from top to bottom, each row from left to right.

    Boxes fit their letters tightly, so the tall pieces make the rows and the low ones (a comma, a quote)
    go to the row that is nearest.
    """
    rows: list[tuple[float, float, list[Piece]]] = []  # by their middle, so that the nearest one is a neighbour
    for piece in sorted(pieces, key=lambda p: -p.height):
        at = bisect_left(rows, piece.middle, key=_middle_of_row)
        near = min(rows[max(0, at - 1) : at + 1], key=lambda row: abs(row[0] - piece.middle), default=None)
        if near is not None and abs(near[0] - piece.middle) < 0.6 * near[1]:
            near[2].append(piece)
        else:
            rows.insert(at, (piece.middle, piece.height, [piece]))
    return [sorted(row, key=lambda p: p.left) for _, _, row in reversed(rows)]


def _middle_of_row(row: tuple[float, float, list[Piece]]) -> float:
    return row[0]


def words_of(pieces: list[Piece]) -> str:
    """The text of the pieces of one cell, its lines divided by line feeds."""
    return "\n".join(map(_join, rows_of(pieces))) if pieces else ""


def _join(row: list[Piece]) -> str:
    """The text of a row, with a space where the white between two pieces is that wide."""
    text = row[0].text
    for before, piece in pairwise(row):
        least = 0.3 if piece.text[0] in _CLOSING else 0.12
        gap = piece.left - before.right
        text += (" " if gap > least * max(before.height, piece.height) else "") + piece.text
    return text


def _blocks(pieces: list[Piece], width: float) -> list[list[Piece]]:
    """The page cut into columns; a piece across the gutter ends the columns above it."""
    gutter = _gutter(pieces, width)
    if gutter is None:
        return [pieces] if pieces else []
    blocks: list[list[Piece]] = []
    left: list[Piece] = []
    right: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: -p.top):
        if piece.left < gutter < piece.right:
            blocks += [*_blocks(left, width / 2), *_blocks(right, width / 2), [piece]]
            left, right = [], []
        else:
            (left if piece.right <= gutter else right).append(piece)
    return [block for block in [*blocks, *_blocks(left, width / 2), *_blocks(right, width / 2)] if block]


def _gutter(pieces: list[Piece], width: float) -> float | None:
    """Middle of the white strip between two columns: little text crosses it, several lines stand on both sides."""
    whole = sum(p.width for p in pieces)
    by_right = sorted(pieces, key=lambda p: p.right)
    by_left = sorted(pieces, key=lambda p: -p.left)
    rights, lefts = [p.right for p in by_right], [-p.left for p in by_left]
    lefts_of, rights_of = list(accumulate(map(_side, by_right), _with)), list(accumulate(map(_side, by_left), _with))
    best: tuple[float, float] | None = None
    for edge in sorted({round(right) for right in rights}):
        place = edge + _GUTTER / 2
        on_left, on_right = bisect_right(rights, place), bisect_right(lefts, -place)
        if on_left < 4 or on_right < 4:
            continue
        left, right = lefts_of[on_left - 1], rights_of[on_right - 1]
        if right.left - left.right < _GUTTER:
            continue
        shares = [side.width / whole for side in (left, right)]
        crossing = 1 - sum(shares)
        narrow = min(left.widest, right.widest) < width / 6
        if crossing > 0.3 or min(shares) < 0.15 or narrow or not (left.bottom < right.top and right.bottom < left.top):
            continue
        if best is None or crossing < best[0]:
            best = (crossing, place)
    return best[1] if best else None


@dataclass(frozen=True, slots=True)
class _Side:
    """What the pieces of one side of a page have in common: their edges, widths together, and the widest."""

    left: float
    bottom: float
    right: float
    top: float
    width: float
    widest: float


def _side(piece: Piece) -> _Side:
    return _Side(piece.left, piece.bottom, piece.right, piece.top, piece.width, piece.width)


def _with(side: _Side, other: _Side) -> _Side:
    return _Side(
        min(side.left, other.left),
        min(side.bottom, other.bottom),
        max(side.right, other.right),
        max(side.top, other.top),
        side.width + other.width,
        max(side.widest, other.widest),
    )


def paragraphs(pages: Iterable[list[Line]]) -> Iterator[str]:
    """Lines joined to paragraphs; a line end becomes a space, for Vietnamese words are not divided.

    The mark of a table is a paragraph of its own.
    """
    lines = [line for page in pages for line in page]
    if not lines:
        return
    words = [line for line in lines if not line.text.startswith(TABLE_MARK)]
    pitch, is_big = _pitch(words), _headline_test(words or lines)
    text = ""
    last: Line | None = None
    for line in lines:
        if last is not None and not _continues(last, line, pitch, is_big):
            yield text
            text = ""
        text += line.text if not text or text.endswith("-") else " " + line.text
        last = line
    yield text


def _pitch(lines: list[Line]) -> float:
    """Usual distance of two lines of a column, in points."""
    steps = [a.top - b.top for a, b in pairwise(lines) if a.column == b.column and a.top > b.top]
    return median(steps) if steps else 14.0


def _continues(last: Line, line: Line, pitch: float, is_big: Callable[[Line], bool]) -> bool:
    """Whether a line goes on with the paragraph of the one before it."""
    if line.text.startswith(TABLE_MARK) or last.text.startswith(TABLE_MARK):
        return False
    if last.column != line.column:
        goes_on = line.text[:1].islower() or not _had_room(last, line)
        return goes_on and not last.text.endswith((".", "!", "?", ":", ";")) and is_big(last) == is_big(line)
    step = last.top - line.top
    if is_big(last) or is_big(line):  # a headline is broken by hand
        return is_big(last) and is_big(line) and step < 1.7 * max(last.size, line.size)
    indented = line.left > line.margins[0] + 8 and line.left > last.left + 4
    return step <= 1.45 * pitch and not indented and not _had_room(last, line)


def _headline_test(lines: list[Line]) -> Callable[[Line], bool]:
    """Tells lines in larger letters than usual; a box fits its letters tightly, so their width counts as well."""
    size, letter = (median(values) for values in ([line.size for line in lines], [line.letter for line in lines]))
    return lambda line: line.size > 1.25 * size or line.letter > 1.25 * letter


def _had_room(last: Line, line: Line) -> bool:
    """Whether the first word of a line would have fitted on the line before: then that one ended on purpose."""
    word = line.text.partition(" ")[0]
    return last.right + last.letter * (len(word) + 2) < last.margins[1]
