"""Which candidates receive, and each of them once."""

from collections.abc import Sequence

from rules.beneficiary import counted, named
from rules.beneficiary.candidate import Candidate
from rules.beneficiary.describe import Around, Sum, describe, neighbours
from rules.beneficiary.mention import Beneficiary
from rules.beneficiary.said import Speech
from rules.decide import load
from rules.layout import Layout

CLASSES = ("yes", "no")
_LEAST = -20  # hundredths by which "yes" must lead
# The same number of the same kind is the same group told twice: of people from the first figure on, of firms and
# the like from the second (several undertakings may well have "2 cơ sở" each).
_SAME_PEOPLE, _SAME_FIRMS = 4, 10
_PEOPLE = frozenset({"household", "person", "worker"})


def proposed(layout: Layout) -> list[Candidate]:
    """All that is counted or named like a receiver, in text order, without overlaps; a name holds its number."""
    names = list(named.candidates(layout.text))
    taken = [False] * (len(layout.text) + 1)
    for c in names:
        taken[c.start : c.end] = [True] * (c.end - c.start)
    counts = [c for c in counted.candidates(layout.text) if not any(taken[c.start : c.end])]
    return sorted([*names, *counts], key=lambda c: (c.start, c.end))


def described(layout: Layout, candidates: Sequence[Candidate], sums: Sequence[Sum] = ()) -> list[list[str]]:
    """The features of each candidate."""
    speech = Speech(layout)
    own = [describe(Around(layout, speech, c, sums)) for c in candidates]
    beside = neighbours(layout.text, candidates)
    return [[*f, *n] for f, n in zip(own, beside, strict=True)]


def find(layout: Layout, sums: Sequence[Sum] = ()) -> list[Beneficiary]:
    """Counted and named receivers of the report, in text order, without overlaps, each once."""
    candidates = proposed(layout)
    model = load("rules.beneficiary", CLASSES)
    kept: list[Beneficiary] = []
    for c, features in zip(candidates, described(layout, candidates, sums), strict=True):
        lead = model.lead(features)
        if lead <= _LEAST or _told(layout, c, kept):
            continue
        rule = "beneficiary.counted" if c.name is None else "beneficiary.named"
        kept.append(
            Beneficiary(c.start, c.end, layout.text[c.start : c.end], c.kind, c.count, c.name, rule, lead - _LEAST)
        )
    return kept


def _told(layout: Layout, c: Candidate, kept: Sequence[Beneficiary]) -> bool:
    """Whether the same receiver was told before."""
    if c.name is not None:
        return any(b.name is not None and b.name.lower() == c.name.lower() for b in kept)
    last = next((b for b in reversed(kept) if b.name is None and (b.kind, b.count) == (c.kind, c.count)), None)
    if last is None or c.count < (_SAME_PEOPLE if c.kind in _PEOPLE else _SAME_FIRMS):
        return False
    # "… cho 10 hộ; … cho 10 hộ": the next item of a list
    same = layout.sentence_at(last.start) == layout.sentence_at(c.start)
    return not (same and ";" in layout.text[last.end : c.start])
