"""Figures as Vietnamese print them, in either language: dots between thousands, a sign for the qualifier."""

from decimal import Decimal
from typing import Any

BLANK = "\u202f"
_MARKS = str.maketrans(",.", ".,")
_SIGNS = {"about": "≈", "nearly": "≈", "over": ">", "under": "<", "at_least": "≥", "at_most": "≤"}
_CURRENCIES = {"VND": "₫", "USD": "US$"}


def grouped(value: int | Decimal) -> str:
    """A figure with commas between thousands, a decimal point, and without needless zeros.

    >>> grouped(1750000000), grouped(Decimal("4.2500"))
    ('1,750,000,000', '4.25')
    """
    figure = Decimal(value)
    return f"{figure.normalize():,f}" if figure % 1 else f"{int(figure):,}"


def plain(value: int | Decimal) -> str:
    """A figure with dots between thousands, a decimal comma, and without needless zeros.

    >>> plain(1750000000), plain(Decimal("4.2500"))
    ('1.750.000.000', '4,25')
    """
    return grouped(value).translate(_MARKS)


def dong(value: int) -> str:
    """A sum in dong.

    >>> dong(500000).replace(BLANK, " ")
    '500.000 ₫'
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
            return f"{figure.translate(_MARKS)} {unit}"
    return f"{value} đồng"


def amount(row: dict[str, Any]) -> str:
    """The value of a row of ``amounts`` with its bounds and currency.

    >>> row = {"currency": "VND", "value": Decimal(1750000000), "low": None, "high": None, "qualifier": "over"}
    >>> amount(row).replace(BLANK, " ")
    '> 1.750.000.000 ₫'
    """
    unit = _CURRENCIES.get(row["currency"], row["currency"])
    if row["value"] is not None:
        sign = _SIGNS.get(row["qualifier"])
        return f"{sign + ' ' if sign else ''}{plain(row['value'])}{BLANK}{unit}"
    ends = [plain(end) for end in (row["low"], row["high"]) if end is not None]
    return f"{' – '.join(ends)}{BLANK}{unit}"
