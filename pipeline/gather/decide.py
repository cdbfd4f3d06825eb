"""Features -> one or two; joined sets that hold no contradiction."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz import fuzz

from pipeline.gather.compare import TYPO, digits, features, rounds
from pipeline.gather.contradict import contradiction, is_group
from pipeline.gather.mention import Mention
from pipeline.gather.propose import candidates
from pipeline.gather.rarity import Rarity
from pipeline.gather.words import folded_name
from rules import decide

CLASSES = ("two", "one")
PLANS = ("chuong_trinh", "ke_hoach")
_NEAR_MISS = 150  # hundredths of weight below a join at which a pair is shown to the reviewer
_MOST_NEAR = 3  # pairs shown for each mention
_PLAIN = frozenset({"report", "group", "kind", "district", "commune", "province"})
"""contradictions that nobody has to look at"""
_CLEAR = 40  # by how much a mention must be liker one of a report's mentions than another, to be joined with it
_FIT = 0.1  # share by which the money of one group may differ from plan to end


@cache
def weights() -> decide.Model:
    """The weights at work."""
    return decide.load(__package__, CLASSES)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two mentions, by their places, and how far they are over the line."""

    first: int
    second: int
    margin: int


@dataclass(slots=True)
class Joined:
    """Sets of places of mentions that are one, with what joined them; pairs that nearly were; both in a set order."""

    sets: list[list[int]]
    reasons: dict[int, list[str]] = field(default_factory=dict)
    """first place of a set -> reasons"""
    near: list[tuple[Pair, str]] = field(default_factory=list)
    """pairs that stayed apart, and why; a few for each mention"""
    scale: "Scale | None" = None
    """what weighed them"""


@dataclass(frozen=True, slots=True)
class Scale:
    """What weighs two mentions: weights, and how rare signs are among all mentions."""

    model: decide.Model
    rarity: Rarity

    def weigh(self, a: Mention, b: Mention) -> int:
        """Over 0 where the two are one. Contradictions are not looked at here."""
        if _counted(a, b):
            return _group(a, b)[0]
        return -self.model.lead(features(a, b, self.rarity))

    def reasons(self, a: Mention, b: Mention) -> tuple[str, ...]:
        """What speaks most for one."""
        if _counted(a, b):
            return _group(a, b)[1]
        told = self.model.reasons(features(a, b, self.rarity), "one")
        return tuple(name for name, weight in told if weight > 0)


def _counted(a: Mention, b: Mention) -> bool:
    return is_group(a) or is_group(b) or a.kind in PLANS or b.kind in PLANS


def _group(a: Mention, b: Mention) -> tuple[int, tuple[str, ...]]:
    """Counted groups and programmes: one where kind, count, programme, plan year and place are the same and neither
    name nor money speaks against it."""
    year = a.year or a.year_told
    same = a.kind == b.kind and a.programme == b.programme and a.districts == b.districts
    if not same or year is None or year != (b.year or b.year_told) or not _one_name(a, b):
        return -1000, ()
    if a.province_code != b.province_code or not a.home:
        return -1000, ()
    known = [(x, y) for x, y in ((a.support_vnd, b.support_vnd), (a.total_vnd, b.total_vnd)) if x and y]
    if any(not (rounds(x, y) or abs(x - y) <= _FIT * max(x, y)) for x, y in known):
        return -100, ()
    sure = a.programme is not None or (bool(a.name) and bool(b.name)) or any(x == y and digits(x) > 2 for x, y in known)
    reasons = ("group.count", "year.same", "programme.same" if a.programme else "name.same")
    return (100 if sure else -50), reasons


def _one_name(a: Mention, b: Mention) -> bool:
    if a.name is None or b.name is None:
        return a.name is b.name or not is_group(a) or a.programme is not None
    alike = fuzz.ratio(folded_name(a.name), folded_name(b.name)) >= TYPO
    return alike or (a.kind in PLANS and a.programme is not None)


def join(
    mentions: Sequence[Mention],
    same: Iterable[tuple[int, int]] = (),
    apart: Iterable[tuple[int, int]] = (),
    model: decide.Model | None = None,
) -> Joined:
    """Join mentions that are one. ``same`` and ``apart`` are pairs that are known: people's verdicts, and copies.

    The result depends on the mentions alone, not on their order. Likest pairs come first; two sets are joined only
    where no mention of one contradicts one of the other.
    """
    scale = Scale(model or weights(), Rarity(mentions))
    barred = {frozenset(pair) for pair in apart}
    sets = _Sets(mentions, barred)
    for first, second in sorted(same):
        sets.unite(first, second)
    weighed, near = [], []
    for first, second in candidates(mentions, scale.rarity):
        a, b = mentions[first], mentions[second]
        why = contradiction(a, b)
        if why in _PLAIN:
            continue
        pair = Pair(first, second, scale.weigh(a, b))
        if why is None and pair.margin > 0:
            weighed.append(pair)
        elif pair.margin > (-_NEAR_MISS if why is None else 0):
            near.append((pair, why or "too little"))
    unclear = _unclear(mentions, weighed)
    for pair in sorted(weighed, key=lambda p: (-p.margin, *_ids(mentions, p))):
        why = "two of a report" if pair in unclear else sets.unite(pair.first, pair.second, scale)
        if why:
            near.append((pair, why))
    joined = sets.result()
    joined.scale = scale
    joined.near = _nearest(mentions, near, joined.sets)
    return joined


def _nearest(
    mentions: Sequence[Mention], near: Iterable[tuple[Pair, str]], sets: Sequence[Sequence[int]]
) -> list[tuple[Pair, str]]:
    """Of pairs that stayed apart the few that came nearest, for each mention."""
    of = {place: number for number, members in enumerate(sets) for place in members}
    apart = [(pair, why) for pair, why in near if of[pair.first] != of[pair.second]]
    apart.sort(key=lambda one: (-one[0].margin, *_ids(mentions, one[0])))
    taken: Counter[int] = Counter()
    kept = []
    for pair, why in apart:
        if max(taken[pair.first], taken[pair.second]) < _MOST_NEAR:
            taken.update((pair.first, pair.second))
            kept.append((pair, why))
    return kept


def _ids(mentions: Sequence[Mention], pair: Pair) -> list[str]:
    return sorted((mentions[pair.first].project_id, mentions[pair.second].project_id))


def _unclear(mentions: Sequence[Mention], pairs: Sequence[Pair]) -> set[Pair]:
    """Pairs of a mention with one of two mentions of a report between which nothing decides."""
    by_report: defaultdict[tuple[int, str], list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_report[pair.first, mentions[pair.second].doc_id].append(pair)
        by_report[pair.second, mentions[pair.first].doc_id].append(pair)
    unclear = set()
    for rivals in by_report.values():
        best = max(pair.margin for pair in rivals)
        if sum(pair.margin > best - _CLEAR for pair in rivals) > 1:
            unclear.update(rivals)
    return unclear


class _Sets:
    """Disjoint sets of mentions of which none holds a contradiction."""

    def __init__(self, mentions: Sequence[Mention], barred: set[frozenset[int]]) -> None:
        self._mentions, self._barred = mentions, barred
        self._of = list(range(len(mentions)))
        self._members = {place: [place] for place in self._of}
        self._reasons: defaultdict[int, list[str]] = defaultdict(list)

    def unite(self, first: int, second: int, scale: Scale | None = None) -> str | None:
        """Make one set of two, by what weighed them or by a person's word; where that cannot be, say why."""
        one, other = self._of[first], self._of[second]
        if one == other:
            return None
        for x in self._members[one]:
            for y in self._members[other]:
                if frozenset((x, y)) in self._barred:
                    return "review"
                why = None if scale is None else contradiction(self._mentions[x], self._mentions[y])
                if why:
                    return f"others of them: {why}"
        reasons = scale.reasons(self._mentions[first], self._mentions[second]) if scale else ("review",)
        if len(self._members[one]) < len(self._members[other]):
            one, other = other, one
        for place in self._members[other]:
            self._of[place] = one
        self._members[one] += self._members.pop(other)
        self._reasons[one] += [*self._reasons.pop(other, []), *reasons]
        return None

    def result(self) -> Joined:
        sets = sorted(sorted(members) for members in self._members.values())
        reasons: Mapping[int, list[str]] = {min(m): self._reasons[k] for k, m in self._members.items() if len(m) > 1}
        return Joined(sets, dict(reasons))
