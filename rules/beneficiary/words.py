"""The word lists of ``words.toml``, compiled once into bounded regular expressions."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"

WORDS: dict[str, Any] = tomllib.loads(files(__package__).joinpath("words.toml").read_text("utf-8"))


def alternatives(words: Iterable[str]) -> str:
    """Regex source that matches the longest of ``words``.

    >>> alternatives(["hộ", "hộ nghèo"])
    'hộ\\\\ nghèo|hộ'
    """
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w)))


def ends_with(words: Iterable[str], fillers: Iterable[str] = ()) -> re.Pattern[str]:
    """A pattern for text that ends in one of ``words``, with at most three ``fillers`` behind it."""
    tail = rf"(?:\s+(?:{alternatives(fillers)})){{0,3}}" if fillers else ""
    return re.compile(rf"(?<!\w)(?P<cue>{alternatives(words)}){tail}\s*[:,]?\s*\Z", re.IGNORECASE)


def within(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for text that holds one of ``words``."""
    return re.compile(rf"(?<!\w)(?:{alternatives(words)})(?!\w)", re.IGNORECASE)


@cache
def nouns() -> dict[str, tuple[str, str]]:
    """Counted noun -> (kind, grade), the grades as explained in ``words.toml``."""
    return {
        noun: (kind, grade)
        for kind, grades in WORDS["counted"].items()
        for grade, listed in grades.items()
        for noun in listed
    }


@cache
def name_heads() -> dict[str, str]:
    """First words of a named receiver -> kind."""
    return {head: kind for kind, heads in WORDS["named"].items() for head in heads}
