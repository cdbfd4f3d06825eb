"""The name cell of an undertaking: its kind word, its name, and the count that it may print."""

import re
from dataclasses import dataclass
from functools import cache

from rules.language.alternation import alternation
from rules.project.lexicon import kinds
from rules.table.words import KINDS, fold, found, opens, pattern

_QUOTES = "\"“”«»'‘’ "
_FOOT = re.compile(r"\s*(?:\((?:\*+|\d)\)|\*+|\[\d\])\s*\Z")
_NUMBER = r"(?:\s+{part_words})*(?:\s+(?:{number}\s+)?(?:\d{1,3}|[IVX]{1,4}))?"
_COUNT = re.compile(r"(?P<count>\d{1,4})\s+(?P<noun>[^\W\d_]+(?:\s[^\W\d_]+)?)")


@dataclass(frozen=True, slots=True)
class Named:
    """What a name cell says: ``kind`` of its own kind word, ``name`` without it, ``own`` where a name of its own
    follows the word and not what only describes a group."""

    kind: str | None
    name: str
    own: bool


@cache
def _kind_words() -> tuple[re.Pattern[str], dict[str, str]]:
    slugs = kinds() | {word: slug for slug, words in KINDS.items() for word in words} | {"hợp phần": "du_an"}
    slugs.pop("kế hoạch", None)
    named = rf"(?P<word>{alternation(slugs)})(?!\w)"
    return pattern(rf"{named}(?P<number>{_NUMBER})\s*(?P<colon>[:.\-–])?\s*", re.IGNORECASE), slugs


def read(printed: str) -> Named:
    """The parts of a name cell (without its number).

    >>> read("Dự án thành phần 1: Bồi thường, hỗ trợ"), read("Đề án nhóm: “Máy sấy”").name, read("Cầu Ea Tul").kind
    (Named(kind='du_an', name='Bồi thường, hỗ trợ', own=True), 'Máy sấy', None)
    """
    bare = _FOOT.sub("", printed).strip()
    words, slugs = _kind_words()
    m = words.match(bare)
    if m is None:
        return Named(None, bare.strip(_QUOTES), False)
    rest = bare[m.end() :].strip(_QUOTES)
    kind = slugs[" ".join(fold(m["word"]).split())]
    if not rest:
        return Named(kind, bare.strip(_QUOTES), False)
    capital = rest[0].isupper() and not bare.isupper()
    own = bool(m["colon"] or m["number"].strip() or capital or bare[m.end() - 1 : m.end() + 1].strip(" ")[:1] in '"“«')
    return Named(kind, rest, own and not opens(fold(rest), "rows", "states"))


def count(printed: str) -> tuple[int, int, int, str] | None:
    """(start, end, number, kind) of a count of undertakings that a group or total row prints.

    >>> count("TỔNG CỘNG (08 công trình)"), count("Dự án chuyển tiếp")
    ((11, 24, 8, 'cong_trinh'), None)
    """
    for m in _COUNT.finditer(printed):
        noun = fold(m["noun"])
        kind = found("kinds", noun)
        if kind and kind[0][0] == 0 and int(m["count"]):
            length = next(len(w) for words in KINDS.values() for w in words if noun.startswith(w))
            return m.start(), m.start("noun") + length, int(m["count"]), kind[0][1]
    return None


def group(words: str) -> tuple[str | None, str, int] | None:
    """Name, kind and number of the undertakings of a group row: counted in brackets, or at its beginning, or one."""
    counted, named = count(words), read(words)
    if counted and counted[0] == 0:
        return None, counted[3], counted[2]
    if counted and words[counted[0] - 1] == "(":
        name = words[: counted[0] - 1].strip(" (:")
        return (read(name).name if named.kind else name) or None, named.kind or counted[3], counted[2]
    return (named.name, named.kind, 1) if named.kind and named.own else None
