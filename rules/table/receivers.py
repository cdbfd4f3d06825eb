"""The receivers that a cell names or counts."""

import re
from collections.abc import Iterator
from functools import cache

from rules.beneficiary import Beneficiary
from rules.beneficiary.words import name_heads, nouns
from rules.language.alternation import alternation
from rules.layout import Cell
from rules.table.words import DATA, fold, opens, pattern

_COUNTED = re.compile(r"(?P<count>\d{1,3}(?:\.\d{3})+|\d+)\s+(?P<noun>[^\W\d_].*)")
_BREAK = re.compile(r"\s*(?:;|\n|\+)\s*")
_PERSON = pattern(r"(?:{household}\s+)?(?:{family}\s+)?{persons}\s+", re.IGNORECASE)
_HOUSEHOLD = pattern(
    r"{household}\s+(?:{family}\s+)?{persons}\s+|{household}\s+(?!{businesses})(?=[{UPPER}])", re.IGNORECASE
)
_LEAD = re.compile(r"[-–+•*]\s*|\d{1,2}[.)]\s+")
_TAIL = re.compile(r"\s*\((?:\*+|\d)\)\s*\Z|[\s.,;:*]+\Z")
_NTH = pattern(r"(?<!\w)(?:{nth}\s+\w+|{number}\s+\d+|\d+)\Z")  # "Đơn vị thứ nhất" names nobody
_NAME = re.compile(r"[^\W\d_]")


_LONG_NTH = 6  # words


@cache
def _heads() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternation(name_heads())})(?!\w)")


@cache
def _next_head() -> re.Pattern[str]:
    """Between two names of a cell: a comma or "và" before a word that begins a name, or before a count; a dash or a
    number of a list only before such a word."""
    comma = rf"\s*(?:,|(?<!\w){{and}}(?!\w))\s+(?=(?:{_heads().pattern})|\d+\s+\w)"
    return pattern(rf"{comma}|\s+(?:[-–+•*]|\d{{1,2}}[.)])\s+(?=(?:{_heads().pattern}))", re.IGNORECASE)


def read(text: str, cell: Cell, noun: str | None) -> list[Beneficiary]:
    """The receivers of a cell; ``noun`` is the kind that its header names, for names that do not say what they are."""
    return [b for a, z in _parts(text, cell) if (b := _receiver(text, a, z, noun)) is not None]


def count(text: str, cell: Cell, noun: str | None) -> Beneficiary | None:
    """The receivers that a cell of a column of counts stands for; None for a blank or nought."""
    printed = text[cell.start : cell.end]
    m = re.fullmatch(r"(\d{1,3}(?:[. ]\d{3})+|\d+)(?:\s+[^\W\d_].*)?", printed)
    number = int(re.sub(r"\D", "", m[1])) if m else 0
    if not number:
        return None
    return Beneficiary(cell.start, cell.end, printed, noun or "other", number, None, "table.count")


def _parts(text: str, cell: Cell) -> Iterator[tuple[int, int]]:
    """Where the cell's single receivers stand."""
    at = cell.start
    breaks = [m.span() for p in (_BREAK, _next_head()) for m in p.finditer(text, cell.start, cell.end)]
    for a, z in [*sorted(breaks), (cell.end, cell.end)]:
        if a >= at:
            lead = _LEAD.match(text, at, a)
            start = lead.end() if lead else at
            tail = _TAIL.search(text[start:a])
            end = start + tail.start() if tail else a
            if end > start:
                yield start, end
        at = z


def _receiver(text: str, start: int, end: int, noun: str | None) -> Beneficiary | None:
    printed = text[start:end]
    low = fold(printed)
    if not _NAME.search(printed) or _names_nobody(low):
        return None
    if m := _COUNTED.fullmatch(printed):
        number = int(m["count"].replace(".", ""))
        kind = _counted(fold(m["noun"]), noun)
        return Beneficiary(start, end, printed, kind, number, None, "table.counted") if number else None
    household, person = _HOUSEHOLD.match(printed), _PERSON.match(printed)
    if m := household or person:
        kind = "household" if household or noun == "household" else "person"
        return Beneficiary(start, end, printed, kind, 1, printed[m.end() :], "table.named")
    said = _kind_of_name(low, noun)
    if said is None and not printed[0].isupper():
        return None
    return Beneficiary(start, end, printed, said or "unit", 1, printed, "table.named")


def is_one(low: str) -> bool:
    """Whether folded words begin as the name of a receiver does.

    >>> is_one("htx chè khau tràng"), is_one("đập đầu mối")
    (True, False)
    """
    return _heads().match(low) is not None


def _kind_of_name(low: str, noun: str | None) -> str | None:
    """What the first words of a name, else the head of its column, say that it is; None for no more than a unit."""
    head = _heads().match(low)
    return name_heads()[head[0]] if head else noun if noun != "unit" else None


def _names_nobody(low: str) -> bool:
    if opens(low, "agencies") or low in DATA["rows"]["blank"]:
        return True
    return _NTH.search(low) is not None and len(low.split()) < _LONG_NTH


def _counted(words: str, noun: str | None) -> str:
    """The kind of the longest noun with which the words behind a count begin."""
    pieces = re.split(r"[\s,;(]+", words)
    for n in range(len(pieces), 0, -1):
        if found := nouns().get(" ".join(pieces[:n])):
            return found[0]
    return noun or "other"
