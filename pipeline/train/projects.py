"""Examples for the deciders of rules.project: which proposals are undertakings, and where their names end."""

import re
from collections.abc import Sequence

from pipeline.analysis.evaluate import name_f1, pair_projects
from pipeline.analysis.gold import Fact, locate
from pipeline.text.segment import segment
from pipeline.train.annotated import Annotated, cases_of
from pipeline.train.linear import Example
from pipeline.train.ranking import Choice
from rules import money, place, role
from rules.layout import Layout, Span
from rules.project import project
from rules.project.accept import Proposal, proposals
from rules.project.attach import candidates as values_of
from rules.project.attach import programmes as programmes_printed
from rules.project.attach import years as years_printed
from rules.project.describe import Context
from rules.project.ends import boundaries, chosen, describe_end
from rules.project.groups import complete
from rules.project.mention import Candidate

_Placed = tuple[Fact, Span | None]
"""A gold undertaking, and where its text stands."""
_ALIKE = 0.85  # token F1 of a name with the gold name from which it is the same name
_REPEATED = 6
_CASE = re.compile(r"(?:(\d+) )?(\w+)(?:: (.+))?")


def undertakings(document: Annotated) -> list[Example]:
    """An example for each proposal of a document."""
    context, found = _proposals(document.layout)
    right = set(_paired(document, context, found).values())
    return [Example(p.features, "yes" if i in right else "no", document.name) for i, p in enumerate(found)]


def ends(document: Annotated) -> list[Choice]:
    """Each proposed name of a gold undertaking with the places where it may end."""
    context, found = _proposals(document.layout)
    golds = _placed(document)
    seen: set[int] = set()
    choices = []
    for c in (c for p in found for c in p.members):
        if chosen(c) and c.name and c.name[0] not in seen and (choice := _end(context, c, golds, document.name)):
            seen.add(c.name[0])
            choices.append(choice)
    return choices


def end_cases() -> list[Choice]:
    """The same of the passages of the tests, twice as often as :func:`cases` has them."""
    return [choice for case in cases() for choice in ends(case)] * 2


def _end(context: Context, c: Candidate, golds: Sequence[_Placed], name: str) -> Choice | None:
    """Of equally good ends the first is the right one, the others are left out."""
    assert c.name is not None
    tokens = context.tokens
    places = boundaries(context, c)
    likeness = _likest(context, c, places, golds)
    if not likeness:
        return None
    right = likeness.index(max(likeness))
    begin, ruled = tokens.at(c.name[0]), tokens.at(c.name[1])
    kept = [i for i, told in enumerate(likeness) if i == right or told < likeness[right]]
    rows = tuple(tuple(describe_end(context, c, begin, places[i], ruled)) for i in kept)
    return Choice(rows, kept.index(right), name)


def _alike(context: Context, c: Candidate, places: Sequence[int], placed: _Placed) -> list[float]:
    """How much the name of ``c`` is like that of a gold undertaking at its place, for each end; [] where ``c`` stands
    elsewhere or counts another number."""
    gold, span = placed
    near = span is None or (span[0] < c.end and c.start < span[1])
    if c.name is None or not gold["name"] or not near or (c.count or 1) != gold["n_projects"]:
        return []
    ends_ = context.tokens.ends
    return [name_f1(gold["name"], context.layout.text[c.name[0] : ends_[end - 1]]) for end in places]


def _likest(context: Context, c: Candidate, places: Sequence[int], golds: Sequence[_Placed]) -> list[float]:
    """The same for the gold undertaking whose name it is most like; [] where it is like none."""
    told = max((told for g in golds if (told := _alike(context, c, places, g))), key=max, default=[])
    return told if max(told, default=0.0) >= _ALIKE else []


def years(document: Annotated) -> list[Example]:
    """An example for each year that may be that of a gold undertaking."""
    return _attached(document, "year")


def programmes(document: Annotated) -> list[Example]:
    """An example for each programme that may be that of a gold undertaking."""
    return _attached(document, "programme")


def _attached(document: Annotated, field: str) -> list[Example]:
    """The undertakings are those proposals that stand for gold ones."""
    context, found = _proposals(document.layout)
    golds = document.facts["projects"]
    paired = _paired(document, context, found)
    built = {i: project(document.layout, list(found[j].members)) for i, j in paired.items()}
    done = complete(list(built.values()), document.layout)
    points = (years_printed if field == "year" else programmes_printed)(document.layout)
    examples = []
    for i, p in built.items():
        told = next(q for q in done if (q.start, q.end, q.name) == (p.start, p.end, p.name))
        ruled, right = getattr(told, field), golds[i].get(field)
        described = values_of(context, told, points, None if ruled is None else str(ruled))
        for value, features in described.items():
            yes = right is not None and value == str(right)
            examples.append(Example(tuple(features), "yes" if yes else "no", document.name))
    return examples


def attached_cases() -> list[Annotated]:
    """The passages that say year and programme."""
    return [case for case in cases() if case.name.startswith("project_facts")]


def _proposals(layout: Layout) -> tuple[Context, list[Proposal]]:
    amounts = role.assign_roles(layout, money.find(layout.text))
    return proposals(layout, amounts, place.find(layout))


def _placed(document: Annotated) -> list[_Placed]:
    text = document.layout.text
    return [(g, locate(text, g["text"]) if g["text"] else None) for g in document.facts["projects"]]


def _paired(document: Annotated, context: Context, found: Sequence[Proposal]) -> dict[int, int]:
    """Number of a gold undertaking -> the proposal that stands for it."""
    golds = _placed(document)
    rows = [_row(context, p.best, golds) for p in found]
    return pair_projects(document.layout.text, document.facts["projects"], rows)


def _row(context: Context, c: Candidate, golds: Sequence[_Placed]) -> Fact:
    """The proposal as it may come out: with the end of its name that is most like a gold name, as another decision is
    to choose it."""
    text, tokens = context.layout.text, context.tokens
    name = text[slice(*c.name)] if c.name else None
    if c.name and chosen(c):
        places = boundaries(context, c)
        if told := _likest(context, c, places, golds):
            name = text[c.name[0] : tokens.ends[places[told.index(max(told))] - 1]]
    return {"name": name, "n_projects": c.count or 1, "start": c.start, "end": c.end}


def cases() -> list[Annotated]:
    """The passages of tests/cases/project_*.toml, none where the tests are not installed; each counts several times, as
    it states a decision in few words."""
    found = []
    for name, read in (("project_names", _name_line), ("project_facts", _fact_line)):
        for number, case in enumerate(cases_of(name)):
            if "xfail" not in case:
                facts: Fact = {"projects": [read(line) for line in case["expect"]]}
                facts |= {"amounts": [], "beneficiaries": [], "locations": None}
                found += [Annotated(f"{name}-{number:03}", segment(case["text"]), facts)] * _REPEATED
    return found


def _name_line(line: str) -> Fact:
    """ "3 de_an: name", "de_an: name" or "3 de_an"."""
    m = _CASE.fullmatch(line)
    assert m, line
    return {"text": "", "name": m[3], "n_projects": int(m[1] or 1), "kind": m[2]}


def _fact_line(line: str) -> Fact:
    """ "name or count | year | programme | group"."""
    name, year, programme, _ = line.split(" | ")
    count = int(name) if name.isdigit() and len(name) < 3 else None
    return {
        "text": "",
        "name": None if count else name,
        "n_projects": count or 1,
        "year": None if year == "-" else int(year),
        "programme": None if programme == "-" else programme,
    }
