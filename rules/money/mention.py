"""The mention of one sum of money."""

from dataclasses import dataclass
from decimal import Decimal

from rules.layout import Span

INT64_MAX = 2**63 - 1

ROLES = (
    "total",
    "support",
    "counterpart",
    "allocation",
    "disbursed",
    "loan",
    "revenue",
    "price",
    "damage",
    "other",
)


@dataclass(frozen=True, slots=True)
class Amount:
    """One printed sum; ``text`` is qualifier + figure + unit, at code points ``start`` to ``end``.

    ``value`` is the printed figure in the own unit of ``currency`` (ISO 4217), None for a range.
    ``low`` and ``high`` are its bounds: both equal to the value for exact/about/nearly, one of
    them None for an open bound.
    ``evidence`` is the span of the words that proposed the role, where there are any; ``margin`` tells by how much the
    role beat the next one (in hundredths of the weights' unit), None before it is decided. ``unit`` is the unit where
    it is printed apart from the figure (in a table's header), so that ``text`` is the figure alone.
    """

    start: int
    end: int
    text: str
    currency: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    qualifier: str
    role: str = "other"
    rule: str = "money.figure"
    evidence: Span | None = None
    margin: int | None = None
    unit: str | None = None

    @property
    def value_vnd(self) -> int | None:
        """Value in whole dong; None for another currency, a range, a fraction of a dong or beyond int64."""
        return self._dong(self.value)

    @property
    def low_vnd(self) -> int | None:
        """Lower bound in whole dong, None like :attr:`value_vnd`."""
        return self._dong(self.low)

    @property
    def high_vnd(self) -> int | None:
        """Upper bound in whole dong, None like :attr:`value_vnd`."""
        return self._dong(self.high)

    def _dong(self, figure: Decimal | None) -> int | None:
        if figure is None or self.currency != "VND" or abs(figure) > INT64_MAX:
            return None
        return int(figure) if figure == figure.to_integral_value() else None
