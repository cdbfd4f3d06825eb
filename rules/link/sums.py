"""Which undertaking a sum of money belongs to: candidates, their features, and the weights that decide."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain

from rules.decide import load
from rules.link.describe import Pair, described, none
from rules.link.mention import Link, Sum
from rules.link.proposals import BARRED, UNLINKED, propose
from rules.link.scene import Scene
from rules.link.surroundings import Surroundings
from rules.link.topic import Topics

CLASSES = ("yes",)
"""A candidate has one score; that of the highest score is chosen."""

# What the form of the sentence proposes gives way only to what beats it by so much: by cross-validation on reports that
# the proposals were not written on, 100 is best, and 200 hardly worse.
_TRUST = 100


class Choices:
    """The sums of a report and what each may belong to."""

    def __init__(self, scene: Scene, topics: Topics, amounts: Sequence[Sum]) -> None:
        self.around = Surroundings(scene, amounts)
        self._scene, self._topics = scene, topics

    @cached_property
    def proposed(self) -> list[Link]:
        """What the form of the sentences proposes."""
        return propose(self._scene, self._topics, self.around.amounts)

    def of(self, index: int, links: Sequence[int | None]) -> list[tuple[int | None, list[str]]]:
        """The candidates of sum ``index`` with their features, none of them first.

        ``links`` are those of the sums before it.
        """
        pair = Pair(self.around, index, links)
        proposal, rule = self.proposed[index]
        role = pair.amount.role
        nothing = ["proposed.none", f"proposed.none.{role}"] if proposal is None else []
        rows: list[tuple[int | None, list[str]]] = [(None, [*dict.fromkeys(none(pair)), *nothing])]
        for candidate in dict.fromkeys(chain(pair.candidates(), [] if proposal is None else [proposal])):
            own = ["proposed", f"proposed={rule}", f"proposed={rule}.{role}"] if candidate == proposal else []
            rows.append((candidate, [*dict.fromkeys(described(pair, candidate)), *own]))
        return rows


def link_sums(scene: Scene, topics: Topics, amounts: Sequence[Sum]) -> tuple[list[Link], list[int]]:
    """Undertaking and rule for each of ``amounts`` (text order), and by how much it is decided (in hundredths)."""
    choices = Choices(scene, topics, amounts)
    links: list[Link] = []
    margins: list[int] = []
    for link, margin in _decided(choices, amounts):
        links.append(link)
        margins.append(margin)
    return links, margins


def _decided(choices: Choices, amounts: Sequence[Sum]) -> Iterator[tuple[Link, int]]:
    model = load("rules.link", CLASSES)
    found: list[int | None] = []
    for index, amount in enumerate(amounts):
        if amount.role in UNLINKED or choices.proposed[index] == BARRED:
            found.append(None)
            yield (None, None), 0
            continue
        rows = choices.of(index, found)
        scores = [model.scores(features)[0] for _, features in rows]
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
