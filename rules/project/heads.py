"""Undertakings named behind a kind word: 'Đề án nhóm "…”', "dự án nâng cấp đường …", "các dự án: …"."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from rules.layout import Layout, Span
from rules.project.attributes import programmes_in
from rules.project.counted import Head, counted
from rules.project.counts import count_before
from rules.project.items import first_sibling, list_items, siblings
from rules.project.lexicon import alternatives, kinds, pattern, table, words
from rules.project.lists import BULLET, list_lines
from rules.project.mention import Candidate, sentence_around
from rules.project.names import OPENING, is_title, name_end, quoted, trim
from rules.project.phrases import is_generic, is_quoted_name, plain_name, quoted_items

_QUOTES = "[\"“”«‘']"


@cache
def _head() -> re.Pattern[str]:
    """Kind words, in lower case, with a capital, in capitals: spelt out, which is much faster than ignoring case."""
    spelt = {form for word in kinds() for form in (word, word.capitalize(), word.title(), word.upper())}
    return re.compile(rf"(?:{alternatives(spelt)})")


_SUB = pattern(r"(?<!\w)(?P<sub>{sub_or_group})\s+\Z", re.I)


@cache
def _after() -> re.Pattern[str]:
    """What may stand between the kind word and the name: modifiers, "mang tên", "là", a colon."""
    modifiers = alternatives(words("heads", "modifiers"))
    naming = alternatives(words("heads", "naming"))
    verbs = alternatives(words("stops", "work_verbs"))  # "tiểu dự án 4 xây dựng nút giao …"
    return pattern(
        rf"(?P<part>\s+(?:{{number}}\s+)?\d{{1,2}}(?=\s*(?::|\([^\W\d]\w*\s\w))|\s+\d{{1,2}}(?=\s(?:{verbs})))?"
        rf"(?P<mod>(?:\s+(?:{modifiers})\d*(?!\w))*)"
        rf"(?:\s+(?:{{nth}}\s+\w+|{{in_order}})\s*,?(?=\s*(?:{naming}|:?\s*{_QUOTES})))?"
        rf"(?P<naming>\s+(?:{naming})(?:\s+{{is}})?(?!\w)|(?<=\d)\s+{{is}}(?=\s)|\s+{{is}}(?=\s+(?-i:[{{UPPER}}])))?"
        r"\s*(?P<colon>:|(?<=\d\s)\()?\s*",
        re.I,
    )


@cache
def _before(key: str) -> re.Pattern[str]:
    """One of the words ``key`` right before the kind word; for text in lower case."""
    return re.compile(rf"(?<!\w)(?:{alternatives(words('heads', key))})\s+\Z")


@cache
def _blocked(kind: str) -> re.Pattern[str]:
    of_kind = table("heads")["blocked_before_kind"].get(kind, [])
    return re.compile(rf"(?<!\w)(?:{alternatives(words('heads', 'blocked_before') + of_kind)})\s+\Z|/\s*\Z")


@cache
def _office() -> re.Pattern[str]:
    acts = alternatives(words("heads", "office_acts"))  # "công ty chuyển nhượng dự án X": no part of the firm's name
    between = rf"(?:\s+(?!{acts})\w+){{0,5}}"
    return re.compile(rf"(?<!\w)(?:{alternatives(words('heads', 'office_before'))}){between}\s+\Z")


@cache
def _pointing() -> re.Pattern[str]:
    return re.compile(rf"\s+(?:{alternatives(words('heads', 'pointing'))})", re.I)


_LISTED = pattern(r"({first_nouns})\s*{noun_links}\s*\Z", re.I)
_NEXT_NOUN = pattern(r"\s*{noun_links}\s*{next_nouns}(?!\w)", re.I)
_BREAKDOWN = pattern(r"\s*{breaks_down}(?!\w)|\s*:")
_GOES_ON = re.compile(r"\s+\w")
_DATED = pattern(r"\s+(?:\w+\s+){1,6}{year}\s+20\d\d")
# "Nhà máy X là dự án sản xuất …", "Đây là dự án …" describe; "Lớn nhất là dự án …" names.
_DESCRIBED = pattern(
    r"(?:(?<!\w)(?:{this_is}|{This_is})|\s[{UPPER}]\w*(?:\s+\w+){0,3}|\A\s*[{UPPER}]\w*)"
    r"(?<!{lately})\s+(?:{also}\s+)?{is}(?:\s+{one})?\s+\Z"
)
# "không có dự án trồng cây nào được triển khai": there is none
_NONE, _OF_NONE = pattern(r"{there_is_no}\s+\Z", re.I), pattern(r"\s+{any}(?!\w)")
# "giải ngân 35 tỷ đồng vốn Chương trình …": its own money is told of
_SPENT_OF = pattern(r"{spent}\s[^.;]{0,40}\s{currency}\s{money_of}\s+\Z", re.I)
# "Tiểu dự án 1 Dự án 4 đầu tư 14 công trình": a number of the programme, no name
_NUMBERED = pattern(r"\s+\d{1,2}\s*[,–-]?\s*(?:{part_of_whole}\s+)?{project}\s+\d", re.I)
_OF_NUMBERED = pattern(r"{sub}\s{project}\s+\d{1,2}\s*[,–-]?\s*(?:{part_of_whole}\s+)?\Z", re.I)
_LABEL = re.compile(r"\s+\d{1,2}\s*:")
_TAKEN_UP = pattern(r"\s+{taken_up}(?!\w)")
_SHORT = 3  # words of a name that "này" may take up ("dự án lắp đèn này")
_QUOTE_NEAR = re.compile(rf"[^\S\n]*(?:[^\W_]+:?[^\S\n]+){{1,8}}(?={_QUOTES}[^\W_\d])")
# Between the words that classify and the quotes: "đề án khuyến công quốc gia năm 2023 “…”", "chương trình trợ vốn “…”"
_CLASSED = pattern(r"(?:\s*(?:{capital}|{year} (?:19|20)\d\d)(?!\w))*:?\s*")
_PAYS = pattern(r"\s+{support}\s+(?:\w+\s+)?\d")
_ASIDE = pattern(r"(?:\(|{whereof},?)\s*\Z")
_BUILT = ("du_an", "cong_trinh", "de_an", "goi_thau")


def find_heads(layout: Layout, amount_starts: Sequence[int]) -> list[Candidate]:
    """All mentions behind kind words, in text order; one that lies inside the name of another is left out.

    ``amount_starts`` are the offsets of the sums, ascending: no name without quotes runs over a sum.
    """
    found: list[Candidate] = []
    free_from = 0
    for m in _head().finditer(layout.text):
        if m.start() < free_from or layout.text[m.start() - 1 : m.start()].isalpha():
            continue
        head = _head_of(layout, m, amount_starts)
        if _office().search(layout.text[max(head.first, m.start() - 48) : m.start()].lower()):
            free_from = name_end(layout.text, m.end(), head.last, official=True)
            continue
        new = _candidates(head, layout.text[m.start()].isupper())
        if _opens_lines(layout, head, m):
            new = new + quoted_lines(layout, head)
        if new and found and new[0].start < found[-1].end:  # "Mô hình …: 4 đề án": the heading names the count
            found.pop()
        found += new
        free_from = max([m.end(), *(c.end for c in new if c.rule != "project.quoted.item")])
    return found


def _opens_lines(layout: Layout, head: Head, m: re.Match[str]) -> bool:
    """Whether the head, plural or counted, introduces a list of lines: "… có các đề tài:" at the end of a paragraph."""
    end = layout.paragraphs[layout.paragraph_at(m.start())][1]
    if end - m.end() > 80 or layout.text[m.end() : end].rstrip()[-1:] != ":":
        return False
    left = layout.text[max(head.first, head.start - 32) : head.start].lower()
    return bool(_before("plural").search(left) or count_before(layout.text, head.start, head.first))


def quoted_lines(layout: Layout, head: Head) -> list[Candidate]:
    """The names in quotes with which the lines below begin: "1/ “Nghiên cứu …” (kinh phí …)"."""
    found = []
    for start, end in list_lines(layout, head.start):
        bullet = BULLET.match(layout.text, start)
        at = bullet.end() if bullet else start
        while at < end and layout.text[at] == " ":
            at += 1
        if (
            at < end  # the last bullet may be empty
            and layout.text[at] in OPENING
            and (q := quoted(layout.text, at, end))
            and is_quoted_name(layout.text[slice(*q[0])])
        ):
            found.append(Candidate(at, q[1], head.kind, "quoted", "project.quoted.item", q[0]))
    return found


def _head_of(layout: Layout, m: re.Match[str], amount_starts: Sequence[int]) -> Head:
    first, last = sentence_around(layout, m.start())
    kind = kinds()[" ".join(m.group().lower().split())]
    after = bisect_left(amount_starts, m.end())
    limit = min([last, *amount_starts[after : after + 1]])
    sub = _SUB.search(layout.text, max(first, m.start() - 6), m.start())
    classes = sub is not None and sub["sub"].lower() == "nhóm"
    return Head(layout.text, sub.start() if sub else m.start(), m.end(), kind, first, last, limit, classes)


def _candidates(head: Head, capital: bool) -> list[Candidate]:
    text = head.text
    if _NEXT_NOUN.match(text, head.end, head.last) and count_before(text, head.start, head.first):
        return []  # "13 chương trình, đề án": the second noun stands for both
    numbered = _OF_NUMBERED.search(text, max(head.first, head.start - 32), head.start)
    if numbered and not _LABEL.match(text, head.end, head.last):
        return []
    start, kind = _first_noun(head)
    head = replace(head, kind=kind)
    left = text[max(head.first, start - 32) : start].lower().replace("cơ sở", "cơ_sở")  # no office: "nghiệm thu cơ sở"
    free = capital or (kind == "ke_hoach" and _DATED.match(text, head.end))
    if _blocked("" if free else kind).search(left):
        return []
    if (count := count_before(text, start, head.first)) and (count[0] > 1 or text[count[1]].isdigit()):
        back = _pointing().match(text, head.end)
        told = back and (count[1] == head.first and _GOES_ON.match(text, back.end()))
        if back is None or told or _BREAKDOWN.match(text, back.end()):  # "Mười bốn công trình ấy gồm …"
            return counted(head, *count)
        return []
    if head.classes or _before("plural").search(left):
        return _plural(head)
    keys = ("results", "source") if kind == "chuong_trinh" else ("results",)
    cue = next((key for key in keys if _before(f"{key}_before").search(left)), "")
    if cue == "source" and _SPENT_OF.search(text, max(head.first, start - 70), start):
        cue = "results"
    single = _single(head, cue)
    return [single, *siblings(text, single, head.limit)] if single else []


def _first_noun(head: Head) -> tuple[int, str]:
    """Start and kind of the first of two nouns under one count ("5 công trình, dự án"), else those of ``head``.

    "chương trình, đề án" and "nhiệm vụ, đề án" are đề án.
    """
    listed = _LISTED.search(head.text, max(head.first, head.start - 16), head.start)
    if listed is None or not count_before(head.text, listed.start(), head.first):
        return head.start, head.kind
    kind = kinds().get(listed[1].lower(), "chuong_trinh")
    return listed.start(), head.kind if kind == "chuong_trinh" else kind


def _plural(head: Head) -> list[Candidate]:
    """ "các đề án: "…”; …", "các dự án Khu A, Công viên B": only listed names are undertakings here."""
    text = head.text
    after = _after().match(text, head.end, head.last)
    if not after or after.end() >= head.last:
        return []
    begin = after.end()
    if text[begin] in OPENING and (q := quoted(text, begin, head.last)) and is_quoted_name(text[slice(*q[0])]):
        rest = quoted_items(text, q[1], head.last, head.kind, follow=True)
        return [Candidate(head.start, q[1], head.kind, "quoted", "project.quoted", q[0]), *rest]
    if after["colon"] or (is_title(text, begin) and head.kind in _BUILT):
        return list_items(text, begin, head.last, head.kind)
    return quoted_items(text, head.end, head.last, head.kind)


def _single(head: Head, cue: str) -> Candidate | None:
    text, start, kind = head.text, head.start, head.kind
    after = _after().match(text, head.end, head.last)
    begin = after.end() if after else head.end
    if _NUMBERED.match(text, head.end, head.last):
        return None
    if name := _quoted_name(head, begin):
        return Candidate(start, name[1], kind, "quoted", "project.quoted", name[0], cue=cue)
    if after and after["colon"] == "(" and (close := text.find(")", begin, head.last)) > 0:
        return Candidate(start, close + 1, kind, "official", "project.component", trim(text, (begin, close)), cue=cue)
    back = Candidate(start, head.end, kind, "back", "project.back", cue=cue)
    if _pointing().match(text, head.end, head.last):
        return back
    if after and after["colon"] and not (begin < head.last and text[begin].isupper()):
        return None
    span = plain_name(text, begin, head.limit, kind)
    if span is None:
        return back
    if is_generic(text[slice(*span)]):  # "chương trình khuyến công quốc gia" pays, it does not point back
        return None if any(programmes_in(text, *span)) else back
    span = first_sibling(text, span)
    official = is_title(text, span[0])
    if _OF_NONE.match(text, span[1], head.last) and _NONE.search(text, max(head.first, start - 16), start):
        return None
    if not official and len(text[slice(*span)].split()) <= _SHORT and _TAKEN_UP.match(text, span[1], head.last):
        cue = cue or "this"
    naming = (after["naming"] or "").strip() if after else ""
    predicate = naming == "là" and not (after and after["mod"].strip())  # "cơ quan của dự án là Bộ …"
    if not official and (predicate or _DESCRIBED.search(text[max(head.first, start - 60) : start])):
        return back
    component = "project.component" if after and after["part"] and kind == "du_an" else ""
    rule = component or "project.named" if component or naming else "project.title" if official else "project.plain"
    left = text[max(head.first, start - 32) : start].lower()
    if text[slice(*span)].isdigit() and _before("source_before").search(left):
        cue = "source"  # "378 triệu đồng từ đề án 1956"
    if kind == "chuong_trinh" and _PAYS.match(text, span[1]) and _ASIDE.search(text, head.first, start):
        cue = "source"  # "…, trong đó Chương trình mục tiêu quốc gia nước sạch hỗ trợ 11 tỷ đồng"
    return Candidate(start, span[1], kind, "official" if official else "plain", rule, span, cue=cue)


def _quoted_name(head: Head, begin: int) -> tuple[Span, int] | None:
    """The name in quotes at ``begin``, or after a few words that classify ("đề tài khoa học cấp tỉnh “…”"): its span
    and the end of the mention. A quote that nothing closes ends where a title would."""
    text = head.text
    if begin >= head.last:
        return None
    if text[begin] not in OPENING:
        near = _QUOTE_NEAR.match(text, head.end, min(head.last, head.end + 70))
        if near and ":" in near.group() and "khuyến công" not in near.group().lower():
            return None  # "… dự án trồng rừng: “Chúng tôi …”"
        if near is None or not _CLASSED.fullmatch(text, name_end(text, begin, near.end()), near.end()):
            return None
        q = quoted(text, near.end(), head.last)
        return q if q and is_quoted_name(text[slice(*q[0])], apart=True) else None
    if text[begin - 1] != " " and text[begin + 1 : begin + 2] == " ":
        return None  # this one closes: 'gọi là "dự án" tại …'
    q = quoted(text, begin, head.last)
    if q is None:
        end = name_end(text, begin + 1, head.limit, official=True)
        q = (trim(text, (begin + 1, end)), end)
    return q if is_quoted_name(text[slice(*q[0])]) else None
