"""Sums of money in a text: figures with qualifiers, ranges and lists that share one unit."""

import re
from decimal import Decimal

from rules.money.lexer import Token, tokens
from rules.money.lexicon import qualifiers, quantity
from rules.money.mention import Amount

_LIMIT = Decimal(10) ** 20  # decimal128(24, 4)
_RANGE_LINK = re.compile(
    r"\s{0,2}[-–—]\s{0,2}|\s{1,2}(?:đến|tới|cho đến|cho tới)\s{1,2}(?:(?:khoảng|gần|hơn|trên|dưới)\s{1,2}){0,2}"
)
_BETWEEN_LINK = re.compile(r"\s{1,2}(?:và|với|đến)\s{1,2}")
_LIST_LINK = re.compile(r",\s{1,2}|\s{1,2}(?:và|hoặc|hay)\s{1,2}|;\s{1,2}")
_SLASH_LINK = re.compile(r"\s?/\s?")
_FROM = re.compile(r"(?<!\w)(từ)\s{1,2}\Z")
_BETWEEN = re.compile(r"(?<!\w)(giữa)\s{1,2}\Z")
_CHANGE = re.compile(r"(?<!\w)(?:tăng|giảm|nâng|hạ|điều chỉnh|rút|đội vốn|đội giá)(?:\s[^\W\d_]+){0,5}?\s{0,2}\Z")
_LABEL = re.compile(
    r"(?<!\w)(?:năm|tháng|ngày|quý|số|gói|khu|điều|đợt|kỳ|khóa|khoá|lần|lô|phường|quận|tuyến|hạng|khối|lớp"
    r"|giai đoạn|thứ|nhóm|cấp|loại|tổ|mục|khoản|chương|phần|bước|km|tầng|hệ|vành đai|trang|câu|bài|vòng|hơn"
    r"|thôn|ấp|bản|đội|/|-)\s{0,2}\Z"
)
_CALENDAR = re.compile(r"(?<!\w)(?:năm|tháng|ngày|quý|số|giai đoạn|/|-)\s{0,2}\Z")
_NAME = re.compile(r"[A-ZĐÀ-Ỹ][^\W\d_]*\s\Z")
_DIFFERENCE = re.compile(r"\s{1,3}so với(?!\w)")
_COMPARISONS = {"cao hơn", "thấp hơn", "ít hơn", "nhiều hơn", "lớn hơn", "nhỏ hơn", "vượt"}
_SUFFIX = r"(?:\s{0,2}/\s{0,2}[^\W_]+(?:\s?/\s?[^\W_]+)?)?"
_NEGATIVE = re.compile(r"(?:(?<!\w)âm\s{1,2}|(?<=[\s(])\u2212)\Z")
_BOUNDS = {"over", "under", "at_least", "at_most", "nearly"}


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


def fold(text: str) -> str:
    """Lower case of the same length, so that offsets stay (a few capitals grow when they are lowered)."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _find(text: str, sure: bool) -> list[Amount]:
    low = fold(text)
    found = tokens(low)
    sums: list[Amount] = []
    free = 0  # tokens before this one belong to a sum already
    for i, token in enumerate(found):
        if i < free or not token.has_unit:
            continue
        if token.currency is None and i + 1 < len(found) and _is_range(low, token, found[i + 1]):
            continue  # "5 triệu - 10 triệu đồng": read from its end
        if not sure and not (token.currency or _is_money(text, low, token)):
            continue
        if token.words and text[token.start].isupper() and _NAME.search(text, max(0, token.start - 12), token.start):
            continue  # "Đỗ Mười"
        made = _read(text, low, found, i, free)
        sums.extend(made)
        free = i + 1
        if token.currency and i + 1 < len(found) and len(made) == 1 and made[0].qualifier != "range":
            joined = _full_range(text, low, token, found[i + 1])
            if joined is not None:
                sums[-1] = joined
                free = i + 2
    return sums


def _read(text: str, low: str, found: list[Token], i: int, free: int) -> list[Amount]:
    """The sums that end in token ``i``: one, a range, or a list that shares its unit."""
    token = found[i]
    before = found[i - 1] if i > free else None
    if before is not None and _is_range(low, before, token):
        return [_range(text, low, before, token)]
    if token.upper is not None:
        return [_build(text, low, token.start, token.end, token, (token.value, token.upper * token.scale))]
    shared = _shared(low, found, i, free)
    if shared:
        start, end = shared[0].start, token.end
        return [_build(text, low, start, end, token, number=t.number * token.scale) for t in [*shared, token]]
    return [_build(text, low, token.start, token.end, token, number=token.value)]


def _is_range(low: str, a: Token, b: Token) -> bool:
    """Whether ``a`` and ``b`` are the two ends of a range."""
    gap = low[a.end : b.start]
    if len(gap) > 20 or not b.has_unit or a.currency or b.upper or a.upper:
        return False
    between = _BETWEEN.search(low, max(0, a.start - 8), a.start)
    if not (_RANGE_LINK.fullmatch(gap) or (between and _BETWEEN_LINK.fullmatch(gap))):
        return False
    labels = _CALENDAR if gap in ("-", "–") else _LABEL
    if labels.search(low, max(0, a.start - 12), a.start):
        return False
    if (
        _FROM.search(low, max(0, a.start - 8), a.start)
        and a.has_unit
        and _CHANGE.search(low, max(0, a.start - 30), a.start - 3)
    ):
        return False
    return _low_end(a, b) is not None


def _low_end(a: Token, b: Token) -> Decimal | None:
    """Value of the lower end: with its own unit, the shared one, or the next below ("800 - 1,2 tỷ")."""
    if a.has_unit:
        return a.value if a.value < b.value else None
    for scale in (b.scale, b.scale // 1000):
        if scale and a.number * scale < b.value:
            return a.number * scale
    return None


def _range(text: str, low: str, a: Token, b: Token) -> Amount:
    opening = _FROM.search(low, max(0, a.start - 8), a.start) or _BETWEEN.search(low, max(0, a.start - 8), a.start)
    start = opening.start(1) if opening else a.start
    bottom = _low_end(a, b)
    assert bottom is not None
    return _build(text, low, start, b.end, b, (bottom, b.value))


def _full_range(text: str, low: str, a: Token, b: Token) -> Amount | None:
    """A range whose both ends have their currency: ``từ 5 triệu đồng đến 10 triệu đồng``."""
    if a.currency != b.currency or b.upper or a.value >= b.value:
        return None
    gap = low[a.end : b.start]
    if len(gap) > 20 or not _RANGE_LINK.fullmatch(gap):
        return None
    opening = _FROM.search(low, max(0, a.start - 8), a.start)
    if not opening and not re.fullmatch(r"\s{0,2}[-–—]\s{0,2}", gap):
        return None
    if opening and _CHANGE.search(low, max(0, a.start - 30), opening.start()):
        return None
    return _build(text, low, opening.start(1) if opening else a.start, b.end, b, (a.value, b.value))


def _shared(low: str, found: list[Token], i: int, free: int) -> list[Token]:
    """Bare numbers before token ``i`` that share its unit: ``500/800 triệu``, ``200, 300 và 400 triệu``."""
    token = found[i]
    if i <= free or found[i - 1].has_unit:
        return []
    previous = found[i - 1]
    gap = low[previous.end : token.start]
    if len(gap) <= 3 and _SLASH_LINK.fullmatch(gap):
        if previous.number < 10 and previous.number < token.number <= 10:
            return []
        return [previous] if not _LABEL.search(low, max(0, previous.start - 12), previous.start) else []
    if not gap.strip().isalpha():
        return []
    members: list[Token] = []
    j = i - 1
    while j >= free and not found[j].has_unit and _LIST_LINK.fullmatch(low[found[j].end : found[j + 1].start][:8]):
        members.insert(0, found[j])
        j -= 1
    if not members or _LABEL.search(low, max(0, members[0].start - 12), members[0].start):
        return []
    if any(1990 <= t.number <= 2035 and t.plain for t in members) and token.scale > 1:
        return []
    return members


def _build(
    text: str,
    low: str,
    start: int,
    end: int,
    token: Token,
    ends: tuple[Decimal, Decimal] | None = None,
    number: Decimal | None = None,
) -> Amount:
    """Make the mention: look for qualifiers around the span and set the bounds."""
    start, end, qualifier = _qualify(low, start, end)
    currency = token.currency or "VND"
    if ends is not None:
        bottom, top = map(_plain, ends)
        return Amount(start, end, text[start:end], currency, None, bottom, top, "range", rule="money.range")
    assert number is not None
    number = _plain(number)
    sign = _NEGATIVE.search(low, max(0, start - 5), start)
    if sign:
        start, number = sign.start(), -number
    floor = None if qualifier in ("under", "at_most") else number
    ceiling = None if qualifier in ("over", "at_least") else number
    return Amount(start, end, text[start:end], currency, number, floor, ceiling, qualifier)


def _plain(number: Decimal) -> Decimal:
    """The same number without a fraction of zeros."""
    whole = number.to_integral_value()
    return whole if whole == number else number.normalize()


def _qualify(low: str, start: int, end: int) -> tuple[int, int, str]:
    """Take the qualifiers around [start, end) into the span; the strongest decides."""
    lists = qualifiers()
    qualifier = "exact"
    for _ in range(3):
        m = lists.front_pattern.search(low, max(0, start - 32), start)
        if m is None:
            m = lists.ceiling_pattern.search(low, max(0, start - 32), start)
            if m is None or qualifier in _BOUNDS:
                break
            qualifier, start = "at_most", m.start(1)
            break
        phrase = re.sub(r"\s+", " ", m[1])
        name = lists.front[phrase]
        if m[2] and name not in ("at_most", "at_least", "about"):
            break
        if phrase in _COMPARISONS and _DIFFERENCE.match(low, end):
            break
        if qualifier not in _BOUNDS:
            qualifier = name
        start = m.start(1)
    behind = lists.behind_pattern.match(low, end)
    if behind:
        qualifier, end = lists.behind[re.sub(r"\s+", " ", behind[1])], behind.end(1)
        opening = _FROM.search(low, max(0, start - 8), start)
        start = opening.start(1) if opening else start
    return start, end, qualifier


def _is_money(text: str, low: str, token: Token) -> bool:
    """Whether a figure with a multiplier but no currency ("630 triệu") is a sum of money."""
    lists = quantity()
    ahead = text[token.end : token.end + 3].strip()  # "2 tỷ Bộ Tài chính" counts no bộ, "2 triệu CP" does
    named = ahead[:1].isupper() and not ahead[1:2].isupper()
    if lists.counted.match(low, token.end) and (not named or text[token.start : token.end].isupper()):
        return False
    sentence = max(low.rfind("\n", 0, token.start), low.rfind(". ", 0, token.start), token.start - 160) + 1
    window = low[max(0, sentence) : token.start]
    if lists.count_heads.search(window, max(0, len(window) - 60)):
        return False
    if token.scale >= 10**9:
        return True
    if token.scale_word == "k":
        return token.value >= 10_000 and text[token.end - 1] == "k" and not window.endswith("vàng ")
    near = window[-40:] if token.scale < 10**6 else window
    return lists.money_words.search(near) is not None or lists.money_after.match(low, token.end) is not None
