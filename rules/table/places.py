"""The administrative units in the cells of tables: bare names by the head of their column and the units around them."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules import place
from rules.layout import Layout, Span
from rules.place import Place
from rules.place.candidate import Candidate
from rules.place.gazetteer import Unit, load
from rules.place.relate import inside_of
from rules.place.spelling import name_key
from rules.table.findings import Zone
from rules.table.words import pattern

_PIECE = pattern(r"[^,;/+\n]+?(?=\s+{place_links}\s|\s*[,;/+\n]|\s*\Z)")
_LEAD = pattern(r"{place_leads}\s+|[^:]{0,20}:\s*", re.IGNORECASE)
_TYPED = pattern(r"{place_short_types}", re.IGNORECASE)
_MOST = 60  # places of one undertaking that are looked at
_ORDER = ("province", "district", "commune")


@dataclass(frozen=True, slots=True)
class Sites:
    """All places of a document, and for each the number of the work in ``owners`` that it carries, or None."""

    places: Sequence[Place]
    owners: Sequence[int | None]


def find(layout: Layout, zones: Sequence[Zone]) -> Sites:
    """The places of a document with tables; ``zones`` are the cells of their rows, in text order."""
    finder = _Finder(layout, zones)
    places = finder.places()
    return Sites(places, finder.owners(places))


class _Finder:
    def __init__(self, layout: Layout, zones: Sequence[Zone]) -> None:
        self.layout, self.zones = layout, sorted(zones, key=lambda z: (z.start, z.end))
        self.starts = [z.start for z in self.zones]
        self.tables = [(t.start, t.end) for t in layout.tables]
        self.units: dict[Span, Unit] = {}
        self.seen: dict[tuple[str, str | None, tuple[Unit, ...]], Unit | None] = {}

    def zone_at(self, start: int) -> Zone | None:
        i = bisect_right(self.starts, start) - 1
        zone = self.zones[i] if i >= 0 else None
        return zone if zone is not None and start < zone.end else None

    def places(self) -> list[Place]:
        """Those that stand with their type word or in prose, and the bare names of columns of places."""
        named = place.find(self.layout)
        current = sum(1 for p in named if p.level != "province" and p.code and p.code == p.current_code)
        old = sum(1 for p in named if p.level == "district")
        self.now = current > old
        kept = [p for p in named if self._stands(p)]
        for p in kept:
            if unit := self._unit(p):
                self.units[p.start, p.end] = unit
        kept = self._by_row(kept)
        taken = [(p.start, p.end) for p in kept]
        self.around = sorted(
            (p.start, u) for p in kept if (u := self.units.get((p.start, p.end))) and p.level != "commune"
        )
        return sorted([*kept, *self._bare(taken)], key=lambda p: (p.start, p.end))

    def _stands(self, p: Place) -> bool:
        """Whether a place of a table is one: with its type word, or a name in a cell of places."""
        i = bisect_right(self.tables, (p.start, len(self.layout.text))) - 1
        if i < 0 or p.start >= self.tables[i][1] or _TYPED.match(p.text):
            return True
        zone = self.zone_at(p.start)
        return zone is not None and zone.bare and (zone.level is None or zone.level == p.level)

    def _unit(self, p: Place) -> Unit | None:
        if not p.code:
            return None
        lists = (load().current, load().legacy) if self.now else (load().legacy, load().current)
        return next((u for units in lists if (u := units.get(p.code)) and u.level == p.level), None)

    def _by_row(self, kept: list[Place]) -> list[Place]:
        """Communes whose namesake in another district was taken, where another cell of the row names theirs."""
        rows: dict[tuple[int, int], list[int]] = defaultdict(list)
        for i, p in enumerate(kept):
            if (zone := self.zone_at(p.start)) and zone.bare:
                rows[self._table(p.start), zone.row].append(i)
        for members in rows.values():
            above = [u for i in members if kept[i].level == "district" and (u := self._unit_of(kept[i]))]
            for i in members if len(above) == 1 else ():
                kept[i] = self._in_district(kept[i], above[0])
        return kept

    def _in_district(self, p: Place, district: Unit) -> Place:
        """A commune, or its namesake in the district where there is one."""
        unit = self._unit_of(p)
        if p.level != "commune" or (unit is not None and inside_of(unit, district)):
            return p
        name = p.text.split(" ", 1)[-1] if _TYPED.match(p.text) else p.text
        better = self._lookup(name, "commune", (district,))
        return p if better is None else self._made(p.start, p.end, better)

    def _table(self, at: int) -> int:
        return bisect_right(self.tables, (at, len(self.layout.text)))

    def _bare(self, taken: Sequence[Span]) -> Iterator[Place]:
        """The names without type word in cells of places, the higher levels of a row first."""
        free = [z for z in self.zones if z.bare]
        order = {"district": 0, "province": -1}
        seen = set()
        made: list[Place] = []
        for zone in sorted(free, key=lambda z: (self._table(z.start), z.row, order.get(z.level or "", 1), z.start)):
            if (zone.start, zone.end) in seen:
                continue
            seen.add((zone.start, zone.end))
            for start, end in self._pieces(zone):
                if not _covered(taken, start, end) and (unit := self._resolve(start, end, zone, made)):
                    made.append(self._made(start, end, unit))
        yield from made

    def _pieces(self, zone: Zone) -> Iterator[Span]:
        for m in _PIECE.finditer(self.layout.text, zone.start, zone.end):
            start = m.start()
            while lead := _LEAD.match(self.layout.text, start, m.end()):
                start = lead.end()
            start += len(self.layout.text[start : m.end()]) - len(self.layout.text[start : m.end()].lstrip())
            name = self.layout.text[start : m.end()]
            if name[:1].isupper():
                yield start, m.end()

    def _resolve(self, start: int, end: int, zone: Zone, made: Sequence[Place]) -> Unit | None:
        """The unit of a bare name: in the district of its row, of its group, of what the text names before it."""
        row = [
            p
            for p in made[-4:]
            if (z := self.zone_at(p.start)) and z.row == zone.row and self._table(p.start) == self._table(start)
        ]
        i = bisect_left(self.around, start, key=lambda pair: pair[0])
        row_units = [
            u
            for a, u in self.around[i : i + 4] + self.around[max(0, i - 4) : i]
            if (z := self.zone_at(a)) and z.row == zone.row
        ]
        group = [u for (a, b), u in ((zone.group, self._of_span(zone.group)),) if u] if zone.group else []
        near = [u for _, u in reversed(self.around[max(0, i - 12) : i])]
        first = [u for _, u in self.around[:4]]
        contexts = tuple(dict.fromkeys([*(u for p in row if (u := self._unit(p))), *row_units, *group, *near, *first]))
        return self._lookup(self.layout.text[start:end], zone.level, contexts)

    def _of_span(self, span: Span) -> Unit | None:
        return next((u for (a, b), u in self.units.items() if span[0] <= a and b <= span[1]), None)

    def _lookup(self, name: str, level: str | None, contexts: tuple[Unit, ...]) -> Unit | None:
        key = (name, level, contexts)
        if key not in self.seen:
            self.seen[key] = self._look_up(name, level, contexts)
        return self.seen[key]

    def _look_up(self, name: str, level: str | None, contexts: tuple[Unit, ...]) -> Unit | None:
        regime = "current" if self.now else "legacy"
        named = [u for u in load().by_key.get(name_key(name), ()) if u.regime == regime]
        units = [u for u in named if u.level == level] if level else named
        for above in contexts:
            inside = _inside(units, above)
            if level is None:  # "Tân Lạc" under a province: the district, not a commune of that name
                inside = [u for u in inside if u.level == "district"] or inside
            if len(inside) == 1:
                return inside[0]
        return units[0] if len(units) == 1 and level is not None else None

    def _made(self, start: int, end: int, unit: Unit) -> Place:
        c = Candidate(start, end, self.layout.text[start:end], "", None, "table", (unit,))
        c.found, c.rule = unit, "table.place"
        self.units[start, end] = unit
        return place.mention(self.layout.text, c)

    # --- what they carry

    def owners(self, places: Sequence[Place]) -> list[int | None]:
        """For each place the work of its row, where no lower one of the row lies in it."""
        rows: dict[tuple[int, int], list[int]] = defaultdict(list)
        owners: list[int | None] = [None] * len(places)
        at = [p.start for p in places]
        for zone in self.zones:
            if zone.owner is not None and zone.carries:
                inside = range(bisect_left(at, zone.start), bisect_left(at, zone.end))
                rows[zone.owner, 0] += inside
        for (owner, _), members in rows.items():
            few = members[:_MOST]
            for i in few:
                if owners[i] is None and not self._over(places[i], [places[j] for j in few]):
                    owners[i] = owner
        self._from_groups(places, owners)
        return owners

    def _over(self, p: Place, others: Sequence[Place]) -> bool:
        """Whether a place of the same row lies in ``p``; one that was not resolved does where it stands before ``p`` in
        its cell: "xã A, huyện B"."""
        unit, zone, rank = self._unit_of(p), self.zone_at(p.start), _ORDER.index(p.level)
        for o in others:
            lower = self._unit_of(o)
            if unit is not None and lower is not None and lower is not unit and inside_of(lower, unit):
                return True
            before = o.end <= p.start and not o.code and _ORDER.index(o.level) > rank
            if before and self.zone_at(o.start) is zone:
                return True
        return False

    def _unit_of(self, p: Place) -> Unit | None:
        return self.units.get((p.start, p.end))

    def _from_groups(self, places: Sequence[Place], owners: list[int | None]) -> None:
        """A group's place carries the one undertaking below it that has no other."""
        placed = {o for o in owners if o is not None}
        bare: dict[Span, set[int]] = defaultdict(set)
        for zone in self.zones:
            if zone.group and zone.owner is not None and zone.owner not in placed:
                bare[zone.group].add(zone.owner)
        at = {p.start: i for i, p in enumerate(places)}
        for (start, _), works in bare.items():
            i = at.get(start)
            if len(works) == 1 and i is not None and owners[i] is None:
                owners[i] = next(iter(works))


def _inside(units: Sequence[Unit], above: Unit) -> list[Unit]:
    return [u for u in units if u is not above and inside_of(u, above)]


def _covered(taken: Sequence[Span], start: int, end: int) -> bool:
    i = bisect_left(taken, (start, 0))
    return (i < len(taken) and taken[i][0] < end) or (i > 0 and taken[i - 1][1] > start)
