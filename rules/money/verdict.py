"""The verdict on one sum, and how sums compare and pass it on."""

from dataclasses import dataclass
from decimal import Decimal

from rules.layout import Span
from rules.money.mention import Amount

Value = tuple[str, Decimal | None, Decimal | None]

_INHERITED = 0.3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known about one sum: its role, by which rule, how firmly (0 is firmest), and from which words."""

    role: str
    rule: str
    rank: float
    evidence: Span | None = None


def in_line(before: Verdict, broken: bool) -> Verdict:
    """What a sum in line with ``before`` is; ``broken``: it is said to be a part."""
    if broken and before.role == "total":
        return Verdict("other", "inherit.component", before.rank + _INHERITED)
    return inherit(before, "inherit.list")


def inherit(verdict: Verdict, rule: str) -> Verdict:
    """``verdict`` passed on to another sum, less firmly."""
    return Verdict(verdict.role, rule, verdict.rank + _INHERITED, verdict.evidence)


def value(amount: Amount) -> Value:
    """What two printings of one sum have in common."""
    return amount.currency, amount.value, amount.low if amount.value is None else None


def is_telling(amount: Amount) -> bool:
    """Whether two sums of this value are hardly alike by chance: more than one digit that is no zero."""
    return amount.value is None or len(str(amount.value).replace(".", "").strip("0-")) > 1


def near(a: Amount, b: Amount) -> bool:
    """Whether one of two sums rounds the other ("gần 39 tỷ đồng" in the headline for 38,8)."""
    if a is b or a.value is None or b.value is None or a.currency != b.currency:
        return False
    if a.qualifier == b.qualifier == "exact":
        return False
    return abs(a.value - b.value) * 20 <= max(abs(a.value), abs(b.value))
