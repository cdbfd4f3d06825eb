"""The phrase lists of ``words.toml``, compiled once into bounded regular expressions."""

import re

from rules.language.lists import read
from rules.language.patterns import Patterns

WORDS: dict[str, list[str]] = read("rules.link", "words")
pattern = Patterns("rules.link", "words")
"""Compiles patterns that name lists of words.toml."""

# A bare kind word takes up an undertaking of one of these kinds.
TAKEN_UP = {
    "dự án": {"du_an", "cong_trinh", "goi_thau"},
    "công trình": {"cong_trinh", "du_an"},
    "đề án": {"de_an"},
    "mô hình": {"mo_hinh", "du_an", "de_an"},
    "chương trình": {"chuong_trinh"},
    "kế hoạch": {"ke_hoach", "chuong_trinh"},
    "đề tài": {"de_tai"},
    "gói thầu": {"goi_thau"},
}


def starts(name: str) -> re.Pattern[str]:
    """Text that begins with a phrase of the list ``name``, after a list mark if there is one."""
    return pattern(rf"[\s,:\-–+*•]*(?:\(?\w{{1,2}}[).]\s)?{{{name}}}(?!\w)", re.IGNORECASE)


def ends(name: str, gap: int = 0) -> re.Pattern[str]:
    """Text that ends with a phrase of the list ``name``, with at most ``gap`` words behind it."""
    tail = rf"(?:\s\w+){{0,{gap}}}" if gap else ""
    return pattern(rf"(?<!\w){{{name}}}{tail}\s*:?\s*\Z", re.IGNORECASE)


def within(name: str) -> re.Pattern[str]:
    """Text that holds a phrase of the list ``name``."""
    return pattern(rf"(?<!\w){{{name}}}(?!\w)", re.IGNORECASE)
