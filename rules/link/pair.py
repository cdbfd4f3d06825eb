"""A sum that asks for its undertaking, what stands around it, and the features of that."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rules.link.mention import Sum
from rules.link.scene import Anchor
from rules.link.surroundings import Surroundings
from rules.link.words import starts, within

_STARTS = {
    name: starts(name) for name in ("continues", "opens", "turns", "sums_up", "fronted", "each", "places_as_subject")
}
_WITHIN = {
    name: within(name) for name in ("cost", "alien", "threshold", "cost_part", "breakdown", "each", "superseded", "cut")
}
_GIVER = starts("givers")
_PER = re.compile(r"\s?/\s?[^\W\d]")


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


def _context(pair: Pair) -> Iterator[str]:
    a = pair.amount
    yield f"role={a.role}"
    yield f"qualifier={a.qualifier}"
    if a.currency != "VND":
        yield "foreign"
    yield from _place(pair)
    yield from _words(pair)
    if pair.recalled:
        yield "recalls"
    nouns = pair.around.scene.page.nouns(pair.span[0], a.start)
    if any(n.named or n.several for n in nouns if not n.agency):
        yield "names.other"


def _place(pair: Pair) -> Iterator[str]:
    """Where the sum stands on its page."""
    start, page, title = pair.amount.start, pair.around.scene.page, pair.around.scene.layout.title
    if title and title[0] <= start < title[1]:
        yield "headline"
    if page.bracket(start):
        yield "bracket"
    if page.bullet(pair.sentence):
        yield "bullet"
    if page.extended(start):
        yield "extended"
    if _PER.match(pair.around.scene.layout.text, pair.amount.end):
        yield "per"


def _words(pair: Pair) -> Iterator[str]:
    """The phrases with which its sentence and its item begin, and those near before it."""
    text, start = pair.around.scene.layout.text, pair.amount.start
    head = text[pair.item[0] : start]
    for name, opening in _STARTS.items():
        if opening.match(head):
            yield f"starts.{name}"
        if pair.item[0] != pair.span[0] and opening.match(text, pair.span[0], start):
            yield f"sentence.starts.{name}"
    near = text[max(pair.item[0], start - 70) : start]
    for name, phrase in _WITHIN.items():
        if phrase.search(near):
            yield f"near.{name}"
    if _GIVER.match(text, pair.span[0], start):
        yield "giver"
