"""Names that a list goes on with: "các dự án A, B và C", "tuyến metro số 1 … và tuyến metro số 2 …"."""

import re
from functools import cache

from rules.layout import Span
from rules.project.lexicon import alternatives, kinds, pattern, words
from rules.project.mention import Candidate
from rules.project.names import name_end, trim

_SEPARATOR = pattern(r"\s*(?:\([^()\n]{0,80}\))?\s*(?:[,;]\s*(?:{and}\s+)?|\s{and_with}\s+)")
_CAPITAL = pattern(r"\s+[{UPPER}]")
_COLON = re.compile(r"\s*:\s*")
_FEW_WORDS = 3


@cache
def _kind_start() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(kinds())})(?!\w)", re.I)


def list_items(text: str, begin: int, last: int, kind: str) -> list[Candidate]:
    """The names that follow "các dự án" or "các dự án:" directly, up to the first that is none or has a kind word."""
    found: list[Candidate] = []
    lower = text[:begin].rstrip().endswith(":")
    while begin < last and not _kind_start().match(text, begin):
        if not (text[begin].isupper() or lower):
            break
        name = trim(text, (begin, name_end(text, begin, last, official=text[begin].isupper())))
        if len(text[slice(*name)].split()) < _FEW_WORDS or text[begin].isdigit():
            break
        found.append(Candidate(*name, kind, "item", "project.item", name))
        m = _SEPARATOR.match(text, name[1], last)
        if m is None:
            break
        begin = m.end()
    return found


def first_sibling(text: str, span: Span) -> Span:
    """``span`` up to a second name that begins with the same two words ("tuyến đường số 4 … và tuyến đường số 7 …")."""
    first = text[slice(*span)].split()[:2]
    at = text.find(" và " + " ".join(first) + " ", *span) if len(first) == 2 else -1
    return (span[0], at) if at > 0 else span


def siblings(text: str, c: Candidate, limit: int) -> list[Candidate]:
    """Names that go on from ``c`` with its own first word: "dự án tuyến metro số 1 … và tuyến metro số 2 …"."""
    if c.name is None or c.form not in ("plain", "official"):
        return []
    first = text[slice(*c.name)].split()[:2]
    found: list[Candidate] = []
    end = c.end
    while len(first) == 2 and (m := _SEPARATOR.match(text, end, limit)):
        if text[m.end() :].split(maxsplit=2)[:2] != first:
            break
        official = c.form == "official"
        name = trim(text, (m.end(), name_end(text, m.end(), limit, official)))
        if len(text[slice(*name)].split()) < 4:
            break
        found.append(Candidate(*name, c.kind, "item", "project.sibling", name))
        end = name[1]
    return found


def counted_list(text: str, begin: int, last: int, kind: str, count: int) -> list[Candidate]:
    """As many proper names with the same first word as a count says, behind its colon: "3 dự án đường sắt: tuyến số 2
    Nam Từ - Yên Sở, tuyến số 3 …"."""
    colon = _COLON.match(text, begin, last)
    if colon is None:
        return []
    found: list[Candidate] = []
    begin = colon.end()
    noun = text[begin:last].split(maxsplit=1)[:1]
    while noun and text[begin:last].split(maxsplit=1)[:1] == noun and noun[0].islower():
        name = trim(text, (begin, name_end(text, begin, last)))
        if not _CAPITAL.search(text, *name):
            break
        found.append(Candidate(*name, kind, "item", "project.sibling", name))
        separator = _SEPARATOR.match(text, name[1], last)
        if separator is None:
            break
        begin = separator.end()
    return found if len(found) == count else []


def enumerated(text: str, first: int, last: int) -> list[Candidate]:
    """A count of works and the names that it lists: "7 cây cầu …, gồm: cầu Bào Tròn, cầu Ông Sĩ (xã A), …"."""
    m = _enumeration().search(text, first, last)
    if m is None:
        return []
    noun, found, begin = m["noun"].lower(), [], m.end()
    while text[begin : begin + len(noun)].lower() == noun:
        name = trim(text, (begin, name_end(text, begin, last)))
        if not _CAPITAL.match(text, begin + len(noun), name[1]):
            break
        found.append(Candidate(*name, "cong_trinh", "item", "project.item", name))
        separator = _SEPARATOR.match(text, name[1], last)
        if separator is None:
            break
        begin = separator.end()
    if len(found) < 2:
        return []
    group = Candidate(m.start(), m.end("noun"), "cong_trinh", "counted", "project.work.counted", None, int(m["count"]))
    return [group, *found]


@cache
def _enumeration() -> re.Pattern[str]:
    nouns = alternatives(words("works", "nouns"))
    return pattern(
        rf"(?<![\w,.])(?P<count>\d{{1,3}})\s+(?:{{classifiers}}\s+)?(?P<noun>{nouns})[^.;:]{{0,160}}?"
        r"{consists}(?:\s+{have})?\s*:?\s*(?=(?P=noun)\s)",
        re.I,
    )
