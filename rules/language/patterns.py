"""Patterns whose words are lists of a TOML file.

Grammar is written in Python, words are kept in data: a rule makes one :class:`Patterns` for the file beside it, and
names its lists in braces.
"""

import re
from collections.abc import Iterable
from typing import Any

from rules.language import letters, lists
from rules.language.alternation import alternation

_SLOT = re.compile(r"\{([A-Za-z_][\w.]*)\}")  # never a count: "{1,3}", "{2}"


class Patterns:
    """Compiles patterns with the word lists of ``name``.toml of a package of rules.

    In a pattern ``{links}`` is one of the phrases of the list ``links``, the longest that fits; ``{Links}`` one of
    them with its first letter in upper case, ``{a.b}`` the list ``b`` of the table ``a``. Of a table of lists it is a
    phrase of any of them, of another table one of the keys. ``space`` is what may stand for a space in a phrase.
    ``{UPPER}``, ``{LOWER}`` and ``{LETTERS}`` are contents of character classes (:mod:`rules.language.letters`).

    >>> pattern = Patterns("rules.money", "words")
    >>> pattern(r"(?<!\\w){opening}\\s{1,2}(?=[0-9])").search("giá từ 5 triệu đồng")[0]
    'từ '

    Raises KeyError where the file has no such list.
    """

    def __init__(self, package: str, name: str, space: str = r"\s") -> None:
        self._lists = lists.read(package, name)
        self._space = space

    def __call__(self, pattern: str, flags: int = 0, **parts: str) -> re.Pattern[str]:
        """The compiled pattern; ``parts`` are sources of other patterns that it names in braces like lists."""
        return re.compile(self.source(pattern, **parts), flags)

    def source(self, pattern: str, **parts: str) -> str:
        """The pattern with every list and part in its place, for use in a larger one."""
        return _SLOT.sub(lambda slot: parts[slot[1]] if slot[1] in parts else self._fill(slot[1]), pattern)

    def phrases(self, path: str) -> list[str]:
        """The phrases of a list, of all lists of a table, or the keys of a table."""
        found: Any = self._lists
        for key in path.split("."):
            found = found[key]
        if isinstance(found, dict) and all(isinstance(part, list) for part in found.values()):
            return [phrase for part in found.values() for phrase in part]
        return list(found)

    def _fill(self, name: str) -> str:
        if name.isupper():
            return str(getattr(letters, name))
        phrases: Iterable[str] = self.phrases(name[0].lower() + name[1:])
        if name[0].isupper():
            phrases = [phrase[0].upper() + phrase[1:] for phrase in phrases]
        return f"(?:{alternation(phrases, self._space)})"
