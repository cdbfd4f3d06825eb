"""The words of a sentence, and the cues among them: found once, however many candidates the sentence has."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from rules.beneficiary.phrases import Cues, split
from rules.beneficiary.words import WORDS
from rules.language.letters import lowered
from rules.layout import Layout, Span

_CUES = Cues(WORDS["cues"])


class Said:
    """The words of ``text[start:end]``: ``words``, ``starts`` and ``ends`` (offsets in the text) run in parallel.

    >>> Said("Hỗ trợ máy sấy cho 2 hộ.", 3, 18).words
    ['trợ', 'máy', 'sấy', 'cho']
    """

    def __init__(self, text: str, start: int, end: int) -> None:
        pieces = split(lowered(text)[start:end])
        edges = list(accumulate(map(len, pieces), initial=start))
        self.words = pieces[1::2]
        self.starts, self.ends = edges[1:-1:2], edges[2::2]

    @cached_property
    def hits(self) -> list[tuple[int, int, str]]:
        """Where cues begin and end (numbers of words), and the names of their lists."""
        return list(_CUES.hits(self.words))

    @cached_property
    def cues(self) -> list[str]:
        """The lists of which a phrase was said, each once."""
        return list(dict.fromkeys([name for _, _, name in self.hits]))


@dataclass(frozen=True, slots=True)
class Part:
    """The words ``first`` up to ``last`` of what was said."""

    said: Said
    first: int
    last: int

    @property
    def words(self) -> list[str]:
        """The words, in lower case."""
        return self.said.words[self.first : self.last]

    @property
    def hits(self) -> list[tuple[int, int, str]]:
        """The cues that lie wholly in the part (numbers of words as in ``said``)."""
        return [hit for hit in self.said.hits if self.first <= hit[0] and hit[1] <= self.last]

    @property
    def cues(self) -> list[str]:
        """The lists of which a phrase lies in the part, each once."""
        if self.last - self.first == len(self.said.words):
            return self.said.cues
        return list(dict.fromkeys([name for _, _, name in self.hits]))


class Speech:
    """What a report says, sentence by sentence, each read once."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._read: dict[Span, Said] = {}
        self.about: dict[int, list[str]] = {}
        """sentence -> features of what stands beside it, as far as they were asked for"""

    def said(self, start: int, end: int) -> Said:
        """The words of ``text[start:end]``."""
        found = self._read.get((start, end))
        if found is None:
            found = self._read[start, end] = Said(self._layout.text, start, end)
        return found

    def part(self, sentence: int, start: int, end: int) -> Part:
        """The words of ``text[start:end]``, which lies in the sentence; it is read anew where it cuts a word."""
        said = self.said(*self._layout.sentences[sentence])
        first, last = bisect_left(said.starts, start), bisect_right(said.ends, end)
        if (first and said.ends[first - 1] > start) or (last < len(said.starts) and said.starts[last] < end):
            said = self.said(start, end)
            return Part(said, 0, len(said.words))
        return Part(said, first, max(first, last))
