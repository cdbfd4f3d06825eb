"""The word lists of ``words.toml``, loaded once, and whole phrases found in the words of a cell."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from rules.language.alternation import alternation, one_of
from rules.language.letters import lower
from rules.language.lists import read
from rules.language.patterns import Patterns

pattern = Patterns("rules.table", "grammar")
DATA: dict[str, Any] = read("rules.table", "words")
ROLES, KINDS, NOUNS, LEVELS = (
    DATA["roles"], DATA["kinds"], DATA["nouns"], DATA["levels"],
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")


KEPT = 1 << 13
"""Texts of cells of which is remembered what they say: units, places, receivers' kinds and figures come again."""


@lru_cache(maxsize=KEPT)
def fold(text: str) -> str:
    """Lower case of the same length.

    >>> fold("Đơn VỊ")
    'đơn vị'
    """
    return lower(text)


@cache
def finder(list_name: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern for the phrases of a table of ``words.toml``, longest first, and the class of each phrase."""
    table: Mapping[str, Iterable[str]] = DATA[list_name]
    classes: dict[str, str] = {}
    for name, phrases in table.items():
        for phrase in phrases:
            classes.setdefault(phrase, name)
    return re.compile(rf"(?<!\w)(?:{alternation(classes)})(?!\w)"), classes


@lru_cache(maxsize=KEPT)
def found(list_name: str, text: str) -> tuple[tuple[int, str], ...]:
    """(offset, class) of each phrase of a table of ``words.toml`` in a folded text; phrases do not overlap.

    >>> found("roles", "kinh phí thực hiện"), found("columns", "địa điểm thực hiện")
    (((0, 'total'),), ((0, 'place'),))
    """
    pattern, classes = finder(list_name)
    return tuple((m.start(), classes[m[0]]) for m in pattern.finditer(text))


@cache
def _opening(section: str, key: str) -> re.Pattern[str]:
    ends = {True: (r"(?!\w)",), False: ()}
    return re.compile(one_of((*map(re.escape, p), *ends[p[-1].isalnum()]) for p in DATA[section][key]))


def opens(text: str, section: str, key: str = "words") -> str | None:
    """The phrase of a list with which a folded text begins.

    >>> opens("tổng cộng (08 công trình)", "rows", "totals")
    'tổng cộng'
    """
    m = _opening(section, key).match(text)
    return m[0] if m else None


def syllables(text: str) -> list[str]:
    """The words of a name, for comparing it."""
    return _WORD.findall(fold(text))
