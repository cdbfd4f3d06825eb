"""Counted receivers: a number, a noun, and evidence that somebody receives."""

import re
from collections.abc import Iterator

from rules.beneficiary.mention import Beneficiary
from rules.beneficiary.words import WORDS, alternatives, ends_with, nouns, within
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

# "năm 2019 hộ nghèo …", "thôn 9 xã …", "1 trong 7 xã": the number counts no receivers
_ORDINAL = re.compile(
    r"(?<!\w)(?:năm|tháng|ngày|quý|số|thứ|khoản|điều|lần|thôn|quận|phường|khu|tổ|ấp|lớp|cấp|đợt|bản|nhóm|mỗi|hàng|hằng|trong số|một trong|trong|nhiệm vụ|loại|thế kỷ)\s\Z",
    re.IGNORECASE,
)
_EVIDENCE, _VETO = WORDS["evidence"], WORDS["veto"]
_BEFORE = ends_with(_EVIDENCE["before"], _EVIDENCE["fillers"])
_VETO_BEFORE = re.compile(
    rf"(?<!\w)(?:{alternatives(_VETO['before'])})(?:\s[^\W\d]+){{0,3}}(?:\s+(?:{alternatives(_EVIDENCE['fillers'])})){{0,3}}\s*\Z",
    re.IGNORECASE,
)
_AFTER = re.compile(rf"(?:\W*[^\W\d]+){{0,6}}?\W+(?:{alternatives(_EVIDENCE['after'])})(?!\w)", re.IGNORECASE)
_AMOUNT_AFTER = re.compile(
    r"\s(?:[^\W\d]+\s){0,5}?(?:được|nhận)\s(?:thêm\s|tổng\s)?\d[\d.,]*\s?(?:tỷ|tỉ|triệu|nghìn)", re.IGNORECASE
)
_VETO_AFTER = re.compile(rf"(?:\s[^\W\d]+){{0,3}}?\s+(?:{alternatives(_VETO['after'])})(?!\w)", re.IGNORECASE)
_GIVING = within(_EVIDENCE["giving"])
_SENTENCE = within(_EVIDENCE["sentence"])

_WINDOW = 110  # code points left and right in which evidence is looked for
_SAME_COUNT = 20  # the same number of the same noun from here on is the same group told twice


def find(layout: Layout) -> list[Beneficiary]:
    """Counted receivers of ``layout``, in text order, each group once, at its first mention."""
    found: dict[tuple[str, int], Beneficiary] = {}
    kept: list[Beneficiary] = []
    for m, count in _candidates(layout.text):
        kind, grade = nouns()[m["noun"].lower()]
        key = (kind, count)
        if count >= _SAME_COUNT and key in found:
            continue
        if (rule := _evidence(layout, m, grade)) is None:
            continue
        start, end = m.start(), _end(layout.text, m.end())
        if count >= _SAME_COUNT:  # told again with its evidence: the row stands at the first mention
            first = layout.text.find(m.group(), 0, start)
            if first >= 0 and not layout.text[first - 1 : first].isalnum():
                start, end = first, _end(layout.text, first + len(m.group()))
        item = Beneficiary(start, end, layout.text[start:end], kind, count, None, rule)
        found[key] = item
        kept.append(item)
    return sorted(kept, key=lambda b: b.start)


def _candidates(text: str) -> Iterator[tuple[re.Match[str], int]]:
    for m in _NUMBER.finditer(text):
        count = number(m["low"], m["times"])
        if count and not _ORDINAL.search(text, max(0, m.start() - 14), m.start()):
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
    words = low.lower().split()
    value = _UNITS[words[0]]
    if len(words) == 2:
        value = value * 10 if words[1] == "mươi" else value + _UNITS.get(words[1], 0) if value == 10 else 0
    return value * factor


def _end(text: str, end: int) -> int:
    m = _MODIFIERS.match(text, end)
    return m.end() if m else end


def _evidence(layout: Layout, m: re.Match[str], grade: str) -> str | None:
    """The rule by which the counted noun receives, or None."""
    text = layout.text
    left, right = layout.sentences[layout.sentence_at(m.start())]
    before = text[max(left, m.start() - _WINDOW) : m.start()]
    after = text[_end(text, m.end()) : min(right, m.end() + _WINDOW)]
    if grade == "sure":
        return None if _VETO_BEFORE.search(before) else "beneficiary.counted.sure"
    cue = _BEFORE.search(before)
    if cue and not _VETO_BEFORE.search(before) and (grade == "near" or _GIVING.search(before)):
        return "beneficiary.counted.given"
    if _AFTER.match(after) or _AMOUNT_AFTER.match(after):
        return "beneficiary.counted.receives"
    if grade == "near" and not _VETO_BEFORE.search(before) and not _VETO_AFTER.match(after):
        written = m["low"][0].isdigit()
        if written and _SENTENCE.search(text, left, right):
            return "beneficiary.counted.sentence"
    return None
