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
_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"\d[\d.,]*")
_SENTENCE = 80  # a shorter line is a headline, a dateline or a byline, which sites write anew

Signature = NDArray[np.uint32]

_random = np.random.RandomState(1912)
_FACTOR = (_random.randint(1, 2**31, _HASHES).astype(np.uint32) * np.uint32(2) + np.uint32(1))[:, None]
_OFFSET = _random.randint(0, 2**31, _HASHES).astype(np.uint32)[:, None]


@dataclass(frozen=True, slots=True)
class _Print:
    """What is kept of a document: some 400 bytes."""

    source: str
    doc_id: str
    signature: Signature
    figures: frozenset[int]

    @classmethod
    def read(cls, doc_id: str, source: str, fingerprint: bytes) -> "_Print":
        numbers = np.frombuffer(fingerprint, np.uint32)
        return cls(source, doc_id, numbers[:_HASHES], frozenset(numbers[_HASHES:].tolist()))


def mark(documents: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Duplicates among (doc_id, source, text), as duplicate's doc_id -> doc_id of the first one.

    "First" is by source, then doc_id, whatever the order in which documents arrive; the first one of each group is
    itself no duplicate. Texts are not kept: memory grows by some 400 bytes a document.

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
    signatures = np.stack([p.signature for p in prints])
    bands = signatures.reshape(len(prints), -1, _ROWS).view([("", np.uint32)] * _ROWS)[:, :, 0]
    buckets: defaultdict[tuple[int, bytes], list[int]] = defaultdict(list)
    first: dict[str, str] = {}
    for number, found in enumerate(prints):
        keys = [(band, value.tobytes()) for band, value in enumerate(bands[number])]
        known = sorted({other for key in keys if key in buckets for other in buckets[key]})
        original = _original(found, known, prints, signatures)
        if original is None:
            for key in keys:
                buckets[key].append(number)
        elif original.doc_id != found.doc_id:
            first[found.doc_id] = original.doc_id
    return first


def _original(found: _Print, known: list[int], prints: list[_Print], signatures: Signature) -> _Print | None:
    if not known:
        return None
    shares = (signatures[known] == found.signature).mean(axis=1)
    alike = (prints[other] for other, share in zip(known, shares, strict=True) if share >= ALIKE)
    return next((other for other in alike if _same_figures(other.figures, found.figures)), None)


def _same_figures(a: frozenset[int], b: frozenset[int]) -> bool:
    return len(a & b) >= FIGURES_ALIKE * len(a | b)


def fingerprint(text: str) -> bytes:
    """What comparing needs of a text: 256 bytes of signature, then 4 for each different figure."""
    words = _WORD.findall(text.casefold())
    hashes = np.fromiter(map(_hash, words), np.uint32, len(words))
    if len(hashes) > 2:
        hashes = hashes[:-2] * np.uint32(0x9E3779B1) ^ hashes[1:-1] * np.uint32(0x85EBCA77) ^ hashes[2:]
    elif not len(hashes):
        hashes = np.zeros(1, np.uint32)
    sentences = (line for line in text.split("\n") if len(line) > _SENTENCE)
    figures = sorted({_hash(f.rstrip(".,")) for line in sentences for f in _FIGURE.findall(line)})
    return _signature(hashes).tobytes() + np.array(figures, np.uint32).tobytes()


def _signature(hashes: Signature) -> Signature:
    """The least value of each of the 64 hash functions, taken in stretches so that a huge text stays cheap."""
    least = np.full(_HASHES, 0xFFFFFFFF, np.uint32)
    for start in range(0, len(hashes), 1024):
        part = hashes[None, start : start + 1024] * _FACTOR + _OFFSET
        np.minimum(least, (part ^ part >> np.uint32(15)).min(axis=1), out=least)
    return least


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    return zlib.crc32(word.encode())
