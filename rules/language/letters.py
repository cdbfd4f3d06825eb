"""The letters of Vietnamese, as contents of character classes: ``[{UPPER}]``.

``re`` knows no ``\\p{Lu}``, and classes written by hand forget letters: "huyện Ứng Hòa" and "huyện Lương Sơn" must read
the same.

>>> import re
>>> [word for word in ("Ứng", "Ý", "Ớt", "Đông", "Lương", "ứng", "5") if re.match(f"[{UPPER}]", word)]
['Ứng', 'Ý', 'Ớt', 'Đông', 'Lương']
"""

from functools import lru_cache
from unicodedata import normalize

MARKED = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
"""The lower-case letters that ASCII has not."""

LOWER = "a-z" + MARKED
UPPER = "A-Z" + MARKED.upper()
LETTERS = LOWER + UPPER


def lower(text: str) -> str:
    """``text`` in lower case with every code point at its place (a few capitals grow when they are lowered).

    >>> lower("Đề án İ")
    'đề án İ'
    """
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def lowered(text: str) -> str:
    """The same, where the last texts are kept: each rule asks for that of the same report, and a rule reads many
    reports before the next one does. Patterns for lower-case text are much faster than patterns that ignore case.
    """
    return (_short_lower if len(text) < _SHORT else _long_lower)(text)


_SHORT = 20_000  # code points of a text of which many are kept
_short_lower = lru_cache(maxsize=256)(lower)
_long_lower = lru_cache(maxsize=4)(lower)


def bare(letter: str) -> str:
    """A letter without its marks; itself where it has none that come off.

    >>> "".join(map(bare, "Đường Ớt"))
    'Duong Ot'
    """
    if letter in "Đđ":
        return "D" if letter == "Đ" else "d"
    base = normalize("NFD", letter)[0]
    return base if base.isascii() else letter
