"""Numbers of a text with the units behind them: the tokens of which sums are built."""

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from rules.money.lexicon import alternation, units
from rules.money.numerals import DIGIT_WORDS, read_digits, read_words

_SHARED = 8  # so many bare numbers may share the unit of the next one
_MAX_DIGITS = 20  # decimal128(24, 4) holds twenty digits before the point
_FIRST_WORDS = [w for w in DIGIT_WORDS if w not in ("không", "mốt", "tư", "lăm", "nhăm")] + [
    "mười",
    "nửa",
    "không trăm",
]
_NEXT_WORDS = [*DIGIT_WORDS, "mười", "mươi", "chục", "trăm", "linh", "lẻ", "rưỡi", "phẩy"]
_WORD_END = re.compile(r"[^\W\d_]{3}\Z")  # "khoảng109 triệu đồng": a lost space, no "QL1"
# "1 . 250 tỷ", as text cut into words prints it; behind a label or four digits the first number stands alone
_LABELS = "".join(
    rf"(?<!{word}\s{digits}[ \xa0])"
    for word in ("mục", "điều", "khoản", "số", "năm", "ngày", "tháng", "bài", "câu")
    for digits in ("[0-9]", "[0-9]{2}")
)
_SPACED = rf"(?:[ \xa0](?=[.,][ \xa0][0-9])(?<![0-9.,]{{4}}[ \xa0]){_LABELS}[.,][ \xa0][0-9]{{1,3}}(?![0-9.,]))"
_YEAR_BEFORE = re.compile(r"(?:mỗi|hàng|hằng|một|nhiều|cả|trong|từng|theo)\s\Z")
_VAGUE_BEFORE = re.compile(r"(?:vài|dăm|mấy|hàng)\s\Z")


@dataclass(slots=True)
class Token:
    """A printed number with its unit: ``number`` times ``scale``, in ``currency`` where one is printed.

    ``upper`` is set for an approximation in words ("hai ba triệu"). ``plain`` holds the digits of a number
    that has no separators and no unit, so that groups divided by spaces can be joined.
    """

    start: int
    end: int
    number: Decimal
    upper: Decimal | None = None
    scale: int = 1
    currency: str | None = None
    scale_word: str | None = None
    plain: str | None = None
    digits: str | None = None
    words: bool = False
    spoken: bool = False  # "ba triệu rưỡi": nothing but money is told so
    pre: int = 1  # what a multiplier before the multiplier is worth: 1000 in "5 nghìn tỷ"

    @property
    def has_unit(self) -> bool:
        return self.scale_word is not None or self.currency is not None

    @property
    def plain_and_short(self) -> bool:
        """Fewer than three digits and nothing else: behind "USD" rather a number of its own."""
        return self.scale == 1 and self.digits is not None and self.digits.isdecimal() and len(self.digits) < 3

    @property
    def value(self) -> Decimal:
        return self.number * self.scale


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Digits with unit, number words with unit, currency sign before a figure (at the end of a window)."""
    lists = units()
    currency = alternation(lists.currency)
    digit_words = alternation(w for w in DIGIT_WORDS if w not in ("không", "năm"))
    unit = (
        rf"\s{{0,3}}(?:(?P<pre>{alternation(lists.prescale)})\s{{0,2}})?"
        rf"(?P<scale>{alternation(lists.scale)})(?P<tail>[0-9]{{1,3}}(?![0-9]))?(?P<half>\s{{0,2}}rư[ỡở]i)?"
        rf"(?:\s{{1,2}}(?P<tenth>{digit_words}|[1-9])(?=\s{{0,2}}(?:đồng(?!\w)|[.,;:)!?](?![0-9])|\Z)))?"
        rf"(?:(?:\s{{0,3}}|(?<=tr)\.\s?)(?P<currency>{currency}))?(?!\w)"
        rf"|\s{{0,3}}(?P<only>{currency})(?!\w)"
    )
    # the number again in words: "02 (hai) tỷ đồng"
    said = rf"\s?\((?P<said>[^\W\d_][^()\n]{{1,120}})\)(?={re.sub('[?]P<[a-z]+>', '?:', unit)})"
    return (
        re.compile(rf"(?P<number>[0-9][0-9.,]*+{_SPACED}{{0,4}})(?:{said})?(?:{unit})?"),
        re.compile(
            rf"(?P<number>(?:{alternation(_FIRST_WORDS)})(?>(?:\s{{1,2}}(?:{alternation(_NEXT_WORDS)})(?!\w))"
            rf"{{0,6}}))(?:{unit}|(?=\s(?:đến|tới|và)\s|\s?[-–—,]\s?))"
        ),
        re.compile(rf"(?<!\w)(?P<sign>{alternation(lists.before)})\s?\Z"),
    )


def tokens(text: str) -> list[Token]:
    """All number tokens of ``text`` (lower case), in order. Linear in the length of the text."""
    by_digits, by_words, _ = _patterns()
    found = _digit_tokens(text, by_digits.finditer(text))
    spelled = [t for m in by_words.finditer(text) if (t := _word_token(text, m))]
    if spelled:
        found = sorted(found + _outside(spelled, found), key=lambda t: t.start)
    return list(_joined(_space_grouped(text, found), text))


def _outside(spelled: list[Token], found: list[Token]) -> list[Token]:
    """The numbers in words that are not the words of a number in digits: "02 (hai) tỷ đồng" is one."""
    starts = [t.start for t in found]
    kept = []
    for token in spelled:
        before = bisect_right(starts, token.start) - 1
        if before < 0 or found[before].end <= token.start:
            kept.append(token)
    return kept


def _digit_tokens(text: str, matches: Iterator[re.Match[str]]) -> list[Token]:
    """Numbers with a unit, and of those without one the few in front of them, which may share it."""
    found: list[Token] = []
    bare: deque[re.Match[str]] = deque(maxlen=_SHARED)
    signs = _sign_ends()
    for m in matches:
        if m.end() == m.end("number") and signs.isdisjoint(text[max(0, m.start() - 2) : m.start()]):
            bare.append(m)
            continue
        found.extend(t for b in bare if (t := _digit_token(text, b)))
        bare.clear()
        token = _digit_token(text, m)
        if token is not None:
            found.append(token)
    return found


def _digit_token(text: str, m: re.Match[str]) -> Token | None:
    start, printed = m.start(), m["number"]
    glued = start > 0 and (text[start - 1].isalpha() or text[start - 1] == "_")
    if glued and not _WORD_END.search(text, max(0, start - 3), start):
        return None
    trimmed = printed.rstrip(".,")
    if len(trimmed) > _MAX_DIGITS and len(trimmed) - trimmed.count(".") - trimmed.count(",") > _MAX_DIGITS:
        return None
    token = Token(start, start + len(trimmed), Decimal(0), digits=trimmed)
    if trimmed == printed and m.end() > m.end("number") and (m["said"] is None or _says(m["said"], trimmed)):
        _read_unit(text, m, token)
    if token.currency is None and start:
        _read_sign(text, token)
    # three decimals: no part of a dong, and no part of a dollar that ends in 0
    bare = token.scale == 1 and token.currency is not None
    if " " in trimmed or "\xa0" in trimmed:
        trimmed = token.digits = "".join(trimmed.split())
    if glued and token.currency is None:
        return None
    number = read_digits(trimmed, whole=bare and (token.currency == "VND" or trimmed.endswith("0")))
    if number is None:
        return None
    token.number += number
    if not token.has_unit and trimmed.isdecimal():
        token.plain = trimmed
    return token


def _says(words: str, digits: str) -> bool:
    """Whether number words in brackets behind digits tell the same number: "2.500.000 (hai triệu năm trăm nghìn)"."""
    spelled = tokens(words + " đồng")
    return len(spelled) == 1 and spelled[0].words and spelled[0].value == read_digits(digits, whole=True)


def _word_token(text: str, m: re.Match[str]) -> Token | None:
    start, words = m.start(), m["number"].split()
    if start and text[start - 1].isalnum():
        return None
    if _VAGUE_BEFORE.search(text, max(0, start - 5), start):
        return None
    if words[0] == "năm" and _YEAR_BEFORE.search(text, max(0, start - 6), start):
        return None
    numbers = read_words(words)
    if numbers is None:
        return None
    token = Token(start, m.start() + len(m["number"]), Decimal(0), words=True)
    _read_unit(text, m, token)
    if token.scale == 1 and numbers[-1] < 20 and token.currency == "GBP":
        return None  # "hai bảng": tables
    token.number += numbers[0]
    token.upper = numbers[1] if len(numbers) > 1 else None
    return token


def _read_unit(text: str, m: re.Match[str], token: Token) -> None:
    """Set scale, currency and end from the unit groups of the match, as far as they are a unit of money."""
    lists = units()
    word = m["scale"]
    if word is not None:
        if _next_word(text, m.end("scale")) in lists.not_scale.get("tỷ" if word == "tỉ" else word, ()):
            return
        if word == "k" and not text[m.end("number")].isalpha():
            return
        if m["tail"] and word not in ("tr", "tỷ", "tỉ"):
            return  # "9K58" is a missile
        token.scale_word = word
        token.pre = lists.prescale[m["pre"]] if m["pre"] else 1
        token.scale = lists.scale[word] * token.pre
        token.end = m.end("scale")
        if m["tail"] or m["half"] or m["tenth"]:
            _read_rest(m, token)
    group = "currency" if m["currency"] else "only"
    if m[group]:
        name = re.sub(r"\s+", " ", m[group])
        if _is_currency(text, name, m.end(group), token, m["number"]):
            token.currency = lists.currency[name]
            token.end = m.end(group)


def _read_rest(m: re.Match[str], token: Token) -> None:
    """Add what is told behind the multiplier: "1tr5", "3 triệu rưỡi", "một tỷ hai"."""
    token.spoken = True
    token.end = max(m.end("scale"), m.end("tail"), m.end("half"), m.end("tenth"))
    if m["tail"]:
        token.number += Decimal(int(m["tail"])).scaleb(-len(m["tail"]))
    if m["half"]:
        token.number += Decimal("0.5")
    if m["tenth"]:
        tenth = m["tenth"]
        token.number += Decimal(tenth if tenth.isdecimal() else DIGIT_WORDS[tenth]).scaleb(-1)


def _is_currency(text: str, name: str, end: int, token: Token, printed: str) -> bool:
    lists = units()
    large = token.scale > 1 or len(printed) > 3
    year = printed.isdecimal() and len(printed) == 4 and printed[:2] in ("19", "20")
    if name in lists.weak and not large and not (name == "đ" and len(printed) == 3):
        return False
    if name in lists.weak and "\n" in text[end - len(name) - 2 : end - len(name)]:
        return False  # "1.116" ends a line, "Bảng 2" opens the next
    last = name.rsplit(" ", 1)[-1]
    strong = token.scale > 1 or (len(printed) > 3 and not year)
    followers = (lists.never_currency if strong else lists.not_currency).get(last, frozenset())
    return not followers or _next_word(text, end) not in followers


def _read_sign(text: str, token: Token) -> None:
    """Take a currency sign that stands before the figure ("$50 triệu") into the token."""
    near = text[max(0, token.start - 2) : token.start].rstrip()
    if not near or near[-1] not in _sign_ends():
        return
    m = _patterns()[2].search(text, max(0, token.start - 5), token.start)
    if m is None or (
        m["sign"].isalpha() and token.plain_and_short and _COUNTED.search(text, max(0, m.start() - 12), m.start())
    ):
        return
    token.currency = units().before[m["sign"]]
    token.start = m.start("sign")


@cache
def _sign_ends() -> frozenset[str]:
    """Last characters of the signs and codes that may stand before a figure."""
    return frozenset(sign[-1] for sign in units().before)


_WORD = re.compile(r"\s{1,3}([^\W\d_]+)")
_COUNTED = re.compile(
    r"(?:[0-9]|[0-9)\s][^\W\d_]{2,7})\s{0,3}\Z"
)  # "2 triệu USD 20 năm": the code is the unit of what is before


def _next_word(text: str, at: int) -> str | None:
    m = _WORD.match(text, at)
    return m[1] if m else None


def _space_grouped(text: str, found: list[Token]) -> Iterator[Token]:
    """Join digit groups divided by spaces: ``1 750 000 đồng``.

    Two or more groups of three, or one before a bare currency: "2 500 triệu" stays unjoined, since the first
    number may belong to the words before it.
    """
    i = 0
    while i < len(found):
        first, j = found[i], i
        if first.plain and len(first.plain) <= 3 and first.plain[0] != "0":
            while (
                j + 1 < len(found)
                and found[j].plain
                and (found[j + 1].digits or "").isdecimal()
                and len(found[j + 1].digits or "") == 3
                and found[j + 1].start - found[j].end == 1
                and text[found[j].end].isspace()
                and text[found[j].end] != "\n"
            ):
                j += 1
        last = found[j]
        narrow = j > i and text[first.end] in "\u00a0\u202f\u2009"
        if j > i and last.has_unit and (j - i > 1 or last.scale == 1 or narrow) and j - i <= 6:
            digits = "".join((t.digits or "") for t in found[i : j + 1])
            yield Token(first.start, last.end, Decimal(digits), None, last.scale, last.currency, last.scale_word)
            i = j + 1
        else:
            yield first
            i += 1


def _joined(found: Iterator[Token], text: str) -> Iterator[Token]:
    """Join what is one number in several multipliers: ``1 tỷ 250 triệu đồng``, ``hai nghìn ba trăm tỷ``."""
    held: Token | None = None
    for token in found:
        merged = _merged(held, token, text) if held is not None else None
        if held is not None and merged is None:
            yield held
        held = merged or token
    if held is not None:
        yield held


def _merged(a: Token, b: Token, text: str) -> Token | None:
    """The number that ``a`` and ``b`` make together, None where they are two."""
    if a.scale == 1 or a.currency or a.upper or b.upper or not b.has_unit or b.start - a.end > 2:
        return None
    gap = text[a.end : b.start]
    # spelled out with commas each group has its hundreds: "ba tỷ, không trăm hai mươi triệu đồng"
    spelled = gap == ", " and a.words and b.words and (b.number >= 100 or text.startswith("không", b.start))
    if not (spelled or gap.isspace()):
        return None
    if b.scale < a.scale and b.value < a.scale:
        return replace(a, end=b.end, number=(a.value + b.value) / a.scale, currency=b.currency, digits=None)
    if a.scale > b.pre > 1 and a.scale < b.scale and b.number * b.pre < a.scale:  # "một triệu một trăm nghìn tỉ"
        return replace(b, start=a.start, number=a.value + b.number * b.pre, scale=b.scale // b.pre, digits=None)
    if a.scale == 1000 < b.scale and b.number < 1000:
        return replace(b, start=a.start, number=a.number * 1000 + b.number, digits=None)
    return None
