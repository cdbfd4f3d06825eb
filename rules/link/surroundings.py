"""What a report says around a sum: which undertakings it may belong to, and where they are named."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rules.beneficiary.phrases import words
from rules.layout import Span
from rules.link.mention import Sum
from rules.link.scene import Anchor, Scene

_BACK, _AHEAD = 8, 4  # undertakings before and behind a sum that it may belong to
_ANCHORS = 60  # mentions that are looked at on the way to them
_LIST = 60  # lines of a list


@dataclass(frozen=True)
class Surroundings:
    """A scene with its sums, indexed for questions about single sums."""

    scene: Scene
    amounts: Sequence[Sum]

    @cached_property
    def starts(self) -> list[int]:
        """Where the anchors begin."""
        return [a.start for a in self.scene.anchors]

    @cached_property
    def sums(self) -> list[int]:
        """Where the sums begin."""
        return [a.start for a in self.amounts]

    @cached_property
    def children(self) -> Counter[int]:
        """How many parts each undertaking has."""
        return Counter(p.parent for p in self.scene.projects if p.parent is not None)

    @cached_property
    def mentions(self) -> Counter[int]:
        """How often each undertaking is named."""
        return Counter(a.project for a in self.scene.anchors)

    @cached_property
    def twins(self) -> dict[int, list[int]]:
        """Figure in dong -> the sums that print it."""
        found: dict[int, list[int]] = {}
        for index, amount in enumerate(self.amounts):
            if amount.value_vnd:
                found.setdefault(amount.value_vnd, []).append(index)
        return found

    @cached_property
    def names(self) -> list[frozenset[str]]:
        """The telling words of each undertaking's name: those that few of the others have."""
        own = [frozenset(words(p.name or "")) for p in self.scene.projects]
        shared = Counter(word for name in own for word in name)
        return [frozenset(w for w in name if shared[w] <= max(1, len(own) // 8) and len(w) > 1) for name in own]

    @cached_property
    def heads(self) -> list[int | None]:
        """For each paragraph the paragraph of the line over the list that it is an item of."""
        page, layout = self.scene.page, self.scene.layout
        found: list[int | None] = []
        head: int | None = None
        for index, (_start, end) in enumerate(layout.paragraphs):
            if not page.bulleted(index):
                head = None
            elif head is None and index and not page.bulleted(index - 1):
                head = index - 1
            found.append(head)
            if layout.text[end - 1 : end] == ":" and not page.bulleted(index):
                head = index
        return found

    def before(self, offset: int) -> list[Anchor]:
        """The last mention of each undertaking named before ``offset``, nearest first."""
        found: dict[int, Anchor] = {}
        last = bisect_left(self.starts, offset) - 1
        for index in range(last, max(-1, last - _ANCHORS), -1):
            anchor = self.scene.anchors[index]
            found.setdefault(anchor.project, anchor)
            if len(found) == _BACK:
                break
        return list(found.values())

    def behind(self, offset: int, end: int) -> list[Anchor]:
        """The first mention of each undertaking named in [offset, end), nearest first."""
        found: dict[int, Anchor] = {}
        first = bisect_left(self.starts, offset)
        for index in range(first, min(len(self.starts), first + _ANCHORS)):
            anchor = self.scene.anchors[index]
            if anchor.start >= end or len(found) == _AHEAD:
                break
            found.setdefault(anchor.project, anchor)
        return list(found.values())

    def names_any(self, left: int, right: int) -> bool:
        """Whether any undertaking is named in [left, right)."""
        return bisect_left(self.starts, right) > bisect_left(self.starts, left)

    def between(self, left: int, right: int) -> int:
        """How many sums begin in [left, right)."""
        return bisect_left(self.sums, right) - bisect_left(self.sums, left)

    def head_of(self, offset: int) -> Span | None:
        """The line over the list that the paragraph of ``offset`` is an item of."""
        head = self.heads[self.scene.layout.paragraph_at(offset)] if self.heads else None
        return None if head is None else self.scene.layout.paragraphs[head]
