"""Fit all deciders in their order, each to what those before it will really decide.

What a sum is for is a feature of undertakings; roles and undertakings are features of links. Weights know the reports
that they were fitted to nearly by heart: read from those, such features would look far surer than they are on a new
report. So the reports are dealt into folds, and each is described as decided by weights that never saw its fold. The
same weights judge the reports of their fold, every decision of a report by itself and its records as a whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.analysis.evaluate import Report, compare
from pipeline.analysis.gold import TABLES
from pipeline.extraction import Search, find
from pipeline.ingest import RawDocument
from pipeline.tables import rows as table_rows
from pipeline.train.annotated import Annotated
from pipeline.train.linear import Judged, folds
from pipeline.train.trainers import TRAINERS, Trainer
from rules.decide import WEIGHTS, Model, forget

FOLDS = 5
ALL = "all"
"""The folder of the weights that are fitted to all reports, beside those of the folds: ``0``, ``1`` …"""


@dataclass(frozen=True, slots=True)
class Fitted:
    """One decider: its weights, fitted to all reports, and what those fitted without a report say of it."""

    trainer: Trainer
    model: Model
    judged: Sequence[Judged]


class Chain:
    """The deciders, fitted to annotated documents; all their weights lie in ``folder``."""

    def __init__(self, documents: Sequence[Annotated], folder: Path, learnt_from: str) -> None:
        self.documents, self.folder, self._learnt_from = documents, folder, learnt_from
        self._fold = folds([d.name for d in documents], FOLDS)
        for name in (*map(str, range(FOLDS)), ALL):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def fit(self, trainers: Sequence[Trainer] = TRAINERS) -> Iterator[Fitted]:
        """Fit one decider after the other; those that are not among ``trainers`` decide as their weights in
        ``folder``, else those shipped, do."""
        for trainer in trainers:
            told: dict[str, Sequence[Any]] = {}
            for held, group in self._groups():
                with _weights(self.folder / held):
                    told |= {d.name: trainer.told(d) for d in group}
            with _weights(self.folder / ALL):
                always = trainer.always_told()
            yield self._fitted(trainer, told, always)

    def _fitted(self, trainer: Trainer, told: dict[str, Sequence[Any]], always: Sequence[Any]) -> Fitted:
        more: dict[str, list[Any]] = {}
        for one in trainer.again([*(e for own in told.values() for e in own), *always], trainer.learn):
            more.setdefault(one.document, []).append(one)
        always = [*always, *(e for name, own in more.items() if name not in told for e in own)]
        judged: list[Judged] = []
        for held, group in self._groups():
            inside = [d for d in self.documents if str(self._fold[d.name]) != held]
            model = self._learnt(trainer, inside, told, more, always, held)
            judged += [one for d in group for one in trainer.judged(model, told[d.name])]
        return Fitted(trainer, self._learnt(trainer, self.documents, told, more, always, ALL), judged)

    def _learnt(
        self,
        trainer: Trainer,
        documents: Sequence[Annotated],
        told: dict[str, Sequence[Any]],
        more: dict[str, list[Any]],
        always: Sequence[Any],
        name: str,
    ) -> Model:
        """Weights from some of the documents, written into the folder ``name``."""
        counted = trainer.counted(documents)
        model = trainer.learn([e for d in counted for e in (*told[d.name], *more.get(d.name, ()))] + [*always])
        trainer.write(model, self.folder / name / trainer.own_name, self._learnt_from)
        forget()
        return model

    def _groups(self) -> Iterator[tuple[str, list[Annotated]]]:
        """Each fold with its documents."""
        for held in sorted(set(self._fold.values())):
            yield str(held), [d for d in self.documents if self._fold[d.name] == held]

    def records(self) -> dict[str, Report]:
        """Name of a folder of documents -> how well its rows come out by weights that never saw the document."""
        reports: dict[str, Report] = {}
        for held, group in self._groups():
            measure(group, self.folder / held, reports)
        return reports


def measure(documents: Sequence[Annotated], weights: Path, reports: dict[str, Report]) -> None:
    """Add how well the rows of documents come out by the weights in a folder to the report of each one's folder."""
    with _weights(weights):
        for d in documents:
            facts = find(Search(d.layout), [()] * len(d.layout.sentences))
            rows = table_rows.empty()
            table_rows.add_document(rows, facts, RawDocument(d.name, d.layout.text, "utf-8"))
            told = {table: table_rows.as_dicts(rows[table]) for table in ("documents", *TABLES)}
            compare(d.name, d.facts, told["documents"][0], told, reports.setdefault(d.folder, Report()))


@contextmanager
def _weights(folder: Path) -> Iterator[None]:
    """Let the weights in a folder decide."""
    before = os.environ.get(WEIGHTS)
    os.environ[WEIGHTS] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[WEIGHTS]
        else:
            os.environ[WEIGHTS] = before
