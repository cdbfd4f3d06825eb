"""The word lists of the undertaking rules, read once from the TOML files beside this module."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The TOML file ``name`` of this package as a dict."""
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


def words(section: str, key: str) -> list[str]:
    """The list ``key`` of ``[section]`` in words.toml."""
    return list(table("words.toml")[section][key])


def alternatives(phrases: Iterable[str]) -> str:
    """A regex alternation of ``phrases``, longest first; ``#`` stands for a digit, a space for any run of spaces.

    >>> alternatives(["với", "với #"])
    'với\\\\s+\\\\d|với'
    """
    ordered = sorted(set(phrases), key=lambda p: (-len(p), p))
    return "|".join(re.escape(p).replace("\\#", r"\d").replace("\\ ", r"\s+") for p in ordered)


def kinds() -> dict[str, str]:
    """Kind word, lower case -> kind slug."""
    return dict(table("words.toml")["kinds"])
