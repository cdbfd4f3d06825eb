"""What the undertaking rules pass on: one mention in the text, and one undertaking gathered from its mentions."""

from dataclasses import dataclass
from typing import Protocol

from rules.layout import Layout, Span

_REACH = 1000
_LOOSE = frozenset(
    f"project.{rule}"
    for rule in (
        *("work.noun", "work.built", "work.act", "work.measured", "work.count", "work.pointing"),
        *("work.entry", "work.label", "work.quote", "loose", "loose.counted"),
    )
)


class HasSpan(Protocol):
    """Anything with offsets: the sums and places that serve as evidence."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place in the text that may name or count an undertaking.

    ``name`` is the span of its own name (None where the text only counts or only points back: "dự án này").
    ``count`` is the printed number of undertakings, None for a single one. ``form`` says how it is written:
    ``quoted``, ``official`` (capital after the kind word), ``plain``, ``counted``, ``work`` (a bridge, a school
    without kind word), ``item`` (of a list) or ``back`` (points back to one named before).
    """

    start: int
    end: int
    kind: str
    form: str
    rule: str
    name: Span | None = None
    count: int | None = None
    cue: str = ""

    def __hash__(self) -> int:
        return hash((self.start, self.end))  # quick: the rules look candidates up again and again

    @property
    def loose(self) -> bool:
        """Whether it was proposed generously: only the weights say that it is an undertaking at all."""
        return self.rule in _LOOSE


@dataclass(frozen=True, slots=True)
class Project:
    """One undertaking of the report (the row of the projects table, without money and receivers).

    ``text`` is ``layout.text[start:end]``, its fullest mention; ``mentions`` are all spans that name it or point
    back to it, in text order; ``parent`` is the index of its group in the list that :func:`rules.project.find`
    returns.
    """

    start: int
    end: int
    text: str
    name: str | None
    kind: str
    programme: str | None
    year: int | None
    n_projects: int
    rule: str
    parent: int | None = None
    mentions: tuple[Span, ...] = ()


def sentence_around(layout: Layout, at: int) -> Span:
    """The sentence at ``at``, clipped to what can bear on it: a text without stops must not cost its square."""
    first, last = layout.sentences[layout.sentence_at(at)]
    return max(first, at - _REACH), min(last, at + _REACH)
