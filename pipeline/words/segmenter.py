"""Words of a text: the tokens, and which of them belong together."""

from __future__ import annotations

import threading
from typing import Protocol

from pipeline.words.chunks import Memory, starts
from pipeline.words.library import Library, Transitions, Unsupported
from pipeline.words.scores import Scorer

Word = tuple[int, int, str]
MOST_CHUNKS = 40_000  # distinct chunks remembered: some 10 MB, and nearly all of what comes again
MOST_TOKENS = 40_000


class Segmenter(Protocol):
    """Vietnamese words of a text, always those of ``underthesea.word_tokenize``."""

    def words(self, text: str) -> list[str]:
        """The words, in order; syllables of one word joined by a space."""

    def spans(self, text: str) -> list[Word]:
        """(start, end, word) for each word, in code points of `text`.

        The word is spelled as underthesea spells it (``thuỷ`` may come out as ``thủy``), so it can differ from ``text[start:end]``.
        """

    def spans_many(self, texts: list[str]) -> list[list[Word]]:
        """`spans` of each text. Much faster than one by one where the texts are as short as sentences."""


class FastSegmenter:
    """The same words as the library gives, several times as fast. Safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._scorer = Scorer(library)
        self._decoder = Decoder(library.transitions)
        self._lock = threading.Lock()
        self._memory = Memory(library, self._scorer.new_table())

    def words(self, text: str) -> list[str]:
        with self._lock:
            memory = self._fresh_memory()
            rows = [row for chunk in memory.split(text)[0] for row in chunk.rows]
            (begins,) = self._begins(memory, [rows])
            tokens = memory.table.tokens
        words: list[str] = []
        for row, begin in zip(rows, begins, strict=True):
            if begin:
                words.append(tokens[row])
            else:
                words[-1] += " " + tokens[row]
        return words

    def spans(self, text: str) -> list[Word]:
        return self.spans_many([text])[0]

    def spans_many(self, texts: list[str]) -> list[list[Word]]:
        with self._lock:
            memory = self._fresh_memory()
            rows_of: list[list[int]] = []
            places_of: list[list[tuple[int, int]]] = []
            for text in texts:
                rows: list[int] = []
                places: list[tuple[int, int]] = []
                chunks, strings = memory.split(text)
                for chunk, start in zip(chunks, starts(text, strings), strict=True):
                    rows += chunk.rows
                    for first, last in chunk.spans:
                        places.append((start + first, start + last))
                rows_of.append(rows)
                places_of.append(places)
            begins_of = self._begins(memory, rows_of)
            tokens = memory.table.tokens
        return [_join(*parts, tokens) for parts in zip(rows_of, places_of, begins_of, strict=True)]

    def _fresh_memory(self) -> Memory:
        if len(self._memory.chunks) > MOST_CHUNKS or len(self._memory.table.tokens) > MOST_TOKENS:
            self._memory = Memory(self._library, self._scorer.new_table())
        return self._memory

    def _begins(self, memory: Memory, texts: list[list[int]]) -> list[list[bool]]:
        """For each token of each text whether a word begins with it."""
        result = []
        for rows, scores in zip(texts, self._scorer.scores(memory.table, texts), strict=True):
            begins = self._decoder.decode(scores)
            if begins is None:
                tags = self._library.tags([memory.table.tokens[row] for row in rows])
                begins = [tag != "I-W" for tag in tags]
            if begins:
                begins[0] = True
            result.append(begins)
        return result


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

    Only the difference d between the best score that ends in B-W and the best that ends in I-W matters. One step adds
    the position's score to a function of d that is constant below `low` (the token before is I-W whatever follows),
    constant from `high` on (it is B-W whatever follows) and falls between the two (it is the opposite of what follows).
    """

    def __init__(self, weights: Transitions) -> None:
        self.low = weights.ii - weights.bi
        self.high = weights.ib - weights.bb
        if self.low > self.high:
            raise Unsupported("transition weights that favour repeated labels")
        self._below = weights.ib - weights.ii
        self._above = weights.bb - weights.bi
        self._between = weights.ib - weights.bi

    def decode(self, scores: list[float]) -> list[bool] | None:
        """Whether each label is B-W; None where rounding could decide otherwise in the library's order of adding."""
        n = len(scores)
        if not n:
            return []
        low, high = self.low, self.high
        below, above, between = self._below, self._above, self._between
        # Twice the worst case of the library's rounding: n additions to a sum of some 5 n, in 64 bits.
        doubt = 1e-9 + 1e-15 * n * n
        differences = []
        step = 0.0
        for score in scores:
            d = score + step
            differences.append(d)
            step = below if d < low else above if d >= high else between - d
        begins = [False] * n
        begin = d >= 0
        if abs(d) < doubt:
            return None
        begins[-1] = begin
        for i in range(n - 2, -1, -1):
            d = differences[i]
            if -doubt < d - low < doubt or -doubt < d - high < doubt:
                return None
            begin = d >= high or (d >= low and not begin)
            begins[i] = begin
        return begins
