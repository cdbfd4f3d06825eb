"""Undertakings (đề án, dự án, mô hình …) that a report names or counts."""

from collections.abc import Sequence

from rules.decide import load
from rules.layout import Layout
from rules.project.accept import CLASSES, accepted, proposals
from rules.project.attach import attach
from rules.project.attributes import programme_of
from rules.project.ends import CLASSES as ENDS
from rules.project.groups import complete
from rules.project.mention import Candidate, HasSpan, Project
from rules.project.merge import best
from rules.project.years import year_of

__all__ = ["Project", "find"]


def find(layout: Layout, amounts: Sequence[HasSpan], places: Sequence[HasSpan]) -> list[Project]:
    """The undertakings of a report, one each, in the order of their fullest mentions.

    ``amounts`` and ``places`` are the sums and administrative units found before (anything with ``start`` and
    ``end``): they are evidence that a mention is more than a word.
    """
    context, found = proposals(layout, amounts, places)
    if not found:
        return []
    models = load("rules.project", CLASSES), load("rules.project", ENDS, "ends.tsv")
    built = [project(layout, members) for members in accepted(context, found, *models)]
    return attach(context, complete(built, layout))


def project(layout: Layout, members: Sequence[Candidate]) -> Project:
    """The undertaking that ``members`` mention, with the year and programme that the rules see."""
    text = layout.text
    c = best(text, list(members))
    named = [m for m in members if m.form != "back" and m is not c]
    ordered = [c, *named, *(m for m in members if m.form == "back")]
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
        mentions=tuple(sorted({(m.start, m.end) for m in ordered})),
    )
