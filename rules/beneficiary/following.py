"""Counted receivers that a later sentence or an odd construction shows to receive."""

import re

from rules.layout import Layout

# "83 hộ đã lợp xong mái. Mỗi hộ nhận 25 triệu đồng", "34 hộ phải dời đi. Số hộ này được bồi thường …"
_TAKEN_UP = re.compile(
    r"(?:[^.,;\n]{1,40},\s)?(?:mỗi|số|các|những)\s(?P<noun>hộ|người|em|gia đình|lao động|nhà|cơ sở)"
    r"(?:\s(?:dân|nghèo|này|ấy|đó|trên|nói trên))*\s(?:đã\s|sẽ\s|vừa\s|còn\s|cũng\s)?"
    r"(?:nhận|được\s(?:bồi thường|đền bù|hỗ trợ|cấp|nhận|vay|tặng|giúp|trao|bố trí|thưởng))(?!\w)",
    re.IGNORECASE,
)
# The sentence counts them again, so that its last count is meant: "xã có 585 hộ, trong đó 43 hộ nghèo. Mỗi hộ được …"
_COUNT = re.compile(r"\d\s(hộ|người|em|gia đình|lao động|nhà|cơ sở)(?!\w)")
_POPULATION = re.compile(
    r"(?<!\w)(?:xã|huyện|thôn|bản|ấp|tỉnh|làng|phường|vùng|buôn|khu phố)(?:\s[A-ZĐÂÊÔƯ]\w*){0,3}"
    r"\s(?:hiện\s|nay\s)?(?:chỉ\s)?có(?:\s(?:hơn|gần|khoảng|tổng số|trên|tất cả))?\s\Z",
    re.IGNORECASE,
)
# "dẫn nước tới tận bếp 52 hộ"
_SUPPLIED = re.compile(
    r"(?<!\w)(?:dẫn|đưa|kéo|đấu nối)\s(?:nước|điện)(?:\s[^\s,.;:\d]+){0,4}?\s(?:tới|đến|về|cho|vào)"
    r"(?:\s[^\s,.;:\d]+){0,3}\s\Z",
    re.IGNORECASE,
)
_HELPED = re.compile(r"(?<!\w)(?:giúp|cho|hỗ trợ)\s(?:(?:hơn|gần|khoảng|trên)\s)?\Z", re.IGNORECASE)
_BORROW = re.compile(r"\s(?:được\s)?vay(?!\w)", re.IGNORECASE)
# "do 12 hộ tham gia mô hình đóng góp": they pay their share and belong to it all the same
_TAKES_PART = re.compile(r"(?:\s[^\s,.;]+){0,2}?\stham gia\s(?:mô hình|dự án|đề án)(?!\w)", re.IGNORECASE)
# "Mô hình trồng dâu tây tại phường A do 6 hộ thực hiện": they run it, whatever the next sentence says of its money
_RUN_BY = re.compile(r"(?<!\w)(?:mô hình|đề án)(?!\w)[^.;]{0,110}\sdo\s(?:hơn\s|gần\s)?\Z", re.IGNORECASE)
_RUN = re.compile(r"(?:\s[^\s,.;]+){0,3}?\s(?:thực hiện|đảm nhận|cùng làm|triển khai)(?!\w)", re.IGNORECASE)
_PEOPLE = frozenset({"household", "person", "worker", "establishment"})


def follows(layout: Layout, start: int, end: int, kind: str) -> str | None:
    """The rule by which the count at [start, end) receives, or None; ``end`` is that of its noun."""
    text = layout.text
    sentence = layout.sentence_at(start)
    left, right = layout.sentences[sentence]
    if kind not in _PEOPLE:
        return None
    if _HELPED.search(text, left, start) and _BORROW.match(text, end, right):
        return "beneficiary.counted.borrows"
    if _TAKES_PART.match(text, end, right):
        return "beneficiary.counted.takes_part"
    if kind == "household" and _RUN_BY.search(text, left, start) and _RUN.match(text, end, right):
        return "beneficiary.counted.takes_part"
    if kind == "household" and _SUPPLIED.search(text, max(left, start - 80), start):
        return "beneficiary.counted.served"
    of = layout.sentence_paragraph
    if sentence + 1 == len(of) or of[sentence + 1] != of[sentence]:
        return None
    taken_up = _TAKEN_UP.match(text, layout.sentences[sentence + 1][0])
    if taken_up is None or (noun := taken_up["noun"].lower()) not in text[start:end].lower():
        return None
    later = _COUNT.findall(text[end:right].lower())
    if noun in later or _POPULATION.search(text, left, start):
        return None
    return "beneficiary.counted.taken_up"
