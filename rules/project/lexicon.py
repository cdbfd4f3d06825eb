"""The word lists of the undertaking rules, read once from the TOML files beside this module."""

import re
from collections.abc import Iterable
from typing import Any

from rules.language import lists
from rules.language.alternation import Parts, one_of
from rules.language.letters import UPPER
from rules.language.patterns import Patterns

pattern = Patterns("rules.project", "patterns")
"""Compiles patterns that name lists of patterns.toml."""


def table(name: str) -> dict[str, Any]:
    """The file ``name``.toml of this package as a dict."""
    return lists.read("rules.project", name)


def words(name: str, key: str) -> list[str]:
    """The list ``key`` of the file ``name``.toml."""
    return list(table(name)[key])


def alternatives(phrases: Iterable[str]) -> str:
    """A regex alternation of ``phrases``, longest first.

    In a phrase ``#`` stands for a digit, ``^`` for a capital letter (neither is consumed with the rest of its
    word), a space for any run of spaces.

    >>> alternatives(["với", "với #"])
    'với(?:\\\\s+(?=\\\\d)|(?!\\\\w))'
    """
    return one_of(map(_parts, phrases))


_PART = {" ": r"\s+", "#": r"\d+"}


def _parts(phrase: str) -> Parts:
    body = phrase.rstrip("#^ ")
    parts = tuple(_PART.get(letter) or re.escape(letter) for letter in body)
    if phrase.endswith("#"):
        return (*parts, *([r"\s+"] if body else []), r"(?=\d)")
    if phrase.endswith("^"):
        return (*parts, r"\s+", rf"(?=(?-i:[{UPPER}]))")
    return (*parts, r"(?!\w)") if phrase[-1].isalnum() else parts


def kinds() -> dict[str, str]:
    """Kind word, lower case -> kind slug."""
    return dict(table("heads")["kinds"])
