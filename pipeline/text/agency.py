"""Names of agencies: in capitals at the head of a document, in a sentence's letters in the tables."""

from collections.abc import Sequence

import regex as re

from pipeline.text.syllables import is_syllable
from rules.language.lists import read

_WORDS: dict[str, list[str]] = read(__package__, "official")


def any_of(name: str) -> str:
    """The words of a list of official.toml as alternatives of a pattern, the longest first."""
    return "|".join(sorted(map(re.escape, _WORDS[name]), key=len, reverse=True))


AGENCY = re.compile(rf"(?:{any_of('agencies')})\b", re.IGNORECASE)
"""How an agency's name begins."""
UNIT = re.compile(rf"(?:{any_of('units')})(?=\s)", re.IGNORECASE)
"""How the name of the unit begins that it works in."""


def letters(text: str) -> int:
    """How many letters a text has."""
    return sum(map(str.isalpha, text))


def shouted(text: str) -> bool:
    """Whether a text is in capitals, but for those that an old font had not."""
    capitals = sum(map(str.isupper, text))
    return 3 * capitals > 2 * letters(text)


def issuer(agencies: Sequence[str]) -> str:
    """The name of who issued a document: the last that the head prints, with its unit from the one above.

    >>> issuer(["UBND TỈNH QUẢNG NAM", "SỞ NÔNG NGHIỆP VÀ PTNT"]), issuer(["ỦY BAN NHÂN DÂN TỈNH BÌNH ĐỊNH"])
    ('Sở Nông nghiệp và PTNT tỉnh Quảng Nam', 'Ủy ban nhân dân tỉnh Bình Định')
    """
    names = [spoken(name) for name in agencies if AGENCY.match(name)] or [spoken(agencies[-1])]
    own = names[-1]
    if len(names) > 1 and not _IN_UNIT.search(own) and (unit := _IN_UNIT.search(names[-2])):
        own = f"{own} {unit[0]}"
    return own


_IN_UNIT = re.compile(rf"\b(?:{any_of('units')})\s[\p{{Lu}}].*", re.IGNORECASE)
_ORGANS, _LOWER = frozenset(_WORDS["organs"]), tuple(_WORDS["lower"])
_UNITS = frozenset(_WORDS["units"])
_COMMITTEES = frozenset(("ủy", "uỷ"))
_NAMES = {name.lower(): name for name in _WORDS["names"]}
_PROPER = re.compile(any_of("names"), re.IGNORECASE)


def spoken(name: str) -> str:
    """An agency's name in capitals as a sentence has it; any other name as it is.

    >>> spoken("HỘI ĐỒNG NHÂN DÂN TỈNH ĐẮK NÔNG"), spoken("PHÒNG KINH TẾ VÀ HẠ TẦNG"), spoken("Sở Tài chính")
    ('Hội đồng nhân dân tỉnh Đắk Nông', 'Phòng Kinh tế và Hạ tầng', 'Sở Tài chính')
    """
    if not shouted(name):
        return name
    words = name.split()
    small = [word.lower() if is_syllable(word.lower().strip(".,-")) else word for word in words]
    made: list[str] = []
    capital, proper = True, False
    for number, word in enumerate(small):
        two = " ".join(small[max(0, number - 1) : number + 1])
        committee = small[number + 1 : number + 2] and small[number + 1] in _COMMITTEES
        if not proper and not committee and (word in _UNITS or two in _UNITS):
            capital = False
            if number + 1 < len(small) and f"{word} {small[number + 1]}" not in _UNITS:
                proper = True
            made.append(word if number else word.capitalize())
            continue
        made.append(word[:1].upper() + word[1:] if capital or proper else word)
        after = " ".join(small[number + 1 : number + 4])
        organ = word in _ORGANS or two in _ORGANS
        capital = (organ or word == "và") and not after.startswith(_LOWER)
        proper = proper or (word in _COMMITTEES and number == 1)  # "Huyện ủy Tân Lạc"
    return _PROPER.sub(lambda m: _NAMES[m[0].lower()], " ".join(made))
