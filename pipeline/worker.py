"""Documents through the whole path: raw text -> rows.

This is what a worker does; the model is loaded once a process. A worker takes some documents at a time through one
stage after the other, which is a fifth faster than one document after the other: a stage's tables stay in the
processor's caches.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import pyarrow as pa

from pipeline import facts, tables, words
from pipeline.ingest import RawDocument, Reject
from pipeline.normalise import normalise
from pipeline.segment import segment
from rules.layout import Layout

Raw = RawDocument | Reject
Rows = dict[str, tables.Columns]
Started = Callable[[int], None]
Words = list[list[str]]

_WARM_UP = """Tỉnh Hòa Bình hỗ trợ đề án khuyến công
Năm 2023, huyện Tân Lạc thực hiện đề án “Hỗ trợ máy sấy” cho 2 cơ sở và HTX Xuân Phú với tổng kinh phí 1,5 tỷ đồng.
"""
_SENTENCES = 300  # whose words are found together


def _nobody(_number: int) -> None:
    pass


class Extractor:
    """Turns raw documents into rows; a document that fails becomes a row of ``rejects``."""

    def __init__(self) -> None:
        self._segmenter = words.load()

    def warm_up(self) -> None:
        """Load what the rules load when they are first used."""
        self.extract([RawDocument("", _WARM_UP, "utf-8")])

    def __call__(self, documents: Sequence[Raw]) -> dict[str, pa.Table]:
        """Arrow tables of the documents' rows, in their order."""
        return to_tables(self.extract(documents))[0]

    def extract(self, documents: Sequence[Raw], started: Started = _nobody) -> list[Rows]:
        """The rows of each document. Never raises for what a document holds.

        ``started`` is told the number of the document that is at work, or how many they are when they are at work
        together.
        """
        prepared: list[tuple[Layout, tuple[str, ...]] | Reject] = []
        for number, document in enumerate(documents):
            started(number)
            prepared.append(self._prepared(document))
        started(len(documents))
        found = self._words([None if isinstance(p, Reject) else p[0] for p in prepared])
        rows = []
        for number, (document, ready, spoken) in enumerate(zip(documents, prepared, found, strict=True)):
            started(number)
            rows.append(self._rows(document, ready, spoken))
        return rows

    def _prepared(self, document: Raw) -> tuple[Layout, tuple[str, ...]] | Reject:
        """The layout of a document, and what normalising had to repair."""
        if isinstance(document, Reject):
            return document
        try:
            text, warnings = normalise(document.text)
            return segment(text, document.title, document.published), tuple(warnings)
        except Exception as error:  # one document never stops a run
            return _failure(document.source, error)

    def _words(self, layouts: Sequence[Layout | None]) -> list[Words | Exception]:
        """The words of the sentences of each layout, or the error that finding them made."""
        texts = [[] if layout is None else [layout.text[a:b] for a, b in layout.sentences] for layout in layouts]
        found: list[Words | Exception] = []
        for group in _groups(texts):
            try:
                all_words = iter(self._segmenter.words_many([sentence for text in group for sentence in text]))
                found += [[next(all_words) for _ in text] for text in group]
            except Exception:
                found += [self._words_of(text) for text in group]
        return found

    def _words_of(self, sentences: Sequence[str]) -> Words | Exception:
        try:
            return self._segmenter.words_many(sentences)
        except Exception as error:
            return error

    def _rows(self, document: Raw, ready: tuple[Layout, tuple[str, ...]] | Reject, spoken: Words | Exception) -> Rows:
        if isinstance(ready, Reject):
            return _rejected(ready)
        assert isinstance(document, RawDocument)
        try:
            if isinstance(spoken, Exception):
                raise spoken
            layout, warnings = ready
            rows = tables.empty()
            tables.add_document(
                rows,
                facts.find(layout, spoken),
                source=document.source,
                encoding=document.encoding,
                warnings=(*document.warnings, *warnings),
                title=document.title,
                byline=document.byline,
            )
            return rows
        except Exception as error:
            return _rejected(_failure(document.source, error))


def _groups(texts: Sequence[list[str]]) -> Iterator[list[list[str]]]:
    """The texts in groups of about `_SENTENCES` sentences."""
    group: list[list[str]] = []
    size = 0
    for text in texts:
        group.append(text)
        size += len(text)
        if size >= _SENTENCES:
            yield group
            group, size = [], 0
    if group:
        yield group


@cache
def extractor() -> Extractor:
    """This process's extractor."""
    return Extractor()


def to_tables(found: Sequence[Rows]) -> tuple[dict[str, pa.Table], Sequence[Rows]]:
    """Arrow tables of the rows of several documents, in their order, and the rows that went in.

    Rows that the schema cannot hold make their document a reject, and no other.
    """
    try:
        return tables.to_arrow(_joined(found)), found
    except (pa.ArrowException, ValueError, TypeError, OverflowError):
        found = _held(found)
        return tables.to_arrow(_joined(found)), found


def _held(found: Sequence[Rows]) -> Sequence[Rows]:
    """The rows with a reject for each document whose rows the schema cannot hold; halving finds them soon."""
    try:
        tables.to_arrow(_joined(found))
    except Exception as error:
        if len(found) == 1:
            return [_rejected(_failure(found[0]["documents"]["source"][0], error))]
        middle = len(found) // 2
        return [*_held(found[:middle]), *_held(found[middle:])]
    return found


def _joined(found: Sequence[Rows]) -> Rows:
    joined = tables.empty()
    for rows in found:
        for name, columns in rows.items():
            target = joined[name]
            for column, values in columns.items():
                target[column] += values
    return joined


def _failure(source: str, error: Exception) -> Reject:
    message = f"extraction failed: {error}; please report this document"
    return Reject(source, "extract", type(error).__name__, message)


def _rejected(reject: Reject) -> Rows:
    rows = tables.empty()
    for column, values in rows["rejects"].items():
        values.append(getattr(reject, column))
    return rows
