"""trichluc: facts from Vietnamese reports as normalised tables.

>>> import pipeline
>>> nlp = pipeline.load()
>>> doc = nlp("Tổng kinh phí thực hiện trên 1,75 tỷ đồng.")
>>> doc._.amounts[0].value_vnd
1750000000
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # spaCy and pandas take a second to import; `trichluc --help` should not
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd
    from spacy.language import Language
    from spacy.tokens import Doc

    from pipeline import review
    from pipeline.view.notebook import Shown

__version__ = "0.1.0"
__all__ = ["extract", "load", "once", "read", "review", "show"]


def __getattr__(name: str) -> Any:
    """``pipeline.review``, imported when it is first asked for."""
    if name == "review":
        return import_module("pipeline.review")
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")


def load() -> Language:
    """A spaCy ``Language`` with underthesea's words and the extractors as components.

    It takes a text as it is, so that offsets hold in the text that was given; where letters and accents are not
    composed (NFC) it warns, for facts are missed. :func:`extract` and `trichluc run` normalise first.
    """
    from pipeline import components
    from pipeline.components.language import Vietnamese

    nlp = Vietnamese()
    for pipe in components.PIPES:
        nlp.add_pipe(pipe)
    return nlp


def extract(texts: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Extract the facts of ``texts``: table name -> DataFrame with the columns of the contract.

    The ``source`` of a text is its number, from 0. Columns have Arrow-backed or nullable types, so that a missing
    value is missing and never 0 or "".

    Raises ``TypeError`` for a single text, or for an entry that is no text (``None``, say).
    """
    from pipeline.analysis.read import extract

    return extract(texts)


def read(out: str | Path, duplicates: bool = False, corrections: bool = True) -> dict[str, pd.DataFrame]:
    """The tables that `trichluc run` wrote under ``out``, with the columns that an analyst would join next.

    Besides the columns of the contract, ``projects``, ``amounts``, ``beneficiaries`` and ``locations`` carry
    ``source``, ``title`` and ``published`` of their report and ``sentence_text``; all but the first ``project_name``;
    ``province_code`` and ``province_name`` say where an undertaking lies (the one province of its own places, else the
    one of its report), and the same for what belongs to it. ``projects.has_parts`` marks a group that is broken down.

    Duplicates of a report are left out unless ``duplicates``, so that nothing is summed twice; corrections that people
    made (:mod:`pipeline.review`) are laid over the rows unless ``corrections`` is false.

    Raises ``FileNotFoundError`` where ``out`` holds no tables.
    """
    from pipeline.analysis.read import read

    return read(out, duplicates, corrections)


def once(table: pd.DataFrame) -> pd.DataFrame:
    """The undertakings of which no other one is a part: sum these, and each dong counts once.

    ``table`` is ``undertakings`` or ``projects`` of :func:`read`; of rows of ``projects`` that are one undertaking,
    told by several reports, the first one stays, with the figures that hold in the end. A group whose own sum is not
    printed gets the sum of its parts (``total_vnd``, ``support_vnd``, ``counterpart_vnd``, ``n_beneficiaries``); a
    printed one stays, for it covers the parts whose sums are not told. Where a group prints one sum, and the sums of
    its parts add up to it, they are the same money, whatever role each has.

    Raises ``ValueError`` for another table.
    """
    from pipeline.analysis.read import once

    return once(table)


def show(
    what: Doc | pd.Series[Any] | Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame] | str | Path | None = None,
    *,
    language: str | None = None,
    whole: bool = False,
) -> Shown:
    """Draw a report with its sums, places, undertakings and beneficiaries highlighted, their values and links beside.

    ``what`` is a ``Doc`` of :func:`load`, or one row of any table: a row of ``documents`` shows the whole report, a
    row of another table the paragraph that it stands in (the report with ``whole=True``), with the fact framed. A
    row of :func:`read` knows where it came from; for any other, ``tables`` says it: the dict of :func:`extract` or
    the output folder. ``language`` of the labels is ``en`` or ``vi``; that of TRICHLUC_LANG or the locale unless given.

    Raises ``ValueError`` for another language, or for a row whose report cannot be found; ``TypeError`` for what is no
    ``Doc`` and no row.

    >>> html = str(show(load()("Hỗ trợ 500 triệu đồng <b>.")))
    >>> "500 triệu đồng<i" in html, "&lt;b&gt;" in html
    (True, True)
    """
    from pipeline.view import notebook

    return notebook.show(what, tables, language=language, whole=whole)
