"""Governing phrases: reading ``roles.toml`` and finding its phrases in a list of words."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from rules.money.lexicon import load

GAP = ".."
_MAX_GAP = 4
_STOPS = frozenset(',.;:()[]"“”!?')


class Rule(NamedTuple):
    """One entry of ``roles.toml``: what its phrases say about a sum, and how firmly."""

    id: str
    role: str
    strength: str


class Cue(NamedTuple):
    """A governing phrase at words [first, last] of a clause."""

    first: int
    last: int
    rule: Rule


class Rates(NamedTuple):
    """Units behind a slash: things that have a price, and people or times that have a wage."""

    goods: frozenset[str]
    wage: frozenset[str]


Index = dict[str, list[tuple[tuple[str, ...], Rule]]]


@cache
def _data() -> dict[str, Any]:
    return load("roles.toml")


@cache
def phrase_index(side: str) -> Index:
    """Phrases of one side ("before" or "after") by their first word, longest first."""
    index: Index = {}
    seen: set[tuple[str, ...]] = set()
    for entry in _data()["rule"]:
        rule = Rule(entry["id"], entry["role"], entry.get("strength", "strong"))
        for phrase in entry.get(side, ()):
            words = tuple(plain_tones(phrase).split())
            if words not in seen:
                seen.add(words)
                index.setdefault(words[0], []).append((words, rule))
    for entries in index.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return index


@cache
def rates() -> Rates:
    """Rate units of ``roles.toml``."""
    table = _data()["rates"]
    return Rates(frozenset(table["goods"]), frozenset(table["wage"]))


_TONES = {"òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ", "òe": "oè", "óe": "oé", "ỏe": "oẻ", "õe": "oẽ", "ọe": "oẹ",
          "ùy": "uỳ", "úy": "uý", "ủy": "uỷ", "ũy": "uỹ", "ụy": "uỵ"}  # fmt: skip


def plain_tones(text: str) -> str:
    """Write the tone mark of oa, oe, uy on the last vowel, so that both spellings compare equal.

    >>> plain_tones("ủy thác, xã hội hóa")
    'uỷ thác, xã hội hoá'
    """
    for old, new in _TONES.items():
        if old in text:
            text = text.replace(old, new)
    return text


def find_cues(words: Sequence[str], start: int, stop: int, side: str) -> Iterator[Cue]:
    """Phrases in words [start, stop): leftmost, then longest, without overlap."""
    index = phrase_index(side)
    i = start
    while i < stop:
        entries = index.get(words[i])
        cue = None
        if entries is not None:
            for phrase, rule in entries:
                last = _match(words, i, stop, phrase)
                if last is not None:
                    cue = Cue(i, last, rule)
                    break
        if cue is None:
            i += 1
        else:
            yield cue
            i = cue.last + 1


def _match(words: Sequence[str], i: int, stop: int, phrase: tuple[str, ...]) -> int | None:
    """Index of the last word of ``phrase`` where it begins at word ``i``, else None."""
    at = i
    skip = 0  # words that the gap before the next part may still swallow
    for part in phrase:
        if part == GAP:
            skip = _MAX_GAP
            continue
        while skip and at < stop and words[at] != part and words[at] not in _STOPS and words[at]:
            at += 1
            skip -= 1
        if at >= stop or words[at] != part:
            return None
        at += 1
        skip = 0
    return at - 1
