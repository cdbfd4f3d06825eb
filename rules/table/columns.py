"""What the columns of a table hold, from the words of their heads and a look at their cells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rules.layout import Cell
from rules.table import units
from rules.table.grid import Grid, Head, is_figure, is_year
from rules.table.units import Unit
from rules.table.words import DATA, KEPT, fold, found, opens, pattern

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_MEASURE = re.compile(r"\(\s?([^()]*?)\s?\)")
_SAMPLE = 40  # rows that are looked at
_MOSTLY = 0.6  # share of a column's cells that makes it what it is
_WEAK = frozenset({"total"})
_PART = pattern("{parts_below}")
_WHOLE = pattern(r"(?<!\w){sum_of_neighbours}(?!\w)")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``kind`` is what it holds (a table of ``words.toml`` or ``money``), ``role`` what its sums are for.

    ``heads`` are its header cells from top to bottom, ``decided`` the one that gives the role. ``part`` says that it
    stands under a whole that it is a part of ("Trong đó"), ``whole`` that it is called the sum of its neighbours.
    ``level`` is that of the bare names in a column of places, ``noun`` the kind of receivers that it names or counts.
    """

    kind: str
    heads: tuple[Cell, ...]
    words: str
    role: str | None = None
    unit: Unit | None = None
    decided: Cell | None = None
    part: bool = False
    whole: bool = False
    level: str | None = None
    noun: str | None = None


def read(grid: Grid, head: Head, unit: Unit | None) -> tuple[Column, ...]:
    """The columns of a table; ``unit`` is that of the lines above it."""
    rows = grid.lines[head.first : head.first + _SAMPLE]
    columns = []
    for number, path in enumerate(head.paths):
        column = _column(grid, path)
        columns.append(_by_cells(grid, column, [line.cells[number] for line in rows]))
    columns = [replace(c, unit=_unit(grid, c.heads) or unit) if c.kind == "money" else c for c in _years(grid, columns)]
    return tuple(_one_name(columns))


def _column(grid: Grid, path: Sequence[Cell]) -> Column:
    texts = [fold(grid.words(cell)) for cell in path]
    words = " › ".join(texts)
    for text in reversed(texts):
        if kind := _kind(text):
            break
    else:
        kind = "money" if any(map(_says_money, texts)) else ""
    made = Column(kind, tuple(path), words)
    if kind == "money":
        return _money(made, texts)
    if kind == "place":
        levels = [name for _, name in found("levels", words)]
        return replace(made, level=levels[-1] if len(set(levels)) == 1 else _lowest(levels))
    return replace(made, noun=_noun(words))


def _years(grid: Grid, columns: Sequence[Column]) -> list[Column]:
    """Years under "Trong đó" split the sums of the column before them: "Kế hoạch 2021-2025 | Trong đó › 2021, 2022"."""
    found: list[Column] = []
    for column in columns:
        before = found[-1] if found else None
        year = len(column.heads) > 1 and is_year(fold(grid.words(column.heads[-1])))
        part = year and _PART.search(fold(grid.words(column.heads[0]))) and column.kind in ("", "time", "measure")
        if part and before is not None and before.kind == "money":
            column = replace(before, heads=column.heads, words=column.words, part=True, whole=False)
        found.append(column)
    return found


def _lowest(levels: Sequence[str]) -> str | None:
    """Of "Huyện, thành phố" the district, of "xã, huyện" none: the cell says which."""
    return None if not levels or len(set(levels)) > 1 else levels[0]


def _kind(text: str) -> str:
    """What a header cell says that its column holds; "" where it says nothing.

    >>> _kind("địa điểm thực hiện"), _kind("kinh phí được hỗ trợ"), _kind("tỷ lệ (%)"), _kind("nstw")
    ('place', 'money', 'measure', 'money')
    """
    bare = _BRACKETS.sub(" ", text).strip(" .:*")
    priced = opens(bare, "money", "heads") is not None
    named, roles = found("columns", bare), found("roles", bare)
    if not priced and any(m in DATA["measures"]["words"] for m in _MEASURE.findall(text)):
        return named[0][1] if named and named[0][1] in ("count", "place", "time") else "measure"
    if bare in DATA["columns"]["ordinal"]:
        return "ordinal"
    named = tuple(n for n in named if n[1] != "ordinal")
    first = named[0][1] if named else ""
    if named and (not roles or named[0][0] <= roles[0][0]) and not (priced and first in _LATE):
        return _named_first(first, {name for _, name in named}, {role for _, role in roles})
    if roles and priced:
        return "money"
    if first in _PLAIN and not role_of(bare):
        return first
    return "money" if any(role != "neutral" for _, role in roles) or units.in_header(text) else first


def _named_first(first: str, named: set[str], roles: set[str]) -> str:
    """What a column holds whose head begins with a word that is not about money."""
    if first == "owner" and "receiver" in named:
        return "receiver"  # "Đơn vị chủ trì được hỗ trợ"
    return "money" if first == "receiver" and roles & {"counterpart", "disbursed"} else first


_LATE = frozenset({"receiver", "source", "note", "measure"})
_PLAIN = frozenset({"receiver", "count", "name", "place", "owner"})


def _says_money(text: str) -> bool:
    return units.in_header(text) is not None or any(role != "neutral" for _, role in found("roles", text))


@lru_cache(maxsize=KEPT)
def role_of(text: str) -> str | None:
    """The role that the words of one header cell name; the rarer word before the commoner one."""
    named = [role for _, role in found("roles", text) if role != "neutral"]
    strong = [role for role in _ORDER if role in named]
    return strong[0] if strong else None


_ORDER = ("price", "damage", "revenue", "counterpart", "disbursed", "loan", "allocation", "other", "support", "total")


def _money(column: Column, texts: Sequence[str]) -> Column:
    """The role of a column of sums: the topmost level that decides; a cost only where no other word does."""
    bare = [_BRACKETS.sub(" ", text) for text in texts]
    roles = [role_of(short) or role_of(text) for short, text in zip(bare, texts, strict=True)]
    said = [(role, cell) for role, cell in zip(roles, column.heads, strict=True) if role]
    role, decided = next((s for s in said if s[0] not in _WEAK), said[0] if said else ("other", None))
    named = [text for text in bare if text.strip()] or bare  # "(tr.đ)" below its head is only a unit
    whole = len(named) == 1 or bool(_WHOLE.search(named[-1]))
    return replace(column, role=role, decided=decided, part=any(map(_PART.search, bare)) or not whole, whole=whole)


def _noun(words: str) -> str | None:
    nouns = [name for _, name in found("nouns", words)]
    return next((n for n in nouns if n != "person"), nouns[0]) if nouns else None


def _unit(grid: Grid, path: Sequence[Cell]) -> Unit | None:
    """The unit of a column: that of its lowest header cell that names one."""
    return next((unit for cell in reversed(path) if (unit := units.in_header(grid.words(cell)))), None)


def _by_cells(grid: Grid, column: Column, cells: Sequence[Cell | None]) -> Column:
    """The column as its cells show it: figures under a head for words are sums or counts, words are no sums."""
    texts = [text for cell in cells if (text := grid.words(cell)) and fold(text) not in DATA["rows"]["blank"]]
    if not texts:
        return column
    figures = sum(map(is_figure, texts)) / len(texts)
    if column.kind == "money" and not any(any(map(str.isdigit, text)) for text in texts):
        return replace(column, kind="source" if "nguồn" in column.words else "note", role=None)
    if figures < _MOSTLY:
        return replace(column, role=None) if column.kind == "source" else column
    return _of_figures(grid, column) if column.kind in _OF_WORDS else column


_OF_WORDS = frozenset({"receiver", "owner", "name", "source", "place", ""})


def _of_figures(grid: Grid, column: Column) -> Column:
    """A column of figures under a head for words."""
    low = [fold(grid.words(cell)) for cell in column.heads]
    if column.kind == "source" or (column.kind != "name" and any(map(role_of, low))):
        return _money(replace(column, kind="money"), low)
    return replace(column, kind="count" if column.kind == "receiver" and column.noun else "measure")


def _one_name(columns: list[Column]) -> list[Column]:
    """One column names the undertakings: the first whose head has a noun for them, else the first of names."""
    names = [i for i, c in enumerate(columns) if c.kind == "name"]
    if len(names) < 2:
        return columns
    best = next((i for i in names if found("kinds", columns[i].words)), names[0])
    return [replace(c, kind="note") if c.kind == "name" and i != best else c for i, c in enumerate(columns)]
