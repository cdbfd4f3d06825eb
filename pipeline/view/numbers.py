"""Figures as people read them, in either language: narrow blanks between thousands, a sign for the qualifier."""

from decimal import Decimal
from typing import Any

BLANK = "\u202f"
_SIGNS = {"about": "≈", "nearly": "≈", "over": ">", "under": "<", "at_least": "≥", "at_most": "≤"}
_CURRENCIES = {"VND": "₫", "USD": "US$"}


def plain(value: int | Decimal) -> str:
    """A figure with narrow blanks between thousands and without needless zeros.

    >>> plain(1750000000).replace(BLANK, " "), plain(Decimal("4.2500"))
    ('1 750 000 000', '4.25')
    """
    figure = Decimal(value)
    text = f"{figure.normalize():,f}" if figure % 1 else f"{int(figure):,}"
    return text.replace(",", BLANK)


def dong(value: int) -> str:
    """A sum in dong.

    >>> dong(500000).replace(BLANK, " ")
    '500 000 ₫'
    """
    return f"{plain(value)}{BLANK}₫"


def short(value: int) -> str:
    """The same as a Vietnamese headline would put it.

    >>> short(1750000000), short(541900000), short(900000)
    ('1,75 tỷ', '541,9 triệu', '900 nghìn')
    """
    for size, unit in ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn")):
        if abs(value) >= size:
            figure = f"{Decimal(value) / size:,.2f}".rstrip("0").rstrip(".")
            return figure.translate(str.maketrans(",.", ".,")) + f" {unit}"
    return f"{value} đồng"


def amount(row: dict[str, Any]) -> str:
    """The value of a row of ``amounts`` with its bounds and currency.

    >>> row = {"currency": "VND", "value": Decimal(1750000000), "low": None, "high": None, "qualifier": "over"}
    >>> amount(row).replace(BLANK, " ")
    '> 1 750 000 000 ₫'
    """
    unit = _CURRENCIES.get(row["currency"], row["currency"])
    if row["value"] is not None:
        sign = _SIGNS.get(row["qualifier"])
        return f"{sign + ' ' if sign else ''}{plain(row['value'])}{BLANK}{unit}"
    ends = [plain(end) for end in (row["low"], row["high"]) if end is not None]
    return f"{' – '.join(ends)}{BLANK}{unit}"
