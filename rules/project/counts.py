"""Counts before a kind word: "2 đề án", "hai đề án", "10 - 12 mô hình", "11/11 dự án"."""

import re
from functools import cache

from rules.project.lexicon import alternatives, pattern, table

_FIGURE = r"\d{1,3}(?:\.\d{3}){1,2}|\d{1,4}"
_BEFORE = 12  # code points that may make a count a number in a row ("quý 2", but not "trong số 2")
_NO_COUNT = pattern(r"(?:(?:{rows}|(?<!{in} )(?<!{sum} ){number})\s*|[/-])$", re.I)

_YEARS = pattern(r"(?<!\w){before_years}\s+{year}\s+\Z", re.I)
# "giảm 2 dự án so với …", "so với năm 2022, tăng 3 mô hình"
_LESS_OR_MORE = pattern(r"(?<!\w){compared_by}\s+(?:{about}\s+)?(?P<one>{one}\s+)?\Z", re.I)
_THAN = pattern(r"[^\d,;:.()\n]{0,60}[,(]?\s*(?<!\w){compared_with}(?!\w)", re.I)
_THAN_BEFORE = pattern(r"(?<!\w){compared_with}\s[^;:.()\n]{1,40}\Z", re.I)
_FIGURE_END = re.compile(r"\d\s*\Z")


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
    if m is None:
        return None
    at = floor + m.start()
    if _NO_COUNT.search(text[max(0, at - _BEFORE) : at]):
        return None
    if m["spelt"] and (
        _FIGURE_END.search(text[max(0, at - 3) : at]) or _YEARS.search(text[max(0, start - 16) : start])
    ):
        return None  # "sau 23 năm dự án sẽ …", "sau nhiều năm dự án …"
    value = int(m["figure"].replace(".", "")) if m["figure"] else spelt_number(m["spelt"])
    return (value, at) if value else None


def is_difference(text: str, start: int, end: int, counted: bool) -> bool:
    """Whether what stands at [start, end), ``counted`` or behind "one", is by how many there are more or fewer than at
    another time.

    >>> is_difference("9 đề án, tăng 2 đề án so với năm 2022", 14, 21, True)
    True
    >>> is_difference("9 đề án so với 7 đề án", 0, 7, True)
    False
    """
    verb = _LESS_OR_MORE.search(text, max(0, start - 24), start)
    if verb is None or not (counted or verb["one"]):
        return False
    return bool(_THAN.match(text, end) or _THAN_BEFORE.search(text, max(0, verb.start() - 56), verb.start()))


def is_year(words: list[str]) -> bool:
    """Whether words in lower case, a number and what is before it, end in "year", which is spelt like "five".

    >>> is_year("nhiều năm".split()), is_year("duyệt năm".split()), is_year("sau hai mươi năm".split())
    (True, False, True)
    """
    return _YEARS.search(" ".join([*words, ""])) is not None


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
