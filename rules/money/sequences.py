"""Numbers that belong together: ranges, and numbers that share the unit of the last one."""

import re
from decimal import Decimal
from typing import NamedTuple

from rules.language.patterns import Patterns
from rules.money.lexer import Token

_pattern = Patterns("rules.money", "words")
_DASH = re.compile(r"\s{0,2}[-–—÷]\s{0,2}|~")
_OPENED_DASH = _pattern(r"\s{0,2}[-–—]\s{0,2}{range_hedges}\s{1,2}")  # "từ 20 - dưới 50 triệu đồng"
_RANGE_LINK = _pattern(r"\s{0,2}[-–—÷]\s{0,2}|~|\s{1,2}{range_links}\s{1,2}(?:{range_hedges}\s{1,2}){0,2}")
_BETWEEN_LINK = _pattern(r"\s{1,2}{between_links}\s{1,2}")
_LIST_LINK = _pattern(r"[,;]\s{1,2}|\s{1,2}{list_links}\s{1,2}")
_CHANGE_LINK = _pattern(r"\s{1,2}{change_links}\s{1,2}(?:{change_bounds}\s{1,2})?")
_SLASH_LINK = re.compile(r"\s?/\s?")
_OPENING = _pattern(r"(?<!\w)({opening})\s{1,2}(?:{range_hedges}\s{1,2})?\Z")
_CHANGE = _pattern(r"(?<!\w){changes}(?:\s[^\W\d_]{1,9}){0,5}\s{0,2}\Z")
_DATED = r"(?<=[^\W_])[/+-]\Z"  # "kênh 3/2 - 3 tỷ đồng", "km12+500 - 3 tỷ đồng", "covid-19 và 20 tỷ đồng"
_CALENDAR = _pattern(rf"(?<!\w)(?:{{calendar}}|(?<!{{number_said}} ){{number}})\s{{0,2}}\Z|{_DATED}")
_LABEL = _pattern(
    rf"(?<!\w)(?:{{labels}}|(?<!{{number_said}} ){{number}}|(?<!{{storey_said}} ){{storey}})\s{{0,2}}\Z|{_DATED}"
)
_YEARS = range(1990, 2036)
_WIDEST = 50  # how many times its low end the high end of a range is, where they differ in their unit


class Reading(NamedTuple):
    """What is printed at one place: the numbers, and how many tokens from the last one on they use up."""

    start: int
    end: int
    numbers: tuple[Decimal, ...]
    is_range: bool = False
    ahead: int = 1


def read(low: str, found: list[Token], i: int, free: int) -> Reading:
    """The numbers that end in token ``i`` (which has a unit); tokens before ``free`` are used up.

    A number alone, the two ends of a range, or several numbers with the one unit of the last.
    """
    token = found[i]
    before = found[i - 1] if i > free else None
    if before is not None and is_range(low, before, token):
        return Reading(_opened(low, before), token.end, (_low_end(before, token), token.value), True)
    if token.upper is not None:
        return Reading(token.start, token.end, (token.value, token.upper * token.scale), True)
    if i + 1 < len(found) and _is_full_range(low, token, found[i + 1]):
        after = found[i + 1]
        return Reading(_opened(low, token), after.end, (token.value, after.value), True, 2)
    shared = _shared(low, found, i, free)
    numbers = tuple(t.number * token.scale for t in [*shared, token])
    if len(shared) == 1 and _is_fraction(low, shared[0], token):
        numbers = (shared[0].number * token.scale / token.number,)
    return Reading(shared[0].start if shared else token.start, token.end, numbers)


def is_range(low: str, a: Token, b: Token) -> bool:
    """Whether ``a``, without currency, and ``b`` are the ends of a range: ``từ 100 đến 200 triệu đồng``."""
    if b.start - a.end > 20 or not b.has_unit or a.currency or b.upper or a.upper:
        return False
    opening = _opening(low, a)
    if not _links_ends(low, a, b, opening):
        return False
    if opening is not None and a.has_unit and _ends_in(_CHANGE, low, opening.start(), 40):
        return False
    return _low_end(a, b) < b.value


def _links_ends(low: str, a: Token, b: Token, opening: re.Match[str] | None) -> bool:
    """Whether what stands between the two makes a range, and the first is no label ("năm 2019 - 5 tỷ đồng")."""
    gap = low[a.end : b.start]
    between = opening is not None and opening[1] == "giữa" and _BETWEEN_LINK.fullmatch(gap)
    hedged = opening is not None and _OPENED_DASH.fullmatch(gap)
    if not between and not hedged and not _RANGE_LINK.fullmatch(gap):
        return False
    return not _ends_in(_CALENDAR if gap in "-–" else _LABEL, low, a.start, 15)


def _is_full_range(low: str, a: Token, b: Token) -> bool:
    """Whether both ends have their currency: ``từ 5 triệu đồng đến 10 triệu đồng``."""
    gap = low[a.end : b.start]
    if not a.currency or a.currency != b.currency or b.upper or a.value >= b.value or len(gap) > 20:
        return False
    if _DASH.fullmatch(gap):
        return True
    opening = _opening(low, a)
    begin = opening.start() if opening else a.start
    near = opening is not None or b.value <= _WIDEST * a.value
    return near and _RANGE_LINK.fullmatch(gap) is not None and not _ends_in(_CHANGE, low, begin, 40)


def _low_end(a: Token, b: Token) -> Decimal:
    """Value of ``a``: by its own unit, by that of ``b``, or by the next below ("800 - 1,2 tỷ" begins at 800 triệu)."""
    if a.has_unit:
        return a.value
    shared, below = a.number * b.scale, a.number * (b.scale // 1000)
    if a.number >= 1000 and b.scale >= 1000 and a.number * (b.scale // 1000) >= b.value > a.number:
        return a.number  # "từ 900.000 đến 1,2 triệu đồng"
    if b.scale == 1 and a.number < 1000 <= b.number and a.number * 1000 < b.number:
        return a.number * 1000  # "15-20.000 đồng"
    return below if b.scale >= 1000 and shared >= b.value <= _WIDEST * below else shared


def in_list(low: str, a: Token, b: Token) -> bool:
    """Whether only a comma or "và" stands between the two."""
    return b.start - a.end <= 8 and _LIST_LINK.fullmatch(low, a.end, b.start) is not None


def _shared(low: str, found: list[Token], i: int, free: int) -> list[Token]:
    """Bare numbers before token ``i`` that share its unit: ``500/800 triệu``, ``200, 300 và 400 triệu``."""
    token = found[i]
    if i <= free or found[i - 1].has_unit:
        return []
    previous = found[i - 1]
    gap = low[previous.end : token.start]
    members = [previous]
    if _CHANGE_LINK.fullmatch(gap):
        return members if _opening(low, previous) else []
    if not _SLASH_LINK.fullmatch(gap) and not (_DASH.fullmatch(gap) and _is_pair(previous, token)):
        members = _listed(low, found, i, free)
    labelled = members and _ends_in(_LABEL, low, members[0].start, 15)
    return [] if labelled or (token.scale > 1 and any(map(_is_year, members))) else members


def _is_year(token: Token) -> bool:
    return token.plain is not None and token.number in _YEARS


def _listed(low: str, found: list[Token], i: int, free: int) -> list[Token]:
    """The bare numbers that make a list with token ``i``: "200, 300 và 400 triệu"."""
    first = i
    while first > free and not found[first - 1].has_unit and in_list(low, found[first - 1], found[first]):
        first -= 1
    members = found[first:i]
    with_word = bool(members) and low[members[-1].end : found[i].start].strip().isalpha()
    return members if with_word or _is_series([*members, found[i]]) else []


def _is_pair(a: Token, b: Token) -> bool:
    """Whether two numbers that fall are two prices of a kind: "36,81 - 36,29 triệu đồng" for buying and selling."""
    parts = [(token.digits or "").partition(",")[2] for token in (a, b)]
    return len(parts[0]) == len(parts[1]) > 0 and b.number < a.number < b.number * 2


def _is_series(numbers: list[Token]) -> bool:
    """Whether a list without "và" is one: at least three numbers of like size ("các mức 10, 20, 30 triệu đồng")."""
    sizes = [token.number for token in numbers]
    return len(sizes) > 2 and 0 < max(sizes) <= 20 * min(sizes)


def _is_fraction(low: str, a: Token, b: Token) -> bool:
    """``1/2 tỷ``: half of it, no list; larger numbers are what was reached of what was planned."""
    exact = b.number in (2, 4, 5, 8, 10)
    return low[a.end : b.start].strip() == "/" and a.number < b.number <= 10 and a.number < 10 and exact


def _opening(low: str, token: Token) -> re.Match[str] | None:
    return _OPENING.search(low, max(0, token.start - 15), token.start)


def _opened(low: str, token: Token) -> int:
    opening = _opening(low, token)
    return opening.start(1) if opening else token.start


def _ends_in(pattern: re.Pattern[str], low: str, end: int, reach: int) -> bool:
    return pattern.search(low, max(0, end - reach), end) is not None
