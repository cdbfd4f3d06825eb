"""Which undertaking a sum of money belongs to: candidates, their features, and the weights that decide."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

from rules.decide import Model, load
from rules.link.describe import described, none
from rules.link.mention import BARRED, UNLINKED, Link, Sum
from rules.link.pair import Pair
from rules.link.proposals import propose
from rules.link.scene import Scene
from rules.link.surroundings import Surroundings
from rules.link.topic import Topics

CLASSES = ("yes",)
"""A candidate has one score; that of the highest score is chosen."""

# What the form of the sentence proposes gives way only to what beats it by so much: by cross-validation on reports that
# the proposals were not written on, 100 to 200 are about equally good.
_TRUST = 150

Hints = Callable[[int], Mapping[int, Sequence[str]]]
"""Number of a sum -> undertaking -> further features that point to it."""


def nothing(_: int) -> Mapping[int, Sequence[str]]:
    """No hints."""
    return {}


class Choices:
    """The sums of a report and what each may belong to."""

    def __init__(self, scene: Scene, amounts: Sequence[Sum], proposed: Sequence[Link], hints: Hints = nothing) -> None:
        self.around = Surroundings(scene, amounts)
        self.proposed = proposed
        """what the form of the sentences proposes"""
        self._hints = hints

    def of(self, index: int, links: Sequence[int | None]) -> list[tuple[int | None, list[str]]]:
        """The candidates of sum ``index`` with their features, none of them first.

        ``links`` are those of the sums before it.
        """
        pair = Pair(self.around, index, links)
        proposal, rule = self.proposed[index]
        role = pair.amount.role
        hints = self._hints(index)
        unproposed = ["proposed.none", f"proposed.none.{role}"] if proposal is None else []
        unproposed += [f"none.{hint}" for found in hints.values() for hint in found]
        rows: list[tuple[int | None, list[str]]] = [(None, [*dict.fromkeys((*none(pair), *unproposed))])]
        for candidate in dict.fromkeys(chain(pair.candidates(), [] if proposal is None else [proposal], hints)):
            own = ["proposed", f"proposed={rule}", f"proposed={rule}.{role}"] if candidate == proposal else []
            rows.append((candidate, [*dict.fromkeys(described(pair, candidate)), *own, *hints.get(candidate, ())]))
        return rows


def link_sums(scene: Scene, topics: Topics, amounts: Sequence[Sum]) -> tuple[list[Link], list[int]]:
    """Undertaking and rule for each of ``amounts`` (text order), and by how much it is decided (in hundredths)."""
    choices = Choices(scene, amounts, propose(scene, topics, amounts))
    told = list(decided(choices, load("rules.link", CLASSES)))
    return [link for link, _ in told], [margin for _, margin in told]


def decided(choices: Choices, model: Model) -> Iterator[tuple[Link, int]]:
    """The link of each sum, and its margin."""
    found: list[int | None] = []
    for index, amount in enumerate(choices.around.amounts):
        if amount.role in UNLINKED or choices.proposed[index] == BARRED:
            found.append(None)
            yield (None, None), 0
            continue
        rows = choices.of(index, found)
        scores = [model.lead(features) for _, features in rows]
        proposal = choices.proposed[index][0]
        if proposal is not None:
            place = next(i for i, (candidate, _) in enumerate(rows) if candidate == proposal)
            scores[place] += _TRUST
        best = max(range(len(rows)), key=lambda i: (scores[i], -i))
        margin = scores[best] - max((s for i, s in enumerate(scores) if i != best), default=scores[best])
        found.append(rows[best][0])
        yield _told(choices, index, rows[best][0]), margin


def _told(choices: Choices, index: int, chosen: int | None) -> Link:
    """The choice with its rule: that of the proposal, else where the undertaking is named."""
    if chosen is None:
        return None, None
    proposal, rule = choices.proposed[index]
    if proposal == chosen:
        return chosen, rule
    start = choices.around.amounts[index].start
    before = any(anchor.project == chosen for anchor in choices.around.before(start))
    return chosen, "link.before" if before else "link.behind"
