"""Write docs/data-dictionary.md and its Vietnamese twin from the Arrow schemas, whose fields carry their descriptions.

python scripts/write_dictionary.py
"""

from pathlib import Path

import pyarrow as pa

from pipeline import i18n
from pipeline.analysis.read import JOINED
from pipeline.i18n import _
from pipeline.tables.schema import SCHEMAS

DOCS = Path(__file__).parents[1] / "docs"
TARGETS = {"en": DOCS / "data-dictionary.md", "vi": DOCS / "data-dictionary.vi.md"}
_ORIGIN = "<!-- Written by scripts/write_dictionary.py from the descriptions in pipeline/tables/schema.py. -->\n"
TABLES = {
    "documents": "one row a report",
    "sentences": "one row a sentence, with its words",
    "projects": "one row an undertaking that the report tells of",
    "undertakings": "one row an undertaking, however many reports tell of it: sum this table",
    "amounts": "one row a sum of money",
    "beneficiaries": "one row a receiver, counted or named",
    "locations": "one row a mention of an administrative unit",
    "rejects": "one row a document that could not be extracted",
}
"""Table -> what a row of it is."""

PHRASES = {
    "title": "Data dictionary",
    "about": (
        "Every table is a folder of Parquet files of its name. Keys are strings, the same for the same input on every "
        "machine. Offsets are Unicode code points into `documents.text`, and for every mention "
        "`documents.text[start:end] == text`. Money is whole dong. Missing is null, never 0 or an empty text."
    ),
    "read": "What pipeline.read adds",
    "about_read": (
        "To the tables of mentions, where they do not have it already; `csv` and `xlsx` have these columns too."
    ),
    "column": "column",
    "type": "type",
    "missing": "missing",
    "meaning": "meaning",
    "may be": "may be",
    "never": "never",
    "date": "date",
    "strings": "list of strings",
}


def messages() -> list[str]:
    """All that is translated: the phrases of the page and the descriptions of all columns."""
    described = [field.metadata[b"description"].decode() for schema in SCHEMAS.values() for field in schema]
    return list(dict.fromkeys([*PHRASES.values(), *TABLES.values(), *described, *JOINED.values()]))


def dictionary(language: str) -> str:
    """The page as Markdown in a language."""
    before = i18n.language()
    i18n.use(language)
    try:
        head = f"# {_(PHRASES['title'])}\n\n{_ORIGIN}\n{_(PHRASES['about'])}\n"
        return head + "".join(_table(name, schema) for name, schema in SCHEMAS.items()) + _joined()
    finally:
        i18n.use(before)


def _joined() -> str:
    lines = [f"| `{column}` | {_(meaning)} |\n" for column, meaning in JOINED.items()]
    head = f"\n## {_(PHRASES['read'])}\n\n{_(PHRASES['about_read'])}\n\n"
    return head + f"| {_(PHRASES['column'])} | {_(PHRASES['meaning'])} |\n|---|---|\n" + "".join(lines)


def _table(name: str, schema: pa.Schema) -> str:
    told = _(TABLES[name])
    heads = " | ".join(_(PHRASES[key]) for key in ("column", "type", "missing", "meaning"))
    lines = [f"\n## {name}\n\n{told[:1].upper()}{told[1:]}.\n\n| {heads} |\n|---|---|---|---|\n"]
    for field in schema:
        meaning = _(field.metadata[b"description"].decode()).replace("|", "\\|")
        missing = _(PHRASES["may be"] if field.nullable else PHRASES["never"])
        lines.append(f"| `{field.name}` | {_type(field.type)} | {missing} | {meaning} |\n")
    return "".join(lines)


def _type(kind: pa.DataType) -> str:
    told = str(kind).replace("date32[day]", _(PHRASES["date"]))
    return told.replace("list<item: string>", _(PHRASES["strings"]))


if __name__ == "__main__":
    for language, target in TARGETS.items():
        target.write_text(dictionary(language), "utf-8")
