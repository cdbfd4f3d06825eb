"""What a found receiver looks like."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """Who receives in a statement of support: counted ("2 cơ sở") or named ("HTX Nông nghiệp Xuân Phú").

    ``start``/``end`` are code points of the document text and ``text`` is what stands there. ``count`` is the
    printed number (the lower end of a range) and 1 for a named receiver; ``name`` is null for a counted one.
    """

    start: int
    end: int
    text: str
    kind: str
    count: int
    name: str | None
    rule: str
    margin: int = 0
    """by how much it is decided, in hundredths (``rules.decide``)"""
