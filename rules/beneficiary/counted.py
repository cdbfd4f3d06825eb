"""Counted candidates: a number and the noun of somebody who may receive."""

import re
from collections.abc import Iterator

from rules.beneficiary.candidate import Candidate
from rules.beneficiary.phrases import Phrases, words
from rules.beneficiary.words import WORDS, nouns
from rules.language.alternation import alternation
from rules.language.letters import lowered

_UNITS = {
    "một": 1,
    "hai": 2,
    "ba": 3,
    "bốn": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
}
_TENS = {"mươi": 10, "chục": 10, "trăm": 100, "nghìn": 1000, "ngàn": 1000, "vạn": 10_000, "triệu": 1_000_000}
_DIGITS = r"\d{1,3}(?:\.\d{3}){1,3}(?![\d.])|\d{1,7}(?:,\d{1,2})?"
# "175 trên tổng số 999 gia đình", "45/60 hộ": the first figure receives
_OF_ALL = r"(?:/|\strên\s(?:tổng\s)?(?:số\s)?|\strong\stổng\ssố\s)[0-9][0-9.]{0,8}(?<=\d)"
_WORD = alternation(_UNITS)
_COUNTED = (
    rf"(?:\s?(?:-|–|đến|tới)\s?(?:{_DIGITS}))?"
    rf"(?:\s(?P<times>{alternation(_TENS)}))?(?P<all>{_OF_ALL})?"
    rf"\s(?P<noun>{alternation(nouns())})(?!\w)(?![^\S\n]?/)"
)
# Two patterns, each of which begins with one set of plain characters: only so are they found fast.
_NUMBER = re.compile(
    rf"(?P<low>[0-9](?:[0-9]{{0,2}}(?:(?:\.[0-9]{{3}}){{1,3}}|(?: [0-9]{{3}}){{1,2}})(?![0-9.]| [0-9])"
    rf"|[0-9]{{0,6}}(?:,[0-9]{{1,2}})?)){_COUNTED}"
)
_SPELT = re.compile(rf"(?P<low>(?:{_WORD})(?:\s(?:{_WORD}|mươi|lăm|mốt))?){_COUNTED}")
_GLUED = re.compile(r"[\w.,/\-–]\Z")
_MODIFIERS = re.compile(
    rf"(?:,?\s(?:và\s)?(?:{alternation(WORDS['modifiers']['words'])})(?!\w)(?!(?<=vay)\s\d)){{1,5}}"
)
_ORDINAL, _COMPOUNDS = Phrases(WORDS["ordinal"]["words"]), Phrases(WORDS["compounds"]["words"])


def candidates(text: str) -> Iterator[Candidate]:
    """Counted candidates of ``text``, in text order, without overlaps.

    >>> [(c.noun, c.kind, c.count) for c in candidates("Hỗ trợ 2 cơ sở và hơn 120 hộ nghèo năm 2019.")]
    [('cơ sở', 'establishment', 2), ('hộ nghèo', 'household', 120)]
    """
    low = lowered(text)
    reached = 0
    for m in sorted([*_NUMBER.finditer(low), *_SPELT.finditer(low)], key=re.Match.start):
        if m.start() < reached:
            continue
        reached = m.end()
        count = _count(text, m)
        if not count or _COMPOUNDS.at_start(words(text[m.start("noun") : m.end() + 20])):
            continue
        kind, grade = nouns()[m["noun"]]
        further = _MODIFIERS.match(low, m.end())
        end = further.end() if further else m.end()
        yield Candidate(m.start(), end, kind, count, None, m["noun"], grade, m.end(), m["low"] == "một")


def _count(text: str, m: re.Match[str]) -> int:
    """The printed count of a match; 0 where it counts no receivers."""
    if _GLUED.match(text, m.start() - 1, m.start()):
        return 0
    if m["all"] and not m["low"][0].isdigit():  # "một trong tổng số 11 hộ"
        return 0
    before = text[max(0, m.start() - 14) : m.start()]
    if m["times"] == "triệu" and nouns()[m["noun"]][0] != "person":  # "20 triệu gia đình"
        return 0
    if " " in m["low"] and before.rstrip()[-1:].isdigit():  # cells of a table, no figure in blocks
        return 0
    apart = before.endswith(", ")  # "Trong năm, 120 hộ …"
    return number(m["low"], m["times"]) if apart or not _ORDINAL.at_end(words(before)) else 0


def number(low: str, times: str | None = None) -> int:
    """The printed count, the lower end of a range; 0 where it is none.

    >>> number("1.307"), number("55 630"), number("mười hai"), number("2,5", "nghìn"), number("ba", "chục")
    (1307, 55630, 12, 2500, 30)
    """
    factor = _TENS[times] if times else 1
    if low[0].isdigit():
        whole, _, part = low.replace(".", "").replace(" ", "").partition(",")
        if not part:
            return int(whole) * factor
        scaled = int(whole + part) * factor
        return scaled // 10 ** len(part) if scaled % 10 ** len(part) == 0 else 0
    spelt = low.split()
    value = _UNITS[spelt[0]]
    if len(spelt) == 2:
        value = value * 10 if spelt[1] == "mươi" else value + _UNITS.get(spelt[1], 0) if value == 10 else 0
    return value * factor
