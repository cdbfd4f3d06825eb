"""Where the name of an undertaking begins and ends.

In quotes the quotes decide. Without quotes the name runs until a word that can only go on with the sentence
("đã", "với tổng"), a bracket or a stop; a lower-case description also ends before a place ("tại …") or counted
receivers ("cho 2 cơ sở"), an official title does not. The stop words are in words.toml.
"""

import re
from functools import cache

from rules.layout import Span
from rules.project.lexicon import alternatives, kinds, words

OPENING = "\"“”«‘'"
_CLOSING = {'"': '"”“', "“": '”"“', "”": '”"', "«": "»", "‘": "’'", "'": "'’"}
_MAX_QUOTED = 350
_WORD = re.compile(r"\w+")
_CAPITAL = re.compile(r"[^\W\d_a-zà-ỹđ]")


@cache
def _stop(official: bool) -> re.Pattern[str]:
    groups = {"predicate": words("stop", "predicate"), "money": words("stop", "money")}
    if not official:
        groups["soft"] = words("stop", "soft")
    opener = rf"(?P<opener>(?<=\s)(?:{alternatives(words('stop', 'openers'))})\s(?=[^\W\d_A-ZĐ]))"
    skip = rf"(?P<skip>\b(?:{alternatives(words('stop', 'protected'))})\b)"
    named = "|".join(rf"(?P<{k}>\b(?:{alternatives(v)})(?!\w))" for k, v in groups.items())
    # A '#' ends in a digit, after which more digits may follow: the guard (?!\w) must not see them.
    named = named.replace(r"(?!\w)", r"(?:(?<=\d)|(?!\w))")
    return re.compile(rf"{skip}|{opener}|{named}|(?P<comma>,(?!\d))|(?P<mark>[;:!?…\n()\[\]\"“”«»]|\.(?=\s|$)|\.\.)")


@cache
def _opener() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(words('stop', 'openers'))})\s(?=[^\W\d_A-ZĐ])")


@cache
def _kind_word() -> re.Pattern[str]:
    return re.compile(rf"(?:các\s+|những\s+|\d+\s+)?(?:{alternatives(kinds())})\b", re.I)


@cache
def _clause_opening() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(words('comma', 'ends'))})(?:(?<=\d)|(?!\w))", re.I)


@cache
def _work_verb() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(words('comma', 'work_verbs'))})\b", re.I)


_STAGE = re.compile(r"\s*\((?:giai đoạn|phân kỳ|đợt)\s+\w+\)|\s*\([A-ZĐ]{2,6}\)", re.I)
_ABBREVIATED = re.compile(r"\b(?:TP|TX|TT|Q|P|H|X|QL|ĐT|TL|KP|St)$")
_PERIOD = re.compile(r"\s+(?:giai đoạn\s+(?:từ\s+)?(?:năm\s+)?(?:\d{4}(?:\s*[-–]\s*\d{4})?|[IVX\d]+\b))", re.I)
_YEAR = re.compile(r"\s+năm\s+(?:19|20)\d\d\b", re.I)


def quoted(text: str, start: int, limit: int) -> tuple[Span, int] | None:
    """Name in quotes whose opening quote is at ``start``: its span and the offset after the closing quote.

    Opening and closing quotes need not match in style. None where nothing closes it before ``limit``.

    >>> quoted('đề án "Nuôi ong” cho', 6, 20)
    ((7, 15), 16)
    """
    closing = _CLOSING[text[start]]
    for i in range(start + 1, min(limit, start + _MAX_QUOTED)):
        if text[i] not in closing:
            continue
        if text[i] in "'’" and i + 1 < limit and text[i - 1].isalpha() and text[i + 1].isalpha():
            continue
        return trim(text, (start + 1, i)), i + 1
    return None


def trim(text: str, span: Span) -> Span:
    """``span`` without white space and loose marks at its ends."""
    start, end = span
    while start < end and (text[start].isspace() or text[start] in ",.;:-–"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",.;:-–…"):
        end -= 1
    return start, end


def is_title(text: str, start: int) -> bool:
    """Whether an official title begins at ``start``: a capital word followed by a lower-case one ("Phát triển …")."""
    found = _WORD.findall(text[start : start + 40])
    return len(found) >= 2 and found[0][0].isupper() and not found[0].isupper() and found[1][0].islower()


def name_end(text: str, start: int, limit: int, official: bool = False, keep_year: bool = False) -> int:
    """End of a name that starts at ``start`` and is written without quotes; equal to ``start`` where there is none.

    ``official``: the name is a title with a capital, which keeps its places and receivers.
    ``keep_year``: a year printed behind it belongs to it ("Kế hoạch khuyến công năm 2022").
    """
    stop = _stop(official)
    first = stop.match(text, start, limit)
    if (first and first.lastgroup not in ("skip", "soft")) or _opener().match(text, start, limit):
        return start
    position = start
    while True:
        m = stop.search(text, position, limit)
        if m is None:
            return _finish(text, start, limit, limit, keep_year)
        kind, at = m.lastgroup, m.start()
        on: int | None = None
        if kind == "skip":
            on = m.end()
        elif kind == "mark":
            on = _over_mark(text, start, m, limit)
        elif kind == "comma":
            on = _over_comma(text, start, m.end(), limit, official)
        if on is None:
            return _finish(text, start, at, limit, keep_year)
        position = on


def _finish(text: str, start: int, end: int, limit: int, keep_year: bool) -> int:
    """``end`` moved back before a second undertaking ("và dự án …") and forward over a stage or a period."""
    end = trim(text, (start, end))[1]
    cut = re.compile(r"\s(?:và|cùng|hay|hoặc)\s+(?:" + _kind_word().pattern + ")", re.I).search(text, start, end)
    if cut:
        return trim(text, (start, cut.start()))[1]
    tail = re.compile(r"\s(?:và|với|cùng|về|từ|trong|đến|tới|các|vào|tổng|vốn|kinh phí|trị giá|-|–)$", re.I).search(
        text, start, end
    )
    if tail:
        end = tail.start()
    patterns = (_PERIOD, _YEAR, _STAGE) if keep_year else (_PERIOD, _STAGE)
    for pattern in patterns:
        m = pattern.match(text, end, limit) if end > start else None
        end = m.end() if m else end
    return end


def _over_mark(text: str, start: int, m: re.Match[str], limit: int) -> int | None:
    mark = m.group()
    if mark == "." and _ABBREVIATED.search(text, start, m.start()):
        return m.end()
    if mark == "(":
        close = text.find(")", m.end(), min(limit, m.end() + 60))
        if close < 0:
            return None
        road = re.search(r"\b(?:từ|nối|đoạn)\b", text[start : m.start()])
        if road and re.match(r"\s*(?:đi|đến|tới|nối|và|[-–])\s", text[close + 1 : close + 8]):
            return close + 1
    return None


def _over_comma(text: str, start: int, after: int, limit: int, official: bool) -> int | None:
    """Whether the words after a comma still belong to the name ("nâng cấp, sửa chữa hồ …", "sầu riêng, bơ").

    They do where they are a short phrase that ends as a name can end, or begin with a verb of work like the name.
    """
    begin = after
    while begin < limit and text[begin].isspace():
        begin += 1
    if begin >= limit or _kind_word().match(text, begin):
        return None
    if official and _PLACE.match(text, begin):
        m = _stop(official).search(text, begin, limit)
        return m.start() if m else limit
    if text[begin].isupper():
        return None
    if _clause_opening().match(text, begin) or _PERSON.match(text, begin):
        return None
    verbs = _work_verb().match(text, begin) and _work_verb().match(text, start)
    m = _stop(official).search(text, begin, limit)
    while m and m.lastgroup == "skip":
        m = _stop(official).search(text, m.end(), limit)
    end = m.start() if m else limit
    length = len(text[begin:end].split())
    if not length or (m is not None and m.start() == begin):
        return None
    if verbs and length <= 14:
        return end
    if length <= 7 and (m is None or m.lastgroup != "predicate"):
        return end
    return None


_PLACE = re.compile(r"(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tp\.?|tỉnh)\s+(?-i:[A-ZĐÁÂÊÔƯ])", re.I)
_PERSON = re.compile(r"(?:ông|bà|anh|chị|cô|chú|em)\s", re.I)
