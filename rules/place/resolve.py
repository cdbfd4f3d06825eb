"""Decide which unit each candidate names, or that it names none."""

from collections import Counter
from datetime import date

from rules.layout import Layout
from rules.place.gazetteer import Unit
from rules.place.scan import GAPS, Candidate, fitting
from rules.place.spelling import syllable_key
from rules.place.words import WORDS

REFORM = date(2025, 7, 1)
_RANK = {"province": 0, "district": 1, "commune": 2}
_CHAIN_GAPS = frozenset(
    [", ", " (", " thuộc ", ", thuộc ", " của ", " - ", " – ", ",", "(", " ở ", " tại ", " (thuộc "]
)


def within(unit: Unit, above: Unit) -> bool:
    """Whether a unit lies in (or is) another one of the same list."""
    step: Unit | None = unit
    while step is not None:
        if step is above:
            return True
        step = step.parent
    return False


def same_province(unit: Unit, codes: set[str]) -> bool:
    """Whether the unit's province has one of these legacy or current codes in its own list."""
    return (unit.province.code or "") in codes


class Resolver:
    """The state of one document's resolution."""

    def __init__(self, layout: Layout, candidates: list[Candidate]) -> None:
        self.layout = layout
        self.text = layout.text
        self.items = candidates
        self.current = layout.published is not None and layout.published >= REFORM
        self.provinces: Counter[Unit] = Counter()
        self.kept: list[Candidate] = []

    def run(self) -> list[Candidate]:
        """Kept candidates with ``found``, ``options`` and ``rule`` set."""
        self._join()
        self._keep_provinces()
        self._keep_lower("district")
        self._keep_lower("commune")
        self.kept.sort(key=lambda c: c.start)
        return self.kept

    # --- how the candidates stand to each other

    def _join(self) -> None:
        last = None
        clean = []
        for c in self.items:
            if last is not None and c.start < last.end:
                continue
            c.gap = self.text[last.end : c.start] if last is not None else ""
            c.left = self._left(c.start)
            clean.append(c)
            last = c
        self.items = clean
        for before, c in zip(clean, clean[1:], strict=False):
            if before.kind and c.kind is None and c.gap in GAPS and c.how in ("bare", "list"):
                self._continue_list(before, c)
        for before, c in zip(clean, clean[1:], strict=False):
            if c.gap in _CHAIN_GAPS and self._above(c, before):
                before.parent = c
        for before, c in zip(reversed(clean[:-1]), reversed(clean[1:]), strict=False):
            if before.parent is None and c.how == "list" and c.gap in GAPS:
                before.parent = c.parent

    def _left(self, start: int) -> str:
        line = self.text.rfind("\n", max(0, start - 24), start) + 1
        return self.text[max(line, start - 24) : start].rstrip()

    def _continue_list(self, before: Candidate, c: Candidate) -> None:
        """``các xã A, B và C``: B and C share the type word of A, unless B is the place A lies in."""
        kind = before.kind
        assert kind is not None
        same = fitting(c.units, kind)
        if not before.plural and c.gap in (", ", ",", " - ", " – ") and self._contains(c, before):
            return
        if not same and not (before.plural and len(c.name.split()) < 5):
            return
        if c.units and not same and any(u.level == "province" for u in c.units):
            return
        c.kind, c.units, c.how, c.plural = kind, same, "list", before.plural

    def _contains(self, c: Candidate, lower: Candidate) -> bool:
        return any(within(u, a) and u is not a for a in c.units for u in lower.units)

    def _above(self, c: Candidate, lower: Candidate) -> bool:
        if c.kind and lower.kind and c.units and lower.units:
            return min(_RANK[u.level] for u in c.units) < min(_RANK[u.level] for u in lower.units)
        if c.kind and lower.kind:
            return _RANK[_level(c)] < _RANK[_level(lower)]
        return c.kind is None and lower.kind is not None and self._contains(c, lower)

    # --- provinces

    def _keep_provinces(self) -> None:
        for c in self.items:
            units = [u for u in c.units if u.level == "province"]
            if not units or c.kind in ("huyện", "quận", "thị xã", "xã", "phường", "thị trấn"):
                continue
            if c.kind == "thành phố" and any(u.level == "district" for u in c.units):
                if all(u.kind != "thành phố" for u in units):
                    continue
                ended = [u for u in c.units if u.regime == "ended"]
                if ended and not self.current:
                    continue
            if c.kind is None and not self._is_place(c):
                continue
            unit = self._by_regime(units)
            c.found, c.rule = unit, "place.province" if c.kind else "place.bare_province"
            self.kept.append(c)
            self.provinces[unit] += 2 if c.kind else 1
            if c.start < 200:
                self.provinces[unit] += 2

    def _by_regime(self, units: list[Unit]) -> Unit:
        wanted = "current" if self.current else "legacy"
        return next((u for u in units if u.regime == wanted), units[0])

    def _is_place(self, c: Candidate) -> bool:
        words = c.left.split()
        last = words[-1].lower() if words else ""
        two = " ".join(words[-2:]).lower()
        return last not in WORDS.not_before and two not in WORDS.not_before

    # --- districts and communes

    def _keep_lower(self, level: str) -> None:
        named: dict[str, Unit] = {}
        for c in self.items:
            if c.found is not None or (c.kind and _level(c) != level):
                continue
            units = tuple(u for u in c.units if u.level == level)
            if c.kind is None:
                self._bare(c, units, named)
                continue
            self._pick(c, units)
            if c.found:
                named[c.key] = c.found
            self.kept.append(c)

    def _bare(self, c: Candidate, units: tuple[Unit, ...], named: dict[str, Unit]) -> None:
        if not units or not self._is_place(c):
            return
        if c.key in named:
            c.found, c.rule = named[c.key], "place.again"
            self.kept.append(c)
            return
        homes = [
            u for u in units if u.province in self.provinces and u.regime != ("legacy" if self.current else "current")
        ]
        lower = any(o.parent is c for o in self.items)
        words = c.left.split()
        placed = lower or (words and words[-1].lower() in WORDS.locative) or c.parent is not None
        headline = self.layout.title is not None and c.start == self.layout.title[0]
        if len(homes) == 1 and (placed or headline) and (homes[0].level == "district" or c.parent or lower):
            c.found, c.rule = homes[0], "place.bare"
            named[c.key] = c.found
            self.kept.append(c)
            if homes[0].level == "district":
                self.provinces[homes[0].province] += 1

    def _pick(self, c: Candidate, units: tuple[Unit, ...]) -> None:
        """Set ``found`` or ``options`` of a candidate with a type word."""
        pool = [u for u in units if u.regime == ("current" if self.current else "legacy")] or list(units)
        if not self.current:
            pool = [u for u in units if u.regime != "current"] or pool
        parent = c.parent.found if c.parent is not None else None
        if parent is not None:
            pool = [u for u in pool if within(u, parent) or u.province.base == parent.base]
            if not pool:
                c.rule = "place.chain"
                return
        exact = [u for u in pool if u.kind == c.kind]
        pool = exact or pool
        if parent is None and self.provinces:
            home = [u for u in pool if u.province in self.provinces]
            if home or c.kind in ("xã", "phường", "thị trấn"):
                pool = home
        if len(pool) > 1:
            earlier = [o.found for o in self.kept if o.found and o.found.level == "district" and o.start < c.start]
            for district in reversed(earlier):
                inside = [u for u in pool if within(u, district)]
                if inside:
                    pool = inside
                    break
        if len(pool) > 1 and self.provinces:
            top = self.provinces.most_common(1)[0][0]
            pool = [u for u in pool if u.province is top] or pool
        c.rule = "place.chain" if parent else "place.typed" if c.how == "typed" else "place.list"
        if len(pool) == 1:
            c.found = pool[0]
            if c.found.level == "district":
                self.provinces[c.found.province] += 1
        else:
            c.options = tuple(pool)


def _level(c: Candidate) -> str:
    if c.kind in ("xã", "phường", "thị trấn"):
        return "commune"
    if c.kind == "tỉnh":
        return "province"
    if c.units and all(u.level == "province" for u in c.units):
        return "province"
    return "district"


def opener_key(word: str) -> str:
    """Key of a word in front of a name."""
    return syllable_key(word)
