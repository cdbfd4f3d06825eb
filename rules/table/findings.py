"""What one table says, before it is laid beside the prose."""

from dataclasses import dataclass, field

from rules.beneficiary import Beneficiary
from rules.layout import Span
from rules.money import Amount

BEFORE = -1
"""The owner of what belongs to the undertaking that the text names before the table."""


@dataclass(slots=True)
class Work:
    """An undertaking of a table; ``parent`` is the number of its group among the works of the table.

    ``own`` and ``items`` hold for each role the figures of its row and of the rows below that belong to it: (value in
    dong, number of the column, number of the row). ``wholes`` are the columns that no other of their role includes,
    ``counts`` the printed numbers of receivers. ``listed`` says
    that it takes the group that the prose counts as its own where it has no nearer one.
    """

    start: int
    end: int
    text: str
    name: str | None
    kind: str
    programme: str | None
    year: int | None
    n: int
    rule: str
    parent: int | None = None
    own: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)
    items: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)
    counts: list[int] = field(default_factory=list)
    wholes: frozenset[int] = frozenset()
    merged: bool = False
    dated: bool = False
    period: bool = False
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Zone:
    """A cell in which places stand: ``owner`` is the work that they carry, ``level`` that of bare names in it.

    ``group`` is a zone that holds for the rows below it; ``row`` joins the zones of one row.
    """

    start: int
    end: int
    owner: int | None
    carries: bool
    level: str | None
    bare: bool
    group: Span | None
    row: int


@dataclass(slots=True)
class Findings:
    """The facts of one table; owners are numbers of its works, None or :data:`BEFORE`."""

    works: list[Work] = field(default_factory=list)
    amounts: list[tuple[Amount, int | None]] = field(default_factory=list)
    receivers: list[tuple[Beneficiary, int | None]] = field(default_factory=list)
    zones: list[Zone] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    captions: tuple[Span, ...] = ()
    titles: tuple[Span, ...] = ()
