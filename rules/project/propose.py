"""Everything in a report that may name or count an undertaking: what kind words stand before, works, lists, quotes."""

from collections.abc import Sequence

from rules.layout import Layout, Span
from rules.project.counts import is_difference
from rules.project.grammar import Works
from rules.project.heads import find_heads
from rules.project.items import enumerated
from rules.project.mention import Candidate
from rules.project.tokens import Tokens
from rules.project.works import find_works


def propose(layout: Layout, tokens: Tokens, sums: Sequence[Span]) -> tuple[list[Candidate], dict[Candidate, set[str]]]:
    """The candidates in text order, which may overlap, and the rules that propose the same name besides its own."""
    strict = _joined(find_heads(layout, [start for start, _ in sums]), [*find_works(layout, sums), *_listed(layout)])
    by_name = {(c.name[0] if c.name else c.start, c.count): c for c in strict}
    by_start = {(c.start, c.count): c for c in strict}
    also: dict[Candidate, set[str]] = {}
    found = list(strict)
    for c in Works(layout, tokens, sums).find(strict):
        key = (c.name[0] if c.name else c.start, c.count)
        twin = by_name.get(key) or by_start.get((c.start, c.count))
        if twin:
            also.setdefault(twin, set()).add(c.rule)
        else:
            by_name[key] = c
            found.append(c)
    found = [c for c in found if not is_difference(layout.text, c.start, c.end, c.count is not None)]
    found.sort(key=lambda c: (c.start, -c.end, c.rule))
    return found, also


def _listed(layout: Layout) -> list[Candidate]:
    """The works that sentences with "gồm" list by name."""
    return [
        c for span in layout.sentences if "gồm" in layout.text[slice(*span)] for c in enumerated(layout.text, *span)
    ]


def _joined(heads: list[Candidate], works: list[Candidate]) -> list[Candidate]:
    """Both in text order. Where two overlap, the item of a list that begins first holds the other in its name;
    else the mention with a kind word stands."""
    kept: list[Candidate] = []
    for c in sorted((*heads, *works), key=lambda c: (c.start, c.form == "work")):
        if kept and c.start < kept[-1].end:
            if kept[-1].rule != "project.work" or c.form == "back":
                continue
            kept.pop()
        kept.append(c)
    return kept
