"""Fit the weights by which one of several candidates is chosen, and judge them by cross-validation."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from pipeline.i18n import _
from pipeline.train.linear import SCALE
from rules.decide import Model


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: the features of each candidate, the index of the right one, and the document that it comes from."""

    rows: tuple[tuple[str, ...], ...]
    right: int
    document: str


def fit(choices: Sequence[Choice], strength: float, least: int, smallest: int = 3) -> Model:
    """Weights of one class, ``yes``, that give the right candidates the highest sums (a conditional logit).

    ``strength`` is the inverse of the L2 penalty; a feature that fewer than ``least`` candidates have is left out, and
    so is a weight below ``smallest`` hundredths. The same choices in any order give the same weights.

    Raises:
        ModuleNotFoundError: scikit-learn (with numpy and scipy) is not installed.
        ValueError: there are no choices.
    """
    if not choices:
        raise ValueError(_("nothing to learn from: no choices"))
    ordered = sorted(choices, key=lambda c: (c.document, c.rows, c.right))
    seen = Counter(feature for choice in ordered for row in choice.rows for feature in row)
    features = sorted(feature for feature, count in seen.items() if count >= least)
    values = _fitted(ordered, {feature: i for i, feature in enumerate(features)}, strength)
    weights = {feature: round(SCALE * value) for feature, value in zip(features, values, strict=True)}
    return Model(("yes",), {feature: (weight,) for feature, weight in weights.items() if abs(weight) >= smallest})


def _fitted(choices: Sequence[Choice], place: dict[str, int], strength: float) -> Any:
    import numpy
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    rows = [[place[f] for f in row if f in place] for choice in choices for row in choice.rows]
    pointers = [0, *accumulate(map(len, rows))]
    columns = [column for row in rows for column in row]
    matrix = csr_matrix((numpy.ones(len(columns)), columns, pointers), shape=(len(rows), len(place)))
    firsts = numpy.array([0, *accumulate(len(choice.rows) for choice in choices)][:-1])
    group = numpy.repeat(numpy.arange(len(choices)), [len(choice.rows) for choice in choices])
    right = firsts + numpy.array([choice.right for choice in choices])

    def loss(weights: Any) -> tuple[float, Any]:
        scores = matrix @ weights
        highest = numpy.maximum.reduceat(scores, firsts)
        likely = numpy.exp(scores - highest[group])
        total = numpy.add.reduceat(likely, firsts)
        slope = likely / total[group]
        slope[right] -= 1
        value = -(scores[right] - highest - numpy.log(total)).sum() + weights @ weights / (2 * strength)
        return float(value), matrix.T @ slope + weights / strength

    found = minimize(loss, numpy.zeros(len(place)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return found.x


def chosen(model: Model, choice: Choice) -> tuple[int, int]:
    """The candidate of the highest sum, the first of equal ones, and by how much it beats the next."""
    scores = [model.lead(row) for row in choice.rows]
    best = max(range(len(scores)), key=lambda i: (scores[i], -i))
    return best, scores[best] - max((s for i, s in enumerate(scores) if i != best), default=scores[best])
