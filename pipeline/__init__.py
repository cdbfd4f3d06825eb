"""trichluc: facts from Vietnamese reports as normalised tables.

>>> import pipeline
>>> nlp = pipeline.load()
>>> doc = nlp("Tổng kinh phí thực hiện trên 1,75 tỷ đồng.")
>>> doc._.amounts[0].value_vnd
1750000000
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # spaCy and pandas take a second to import; `trichluc --help` should not
    import pandas as pd
    from spacy.language import Language

__version__ = "0.1.0"
__all__ = ["extract", "load"]


def load() -> Language:
    """A spaCy ``Language`` with underthesea's words and the extractors as components."""
    from pipeline import components
    from pipeline.language import Vietnamese

    nlp = Vietnamese()
    for pipe in components.PIPES:
        nlp.add_pipe(pipe)
    return nlp


def extract(texts: Iterable[str]) -> dict[str, pd.DataFrame]:
    """Extract the facts of ``texts``: table name -> DataFrame with the columns of the contract.

    The ``source`` of a text is its number, from 0. Columns have Arrow-backed or nullable types, so that a missing
    value is missing and never 0 or "".
    """
    from pipeline import frames

    return frames.extract(texts)
