"""Sums of money in a text: figures with their qualifiers."""

import re
from decimal import Decimal

from rules.language.letters import lowered
from rules.language.patterns import Patterns
from rules.layout import Span
from rules.money.bare import is_money
from rules.money.headed import headed
from rules.money.labels import without_names
from rules.money.lexer import Token, tokens
from rules.money.lexicon import qualifiers
from rules.money.mention import Amount
from rules.money.numerals import read_digits
from rules.money.sequences import Reading, is_range, read

_LIMIT = Decimal(10) ** 20  # decimal128(24, 4)
_LEAST = 20  # "cứ 1 đồng vốn", "gian hàng 0 đồng" are sayings; no report prints a sum of a few dong
_pattern = Patterns("rules.money", "words")
_FROM = _pattern(r"(?<!\w)({from})\s{1,2}\Z")
_LAST_WORD = re.compile(r"([^\W\d_]{1,9}|[~<>≥≤≈])\s{0,3}\Z")
_DIFFERENCE = _pattern(r"\s{1,3}(?:\([^()\n]{1,40}\)\s{1,3})?{compared}(?!\w)")
_COMPARISONS = frozenset(_pattern.phrases("comparisons"))
_NEGATIVE = _pattern(r"(?:(?<!\w){minus}\s{1,2}|(?<=[\s(])\u2212)\Z")
# the same figure in words, in brackets behind it
_IN_WORDS = _pattern(
    r"\s{0,2}[(,;]\s{0,2}(?:(?:{sum_of_money}\s)?(?:{written}\s)?{in_words}(?:\s{is})?\s{0,2}:?\s{0,2})?"
)
_WORDS_END = _pattern(r"(?:\s{1,2}{even})?\s{0,2}[./]{0,2}\s{0,2}\)|\s{1,2}{even}(?!\w)")
_BRACKET = re.compile(r"\s?\(([^()\n]{4,160})\)")
_BARE = _pattern(r"(?<=[^\W\d_])\s{1,2}([0-9][0-9.,]*[0-9]|[0-9])(?=\s{0,2}(?:[,;)]|{and}\s|\Z))(?!,[0-9])")
_BOUNDS = frozenset({"over", "under", "at_least", "at_most", "nearly"})


def find(text: str) -> list[Amount]:
    """All sums of money in ``text`` (NFC), in order, with value and qualifier; roles are not set.

    Two sums that share one printed unit (``500/800 triệu đồng``) have the same span. Never raises.

    >>> [(a.text, a.value) for a in find("Tổng kinh phí trên 1,75 tỷ đồng (hỗ trợ 500 triệu đồng).")]
    [('trên 1,75 tỷ đồng', Decimal('1750000000')), ('500 triệu đồng', Decimal('500000000'))]
    """
    return _find(text, sure=False)


def parse(text: str) -> Amount | None:
    """The one sum that ``text`` (NFC) consists of, None where it is none or several.

    >>> parse("từ 100 đến 200 triệu đồng").high_vnd
    200000000
    >>> parse("1288/QĐ-TTg") is None
    True
    """
    sums = _find(text, sure=True)
    if len(sums) != 1 or text[: sums[0].start].strip() or text[sums[0].end :].strip(" .,;\n\t"):
        return None
    return sums[0]


def _find(text: str, sure: bool) -> list[Amount]:
    """All sums; ``sure`` takes every figure with a multiplier for money."""
    low = lowered(text)
    found = without_names(text, low, tokens(low))
    sums: list[Amount] = []
    free = 0  # tokens before this one belong to a sum already
    for i, token in enumerate(found):
        if i < free or not _is_number_of_money(low, found, i):
            continue
        if not (sure or token.currency or is_money(text, low, found, i, sums[-1].end if sums else 0)):
            continue
        reading = _with_words(low, read(low, found, i, free), found, i)
        free = i + reading.ahead
        if max(reading.numbers) < _LIMIT:
            sums.extend(_amounts(text, low, reading, token.currency or "VND"))
            sums.extend(_parts(text, reading, token))
    listed, heads = headed(text, low)
    return _with_headed(sums, listed, heads) if heads else sums


def _with_headed(sums: list[Amount], listed: list[Amount], heads: list[Span]) -> list[Amount]:
    """All sums in order; a figure that has a unit of its own keeps it, and "(ĐVT: 1.000 đồng)" is none."""
    kept = [a for a in sums if not _overlaps(a, heads)]
    printed = [(a.start, a.end) for a in kept]
    return sorted(kept + [a for a in listed if not _overlaps(a, printed)], key=lambda a: a.start)


def _overlaps(amount: Amount, spans: list[Span]) -> bool:
    return any(start < amount.end and amount.start < end for start, end in spans)


def _is_number_of_money(low: str, found: list[Token], i: int) -> bool:
    """Whether a reading may end in token ``i``: it has a unit, and is no first end of a range."""
    token = found[i]
    if not token.has_unit or _is_saying(token):
        return False
    # "5 triệu - 10 triệu đồng": read from its end
    return i + 1 == len(found) or not is_range(low, token, found[i + 1])


def _with_words(low: str, reading: Reading, found: list[Token], i: int) -> Reading:
    """The reading with the same figure told again in words: "616.000.000 đồng (Bằng chữ: Sáu trăm … đồng chẵn)"."""
    after = i + reading.ahead
    if reading.is_range or len(reading.numbers) > 1 or after >= len(found) or found[after].start - reading.end > 40:
        return reading
    spelled = found[after]
    if spelled.value != reading.numbers[0] or spelled.words == found[i].words or spelled.upper is not None:
        return reading
    if not _IN_WORDS.fullmatch(low, reading.end, spelled.start):
        return reading
    closing = _WORDS_END.match(low, spelled.end)
    return reading._replace(end=closing.end(), ahead=reading.ahead + 1) if closing else reading


def _parts(text: str, reading: Reading, token: Token) -> list[Amount]:
    """Bare figures in brackets behind a sum that add up to it: "5,2 tỷ đồng (vốn Trung ương 4, huyện 1,2)"."""
    bracket = _BRACKET.match(text, reading.end)
    if reading.is_range or len(reading.numbers) > 1 or bracket is None or token.scale < 1000:
        return []
    figures = list(_BARE.finditer(text, bracket.start(1), bracket.end(1)))
    values = [read_digits(m[1]) for m in figures]
    known = [value * token.scale for value in values if value is not None]
    if len(known) < max(2, len(figures)) or sum(known) != reading.numbers[0]:
        return []
    return [_part(m, _plain(value), token, text) for m, value in zip(figures, known, strict=True)]


def _part(m: re.Match[str], value: Decimal, token: Token, text: str) -> Amount:
    currency, unit = token.currency or "VND", text[token.start + len(token.digits or "") : token.end].strip()
    return Amount(m.start(1), m.end(1), m[1], currency, value, value, value, "exact", rule="money.part", unit=unit)


def _is_saying(token: Token) -> bool:
    return token.scale == 1 and token.currency == "VND" and token.number < _LEAST


def _amounts(text: str, low: str, reading: Reading, currency: str) -> list[Amount]:
    """Make the mentions of one reading: look for qualifiers around it and set the bounds."""
    start, end, qualifier = _qualify(low, reading.start, reading.end)
    if reading.is_range:
        bottom, top = map(_plain, reading.numbers)
        return [Amount(start, end, text[start:end], currency, None, bottom, top, "range", rule="money.range")]
    sign = _NEGATIVE.search(low, max(0, start - 5), start)
    start = sign.start() if sign else start
    rule = "money.shared" if len(reading.numbers) > 1 else "money.figure"
    made: list[Amount] = []
    for number in map(_plain, reading.numbers):
        value = -number if sign else number
        floor = None if qualifier in ("under", "at_most") else value
        ceiling = None if qualifier in ("over", "at_least") else value
        made.append(Amount(start, end, text[start:end], currency, value, floor, ceiling, qualifier, rule=rule))
    return made


def _plain(number: Decimal) -> Decimal:
    """The same number without a fraction of zeros."""
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()


def _qualify(low: str, start: int, end: int) -> tuple[int, int, str]:
    """Take the qualifiers around [start, end) into the span; the strongest decides."""
    lists = qualifiers()
    start, qualifier = _qualify_front(low, start, end)
    behind = lists.behind_pattern.match(low, end)
    if behind:
        qualifier, end = lists.behind[re.sub(r"\s+", " ", behind[1])], behind.end(1)
        opening = _FROM.search(low, max(0, start - 8), start)
        start = opening.start(1) if opening else start
    return start, end, qualifier


def _qualify_front(low: str, start: int, end: int) -> tuple[int, str]:
    lists = qualifiers()
    qualifier = "exact"
    for _ in range(3):  # "tối thiểu khoảng", "ước trên"
        last = _LAST_WORD.search(low, max(0, start - 12), start)
        if last is None or last[1] not in lists.last_words:
            break
        m = lists.front_pattern.search(low, max(0, start - 32), start)
        if m is None:
            ceiling = lists.ceiling_pattern.search(low, max(0, start - 32), start)
            return (ceiling.start(1), "at_most") if ceiling and qualifier not in _BOUNDS else (start, qualifier)
        phrase = re.sub(r"\s+", " ", m[1])
        if not _qualifies(low, phrase, m, start, end):
            break
        qualifier = qualifier if qualifier in _BOUNDS else lists.front[phrase]
        start = m.start(1)
    return start, qualifier


def _qualifies(low: str, phrase: str, m: re.Match[str], start: int, end: int) -> bool:
    """Whether a phrase before the figure [start, end) says how exact it is."""
    lists = qualifiers()
    if lists.compound_pattern.search(low, max(0, m.start() - 12), m.end(1)):
        return False  # "lớp mầm non 80 triệu đồng"
    if phrase in lists.superlatives and lists.superlative_pattern.search(low, max(0, m.start() - 16), m.start()):
        return False
    if not phrase[0].isalpha() and "\n" in low[m.end(1) : start]:
        return False  # ">" ends the line before
    if m[2] is not None and lists.front[phrase] not in ("at_most", "at_least", "about"):
        return False
    return phrase not in _COMPARISONS or _DIFFERENCE.match(low, end) is None
