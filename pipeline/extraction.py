"""THE one way from a document to its facts: the batch, Python, notebooks, ``explain`` and spaCy all go through it.

A raw document becomes a layout (:func:`prepare`), the layout facts (:func:`find`, by :data:`STEPS`), the facts rows
(:func:`pipeline.tables.rows.add_document`). The model of words is loaded once a process. A worker takes some documents
at a time through one stage after the other, which is a fifth faster than one document after the other: a stage's
tables stay in the processor's caches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pipeline import words
from pipeline.ingest import RawDocument, Reject
from pipeline.ingest.expand import expand
from pipeline.ingest.framed import unframed
from pipeline.tables import rows as table_rows
from pipeline.tables.rows import Rows
from pipeline.text.normalise import normalise
from pipeline.text.segment import segment
from rules import beneficiary, link, money, place, project, role, table
from rules.facts import Facts
from rules.layout import Layout, Table, prose

Raw = RawDocument | Reject
Started = Callable[[int], None]
Words = Sequence[Sequence[str]]
Found = Mapping[str, Any]
"""What the steps before found, by their names."""

GROUPS = ("amounts", "locations", "projects", "beneficiaries", "links")
"""What is found in a document."""

STEPS: Mapping[str, Callable[[Layout, Found], Any]] = {
    "amounts": lambda layout, _: role.assign_roles(prose(layout), money.find(prose(layout).text)),
    "locations": lambda layout, _: place.find(prose(layout)),
    "projects": lambda layout, found: project.find(prose(layout), found["amounts"], found["locations"]),
    "beneficiaries": lambda layout, found: beneficiary.find(prose(layout), found["amounts"]),
    "links": lambda layout, found: link.link(
        prose(layout), found["projects"], found["amounts"], found["beneficiaries"], found["locations"]
    ),
    "tables": lambda layout, found: (
        table.join(layout, table.Prose(**{name: found[name] for name in GROUPS})) if layout.tables else None
    ),
}
"""Name -> what finds it, in their order; each may use what those before it found.

All but the last look at the prose alone; ``tables`` lays the tables beside it and gives all facts anew, None where the
document has no tables.
"""

_WARM_UP = """Tỉnh Hòa Bình hỗ trợ đề án khuyến công
Năm 2023, huyện Tân Lạc thực hiện đề án “Hỗ trợ máy sấy” cho 2 cơ sở và HTX Xuân Phú với tổng kinh phí 1,5 tỷ đồng.
"""
_SENTENCES = 300  # whose words are found together


class Search:
    """What is found in a document, step by step."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._found: dict[str, Any] = {}
        self._warnings: list[str] = []

    def take(self, name: str) -> None:
        """Take a step, unless it was taken before; those before it must have been. Never raises."""
        found = self._found
        if name in found:
            return
        try:
            found[name] = STEPS[name](self.layout, found)
        except Exception as error:
            found[name] = _nothing(found) if name == "links" else None if name == "tables" else []
            told = f"{name} could not be looked for ({type(error).__name__}: {error}); please report this"
            self._warnings.append(told)

    def facts(self, words: Words) -> Facts:
        """All facts, once every step is taken."""
        found, warnings, joined = self._found, self._warnings, self._found["tables"]
        if joined is not None:
            found, warnings = {name: getattr(joined, name) for name in GROUPS}, [*warnings, *joined.warnings]
        groups = {name: found[name] for name in GROUPS}
        return Facts(layout=self.layout, words=words, warnings=tuple(warnings), **groups)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that is ready for the rules."""

    raw: RawDocument
    layout: Layout
    warnings: tuple[str, ...]
    """what reading and normalising had to repair"""
    search: Search


def prepare(document: RawDocument) -> Prepared:
    """Normalise and lay out a document as its file has it."""
    tables: tuple[Table, ...] = ()
    document, official = unframed(document)
    if document.tables:
        text, tables, warnings = expand(document.text, document.tables)
    else:
        text, warnings = normalise(document.text)
    document = replace(document, title=_one_line(document.title), byline=_one_line(document.byline))
    layout = segment(text, document.title, document.published, tables, official)
    return Prepared(document, layout, (*document.warnings, *warnings), Search(layout))


def _one_line(text: str | None) -> str | None:
    """Metadata in the normal form of the text, in one line; None for a blank."""
    return (normalise(text)[0].replace("\n", " ") or None) if text else None


def find(search: Search, words: Words) -> Facts:
    """All facts of a document, for which some steps may have been taken.

    A step that fails finds nothing and is told among the facts' warnings: a fault in one rule never costs what the
    others find.
    """
    for name in STEPS:
        search.take(name)
    return search.facts(words)


def _nothing(found: Found) -> link.Links:
    return link.unlinked(*(found[name] for name in ("projects", "amounts", "beneficiaries", "locations")))


def _nobody(_number: int) -> None:
    pass


class Extractor:
    """Turns raw documents into rows; a document that fails becomes a row of ``rejects``."""

    def __init__(self) -> None:
        self._segmenter = words.load()

    def warm_up(self) -> None:
        """Load what the rules load when they are first used."""
        self.extract([RawDocument("", _WARM_UP, "utf-8")])

    def facts(self, document: RawDocument) -> Facts:
        """The facts of one document. Raises what a failing stage raises."""
        search = prepare(document).search
        layout = search.layout
        return find(search, self._segmenter.words_many([layout.text[a:b] for a, b in layout.sentences]))

    def extract(self, documents: Sequence[Raw], started: Started = _nobody) -> list[Rows]:
        """The rows of each document. Never raises for what a document holds.

        ``started`` is told the number of the document that is at work, or how many they are when they are at work
        together.
        """
        prepared: list[Prepared | Reject] = []
        for number, document in enumerate(documents):
            started(number)
            prepared.append(_prepared(document))
        started(len(documents))
        found = self._words([None if isinstance(p, Reject) else p.layout for p in prepared])
        for name in STEPS:
            started(len(documents))
            for ready in prepared:
                if isinstance(ready, Prepared):
                    ready.search.take(name)
        started(len(documents))
        return [_rows(*document) for document in zip(prepared, found, strict=True)]

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


def _prepared(document: Raw) -> Prepared | Reject:
    if isinstance(document, Reject):
        return document
    try:
        return prepare(document)
    except Exception as error:  # one document never stops a run
        return table_rows.failure(document.source, error)


def _rows(ready: Prepared | Reject, spoken: Words | Exception) -> Rows:
    if isinstance(ready, Reject):
        return table_rows.rejected(ready)
    try:
        if isinstance(spoken, Exception):
            raise spoken
        rows = table_rows.empty()
        table_rows.add_document(rows, find(ready.search, spoken), ready.raw, ready.warnings)
        return rows
    except Exception as error:
        return table_rows.rejected(table_rows.failure(ready.raw.source, error))


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
