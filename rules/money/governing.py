"""The words that govern one sum: the phrases around it, the firmest and nearest first."""

from itertools import pairwise
from typing import NamedTuple

from rules.money.clauses import ASIDE, Clause
from rules.money.cues import Cue, Rule, denied, find_cues, rates, words_of
from rules.money.idioms import BORNE, bears, head_of, names_undertaking

_STRENGTH = {
    "decisive": -1.0,
    "firm": -0.6,
    "near": -0.3,
    "strong": 0.0,
    "touching": 0.8,
    "adjacent": 0.9,
    "weak": 1.0,
    "faint": 2.0,
    "last": 6.0,
}
_NEAR = {
    "touching": 1,
    "decisive": 1,
    "near": 2,
    "adjacent": 3,
    "last": 6,
}  # how far in front of the sum such a phrase may end, in words
_HELPERS = {"part": 0.4, "same": 0.6}  # give way to a strong phrase in the same clause, not to a weak one
_PART_NEAR, _FAR_PART = 6, 0.7  # "ngân sách tỉnh gánh 5 tỷ" governs, five words off it does not
_PART_BEHIND = 1.3
_ONE_REACH = 7
_PIECE = 3.0
_SALE = Rule("other.sale", "other", "strong")
_SALE_REACH = 40
_AREA = frozenset({"m2", "m²"})  # what is said of an area is its price even where it is told as a difference
_TIMES = frozenset(
    {"năm", "tháng", "vụ", "lần", "đợt", "kỳ", "quý", "ngày", "tuần", "nửa", "phần", "số", "cách", "lúc", "mùa"}
)
_EARNED, _PROFIT = frozenset({"thu", "kiếm"}), frozenset({"lãi", "lợi", "lời", "lỗ"})
_COMMA, _MORE_COMMAS = 1.5, 0.1  # a strong phrase beyond a comma is weaker than a weak one on this side of it
_COLON = 0.5  # "Nguồn vốn thực hiện: ngân sách tỉnh 4 tỷ đồng": the label of a list gives way to its item
_OUTSIDE = 0.3  # for words outside the bracket that the sum stands in
_BEHIND = 0.5
_ATTRIBUTE = 2.4  # works with a sum as attribute
_GOODS, _WAGE = 0.85, 1.7  # a rate in things says more than a rate in people
_WORDS_BEFORE, _WORDS_BEHIND = 150, 10  # how far from the sum governing words are looked for
_STOPS = frozenset(",.;:()[]!?")
_OBJECT_ROLES = frozenset({"price", "other", "total", "part"})
_OBJECT_GAP = 2
_COSTS = frozenset({"total.whole", "total.cost"})
_OBJECT_FAR, _THROUGH = 3, 1.2
_NO_OBJECT = frozenset({"và", "với", "có", "để", "thì", "là", "mà", ","})


class Governing(NamedTuple):
    """A phrase that governs a sum, at words [first, last], and its rank: 0 is firmest, then the nearest wins."""

    rank: float
    distance: int
    first: int
    last: int
    rule: Rule


def governing(clause: Clause, at: int, cues: dict[int, Cue], taken: int = -1) -> list[Governing]:
    """All phrases that may govern the sum at word ``at``, best first.

    ``cues`` are the "before" phrases of the clause by their last word; those up to word ``taken`` belong to the
    sum before ("20 tỷ đồng vốn vay, 5 tỷ đồng").
    """
    found = sorted([*_before(clause, at, cues, taken), *_behind(clause, at)])
    rate = _rate(clause, at)
    if rate is not None:
        if found and (found[0].rule.id == _SALE.id or _is_sold(clause, found[0], rate)):
            return [rate]
        grants = [g for g in found if g.rule.role == "support" and g.rule.strength == "strong"]
        return grants if grants and is_per_recipient(clause, at) else sorted([*found, rate])
    if found and found[0].rule.id == "other.trade" and _sells_one(clause, found[0], at):
        return [Governing(_GOODS, 1, found[0].first, found[0].last, Rule("price.piece", "price", "weak"))]
    if found and found[0].rule.id == "price.unit" and _sells_whole(clause, at):
        return [found[0]._replace(rule=_SALE)]
    if found and found[0].rule.role == "revenue" and is_of_one(clause, at):
        return [Governing(_GOODS, 1, found[0].first, found[0].last, Rule("price.wage", "price", "weak"))]
    return found


def _sells_one(clause: Clause, best: Governing, at: int) -> bool:
    """Whether one thing is sold or bought: "mỗi chiếc trống bán 15 triệu đồng"."""
    each = "mỗi" in clause.words[max(0, at - _ONE_REACH) : at]
    return each and clause.words[best.first] in ("bán", "mua")


def _sells_whole(clause: Clause, at: int) -> bool:
    """Whether a thing is sold as a whole: "chuyển nhượng dự án A cho công ty B với giá 95 tỷ đồng"."""
    words, unit = clause.words[max(0, at - _SALE_REACH) : at], words_of("unit").single
    sold = any(pair in words_of("sale").pairs for pair in pairwise(words))
    return sold and unit.isdisjoint(words[-_ONE_REACH:]) and clause.words[at + 1 : at + 2] != ["/"]


def is_of_one(clause: Clause, at: int) -> bool:
    """Whether the words before a sum speak of the income of one person: "mỗi thợ kiếm được"."""
    words = clause.words[max(0, at - _ONE_REACH) : at]
    people = words_of("people").single
    return any(a == "mỗi" and b in people for a, b in pairwise(words))


def _is_sold(clause: Clause, best: Governing, rate: Governing) -> bool:
    """Whether the rate says more than the words: what is sold has a price, what one earns is a wage."""
    words = clause.words[best.first : best.last + 1]
    if best.rule.strength in ("decisive", "firm") and clause.words[rate.last] not in _AREA:
        return False
    if best.rule.role == "revenue" and rate.rule.id == "price.wage":
        return not _EARNED.isdisjoint(words)
    if best.rule.role == "same":
        return clause.words[rate.last] in _AREA  # "với giá 95 tỷ đồng (tương đương 8,2 triệu đồng/m2)"
    sold = clause.words[rate.last] in rates().sold and _PROFIT.isdisjoint(words)
    return sold and best.rule.role in ("revenue", "other")


def _before(clause: Clause, at: int, cues: dict[int, Cue], taken: int) -> list[Governing]:
    """Phrases in front of the sum, back to the sum before it or a semicolon."""
    found: list[Governing] = []
    costs = _visible(clause, at)
    for last, cost in costs.items():
        cue = cues.get(last)
        if cue is None or cue.first not in costs or cue.first <= taken or cue.rule.role in ("name", "none"):
            continue
        rule, distance = cue.rule, at - last
        if rule.role == "part" and bears(clause, last + 1):
            rule = BORNE
            cue = Cue(cue.first, last + 1, rule)
        limit = rule.reach or (_PART_NEAR if rule.role == "part" else _NEAR.get(rule.strength, distance))
        if distance > limit or (cost and (rule.reach or rule.strength in _NEAR)):
            continue
        rank = _HELPERS.get(rule.role, _STRENGTH[rule.strength]) + cost
        if rule.role == "part" and distance > 2:
            rank += _FAR_PART
        if rule.strength == "last" and not _ends_at(clause, at):
            rank = _ATTRIBUTE
        if rule.role == "allocation" and _gives_works(clause, last, at, cues):
            rank += _THROUGH
        verb = _verb_of(clause, cue, cues) or head_of(clause, at, cue, cues, costs)
        if verb is not None:
            rank = min(rank, _STRENGTH[verb.rule.strength] + cost)
            cue = verb
        found.append(Governing(rank, distance, cue.first, cue.last, cue.rule))
    return found


def _gives_works(clause: Clause, last: int, at: int, cues: dict[int, Cue]) -> bool:
    """Whether not money is given but works with their cost: "được giao 2 đề án với kinh phí 1,6 tỷ đồng"."""
    cost = any(cues[i].rule.id in _COSTS for i in range(max(last + 1, at - _OBJECT_FAR), at) if i in cues)
    return cost and names_undertaking(clause, last + 1, at)


def _ends_at(clause: Clause, at: int) -> bool:
    """Whether the clause ends with the sum: in "khu nhà ở 120 tỷ đồng sẽ khởi công" it is an attribute instead."""
    return at + 1 >= len(clause.words) or clause.words[at + 1] in _STOPS


def _verb_of(clause: Clause, cue: Cue, cues: dict[int, Cue]) -> Cue | None:
    """The verb whose object the phrase is: in "hỗ trợ học phí 3 triệu đồng" not "học phí" governs, but the verb."""
    if cue.rule.role not in _OBJECT_ROLES:
        return None
    for last in range(cue.first - 1, max(cue.first - 2 - _OBJECT_GAP, -1), -1):
        if clause.words[last] in _NO_OBJECT or clause.words[last] == "":
            return None
        verb = cues.get(last)
        if verb is not None:
            return verb if verb.rule.takes_object else None
    return None


def _visible(clause: Clause, at: int) -> dict[int, float]:
    """Words in front of the sum that may govern it, nearest first, each with what the way to it costs."""
    cost: dict[int, float] = {}
    level, quote, price = clause.bracket[at], clause.quote[at], 0.0
    for i in range(at - 1, max(-1, at - 1 - _WORDS_BEFORE), -1):
        if clause.bracket[i] != level and level in clause.opened and i < clause.opened[level]:
            level = clause.parent[level]
            price += _OUTSIDE
        if clause.bracket[i] != level:
            continue
        word = clause.words[i]
        if word in ("", ";"):
            break
        if word == ",":
            price += _MORE_COMMAS if price >= _COMMA else _COMMA
        if word == ":" and i < at - 1:
            price += _COLON
        if clause.bracket[i] != ASIDE and clause.quote[i] in (0, quote):
            cost[i] = price
    return cost


def _behind(clause: Clause, at: int) -> list[Governing]:
    """Phrases behind the sum, up to the next punctuation mark or sum."""
    stop = at + 1
    while stop < len(clause.words) and stop - at <= _WORDS_BEHIND + 4:
        word = clause.words[stop]
        if word == "" or word in _STOPS:
            break
        stop += 1
    found: list[Governing] = []
    for cue in find_cues(clause.words, at + 1, stop, "after"):
        distance = cue.first - at
        if cue.last == stop - 1 and clause.words[stop : stop + 1] == [""]:
            continue  # "trị giá 2 tỷ đồng được hỗ trợ 300 triệu đồng": it governs the next sum
        if distance <= _NEAR.get(cue.rule.strength, _WORDS_BEHIND) and not denied(clause.words, cue.rule):
            rank = _PART_BEHIND if cue.rule.role == "part" else _STRENGTH[cue.rule.strength] + _BEHIND
            found.append(Governing(rank, distance, cue.first, cue.last, cue.rule))
    return found


def _rate(clause: Clause, at: int) -> Governing | None:
    """The unit behind the sum that makes it a price or a wage: ``/kg``, ``mỗi m2``, ``/người/tháng``."""
    words = clause.words[at + 1 : at + 4]
    if len(words) < 2 or words[0] not in ("/", "mỗi", "một"):
        return None
    units = rates()
    if (words[1] in units.goods or " ".join(words[1:]) in units.goods) and words[1] not in units.wage:
        return Governing(_GOODS, 1, at + 1, at + 2, Rule("price.rate", "price", "weak"))
    if words[0] == "một" and words[1] not in _TIMES and words[1] not in units.wage and words[1].isalpha():
        return Governing(_PIECE, 1, at + 1, at + 2, Rule("price.piece", "price", "faint"))
    wage = words[1] in units.wage and (words[0] == "/" or words[1] in ("tháng", "ngày"))
    return Governing(_WAGE, 1, at + 1, at + 2, Rule("price.wage", "price", "weak")) if wage else None


def is_per_recipient(clause: Clause, at: int) -> bool:
    """Whether the sum is told for each receiver: ``/hộ``, ``/học viên``."""
    slash, *unit = clause.words[at + 1 : at + 4] or [""]
    return slash == "/" and bool(unit) and not rates().recipients.isdisjoint([unit[0], " ".join(unit)])
