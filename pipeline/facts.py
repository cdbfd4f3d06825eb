"""Everything that the rules find in one document, before it becomes rows or a spaCy ``Doc``.

The batch takes this way: a ``Doc`` costs more than the rules themselves, and importing spaCy a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rules import beneficiary, link, money, place, project

if TYPE_CHECKING:
    from pipeline.words import Segmenter
    from rules.layout import Layout


@dataclass(frozen=True, slots=True)
class Facts:
    """The mentions of a document, in text order, and the links between them."""

    layout: Layout
    words: Sequence[Sequence[str]]
    """underthesea's words of each sentence"""
    amounts: list[money.Amount]
    locations: list[place.Place]
    projects: list[project.Project]
    beneficiaries: list[beneficiary.Beneficiary]
    links: link.Links


def find(layout: Layout, words: Sequence[Sequence[str]]) -> Facts:
    """Apply all rules, in the order of the pipeline's components."""
    amounts = money.assign_roles(layout, money.find(layout.text))
    locations = place.find(layout)
    projects = project.find(layout, amounts, locations)
    beneficiaries = beneficiary.find(layout)
    links = link.link(layout, projects, amounts, beneficiaries, locations)
    return Facts(layout, words, amounts, locations, projects, beneficiaries, links)


def of_layout(layout: Layout, segmenter: Segmenter) -> Facts:
    """The facts of a document, its words included."""
    return find(layout, segmenter.words_many([layout.text[start:end] for start, end in layout.sentences]))
