"""Bulletins: several items of news in one text, each to be a document of its own.

A text is split only where the signs are certain: it calls itself a bulletin, and every item begins alike, with a place
("1. Nghệ An: …") or with a headline of its own above a paragraph. A report's sections, lists and places never are.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import regex as re

from rules.language.lists import read
from rules.place.gazetteer import load
from rules.place.spelling import name_key

_WORDS: dict[str, list[str]] = read(__package__, "bulletin")
_TITLES = tuple(_WORDS["titles"])


def _any(name: str) -> str:
    return "|".join(map(re.escape, _WORDS[name]))


_SECTION = re.compile(rf"(?:{_any('sections')})\b", re.IGNORECASE)
_NEWS = re.compile(rf"\b(?:{_any('news')})\b", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:tin\s(?:số\s)?)?(?P<number>\d{1,2})\s?[.):/-]\s*(?P<rest>\S.*)", re.IGNORECASE)
_PLACED = re.compile(
    r"[*•+-]?\s*(?P<place>[\p{Lu}][\p{L}.'’ -]{1,38}?)\s*(?:\([\p{Lu}][\p{L} ]{1,30}\)\s*)?(?::\s*(?P<rest>.*)|\Z)"
)
_KIND = re.compile(r"(?:tỉnh|thành phố|tp\.?|huyện|thị xã|tx\.?|quận|xã|phường|thị trấn|h\.)\s+", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=\p{Ll}{2})[.!?…](?=\s|\Z)")
_TITLE_LINES = 3
_LOOKED_AT = 100  # characters of a line that tell whether it calls the text a bulletin
_FIRST = 4  # filled lines above the first item
_HEADLINE = 160  # characters
_PARAGRAPH = 60  # characters of an item's text, at least
_HEAD = 200  # characters above the first item that are more than a title and a greeting
_MONEY = re.compile(r"\d\s?(?:triệu|tỷ|tỉ)\b")


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a bulletin: its number (0 for what stands above the first), what it says it is about, its lines."""

    number: int
    title: str | None
    text: str


@dataclass(frozen=True, slots=True)
class _Start:
    line: int
    text: str
    place: str | None
    rest: str


def items(text: str) -> list[Item] | None:
    """The items of a bulletin in order; None for any other text.

    >>> found = items('''Bản tin tháng 3
    ... 1. Nghệ An: Ngày 4/3, huyện Kỳ Sơn trao 45 con bò cho 45 hộ. Các hộ góp thêm 2 triệu đồng.
    ... 2. Thanh Hóa: Khởi công đường Bá Thước. Tổng mức đầu tư của đường là 85 tỷ đồng.''')
    >>> [(item.number, item.title) for item in found]
    [(1, 'Nghệ An: Ngày 4/3, huyện Kỳ Sơn trao 45 con bò cho 45 hộ'), (2, 'Thanh Hóa: Khởi công đường Bá Thước')]
    """
    lines = text.split("\n")
    filled = [number for number, line in enumerate(lines) if line.strip()]
    if len(filled) < 3:
        return None
    first = [_plain(lines[n][:_LOOKED_AT]) for n in filled[:_TITLE_LINES]]
    titled = any(line.casefold().startswith(_TITLES) for line in first)
    if not titled and not any(map(_is_province, first[:2])):
        return None
    starts = _starts({n: _plain(lines[n]) for n in filled}, titled)
    return _cut(lines, starts) if starts else None


def _plain(line: str) -> str:
    return " ".join(unicodedata.normalize("NFC", line).strip(" *_#\t\r").split())


def _starts(plain: dict[int, str], titled: bool) -> list[_Start]:
    """Where the items begin; nothing where any sign is missing."""
    for starts in (_numbered(plain), _placed(plain)):
        early = starts and starts[0].line in list(plain)[:_FIRST]
        if len(starts) < 2 or not early or _is_report(starts) or not _has_text(plain, starts):
            continue
        places = [start.place for start in starts if start.place]
        distinct = len(set(places)) == len(starts)
        if titled and (distinct or (not places and len(starts) > 2 and _have_headlines(plain, starts))):
            return starts
        if len(starts) > 2 and distinct and _is_news_of_provinces(plain, starts):
            return starts
    return []


def _numbered(plain: dict[int, str]) -> list[_Start]:
    """Lines numbered from 1 on."""
    found: list[_Start] = []
    for line, text in plain.items():
        m = _NUMBERED.match(text)
        if m and int(m["number"]) == len(found) + 1:
            found.append(_start(line, m["rest"]))
    return found


def _placed(plain: dict[int, str]) -> list[_Start]:
    """Lines that begin with a place and a colon, or are a place."""
    starts = (_start(line, text) for line, text in plain.items())
    return [start for start in starts if start.place]


def _start(line: int, text: str) -> _Start:
    m = _PLACED.match(text)
    key = m and _place(m["place"])
    return _Start(line, text.lstrip("*•+- "), key, (m["rest"] or "") if m and key else text)


def _place(name: str) -> str | None:
    """The key of a name that is one of a province's, a district's or a commune's; None for any other."""
    bare = _KIND.sub("", name.strip(), count=1)
    key = name_key(bare)
    units = load().by_key.get(key, ())
    named = bare != name.strip()
    return key if any(named or unit.level != "commune" for unit in units) else None


def _is_province(text: str) -> bool:
    """Whether a line begins with a province and a colon, behind a number or not."""
    m = _NUMBERED.match(text)
    key = _start(0, m["rest"] if m else text).place
    return any(unit.level == "province" for unit in load().by_key.get(key or "", ()))


def _is_report(starts: Sequence[_Start]) -> bool:
    return any(_SECTION.match(start.text) for start in starts)


def _between(plain: dict[int, str], starts: Sequence[_Start]) -> list[list[str]]:
    """The lines of each item below its first one."""
    ends = [*(start.line for start in starts[1:]), max(plain) + 1]
    return [[plain[n] for n in plain if start.line < n < end] for start, end in zip(starts, ends, strict=True)]


def _has_text(plain: dict[int, str], starts: Sequence[_Start]) -> bool:
    """Whether each item has a paragraph."""
    below = _between(plain, starts)
    return all(max(map(len, [start.rest, *lines])) >= _PARAGRAPH for start, lines in zip(starts, below, strict=True))


def _have_headlines(plain: dict[int, str], starts: Sequence[_Start]) -> bool:
    """Whether each item is a headline with a paragraph below."""
    return all(
        len(start.text) <= _HEADLINE and start.text[-1] not in ".;:,!" and lines and max(map(len, lines)) >= _PARAGRAPH
        for start, lines in zip(starts, _between(plain, starts), strict=True)
    )


def _is_news_of_provinces(plain: dict[int, str], starts: Sequence[_Start]) -> bool:
    """Whether the items are headed by provinces from the first or second line on, and tell news."""
    provinces = all(_is_province(start.text) for start in starts)
    below = _between(plain, starts)
    told = sum(bool(_NEWS.search(" ".join([start.rest, *lines]))) for start, lines in zip(starts, below, strict=True))
    return provinces and starts[0].line in list(plain)[:2] and told == len(starts)


def _cut(lines: Sequence[str], starts: Sequence[_Start]) -> list[Item]:
    found = []
    head = "\n".join(lines[: starts[0].line])
    if len(head.strip()) > _HEAD or _MONEY.search(head):
        found.append(Item(0, None, head))
    ends = [*(start.line for start in starts[1:]), len(lines)]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
        text = "\n".join([start.text, *lines[start.line + 1 : end]])
        found.append(Item(number, _title(start), text))
    return found


def _title(start: _Start) -> str | None:
    """An item's headline: its first line, or the first sentence of it."""
    if start.place and not start.rest:
        return None
    stop = _SENTENCE.search(start.text)
    title = (start.text[: stop.start()] if stop else start.text).rstrip(".")
    return title if len(title) <= _HEADLINE else None
