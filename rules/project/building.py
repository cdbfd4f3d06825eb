"""The vocabulary of works: nouns and verbs of building, what a cost is called, and where the name of a work ends."""

import re
from functools import cache

from rules.layout import Span
from rules.project.lexicon import alternatives, pattern, words
from rules.project.mention import Candidate
from rules.project.names import name_end, trim

CLASSIFIER = pattern.source(r"(?:{classifiers}\s+)?")
MEASURE = pattern.source(r"(?:{about}\s+)?[\d.,]+\s*{lengths}\s+")
COST = pattern("{cost_of_work}", re.I)
# "Tòa nhà hành chính của tỉnh Bình Dương": only its place tells it from others
_OF_UNIT = pattern(r"\s+{of}\s+{unit_types}(?:\s+[{UPPER}]\w*)+")
_PROPER = pattern(r"\s[{UPPER}]")


@cache
def noun() -> str:
    """Alternation of the nouns of building."""
    return alternatives(words("works", "nouns"))


@cache
def verb() -> str:
    """Alternation of the verbs of building."""
    return alternatives(words("works", "verbs"))


@cache
def _verb_inside() -> re.Pattern[str]:
    return re.compile(rf"(?<=\s)(?:{verb()})")


@cache
def work_start() -> re.Pattern[str]:
    """A work at the beginning of an item: a noun of building, or a verb of building before one."""
    return re.compile(rf"(?:(?:{verb()})\s+(?:{MEASURE})?)?(?:{noun()})(?!\w)", re.I)


def has_proper_name(text: str, c: Candidate) -> bool:
    """Whether a word inside the mention ``c`` has a capital."""
    return _PROPER.search(text, c.start, c.end) is not None


def make_work(
    text: str, begin: int, name_from: int, limit: int, rule: str, kind: str = "cong_trinh"
) -> Candidate | None:
    """The work whose mention begins at ``begin`` and whose name, of two words at least, begins at ``name_from``.

    The name ends before a verb of building too ("Trạm xá xã Huồi Tụ xây bằng đá").
    """
    start = work_start().match(text, name_from, limit)
    inside = _verb_inside().search(text, start.end() if start else name_from, limit)
    limit = inside.start() if inside else limit
    span: Span = trim(text, (name_from, name_end(text, name_from, limit, official=text[name_from].isupper())))
    if not _PROPER.search(text, *span) and (of := _OF_UNIT.match(text, span[1], limit)):
        span = trim(text, (span[0], of.end()))
    found = text[slice(*span)].split()
    if len(found) < 2 or (len(found) == 2 and not found[1][0].isupper()):
        return None
    return Candidate(begin, span[1], kind, "work", rule, span)
