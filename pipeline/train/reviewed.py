"""``trichluc train``: weights of one's own, from what reviewers said of an output folder and annotated documents.

A verdict on a sum (right, or corrected) tells its role; a sum that nobody judged tells nothing. So far only roles learn
from verdicts: the other decisions need documents of which everything is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from pipeline.corrections.fields import DELETE
from pipeline.corrections.verdicts import latest
from pipeline.extraction import prepare
from pipeline.i18n import _
from pipeline.ingest import RawDocument
from pipeline.train.annotated import Annotated
from pipeline.train.linear import judged, share_right
from pipeline.train.trainers import TRAINERS, Trainer
from rules.decide import Model
from rules.role.decide import model as role_model

_EXAMPLES = 10  # sums shown whose role changes


class NothingLearnt(Exception):
    """There is nothing to learn from."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What weights of one's own are worth.

    ``before`` and ``after`` are shares of right roles among the ``sums`` that reviewers judged, in ``documents``: by
    the weights at work, and by 5-fold cross-validation with the verdicts of the other folds. ``changed`` are sums of
    the output folder whose role the new weights see otherwise: (source, text, role before, role after).
    """

    sums: int
    documents: int
    before: float
    after: float
    changed: tuple[tuple[str, str, str, str], ...]
    path: Path

    @property
    def helps(self) -> bool:
        """Whether roles come out better on reviewed sums that were not learnt from."""
        return self.after > self.before


ROLE = next(trainer for trainer in TRAINERS if trainer.name == "role")


def learn(out: Path, to: Path, gold: Sequence[Annotated], trainer: Trainer = ROLE) -> Learnt:
    """Fit weights to the verdicts of ``out`` on top of ``gold``, and write them into the folder ``to``.

    Raises :class:`NothingLearnt` where no verdict tells a role, ``ModuleNotFoundError`` without scikit-learn.
    """
    documents = reviewed(out)
    if not documents:
        raise NothingLearnt(_("no verdict on a sum of {out}: judge some first, with trichluc review", out=out))
    told = trainer.all_examples(documents)
    known = trainer.all_examples([*gold, *trainer.cases()])
    before = [one for d in documents for one in judged(role_model(), trainer.examples(d), trainer.decide)]
    after = trainer.judge_examples(told, known)
    model = trainer.fit_examples([*known, *told])
    to.mkdir(parents=True, exist_ok=True)
    path = to / trainer.own_name
    trainer.write(model, path, f"{len(gold)} documents and {len(before)} reviewed sums")
    return Learnt(
        len(before),
        len(documents),
        share_right(before),
        share_right(after),
        tuple(_changed(documents, model)),
        path,
    )


def reviewed(out: Path) -> list[Annotated]:
    """The documents of an output folder with verdicts on sums, and the roles that these tell."""
    facts: dict[str, list[dict[str, Any]]] = {}
    for (table, doc_id, *_place), entry in sorted(latest(out).items()):
        role = _role(entry) if table == "amounts" else None
        if role is not None:
            row = entry["row"]
            figures = {name: None if row.get(name) is None else Decimal(row[name]) for name in ("value", "low", "high")}
            own = {name: row[name] for name in ("start", "end", "text", "currency", "qualifier")}
            facts.setdefault(doc_id, []).append({**own, **figures, "role": role})
    if not facts:
        return []
    columns = ["doc_id", "text", "title"]
    rows = ds.dataset(out / "documents").to_table(columns, filter=ds.field("doc_id").isin(sorted(facts))).to_pylist()
    return [_annotated(row, facts[row["doc_id"]]) for row in sorted(rows, key=lambda row: row["doc_id"])]


def _annotated(row: Mapping[str, Any], amounts: list[dict[str, Any]]) -> Annotated:
    layout = prepare(RawDocument(row["doc_id"], row["text"], "utf-8", title=row["title"])).layout
    amounts.sort(key=lambda fact: (fact["start"], fact["end"]))
    return Annotated(row["doc_id"], layout, {"amounts": amounts})


def _role(entry: Mapping[str, Any]) -> str | None:
    """The right role of a sum as a verdict tells it, None where it does not."""
    correction = entry["correction"]
    if DELETE in correction or entry["verdict"] == "wrong" or "value" in correction or "qualifier" in correction:
        return None
    role = correction.get("role") or entry["row"].get("role")
    return str(role) if role else None


def _changed(documents: Sequence[Annotated], model: Model) -> list[tuple[str, str, str, str]]:
    """Sums of the reviewed documents whose role the new weights see otherwise, the first few."""
    found = []
    for document in documents:
        examples = ROLE.examples(document)
        old, new = (ROLE.decide(weights, examples) for weights in (role_model(), model))
        found += [
            (document.name, e.text, a.choice, b.choice)
            for e, a, b in zip(examples, old, new, strict=True)
            if a.choice != b.choice
        ]
    return found[:_EXAMPLES]
