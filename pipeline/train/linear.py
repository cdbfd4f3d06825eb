"""Fit the integer weights of a :class:`rules.decide.Model` to examples, and judge them by cross-validation."""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rules.decide import BIAS, Model

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
    if len(found) == 2:  # one row stands for both
        coefficients = [-coefficients[0] / 2, coefficients[0] / 2]
        intercepts = [-intercepts[0] / 2, intercepts[0] / 2]
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


def cross_validated(
    examples: Sequence[Example], classes: Sequence[str], number: int = 5, strength: float = 0.3, least: int = 2
) -> list[tuple[Example, str, int]]:
    """Each example with what weights say that were fitted without its fold of documents, and their margin."""
    fold = folds([e.document for e in examples], number)
    told = []
    for held in range(number):
        inside = [e for e in examples if fold[e.document] != held]
        outside = [e for e in examples if fold[e.document] == held]
        if not outside:
            continue
        model = fit(inside, classes, strength, least)
        for e in outside:
            decision = model.decide(e.features)
            told.append((e, decision.choice, decision.margin))
    return told
