"""Undertakings (đề án, dự án, mô hình …) that a report names or counts."""

from collections.abc import Sequence

from rules.layout import Layout
from rules.project.attributes import programme_of, year_of
from rules.project.evidence import Facts, supported
from rules.project.groups import complete
from rules.project.heads import find_heads
from rules.project.mention import Candidate, HasSpan, Project
from rules.project.merge import best, cluster
from rules.project.works import find_works

__all__ = ["Project", "find"]


def find(layout: Layout, amounts: Sequence[HasSpan], places: Sequence[HasSpan]) -> list[Project]:
    """The undertakings of a report, one each, in the order of their fullest mentions.

    ``amounts`` and ``places`` are the sums and administrative units found before (anything with ``start`` and
    ``end``): they are evidence that a mention is more than a word.
    """
    starts = sorted(a.start for a in amounts)
    candidates = find_heads(layout, starts)
    candidates = sorted(candidates + find_works(layout, starts, candidates), key=lambda c: (c.start, c.end))
    if not candidates:
        return []
    facts = Facts(layout, amounts, places)
    groups = [g for g in cluster(layout, candidates) if supported(facts, g)]
    projects = [_project(layout, g) for g in groups]
    return complete(sorted(projects, key=lambda p: (p.start, p.end)), layout)


def _project(layout: Layout, members: list[Candidate]) -> Project:
    text = layout.text
    c = best(text, members)
    named = [m for m in members if m.form != "back"]
    programmes = [p for p in (programme_of(layout, m) for m in [c, *named]) if p]
    return Project(
        start=c.start,
        end=c.end,
        text=text[c.start : c.end],
        name=text[slice(*c.name)] if c.name else None,
        kind=c.kind,
        programme=programmes[0] if programmes else None,
        year=year_of(layout, [c, *members]),
        n_projects=c.count or 1,
        rule=c.rule,
        mentions=tuple(sorted({(m.start, m.end) for m in members})),
    )
