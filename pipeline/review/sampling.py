"""A stratified sample of a table, with each row in its sentence."""

from pathlib import Path

import pandas as pd

from pipeline.analysis.read import read
from pipeline.corrections.fields import check_table
from pipeline.corrections.verdicts import latest, row_key
from pipeline.i18n import _
from pipeline.review.doubtful import most_doubtful
from pipeline.tables.frame import ORIGIN
from pipeline.tables.schema import FACTS

ORIGIN_TABLE = "trichluc.table"
"""Attribute of a sample: the table that it was drawn from."""

_NONE = "(none)"
_SHOWN = {
    "amounts": ("value_vnd", "qualifier", "role", "project_name"),
    "projects": ("name", "kind", "programme", "year", "n_projects", "total_vnd", "support_vnd", "counterpart_vnd"),
    "beneficiaries": ("kind", "count", "name", "project_name"),
    "locations": ("level", "name", "code", "status", "project_name"),
}


def sample(
    out: str | Path, table: str = "amounts", n: int = 50, by: str | None = "role", seed: int = 1
) -> pd.DataFrame:
    """``n`` rows of ``table``, drawn from every value of the column ``by``; the same for the same seed.

    Each stratum gives rows in proportion to its size, and two where it has them, so that a rare role is seen as well;
    ``weight`` says how many rows of the table one row stands for, and :func:`report` counts with it. ``context`` is the
    sentence with the mention between ⟦ ⟧. Verdicts that were given before are shown. ``by=None`` draws from the whole;
    a table without the column ``by`` is drawn by ``kind`` or ``level``. Duplicate reports are left out.

    ``by="margin"`` gives no sample but the ``n`` sums whose role the weights were least sure of, the most doubtful
    first: verdicts on them teach most (``trichluc train``), and estimate nothing.

    Raises ``ValueError`` for an unknown table, a column that it does not have, or ``n`` below 1.
    """
    check_table(table)
    if n < 1:
        raise ValueError(_("n is {n}: draw at least one row", n=n))
    tables = read(out, corrections=False)
    rows = tables[table]
    if by == "margin" and table == "amounts":
        doubtful = most_doubtful(rows, tables["documents"], n)
        return _presented(doubtful.assign(stratum="doubtful", weight=1.0), table, out, tables["sentences"])
    if by == "role" and by not in rows:
        by = "level" if table == "locations" else "kind"
    if by is not None and by not in rows:
        names = ", ".join(rows.columns)
        raise ValueError(_("{table} has no column {by}: choose one of {names}", table=table, by=repr(by), names=names))
    strata = rows[by].astype("string").fillna(_NONE) if by else pd.Series("all", rows.index, dtype="string")
    wanted = shares({str(name): size for name, size in strata.value_counts().items()}, n)
    pieces = [
        rows[strata == name]
        .sample(count, random_state=seed)
        .assign(stratum=name, weight=(strata == name).sum() / count)
        for name, count in wanted.items()
        if count
    ]
    drawn = pd.concat(pieces) if pieces else rows.assign(stratum=strata, weight=1.0)
    return _presented(drawn.sample(frac=1, random_state=seed), table, out, tables["sentences"])


def shares(sizes: dict[str, int], n: int, least: int = 2) -> dict[str, int]:
    """How many rows each stratum gives: in proportion to its size, at least ``least``, ``n`` in all where they reach.

    >>> shares({"support": 80, "total": 15, "damage": 5}, 20)
    {'damage': 2, 'support': 15, 'total': 3}
    """
    n = min(n, sum(sizes.values()))
    given = {name: min(size, least) for name, size in sorted(sizes.items())}
    while sum(given.values()) > n:  # fewer rows than strata need: the smallest strata give way
        name = min((name for name in given if given[name]), key=lambda name: (-given[name], sizes[name], name))
        given[name] -= 1
    while sum(given.values()) < n:
        name = max(
            (name for name in given if given[name] < sizes[name]),
            key=lambda name: (sizes[name] / (given[name] + 0.5), name),
        )
        given[name] += 1
    return given


def _presented(drawn: pd.DataFrame, table: str, out: str | Path, sentences: pd.DataFrame) -> pd.DataFrame:
    known = latest(out)
    begins = sentences.set_index(["doc_id", "sentence"])["start"]
    places = drawn["start"].array - begins.reindex(pd.MultiIndex.from_frame(drawn[["doc_id", "sentence"]])).array
    keys = [row_key(table, dict(row)) for _, row in drawn.iterrows()]
    columns = [FACTS[table], "context", *_SHOWN[table], "rule", "source", "stratum", "weight", "verdict"]
    told = drawn.assign(
        context=[*map(_context, drawn["sentence_text"], drawn["text"], places)],
        verdict=pd.array([known[key]["verdict"] if key in known else None for key in keys], dtype="string"),
    )
    rest = [column for column in told.columns if column not in columns]
    told = told[[*columns, *rest]].reset_index(drop=True)
    told.attrs = {ORIGIN: str(out), ORIGIN_TABLE: table}
    return told


def _context(sentence: str, text: str, place: int) -> str:
    """The sentence with the mention at ``place`` marked; the mention may run on into the next one.

    >>> _context("Hỗ trợ 50, không phải 5 triệu đồng.", "5 triệu đồng", 22)
    'Hỗ trợ 50, không phải ⟦5 triệu đồng⟧.'
    """
    return f"{sentence[:place]}⟦{text}⟧{sentence[place + len(text) :]}"
