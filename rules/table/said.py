"""What the words of a row say of its year and its programme."""

import re
from collections.abc import Iterable
from functools import lru_cache

from rules.project.attributes import programmes_in
from rules.table.words import KEPT, pattern

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_DATED = pattern(r"(?:[/.-]|{year}\s|^)\s?((?:19|20)\d\d)(?![\d/])")
_NAMED_YEAR = pattern(r"{year}\s+((?:19|20)\d\d)(?!\d)(?!\s?[-–]\s?\d)", re.IGNORECASE)
_PERIOD = re.compile(r"(?:19|20)\d\d\s?[-–]\s?(?:(?:19|20)\d\d|\d\d)(?!\d)|(?<!\d)\d\d\s?[-–]\s?(?:19|20)\d\d(?!\d)")


def year_of_row(decisions: Iterable[str], times: Iterable[str], name: str) -> tuple[int | None, bool]:
    """The year that a row prints, and whether it prints a period instead: the first decision's, else the one of its
    time, else that of its name.

    >>> year_of_row(["1650/QĐ-UBND ngày 30/6/2017; 845/QĐ-UBND"], ["2018-2023"], ""), year_of_row([], ["2024-2025"], "")
    ((2017, False), (None, True))
    """
    for text in decisions:
        if m := _DATED.search(text):
            return int(m[1]), False
    texts = list(times)
    if any(map(_PERIOD.search, texts)):
        return None, True
    years = {int(y) for text in texts for y in _YEAR.findall(text)}
    if years:
        return (years.pop(), False) if len(years) == 1 else (None, True)
    return year_of_name(name), False


def year_of_name(name: str) -> int | None:
    """The one year that a name prints ("… năm 2024")."""
    years = {int(y) for y in _NAMED_YEAR.findall(name)}
    return years.pop() if len(years) == 1 and not _PERIOD.search(name) else None


@lru_cache(maxsize=KEPT)
def programme_of(words: str) -> str | None:
    """The one programme that the words name."""
    if not words:
        return None
    slugs = {slug for _, slug in programmes_in(words, 0, len(words))}
    return slugs.pop() if len(slugs) == 1 and "open" not in slugs else None
