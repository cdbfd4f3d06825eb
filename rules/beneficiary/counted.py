"""Counted receivers: a number, a noun, and evidence that somebody receives."""

import re
from collections.abc import Iterator

from rules.beneficiary.mention import Beneficiary
from rules.beneficiary.phrases import Phrases, words
from rules.beneficiary.words import WORDS, alternatives, nouns
from rules.layout import Layout

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
_DIGITS = r"\d{1,3}(?:\.\d{3})+(?![\d.])|\d{1,7}(?:,\d{1,2})?"
_WORD = alternatives(_UNITS)
_NUMBER = re.compile(
    rf"(?<![\w.,/\-–])(?P<low>{_DIGITS}|(?:{_WORD})(?:\s(?:{_WORD}|mươi|lăm|mốt))?)"
    rf"(?:\s?(?:-|–|đến|tới)\s?(?:{_DIGITS}))?"
    rf"(?:\s(?P<times>{alternatives(_TENS)}))?"
    rf"\s(?P<noun>{alternatives(nouns())})(?!\w)(?![^\S\n]?/)",
    re.IGNORECASE,
)
_MODIFIERS = re.compile(
    rf"(?:,?\s(?:và\s)?(?:{alternatives(WORDS['modifiers']['words'])})(?!\w)){{1,5}}", re.IGNORECASE
)
_AMOUNT_AFTER = re.compile(
    r"\s(?:[^\s\d]+\s){0,5}?(?:được|nhận)\s(?:thêm\s|tổng\s)?\d[\d.,]*\s?(?:tỷ|tỉ|triệu|nghìn)", re.IGNORECASE
)
_JOINED = re.compile(r"\s?(?:với|và|cùng|,|gồm|có)\s(?:hơn |gần |khoảng |trên )?\Z", re.IGNORECASE)

_EVIDENCE, _VETO = WORDS["evidence"], WORDS["veto"]
_FILLERS = Phrases(_EVIDENCE["fillers"])
_CUES, _PLAIN, _MOVED = Phrases(_EVIDENCE["before"]), frozenset(_EVIDENCE["plain"]), frozenset(_EVIDENCE["moved"])
_GIVING, _SENTENCE, _AFTER = Phrases(_EVIDENCE["giving"]), Phrases(_EVIDENCE["sentence"]), Phrases(_EVIDENCE["after"])
_VETO_BEFORE, _VETO_AFTER, _COMPOUNDS = Phrases(_VETO["before"]), Phrases(_VETO["after"]), Phrases(_VETO["compounds"])
_REMAINDER = Phrases(_VETO["at_once"])
_ORDINAL = Phrases(WORDS["ordinal"]["words"])
_SMALL = frozenset({"household", "establishment", "household_business", "cooperative"})

_WINDOW = 110  # code points left and right in which evidence is looked for
_REACH = 11  # words behind the mention in which "được hỗ trợ" may stand
_SAME_COUNT = 10  # the same number of the same kind from here on is the same group told twice


def find(layout: Layout) -> list[Beneficiary]:
    """Counted receivers of ``layout``, in text order, each group once, at its first mention."""
    found: set[tuple[str, int]] = set()
    kept: list[Beneficiary] = []
    for m, count in _candidates(layout.text):
        kind, grade = nouns()[m["noun"].lower()]
        if count >= _SAME_COUNT and (kind, count) in found:
            continue
        rule = _evidence(layout, m, kind, grade)
        if rule is None and kept and 0 <= m.start() - kept[-1].end < 16:  # "1.000 hộ dân với 5.000 nhân khẩu"
            rule = "beneficiary.counted.joined" if _JOINED.match(layout.text[kept[-1].end : m.start()]) else None
        if rule is None:
            continue
        start = _first(layout.text, m.group(), m.start()) if count >= _SAME_COUNT else m.start()
        end = _end(layout.text, start + len(m.group()))
        found.add((kind, count))
        kept.append(Beneficiary(start, end, layout.text[start:end], kind, count, None, rule))
    return sorted(kept, key=lambda b: b.start)


def _candidates(text: str) -> Iterator[tuple[re.Match[str], int]]:
    for m in _NUMBER.finditer(text):
        count = number(m["low"], m["times"])
        million = (m["times"] or "").lower() == "triệu" and nouns()[m["noun"].lower()][
            0
        ] != "person"  # "20 triệu gia đình"
        if count and not million and not _ORDINAL.at_end(words(text[max(0, m.start() - 14) : m.start()])):
            yield m, count


def number(low: str, times: str | None = None) -> int:
    """The printed count, the lower end of a range; 0 where it is none.

    >>> number("1.307"), number("mười hai"), number("2,5", "nghìn"), number("hai mươi"), number("ba", "chục")
    (1307, 12, 2500, 20, 30)
    """
    factor = _TENS[times.lower()] if times else 1
    if low[0].isdigit():
        whole, _, part = low.replace(".", "").partition(",")
        if not part:
            return int(whole) * factor
        scaled = int(whole + part) * factor
        return scaled // 10 ** len(part) if scaled % 10 ** len(part) == 0 else 0
    spelt = low.lower().split()
    value = _UNITS[spelt[0]]
    if len(spelt) == 2:
        value = value * 10 if spelt[1] == "mươi" else value + _UNITS.get(spelt[1], 0) if value == 10 else 0
    return value * factor


def _first(text: str, printed: str, start: int) -> int:
    """Where the group is told first, which may be before its evidence."""
    first = text.find(printed, 0, start)
    return first if first >= 0 and not text[max(0, first - 1) : first].isalnum() else start


def _end(text: str, end: int) -> int:
    m = _MODIFIERS.match(text, end)
    return m.end() if m else end


def _evidence(layout: Layout, m: re.Match[str], kind: str, grade: str) -> str | None:
    """The rule by which the counted noun receives, or None."""
    text = layout.text
    left, right = layout.sentences[layout.sentence_at(m.start())]
    before = words(text[max(left, m.start() - _WINDOW) : m.start()])
    bare = _FILLERS.strip_end(before, 3)
    if _COMPOUNDS.at_start(words(text[m.start("noun") : m.end() + 20])):
        return None
    vetoed = _VETO_BEFORE.at_end(bare, 3) or _VETO_BEFORE.at_end(before, 3)
    if grade == "sure":
        return None if vetoed else "beneficiary.counted.sure"
    after = words(text[_end(text, m.end()) : min(right, m.end() + _WINDOW)])
    small = grade == "near" and kind in _SMALL
    article = m["low"].lower() == "một"  # "cho một doanh nghiệp": an article rather than a count
    cue = _CUES.at_end(before) or _CUES.at_end(bare)
    if cue and not vetoed and not _REMAINDER.at_start(after):
        enough = cue not in _PLAIN or (small and not article and cue not in _MOVED)
        if enough or _GIVING.inside(before):
            return "beneficiary.counted.given"
    if article or _VETO_AFTER.at_start(after, 3):
        return None
    if _AFTER.at_start(after, _REACH) or (grade == "near" and _AMOUNT_AFTER.match(text, m.end(), right)):
        return "beneficiary.counted.receives"
    printed = m["low"][0].isdigit()
    if small and printed and not vetoed and _SENTENCE.inside(words(text[left:right])):
        return "beneficiary.counted.sentence"
    return None
