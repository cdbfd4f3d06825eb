"""Decide between classes by adding up small integer weights of named features.

Where many hints must be weighed, rules propose candidates, a pure function describes each by named features, and the
weights of a ``weights.tsv`` decide. The file has a line a feature, sorted: ``feature<TAB>class<TAB>weight``, and more
classes with their weights in the same line; it is written by ``make train`` from annotated reports, and read and
reviewed like code.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import repeat
from pathlib import Path

BIAS = "bias"
"""The feature that every candidate has."""


_BITS = 40  # of a class's sum: millions of features with weights of tens of thousands fit


@dataclass(frozen=True, slots=True)
class Decision:
    """The class that was chosen, and by how much it beats the next one (in hundredths, as the weights are)."""

    choice: str
    margin: int


@dataclass(frozen=True, slots=True)
class Model:
    """Classes in the order that settles ties, and feature -> weights, one for each class.

    >>> model = Model(("yes", "no"), {"bias": (0, 10), "named": (30, 0)})
    >>> model.decide(["named"]), model.decide([])
    (Decision(choice='yes', margin=20), Decision(choice='no', margin=10))
    """

    classes: tuple[str, ...]
    weights: Mapping[str, tuple[int, ...]]
    _packed: Mapping[str, int] = field(init=False, repr=False, compare=False)
    """feature -> its weights in one number, `_BITS` for each class: adding up numbers adds up the classes' sums"""
    _leads: Mapping[str, int] = field(init=False, repr=False, compare=False)
    """feature -> weight of the first class less that of the second"""

    def __post_init__(self) -> None:
        packed = {name: sum(w << i * _BITS for i, w in enumerate(row)) for name, row in self.weights.items()}
        object.__setattr__(self, "_packed", packed)
        object.__setattr__(self, "_leads", {name: row[0] - sum(row[1:2]) for name, row in self.weights.items()})

    def scores(self, features: Iterable[str]) -> list[int]:
        """The sum of each class over the features; unknown features count nothing."""
        packed, half = self._packed, 1 << _BITS - 1
        total = sum(map(packed.get, features, repeat(0)), packed.get(BIAS, 0))
        scores = []
        for _ in self.classes:
            score = (total + half) % (2 * half) - half  # a sum below 0 borrows from the class behind it
            scores.append(score)
            total = total - score >> _BITS
        return scores

    def lead(self, features: Iterable[str]) -> int:
        """By how much the first class beats the second one; where there is one class only, its sum.

        >>> Model(("yes", "no"), {"bias": (0, 10), "named": (30, 0)}).lead(["named", "unknown"])
        20
        """
        leads = self._leads
        return sum(map(leads.get, features, repeat(0)), leads.get(BIAS, 0))

    def decide(self, features: Iterable[str], without: Iterable[str] = ()) -> Decision:
        """The class of the highest sum among those not in ``without``; the first class wins a tie."""
        scores = self.scores(features)
        barred = set(without)
        order = sorted((-score, i) for i, score in enumerate(scores) if self.classes[i] not in barred)
        margin = order[1][0] - order[0][0] if len(order) > 1 else 0
        return Decision(self.classes[order[0][1]], margin)

    def reasons(self, features: Iterable[str], choice: str, most: int = 3) -> list[tuple[str, int]]:
        """The features that spoke most for the class, and the one that spoke most against it.

        A feature speaks for a class by how far its weight lies over its best weight for another class.

        >>> Model(("yes", "no"), {"named": (30, 0), "far": (0, 8)}).reasons(["named", "far"], "yes")
        [('named', 30), ('far', -8)]
        """
        mine = self.classes.index(choice)
        told = []
        for feature in dict.fromkeys(features):
            row = self.weights.get(feature)
            if row is not None:
                others = [weight for i, weight in enumerate(row) if i != mine]
                told.append((row[mine] - max(others, default=0), feature))
        told.sort(key=lambda one: (-one[0], one[1]))
        chosen = [one for one in told if one[0] > 0][:most] + [one for one in told[-1:] if one[0] < 0]
        return [(feature, weight) for weight, feature in chosen]


def parse(lines: Iterable[str], classes: Iterable[str]) -> Model:
    """A model from the lines of a weights file. Lines that begin with ``#`` are comments.

    Raises:
        ValueError: a line is not ``feature<TAB>class<TAB>integer...``, or names another class.

    >>> parse(["named\\tyes\\t30", "far\\tyes\\t-2\\tno\\t8"], ("yes", "no")).weights
    {'named': (30, 0), 'far': (-2, 8)}
    """
    order = tuple(classes)
    place = {name: i for i, name in enumerate(order)}
    rows: dict[str, list[int]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            feature, *told = line.rstrip("\n").split("\t")
            row = rows.setdefault(feature, [0] * len(order))
            for name, weight in zip(told[::2], told[1::2], strict=True):
                row[place[name]] = int(weight)
        except (ValueError, KeyError) as error:
            raise ValueError(f"line {number} of the weights is no 'feature, class, integer': {line!r}") from error
    return Model(order, {feature: tuple(row) for feature, row in rows.items()})


WEIGHTS = "TRICHLUC_WEIGHTS"
"""Environment variable: a folder of weights that take the place of those shipped (``trichluc run --weights``)."""


def load(package: str, classes: tuple[str, ...], name: str = "weights.tsv") -> Model:
    """The model that lies beside the modules of a package of rules: ``load("rules.role", ROLES)``.

    Where the folder :data:`WEIGHTS` has a file of the package (:func:`own_name`), the model is that one. Read once.

    Raises:
        ValueError: the file holds no weights of these classes.
        FileNotFoundError: :data:`WEIGHTS` names no folder.
    """
    return _loaded(package, classes, name, os.environ.get(WEIGHTS))


def forget() -> None:
    """Read all models anew when they are next asked for: their files have changed."""
    _loaded.cache_clear()


@lru_cache(maxsize=32)
def _loaded(package: str, classes: tuple[str, ...], name: str, folder: str | None) -> Model:
    if folder is not None:
        if not Path(folder).is_dir():
            raise FileNotFoundError(f"no folder of weights {folder}")
        own = Path(folder) / own_name(package, name)
        if own.exists():
            return parse(own.read_text("utf-8").splitlines(), classes)
    return parse(files(package).joinpath(name).read_text("utf-8").splitlines(), classes)


def own_name(package: str, name: str = "weights.tsv") -> str:
    """The name that a package's weights have in a folder of weights.

    >>> own_name("rules.role"), own_name("rules.project", "ends.tsv")
    ('role.tsv', 'project.ends.tsv')
    """
    first = package.removeprefix("rules.")
    return f"{first}.tsv" if name == "weights.tsv" else f"{first}.{name}"


def write(model: Model, path: Path, header: str = "") -> None:
    """Write a model as a sorted weights file; weights of 0 are left out."""
    lines = []
    for feature, row in sorted(model.weights.items()):
        told = [f"\t{name}\t{weight}" for name, weight in zip(model.classes, row, strict=True) if weight]
        if told:
            lines.append(feature + "".join(told))
    path.write_text("".join(f"# {line}\n" for line in header.splitlines()) + "\n".join(lines) + "\n", "utf-8")
