"""The words and marks of a text, and phrases found among them: linear in the text, whatever the length of the lists."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from itertools import accumulate

from rules.language.letters import lowered
from rules.project.lexicon import words

_TOKEN = re.compile(r"(\d[\d.,]*\d|\d|\w+|[^\w\s])(\s*)")


class Tokens:
    """The tokens of a text: numbers with their marks, words and single marks.

    ``starts``, ``ends`` (code points), ``lower`` and ``initials`` (first letters as printed) run in parallel.

    >>> Tokens("Sửa 2,6 km đường.").lower
    ['sửa', '2,6', 'km', 'đường', '.']
    """

    def __init__(self, text: str) -> None:
        # Nothing (but at the beginning), a token, blanks, in turn: the places of the tokens follow from the lengths,
        # much faster than from a match each.
        pieces = _TOKEN.split(lowered(text))
        edges = list(accumulate(map(len, pieces)))
        self.text = text
        self.starts = edges[0:-1:3]
        self.ends = edges[1::3]
        self.lower = pieces[1::3]
        self.initials = "".join([text[start] for start in self.starts])

    def at(self, offset: int) -> int:
        """Index of the first token that starts at or behind ``offset``."""
        return bisect_left(self.starts, offset)

    def capital(self, i: int) -> bool:
        """Whether the token ``i`` begins with a capital."""
        return self.initials[i].isupper()

    def telling(self, first: int, last: int) -> bool:
        """Whether a token from ``first`` up to ``last`` has a capital or is a number."""
        near = self.initials[first:last]
        return any(map(str.isupper, near)) or any(map(str.isdigit, near))


class Phrases:
    """A list of phrases that is looked up by the first word; the longest phrase wins.

    >>> Phrases(["cầu", "cầu treo"]).length(["xây", "cầu", "treo", "mới"], 1)
    2
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        self._lasts: set[str] = set()
        self._longest = 0
        for phrase in phrases:
            tokens = tuple(token for token, _ in _TOKEN.findall(phrase))
            self._by_first.setdefault(tokens[0], []).append(tokens)
            self._lasts.add(tokens[-1])
            self._longest = max(self._longest, len(tokens))
        for found in self._by_first.values():
            found.sort(key=lambda tokens: (-len(tokens), tokens))

    def length(self, lower: list[str], i: int) -> int:
        """Number of tokens of the longest phrase that begins at token ``i``, 0 where none does."""
        found = self._by_first.get(lower[i])
        if found is not None:
            for tokens in found:
                if len(tokens) == 1 or tuple(lower[i : i + len(tokens)]) == tokens:
                    return len(tokens)
        return 0

    def begins_in(self, lower: list[str], start: int, end: int) -> bool:
        """Whether a phrase begins at one of the tokens from ``start`` up to ``end``."""
        if self._by_first.keys().isdisjoint(lower[start:end]):
            return False
        return any(self.length(lower, i) for i in range(start, min(end, len(lower))))

    @property
    def first_words(self) -> frozenset[str]:
        """The words with which a phrase may begin."""
        return frozenset(self._by_first)

    def ends_at(self, lower: list[str], end: int) -> int:
        """Number of tokens of the longest phrase that ends before token ``end``."""
        if end and lower[end - 1] in self._lasts:
            for size in range(min(self._longest, end), 0, -1):
                if self.length(lower, end - size) == size:
                    return size
        return 0


@cache
def phrases(name: str, key: str) -> Phrases:
    """The list ``key`` of the file ``name``.toml."""
    return Phrases(words(name, key))
