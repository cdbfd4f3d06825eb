"""Which mentions are worth a comparison: those that share a key, and say something alike.

Keys are cheap and many, so that what is one undertaking shares at least one, however it is told. A key holds the widest
place in which its sign tells (:mod:`pipeline.gather.rarity`): a sign that very many undertakings of a district have is
a key in a commune, and none at all where a commune has many of them. Where one undertaking is told very often, its
mentions are put in order, and each is compared with the next few.

Keys are kept as numbers beside the places of their mentions and sorted, pairs as one number each: a large archive of
one city takes a few hundred bytes a mention.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations

import numpy as np

from pipeline.gather.compare import exact
from pipeline.gather.contradict import is_group, of_one_report, receivers, years
from pipeline.gather.mention import Mention
from pipeline.gather.rarity import DISTRICT, HOME, NAMES, Rarity, sum_sign
from pipeline.gather.words import key as word_key
from pipeline.gather.words import pairs, proper_names, receiver, specific

_MOST = 12  # mentions of a key that are compared each with each
_RAREST = 2  # pairs of words of a name that are keys together with a sum or a name
_SHORT = 2  # own words of a name that says little
_NEXT = 5  # of more, how many neighbours in order

Key = tuple[int, ...]
"""What kind of key it is, and numbers of signs and places: `hash` makes the same number of it in every process"""

_GROUP, _WHO, _WHO_SUM, _SUM, _SUM_PLACE, _OWN_NAME, _NAME, _NAME_SUM, _NAMES = range(9)


def candidates(mentions: Sequence[Mention], rarity: Rarity) -> Iterator[tuple[int, int]]:
    """Pairs of places in ``mentions``, the smaller first, each once, in order; never of one document."""
    number = len(mentions)
    found = array("Q")
    for places in _blocks(mentions, rarity):
        found.extend(one * number + other for one, other in _pairs(mentions, places))
    for code in np.unique(np.asarray(found, np.uint64)).tolist():
        first, second = divmod(code, number)
        if _may_be(mentions[first], mentions[second]) and _alike(mentions[first], mentions[second]):
            yield first, second


def _blocks(mentions: Sequence[Mention], rarity: Rarity) -> Iterator[list[int]]:
    """Places of the mentions that share a key, in order; not of keys that only one has."""
    hashes, places = array("q"), array("I")
    for place, mention in enumerate(mentions):
        own = {hash(key) for key in keys(mention, rarity)}
        hashes.extend(own)
        places.extend([place] * len(own))
    order = np.argsort(np.asarray(hashes), kind="stable")
    sorted_hashes, sorted_places = np.asarray(hashes)[order], np.asarray(places)[order]
    ends = np.flatnonzero(sorted_hashes[1:] != sorted_hashes[:-1]) + 1
    starts = np.concatenate(([0], ends))
    sizes = np.diff(np.concatenate((starts, [len(order)])))
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        yield sorted_places[start : start + size].tolist()


def _may_be(a: Mention, b: Mention) -> bool:
    """Not of one report, and not in two districts or communes: the contradictions that rule out most pairs."""
    if of_one_report(a, b) or (a.n_projects > 1) != (b.n_projects > 1):
        return False
    if a.districts and b.districts and a.districts != b.districts and set(a.districts).isdisjoint(b.districts):
        return False
    return not (a.communes and b.communes and a.communes != b.communes and set(a.communes).isdisjoint(b.communes))


def _alike(a: Mention, b: Mention) -> bool:
    """They share a word of their names, a receiver or a sum; two of these where receivers or years are others, for
    they are then two, and at most worth a look."""
    if is_group(a) or not a.name or not b.name:
        return True
    other = receivers(a, b)
    needed = 1 + (other or years(a, b))
    needed -= bool(a.receivers) and bool(b.receivers) and not other
    needed -= needed > 0 and not a.figures.isdisjoint(b.figures)
    if needed == 1:
        word = not set(specific(a.name)).isdisjoint(specific(b.name))
        needed -= word or bool(a.tells(pairs(b.name)) or b.tells(pairs(a.name)))
    return needed <= 0


def _pairs(mentions: Sequence[Mention], places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """All pairs of a few; of more, those of each district, and those of neighbours where there are more yet."""
    if len(places) <= _MOST:
        yield from combinations(places, 2)
        return
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for place in places:
        for district in mentions[place].districts or ("",):
            groups[district].append(place)
    unknown = groups.pop("", [])
    for group in groups.values():
        if len(group) > _MOST:
            yield from _neighbours(mentions, group)
        else:
            yield from combinations(group, 2)
    if unknown:
        yield from _neighbours(mentions, places)


def _neighbours(mentions: Sequence[Mention], places: Sequence[int]) -> Iterator[tuple[int, int]]:
    ordered = sorted(places, key=lambda place: _order(mentions[place]))
    for number, place in enumerate(ordered):
        for other in ordered[number + 1 : number + 1 + _NEXT]:
            yield min(place, other), max(place, other)


def _order(m: Mention) -> tuple[object, ...]:
    """Puts what may be one side by side."""
    year = m.year or m.year_told or 0
    return m.districts, m.communes, m.receivers, year, m.support_vnd or 0, m.name or "", m.project_id


def keys(m: Mention, rarity: Rarity) -> Iterator[Key]:
    """The keys of one mention: of the name with the place, receiver, sums and names of its own."""
    if is_group(m) or m.kind in ("chuong_trinh", "ke_hoach"):
        yield from _group_keys(m)
        return
    levels = {figure: rarity.level(sum_sign(figure)) for figure in m.figures}
    districts = m.districts or m.report_districts or ("",)
    yield from _name_keys(m, rarity, levels, districts)
    for who in m.receivers:
        words = receiver(who)
        number = _number(words)
        for home in ("",) if rarity.level(words) == HOME else m.current_communes:
            yield _WHO, number, word_key(home)
        for figure in levels:
            for place in _places(m, rarity.level(words, sum_sign(figure)), ("",)):
                yield _WHO_SUM, number, figure, place
    for figure, level in levels.items():
        if exact(figure) and level == HOME:
            yield _SUM, figure
        for place in _places(m, level, districts):
            yield _SUM_PLACE, figure, place
    for proper in m.names[:NAMES]:
        for place in _places(m, rarity.level(proper), districts):
            yield _OWN_NAME, proper, place


def _group_keys(m: Mention) -> Iterator[Key]:
    """Kind, programme, year and count; the count that was planned as well, where it is said to be adjusted."""
    told = word_key(m.kind), word_key(m.programme or ""), m.year or m.year_told or 0
    yield _GROUP, *told, m.n_projects if m.n_projects < 20 else 0
    if "n_projects" in m.firm:
        for count in m.counts:
            number = count.partition(" ")[0]
            if number.isdigit():
                yield _GROUP, *told, int(number)


def _name_keys(m: Mention, rarity: Rarity, figures: Iterable[int], districts: Sequence[str]) -> Iterator[Key]:
    """Pairs of words of the name with places, and with sums and names around it; own names of the name with places."""
    words = rarity.sorted(pairs(m.name)) if m.name else []
    for pair in words:
        for place in _places(m, rarity.level(pair), districts):
            yield _NAME, pair, place
    for pair in words[:_RAREST]:
        for figure in figures:
            for place in _places(m, rarity.level(pair, sum_sign(figure)), ("",)):
                yield _NAME_SUM, pair, figure, place
        for proper in m.names[:NAMES]:
            for place in _places(m, rarity.level(pair, proper), ("",)):
                yield _NAMES, pair, proper, place
    # A name that says little ("kè giai đoạn 1") points to what its report is about.
    own = (
        m.report_names
        if len(specific(m.name or "")) < _SHORT
        else tuple(word_key(n) for *_, n in proper_names(m.name or ""))
    )
    for proper in own:
        for place in _places(m, rarity.level(proper), districts):
            yield _OWN_NAME, proper, place


def _places(m: Mention, level: int | None, districts: Sequence[str]) -> Iterator[int]:
    """Where a sign of the mention tells, which does so in places of this level."""
    if level is not None:
        yield from map(word_key, districts if level <= DISTRICT else m.current_communes)


@lru_cache(maxsize=1 << 15)
def _number(words: frozenset[str]) -> int:
    return word_key(" ".join(sorted(words)))
