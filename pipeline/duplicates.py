"""Which documents have the same or nearly the same text as an earlier one.

Every text is reduced to a MinHash signature of its word triples, and to the figures in its sentences. Two texts are
nearly the same when at least :data:`ALIKE` of their triples agree *and* so do their figures: a weekly report that
repeats last week's wording with new sums is no duplicate, for whoever adds up sums leaves duplicates out.
"""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

ALIKE = 0.75
FIGURES_ALIKE = 0.9
_HASHES, _ROWS = 64, 4
_WORD = re.compile(r"\w")
_BASE = 0x01000193
_FIGURE = re.compile(r"\d[\d.,]*")
_SENTENCE = 80  # a shorter line is a headline, a dateline or a byline, which sites write anew

Numbers = NDArray[np.uint32]

_random = np.random.RandomState(1912)
_FACTOR = (_random.randint(1, 2**31, _HASHES).astype(np.uint32) * np.uint32(2) + np.uint32(1))[:, None]
_OFFSET = _random.randint(0, 2**31, _HASHES).astype(np.uint32)[:, None]


@dataclass(frozen=True, slots=True)
class _Print:
    """What is kept of a document: some 700 bytes."""

    source: str
    doc_id: str
    signature: Numbers
    figures: Numbers

    @classmethod
    def read(cls, doc_id: str, source: str, fingerprint: bytes) -> "_Print":
        numbers = np.frombuffer(fingerprint, np.uint32)
        return cls(source, doc_id, numbers[:_HASHES], numbers[_HASHES:])


def mark(documents: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Duplicates among (doc_id, source, text), as duplicate's doc_id -> doc_id of the first one.

    "First" is by source, then doc_id, whatever the order in which documents arrive; the first one of each group is
    itself no duplicate. Texts are not kept: memory grows by some 700 bytes a document.

    >>> text = "Tỉnh hỗ trợ 450 triệu đồng cho ba cơ sở chế biến chè tại huyện Lạc Sơn trong năm nay, theo kế hoạch."
    >>> mark([("b", "2.txt", text), ("a", "1.txt", text + " Minh Hà"), ("c", "3.txt", text.replace("450", "900"))])
    {'b': 'a'}
    """
    return mark_fingerprints((doc_id, source, fingerprint(text)) for doc_id, source, text in documents)


def mark_fingerprints(documents: Iterable[tuple[str, str, bytes]]) -> dict[str, str]:
    """The same from (doc_id, source, :func:`fingerprint` of the text)."""
    prints = sorted((_Print.read(*document) for document in documents), key=lambda p: (p.source, p.doc_id))
    if not prints:
        return {}
    groups = _groups(np.stack([p.signature for p in prints]))
    firsts: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    marks: dict[str, str] = {}
    for number in np.flatnonzero((groups >= 0).any(axis=1)).tolist():
        found = prints[number]
        keys = [(band, group) for band, group in enumerate(groups[number].tolist()) if group >= 0]
        known = sorted({other for key in keys for other in firsts[key]})
        original = next((prints[other] for other in known if _is_alike(prints[other], found)), None)
        if original is None:
            for key in keys:
                firsts[key].append(number)
        elif original.doc_id != found.doc_id:
            marks[found.doc_id] = original.doc_id
    return marks


def _groups(signatures: Numbers) -> NDArray[np.int64]:
    """For each document and band of its signature, the number of the group that shares the band; -1 where none does."""
    parts = signatures.astype(np.uint64)
    key = parts[:, ::_ROWS]
    for row in range(1, _ROWS):
        key = key * np.uint64(0x9E3779B97F4A7C15) + parts[:, row::_ROWS]
    groups = np.full(key.shape, -1, np.int64)
    for band in range(key.shape[1]):
        _, group, sizes = np.unique(key[:, band], return_inverse=True, return_counts=True)
        shared = sizes[group] > 1
        groups[shared, band] = group[shared]
    return groups


def _is_alike(a: _Print, b: _Print) -> bool:
    if (a.signature == b.signature).mean() < ALIKE:
        return False
    both = np.intersect1d(a.figures, b.figures, assume_unique=True).size
    return bool(both >= FIGURES_ALIKE * (a.figures.size + b.figures.size - both))


def fingerprint(text: str) -> bytes:
    """What comparing needs of a text: 256 bytes of signature, and 4 for each different figure."""
    hashes = _word_hashes(text)
    if len(hashes) > 2:
        hashes = hashes[:-2] * np.uint32(0x9E3779B1) ^ hashes[1:-1] * np.uint32(0x85EBCA77) ^ hashes[2:]
    elif not len(hashes):
        hashes = np.zeros(1, np.uint32)
    sentences = (line for line in text.split("\n") if len(line) > _SENTENCE)
    figures = {_hash(figure.rstrip(".,")) for line in sentences for figure in _FIGURE.findall(line)}
    return _signature(hashes).tobytes() + np.array(sorted(figures), np.uint32).tobytes()


def _signature(hashes: Numbers) -> Numbers:
    """The least value of each of the 64 hash functions, taken in stretches so that a huge text stays cheap."""
    least = np.full(_HASHES, 0xFFFFFFFF, np.uint32)
    for start in range(0, len(hashes), 1024):
        part = hashes[None, start : start + 1024] * _FACTOR + _OFFSET
        np.minimum(least, (part ^ part >> np.uint32(15)).min(axis=1), out=least)
    return least


def _word_hashes(text: str) -> Numbers:
    """A number for each word (``\\w+``), whatever its case: its letters as the digits of a number of base `_BASE`.

    Sums over the text's beginning up to each place give those of all words at once.
    """
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    letters = _LETTER[np.minimum(points, _LAST_LETTER)]
    inside = np.zeros(len(points) + 2, np.bool_)
    inside[1:-1] = letters
    begins, ends = (inside[1:] != inside[:-1]).nonzero()[0].reshape(-1, 2).T
    powers, inverses = _powers((len(points) // 4096 + 1) * 4096)
    sums = np.zeros(len(points) + 1, np.uint32)
    np.cumsum(letters * powers[: len(points)], dtype=np.uint32, out=sums[1:])
    hashes: Numbers = (sums[ends] - sums[begins]) * inverses[begins]
    hashes ^= hashes >> np.uint32(16)
    return hashes


def _letter(point: int) -> int:
    """A letter's digit, the same for its capital; 0 for what is no part of a word."""
    letter = chr(point)
    return ord(letter.casefold()[0]) if _WORD.match(letter) else 0


_LAST_LETTER = 0x2FFF  # letters of scripts behind it count as one and the same
_LETTER = np.array([*map(_letter, range(_LAST_LETTER)), 1], np.uint32)


@lru_cache(maxsize=8)
def _powers(length: int) -> tuple[Numbers, Numbers]:
    """Powers of the base and of its inverse, modulo 2 to the 32."""
    base, inverse = (np.full(length, factor, np.uint32) for factor in (_BASE, pow(_BASE, -1, 1 << 32)))
    base[0] = inverse[0] = 1
    return np.cumprod(base, dtype=np.uint32), np.cumprod(inverse, dtype=np.uint32)


@lru_cache(maxsize=1 << 12)
def _hash(word: str) -> int:
    return zlib.crc32(word.encode())
