"""Fit the integer weights of a :class:`rules.decide.Model` to examples, and judge them by cross-validation."""

import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rules.decide import BIAS, Decision, Model

SCALE = 100
"""A weight is this many times the coefficient of the logistic regression."""

_COMMON = 20
"""So many examples of a feature get the penalty as it is, whatever ``rare`` is."""


@dataclass(frozen=True, slots=True)
class Example:
    """One candidate: its features, its right class ("": not known), the document that it comes from, and its text."""

    features: tuple[str, ...]
    choice: str
    document: str
    text: str = ""


def fit(
    examples: Sequence[Example],
    classes: Sequence[str],
    strength: float = 0.3,
    least: int = 2,
    most: int | None = None,
    rare: float = 0.0,
) -> Model:
    """Weights that choose the right classes, by multinomial logistic regression.

    ``strength`` is the inverse of the L2 penalty; a feature that fewer than ``least`` examples have is left out. Of
    the features the ``most`` that change most decisions are kept, and fitted again without the others. The penalty of
    a feature goes with the number of its examples to the power of ``rare``: over 0, rare features say more and frequent
    ones less. Examples whose choice is "" are left out. The same examples in any order give the same weights.

    Raises:
        ModuleNotFoundError: scikit-learn is not installed.
        ValueError: the examples have fewer than two classes.
    """
    from sklearn.feature_extraction import DictVectorizer

    ordered = sorted((e for e in examples if e.choice), key=lambda e: (e.document, e.choice, e.features))
    seen = Counter(feature for e in ordered for feature in set(e.features))
    rows = [{feature: 1 for feature in e.features if seen[feature] >= least} for e in ordered]
    vectors = DictVectorizer(dtype=float)
    matrix = vectors.fit_transform(rows)
    names = vectors.get_feature_names_out()
    scale = (_COMMON / np.asarray(matrix.sum(axis=0)).ravel().clip(1)) ** (rare / 2)
    choices = [e.choice for e in ordered]
    found, coefficients, intercepts = _regression(matrix, choices, strength, scale)
    if most is not None and len(names) > most:
        share = matrix.mean(axis=0).A1
        spread = abs(share * (1 - share)) ** 0.5  # 1 - 1 may come out below 0
        weight = abs(coefficients - coefficients.mean(axis=0)).max(axis=0) * spread
        kept = sorted(weight.argsort(kind="stable")[::-1][:most])
        names = names[kept]
        found, coefficients, intercepts = _regression(matrix[:, kept], choices, strength, scale[kept])
    place = {name: i for i, name in enumerate(found)}

    def row(values: Sequence[float], missing: int) -> tuple[int, ...]:
        return tuple(round(SCALE * values[place[name]]) if name in place else missing for name in classes)

    weights = {BIAS: row(intercepts, -10 * SCALE)}
    for number, feature in enumerate(names):
        values = row(coefficients[:, number], 0)
        if any(values):
            weights[str(feature)] = values
    return Model(tuple(classes), weights)


def mean(old: Model, new: Model, share: float, most: int | None = None) -> Model:
    """The mean of two models of the same classes, ``share`` of it the old one's: it errs less than either, as their
    errors differ. The ``most`` features whose weights differ most between classes are kept."""
    weights = {}
    for name in sorted(old.weights.keys() | new.weights.keys()):
        rows = [model.weights.get(name, (0,) * len(model.classes)) for model in (old, new)]
        weights[name] = tuple(round(share * a + (1 - share) * b) for a, b in zip(*rows, strict=True))
    order = sorted(weights, key=lambda name: (name != BIAS, min(weights[name]) - max(weights[name]), name))
    return Model(old.classes, {name: weights[name] for name in sorted(order[:most])})


def _regression(matrix: Any, choices: Sequence[str], strength: float, scale: Any) -> tuple[list[str], Any, Any]:
    """The classes that occur, a row of coefficients for each, and their intercepts."""
    from scipy.sparse import diags
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(C=strength, max_iter=2000, tol=1e-3)
    regression.fit(matrix @ diags(scale), choices)
    coefficients, intercepts = regression.coef_ * scale, regression.intercept_
    if len(regression.classes_) == 2:  # one row stands for both: a line a feature
        coefficients = np.vstack([0 * coefficients[0], coefficients[0]])
        intercepts = np.array([0, intercepts[0]])
    return list(regression.classes_), coefficients, intercepts


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


Learn = Callable[[Sequence[Example]], Model]
"""Fits weights to examples."""


def cross_validated(
    examples: Sequence[Example],
    learn: Learn,
    decide: Decide = one_by_one,
    always: Sequence[Example] = (),
    more: Sequence[Example] = (),
    number: int = 5,
) -> list[Judged]:
    """Each example with what weights say that were fitted without its fold of documents.

    ``always`` are fitted to in every fold and not judged, ``more`` wherever their document is; an example whose choice
    is "" is neither.
    """
    fold = folds([e.document for e in examples], number)
    told = []
    for held in range(number):
        inside = [e for e in (*examples, *more) if fold.get(e.document) != held]
        outside: dict[str, list[Example]] = {}
        for e in examples:
            if fold[e.document] == held:
                outside.setdefault(e.document, []).append(e)
        if not outside:
            continue
        model = learn([*inside, *always])
        for own in outside.values():
            told += judged(model, own, decide)
    return told


def judged(model: Model, examples: Sequence[Example], decide: Decide = one_by_one) -> list[Judged]:
    """What a model says of the examples of one document whose choice is known."""
    decided = zip(examples, decide(model, examples), strict=True)
    return [Judged(e, d.choice, d.margin) for e, d in decided if e.choice]


def share_right(judged: Sequence[Judged]) -> float:
    """Share of right choices, 0 for none."""
    return sum(one.right for one in judged) / max(1, len(judged))
