"""CSV as spreadsheet programs open it: UTF-8 with a byte order mark, one file a table.

A text that a spreadsheet would take for a formula (``=``, ``+``, ``-``, ``@`` in front, also in full width or behind
blanks) gets an apostrophe, as OWASP advises; nothing else is changed.
Programs that need the very text read the Parquet tables or JSON lines.
"""

from pathlib import Path

import pandas as pd

import pipeline
from pipeline.export.formulas import is_formula


def write(out: Path, target: Path) -> None:
    """Write ``target/<table>.csv`` for each table as :func:`pipeline.read` gives it."""
    target.mkdir(parents=True, exist_ok=True)
    for name, table in pipeline.read(out).items():
        safe = table.apply(_safe_column)
        safe.to_csv(target / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _safe_column(column: "pd.Series[str]") -> "pd.Series[str]":
    if column.name in ("tokens", "candidates", "warnings", "project_ids", "differs"):
        column = column.map(lambda items: harmless(" | ".join(items)), na_action="ignore")
    elif isinstance(column.dtype, pd.StringDtype):
        column = column.map(harmless, na_action="ignore")
    return column


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> harmless("=HYPERLINK(1)"), harmless("500 triệu đồng")
    ("'=HYPERLINK(1)", '500 triệu đồng')
    """
    return f"'{text}" if is_formula(text) else text
