"""Facts that the rules missed and a person added: the row that a run would have made of them."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from pipeline.i18n import _
from pipeline.tables.schema import FACTS
from rules import money

_FIGURES = ("currency", "value", "value_vnd", "low", "high", "low_vnd", "high_vnd", "qualifier")


def row_of(out: str | Path, table: str, row: Mapping[str, Any], correction: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a missed fact: its place and text, and the columns that its text tells.

    Raises ``ValueError`` where the text does not stand at that place, or holds no sum of money for ``amounts``.
    """
    start, end, text = int(row["start"]), int(row["end"]), str(row["text"])
    wanted = ds.field("doc_id") == row["doc_id"]
    documents = ds.dataset(Path(out) / "documents").to_table(["text", "source"], filter=wanted).to_pylist()
    if not documents or documents[0]["text"][start:end] != text:
        raise ValueError(
            _("{text} does not stand at {start} in document {doc}", text=repr(text), start=start, doc=row["doc_id"])
        )
    sentences = ds.dataset(Path(out) / "sentences").to_table(["sentence", "start"], filter=wanted).to_pylist()
    sentence = max((one["sentence"] for one in sentences if one["start"] <= start), default=0)
    made = {"doc_id": row["doc_id"], "sentence": sentence, "start": start, "end": end, "text": text, "rule": "review"}
    made |= {FACTS[table]: f"{row['doc_id']}-{table[0]}{start}", "source": documents[0]["source"]}
    return (
        made | _TOLD[table](text) | {name: value for name, value in correction.items() if name not in ("project_id",)}
    )


def _sum(text: str) -> dict[str, Any]:
    found = money.parse(text)
    if found is None:
        raise ValueError(_("{text} is no single sum of money: mark the figure with its unit", text=repr(text)))
    return {name: getattr(found, name) for name in _FIGURES} | {"role": "other"}


def _undertaking(text: str) -> dict[str, Any]:
    return {"name": text, "kind": "du_an", "n_projects": 1}


def _receiver(text: str) -> dict[str, Any]:
    count = re.match(r"\d{1,9}(?!\d)", text)
    return {"kind": "other", "count": int(count[0]) if count else 1, "name": None if count else text}


def _place(text: str) -> dict[str, Any]:
    return {"level": "commune", "name": text, "status": "unknown", "candidates": []}


_TOLD = {"amounts": _sum, "projects": _undertaking, "beneficiaries": _receiver, "locations": _place}
