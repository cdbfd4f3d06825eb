"""Tables on a page without drawn lines: rows whose words stand in the same columns."""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from pipeline.ingest.page import Piece, rows_of, words_of
from pipeline.ingest.ruled import Found
from pipeline.ingest.story import Box

_GAP = 0.55  # of the letters' height: wider than a blank between two words
_WIDE = 3  # segments of a line that may be a row
_LEAST = 4  # such lines of a table
_NUMBER = re.compile(r"(?:\d{1,3}(?:\.\d{1,2})*|[IVX]{1,5}|[A-H])[.)]?")  # of a row
_FAR = 3.2  # pitches between two lines of one table
_STRIP = 2.0  # points of white between two columns

Span = tuple[float, float]
"""From left to right, in points."""

Row = list[Piece]
"""The segments of a line: words that stand together."""


def tables_of(pieces: Sequence[Piece]) -> list[Found]:
    """The tables of a page without rules, from top to bottom: several lines of three segments or more, most of them
    beginning with a number, in columns that white divides."""
    rows = [_segments(row) for row in rows_of(list(pieces))]
    number = {id(p): i for i, p in enumerate(pieces)}
    members = {id(s): row for row, line in zip(rows_of(list(pieces)), rows, strict=True) for s in line}
    found = []
    for block in _blocks(rows):
        table = _table(block)
        if table is not None:
            top, bottom = max(s.top for s in block[0]), min(s.bottom for s in block[-1])
            inside = frozenset(number[id(p)] for line in block for p in members[id(line[0])])
            found.append(Found(bottom, top, table[0], table[1], inside))
    return found


def _segments(row: Row) -> Row:
    """The pieces of a line joined where no more than a blank is between them."""
    done: Row = []
    for piece in row:
        last = done[-1] if done else None
        if last is not None and piece.left - last.right <= _GAP * max(last.height, piece.height):
            low, high = min(last.bottom, piece.bottom), max(last.top, piece.top)
            done[-1] = Piece(last.left, low, piece.right, high, words_of([last, piece]))
        else:
            done.append(piece)
    return done


def _blocks(rows: Sequence[Row]) -> list[list[Row]]:
    """Runs of lines from a wide one to a wide one, in which no line and no distance is out of the ordinary."""
    pitch = median([a[0].middle - b[0].middle for a, b in pairwise(rows)]) if len(rows) > 1 else 12.0
    blocks: list[list[Row]] = []
    block: list[Row] = []
    for row in rows:
        far = bool(block) and block[-1][0].middle - row[0].middle > _FAR * max(pitch, 6.0)
        if far or (block and len(row) == 1 and _crosses(row[0], block)):
            blocks.append(block)
            block = []
        if block or len(row) >= _WIDE:
            block.append(row)
    blocks.append(block)
    trimmed = []
    for block in blocks:
        while block and len(block[-1]) < _WIDE and not _inside(block[-1], block[:-1]):
            block = block[:-1]
        if sum(len(row) >= _WIDE for row in block) >= _LEAST and sum(map(_numbered, block)) >= _LEAST - 1:
            trimmed.append(block)
    return trimmed


def _numbered(row: Row) -> bool:
    return len(row) >= _WIDE and _NUMBER.fullmatch(row[0].text) is not None


def _crosses(segment: Piece, block: Sequence[Row]) -> bool:
    """Whether a line alone runs over more than one column of the lines before it."""
    wide = [row for row in block if len(row) >= _WIDE][-6:]
    return any(sum(s.left < segment.right and segment.left < s.right for s in row) > 2 for row in wide)


def _inside(row: Row, block: Sequence[Row]) -> bool:
    return bool(block) and all(any(o.left - 2 <= s.left <= o.right for line in block[-3:] for o in line) for s in row)


def _table(block: Sequence[Row]) -> tuple[tuple[float, ...], list[Box]] | None:
    first = next((i for i, row in enumerate(block) if _numbered(row)), None)
    if first is None or first == 0:
        return None
    spans = _columns([row for row in block[first:] if len(row) >= _WIDE])
    if len(spans) < _WIDE:
        return None
    boxes, depth = _head(block[:first], spans)
    rows: list[list[Row]] = []
    for row in block[first:]:
        slots = [(s, _slot(spans, s)) for s in row]
        starts = slots[0][1] == 0 or any(i >= len(spans) // 2 and s.text[:1].isdigit() for s, i in slots)
        if starts or not rows:
            rows.append([row])
        else:
            rows[-1].append(row)
    for number, lines in enumerate(rows, depth):
        held: dict[int, Row] = defaultdict(list)
        for segment in (s for line in lines for s in line):
            held[_slot(spans, segment)].append(segment)
        boxes += [Box(number, c, 1, 1, [(words_of(held[c]), None)]) for c in range(len(spans))]
    return tuple(left for left, _ in spans), boxes


def _head(lines: Sequence[Row], spans: Sequence[Span]) -> tuple[list[Box], int]:
    """The cells of the head, and how many rows it has: two where words stand over several columns."""
    over = {id(s): held for line in lines for s in line if len(held := _under(spans, s)) > 1}
    covered = {c for held in over.values() for c in held}
    boxes = [
        Box(0, over[id(s)][0], 1, len(over[id(s)]), [(s.text, None)]) for line in lines for s in line if id(s) in over
    ]
    depth = 2 if over else 1
    below: dict[int, Row] = defaultdict(list)
    for segment in (s for line in lines for s in line if id(s) not in over):
        below[_slot(spans, segment)].append(segment)
    for column in range(len(spans)):
        row = 1 if column in covered else 0
        boxes.append(Box(row, column, depth - row, 1, [(words_of(below[column]), None)]))
    return boxes, depth


def _under(spans: Sequence[Span], segment: Piece) -> list[int]:
    """The columns over which a segment of the head stands, well inside of the outer ones."""
    return [i for i, (a, b) in enumerate(spans) if min(b, segment.right) - max(a, segment.left) > 0.6 * (b - a)]


def _columns(rows: Sequence[Row]) -> list[Span]:
    """Where the columns lie: white that no row covers divides them."""
    spans: list[Span] = []
    for s in sorted((s for row in rows for s in row), key=lambda s: s.left):
        if spans and s.left <= spans[-1][1] + _STRIP:
            spans[-1] = (spans[-1][0], max(spans[-1][1], s.right))
        else:
            spans.append((s.left, s.right))
    return spans


def _slot(spans: Sequence[Span], segment: Piece) -> int:
    """The column that a segment stands in: the one that it shares most of its breadth with, else the nearest."""

    def shared(i: int) -> float:
        return min(spans[i][1], segment.right) - max(spans[i][0], segment.left)

    return max(range(len(spans)), key=shared)
