"""The score of a position, out of tables.

underthesea's model describes a position by 43 features of the tokens up to two places away: single tokens,
pairs and triples, each as written, in lower case, as a dictionary entry, as title case. Its score for "a word
begins here" against "the word goes on" is the sum of the weights of these features. So it is a sum of
 - terms of each single token: a row of `TokenTable`, computed when the token is first seen,
 - terms of pairs and triples that the model or the dictionary knows: `Ngrams`, fixed,
 - terms that only depend on title case and on the ends of the text: one table over the five places.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.words.library import Library, Unsupported
from rules.language.letters import MARKED

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

REACH = 2  # features look this many places to each side
WINDOW = 2 * REACH + 1
LOWER, TITLE, BEGIN, END = range(4)  # what a place holds: a token, or nothing as the text has not begun or has ended
EDGE = {BEGIN: "BOS", END: "EOS"}
FUNCTIONS = (None, "lower", "isdigit", "istitle", "is_in_dict")

# Characters on which Python and the library's Rust agree for certain, whatever their Unicode versions.
PLAIN = re.compile(f"[!-~{MARKED}{MARKED.upper()}]+")
PLAIN_LETTERS = re.compile(f"[A-Za-z{MARKED}{MARKED.upper()}]+")
WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,2000}")


@dataclass(frozen=True, slots=True)
class Template:
    """A feature template such as ``T[-1,0].lower``: tokens `first` to `last`, counted from the position."""

    text: str
    first: int
    last: int
    function: str | None

    @classmethod
    def parse(cls, text: str) -> Template:
        found = re.fullmatch(r"T\[(-?\d)(?:,(-?\d))?\](?:\.(\w+))?", text)
        if found is None or found[3] not in FUNCTIONS:
            raise Unsupported(f"feature template {text}")
        first, last = int(found[1]), int(found[2] or found[1])
        if not -REACH <= first <= last <= REACH or last - first > 2:
            raise Unsupported(f"feature template {text}")
        return cls(text, first, last, found[3])

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class KeyTable:
    """Numbers -> their rows, many at a time: a hash table of arrays, as a dict would touch an object for each.

    >>> KeyTable(np.array([7, 1 << 40])).find(np.array([3, 1 << 40, 7, 3]))
    (array([1, 2]), array([1, 0]))
    """

    def __init__(self, keys: Ints) -> None:
        """`keys` are distinct and not negative."""
        bits = 3 + len(keys).bit_length()  # so few of the slots are taken that most other numbers meet none
        self._shift = np.uint64(64 - bits)
        self._keys = np.append(keys, -1)  # what an empty slot holds: the row behind the last
        self._row_in = np.full(1 << bits, len(keys), np.int32)
        rows = np.arange(len(keys), dtype=np.int32)
        slots = self._slots(keys)
        while len(rows):
            free = self._row_in[slots] == len(keys)
            self._row_in[slots[free]] = rows[free]  # of several rows for one slot, one stays
            left = self._row_in[slots] != rows
            rows, slots = rows[left], self._next(slots[left])

    def find(self, keys: Ints) -> tuple[Ints, Ints]:
        """The places in `keys` that hold a known key, in order, and the rows of these."""
        slots = self._slots(keys)
        rows = self._row_in[slots]
        empty = len(self._keys) - 1
        others = ((self._keys[rows] != keys) & (rows != empty)).nonzero()[0]
        while len(others):
            slots[others] = self._next(slots[others])
            rows[others] = at = self._row_in[slots[others]]
            others = others[(self._keys[at] != keys[others]) & (at != empty)]
        places = (rows != empty).nonzero()[0]
        return places, rows[places].astype(np.int64)

    def _slots(self, keys: Ints) -> Ints:
        return ((keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> self._shift).astype(np.int64)

    def _next(self, slots: Ints) -> Ints:
        return (slots + 1) & (len(self._row_in) - 1)


class Ngrams:
    """Pairs and triples of tokens that carry weight, and what they add to the positions around them.

    Column c of their terms belongs to the position p for which the first token of the pair or triple is at
    ``p + c - REACH``.
    """

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self._pairs: dict[tuple[int, ...], list[float]] = {}
        self._triples: dict[tuple[int, ...], list[float]] = {}

    def add_entries(self, entries: Iterable[list[str]], pair_terms: list[float], triple_terms: list[float]) -> None:
        """Pairs and triples, none yet known, that have the same terms. Others are passed over."""
        ids = self.ids
        for tokens in entries:
            if 2 <= len(tokens) <= 3:
                key = tuple([ids.setdefault(token, len(ids) + 1) for token in tokens])
                if len(key) == 2:
                    self._pairs[key] = pair_terms.copy()
                else:
                    self._triples[key] = triple_terms.copy()

    def add(self, tokens: list[str], first: int, weight: float) -> None:
        ids = self.ids
        key = tuple([ids.setdefault(token, len(ids) + 1) for token in tokens])
        known = self._pairs if len(key) == 2 else self._triples
        row = known.get(key)
        if row is None:
            row = known[key] = [0.0] * WINDOW
        row[first + REACH] += weight

    def freeze(self) -> None:
        """Make the look-up tables; nothing can be added after that."""
        for key in self._triples:
            self._pairs.setdefault(key[:2], [0.0] * WINDOW)
        self.base = len(self.ids) + 1
        row_of_pair = {pair: row for row, pair in enumerate(self._pairs)}
        self.pairs = KeyTable(np.array([a * self.base + b for a, b in self._pairs], np.int64))
        self.pair_terms = np.array(list(self._pairs.values()))
        self.opens_triple = np.zeros(len(row_of_pair), dtype=bool)
        self.triples: dict[int, list[float]] = {}
        for (a, b, c), terms in self._triples.items():
            row = row_of_pair[a, b]
            self.opens_triple[row] = True
            self.triples[row * self.base + c] = terms
        del self._pairs, self._triples

    def add_to(self, scores: Floats, ids: Ints) -> None:
        """Add the terms of all pairs and triples in `ids` to `scores` (both padded by REACH at each end)."""
        keys = ids[:-1] * self.base + ids[1:]  # id 0, a token that no known n-gram has, makes no known key
        places, rows = self.pairs.find(keys)
        terms = self.pair_terms[rows]
        # A place occurs once, so plain indexed addition is right; no known n-gram touches the padding.
        for column in range(WINDOW - 1):
            scores[places + (REACH - column)] += terms[:, column]
        opens = self.opens_triple[rows]
        places = places[opens]
        keys = (rows[opens] * self.base + ids[places + 2]).tolist()
        for place, key in zip(places.tolist(), keys, strict=True):
            if key in self.triples:
                for column, term in enumerate(self.triples[key]):
                    scores[place + (REACH - column)] += term


def ngrams(library: Library, templates: list[Template]) -> tuple[Ngrams, Ngrams]:
    """Known pairs and triples as written, and in lower case (the dictionary's entries among these)."""
    written, lowered = Ngrams(), Ngrams()
    wide = [template for template in templates if template.length > 1]
    entry_terms = {2: [0.0] * WINDOW, 3: [0.0] * WINDOW}
    for template in wide:
        if template.function == "is_in_dict":
            yes, no = (library.weights.get(f"{template.text}={value}", 0.0) for value in (True, False))
            entry_terms[template.length][template.first + REACH] += yes - no
    lowered.add_entries((entry.split(" ") for entry in library.dictionary), entry_terms[2], entry_terms[3])

    by_text = {template.text: template for template in wide if template.function in (None, "lower")}
    for feature, weight in library.weights.items():
        name, _, value = feature.partition("=")
        if name in by_text:
            template = by_text[name]
            tokens = value.split(" ")
            if len(tokens) == template.length:
                (lowered if template.function else written).add(tokens, template.first, weight)
    written.freeze()
    lowered.freeze()
    return written, lowered


def frame_terms(library: Library, templates: list[Template]) -> Floats:
    """Terms of pairs and triples that hang on title case and the text's ends only.

    Indexed by the codes of the five places read as one number of base 4.
    """
    wide = [template for template in templates if template.length > 1]
    return np.array(
        [
            sum(library.weights.get(f"{t.text}={value}", 0.0) for t in wide if (value := _frame_value(t, codes)))
            for codes in itertools.product(range(4), repeat=WINDOW)
        ]
    )


def _frame_value(template: Template, codes: tuple[int, ...]) -> str | None:
    span = codes[template.first + REACH : template.last + REACH + 1]
    for code in (span[0], span[-1]):
        if code in EDGE:
            return EDGE[code]
    if template.function == "istitle":
        return str(all(code == TITLE for code in span))
    return "False" if template.function in ("is_in_dict", "isdigit") else None


class TokenTable:
    """A row for each token seen: its terms for the five positions around it, its code, its n-gram ids.

    Rows 0 and 1 are the places before and after the text.
    """

    def __init__(self, library: Library, templates: list[Template], written: Ngrams, lowered: Ngrams) -> None:
        self._library, self._written, self._lowered = library, written, lowered
        self._single = [(f"{t.text}=", t.function, t.first + REACH) for t in templates if t.length == 1]
        self.rows: dict[str, int] = {}
        self.tokens: list[str] = ["", ""]
        self.characters = 0
        size = 1 << 12
        self.terms = np.zeros((size, WINDOW))
        self.codes = np.zeros(size, np.int64)
        self.written_ids = np.zeros(size, np.int64)
        self.lowered_ids = np.zeros(size, np.int64)
        for row, code in enumerate(EDGE):
            self.codes[row] = code
            for prefix, _, column in self._single:
                self.terms[row, column] += library.weights.get(prefix + EDGE[code], 0.0)

    def row(self, token: str) -> int:
        """The token's row, made when it is new."""
        row = self.rows.get(token)
        return self._new_row(token) if row is None else row

    def _new_row(self, token: str) -> int:
        row = len(self.tokens)
        if row == len(self.codes):
            self._grow()
        lower, digit, title, entry = self._properties(token)
        values = {
            None: token,
            "lower": lower,
            "isdigit": str(digit),
            "istitle": str(title),
            "is_in_dict": str(entry),
        }
        terms = [0.0] * WINDOW
        weight = self._library.weights.get
        for prefix, function, column in self._single:
            terms[column] += weight(prefix + values[function], 0.0)
        self.terms[row] = terms
        self.codes[row] = TITLE if title else LOWER
        self.written_ids[row] = self._written.ids.get(token, 0)
        self.lowered_ids[row] = self._lowered.ids.get(lower, 0)
        self.tokens.append(token)
        self.characters += len(token)
        self.rows[token] = row
        return row

    def _grow(self) -> None:
        for name in ("terms", "codes", "written_ids", "lowered_ids"):
            table = getattr(self, name)
            setattr(self, name, np.concatenate([table, np.zeros_like(table)]))

    def _properties(self, token: str) -> tuple[str, bool, bool, bool]:
        """Lower case; whether it is a 32-bit number, begins without a small letter, is in the dictionary."""
        if PLAIN.fullmatch(token):
            lower = token.lower()
            digit = WHOLE_NUMBER.fullmatch(token) is not None and -(2**31) <= int(token) < 2**31
            return lower, digit, token[0].upper() == token[0], lower in self._library.dictionary
        seen = self._library.features(token)
        return (
            seen["T[0].lower"],
            seen["T[0].isdigit"] == "True",
            seen["T[0].istitle"] == "True",
            seen["T[0].is_in_dict"] == "True",
        )


class Scorer:
    """Scores of all positions of several texts at once: above 0 speaks for the beginning of a word."""

    def __init__(self, library: Library) -> None:
        templates = [Template.parse(text) for text in library.templates]
        if len({template.text for template in templates}) != len(templates):
            raise Unsupported("a feature template occurs twice")
        self._library, self._templates = library, templates
        self._written, self._lowered = ngrams(library, templates)
        self._frames = frame_terms(library, templates)

    def new_table(self) -> TokenTable:
        return TokenTable(self._library, self._templates, self._written, self._lowered)

    def scores(self, table: TokenTable, rows: Ints) -> Floats:
        """One score a place. `rows` are rows of `table`: texts with REACH empty places before and after each."""
        codes = table.codes[rows]
        terms = table.terms[rows]
        scores = np.zeros(len(rows))
        inner = scores[REACH:-REACH]
        n = len(inner)
        frame = np.zeros(n, np.int64)
        for column in range(WINDOW):
            frame = frame * 4 + codes[column : column + n]
            inner += terms[column : column + n, column]
        inner += self._frames[frame]
        self._written.add_to(scores, table.written_ids[rows])
        self._lowered.add_to(scores, table.lowered_ids[rows])
        return scores
