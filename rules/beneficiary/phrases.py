"""Phrase lists over the words beside a mention: fast, and the same test everywhere.

Text is taken as lower-case words; commas vanish, every other mark between words stands as a word of its own and so
keeps a phrase from running over it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress, count

_WORD = re.compile(r"(\w+(?:[.,/&\-]\w+)*|[;:()\"“”.!?…\n])")


def words(text: str) -> list[str]:
    """The words of ``text``.

    >>> words("được hỗ trợ, trên 1,5 tỷ đồng (2 hộ)")
    ['được', 'hỗ', 'trợ', 'trên', '1,5', 'tỷ', 'đồng', '(', '2', 'hộ', ')']
    """
    return _WORD.findall(text.lower())


def split(text: str) -> list[str]:
    """What is no word, and the words of ``text`` (in lower case), in turn.

    >>> split("hộ, 2 bản")
    ['', 'hộ', ', ', '2', ' ', 'bản', '']
    """
    return _WORD.split(text)


def shape(word: str) -> str:
    """A word as a feature has it: a figure is "0".

    >>> shape("2.500"), shape("hộ")
    ('0', 'hộ')
    """
    return "0" if word[0].isdigit() else word


class Phrases:
    """A set of phrases to look for at the end, at the beginning or inside of a list of words."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = frozenset(tuple(words(p)) for p in phrases)
        self._lengths = sorted({len(p) for p in self._phrases}, reverse=True)

    def at_end(self, before: Sequence[str], gap: int = 0) -> str | None:
        """The phrase that ends ``before``, or ends at most ``gap`` words before its end.

        >>> Phrases(["hỗ trợ", "cho"]).at_end(["kinh", "phí", "hỗ", "trợ"])
        'hỗ trợ'
        >>> Phrases(["việc làm"]).at_end(words("tạo việc làm cho"), 1)
        'việc làm'
        """
        for end in range(len(before), max(0, len(before) - gap - 1), -1):
            for k in self._lengths:
                if k <= end and tuple(before[end - k : end]) in self._phrases:
                    return " ".join(before[end - k : end])
        return None

    def at_start(self, after: Sequence[str], gap: int = 0) -> str | None:
        """The phrase that begins ``after``, or begins at most ``gap`` words behind its beginning."""
        for start in range(min(gap + 1, len(after))):
            for k in self._lengths:
                if tuple(after[start : start + k]) in self._phrases:
                    return " ".join(after[start : start + k])
        return None

    def inside(self, text: Sequence[str]) -> str | None:
        """The first phrase anywhere in ``text``."""
        return self.at_start(text, len(text))


class Cues:
    """Several lists of phrases, looked for in one go."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._names: dict[tuple[str, ...], list[str]] = {}
        sizes: dict[str, set[int]] = {}
        for name, phrases in lists.items():
            for phrase in map(words, phrases):
                self._names.setdefault(tuple(phrase), []).append(name)
                sizes.setdefault(phrase[0], set()).add(len(phrase))
        self._sizes = {first: sorted(found) for first, found in sizes.items()}
        """first word -> how many words phrases with it have"""

    def hits(self, text: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Where phrases begin and end (indices of words), and the names of their lists.

        >>> list(Cues({"give": ["trao", "trao tặng"], "to": ["cho"]}).hits(words("trao tặng cho")))
        [(0, 1, 'give'), (0, 2, 'give'), (2, 3, 'to')]
        """
        sizes = self._sizes
        for start in compress(count(), map(sizes.__contains__, text)):
            for size in sizes[text[start]]:
                for name in self._names.get(tuple(text[start : start + size]), ()):
                    yield start, start + size, name
