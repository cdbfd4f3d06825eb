"""Tables on a page whose cells are drawn with lines: the lines make a grid, the pieces of text fill it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.ingest.page import Piece, words_of
from pipeline.ingest.story import Box

_THIN = 2.5  # points: a line, and how far ends may be apart that meet
_SHORT = 4.0  # a shorter stroke is a part of a letter
_WHOLE = 0.97  # of the page: a background
_SLACK = 3.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line: at ``at`` from ``low`` to ``high``, across or down."""

    down: bool
    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Found:
    """A table on a page: where it lies, its cells, where its columns begin, and the pieces of text that it holds."""

    bottom: float
    top: float
    columns: tuple[float, ...]
    boxes: list[Box]
    pieces: frozenset[int]


def rules_of(shapes: Iterable[tuple[float, float, float, float]], width: float, height: float) -> list[Rule]:
    """The lines among drawn shapes (left, bottom, right, top), a box as its four edges."""
    rules: list[Rule] = []
    for left, bottom, right, top in shapes:
        across, up = right - left, top - bottom
        if up <= _THIN and across >= _SHORT:
            rules.append(Rule(False, (bottom + top) / 2, left, right))
        elif across <= _THIN and up >= _SHORT:
            rules.append(Rule(True, (left + right) / 2, bottom, top))
        elif across > _THIN and up > _THIN and (across < _WHOLE * width or up < _WHOLE * height):
            rules += [Rule(False, y, left, right) for y in (bottom, top)]
            rules += [Rule(True, x, bottom, top) for x in (left, right)]
    return _joined(rules)


def _joined(rules: Sequence[Rule]) -> list[Rule]:
    """Lines that lie on one another or follow one another as one, from left to right and from bottom to top."""
    done: list[Rule] = []
    for down in (False, True):
        near: list[list[Rule]] = []
        for rule in sorted((r for r in rules if r.down == down), key=lambda r: r.at):
            if near and rule.at - near[-1][-1].at <= _THIN:
                near[-1].append(rule)
            else:
                near.append([rule])
        for group in near:
            at = sum(r.at for r in group) / len(group)
            low, high = None, 0.0
            for rule in sorted(group, key=lambda r: r.low):
                if low is None:
                    low, high = rule.low, rule.high
                elif rule.low <= high + _SLACK:
                    high = max(high, rule.high)
                else:
                    done.append(Rule(down, at, low, high))
                    low, high = rule.low, rule.high
            if low is not None:
                done.append(Rule(down, at, low, high))
    return done


def tables_of(pieces: Sequence[Piece], rules: Sequence[Rule]) -> list[Found]:
    """The tables of a page, from top to bottom: at least two rows and two columns of lines that meet."""
    found = [table for group in _meeting(rules) if (table := _table(pieces, group)) is not None]
    return sorted(found, key=lambda t: -t.top)


def _meeting(rules: Sequence[Rule]) -> list[list[Rule]]:
    """The lines in groups that touch or cross."""
    parent = list(range(len(rules)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    downs = [i for i, r in enumerate(rules) if r.down]
    for i, rule in enumerate(rules):
        if rule.down:
            continue
        for j in downs:
            other = rules[j]
            if (
                rule.low - _SLACK <= other.at <= rule.high + _SLACK
                and other.low - _SLACK <= rule.at <= other.high + _SLACK
            ):
                parent[root(i)] = root(j)
    groups: dict[int, list[Rule]] = defaultdict(list)
    for i, rule in enumerate(rules):
        groups[root(i)].append(rule)
    return list(groups.values())


def _table(pieces: Sequence[Piece], rules: Sequence[Rule]) -> Found | None:
    xs, ys = _places(r.at for r in rules if r.down), _places(-r.at for r in rules if not r.down)
    if len(xs) < 3 or len(ys) < 3:
        return None
    ys = [-y for y in ys]  # from top to bottom
    owner = _merged(xs, ys, rules)
    held: dict[int, list[Piece]] = defaultdict(list)
    inside = set()
    for number, piece in enumerate(pieces):
        column = _slot(xs, (piece.left + piece.right) / 2)
        row = _slot([-y for y in ys], -piece.middle)
        if column is not None and row is not None:
            held[owner[row * (len(xs) - 1) + column]].append(piece)
            inside.add(number)
    spans: dict[int, list[int]] = defaultdict(list)
    for cell, first in enumerate(owner):
        spans[first].append(cell)
    boxes = [_box(cells, len(xs) - 1, held.get(first, [])) for first, cells in spans.items()]
    if not inside:
        return None
    return Found(ys[-1], ys[0], tuple(xs[:-1]), boxes, frozenset(inside))


def _box(cells: Sequence[int], width: int, pieces: Sequence[Piece]) -> Box:
    rows, columns = [c // width for c in cells], [c % width for c in cells]
    row, column = min(rows), min(columns)
    return Box(row, column, max(rows) - row + 1, max(columns) - column + 1, [(words_of(list(pieces)), None)])


def _places(values: Iterable[float]) -> list[float]:
    """The places of lines, those that are nearly the same once."""
    places: list[float] = []
    for value in sorted(values):
        if not places or value - places[-1] > _SLACK:
            places.append(value)
    return places


def _slot(places: Sequence[float], value: float) -> int | None:
    return next((i for i in range(len(places) - 1) if places[i] <= value < places[i + 1]), None)


def _merged(xs: Sequence[float], ys: Sequence[float], rules: Sequence[Rule]) -> list[int]:
    """For each cell of the grid the first of those that it is one with: no line is drawn between them."""
    width, height = len(xs) - 1, len(ys) - 1
    owner = list(range(width * height))
    downs: dict[int, list[Rule]] = defaultdict(list)
    acrosses: dict[int, list[Rule]] = defaultdict(list)
    for rule in rules:
        lines, places = (downs, xs) if rule.down else (acrosses, ys)
        lines[min(range(len(places)), key=lambda i: abs(places[i] - rule.at))].append(rule)

    def root(i: int) -> int:
        while owner[i] != i:
            i = owner[i]
        return i

    for row in range(height):
        for column in range(width):
            here = row * width + column
            if column + 1 < width and not _drawn(downs[column + 1], (ys[row] + ys[row + 1]) / 2):
                _unite(owner, root(here), root(here + 1))
            if row + 1 < height and not _drawn(acrosses[row + 1], (xs[column] + xs[column + 1]) / 2):
                _unite(owner, root(here), root(here + width))
    return [root(i) for i in range(len(owner))]


def _unite(owner: list[int], a: int, b: int) -> None:
    owner[max(a, b)] = min(a, b)


def _drawn(rules: Sequence[Rule], at: float) -> bool:
    return any(r.low - _THIN <= at <= r.high + _THIN for r in rules)
