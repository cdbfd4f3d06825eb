"""The year of an undertaking: in its own words, else with its approval or start, else before it in the sentence."""

import re
from collections.abc import Sequence

from rules.layout import Layout, Span
from rules.project.attributes import funding_below
from rules.project.lists import list_intro
from rules.project.mention import Candidate, sentence_around

_Y = r"((?:19|20)\d\d)"
_DATE = (
    rf"(?:(?:năm|cuối|đầu|giữa)\s+|tháng\s+\d{{1,2}}\s*[-/.]\s*|quý\s+(?:[IV]+|\d)\s*[-/]\s*"
    rf"|(?:ngày|sáng|chiều|hôm)\s+\d{{1,2}}[-/.]\d{{1,2}}[-/.]){_Y}"
)
_YEAR = re.compile(rf"(?<!\w){_DATE}(?!\d)", re.I)
_PERIOD = re.compile(rf"{_Y}\s*(?:[-–]|(?:đến|tới)(?:\s+(?:hết|cuối))?(?:\s+năm)?)\s*(?:{_Y}|nay)")
_WORK_PERIOD = re.compile(rf"(?:thực hiện|thời gian|triển khai|thi công)[^,;.\d]{{0,24}}{_PERIOD.pattern}")
_UNTIL = re.compile(
    r"(?:đến|tới|hết|trước|sau|dự kiến|hoàn thành|tầm nhìn|nay|kể từ|suốt|hoàn tất|sử dụng)"
    r"(?:\s+(?:hết|cuối|đầu|vào|trong|giữa))?\s*\Z"
)
_BY = re.compile(r"Đến(?:\s+(?:hết|cuối|đầu))?\s*\Z")
_START = (
    r"(?:phê duyệt|duyệt|khởi công|triển khai|thực hiện|bắt đầu|ban hành|khánh thành|động thổ|quyết định"
    r"|cấp phép|được đầu tư|chấp thuận|chủ trương đầu tư|cấp giấy phép|xây dựng|được xây|xây mới|nâng cấp|cải tạo"
    r"|cấp giấy chứng nhận|giấy chứng nhận đầu tư|tổ chức|phát động"
    r"|dành cho|bố trí cho|cấp cho|giao cho|làm từ|khởi động|thông qua|kế hoạch|kế hoạch vốn)"
)
_START_BEFORE = re.compile(rf"{_START}\D{{0,30}}\Z", re.I)
_START_AFTER = re.compile(rf"\s*,?\s*(?:được|{_START})", re.I)
_BUDGET_YEAR = re.compile(rf"\s+(?:năm\s+)?{_Y}(?!\d)")
_OF_YEAR = re.compile(r"\s*(?:của|cho|trong|[(,])?\s*\Z")
_OTHER = re.compile(r"(?<!\w)(?:đề án|dự án|mô hình|công trình|đề tài|gói thầu)(?!\w)", re.I)
_PART_OF = re.compile(r"(?:Trong (?:đó|số (?:đó|này))|Cụ thể|Theo đó|Gồm)(?!\w)")
_DONE = re.compile(
    rf"(?<!kiến )(?<!sẽ )(?:hoàn thành|khánh thành|thông xe|xong)\s+(?:vào\s+|trong\s+|từ\s+|hồi\s+)?{_DATE}", re.I
)
# A date that heads its clause, so that it holds for all of it; "những vạt mận trồng năm 1993" dates the trees only.
_FREE = re.compile(
    r"(?:[,(:\-–]|(?<!\w)(?:vào|trong|cuối|đầu|giữa|riêng|của|từ|sang|hồi|ngay|và|cả|vốn|kinh phí|nhưng|mà|thì|còn"
    r"|đến|tới))\s*\Z"
    r"|(?:kế hoạch|danh mục|khuyến công)\s[^,.;]{0,40}\Z",
    re.I,
)
_SAID = re.compile(r"(?<!\w)(?:cho biết|cho hay|nói|khẳng định|phát biểu|chia sẻ|trả lời)(?!\w)")
_NEXT_TO = re.compile(r"[^,;:]{0,20}")
_SETS_FRAME = re.compile(r"\s*[,:(]|\s+(?:với|có|tỉnh|huyện|xã|thành phố|Trung tâm|UBND)\s")
_NAMED_YEAR = re.compile(rf"(?:\A|\n|[.!?:;]\s+)(?:Trong\s+)?[Nn]ăm\s+{_Y}(?!\s*[-–]\s*\d)")
_THIS_YEAR = re.compile(r"(?<!\w)(?:trong năm|cả năm)(?!\s+(?:\d|nay|qua|ngoái|trước|tới|sau))", re.I)


def year_of(layout: Layout, members: Sequence[Candidate]) -> int | None:
    """The one year printed with the undertaking that ``members`` name; None without one, and for a period."""
    text = layout.text
    for m in members:
        if _PERIOD.search(text, m.start, m.end):
            return None
        if own := _YEAR.search(text, m.start, m.end):
            return None if _term(text, m.start, own) else int(own[1])
    first = members[0]
    for rule in (_behind, _before, _opened):
        if year := next((year for m in members if (year := rule(layout, m))), None):
            return None if rule is _before and _own_period(layout, first) else year
    return _paid(layout, first) if first.count is None else None


def _own_period(layout: Layout, c: Candidate) -> bool:
    """Whether the item of ``c`` goes on with the years of its work ("…, thực hiện từ năm 2022 đến 2024"), so that no
    year told before holds."""
    last = sentence_around(layout, c.start)[1]
    stop = layout.text.find(";", c.end, last)
    return _WORK_PERIOD.search(layout.text, c.end, stop if stop > 0 else last) is not None


def _paid(layout: Layout, c: Candidate) -> int | None:
    """The year of the programme that is said below to have paid ("khuyến công quốc gia năm 2023 hỗ trợ 480 triệu")."""
    years = {m[1] for _, end, _ in funding_below(layout, c) if (m := _BUDGET_YEAR.match(layout.text, end))}
    return int(years.pop()) if len(years) == 1 else None


def _years(text: str, start: int, end: int) -> list[tuple[int, int, int]]:
    """(start, end, year) of single years in ``text[start:end]``; those of periods and terms are left out."""
    periods = [p.span() for p in _PERIOD.finditer(text, start, end)]
    return [
        (m.start(), m.end(), int(m[1]))
        for m in _YEAR.finditer(text, start, end)
        if not any(a <= m.start(1) < b for a, b in periods) and not _term(text, start, m)
    ]


def _term(text: str, start: int, m: re.Match[str]) -> bool:
    """Whether the date ``m`` is the end of a term ("đến năm 2025"); "Đến quý II/2021, …" only dates the report."""
    left = max(start, m.start() - 24)
    until = _UNTIL.search(text, left, m.start())
    return bool(until or (m.group()[0] in "nN" and _BY.search(text, left, m.start())))


def _behind(layout: Layout, c: Candidate) -> int | None:
    """A year after ``c``: directly ("3 đề án của năm 2022"), or with its approval or start in the sentence or in the
    next one, where that goes on about it ("Cây cầu khởi công năm 2018")."""
    text, i = layout.text, layout.sentence_at(c.start)
    last = sentence_around(layout, c.start)[1]
    for at, end, year in _years(text, c.end, last):
        if _OTHER.search(text, c.end, at):
            return None
        if c.form != "back" and _OF_YEAR.match(text[c.end : at]):
            return year
        if _START_BEFORE.search(text, c.end, at) or _START_AFTER.match(text, end, last):
            return year
    if c.form != "work" or i + 1 == len(layout.sentences):
        return None
    first, last = layout.sentences[i + 1]
    return next((y for at, _, y in _years(text, first, last) if _START_BEFORE.search(text, first, at)), None)


def _sentence_before(layout: Layout, c: Candidate) -> list[tuple[int, int, int]]:
    """The years that date a clause of the sentence before, in the paragraph ("… năm 2022 … . Tỉnh chọn 6 đề án")."""
    i, of = layout.sentence_at(c.start), layout.sentence_paragraph
    if i == 0 or of[i - 1] != of[i]:
        return []
    first, last = sentence_around(layout, layout.sentences[i - 1][1] - 1)
    return [y for y in _years(layout.text, first, last) if _heads_clause(layout.text, first, y)]


def _heads_clause(text: str, first: int, date: tuple[int, int, int]) -> bool:
    """Whether a date dates the whole clause: at its head, or before a comma or "với"."""
    at, end, _ = date
    return not text[first:at].strip() or bool(_FREE.search(text, first, at) or _SETS_FRAME.match(text, end))


def _before(layout: Layout, c: Candidate) -> int | None:
    """The nearest year before ``c`` in its sentence, in the head of its list, or meant by "trong năm"."""
    text = layout.text
    first = sentence_around(layout, c.start)[0]
    years = _years(text, first, c.start)
    if c.form == "back":  # "tháng 10-2012, tỉnh phê duyệt dự án này", "phê duyệt năm 2012, đề tài có …"
        near = [
            year
            for at, end, year in years
            if _START_BEFORE.search(text, end, c.start) or _START_BEFORE.search(text, max(first, at - 40), at)
        ]
        return near[-1] if near else None
    cut = text.rfind(";", first, c.start)  # "công trình A khởi công năm 2023; công trình B …": the year is A's own
    years = [y for y in years if y[0] > cut or not _OTHER.search(text, first, y[0])]
    years = [y for y in years if not _SAID.search(text, y[1], c.start)]
    years = [y for y in years if _NEXT_TO.fullmatch(text, y[1], c.start) or _heads_clause(text, first, y)]
    if years:
        return years[-1][2]
    part = _PART_OF.match(text, first) is not None
    if (c.form == "counted" or part) and (years := _sentence_before(layout, c)):
        return years[-1][2]
    context: Span | None = list_intro(layout, c.start)
    if context is None and _THIS_YEAR.search(text, first, c.start):
        told = _NAMED_YEAR.findall(text, 0, first)
        return int(told[-1]) if told else None
    years = _years(text, *context) if context else []
    return years[-1][2] if years else None


def _opened(layout: Layout, c: Candidate) -> int | None:
    """The year in which the undertaking was finished, where it is past and stands close behind its name."""
    text, last = layout.text, sentence_around(layout, c.start)[1]
    if c.form == "back":
        return None
    m = _DONE.search(text, c.end, min(last, c.end + 90))
    if m is None and c.form == "work" and layout.sentence_at(c.start) + 1 < len(layout.sentences):
        m = _DONE.search(text, *layout.sentences[layout.sentence_at(c.start) + 1])
    return int(m[1]) if m else None
