"""The tables of the product: their Arrow schemas, and a ``Doc``'s rows.

The schemas are the contract with every reader. A field's description lies in its metadata, where the data
dictionary takes it from. Offsets are code points into ``documents.text``; money is dong.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa

from pipeline.facts import Facts
from rules import place
from rules.money.mention import INT64_MAX, Amount

SCHEMA_VERSION = "1"

Columns = dict[str, list[Any]]
"""Column name -> values, one a row."""


def _field(name: str, kind: pa.DataType, description: str, nullable: bool = False) -> pa.Field:
    return pa.field(name, kind, nullable=nullable, metadata={"description": description})


_STRING, _INT, _LONG, _MONEY = pa.string(), pa.int32(), pa.int64(), pa.decimal128(24, 4)


def _mention(key: str, what: str) -> list[pa.Field]:
    return [
        _field(key, _STRING, f"key of the {what}, the same in every run"),
        _field("doc_id", _STRING, "key of the document"),
        _field("sentence", _INT, "number of the sentence in the document, from 0"),
        _field("start", _INT, "first code point of the mention in documents.text"),
        _field("end", _INT, "code point after the mention"),
        _field("text", _STRING, "the mention, documents.text[start:end]"),
    ]


_PROJECT_ID = _field("project_id", _STRING, "key of the undertaking that it belongs to", nullable=True)
_RULE = _field("rule", _STRING, "ids of the rules that made the row, joined by +: finding, role, link")

SCHEMAS: Mapping[str, pa.Schema] = {
    "documents": pa.schema(
        [
            _field("doc_id", _STRING, "key: from source and text, 16 hex digits"),
            _field("source", _STRING, "path as given, relative to its INPUT; inside an archive file!member"),
            _field("title", _STRING, "headline", nullable=True),
            _field("byline", _STRING, "author or source line", nullable=True),
            _field("published", pa.date32(), "printed dateline, or the file's own metadata", nullable=True),
            _field(
                "province_code",
                _STRING,
                "legacy code of the province that the document is about",
                nullable=True,
            ),
            _field("text", pa.large_string(), "normalised text: NFC, one line feed between paragraphs"),
            _field("n_sentences", _INT, "number of sentences"),
            _field("n_tokens", _INT, "number of words"),
            _field("encoding", _STRING, "what the bytes were"),
            _field(
                "duplicate_of",
                _STRING,
                "doc_id of the first document with the same or nearly the same text",
                nullable=True,
            ),
            _field("warnings", pa.list_(_STRING), "what was repaired or looked odd"),
        ]
    ),
    "sentences": pa.schema(
        [
            _field("doc_id", _STRING, "key of the document"),
            _field("sentence", _INT, "number in the document, from 0"),
            _field("paragraph", _INT, "number of its paragraph, from 0"),
            _field("start", _INT, "first code point in documents.text"),
            _field("end", _INT, "code point after it"),
            _field("tokens", pa.list_(_STRING), "underthesea's words, in order"),
        ]
    ),
    "projects": pa.schema(
        [
            *_mention("project_id", "undertaking"),
            _field(
                "name",
                _STRING,
                "own name without kind word and quotes; null where the text only counts",
                nullable=True,
            ),
            _field("kind", _STRING, "de_an, du_an, mo_hinh, chuong_trinh, cong_trinh, de_tai, ke_hoach, goi_thau"),
            _field("programme", _STRING, "programme that it belongs to", nullable=True),
            _field("year", pa.int16(), "the single year tied to it", nullable=True),
            _field("n_projects", _INT, "how many undertakings the row stands for"),
            _field("n_beneficiaries", _INT, "printed number of beneficiaries", nullable=True),
            _field("total_vnd", _LONG, "whole cost in dong", nullable=True),
            _field("support_vnd", _LONG, "support in dong", nullable=True),
            _field("counterpart_vnd", _LONG, "own share in dong", nullable=True),
            _field("parent_id", _STRING, "group row of which this row is a part", nullable=True),
            _RULE,
        ]
    ),
    "amounts": pa.schema(
        [
            *_mention("amount_id", "sum"),
            _field("currency", _STRING, "ISO 4217"),
            _field("value", _MONEY, "the printed figure in currency; null for a range", nullable=True),
            _field("value_vnd", _LONG, "the same in dong", nullable=True),
            _field("low", _MONEY, "lower bound in currency", nullable=True),
            _field("high", _MONEY, "upper bound in currency", nullable=True),
            _field("low_vnd", _LONG, "lower bound in dong", nullable=True),
            _field("high_vnd", _LONG, "upper bound in dong", nullable=True),
            _field("qualifier", _STRING, "exact, about, nearly, over, under, at_least, at_most, range"),
            _field(
                "role",
                _STRING,
                "total, support, counterpart, allocation, disbursed, loan, revenue, price, damage, other",
            ),
            _PROJECT_ID,
            _RULE,
        ]
    ),
    "beneficiaries": pa.schema(
        [
            *_mention("beneficiary_id", "beneficiary"),
            _field(
                "kind",
                _STRING,
                "establishment, enterprise, household_business, cooperative, household, unit, worker, person, school, "
                "other",
            ),
            _field("count", _INT, "printed count; 1 for a named one"),
            _field("name", _STRING, "for a named one", nullable=True),
            _PROJECT_ID,
            _RULE,
        ]
    ),
    "locations": pa.schema(
        [
            *_mention("location_id", "place"),
            _field("level", _STRING, "province, district, commune"),
            _field("name", _STRING, "official name", nullable=True),
            _field("code", _STRING, "statistics-office code: 2, 3 or 5 digits", nullable=True),
            _field("province_code", _STRING, "legacy province that it lies in", nullable=True),
            _field("province_name", _STRING, "name of that province", nullable=True),
            _field("current_code", _STRING, "code of the unit that holds it since 1 July 2025", nullable=True),
            _field("current_name", _STRING, "name of that unit", nullable=True),
            _field("current_province_code", _STRING, "province of that unit", nullable=True),
            _field("current_province_name", _STRING, "name of that province", nullable=True),
            _field("status", _STRING, "resolved, ambiguous, unknown"),
            _field("candidates", pa.list_(_STRING), "codes that it could mean, where ambiguous"),
            _PROJECT_ID,
            _RULE,
        ]
    ),
    "rejects": pa.schema(
        [
            _field("source", _STRING, "path as in documents.source"),
            _field("stage", _STRING, "where it failed: discover, open, decode, parse, normalise, extract"),
            _field("error", _STRING, "short name of the error"),
            _field("message", _STRING, "what happened and what to do"),
        ]
    ),
}
"""Table name -> schema, in the order in which they are written."""


def document_id(source: str, text: str) -> str:
    """Key of a document: 16 hex digits from its source and its normalised text.

    >>> document_id("a.txt", "Hòa Bình")
    'f3235770ab6bfdbc'
    """
    return hashlib.blake2b(f"{source}\0{text}".encode(), digest_size=8).hexdigest()


def empty() -> dict[str, Columns]:
    """Empty columns for every table."""
    return {table: {name: [] for name in schema.names} for table, schema in SCHEMAS.items()}


def _add(columns: Columns, row: Mapping[str, Any]) -> None:
    for name, values in columns.items():
        values.append(row[name])


def add_document(
    tables: dict[str, Columns],
    facts: Facts,
    source: str,
    encoding: str = "utf-8",
    warnings: Iterable[str] = (),
    title: str | None = None,
    byline: str | None = None,
) -> None:
    """Append all rows of one document.

    ``title`` and ``byline`` from the source's metadata serve where the text itself prints none.
    """
    layout = facts.layout
    text = layout.text
    doc_id = document_id(source, text)
    n_tokens = _add_sentences(tables["sentences"], facts, doc_id)
    _add(
        tables["documents"],
        {
            "doc_id": doc_id,
            "source": source,
            "title": text[slice(*layout.title)] if layout.title else title,
            "byline": text[slice(*layout.byline)] if layout.byline else byline,
            "published": layout.published,
            "province_code": place.document_province(layout, facts.locations),
            "text": text,
            "n_sentences": len(layout.sentences),
            "n_tokens": n_tokens,
            "encoding": encoding,
            "duplicate_of": None,
            "warnings": [*warnings, *_oddities(facts)],
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


def _add_mentions(tables: dict[str, Columns], facts: Facts, doc_id: str) -> None:
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
            | {"n_beneficiaries": n_beneficiaries, "parent_id": project_id(p.parent)},
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


_AMOUNT_FIELDS = ("currency", "value", "value_vnd", "low", "high", "low_vnd", "high_vnd", "qualifier", "role")
_PLACE_FIELDS = (
    "level", "name", "code", "province_code", "province_name", "current_code", "current_name", "current_province_code",
    "current_province_name", "status",
)  # fmt: skip


def to_arrow(tables: Mapping[str, Columns]) -> dict[str, pa.Table]:
    """Arrow tables of the contract's schemas."""
    return {name: pa.Table.from_pydict(dict(tables[name]), schema=schema) for name, schema in SCHEMAS.items()}
