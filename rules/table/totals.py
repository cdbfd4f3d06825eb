"""Whether the rows of a table add up to its totals."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from rules.layout import Span

Values = Mapping[int, Decimal]
"""Column -> the figure of a row, in the unit of the currency."""


class Checks:
    """The sums of a table so far, by column: of its rows, and of its groups by their level."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.rows: dict[int, Decimal] = defaultdict(Decimal)
        self.parts: dict[int, Decimal] = defaultdict(Decimal)
        self.groups: dict[int, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        self.totals: list[tuple[Span, Values]] = []
        self.odd: set[int] = set()  # columns in which a row prints several sums

    def row(self, values: Values) -> None:
        """A row that counts."""
        for column, value in values.items():
            self.rows[column] += value

    def more(self, values: Values) -> None:
        """A further row of a merged name, which counts too, or a part, which counts where the whole is not printed."""
        for column, value in values.items():
            self.parts[column] += value

    def group(self, values: Values, level: int) -> None:
        """A group row with sums of its own."""
        for column, value in values.items():
            self.groups[level][column] += value

    def total(self, values: Values, cell: Span) -> None:
        """A row of totals."""
        self.totals.append((cell, values))

    def warnings(self, name_of: Mapping[int, str]) -> list[str]:
        """One sentence for each printed total that is neither the sum of the rows nor of the groups.

        A table with several totals adds them up in ways of its own: only one that stands alone is checked.
        """
        if len(self.totals) != 1:
            return []
        (start, end), values = self.totals[0]
        told = []
        for column, value in values.items():
            rows, parts = self.rows[column], self.parts[column]
            sums = {rows, rows + parts, *(level[column] for level in self.groups.values())} - {Decimal(0)}
            if sums and value not in sums and column not in self.odd:
                nearest = min(sums, key=lambda s: (abs(value - s), s))
                told.append(
                    f"{self.text[start:end]!r} of a table prints {_plain(value)} under {name_of[column]!r}, its rows "
                    f"add up to {_plain(nearest)}: a difference of {_plain(abs(value - nearest))}"
                )
        return told


_MARKS = str.maketrans(",.", ".,")


def _plain(value: Decimal) -> str:
    """A figure as Vietnamese print it."""
    return f"{value.normalize():,f}".translate(_MARKS)
