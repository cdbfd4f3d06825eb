"""Is a mention an undertaking with facts, or only a word? A sum, a place or a year must stand with it."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from rules.layout import Layout, Span
from rules.project.attributes import programmes_in
from rules.project.mention import Candidate, HasSpan

_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]\d|\d)")
_STANDING = frozenset({"ke_hoach", "chuong_trinh"})


class Facts:
    """Where the sums and places of a document lie."""

    def __init__(self, layout: Layout, amounts: Sequence[HasSpan], places: Sequence[HasSpan]) -> None:
        self.layout = layout
        self.amounts = sorted(a.start for a in amounts)
        self.places = sorted(p.start for p in places)

    def amount(self, span: Span) -> bool:
        return _any(self.amounts, span)

    def place(self, span: Span) -> bool:
        return _any(self.places, span)

    def year(self, span: Span) -> bool:
        return _YEAR.search(self.layout.text, *span) is not None


def _any(starts: list[int], span: Span) -> bool:
    i = bisect_left(starts, span[0])
    return i < len(starts) and starts[i] < span[1]


def supported(facts: Facts, members: list[Candidate]) -> bool:
    """Whether the mentions of one undertaking have between them the facts that their forms need."""
    text = facts.layout.text
    named = [m for m in members if m.form != "back"]
    if all(m.cue == "source" for m in named) and not any(m.form == "quoted" for m in named):
        return False
    pointed = any(_money_behind(facts, m) for m in members if m.form == "back")
    return any(_told(facts, m, text[slice(*m.name)] if m.name else "", pointed) for m in named)


def _told(facts: Facts, c: Candidate, name: str, pointed: bool) -> bool:
    layout = facts.layout
    span = layout.sentences[layout.sentence_at(c.start)]
    if c.form == "counted":
        return facts.amount(_around(layout, c)) or facts.year(span) or facts.place(span) or _prominent(layout, c)
    if c.form in ("quoted", "work"):
        return True
    if c.form == "item":
        return facts.amount(span) or facts.place(span)
    size = len(name.split())
    capital = layout.text[c.start].isupper() and c.start > span[0]
    named = capital or any(w[:1].isupper() for w in name.split()[1:])
    proper = named or any(ch.isdigit() for ch in name)
    if size < 2 and not (proper and name.isdigit()):
        return False
    if c.form == "official":
        return size >= 3
    money = _money_behind(facts, c)
    if c.kind == "mo_hinh":
        if re.search(r"/ ?mô hình", layout.text[slice(*span)]):  # the norm of a support, not one model
            return False
        return facts.amount(span) or any(True for _ in programmes_in(layout.text, *span))
    if c.kind in _STANDING:
        dated = capital and facts.year((c.start, c.end))
        return money or c.cue == "results" or dated or (capital and facts.amount(span))
    money = money or pointed
    if proper:
        return money or facts.amount(span) or facts.year(span) or facts.place(span) or (named and size >= 6)
    return (size >= 3 and money) or (size >= 5 and facts.place(span))


def _prominent(layout: Layout, c: Candidate) -> bool:
    """Whether ``c`` stands in the headline or the lead, or opens an item of a list of lines."""
    paragraph = layout.paragraph_at(c.start)
    return paragraph <= 1 or layout.text[layout.paragraphs[paragraph][0]] in "*-+•("


def _money_behind(facts: Facts, c: Candidate) -> bool:
    return facts.amount((c.end, facts.layout.sentences[facts.layout.sentence_at(c.start)][1]))


def _around(layout: Layout, c: Candidate) -> Span:
    """The sentence of ``c`` with the ones before and after it, as far as they are in the same paragraph."""
    i = layout.sentence_at(c.start)
    of = layout.sentence_paragraph
    before = i - 1 if i and of[i - 1] == of[i] else i
    after = i + 1 if i + 1 < len(of) and of[i + 1] == of[i] else i
    return layout.sentences[before][0], layout.sentences[after][1]
