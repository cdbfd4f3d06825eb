"""A printed name on its way to becoming a mention."""

from collections.abc import Iterable
from dataclasses import dataclass

from rules.place.gazetteer import Unit

LEVEL_OF_TYPE = {
    "tỉnh": ("province",),
    "thành phố": ("province", "district"),
    "huyện": ("district",),
    "quận": ("district",),
    "thị xã": ("district",),
    "thị trấn": ("commune",),
    "xã": ("commune",),
    "phường": ("commune",),
    "đặc khu": ("district", "commune"),
}
RANK = {"province": 0, "district": 1, "commune": 2}

GROWN = {
    "xã": ("xã", "phường", "thị trấn"),
    "thị trấn": ("thị trấn", "phường"),
    "phường": ("phường",),
    "huyện": ("huyện", "thị xã", "thành phố", "quận"),
    "thị xã": ("thị xã", "thành phố", "quận"),
    "thành phố": ("thành phố", "quận"),
    "quận": ("quận", "thành phố"),
    "đặc khu": ("đặc khu", "huyện", "thành phố"),
}
"""What a unit printed with one type word may be in the list: towns grow, they do not shrink."""


@dataclass(slots=True, eq=False)
class Candidate:
    """A printed name that may be a unit's.

    ``start`` includes the type word, ``kind`` is the type word in full (None for a bare name), ``how`` is ``typed``,
    ``list`` (it shares the type word of a list) or ``bare``; ``units`` are the listed units of that name and level,
    ``other`` those of another level where there is none. ``prev`` is the name before it in its clause or list,
    ``gap`` the words between, ``owner`` the name whose bracket it opens, ``parent`` the name of the unit above it.
    ``short`` marks ``Q.1``, ``odd`` a name with a syllable that no listed name has, ``paired`` one of several bare
    names listed that can be communes of one district, ``route`` an end of a road (``cao tốc A - B``). ``heir`` is the
    unit that took in an ended one. ``found`` or ``options`` is the outcome, ``rule`` says how.
    """

    start: int
    end: int
    name: str
    key: str
    kind: str | None
    how: str
    units: tuple[Unit, ...]
    plural: bool = False
    short: bool = False
    odd: bool = False
    paired: bool = False
    route: bool = False
    heir: Unit | None = None
    other: tuple[Unit, ...] = ()
    gap: str = ""
    prev: "Candidate | None" = None
    owner: "Candidate | None" = None
    parent: "Candidate | None" = None
    found: Unit | None = None
    options: tuple[Unit, ...] = ()
    rule: str = ""


def fitting(units: Iterable[Unit], kind: str) -> tuple[Unit, ...]:
    """Units whose level goes with the type word."""
    levels = LEVEL_OF_TYPE[kind]
    if kind == "thành phố":
        return tuple(u for u in units if u.level == "district" or (u.level == "province" and u.kind == kind))
    if kind == "đặc khu":
        return tuple(u for u in units if u.level == "district" or u.kind == kind)
    return tuple(u for u in units if u.level in levels)


def level_of(c: Candidate) -> str:
    """Level of a candidate with a type word."""
    if c.kind in ("xã", "phường", "thị trấn") or (c.units and all(u.level == "commune" for u in c.units)):
        return "commune"
    if c.kind == "tỉnh" or (c.units and all(u.level == "province" for u in c.units)):
        return "province"
    return "district"


def of_kind(units: list[Unit], kind: str | None) -> list[Unit]:
    """Those of the type as it is printed, else ended ones, else all."""
    return [u for u in units if u.kind == kind] or [u for u in units if u.regime == "ended"] or units


def certainty(c: Candidate) -> int:
    """Order of decision: names with a type word, then bare ones, then those that wait for their parent."""
    if c.parent is not None and c.parent.found is None:
        return 2
    return int(c.kind is None)
