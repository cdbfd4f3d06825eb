"""Decide which unit each candidate names, or that it names none."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cached_property

from rules.language.patterns import Patterns
from rules.layout import Layout
from rules.place.candidate import GROWN, Candidate, certainty, fitting, level_of, of_kind
from rules.place.context import (
    in_apposition,
    is_credit,
    is_explained,
    is_place,
    is_second,
    left_words,
    located,
    placed_inside,
)
from rules.place.gazetteer import Unit, alike, load
from rules.place.relate import (
    heir_of,
    inside_of,
    is_seat,
    listed_before,
    parent_of,
    relate,
    related,
    within,
    without_overlaps,
    wrong_type,
)
from rules.place.spelling import name_key
from rules.place.words import WORDS

REFORM = date(2025, 7, 1)
_NEAR = 40  # mentions of districts before and behind a commune that may be its parent
_COMMON = frozenset(map(name_key, WORDS.common))
_pattern = Patterns("rules.place", "grammar", r"\ ")
_UNIT_BEHIND = _pattern(r"(?:, | \(|,? {lies_in} ){higher_types}", re.IGNORECASE)
_LEAD = 200  # code points from the start: headline and dateline weigh more


class Resolver:
    """The state of one document's resolution."""

    def __init__(self, layout: Layout, candidates: list[Candidate]) -> None:
        self.layout = layout
        self.text = layout.text
        self.regime = "current" if layout.published is not None and layout.published >= REFORM else "legacy"
        self.items = without_overlaps(candidates, layout)
        for c in self.items:
            if any(u.regime == "ended" for u in c.units):
                c.units = tuple(u for u in c.units if self._may_be(u))
            if c.kind == "đặc khu":
                level = "commune" if self.regime == "current" else "district"
                c.units = tuple(u for u in c.units if u.level == level)
        self.provinces: Counter[Unit] = Counter()
        self.districts: list[Candidate] = []
        self.named: dict[str, tuple[Unit, ...]] = {}
        self.kept: list[Candidate] = []

    def run(self) -> list[Candidate]:
        """Kept candidates with ``found``, ``options`` and ``rule`` set, in text order."""
        relate(self.text, self.items)
        self.items = [c for c in self.items if not c.route]
        self._settle_regime()
        self._provinces()
        self._lower("district")
        self.districts.sort(key=lambda c: c.start)
        self._lower("commune")
        self.kept.sort(key=lambda c: c.start)
        return self.kept

    def _may_be(self, unit: Unit) -> bool:
        """Whether an ended unit may be meant, where a listed one has its name."""
        if unit.regime != "ended" or not unit.namesake:
            return True
        published = self.layout.published
        if published is None:
            return unit.level != "province"
        return published.year <= (unit.until or 0)

    def _settle_regime(self) -> None:
        """Without a date the units tell: communes of the named provinces that only the current list knows."""
        if self.layout.published is not None or {c.kind for c in self.items} & {"huyện", "quận", "thị xã"}:
            return
        named = {u.base for c in self.items for u in c.units if u.level == "province"}
        votes: Counter[str] = Counter()
        for c in self.items:
            regimes = {u.regime for u in c.units if u.level == "commune" and u.province.base in named}
            if c.kind in ("xã", "phường") and len(regimes) == 1:
                votes.update(regimes)
        if votes["current"] > votes["legacy"]:
            self.regime = "current"

    def _keep(self, c: Candidate, rule: str) -> None:
        c.rule = rule
        self.kept.append(c)
        if c.found is not None and c.found.level == "district" and (rule != "place.unique" or not self.provinces):
            self.districts.append(c)
            self._count(c.found.province, 1)

    def _count(self, province: Unit, weight: int) -> None:
        self.provinces[province] += weight
        if province.regime == "ended":
            for code in province.now:
                self.provinces[load().legacy[code]] += weight
        if self.regime == "current" and province.holder is not None:
            self.provinces[province.holder] += weight

    # --- provinces

    def _provinces(self) -> None:
        seats = {id(c.prev) for c in self.items if c.prev is not None and c.gap == "," and is_seat(c.prev, c)}
        for c in self.items:
            unit = self._province(c) if id(c) not in seats else None
            if unit is not None:
                c.found = unit
                self._keep(c, "place.province" if c.kind else "place.bare_province")
                self._count(c.found, (2 if c.kind else 1) + (2 if c.start < _LEAD else 0))

    def _province(self, c: Candidate) -> Unit | None:
        """The province that a candidate names."""
        units = [u for u in c.units if u.level == "province"]
        if not units or c.kind not in (None, "tỉnh", "thành phố") or self._city_of_a_province(c, units):
            return None
        unit = min(units, key=lambda u: (not u.namesake, u.regime != self.regime))
        return unit if c.kind is not None or self._is_bare_province(c, unit) else None

    def _is_bare_province(self, c: Candidate, unit: Unit) -> bool:
        below = c.prev if c.prev is not None and c.prev.end + 1 == c.start else c  # ở Ba Đình Hà Nội
        if self._of_nothing(c) or not self._is_place(c, left_words(self.text, below.start)):
            return False
        return unit.regime != "ended" or self._is_old_province(c)

    def _of_nothing(self, c: Candidate) -> bool:
        """Whether a province is joined to one that is no place: ``Công ty Đường sắt Quảng Nam - Đà Nẵng``."""
        before = c.prev if c.gap in ("-", "–") else None
        if before is None or before.kind or before.found:
            return False
        return any(u.level == "province" for u in before.units)

    def _is_old_province(self, c: Candidate) -> bool:
        """Whether a bare name is that of an ended province, not of a commune that has it too (``Nghĩa Bình``)."""
        before = listed_before(c)
        if not (before is not None and before.level == "province") and not self._after_preposition(c):
            return False
        homes = {u.province for u in c.units if u.level != "province"}
        return not any(u in homes for other in self.items for u in other.units)

    def _after_preposition(self, c: Candidate) -> bool:
        words = left_words(self.text, c.start)
        return bool(words) and located(words)

    def _city_of_a_province(self, c: Candidate, units: list[Unit]) -> bool:
        """``TP Hòa Bình`` is a district; ``TP Huế`` was one until the end of 2024."""
        if c.kind != "thành phố":
            return False
        cities = [u for u in c.units if u.level == "district" and u.kind == "thành phố"]
        return bool(cities) and (all(u.kind != "thành phố" for u in units) or self.regime == "legacy")

    # --- districts and communes

    def _lower(self, level: str) -> None:
        lowers = {id(c.parent): c for c in self.items if c.parent is not None}
        for c in sorted(self.items, key=certainty):
            if c.found is not None:
                continue
            if c.kind is not None:
                if level_of(c) == level:
                    self._typed(c, tuple(u for u in c.units if u.level == level))
                continue
            units = self._listed(u for u in c.units if u.level == level)
            if units:
                self._bare(c, units, lowers.get(id(c)))

    def _listed(self, units: Iterable[Unit]) -> list[Unit]:
        """Units of the document's own time; in a current text also the old ones where there is no new one."""
        units = list(units)
        other = "legacy" if self.regime == "current" else "current"
        return [u for u in units if u.regime != other] or (units if self.regime == "current" else [])

    def _typed(self, c: Candidate, units: tuple[Unit, ...]) -> None:
        parent = parent_of(c)
        pool = self._possible(c, units, parent)
        if not pool and c.heir is None:
            pool = self._named_before(c, parent) or self._other_marks(c, parent)
        pool = of_kind(pool, c.kind)
        if len(pool) == 1:
            c.found = pool[0]
            self._name(c.key, c.found)
        elif c.odd or (c.short and parent is None) or (not pool and self._is_none(c, parent)):
            return
        c.options = tuple(pool) if len(pool) > 1 else ()
        self._keep(c, "place.chain" if parent else f"place.{c.how}")

    def _possible(self, c: Candidate, units: tuple[Unit, ...], parent: Unit | None) -> list[Unit]:
        """Units that a name with type word may mean; sets ``heir`` where one of today took it up."""
        pool = self._listed(fitting(alike(c.key), c.kind or "xã") if c.odd else units)
        if parent is None and pool:
            return self._near(c, pool)
        c.heir = heir_of(c, [parent] if parent is not None else self._around(c))
        if parent is None:
            return []
        inside = related(pool, None, parent) or related(units, None, parent)
        return inside or self._newer(units, parent) or wrong_type(c, parent)

    def _named_before(self, c: Candidate, parent: Unit | None) -> list[Unit]:
        return [u for u in self.named.get(c.key, ()) if parent is None and u.level == level_of(c)]

    def _is_none(self, c: Candidate, parent: Unit | None) -> bool:
        """Whether a name with type word that fits no unit is left out, rather than told as unknown."""
        abroad = not (parent or c.heir or self.provinces) and c.kind in ("quận", "huyện", "thị trấn")
        slip = c.kind == "xã" and c.key in self.named  # of the pen, for the district of that name
        return abroad or slip or c.kind == "thành phố"

    def _newer(self, units: tuple[Unit, ...], parent: Unit) -> list[Unit]:
        """``xã Thượng Cốc, tỉnh Phú Thọ``: a commune of today in a report without date that names old districts too."""
        if parent.level != "province" or self.layout.published is not None:
            return []
        return [u for u in units if u.regime == "current" and u.province.base == parent.base]

    def _other_marks(self, c: Candidate, parent: Unit | None) -> list[Unit]:
        """``huyện Mù Cang Chải``: the one unit there whose name differs from the list's in its marks only."""
        kind = c.kind or "xã"
        found = [u for u in fitting(alike(c.key), kind) if u.regime == "legacy" and u.kind in GROWN[kind]]
        if parent is not None:
            found = [u for u in found if inside_of(u, parent)]
        elif level_of(c) == "district":
            found = [u for u in found if u.province in self.provinces]
        else:
            return []
        return found if len(set(found)) == 1 else []

    def _near(self, c: Candidate, pool: list[Unit]) -> list[Unit]:
        """Namesakes narrowed down by the districts and provinces that the document names."""
        commune = level_of(c) == "commune"
        if commune:
            inside = self._in_districts(c, pool)
            if inside or c.heir is not None:
                return inside
        if c.how == "typed" or commune:
            grown = GROWN[c.kind or "xã"]
            pool = [u for u in pool if u.kind in grown]
        home = [u for u in pool if u.province in self.provinces]
        if home:
            return self._most_named([u for u in home if u.kind == c.kind] or home)
        return [] if commune and self.provinces else pool

    def _most_named(self, units: list[Unit]) -> list[Unit]:
        """Those of the units whose province the report names most."""
        top = max(self.provinces[u.province] for u in units)
        return [u for u in units if self.provinces[u.province] == top]

    def _in_districts(self, c: Candidate, pool: list[Unit]) -> list[Unit]:
        """Communes of the nearest district that has any, of the printed type first; sets ``heir`` where one has it."""
        around = self._around(c)
        for district in around:
            inside = [u for u in pool if u.kind == c.kind and inside_of(u, district)]
            if inside:
                return inside
            c.heir = heir_of(c, [district])
            if c.heir is not None:
                break
        return next((found for d in around if (found := [u for u in pool if inside_of(u, d)])), [])

    def _around(self, c: Candidate) -> list[Unit]:
        """Districts named in the document, the nearest earlier one first, then the later ones."""
        at = bisect_left(self.districts, c.start, key=lambda d: d.start)
        near = self.districts[max(0, at - _NEAR) : at][::-1] + self.districts[at : at + _NEAR]
        return list(dict.fromkeys(d.found for d in near if d.found is not None))

    def _bare(self, c: Candidate, units: list[Unit], lower: Candidate | None) -> None:
        words = left_words(self.text, c.start)
        if not self._is_place(c, words) or (words[-1:] == ["và"] and is_second(self.text, c.start)):
            return
        if c.key in self.named:
            self._again(c, self.named[c.key], units[0].level, words)
        elif located(words) or lower is not None or is_explained(self.text, c.end):
            self._named(c, units, lower, words)

    def _named(self, c: Candidate, units: list[Unit], lower: Candidate | None, words: list[str]) -> None:
        """A bare name that is told as a place for the first time."""
        parent = parent_of(c)
        if units[0].level == "commune":
            self._settle(c, self._communes(c, units, lower, parent, words))
        elif lower is not None or parent is not None:
            self._settle(c, related(units, lower, parent))
        else:
            self._district(c, units, words)

    def _communes(
        self, c: Candidate, units: list[Unit], lower: Candidate | None, parent: Unit | None, words: list[str]
    ) -> list[Unit]:
        """Communes that a bare name may mean: of what it is related to, or of the districts around."""
        if any(u.level == "district" and u.province in self.provinces for u in c.units):
            return []
        if lower is not None or (parent is not None and (parent.level != "province" or placed_inside(words))):
            return related(units, lower, parent)
        if parent is not None or not (placed_inside(words) or self._set_apart(c)):
            return []
        around = self._around(c)
        return [u for u in units if u.parent in around and u.kind != "phường"]

    def _district(self, c: Candidate, units: list[Unit], words: list[str]) -> None:
        """A bare district that is related to nothing: of a named province, or the only one of its name."""
        pool = [u for u in units if self.provinces[u.province] > 1] or self._alone(c, units)
        units = self._listed_beside(c, units)
        if not pool and self._unmistakable(c, units, words):
            c.found = units[0]
            self._name(c.key, c.found)
            self._keep(c, "place.unique")
        else:
            self._settle(c, pool)

    def _settle(self, c: Candidate, pool: list[Unit]) -> None:
        """Keep a bare name where one unit is left, or two of one name: huyện or thị xã Duyên Hải."""
        if len(pool) > 1:
            pool = [u for u in pool if u.province in self.provinces]
        if len(pool) > 1:
            pool = [u for u in pool if u.regime == "ended"] or pool
        if len(pool) == 1:
            c.found = pool[0]
            self._name(c.key, c.found)
            self._keep(c, "place.bare")
        elif len({u.province for u in pool}) == 1 and all(u.level == "district" for u in pool):
            c.kind, c.options = "huyện", tuple(pool)
            self._keep(c, "place.bare")

    def _name(self, key: str, unit: Unit) -> None:
        """Remember what a bare repetition of the name means."""
        units = self.named.get(key, ())
        if unit not in units:
            self.named[key] = (*units, unit)

    def _again(self, c: Candidate, units: tuple[Unit, ...], level: str, words: list[str]) -> None:
        """A name that the report gave before with its type word, perhaps to two units (huyện and thị xã Long Mỹ)."""
        if level != "district" and not located(words) and not self._set_apart(c):
            return  # "bưởi Phúc Trạch"
        if len(units) == 1:
            c.found = units[0]
        else:
            c.kind, c.options = units[0].kind, units
        self._keep(c, "place.again")

    def _set_apart(self, c: Candidate) -> bool:
        """Whether brackets or commas make a bare commune the place of what stands before: ``cầu Kênh Cũ (A, B)``."""
        if c.paired or self.text[c.start - 1 : c.start] == "(" or in_apposition(self.text, c.start, c.end):
            return True
        if is_explained(self.text, c.end):
            return True
        before = listed_before(c)
        return before is not None and before.level == "commune" and c.prev is not None and c.prev.kind is None

    def _is_place(self, c: Candidate, words: list[str]) -> bool:
        return is_place(words) and not is_credit(self.text, c.start, c.end)

    def _alone(self, c: Candidate, units: list[Unit]) -> list[Unit]:
        """A district in a report that names no province: in the headline, or borne out by a commune of it."""
        if self.provinces or len(units) > 1:
            return []
        title = self.layout.title or (0, 0)
        opening = self.text[c.end : c.end + 1] == ":" or self._after_preposition(c) or "uyện" in self.text
        if title[0] <= c.start < title[1] and opening:
            return units
        return units if units[0] in self._districts_of_communes else []

    def _listed_beside(self, c: Candidate, units: list[Unit]) -> list[Unit]:
        """The one of several namesakes that lies in the province of the district listed before it."""
        above = listed_before(c)
        if above is None or above.level != "district":
            return units
        return [u for u in units if u.province is above.province] or units

    def _unmistakable(self, c: Candidate, units: list[Unit], words: list[str]) -> bool:
        """A district whose name no other unit has, in a report that does not name its province (``ở Nha Trang``).

        It says nothing about the places around it where the report names another province.
        """
        if len(units) != 1 or " " not in c.name or c.name.isupper() or c.key in _COMMON:
            return False
        above = listed_before(c)
        beside = above is not None and above.level == "district" and above.province is units[0].province
        if not beside and any(not within(u, units[0]) for u in c.units if u.regime != "current"):
            return False
        return self._is_toward(c, above, words) and not _UNIT_BEHIND.match(self.text, c.end)  # khu Chí Linh, TP …

    def _is_toward(self, c: Candidate, above: Unit | None, words: list[str]) -> bool:
        """Whether a list, a bracket or a preposition shows that a district is meant as a place."""
        listed = above is not None and above.level != "commune"
        return listed or self.text[c.start - 1 : c.start] == "(" or (bool(words) and words[-1] in WORDS.toward)

    @cached_property
    def _districts_of_communes(self) -> set[Unit | None]:
        """Districts that a commune named with its type word may lie in."""
        return {u.parent for c in self.items if c.kind is not None for u in c.units if u.level == "commune"}
