"""Governing phrases: reading ``roles.toml`` and finding its phrases in a list of words."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from rules.language.lists import read

GAP = ".."
_MAX_GAP = 5
_LONGEST_SYLLABLE = 4  # shorter than that, two syllables may look like one of the language
_STOPS = frozenset(',.;:()[]"“”!?')


class Rule(NamedTuple):
    """One entry of ``roles.toml``: what its phrases say about a sum."""

    id: str
    role: str
    unless: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


class Cue(NamedTuple):
    """A governing phrase at words [first, last] of a clause."""

    first: int
    last: int
    rule: Rule


Index = dict[str, list[tuple[tuple[str, ...], Rule]]]


@cache
def _data() -> dict[str, Any]:
    return read("rules.role", "roles")


@cache
def phrase_index(side: str) -> Index:
    """Phrases of one side ("before" or "after") by their first word, the longest without a gap first."""
    index: Index = {}
    seen: set[tuple[str, ...]] = set()
    for entry in _data()["rule"]:
        rule = Rule(entry["id"], entry["role"], tuple(entry.get("unless", ())), tuple(entry.get("needs", ())))
        for phrase in entry.get(side, ()):
            words = tuple(plain_tones(phrase).split())
            if words not in seen:
                seen.add(words)
                index.setdefault(words[0], []).append((words, rule))
    for entries in index.values():
        entries.sort(key=lambda entry: (-_lead(entry[0]), -len(entry[0])))
    return index


def _lead(phrase: tuple[str, ...]) -> int:
    """Number of words before the first gap: "giao thông" is tried before "giao .. vốn"."""
    return phrase.index(GAP) if GAP in phrase else len(phrase)


@cache
def single_cues() -> frozenset[str]:
    """Governing phrases of one syllable: they may also be a syllable of a name."""
    phrases = (p for side in ("before", "after") for entries in phrase_index(side).values() for p, _ in entries)
    return frozenset(phrase[0] for phrase in phrases if len(phrase) == 1)


@cache
def glued_words() -> dict[str, int]:
    """Neighbouring words of the phrases without the space between, and where the second begins."""
    pairs = {
        (a, b)
        for side in ("before", "after")
        for entries in phrase_index(side).values()
        for phrase, _ in entries
        for a, b in pairwise(phrase)
        if a.isalpha() and b.isalpha()
    }
    return {a + b: len(a) for a, b in pairs if len(a + b) > _LONGEST_SYLLABLE}


@cache
def rates() -> dict[str, frozenset[str]]:
    """Units behind a slash, by kind: things that have a price, people and times that have a wage, receivers."""
    return {kind: frozenset(units) for kind, units in _data()["rates"].items()}


@cache
def _classes() -> dict[str, dict[tuple[str, ...], tuple[str, ...]]]:
    """First word -> phrases of ``classes.toml`` that begin with it, longest first -> their classes."""
    found: dict[tuple[str, ...], list[str]] = {}
    for name, phrases in sorted(read("rules.role", "classes").items()):
        for phrase in phrases:
            found.setdefault(tuple(plain_tones(phrase).split()), []).append(name)
    index: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {}
    for words in sorted(found, key=lambda words: (-len(words), words)):
        index.setdefault(words[0], {})[words] = tuple(found[words])
    return index


def classify(words: Sequence[str]) -> list[tuple[str, ...]]:
    """The classes of each word; those of a phrase stand at its last word.

    >>> classify(["dân", "đối", "ứng"])
    [('people',), (), ('own',)]
    """
    index = _classes()
    found: list[tuple[str, ...]] = [()] * len(words)
    i = 0
    while i < len(words):
        step = 1
        phrases = index.get(words[i])
        for phrase, names in phrases.items() if phrases else ():
            if len(phrase) == 1 or tuple(words[i : i + len(phrase)]) == phrase:
                step = len(phrase)
                found[i + step - 1] = names
                break
        i += step
    return found


_TONES = {
    first + second: plain
    for vowels, marked in (("oa", "òóỏõọ àáảãạ"), ("oe", "òóỏõọ èéẻẽẹ"), ("uy", "ùúủũụ ỳýỷỹỵ"))
    for first, second, plain in [(old, vowels[1], vowels[0] + new) for old, new in zip(*marked.split(), strict=True)]
}


def plain_tones(text: str) -> str:
    """Write the tone mark of oa, oe, uy on the last vowel, so that both spellings compare equal.

    >>> plain_tones("ủy thác, xã hội hóa")
    'uỷ thác, xã hội hoá'
    """
    for old, new in _TONES.items():
        if old in text:
            text = text.replace(old, new)
    return text


def denied(words: Sequence[str], rule: Rule) -> bool:
    """Whether the sentence has words with which the rule does not hold, or lacks those that it needs."""
    if not (rule.unless or rule.needs):
        return False
    sentence = " ".join(words)
    return any(phrase in sentence for phrase in rule.unless) or (
        bool(rule.needs) and not any(phrase in sentence for phrase in rule.needs)
    )


def find_cues(words: Sequence[str], start: int, stop: int, side: str) -> Iterator[Cue]:
    """Phrases in words [start, stop): leftmost, then longest, without overlap."""
    index = phrase_index(side)
    i = start
    while i < stop:
        entries = index.get(words[i])
        cue = None
        if entries is not None:
            following = words[i + 1] if i + 1 < stop else None
            for phrase, rule in entries:
                if len(phrase) > 1 and phrase[1] != following and phrase[1] != GAP:
                    continue
                last = _match(words, i, stop, phrase)
                if last is not None and not (rule.role == "name" and _counts_next(words, last)):
                    cue = Cue(i, last, rule)
                    break
        if cue is None:
            i += 1
        else:
            yield cue
            i = cue.last + 1


def _counts_next(words: Sequence[str], last: int) -> bool:
    """Whether a sum or a number follows: "dự án hỗ trợ 40 hộ" has a verb, "dự án hỗ trợ trồng quế" a name."""
    return last + 1 < len(words) and (words[last + 1] == "" or words[last + 1][0].isdecimal())


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
