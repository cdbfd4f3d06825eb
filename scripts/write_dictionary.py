"""Write docs/data-dictionary.md from the Arrow schemas, whose fields carry their descriptions.

python scripts/write_dictionary.py
"""

from pathlib import Path

import pyarrow as pa

from pipeline.analysis.read import JOINED
from pipeline.tables.schema import SCHEMAS

TARGET = Path(__file__).parents[1] / "docs" / "data-dictionary.md"
_INTRODUCTION = """# Data dictionary

Written by `scripts/write_dictionary.py` from the schemas in `pipeline/tables/schema.py`: change the descriptions there.

Every table is a folder of Parquet files of its name. Keys are strings, the same for the same input on every machine.
Offsets are Unicode code points into `documents.text`, and for every mention `documents.text[start:end] == text`. Money
is whole dong. Missing is null, never 0 or an empty text. More on [sums](money.md), on [places](places.md), and on
[how to sum without counting twice](questions.md#how-to-sum-without-counting-twice).
"""
_JOINED = """
## What pipeline.read adds

To the tables of mentions, where they do not have it already; `csv` and `xlsx` have these columns too.

| column | meaning |
|---|---|
"""
_ROWS = {
    "documents": "one row a report",
    "sentences": "one row a sentence, with its words",
    "projects": "one row an undertaking that the report tells of",
    "undertakings": "one row an undertaking, however many reports tell of it: sum this table",
    "amounts": "one row a sum of money",
    "beneficiaries": "one row a receiver, counted or named",
    "locations": "one row a mention of an administrative unit",
    "rejects": "one row a document that could not be extracted",
}


def dictionary() -> str:
    """The page as Markdown."""
    return _INTRODUCTION + "".join(_table(name, schema) for name, schema in SCHEMAS.items()) + _joined()


def _joined() -> str:
    lines = [f"| `{column}` | {meaning} |\n" for column, meaning in JOINED.items()]
    return _JOINED + "".join(lines)


def _table(name: str, schema: pa.Schema) -> str:
    lines = [
        f"\n## {name}\n\n{_ROWS[name].capitalize()}.\n\n| column | type | missing | meaning |\n|---|---|---|---|\n"
    ]
    for field in schema:
        meaning = field.metadata[b"description"].decode().replace("|", "\\|")
        missing = "may be" if field.nullable else "never"
        lines.append(f"| `{field.name}` | {_type(field.type)} | {missing} | {meaning} |\n")
    return "".join(lines)


def _type(kind: pa.DataType) -> str:
    return str(kind).replace("date32[day]", "date").replace("list<item: string>", "list of strings")


if __name__ == "__main__":
    TARGET.write_text(dictionary(), "utf-8")
