"""A few hundred bytes of a text, by which texts that are alike can be found (`pipeline.tables.duplicates`).

They are a MinHash signature of its word triples, and the figures in its sentences.
"""

import re
import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

HASHES = 64
"""Hash functions of a signature; it keeps 16 bits of each."""

Numbers = NDArray[np.uint32]

_WORD = re.compile(r"\w")
_BASE = 0x01000193
_FIGURE = re.compile(r"\d[\d.,]*")
_SENTENCE = 80  # a shorter line is a headline, a dateline or a byline, which sites write anew
_random = np.random.RandomState(1912)
_FACTOR = (_random.randint(1, 2**31, HASHES).astype(np.uint32) * np.uint32(2) + np.uint32(1))[:, None]
_OFFSET = _random.randint(0, 2**31, HASHES).astype(np.uint32)[:, None]


def fingerprint(text: str) -> bytes:
    """What comparing needs of a text: 128 bytes of signature, and 4 for each different figure, ascending.

    >>> len(fingerprint("Tỉnh hỗ trợ 3 hộ nghèo.")), fingerprint("Hỗ trợ!") == fingerprint("hỗ trợ")
    (128, True)
    """
    hashes = _word_hashes(text)
    if len(hashes) > 2:
        hashes = hashes[:-2] * np.uint32(0x9E3779B1) ^ hashes[1:-1] * np.uint32(0x85EBCA77) ^ hashes[2:]
    elif not len(hashes):
        hashes = np.zeros(1, np.uint32)
    sentences = (line for line in text.split("\n") if len(line) > _SENTENCE)
    figures = {_hash(figure.rstrip(".,")) for line in sentences for figure in _FIGURE.findall(line)}
    return _signature(hashes).astype(np.uint16).tobytes() + np.array(sorted(figures), np.uint32).tobytes()


def _signature(hashes: Numbers) -> Numbers:
    """The least value of each of the 64 hash functions, taken in stretches so that a huge text stays cheap."""
    least = np.full(HASHES, 0xFFFFFFFF, np.uint32)
    for start in range(0, len(hashes), 1024):
        part = hashes[None, start : start + 1024] * _FACTOR + _OFFSET
        np.minimum(least, (part ^ part >> np.uint32(15)).min(axis=1), out=least)
    return least


def _word_hashes(text: str) -> Numbers:
    """A number for each word (``\\w+``), whatever its case: its letters as the digits of a number of base `_BASE`.

    Sums over the text's beginning up to each place give those of all words at once.
    """
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    letters = np.where(points < _LAST_LETTER, _LETTER[np.minimum(points, _LAST_LETTER)], points)
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


_LAST_LETTER = 0x2FFF  # what comes after it, letters of other scripts and signs, counts as letters
_LETTER = np.array([*map(_letter, range(_LAST_LETTER)), 0], np.uint32)


@lru_cache(maxsize=8)
def _powers(length: int) -> tuple[Numbers, Numbers]:
    """Powers of the base and of its inverse, modulo 2 to the 32."""
    base, inverse = (np.full(length, factor, np.uint32) for factor in (_BASE, pow(_BASE, -1, 1 << 32)))
    base[0] = inverse[0] = 1
    return np.cumprod(base, dtype=np.uint32), np.cumprod(inverse, dtype=np.uint32)


@lru_cache(maxsize=1 << 12)
def _hash(word: str) -> int:
    return zlib.crc32(word.encode())
