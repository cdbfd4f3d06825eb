"""The report as the linker sees it: sentences cut into items, brackets, and where undertakings are named.

An *item* is a sentence, or a piece of it between semicolons; semicolons inside brackets do not cut. An *anchor* is
one mention of an undertaking. An anchor is a *frame* where the text names it only as the roof of another one
("công trình A thuộc dự án B"), a *part* where it is counted in passing ("chia làm 11 dự án thành phần").
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rules.layout import Layout, Span
from rules.link.mention import Undertaking
from rules.link.words import ends

_CUT = re.compile(r"[;()\[\]]")
_FRAME, _PARTS = ends("frame"), ends("parts", gap=2)


@dataclass(frozen=True, slots=True)
class Anchor:
    """One mention of undertaking ``project``; ``side`` marks frames and parts, ``bracket`` what stands in brackets."""

    start: int
    end: int
    project: int
    side: bool
    bracket: bool


@dataclass(frozen=True)
class Scene:
    """A report with its undertakings; everything else is computed when first asked for."""

    layout: Layout
    projects: Sequence[Undertaking]

    @cached_property
    def _cuts(self) -> tuple[list[int], list[Span]]:
        """Starts of all items, and the spans of all brackets (outermost, closed within their sentence)."""
        starts, brackets = [], []
        text = self.layout.text
        for left, right in self.layout.sentences:
            starts.append(left)
            depth, opened = 0, left
            for m in _CUT.finditer(text, left, right):
                mark = m.group()
                if mark in "([":
                    opened = m.start() if depth == 0 else opened
                    depth += 1
                elif mark in ")]":
                    if depth == 1:
                        brackets.append((opened, m.end()))
                    depth = max(0, depth - 1)
                elif depth == 0:
                    starts.append(m.end())
        return starts, brackets

    def item(self, offset: int) -> Span:
        """The item that holds ``offset``."""
        starts = self._cuts[0]
        index = max(0, bisect_right(starts, offset) - 1)
        sentence = self.layout.sentences[self.layout.sentence_at(offset)]
        following = starts[index + 1] if index + 1 < len(starts) else sentence[1]
        return starts[index], min(following, sentence[1])

    def bracket(self, offset: int) -> Span | None:
        """The bracket that holds ``offset``."""
        brackets = self._cuts[1]
        index = bisect_right(brackets, (offset, len(self.layout.text))) - 1
        return brackets[index] if index >= 0 and brackets[index][1] > offset else None

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
        return tuple(kept)

    def _anchor(self, start: int, end: int, project: int) -> Anchor:
        before = self.layout.text[max(self.item(start)[0], start - 40) : start]
        side = bool(_FRAME.search(before) or _PARTS.search(before))
        held = self.bracket(start)
        return Anchor(start, end, project, side, held is not None and held[0] > 0)

    @cached_property
    def _starts(self) -> list[int]:
        return [a.start for a in self.anchors]

    def between(self, left: int, right: int) -> tuple[Anchor, ...]:
        """Anchors that begin in [left, right)."""
        return self.anchors[bisect_right(self._starts, left - 1) : bisect_right(self._starts, right - 1)]

    @cached_property
    def focus(self) -> tuple[tuple[int, ...], ...]:
        """For each sentence the undertakings that it leaves open as its topic.

        One index where the sentence is about one undertaking; several where it tells of more than one.
        """
        topics: list[tuple[int, ...]] = []
        for left, right in self.layout.sentences:
            topics.append(self._topic(self.between(left, right)))
        return tuple(topics)

    def _topic(self, anchors: tuple[Anchor, ...]) -> tuple[int, ...]:
        top = (
            [a for a in anchors if not a.side and not a.bracket]
            or [a for a in anchors if not a.bracket]
            or list(anchors)
        )
        order = list(dict.fromkeys(a.project for a in top))
        parents = {self.projects[i].parent for i in order}
        return tuple(i for i in order if self.projects[i].parent not in order or i in parents)
