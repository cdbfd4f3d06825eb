"""Named candidates: where a named firm, cooperative, business household, school or person begins and ends."""

import re
from collections.abc import Iterator

from rules.beneficiary.candidate import Candidate
from rules.beneficiary.words import UPPER, WORDS, name_heads
from rules.language.alternation import alternation
from rules.language.letters import lowered

PERSONAL = frozenset({"person", "household"})
"""Kinds whose name is a person's: titles and capitals only."""

_WORKER = re.compile(r",\s(?:là\s)?(?:công nhân|lao động)(?!\w)", re.IGNORECASE)
_HEAD = re.compile(rf"(?P<head>{alternation(name_heads())})\s(?=\w)")
_TOKEN = re.compile(r"\s?(?:[-–&]\s)?[\w&’'.\-]+")
_CAPITAL = re.compile(rf"[{UPPER}\d]")
# "Công ty CP Bắc Nam 79", not "… Xuân Phú 150 triệu"
_NUMBERED = re.compile(r"\d{1,3}(?![.,]?\d)(?=[,.;:()\n]|\s\(|\Z)")
_INSIDE, _BREAKS = frozenset(WORDS["name"]["inside"]), frozenset(WORDS["name"]["breaks"])
_TITLES = frozenset(WORDS["name"]["titles"])
_TITLE = re.compile(rf"(?:{alternation(_TITLES)})\s", re.IGNORECASE)
_STOPS = re.compile(rf"(?:{alternation(WORDS['name']['stops'])})(?!\w)", re.IGNORECASE)
_LONGEST = 200  # code points of a firm's name; a text in capitals must not be run through from each of its heads
_FULL_NAME = re.compile(rf"(?:[{UPPER}][\w’']*)(?:\s[{UPPER}][\w’'.]*){{1,4}}")
_GIVEN_NAME = re.compile(rf"(?:[{UPPER}][\w’']*)(?:\s[{UPPER}][\w’'.]*){{0,4}}")  # "hộ ông Nang"


def candidates(text: str) -> Iterator[Candidate]:
    """Everything in ``text`` that is named like a possible receiver, in text order.

    >>> text = "Hỗ trợ DNTN thương mại và dịch vụ Thuận Phát và bà Lò Thị Mai."
    >>> [text[c.start : c.end] for c in candidates(text)]
    ['DNTN thương mại và dịch vụ Thuận Phát', 'bà Lò Thị Mai']
    """
    reached = 0
    for m in _HEAD.finditer(lowered(text)):
        start = m.start()
        if start < reached or text[start - 1 : start].isalnum():
            continue
        kind = name_heads()[m["head"]]
        end = _person_end(text, m.end(), kind) if kind in PERSONAL else _firm_end(text, start, m.end())
        if end is not None:
            reached = end
            kind = "worker" if kind == "person" and _WORKER.match(text, end) else kind
            name = bare_name(text[start:end])
            yield Candidate(start, end, kind, 1, name, m["head"], "name", m.end())


def bare_name(mention: str) -> str:
    """A person's name without the title, everything else as printed.

    >>> bare_name("chị Trần Thị Hoa"), bare_name("HTX Chè Suối Giàng")
    ('Trần Thị Hoa', 'HTX Chè Suối Giàng')
    """
    first, _, rest = mention.partition(" ")
    return rest if first.lower() in _TITLES else mention


def _firm_end(text: str, start: int, head_end: int) -> int | None:
    """Where a firm's or school's name ends, which may run over lower-case words; None where no proper name follows.

    It ends with its last capitalised word, so that a verb or a place in lower case closes it.
    """
    position, last, lower, capitals = head_end - 1, None, 0, 0
    while lower <= 8 and position - start < _LONGEST and (token := _TOKEN.match(text, position)):
        word = token.group().strip(" -–&")
        begin = token.end() - len(word)
        if not word or _STOPS.match(text, begin) or (word[0].isdigit() and not _NUMBERED.match(text, begin)):
            break
        if _CAPITAL.match(word):
            last, lower = token.end(), 0
            capitals += not word.isupper()
            if word.endswith(".") and len(word) > 3:  # the full stop of the sentence
                last -= 1
                break
        elif not _belongs(text, token.end(), word.lower(), last is not None, lower, capitals):
            break
        else:
            lower += 1
        position = token.end()
    if last is None or text[start:last].isupper():
        return None
    return last if not text[start:head_end].islower() or _proper(text[head_end:last]) else None


def _belongs(text: str, end: int, word: str, begun: bool, lower: int, capitals: int) -> bool:
    """Whether a lower-case word is part of the name.

    Before its first capital any common noun is ("HTX chè Suối Giàng"), behind it the words that firms use, and the
    second half of its first word ("Công ty TNHH Bánh cáy Minh Tân").
    """
    if not begun:
        return word in _INSIDE or word not in _BREAKS
    if word in _INSIDE and lower < 4:
        return True
    return capitals == 1 and lower == 0 and word not in _BREAKS and _CAPITAL.match(text, end + 1) is not None


def _proper(name: str) -> bool:
    """Whether a name after a lower-case head is one, not just an abbreviation ("cơ sở CNNT")."""
    return any(w[0].isupper() and not w.isupper() for w in name.split() if w[0].isalpha())


def _person_end(text: str, start: int, kind: str) -> int | None:
    if kind == "household":
        title = _TITLE.match(text, start)
        if title is None:
            return None
        start = title.end()
    m = (_GIVEN_NAME if kind == "household" else _FULL_NAME).match(text, start)
    if m is None:
        return None
    end = m.end() - 1 if m.group().endswith(".") else m.end()
    return end - 4 if text.endswith(" Ảnh", 0, end) else end
