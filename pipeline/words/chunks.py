"""Tokens of a text, a run of non-space characters ("chunk") at a time.

The library's token pattern never matches across white space, and composing letters (NFC) never reaches
across it either, so the tokens of a chunk depend on the chunk alone, with one exception: an abbreviation's
full stop ("UBND.") is a token of its own where the text ends. Most chunks of a text have been seen before, so
the pattern, 14 alternatives with URLs among them, runs only for new ones.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import accumulate

from pipeline.words.library import Library
from pipeline.words.scores import TokenTable

CHUNK = re.compile(r"\S+")
LONGEST_KEPT = 40  # code points; longer chunks are links and the like, hardly met twice


@dataclass(frozen=True, slots=True)
class Chunk:
    """Tokens of a chunk: their rows in the table, and (start, end) of each in the chunk's own code points."""

    rows: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]


class Memory:
    """What has been learned from texts so far: thrown away as a whole when it has grown too large."""

    def __init__(self, library: Library, table: TokenTable) -> None:
        self._library = library
        self._letters = library.letters
        self.table = table
        self.chunks: dict[str, Chunk] = {}

    def split(self, text: str) -> tuple[list[Chunk], list[str]]:
        """The chunks of a text and their strings, in order."""
        strings = text.split()
        known = self.chunks.get
        chunks = [known(string) or self._learn(string) for string in strings]
        if strings and strings[-1][-1] == "." and _at_end(text):
            chunks[-1] = self._tokenise(strings[-1], "")
        return chunks, strings

    def _learn(self, string: str) -> Chunk:
        chunk = self._tokenise(string, " ")
        if len(string) <= LONGEST_KEPT:
            self.chunks[string] = chunk
        return chunk

    def _tokenise(self, string: str, after: str) -> Chunk:
        """`after` is what follows the chunk: a space, or nothing at the end of the text."""
        composed = unicodedata.normalize("NFC", string)
        spans = [match.span() for match in self._library.pattern.finditer(composed.translate(self._letters) + after)]
        tokens = [composed[start:end].translate(self._letters) for start, end in spans]
        row, spelling = self.table.row, self._library.spelling
        rows = tuple([row(spelling.get(token, token)) for token in tokens])
        if composed != string:
            ends = ends_before_composing(string, len(composed))
            spans = [(ends[start], ends[end]) for start, end in spans]
        return Chunk(rows, tuple(spans))


def starts(text: str, strings: list[str]) -> list[int]:
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
