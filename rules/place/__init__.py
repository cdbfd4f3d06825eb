"""Administrative units that a report names, resolved to their official codes."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from rules.layout import Layout
from rules.place.candidate import Candidate, level_of
from rules.place.gazetteer import Unit, legacy_province_of_current, load
from rules.place.mention import Place
from rules.place.resolve import REFORM, Resolver
from rules.place.scan import Scanner
from rules.place.spelling import modern_marks

_JOINTS = frozenset([",", "và", "-", "–", "&"])  # between two places of a list
_LEAD = 1.35  # times the score of the second province that the first must have
__all__ = ["Place", "document_province", "find", "mention"]


def find(layout: Layout) -> list[Place]:
    """All mentions of administrative units in a report, in text order, resolved."""
    gazetteer = load()
    resolver = Resolver(layout, Scanner(layout.text, gazetteer).scan())
    return [mention(layout.text, c) for c in resolver.run()]


def mention(text: str, c: Candidate) -> Place:
    """The mention that a resolved candidate is."""
    unit, now = c.found, _unit_of_today(c)
    today = now.province if now else None
    home = unit or _unit_above(c)
    province = _legacy_province(home) if home else None
    candidates = tuple(sorted(u.code for u in c.options if u.code))
    return Place(
        start=c.start,
        end=c.end,
        text=text[c.start : c.end],
        level=unit.level if unit else level_of(c),
        name=unit.name if unit else _printed_name(c),
        code=_code(unit),
        province_code=_code(province),
        province_name=_name(province),
        current_code=_code(now),
        current_name=_name(now),
        current_province_code=_code(today),
        current_province_name=_name(today),
        status="resolved" if _code(unit) else "ambiguous" if candidates else "unknown",
        candidates=candidates,
        rule=c.rule,
    )


def _code(unit: Unit | None) -> str | None:
    return unit.code if unit else None


def _name(unit: Unit | None) -> str | None:
    return unit.name if unit else None


def _printed_name(c: Candidate) -> str:
    """Type word and name of a candidate that is in no list, as the lists would print them."""
    base = " ".join(map(str.capitalize, c.name.split())) if c.name.isupper() else c.name
    return f"{(c.kind or '').capitalize()} {modern_marks(base)}".strip()


def _unit_of_today(c: Candidate) -> Unit | None:
    """The current unit that a candidate is, or that holds it."""
    if c.found is None:
        return c.heir.holder if c.heir else None
    return c.found if c.found.regime == "current" else c.found.holder


def _unit_above(c: Candidate) -> Unit | None:
    """A unit that shows where a candidate that is in no list lies: its parent, its successor, or its neighbour."""
    above = c.parent.found if c.parent is not None and c.parent.found is not None else c.heir
    return c.prev.found if above is None and c.how == "list" and c.prev is not None else above


def _legacy_province(unit: Unit) -> Unit | None:
    """The province of the 63 that a unit of any list lies in."""
    legacy = load().legacy
    if unit.regime == "current":
        return legacy.get(legacy_province_of_current(unit.code or ""))
    if unit.province.regime == "ended":
        return legacy[unit.now[0]] if len(unit.now) == 1 else None
    return unit.province


def document_province(layout: Layout, places: Sequence[Place]) -> str | None:
    """Legacy code of the province that the report is about; None where several share it.

    A province scores by the distinct units of it that are named, by the headline and, a little, by repetition; it
    must lead the next one clearly, or open the headline. In a text of the current units a province's
    own name says little, since today's province covers several of the 63: there the communes decide, where all that
    are named lie in one.
    """
    if home := _one_home(layout, places):
        return home
    named, listed = _in_headline(layout, places)
    score = _province_scores(places)
    if len(named) < 3:
        for code, bonus in zip(named, (3, 3) if listed else (4, 2), strict=False):
            score[code] += bonus
    ranked = sorted(score, key=lambda code: (-score[code], code))
    if len(ranked) < 2:
        return ranked[0] if ranked else None
    leads = score[ranked[0]] >= _LEAD * score[ranked[1]]
    return ranked[0] if leads or (named[:1] == ranked[:1] and not listed) else None


def _one_home(layout: Layout, places: Sequence[Place]) -> str | None:
    """In a text of the current units the one province in which all that it names below provinces lie."""
    homes = {p.province_code for p in places if p.level != "province" and p.province_code}
    return homes.pop() if len(homes) == 1 and _is_current(layout, places) else None


def _in_headline(layout: Layout, places: Sequence[Place]) -> tuple[list[str], bool]:
    """The provinces of the headline, in order, and whether it lists them."""
    start, end = layout.title or (0, 0)
    headline = [p for p in places if p.province_code and start <= p.start < end]
    named = list(dict.fromkeys(p.province_code for p in headline if p.province_code))
    pairs = [(a, b) for a, b in pairwise(headline) if a.province_code != b.province_code]
    return named, any(layout.text[a.end : b.start].strip() in _JOINTS for a, b in pairs)


def _province_scores(places: Sequence[Place]) -> dict[str, float]:
    units: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    mentions: Counter[str] = Counter()
    for p in places:
        if p.province_code is not None:
            units[p.province_code].add((p.level, p.name))
            mentions[p.province_code] += 1
    return {code: len(units[code]) + 0.2 * min(mentions[code], 10) for code in units}


def _is_current(layout: Layout, places: Sequence[Place]) -> bool:
    """Whether a report names units of after June 2025: by its date, else by communes that only that list has."""
    if layout.published is not None:
        return layout.published >= REFORM
    legacy = load().legacy
    return any(
        p.level == "commune" and p.code is not None and (p.code not in legacy or legacy[p.code].name != p.name)
        for p in places
    )
