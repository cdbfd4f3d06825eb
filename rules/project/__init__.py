"""Undertakings (đề án, dự án, mô hình …) that a report names or counts."""

from collections.abc import Sequence

from rules.layout import Layout
from rules.project.attributes import programme_of
from rules.project.evidence import Facts, supported
from rules.project.groups import complete
from rules.project.heads import find_heads
from rules.project.items import enumerated
from rules.project.mention import Candidate, HasSpan, Project
from rules.project.merge import best, cluster
from rules.project.works import find_works
from rules.project.years import year_of

__all__ = ["Project", "find"]


def find(layout: Layout, amounts: Sequence[HasSpan], places: Sequence[HasSpan]) -> list[Project]:
    """The undertakings of a report, one each, in the order of their fullest mentions.

    ``amounts`` and ``places`` are the sums and administrative units found before (anything with ``start`` and
    ``end``): they are evidence that a mention is more than a word.
    """
    sums = sorted((a.start, a.end) for a in amounts)
    works = [*find_works(layout, sums), *_enumerated(layout)]
    candidates = _joined(find_heads(layout, [start for start, _ in sums]), works)
    if not candidates:
        return []
    facts = Facts(layout, amounts, places)
    groups = [g for g in cluster(layout, candidates) if supported(facts, g)]
    return complete([_project(layout, g) for g in groups], layout)


def _enumerated(layout: Layout) -> list[Candidate]:
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


def _project(layout: Layout, members: list[Candidate]) -> Project:
    text = layout.text
    c = best(text, members)
    ordered = [c, *(m for m in members if m.form != "back"), *(m for m in members if m.form == "back")]
    return Project(
        start=c.start,
        end=c.end,
        text=text[c.start : c.end],
        name=text[slice(*c.name)] if c.name else None,
        kind=c.kind,
        programme=programme_of(layout, ordered),
        year=year_of(layout, ordered),
        n_projects=c.count or 1,
        rule=c.rule,
        mentions=tuple(sorted({(m.start, m.end) for m in members})),
    )
