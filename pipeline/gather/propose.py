"""Which mentions are worth a comparison: those that share a key.

Keys are cheap and many, so that what is one undertaking shares at least one, however it is told. A key holds the widest
place in which its sign tells (:mod:`pipeline.gather.rarity`): a sign that very many undertakings of a district have is
a key in a commune, and none at all where a commune has many of them. Where one undertaking is told very often, its
mentions are put in order, and each is compared with the next few.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import combinations

from pipeline.gather.compare import exact
from pipeline.gather.contradict import is_group
from pipeline.gather.mention import Mention
from pipeline.gather.rarity import DISTRICT, HOME, NAMES, Rarity, sum_sign
from pipeline.gather.words import key as word_key
from pipeline.gather.words import pairs, proper_names, receiver, specific

_MOST = 12  # mentions of a key that are compared each with each
_RAREST = 2  # pairs of words of a name that are keys together with a sum or a name
_SHORT = 2  # own words of a name that says little
_NEXT = 5  # of more, how many neighbours in order


def candidates(mentions: Sequence[Mention], rarity: Rarity) -> Iterator[tuple[int, int]]:
    """Pairs of places in ``mentions``, the smaller first, each once, in order; never of one document."""
    by_key: defaultdict[Hashable, list[int]] = defaultdict(list)
    for place, mention in enumerate(mentions):
        for key in set(keys(mention, rarity)):
            by_key[key].append(place)
    found: set[tuple[int, int]] = set()
    for places in by_key.values():
        if len(places) > 1:
            found.update(_pairs(mentions, places))
    yield from sorted(pair for pair in found if _may_be(mentions[pair[0]], mentions[pair[1]]))


def _may_be(a: Mention, b: Mention) -> bool:
    """Not of one report, and not in two districts or communes: the contradictions that rule out most pairs."""
    if a.doc_id == b.doc_id or (a.n_projects > 1) != (b.n_projects > 1):
        return False
    if a.districts and b.districts and a.districts != b.districts and set(a.districts).isdisjoint(b.districts):
        return False
    return not (a.communes and b.communes and a.communes != b.communes and set(a.communes).isdisjoint(b.communes))


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


def keys(m: Mention, rarity: Rarity) -> Iterator[Hashable]:
    """The keys of one mention, in words: of the name with the place, receiver, sums and names of its own."""
    if is_group(m) or m.kind in ("chuong_trinh", "ke_hoach"):
        yield "group", m.kind, m.programme, m.year or m.year_told, m.n_projects if m.n_projects < 20 else 0
        if "n_projects" in m.firm:
            for count in m.counts:
                number = count.partition(" ")[0]
                if number.isdigit():
                    yield "group", m.kind, m.programme, m.year or m.year_told, int(number)
        return
    levels = {figure: rarity.level(sum_sign(figure)) for figure in m.figures}
    districts = m.districts or m.report_districts or ("",)
    yield from _name_keys(m, rarity, levels, districts)
    for who in m.receivers:
        words = receiver(who)
        for place in ("",) if rarity.level(words) == HOME else m.current_communes:
            yield "receiver", words, place
        for figure in levels:
            for place in _places(m, rarity.level(words, sum_sign(figure)), ("",)):
                yield "receiver and sum", words, figure, place
    for figure, level in levels.items():
        if exact(figure) and level == HOME:
            yield "sum", figure
        for place in _places(m, level, districts):
            yield "sum and place", figure, place
    for proper in m.names[:NAMES]:
        for place in _places(m, rarity.level(proper), districts):
            yield "own name and place", proper, place


def _name_keys(m: Mention, rarity: Rarity, figures: Iterable[int], districts: Sequence[str]) -> Iterator[Hashable]:
    """Pairs of words of the name with places, and with sums and names around it; own names of the name with places."""
    words = rarity.sorted(pairs(m.name)) if m.name else []
    for pair in words:
        for place in _places(m, rarity.level(pair), districts):
            yield "name", pair, place
    for pair in words[:_RAREST]:
        for figure in figures:
            for place in _places(m, rarity.level(pair, sum_sign(figure)), ("",)):
                yield "name and sum", pair, figure, place
        for proper in m.names[:NAMES]:
            for place in _places(m, rarity.level(pair, proper), ("",)):
                yield "name and own name", pair, proper, place
    # A name that says little ("kè giai đoạn 1") points to what its report is about.
    own = (
        m.report_names
        if len(specific(m.name or "")) < _SHORT
        else tuple(word_key(n) for *_, n in proper_names(m.name or ""))
    )
    for proper in own:
        for place in _places(m, rarity.level(proper), districts):
            yield "own name and place", proper, place


def _places(m: Mention, level: int | None, districts: Sequence[str]) -> Sequence[str]:
    """Where a sign of the mention tells, which does so in places of this level."""
    if level is None:
        return ()
    return districts if level <= DISTRICT else m.current_communes
