"""The facts of a document as rows of the tables."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
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


def as_dicts(columns: Columns) -> list[dict[str, Any]]:
    """The rows of one table."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


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
    figures = {figure for figure in (amount.value, amount.low, amount.high) if figure is not None}
    if amount.currency == "VND" and any(abs(figure) > INT64_MAX for figure in figures):
        yield f"the sum {amount.text!r} is beyond 64-bit dong: the figure is kept, in whole dong it is null"
    elif amount.currency == "VND" and any(figure % 1 for figure in figures):
        yield f"the sum {amount.text!r} has a fraction of a dong: the figure is kept, in whole dong it is null"
    if any(_held(figure) != figure for figure in figures):
        yield f"the sum {amount.text!r} has too many digits for its columns: decimals beyond the fourth are rounded off"


_LAST_DECIMAL = Decimal("0.0001")
_LARGEST_COUNT = 2**31 - 1


@lru_cache(maxsize=1 << 12)
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
    links = facts.links

    def ids(owners: Iterable[int | None]) -> list[str | None]:
        return [None if index is None else f"{doc_id}-p{index + 1}" for index in owners]

    def add(table: str, key: str, found: Sequence[tuple[int, Any]], names: Iterable[str]) -> Columns:
        """The columns that all mentions have, and some that are called as their attributes; ``found`` are numbered."""
        columns, mentions = tables[table], [mention for _, mention in found]
        columns[f"{key}_id"] += [f"{doc_id}-{key[0]}{index + 1}" for index, _ in found]
        columns["doc_id"] += [doc_id] * len(found)
        columns["sentence"] += [facts.layout.sentence_at(mention.start) for mention in mentions]
        for name in ("start", "end", "text", *names):
            columns[name] += list(map(attrgetter(name), mentions))
        return columns

    def link(columns: Columns, found: Sequence[tuple[int, Any]], owners: Sequence[Any], rules: Sequence[Any]) -> None:
        columns["project_id"] += (own := ids(owners[index] for index, _ in found))
        said = zip(found, own, strict=True)
        columns["rule"] += [f"{m.rule}+{rules[i]}" if rules[i] and owner else m.rule for (i, m), owner in said]

    projects = add("projects", "project", list(enumerate(facts.projects)), _PROJECT_FIELDS)
    for name in ("total_vnd", "support_vnd", "counterpart_vnd"):
        projects[name] += list(map(attrgetter(name), links.records))
    counts = [record.n_beneficiaries for record in links.records]
    projects["n_beneficiaries"] += [None if n is None or n > _LARGEST_COUNT else n for n in counts]
    projects["parent_id"] += ids(p.parent for p in facts.projects)
    projects["undertaking_id"] += ids(range(len(facts.projects)))  # until all reports are known: pipeline.gather

    sums = list(enumerate(facts.amounts))
    amounts = add("amounts", "amount", sums, _AMOUNT_FIELDS)
    for name in ("value", "low", "high"):
        amounts[name] += [_held(getattr(a, name)) for a in facts.amounts]
    link(amounts, sums, links.amount_project, links.amount_rule)

    people = [(index, b) for index, b in enumerate(facts.beneficiaries) if b.count <= _LARGEST_COUNT]
    beneficiaries = add("beneficiaries", "beneficiary", people, ("kind", "count", "name"))
    link(beneficiaries, people, links.beneficiary_project, links.beneficiary_rule)

    places = list(enumerate(facts.locations))
    locations = add("locations", "location", places, _PLACE_FIELDS)
    locations["candidates"] += [list(u.candidates) for u in facts.locations]
    link(locations, places, links.place_project, links.place_rule)


_PROJECT_FIELDS = ("name", "kind", "programme", "year", "n_projects", "rule")
_AMOUNT_FIELDS = ("unit", "currency", "value_vnd", "low_vnd", "high_vnd", "qualifier", "role")
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
