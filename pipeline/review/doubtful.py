"""Which sums the weights were least sure of: the tables have no margins, so that they are decided once more."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.extraction import prepare
from pipeline.ingest import RawDocument
from rules import money, role
from rules.layout import prose


def most_doubtful(rows: pd.DataFrame, documents: pd.DataFrame, n: int) -> pd.DataFrame:
    """The ``n`` rows of ``amounts`` with the smallest margin, the smallest first, with a column ``margin``.

    ``documents`` are those of the rows (doc_id, text, title). Sums that no weights decided (of tables) are left out,
    and those whose role these rules would see otherwise count as most doubtful: margin 0.
    """
    decided = rows[rows["rule"].astype("string").str.contains("+role.", regex=False)]
    wanted = set(decided["doc_id"])
    margins: dict[tuple[Any, ...], tuple[str, int]] = {}
    for document in documents[documents["doc_id"].isin(wanted)].to_dict("records"):
        margins |= _margins(document)
    keys = zip(decided["doc_id"], decided["start"], decided["end"], decided["role"], strict=True)
    found = [_margin(margins.get((doc_id, start, end)), str(was)) for doc_id, start, end, was in keys]
    return decided.assign(margin=found).sort_values(["margin", "doc_id", "start"], kind="stable").head(n)


def _margin(now: tuple[str, int] | None, was: str) -> int:
    return now[1] if now is not None and now[0] == was else 0


def _margins(document: Mapping[Any, Any]) -> dict[tuple[Any, ...], tuple[str, int]]:
    """(doc_id, start, end) of each sum of a document -> its role and margin."""
    title = document["title"] if isinstance(document["title"], str) else None
    layout = prose(prepare(RawDocument(document["doc_id"], document["text"], "utf-8", title=title)).layout)
    amounts = role.assign_roles(layout, money.find(layout.text))
    return {(document["doc_id"], a.start, a.end): (a.role, a.margin or 0) for a in amounts}
