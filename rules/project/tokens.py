"""The words and marks of a text, and phrases found among them: linear in the text, whatever the length of the lists."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import accumulate, compress, count

from rules.language.letters import lowered
from rules.project.lexicon import words

_TOKEN = re.compile(r"(\d[\d.,]*\d|\d|\w+|\x00+|[^\w\s])(\s*)")  # tables are blanked: rules.layout.prose


class Tokens:
    """The tokens of a text: numbers with their marks, words and single marks.

    ``starts``, ``ends`` (code points) and ``lower`` run in parallel.

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

    def at(self, offset: int) -> int:
        """Index of the first token that starts at or behind ``offset``."""
        return bisect_left(self.starts, offset)

    def capital(self, i: int) -> bool:
        """Whether the token ``i`` begins with a capital."""
        return self.text[self.starts[i]].isupper()

    def initials(self, first: int, last: int) -> list[str]:
        """The first letters, as printed, of the tokens from ``first`` up to ``last``."""
        text = self.text
        return [text[start] for start in self.starts[first:last]]

    def telling(self, first: int, last: int) -> bool:
        """Whether a token from ``first`` up to ``last`` has a capital or is a number."""
        return any(letter.isupper() or letter.isdigit() for letter in self.initials(first, last))


class Phrases:
    """A list of phrases that is looked up by the first word; the longest phrase wins.

    >>> Phrases(["cầu", "cầu treo"]).length(["xây", "cầu", "treo", "mới"], 1)
    2
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[list[str]]] = {}
        self._lasts: set[str] = set()
        self._longest = 0
        for phrase in phrases:
            tokens = _tokens_of(phrase)
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
                size = len(tokens)
                if size == 1 or lower[i : i + size] == tokens:
                    return size
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


class PhraseLists:
    """Several lists of phrases, looked for in one go.

    >>> lists = PhraseLists({"thing": ["cầu", "cầu treo", "kênh"], "class": ["con"]})
    >>> lists.find(["con", "kênh", "và", "cầu", "treo"])
    {0: {'class': 1}, 1: {'thing': 1}, 3: {'thing': 2}}
    """

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._single: dict[str, dict[str, int]] = {}
        self._longer: dict[str, dict[str, list[tuple[str, list[str]]]]] = {}
        """first word -> second word -> name of the list and words of the phrase, shorter ones first"""
        for name, phrases_ in lists.items():
            for tokens in sorted(map(_tokens_of, phrases_), key=len):
                if len(tokens) == 1:
                    self._single.setdefault(tokens[0], {})[name] = 1
                else:
                    self._longer.setdefault(tokens[0], {}).setdefault(tokens[1], []).append((name, tokens))
        self._begins = self._single.keys() | self._longer.keys()

    def find(self, lower: list[str]) -> dict[int, dict[str, int]]:
        """Where phrases begin, in text order -> the lists that they are of, and the tokens of the longest of each."""
        single, longer = self._single.get, self._longer.get
        nothing: dict[str, list[tuple[str, list[str]]]] = {}
        found: dict[int, dict[str, int]] = {}
        following = [*lower[1:], ""]
        for i in compress(count(), map(self._begins.__contains__, lower)):
            word = lower[i]
            phrases_ = longer(word, nothing).get(following[i])
            if phrases_ is None:
                if sizes := single(word):
                    found[i] = sizes
                continue
            sizes = {**single(word, {})}
            for name, tokens in phrases_:
                if len(tokens) == 2 or lower[i : i + len(tokens)] == tokens:
                    sizes[name] = len(tokens)
            if sizes:
                found[i] = sizes
        return found


def _tokens_of(phrase: str) -> list[str]:
    return [token for token, _ in _TOKEN.findall(phrase)]


@cache
def phrases(name: str, key: str) -> Phrases:
    """The list ``key`` of the file ``name``.toml."""
    return Phrases(words(name, key))
