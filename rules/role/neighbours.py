"""Other sums of the report that tell what a sum is for: the one before, one of the same figure, the list's.

:func:`relate` finds them; :func:`role_features` makes features of their roles, once those are decided.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rules.layout import Layout
from rules.money.mention import Amount
from rules.role.describe import Described, Spot
from rules.role.heads import is_item, list_heads

_REACH = 8  # sums before and behind that may add up
_FAR = 200  # sums before among which one may be rounded
_ALIKE = frozenset(["in other currency", "equal", "near"])
_LIST = 12  # words between two sums in line


@dataclass(frozen=True, slots=True)
class Related:
    """Indices of sums whose roles matter for one sum, all before it; and what joins it with the one before.

    ``repeats``: it is the sum before once more, in another currency or rounded, in a bracket.

    ``before``: the sum before; ``open``: the last one outside of brackets; ``first``: the first of the paragraph;
    ``parallel``: the one at the same place in the item before; ``twin``: the last of the same figure; ``rounded``: the
    last that it rounds or that rounds it; ``head``: the last sum of the line that opens the list.
    """

    join: str
    repeats: bool
    cue_role: str
    near_class: str
    others: Mapping[str, int]

    @property
    def before(self) -> int | None:
        """The sum before."""
        return self.others.get("before")


def relate(layout: Layout, described: Sequence[Described]) -> list[Related]:
    """For each sum what it is related to; adds what the figures of the others say to its features."""
    spots = [spot for spot, _ in described]
    heads = list_heads(layout, [spot.amount for spot in spots])
    orders = _orders(spots)
    figures = [_figure(spot.amount) for spot in spots]
    printed = Counter(figures)
    last: dict[object, int] = {}  # figure -> the last sum before that has it
    related = []
    for n, (spot, features) in enumerate(described):
        before = spots[n - 1] if n else None
        join = _join(layout, before, spot)
        _compare(before, spot, join, features)
        _look_ahead(spot, spots[n + 1] if n + 1 < len(spots) else None, features)
        _add_up(spots, n, features)
        others = {"before": n - 1} if n else {}
        others |= orders[n] | _alike(spots, n, last.get(figures[n]))
        last[figures[n]] = n
        head = heads.get(spot.clause.paragraph, ("", None))[1]
        if head is not None and head < n:
            others["head"] = head
        if printed[figures[n]] > 1:
            features.append("again")
        repeats = join == "bracket" and not spot.cues and _relation(before, spot) in _ALIKE
        related.append(Related(join, repeats, spot.cue_role, spot.near_class, others))
    return related


def role_features(related: Related, roles: Sequence[str | None]) -> list[str]:
    """Features of the roles that are decided; ``roles`` of the sums so far, in text order (None: not known)."""
    out = []
    for name, index in related.others.items():
        role = roles[index]
        if role is None:
            continue
        out.append(f"{name}:{role}")
        if name in ("before", "open", "first", "parallel", "head"):
            out.append(f"{name}:{role},{related.join}")
        if name == "before":
            out += [
                f"before:{role},cue {related.cue_role}",
                f"before:{role},{related.join},cue {related.cue_role}",
                f"before:{role},class {related.near_class}",
            ]
    return out


def _orders(spots: Sequence[Spot]) -> list[dict[str, int]]:
    """``open``, ``first`` and ``parallel`` of each sum."""
    found: list[dict[str, int]] = []
    open_sum: int | None = None
    items: list[list[int]] = [[]]
    firsts: dict[int, int] = {}  # paragraph -> its first sum
    for n, spot in enumerate(spots):
        before = spots[n - 1] if n else None
        if before is not None and _begins_item(before, spot):
            items.append([])
        own: dict[str, int] = {}
        if open_sum is not None:
            own["open"] = open_sum
        if (first := firsts.setdefault(spot.clause.paragraph, n)) < n:
            own["first"] = first
        if len(items) > 1 and len(items[-1]) < len(items[-2]):
            own["parallel"] = items[-2][len(items[-1])]
        items[-1].append(n)
        if spot.clause.bracket[spot.at] == 0:
            open_sum = n
        found.append(own)
    return found


def _begins_item(before: Spot, spot: Spot) -> bool:
    """Whether a paragraph or a semicolon begins between two sums."""
    if before.clause is not spot.clause:
        return before.clause.paragraph != spot.clause.paragraph
    return ";" in spot.clause.words[before.at : spot.at]


def _join(layout: Layout, before: Spot | None, spot: Spot) -> str:
    """What joins a sum with the one before it."""
    if before is None:
        return "start"
    if before.clause is spot.clause:
        return _join_inside(before, spot)
    if before.clause.paragraph == spot.clause.paragraph:
        return "next, part" if _opens_parts(spot) else "next"
    return "item" if is_item(layout, spot.clause.paragraph) else "paragraph"


def _join_inside(before: Spot, spot: Spot) -> str:
    clause, between = spot.clause, spot.clause.words[before.at + 1 : spot.at]
    here, there = clause.bracket[spot.at], clause.bracket[before.at]
    if before.at == spot.at:
        return "shared unit"
    if here != there:
        if here:
            return "bracket" if clause.opened[here] == before.at + 1 else "in bracket"
        return "out of bracket"
    if ";" in between:
        return "semicolon"
    if _tells_parts(between):
        return "part"
    if "còn" in between:
        return "rest"
    if between[:1] in ([","], ["và"]) and len(between) <= _LIST:
        return "list"
    return "tight" if len(between) <= 3 else "sentence"


def _opens_parts(spot: Spot) -> bool:
    return spot.clause.words[:2] in (["trong", "đó"], ["trong", "số"])


def _tells_parts(words: Sequence[str]) -> bool:
    """Whether words between two sums say that the second is a part of the first."""
    if "gồm" in words or ":" in words:
        return True
    return any(list(words[i : i + 2]) == ["trong", "đó"] for i in range(len(words)))


def _compare(before: Spot | None, spot: Spot, join: str, out: list[str]) -> None:
    """How the figure compares with the one before."""
    out += [f"join={join}", f"join={join},cue {spot.cue_role}"]
    if before is not None:
        relation = _relation(before, spot)
        out += [f"figure {relation}", f"join={join},{relation}"]


def _look_ahead(spot: Spot, after: Spot | None, out: list[str]) -> None:
    """How the next sum hangs on this one."""
    if after is None:
        return
    if after.clause is spot.clause:
        between = spot.clause.words[spot.at + 1 : after.at]
        joined = "part" if _tells_parts(between) else "slash" if between[:1] == ["/"] else "same"
        out.append(f"next {joined},{_relation(after, spot)}")
    else:
        parts = after.clause.paragraph == spot.clause.paragraph and _opens_parts(after)
        out.append("next parts" if parts else "next later")


def _add_up(spots: Sequence[Spot], n: int, out: list[str]) -> None:
    """Whether the sums behind add up to this one, or this one and its neighbours to one before."""
    values = [spot.amount.value or Decimal(0) for spot in spots[max(0, n - _REACH) : n + _REACH + 1]]
    here = min(n, _REACH)
    if _adds_up(values[here], values[here + 1 :]):
        out.append("whole of those behind")
    if any(_adds_up(values[i], values[i + 1 :], here - i) for i in range(here)):
        out.append("part of one before")


def _adds_up(whole: Decimal, parts: Sequence[Decimal], least: int = 2) -> bool:
    """Whether the first ``least`` or more of ``parts``, at least two, add up to ``whole``."""
    total = Decimal(0)
    for count, part in enumerate(parts, 1):
        total += part
        if total >= whole:
            return total == whole > 0 and count >= max(least, 2)
    return False


def _alike(spots: Sequence[Spot], n: int, twin: int | None) -> dict[str, int]:
    """The last sum before with the same figure, `twin`; else the last, of a few, that rounds it or is rounded by it."""
    amount = spots[n].amount
    if twin is not None and _is_telling(amount):
        return {"twin": twin}
    for i in range(n - 1, max(-1, n - 1 - _FAR), -1):
        other = spots[i].amount
        if (other.qualifier != "exact" or amount.qualifier != "exact") and _near(other, amount):
            return {"rounded": i}
    return {}


def _relation(one: Spot | None, other: Spot) -> str:
    """How the figure of ``other`` compares with that of ``one``."""
    if one is None:
        return "none"
    a, b = one.amount, other.amount
    if a.currency != b.currency:
        return "in other currency"
    if _figure(a) == _figure(b):
        return "equal"
    if _near(a, b):
        return "near"
    low, high = (next((v for v in (x.value, x.high, x.low) if v is not None), Decimal(0)) for x in (a, b))
    return "larger" if low < high else "smaller"


def _figure(amount: Amount) -> tuple[str, Decimal | None, Decimal | None]:
    """What is equal for the same figure, whatever its qualifier."""
    return amount.currency, amount.value, amount.low if amount.value is None else None


def _is_telling(amount: Amount) -> bool:
    """Whether two sums of this value are hardly alike by chance: more than one digit that is no zero."""
    return amount.value is not None and len(str(amount.value).replace(".", "").strip("0-")) > 1


def _near(a: Amount, b: Amount) -> bool:
    """Whether two figures differ by at most a twentieth."""
    if a.value is None or b.value is None or a.currency != b.currency:
        return False
    return abs(a.value - b.value) * 20 <= max(abs(a.value), abs(b.value))
