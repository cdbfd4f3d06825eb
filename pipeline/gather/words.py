"""The word lists of ``words.toml``, and names as the comparison reads them."""

import re
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import compress
from operator import or_
from typing import Any

from rules.language.alternation import alternation
from rules.language.letters import LOWER
from rules.language.lists import read

WORDS: dict[str, Any] = read(__package__, "words")


def _any(phrases: Iterable[str]) -> str:
    return rf"(?<!\w)(?:{alternation(phrases)})(?!\w)"


_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_GENERIC = re.compile(_any(WORDS["generic"]))
_RECEIVER = re.compile(_any(WORDS["receiver"]))
_CAPITALISED = re.compile(r"[^\W\d_]+")
_MAYBE_CAPITALISED = re.compile(rf"(?<![^\W\d_])[^\W\d_{LOWER}][^\W\d_]*")  # passes most words over
_COMMON = frozenset(WORDS["common_names"])
_PHASE = re.compile(_any(WORDS["phase"]) + r"\s(?:số\s)?(\d{1,2}|[ivx]{1,4})(?![\w/–-])(?!\s?[-–]\s?\d{3})")
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
_NUMBERED = re.compile(r"([^\W\d_]+)\s(?:số\s)?(\d{1,9}(?:[/+-]\d+)*[a-zđ]?|[ivx]{1,4})(?!\w|[.,]\d)")
_YEARS = re.compile(r"(?:19|20)\d\d")
_LETTERED = re.compile(r"([^\W\d_]+)\s([A-HJ-UWYZĐ])(?![\w.]|\s?[-–]?\s?[A-ZĐÂĂÊÔƠƯ])")
ANEW = re.compile(_any(WORDS["anew"]), re.IGNORECASE)
MENDED = re.compile(_any(WORDS["mended"]), re.IGNORECASE)
PART = re.compile(_any(WORDS["part"]), re.IGNORECASE)
_SITE = re.compile(_any(WORDS["site"]) + r"\s(?=([^\W_]+(?:\s[^\W\d_]+){0,3}))", re.IGNORECASE)
_OBJECTS = {word: number for number, words in enumerate(WORDS["objects"]) for word in words}
_OBJECT = re.compile(_any(_OBJECTS))
_FEW_WORDS = 4  # a name of no more may be all capitals: Phú Gia Compound
_SHOUTED = 0.8  # share of words with capitals above which capitals mean nothing
COUNT = re.compile(rf"(?<![\w.,/])(\d{{1,4}}(?:[.,]\d{{1,3}})?)\s({alternation(WORDS['counted'])})(?!\w)")
AGENCY = re.compile(rf"\(?{_any(WORDS['agencies'])}", re.IGNORECASE)
RELATIVE = re.compile(_any(WORDS["relative_years"]))
SETTLED = re.compile(_any(WORDS["settled"]), re.IGNORECASE)
ADJUSTED = re.compile(_any(WORDS["adjusted"]), re.IGNORECASE)


@lru_cache(maxsize=1 << 15)
def folded_name(name: str) -> str:
    """:func:`folded` of what is asked for often."""
    return folded(name)


def folded(text: str) -> str:
    """Words in lower case with one space between, without punctuation.

    >>> folded("“Máy  tráng, bánh đa”")
    'máy tráng bánh đa'
    """
    return " ".join(_WORD.findall(text.lower()))


@lru_cache(maxsize=1 << 15)
def specific(name: str) -> tuple[str, ...]:
    """What is left of a name when the phrases of very many names are taken out; "|" where they stood.

    >>> specific("Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong sản xuất bánh đa, miến dong")
    ('bánh', 'đa', 'miến', 'dong')
    """
    return tuple(word for word in _GENERIC.sub(" ", folded(name)).split() if not word.isdigit())


@lru_cache(maxsize=1 << 15)
def pairs(name: str) -> frozenset[int]:
    """Keys of the pairs of neighbouring words of a name of which not both are general."""
    return pairs_of_text(name)


def pairs_of_text(text: str) -> frozenset[int]:
    """The same of a text, which is not kept in mind."""
    words = folded(text).split()
    known = set(_GENERIC.sub(" ", " ".join(words)).split())
    first = [zlib.crc32(word.encode()) for word in words]
    second = [b" " + word.encode() for word in words[1:]]
    told = [word in known for word in words]
    # :func:`key` of each pair, from that of its first word on
    return frozenset(compress(map(zlib.crc32, second, first), map(or_, told, told[1:])))


def key(text: str) -> int:
    """32 bits of a phrase: the same in every run."""
    return zlib.crc32(text.encode())


def proper_names(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and lower case of each pair of neighbouring capitalised words, agencies and papers left out.

    >>> [name for _, _, name in proper_names("Ông Nguyễn Cảnh Hòa, Sở Công Thương")]
    ['ông nguyễn', 'nguyễn cảnh', 'cảnh hòa']
    """
    last, before = -1, ""
    for m in _MAYBE_CAPITALISED.finditer(text):
        word = m[0]
        if not word[0].isupper():
            last = -1
            continue
        lower = word.lower()
        if m.start() == last + 1 and text[last] == " ":
            name = f"{before} {lower}"
            if name not in _COMMON:
                yield last - len(before), m.end(), name
        last, before = m.end(), lower


@lru_cache(maxsize=1 << 15)
def receiver(name: str) -> frozenset[str]:
    """Who a receiver is, without what it is.

    >>> sorted(receiver("Hợp tác xã Chế biến nông sản Hồng Đăng")), sorted(receiver("HTX Hồng Đăng"))
    (['hồng', 'đăng'], ['hồng', 'đăng'])
    """
    return frozenset(receiver_words(name))


@lru_cache(maxsize=1 << 15)
def receiver_words(name: str) -> tuple[str, ...]:
    """The same in their order."""
    words = folded(name)
    return tuple(_RECEIVER.sub(" ", words).split() or words.split())


@lru_cache(maxsize=1 << 15)
def phases(text: str) -> frozenset[str]:
    """Numbers of phases in a name.

    >>> sorted(phases("Kè Rạch Dinh (giai đoạn II)")), sorted(phases("giai đoạn 2021 - 2025"))
    (['2'], [])
    """
    return frozenset(_ROMAN.get(m[1], m[1]) for m in _PHASE.finditer(text.lower()))


@lru_cache(maxsize=1 << 15)
def numbered(name: str) -> frozenset[str]:
    """Nouns of a name with the number or letter behind them; years and phases are none.

    >>> sorted(numbered("Nhà văn hóa thôn 3")), sorted(numbered("Gói thầu số 07"))
    (['thôn 3'], ['số 7', 'thầu 7'])
    >>> sorted(numbered("Khu tái định cư lô B")), sorted(numbered("Kè xã A Bung"))
    (['lô b'], [])
    """
    found = {f"{m[1]} {m[2]}".lower() for m in _LETTERED.finditer(name)}
    for m in _NUMBERED.finditer(name.lower()):
        number = _ROMAN.get(m[2], m[2].lstrip("0") or "0")
        if m[0].find(" số ") > 0:
            found.add(f"số {number}")
        if not _YEARS.fullmatch(number) and m[1] not in ("đoạn", "năm", "quý", "tháng", "khóa", "lần", "đợt"):
            found.add(f"{m[1]} {number}")
    return frozenset(found)


def sites(name: str) -> frozenset[str]:
    """Hamlets that a name names, without their kind word.

    >>> sorted(sites("Nhà văn hóa thôn Nà Lòa xã Tân Sơn")), sorted(sites("Nhà văn hóa thôn"))
    (['nà lòa'], [])
    """
    found = set()
    for m in _SITE.finditer(name):
        words = []
        for word in m[1].split():
            if not (word[0].isupper() or word.isdigit()) or _SITE.match(f"{word} x"):
                break
            words.append(word.lower())
        if words:
            found.add(" ".join(words))
    return frozenset(found)


@lru_cache(maxsize=1 << 15)
def own_names(name: str) -> frozenset[str]:
    """Pairs of capitalised words of a name; none where most of its words have capitals.

    >>> sorted(own_names("đường cao tốc Hạ Long - Vân Đồn")), sorted(own_names("Hỗ Trợ Máy Sấy Lúa"))
    (['hạ long', 'vân đồn'], [])
    """
    words = _CAPITALISED.findall(name)
    if len(words) > _FEW_WORDS and sum(word[0].isupper() for word in words) > _SHOUTED * len(words):
        return frozenset()
    return frozenset(pair for *_, pair in proper_names(name))


@lru_cache(maxsize=1 << 15)
def thing(name: str) -> int | None:
    """The number of the list of ``objects`` whose word stands first in a name; None where none does.

    >>> thing("cầu Mỹ Thuận 2") == thing("cầu vượt Gò Dưa"), thing("cầu Rạch Miễu") == thing("đường Rạch Miễu")
    (True, False)
    """
    m = _OBJECT.search(name.lower())
    return _OBJECTS[m[0]] if m else None


def is_named(name: str) -> bool:
    """Whether the first own word of a receiver's name has a capital.

    >>> is_named("Công ty TNHH Mụn dừa Hương Cảng"), is_named("Công ty đầu tư một máy cắt CNC")
    (True, False)
    """
    own = _RECEIVER.sub(" ", name.lower()).split()
    first = next((word for word in _WORD.findall(name) if own and word.lower() == _WORD.findall(own[0])[0]), "")
    return bool(first) and (first[0].isupper() or first.isdigit())
