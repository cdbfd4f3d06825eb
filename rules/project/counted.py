"""Counted undertakings: "3 đề án", "5 mô hình trồng nấm", "Hỗ trợ máy móc: 13 đề án", "4 nhóm đề án: …"."""

import re
from dataclasses import dataclass

from rules.layout import Span
from rules.project.items import counted_list
from rules.project.lexicon import kinds, pattern
from rules.project.mention import Candidate
from rules.project.names import OPENING, quoted, starts_with_work_verb, trim
from rules.project.phrases import is_generic, plain_name, quoted_items

_PARTITIVE = pattern(r"{partitive}\s+\Z", re.I)
# "mưa lũ làm hư hỏng 2 công trình": what is damaged is no undertaking that is told of
_DAMAGED = pattern(r"(?<!\w){damaged}\s+(?:{more_than}\s+)?\Z", re.I)
_BILL = pattern(r"\s+{bills}", re.I)  # "7 dự án luật" are bills
_COLON = re.compile(r"[^;:.\n()]{0,80}:")
_HEADING = pattern(
    r"(?P<list>\A(?:{whereof},?\s+)?|[;:\n]\s*|[-+*•–]\s+|(?<=\s){and}\s+|,\s+{whereof}:?\s+)"
    r"(?P<kind>(?:{group}\s+)?(?:{the}\s+)?(?P<noun>{kind_nouns})\s+)?"
    r"(?P<name>[^;:\n()]{8,160}?)\s*(?:(?P<colon>:)|\()\s*(?:{count_links}\s+)?\Z",
    re.I,
)
_SUM = pattern(r"\d\s?{dong}")  # "khuyến công địa phương 2.350 triệu đồng (13 đề án)"
# A place or a summing word before the colon is no heading ("Lâm Đồng: 65 đề án", "Kết quả: 5 đề án").
_NO_HEADING = pattern(r"(?i:{no_heading})(?!\w)|\S+\s+[{UPPER}]")


@dataclass(frozen=True, slots=True)
class Head:
    """A kind word at [start, end) of the text, in the sentence [first, last); ``limit`` is the next sum or ``last``.

    ``classes``: "nhóm" stands before it ("4 nhóm đề án").
    """

    text: str
    start: int
    end: int
    kind: str
    first: int
    last: int
    limit: int
    classes: bool = False


def counted(head: Head, number: int, at: int) -> list[Candidate]:
    """The group whose count ``number`` is printed at ``at``, with the quoted names that it lists."""
    text, kind = head.text, head.kind
    if _DAMAGED.search(text, max(head.first, at - 24), at):
        return []
    if _PARTITIVE.search(text, max(head.first, at - 16), at) or _BILL.match(text, head.end):
        return []
    if head.classes:  # "4 nhóm đề án" says how many classes there are; only a breakdown makes it a group
        if not _COLON.match(text, head.end, head.last):
            return []
        return [Candidate(at, head.end, kind, "counted", "project.counted.classes", None, number)]
    begin = head.end + 1
    if begin < head.last and text[begin] in OPENING and (q := quoted(text, begin, head.last)):
        return [Candidate(at, q[1], kind, "counted", "project.counted.quoted", q[0], number)]
    group = _described(head, number, at)
    items = quoted_items(text, group.end if group else head.end, head.last, kind)
    if group and not items:
        items = counted_list(text, group.end, head.last, kind, number)
    return [group, *items] if group else items


def _described(head: Head, number: int, at: int) -> Candidate | None:
    """ "5 đề án ứng dụng thiết bị mới": the description, where there is one, is the group's name."""
    text, kind = head.text, head.kind
    name = plain_name(text, head.end, head.limit, kind, counted=True)
    end = name[1] if name else head.end
    plain = name is None
    if name and is_generic(text[slice(*name)], counted=True):
        name = None
    if plain and (heading := _heading(text, at, head.first, kind)):
        return Candidate(heading[0], head.end, kind, "counted", "project.counted.heading", heading[1], number)
    if (name is None and number == 1) or (plain and "/" in text[at : head.start]):
        return None  # "đã nghiệm thu 9/9 đề án" tells how far a group is
    return Candidate(at, end, kind, "counted", "project.counted", name, number)


def _heading(text: str, at: int, first: int, kind: str) -> tuple[int, Span] | None:
    """The description before a bare count: "Hỗ trợ máy móc: 13 đề án", "…; tổ chức hội chợ (2 đề án)".

    Before a bracket any item of a list will do; before a colon it must be an item, a line or begin with a verb of work.
    """
    h = _HEADING.search(text[first:at])
    if h is None or len(h["name"].split()) < 3 or h["name"][0].isdigit() or _SUM.search(h["name"]):
        return None
    listed = h["list"] if not h["colon"] else h["list"].strip() in (";", ":")
    line = (
        h["list"] == ""
        and text[first - 1 : first] in ("", "\n")
        and h["name"][0].isupper()
        and len(h["name"].split()) <= 10
    )
    plain = line and not any(ch.isdigit() for ch in h["name"]) and not _NO_HEADING.match(h["name"])
    if not (listed or plain or h["kind"] or starts_with_work_verb(h["name"], 0)):
        return None
    same = h["noun"] and kinds()[h["noun"].lower()] == kind  # "Nhóm các dự án …: có 52 dự án", "Mô hình …: 6 đề án"
    start = first + (h.start("kind") if h["kind"] else h.start("name"))
    name = first + h.start("name") if same else start
    return start, trim(text, (name, first + h.end("name")))
