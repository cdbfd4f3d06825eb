"""Which deciders there are to train: one :class:`Trainer` each in :data:`TRAINERS`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.train import links, projects, ranking, receivers, roles
from pipeline.train.annotated import Annotated
from pipeline.train.linear import Decide, Example, Judged, Learn, cross_validated, fit, judged, one_by_one
from rules.decide import Model, own_name, write
from rules.link.receivers import RECEIVERS
from rules.money import ROLES
from rules.project.ends import CLASSES as ENDS

ROOT = Path(__file__).parents[2]
"""The checkout, or the folder of installed packages."""
SETTLED = frozenset({"corpus", "gold"})
"""Folders of the reports that the rules were written on. They may count more than others, so that what came out right
stays right when much else is learnt."""


def _none() -> list[Annotated]:
    return []


def _no_more(_: Sequence[Example], _learn: Learn) -> list[Example]:
    return []


@dataclass(frozen=True, slots=True)
class Trainer:
    """A decision that weights are fitted for.

    ``examples`` gives the candidates of one annotated document in text order, each with its right class; ``decide``
    does what the rules do with the examples of one document. ``strength``, ``least``, ``most`` and ``rare`` are those
    of :func:`pipeline.train.linear.fit`. ``cases`` are short documents beside the gold: they are always fitted to, and
    not counted in figures. ``again`` gives the examples that are fitted to besides, as decisions before them come out.
    """

    name: str
    package: str
    classes: tuple[str, ...]
    examples: Callable[[Annotated], Sequence[Example]]
    strength: float = 0.3
    least: int = 2
    most: int | None = None
    rare: float = 0.0
    file: str = "weights.tsv"
    decide: Decide = one_by_one
    cases: Callable[[], list[Annotated]] = _none
    again: Callable[[Sequence[Example], Learn], list[Example]] = _no_more
    settled: int = 1
    """how often each document counts that the rules were written on (:data:`SETTLED`)"""

    @property
    def path(self) -> Path:
        """Where the shipped weights lie."""
        return ROOT.joinpath(*self.package.split(".")) / self.file

    @property
    def own_name(self) -> str:
        """The file's name in a folder of weights of one's own."""
        return own_name(self.package, self.file)

    def all_examples(self, documents: Sequence[Annotated]) -> list[Example]:
        """The examples of documents, those of each in text order."""
        return [example for document in documents for example in self.examples(document)]

    def told(self, document: Annotated) -> Sequence[Any]:
        """What there is to learn from one document."""
        return self.examples(document)

    def always_told(self) -> Sequence[Any]:
        """What is always fitted to, and not judged."""
        return self.all_examples(self.cases())

    def judged(self, model: Model, told: Sequence[Any]) -> list[Judged]:
        """What a model says of one document."""
        return judged(model, told, self.decide)

    def learn(self, examples: Sequence[Any]) -> Model:
        """Weights from these examples alone."""
        return fit(examples, self.classes, self.strength, self.least, self.most, self.rare)

    def fit_examples(self, examples: Sequence[Example]) -> Model:
        """Weights from these examples, and as decisions before them come out."""
        return self.learn([*examples, *self.again(examples, self.learn)])

    def counted(self, documents: Sequence[Annotated]) -> list[Annotated]:
        """The documents, each as often as it is to be learnt from."""
        return [d for d in documents for _ in range(max(d.weight, self.settled if d.folder in SETTLED else 1))]

    def judge_examples(self, examples: Sequence[Example], always: Sequence[Example]) -> list[Judged]:
        """Cross-validation by document; ``always`` are fitted to in every fold, and not judged."""
        more = self.again([*examples, *always], self.learn)
        return cross_validated(examples, self.learn, self.decide, always, more)

    def write(self, model: Model, path: Path, learnt_from: str) -> None:
        """Write the weights file; ``learnt_from`` says from what, in its first line."""
        write(model, path, f"Written by `make train`: weights of {self.name}, from {learnt_from}.")


@dataclass(frozen=True, slots=True)
class Ranker(Trainer):
    """A decision between the candidates of each thing; ``choices`` gives those of a document instead of examples."""

    choices: Callable[[Annotated], Sequence[ranking.Choice]] = lambda _: ()
    always: Callable[[], Sequence[ranking.Choice]] = lambda: ()
    """choices that are always fitted to, and not judged"""

    def told(self, document: Annotated) -> Sequence[Any]:
        return self.choices(document)

    def always_told(self) -> Sequence[Any]:
        return self.always()

    def judged(self, model: Model, told: Sequence[Any]) -> list[Judged]:
        chosen = [(c, *ranking.chosen(model, c)) for c in told]
        return [Judged(Example((), str(c.right), c.document), str(index), margin) for c, index, margin in chosen]

    def learn(self, examples: Sequence[Any]) -> Model:
        return ranking.fit(examples, self.strength, self.least)


def _no_examples(_: Annotated) -> list[Example]:
    return []


TRAINERS: tuple[Trainer, ...] = (
    Trainer(
        name="role",
        package="rules.role",
        classes=ROLES,
        examples=roles.examples,
        strength=0.4,
        least=3,
        most=6000,
        rare=0.2,
        decide=roles.decide,
        cases=roles.cases,
        again=roles.again,
    ),
    Trainer(
        "undertakings",
        "rules.project",
        ("yes", "no"),
        projects.undertakings,
        0.3,
        least=3,
        most=6000,
        cases=projects.cases,
        settled=3,
    ),
    Trainer(
        "years", "rules.project", ("yes", "no"), projects.years, 1.0, file="years.tsv", cases=projects.attached_cases
    ),
    Trainer(
        "programmes",
        "rules.project",
        ("yes", "no"),
        projects.programmes,
        0.2,
        file="programmes.tsv",
        cases=projects.attached_cases,
    ),
    Ranker(
        "names",
        "rules.project",
        ENDS,
        _no_examples,
        1.0,
        2,
        file="ends.tsv",
        choices=projects.ends,
        always=projects.end_cases,
        settled=3,
    ),
    Trainer(
        "beneficiary", "rules.beneficiary", ("yes", "no"), receivers.examples, 0.3, cases=receivers.cases, settled=2
    ),
    Ranker("link", "rules.link", ("yes",), _no_examples, 0.03, 4, choices=links.choices, always=links.cases, settled=2),
    Ranker(
        "receiver",
        "rules.link",
        ("yes",),
        _no_examples,
        0.03,
        4,
        file=RECEIVERS,
        choices=links.of_receivers,
        settled=2,
    ),
)
"""In the order in which they are trained: a decision may use what one before it decides."""
