"""The date that a report prints of itself: on a line of its own, in a line with the author, before the first sentence.

A date inside a sentence is never one.
"""

from datetime import date
from functools import lru_cache

import regex as re

from rules.language.lists import read

_WORDS: dict[str, list[str]] = read(__package__, "dateline")


def _any(words: list[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_DAY = re.compile(
    r"(?<![\d/.-])(?:(?<=[Nn]gày)|(?<!\w))(?:"
    r"(?P<d>\d{1,2})\s?(?:(?P<sep>[/.-])\s?|\s+[Tt]háng\s+)(?P<m>\d{1,2})\s?(?:(?P=sep)\s?|,?\s+(?:năm\s+)?)(?P<y>(?:19|20)\d\d)"
    r"|(?P<y2>(?:19|20)\d\d)(?P<sep2>[/.-])(?P<m2>\d{1,2})(?P=sep2)(?P<d2>\d{1,2})"
    r")(?!\d)"
)
# "thứ năm, 08 08 2019 08:51": blanks part a day where the weekday stands before it or the time behind it.
_SPACED = re.compile(
    rf"(?i)(?:(?:{_any(_WORDS['weekdays'])})\s?,?\s(?P<d>\d\d) (?P<m>\d\d) (?P<y>(?:19|20)\d\d)(?!\d)"
    r"|(?<!\d)(?P<d2>\d\d) (?P<m2>\d\d) (?P<y2>(?:19|20)\d\d) \d\d:\d\d)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST = 120  # characters of a line that can be a dateline
_CLOCK = re.compile(r"\d{1,2}\s?(?:[:hg]\s?\d{0,2})(?::\d\d)?|[+-]\d{1,2}(?::\d\d)?|\b\d{1,6}\b")
_PAPER = re.compile(r"(?:báo|tạp chí|cổng|trang|đài|website|nguồn)\b[^|\d]{0,60}[|–-]", re.IGNORECASE)
_SITE = re.compile(r"^\s*\(?(?:[\w-]+\.)+(?:vn|com|net|org|info)\)?\s?[-–—|:]?\s?", re.IGNORECASE)
_MARK = r"(?:\([^()\d]{1,30}\)|[\p{Lu}]{2,8})"  # the paper's own mark: "(KTO)", "HBĐT"
_WORD = re.compile(rf"\b(?:{_any(_WORDS['words'])})\b", re.IGNORECASE)
_EVENT = re.compile(rf"\b(?:{_any(_WORDS['events'])})\b", re.IGNORECASE)
_SIGNED = re.compile(
    rf"\b(?:{_any(_WORDS['signed'])})\b\s?:?\s*(?P<who>[\p{{Lu}}][\p{{L}}.'’ ]{{1,40}})", re.IGNORECASE
)
_CLERKS = frozenset(_WORDS["clerks"])
_NAME = r"[\p{Lu}][\w'’-]*"
_AUTHOR = re.compile(rf"\s*(?P<who>{_NAME}(?:\s{_NAME}){{1,3}}|(?:[\p{{Lu}}]{{1,2}}\.\s?){{1,3}}(?:{_NAME})?)")
_PLACE = rf"{_NAME}(?:[ ,-]{{1,2}}{_NAME}){{0,5}}"
_WEEKDAY = rf"(?:{_any(_WORDS['weekdays'])})"
# "Hòa Bình, ngày 12 tháng 5 năm 2023 - Trung tâm …", "(KTO) Thứ Hai, 18/4/2022 - Báo cáo …", "(NA) - 17/10/2025. Bản …"
_OPENING = re.compile(
    rf"(?:{_MARK}\s?[-–—:]?\s?|{_SITE.pattern[4:]})?(?:{_PLACE}\s?[,(–-]\s?)?(?:(?i:{_WEEKDAY})\s?,?\s)?(?:[Nn]gày\s)?"
)
_SEPARATED = re.compile(r"(?:\s?\d{1,2}[:hg]\d{0,2})?\s?(?:[-–—|)]\s?(?:\)\s?[-–—]?\s?)?)\s*(?=[\p{L}\"'“‘«(\[])")
_STOPPED = re.compile(r"\.\s+(?=[\p{Lu}\"“])")


def find_day(line: str) -> tuple[date, int, int] | None:
    """The first date of a line that has a year, with its span; None for a misprint such as 31/02.

    >>> find_day("Cập nhật: 14:02 | 03/05/2021"), find_day("thứ năm, 08 08 2019 08:51")[0], find_day("2025-10-14")[0]
    ((datetime.date(2021, 5, 3), 18, 28), datetime.date(2019, 8, 8), datetime.date(2025, 10, 14))
    """
    m = _DAY.search(line) or _SPACED.search(line)
    if not m:
        return None
    year, month, day = (int(m[a] or m[b]) for a, b in (("y", "y2"), ("m", "m2"), ("d", "d2")))
    try:
        return date(year, month, day), *m.span()
    except ValueError:
        return None


def date_alone(line: str) -> date | None:
    """The date of a line that holds a date and little else.

    >>> date_alone("22/07/2019 14:05 - Số lượt xem: 311"), date_alone("Ngày 22/07/2019, huyện Lương Tài họp.")
    (datetime.date(2019, 7, 22), None)
    >>> date_alone("(laocai.gov.vn) - Thứ Ba, 14/10/2025")
    datetime.date(2025, 10, 14)
    """
    return _alone(line) if len(line) <= _LONGEST and _YEAR.search(line) else None


@lru_cache(maxsize=1024)
def _alone(line: str) -> date | None:
    found = find_day(line)
    if not found:
        return None
    day, start, end = found
    bare = _PAPER.sub(" ", _SITE.sub(" ", line[:start]) + " " + line[end:], count=1)
    rest = _CLOCK.sub(" ", _WORD.sub(" ", bare))
    letters = sum(map(str.isalpha, rest))
    before = re.sub(r"(?i)\bngày\b|\btin từ\b|^\s*[(\[]", "", line[:start])
    place = re.fullmatch(rf"\s*(?:{_NAME}[\s,]+){{1,4}}", before)
    return day if letters <= 3 or (place and letters <= 24 and not line[end:].strip(" .)]")) else None


def signed_date(line: str) -> tuple[date, tuple[int, int] | None] | None:
    """The date of a short line that also names who wrote or published, and the span of the author's name.

    >>> signed_date("Phan Lâm 10/11/2023 - 14:20"), signed_date("Đăng ngày 21/06/2024 bởi BBT")
    ((datetime.date(2023, 11, 10), (0, 8)), (datetime.date(2024, 6, 21), None))
    >>> signed_date("Kết quả đến ngày 30/6/2023") is signed_date("Ngày 22/07/2019, huyện họp.") is None
    True
    """
    if len(line) > 100 or line.rstrip().endswith((".", ";", ":", ",")) or not (found := find_day(line)):
        return None
    day, start, end = found
    rest = _CLOCK.sub(" ", line[:start] + " " + line[end:])
    if _EVENT.search(rest):
        return None
    if m := _SIGNED.search(line):
        left = re.findall(r"\p{L}+", _WORD.sub(" ", rest.replace(m["who"], " ")))
        name = m.start("who"), m.start("who") + len(m["who"].rstrip())
        clerk = line[slice(*name)].casefold() in _CLERKS or not line[name[0]].isupper()
        return (day, None if clerk else name) if len(left) <= 2 else None
    words = re.findall(r"\p{L}+", _WORD.sub(" ", rest))
    at_end = not re.search(r"\p{L}", _WORD.sub(" ", _CLOCK.sub(" ", line[end:])))
    if not words or len(words) > 5 or not at_end:
        return None
    who = _AUTHOR.match(line)
    if who and len(words) == len(re.findall(r"\p{L}+", who["who"])):
        return day, who.span("who")
    return (day, None) if line[:1].isupper() and len(line) <= 60 else None


def opening_date(line: str) -> tuple[date, int] | None:
    """The date before the first sentence of a paragraph, and where that sentence begins.

    >>> opening_date("Hòa Bình, ngày 12 tháng 5 năm 2023 - Trung tâm bàn giao máy.")
    (datetime.date(2023, 5, 12), 37)
    >>> opening_date("(NA) - 17/10/2025. Bản Xiềng Tắm giờ chỉ còn nền nhà."), opening_date("Ngày 4/3/2021, huyện họp.")
    ((datetime.date(2025, 10, 17), 19), None)
    """
    found = find_day(line[:_LONGEST])
    if not found:
        return None
    day, start, end = found
    before = _OPENING.fullmatch(line, 0, start)
    if not before:
        return None
    m = _SEPARATED.match(line, end)
    if not m and (not start or line.startswith("(")):
        m = _STOPPED.match(line, end)
    return (day, m.end()) if m else None
