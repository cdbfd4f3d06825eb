"""Units of money that stand apart from their figures: in a header, a caption, a line above the table."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from rules.language.patterns import Patterns
from rules.table.words import DATA, fold


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it is printed, and what it stands for: ``factor`` units of ``currency``."""

    text: str
    factor: Decimal
    currency: str = "VND"


_words = Patterns("rules.table", "words", r"\s{0,2}")


@cache
def _pattern() -> re.Pattern[str]:
    scaled = r"(?P<scale>1[.,]?000|{scales})\s?(?P<foreign>{currencies})|(?P<alone>{currencies})"
    return _words(rf"(?<![\w.])(?:{scaled}|(?P<dong>{{units}}))(?!\w|\s{{unit_heads.ratio}})")


@cache
def _factors() -> dict[str, int]:
    return {re.sub(r"\s", "", unit): factor for unit, factor in DATA["units"].items()}


_SCALES = {"1000": 1_000, **DATA["scales"]}


@cache
def _headed() -> re.Pattern[str]:
    return _words(r"(?<!\w){unit_heads.words}\s?:?(?:\s?{unit_heads.is})?\s?[(]?\s?")


def _unit(printed: str, m: re.Match[str], shift: int) -> Unit:
    text = printed[shift + m.start() : shift + m.end()]
    if m["dong"]:
        return Unit(text, Decimal(_factors()[re.sub(r"\s", "", m["dong"])]))
    scale = (m["scale"] or "").replace(".", "").replace(",", "")
    return Unit(text, Decimal(_SCALES.get(scale, 1)), DATA["currencies"][m["foreign"] or m["alone"]])


def in_header(printed: str) -> Unit | None:
    """The unit that a header cell names: in brackets, behind a comma, at its end.

    >>> in_header("Tổng kinh phí (Tr.đ)").factor, in_header("Kinh phí"), in_header("Vốn, 1.000 đồng").text
    (Decimal('1000000'), None, '1.000 đồng')
    >>> in_header("Giải ngân (tỷ lệ %)")
    """
    low = fold(printed)
    for m in _pattern().finditer(low):
        before, after = low[: m.start()].rstrip(), low[m.end() :].lstrip()
        if before.endswith(("(", ",", ":", "-", "/", "[")) or not before or not after or _headed().search(before + " "):
            return _unit(printed, m, 0)
    return None


def above(printed: str) -> Unit | None:
    """The unit that a line above a table gives for all of it.

    >>> above("Danh mục đề án (triệu đồng)").text
    'triệu đồng'
    >>> above("ĐVT: 1.000 đồng").factor, above("(kinh phí tính bằng triệu đồng)").text, above("Hỗ trợ 5 triệu đồng")
    (Decimal('1000'), 'triệu đồng', None)
    """
    low = fold(printed)
    for head in _headed().finditer(low):
        m = _pattern().match(low, head.end())
        if m:
            return _unit(printed, m, 0)
    for m in _pattern().finditer(low):
        before, after = low[: m.start()].rstrip(), low[m.end() :].strip()
        if (before.endswith("(") and after.startswith(")")) or (before.endswith((",", ";", "-", "–")) and not after):
            return _unit(printed, m, 0)
    bare = low.strip(" ().:*")
    m = _pattern().fullmatch(bare)
    return _unit(printed, m, low.index(bare)) if m else None


def in_cell(printed: str) -> Unit | None:
    """The unit that a cell consists of, in a column of units.

    >>> in_cell("Triệu đồng").factor, in_cell("Con")
    (Decimal('1000000'), None)
    """
    m = _pattern().fullmatch(fold(printed).strip())
    return _unit(printed, m, 0) if m else None
