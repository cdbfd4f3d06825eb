"""Counted receivers: a number, a noun, and evidence that somebody receives."""

import re
from collections.abc import Iterator, Sequence

from rules.beneficiary.mention import Beneficiary
from rules.beneficiary.phrases import Phrases, words
from rules.beneficiary.words import WORDS, alternatives, lowered, nouns
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
# No look-behind at the head of the pattern: it must begin with plain characters to be found fast.
_NUMBER = re.compile(
    rf"(?P<low>(?:[0-9]{{1,3}}(?:\.[0-9]{{3}})+(?![0-9.])|[0-9]{{1,7}}(?:,[0-9]{{1,2}})?)"
    rf"|(?:{_WORD})(?:\s(?:{_WORD}|mươi|lăm|mốt))?)"
    rf"(?:\s?(?:-|–|đến|tới)\s?(?:{_DIGITS}))?"
    rf"(?:\s(?P<times>{alternatives(_TENS)}))?"
    rf"\s(?P<noun>{alternatives(nouns())})(?!\w)(?![^\S\n]?/)"
)
_GLUED = re.compile(r"[\w.,/\-–]\Z")
_MODIFIERS = re.compile(
    rf"(?:,?\s(?:và\s)?(?:{alternatives(WORDS['modifiers']['words'])})(?!\w)){{1,5}}", re.IGNORECASE
)
_MONEY = r"(?:(?:thêm|tổng|cộng|hơn|gần|trên|khoảng)\s){0,2}\d[\d.,]*\s?(?:tỷ|tỉ|triệu|nghìn)"
_AMOUNT_AFTER = re.compile(
    rf",?\s(?:[^\s\d]+\s){{0,5}}?(?:được(?:\svay)?|nhận|vay|mỗi\s(?:nơi|hộ|cơ sở|đơn vị|người|nhà|xã))\s{_MONEY}",
    re.IGNORECASE,
)
# "chuyển đổi nghề cho 40 lao động, kinh phí hỗ trợ 400 triệu đồng"
_FUNDED = re.compile(rf",?\s[^.;\d]{{0,40}}hỗ trợ\s{_MONEY}", re.IGNORECASE)
_SPARED = re.compile(r"\s(?:không phải|không còn phải|đi lại|có chỗ|có nước|có điện|được đến)(?!\w)", re.IGNORECASE)
_MADE_BY = re.compile(r"(?<!\w)do\s(?:[^\s,.;]+\s){0,4}\Z", re.IGNORECASE)
_MADE = re.compile(r"\s(?:đảm nhận|thực hiện|tiếp nhận|cùng làm|làm)(?!\w)[^.;]{0,60}hỗ trợ", re.IGNORECASE)
_JOINED = re.compile(r"\s?(?:với|và|cùng|,|gồm|có)\s(?:hơn |gần |khoảng |trên )?\Z", re.IGNORECASE)

_EVIDENCE, _VETO = WORDS["evidence"], WORDS["veto"]
_FILLERS = Phrases(_EVIDENCE["fillers"])
_CUES, _PLAIN, _MOVED = Phrases(_EVIDENCE["before"]), frozenset(_EVIDENCE["plain"]), frozenset(_EVIDENCE["moved"])
_GIVING, _SENTENCE, _AFTER = Phrases(_EVIDENCE["giving"]), Phrases(_EVIDENCE["sentence"]), Phrases(_EVIDENCE["after"])
_VETO_BEFORE, _VETO_AFTER, _COMPOUNDS = Phrases(_VETO["before"]), Phrases(_VETO["after"]), Phrases(_VETO["compounds"])
_REMAINDER, _NEVER = Phrases(_VETO["at_once"]), Phrases(_VETO["never"])
_TAKES_PART, _UNDERTAKINGS = re.compile(r"\stham gia(?!\sđấu)", re.IGNORECASE), Phrases(_EVIDENCE["joined"])
_VETO_CLOSE = Phrases(_VETO["close"])
_ORDINAL = Phrases(WORDS["ordinal"]["words"])
_FIRMS = frozenset({"enterprise", "unit"})  # of these much else is told than support

_WINDOW = 110  # code points left and right in which evidence is looked for
_REACH = 11  # words behind the mention in which "được hỗ trợ" may stand
# The same number of the same kind is the same group told twice: of people from the first figure on, of firms and
# the like from the second (several undertakings may well have "2 cơ sở" each).
_SAME_PEOPLE, _SAME_FIRMS = 4, 10
_PEOPLE = frozenset({"household", "person", "worker"})


def find(layout: Layout) -> list[Beneficiary]:
    """Counted receivers of ``layout``, in text order, each group once, at its first mention."""
    found: set[tuple[str, int]] = set()
    kept: list[Beneficiary] = []
    for m, count in _candidates(layout.text):
        kind, grade = nouns()[m["noun"]]
        told = count >= (_SAME_PEOPLE if kind in _PEOPLE else _SAME_FIRMS)
        if told and (kind, count) in found:
            continue
        rule = _evidence(layout, m, kind, grade)
        if rule is None and kept and 0 <= m.start() - kept[-1].end < 16:  # "1.000 hộ dân với 5.000 nhân khẩu"
            rule = "beneficiary.counted.joined" if _JOINED.match(layout.text[kept[-1].end : m.start()]) else None
        if rule is None:
            continue
        start = _first(layout.text, layout.text[m.start() : m.end()], m.start()) if told else m.start()
        end = _end(layout.text, start + len(m.group()))
        found.add((kind, count))
        kept.append(Beneficiary(start, end, layout.text[start:end], kind, count, None, rule))
    return sorted(kept, key=lambda b: b.start)


def _candidates(text: str) -> Iterator[tuple[re.Match[str], int]]:
    for m in _NUMBER.finditer(lowered(text)):
        if _GLUED.match(text, m.start() - 1, m.start()):
            continue
        count = number(m["low"], m["times"])
        million = m["times"] == "triệu" and nouns()[m["noun"]][0] != "person"  # "20 triệu gia đình"
        if count and not million and not _ORDINAL.at_end(words(text[max(0, m.start() - 14) : m.start()])):
            yield m, count


def number(low: str, times: str | None = None) -> int:
    """The printed count, the lower end of a range; 0 where it is none.

    >>> number("1.307"), number("mười hai"), number("2,5", "nghìn"), number("hai mươi"), number("ba", "chục")
    (1307, 12, 2500, 20, 30)
    """
    factor = _TENS[times] if times else 1
    if low[0].isdigit():
        whole, _, part = low.replace(".", "").partition(",")
        if not part:
            return int(whole) * factor
        scaled = int(whole + part) * factor
        return scaled // 10 ** len(part) if scaled % 10 ** len(part) == 0 else 0
    spelt = low.split()
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
    vetoed = _VETO_BEFORE.at_end(bare, 3) or _VETO_BEFORE.at_end(before, 3) or _VETO_CLOSE.at_end(bare)
    if grade == "sure":
        return None if vetoed else "beneficiary.counted.sure"
    end = _end(text, m.end())
    after = words(text[end : min(right, m.end() + _WINDOW)])
    near = grade == "near" and kind not in _FIRMS
    article = m["low"] == "một"  # "cho một doanh nghiệp": an article rather than a count
    cue = _CUES.at_end(before) or _CUES.at_end(bare)
    if cue and not vetoed and _is_given(cue, near and not article, not article and bool(_GIVING.inside(before)), after):
        return "beneficiary.counted.given"
    if cue == "cho" and not vetoed and not article and _FUNDED.match(text, end, right):
        return "beneficiary.counted.funded"
    if before[-1:] == ["để"] and _SPARED.match(text, end, right):
        return "beneficiary.counted.served"
    if article or _VETO_AFTER.at_start(after, 3):
        return None
    if _AFTER.at_start(after, _REACH) or (grade == "near" and _AMOUNT_AFTER.match(text, end, right)):
        return "beneficiary.counted.receives"
    if _MADE_BY.search(text, left, m.start()) and _MADE.match(text, end, right):
        return "beneficiary.counted.owner"
    if near and _TAKES_PART.match(text, m.end(), right) and _UNDERTAKINGS.inside(words(text[left:right])):
        return "beneficiary.counted.takes_part"
    if near and not vetoed and _SENTENCE.inside(words(text[left:right])):
        return "beneficiary.counted.sentence"
    return None


def _is_given(cue: str, near: bool, giving: bool, after: Sequence[str]) -> bool:
    """Whether what stands right before the count makes it receive."""
    if giving:
        return not _NEVER.at_start(after)
    if _REMAINDER.at_start(after):
        return False
    return cue not in _PLAIN or (near and cue not in _MOVED)
