"""The programme that pays for an undertaking: from its own words, its sentence, the list or paragraph before it."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from rules.language.letters import lowered
from rules.layout import Layout
from rules.project.lexicon import alternatives, pattern, table
from rules.project.lists import list_close, list_intro
from rules.project.mention import Candidate, sentence_around

_OPEN = "open"
_LENDS = {"tin_dung_chinh_sach"}  # the bank lends to the people around an undertaking; it pays for none
_BY_NATURE = {"de_tai": "khcn"}
_GIVES = pattern(r"\s+{gives}(?!\w)")
_SOURCE = pattern("{Sums_up_money}")
_PAYS = pattern(r"{pays}\s[^,.;]{0,24}\Z", re.I)
_PART = pattern(r"(?<!\w){of_which}(?!\w)")
_FUNDING_REACH = 700
_DESCRIBING = 16  # code points before a programme in which a describing word stands
# Behind a programme: it pays a sum ("khuyến công quốc gia năm 2023 hỗ trợ 480 triệu đồng")
_PAID = pattern(
    r"(?:\s+(?:{year}\s+)?(?:19|20)\d\d)?(?:\s+(?:{already}\s+)?{paid})?:?\s+(?:{is_about}\s+)?"
    r"\d[\d.,]*\s*{dong}",
    re.I,
)
_OTHER_NAMED = pattern(r"{quoted_kinds}\s+[\"“«]|\d\s+{counted_kinds}", re.I)
_BELOW = pattern(r"{below}[^.]{0,40}[.:]?\s*\Z")
_BELOW_REACH = 60  # code points at the end of a paragraph
_SOME = pattern(r"{Some}(?!\w)[^.;]{0,80}:\s*\Z")  # lists what was told of
_POINTS_UP = pattern(r"{money_words}[^.]{0,12}\s{points_up}", re.I)
_POINTING = tuple(f" {phrase}" for phrase in pattern.phrases("points_up"))  # found much faster than the pattern
_GOES_ON = pattern(r"{Of_these}(?!\w)")


@cache
def _programme() -> tuple[re.Pattern[str], dict[str, str]]:
    slug_of = {phrase: slug for slug, phrases in table("programmes").items() for phrase in phrases}
    return re.compile(alternatives(slug_of)), slug_of


@cache
def _describes() -> dict[str, re.Pattern[str]]:
    """For a programme the words right before it with which it is no source of money ("sản phẩm OCOP")."""
    lists = table("descriptive").items()
    return {slug: re.compile(rf"(?<!\w)(?:{alternatives(phrases)})\s+\Z") for slug, phrases in lists}


@lru_cache(maxsize=4)
def _all_programmes(text: str) -> tuple[tuple[int, int, str], ...]:
    """(start, end, slug) of each programme phrase of a document; kept, because each undertaking asks for it."""
    pattern, slug_of = _programme()
    lower = lowered(text)
    found = (m for m in pattern.finditer(lower) if not lower[m.start() - 1 : m.start()].isalnum())
    named = ((*m.span(), slug_of[" ".join(m.group().split())]) for m in found)
    describes = _describes()
    return tuple(
        (start, end, slug)
        for start, end, slug in named
        if slug not in describes or not describes[slug].search(lower, max(0, start - _DESCRIBING), start)
    )


def programmes_in(text: str, start: int, end: int) -> list[tuple[int, str]]:
    """(offset, slug) of each programme phrase in ``text[start:end]``."""
    return [(a, slug) for a, b, slug in _all_programmes(text) if start <= a and b <= end]


def standing_programme(text: str, start: int, limit: int) -> int | None:
    """End of the programme phrase that begins at ``start``, where a verb of giving follows ("OCOP hỗ trợ …")."""
    end = next((b for a, b, _ in _all_programmes(text) if a == start and b <= limit), None)
    return end if end and _GIVES.match(text, end) else None


def own_programme(text: str, c: Candidate) -> str | None:
    """The programme named inside the mention ``c``, where it names one only."""
    own = {slug for _, slug in programmes_in(text, c.start, c.end)} - {_OPEN}
    return own.pop() if len(own) == 1 else None


def programme_of(layout: Layout, members: Sequence[Candidate]) -> str | None:
    """The programme of the undertaking that ``members`` name, nearest words first; None where none is named, or two
    at the same distance."""
    text = layout.text
    for m in members:
        if slug := own_programme(text, m):
            return slug
    if members[0].kind == "chuong_trinh":
        return None
    near = next((slug for m in members if (slug := _near(layout, m)) and slug not in _LENDS), None)
    near = near or _paid_below(layout, members[0])
    return None if near == _OPEN else near or _BY_NATURE.get(members[0].kind)


def _paid_below(layout: Layout, c: Candidate) -> str | None:
    """The one programme that is said below to have paid."""
    paid = {slug for _, _, slug in funding_below(layout, c)} - _LENDS if c.count is None else set()
    return paid.pop() if len(paid) == 1 else None


def funding_below(layout: Layout, c: Candidate) -> list[tuple[int, int, str]]:
    """(start, end, slug) of the programmes that the sentences behind ``c``, up to the end of the next paragraph, say
    to have paid ("… trong đó kinh phí khuyến công địa phương năm 2023 hỗ trợ 200 triệu đồng"), as far as no other
    undertaking is named."""
    text, first = layout.text, sentence_around(layout, c.start)[1]
    below = layout.paragraphs[min(layout.paragraph_at(c.start) + 1, len(layout.paragraphs) - 1)]
    end = max(first, min(below[1], first + _FUNDING_REACH))
    paid = [
        (a, b, slug)
        for a, b, slug in _all_programmes(text)
        if first <= a and b <= end and slug != _OPEN and _PAID.match(text, b, end)
    ]
    other = _OTHER_NAMED.search(text, first, end) if paid else None
    return [p for p in paid if p[1] <= other.start()] if other else paid


def _near(layout: Layout, c: Candidate) -> str | None:
    text = layout.text
    first, last = sentence_around(layout, c.start)
    if c.form == "back":
        behind = [slug for at, slug in programmes_in(text, c.end, last) if _PAYS.search(text, c.end, at)]
        return behind[0] if len({*behind}) == 1 else None
    # "25 đề án, trong đó xin từ khuyến công quốc gia 1,2 tỷ đồng": the whole is not of that source
    part = _PART.search(text, c.end, last) if c.count else None
    behind = [slug for _, slug in programmes_in(text, c.end, part.start() if part else last)]
    before = [slug for _, slug in programmes_in(text, first, c.start)]
    if before:
        return before[-1]
    if behind:
        return behind[0] if len({*behind}) == 1 else None
    return _above(layout, c, first)


def _above(layout: Layout, c: Candidate, first: int) -> str | None:
    """The programme of the paragraph so far, of the list's head, of the line that closes the list, or of the paragraph
    before where the sentence points back to it ("Từ nguồn vốn này, …")."""
    text, i = layout.text, layout.paragraph_at(c.start)
    begin = layout.paragraphs[i][0]
    spans = [(begin, first)]
    if intro := list_intro(layout, c.start):
        spans.append(intro)
        above = layout.paragraph_at(intro[0]) - 1
        if above >= 0 and _SOME.match(text, *intro):
            spans.append(layout.paragraphs[above])
    elif i and (_points_up(text, begin, c.start) or text.startswith("Riêng ", begin)):
        spans.append(layout.paragraphs[i - 1])
    for span in spans:
        if near := programmes_in(text, *span):
            # "5 đề án quốc gia và 13 đề án địa phương. … nghiệm thu 4 đề án", "Riêng đề án A …": of either
            beside = layout.sentences[layout.sentence_at(near[-1][0])][0]
            told = len({slug for at, slug in near if at >= beside}) > 1
            mixed = told and (c.count is not None or text.startswith("Riêng ", first))
            return None if mixed else near[-1][1]
    for span in reversed(layout.paragraphs[max(0, i - 2) : i]):
        if _BELOW.search(text, max(span[0], span[1] - _BELOW_REACH), span[1]) and (near := programmes_in(text, *span)):
            return near[-1][1]
    close = list_close(layout, c.start)
    if close and _SOURCE.match(text, close[0]):
        return next((slug for _, slug in programmes_in(text, *close)), None)
    return None


def _points_up(text: str, begin: int, at: int) -> bool:
    """Whether the paragraph from ``begin`` to ``at`` takes up the money or the count told in the one before."""
    if _GOES_ON.match(text, begin):
        return True
    if all(text.find(word, begin, at) < 0 for word in _POINTING):
        return False
    return _POINTS_UP.search(text, begin, at) is not None
