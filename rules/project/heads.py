"""Undertakings named behind a kind word: 'Đề án nhóm "…”', "dự án nâng cấp đường …", "3 đề án"."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from rules.layout import Layout, Span
from rules.project.counts import count_before
from rules.project.lexicon import alternatives, kinds, table, words
from rules.project.mention import Candidate
from rules.project.names import OPENING, is_title, name_end, quoted, trim
from rules.project.works import list_items

_KEEPS_YEAR = ("ke_hoach", "chuong_trinh")


@cache
def _head() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?P<sub>tiểu\s+|nhóm\s+)?(?P<kind>{alternatives(kinds())})(?!\w)", re.I)


@cache
def _after() -> re.Pattern[str]:
    modifiers = alternatives(words("heads", "modifiers"))
    naming = alternatives(words("heads", "naming"))
    return re.compile(
        rf"(?P<mod>(?:\s+(?:{modifiers})\d*(?!\w))*)(?P<naming>\s+(?:{naming})(?:\s+là)?(?!\w)|(?<=\d)\s+là(?=\s)|\s+là(?=\s+(?-i:[A-ZĐÁÂÊÔƯỨ])))?\s*(?P<colon>:)?\s*",
        re.I,
    )


@cache
def _before(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{alternatives(words('heads', key))})\s+$", re.I)


@cache
def _blocked(kind: str) -> re.Pattern[str]:
    of_kind = table("words.toml")["heads"]["blocked_before_kind"].get(kind, [])
    return re.compile(rf"(?<!\w)(?:{alternatives(words('heads', 'blocked_before') + of_kind)})\s+$", re.I)


@cache
def _no_name() -> re.Pattern[str]:
    return re.compile(rf"(?:{alternatives(words('heads', 'generic_openings'))})(?:(?<=\d)|(?!\w))")


@cache
def _pointing() -> re.Pattern[str]:
    return re.compile(rf"\s+(?:{alternatives(words('heads', 'pointing'))})(?!\w)", re.I)


@cache
def _generic() -> frozenset[str]:
    return frozenset(words("heads", "generic_names"))


_LISTED = re.compile(r"(?:nhiệm vụ|chương trình|đề án|dự án|mô hình|công trình|kế hoạch)\s*(?:,|và|/)\s*\Z", re.I)


def find_heads(layout: Layout, amount_starts: Sequence[int]) -> list[Candidate]:
    """All mentions behind kind words, in text order; one that lies inside the name of another is left out.

    ``amount_starts`` are the offsets of the sums, ascending: no name without quotes runs over a sum.
    """
    found: list[Candidate] = []
    free_from = 0
    for m in _head().finditer(layout.text):
        if m.start() < free_from:
            continue
        new = _candidates(layout, m, amount_starts)
        found += new
        if new:
            free_from = max(new[-1].end, m.end())
    return found


def _candidates(layout: Layout, m: re.Match[str], amount_starts: Sequence[int]) -> list[Candidate]:
    text = layout.text
    first, last = layout.sentences[layout.sentence_at(m.start())]
    kind = kinds()[" ".join(m["kind"].lower().split())]
    start = _first_noun(text, m.start(), first)
    counted = count_before(text, start, first)
    left = text[max(first, start - 32) : start]
    if _blocked(kind).search(left):
        return []
    next_amount = bisect_left(amount_starts, m.end())
    limit = min([last, *amount_starts[next_amount : next_amount + 1]])
    if counted is not None:
        number, at = counted
        if (m["sub"] or "").strip().lower() == "nhóm" or _PARTITIVE.search(text, max(first, at - 16), at):
            return []
        if number > 1 or text[at].isdigit():
            group = _counted(text, m, kind, at, number, limit, last)
            return [group] if group else []
        start = at
    if _before("plural").search(left):
        return _plural(text, m, kind, last)
    keys = ("results", "source") if kind in _KEEPS_YEAR else ("results",)
    cue = next((key for key in keys if _before(f"{key}_before").search(left)), "")
    single = _single(text, m, kind, limit, last, cue)
    return [single] if single else []


_DESCRIBED = re.compile(r"(?<!\w)là(?:\s+một)?\s+\Z")  # "X là dự án sản xuất …" describes X
_PARTITIVE = re.compile(r"một trong(?: số)?\s+\Z", re.I)


def _first_noun(text: str, start: int, floor: int) -> int:
    """Start of the first of two nouns under one count ("8 nhiệm vụ, đề án"), else ``start``."""
    listed = _LISTED.search(text, max(floor, start - 16), start)
    return listed.start() if listed and count_before(text, listed.start(), floor) else start


def _counted(text: str, m: re.Match[str], kind: str, at: int, number: int, limit: int, last: int) -> Candidate | None:
    """ "5 đề án ứng dụng thiết bị mới": the description, where there is one, is the group's name."""
    begin = _skip_spaces(text, m.end())
    if begin < last and text[begin] in OPENING and (q := quoted(text, begin, last)):
        return Candidate(at, q[1], kind, "counted", "project.counted.quoted", q[0], number)
    name = _plain_name(text, begin, limit, kind)
    end = name[1] if name else m.end()
    if name and is_generic(text[slice(*name)]):
        name = None
    if name is None and number == 1:
        return None
    return Candidate(at, end, kind, "counted", "project.counted", name, number)


def _plural(text: str, m: re.Match[str], kind: str, last: int) -> list[Candidate]:
    """ "các đề án: "…”; …", "các dự án Khu A, Công viên B": only listed names are undertakings here."""
    after = _after().match(text, m.end(), last)
    if not after or after.end() >= last:
        return []
    begin = after.end()
    if text[begin] in OPENING and (q := quoted(text, begin, last)):
        return [Candidate(m.start(), q[1], kind, "quoted", "project.quoted", q[0])]
    if after["colon"] or is_title(text, begin):
        return list_items(text, begin, last, kind)
    return []


def _single(text: str, m: re.Match[str], kind: str, limit: int, last: int, cue: str) -> Candidate | None:
    after = _after().match(text, m.end(), last)
    begin = after.end() if after else m.end()
    start = m.start()
    back = Candidate(start, m.end(), kind, "back", "project.back", cue=cue)
    if after and begin < last and text[begin] in OPENING:
        q = quoted(text, begin, last)
        if q is None:
            end = name_end(text, begin + 1, limit, official=True)
            q = (trim(text, (begin + 1, end)), end)
        if _is_name(text[slice(*q[0])]):
            return Candidate(start, q[1], kind, "quoted", "project.quoted", q[0], cue=cue)
    if _pointing().match(text, m.end(), last):
        return back
    if after and after["colon"] and not (begin < last and text[begin].isupper()):
        return None
    name = _plain_name(text, begin, limit, kind)
    if name is None or is_generic(text[slice(*name)]):
        return back
    official = is_title(text, name[0])
    if not official and _DESCRIBED.search(text, max(0, start - 12), start):
        return back
    rule = "project.named" if after and after["naming"] else "project.title" if official else "project.plain"
    return Candidate(start, name[1], kind, "official" if official else "plain", rule, name, cue=cue)


def _plain_name(text: str, begin: int, limit: int, kind: str) -> Span | None:
    begin = _skip_spaces(text, begin)
    if begin >= limit or _no_name().match(text, begin) or not text[begin].isalnum():
        return None
    official = is_title(text, begin)
    end = name_end(text, begin, limit, official, keep_year=official or kind in _KEEPS_YEAR)
    name = trim(text, (begin, end))
    return name if name[0] < name[1] else None


def _is_name(quoted_words: str) -> bool:
    """Whether words in quotes are a name, not a mocking adjective ("dự án “ma”", "công trình “nghìn tỷ”")."""
    size = len(quoted_words.split())
    return size >= 4 or (size >= 2 and quoted_words[0].isupper() and not is_generic(quoted_words))


def is_generic(name: str) -> bool:
    """Whether ``name`` only classifies: "đầu tư", "khuyến công địa phương".

    >>> is_generic("Khuyến công địa phương"), is_generic("nuôi lươn")
    (True, False)
    """
    return " ".join(name.lower().split()) in _generic()


def _skip_spaces(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\u00a0":
        at += 1
    return at
