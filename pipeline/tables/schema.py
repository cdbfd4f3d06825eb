"""The tables of the product: their Arrow schemas.

The schemas are the contract with every reader. A field's description lies in its metadata, where the data
dictionary takes it from. Offsets are code points into ``documents.text``; money is dong.
"""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

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

FACTS: Mapping[str, str] = {
    "projects": "project_id",
    "amounts": "amount_id",
    "beneficiaries": "beneficiary_id",
    "locations": "location_id",
}
"""Tables of facts -> their key."""

SCHEMAS: Mapping[str, pa.Schema] = {
    "documents": pa.schema(
        [
            _field("doc_id", _STRING, "key: from source and text, 16 hex digits"),
            _field(
                "source",
                _STRING,
                "path relative to its INPUT; inside an archive file!member, item n of a bulletin file#n",
            ),
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
            _field("agency", _STRING, "issuing agency of an official document", nullable=True),
            _field("number", _STRING, "number of an official document", nullable=True),
            _field("url", _STRING, "address of the page or record, where the source has it", nullable=True),
            _field("encoding", _STRING, "what the bytes were; ocr where the text was read from pictures"),
            _field("ocr_confidence", pa.float32(), "mean confidence of the words that OCR read, 0 to 1", nullable=True),
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
            _field("undertaking_id", _STRING, "the undertaking across all reports"),
            _field("parent_id", _STRING, "group row of which this row is a part", nullable=True),
            _RULE,
        ]
    ),
    "undertakings": pa.schema(
        [
            _field("undertaking_id", _STRING, "key: project_id of the mention in its earliest report"),
            _field("name", _STRING, "fullest name that a report gives", nullable=True),
            _field("kind", _STRING, "de_an, du_an, mo_hinh, chuong_trinh, cong_trinh, de_tai, ke_hoach, goi_thau"),
            _field("programme", _STRING, "programme that it belongs to", nullable=True),
            _field("year", pa.int16(), "earliest year that a report prints with it", nullable=True),
            _field("year_published", pa.int16(), "year of the earliest report", nullable=True),
            _field("province_code", _STRING, "legacy province that it lies in", nullable=True),
            _field("province_name", _STRING, "name of that province", nullable=True),
            _field("current_province_code", _STRING, "province since 1 July 2025", nullable=True),
            _field("current_province_name", _STRING, "name of that province", nullable=True),
            _field("n_projects", _INT, "how many undertakings the row stands for"),
            _field("n_beneficiaries", _INT, "number of beneficiaries that holds in the end", nullable=True),
            _field("total_vnd", _LONG, "whole cost that holds in the end, in dong", nullable=True),
            _field("support_vnd", _LONG, "support that holds in the end, in dong", nullable=True),
            _field("counterpart_vnd", _LONG, "own share that holds in the end, in dong", nullable=True),
            _field("parent_id", _STRING, "undertaking_id of the group that it is part of", nullable=True),
            _field("n_reports", _INT, "how many reports tell of it, copies of a report not counted"),
            _field("first_published", pa.date32(), "date of the earliest report", nullable=True),
            _field("last_published", pa.date32(), "date of the latest report", nullable=True),
            _field("project_ids", pa.list_(_STRING), "its rows in projects, in order of date"),
            _field("differs", pa.list_(_STRING), "columns on which the reports disagree"),
            _field("rule", _STRING, "why these rows are one: the strongest reasons, joined by +"),
        ]
    ),
    "amounts": pa.schema(
        [
            *_mention("amount_id", "sum"),
            _field("unit", _STRING, "the unit, where it is printed apart from the figure", nullable=True),
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
