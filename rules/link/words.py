"""The phrase lists of ``words.toml``, compiled once into bounded regular expressions."""

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files

WORDS: dict[str, list[str]] = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))


def alternatives(words: Iterable[str]) -> str:
    """Regex source that matches the longest of ``words``."""
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w)))


def starts(name: str) -> re.Pattern[str]:
    """Text that begins with a phrase of the list ``name``, after a list mark if there is one."""
    return re.compile(rf"[\s,:\-–+*•]*(?:\(?\w{{1,2}}[).]\s)?(?:{alternatives(WORDS[name])})(?!\w)", re.IGNORECASE)


def ends(name: str, gap: int = 0) -> re.Pattern[str]:
    """Text that ends with a phrase of the list ``name``, with at most ``gap`` words behind it."""
    tail = rf"(?:\s\w+){{0,{gap}}}" if gap else ""
    return re.compile(rf"(?<!\w)(?:{alternatives(WORDS[name])}){tail}\s*:?\s*\Z", re.IGNORECASE)


def within(name: str) -> re.Pattern[str]:
    """Text that holds a phrase of the list ``name``."""
    return re.compile(rf"(?<!\w)(?:{alternatives(WORDS[name])})(?!\w)", re.IGNORECASE)
