"""How neighbouring candidates stand to each other: lists, brackets and chains.

``các xã A, B và C (huyện D, tỉnh E)``: B and C share the type word of A, D is the parent of all three, E of D.
"""

import re
from collections.abc import Iterable, Sequence

from rules.language.patterns import Patterns
from rules.layout import Layout
from rules.place.candidate import LEVEL_OF_TYPE, RANK, Candidate, fitting, level_of
from rules.place.context import left_words
from rules.place.gazetteer import Unit, load, merged_into
from rules.place.words import WORDS

_FARTHEST = 120  # code points between two names that can still be neighbours
_pattern = Patterns("rules.place", "grammar", r"\ ")
_LIST = frozenset(_pattern.phrases("list_gaps"))
_HYPHENS = frozenset(["-", "–"])
_CHAIN = frozenset(_pattern.phrases("chain_gaps"))
_PAREN = re.compile(r"([()])")
_HEAD = _pattern(r"(?<!\w)(?:{several}|\d{1,2})(?: [\w/]+)? ({head_types})(?!\w)", re.IGNORECASE)
_WORD_BEHIND = re.compile(r" (\w+)")
_HEAD_TAIL = _pattern(r"(?:[ ,][^.;:()]{0,60})?{names_follow} *\Z")


def within(unit: Unit, above: Unit) -> bool:
    """Whether a unit lies in (or is) another one of the same list."""
    step: Unit | None = unit
    while step is not None:
        if step is above:
            return True
        step = step.parent
    return False


def inside_of(unit: Unit, above: Unit) -> bool:
    """Like :func:`within`; what lay in an ended unit lies in one of its successors now, and in a province of today."""
    if above.regime == "current" and unit.regime == "legacy":  # huyện Vĩnh Thạnh cũ, nay thuộc tỉnh Gia Lai
        return unit.holder is not None and within(unit.holder, above)
    step: Unit | None = unit
    while step is not None:
        if step is above or (above.regime == "ended" and step.code in above.now and step is not unit):
            return True
        step = step.parent
    return False


def relate(text: str, items: list[Candidate]) -> None:
    """Set ``prev``, ``gap`` and ``owner``, inherited ``kind`` and ``units``, and ``parent`` of all candidates."""
    _neighbours(text, items)
    for c in items:
        if c.gap in _HYPHENS and c.prev is not None:
            _mark_route(text, c.prev, c)
        if c.kind is None:
            _share_type(text, c)
            _pair(c)
    for c in items:
        lower = c.owner or (c.prev if c.gap in _CHAIN else None)
        if lower is not None and _above(c, lower):
            _set_parent(lower, c)


def _pair(c: Candidate) -> None:
    """Mark two bare names side by side that are communes of one district."""
    if c.kind is None and c.prev is not None and c.prev.kind is None and c.gap in (",", "và"):
        c.paired = _neighbours_of_one_district(c, c.prev)
        c.prev.paired |= c.paired


_Brackets = list[tuple[Candidate | None, str]]  # for each open one the name before it, and what stands between


def _neighbours(text: str, items: list[Candidate]) -> None:
    brackets: _Brackets = []
    last: Candidate | None = None
    for c in items:
        gap = text[last.end : c.start] if last is not None else "\n"
        if last is None or len(gap) > _FARTHEST or "\n" in gap:
            brackets.clear()
            last = c
            continue
        c.prev, since = _through_brackets(gap, last, brackets)
        c.gap = " ".join(since.split()).lower()
        if c.prev is None and brackets and not brackets[-1][1].strip() and len(c.gap) < 12:
            c.owner = brackets[-1][0]
        last = c


def _through_brackets(gap: str, last: Candidate, brackets: _Brackets) -> tuple[Candidate | None, str]:
    """The name before a gap at the same depth (None where a bracket opens in between), and what stands since then."""
    if "(" not in gap and ")" not in gap:
        return last, gap
    sibling: Candidate | None = last
    since = ""
    for piece in _PAREN.split(gap):
        if piece == "(":
            brackets.append((sibling, since))
            sibling, since = None, ""
        elif piece == ")":
            sibling, since = brackets.pop() if brackets else (last, "")
        else:
            since += piece
    return sibling, since


def _mark_route(text: str, a: Candidate, b: Candidate) -> None:
    """``cao tốc A - B``: two ends of a road, not two places."""
    if a.kind not in (None, "thành phố") or b.kind not in (None, "thành phố"):
        return
    if a.route or any(word in WORDS.route for word in left_words(text, a.start)[-4:]):
        a.route = b.route = True


def _share_type(text: str, c: Candidate) -> None:
    """Let a bare name take the type word of the list that it stands in."""
    before = c.prev if c.gap in _LIST else None
    if before is not None and before.kind is not None and not _is_half(text, c):
        _share_type_of(before, before.kind, c)
    elif before is None and (not c.units or any(u.level != "province" for u in c.units)):
        kind = _head_type(text, c.start)
        same = fitting(c.units, kind) if kind else ()
        if same:
            c.kind, c.units, c.how, c.plural = kind, same, "list", True


def _share_type_of(before: Candidate, kind: str, c: Candidate) -> None:
    """Let a bare name take the type word of the name before it: a unit of that type, or one that no list has."""
    same = fitting(c.units, kind)
    if not before.plural and c.gap == "," and _is_parent(c, before, same):
        return
    province = kind != "tỉnh" and any(u.level == "province" for u in c.units)
    if same and (before.plural or not province):
        c.kind, c.units, c.how, c.plural = kind, same, "list", before.plural
    elif not province and _is_unlisted(c, before):
        c.kind, c.units, c.how, c.plural = kind, (), "list", True


def _is_unlisted(c: Candidate, before: Candidate) -> bool:
    """Whether a name of a list that no unit of that type has may be one all the same."""
    return 1 < len(c.name.split()) < 5 and (before.plural or _merged_beside(c, before))


def _is_half(text: str, c: Candidate) -> bool:
    """Whether one syllable is the beginning of another word: ``phường A và Thanh tra xây dựng``."""
    behind = _WORD_BEHIND.match(text, c.end) if " " not in c.name else None
    return behind is not None and behind[1].islower() and behind[1] not in WORDS.locative | WORDS.clause


def _merged_beside(c: Candidate, before: Candidate) -> bool:
    """Whether a name in no list is that of a unit merged into a neighbour of the name before it."""
    districts = {u.parent for u in before.units if u.level == "commune"}
    return bool(districts) and any(heir.parent in districts for heir in merged_into(c.key))


def _neighbours_of_one_district(a: Candidate, b: Candidate) -> bool:
    homes = [{u.parent for u in c.units if u.level == "commune" and u.regime == "legacy"} for c in (a, b)]
    return bool(homes[0] & homes[1])


def _head_type(text: str, start: int) -> str | None:
    """The type word of ``4 phường bên trong khu vực kinh thành là …`` before a list that begins at ``start``."""
    if text[start - 1 : start] != " " or text[max(0, start - 2)] not in ":àmưóÀM":
        return None
    begin = max(0, start - 90)
    window = text[max(begin, text.rfind("\n", begin, start) + 1) : start]
    heads = list(_HEAD.finditer(window))
    return heads[-1][1].lower() if heads and _HEAD_TAIL.match(window, heads[-1].end()) else None


def _is_parent(c: Candidate, lower: Candidate, same: tuple[Unit, ...]) -> bool:
    """``xã A, B``: B is the district of A rather than a second commune, unless both are known as neighbours."""
    if _contains(c, lower):
        return True
    rank = RANK[level_of(lower)]
    higher = any(RANK[u.level] < rank and u.level != "province" for u in c.units)
    neighbours = {u.parent for u in same} & {u.parent for u in lower.units}
    return higher and not any(above is not None and above.level == "district" for above in neighbours)


def _contains(c: Candidate, lower: Candidate) -> bool:
    return any(within(u, a) and u is not a for a in c.units for u in lower.units or lower.other)


def _above(c: Candidate, lower: Candidate) -> bool:
    if c.kind:
        return lower.kind is not None and RANK[level_of(c)] < RANK[level_of(lower)]
    if _contains(c, lower):
        return c.gap not in _HYPHENS or lower.kind is not None
    if lower.kind is not None and (c.owner is lower or (c.gap == "," and not lower.plural)):
        rank = RANK[level_of(lower)]
        return any(RANK[u.level] < rank for u in c.units)
    return False


def _set_parent(lower: Candidate, parent: Candidate) -> None:
    """The parent of one name is that of the names listed before it."""
    step: Candidate | None = lower
    while step is not None and step.parent is None:
        step.parent = parent
        step = step.prev if step.gap in _LIST and step.prev is not None and _alike(step.prev, lower) else None


def _alike(a: Candidate, b: Candidate) -> bool:
    if a.kind and b.kind:
        return LEVEL_OF_TYPE[a.kind] == LEVEL_OF_TYPE[b.kind]
    return not a.kind and not b.kind


def is_seat(c: Candidate, province: Candidate) -> bool:
    """``xã A (Quảng Ninh, Quảng Bình)``, ``Cao Bằng, Cao Bằng``: a district that has the name of a province."""
    twice = c.key == province.key and c.gap not in ("đến", "tới")  # not "đến Cà Mau, Cà Mau đến Kiên Giang"
    behind = c.prev is not None and c.prev.kind is not None and c.gap == ","
    if c.kind is not None or not (c.owner or twice or behind):
        return False
    provinces = {u for u in province.units if u.level == "province"}
    return any(u.province in provinces for u in c.units if u.level == "district")


def listed_before(c: Candidate) -> Unit | None:
    """The unit that is named before a candidate in a list."""
    return c.prev.found if c.prev is not None and c.gap in (",", "và") else None


def related(units: Sequence[Unit], lower: Candidate | None, parent: Unit | None) -> list[Unit]:
    """Those of the units that hold the one below, or lie in the one above."""
    if lower is not None:
        return [u for u in units if any(inside_of(low, u) for low in lower.units)] or list(units)
    return [u for u in units if parent is not None and inside_of(u, parent)]


def parent_of(c: Candidate) -> Unit | None:
    """The unit above that is printed with a candidate."""
    return c.parent.found if c.parent is not None else None


def heir_of(c: Candidate, homes: Iterable[Unit]) -> Unit | None:
    """The unit of one of ``homes`` that took up the one which the candidate names."""
    return next((u for home in homes for u in merged_into(c.key) if inside_of(u, home)), None)


def wrong_type(c: Candidate, parent: Unit) -> list[Unit]:
    """``huyện Long Hòa, Cần Giờ``: a commune printed with the wrong type word, its parent says so."""
    if level_of(c) != "district" or parent.level != "district":
        return []
    return [u for u in load().by_key.get(c.key, ()) if within(u, parent) and u is not parent][:1]


def without_overlaps(candidates: list[Candidate], layout: Layout) -> list[Candidate]:
    """Candidates in text order, the first of overlapping ones, none in the byline."""
    kept: list[Candidate] = []
    end = 0
    begin, stop = layout.byline or (-1, -1)
    for c in candidates:
        if c.start >= end and not (begin <= c.start < stop):
            kept.append(c)
            end = c.end
    return kept
