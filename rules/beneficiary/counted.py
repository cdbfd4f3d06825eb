"""Counted receivers: a number, a noun, and evidence that somebody receives."""

import re
from collections.abc import Iterator, Sequence
from heapq import merge

from rules.beneficiary.following import follows
from rules.beneficiary.mention import Beneficiary
from rules.beneficiary.phrases import Phrases, words
from rules.beneficiary.words import WORDS, lowered, nouns
from rules.language.alternation import alternation
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
_MODIFIERS = re.compile(rf"(?:,?\s(?:và\s)?(?:{alternation(WORDS['modifiers']['words'])})(?!\w)){{1,5}}", re.IGNORECASE)
_MONEY = r"(?:(?:thêm|tổng|cộng|hơn|gần|trên|khoảng)\s){0,2}\d[\d.,]*\s?(?:tỷ|tỉ|triệu|nghìn)"
_AMOUNT_AFTER = re.compile(
    rf",?\s(?:[^\s\d]+\s){{0,5}}?(?:được(?:\svay)?|nhận|vay|mỗi\s(?:nơi|hộ|cơ sở|đơn vị|người|nhà|xã))\s{_MONEY}",
    re.IGNORECASE,
)
# "chuyển đổi nghề cho 40 lao động, kinh phí hỗ trợ 400 triệu đồng"
_FUNDED = re.compile(rf",?\s[^.;\d]{{0,40}}hỗ trợ\s{_MONEY}", re.IGNORECASE)
_FUNDED_LATER = re.compile(rf"hỗ trợ\s{_MONEY}", re.IGNORECASE)
_WANTING = re.compile(r"(?<!\w)(?:chưa|thiếu|vẫn|không có|mong|chờ|khát)(?!\w)", re.IGNORECASE)
_SPARED = re.compile(
    r"[^.;]{0,60}?\s(?:khỏi phải|không phải|không còn phải|thôi phải|thôi gánh|hết phải|hết cảnh|thoát cảnh"
    r"|có nước|có điện)(?!\w)",
    re.IGNORECASE,
)
_EACH_GETS = re.compile(
    r"[^.;]{0,60}?,\smỗi\s(?:hộ|nhà|người|cơ sở|nơi|em|gia đình|đơn vị|htx)"
    r"\s(?:được|nhận|một|trung bình|bình quân|\d)",
    re.IGNORECASE,
)
_PAID = re.compile(r"[^.;]{0,60}?,\s(?:kinh phí|tiền)\s(?:bồi thường|đền bù|hỗ trợ)(?!\w)", re.IGNORECASE)
_ALONE = re.compile(
    r"(?:\s(?:ở|tại|thuộc)\s[^,;.()]{2,50})?\s?(?:[,;.)\n]|[-–]\s|\Z)"
)  # nothing but a place behind the count
_OPENED = re.compile(
    r"(?:(?:[,:;(]|\s[-–]|\n)\s?(?:(?:cho|với|gồm|có)\s)?|\d\s(?:đề án|lớp|mô hình|dự án)\s(?:với|cho|gồm|có)\s)"
    r"(?:(?:hơn|gần|khoảng|trên)\s)?\Z"
)
_SUM = re.compile(r"\d\s?(?:tỷ|tỉ|triệu|nghìn|ngàn)", re.IGNORECASE)
_OF = re.compile(
    r"(?<!\w)cho\s(?:[^\s,.;]+\s){1,6}của\s(?:(?:hơn|gần|khoảng|trên)\s)?\Z", re.IGNORECASE
)  # "tưới cho ruộng của 8.200 hộ"
_OF_MODEL = re.compile(r"(?<!\w)(?:mô hình|dự án|đề án)\s(?:[^\s,.;:]+\s){1,10}của\s\Z", re.IGNORECASE)
_BREAK = re.compile(r"[,;:\"“”()]")  # what speaks against receiving does not reach over these
_PARTS = re.compile(r"\s*trong (?:đó|số này)(?: có)?(?!\w)", re.IGNORECASE)
# "xây ký túc xá 80 tỷ đồng, đáp ứng nhu cầu chỗ ở cho hơn 700 sinh viên"
_NEEDS_MET = re.compile(
    r"(?<!\w)(?:đáp ứng|phục vụ|bảo đảm|đảm bảo|bố trí|cung cấp)\s(?:đủ\s|được\s)?"
    r"(?:nhu cầu(?!\sviệc)|chỗ ở|chỗ học|nơi ở|nơi học|nước|điện)(?:\s(?!việc\slàm)[^\s,.;:\d]+){0,6}?\s(?:cho|của)"
    r"(?:\s(?:hơn|gần|khoảng|trên))?\s\Z",
    re.IGNORECASE,
)
_BUILT = re.compile(
    r"(?<!\w)(?:dự án|công trình|nhà máy|hệ thống|trạm|hồ chứa|cầu|tuyến đường|xây dựng|trường|đề án|đầu tư)(?!\w)",
    re.IGNORECASE,
)
_MADE_BY = re.compile(r"(?<!\w)do\s(?:[^\s,.;]+\s){0,4}\Z", re.IGNORECASE)
_MADE = re.compile(r"\s(?:đảm nhận|thực hiện|tiếp nhận|cùng làm|làm)(?!\w)[^.;]{0,60}hỗ trợ", re.IGNORECASE)
_JOINED = re.compile(r"\s?(?:với|và|cùng|,|gồm|có)\s(?:hơn |gần |khoảng |trên )?\Z", re.IGNORECASE)

_EVIDENCE, _VETO = WORDS["evidence"], WORDS["veto"]
_FILLERS = Phrases(_EVIDENCE["fillers"])
_CUES, _PLAIN, _MOVED = Phrases(_EVIDENCE["before"]), frozenset(_EVIDENCE["plain"]), frozenset(_EVIDENCE["moved"])
_GIVING, _SENTENCE, _AFTER = Phrases(_EVIDENCE["giving"]), Phrases(_EVIDENCE["sentence"]), Phrases(_EVIDENCE["after"])
_VETO_BEFORE, _VETO_AFTER, _COMPOUNDS = Phrases(_VETO["before"]), Phrases(_VETO["after"]), Phrases(_VETO["compounds"])
_REMAINDER, _NEVER = Phrases(_VETO["at_once"]), Phrases(_VETO["never"])
_NEUTRAL, _PERCEIVED = frozenset(_EVIDENCE["neutral"]), frozenset(_EVIDENCE["perceived"])
_ATTENDING = Phrases(_EVIDENCE["attending"])
_AGENT_VERBS, _TAUGHT = Phrases(_EVIDENCE["agent_verbs"]), Phrases(_EVIDENCE["taught"])
_PUPILS = frozenset({"worker", "person"})
_CONCERNED = Phrases(_EVIDENCE["concerned"])
# "dự án thu hồi đất của 120 hộ": it takes, and gives nothing
_TAKEN_FROM = re.compile(
    r"(?<!\w)(?:thu hồi|lấy|giải toả|giải tỏa|trưng dụng|ảnh hưởng)(?!\w)[^.;]{0,60}\Z", re.IGNORECASE
)
# "mở 5 lớp tập huấn với 150 nông dân tham gia"
_CLASS = re.compile(
    r"(?<!\w)(?:lớp|khóa|khoá|đợt) (?:tập huấn|đào tạo|dạy nghề|truyền nghề|nghề|học nghề|bồi dưỡng)", re.IGNORECASE
)
_JOINS = re.compile(r"(?:\s[^\s,.;\d]+){0,3}?\s(?:tham gia|tham dự|theo học|dự học|được học)(?!\w)", re.IGNORECASE)
# "triển khai mô hình nuôi tôm tại 3 hộ ở xã An Minh"
_SITED = re.compile(
    r"(?<!\w)(?:mô hình|dự án|đề án)(?!\w)[^.;]{0,90}\s(?:tại|ở|trên)\s(?:(?:hơn|gần|khoảng)\s)?\Z", re.IGNORECASE
)
_TAKES_PART, _UNDERTAKINGS = (
    re.compile(r"(?:\s[^\s,.;]+){0,2}?\stham gia(?!\sđấu)", re.IGNORECASE),
    Phrases(_EVIDENCE["joined"]),
)
# "9 mô hình, thu hút 214 hộ tham gia": drawn to take part, not to invest
_DRAWN = re.compile(r"(?<!\w)thu hút\s(?:được\s)?(?:hơn\s|gần\s|khoảng\s|trên\s)?\Z", re.IGNORECASE)
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
        if told and (kind, count) in found and not _next_item(layout, kept, kind, count, m.start()):
            continue
        rule = _evidence(layout, m, kind, grade)
        if rule is None and m["low"] != "một":
            rule = follows(layout, m.start(), m.end(), kind)
        if rule is None and kept and _is_part(layout, kept[-1], m.start()):
            rule = "beneficiary.counted.part"
        if rule is None and kept and 0 <= m.start() - kept[-1].end < 16:  # "1.000 hộ dân với 5.000 nhân khẩu"
            rule = "beneficiary.counted.joined" if _JOINED.match(layout.text[kept[-1].end : m.start()]) else None
        if rule is None:
            continue
        again = (kind, count) in found
        start = _first(layout.text, layout.text[m.start() : m.end()], m.start()) if told and not again else m.start()
        end = start + len(m.group())  # "giúp 1.250 lao động vay": the verb of the next words
        end = end if rule == "beneficiary.counted.borrows" else _end(layout.text, end)
        found.add((kind, count))
        kept.append(Beneficiary(start, end, layout.text[start:end], kind, count, None, rule))
    return sorted(kept, key=lambda b: b.start)


def _next_item(layout: Layout, kept: Sequence[Beneficiary], kind: str, count: int, start: int) -> bool:
    """Whether the same count is printed again in another item of a list: "… cho 10 hộ; … cho 10 hộ"."""
    last = next((b for b in reversed(kept) if (b.kind, b.count) == (kind, count)), None)
    same = last is not None and layout.sentence_at(last.start) == layout.sentence_at(start)
    return last is not None and same and ";" in layout.text[last.end : start]


def _is_part(layout: Layout, last: Beneficiary, start: int) -> bool:
    """Whether the sentence divides the receivers of the one before: "… cấp cho 24 hộ. Trong đó có 23 cán bộ …"."""
    sentence = layout.sentence_at(start)
    first = layout.sentences[sentence][0]
    if layout.sentence_at(last.start) not in (sentence - 1, sentence) or not _PARTS.match(layout.text, first):
        return False
    return len(layout.text[first:start]) < 60


def _candidates(text: str) -> Iterator[tuple[re.Match[str], int]]:
    low = lowered(text)
    reached = 0
    for m in merge(_NUMBER.finditer(low), _SPELT.finditer(low), key=re.Match.start):
        if m.start() < reached:
            continue
        reached = m.end()
        if _GLUED.match(text, m.start() - 1, m.start()):
            continue
        count = number(m["low"], m["times"])
        if m["all"] and not m["low"][0].isdigit():  # "một trong tổng số 11 hộ"
            continue
        million = m["times"] == "triệu" and nouns()[m["noun"]][0] != "person"  # "20 triệu gia đình"
        before = text[max(0, m.start() - 14) : m.start()]
        if " " in m["low"] and before.rstrip()[-1:].isdigit():  # cells of a table, no figure in blocks
            continue
        apart = before.endswith(", ")  # "Trong năm, 120 hộ …"
        if count and not million and (apart or not _ORDINAL.at_end(words(before))):
            yield m, count


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
    if kind == "other" and before[-1:] in (["tại"], ["ở"]):  # "triển khai tại 3 xã" only says where
        return None
    if _COMPOUNDS.at_start(words(text[m.start("noun") : m.end() + 20])):
        return None
    direct = words(_BREAK.split(text[max(left, m.start() - _WINDOW) : m.start()])[-1])
    if kind in _FIRMS and "giao đất" in " ".join(before):
        return None
    if grade == "near" and _DRAWN.search(text, left, m.start()) and _TAKES_PART.match(text, m.end(), right):
        return "beneficiary.counted.takes_part" if _UNDERTAKINGS.inside(words(text[left:right])) else None
    vetoed = _VETO_BEFORE.at_end(direct, 3) or _VETO_CLOSE.at_end_over(before, _FILLERS, 2)
    if grade == "sure":
        return None if vetoed else "beneficiary.counted.sure"
    if _NEEDS_MET.search(text, left, m.start()) and _BUILT.search(text, left, m.start()):
        return "beneficiary.counted.served"
    end = _end(text, m.end())
    after = words(text[end : min(right, m.end() + _WINDOW)])
    article = m["low"] == "một"  # "cho một doanh nghiệp": an article rather than a count
    near = grade == "near" and kind not in _FIRMS
    giving = bool(_GIVING.inside(before))
    cue = _CUES.at_end_over(before, _FILLERS, 3)
    if cue and not vetoed and _is_given(cue, near and not article, giving and not article, after):
        return "beneficiary.counted.given"
    if article or vetoed:
        return None
    if cue == "cho" and _FUNDED.match(text, end, right):
        return "beneficiary.counted.funded"
    if (near or giving) and (_OF.search(text, left, m.start()) or (giving and before[-1:] == ["để"])):
        return "beneficiary.counted.served"
    if _EACH_GETS.match(text, end, right) or (near and _PAID.match(text, end, right)):
        return "beneficiary.counted.served"
    spared = _SPARED.match(text, end, right) if near or before[-1:] == ["để"] else None
    if spared and not _WANTING.search(text, end, spared.end()):
        return "beneficiary.counted.served"
    return _by_itself(layout, m, kind, end, after, grade == "near", near)


def _by_itself(
    layout: Layout, m: re.Match[str], kind: str, end: int, after: Sequence[str], known: bool, near: bool
) -> str | None:
    """The rule by which what stands behind the count, or the shape of its item, says that it receives."""
    text = layout.text
    left, right = layout.sentences[layout.sentence_at(m.start())]
    if _VETO_AFTER.at_start(after, 3):
        return None
    if _AFTER.at_start(after, _REACH) or (known and _AMOUNT_AFTER.match(text, end, right)):
        return "beneficiary.counted.receives"
    if (near or kind in _PUPILS) and _CLASS.search(text, left, m.start()) and _JOINS.match(text, m.end(), right):
        return "beneficiary.counted.takes_part"
    if near and (_benefits(after) or _ATTENDING.at_start(after, 2)):
        return "beneficiary.counted.receives"
    taken = _TAKEN_FROM.search(text, left, m.start())
    if not taken and _OF_MODEL.search(text, left, m.start()) and _SUM.search(text, left, right):
        return "beneficiary.counted.owner"
    if near and kind in ("household", "household_business") and _SITED.search(text, left, m.start()):
        return "beneficiary.counted.owner"
    if _MADE_BY.search(text, left, m.start()) and _MADE.match(text, end, right):
        return "beneficiary.counted.owner"
    by_agent = "được" in after[:5] and _AGENT_VERBS.at_start(after, 16)
    if by_agent and (near or _FUNDED_LATER.search(text, end, right)):
        return "beneficiary.counted.receives"
    whole = words(text[left:right])
    if kind in _PUPILS and _stands_alone(text, left, right, m.start(), end) and _TAUGHT.inside(whole):
        return "beneficiary.counted.item"
    if not near:
        return None
    if _TAKES_PART.match(text, m.end(), right) and _UNDERTAKINGS.inside(whole):
        return "beneficiary.counted.takes_part"
    if _stands_alone(text, left, right, m.start(), end) and _CONCERNED.inside(whole):
        return "beneficiary.counted.item"
    return "beneficiary.counted.sentence" if _SENTENCE.inside(whole) else None


def _benefits(after: Sequence[str]) -> bool:
    """Whether the words behind the count are "được …" or "nhận …" with something good to follow."""
    rest = [w for w in after[:4] if w not in ("đã", "sẽ", "vừa", "cũng", "này", "đều", "còn", "lại", "đang", "mới")]
    match rest[:2]:
        case ["được", verb]:
            return verb not in _NEUTRAL
        case ["nhận", thing]:
            return thing not in _PERCEIVED
    return False


def _stands_alone(text: str, left: int, right: int, start: int, end: int) -> bool:
    """Whether the count is an item of its own beside a sum: "mô hình nuôi cua, huyện Năm Căn, 8 hộ, 640 triệu đồng"."""
    opened = start == left or _OPENED.search(text, max(left, start - 12), start)
    return bool(opened and _ALONE.match(text, end, right) and _SUM.search(text, left, right))


def _is_given(cue: str, near: bool, giving: bool, after: Sequence[str]) -> bool:
    """Whether what stands right before the count makes it receive."""
    if giving:
        return not _NEVER.at_start(after)
    if _REMAINDER.at_start(after):
        return False
    return cue not in _PLAIN or (near and cue not in _MOVED)
