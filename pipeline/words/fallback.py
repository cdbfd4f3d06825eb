"""underthesea itself behind the segmenter's interface, for where the fast path cannot be used."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from pipeline.words.chunks import ends_before_composing
from pipeline.words.segmenter import Word


class LibrarySegmenter:
    """Words straight from underthesea: the same answers as `FastSegmenter`, at the library's own speed."""

    def words(self, text: str) -> list[str]:
        from underthesea import word_tokenize

        words: list[str] = word_tokenize(text)
        return words

    def spans(self, text: str) -> list[Word]:
        from underthesea.pipeline.text_normalize.character_normalize import normalize_characters_in_text
        from underthesea.pipeline.word_tokenize.regex_tokenize import tokenize

        composed = normalize_characters_in_text(text)
        places = []
        parts = []  # of each token: "Th S" is one token of two parts
        end = 0
        for token in tokenize(text, use_token_normalize=False):
            start = composed.index(token, end)
            end = start + len(token)
            places.append((start, end))
            parts.append(token.count(" ") + 1)
        if composed != text:
            ends = ends_before_composing(text, len(unicodedata.normalize("NFC", text)))
            places = [(ends[start], ends[end]) for start, end in places]
        spans: list[Word] = []
        at = 0
        for word in self.words(text):
            first, missing = at, word.count(" ") + 1
            while missing > 0:
                missing -= parts[at]
                at += 1
            spans.append((places[first][0], places[at - 1][1], word))
        return spans

    def words_many(self, texts: Sequence[str]) -> list[list[str]]:
        return [self.words(text) for text in texts]

    def spans_many(self, texts: Sequence[str]) -> list[list[Word]]:
        return [self.spans(text) for text in texts]
