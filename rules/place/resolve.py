"""Decide which unit each candidate names, or that it names none."""

from collections import Counter
from datetime import date

from rules.layout import Layout
from rules.place.context import is_place, left_words, located
from rules.place.gazetteer import Unit, load, merged_into
from rules.place.relate import inside_of, level_of, relate, within
from rules.place.scan import Candidate
from rules.place.words import WORDS

REFORM = date(2025, 7, 1)

# What a unit printed with one type word may be in the list: towns grow, they do not shrink.
_GROWN = {
    "xã": ("xã", "phường", "thị trấn"),
    "thị trấn": ("thị trấn", "phường"),
    "phường": ("phường",),
    "huyện": ("huyện", "thị xã", "thành phố", "quận"),
    "thị xã": ("thị xã", "thành phố", "quận"),
    "thành phố": ("thành phố", "quận"),
    "quận": ("quận", "thành phố"),
    "đặc khu": ("đặc khu", "huyện", "thành phố"),
}


class Resolver:
    """The state of one document's resolution."""

    def __init__(self, layout: Layout, candidates: list[Candidate]) -> None:
        self.layout = layout
        self.text = layout.text
        self.items = _without_overlaps(candidates, layout)
        self.regime = "current" if layout.published is not None and layout.published >= REFORM else "legacy"
        self.provinces: Counter[Unit] = Counter()
        self.districts: list[Candidate] = []
        self.named: dict[str, Unit] = {}
        self.kept: list[Candidate] = []

    def run(self) -> list[Candidate]:
        """Kept candidates with ``found``, ``options`` and ``rule`` set, in text order."""
        relate(self.text, self.items)
        self._provinces()
        self._lower("district")
        self._lower("commune")
        self.kept.sort(key=lambda c: c.start)
        return self.kept

    def _keep(self, c: Candidate, rule: str) -> None:
        c.rule = rule
        self.kept.append(c)
        if c.found is not None and c.found.level == "district":
            self.districts.append(c)
            self.provinces[c.found.province] += 1

    # --- provinces

    def _provinces(self) -> None:
        for c in self.items:
            units = [u for u in c.units if u.level == "province"]
            if not units or c.kind not in (None, "tỉnh", "thành phố") or self._city_of_a_province(c, units):
                continue
            if c.kind is None and not is_place(left_words(self.text, c.start)):
                continue
            c.found = next((u for u in units if u.regime == self.regime), units[0])
            self._keep(c, "place.province" if c.kind else "place.bare_province")
            self.provinces[c.found] += 2 if c.kind else 1
            if c.start < 200:
                self.provinces[c.found] += 2

    def _city_of_a_province(self, c: Candidate, units: list[Unit]) -> bool:
        """``TP Hòa Bình`` is a district; ``TP Huế`` was one until the end of 2024."""
        if c.kind != "thành phố":
            return False
        cities = [u for u in c.units if u.level == "district" and u.kind == "thành phố"]
        return bool(cities) and (all(u.kind != "thành phố" for u in units) or self.regime == "legacy")

    # --- districts and communes

    def _lower(self, level: str) -> None:
        lowers = {id(c.parent): c for c in self.items if c.parent is not None}
        for c in self.items:
            if c.found is not None:
                continue
            if c.kind is not None:
                if level_of(c) == level:
                    self._typed(c, tuple(u for u in c.units if u.level == level))
                continue
            units = self._listed(u for u in c.units if u.level == level)
            if units:
                self._bare(c, units, lowers.get(id(c)))

    def _listed(self, units) -> list[Unit]:  # type: ignore[no-untyped-def]
        """Units of the document's own time, else any."""
        units = list(units)
        other = "legacy" if self.regime == "current" else "current"
        return [u for u in units if u.regime != other] or (units if self.regime == "current" else [])

    def _typed(self, c: Candidate, units: tuple[Unit, ...]) -> None:
        pool = self._listed(units)
        parent = c.parent.found if c.parent is not None else None
        if parent is not None:
            pool = [u for u in pool if inside_of(u, parent)] or self._wrong_type(c, parent)
        elif pool:
            pool = self._near(c, pool)
        exact = [u for u in pool if u.kind == c.kind]
        pool = exact or pool
        if len(pool) == 1:
            c.found = pool[0]
            self.named[c.key] = c.found
        else:
            c.options = tuple(pool)
        self._keep(c, "place.chain" if parent else f"place.{c.how}")

    def _wrong_type(self, c: Candidate, parent: Unit) -> list[Unit]:
        """``huyện Long Hòa, Cần Giờ``: a commune printed with the wrong type word, its parent says so."""
        return [u for u in load().by_key.get(c.key, ()) if within(u, parent) and u is not parent]

    def _near(self, c: Candidate, pool: list[Unit]) -> list[Unit]:
        """Namesakes narrowed down by the districts and provinces that the document names."""
        if level_of(c) == "commune":
            for district in self._around(c):
                inside = [u for u in pool if inside_of(u, district)]
                if inside:
                    return inside
                if any(within(u, district) for u in merged_into(c.key)):
                    return []
        grown = _GROWN[c.kind or "xã"]
        pool = [u for u in pool if u.kind in grown]
        exact = [u for u in pool if u.kind == c.kind]
        home = [u for u in exact if u.province in self.provinces] or [u for u in pool if u.province in self.provinces]
        if home:
            top = max(self.provinces[u.province] for u in home)
            return [u for u in home if self.provinces[u.province] == top]
        return [] if level_of(c) == "commune" and self.provinces else pool

    def _around(self, c: Candidate) -> list[Unit]:
        """Districts named in the document, the nearest earlier one first, then the later ones."""
        earlier = [d.found for d in self.districts if d.start < c.start and d.found]
        later = [d.found for d in self.districts if d.start > c.start and d.found]
        return earlier[::-1] + later

    def _bare(self, c: Candidate, units: list[Unit], lower: Candidate | None) -> None:
        words = left_words(self.text, c.start)
        if not is_place(words):
            return
        if c.key in self.named:
            c.found = self.named[c.key]
            self._keep(c, "place.again")
            return
        parent = c.parent.found if c.parent is not None else None
        if lower is not None:
            inside = [u for u in units if any(within(low, u) for low in lower.units)] or units
        elif parent is not None:
            inside = [u for u in units if inside_of(u, parent)]
        elif units[0].level == "district" and (located(words) or not words):
            inside = [u for u in units if self.provinces[u.province] > 1]
        elif words and words[-1] in WORDS.inside:
            around = self._around(c)
            inside = [u for u in units if u.parent in around and u.kind != "phường"]
        else:
            return
        if len(inside) > 1:
            inside = [u for u in inside if u.province in self.provinces]
        if len(inside) == 1:
            c.found = inside[0]
            self.named[c.key] = c.found
            self._keep(c, "place.bare")


def _without_overlaps(candidates: list[Candidate], layout: Layout) -> list[Candidate]:
    """Candidates in text order, the first of overlapping ones, none in the byline."""
    kept: list[Candidate] = []
    end = 0
    begin, stop = layout.byline or (-1, -1)
    for c in candidates:
        if c.start >= end and not (begin <= c.start < stop):
            kept.append(c)
            end = c.end
    return kept
