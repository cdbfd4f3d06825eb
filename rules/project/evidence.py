"""Is a mention an undertaking with facts, or only a word? A sum, a place, a year or receivers must stand with it.

What a mention needs depends on how it is written: a name in quotes or a title needs least, "mô hình", "chương
trình" and "kế hoạch" in lower case need most, because the press uses them for anything.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence

from rules.layout import Layout, Span
from rules.project.attributes import own_programme, programmes_in
from rules.project.lexicon import pattern
from rules.project.lists import BULLET
from rules.project.mention import Candidate, HasSpan, sentence_around

_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,]\d|\d)")
_RECEIVERS = pattern(r"(?<![\d.,])\d+\s+{receivers}")
_SITE = pattern(r"[^.;:!?]{0,40}?\b{at}\s")
_PER_UNIT = pattern(r"/ ?{kind_nouns}")
_EACH = pattern(r"(?<!\w){each}(?:\s+{one})?\s+(?:\w+\s+){1,2}[^.;]{0,30}\Z|{norms}[^.;]{0,20}\Z", re.I)
_PARTS = pattern(r"(?<!\w){breakdown}(?!\w)")  # a part of a breakdown needs no fact of its own
_BREAKS_DOWN = pattern(r"[^.;:\d]{0,60}(?<!\w){breakdown}(?: {have})?:?\s+\d")  # "37 công trình, gồm 16 …"
_COST = pattern("{costs}", re.I)
_CONTINUES = pattern("{Goes_on_about_cost}")
_SPENT_ON = pattern(r"{money}[^.;,:\d]{0,30}{purpose}\s+{carried_out}\s+\Z", re.I)
# Of two words enough tell what is done: "dự án nuôi bò, kinh phí 300 triệu đồng"
_HUSBANDRY = pattern(r"{husbandry}\s", re.I)
_OTHER_KIND = pattern(r"(?<!\w){kind_nouns}(?!\w)", re.I)
_ANYTHING = ("chuong_trinh", "ke_hoach", "mo_hinh")


class Facts:
    """Where the sums and places of a document lie."""

    def __init__(self, layout: Layout, amounts: Sequence[HasSpan], places: Sequence[HasSpan]) -> None:
        self.layout = layout
        self.amounts = sorted(a.start for a in amounts)
        self.places = sorted(p.start for p in places)

    def amount(self, span: Span) -> bool:
        """Whether a sum begins in ``span``."""
        return _any(self.amounts, span)

    def place(self, span: Span) -> bool:
        """Whether an administrative unit is named in ``span``."""
        return _any(self.places, span)

    def year(self, span: Span) -> bool:
        """Whether a year is printed in ``span``."""
        return _YEAR.search(self.layout.text, *span) is not None

    def sentence(self, c: Candidate) -> Span:
        """The sentence of ``c``."""
        return sentence_around(self.layout, c.start)

    def money_behind(self, c: Candidate) -> bool:
        """Whether a sum follows ``c`` in its sentence, or in the next one where that goes on about its cost."""
        if self.amount((c.end, self.sentence(c)[1])):
            return True
        if self.amount(self._dashed(c)):
            return True
        i, of = self.layout.sentence_at(c.start) + 1, self.layout.sentence_paragraph
        if i >= len(of) or of[i] != of[i - 1] or not _CONTINUES.match(self.layout.text, self.layout.sentences[i][0]):
            return False
        return self.amount(self.layout.sentences[i])

    def _dashed(self, c: Candidate) -> Span:
        """The lines with dashes below the line of ``c``: "1. Mô hình “Nuôi cá lồng”" / "- Kinh phí: 120 triệu đồng"."""
        lines = self.layout.paragraphs
        i = self.layout.paragraph_at(c.start)
        own = end = lines[i][1]
        while i + 1 < len(lines) and self.layout.text[lines[i + 1][0]] in "-–+*•":
            i += 1
            end = lines[i][1]
        return own, end


def _any(starts: list[int], span: Span) -> bool:
    i = bisect_left(starts, span[0])
    return i < len(starts) and starts[i] < span[1]


def supported(facts: Facts, members: list[Candidate]) -> bool:
    """Whether the mentions of one undertaking have between them the facts that their forms need."""
    named = [m for m in members if m.form != "back"]
    if all(m.cue == "source" for m in named):
        return False
    pointed = any(_pointed(facts, m) for m in members if m.form == "back")
    return any(_told(facts, m, pointed) for m in named)


def _pointed(facts: Facts, c: Candidate) -> bool:
    """Whether a mention that points back is told with facts: a sum, or at the head of its sentence a site or receivers
    ("Mô hình được triển khai tại xã A với 10 hộ tham gia")."""
    text, span = facts.layout.text, facts.sentence(c)
    if facts.money_behind(c):
        return True
    return c.start == span[0] and c.kind == "mo_hinh" and bool(_RECEIVERS.search(text, *span)) and facts.place(span)


def _told(facts: Facts, c: Candidate, pointed: bool) -> bool:
    span = facts.sentence(c)
    match c.form:
        case "quoted":
            return _quoted(facts, c, pointed)
        case "item":
            return c.rule == "project.sibling" or facts.amount(span) or facts.place(span)
        case "counted":
            return _counted(facts, c, span)
        case "work":
            return True
        case _:
            return _named(facts, c, span, pointed)


def _quoted(facts: Facts, c: Candidate, pointed: bool) -> bool:
    if c.kind not in _ANYTHING or pointed:
        return True
    around = _around(facts.layout, c)
    receivers = _RECEIVERS.search(facts.layout.text, *around) is not None
    return receivers or facts.amount(around) or facts.money_behind(c)


def _counted(facts: Facts, c: Candidate, span: Span) -> bool:
    text = facts.layout.text
    part = c.name is not None and _PARTS.search(text, span[0], c.start) is not None
    if part or _BREAKS_DOWN.match(text, c.end, span[1]) is not None:
        return True
    return facts.amount(_around(facts.layout, c)) or facts.year(span) or facts.place(span) or _prominent(facts, c)


def _named(facts: Facts, c: Candidate, span: Span, pointed: bool) -> bool:
    """Whether a name without quotes is told with the facts that its kind needs."""
    if _PER_UNIT.search(facts.layout.text, *span) or _EACH.search(facts.layout.text, span[0], c.start):
        return False  # the norm of a support ("1 tỷ đồng / công trình", "mỗi đề án, đề tài …")
    if facts.layout.title == span:  # a headline shortens: without a sum the text must say it again
        return facts.amount(span)
    name = facts.layout.text[slice(*c.name)] if c.name else ""
    size = len(name.split())
    if size < 2 and not (len(name) > 1 and name[:2].isdigit()) and not _is_programme(facts, c):
        return False  # "Chương trình 135", "Chương trình OCOP" are names of one word
    if c.form == "official" and c.kind not in _ANYTHING:
        return size >= 3
    match c.kind:
        case "mo_hinh":
            return pointed or _model(facts, c, span)
        case "ke_hoach" | "chuong_trinh":
            return _standing(facts, c, span, pointed)
        case _:
            return _plain(facts, c, span, name, facts.money_behind(c) or pointed)


def _model(facts: Facts, c: Candidate, span: Span) -> bool:
    text = facts.layout.text
    if facts.amount(span) or facts.money_behind(c) or _RECEIVERS.search(text, *span):
        return True
    if c.name and len(text[slice(*c.name)].split()) >= 5 and text[c.start].isupper():
        around = _around(facts.layout, c)
        return facts.amount(around) or facts.place(around)
    site = _SITE.match(text, c.end, span[1])
    return bool(site and facts.place((site.end(), site.end() + 12))) or bool(programmes_in(text, *span))


def _is_programme(facts: Facts, c: Candidate) -> bool:
    return c.kind == "chuong_trinh" and own_programme(facts.layout.text, c) is not None


def _standing(facts: Facts, c: Candidate, span: Span, pointed: bool) -> bool:
    text = facts.layout.text
    capital = text[c.start].isupper() and c.start > span[0]
    if capital and (pointed or facts.year((c.start, c.end)) or facts.amount(span)):
        return True
    if pointed and c.kind == "chuong_trinh" and c.name and len(text[slice(*c.name)].split()) >= 4:
        return True
    if c.kind == "ke_hoach" and not capital:
        if facts.year((c.start, c.end)):  # "Trong kế hoạch đầu tư công năm 2021, huyện được giao 185 tỷ đồng"
            return facts.money_behind(c)
        return bool(_COST.search(text, c.end, span[1])) and facts.amount((c.end, span[1]))
    return facts.money_behind(c) or c.cue == "results" or _paid_for(facts, c, span)


def _paid_for(facts: Facts, c: Candidate, span: Span) -> bool:
    """Whether the words before ``c`` spend a sum on it: "huy động 400 tỷ đồng để thực hiện chương trình …"."""
    m = _SPENT_ON.search(facts.layout.text, span[0], c.start)
    return m is not None and facts.amount((span[0], m.start() + 1)) and not _OTHER_KIND.search(m.group())


def _plain(facts: Facts, c: Candidate, span: Span, name: str, money: bool) -> bool:
    size = len(name.split())
    capital = facts.layout.text[c.start].isupper() and c.start > span[0]
    named = capital or any(w[:1].isupper() for w in name.split()[1:])
    if named or any(map(str.isdigit, name)):
        return money or (named and size >= 6) or facts.amount(span) or facts.year(span) or facts.place(span)
    if money and (size >= 3 or (size == 2 and _is_husbandry(facts, c, span, name))):
        return True
    return (size >= 4 and facts.amount(span)) or (size >= 5 and c.kind != "cong_trinh" and facts.place(span))


def _is_husbandry(facts: Facts, c: Candidate, span: Span, name: str) -> bool:
    return _HUSBANDRY.match(name) is not None and ":" not in facts.layout.text[c.end : span[1]]


def _prominent(facts: Facts, c: Candidate) -> bool:
    """Whether ``c`` stands in the headline or the lead, or opens an item of a list of lines."""
    paragraph = facts.layout.paragraph_at(c.start)
    return paragraph <= 1 or BULLET.match(facts.layout.text, facts.layout.paragraphs[paragraph][0]) is not None


def _around(layout: Layout, c: Candidate) -> Span:
    """The sentence of ``c`` with the ones before and after it, as far as they are in the same paragraph."""
    i = layout.sentence_at(c.start)
    of = layout.sentence_paragraph
    before = i - 1 if i and of[i - 1] == of[i] else i
    after = i + 1 if i + 1 < len(of) and of[i + 1] == of[i] else i
    first, last = sentence_around(layout, c.start)
    before_span, after_span = layout.sentences[before], layout.sentences[after]
    return (first if before == i else before_span[0]), (last if after == i else after_span[1])
