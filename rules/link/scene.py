"""The page with its undertakings on it: where each of them is named.

An *anchor* is one mention of an undertaking. It is to the *side* where the text names it only as the roof of another
one ("công trình A thuộc dự án B") or counts it in passing ("chia làm 11 dự án thành phần").
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from rules.language.alternation import alternation
from rules.layout import Layout
from rules.link.mention import Undertaking
from rules.link.page import Page
from rules.link.words import ends, pattern

_FRAME, _PARTS, _BESIDE = ends("frame"), ends("parts", gap=2), ends("beside", gap=1)
_BY, _GIVES = pattern(r"(?<!\w){passive}\s\Z"), pattern(r"\s{programme_gives}(?!\w)")


@dataclass(frozen=True, slots=True)
class Anchor:
    """One mention of undertaking ``project``; see the module for ``side``, ``bracket`` is where it stands in one."""

    start: int
    end: int
    project: int
    side: bool = False
    bracket: bool = False


@dataclass(frozen=True)
class Scene:
    """A report with its undertakings; everything else is computed when first asked for.

    ``cues`` are other words that stand for one undertaking ("Hoài Cổ", its receiver); they count as anchors in
    sentences that name no undertaking outright.
    """

    page: Page
    projects: Sequence[Undertaking]
    cues: Mapping[str, int] = field(default_factory=dict)

    @property
    def layout(self) -> Layout:
        """The report's layout."""
        return self.page.layout

    @cached_property
    def anchors(self) -> tuple[Anchor, ...]:
        """All mentions in text order; one inside a longer one of another undertaking is dropped."""
        spans = sorted(
            {(s, e, i) for i, p in enumerate(self.projects) for s, e in {(p.start, p.end), *p.mentions}},
            key=lambda a: (a[0], -a[1], a[2]),
        )
        kept: list[Anchor] = []
        reached = -1
        for start, end, project in spans:
            if end > reached:
                kept.append(self._anchor(start, end, project))
                reached = end
        return tuple(sorted([*kept, *self._cued(kept)], key=lambda a: a.start)) if self.cues else tuple(kept)

    def _cued(self, kept: Sequence[Anchor]) -> list[Anchor]:
        named = {self.layout.sentence_at(a.start) for a in kept}
        known = {a.project: a.start for a in reversed(kept)}
        lead = self.layout.paragraphs[:2][-1][1] if self.layout.paragraphs else 0
        cue = re.compile(alternation(self.cues))
        found = []
        for m in cue.finditer(self.layout.text):
            project = self.cues[m.group()]
            fresh = m.start() > (known.get(project, 0) if m.group().count(" ") < 2 else lead)
            fresh = fresh and self.layout.sentence_at(m.start()) not in named
            if fresh and not _BESIDE.search(self.layout.text, max(0, m.start() - 40), m.start()):
                found.append(self._anchor(m.start(), m.end(), project))
        return found

    def _anchor(self, start: int, end: int, project: int) -> Anchor:
        before = self.layout.text[max(self.page.item(start)[0], start - 40) : start]
        counted = self.projects[project].n_projects > 1
        after = self.layout.text[end : end + 16]
        giver = _BY.search(before) and _GIVES.match(after)  # "được chương trình hỗ trợ 250 triệu đồng làm mô hình X"
        side = bool(_FRAME.search(before) or giver or (counted and _PARTS.search(before)))
        return Anchor(start, end, project, side, self.page.bracket(start) is not None)

    @cached_property
    def named(self) -> frozenset[int]:
        """All undertakings that the report names."""
        return frozenset(a.project for a in self.anchors)

    @cached_property
    def _starts(self) -> list[int]:
        return [a.start for a in self.anchors]

    def between(self, left: int, right: int) -> tuple[Anchor, ...]:
        """Anchors that begin in [left, right)."""
        return self.anchors[bisect_right(self._starts, left - 1) : bisect_right(self._starts, right - 1)]

    def open(self, left: int, right: int) -> list[Anchor]:
        """Anchors outside brackets that begin in [left, right), those to the side only where there are no others.

        A bare "kế hoạch" behind the name of another undertaking is its plan ("Dự án A: kế hoạch 60 tỷ đồng").
        """
        outside = [a for a in self.between(left, right) if not a.bracket]
        main = [a for a in outside if not a.side] or outside
        if len(main) < 2:
            return main
        plan = "kế hoạch"
        named = [a for a in main if self.layout.text[a.start : a.end].lower() != plan]
        return named or main

    def topic_of(self, left: int, right: int) -> tuple[int, ...]:
        """The undertakings that text[left:right] leaves open, in text order: one where it is about one, the group of
        its parts where it tells of several parts, several where it tells of several without a common roof."""
        anchors = self.open(left, right) or self.between(left, right)
        order = list(dict.fromkeys(a.project for a in anchors))
        parents = {self.projects[i].parent for i in order}
        heads = [i for i in order if self.projects[i].parent not in order]
        roof = next(iter(parents)) if len(parents) == 1 else None
        if len(order) > 1 and len(heads) == len(order) and roof is not None:
            return (roof,)
        return tuple(heads)
