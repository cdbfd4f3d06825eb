"""Administrative units that a report names, resolved to their official codes."""

from collections import Counter, defaultdict

from rules.layout import Layout
from rules.place.candidate import Candidate, level_of
from rules.place.gazetteer import Unit, legacy_province_of_current, load
from rules.place.mention import Place
from rules.place.resolve import REFORM, Resolver
from rules.place.scan import Scanner
from rules.place.spelling import modern_marks

__all__ = ["Place", "document_province", "find"]


def find(layout: Layout) -> list[Place]:
    """All mentions of administrative units in a report, in text order, resolved."""
    gazetteer = load()
    resolver = Resolver(layout, Scanner(layout.text, gazetteer).scan())
    return [_place(layout.text, c) for c in resolver.run()]


def _place(text: str, c: Candidate) -> Place:
    unit = c.found
    if unit is not None:
        level, name, code, province = unit.level, unit.name, unit.code, _legacy_province(unit)
        now = unit if unit.regime == "current" else unit.holder
    else:
        level, code, now = level_of(c), None, c.heir.holder if c.heir else None
        base = " ".join(map(str.capitalize, c.name.split())) if c.name.isupper() else c.name
        name = f"{(c.kind or '').capitalize()} {modern_marks(base)}".strip()
        above = c.parent.found if c.parent is not None and c.parent.found is not None else c.heir
        province = _legacy_province(above) if above is not None else None
    candidates = tuple(sorted(u.code for u in c.options if u.code))
    return Place(
        start=c.start,
        end=c.end,
        text=text[c.start : c.end],
        level=level,
        name=name,
        code=code,
        province_code=province.code if province else None,
        province_name=province.name if province else None,
        current_code=now.code if now else None,
        current_name=now.name if now else None,
        current_province_code=now.province.code if now else None,
        current_province_name=now.province.name if now else None,
        status="resolved" if code else "ambiguous" if candidates else "unknown",
        candidates=candidates,
        rule=c.rule,
    )


def _legacy_province(unit: Unit) -> Unit | None:
    """The province of the 63 that a unit of any list lies in."""
    legacy = load().legacy
    if unit.regime == "current":
        return legacy.get(legacy_province_of_current(unit.code or ""))
    if unit.province.regime == "ended":
        return legacy[unit.now[0]] if len(unit.now) == 1 else None
    return unit.province


def document_province(layout: Layout, places: list[Place]) -> str | None:
    """Legacy code of the province that the report is about; None where several share it.

    A province scores by the distinct units of it that are named, by the headline and, a little, by repetition; it
    must lead the next one clearly, or be the only one in the headline. In a text of the current units a province's
    own name says little, since today's province covers several of the 63: there the communes decide, where all that
    are named lie in one.
    """
    homes = {p.province_code for p in places if p.level != "province" and p.province_code}
    if len(homes) == 1 and _is_current(layout, places):
        return homes.pop()
    units: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    mentions: Counter[str] = Counter()
    start, end = layout.title or (0, 0)
    headline = set()
    for p in places:
        if p.province_code is None:
            continue
        units[p.province_code].add((p.level, p.name))
        mentions[p.province_code] += 1
        if start <= p.start < end:
            headline.add(p.province_code)
    score = {c: len(units[c]) + 0.2 * min(mentions[c], 10) + 3 * (c in headline) for c in units}
    ranked = sorted(score, key=lambda c: (-score[c], c))
    if not ranked or len(ranked) == 1 or headline == {ranked[0]}:
        return ranked[0] if ranked else None
    return ranked[0] if score[ranked[0]] >= 1.5 * score[ranked[1]] else None


def _is_current(layout: Layout, places: list[Place]) -> bool:
    """Whether a report names units of after June 2025: by its date, else by communes that only that list has."""
    if layout.published is not None:
        return layout.published >= REFORM
    legacy = load().legacy
    return any(
        p.level == "commune" and p.code is not None and (p.code not in legacy or legacy[p.code].name != p.name)
        for p in places
    )
