"""Examples of who receives: candidates of annotated documents, and the cases of the tests."""

from collections.abc import Sequence

from pipeline.analysis.gold import Fact, clean, locate, overlaps
from pipeline.extraction import STEPS
from pipeline.text.segment import segment
from pipeline.train.annotated import Annotated, cases_of
from pipeline.train.linear import Example
from rules.beneficiary.candidate import Candidate
from rules.beneficiary.decide import described, proposed
from rules.layout import Layout, prose

_WEIGHT = 5  # a case is written to show one thing, and counts for so many documents
_ONCE = 9  # a larger count of one kind is the same group wherever it is printed


def examples(document: Annotated) -> list[Example]:
    """The candidates of a document, in text order: ``yes`` for those that the gold has.

    A gold receiver is printed once; whether the same count or name elsewhere would do as well is not known, so that
    such a candidate is no example.
    """
    layout = prose(document.layout)
    candidates = proposed(layout)
    features = described(layout, candidates, STEPS["amounts"](document.layout, {}))
    labels = _labels(layout, candidates, document.facts["beneficiaries"])
    return [
        Example(tuple(f), label, document.name) for f, label in zip(features, labels, strict=True) if label is not None
    ]


def cases() -> list[Annotated]:
    """The test cases of receivers and of links as documents; none where the tests are not at hand."""
    found: list[Annotated] = []
    for name in ("beneficiary", "link"):
        for number, case in enumerate(cases_of(name)):
            if (receivers := case.get("expect", case.get("receivers"))) is not None:
                facts = {"beneficiaries": [_fact(r) for r in receivers], "amounts": []}
                found += [Annotated(f"{name} {number}", segment(case["text"]), facts)] * _WEIGHT
    return found


def _fact(told: Sequence[str | int]) -> Fact:
    """A receiver of a case: text, kind, count and name, or only its text and its undertaking."""
    if len(told) == 2:
        return {"text": told[0]}
    text, kind, count, *name = told
    return {"text": text, "kind": kind, "count": count, "name": name[0] if name else None}


def _labels(layout: Layout, candidates: Sequence[Candidate], gold: Sequence[Fact]) -> list[str | None]:
    labels: list[str | None] = ["no"] * len(candidates)
    for fact in gold:
        where = locate(layout.text, fact["text"])
        hits = [i for i, c in enumerate(candidates) if labels[i] != "yes" and _same(layout, c, fact)]
        hits.sort(key=lambda i: not overlaps(where, candidates[i].start, candidates[i].end, unplaced=False))
        for i in hits[:1]:
            labels[i] = "yes"
        for i in hits[1:]:
            labels[i] = None
    keys = {
        c.group for c, label in zip(candidates, labels, strict=True) if label == "yes" and (c.name or c.count > _ONCE)
    }
    return [None if label == "no" and c.group in keys else label for c, label in zip(candidates, labels, strict=True)]


def _same(layout: Layout, c: Candidate, fact: Fact) -> bool:
    if "count" not in fact:
        return bool(layout.text[c.start : c.end] == fact["text"])
    if c.count != fact["count"] or (c.name is None) != (fact["name"] is None):
        return False
    if overlaps(locate(layout.text, fact["text"]), c.start, c.end, unplaced=False):
        return True
    return clean(layout.text[c.start : c.end]) == clean(fact["text"]) or (
        c.name is not None and clean(c.name).lower() == clean(fact["name"]).lower()
    )
