"""A report with its facts highlighted, for a notebook: ``pipeline.show(doc)`` and ``pipeline.show(row)``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
from spacy.tokens import Doc

from pipeline import i18n
from pipeline.corrections.fields import wrong_value
from pipeline.i18n import _
from pipeline.tables.frame import ORIGIN
from pipeline.tables.schema import FACTS
from pipeline.view import draw, reports
from pipeline.view.labels import LANGUAGES
from rules.layout import Span


class Shown:
    """What a notebook displays; ``str()`` of it is the HTML."""

    def __init__(self, html: str) -> None:
        self.html = html

    def __str__(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"<{len(self.html):,} characters of HTML: display it in a notebook, or write str() of it to a file>"

    def _repr_html_(self) -> str:
        return self.html


def show(
    what: Doc | pd.Series[Any] | Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame] | str | Path | None = None,
    *,
    language: str | None = None,
    whole: bool = False,
) -> Shown:
    """See :func:`pipeline.show`."""
    language = language or i18n.language()
    if language not in LANGUAGES:
        raise ValueError(wrong_value("language", language, LANGUAGES))
    if isinstance(what, Doc):
        return Shown(draw.fragment(reports.of_doc(what), language))
    if not isinstance(what, (pd.Series, Mapping)):
        raise TypeError(_("show draws a Doc or one row of a table: show(nlp(text)), show(tables['amounts'].iloc[0])"))
    doc_id = what.get("doc_id")
    if doc_id is None:
        raise ValueError(_("the row has no doc_id: give a row of one of the tables"))
    report = _report(str(doc_id), tables if tables is not None else getattr(what, "attrs", {}).get(ORIGIN))
    key = next((str(what[key]) for key in _KEYS if key in what), None)
    if "sentence" not in what:
        return Shown(draw.fragment(report, language))
    part = None if whole else _paragraph(report.text, int(what["start"]), int(what["end"]))
    return Shown(draw.fragment(report, language, part, key))


_KEYS = ("amount_id", "beneficiary_id", "location_id", "project_id")
"""Keys of facts; project_id last, because the other tables have it as a link."""


def _paragraph(text: str, start: int, end: int) -> Span:
    after = text.find("\n", max(end - 1, start))
    return text.rfind("\n", 0, start) + 1, len(text) if after < 0 else after


def _report(doc_id: str, tables: Mapping[str, pd.DataFrame] | str | Path | None) -> reports.Report:
    if tables is None:
        raise ValueError(_("where is the report of this row? Give the tables as well: show(row, tables)"))
    names = ("documents", *FACTS)
    arrow = {name: _rows(tables, name, doc_id) for name in names}
    if arrow["documents"].num_rows == 0:
        raise ValueError(_("no document {doc} in these tables", doc=doc_id))
    return next(reports.of_tables(arrow))


def _rows(tables: Mapping[str, pd.DataFrame] | str | Path, name: str, doc_id: str) -> pa.Table:
    if isinstance(tables, (str, Path)):
        return ds.dataset(Path(tables) / name, format="parquet").to_table(filter=ds.field("doc_id") == doc_id)
    frame = tables[name]
    return pa.Table.from_pandas(frame[frame["doc_id"] == doc_id], preserve_index=False)
