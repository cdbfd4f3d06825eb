"""The word lists of ``words.toml``, loaded once."""

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


def trie(words: Iterable[str]) -> str:
    """Regex source that matches the longest of ``words``, with their common beginnings shared: fast for long lists.

    >>> trie(["hộ", "hộ dân", "htx"])
    'h(?:tx|ộ(?:\\\\ dân)?)'
    """
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return _branch(tree)


def _branch(tree: dict[str, Any]) -> str:
    parts = [re.escape(char) + _branch(rest) for char, rest in sorted(tree.items()) if char]
    if not parts:
        return ""
    if len(parts) == 1 and "" not in tree:
        return parts[0]
    return f"(?:{'|'.join(parts)}){'?' if '' in tree else ''}"


def lowered(text: str) -> str:
    """``text`` in lower case with every code point at its place (patterns without IGNORECASE are much faster)."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


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
