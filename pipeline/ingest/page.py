"""Pieces of text on a page -> lines in reading order -> paragraphs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text in one font on one line, in PDF units (points, origin at the bottom left)."""

    left: float
    bottom: float
    right: float
    top: float
    text: str


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


_GUTTER = 9.0


def lines_of(pieces: list[Piece], page: int, width: float, height: float) -> list[Line]:
    """Lines of one page in reading order: columns one after the other, what spans them in its place."""
    lines = []
    for number, block in enumerate(_blocks(pieces, width)):
        margins = (min(piece.left for piece in block), max(piece.right for piece in block))
        for row in _rows(block):
            lines.append(
                Line(
                    left=row[0].left,
                    right=max(piece.right for piece in row),
                    top=max(piece.top for piece in row),
                    size=max(piece.top - piece.bottom for piece in row),
                    text=_join(row),
                    height=row[0].bottom / height if height else 0.5,
                    column=(page, number),
                    margins=margins,
                )
            )
    return lines


def _rows(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Pieces that stand beside each other, from top to bottom, each row from left to right."""
    row: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: -(p.top + p.bottom)):
        middle = (piece.top + piece.bottom) / 2
        if row and not any(p.bottom <= middle <= p.top for p in row):
            yield sorted(row, key=lambda p: p.left)
            row = []
        row.append(piece)
    if row:
        yield sorted(row, key=lambda p: p.left)


def _join(row: list[Piece]) -> str:
    text, right = row[0].text, row[0].right
    for piece in row[1:]:
        gap = piece.left - right
        text += (" " if gap > 0.12 * (piece.top - piece.bottom) else "") + piece.text
        right = piece.right
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
    """Middle of the white strip between two columns: few pieces cross it, several lines stand on both sides."""
    best: tuple[int, float] | None = None
    for edge in sorted({round(piece.right) for piece in pieces}):
        place = edge + _GUTTER / 2
        left = [p for p in pieces if p.right <= place]
        right = [p for p in pieces if p.left >= place]
        crossing = len(pieces) - len(left) - len(right)
        if len(left) < 4 or len(right) < 4 or crossing * 3 > len(pieces):
            continue
        if min(p.left for p in right) - max(p.right for p in left) < _GUTTER:
            continue
        wide = max(p.right - p.left for p in left), max(p.right - p.left for p in right)
        if min(wide) < width / 6 or not _side_by_side(left, right):
            continue
        if best is None or crossing < best[0]:
            best = (crossing, place)
    return best[1] if best else None


def _side_by_side(left: list[Piece], right: list[Piece]) -> bool:
    return min(p.bottom for p in left) < max(p.top for p in right) and min(p.bottom for p in right) < max(
        p.top for p in left
    )


def paragraphs(pages: Iterable[list[Line]]) -> Iterator[str]:
    """Lines joined to paragraphs; a line end becomes a space, for Vietnamese words are not divided."""
    text = ""
    last: Line | None = None
    lines = [line for page in pages for line in page]
    pitch = _pitch(lines)
    for line in lines:
        if last is not None and not _continues(last, line, pitch):
            yield text
            text = ""
        text += line.text if not text or text.endswith("-") else " " + line.text
        last = line
    if text:
        yield text


def _pitch(lines: list[Line]) -> float:
    """Usual distance of two lines of a column, in points."""
    steps = [a.top - b.top for a, b in zip(lines, lines[1:], strict=False) if a.column == b.column and a.top > b.top]
    return median(steps) if steps else 14.0


def _continues(last: Line, line: Line, pitch: float) -> bool:
    """Whether a line goes on with the paragraph of the one before it."""
    if last.column != line.column:
        return line.text[:1].islower() and not last.text.endswith((".", "!", "?", ":", ";"))
    if abs(last.size - line.size) > 0.25 * max(last.size, line.size) and not _same_size(last, line):
        return False
    if last.top - line.top > 1.45 * pitch:
        return False
    width = last.margins[1] - last.margins[0]
    ends_short = last.right < last.margins[1] - 0.15 * width
    indented = line.left > line.margins[0] + 8 and line.left > last.left + 4
    return not ends_short and not indented


def _same_size(last: Line, line: Line) -> bool:
    """Boxes follow the letters, so a line without tall letters is lower at the same font size."""
    return abs(last.size - line.size) < 4
