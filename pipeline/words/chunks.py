"""Tokens of a text, a run of non-space characters ("chunk") at a time.

The library's token pattern never matches across white space (but for one abbreviation, see `CHUNK`), and composing
letters (NFC) never reaches across it either, so the tokens of a chunk depend on the chunk alone, with one exception: an
abbreviation's full stop ("UBND.") is a token of its own where the text ends. Most chunks of a text have been seen
before, so the pattern, 14 alternatives with URLs among them, runs only for new ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import accumulate, chain
from typing import TypeVar

from pipeline.words.library import Library
from pipeline.words.scores import PLAIN_LETTERS, TokenTable

# The pattern's abbreviation "Th.s" takes any character for its stop, a blank too: "Th S" stays together.
_BLANK_STOP = re.compile(r"Th[^\S\n][sS]")
CHUNK = re.compile(r"(?:Th[^\S\n][sS]|\S)+")
_WRAPPED = re.compile(rf'([("“]*)({PLAIN_LETTERS.pattern})([,;!?)"”…]*)(\.?)')
LONGEST_KEPT = 40  # code points; longer chunks are links and the like, hardly met twice


Spans = tuple[tuple[int, int], ...]
T = TypeVar("T")


class Memory:
    """What has been learned from texts so far."""

    def __init__(self, library: Library, table: TokenTable) -> None:
        self._library = library
        self.table = table
        self.chunks = _Memo(self._rows_of_chunk)
        self._rows_of = self.chunks.__getitem__
        self._spans = _Memo(lambda string: self._tokenise(string)[1])

    def age(self) -> None:
        """Forget the chunks that have not been met since this was last called."""
        self.chunks.age()
        self._spans.age()

    def rows(self, text: str) -> list[int]:
        """The tokens of a text, as rows of the table."""
        strings = _chunks(text)
        if strings and strings[-1][-1] == "." and _at_end(text):
            return [*chain.from_iterable(map(self._rows_of, strings[:-1])), *self._tokenise(strings[-1], "")[0]]
        return list(chain.from_iterable(map(self._rows_of, strings)))

    def places(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each token in a text, in code points."""
        strings = _chunks(text)
        spans = [self._spans[string] for string in strings]
        if strings and strings[-1][-1] == "." and _at_end(text):
            spans[-1] = self._tokenise(strings[-1], "")[1]
        return [
            (start + first, start + last)
            for start, chunk in zip(_starts(text, strings), spans, strict=True)
            for first, last in chunk
        ]

    def _rows_of_chunk(self, string: str) -> tuple[int, ...]:
        plain = _plain_tokens(string)
        if plain is None:
            return self._tokenise(string)[0]
        row, spelling = self.table.row, self._library.spelling.get
        return tuple([row(spelling(token, token)) for token in plain])

    def _tokenise(self, string: str, after: str = " ") -> tuple[tuple[int, ...], Spans]:
        """Rows of a chunk's tokens, and (start, end) of each in the chunk's own code points.

        `after` is what follows the chunk: a space, or nothing at the end of the text.
        """
        row, spelling, letters = self.table.row, self._library.spelling, self._library.letters
        plain = _plain_tokens(string)
        if plain:
            return tuple([row(spelling.get(token, token)) for token in plain]), _spans_of(plain)
        composed = unicodedata.normalize("NFC", string)
        spans = [match.span() for match in self._library.pattern.finditer(composed.translate(letters) + after)]
        tokens = [composed[start:end].translate(letters) for start, end in spans]
        rows = tuple([row(spelling.get(token, token)) for token in tokens])
        if composed != string:
            ends = ends_before_composing(string, len(composed))
            spans = [(ends[start], ends[end]) for start, end in spans]
        return rows, tuple(spans)


class _Memo(dict[str, T]):
    """Chunk -> what the function gives for it, computed when it is first asked for.

    Has two generations, so that what comes again and again stays when the rest is forgotten.
    """

    def __init__(self, function: Callable[[str], T]) -> None:
        super().__init__()
        self._function = function
        self._older: dict[str, T] = {}

    def __missing__(self, string: str) -> T:
        value = self._older.get(string)
        if value is None:
            value = self._function(string)
        if len(string) <= LONGEST_KEPT:
            self[string] = value
        return value

    def age(self) -> None:
        """Forget what was not asked for since this was last called."""
        self._older = dict(self)
        self.clear()


def _chunks(text: str) -> list[str]:
    return CHUNK.findall(text) if _BLANK_STOP.search(text) else text.split()


def _plain_tokens(chunk: str) -> list[str] | None:
    """The tokens of a word with marks around it that are tokens each; None where the pattern has to tell.

    Every alternative of the pattern before the plain word needs a digit, or one of ``. & ' ’ : / @ - = < >`` right
    beside letters, but for the abbreviations "Th.S" and "Th.s", whose full stop the pattern leaves unescaped: it cuts
    "Thistley" behind "This". A full stop right behind a word with a capital may be an abbreviation's.
    """
    found = _WRAPPED.fullmatch(chunk)
    if found is None:
        return None
    before, word, after, stop = found.groups()
    if (word[:2] == "Th" and word[3:4] in ("s", "S")) or (stop and not (after or word[0].islower())):
        return None
    return [*before, word, *after, *stop]


def _spans_of(tokens: list[str]) -> Spans:
    ends = list(accumulate(map(len, tokens)))
    return tuple(zip([0, *ends], ends, strict=False))


def _starts(text: str, strings: list[str]) -> list[int]:
    """Where each chunk starts in the text, in code points."""
    if sum(map(len, strings)) + len(strings) - 1 == len(text):  # single spaces between chunks, none around them
        return [0, *accumulate([len(string) + 1 for string in strings[:-1]])] if strings else []
    return [match.start() for match in CHUNK.finditer(text)]


def _at_end(text: str) -> bool:
    # `$` matches at the end and before a line break that ends the text.
    last = text[-1]
    return not last.isspace() or (last == "\n" and not text[-2].isspace())


def ends_before_composing(string: str, composed_length: int) -> list[int]:
    """For each offset in the NFC form of `string` the offset in `string` that it comes from.

    An offset inside a group of characters that compose together gets the end of the group.
    """
    offsets = [0] * (composed_length + 1)
    done, group_start = 0, 0
    for end in range(1, len(string) + 1):
        if end < len(string) and _composes(string[group_start:end], string[end]):
            continue
        group = string[group_start:end]
        composed = unicodedata.normalize("NFC", group)
        size = len(composed)
        ends = range(group_start + 1, end + 1) if composed == group else [end] * size
        offsets[done + 1 : done + size + 1] = ends
        done += size
        group_start = end
    return offsets


def _composes(group: str, char: str) -> bool:
    if group.isspace():  # a mark after a space belongs to the chunk that it opens
        return False
    if unicodedata.combining(char):
        return True
    apart = unicodedata.normalize("NFC", group) + unicodedata.normalize("NFC", char)
    return unicodedata.normalize("NFC", group + char) != apart
