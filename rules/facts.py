"""Everything that the rules find in one document."""

from collections.abc import Sequence
from dataclasses import dataclass

from rules.beneficiary import Beneficiary
from rules.layout import Layout
from rules.link import Links
from rules.money import Amount
from rules.place import Place
from rules.project import Project


@dataclass(frozen=True, slots=True)
class Facts:
    """The mentions of a document, in text order, and the links between them."""

    layout: Layout
    words: Sequence[Sequence[str]]
    """underthesea's words of each sentence"""
    amounts: Sequence[Amount]
    locations: Sequence[Place]
    projects: Sequence[Project]
    beneficiaries: Sequence[Beneficiary]
    links: Links
    warnings: tuple[str, ...] = ()
    """what went wrong while they were looked for, in plain words"""
