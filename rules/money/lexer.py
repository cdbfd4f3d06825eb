"""Numbers of a text with the units behind them: the tokens of which sums are built."""

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from rules.language.patterns import Patterns
from rules.money import brackets
from rules.money.blanks import MARK, is_announced, marked
from rules.money.lexicon import SPACE, units
from rules.money.numerals import DIGIT_WORDS, read_digits, read_words

_SHARED = 8  # so many bare numbers may share the unit of the next one
_MAX_DIGITS = 20  # decimal128(24, 4) holds twenty digits before the point
_pattern = Patterns("rules.money", "words", SPACE)
_units = Patterns("rules.money", "units", SPACE)
_WORD_END = re.compile(r"[^\W\d_]{3}\Z")  # "khoảng109 triệu đồng": a lost space, no "QL1"
_YEAR_BEFORE = _pattern(r"{before_year}\s\Z")
_SPELLED = r"(?P<number>{first_words}(?>(?:\s{1,2}{next_words}(?!\w)){0,6}))"
_HALF_ALONE = _pattern(r"(?<!\w)(?P<scale>{half_of})\s{halves}(?!\w)(?P<currency>\s{dong}(?!\w))?")
_HALVES = _pattern.phrases("halves")
_COUNT_BEFORE = _pattern(r"(?:[0-9]|(?<!\w)(?:{vague}|{first_words}|{next_words}))\s\Z")
_POINT = _pattern(r"\s{point}\s")
_AND_REST = _pattern(r"\s{1,2}{and_rest}\s{1,2}")
_VAGUE_BEFORE = _pattern(r"{vague}\s\Z")


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
    unit = (
        _units.source(r"\s{0,3}(?:(?P<pre>{prescale})\s{0,2})?(?P<scale>{scale})(?P<tail>[0-9]{1,3}(?![0-9]))?")
        + _pattern.source(r"(?P<half>\s{0,2}{halves})?(?:\s{1,2}(?P<tenth>{tenths}|[1-9])")
        + _pattern.source(r"(?=\s{0,2}(?:{dong}(?!\w)|[.,;:)!?](?![0-9])|\Z)))?")
        + _units.source(
            r"(?:(?:\s{0,3}|(?:(?<=tr)|(?<=ng)|(?<=ngh))\.\s?)(?P<currency>{currency}))?(?!\w)|\s{0,3}(?P<only>{currency})(?!\w)"
        )
    )
    # the number again in words: "02 (hai) tỷ đồng"
    said = rf"\s?\((?P<said>[^\W\d_][^()\n]{{1,120}})\)(?={re.sub('[?]P<[a-z]+>', '?:', unit)})"
    return (
        re.compile(rf"(?P<number>[0-9][0-9.,{MARK}]*+)(?:{said})?(?:{unit}|{brackets.BEHIND})?"),
        re.compile(_pattern.source(_SPELLED) + _pattern.source(rf"(?:{unit}|(?=\s{{word_links}}\s|\s?[-–—,]\s?))")),
        _units(r"(?<!\w)(?P<sign>{before})\s?\Z"),
    )


def tokens(text: str) -> list[Token]:
    """All number tokens of ``text`` (lower case), in order. Linear in the length of the text."""
    text = marked(text)
    by_digits, by_words, _ = _patterns()
    found = _digit_tokens(text, by_digits.finditer(text))
    spelled = [t for m in by_words.finditer(text) if (t := _word_token(text, m))]
    spelled += _halves_alone(text)
    if spelled:
        found = sorted(found + _outside(spelled, found), key=lambda t: t.start)
    return list(_joined(_space_grouped(text, found), text))


def _halves_alone(text: str) -> Iterator[Token]:
    """One and a half of a multiplier: "tỷ rưỡi đồng"; not behind a number or a vague one ("vài tỷ rưỡi")."""
    for m in _HALF_ALONE.finditer(text) if any(map(text.__contains__, _HALVES)) else ():
        if not _COUNT_BEFORE.search(text, max(0, m.start() - 10), m.start()):
            currency, scale = "VND" if m["currency"] else None, units().scale[m["scale"]]
            yield Token(m.start(), m.end(), Decimal("1.5"), None, scale, currency, m["scale"], words=True, spoken=True)


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
        near = text[max(0, m.start() - 4) : m.start()]
        if m.end() == m.end("number") and signs.isdisjoint(near[-2:]) and ")" not in near:
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
    trimmed = printed.rstrip(".,")
    glued = start > 0 and (text[start - 1].isalpha() or text[start - 1] == "_")
    if (glued and not _WORD_END.search(text, max(0, start - 3), start)) or _is_too_long(trimmed):
        return None
    token = Token(start, start + len(trimmed), Decimal(0), digits=trimmed)
    whole = trimmed == printed or _is_typed_out(text, m, trimmed)
    if m["inside"] is not None:
        if brackets.is_unit_of(text, token.start, trimmed):
            _read_brackets(m, token)
            token.end = m.end()
    elif whole and m.end() > m.end("number") and _says(m["said"], trimmed):
        _read_unit(text, m, token)
    if token.currency is None:
        _read_sign(text, token)
    if not token.has_unit and (before := brackets.before(text, token.start, token.end)):
        _read_brackets(before, token)
    if glued and token.currency is None:
        return None
    return _with_value(token, "".join(trimmed.split()))


def _is_typed_out(text: str, m: re.Match[str], trimmed: str) -> bool:
    """Whether one mark more stands between the digits and their unit: "25.000.000,đ", "2.tỷ đồng", "1.tỷ 250 triệu"."""
    if m.end("number") - m.start() - len(trimmed) != 1:
        return False
    if m["only"] is not None:
        return m.end("number") == m.start("only") and trimmed[-4:-3] == "."
    more = m["currency"] is not None or _MORE_DIGITS.match(text, m.end()) is not None
    return m["scale"] is not None and m.end("number") == m.start("pre" if m["pre"] else "scale") and more


def _is_too_long(digits: str) -> bool:
    return len(digits) > _MAX_DIGITS and len(digits) - digits.count(".") - digits.count(",") > _MAX_DIGITS


def _with_value(token: Token, digits: str) -> Token | None:
    """The token with its number read; None where its digits make none."""
    # three decimals: no part of a dong, and no part of a dollar that ends in 0
    bare = token.scale == 1 and token.currency is not None
    number = read_digits(digits, whole=bare and (token.currency == "VND" or digits.endswith("0")))
    if number is None:
        return None
    token.digits = digits
    token.number += number
    if not token.has_unit and digits.isdecimal():
        token.plain = digits
    return token


def _says(words: str | None, digits: str) -> bool:
    """Whether number words in brackets behind digits tell the same number: "2.500.000 (hai triệu năm trăm nghìn)"; none
    do."""
    if words is None:
        return True
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
    if m["scale"] is not None and not _read_scale(text, m, token):
        return
    group = "currency" if m["currency"] else "only"
    if m[group]:
        name = re.sub(r"\s+", " ", m[group])
        if _is_currency(text, name, m.end(group), token, m["number"]):
            token.currency = units().currency[name]
            token.end = m.end(group)


def _read_scale(text: str, m: re.Match[str], token: Token) -> bool:
    """Set scale and end from the multiplier of the match; whether it is one."""
    lists, word = units(), m["scale"]
    if _next_word(text, m.end("scale")) in lists.not_scale.get("tỷ" if word == "tỉ" else word, ()):
        return False
    if word == "k" and not text[m.end("number")].isalpha():
        return False
    if m["tail"] and word not in ("tr", "tỷ", "tỉ"):
        return False  # "9K58" is a missile
    token.scale_word = word
    token.pre = lists.prescale[m["pre"]] if m["pre"] else 1
    token.scale = lists.scale[word] * token.pre
    token.end = m.end("scale")
    if m["tail"] or m["half"] or m["tenth"]:
        _read_rest(m, token)
    return True


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
    if name in lists.weak and not _is_weak_currency(text, name, end, token, printed):
        return False
    year = printed.isdecimal() and len(printed) == 4 and printed[:2] in ("19", "20")
    strong = token.scale > 1 or (len(printed) > 3 and not year)
    followers = (lists.never_currency if strong else lists.not_currency).get(name.rsplit(" ", 1)[-1], frozenset())
    return not followers or _next_word(text, end) not in followers


def _is_weak_currency(text: str, name: str, end: int, token: Token, printed: str) -> bool:
    """Whether a word that also means something else is a currency here: behind a multiplier or many digits."""
    large = token.scale > 1 or len(printed) > 3 or (name == "đ" and len(printed) == 3)
    # "1.116" ends a line, "Bảng 2" opens the next
    return large and "\n" not in text[end - len(name) - 2 : end - len(name)]


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


def _read_brackets(m: re.Match[str], token: Token) -> None:
    """Set scale and currency from a match of a unit in brackets."""
    token.currency, token.scale_word, token.scale = "VND", m["times"], units().scale.get(m["times"], 1)


@cache
def _sign_ends() -> frozenset[str]:
    """Last characters of the signs and codes that may stand before a figure."""
    return frozenset(sign[-1] for sign in units().before)


_MORE_DIGITS = re.compile(r"\s[0-9]")
_GROUP = re.compile(r"[0-9]{3}(?:,[0-9]{1,3})?")
_WORD = re.compile(r"\s{1,3}([^\W\d_]+)")
_COUNTED = re.compile(
    r"(?:[0-9]|[0-9)\s][^\W\d_]{2,7})\s{0,3}\Z"
)  # "2 triệu USD 20 năm": the code is the unit of what is before


def _next_word(text: str, at: int) -> str | None:
    m = _WORD.match(text, at)
    return m[1] if m else None


def _space_grouped(text: str, found: list[Token]) -> Iterator[Token]:
    """Join digit groups divided by spaces: ``1 750 000 đồng``.

    Two or more groups of three, or one before a bare currency: "xã 2 500 triệu" stays unjoined, since the first number
    may belong to the words before it.
    """
    i = 0
    while i < len(found):
        first = found[i]
        j = _last_group(text, found, i) if first.plain else i
        if j > i and _is_one_number(text, first, found[j], j - i):
            last, digits = found[j], "".join((t.digits or "") for t in found[i : j + 1])
            yield Token(
                first.start,
                last.end,
                Decimal(digits.replace(",", ".")),
                None,
                last.scale,
                last.currency,
                last.scale_word,
            )
            i = j + 1
        else:
            yield first
            i += 1


def _last_group(text: str, found: list[Token], i: int) -> int:
    """The last of the groups of three digits that follow number ``i``, each behind one space."""
    plain = found[i].plain or ""
    if len(plain) > 3 or plain.startswith("0"):
        return i
    while i + 1 < len(found) and found[i].plain and _is_next_group(text, found[i], found[i + 1]):
        i += 1
    return i


def _is_next_group(text: str, a: Token, b: Token) -> bool:
    digits, gap = b.digits or "", text[a.end : b.start]
    return _GROUP.fullmatch(digits) is not None and len(gap) == 1 and gap.isspace() and gap != "\n"


def _is_one_number(text: str, first: Token, last: Token, groups: int) -> bool:
    """Whether a number and the groups behind it are one; where there is one group, a narrow or hard space says so, a 0
    with which no number begins ("25 000 triệu"), or that a sum is announced ("kinh phí 12 500 triệu")."""
    if not last.has_unit or groups > 6:
        return False
    sure = groups > 1 or last.scale == 1 or text[first.end] in "\u00a0\u202f\u2009"
    return sure or (last.digits or "").startswith("0") or is_announced(text, first.start, first.end)


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
    if a.plain and b.has_unit and (b.digits or "").isdecimal() and _POINT.fullmatch(text, a.end, b.start):
        return replace(b, start=a.start, number=Decimal(f"{a.plain}.{b.digits}"), digits=None)
    if a.scale == 1 or a.currency or not b.has_unit or not _is_close(a, b, text):
        return None
    if b.scale < a.scale and b.value < a.scale:
        return replace(a, end=b.end, number=(a.value + b.value) / a.scale, currency=b.currency, digits=None)
    if a.scale > b.pre > 1 and a.scale < b.scale and b.number * b.pre < a.scale:  # "một triệu một trăm nghìn tỉ"
        return replace(b, start=a.start, number=a.value + b.number * b.pre, scale=b.scale // b.pre, digits=None)
    if a.scale == 1000 < b.scale and b.number < 1000:
        return replace(b, start=a.start, number=a.number * 1000 + b.number, digits=None)
    return None


def _is_close(a: Token, b: Token, text: str) -> bool:
    """Whether white space alone stands between the two, or the comma of a number that is spelled out."""
    gap = text[a.end : b.start]
    if a.upper or b.upper:
        return False  # "hai ba triệu" is two numbers
    if gap == ", " and a.words and b.words:
        # with commas each group has its hundreds: "ba tỷ, không trăm hai mươi triệu đồng"
        return b.number >= 100 or text.startswith("không", b.start)
    return (len(gap) <= 2 and gap.isspace()) or _AND_REST.fullmatch(gap) is not None
