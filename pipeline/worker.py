"""One document through the whole path: raw text -> rows.

This is what a worker does; the model is loaded once a process.
"""

from collections.abc import Iterable
from functools import cache

import pyarrow as pa

import pipeline
from pipeline import tables
from pipeline.ingest import RawDocument, Reject
from pipeline.normalise import normalise
from pipeline.segment import segment
from pipeline.tokenise import Tokenizer


class Extractor:
    """Turns raw documents into Arrow tables; a document that fails becomes a row of ``rejects``."""

    def __init__(self) -> None:
        self.nlp = pipeline.load()
        self.tokenizer = Tokenizer(self.nlp.vocab)

    def __call__(self, documents: Iterable[RawDocument | Reject]) -> dict[str, pa.Table]:
        columns = tables.empty()
        with self.nlp.memory_zone():  # words seen only here do not stay in the vocabulary
            for document in documents:
                self._add(columns, document)
        return tables.to_arrow(columns)

    def _add(self, columns: dict[str, tables.Columns], document: RawDocument | Reject) -> None:
        if isinstance(document, Reject):
            reject = document
        else:
            rows = tables.empty()
            try:
                self._extract(rows, document)
            except Exception as error:  # one document never stops a run
                reject = Reject(
                    document.source,
                    "extract",
                    type(error).__name__,
                    f"extraction failed: {error}; please report this document",
                )
            else:
                for name, table in rows.items():
                    for column, values in table.items():
                        columns[name][column] += values
                return
        for column in columns["rejects"]:
            columns["rejects"][column].append(getattr(reject, column))

    def _extract(self, rows: dict[str, tables.Columns], document: RawDocument) -> None:
        text, warnings = normalise(document.text)
        layout = segment(text, document.title, document.published)
        doc = self.nlp(self.tokenizer.tokenise(layout))
        tables.add_document(
            rows,
            doc,
            source=document.source,
            encoding=document.encoding,
            warnings=(*document.warnings, *warnings),
            title=document.title,
            byline=document.byline,
        )


@cache
def extractor() -> Extractor:
    """This process's extractor."""
    return Extractor()


def extract_batch(documents: list[RawDocument | Reject]) -> dict[str, pa.Table]:
    """Rows of a batch, in the documents' order: what the engines hand to their workers."""
    return extractor()(documents)
