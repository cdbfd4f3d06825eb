"""Reading one sentence: marks and words between its sums that make lists, parts and phases of them."""

from rules.money.clauses import Clause
from rules.money.cues import Cue
from rules.money.idioms import UNDERTAKINGS, is_phase, names_undertaking

_OPENINGS = frozenset({"trong đó", "chi tiết", "cụ thể", "gồm có", "bao gồm"})
_TERMS = frozenset({"năm", "quý", "giai", "tháng", "đợt"})
_STAGES = frozenset({"1", "2", "3", "4", "i", "ii", "iii", "một", "hai", "ba", "đầu"})
_HAS = frozenset({"có", "cần", "với"})
_ACTS = frozenset({"cấp", "đã", "sẽ", "được", "này", "tổ", "hỗ", "triển", "thực", "có", "chi", "giúp", "xây", ","})
_SHARES = frozenset({"", "%", "nửa"})
_LONGEST_NAME = 25  # words
_SHARE_REACH = 16


def is_share(clause: Clause, first: int) -> bool:
    """Whether a share is told between the sum before and word ``first``: "hỗ trợ 70%, tương đương 2 tỷ đồng"."""
    for word in reversed(clause.words[max(0, first - _SHARE_REACH) : first]):
        if word in _SHARES:
            return word != ""
    return False


def breaks_down(clause: Clause, at: int) -> bool:
    """Whether words before the sum say that it is a part ("trong đó", "gồm")."""
    for i in range(at - 1, -1, -1):
        word = clause.words[i]
        if word == "":
            return False
        pair = (word, clause.words[i + 1])
        if pair in (("trong", "đó"), ("trong", "tổng"), ("như", "sau")) or (
            word == "gồm" and i > 0 and not _counts_works(clause, i + 1)
        ):
            return True
    return False


def _counts_works(clause: Clause, at: int) -> bool:
    """Whether a sentence without a sum so far counts undertakings at word ``at``, whose cost follows: "Kế hoạch năm
    2025 gồm 21 đề án, kinh phí 6 tỷ đồng"."""
    words = clause.words
    return words[at].isdigit() and tuple(words[at + 1 : at + 3]) in UNDERTAKINGS and "" not in words[:at]


def follows_phase(clause: Clause, at: int) -> bool:
    """Whether the sum before in the sentence is one of a phase too."""
    before = at - 1
    while before >= 0 and clause.words[before] != "":
        before -= 1
    return before >= 0 and is_phase(clause, before)


def labels_works(clause: Clause, at: int, cues: dict[int, Cue]) -> bool:
    """Whether the sum stands in a bracket right behind works: "Trường Mầm non Hữu Sản (4,2 tỷ đồng)"."""
    if clause.words[at - 1] not in ("(", "["):
        return False
    start = at - 1
    while start > 0 and clause.words[start - 1] not in ("", ";", ":", ")", "]") and at - start < _LONGEST_NAME:
        start -= 1
    opening = (cues.get(last) for last in range(start, min(start + 4, at)))
    return any(cue is not None and cue.rule.id in ("total.works", "total.named") for cue in opening)


def list_mark(clause: Clause, at: int) -> str:
    """The semicolon or colon between the sum at word ``at`` and the one before, outside of brackets."""
    for i in range(at - 1, -1, -1):
        if clause.words[i] == "" and clause.bracket[i] <= 0:
            return ""
        if clause.words[i] in (";", ":") and clause.bracket[i] <= 0:
            return clause.words[i]
    return ""


def names_own(clause: Clause, first: int) -> bool:
    """Whether an undertaking of its own is named since the last sum or semicolon before word ``first``."""
    start = first
    while start > 0 and clause.words[start - 1] not in ("", ";"):
        start -= 1
    return names_undertaking(clause, start, first)


def continues(clause: Clause) -> bool:
    """Whether the sentence opens a breakdown of what was said before ("Chi tiết như sau: …")."""
    opening = clause.words[: min(clause.sums)][:12]
    return " ".join(opening[:2]) in _OPENINGS or ("như" in opening and "sau" in opening)


def needs_yearly(clause: Clause, first: int) -> bool:
    """Whether the need at word ``first`` is that of one year: "năm 2022 dự án cần 150 tỷ đồng"."""
    return clause.words[first] == "cần" and "năm" in clause.words[max(0, first - 6) : first]


def tells_of_year(clause: Clause) -> bool:
    """Whether the sentence turns to one year or phase of what was told ("Riêng năm 2024, toàn tỉnh làm 5.436 căn với
    kinh phí …") and names no undertaking, whose cost the sum would be."""
    opening = clause.words[:4]
    if opening[:2] == ["giai", "đoạn"] and opening[2] in _STAGES and opening[3] not in _HAS:
        return True  # "Giai đoạn 2 của dự án mở ra 3 xã, kinh phí 5 tỷ đồng"
    turns = opening[:1] == ["riêng"] and not _TERMS.isdisjoint(opening[:3])
    return turns and not _tells_of_named(clause)


def _tells_of_named(clause: Clause) -> bool:
    """Whether an undertaking stands in the sentence with a count or a name, not as a bare subject ("dự án cấp …")."""
    words = clause.words
    for i in range(len(words) - 2):
        if tuple(words[i : i + 2]) in UNDERTAKINGS and (words[i + 2] not in _ACTS or (i and words[i - 1].isdigit())):
            return True
    return False


def works_before(clause: Clause, at: int, cues: dict[int, Cue]) -> Cue | None:
    """The works named since the last sum or semicolon before the sum: "cầu Nà Pục, xã Quốc Khánh, 2,4 tỷ đồng"."""
    for last in range(at - 1, max(at - _LONGEST_NAME, -1), -1):
        if clause.words[last] in ("", ";"):
            return None
        cue = cues.get(last)
        if cue is not None and cue.rule.id in ("total.works", "total.named"):
            return cue
    return None


def gives_each(clause: Clause, at: int) -> bool:
    """Whether the sum is what each receiver gets: "mỗi hộ 5 triệu đồng"."""
    return "mỗi" in clause.words[max(0, at - 4) : at]
