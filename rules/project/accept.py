"""Which of the proposed undertakings a report tells of: the weights of weights.tsv decide on each group of mentions."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from rules.decide import Model
from rules.layout import Layout
from rules.project.describe import Context, describe
from rules.project.ends import choose_end
from rules.project.evidence import supported
from rules.project.mention import Candidate, HasSpan
from rules.project.merge import Antecedents, best, cluster
from rules.project.propose import propose
from rules.project.tokens import Tokens

CLASSES = ("yes", "no")
LEAST = -75
"""By how much "yes" must beat "no", in hundredths; below 0, as the share of right ones among the accepted and of the
accepted among the right ones then balance (cross-validated)."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The mentions of one possible undertaking, the fullest of them, and what speaks for and against it."""

    members: tuple[Candidate, ...]
    best: Candidate
    features: tuple[str, ...]


def proposals(layout: Layout, amounts: Sequence[HasSpan], places: Sequence[HasSpan]) -> tuple[Context, list[Proposal]]:
    """All proposals of a report, with the context that their features were read from."""
    tokens = Tokens(layout.text)
    context = Context(layout, tokens, amounts, places)
    candidates, also = propose(layout, tokens, [(start, end) for start, end, _ in context.sums])
    context.anchors(candidates)
    found = []
    for group in cluster(layout, candidates):
        strict = [c for c in group if not c.loose]
        told = supported(context.facts, strict) if any(c.form != "back" for c in strict) else None
        fullest = best(layout.text, group)
        by = frozenset(rule for c in group for rule in also.get(c, ()))
        found.append(Proposal(tuple(group), fullest, tuple(describe(context, group, fullest, told, by))))
    return context, found


def accepted(context: Context, found: Sequence[Proposal], model: Model, ends: Model) -> list[list[Candidate]]:
    """The mentions of the proposals that the weights accept, with the ends of their names that the weights choose; the
    surest first where two want the same words."""
    scored = []
    for i, proposal in enumerate(found):
        lead = model.lead(proposal.features)
        if lead > LEAST:
            scored.append((-lead, i))
    taken = Taken()
    kept = []
    for _, i in sorted(scored):
        members = [choose_end(ends, context, c) for c in found[i].members if c.form != "back"]
        members = _apart([c for c in members if not taken.overlaps(c)])
        if members:
            kept.append((i, members))
            for c in members:
                taken.add(c)
    groups = [members for _, members in sorted(kept, key=lambda k: k[0])]
    _point_back(context.layout.text, groups, [c for p in found for c in p.members if c.form == "back"])
    return groups


def _point_back(text: str, groups: Sequence[list[Candidate]], backs: Sequence[Candidate]) -> None:
    """Add each mention that points back to the group of the accepted mention that it means."""
    home = {c: group for group in groups for c in group}
    named = sorted(home, key=lambda c: c.start)
    pointing, taken = Antecedents(text, named), Taken(named)
    for c in sorted(backs, key=lambda c: c.start):
        if (meant := pointing.of(c)) and not taken.overlaps(c):
            home[meant].append(c)


class Taken:
    """Spans that do not overlap, and whether another one overlaps one of them."""

    def __init__(self, spans: Sequence[Candidate] = ()) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for c in spans:
            self.add(c)

    def add(self, c: Candidate) -> None:
        i = bisect_left(self._starts, c.start)
        self._starts.insert(i, c.start)
        self._ends.insert(i, c.end)

    def overlaps(self, c: Candidate) -> bool:
        i = bisect_left(self._starts, c.end)
        return i > 0 and self._ends[i - 1] > c.start


def _apart(members: Sequence[Candidate]) -> list[Candidate]:
    """``members`` without those that overlap a longer one of them."""
    kept, taken = [], Taken()
    for c in sorted(members, key=lambda c: (c.start - c.end, c.start)):
        if not taken.overlaps(c):
            kept.append(c)
            taken.add(c)
    return sorted(kept, key=lambda c: c.start)
