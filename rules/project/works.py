"""Undertakings without a kind word: items of a list ("các dự án: …; …") and works with their own sum ("xây cầu …")."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from rules.layout import Layout, Span
from rules.project.lexicon import alternatives, kinds, words
from rules.project.mention import Candidate
from rules.project.names import name_end, trim

_SEPARATOR = re.compile(r"\s*(?:\([^()\n]{0,80}\))?\s*(?:[,;]\s*(?:và\s+)?|\s(?:và|cùng)\s+)")
_MEASURE = r"(?:(?:hơn|gần|khoảng|trên)\s+)?[\d.,]+\s*(?:km|m|mét|ha)\s+"


@cache
def _noun() -> str:
    return alternatives(words("works", "nouns"))


@cache
def _verb() -> str:
    return alternatives(words("works", "verbs"))


@cache
def _work_start() -> re.Pattern[str]:
    """A work at the beginning of an item: a noun of building, or a verb of building before one."""
    return re.compile(rf"(?:(?:{_verb()})\s+(?:{_MEASURE})?)?(?:{_noun()})(?!\w)", re.I)


@cache
def _kind_start() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(kinds())})(?!\w)", re.I)


@cache
def _built() -> re.Pattern[str]:
    """A verb of building and the work it makes, or a work with a capital in the middle of a sentence."""
    nouns = _noun()
    capital = "|".join(n[0].upper() + n[1:] for n in words("works", "nouns"))
    return re.compile(
        rf"(?<!\w)(?:(?i:{_verb()})\s+(?P<measure>{_MEASURE})?(?P<noun>(?i:{nouns}))|(?P<capital>{capital}))(?!\w)"
    )


_NO_WORK = re.compile(r"(?:quản lý|BQL|(?<!\w)[A-ZĐÁÂÊÔƯ]\w*)\s+\Z")  # an office; the rest of a longer name
_COST = re.compile(
    r"(?:tổng (?:mức|kinh phí|vốn|chi phí|giá trị|số vốn)|kinh phí|vốn đầu tư|trị giá|mức đầu tư"
    r"|dự kiến|dự toán|với số tiền)",
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


def find_works(layout: Layout, amount_starts: Sequence[int], taken: Sequence[Candidate]) -> list[Candidate]:
    """Works without kind word that have a sum of their own, outside the spans of ``taken``."""
    found: list[Candidate] = []
    for at in amount_starts:
        first, _ = layout.sentences[layout.sentence_at(at)]
        c = _item_before(layout.text, first, at) or _built_before(layout.text, first, at)
        if c and not any(c.start < o.end and o.start < c.end for o in (*found, *_named(taken))):
            found.append(c)
    return found


def _named(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    return (c for c in candidates if c.form != "back")


def _item_before(text: str, first: int, at: int) -> Candidate | None:
    """The item of a list that the sum at ``at`` closes: "…; Trường Mầm non xã Bình Lãng 1,5 tỷ đồng;"."""
    begin = max(text.rfind(";", first, at), text.rfind(":", first, at), first - 1) + 1
    bullet = re.compile(r"\s*(?:[-+*•–]|\(?\w{1,2}\)|\d{1,2}\.\s)?\s*").match(text, begin, at)
    begin = bullet.end() if bullet else begin
    listed = begin > first + 1
    if not listed or not _work_start().match(text, begin):
        return None
    return _work(text, begin, at)


def _built_before(text: str, first: int, at: int) -> Candidate | None:
    """A work with a proper name whose cost the sum at ``at`` is: "xây cầu Rạch Gốc với tổng kinh phí …"."""
    for m in _built().finditer(text, max(first, at - 220), at):
        begin = m.start("capital") if m["capital"] else m.start("measure") if m["measure"] else m.start("noun")
        if (m["capital"] and begin <= first) or _NO_WORK.search(text, max(first, begin - 24), begin):
            continue
        c = _work(text, begin, at, m.start("noun") if m["noun"] else begin)
        between = text[c.end : at] if c else ";"
        proper = c and re.search(r"\s[A-ZĐÁÂÊÔƯ]", text[c.start : c.end])
        if proper and _COST.search(between) and not re.search(r"[;:]", between):
            return c
    return None


def _work(text: str, begin: int, at: int, name_from: int | None = None) -> Candidate | None:
    start = begin if name_from is None else name_from
    span: Span = trim(text, (start, name_end(text, start, at, official=text[start].isupper())))
    if len(text[slice(*span)].split()) < 3:
        return None
    return Candidate(begin, span[1], "cong_trinh", "work", "project.work", span)
