"""Items of lists that have a sum of their own, in a sentence ("…; Trường A 1,5 tỷ đồng; …") and in lines."""

import re
from functools import cache

from rules.layout import Layout
from rules.project.building import has_proper_name, make_work, noun, work_start
from rules.project.lexicon import kinds, pattern, words
from rules.project.lists import BULLET, list_intro
from rules.project.mention import Candidate
from rules.project.names import begins_clause, name_end, starts_with_work_verb, trim
from rules.project.work_counts import counted_line

_BULLET = re.compile(r"\s*(?:[-+*•–]|\(?\w{1,2}\)|\d{1,2}\.\s)?\s*")
_COUNTED_ITEM = pattern(r"\s(\d{1,3})\s{kind_nouns}\Z", re.I)
_LIST_HEAD = pattern(
    r"(?<!\w)(?:{several}|\d{1,3})\s+(?:{sub}\s+)?({listed_kinds})(?=[^;:\n]{0,120}:)[^.;\n]{0,140}?:", re.I
)
_MAX_LINE = 120
_MAX_NEXT = 200
_SUM_CLOSES = pattern(r"\d\s?{scales}(?:\s?{currency})?\)?\s?(?:,|,?\s{and})\s")
# Between the name and its sum: "đường A (1,2 tỷ đồng)", "trạm B, kinh phí 2 tỷ đồng", "kênh C ở huyện D, 3 tỷ đồng"
_ONLY_SUM = pattern(r"(?:\s*,?\s{item_places}\s[^,;.()\d]{2,40}){0,2}\s*[,(:]?\s*(?:{item_sums}\s*){0,3}", re.I)
_MAX_ITEM = 600
# Between the colon behind a name and its sum: "Đường A: dài 2,1 km, tổng mức đầu tư 24 tỷ đồng"
_COST_LABEL = pattern(
    r"(?:\s*{sizes}\s[\d.,]+\s?\w+(?:\s\w+){0,3},){0,2}\s*(?:{cost_links} )?{cost_labels}[^,;:.\d]{0,40}", re.I
)


@cache
def _several() -> re.Pattern[str]:
    return re.compile(rf",\s*(?:{noun()})", re.I)


@cache
def _noun_start() -> re.Pattern[str]:
    return re.compile(rf"(?:{noun()})(?!\w)", re.I)


def item_before(layout: Layout, first: int, at: int) -> Candidate | None:
    """The item of a list that the sum at ``at`` closes: "…; Trường Mầm non xã Bình Lãng 1,5 tỷ đồng;"."""
    text = layout.text
    near = max(first, at - _MAX_ITEM)
    begin = _item_begin(text, first, near, at)
    line = list_intro(layout, first)
    if bullet := _BULLET.match(text, begin, at):
        begin = bullet.end()
    if begin <= first + 1 and line is None:
        return None
    if line and (group := counted_line(text, begin, at)):
        return group
    kind = _list_kind(text, line[0] if line else first, begin)
    if not work_start().match(text, begin):
        return _described_item(text, begin, at, kind) if kind else None
    return _one_work(text, begin, at, kind or "cong_trinh")


def _one_work(text: str, begin: int, at: int, kind: str) -> Candidate | None:
    """The work that an item names, where it is one: not several objects under one sum."""
    c = make_work(text, begin, begin, at, "project.work.item", kind)
    return None if c and _several().search(text, c.start, c.end) else c


def _item_begin(text: str, first: int, near: int, at: int) -> int:
    """Where the item that the sum at ``at`` closes begins: behind a semicolon or colon, but not behind the colon
    between a name and its cost ("- Cầu Sông Ví: tổng mức đầu tư 38 tỷ đồng")."""
    begin = max(text.rfind(";", near, at), text.rfind(":", near, at), first - 1) + 1
    if text[begin - 1] == ":" and begin - 1 > first and _COST_LABEL.fullmatch(text, begin, at):
        begin = max(text.rfind(";", near, begin - 1), text.rfind(":", near, begin - 1), first - 1) + 1
    return begin


def item_behind_sum(text: str, first: int, at: int) -> Candidate | None:
    """The item of a list without semicolons that the sum at ``at`` closes: "đường trục thôn (1,2 tỷ đồng), nhà văn hóa
    thôn Hạ (800 triệu đồng)"; outside a list that its head announces, a work with a proper name."""
    near = max(first, at - _MAX_NEXT)
    closed = None
    for closed in _SUM_CLOSES.finditer(text, near, at):  # noqa: B007 (the last one)
        pass
    if closed is None:
        return None
    begin, kind = closed.end(), _list_kind(text, first, closed.end())
    if not _noun_start().match(text, begin):
        return _described_item(text, begin, at, kind) if kind else None
    c = make_work(text, begin, begin, at, "project.work.item", kind or "cong_trinh")
    if c is None or not (kind or has_proper_name(text, c)) or not _ONLY_SUM.fullmatch(text, c.end, at):
        return None
    return None if _several().search(text, c.start, c.end) else c


def line_above(layout: Layout, at: int) -> Candidate | None:
    """The work that a numbered line of its own names above the line of the sum: "1. Đường A - B" / "… Tổng mức: …"."""
    text, i = layout.text, layout.paragraph_at(at)
    if i == 0 or BULLET.match(text, layout.paragraphs[i][0]):
        return None
    start, end = layout.paragraphs[i - 1]
    bullet = BULLET.match(text, start)
    if bullet is None or end - start > _MAX_LINE:
        return None
    begin, end = trim(text, (bullet.end(), end))
    if not work_start().match(text, begin) or not text[begin].isupper():
        return None
    return Candidate(begin, end, "cong_trinh", "work", "project.work.line", (begin, end))


def _list_kind(text: str, first: int, begin: int) -> str | None:
    """The kind of the head of the list that the item at ``begin`` is in ("6 dự án …, gồm: Đường …" -> du_an)."""
    heads = list(_LIST_HEAD.finditer(text, max(first, begin - 500), begin))
    return kinds()[heads[-1][1].lower()] if heads else None


def _described_item(text: str, begin: int, at: int, kind: str) -> Candidate | None:
    """An item without any noun of its own: "qua 3 dự án: trồng màu ở xã Khánh Hưng, 500 triệu đồng; nuôi lươn …"."""
    if not starts_with_work_verb(text, begin) or begins_clause(text, begin):
        return None
    name = trim(text, (begin, name_end(text, begin, at)))
    if len(text[slice(*name)].split()) < 2 or text[slice(*name)].lower() in words("stops", "work_verbs"):
        return None
    if m := _COUNTED_ITEM.search(text, *name):  # "10 đề án: hỗ trợ máy móc 7 đề án (2,4 tỷ đồng), …"
        described = trim(text, (name[0], m.start()))
        return Candidate(*name, kind, "counted", "project.counted.heading", described, int(m[1]))
    return Candidate(*name, kind, "item", "project.item", name)
