"""Works without a kind word that have a sum of their own: "xây cầu Rạch Gốc với tổng kinh phí 40 tỷ đồng"."""

import re
from collections.abc import Sequence
from functools import cache

from rules.language.letters import UPPER
from rules.layout import Layout, Span
from rules.project.building import COST, MEASURE, has_proper_name, make_work, noun, verb
from rules.project.lexicon import alternatives, pattern, words
from rules.project.mention import Candidate, sentence_around
from rules.project.work_counts import counted_after, counted_before, counted_item
from rules.project.work_items import item_before, item_behind_sum, line_above

_NEXT_PART = re.compile(r"[;:]")
_ITEM_START = pattern(r"(?:[,;:(]|(?<!\w){opens_item})\s*\Z")
_SHARES = pattern(r"(?<!\w){breakdown}(?!\w)", re.I)
_ASIDE = re.compile(r"[\s,(][^.;:]{0,60}\Z")
_FULL = 3
# Others pay for a work that heads the sentence
_GIFT = pattern(r"(?:(?<!\w){by_others}(?!\w)|:).*\s{donates}\s(?:{more}\s)?\Z", re.I | re.S)
_GOES_ON = pattern(r"{Takes_up_work}(?!\w)")
# What is said of a work that stands at the head of a sentence: "Bệnh viện A xây mười năm chưa xong"
_TOLD = pattern(r"(?<!\w)(?:{told_of_works}|{long} \d)(?!\w)")


def find_works(layout: Layout, sums: Sequence[Span]) -> list[Candidate]:
    """Works without kind word that have a sum of their own, one a sum at most, in the order of the sums.

    ``sums`` are the spans of the sums of money, ascending.
    """
    found: list[Candidate] = []
    for at, after in sums:
        c = _work_of(layout, at, after)
        if c and _found(c, found):  # "xây trường A trị giá 920 triệu đồng, góp 340 triệu đồng để nâng cấp công viên B"
            c = _built_after(layout.text, after, sentence_around(layout, at)[1])
        if c and not _found(c, found):
            found.append(c)
    return found


def _found(c: Candidate, found: Sequence[Candidate]) -> bool:
    return any(c.start < o.end and o.start < c.end for o in found[-3:])


def _work_of(layout: Layout, at: int, after: int) -> Candidate | None:
    """The work that the sum at [at, after) belongs to."""
    text = layout.text
    first, last = sentence_around(layout, at)
    before = (
        line_above(layout, at)
        or item_behind_sum(text, first, at)
        or item_before(layout, first, at)
        or _built_before(text, first, at)
        or counted_item(text, first, at)
        or counted_before(text, first, at)
        or _opened_before(layout, at)
    )
    if before or (first, last) == layout.title:  # a headline says again what the text says
        return before
    return counted_after(text, after, last) or _built_after(text, after, last)


def _built_before(text: str, first: int, at: int) -> Candidate | None:
    """A work with a proper name whose cost the sum at ``at`` is: "xây cầu Rạch Gốc với tổng kinh phí …"."""
    for m in _built().finditer(text, max(first, at - 220), at):
        if m["capital"] and not _is_work(text, m, first):
            continue
        name_from = m.start("noun") if m["noun"] else m.start("capital")
        c = make_work(text, m.start("measure") if m["measure"] else name_from, name_from, at, "project.work")
        if c is None or not has_proper_name(text, c):
            continue
        between = text[c.end : at]
        listed = m["unit"] and _ASIDE.match(between)  # "cây cầu Nà Pục, xã Quốc Khánh, 2,4 tỷ đồng"
        last = text[c.start : c.end].rsplit(maxsplit=1)[-1]
        if m["capital"] and c.start == first and not between.strip() and last[:1].isupper():
            return c  # "Chợ trung tâm xã Giao Nhân 5 tỷ đồng"
        named = len(text[c.start : c.end].split()) >= _FULL  # "Cầu Ngang" alone may be a district
        if named and m["capital"] and c.start == first and _GIFT.search(between) and not _owner().match(text, c.start):
            return c  # "Nhà văn hóa thôn A thì nhờ người xa quê: một công ty ủng hộ …"
        # "…, trong đó xây mới Trường Mầm non Nhữ Hán 6,7 tỷ đồng"
        direct = m["noun"] and not between.strip() and last[:1].isupper() and _SHARES.search(text, first, m.start())
        if not (listed or direct or COST.search(between)) or _NEXT_PART.search(between):
            continue
        if m["capital"] and _owner().match(text, c.start) and not _some_verb().search(between):
            continue
        return c
    return None


def _is_work(text: str, m: re.Match[str], first: int) -> bool:
    """Whether the capital noun that ``m`` found is a work: not a firm ("Trường Lộc"), a district ("quận Cầu Giấy"), an
    agent ("do Trường Đại học …") or the rest of a longer name ("cầu Vàm Cống")."""
    begin = m.start("capital")
    if " " not in m["capital"] and begin > first and not _ITEM_START.search(text, first, begin):
        return False
    return not _no_work().search(text, max(first, begin - 24), begin)


def _opened_before(layout: Layout, at: int) -> Candidate | None:
    """A work opened in the sentence before, which the sentence of the sum goes on about ("… khánh thành cầu treo bản
    Kẻ Mẻ. Cây cầu … hết 7,8 tỷ đồng")."""
    text, i = layout.text, layout.sentence_at(at)
    of = layout.sentence_paragraph
    if i == 0 or of[i - 1] != of[i] or not _GOES_ON.match(text, layout.sentences[i][0]):
        return None
    first, last = layout.sentences[i - 1]
    for m in _opened().finditer(text, first, last):
        if c := _proper_work(text, m.start("noun"), last):
            return c
    head = _subject().match(text, first, last)
    if head is None or not COST.search(text, layout.sentences[i][0], at):
        return None
    c = _proper_work(text, head.start(), last)
    return c if c and _TOLD.search(text, c.end, min(last, c.end + 60)) else None


def _proper_work(text: str, start: int, last: int) -> Candidate | None:
    """The work with a proper name whose mention begins at ``start``."""
    c = make_work(text, start, start, last, "project.work")
    return c if c and has_proper_name(text, c) else None


def _built_after(text: str, after: int, last: int) -> Candidate | None:
    """A work that the sum ending at ``after`` is spent on: "32.500 euro sửa Trạm Y tế xã Cẩm Lạc"."""
    m = _spent_on().match(text, after, last)
    if m is None:
        return None
    start = m.start("noun")
    c = make_work(text, m.start("measure") if m["measure"] else start, start, last, "project.work")
    return c if c and has_proper_name(text, c) else None


@cache
def _built() -> re.Pattern[str]:
    """A verb of building (or a classifier) and the work it makes, or a work with a capital."""
    capital = "|".join(n[0].upper() + f"(?i:{n[1:]})" for n in words("works", "nouns"))
    example = r"(?:{examples}|{Examples})(?: {most})? {are}|{Whereof},?(?: {have})?"
    opened = rf"(?i:{verb()})|{example}|(?P<unit>{{classifiers}}|{{Classifiers}})"
    made = rf"(?:{opened})\s+(?P<measure>{MEASURE})?(?P<noun>(?i:{noun()}))"
    return pattern(rf"(?<!\w)(?:{made}|(?P<capital>{capital}))(?!\w)")


@cache
def _subject() -> re.Pattern[str]:
    """A work with a capital, at the head of a sentence."""
    capital = "|".join(n[0].upper() + f"(?i:{n[1:]})" for n in words("works", "nouns"))
    return re.compile(rf"(?:{capital})(?!\w)")


@cache
def _no_work() -> re.Pattern[str]:
    before = alternatives(words("works", "no_work_before"))
    return re.compile(rf"(?<!\w)(?:(?i:{before})|[{UPPER}]\w*)\s+\Z")


@cache
def _owner() -> re.Pattern[str]:
    return re.compile(alternatives(words("works", "owners")), re.I)


@cache
def _some_verb() -> re.Pattern[str]:
    return re.compile(verb())


@cache
def _opened() -> re.Pattern[str]:
    return pattern(rf"(?<!\w){{opens_work}}\s+(?:{{opened_links}}\s+)?(?P<noun>{noun()})", re.I)


@cache
def _spent_on() -> re.Pattern[str]:
    handed = r"(?:\s+{handed}[^.,;:\d]{0,60}(?=\s+{so_that}\s))?"  # "1 tỷ đồng được chuyển cho huyện A để …"
    spent = rf"\s+(?:{{spent_on}}\s+)?(?:{verb()})\s+(?P<measure>{MEASURE})?(?P<noun>{noun()})"
    return pattern(handed + spent, re.I)
