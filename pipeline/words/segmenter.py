"""Words of a text: the tokens, and which of them belong together."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pipeline.words.chunks import Memory
from pipeline.words.library import Library, Transitions, Unsupported
from pipeline.words.scores import EDGE, REACH, Floats, Scorer

Word = tuple[int, int, str]
Bools = npt.NDArray[np.bool_]
BEFORE, AFTER = (0,) * REACH, (1,) * REACH  # rows of `TokenTable` for the places around a text
MOST_CHUNKS = 20_000  # distinct chunks in a generation of those remembered; two generations take some 10 MB
MOST_TOKENS, MOST_CHARACTERS = 40_000, 1_000_000


class Segmenter(Protocol):
    """Vietnamese words of a text, always those of ``underthesea.word_tokenize``."""

    def words(self, text: str) -> list[str]:
        """The words, in order; syllables of one word joined by a space."""

    def spans(self, text: str) -> list[Word]:
        """(start, end, word) for each word, in code points of `text`.

        The word is spelled as underthesea spells it (``hoà`` may come out as ``hòa``), so it can differ from
        ``text[start:end]``. In a text that is not NFC, two words that come from one group of combining
        characters cannot be told apart: the first has the whole group, the next is empty.
        """

    def words_many(self, texts: Sequence[str]) -> list[list[str]]:
        """`words` of each text. Much faster than one by one where the texts are as short as sentences."""

    def spans_many(self, texts: Sequence[str]) -> list[list[Word]]:
        """`spans` of each text, as quickly."""


class FastSegmenter:
    """The same words as the library gives, several times as fast. Safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._scorer = Scorer(library)
        self._decoder = Decoder(library.transitions)
        self._lock = threading.Lock()
        self._memory = Memory(library, self._scorer.new_table())

    def words(self, text: str) -> list[str]:
        return self.words_many([text])[0]

    def words_many(self, texts: Sequence[str]) -> list[list[str]]:
        with self._lock:
            memory = self._fresh_memory()
            rows_of = [memory.rows(text) for text in texts]
            begins_of = self._begins(memory, rows_of)
            tokens = memory.table.tokens
        return [_join_words(rows, begins, tokens) for rows, begins in zip(rows_of, begins_of, strict=True)]

    def spans(self, text: str) -> list[Word]:
        return self.spans_many([text])[0]

    def spans_many(self, texts: Sequence[str]) -> list[list[Word]]:
        with self._lock:
            memory = self._fresh_memory()
            rows_of = [memory.rows(text) for text in texts]
            places_of = [memory.places(text) for text in texts]
            begins_of = self._begins(memory, rows_of)
            tokens = memory.table.tokens
        return [_join(*parts, tokens) for parts in zip(rows_of, places_of, begins_of, strict=True)]

    def _fresh_memory(self) -> Memory:
        table = self._memory.table
        if len(table.tokens) > MOST_TOKENS or table.characters > MOST_CHARACTERS:
            self._memory = Memory(self._library, self._scorer.new_table())
        elif len(self._memory.chunks) > MOST_CHUNKS:
            self._memory.age()
        return self._memory

    def _begins(self, memory: Memory, texts: list[list[int]]) -> list[list[bool]]:
        """For each token of each text whether a word begins with it."""
        table = memory.table
        padded: list[int] = []
        ends: list[int] = []
        for rows in texts:
            padded += (*BEFORE, *rows, *AFTER)
            ends.append(len(padded) - REACH)
        if not padded:
            return []
        places = np.array(padded, np.int64)
        scores = self._scorer.scores(table, places)
        begins, doubts = self._decoder.decode(scores, places >= len(EDGE), ends)
        result = [begins[end - len(rows) : end] for rows, end in zip(texts, ends, strict=True)]
        for number in sorted({bisect_right(ends, place) for place in doubts}):
            tags = self._library.tags([table.tokens[row] for row in texts[number]])
            result[number] = [tag != "I-W" for tag in tags]
        for text in result:
            text[:1] = [True] * len(text[:1])  # a text cannot open with the middle of a word
        return result


def _join_words(rows: list[int], begins: list[bool], tokens: list[str]) -> list[str]:
    words: list[str] = []
    for row, begin in zip(rows, begins, strict=True):
        if begin:
            words.append(tokens[row])
        else:
            words[-1] += " " + tokens[row]
    return words


def _join(rows: list[int], places: list[tuple[int, int]], begins: list[bool], tokens: list[str]) -> list[Word]:
    words: list[Word] = []
    for row, (start, end), begin in zip(rows, places, begins, strict=True):
        if begin:
            words.append((start, end, tokens[row]))
        else:
            first, _, word = words[-1]
            words[-1] = (first, end, f"{word} {tokens[row]}")
    return words


class Decoder:
    """Viterbi search with two labels.

    Only the difference d between the best score that ends in B-W and the best that ends in I-W matters. One
    step adds the position's score to a function of d that is constant below `low` (the token before is I-W
    whatever follows), constant from `high` on (it is B-W whatever follows) and falls between the two (it is
    the opposite of what follows).
    """

    def __init__(self, weights: Transitions) -> None:
        self.low = weights.ii - weights.bi
        self.high = weights.ib - weights.bb
        self._below = weights.ib - weights.ii
        self._above = weights.bb - weights.bi
        self._between = weights.ib - weights.bi
        if not (self.low <= 0 <= self.high and self._above <= 0 <= self._below):
            raise Unsupported("transition weights that favour repeated labels")

    def decode(self, scores: Floats, tokens: Bools, ends: list[int]) -> tuple[list[bool], list[int]]:
        """Whether the label is B-W, for each place, and the places where another order of adding could turn it.

        `tokens` tells the places that hold a token from the empty ones between texts, `ends` are the places
        after each text's last token.
        """
        low, high = self.low, self.high
        below, above, between = self._below, self._above, self._between
        # Twice the worst case of the library's rounding: n additions to a sum of some 5 n, in 64 bits.
        doubt = 1e-9 + 1e-15 * len(scores) ** 2
        # Most scores are so high or so low that no neighbour can turn them; only the others need the search.
        sure = scores >= high - above + doubt
        open_places = (tokens & ~sure & (scores >= low - below - doubt)).nonzero()[0].tolist()
        begins: list[bool] = sure.tolist()
        d = np.where(tokens, scores, between).tolist()  # before the first token: adds nothing
        doubts = []
        for place in open_places:
            before = d[place - 1]
            d[place] = now = d[place] + (below if before < low else above if before >= high else between - before)
            if -doubt < now - low < doubt or -doubt < now - high < doubt or -doubt < now < doubt:
                doubts.append(place)
        last = {end - 1 for end in ends}
        for place in reversed(open_places):
            now = d[place]
            follows = now < 0 if place in last else begins[place + 1]
            begins[place] = now >= high or (now >= low and not follows)
        return begins, doubts
