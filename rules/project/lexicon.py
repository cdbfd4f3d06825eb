"""The word lists of the undertaking rules, read once from the TOML files beside this module."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from rules.language.letters import UPPER


@cache
def table(name: str) -> dict[str, Any]:
    """The file ``name``.toml of this package as a dict."""
    return tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def words(name: str, key: str) -> list[str]:
    """The list ``key`` of the file ``name``.toml."""
    return list(table(name)[key])


def alternatives(phrases: Iterable[str]) -> str:
    """A regex alternation of ``phrases``, longest first.

    In a phrase ``#`` stands for a digit, ``^`` for a capital letter (neither is consumed with the rest of its
    word), a space for any run of spaces.

    >>> alternatives(["với", "với #"])
    'với\\\\s+(?=\\\\d)|với(?!\\\\w)'
    """
    return "|".join(_pattern(p) for p in sorted(set(phrases), key=lambda p: (-len(p), p)))


def _pattern(phrase: str) -> str:
    body = re.escape(phrase.rstrip("#^ ")).replace("\\ ", r"\s+").replace("\\#", r"\d+")
    if phrase.endswith("#"):
        return rf"{body}\s+(?=\d)" if body else r"(?=\d)"
    if phrase.endswith("^"):
        return rf"{body}\s+(?=(?-i:[{UPPER}]))"
    return body + (r"(?!\w)" if phrase[-1].isalnum() else "")


def kinds() -> dict[str, str]:
    """Kind word, lower case -> kind slug."""
    return dict(table("heads")["kinds"])
