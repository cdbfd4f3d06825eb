"""The facts of a document as rows of the tables."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from pipeline.ingest.names import shown
from pipeline.ingest.types import RawDocument, Reject
from pipeline.tables.schema import SCHEMAS, Columns
from rules import place
from rules.facts import Facts
from rules.money.mention import INT64_MAX, Amount

Rows = dict[str, Columns]
"""Table name -> the columns of some documents' rows."""


def document_id(source: str, text: str) -> str:
    """Key of a document: 16 hex digits from its source and its normalised text.

    >>> document_id("a.txt", "Hòa Bình")
    'f3235770ab6bfdbc'
    """
    return hashlib.blake2b(f"{source}\0{text}".encode(), digest_size=8).hexdigest()


def empty() -> Rows:
    """Empty columns for every table."""
    return {table: {name: [] for name in schema.names} for table, schema in SCHEMAS.items()}


def _add(columns: Columns, row: Mapping[str, Any]) -> None:
    for name, values in columns.items():
        values.append(row[name])


def add_document(tables: Rows, facts: Facts, raw: RawDocument, warnings: Iterable[str] = ()) -> None:
    """Append all rows of one document.

    What ``raw`` knows from the file's metadata serves where the text itself prints none; ``warnings`` are what reading
    it had to repair.
    """
    layout = facts.layout
    text = layout.text
    doc_id = document_id(raw.source, text)
    n_tokens = _add_sentences(tables["sentences"], facts, doc_id)
    _add(
        tables["documents"],
        {
            "doc_id": doc_id,
            "source": raw.source,
            "title": text[slice(*layout.title)] if layout.title else raw.title,
            "byline": text[slice(*layout.byline)] if layout.byline else raw.byline,
            "published": layout.published,
            "province_code": place.document_province(layout, facts.locations),
            "text": text,
            "n_sentences": len(layout.sentences),
            "n_tokens": n_tokens,
            "agency": raw.agency,
            "number": raw.number,
            "url": raw.url,
            "encoding": raw.encoding,
            "ocr_confidence": raw.ocr_confidence,
            "duplicate_of": None,
            "warnings": [*warnings, *facts.warnings, *_oddities(facts)],
        },
    )
    _add_mentions(tables, facts, doc_id)


def _oddities(facts: Facts) -> list[str]:
    """What an analyst should know of the facts themselves."""
    return [
        *(oddity for amount in facts.amounts for oddity in _oddities_of_sum(amount)),
        *(
            f"the count of {b.text!r} has too many digits for its column: the receivers have no row"
            for b in facts.beneficiaries
            if b.count > _LARGEST_COUNT
        ),
    ]


def _oddities_of_sum(amount: Amount) -> Iterator[str]:
    figures = [figure for figure in (amount.value, amount.low, amount.high) if figure is not None]
    if amount.currency == "VND" and any(abs(figure) > INT64_MAX for figure in figures):
        yield f"the sum {amount.text!r} is beyond 64-bit dong: the figure is kept, in whole dong it is null"
    elif amount.currency == "VND" and any(figure % 1 for figure in figures):
        yield f"the sum {amount.text!r} has a fraction of a dong: the figure is kept, in whole dong it is null"
    if any(_held(figure) != figure for figure in figures):
        yield f"the sum {amount.text!r} has too many digits for its columns: decimals beyond the fourth are rounded off"


_LAST_DECIMAL = Decimal("0.0001")
_LARGEST_COUNT = 2**31 - 1


def _held(figure: Decimal | None) -> Decimal | None:
    """What a column of type decimal128(24,4) can hold of a figure; the rules read none of more than 20 whole digits.

    >>> _held(Decimal("7.02202"))
    Decimal('7.0220')
    """
    if figure is None:
        return None
    exponent = figure.as_tuple().exponent
    return figure.quantize(_LAST_DECIMAL) if isinstance(exponent, int) and exponent < -4 else figure


def _add_sentences(columns: Columns, facts: Facts, doc_id: str) -> int:
    layout, words = facts.layout, facts.words
    columns["doc_id"] += [doc_id] * len(words)
    columns["sentence"] += range(len(words))
    columns["paragraph"] += layout.sentence_paragraph
    columns["start"] += [start for start, _ in layout.sentences]
    columns["end"] += [end for _, end in layout.sentences]
    columns["tokens"] += words
    return sum(map(len, words))


def _add_mentions(tables: Rows, facts: Facts, doc_id: str) -> None:
    layout, links = facts.layout, facts.links

    def project_id(index: int | None) -> str | None:
        return None if index is None else f"{doc_id}-p{index + 1}"

    def base(key: str, letter: str, index: int, mention: Any) -> dict[str, Any]:
        return {
            key: f"{doc_id}-{letter}{index + 1}",
            "doc_id": doc_id,
            "sentence": layout.sentence_at(mention.start),
            "start": mention.start,
            "end": mention.end,
            "text": mention.text,
            "rule": mention.rule,
        }

    def linked(
        owners: tuple[int | None, ...], rules: tuple[str | None, ...], index: int, row: dict[str, Any]
    ) -> dict[str, Any]:
        row["project_id"] = project_id(owners[index])
        if rules[index] and row["project_id"]:
            row["rule"] += f"+{rules[index]}"
        return row

    for i, p in enumerate(facts.projects):
        record = links.records[i]
        n_beneficiaries = record.n_beneficiaries
        if n_beneficiaries is not None and n_beneficiaries > _LARGEST_COUNT:
            n_beneficiaries = None
        _add(
            tables["projects"],
            base("project_id", "p", i, p)
            | {name: getattr(p, name) for name in ("name", "kind", "programme", "year", "n_projects")}
            | {name: getattr(record, name) for name in ("total_vnd", "support_vnd", "counterpart_vnd")}
            | {"n_beneficiaries": n_beneficiaries, "parent_id": project_id(p.parent)}
            | {"undertaking_id": project_id(i)},  # until all reports are known: pipeline.gather
        )
    for i, a in enumerate(facts.amounts):
        row = base("amount_id", "a", i, a) | {name: getattr(a, name) for name in _AMOUNT_FIELDS}
        row |= {name: _held(row[name]) for name in ("value", "low", "high")}
        _add(tables["amounts"], linked(links.amount_project, links.amount_rule, i, row))
    for i, b in enumerate(facts.beneficiaries):
        if b.count > _LARGEST_COUNT:
            continue
        row = base("beneficiary_id", "b", i, b) | {name: getattr(b, name) for name in ("kind", "count", "name")}
        _add(tables["beneficiaries"], linked(links.beneficiary_project, links.beneficiary_rule, i, row))
    for i, u in enumerate(facts.locations):
        row = base("location_id", "l", i, u) | {name: getattr(u, name) for name in _PLACE_FIELDS}
        row["candidates"] = list(u.candidates)
        _add(tables["locations"], linked(links.place_project, links.place_rule, i, row))


_AMOUNT_FIELDS = ("unit", "currency", "value", "value_vnd", "low", "high", "low_vnd", "high_vnd", "qualifier", "role")
_PLACE_FIELDS = (
    "level", "name", "code", "province_code", "province_name", "current_code", "current_name", "current_province_code",
    "current_province_name", "status",
)  # fmt: skip


def to_arrow(tables: Mapping[str, Columns]) -> dict[str, pa.Table]:
    """Arrow tables of the contract's schemas."""
    return {name: pa.Table.from_pydict(dict(tables[name]), schema=schema) for name, schema in SCHEMAS.items()}


def to_tables(found: Sequence[Rows]) -> tuple[dict[str, pa.Table], Sequence[Rows]]:
    """Arrow tables of the rows of several documents, in their order, and the rows that went in.

    Rows that the schema cannot hold make their document a reject, and no other.
    """
    try:
        return to_arrow(_joined(found)), found
    except (pa.ArrowException, ValueError, TypeError, OverflowError):
        found = _held_by_schema(found)
        return to_arrow(_joined(found)), found


def _held_by_schema(found: Sequence[Rows]) -> Sequence[Rows]:
    """The rows with a reject for each document whose rows the schema cannot hold; halving finds them soon."""
    try:
        to_arrow(_joined(found))
    except Exception as error:
        if len(found) == 1:
            return [rejected(failure(found[0]["documents"]["source"][0], error))]
        middle = len(found) // 2
        return [*_held_by_schema(found[:middle]), *_held_by_schema(found[middle:])]
    return found


def _joined(found: Sequence[Rows]) -> Rows:
    joined = empty()
    for rows in found:
        for name, columns in rows.items():
            target = joined[name]
            for column, values in columns.items():
                target[column] += values
    return joined


def failure(source: str, error: Exception) -> Reject:
    """The reject of a document whose extraction failed."""
    message = shown(f"extraction failed: {error}; please report this document")
    return Reject(source, "extract", type(error).__name__, message)


def rejected(reject: Reject) -> Rows:
    """The rows of a document that could not be read."""
    rows = empty()
    for column, values in rows["rejects"].items():
        values.append(getattr(reject, column))
    return rows
