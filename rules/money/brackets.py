"""Units in brackets, as forms print them: "15.000.000 (đồng)", "kinh phí (triệu đồng): 1.200"."""

import re

from rules.language.patterns import Patterns
from rules.money.lexicon import SPACE

_pattern = Patterns("rules.money", "words", SPACE)
_units = Patterns("rules.money", "units", SPACE)
_TIMES = _units.source(r"\((?:(?P<times>{scale})\s{0,2})?")
BEHIND = rf"\s?{_TIMES}{_pattern.source(r'(?P<inside>{dong})')}\)"
"""Source of a pattern for a unit behind a figure; ``times`` is its multiplier, ``inside`` its currency."""
_BEFORE = re.compile(_TIMES + _pattern.source(r"{dong}\)\s?:\s{0,2}\Z"))
_COLON = re.compile(r":\s{0,2}\Z")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_CLOSED = re.compile(r"\s{0,2}(?:[.,;)\n](?![0-9])|\Z)")


def is_unit_of(text: str, start: int, digits: str) -> bool:
    """Whether a unit in brackets behind ``digits``, which begin at ``start``, is theirs, and not that of a heading.

    "năm 2023 (triệu đồng)", "bảng 1 (triệu đồng)" are headings.
    """
    if not digits.isdecimal():
        return True
    return _COLON.search(text, max(0, start - 3), start) is not None and not _YEAR.fullmatch(digits)


def before(text: str, start: int, end: int) -> re.Match[str] | None:
    """The unit before a colon and the figure at [start, end), which nothing may follow that it would count."""
    if ":" not in text[max(0, start - 3) : start]:
        return None
    m = _BEFORE.search(text, max(0, start - 24), start)
    return m if m and _CLOSED.match(text, end) and not _YEAR.fullmatch(text, start, end) else None
