"""A spaCy DocBin: the reports as tokenised ``Doc`` objects with the span groups of the extractors.

>>> from spacy.tokens import DocBin
>>> # docs = list(DocBin().from_disk("trichluc.spacy").get_docs(pipeline.load().vocab))
>>> # docs[0].spans["amounts"]
"""

from pathlib import Path

from spacy.tokens import Doc, DocBin, SpanGroup

import pipeline
from pipeline.tables.schema import FACTS
from pipeline.view.page import reports
from pipeline.view.reports import Report

_LABELS = {"amounts": "role", "projects": "kind", "beneficiaries": "kind", "locations": "level"}


def write(out: Path, target: Path) -> None:
    """Write ``target``. Spans are widened to whole tokens; their ids are the keys of the tables."""
    nlp = pipeline.load()
    docs = DocBin(attrs=["ORTH", "SPACY", "SENT_START"])
    for report in reports(out):
        docs.add(_doc(nlp.make_doc(report.text), report))
    docs.to_disk(target)


def _doc(doc: Doc, report: Report) -> Doc:
    for table, key in FACTS.items():
        spans = [
            doc.char_span(row["start"], row["end"], row[_LABELS[table]], alignment_mode="expand", span_id=row[key])
            for row in report.facts[table]
        ]
        doc.spans[table] = SpanGroup(doc, name=table, spans=[span for span in spans if span is not None])
    return doc
