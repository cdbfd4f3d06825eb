"""JSON lines: one document a line with its facts inside it, exactly as in the tables."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.tables.schema import FACTS
from pipeline.view.page import reports


def write(out: Path, target: Path) -> None:
    """Write ``target``; duplicates are there, marked by ``duplicate_of`` as in the tables."""
    with target.open("w", encoding="utf-8") as file:
        for report in reports(out):
            facts = {name: [_without_key(row) for row in report.facts[name]] for name in FACTS}
            file.write(json.dumps({**report.document, **facts}, ensure_ascii=False, default=_plain) + "\n")


def _without_key(row: dict[str, Any]) -> dict[str, Any]:
    return {column: value for column, value in row.items() if column != "doc_id"}


def _plain(value: object) -> object:
    """Dates as ISO text, figures as exact decimal text (JSON's own numbers would lose digits).

    >>> _plain(Decimal("1750000000.0000")), _plain(date(2023, 5, 1))
    ('1750000000', '2023-05-01')
    """
    if isinstance(value, Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") if value % 1 else f"{int(value)}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
