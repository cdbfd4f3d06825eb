"""What the linker reads and gives: undertakings, sums, receivers and places, and whom they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rules.layout import Span


class Spanned(Protocol):
    """A mention: code points of the document text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Sum(Spanned, Protocol):
    """A sum of money with its role, as ``rules.money`` gives it."""

    @property
    def role(self) -> str: ...
    @property
    def qualifier(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def value_vnd(self) -> int | None: ...


class Undertaking(Spanned, Protocol):
    """An undertaking with all spans that name it, as ``rules.project`` gives it."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def n_projects(self) -> int: ...
    @property
    def parent(self) -> int | None: ...
    @property
    def mentions(self) -> Sequence[Span]: ...


class Receiver(Spanned, Protocol):
    """A receiver, as ``rules.beneficiary`` gives it."""

    @property
    def kind(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def name(self) -> str | None: ...


class Unit(Spanned, Protocol):
    """An administrative unit, as ``rules.place`` gives it."""

    @property
    def level(self) -> str: ...
    @property
    def province_code(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Record:
    """What one undertaking's sums and receivers add up to; sums in dong, None where the text does not say."""

    total_vnd: int | None
    support_vnd: int | None
    counterpart_vnd: int | None
    n_beneficiaries: int | None


@dataclass(frozen=True, slots=True)
class Links:
    """For each sum, receiver and place the index of its undertaking (or None) and the rule that says so.

    ``amount_margin`` and ``beneficiary_margin`` tell by how much each is decided, in hundredths (``rules.decide``);
    empty where nobody knows.
    """

    amount_project: tuple[int | None, ...]
    beneficiary_project: tuple[int | None, ...]
    place_project: tuple[int | None, ...]
    amount_rule: tuple[str | None, ...]
    beneficiary_rule: tuple[str | None, ...]
    place_rule: tuple[str | None, ...]
    records: tuple[Record, ...]
    amount_margin: tuple[int, ...] = ()
    beneficiary_margin: tuple[int, ...] = ()


Link = tuple[int | None, str | None]
"""Index of an undertaking and the rule that gives it; (None, None) where nothing or too much is said."""

NO_LINK: Link = (None, None)
BARRED: Link = (None, "link.barred")
"""The sum belongs to none, whatever else speaks for one."""
UNLINKED = frozenset({"price", "revenue", "damage"})
"""Roles whose sums belong to no undertaking."""
