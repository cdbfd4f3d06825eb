"""Proper names that stand for one undertaking where the text does not name it outright."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rules.link.mention import Link, Receiver, Spanned, Undertaking
from rules.link.words import pattern

_PROPER = pattern(r"[{UPPER}]\w*(?:\s(?:-\s)?[{UPPER}]\w*)+")
_LEGAL = pattern(r"(?<!\w){legal_forms}(?!\w)")
_KIND = pattern(r"\A{anaphors}\s", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_LONGEST = 12  # words of a cue
_UNIT = 5  # code points of a unit's name that is told apart from a common word
_SITE = pattern(r"(?<!\w){site_links}\s.{0,200}")


def cues(
    text: str,
    projects: Sequence[Undertaking],
    receivers: Sequence[Receiver],
    owners: Sequence[Link],
    places: Sequence[Spanned],
) -> Mapping[str, int]:
    """Proper names of two words and more that only one undertaking has, in its name or as its receiver.

    "tuyến Rừng Sác - Cần Giờ" is meant by "Rừng Sác - Cần Giờ với tổng vốn …", the model of the firm Hoài Cổ by "Hơn
    90 triệu đồng của Hoài Cổ". Names of administrative units stand for too much and are left out.
    """
    owner: dict[str, int | None] = {}
    claims = (*_of_forms(text, projects), *_of_names(projects), *_of_receivers(receivers, owners))
    for cue, index in claims:
        _claim(owner, cue, index)
    units = {text[p.start : p.end] for p in places}
    parts = {run for unit in units for run in _runs(unit)}
    long = {unit for unit in units if len(unit) > _UNIT}
    own = {cue: i for cue, i in owner.items() if i is not None and cue not in parts}
    return {cue: i for cue, i in own.items() if long.isdisjoint(_runs(cue))}


Claim = tuple[str, int | None]
"""A name, and the undertaking that it stands for; None where several have it."""


def _of_forms(text: str, projects: Sequence[Undertaking]) -> Iterator[Claim]:
    """The short forms of the mentions, with which no other's begin."""
    shorts = [_shorts(text, p) for p in projects]
    begun = _owners((short, i) for i, own in enumerate(shorts) for form in own for short in _beginnings(form))
    for index, own in enumerate(shorts):
        yield from ((cue, index if begun[cue] == index else None) for cue in own)


def _of_names(projects: Sequence[Undertaking]) -> Iterator[Claim]:
    """The proper names inside the names, without those of sites."""
    names = [project.name or "" for project in projects]
    inside = _owners((run, i) for i, name in enumerate(names) for run in _runs(name))
    for index, name in enumerate(names):
        for cue in _PROPER.findall(_SITE.sub("", name)):
            yield cue, index if inside.get(cue) == index else None


def _of_receivers(receivers: Sequence[Receiver], owners: Sequence[Link]) -> Iterator[Claim]:
    """The names of receivers that their own clause links."""
    for receiver, (index, rule) in zip(receivers, owners, strict=True):
        runs = _PROPER.findall(_LEGAL.sub("", receiver.name or ""))
        if runs and index is not None and rule in ("link.clause", "link.ahead"):
            yield runs[-1], index


def _owners(told: Iterable[tuple[str, int]]) -> dict[str, int | None]:
    """What each phrase belongs to: one undertaking, or None where several have it."""
    found: dict[str, int | None] = {}
    for phrase, index in told:
        found[phrase] = index if found.get(phrase, index) == index else None
    return found


def _runs(name: str) -> Iterator[str]:
    """All runs of at most `_LONGEST` words of a name, with the marks between them."""
    words = [m.span() for m in _WORD.finditer(name)]
    for i, (start, _) in enumerate(words):
        for _, end in words[i : i + _LONGEST]:
            yield name[start:end]


def _beginnings(form: str) -> Iterator[str]:
    """The form up to each of its words."""
    return (form[: m.end()] for m in _WORD.finditer(form))


def _shorts(text: str, project: Undertaking) -> set[str]:
    """The undertaking's names without the kind word, of three words and more: "cao tốc Bắc - Nam"."""
    forms = {_KIND.sub("", text[start:end]) for start, end in project.mentions}
    return {f for f in forms if f.count(" ") >= 2 and _PROPER.search(f) and len(f) < 60 and f[-1].isalnum()}


def _claim(owner: dict[str, int | None], cue: str, index: int | None) -> None:
    owner[cue] = index if owner.get(cue, index) == index else None
