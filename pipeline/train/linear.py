"""Fit the integer weights of a :class:`rules.decide.Model` to examples, and judge them by cross-validation."""

import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rules.decide import BIAS, Decision, Model

SCALE = 100
"""A weight is this many times the coefficient of the logistic regression."""


@dataclass(frozen=True, slots=True)
class Example:
    """One candidate: its features, its right class, and the document that it comes from."""

    features: tuple[str, ...]
    choice: str
    document: str


def fit(examples: Sequence[Example], classes: Sequence[str], strength: float = 0.3, least: int = 2) -> Model:
    """Weights that choose the right classes, by multinomial logistic regression.

    ``strength`` is the inverse of the L2 penalty; a feature that fewer than ``least`` examples have is left out. The
    same examples in any order give the same weights.

    Raises:
        ModuleNotFoundError: scikit-learn is not installed.
        ValueError: the examples have fewer than two classes.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    ordered = sorted(examples, key=lambda e: (e.document, e.choice, e.features))
    seen = Counter(feature for e in ordered for feature in set(e.features))
    rows = [{feature: 1 for feature in e.features if seen[feature] >= least} for e in ordered]
    vectors = DictVectorizer(dtype=float)
    matrix = vectors.fit_transform(rows)
    regression = LogisticRegression(C=strength, max_iter=2000, tol=1e-5)
    regression.fit(matrix, [e.choice for e in ordered])
    found = list(regression.classes_)
    coefficients, intercepts = regression.coef_, regression.intercept_
    if len(found) == 2:  # one row stands for both: a line a feature
        coefficients = [0 * coefficients[0], coefficients[0]]
        intercepts = [0 * intercepts[0], intercepts[0]]
    place = {name: i for i, name in enumerate(found)}

    def row(values: Sequence[float]) -> tuple[int, ...]:
        return tuple(round(SCALE * values[place[name]]) if name in place else -10 * SCALE for name in classes)

    weights = {BIAS: row(intercepts)}
    for number, feature in enumerate(vectors.get_feature_names_out()):
        values = tuple(round(SCALE * coefficients[place[name]][number]) if name in place else 0 for name in classes)
        if any(values):
            weights[str(feature)] = values
    return Model(tuple(classes), weights)


def folds(documents: Sequence[str], number: int = 5) -> dict[str, int]:
    """The fold of each document, by a digest of its name, so that it stays when documents are added."""
    return {name: zlib.crc32(name.encode()) % number for name in documents}


@dataclass(frozen=True, slots=True)
class Judged:
    """What a model said of one candidate of a document that it was not fitted to."""

    example: Example
    choice: str
    margin: int

    @property
    def right(self) -> bool:
        return self.choice == self.example.choice


Decide = Callable[[Model, Sequence[Example]], Sequence[Decision]]
"""Decides the examples of one document, given in their order."""


def one_by_one(model: Model, examples: Sequence[Example]) -> list[Decision]:
    """Decide each example by itself."""
    return [model.decide(e.features) for e in examples]


def cross_validated(
    examples: Sequence[Example],
    classes: Sequence[str],
    number: int = 5,
    strength: float = 0.3,
    least: int = 2,
    decide: Decide = one_by_one,
    always: Sequence[Example] = (),
) -> list[Judged]:
    """Each example with what weights say that were fitted without its fold of documents.

    ``always`` are fitted to in every fold and not judged.
    """
    fold = folds([e.document for e in examples], number)
    told = []
    for held in range(number):
        inside = [e for e in examples if fold[e.document] != held]
        outside: dict[str, list[Example]] = {}
        for e in examples:
            if fold[e.document] == held:
                outside.setdefault(e.document, []).append(e)
        if not outside:
            continue
        model = fit([*inside, *always], classes, strength, least)
        for own in outside.values():
            told += [Judged(e, d.choice, d.margin) for e, d in zip(own, decide(model, own), strict=True)]
    return told


def share_right(judged: Sequence[Judged]) -> float:
    """Share of right choices, 0 for none."""
    return sum(one.right for one in judged) / max(1, len(judged))
