"""What `class` and `id` of an element say of its part in the page, and which lines are no text of an article."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import regex as re

from rules.language.lists import read

_WORDS: dict[str, Any] = read(__package__, "web")
_PART = re.compile(r"\p{Lu}+(?=\p{Lu}\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lu}+")
_LONG = 6  # letters of a word that is told inside of another: "ads" is not, being in "heads"


class Mark:
    """Bits for what a part of a page is, by its words. Plain numbers: a page has thousands."""

    CHROME = 1
    FOOTER = 2
    CONTENT = 4
    TITLE = 8
    DATE = 16
    AUTHOR = 32
    SOURCE = 64
    TOOLS = 128


_LISTS = {bit: _WORDS["classes"][name.lower()] for name, bit in vars(Mark).items() if not name.startswith("_")}
_MEANINGLESS = frozenset("".join(entry.split()) for entry in _WORDS["classes"]["meaningless"])


def _table() -> tuple[dict[str, int], list[tuple[str, int]]]:
    """The entries without blanks: all, for whole words, and the long ones, which are told inside of words."""
    exact: dict[str, int] = {}
    for mark, entries in _LISTS.items():
        for entry in entries:
            joined = "".join(entry.split())
            exact[joined] = exact.get(joined, 0) | mark
    return exact, [(joined, mark) for joined, mark in exact.items() if len(joined) >= _LONG]


_EXACT, _INSIDE = _table()


@lru_cache(maxsize=8192)
def marks(names: str) -> int:
    """What the names in a `class` or `id` say.

    >>> marks("OtherTitle"), marks("box-tin-lien-quan"), marks("heads"), marks("lv_description allowMenu")
    (136, 1, 0, 0)
    """
    found = 0
    for name in names.split():
        parts = [part.lower() for part in _PART.findall(name)]
        joined = "".join(parts)
        if not joined or joined in _MEANINGLESS:
            continue
        found |= _EXACT.get(joined, 0)
        for part in parts:
            found |= _EXACT.get(part, 0)
        for entry, mark in _INSIDE:
            if entry in joined:
                found |= mark
    return found


_EDGES = re.compile(r"^[^\p{L}]+|[^\p{L}]+$")
_CHROME_LINES = frozenset(_WORDS["lines"]["chrome"])
_RESULTS = tuple(_WORDS["lines"]["results"])


def is_chrome_line(line: str) -> bool:
    """Whether a line is what a page prints around an article ("Xem tiếp »", "Lượt xem: 1.204"), or has no letter.

    >>> is_chrome_line("Xem tiếp »"), is_chrome_line("Lượt xem: 1.204"), is_chrome_line("Chi tiết về đề án")
    (True, True, False)
    """
    if len(line) > 60:
        return False
    bare = _EDGES.sub("", line).casefold()
    return bare in _CHROME_LINES


_SIGNED = frozenset(_WORDS["lines"]["signed"])


def is_signature(line: str) -> bool:
    """Whether a line names an author or a source with its label: "Tác giả: Minh Hà"."""
    label, colon, name = line.partition(":")
    return bool(colon) and len(line) <= 120 and bool(name.strip()) and " ".join(label.split()).casefold() in _SIGNED


def is_result_list(lines: Iterable[str]) -> bool:
    """Whether any of these lines says that the page lists what a search found, or that there is nothing."""
    return any(line.casefold().startswith(_RESULTS) for line in lines if len(line) < 120)


_SITE_WHOLE = re.compile("|".join(f"(?:{pattern})" for pattern in _WORDS["site"]["whole"]), re.IGNORECASE)
_SITE_NAMES = tuple(_WORDS["site"]["names"])
_LONG_NAMES = tuple(name for name in _SITE_NAMES if len(name) > 15)
_NOBODY = frozenset(_WORDS["site"]["authors"])


def is_site_name(title: str) -> bool:
    """Whether a headline is what a site calls itself or one of its rubrics.

    >>> is_site_name("Cổng thông tin điện tử huyện Lạc Sơn"), is_site_name("Home"), is_site_name("Tin từ Lạc Sơn")
    (True, True, False)
    """
    bare = " ".join(title.split()).strip(" -–|:»>").casefold()
    return bare in _SITE_NAMES or bare.startswith(_LONG_NAMES) or bool(_SITE_WHOLE.fullmatch(bare))


def is_person(author: str) -> bool:
    """Whether a page's author is somebody, not "admin" or an address.

    >>> is_person("Lê Duy"), is_person("Administrator"), is_person("bbt@example.vn")
    (True, False, False)
    """
    bare = " ".join(author.split()).casefold()
    return 2 <= len(bare) <= 100 and bare not in _NOBODY and "@" not in bare and "://" not in bare


FRAME = tuple(_WORDS["tables"]["frame"])
