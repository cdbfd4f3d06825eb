"""How neighbouring candidates stand to each other: lists, brackets and chains.

``các xã A, B và C (huyện D, tỉnh E)``: B and C share the type word of A, D is the parent of all three, E of D.
"""

import re

from rules.layout import Layout
from rules.place.candidate import LEVEL_OF_TYPE, RANK, Candidate, fitting, level_of
from rules.place.context import left_words
from rules.place.gazetteer import Unit, merged_into
from rules.place.words import WORDS

_FARTHEST = 120  # code points between two names that can still be neighbours
_LIST = frozenset([",", "và", ";", ", và", "; và", "hoặc", "hay", "cùng", ", cùng", "&", "/", "với", "đến"])
_HYPHENS = frozenset(["-", "–"])
_CHAIN = frozenset(
    [
        "",
        ",",
        "thuộc",
        ", thuộc",
        "của",
        "-",
        "–",
        "ở",
        "tại",
        "cũ, thuộc",
        "cũ, nay thuộc",
        "cũ, nay là",
        "cũ (nay là",
        "cũ,",
        "nay là",
        "nay thuộc",
        ", đô thị",
        ", nay thuộc",
    ]
)
_PAREN = re.compile(r"([()])")
_HEAD = re.compile(
    r"(?<!\w)(?:các|những|\d{1,2}|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|vài|mấy|theo)(?: [\w/]+)? "
    r"(huyện|xã|phường|thị trấn|quận|thị xã|tỉnh)(?!\w)",
    re.IGNORECASE,
)
_WORD_BEHIND = re.compile(r" (\w+)")
_HEAD_TAIL = re.compile(r"(?:[ ,][^.;:()]{0,60})?(?:là|gồm|như|có|:) *\Z")


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
        if c.kind is None and c.prev is not None and c.prev.kind is None and c.gap in (",", "và"):
            c.paired = _neighbours_of_one_district(c, c.prev)
            c.prev.paired |= c.paired
    for c in items:
        lower = c.owner or (c.prev if c.gap in _CHAIN else None)
        if lower is not None and _above(c, lower):
            _set_parent(lower, c)


def _neighbours(text: str, items: list[Candidate]) -> None:
    brackets: list[tuple[Candidate | None, str]] = []
    last: Candidate | None = None
    for c in items:
        gap = text[last.end : c.start] if last is not None else ""
        if last is None or len(gap) > _FARTHEST or "\n" in gap:
            brackets.clear()
            last = c
            continue
        sibling: Candidate | None = last
        since = gap
        if "(" in gap or ")" in gap:
            since = ""
            for piece in _PAREN.split(gap):
                if piece == "(":
                    brackets.append((sibling, since))
                    sibling, since = None, ""
                elif piece == ")":
                    sibling, since = brackets.pop() if brackets else (last, "")
                else:
                    since += piece
        c.prev = sibling
        c.gap = " ".join(since.split()).lower()
        if sibling is None and brackets and brackets[-1][1].strip() == "" and len(c.gap) < 12:
            c.owner = brackets[-1][0]
        last = c


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
        same = fitting(c.units, before.kind)
        if not before.plural and c.gap == "," and _is_parent(c, before, same):
            return
        province = any(u.level == "province" for u in c.units) and before.kind != "tỉnh"
        if same and (before.plural or not province):
            c.kind, c.units, c.how, c.plural = before.kind, same, "list", before.plural
        elif not province and 1 < len(c.name.split()) < 5 and (before.plural or _merged_beside(c, before)):
            c.kind, c.units, c.how, c.plural = before.kind, (), "list", True
        return
    if before is None and (not c.units or any(u.level != "province" for u in c.units)):
        kind = _head_type(text, c.start)
        same = fitting(c.units, kind) if kind else ()
        if same:
            c.kind, c.units, c.how, c.plural = kind, same, "list", True


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
    if c.kind and lower.kind:
        return RANK[level_of(c)] < RANK[level_of(lower)]
    if c.kind is None and _contains(c, lower):
        return c.gap not in _HYPHENS or lower.kind is not None
    if c.kind is None and lower.kind is not None and (c.owner is lower or (c.gap == "," and not lower.plural)):
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
    if c.kind is not None or not (c.owner or twice or (c.prev and c.prev.kind and c.gap == ",")):
        return False
    provinces = [u for u in province.units if u.level == "province"]
    return any(u.level == "district" and within(u, p) for u in c.units for p in provinces)


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
