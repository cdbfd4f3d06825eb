"""The list of administrative units: legacy (63 provinces), current (34) and ended ones."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

from rules.language import lists
from rules.place.spelling import bare_key, name_key, syllable_key
from rules.place.words import WORDS

LEVELS = {2: "province", 3: "district", 5: "commune"}
_KINDS = ("Thành phố", "Thị trấn", "Thị xã", "Đặc khu", "Phường", "Huyện", "Quận", "Tỉnh", "Xã")
_LEVEL_OF_KIND = {"Tỉnh": "province", "Xã": "commune", "Phường": "commune", "Thị trấn": "commune"}


@dataclass(eq=False, slots=True)
class Unit:
    """One administrative unit of one of the lists.

    ``regime`` is ``legacy``, ``current`` or ``ended``; ``code`` is None for an ended unit. ``now`` are the codes of
    the current communes that hold a legacy commune, or of the legacy successors of an ended unit, ``until`` is its
    last year and ``namesake`` says that a listed unit of its level has its name too. ``merged`` are bare keys of the
    units that were merged into a legacy one, ``holder`` is the smallest current unit that holds the whole of it.
    """

    code: str | None
    name: str
    kind: str
    base: str
    level: str
    regime: str
    parent: "Unit | None"
    position: tuple[float, float] | None = None
    now: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    until: int | None = None
    namesake: bool = False
    holder: "Unit | None" = field(default=None, repr=False)

    @property
    def province(self) -> "Unit":
        """The province that the unit lies in, or the unit itself."""
        unit = self
        while unit.parent is not None:
            unit = unit.parent
        return unit


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """All units, by code and by name.

    ``by_key`` and ``merged`` are keyed by :func:`name_key` and by its form without marks; ``first`` and
    ``province_first`` are the keys of first syllables, ``syllables`` those of all syllables of listed names.
    """

    legacy: dict[str, Unit]
    current: dict[str, Unit]
    ended: tuple[Unit, ...]
    by_key: dict[str, tuple[Unit, ...]]
    first: frozenset[str]
    province_first: frozenset[str]
    syllables: frozenset[str]
    merged: dict[str, tuple[Unit, ...]]
    meta: dict[str, Any]


def split_name(name: str) -> tuple[str, str]:
    """Type word (lower case) and the name proper.

    >>> split_name("Thành phố Hòa Bình")
    ('thành phố', 'Hòa Bình')
    """
    kind = next(kind for kind in _KINDS if name.startswith(kind))
    return kind.lower(), name[len(kind) + 1 :]


def _units(columns: dict[str, list[Any]], regime: str) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    empty = [""] * len(columns["code"])
    rows = zip(
        columns["code"],
        columns["name"],
        columns["parent"],
        columns["lat"],
        columns["lon"],
        columns.get("current", empty),
        columns.get("merged", empty),
        strict=True,
    )
    for code, name, parent, lat, lon, now, merged in rows:
        kind, base = split_name(name)
        position = (lat, lon) if lat is not None else None
        units[code] = Unit(
            code,
            name,
            kind,
            base,
            LEVELS[len(code)],
            regime,
            units[parent] if parent else None,
            position,
            tuple(now.split()),
            tuple(merged.split()),
        )
    return units


def _ended(legacy: dict[str, Unit]) -> tuple[Unit, ...]:
    found = []
    listed = {(u.base, u.level, u.province.code if u.parent else None) for u in legacy.values()}
    cities = {u.name for u in legacy.values() if u.level == "province"}
    for row in lists.read("rules.place", "ended")["units"]:
        kind, base = split_name(row["name"])
        parent = legacy[row["province"]] if "province" in row else None
        level = _LEVEL_OF_KIND.get(kind.capitalize(), "district") if parent else "province"
        unit = Unit(None, row["name"], kind, base, level, "ended", parent, None, tuple(row["successor"]))
        unit.until, unit.namesake = row["until"], (base, level, row.get("province")) in listed or unit.name in cities
        holders = {legacy[code].holder for code in unit.now}
        unit.holder = holders.pop() if len(holders) == 1 else None
        found.append(unit)
    return tuple(found)


@lru_cache(maxsize=1)
def load() -> Gazetteer:
    """The gazetteer, read once (about a tenth of a second)."""
    data = json.loads(gzip.decompress(files(__package__).joinpath("gazetteer.json.gz").read_bytes()))
    legacy, current = _units(data["legacy"], "legacy"), _units(data["current"], "current")
    _hold(legacy, current)
    ended = _ended(legacy)
    units = [*legacy.values(), *current.values(), *ended]
    names = [[syllable_key(part) for part in base.split()] for base in {unit.base: None for unit in units}]
    aliases = {syllable_key(alias.split()[0]) for alias in WORDS.aliases}
    return Gazetteer(
        legacy,
        current,
        ended,
        _by_key(units, legacy),
        frozenset(aliases.union(name[0] for name in names)),
        frozenset(syllable_key(u.base.split(" ")[0]) for u in legacy.values() if u.level == "province"),
        frozenset(syllable for name in names for syllable in name),
        _grouped((old, unit) for unit in units for old in unit.merged),
        data["meta"],
    )


def _by_key(units: list[Unit], legacy: dict[str, Unit]) -> dict[str, tuple[Unit, ...]]:
    """Units by the key of their name, and of other names that they go by."""
    keys = {base: name_key(base) for base in {unit.base: None for unit in units}}
    named = [(keys[unit.base], unit) for unit in units]
    others = [(name_key(alias), legacy[code]) for alias, code in WORDS.aliases.items()]
    return _grouped(dict.fromkeys([*named, *others]))


def _grouped(pairs: Iterable[tuple[str, Unit]]) -> dict[str, tuple[Unit, ...]]:
    found: dict[str, list[Unit]] = defaultdict(list)
    for key, unit in pairs:
        found[key].append(unit)
    return {key: tuple(units) for key, units in found.items()}


def _hold(legacy: dict[str, Unit], current: dict[str, Unit]) -> None:
    """Set ``holder``: the smallest current unit that holds the whole of a legacy unit."""
    grounds: dict[Unit, set[str]] = defaultdict(set)
    for unit in legacy.values():
        if unit.now:
            above: Unit | None = unit
            while above is not None:
                grounds[above].update(unit.now)
                above = above.parent
    for unit, codes in grounds.items():
        first = current[next(iter(codes))]
        unit.holder = first if len(codes) == 1 else first.province


def merged_into(key: str) -> tuple[Unit, ...]:
    """Listed units into which a unit of this name was merged (compared without any marks)."""
    return load().merged.get(bare_key(key), ())


def alike(key: str) -> tuple[Unit, ...]:
    """Units whose names differ from this key in marks only (``Ia Der`` for ``Ia Dêr``)."""
    return _by_bare_key().get(bare_key(key), ())


@lru_cache(maxsize=1)
def _by_bare_key() -> dict[str, tuple[Unit, ...]]:
    found: dict[str, tuple[Unit, ...]] = {}
    for key, units in load().by_key.items():
        bare = bare_key(key)
        found[bare] = found.get(bare, ()) + units
    return found


def legacy_province_of_current(code: str) -> str:
    """Legacy code of the province that a current unit lay in; of the one of the same name for a current province."""
    return _current_homes().get(code, "")


@lru_cache(maxsize=1)
def _current_homes() -> dict[str, str]:
    gazetteer = load()
    homes = {now: unit.province.code or "" for unit in gazetteer.legacy.values() for now in unit.now}
    names = {unit.base: code for code, unit in gazetteer.legacy.items() if unit.level == "province"}
    return homes | {code: names[unit.base] for code, unit in gazetteer.current.items() if unit.level == "province"}
