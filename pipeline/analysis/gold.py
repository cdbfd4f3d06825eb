"""Facts that people annotated: ``NAME.json`` beside ``NAME.txt`` (``docs/corpus.md``)."""

import json
import re
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.i18n import _
from rules.layout import Span

TABLES = ("projects", "amounts", "beneficiaries", "locations")

Fact = dict[str, Any]
"""One gold entry, or one row of a table."""


class GoldError(Exception):
    """A file of gold facts is something else, or its text is missing."""


def read_facts(path: Path) -> Fact:
    """The facts of one file. ``locations`` may be null there: not annotated.

    Raises :class:`GoldError` where it holds something else.
    """
    try:
        gold = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise GoldError(_("{file} cannot be read: {error}", file=path, error=error)) from None
    if not isinstance(gold, dict) or not all(
        isinstance(gold.get(table), list) or (table == "locations" and gold.get(table, ()) is None) for table in TABLES
    ):
        raise GoldError(_("{file} holds no gold facts: it needs lists of {names}", file=path, names=", ".join(TABLES)))
    return gold


def clean(text: str | None) -> str:
    """Text as it is compared: NFC, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def locate(text: str, mention: str, start: int = 0) -> Span | None:
    """Where a gold text stands, searched from `start`, then from the beginning; any white space matches any.

    >>> locate("2.290 đồng, 290 đồng", "290 đồng")
    (12, 20)
    """
    wanted = clean(mention)
    pattern = r"\s+".join(map(re.escape, wanted.split(" ")))
    if wanted[:1].isdigit():  # "290" is no part of "2.290"
        pattern = rf"(?<![\d.,]){pattern}"
    if wanted[-1:].isdigit():
        pattern = rf"{pattern}(?![.,]?\d)"
    compiled = re.compile(pattern)
    match = compiled.search(text, start) or compiled.search(text)
    return match.span() if match else None


def money(fact: Fact) -> tuple[str, Decimal | None, Decimal | None]:
    """Comparable value of a sum: currency and bounds, a single figure twice."""
    if fact["qualifier"] == "range":
        return fact["currency"], Decimal(str(fact["low"] or 0)), Decimal(str(fact["high"] or 0))
    value = fact.get("value")
    figure = None if value is None else Decimal(str(value))
    return fact["currency"], figure, figure


def overlaps(where: Span | None, start: int, end: int, unplaced: bool = True) -> bool:
    """Does [start, end) overlap `where`? `unplaced` is the answer where the place is unknown."""
    if where is None:
        return unplaced
    return where[0] < end and start < where[1]
