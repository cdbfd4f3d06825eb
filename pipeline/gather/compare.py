"""Two mentions -> named features: what speaks for one undertaking, and what against it."""

from collections.abc import Hashable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from pipeline.gather.contradict import is_group, same_receiver
from pipeline.gather.mention import Mention
from pipeline.gather.rarity import COMMUNE, DISTRICT, HOME, Rarity, near_sign, sum_sign
from pipeline.gather.words import folded_name, key, pairs, phases, receiver, specific, thing
from rules.place import gazetteer

_SUMS = ("total_vnd", "support_vnd", "counterpart_vnd")
TYPO = 90.0  # of 100: names that differ in a few letters
_TOLD = 0.5  # share of a name's pairs of words that the other report tells
ROUGH = 0.1  # by how much a rounded figure may be off
_ALL_TELL = Rarity()
_EACH = 2  # own words of either name that the other has not: two things under one title
_NEAR = 0.03  # a figure that was adjusted a little, or rounded


def features(a: Mention, b: Mention, rarity: Rarity = _ALL_TELL) -> tuple[str, ...]:
    """Names of all that holds of the two, the same whichever comes first.

    A sign that they share counts where it tells something among the mentions that ``rarity`` knows.
    """
    level = _level(a, b)
    if rarity.proven(_signs(a, b, rarity), level):
        rarity = _ALL_TELL
    names, sums = _names(a, b, rarity, level), _sums(a, b, rarity, level)
    found = [*names, *sums, *_places(a, b), *_people(a, b, rarity, level), *_time(a, b)]
    if is_group(a) and is_group(b):
        found = [f"group.{name}" for name in found] + ["group"]
    return tuple(dict.fromkeys(found))


def _signs(a: Mention, b: Mention, rarity: Rarity) -> Iterator[Hashable]:
    """Of what they share the rarest of the name, the receivers, the sums and the names around them: four that do not
    follow from another, nor from the place."""
    words = pairs(a.name) & pairs(b.name) if a.name and b.name else frozenset()
    receivers = [receiver(mine) for mine in a.receivers if any(same_receiver(mine, other) for other in b.receivers)]
    sums = [sum_sign(figure) for figure in a.figures & b.figures]
    around = () if receivers else ({*a.names} & {*b.names}) - words - places_of(a)
    for found in (words, receivers, sums, around if len(around) > 1 else ()):
        if found:
            yield rarity.sorted(found)[0] if len(found) > 1 else next(iter(found))


def places_of(m: Mention) -> set[int]:
    """Keys of the names of the communes where it lies."""
    return {name for code in (*m.communes, *m.current_communes) for name in _unit(code)}


@lru_cache(maxsize=1 << 14)
def _unit(code: str) -> frozenset[int]:
    """Pairs of neighbouring words of the names that a code stands for."""
    units = gazetteer.load()
    known = [unit for unit in (units.legacy.get(code), units.current.get(code)) if unit is not None]
    return frozenset(key(" ".join(two)) for unit in known for two in pairwise(unit.base.lower().split()))


def _level(a: Mention, b: Mention) -> int:
    """The narrowest place that they share."""
    if _share(a.communes, b.communes) or _share(a.current_communes, b.current_communes):
        return COMMUNE
    return DISTRICT if _share(a.districts, b.districts) else HOME


def _share(mine: Sequence[object], others: Sequence[object]) -> bool:
    return bool(mine) and bool(others) and not set(mine).isdisjoint(others)


def _names(a: Mention, b: Mention, rarity: Rarity, level: int) -> Iterator[str]:
    told = max(_told(a, b, rarity, level), _told(b, a, rarity, level))
    if a.name and b.name:
        yield from _spellings(a.name, b.name, told, rarity, level)
        mine, others = thing(a.name), thing(b.name)
        if mine is not None and others is not None:
            yield "thing.same" if mine == others else "thing.differs"
    elif a.name or b.name:
        yield "name.missing"
    if told >= _TOLD:
        yield "name.told"
    if phases(a.text) & phases(b.text):
        yield "phase.same"
    shared = len({*a.names} & {*b.names})
    if shared:
        yield "proper.shared"
    if shared > 1:
        yield "proper.two"
    if not shared and (_share(a.names, b.report_names) or _share(b.names, a.report_names)):
        yield "proper.report"


def _spellings(one: str, other: str, told: float, rarity: Rarity, level: int) -> Iterator[str]:
    mine, others = {*specific(one)}, {*specific(other)}
    shared, least = mine & others, min(len(mine), len(others))
    telling = rarity.telling(shared, level)
    if not least or (2 * len(shared) >= least and not telling):
        yield "name.general"  # it says nothing, or no more than very many names do
    elif folded_name(one) == folded_name(other):
        yield "name.same"
    elif fuzz.ratio(folded_name(one), folded_name(other)) >= TYPO:
        yield "name.typo"
    elif len(shared) == least:
        yield "name.within"
    elif 2 * len(shared) >= least:
        yield "name.half"
    elif told < _TOLD:  # else one report describes what the other names
        yield "name.little" if shared else "name.apart"
    if shared and min(len(mine - shared), len(others - shared)) >= _EACH:
        yield "name.each"
    if rarity.telling(pairs(one) & pairs(other), level):
        yield "name.pair"
    if telling > 2:
        yield "name.three"


def _told(a: Mention, b: Mention, rarity: Rarity, level: int) -> float:
    """Share of the pairs of words of a's name that the report of b tells, as far as they tell anything."""
    mine = pairs(a.name) if a.name else frozenset()
    return rarity.telling(b.tells(mine), level) / len(mine) if mine else 0.0


def _sums(a: Mention, b: Mention, rarity: Rarity, level: int) -> Iterator[str]:
    for column in _SUMS:
        found = _sum(a, b, getattr(a, column), getattr(b, column), rarity, level)
        if found:
            yield f"{column.removesuffix('_vnd')}.{found}"
    shared = [figure for figure in {*a.sums} & {*b.sums} if rarity.tells(sum_sign(figure), level)]
    if len(shared) > 1:
        yield "sums.two"
    if any(exact(figure) for figure in shared):
        yield "sums.exact"
    if a.n_beneficiaries and b.n_beneficiaries:
        same = a.n_beneficiaries == b.n_beneficiaries
        near = abs(a.n_beneficiaries - b.n_beneficiaries) <= 0.1 * max(a.n_beneficiaries, b.n_beneficiaries)
        yield "heads.same" if same else "heads.near" if near else "heads.differ"
    counts = len({*a.counts} & {*b.counts})
    if counts:
        yield "counts.shared"
    if counts > 1:
        yield "counts.two"


def _sum(a: Mention, b: Mention, mine: int | None, others: int | None, rarity: Rarity, level: int) -> str | None:
    """What two figures of one column say; None where it is nothing."""
    if mine is None or others is None:
        known, other = (mine, b) if others is None else (others, a)
        told = known is not None and known in other.sums
        return "told" if told and known is not None and rarity.tells(sum_sign(known), level) else None
    if mine == others:
        return "same" if rarity.tells(sum_sign(mine), level) else None
    if rounds(mine, others) or abs(mine - others) <= _NEAR * max(mine, others):
        return "near" if rarity.tells(near_sign(mine), level) and rarity.tells(near_sign(others), level) else None
    return "told" if mine in b.sums or others in a.sums else "differs"


@lru_cache(maxsize=1 << 15)
def digits(figure: int) -> int:
    """Number of printed digits of a figure, about.

    >>> digits(1_148_000_000), digits(300_000_000)
    (4, 1)
    """
    return len(str(figure).rstrip("0"))


def exact(figure: int) -> bool:
    """Whether a figure is too uneven to be the same by chance often."""
    return digits(figure) > 2


def rounds(one: int, other: int) -> bool:
    """Whether the rounder of two figures fits the other.

    >>> rounds(163_000_000_000, 163_420_000_000), rounds(1_900_000_000, 1_860_000_000), rounds(1_000, 1_280)
    (True, True, False)
    """
    rough, fine = sorted((one, other), key=digits)
    unit = 10 ** (len(str(rough)) - digits(rough))
    return digits(rough) < digits(fine) and abs(rough - fine) < min(unit, ROUGH * fine)


def _places(a: Mention, b: Mention) -> Iterator[str]:
    if {*a.communes} & {*b.communes} or {*a.current_communes} & {*b.current_communes}:
        yield "place.commune"
    if {*a.districts} & {*b.districts}:  # one that lies in more districts may be two that were taken for one
        yield "place.district" if {*a.districts} == {*b.districts} else "place.partly"
    elif {*a.districts, *a.report_districts} & {*b.districts, *b.report_districts}:
        yield "place.report"


def _people(a: Mention, b: Mention, rarity: Rarity, level: int) -> Iterator[str]:
    for mine in a.receivers:
        if rarity.tells(receiver(mine), level) and any(same_receiver(mine, other) for other in b.receivers):
            yield "receiver.same"
            return


def _time(a: Mention, b: Mention) -> Iterator[str]:
    if a.year is not None and a.year == b.year:
        yield "year.same"
    elif a.year is not None and b.year is not None:
        yield "year.differs"
    else:
        first, second = a.year or a.year_told, b.year or b.year_told
        if first is not None and first == second:
            yield "year.told"
    if a.programme is not None and a.programme == b.programme:
        yield "programme.same"
    yield "kind.same" if a.kind == b.kind else "kind.other"
