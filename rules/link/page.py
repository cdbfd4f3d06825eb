"""The page before anybody looks for undertakings: sentences cut into items, brackets, and bare kind words.

An *item* is a sentence, or a piece of it between semicolons; semicolons inside brackets do not cut.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from rules.language.letters import lowered
from rules.layout import Layout, Span
from rules.link.words import pattern

_CUT = re.compile(r"[;()\[\]]")
_BULLET = re.compile(r"\s*(?:[-–+*•]|\(?\w{1,2}[).])\s")
_EXTENDS = pattern(r"{extends}(?!\w)")  # "Mô hình sẽ được nhân rộng cho 25 hộ, kinh phí …"
_DASH = re.compile(r"\s*[-–+*•]\s")
_NOUN = pattern(r"{anaphors}(?!\w)")
_THIS = pattern(r"\s{takes_up}(?!\w)")
_BARE = pattern(r"\s*(?:[,.:;()]|\d|{bare}(?!\w))", re.IGNORECASE)
_NAMED = pattern(r"\s(?:[\"“‘«{UPPER}]|{another}(?!\w))")
_AGENCY = pattern(r"{agencies}\s(?:\S+\s){0,3}\Z")
_PLURAL = pattern(r"(?:{several}|\d)\s\Z", re.IGNORECASE)

REACH = 1500
"""Code points to either side that may bear on a mention: a text without stops must not cost its square."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A kind word of undertakings ("dự án", "công trình") wherever it stands.

    ``alone`` where no name of its own follows, ``named`` where a proper name or "thứ hai" does, ``this`` where it is
    taken up ("này", "trên"), ``several`` in the plural, ``agency`` inside an agency's name.
    """

    start: int
    end: int
    word: str
    alone: bool
    named: bool
    this: bool
    several: bool
    agency: bool


class Page:
    """Items, brackets, list marks and kind words of a report."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    @cached_property
    def _cuts(self) -> tuple[list[int], list[Span]]:
        """Starts of all items, and the spans of all brackets (outermost, closed within their sentence)."""
        starts: list[int] = []
        brackets: list[Span] = []
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
        """The item that holds ``offset``, at most :data:`REACH` code points to either side."""
        starts = self._cuts[0]
        index = max(0, bisect_right(starts, offset) - 1)
        end = self.layout.sentences[self.layout.sentence_at(offset)][1]
        end = min(starts[index + 1], end) if index + 1 < len(starts) else end
        return max(starts[index], offset - REACH), min(end, offset + REACH)

    def sentence(self, offset: int) -> Span:
        """The sentence that holds ``offset``, at most :data:`REACH` code points to either side."""
        start, end = self.layout.sentences[self.layout.sentence_at(offset)]
        return max(start, offset - REACH), min(end, offset + REACH)

    def bracket(self, offset: int) -> Span | None:
        """The bracket that holds ``offset``, if it does not open its item ("(1) …", "(QN) - …")."""
        brackets = self._cuts[1]
        index = bisect_right(brackets, (offset, len(self.layout.text))) - 1
        if index < 0 or brackets[index][1] <= offset:
            return None
        return brackets[index] if brackets[index][0] > self.item(offset)[0] + 1 else None

    def bullet(self, sentence: int) -> bool:
        """Whether the paragraph of ``sentence`` is an item of a list set in lines."""
        return self.bulleted(self.layout.sentence_paragraph[sentence])

    def bulleted(self, paragraph: int) -> bool:
        """Whether ``paragraph`` is an item of a list set in lines."""
        start = self.layout.paragraphs[paragraph][0]
        return bool(_BULLET.match(self.layout.text, start, start + 6))

    @cached_property
    def _lower(self) -> str:
        return lowered(self.layout.text)

    @cached_property
    def _extensions(self) -> list[int]:
        return [m.start() for m in _EXTENDS.finditer(self._lower)]

    def extended(self, offset: int) -> bool:
        """Whether the item of ``offset`` says before it that an undertaking is done again elsewhere."""
        if not self._extensions:
            return False
        return bisect_left(self._extensions, self.item(offset)[0]) < bisect_left(self._extensions, offset)

    def dash(self, sentence: int) -> bool:
        """Whether that item begins with a dash or dot, not with a number or letter."""
        start = self.layout.paragraphs[self.layout.sentence_paragraph[sentence]][0]
        return bool(_DASH.match(self.layout.text, start, start + 6))

    @cached_property
    def _nouns(self) -> tuple[list[int], list[Noun]]:
        text = self.layout.text
        found = []
        for m in _NOUN.finditer(self._lower):
            start, end = m.span()
            if text[start - 1 : start].isalnum():
                continue
            before = text[max(0, start - 24) : start]
            alone, named = _BARE.match(text, end), _NAMED.match(text, end)
            this, several, agency = _THIS.match(text, end), _PLURAL.search(before), _AGENCY.search(before)
            found.append(Noun(start, end, m.group(), *map(bool, (alone, named, this, several, agency))))
        return [n.start for n in found], found

    def nouns(self, left: int, right: int) -> list[Noun]:
        """Kind words that begin in [left, right)."""
        starts, found = self._nouns
        return found[bisect_left(starts, left) : bisect_left(starts, right)]
