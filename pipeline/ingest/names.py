"""Names of documents: what a terminal and a table can hold, and no two alike.

The document in a member of an archive is called ``archive!member``, an item of a bulletin ``file#n``. So a file, or a
member, whose own name has ``!`` or ``#`` in it may have the name of something inside another one.
"""

import os
import re
from collections.abc import Iterator

# Controls, marks that turn the direction of writing, line separators, halves of surrogate pairs.
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_INSIDE = re.compile("[!#]")


def shown(text: str) -> str:
    """Text that can be printed and kept: what a terminal would obey, or no table can hold, is written as an escape.

    >>> shown("báo\\x1b[2J cáo\\udce1")
    'báo\\\\x1b[2J cáo\\\\udce1'
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNSHOWN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def storable(text: str) -> str:
    """Text of any number of lines as a table can hold it: halves of surrogate pairs are written as ``\\udcNN``."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def printable(name: str) -> str:
    """A file name in the same way: bytes that are no UTF-8 are written as ``\\xNN``.

    >>> printable("b\\udce1o\\tc\\udce1o.txt")
    'b\\\\xe1o\\\\tc\\\\xe1o.txt'
    """
    return shown(os.fsencode(name).decode("utf-8", "backslashreplace"))


class Names:
    """Gives each name once, another one where it is taken, or may be that of something inside what has a name."""

    def __init__(self) -> None:
        self._given = set[str]()
        self._around = set[str]()

    def take(self, name: str) -> str:
        """The name to use for what is called `name`.

        >>> names = Names()
        >>> [names.take(name) for name in ("a.zip", "a.zip", "a.zip!b.txt", "c!d.txt", "c")]
        ['a.zip', 'a.zip~2', './a.zip!b.txt', 'c!d.txt', './c']
        """
        around = set(_around(name))
        base = f"./{name}" if name in self._around or around & self._given else name  # no name begins like this
        unique, number = base, 1
        while unique in self._given:
            number += 1
            unique = f"{base}~{number}"
        self._given.add(unique)
        self._around |= around
        return unique


def _around(name: str) -> Iterator[str]:
    """What a thing of this name would lie in, if it were inside another."""
    return (name[: mark.start()] for mark in _INSIDE.finditer(name))
