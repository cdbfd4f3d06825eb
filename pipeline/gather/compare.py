"""Two mentions -> named features: what speaks for one undertaking, and what against it."""

from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz import fuzz

from pipeline.gather.contradict import is_group, same_receiver
from pipeline.gather.mention import Mention
from pipeline.gather.words import folded_name, pairs, phases, specific, thing

_SUMS = ("total_vnd", "support_vnd", "counterpart_vnd")
TYPO = 90.0  # of 100: names that differ in a few letters
_TOLD = 0.5  # share of a name's pairs of words that the other report tells
ROUGH = 0.1  # by how much a rounded figure may be off
_NEAR = 0.03  # a figure that was adjusted a little, or rounded


def features(a: Mention, b: Mention) -> tuple[str, ...]:
    """Names of all that holds of the two, the same whichever comes first."""
    groups = is_group(a) and is_group(b)
    found = [*_names(a, b), *_sums(a, b), *_places(a, b), *_people(a, b), *_time(a, b)]
    if groups:
        found = [f"group.{name}" for name in found] + ["group"]
    return tuple(dict.fromkeys(found))


def _names(a: Mention, b: Mention) -> Iterator[str]:
    told = max(_told(a, b), _told(b, a))
    if a.name and b.name:
        yield from _spellings(a.name, b.name, told)
    elif a.name or b.name:
        yield "name.missing"
    if a.name and b.name:
        mine, others = thing(a.name), thing(b.name)
        if mine is not None and others is not None:
            yield "thing.same" if mine == others else "thing.differs"
    if told >= _TOLD:
        yield "name.told"
    if phases(a.text) & phases(b.text):
        yield "phase.same"
    shared = len({*a.names} & {*b.names})
    if shared:
        yield "proper.shared"
    if shared > 1:
        yield "proper.two"
    if not shared and ({*a.names} & {*b.report_names} or {*b.names} & {*a.report_names}):
        yield "proper.report"


def _spellings(one: str, other: str, told: float) -> Iterator[str]:
    mine, others = {*specific(one)}, {*specific(other)}
    shared = len(mine & others)
    least = min(len(mine), len(others))
    if not least:
        yield "name.general"  # it says nothing, or no more than very many names do
    elif folded_name(one) == folded_name(other):
        yield "name.same"
    elif fuzz.ratio(folded_name(one), folded_name(other)) >= TYPO:
        yield "name.typo"
    elif shared == least:
        yield "name.within"
    elif 2 * shared >= least:
        yield "name.half"
    elif told < _TOLD:  # else one report describes what the other names
        yield "name.little" if shared else "name.apart"
    if pairs(one) & pairs(other):
        yield "name.pair"
    if shared > 2:
        yield "name.three"


def _told(a: Mention, b: Mention) -> float:
    """Share of the pairs of words of a's name that the report of b tells."""
    mine = pairs(a.name) if a.name else frozenset()
    return len(mine.intersection(b.told)) / len(mine) if mine else 0.0


def _sums(a: Mention, b: Mention) -> Iterator[str]:
    for column in _SUMS:
        mine, others = getattr(a, column), getattr(b, column)
        name = column.removesuffix("_vnd")
        if mine is None or others is None:
            known = mine if others is None else others
            other = b if others is None else a
            if known is not None and known in other.sums:
                yield f"{name}.told"
        elif mine == others:
            yield f"{name}.same"
        elif rounds(mine, others) or abs(mine - others) <= _NEAR * max(mine, others):
            yield f"{name}.near"
        elif mine in b.sums or others in a.sums:
            yield f"{name}.told"
        else:
            yield f"{name}.differs"
    shared = {*a.sums} & {*b.sums}
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


@lru_cache(maxsize=1 << 14)
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


def _people(a: Mention, b: Mention) -> Iterator[str]:
    if any(same_receiver(mine, other) for mine in a.receivers for other in b.receivers):
        yield "receiver.same"


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
