"""The year and the programme of an undertaking: every one that the report prints is described by how it stands to the
mentions, the weights of years.tsv and programmes.tsv choose one or none.

What the rules of :mod:`rules.project.years` and :mod:`rules.project.attributes` say is one feature among others.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rules.decide import Model, load
from rules.layout import Layout
from rules.project.attributes import programmes_in
from rules.project.describe import Context
from rules.project.lexicon import pattern
from rules.project.lists import list_intro
from rules.project.mention import Project
from rules.project.years import is_compared

CLASSES = ("yes", "no")
_YEAR = re.compile(r"(?<![\d.,])(?:(?<=[/.-])|(?<!\d))((?:19|20)\d\d)(?!\d|[.,]\d)")
_PERIOD = pattern(r"(?:19|20)\d\d\s*(?:[-–]|{up_to})\s*(?:{year}\s+)?(?:19|20)\d\d")
_SHORT = 120  # code points of a line that may be a heading
_EACH = 12  # values of one undertaking that are weighed
_RECENT, _BACK = 2, 30  # values named last before a mention; how many points back they are looked for
_PART = 40  # values in one part of a report that are looked at
_FAR = 40  # paragraphs up


@dataclass(frozen=True, slots=True)
class Points:
    """Where the values of one kind (years, or programmes) stand in a report: parallel lists in text order."""

    starts: list[int]
    ends: list[int]
    values: list[str]
    different: int
    """how many different values there are, 3 for more"""
    compared: frozenset[int] = frozenset()
    """numbers of the points that something is only compared with ("so với năm 2022")"""

    def between(self, start: int, end: int) -> range:
        """Numbers of the points in ``[start, end)``."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))


def years(layout: Layout) -> Points:
    """All years that a report prints."""
    text = layout.text
    found = [(m.start(1), m.end(1), m[1]) for m in _YEAR.finditer(text)]
    return replace(_points(found), compared=frozenset(i for i, (at, *_) in enumerate(found) if is_compared(text, at)))


def programmes(layout: Layout) -> Points:
    """All programmes that a report names."""
    found = programmes_in(layout.text, 0, len(layout.text))
    return _points([(at, at + 1, slug) for at, slug in found])


def _points(found: Sequence[tuple[int, int, str]]) -> Points:
    values = [value for _, _, value in found]
    return Points([start for start, _, _ in found], [end for _, end, _ in found], values, min(3, len(set(values))))


def candidates(context: Context, project: Project, points: Points, ruled: str | None) -> dict[str, list[str]]:
    """Value -> the features of giving it to ``project``, for the values that stand near enough; ``ruled`` is what the
    rules say."""
    near: dict[str, set[str]] = {}
    spans = _spans(context, project)
    for relation, i in ((relation, i) for relation, span in spans for i in points.between(*span)[:_PART]):
        if i not in points.compared:
            near.setdefault(points.values[i], set()).add(relation)
            near[points.values[i]] |= _at(context, project, points, i, relation)
    for relation, i in _recent(points, project.start):
        near.setdefault(points.values[i], set()).update(_at(context, project, points, i, relation))
    if ruled is not None:
        near.setdefault(ruled, set()).add("only.ruled")
    found: dict[str, list[str]] = {}
    group = f"{'count' if project.n_projects > 1 else project.kind}"
    for value in sorted(near)[:_EACH]:
        features = sorted(near[value])
        features += [f"ruled={value == ruled}", f"ruled.none={ruled is None}", f"values={min(len(near), 4)}"]
        features += [f"{f}.{value == ruled}" for f in features if f.startswith("rel=")]
        features += [f"ruled={value == ruled}.{group}", f"rule={project.rule}"]
        features.append(f"all={points.different}")
        found[value] = features
    return found


def _recent(points: Points, at: int) -> list[tuple[str, int]]:
    """The last values named before ``at``, at any distance, and the first of the report; none that is compared with."""
    found: list[tuple[str, int]] = []
    seen: list[str] = []
    last = bisect_left(points.starts, at) - 1
    for i in range(last, max(-1, last - _BACK), -1):
        if points.values[i] not in seen:
            if i not in points.compared:
                found.append((f"recent.{len(found)}", i))
            seen.append(points.values[i])
            if len(seen) == _RECENT:
                break
    if points.starts and 0 not in points.compared:
        found.append(("first", 0))
    return found


def _spans(context: Context, project: Project) -> list[tuple[str, tuple[int, int]]]:
    """The parts of a report in which a value may be of ``project``, with their names."""
    layout = context.layout
    start, end = project.start, project.end
    first, last = context.sentence(start)
    i, s = layout.paragraph_at(start), layout.sentence_at(start)
    begin, close = layout.paragraphs[i]
    found = [("inside", (start, end)), ("before", (first, start)), ("after", (end, last))]
    found += [("above", (max(begin, first - 600), first)), ("below", (last, min(close, last + 600)))]
    if s + 1 < len(layout.sentences):
        found.append(("next", layout.sentences[s + 1]))
    if s and layout.sentence_paragraph[s - 1] == layout.sentence_paragraph[s]:
        found.append(("previous", layout.sentences[s - 1]))
    for a, b in project.mentions:
        if (a, b) != (start, end):
            found += [("mention", (a, b)), ("mention.sentence", context.sentence(a))]
            if len(found) > 24:
                break
    if intro := list_intro(layout, start):
        found.append(("intro", intro))
    if layout.title:
        found.append(("title", layout.title))
    if len(layout.paragraphs) > 1 and i > 1:
        found.append(("lead", layout.paragraphs[1]))
    if i:
        found.append(("paragraph.above", layout.paragraphs[i - 1]))
    if (heading := _heading(layout, i)) is not None:
        found.append(("heading", layout.paragraphs[heading]))
    return found


def _heading(layout: Layout, i: int) -> int | None:
    """The nearest short line above paragraph ``i`` that does not end as a sentence does."""
    for k in range(i - 1, max(0, i - _FAR), -1):
        start, end = layout.paragraphs[k]
        if end - start < _SHORT and layout.text[end - 1] not in ".;!?,":
            return k
    return None


def _at(context: Context, project: Project, points: Points, i: int, relation: str) -> set[str]:
    """How one printed value stands in the part ``relation`` of the report."""
    tokens, text = context.tokens, context.layout.text
    lower = tokens.lower
    k = tokens.at(points.starts[i])
    before = lower[k - 1] if k else "^"
    second = lower[k - 2] if k > 1 else "^"
    after = lower[min(tokens.at(points.ends[i]), len(lower) - 1)]
    found = {f"rel={relation}", f"rel={relation}.{'count' if project.n_projects > 1 else project.kind}"}
    if relation in ("before", "after", "inside", "next", "previous", "intro"):
        found |= {f"l.{relation}={before}", f"l2.{relation}={second} {before}", f"r.{relation}={after}"}
        a, b = (points.ends[i], project.start) if relation == "before" else (project.end, points.starts[i])
        if relation in ("before", "after"):
            between = lower[tokens.at(a) : tokens.at(b)]
            size = len(between)
            found.add(f"far.{relation}={0 if size < 2 else 1 if size < 5 else 2 if size < 10 else 3}")
            found |= {f"mark.{relation}={mark}" for mark in (",", ";", ":", "(") if mark in between}
            others = bisect_left(context.starts, b) - bisect_right(context.starts, a)
            found.add(f"others.{relation}={min(2, max(0, others))}")
            found |= {f"w.{relation}={word}" for word in between[-6:] if word.isalpha()}
    found.add(f"value={points.values[i]}" if not points.values[i].isdigit() else "year")
    if not points.values[i].isdigit():
        found.add(f"rel={relation}={points.values[i]}")
    elif _PERIOD.search(text, max(0, points.starts[i] - 14), min(len(text), points.ends[i] + 14)):
        found |= {"period", f"period.{relation}"}
    return found


def choose(model: Model, described: Mapping[str, Sequence[str]]) -> str | None:
    """The value with the highest score, None where "no" beats "yes" for all of them."""
    best: tuple[int, str] | None = None
    for value, features in described.items():
        lead = model.lead(features)
        if lead > 0 and (best is None or lead > best[0]):
            best = (lead, value)
    return best[1] if best else None


def attach(context: Context, projects: Sequence[Project]) -> list[Project]:
    """``projects`` with the years and programmes that the weights choose."""
    if not projects:
        return []
    dated, paid = years(context.layout), programmes(context.layout)
    of_year, of_programme = (
        load("rules.project", CLASSES, "years.tsv"),
        load("rules.project", CLASSES, "programmes.tsv"),
    )
    found = []
    for p in projects:
        year = choose(of_year, candidates(context, p, dated, None if p.year is None else str(p.year)))
        programme = choose(of_programme, candidates(context, p, paid, p.programme))
        programme = None if programme == "open" else programme
        found.append(replace(p, year=None if year is None else int(year), programme=programme))
    return found
