"""Undertakings without a kind word: items of a list ("các dự án: …; …") and works with their own sum ("xây cầu …")."""

import re
from collections.abc import Sequence
from functools import cache

from rules.layout import Layout, Span
from rules.project.lexicon import alternatives, kinds, words
from rules.project.lists import list_intro
from rules.project.mention import Candidate
from rules.project.names import begins_clause, name_end, starts_with_work_verb, trim

_SEPARATOR = re.compile(r"\s*(?:\([^()\n]{0,80}\))?\s*(?:[,;]\s*(?:và\s+)?|\s(?:và|cùng)\s+)")
_MEASURE = r"(?:(?:hơn|gần|khoảng|trên)\s+)?[\d.,]+\s*(?:km|m|mét|ha)\s+"


@cache
def _noun() -> str:
    return alternatives(words("works", "nouns"))


@cache
def _verb() -> str:
    return alternatives(words("works", "verbs"))


@cache
def _verb_inside() -> re.Pattern[str]:
    return re.compile(rf"(?<=\s)(?:{_verb()})")


@cache
def _work_start() -> re.Pattern[str]:
    """A work at the beginning of an item: a noun of building, or a verb of building before one."""
    return re.compile(rf"(?:(?:{_verb()})\s+(?:{_MEASURE})?)?(?:{_noun()})(?!\w)", re.I)


@cache
def _no_work() -> re.Pattern[str]:
    """Before a noun of building: an agent or a place, or the rest of a longer name ("cầu Vàm Cống")."""
    return re.compile(rf"(?<!\w)(?:(?i:{alternatives(words('works', 'no_work_before'))})|[A-ZĐÁÂÊÔƯ]\w*)\s+\Z")


@cache
def _owner() -> re.Pattern[str]:
    return re.compile(alternatives(words("works", "owners")), re.I)


@cache
def _kind_start() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(kinds())})(?!\w)", re.I)


@cache
def _built() -> re.Pattern[str]:
    """A verb of building and the work it makes, or a work with a capital in the middle of a sentence."""
    nouns = _noun()
    capital = "|".join(n[0].upper() + f"(?i:{n[1:]})" for n in words("works", "nouns"))
    return re.compile(
        rf"(?<!\w)(?:(?i:{_verb()})\s+(?P<measure>{_MEASURE})?(?P<noun>(?i:{nouns}))|(?P<capital>{capital}))(?!\w)"
    )


_COST = re.compile(
    r"(?:tổng (?:mức|kinh phí|vốn|chi phí|giá trị|số vốn)|kinh phí|vốn đầu tư|trị giá|mức đầu tư"
    r"|dự kiến|dự toán|với số tiền|tài trợ)",
    re.I,
)


def list_items(text: str, begin: int, last: int, kind: str) -> list[Candidate]:
    """The names that follow "các dự án" or "các dự án:" directly, up to the first that is none or has a kind word."""
    found: list[Candidate] = []
    lower = text[:begin].rstrip().endswith(":")
    while begin < last and not _kind_start().match(text, begin):
        if not (text[begin].isupper() or lower):
            break
        name = trim(text, (begin, name_end(text, begin, last, official=text[begin].isupper())))
        if len(text[slice(*name)].split()) < 3:
            break
        found.append(Candidate(*name, kind, "item", "project.item", name))
        m = _SEPARATOR.match(text, name[1], last)
        if m is None:
            break
        begin = m.end()
    return found


def first_sibling(text: str, span: Span) -> Span:
    """``span`` up to a second name that begins with the same two words ("tuyến đường số 4 … và tuyến đường số 7 …")."""
    first = text[slice(*span)].split()[:2]
    at = text.find(" và " + " ".join(first) + " ", *span) if len(first) == 2 else -1
    return (span[0], at) if at > 0 else span


def siblings(text: str, c: Candidate, limit: int) -> list[Candidate]:
    """Names that go on from ``c`` with its own first word: "dự án tuyến metro số 1 … và tuyến metro số 2 …"."""
    if c.name is None or c.form not in ("plain", "official"):
        return []
    first = text[slice(*c.name)].split()[:2]
    found: list[Candidate] = []
    end = c.end
    while len(first) == 2 and (m := _SEPARATOR.match(text, end, limit)):
        if text[m.end() :].split(maxsplit=2)[:2] != first:
            break
        official = c.form == "official"
        name = trim(text, (m.end(), name_end(text, m.end(), limit, official)))
        if len(text[slice(*name)].split()) < 4:
            break
        found.append(Candidate(*name, c.kind, "item", "project.sibling", name))
        end = name[1]
    return found


def find_works(layout: Layout, sums: Sequence[Span]) -> list[Candidate]:
    """Works without kind word that have a sum of their own, one a sum at most, in text order.

    ``sums`` are the spans of the sums of money, ascending.
    """
    found: list[Candidate] = []
    for at, after in sums:
        first, last = layout.sentences[layout.sentence_at(at)]
        c = (
            _item_before(layout, first, at)
            or _built_before(layout.text, first, at)
            or _counted_item(layout.text, first, at)
            or _counted_before(layout.text, first, at)
            or _named_before(layout, at)
            or (_built_after(layout.text, after, last) if (first, last) != layout.title else None)
        )
        if c and not (found and c.start < found[-1].end):
            found.append(c)
    return found


def _item_before(layout: Layout, first: int, at: int) -> Candidate | None:
    """The item of a list that the sum at ``at`` closes: "…; Trường Mầm non xã Bình Lãng 1,5 tỷ đồng;"."""
    text = layout.text
    begin = max(text.rfind(";", first, at), text.rfind(":", first, at), first - 1) + 1
    line = list_intro(layout, first)
    bullet = _BULLET.match(text, begin, at)
    begin = bullet.end() if bullet else begin
    if begin <= first + 1 and line is None:
        return None
    kind = _list_kind(text, line[0] if line else first, begin)
    if not _work_start().match(text, begin):
        return _described_item(text, begin, at, kind) if kind else None
    c = _work(text, begin, at, rule="project.work.item", kind=kind or "cong_trinh")
    if c and re.search(rf",\s*(?:{_noun()})", text[c.start : c.end], re.I):
        return None  # several objects under one sum
    return c


_ITEM_START = re.compile(r"(?:[,;:(]|(?<!\w)(?:có|là|gồm|và))\s*\Z")
_BULLET = re.compile(r"\s*(?:[-+*•–]|\(?\w{1,2}\)|\d{1,2}\.\s)?\s*")
_LIST_HEAD = re.compile(
    r"(?<!\w)(?:các|những|\d{1,3}|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\s+(?:tiểu\s+)?"
    r"(đề án|dự án|mô hình|công trình|gói thầu)(?=[^;:\n]{0,120}:)[^.;\n]{0,140}?:",
    re.I,
)


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
    return Candidate(*name, kind, "item", "project.item", name)


def _built_before(text: str, first: int, at: int) -> Candidate | None:
    """A work with a proper name whose cost the sum at ``at`` is: "xây cầu Rạch Gốc với tổng kinh phí …"."""
    for m in _built().finditer(text, max(first, at - 220), at):
        begin = m.start("capital") if m["capital"] else m.start("measure") if m["measure"] else m.start("noun")
        if m["capital"] and (" " not in m["capital"] and begin > first and not _ITEM_START.search(text, first, begin)):
            continue  # "Trường Lộc" may be a firm, "Cầu Giấy" a district
        if m["capital"] and _no_work().search(text, max(first, begin - 24), begin):
            continue
        c = _work(text, begin, at, m.start("noun") if m["noun"] else begin)
        between = text[c.end : at] if c else ";"
        proper = c and re.search(r"\s[A-ZĐÁÂÊÔƯ]", text[c.start : c.end])
        if not proper or not _COST.search(between) or re.search(r"[;:]", between):
            continue
        if m["capital"] and _owner().match(text, begin) and not re.search(rf"(?:{_verb()})", between):
            continue
        return c
    return None


def _counted_before(text: str, first: int, at: int) -> Candidate | None:
    """Counted works behind a verb of building, before the sum at ``at``: "xây 03 cầu, mỗi cầu 400 triệu đồng"."""
    few = words("works", "countable")
    for m in _built_count().finditer(text, max(first, at - 120), at):
        between = text[m.end() : at]
        if re.search(r"[;:]", between) or (m["noun"].lower() not in few and not _COST.search(between)):
            continue
        name = trim(text, (m.start("noun"), name_end(text, m.start("noun"), at)))
        described = len(text[slice(*name)].split()) > len(m["noun"].split())
        number = int(m["count"])
        if number > 1:
            end = max(name[1], m.end())
            return Candidate(
                m.start("count"),
                end,
                "cong_trinh",
                "counted",
                "project.work.counted",
                name if described else None,
                number,
            )
    return None


def _counted_item(text: str, first: int, at: int) -> Candidate | None:
    """A counted item of a list whose sum stands in a bracket: "gồm 6 đường giao thông nông thôn (19,4 tỷ đồng)"."""
    m = _count_in_list().search(text, max(first, at - 120), at)
    if m is None or int(m["count"]) < 2:
        return None
    name = trim(text, m.span("name"))
    described = len(text[slice(*name)].split()) > len(m["noun"].split())
    return Candidate(
        m.start("count"),
        name[1],
        "cong_trinh",
        "counted",
        "project.work.counted",
        name if described else None,
        int(m["count"]),
    )


@cache
def _count_in_list() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[,;:]|(?<!\w)(?:gồm|và|là))\s*(?P<count>\d{{1,3}})\s+(?P<name>(?P<noun>{_noun()})[^,;:()\d]{{0,60}})\(\s*\Z",
        re.I,
    )


def _named_before(layout: Layout, at: int) -> Candidate | None:
    """A work opened in the sentence before, which the sentence of the sum goes on about ("… khánh thành cầu treo bản
    Kẻ Mẻ. Cây cầu … hết 7,8 tỷ đồng")."""
    text, i = layout.text, layout.sentence_at(at)
    of = layout.sentence_paragraph
    if i == 0 or of[i - 1] != of[i] or not _GOES_ON.match(text, layout.sentences[i][0]):
        return None
    first, last = layout.sentences[i - 1]
    for m in _opened().finditer(text, first, last):
        c = _work(text, m.start("noun"), last, m.start("noun"))
        if c and re.search(r"\s[A-ZĐÁÂÊÔƯ]", text[c.start : c.end]):
            return c
    return None


_GOES_ON = re.compile(r"(?:Cây|Ngôi|Con|Tuyến|Công trình|Dự án|Cầu|Đường|Trạm|Trường|Nhà|Tổng|Kinh phí|Với)(?!\w)")


@cache
def _opened() -> re.Pattern[str]:
    return re.compile(
        rf"(?:khánh thành|khởi công|động thổ|bàn giao|thông xe|đưa vào sử dụng)\s+(?P<noun>{_noun()})", re.I
    )


@cache
def _built_count() -> re.Pattern[str]:
    nouns = alternatives(words("works", "countable") + words("works", "nouns"))
    return re.compile(
        rf"(?<!\w)(?:{_verb()})\s+(?:được\s+|mới\s+)?(?P<count>\d{{1,3}})\s+(?:cây\s+|ngôi\s+|con\s+)?(?P<noun>{nouns})",
        re.I,
    )


def _built_after(text: str, after: int, last: int) -> Candidate | None:
    """A work that the sum ending at ``after`` is spent on: "gửi về 32.500 euro sửa Trạm Y tế xã Cẩm Lạc"."""
    m = _spent_on().match(text, after, last)
    if m is None:
        return None
    start = m.start("noun")
    c = _work(text, m.start("measure") if m["measure"] else start, last, start)
    return c if c and re.search(r"\s[A-ZĐÁÂÊÔƯ]", text[c.start : c.end]) else None


@cache
def _spent_on() -> re.Pattern[str]:
    return re.compile(
        rf"\s+(?:để\s+|cho\s+|vào\s+|nhằm\s+|đầu tư\s+)?(?:{_verb()})\s+(?P<measure>{_MEASURE})?(?P<noun>{_noun()})",
        re.I,
    )


def _work(
    text: str, begin: int, at: int, name_from: int | None = None, rule: str = "project.work", kind: str = "cong_trinh"
) -> Candidate | None:
    start = begin if name_from is None else name_from
    noun = _work_start().match(text, start, at)
    verb = _verb_inside().search(text, noun.end() if noun else start, at)
    at = verb.start() if verb else at  # "Trạm xá xã Huồi Tụ xây bằng đá"
    span: Span = trim(text, (start, name_end(text, start, at, official=text[start].isupper())))
    found = text[slice(*span)].split()
    if len(found) < 2 or (len(found) == 2 and not found[1][0].isupper()):
        return None
    return Candidate(begin, span[1], kind, "work", rule, span)
