"""Administrative units that a report names, resolved to their official codes."""

from collections import Counter, defaultdict

from rules.layout import Layout
from rules.place.gazetteer import Unit, load
from rules.place.mention import Place
from rules.place.relate import level_of
from rules.place.resolve import REFORM, Resolver
from rules.place.scan import Candidate, Scanner
from rules.place.spelling import modern_marks

__all__ = ["Place", "document_province", "find"]


def find(layout: Layout) -> list[Place]:
    """All mentions of administrative units in a report, in text order, resolved."""
    gazetteer = load()
    resolver = Resolver(layout, Scanner(layout.text, gazetteer).scan())
    return [_place(layout.text, c) for c in resolver.run()]


def _place(text: str, c: Candidate) -> Place:
    unit = c.found
    span = text[c.start : c.end]
    if unit is None:
        kind = c.kind or ""
        name = f"{kind.capitalize()} {modern_marks(c.name)}".strip()
        level = level_of(c)
        parent = c.parent.found if c.parent is not None else None
        province = parent.province if parent else None
        codes = tuple(sorted(u.code for u in c.options if u.code))
        status = "ambiguous" if codes else "unknown"
        return Place(c.start, c.end, span, level, name, None, province.code if province else None,
                     province.name if province else None, None, None, None, None, status, codes, c.rule)  # fmt: skip
    province = _legacy_province(unit)
    holder = unit if unit.regime == "current" else unit.holder
    current_province = holder.province if holder else None
    return Place(c.start, c.end, span, unit.level, unit.name, unit.code, province.code if province else None,
                 province.name if province else None, holder.code if holder else None, holder.name if holder else None,
                 current_province.code if current_province else None,
                 current_province.name if current_province else None,
                 "resolved" if unit.code else "unknown", (), c.rule)  # fmt: skip


def _legacy_province(unit: Unit) -> Unit | None:
    if unit.regime == "current":
        gazetteer = load()
        if unit.level == "province":
            return next((u for u in gazetteer.legacy.values() if u.level == "province" and u.base == unit.base), None)
        old = next((u for u in gazetteer.legacy.values() if unit.code in u.now), None)
        return old.province if old else None
    return unit.province


def document_province(layout: Layout, places: list[Place]) -> str | None:
    """Legacy code of the province that the report is about; None where several share it.

    A province scores by the distinct units of it that are named, by the headline and, a little, by repetition;
    it must lead the next one clearly.
    """
    units: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    mentions: Counter[str] = Counter()
    lower = any(p.level != "province" and p.province_code for p in places)
    title = layout.title or (0, 0)
    headline = set()
    for p in places:
        merged = p.level == "province" and p.code is not None and p.code == p.current_code and lower
        if p.province_code is None or (merged and p.code != p.province_code):
            continue
        if layout.published and layout.published >= REFORM and p.level == "province" and lower:
            continue
        units[p.province_code].add((p.level, p.name))
        mentions[p.province_code] += 1
        if title[0] <= p.start < title[1]:
            headline.add(p.province_code)
    score = {c: len(units[c]) + 0.2 * min(mentions[c], 10) + 3 * (c in headline) for c in units}
    ranked = sorted(score, key=lambda c: (-score[c], c))
    if len(ranked) > 1 and score[ranked[0]] < 1.5 * score[ranked[1]]:
        return None
    return ranked[0] if ranked else None
