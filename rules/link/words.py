"""The phrase lists of ``words.toml``, compiled once into bounded regular expressions."""

import re
import tomllib
from importlib.resources import files

from rules.language.alternation import alternation

WORDS: dict[str, list[str]] = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))


def starts(name: str) -> re.Pattern[str]:
    """Text that begins with a phrase of the list ``name``, after a list mark if there is one."""
    return re.compile(rf"[\s,:\-–+*•]*(?:\(?\w{{1,2}}[).]\s)?(?:{alternation(WORDS[name])})(?!\w)", re.IGNORECASE)


def ends(name: str, gap: int = 0) -> re.Pattern[str]:
    """Text that ends with a phrase of the list ``name``, with at most ``gap`` words behind it."""
    tail = rf"(?:\s\w+){{0,{gap}}}" if gap else ""
    return re.compile(rf"(?<!\w)(?:{alternation(WORDS[name])}){tail}\s*:?\s*\Z", re.IGNORECASE)


def within(name: str) -> re.Pattern[str]:
    """Text that holds a phrase of the list ``name``."""
    return re.compile(rf"(?<!\w)(?:{alternation(WORDS[name])})(?!\w)", re.IGNORECASE)
