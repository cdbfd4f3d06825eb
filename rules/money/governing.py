"""The words that govern one sum: which of the phrases around it is nearest and firmest."""

from typing import NamedTuple

from rules.money.clauses import ASIDE, Clause
from rules.money.cues import Cue, Rule, find_cues, rates

_STRENGTH = {"strong": 0.0, "adjacent": 0.9, "weak": 1.0, "faint": 2.0}
_HELPERS = {"part": 0.4, "same": 0.6}  # give way to a strong phrase in the same clause, not to a weak one
_COMMA = 1.5  # a strong phrase beyond a comma is weaker than a weak one on this side of it
_OUTSIDE = 0.3  # for words outside the bracket that the sum stands in
_BEHIND = 0.5
_RATE = 0.95
_REACH = 10  # words behind the sum that may still govern it
_STOPS = frozenset(",.;:()[]!?")


class Governing(NamedTuple):
    """A phrase that governs a sum, at words [first, last], and its rank: 0 is firmest."""

    rank: float
    distance: int
    first: int
    last: int
    rule: Rule


def governing(clause: Clause, at: int, cues: list[Cue]) -> Governing | None:
    """The phrase that governs the sum at word ``at``; ``cues`` are the "before" phrases of the clause."""
    found = [*_before(clause, at, cues), *_behind(clause, at)]
    best = min(found, default=None)
    rate = _rate(clause, at)
    if rate is None:
        return best
    if best is None or best.rank > rate.rank:
        return rate
    wages = "thu" in clause.words[best.first : best.last + 1] and rate.rule.id == "price.wage"
    return rate if wages and best.rule.role == "revenue" else best


def _before(clause: Clause, at: int, cues: list[Cue]) -> list[Governing]:
    """Phrases in front of the sum, back to the sum before it or a semicolon."""
    found: list[Governing] = []
    commas = _visible(clause, at)
    for cue in cues:
        if cue.last not in commas or cue.first not in commas or cue.rule.role == "none":
            continue
        distance = at - cue.last
        if cue.rule.strength == "adjacent" and distance > 3:
            continue
        rank = _HELPERS.get(cue.rule.role, _STRENGTH[cue.rule.strength]) + commas[cue.last]
        found.append(Governing(rank, distance, cue.first, cue.last, cue.rule))
    return found


def _visible(clause: Clause, at: int) -> dict[int, float]:
    """Words in front of the sum that may govern it, each with what the way to it costs."""
    cost: dict[int, float] = {}
    level, quote, price = clause.bracket[at], clause.quote[at], 0.0
    for i in range(at - 1, -1, -1):
        if clause.bracket[i] != level:
            if i == clause.opened.get(level, -1) - 1 or level in clause.opened and i < clause.opened[level]:
                level = clause.parent[level]
                price += _OUTSIDE
            if clause.bracket[i] != level:
                continue
        word = clause.words[i]
        if word in ("", ";"):
            break
        if word == ",":
            price += 0.1 if price >= _COMMA else _COMMA
        if clause.bracket[i] != ASIDE and clause.quote[i] in (0, quote):
            cost[i] = price
    return cost


def _behind(clause: Clause, at: int) -> list[Governing]:
    """Phrases behind the sum, up to the next punctuation mark or sum."""
    stop = at + 1
    while stop < len(clause.words) and stop - at <= _REACH + 4:
        word = clause.words[stop]
        if word == "" or word in _STOPS:
            break
        stop += 1
    return [
        Governing(_STRENGTH[cue.rule.strength] + _BEHIND, cue.first - at, cue.first, cue.last, cue.rule)
        for cue in find_cues(clause.words, at + 1, stop, "after")
        if cue.first - at <= _REACH
    ]


def _rate(clause: Clause, at: int) -> Governing | None:
    """The unit behind the sum that makes it a price or a wage: ``/kg``, ``mỗi m2``, ``/người/tháng``."""
    words = clause.words[at + 1 : at + 5]
    if len(words) < 2 or words[0] not in ("/", "mỗi", "một"):
        return None
    units = rates()
    if words[1] in units.goods and words[1] not in units.wage:
        return Governing(_RATE, 1, at + 1, at + 2, Rule("price.rate", "price", "weak"))
    wage = words[1] in units.wage and (words[0] == "/" or words[1] == "tháng" or words[1] == "ngày")
    return Governing(_RATE, 1, at + 1, at + 2, Rule("price.wage", "price", "weak")) if wage else None
