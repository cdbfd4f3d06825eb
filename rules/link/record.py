"""What the linked sums and receivers of one undertaking add up to."""

import re
from collections.abc import Sequence
from typing import TypeVar

from rules.layout import Layout
from rules.link.figures import repeats, stands_for
from rules.link.mention import Link, Receiver, Record, Sum
from rules.link.scene import Scene
from rules.link.words import ends, pattern, starts, within

M = TypeVar("M")
_EACH, _CUT = ends("each", gap=9), within("cut")
_SUPERSEDED, _PART = within("superseded"), within("breakdown")
_PART_BEFORE = ends("breakdown", gap=3)
_OF_EACH = starts("each")
_WHOLE = within("whole")
_ONE_OF = pattern(r"(?<!\w){one_of} \Z", re.IGNORECASE)  # "HTX A là một trong ba cơ sở …"
_PERSON = pattern(
    r"\s*{Persons}\s[^.;]{0,60}?(?<!\w){person_gets}\s"
    r"|\s*{firms}\s(?:[{UPPER}]|\w+\s[{UPPER}])[^.;]{0,90}?(?<!\w){firm_gets}\s"
    r"|\s*{Thanks_to}\s[^.;,]{0,40}{given}[^.;,]{0,20},\s{helped}\s"
)
_OTHERS = pattern(r"\s{other}(?!\w)")  # "310 hộ khác": not of the group told before
_SAID = pattern(r"(?<!\w){said}(?!\w)")
_REACH = 600  # code points before a sum in which its sentence is looked for to open
_MOST = 200  # sums of one undertaking that are compared with each other: a text of figures must not cost its square
_PART_REACH = 600  # code points behind a whole in which its parts are told
# "5 triệu đồng/hộ", "200 triệu đồng mỗi km", "40 tỷ đồng một năm"
_PER = pattern(r"\s?/\s?[^\W\d]|\s{per}\s{rate_units}(?!\w)")


def records(
    scene: Scene, amounts: Sequence[Sum], sums: Sequence[Link], receivers: Sequence[Receiver], owners: Sequence[Link]
) -> tuple[Record, ...]:
    """One record for each undertaking, in their order."""
    done = []
    own_sums, own_receivers = _by_project(amounts, sums), _by_project(receivers, owners)
    for index in range(len(scene.projects)):
        linked = own_sums.get(index, [])
        mine = [a for a in linked if whole(scene.layout.text, a)]
        # "60 triệu đồng/hộ …. Ngoài 60 triệu đồng được hỗ trợ, chị vay thêm": what one of them got
        rates = {a.value_vnd for a in linked if a.role == "support" and _PER.match(scene.layout.text, a.end)}
        mine = [a for a in mine if a.role != "support" or a.value_vnd not in rates]
        done.append(
            Record(
                total_vnd=total(
                    scene.layout.text, [a for a in mine if a.role == "total"], scene.projects[index].n_projects
                ),
                support_vnd=share(scene.layout.text, [a for a in mine if a.role == "support"]),
                counterpart_vnd=share(scene.layout.text, [a for a in mine if a.role == "counterpart"]),
                n_beneficiaries=heads(
                    scene.layout,
                    own_receivers.get(index, []),
                    scene.projects[index].kind in ("chuong_trinh", "ke_hoach"),
                ),
            )
        )
    return tuple(done)


def _by_project(mentions: Sequence[M], links: Sequence[Link]) -> dict[int, list[M]]:
    found: dict[int, list[M]] = {}
    for mention, (project, _) in zip(mentions, links, strict=True):
        if project is not None:
            found.setdefault(project, []).append(mention)
    return found


def whole(text: str, amount: Sum) -> bool:
    """Whether the sum is one figure in dong for the undertaking as a whole, not per unit ("/hộ", "mỗi công trình")."""
    if amount.value_vnd is None or amount.currency != "VND":
        return False
    if _PER.match(text, amount.end) or _EACH.search(text[max(0, amount.start - 60) : amount.start]):
        return False
    opened = _opened(text, amount.start, (". ", "\n", "; "))
    return not _OF_EACH.match(text[opened : amount.start])


def total(text: str, amounts: Sequence[Sum], works: int = 1) -> int | None:
    """The cost that holds in the end, at its most precise figure.

    The last of several, unless it is smaller than another without being said to be cut: then it is only a part
    ("giai đoạn 2 … 418 tỷ" of 1.936 tỷ). Several costs of several ``works`` have no whole unless one is printed.
    """
    groups = _groups([a for a in amounts if not _SUPERSEDED.search(text, max(0, a.start - 25), a.start)] or amounts)
    if not groups:
        return None
    if works > 1 and len(groups) > 1:
        return share(text, amounts)
    last, largest = groups[-1], max(groups, key=_precise)
    cut = any(_CUT.search(text, max(0, a.start - 40), a.start) for a in last)
    return _precise(last if cut else largest)


def share(text: str, amounts: Sequence[Sum]) -> int | None:
    """The printed whole of a role: the only figure, or the one of which the others are parts; else None."""
    groups = _groups(amounts)
    if len(groups) > 1 and (told := [a for a in amounts if not _of_person(text, a)]):
        amounts, groups = told, _without_parts(text, told)
    elif len(groups) > 1:
        groups = _without_parts(text, amounts)
    figures = [_precise(g) for g in groups]
    largest = max(figures, default=None)
    if largest is None or len(figures) == 1 or sum(figures) == 2 * largest:
        return largest
    return largest if _is_whole(text, amounts, next(a for a in amounts if a.value_vnd == largest)) else None


def _is_whole(text: str, amounts: Sequence[Sum], first: Sum) -> bool:
    """Whether the largest sum, told ``first``, is said to be the whole of the others."""
    if _WHOLE.search(text[max(0, first.start - 40) : first.start]) or _adds_up(amounts, first):
        return True
    last = max(a.start for a in amounts)
    return 0 < last - first.start < _PART_REACH and _PART.search(text, first.start, last) is not None


def _without_parts(text: str, amounts: Sequence[Sum]) -> list[list[Sum]]:
    """The groups of the figures; only the largest where the others are said to be parts ("riêng năm đầu 8 tỷ")."""
    groups = _groups(amounts)
    if len(groups) < 2:
        return groups
    kept = _groups([a for a in amounts if not _PART_BEFORE.search(text[max(0, a.start - 30) : a.start])])
    return kept if len(kept) == 1 and _precise(kept[0]) >= max(map(_precise, groups)) else groups


def _of_person(text: str, amount: Sum) -> bool:
    """Whether the sentence tells what one person got or paid: "Anh được dự án hỗ trợ … 6 triệu đồng tiền phân bón"."""
    opened = _opened(text, amount.start, (". ", "\n", "! ", "? "))
    return _PERSON.match(text, opened) is not None and not _SAID.search(text, opened, amount.start)


def _opened(text: str, offset: int, marks: Sequence[str]) -> int:
    """Where the words before ``offset`` begin behind the last of ``marks``, at most `_REACH` code points off."""
    left = max(0, offset - _REACH)
    return max(left, *(text.rfind(mark, left, offset) + 1 for mark in marks))


def _adds_up(amounts: Sequence[Sum], whole: Sum) -> bool:
    """Whether sums told right behind ``whole`` add up to it: "1.270 triệu đồng (tỉnh 850 triệu, huyện 420 triệu)"."""
    rest = whole.value_vnd or 0
    for amount in amounts[list(amounts).index(whole) + 1 :]:
        rest -= amount.value_vnd or 0
        if rest <= 0:
            break
    return rest == 0


def heads(layout: Layout, receivers: Sequence[Receiver], frame: bool = False) -> int | None:
    """The printed number of receivers: households before persons, a whole before its parts, None for a mixture.

    Two different groups told together ("62 hộ nghèo, 28 hộ cận nghèo") have no printed whole; told far apart the
    larger one is taken for it. ``frame``: they are those of a programme or plan, not of one undertaking.
    """
    counted = [r for r in receivers if r.name is None]
    if not frame:
        counted = [r for r in counted if not _ONE_OF.search(layout.text, max(0, r.start - 20), r.start)]
    counted = _of_one_kind(counted)
    if len(counted) < 2:
        return counted[0].count if counted else None
    if any(_OTHERS.match(layout.text, r.end) for r in counted):
        return None
    first, *others = sorted((r.count for r in counted), reverse=True)
    if first == sum(others) and len(others) > 1:
        return first
    if first <= sum(others):
        return _same(layout, counted)
    return first if _includes(layout, counted) else None


def _of_one_kind(counted: Sequence[Receiver]) -> list[Receiver]:
    """Households where there are any, else persons before whoever else: "3 xã với 20.000 dân"."""
    kinds = {r.kind for r in counted}
    if "other" in kinds and kinds & {"household", "person"}:
        kinds.discard("other")
    if kinds == {"household", "person"}:
        kinds.discard("person")
    return [r for r in counted if r.kind in kinds]


def _includes(layout: Layout, counted: Sequence[Receiver]) -> bool:
    """Whether the largest count, larger than the others together, is told as the whole of them."""
    kinds = {r.kind for r in counted}
    if len(kinds) > 1:
        return len(counted) > 2 and kinds <= {"person", "worker"}
    if _divided(layout, counted) or len(_nouns(layout, counted)) == 1:
        return True
    ordered = sorted(counted, key=lambda r: -r.count)
    place, *others = (layout.sentence_at(r.start) for r in ordered)
    return not any(abs(place - other) <= 1 for other in others)


def _divided(layout: Layout, counted: Sequence[Receiver]) -> bool:
    """Whether the largest count is told first and the others are said to be parts of it: "1.127 hộ, trong đó có 640 hộ
    nghèo và 310 hộ cận nghèo"."""
    first = max(counted, key=lambda r: r.count)
    others = [r for r in counted if r is not first]
    if any(r.start < first.start for r in others):
        return False
    return _PART.search(layout.text, first.end, min(r.start for r in others)) is not None


def _nouns(layout: Layout, counted: Sequence[Receiver]) -> set[str]:
    return {layout.text[r.start : r.end].partition(" ")[2].lower() for r in counted}


def _same(layout: Layout, counted: Sequence[Receiver]) -> int | None:
    """The count that all of them repeat."""
    counts = {r.count for r in counted}
    return counts.pop() if len(counts) == 1 and len(_nouns(layout, counted)) == 1 else None


def _groups(amounts: Sequence[Sum]) -> list[list[Sum]]:
    """Figures that repeat or round one another, by the place of their last mention."""
    groups: list[list[Sum]] = []
    for amount in amounts[:_MOST]:
        group = next((g for g in groups if any(_alike(amount, a) for a in g)), None)
        if group is None:
            groups.append([amount])
        else:
            group.append(amount)
    return sorted(groups, key=lambda g: g[-1].start)


def _alike(one: Sum, other: Sum) -> bool:
    if repeats(one, other, rounded=True):
        return True
    return one.role == "total" and (stands_for(one, other) or stands_for(other, one))  # the headline's round cost


def _precise(group: Sequence[Sum]) -> int:
    """The figure with the most printed digits, the later one of two."""
    values = [a.value_vnd for a in group if a.value_vnd is not None]
    return max(enumerate(values), key=lambda v: (len(str(v[1]).rstrip("0")), v[0]))[1]
