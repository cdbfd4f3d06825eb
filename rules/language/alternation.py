"""A regex for one of many phrases that does not try them one by one."""

import re
from collections.abc import Iterable, Sequence

Parts = tuple[str, ...]
"""Regex source of a phrase, piece by piece: a character, a run of blanks, what must stand behind it."""


def alternation(phrases: Iterable[str], space: str = r"\ ") -> str:
    """Regex source that matches the longest of ``phrases``, and on backtracking the shorter ones.

    ``space`` is the source of what may stand between the words of a phrase.

    >>> alternation(["hộ", "hộ nghèo", "hội"]), alternation(["a.b"])
    ('hộ(?:\\\\ nghèo|i)?', 'a\\\\.b')
    """
    return one_of(tuple(space if sign == " " else re.escape(sign) for sign in phrase) for phrase in phrases)


def one_of(phrases: Iterable[Parts]) -> str:
    """Regex source that matches the longest of ``phrases``, and on backtracking the shorter ones.

    Phrases that begin alike share their beginning, so most places of a text are ruled out by one character: with a
    hundred phrases this is some four times as fast as joining them by ``|``.

    >>> one_of([("a", r"\\s+", "b"), ("a", r"(?!\\w)")])
    'a(?:\\\\s+b|(?!\\\\w))'
    """
    return _branch(sorted(set(phrases), key=lambda parts: (-len(parts), parts)))


def _branch(phrases: Sequence[Parts]) -> str:
    tails: dict[str, list[Parts]] = {}
    for phrase in filter(None, phrases):
        tails.setdefault(phrase[0], []).append(phrase[1:])
    branches = [_stem(first, rest) for first, rest in tails.items()]
    if not branches:
        return ""
    body = "|".join(branches)
    if () in phrases:
        return f"(?:{body})?"
    return f"(?:{body})" if len(branches) > 1 else body


def _stem(stem: str, tails: Sequence[Parts]) -> str:
    """What all phrases of a branch begin with, and the branches behind it."""
    while all(tails) and len({tail[0] for tail in tails}) == 1:
        stem += tails[0][0]
        tails = [tail[1:] for tail in tails]
    return stem + _branch(tails)
