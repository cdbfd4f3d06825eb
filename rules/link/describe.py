"""What speaks for linking a sum to an undertaking, or to none: named features of the pair."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rules.beneficiary.phrases import words
from rules.link.mention import Sum
from rules.link.scene import Anchor
from rules.link.surroundings import Surroundings
from rules.link.words import TAKEN_UP, starts, within

_STARTS = {
    name: starts(name) for name in ("continues", "opens", "turns", "sums_up", "fronted", "each", "places_as_subject")
}
_WITHIN = {
    name: within(name) for name in ("cost", "alien", "threshold", "cost_part", "breakdown", "each", "superseded", "cut")
}
_GIVER, _FLOWS, _CARRIES = starts("givers"), starts("flows"), within("carries")
_PER = re.compile(r"\s?/\s?[^\W\d]")
_BUILT = {"cong_trinh", "du_an"}
_GAP = 14  # words of a gap that are described


@dataclass(frozen=True)
class Pair:
    """A sum and what is known about it so far: the links of the sums before it."""

    around: Surroundings
    index: int
    links: Sequence[int | None]

    @property
    def amount(self) -> Sum:
        return self.around.amounts[self.index]

    @cached_property
    def item(self) -> tuple[int, int]:
        return self.around.scene.page.item(self.amount.start)

    @cached_property
    def sentence(self) -> int:
        return self.around.scene.layout.sentence_at(self.amount.start)

    @cached_property
    def span(self) -> tuple[int, int]:
        return self.around.scene.page.sentence(self.amount.start)

    @cached_property
    def paragraph(self) -> tuple[int, int]:
        layout = self.around.scene.layout
        return layout.paragraphs[layout.sentence_paragraph[self.sentence]]

    @cached_property
    def before(self) -> list[Anchor]:
        return self.around.before(self.amount.start)

    @cached_property
    def behind(self) -> list[Anchor]:
        return self.around.behind(self.amount.end, self.paragraph[1])

    @cached_property
    def head(self) -> list[int]:
        """Undertakings that the line over the list names."""
        span = self.around.head_of(self.amount.start)
        return [a.project for a in self.around.scene.between(*span)] if span else []

    @cached_property
    def recalled(self) -> list[tuple[str, bool]]:
        """Bare kind words before the sum in its sentence, the last first."""
        nouns = self.around.scene.page.nouns(self.span[0], self.amount.end + 30)
        return [
            (n.word, n.this)
            for n in reversed(nouns)
            if (n.alone or n.this) and not n.agency and n.start < max(self.span[1], self.amount.start)
        ]

    @cached_property
    def context(self) -> list[str]:
        return list(_context(self))

    @cached_property
    def twin_homes(self) -> set[int]:
        """What the item of a sum with the same figure names before it, or what it was linked to."""
        value = self.amount.value_vnd
        found: set[int] = set()
        for other in self.around.twins.get(value or 0, ())[:6]:
            if other == self.index:
                continue
            if other < self.index:
                found.update(p for p in (self.links[other],) if p is not None)
            else:
                start = self.around.amounts[other].start
                left = self.around.scene.page.item(start)[0]
                found |= {a.project for a in self.around.scene.open(left, start)[-1:]}
        return found

    def candidates(self) -> list[int]:
        """The undertakings that the sum may belong to, in text order of their nearest mention."""
        found = dict.fromkeys(a.project for a in (*self.before, *self.behind))
        found.update(dict.fromkeys(self.head))
        found.update(dict.fromkeys(sorted(self.twin_homes)))
        projects = self.around.scene.projects
        for p in list(found)[:4]:
            if (parent := projects[p].parent) is not None:
                found.setdefault(parent)
        if self.around.scene.anchors:
            found.setdefault(self.around.scene.anchors[0].project)
        return list(found)


def none(pair: Pair) -> Iterator[str]:
    """The features of linking the sum to nothing."""
    yield "none"
    a = pair.amount
    for f in pair.context:
        yield f"none.{f}"
    text = pair.around.scene.layout.text
    left = words(text[max(pair.item[0], a.start - 60) : a.start])[-4:]
    for word in left:
        yield f"none.left={word}"
    opened = words(text[pair.span[0] : min(pair.span[1], pair.span[0] + 50)])
    yield f"none.opens={' '.join(opened[:1])}"
    yield f"none.opens={' '.join(opened[:2])}"
    for word in words(text[a.end : min(pair.item[1], a.end + 40)])[:3]:
        yield f"none.right={_shape(word)}"
    named = len(pair.around.scene.named)
    yield f"none.undertakings={min(named, 4)}"
    here = pair.around.scene.between(*pair.item)
    if not here:
        yield "none.item.empty"
        if not pair.around.scene.between(*pair.span):
            yield "none.sentence.empty"
            yield f"none.sentence.empty.{a.role}"
            if not pair.around.names_any(*pair.paragraph):
                yield "none.paragraph.empty"
                yield f"none.paragraph.empty.{a.role}"
    previous = pair.index - 1
    if previous >= 0 and pair.around.amounts[previous].start >= pair.span[0]:
        link = pair.links[previous]
        yield f"none.before={'none' if link is None else 'linked'}"
        yield f"none.before={'none' if link is None else 'linked'}.{pair.around.amounts[previous].role}.{a.role}"
        gap = text[pair.around.amounts[previous].end : a.start]
        yield f"none.before={'none' if link is None else 'linked'}.{_mark(gap)}"
    if pair.twin_homes:
        yield "none.twin"


def _context(pair: Pair) -> Iterator[str]:
    a, scene = pair.amount, pair.around.scene
    text = scene.layout.text
    yield f"role={a.role}"
    yield f"qualifier={a.qualifier}"
    if a.currency != "VND":
        yield "foreign"
    title = scene.layout.title
    if title and title[0] <= a.start < title[1]:
        yield "headline"
    if scene.page.bracket(a.start):
        yield "bracket"
    if scene.page.bullet(pair.sentence):
        yield "bullet"
    if scene.page.extended(a.start):
        yield "extended"
    if _PER.match(text, a.end):
        yield "per"
    head = text[pair.item[0] : a.start]
    for name, pattern in _STARTS.items():
        if pattern.match(head):
            yield f"starts.{name}"
        if pair.item[0] != pair.span[0] and pattern.match(text, pair.span[0], a.start):
            yield f"sentence.starts.{name}"
    near = text[max(pair.item[0], a.start - 70) : a.start]
    for name, pattern in _WITHIN.items():
        if pattern.search(near):
            yield f"near.{name}"
    if _GIVER.match(text, pair.span[0], a.start):
        yield "giver"
    if pair.recalled:
        yield "recalls"
    if any(n.named or n.several for n in scene.page.nouns(pair.span[0], a.start) if not n.agency):
        yield "names.other"


def described(pair: Pair, project: int) -> Iterator[str]:
    """The features of linking the sum to undertaking ``project``."""
    yield from _position(pair, project)
    yield from _standing(pair, project)
    yield from _sequence(pair, project)


def _position(pair: Pair, project: int) -> Iterator[str]:
    a = pair.amount
    scene, text = pair.around.scene, pair.around.scene.layout.text
    before = next(((rank, x) for rank, x in enumerate(pair.before) if x.project == project), None)
    behind = next(((rank, x) for rank, x in enumerate(pair.behind) if x.project == project), None)
    if before is not None:
        rank, anchor = before
        where = _where(pair, anchor)
        yield f"before={where}"
        yield f"before={where}.{a.role}"
        yield f"before.rank={min(rank, 4)}"
        yield f"before={where}.rank={min(rank, 3)}"
        between = pair.around.between(anchor.end, a.start)
        yield f"before.sums={min(between, 4)}"
        yield f"before={where}.sums={min(between, 2)}"
        if anchor.side:
            yield f"before={where}.side"
        if anchor.bracket:
            yield f"before={where}.bracketed"
        if rank == 0:
            for f in pair.context:
                yield f"before={where}.{f}"
            if where in ("item", "sentence"):
                yield from _gap("before", text[anchor.end : a.start])
        if (
            scene.page.bracket(a.start)
            and where == "item"
            and scene.page.bracket(anchor.start) == scene.page.bracket(a.start)
        ):
            yield "before.same.bracket"
    else:
        yield "before=never"
    if behind is not None:
        rank, anchor = behind
        where = _where(pair, anchor)
        yield f"behind={where}"
        yield f"behind={where}.{a.role}"
        yield f"behind={where}.rank={min(rank, 2)}"
        between = pair.around.between(a.end, anchor.start)
        yield f"behind={where}.sums={min(between, 2)}"
        if anchor.side:
            yield f"behind={where}.side"
        if rank == 0:
            for f in pair.context:
                yield f"behind={where}.{f}"
            if where in ("item", "sentence"):
                yield from _gap("behind", text[a.end : anchor.start])
                if before is None or _where(pair, before[1]) not in ("item", "sentence"):
                    yield "behind.first"
        if where == "item" and not any(x.start >= pair.item[0] for x in pair.before):
            yield "behind.only.in.item"


def _where(pair: Pair, anchor: Anchor) -> str:
    scene = pair.around.scene
    if pair.item[0] <= anchor.start < pair.item[1]:
        return "item"
    sentence = scene.layout.sentence_at(anchor.start)
    apart = abs(sentence - pair.sentence)
    if apart == 0:
        return "sentence"
    if scene.layout.sentence_paragraph[sentence] == scene.layout.sentence_paragraph[pair.sentence]:
        return f"paragraph{min(apart, 4)}"
    paragraphs = abs(scene.layout.sentence_paragraph[sentence] - scene.layout.sentence_paragraph[pair.sentence])
    return f"apart{min(paragraphs, 3)}.{min(apart, 3)}" if paragraphs <= 3 else "far"


def _gap(side: str, gap: str) -> Iterator[str]:
    told = words(gap)
    size = next((limit for limit in (0, 3, 8, 15) if len(told) <= limit), "long")
    yield f"{side}.gap={size}"
    if len(told) <= 2 * _GAP:
        for word in told[:_GAP]:
            yield f"{side}.gap.{_shape(word)}"
    yield f"{side}.gap.first={' '.join(map(_shape, told[:1]))}"
    yield f"{side}.gap.last={' '.join(map(_shape, told[-1:]))}"
    yield f"{side}.gap.commas={min(gap.count(','), 3)}"


def _standing(pair: Pair, project: int) -> Iterator[str]:
    """What the undertaking is, and what else points to it."""
    a, around = pair.amount, pair.around
    scene = around.scene
    p = scene.projects[project]
    many = "group" if p.n_projects > 1 else "one"
    yield f"kind={p.kind}"
    yield f"kind={p.kind}.{a.role}"
    yield f"{many}"
    yield f"{many}.{a.role}"
    if around.children[project]:
        yield "whole"
        yield f"whole.{a.role}"
    if p.parent is not None:
        yield "part"
        if pair.before and pair.before[0].project == p.parent:
            yield "part.of.last"
    if pair.before and scene.projects[pair.before[0].project].parent == project:
        yield "roof.of.last"
        for f in pair.context:
            if f.startswith("starts"):
                yield f"roof.of.last.{f}"
    if len(scene.named) == 1:
        yield "only"
        for f in pair.context:
            yield f"only.{f}"
    elif around.mentions[project] * 2 > len(scene.anchors):
        yield "main"
        yield f"main.{a.role}"
    if scene.anchors[0].project == project:
        yield "first"
    if project in pair.head:
        alone = "head" if len(set(pair.head)) == 1 else "head.among"
        yield alone
        yield f"{alone}.{a.role}"
        yield f"{alone}.{'item' if any(x.start >= pair.item[0] for x in pair.before) else 'bare'}"
    elif pair.head:
        yield "other.head"
    for word, this in pair.recalled[:1]:
        fits = p.kind in TAKEN_UP.get(word, _BUILT)
        last = next(
            (x.project for x in pair.before if scene.projects[x.project].kind in TAKEN_UP.get(word, _BUILT)), None
        )
        yield f"recalled={'fits' if fits else 'other'}"
        if last == project:
            yield "recalled.last"
            yield f"recalled.last.{'this' if this else 'bare'}"
    said = set(words(scene.layout.text[max(pair.span[0], a.start - 300) : min(pair.span[1], a.end + 200)]))
    told = len(around.names[project] & said)
    if told:
        yield f"alike={min(told, 4)}"
    following = pair.sentence + 1
    if following < len(scene.layout.sentences):
        span = scene.layout.sentences[following]
        if _FLOWS.match(scene.layout.text, *span) and any(x.project == project for x in scene.between(*span)):
            yield "flows"
    if project in pair.twin_homes:
        yield "twin"
        yield f"twin.{a.qualifier}"
        yield f"twin.{a.role}"
        if len(pair.twin_homes) == 1:
            yield "twin.one"
            yield f"twin.one.digits={min(4, len(str(a.value_vnd or 0).rstrip('0')))}"


def _sequence(pair: Pair, project: int) -> Iterator[str]:
    """What the sums before were linked to."""
    a, around = pair.amount, pair.around
    own = [i for i in range(max(0, pair.index - 12), pair.index) if pair.links[i] == project]
    roles = {around.amounts[i].role for i in own}
    if "total" in roles and a.value_vnd:
        whole = max((around.amounts[i].value_vnd or 0) for i in own if around.amounts[i].role == "total")
        yield f"total={'over' if a.value_vnd > whole else 'same' if a.value_vnd == whole else 'under'}"
        yield f"total={'over' if a.value_vnd > whole else 'same' if a.value_vnd == whole else 'under'}.{a.role}"
    elif not own:
        yield "no.sum.yet"
        yield f"no.sum.yet.{a.role}"
    previous = pair.index - 1
    if previous < 0:
        return
    other = around.amounts[previous]
    link = pair.links[previous]
    layout = around.scene.layout
    near = (
        "item"
        if other.start >= pair.item[0]
        else "sentence"
        if other.start >= pair.span[0]
        else "next"
        if layout.sentence_at(other.start) == pair.sentence - 1
        else "far"
    )
    same = "same" if link == project else "other" if link is not None else "none"
    yield f"previous={same}.{near}"
    yield f"previous={same}.{near}.{other.role}.{a.role}"
    if near in ("item", "sentence"):
        gap = layout.text[other.end : a.start]
        named = any(x.start >= other.end for x in pair.before[:1])
        yield f"previous={same}.{near}.{_mark(gap)}"
        yield f"previous={same}.{near}.{'named' if named else 'bare'}"
    elif near == "next" and same == "same":
        for f in pair.context:
            yield f"previous={same}.{near}.{f}"


def _mark(gap: str) -> str:
    for mark in ("\n", ";", ")", "(", ",", " và ", "/"):
        if mark in gap:
            return repr(mark.strip() or "line")
    return "words"


def _shape(word: str) -> str:
    return "0" if word[0].isdigit() else word
