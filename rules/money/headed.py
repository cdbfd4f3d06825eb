"""Bare figures of a list whose heading names their unit: "(đơn vị: triệu đồng): Phục tráng giống lúa: 925; …"."""

import re
from collections.abc import Iterator
from decimal import Decimal

from rules.language.patterns import Patterns
from rules.layout import Span
from rules.money.lexicon import SPACE, quantity, units
from rules.money.mention import Amount
from rules.money.numerals import read_digits

_pattern = Patterns("rules.money", "words", SPACE)
_units = Patterns("rules.money", "units", SPACE)
_HEADS = tuple(f"{phrase}:" for phrase in _pattern.phrases("unit_heads"))
_HEAD = re.compile(
    _pattern.source(r"(?<!\w){unit_heads}:\s?(?:{is}\s)?")
    + _units.source(r"(?P<unit>(?:(?P<scale>{scale}|1[.,]?000)\.?\s?)?(?P<currency>{currency}))(?!\w)[\s)\].:]*")
)
_FIGURE = r"([0-9][0-9.,]*[0-9]|[0-9])(?=\s{0,2}(?:[;.,(\n]|\Z))(?![.,][0-9])"
_ITEM = re.compile(rf"([^;:\n]{{2,160}}):\s{{1,2}}{_FIGURE}")
_MORE = re.compile(rf"(?<=[^\W\d_])\s{_FIGURE}")
_COUNT = _pattern(r"\W*{number}(?!\w)")
_NO_ITEM = _pattern(r"\W*{no_item}\s*\Z")


def headed(text: str, low: str) -> tuple[list[Amount], list[Span]]:
    """The sums of such lists in ``text``, in order, and where the headings print the unit; ``low`` is in lower case.

    A list ends behind a full stop, before the next heading, or before a line that has no item, a name with a colon and
    a bare figure. More figures of an item are sums where they add up to the first ("3.640, ngân sách 1.460, công ty
    2.180").
    """
    sums: list[Amount] = []
    printed: list[Span] = []
    heads = list(_HEAD.finditer(low)) if any(map(low.__contains__, _HEADS)) else []
    stops = [head.start() for head in heads[1:]] + [len(low)]
    for head, stop in zip(heads, stops, strict=False):
        printed.append(head.span("unit"))
        factor = units().scale.get(head["scale"], 1000) if head["scale"] else 1
        unit = (text[slice(*printed[-1])], Decimal(factor), units().currency[re.sub(r"\s+", " ", head["currency"])])
        for start, end in _lines(low, head.end(), stop):
            sums += [amount for amount in _line(text, low, start, end, unit) if amount.start < stop]
    return sums, printed


def _lines(low: str, at: int, stop: int) -> Iterator[Span]:
    while at < stop:
        end = _line_end(low, at)
        if not _ITEM.search(low, at, end):
            return
        yield at, end
        at = end + 1 if low[end - 1] != "." else len(low)


def _line_end(low: str, at: int) -> int:
    end = low.find("\n", at)
    return len(low) if end < 0 else end


def _line(text: str, low: str, start: int, end: int, unit: tuple[str, Decimal, str]) -> Iterator[Amount]:
    for item in _ITEM.finditer(low, start, end):
        value = read_digits(item[2])
        if value is None or _is_no_sum(item[1]):
            continue
        yield _sum(text, item, 2, value, unit)
        stop = low.find(";", item.end(), end)
        more = list(_MORE.finditer(low, item.end(), stop if stop >= 0 else end))
        values = [read for m in more if (read := read_digits(m[1])) is not None]
        if len(values) == len(more) > 1 and sum(values) == value:
            yield from (_sum(text, m, 1, part, unit) for m, part in zip(more, values, strict=True))


def _is_no_sum(label: str) -> bool:
    """What stands before the colon tells a year, a page, a telephone, a count ("Năm: 2023", "12 lớp: 340")."""
    return bool(_NO_ITEM.match(label) or _COUNT.match(label) or quantity().count_heads.search(label))


def _sum(text: str, m: re.Match[str], group: int, number: Decimal, unit: tuple[str, Decimal, str]) -> Amount:
    start, end = m.span(group)
    printed, factor, currency = unit
    value = number * factor
    value = value.to_integral_value() if value == value.to_integral_value() else value
    return Amount(
        start, end, text[start:end], currency, value, value, value, "exact", rule="money.headed", unit=printed
    )
