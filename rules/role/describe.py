"""Named features of each sum of a report: its words, its place, its figure.

:func:`describe` is a pure function of layout and sums. A feature is a short text ``group=value``; what it says about
roles lies in ``weights.tsv``. Features about the roles of other sums are made in :mod:`rules.role.neighbours`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from rules.layout import Layout
from rules.money.mention import Amount
from rules.role.clauses import Clause, clauses
from rules.role.cues import Cue, classify, denied, find_cues, rates
from rules.role.heads import is_item, list_heads

_FAR = 45  # words in front of a sum in which phrases are looked for
_BEHIND = 14  # words behind it
_WINDOW = 30  # words in front of a sum whose classes count
_BAG = 14  # words in front of a sum that count without their place
_STOPS = frozenset(',.;:()[]"“”!?')
_BREAKS = frozenset(["", ";", ",", ":", "(", ".", "-", "–", "+"])
_EDGE = "^"
_NEAR = 8  # words in front of a sum in which "mỗi" belongs to it
_RATES = ("/", "mỗi", "một")
_MOST_CUES = 6


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in front of a sum, how many words before it, and what stands between: commas, an outer bracket."""

    cue: Cue
    distance: int
    commas: int
    outside: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """One sum in its sentence: where it stands, and the phrases around it.

    ``cues`` are the phrases in front, nearest first, back to the sum or semicolon before; ``beyond`` is the nearest
    phrase before that; ``behind`` is the first phrase behind that may govern it, ``following`` the first that may
    govern what comes next.
    """

    index: int
    amount: Amount
    clause: Clause
    at: int
    classes: Sequence[tuple[str, ...]]
    cues: tuple[Found, ...]
    beyond: Cue | None
    behind: Cue | None
    following: Cue | None

    @property
    def cue_role(self) -> str:
        """Role of the nearest phrase in front, "-" for none."""
        return self.cues[0].cue.rule.role if self.cues else "-"

    @property
    def near_class(self) -> str:
        """Class of the nearest word in front that has one, "-" for none."""
        row = _classes_before(self)
        return row[0][0][0] if row else "-"


class Described(NamedTuple):
    """A sum with its features."""

    spot: Spot
    features: list[str]


def describe(layout: Layout, amounts: Sequence[Amount]) -> list[Described]:
    """The features of each sum of a report; ``amounts`` in text order, as ``rules.money.find`` gives them."""
    spots = [spot for clause in clauses(layout, amounts) for spot in _spots(clause, amounts)]
    heads = list_heads(layout, amounts)
    headline = layout.title[1] if layout.title else 0
    largest = max((_value(a) for a in amounts if a.currency == "VND"), default=Decimal(0))
    lead = {id(spot.clause) for spot in spots[:1]}
    described = []
    for spot in spots:
        features = ["bias.sum"]
        for part in (_cues, _behind, _beside, _bags, _classes, _segment, _bracket, _rate):
            part(spot, features)
        _figure(spot, largest, features)
        _place(spot, layout, headline, heads, features)
        if id(spot.clause) in lead:
            features.append("lead")
        described.append(Described(spot, features))
    return described


def _spots(clause: Clause, amounts: Sequence[Amount]) -> list[Spot]:
    words = clause.words
    cues = {cue.last: cue for cue in find_cues(words, 0, len(words), "before") if _counts(cue, words)}
    classes = classify([word.rstrip("|") for word in words])
    spots = []
    for at, indices in clause.sums.items():
        found, beyond = _in_front(clause, at, cues)
        behind = _first_behind(clause, at)
        following = next((cue for last, cue in cues.items() if at < last < at + _BEHIND), None)
        spots += [Spot(i, amounts[i], clause, at, classes, found, beyond, behind, following) for i in indices]
    return spots


def _counts(cue: Cue, words: Sequence[str]) -> bool:
    return cue.rule.role not in ("none", "name") and not denied(words, cue.rule)


def _in_front(clause: Clause, at: int, cues: dict[int, Cue]) -> tuple[tuple[Found, ...], Cue | None]:
    """Phrases in front of word ``at``, in its bracket and those around it."""
    found: list[Found] = []
    level, commas, outside = clause.bracket[at], 0, False
    crossed = False
    for i in range(at - 1, max(-1, at - 1 - _FAR), -1):
        if clause.bracket[i] != level and level in clause.opened and i < clause.opened[level]:
            level, outside = clause.parent[level], True
        if clause.bracket[i] != level:
            continue
        word = clause.words[i]
        crossed = crossed or word in ("", ";")
        commas += word == ","
        cue = cues.get(i)
        if cue is not None and crossed:
            return tuple(found), cue
        if cue is not None:
            found.append(Found(cue, at - i, commas, outside))
    return tuple(found), None


def _first_behind(clause: Clause, at: int) -> Cue | None:
    stop = _until(clause.words, at + 1, _BEHIND, _STOPS)
    return next((cue for cue in find_cues(clause.words, at + 1, stop, "after") if _counts(cue, clause.words)), None)


def _until(words: Sequence[str], start: int, most: int, stops: frozenset[str]) -> int:
    """The first position from ``start`` on with a sum or one of ``stops``, at most ``most`` words further."""
    stop = start
    while stop < len(words) and stop - start < most and words[stop] and words[stop] not in stops:
        stop += 1
    return stop


def _cues(spot: Spot, out: list[str]) -> None:
    """Phrases in front: which, how far, what stands between, and what comes before them."""
    if spot.beyond is not None:
        rule = spot.beyond.rule
        out += [f"beyond={rule.role}", f"beyond={rule.id}", f"beyond={rule.role},{'cue' if spot.cues else 'none'}"]
    if not spot.cues:
        out.append("cue=none")
        return
    cue, distance, commas, outside = (getattr(spot.cues[0], name) for name in Found.__slots__)
    rule, phrase = cue.rule, " ".join(spot.clause.words[cue.first : cue.last + 1])
    out += [
        f"cue={rule.id}",
        f"cue={rule.role}",
        f"cue={rule.role}@{_far(distance)}",
        f"cue={rule.id}@{_far(distance)}",
        f"cue={rule.role},{min(commas, 2)} commas{',outside' if outside else ''}",
        f"phrase={phrase}",
    ]
    if distance <= 2:
        out.append(f"phrase beside={phrase}")
    for second in spot.cues[1:2]:
        other = second.cue.rule
        out += [
            f"cue2={other.id}",
            f"cue2={other.role}@{_far(second.distance)}",
            f"cues={rule.role}<{other.role}",
            f"cues={rule.id}<{other.id}",
        ]
    for further in spot.cues[2:_MOST_CUES]:
        out.append(f"cue3={further.cue.rule.role}")
    out += dict.fromkeys(f"has={found.cue.rule.id}" for found in spot.cues[:_MOST_CUES])


def _behind(spot: Spot, out: list[str]) -> None:
    """The first phrase behind the sum."""
    if spot.behind is None:
        out.append("behind=none")
        return
    rule = spot.behind.rule
    distance = spot.behind.first - spot.at
    out += [f"behind={rule.id}", f"behind={rule.role}@{_far(distance)}", f"behind={rule.role},{spot.cue_role}"]
    if spot.clause.words[spot.behind.last + 1 : spot.behind.last + 2] == [""]:
        out.append("behind=of next")


def _beside(spot: Spot, out: list[str]) -> None:
    """Words right beside the sum, alone and together, and the first words of the sentence."""
    words, at = spot.clause.words, spot.at
    left = [_word(words[i]) if i >= 0 else _EDGE for i in (at - 1, at - 2, at - 3)]
    right = [_word(words[i]) if i < len(words) else _EDGE for i in (at + 1, at + 2, at + 3)]
    for side, row in (("left", left), ("right", right)):
        out += [f"{side}{i}={word}" for i, word in enumerate(row[:3], 1)]
        row = row[::-1] if side == "left" else row
        out.append(f"{side}={' '.join(row[-2:] if side == 'left' else row[:2])}")
        out.append(f"{side}={' '.join(row)}")
    out.append(f"beside={left[0]}|{right[0]}")
    first = [_word(word) for word in words[:2]]
    out += [f"first={first[0]}", f"first={' '.join(first)}"]


def _bags(spot: Spot, out: list[str]) -> None:
    """Words and pairs of words in front, back to the sum or semicolon before, and behind, up to the next."""
    words, at = spot.clause.words, spot.at
    start = at
    while start > 0 and at - start < _BAG and words[start - 1] not in ("", ";"):
        start -= 1
    front = [_word(word) for word in words[start:at]]
    behind = [_word(word) for word in words[at + 1 : _until(words, at + 1, 10, frozenset(";."))]]
    for side, row in (("front", front), ("back", behind)):
        out += dict.fromkeys(f"{side}={word}" for word in row)
        out += dict.fromkeys(f"{side}={a} {b}" for a, b in pairwise(row))


def _classes_before(spot: Spot) -> list[tuple[tuple[str, ...], int]]:
    """Classes of the words in front, nearest first, with their distance, back to the sum or semicolon before."""
    words, found = spot.clause.words, []
    for i in range(spot.at - 1, max(-1, spot.at - 1 - _WINDOW), -1):
        if words[i] in ("", ";"):
            break
        if spot.classes[i]:
            found.append((spot.classes[i], spot.at - i))
    return found


def _classes(spot: Spot, out: list[str]) -> None:
    """Classes of the words in front and behind, in their order."""
    before = _classes_before(spot)
    out += dict.fromkeys(f"class={name}" for names, _ in before for name in names)
    out += [f"class={name}@{_far(distance)}" for names, distance in before[:6] for name in names]
    rows = [names for names, _ in before[:3]]
    for a in rows[0] if rows else ():
        out.append(f"class1={a}")
        for b in rows[1] if len(rows) > 1 else ():
            out.append(f"classes={b} {a}")
            out += [f"classes={c} {b} {a}" for c in (rows[2] if len(rows) > 2 else ())]
    start = spot.at + 1
    stop = _until(spot.clause.words, start, 12, frozenset(";.)"))
    behind = [(spot.classes[i], i - spot.at) for i in range(start, stop) if spot.classes[i]]
    out += dict.fromkeys(f"class behind={name}" for names, _ in behind for name in names)
    out += [f"class behind={name}@{_far(distance)}" for names, distance in behind[:4] for name in names]
    for a in behind[0][0] if behind else ():
        out.append(f"class behind1={a}")
        out += [f"classes={b}|{a}" for b in (rows[0] if rows else ())]


def _segment(spot: Spot, out: list[str]) -> None:
    """What begins the words in front: since the last mark, since the sum before, and what was said before that."""
    words, at = spot.clause.words, spot.at
    start = at
    while start > 0 and words[start - 1] not in _BREAKS:
        start -= 1
    mark = (words[start - 1] or "sum") if start else _EDGE
    out += [f"segment {min(at - start, 8)} words", f"segment behind {mark}"]
    if start == at:
        out.append(f"segment=none,{mark}")
    for name in next((names for names in spot.classes[start:at] if names), ()):
        out += [f"segment={name}", f"segment={name},{mark}"]
    begin = at
    while begin > 0 and words[begin - 1] not in ("", ";"):
        begin -= 1
    mark = (words[begin - 1] or "sum") if begin else _EDGE
    for name in next((names for names in spot.classes[begin:at] if names), ()):
        out += [f"item={name}", f"item={name},{mark}"]
    out += sorted({f"earlier={name}" for names in spot.classes[:begin] for name in names})
    if any(words[i : i + 2] == ["trong", "đó"] for i in range(at)):
        out.append("behind trong đó")


def _bracket(spot: Spot, out: list[str]) -> None:
    """Whether the sum stands in a bracket, and which sum of the sentence it is."""
    clause, at = spot.clause, spot.at
    if clause.bracket[at]:
        opened = clause.opened[clause.bracket[at]]
        out.append(f"bracket behind {'sum' if opened and not clause.words[opened - 1] else 'word'}")
        out.append(f"bracket={_word(clause.words[opened + 1])}")
    out += [
        f"sums before {min(sum(1 for other in clause.sums if other < at), 3)}",
        f"sums behind {min(sum(1 for other in clause.sums if other > at), 3)}",
    ]
    if spot.following is not None:
        out.append(f"next={spot.following.rule.role}")


def _rate(spot: Spot, out: list[str]) -> None:
    """The unit behind the sum ("/hộ", "mỗi m2"), and "mỗi" in front."""
    words = [*spot.clause.words[spot.at + 1 : spot.at + 3], "", ""]
    if words[0] in _RATES:
        kinds = [kind for kind, units in rates().items() if words[1] in units]
        out += [f"per={words[1]}", *(f"per {kind}" for kind in kinds or ["other"])]
    if words[0] == "/":
        out += ["slash", f"slash,{spot.cue_role}", f"slash,{_magnitude(spot.amount)}"]
    if "mỗi" in spot.clause.words[max(0, spot.at - _NEAR) : spot.at]:
        out += ["each", f"each,{spot.cue_role}"]


def _figure(spot: Spot, largest: Decimal, out: list[str]) -> None:
    """Size, currency and qualifier."""
    amount, size = spot.amount, _magnitude(spot.amount)
    out += [
        f"size={size}",
        f"currency={amount.currency}",
        f"qualifier={amount.qualifier}",
        f"size={amount.currency},{size}",
        f"size={size},{spot.cue_role}",
    ]
    if amount.currency == "VND" and _value(amount) >= largest:
        out.append("largest")


def _place(spot: Spot, layout: Layout, headline: int, heads: dict[int, tuple[str, int | None]], out: list[str]) -> None:
    """Headline, list items and their head."""
    if spot.amount.start < headline:
        out += ["headline", f"headline,{spot.cue_role}"]
    paragraph = layout.paragraph_at(spot.amount.start)
    if is_item(layout, paragraph):
        out.append("list item")
    rule = heads.get(paragraph, ("", None))[0]
    if rule:
        role = rule.partition(".")[0]
        out += [f"head={rule}", f"head={role}", f"head={role},{spot.cue_role}"]


def _word(word: str) -> str:
    """A word as features have it: sums and numbers alike."""
    if not word:
        return "SUM"
    if not word[0].isdecimal():
        return word.rstrip("|")
    return "YEAR" if len(word) == 4 and word[:2] in ("19", "20") and word.isdecimal() else "NUMBER"


def _far(distance: int) -> str:
    """How many words away, roughly: 1 is the word beside."""
    return str(distance) if distance < 3 else "3" if distance < 5 else "5" if distance < 9 else "9"


_RATE_TO_DONG = 23_000  # of foreign money, for its size only


def _value(amount: Amount) -> Decimal:
    return next((v for v in (amount.value, amount.high, amount.low) if v is not None), Decimal(0))


def _magnitude(amount: Amount) -> int:
    """How many digits the sum has in dong."""
    value = _value(amount) * (1 if amount.currency == "VND" else _RATE_TO_DONG)
    return value.adjusted() + 1 if value else 0
