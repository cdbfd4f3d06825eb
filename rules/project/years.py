"""The year of an undertaking: in its own words, else with its approval or start, else before it in the sentence."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from rules.layout import Layout, Span
from rules.project.attributes import funding_below
from rules.project.lexicon import alternatives, pattern, words
from rules.project.lists import list_intro
from rules.project.mention import Candidate, sentence_around

_TOLD, _TOLD_BACK = 110, 44  # code points behind a mention in which its opening is told
_SHORT_NAME = 2  # spaces; a shorter name may be that of a place
_Y = r"((?:19|20)\d\d)"
_DATE = pattern.source(
    r"(?:{year_heads}\s+|{month}\s+\d{1,2}\s*[-/.]\s*|{quarter}\s+(?:[IV]+|\d)\s*[-/]\s*"
    r"|{day_heads}\s+\d{1,2}[-/.]\d{1,2}[-/.]){Y}",
    Y=_Y,
)
_YEAR = re.compile(rf"(?<!\w){_DATE}(?!\d)", re.I)
_PERIOD = pattern(r"{Y}\s*(?:[-–]|{up_to}(?:\s+{end_of})?(?:\s+{year})?)\s*(?:{Y}|{now})", Y=_Y)
_WORK_PERIOD = pattern(r"{work_times}[^,;.\d]{0,24}{PERIOD}", PERIOD=_PERIOD.pattern)
_UNTIL = pattern(r"{terms}(?:\s+{term_links})?\s*\Z")
_BY = pattern(r"{By}(?:\s+{by_parts})?\s*\Z")
_COMPARED = pattern(
    r"(?<!\w){compared_with}(?:\s+(?:{compared_times}|\d{1,2}\s+{month})){0,4}"
    r"(?:\s+(?:{year_heads}|{month}\s+\d{1,2}\s*[-/.]|{quarter}\s+(?:[IV]+|\d)\s*[-/]))?\s*\Z",
    re.I,
)
_BEGUN = pattern(r"(?<!\w)(?:{starts}|{begun})(?!\w)", re.I)
_START_BEFORE = pattern(r"{starts}\D{0,30}\Z", re.I)
_START_AFTER = pattern(r"\s*,?\s*(?:{passive}|{starts})", re.I)
_REPAIRS = pattern(r"(?<!\w){repairs}(?!\w)", re.I)
_MADE = pattern(r"(?<!\w){made}(?!\w)", re.I)
_BUDGET_YEAR = pattern(r"\s+(?:{year}\s+)?{Y}(?!\d)", Y=_Y)
_OF_YEAR = pattern(r"\s*(?:{of_year}|[(,])?\s*\Z")
_OTHER = pattern(r"(?<!\w){six_kinds}(?!\w)", re.I)
_PART_OF = pattern(r"{Part_of}(?!\w)")
_DONE = pattern(r"{finished}\s+(?:{done_at}\s+)?{DATE}", re.I, DATE=_DATE)
_TIED = pattern(r"(?:{starts}|{finished})\D{0,20}\Z", re.I)
_EXPECTED = pattern(r"(?<!\w){expected}(?!\w)[^,;.]{0,40}\Z", re.I)
# "bố trí 7,5 tỷ đồng vốn đầu tư công năm 2019": the budget that pays has a year
_BUDGETED = pattern(r"{budgets}\s[^;.]{0,40}\s{funds}(?:\s[^\s,;.\d]+){0,4}\s*\Z", re.I)
_ACTS_NEXT = pattern(r"(?:\s+{this})?\s+(?:{just}\s+)?{passive}\s+{acts_next}(?!\w)")
# "22 dự án được đề xuất từ cuối năm 2017": no approval yet
_LATER_LIFE = pattern(r"(?<!\w){asked}(?!\w)[^,;.]{0,24}\Z", re.I)
_FRAMED = pattern(r"\s*,\s+(?:{classifiers} )?")
# A date that heads its clause, so that it holds for all of it; "những vạt mận trồng năm 1993" dates the trees only.
_FREE = pattern(
    r"(?:[,(:\-–]|(?<!\w){before_free_date})\s*\Z|{listing}\s[^,.;]{0,40}\Z",
    re.I,
)
_SAID = pattern(r"(?<!\w){said}(?!\w)")
_NEXT_TO = re.compile(r"[^,;:]{0,20}")
_SETS_FRAME = pattern(r"\s*[,:(]|\s+{behind_frame}\s")
_NAMED_YEAR = pattern(r"(?:\A|\n|[.!?:;]\s+)(?:{In}\s+)?(?:{year}|{Year})\s+{Y}(?!\s*[-–]\s*\d)", Y=_Y)
_PARAGRAPH_YEAR = pattern(r"[^.,;:\n]{0,8}(?:{year}|{Year}) {Y}(?=,)", Y=_Y)
_THIS_YEAR = pattern(r"(?<!\w){this_year}(?!\s+(?:\d|{other_year}))", re.I)


@cache
def _other_event() -> re.Pattern[str]:
    """What dates something else that was done to the undertaking, or that was not done at all."""
    return re.compile(rf"(?<!\w)(?:{alternatives(words('years', 'other_events'))})(?!\w)", re.I)


@cache
def _denied() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{alternatives(words('years', 'denied'))})(?!\w)", re.I)


def _dates_other(text: str, start: int, end: int) -> bool:
    """Whether the words between a year and the undertaking tell of an event of its later life ("năm 2016, công ty
    chuyển nhượng dự án …"), and not of its approval or start behind that, or say that it was not done."""
    if _denied().search(text, start, end):
        return True
    event = _other_event().search(text, start, end)
    return event is not None and not _BEGUN.search(text, event.end(), end)


def is_compared(text: str, at: int) -> bool:
    """Whether what is printed at ``at`` is a time to compare with.

    >>> is_compared("tăng 3 mô hình so với cùng kỳ năm 2022", 30)
    True
    """
    return _COMPARED.search(text, max(0, at - 40), at) is not None


def year_of(layout: Layout, members: Sequence[Candidate]) -> int | None:
    """The one year printed with the undertaking that ``members`` name; None without one, and for a period."""
    text = layout.text
    for m in members:
        if _PERIOD.search(text, m.start, m.end):
            return None
        if own := _YEAR.search(text, m.start, m.end):
            return None if _term(text, m.start, own) else int(own[1])
    first = members[0]
    for rule in (_behind, _before, _subject, _opened):
        if year := next((year for m in members if (year := rule(layout, m))), None):
            return None if rule is _before and _own_period(layout, first) else year
    return _paid(layout, first) if first.count is None else None


def _subject(layout: Layout, c: Candidate) -> int | None:
    """A year behind the bare name where that heads a sentence: "Thủy điện Nậm Xe … được khởi công tháng 1-2011"."""
    if c.name is None or c.form not in ("plain", "official"):
        return None
    name = layout.text[slice(*c.name)]
    if name.count(" ") < _SHORT_NAME or name.islower():
        return None
    at = layout.text.find(name[0].upper() + name[1:])
    if at < 0 or layout.sentences[layout.sentence_at(at)][0] != at:
        return None
    return _behind(layout, replace(c, start=at, end=at + len(name)))


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
    """(start, end, year) of single years in ``text[start:end]``, without those of periods, terms and comparisons."""
    periods = [p.span() for p in _PERIOD.finditer(text, start, end)]
    return [
        (m.start(), m.end(), int(m[1]))
        for m in _YEAR.finditer(text, start, end)
        if not any(a <= m.start(1) < b for a, b in periods) and not _term(text, start, m)
    ]


def _term(text: str, start: int, m: re.Match[str]) -> bool:
    """Whether the date ``m`` is the end of a term ("đến năm 2025") or what is compared with ("so với năm 2022"); "Đến
    quý II/2021, …" only dates the report."""
    if is_compared(text, m.start()):
        return True
    left = max(start, m.start() - 24)
    until = _UNTIL.search(text, left, m.start())
    return bool(until or (m.group()[0] in "nN" and _BY.search(text, left, m.start())))


def _behind(layout: Layout, c: Candidate) -> int | None:
    """A year after ``c``: directly ("3 đề án của năm 2022"), or with its approval or start in the sentence or in the
    next one, where that goes on about it ("Cây cầu khởi công năm 2018")."""
    text, i = layout.text, layout.sentence_at(c.start)
    last = sentence_around(layout, c.start)[1]
    stop = text.find(";", c.end, last)  # the next item has a year of its own
    last = stop if stop > 0 else last
    for at, end, year in _years(text, c.end, last):
        if _OTHER.search(text, c.end, at):
            return None
        if c.form != "back" and _OF_YEAR.match(text[c.end : at]):
            return year
        if _START_BEFORE.search(text, c.end, at) or _START_AFTER.match(text, end, last):
            return year
        if _BUDGETED.search(text, c.end, at):
            return year
    if c.form != "work" or i + 1 == len(layout.sentences):
        return None
    return _started_next(text, *layout.sentences[i + 1], c)


def _started_next(text: str, first: int, last: int, c: Candidate) -> int | None:
    """The year in which the next sentence says that the work was begun; of a repair, not that of the thing itself."""
    repair = _REPAIRS.search(text, max(0, c.start - 24), c.start + 10) is not None
    for at, _, year in _years(text, first, last):
        if _START_BEFORE.search(text, first, at) and not (repair and _MADE.search(text, max(first, at - 24), at)):
            return year
    return None


def _sentence_before(layout: Layout, c: Candidate) -> list[tuple[int, int, int]]:
    """The years that date a clause of the sentence before, in the paragraph ("… năm 2022 … . Tỉnh chọn 6 đề án")."""
    i, of, text = layout.sentence_at(c.start), layout.sentence_paragraph, layout.text
    if i == 0:
        return []
    if of[i - 1] != of[i]:  # "Riêng dự án A …" takes up the paragraph before, which its first words date
        above = layout.paragraphs[of[i] - 1][0]
        frame = _PARAGRAPH_YEAR.match(text, above) if text.startswith("Riêng", layout.sentences[i][0]) else None
        return [(above, frame.end(), int(frame[1]))] if frame else []
    first, last = sentence_around(layout, layout.sentences[i - 1][1] - 1)
    dated = _years(text, first, last)
    dated = [y for y in dated if _heads_clause(text, first, y) or _BUDGETED.search(text, first, y[0])]
    return [y for y in dated if not _dates_other(text, y[1], last) and not _LATER_LIFE.search(text, first, y[0])]


def _runs_since(text: str, first: int, date: tuple[int, int, int], start: int) -> bool:
    """Whether a date only opens a time that goes on ("Từ năm 2020, huyện có 260 hộ được vay theo dự án …")."""
    since = text[max(first, date[0] - 4) : date[0]].strip().lower() == "từ"
    return since and not _BEGUN.search(text, date[1], start)


def _of_item_before(text: str, first: int, at: int) -> bool:
    """Whether the year at ``at`` belongs to an item of the list that begins at ``first`` ("cầu A khánh thành năm 2014;
    …"), not to its head ("Năm 2014, tỉnh phê duyệt: …")."""
    if _OTHER.search(text, first, at):
        return True
    return text.find(":", at) < 0 and _TIED.search(text, max(first, at - 40), at) is not None


def _heads_clause(text: str, first: int, date: tuple[int, int, int]) -> bool:
    """Whether a date dates the whole clause: at its head, or before a comma or "với"."""
    at, end, _ = date
    return not text[first:at].strip() or bool(_FREE.search(text, first, at) or _SETS_FRAME.match(text, end))


def _before(layout: Layout, c: Candidate) -> int | None:
    """The nearest year before ``c`` in its sentence, in the head of its list, or meant by "trong năm"."""
    text = layout.text
    first = sentence_around(layout, c.start)[0]
    years = _years(text, first, c.start)
    if c.form == "back":
        near = [year for at, end, year in years if _dates_back(text, first, at, end, c)]
        return near[-1] if near else None
    cut = text.rfind(";", first, c.start)  # "công trình A khởi công năm 2023; công trình B …": the year is A's own
    dates = [y for y in years if (y[0] > cut or not _of_item_before(text, first, y[0])) and _dates(text, first, y, c)]
    if dates:
        return dates[-1][2]
    part = _PART_OF.match(text, first) is not None
    if (c.form == "counted" or part) and (years := _sentence_before(layout, c)):
        return years[-1][2]
    return _from_above(layout, c, first)


def _dates_back(text: str, first: int, at: int, end: int, c: Candidate) -> bool:
    """Whether the year at [at, end) dates a mention that points back: "tháng 10-2012, tỉnh phê duyệt dự án này", "phê
    duyệt năm 2012, đề tài có …"."""
    if _START_BEFORE.search(text, end, c.start) or _START_BEFORE.search(text, max(first, at - 40), at):
        return True
    return bool(_FRAMED.fullmatch(text, end, c.start) and _ACTS_NEXT.match(text, c.end))


def _dates(text: str, first: int, date: tuple[int, int, int], c: Candidate) -> bool:
    """Whether a date of the sentence from ``first`` on holds for ``c``: nothing between the two is dated by it."""
    end = date[1]
    if _SAID.search(text, end, c.start) or _dates_other(text, end, c.start) or _runs_since(text, first, date, c.start):
        return False
    return _NEXT_TO.fullmatch(text, end, c.start) is not None or _heads_clause(text, first, date)


def _from_above(layout: Layout, c: Candidate, first: int) -> int | None:
    """The year of the head of the list, or the one that "trong năm" means."""
    text = layout.text
    context: Span | None = list_intro(layout, c.start)
    if context is None and _THIS_YEAR.search(text, first, c.start):
        told = _NAMED_YEAR.findall(text, 0, first)
        return int(told[-1]) if told else None
    years = _years(text, *context) if context else []
    return years[-1][2] if years else None


def _opened(layout: Layout, c: Candidate) -> int | None:
    """The year in which the undertaking was finished, where it is past and stands close behind its name."""
    text, last = layout.text, sentence_around(layout, c.start)[1]
    start = c.end
    if c.form == "back" and c.start != layout.sentences[layout.sentence_at(c.start)][0]:
        return None
    near = _TOLD_BACK if c.form == "back" else _TOLD  # "Công trình hoàn thành tháng 9/2021, cấp nước cho …"
    m = _DONE.search(text, start, min(last, c.end + near))
    if m is None and c.form == "work" and layout.sentence_at(c.start) + 1 < len(layout.sentences):
        start = layout.sentences[layout.sentence_at(c.start) + 1][0]
        m = _DONE.search(text, *layout.sentences[layout.sentence_at(c.start) + 1])
    return int(m[1]) if m and not _EXPECTED.search(text, start, m.start()) else None
