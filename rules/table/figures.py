"""The sums that a cell prints: figures in the unit of its column, or with units of their own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from rules import money
from rules.layout import Cell, Span
from rules.money import Amount
from rules.table import receivers
from rules.table.columns import role_of
from rules.table.grid import is_figure
from rules.table.units import Unit
from rules.table.words import DATA, KEPT, fold, pattern
from rules.table.words import found as names_of

_GROUPS = r"\d{1,3}(?:(?:\.\d{3})+|(?: \d{3})+)(?:,\d+)?|\d{1,3}(?:,\d{3}){2,}|\d+,\d+|\d+\.\d{1,2}(?!\d)|\d+"
_SHARE = r"[(/–-]\s?\d[\d.,]*\s?%\)?"  # "9.375 (75%)"
_FIGURE = re.compile(rf"(?<![\w.,/])(?P<minus>[-–−]\s?)?(?P<figure>{_GROUPS})(?![\d.,]*\d|/|\w)")
_ALONE = re.compile(rf"\(?(?P<minus>[-–−]\s?)?(?P<figure>{_GROUPS})\)?[\s*.;]*(?:\(\d\)|\(\*+\)|{_SHARE})?")
_SURE = 100_000  # a bare figure without any unit is dong from here on
_TOO_LARGE = 10**15  # dong, or whatever the currency: the unit was misread, or the figure misprinted
_LETTER = re.compile(r"[^\W\d_]")
_PAIR = re.compile(rf"(?:{_GROUPS})\s?/\s?(?:{_GROUPS})(?:\s\D*)?")
_DATE = pattern(r"(?<![\d.,])\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?(?!\d)|{numbered}\s?\d[\d.,/]*|\d+\s?{measured}(?!\w)")


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of a cell: what it is, and the words before it in its cell, folded ("" for a figure alone)."""

    amount: Amount
    label: str


def sums(text: str, cell: Cell, unit: Unit | None, role: str, evidence: Span | None) -> list[Sum]:
    """The sums of a cell of money in text order; none for a blank, a dash or nought."""
    printed = text[cell.start : cell.end]
    if not printed or fold(printed) in DATA["rows"]["blank"]:
        return []
    if alone := _alone(printed):
        found = _bare(printed, cell.start, *alone, unit, role, evidence)
        return [Sum(found, "")] if found else []
    own = money.find(printed)
    if own:
        return list(_labelled(printed, cell.start, own, role, evidence))
    if unit is not None and (spoken := _spoken(printed, cell.start, unit, role, evidence)):
        return [Sum(spoken, "")]
    if unit is None or not _LETTER.search(printed):
        return []
    bare = [
        a
        for m in _FIGURE.finditer(_without_dates(printed))
        if (a := _bare(printed, 0, m.span("figure"), bool(m["minus"]), unit, role, evidence)) is not None
    ]
    return list(_labelled(printed, cell.start, bare, role, evidence))


@lru_cache(maxsize=KEPT)
def _alone(printed: str) -> tuple[Span, bool] | None:
    """Where the figure of a cell stands that holds nothing else, and whether it is below nought."""
    m = _ALONE.fullmatch(printed)
    return (m.span("figure"), bool(m["minus"])) if m else None


def in_role(amount: Amount, role: str | None) -> Amount:
    """A sum in another role, where one is told."""
    return replace(amount, role=role) if role and role != amount.role else amount


def in_roles(found: Sequence[Sum], role: str) -> list[Amount]:
    """The sums of a cell: the words before each decide, else the column's ``role``; but of several sums of a whole
    those of receivers are theirs, and what else has a name is a part."""
    split = len(found) > 1 and role in ("total", "other")
    return [
        in_role(s.amount, role_of(s.label) or (_payer(s.label, i > 0) if split else None)) for i, s in enumerate(found)
    ]


def _payer(label: str, behind: bool) -> str | None:
    if label and (receivers.is_one(label) or names_of("nouns", label)):
        return "counterpart"
    return "other" if label and behind else None


@lru_cache(maxsize=1)
def _spelled() -> dict[int, str]:
    """What a unit stands for -> how prose spells it."""
    return {factor: word for word, factor in reversed(DATA["units"].items())}


def _spoken(printed: str, shift: int, unit: Unit, role: str, evidence: Span | None) -> Amount | None:
    """The sum of a cell that is a range, or has a word before its figure ("khoảng 450"), in the unit of its column."""
    word = _spelled().get(int(unit.factor)) if unit.currency == "VND" else None
    said = f"{printed} {word}"
    found = money.find(said) if word else []
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(said)) or found[0].qualifier == "exact":
        return None
    told = replace(found[0], start=shift, end=shift + len(printed), text=printed, unit=unit.text)
    return replace(told, role=role, rule="table.sum", evidence=evidence)


def is_unread(printed: str) -> bool:
    """Whether a cell of money of which nothing was read is a figure, or two: "1.050/2.100".

    >>> is_unread("12.500"), is_unread("300/760 triệu"), is_unread("xem mục 2")
    (True, True, False)
    """
    return is_figure(printed) or _PAIR.fullmatch(printed) is not None


def told(text: str, cell: Cell, role: str) -> list[Sum]:
    """The sums with units of their own that a cell of words tells."""
    printed = text[cell.start : cell.end]
    if not _TOLD.search(fold(printed)):
        return []
    return list(_labelled(printed, cell.start, money.find(printed), role, None))


_TOLD = pattern(r"\d\s*(?:{told_units}|{dong}(?!\w))")


def _without_dates(printed: str) -> str:
    """The cell with its dates, lengths and counts blanked."""
    return _DATE.sub(lambda m: "\x00" * len(m[0]), fold(printed))


def _labelled(printed: str, shift: int, found: list[Amount], role: str, evidence: Span | None) -> Iterator[Sum]:
    last = 0
    for amount in found:
        label = fold(printed[last : amount.start]).strip(" ;,:.-–+()\x00")
        last = amount.end
        moved = replace(amount, start=amount.start + shift, end=amount.end + shift, rule="table.sum")
        yield Sum(replace(moved, role=role, evidence=evidence), label)


def _bare(
    printed: str, shift: int, span: Span, minus: bool, unit: Unit | None, role: str, evidence: Span | None
) -> Amount | None:
    """A figure without unit of its own as a sum; None for nought, and where nothing says in which unit it is."""
    start, end = span
    figure = printed[start:end]
    value = _value(figure, minus, unit)
    if value is None:
        return None
    unit, span = unit or _DONG, (start + shift, end + shift)
    return Amount(
        *span, figure, unit.currency, value, value, value, "exact", role, "table.sum", evidence, unit=unit.text
    )


_DONG = Unit("đồng", Decimal(1))


@lru_cache(maxsize=KEPT)
def _value(printed: str, minus: bool, unit: Unit | None) -> Decimal | None:
    """What a figure stands for, in the currency of its unit; None where it is no sum."""
    figure = number(printed)
    if not figure or (unit is None and (figure < _SURE or figure % 1)):
        return None
    value = figure * (unit or _DONG).factor
    return None if value >= _TOO_LARGE else _plain(-value if minus else value)


def _plain(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()


def number(printed: str) -> Decimal:
    """The number that a figure prints: dots and blanks between thousands, a comma before decimals.

    >>> number("1.250,5"), number("12.750"), number("1 250"), number("1250.5"), number("1,250,500")
    (Decimal('1250.5'), Decimal('12750'), Decimal('1250'), Decimal('1250.5'), Decimal('1250500'))
    """
    bare = printed.replace(" ", "")
    if bare.count(",") > 1:
        return Decimal(bare.replace(",", ""))
    if re.fullmatch(r"\d+\.\d{1,2}", bare):
        return Decimal(bare)
    return Decimal(bare.replace(".", "").replace(",", "."))
