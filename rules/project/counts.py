"""Counts before a kind word: "2 đề án", "hai đề án", "10 - 12 mô hình", "11/11 dự án"."""

import re
from functools import cache

from rules.project.lexicon import alternatives, pattern, table

_FIGURE = r"\d{1,3}(?:\.\d{3}){1,2}|\d{1,4}"
_BEFORE = 12  # code points that may make a count a number in a row ("quý 2", but not "trong số 2")
_NO_COUNT = pattern(r"(?:(?:{rows}|(?<!{in} )(?<!{sum} ){number})\s*|[/-])$", re.I)


@cache
def _units() -> dict[str, int]:
    return dict(table("heads")["units"])


@cache
def _pattern() -> re.Pattern[str]:
    unit = alternatives(_units())
    spelt = rf"(?:(?:{unit})\s+)?{{tens}}(?:\s+(?:{{after_tens}}|{unit}))?|{{ten}}\s+(?:{{five}}|{unit})|{unit}"
    figure = rf"(?P<figure>{_FIGURE})(?:\s*/\s*(?:{_FIGURE})|\s*(?:-|–|{{to}})\s*(?:{_FIGURE}))?"
    return pattern(rf"(?<![\w,.])(?:{figure}|(?P<spelt>{spelt}))\s+$", re.I)


def count_before(text: str, start: int, floor: int) -> tuple[int, int] | None:
    """The count that ends right before ``start`` (not before ``floor``): (number, its offset); lower end of a range.

    >>> count_before("được giao 12 - 14 đề án", 18, 0)
    (12, 10)
    """
    floor = max(floor, start - 24)
    m = _pattern().search(text[floor:start])
    if m is None or _NO_COUNT.search(text[max(0, floor + m.start() - _BEFORE) : floor + m.start()]):
        return None
    if m["spelt"] and re.search(r"\d\s*\Z", text[max(0, floor + m.start() - 3) : floor + m.start()]):
        return None  # "sau 23 năm dự án sẽ …"
    value = int(m["figure"].replace(".", "")) if m["figure"] else spelt_number(m["spelt"])
    return (value, floor + m.start()) if value else None


def spelt_number(phrase: str) -> int:
    """A number below one hundred in words.

    >>> spelt_number("hai mươi lăm"), spelt_number("mười một"), spelt_number("ba")
    (25, 11, 3)
    """
    units = {**_units(), "mốt": 1, "lăm": 5}
    parts = phrase.lower().split()
    if "mươi" in parts:
        i = parts.index("mươi")
        return units.get(parts[i - 1], 1) * 10 * (i > 0) + (units[parts[i + 1]] if i + 1 < len(parts) else 0)
    if parts[0] == "mười" and len(parts) > 1:
        return 10 + units[parts[1]]
    return units[parts[0]]
