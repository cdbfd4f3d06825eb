"""Programme and year of an undertaking: from its own words, its sentence, the paragraph, then the document."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from rules.layout import Layout, Span
from rules.project.lexicon import alternatives, table
from rules.project.mention import Candidate

_Y = r"((?:19|20)\d\d)"
_YEAR = re.compile(
    rf"(?<!\w)(?:năm\s+|tháng\s+\d{{1,2}}\s*[-/.]\s*|ngày\s+\d{{1,2}}[-/.]\d{{1,2}}[-/.]){_Y}(?!\d)", re.I
)
_PERIOD = re.compile(rf"{_Y}\s*(?:[-–]|(?:đến|tới)(?:\s+(?:hết|cuối))?(?:\s+năm)?)\s*(?:{_Y}|nay)")
_UNTIL = re.compile(
    r"(?:đến|tới|hết|trước|sau|dự kiến|hoàn thành|tầm nhìn|nay|kể từ|suốt|hoàn tất|sử dụng)"
    r"(?:\s+(?:hết|cuối|đầu|vào|trong|giữa))?\s*$",
    re.I,
)
_START = re.compile(
    r"(?:phê duyệt|duyệt|khởi công|triển khai|thực hiện|bắt đầu|ban hành|khánh thành|động thổ|quyết định)\D{0,30}$",
    re.I,
)
_THIS_YEAR = re.compile(r"(?<!\w)(?:trong năm|năm nay|cả năm|trong kỳ|năm qua)(?!\s+(?:\d|ngoái|trước|tới|sau))", re.I)
_BULLET = re.compile(r"[-+*•–]|\(?[0-9a-zđ]{1,2}[).]\s", re.I)


@cache
def _programme() -> tuple[re.Pattern[str], dict[str, str]]:
    slug_of = {phrase: slug for slug, phrases in table("programmes.toml").items() for phrase in phrases}
    return re.compile(rf"(?<!\w)(?:{alternatives(slug_of)})(?!\w)", re.I), slug_of


def programmes_in(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """(offset, slug) of each programme phrase in ``text[start:end]``."""
    pattern, slug_of = _programme()
    for m in pattern.finditer(text, start, end):
        yield m.start(), slug_of[" ".join(m.group().lower().split())]


def programme_of(layout: Layout, c: Candidate) -> str | None:
    """The programme that pays for the undertaking ``c``: named in it, else the nearest before it in the sentence,
    behind it, or before the sentence in the paragraph. None where the text names none."""
    text = layout.text
    own = {slug for _, slug in programmes_in(text, c.start, c.end)}
    if own or c.kind == "chuong_trinh":
        return own.pop() if len(own) == 1 else None
    sentence = layout.sentence_at(c.start)
    first, last = layout.sentences[sentence]
    for begin, finish in ((first, c.start), (c.end, last), (_paragraph(layout, c.start)[0], first)):
        near = list(programmes_in(text, begin, finish))
        if near:
            return near[-1][1] if finish <= c.start else near[0][1]
    return _list_programme(layout, c.start)


def year_of(layout: Layout, members: Sequence[Candidate]) -> int | None:
    """The one year printed with an undertaking: in its name, else in the sentence of a mention; a period gives None."""
    text = layout.text
    for m in members:
        if _PERIOD.search(text, m.start, m.end):
            return None
        if own := _YEAR.search(text, m.start, m.end):
            return int(own[1])
    for m in members:
        if year := _year_behind(layout, m) or (_year_before(layout, m)):
            return year
    return None


def _years(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """(offset, year) of single years in ``text[start:end]``; those of periods and terms are left out."""
    periods = [p.span() for p in _PERIOD.finditer(text, start, end)]
    return [
        (m.start(), int(m[1]))
        for m in _YEAR.finditer(text, start, end)
        if not any(a <= m.start(1) < b for a, b in periods)
        and not _UNTIL.search(text, max(start, m.start() - 16), m.start())
    ]


def _year_behind(layout: Layout, c: Candidate) -> int | None:
    text, last = layout.text, layout.sentences[layout.sentence_at(c.start)][1]
    for at, year in _years(text, c.end, last):
        if _START.search(text[c.end : at]):
            return year
    return None


def _year_before(layout: Layout, c: Candidate) -> int | None:
    text = layout.text
    first = layout.sentences[layout.sentence_at(c.start)][0]
    if c.form == "back":  # "tháng 10-2012, tỉnh phê duyệt dự án này"
        near = [(at, year) for at, year in _years(text, first, c.start) if _START.search(text, at, c.start)]
        return near[-1][1] if near else None
    if years := _years(text, first, c.start):
        return years[-1][1]
    if _THIS_YEAR.search(text, first, c.start):
        years = _years(text, 0, first)
        return years[-1][1] if years else None
    if intro := _list_intro(layout, c.start):
        years = _years(text, *intro)
        return years[-1][1] if years else None
    return None


def _paragraph(layout: Layout, at: int) -> Span:
    return layout.paragraphs[layout.paragraph_at(at)]


def _list_intro(layout: Layout, at: int) -> Span | None:
    """The paragraph that introduces the list of lines in which ``at`` lies, where it ends in a colon."""
    text, i = layout.text, layout.paragraph_at(at)
    if not _BULLET.match(text, layout.paragraphs[i][0]):
        return None
    while i and _BULLET.match(text, layout.paragraphs[i][0]):
        i -= 1
    span = layout.paragraphs[i]
    return span if text[slice(*span)].rstrip().endswith(":") else None


def _list_programme(layout: Layout, at: int) -> str | None:
    """The programme that the line after a list names as the source of its money ("Vốn lấy từ nguồn …")."""
    if _list_intro(layout, at) is None:
        return None
    text, i = layout.text, layout.paragraph_at(at)
    while i + 1 < len(layout.paragraphs) and _BULLET.match(text, layout.paragraphs[i][0]):
        i += 1
    if re.match(r"(?:Nguồn |Kinh phí|Vốn|Tất cả|Toàn bộ)", text[layout.paragraphs[i][0] :][:12]):
        near = list(programmes_in(text, *layout.paragraphs[i]))
        return near[0][1] if near else None
    return None
