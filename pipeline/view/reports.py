"""One report and its facts as plain rows: what the page and :func:`pipeline.show` draw."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa
from spacy.tokens import Doc

from pipeline import components
from pipeline.ingest.types import RawDocument
from pipeline.tables import rows
from pipeline.tables.schema import FACTS

Row = dict[str, Any]


@dataclass(frozen=True)
class Report:
    """A row of ``documents`` and the rows of each table of facts that belong to it."""

    document: Row
    facts: Mapping[str, list[Row]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        text: str = self.document["text"]
        return text

    def number(self, project_id: str | None) -> int | None:
        """The number, from 1, that an undertaking carries on the page."""
        return self._numbers.get(project_id) if project_id else None

    @cached_property
    def _numbers(self) -> dict[str, int]:
        ordered = sorted(self.facts["projects"], key=lambda row: (row["start"], row["end"]))
        return {row["project_id"]: number for number, row in enumerate(ordered, 1)}


def of_doc(doc: Doc) -> Report:
    """The report of a ``Doc`` that went through the whole pipeline or through some of its components."""
    if doc._.links is None:
        doc = components.links(None, "")(doc)
    columns = rows.empty()
    rows.add_document(columns, components.facts_of(doc), RawDocument("", "", "utf-8"))
    return next(of_tables(rows.to_arrow(columns)))


def of_tables(arrow: Mapping[str, pa.Table], documents: pa.Table | None = None) -> Iterator[Report]:
    """Reports of Arrow tables, in the order of ``documents`` (a selection of rows) or of the table of that name."""
    chosen = arrow["documents"] if documents is None else documents
    grouped = {name: _by_document(arrow[name]) for name in FACTS}
    for row in chosen.to_pylist():
        yield Report(row, {name: rows.get(row["doc_id"], []) for name, rows in grouped.items()})


def _by_document(table: pa.Table) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for row in table.to_pylist():
        rows.setdefault(row["doc_id"], []).append(row)
    return rows


def touching(rows: Iterable[Row], start: int, end: int) -> list[Row]:
    """Those rows whose mention has at least one code point in [start, end)."""
    return [row for row in rows if row["start"] < end and start < row["end"]]
