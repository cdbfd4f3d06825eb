"""How neighbouring candidates stand to each other: lists, brackets and chains.

``các xã A, B và C (huyện D, tỉnh E)``: B and C share the type word of A, D is the parent of all three, E of D.
"""

import re

from rules.place.gazetteer import Unit
from rules.place.scan import LEVEL_OF_TYPE, Candidate, fitting

_RANK = {"province": 0, "district": 1, "commune": 2}
_FARTHEST = 120  # code points between two names that can still be neighbours
_LIST = frozenset(
    [",", "và", ";", ", và", "; và", "-", "–", "hoặc", "hay", "cùng", ", cùng", "&", "/", "với", "đến", ""]
)
_CHAIN = frozenset([",", "thuộc", ", thuộc", "của", "-", "–", "ở", "tại", "cũ, thuộc", "cũ,", "nay là", "nay thuộc"])
_PAREN = re.compile(r"([()])")
_HEAD = re.compile(
    r"(?<!\w)(?:các|những|\d{1,2}|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|vài|mấy|theo)(?: [\w/]+)? "
    r"(huyện|xã|phường|thị trấn|quận|thị xã|tỉnh)(?-i:(?! [A-ZĐ]))(?:[ ,][^.;:()]{0,60}?)?(?:là|gồm|như|có|:) *\Z",
    re.IGNORECASE,
)


def within(unit: Unit, above: Unit) -> bool:
    """Whether a unit lies in (or is) another one of the same list."""
    step: Unit | None = unit
    while step is not None:
        if step is above:
            return True
        step = step.parent
    return False


def inside_of(unit: Unit, above: Unit) -> bool:
    """Like :func:`within`; a unit of an ended district lies in one of its successors now."""
    if above.regime != "ended" or above.level != "district":
        return within(unit, above)
    return unit.parent is not None and (unit.parent is above or unit.parent.code in above.now)


def level_of(c: Candidate) -> str:
    """Level of a candidate with a type word."""
    if c.kind in ("xã", "phường", "thị trấn"):
        return "commune"
    if c.kind == "tỉnh" or (c.units and all(u.level == "province" for u in c.units)):
        return "province"
    return "district"


def relate(text: str, items: list[Candidate]) -> None:
    """Set ``prev``, ``gap`` and ``owner``, inherited ``kind`` and ``units``, and ``parent`` of all candidates."""
    _neighbours(text, items)
    for c in items:
        if c.kind is None:
            _share_type(text, c)
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


def _share_type(text: str, c: Candidate) -> None:
    """Let a bare name take the type word of the list that it stands in."""
    before = c.prev if c.gap in _LIST else None
    if before is not None and before.kind is not None:
        same = fitting(c.units, before.kind)
        if not before.plural and c.gap != "và" and _contains(c, before):
            return
        province = any(u.level == "province" for u in c.units) and before.kind != "tỉnh"
        if same and (before.plural or not province):
            c.kind, c.units, c.how, c.plural = before.kind, same, "list", before.plural
        elif before.plural and not province and len(c.name.split()) < 5:
            c.kind, c.units, c.how, c.plural = before.kind, (), "list", True
        return
    if before is None and (not c.units or any(u.level != "province" for u in c.units)):
        begin = max(0, c.start - 90, text.rfind("\n", 0, c.start) + 1)
        head = _HEAD.search(text[begin : c.start])
        if head:
            kind = head[1].lower()
            same = fitting(c.units, kind)
            if same:
                c.kind, c.units, c.how, c.plural = kind, same, "list", True


def _contains(c: Candidate, lower: Candidate) -> bool:
    return any(within(u, a) and u is not a for a in c.units for u in lower.units or lower.other)


def _above(c: Candidate, lower: Candidate) -> bool:
    if c.kind and lower.kind:
        return _RANK[level_of(c)] < _RANK[level_of(lower)]
    if c.kind is None and _contains(c, lower):
        return True
    if c.kind is None and lower.kind is not None and c.owner is lower:
        rank = _RANK[level_of(lower)]
        return any(_RANK[u.level] < rank for u in c.units)
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
