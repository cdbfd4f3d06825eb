"""Turn a laid-out report into a spaCy ``Doc`` whose tokens are underthesea's words.

Tokens align with the text exactly: ``doc.text`` is the report, and a word of several syllables
(``Hòa Bình``) is one token with the blank inside. underthesea may spell a word otherwise than the report does (tone
marks); its own spelling is kept beside the tokens, see :func:`words_of`.
"""

from unicodedata import is_normalized
from warnings import warn

from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline import words
from pipeline.text.segment import segment
from rules.layout import Layout

_LAYOUT = "trichluc.layout"
_WORDS = "trichluc.words"


class Tokenizer:
    """spaCy tokenizer: normalised text in, ``Doc`` with sentence starts and a layout out.

    >>> from spacy.vocab import Vocab
    >>> [token.text for token in Tokenizer(Vocab())("Các hộ ở tỉnh Hòa Bình.")]
    ['Các', 'hộ', 'ở', 'tỉnh', 'Hòa Bình', '.']
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self._segmenter = words.load()

    def __call__(self, text: str) -> Doc:
        if not is_normalized("NFC", text):
            warn("letters and accents are not composed: use unicodedata.normalize('NFC', text)", stacklevel=3)
        return self.tokenise(segment(text))

    def tokenise(self, layout: Layout) -> Doc:
        """The ``Doc`` of a layout that is already known (the reader may have known the headline)."""
        text = layout.text
        pieces: list[str] = []
        spaces: list[bool] = []
        starts: list[bool | int | None] = []
        spoken: list[list[str]] = []
        cursor = 0
        for sentence_start, sentence_end in layout.sentences:
            first = True
            spans = self._segmenter.spans(text[sentence_start:sentence_end])
            spoken.append([word for _, _, word in spans])
            for start, end, _ in spans:
                start, end = start + sentence_start, end + sentence_start
                if start > cursor:
                    _gap(text[cursor:start], pieces, spaces, starts)
                pieces.append(text[start:end])
                spaces.append(False)
                starts.append(first)
                first, cursor = False, end
        if cursor < len(text):
            _gap(text[cursor:], pieces, spaces, starts)
        doc = Doc(self.vocab, words=pieces, spaces=spaces, sent_starts=starts)
        doc.user_data[_LAYOUT] = layout
        doc.user_data[_WORDS] = spoken
        return doc

    # spaCy calls these when a pipeline is saved; the model lies inside underthesea, so there is nothing to keep.
    def to_bytes(self, **_: object) -> bytes:
        return b""

    def from_bytes(self, _data: bytes, **_kwargs: object) -> "Tokenizer":
        return self

    def to_disk(self, _path: object, **_: object) -> None:
        return None

    def from_disk(self, _path: object, **_: object) -> "Tokenizer":
        return self


def _gap(blank: str, pieces: list[str], spaces: list[bool], starts: list[bool | int | None]) -> None:
    """Account for the text between two words: one blank hangs on the word before, anything else is a token."""
    if blank.startswith(" ") and pieces:
        spaces[-1] = True
        blank = blank[1:]
    if blank:
        pieces.append(blank)
        spaces.append(False)
        starts.append(False)


def layout_of(doc: Doc) -> Layout:
    """The layout of any ``Doc``, found now where another tokenizer made it."""
    layout = doc.user_data.get(_LAYOUT)
    if layout is None:
        layout = doc.user_data[_LAYOUT] = segment(doc.text)
    assert isinstance(layout, Layout)
    return layout


def words_of(doc: Doc) -> list[list[str]]:
    """underthesea's words of each sentence; the tokens' texts where another tokenizer made the ``Doc``."""
    kept = doc.user_data.get(_WORDS)
    if isinstance(kept, list):
        return kept
    layout = layout_of(doc)
    words: list[list[str]] = [[] for _ in layout.sentences]
    for token in doc:
        if words and not token.is_space:
            words[layout.sentence_at(token.idx)].append(token.text)
    return words
