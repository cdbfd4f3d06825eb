"""Examples for the deciders of rules.project: which proposals are undertakings, and where their names end."""

import re
import tomllib
from pathlib import Path

from pipeline.analysis.evaluate import name_f1, pair_projects
from pipeline.analysis.gold import Fact, locate
from pipeline.text.segment import segment
from pipeline.train.annotated import Annotated
from pipeline.train.linear import Example
from rules import money, place, role
from rules.layout import Layout
from rules.project import project
from rules.project.accept import Proposal, proposals
from rules.project.attach import candidates as values_of
from rules.project.attach import programmes as programmes_printed
from rules.project.attach import years as years_printed
from rules.project.describe import Context
from rules.project.ends import boundaries, chosen, describe_end
from rules.project.groups import complete
from rules.project.mention import Candidate

CASES = Path(__file__).parents[2] / "tests" / "cases"
_ALIKE = 0.85  # token F1 of a name with the gold name from which it is the same name
_REPEATED = 2
_CASE = re.compile(r"(?:(\d+) )?(\w+)(?:: (.+))?")


def undertakings(document: Annotated) -> list[Example]:
    """An example for each proposal of a document."""
    _, found = _proposals(document.layout)
    rows = [_row(document, p) for p in found]
    right = set(pair_projects(document.layout.text, document.facts["projects"], rows).values())
    return [Example(p.features, "yes" if i in right else "no", document.name) for i, p in enumerate(found)]


def ends(document: Annotated) -> list[Example]:
    """An example for each place where the name of a gold undertaking may end."""
    context, found = _proposals(document.layout)
    spans = [locate(document.layout.text, g["text"]) if g["text"] else None for g in document.facts["projects"]]
    golds = list(zip(document.facts["projects"], spans, strict=True))
    seen: set[int] = set()
    examples: list[Example] = []
    for c in (c for p in found for c in p.members):
        if chosen(c) and c.name and c.name[0] not in seen and (new := _end_examples(context, c, golds, document.name)):
            seen.add(c.name[0])
            examples += new
    return examples


def _end_examples(
    context: Context, c: Candidate, golds: list[tuple[Fact, tuple[int, int] | None]], name: str
) -> list[Example]:
    assert c.name is not None
    tokens, text = context.tokens, context.layout.text
    places = boundaries(context, c, c.name[0])
    best: list[float] = []
    for gold, span in golds:
        near = span is None or (span[0] < c.end and c.start < span[1])
        if not gold["name"] or not near or (c.count or 1) != gold["n_projects"]:
            continue
        scores = [name_f1(gold["name"], text[c.name[0] : tokens.ends[end - 1]]) for end in places]
        if scores and max(scores) >= max(_ALIKE, max(best, default=0.0)):
            best = scores
    if not best:
        return []
    right = best.index(max(best))
    begin, ruled = tokens.at(c.name[0]), tokens.at(c.name[1])
    return [
        Example(tuple(describe_end(context, c, begin, end, ruled)), "yes" if i == right else "no", name)
        for i, end in enumerate(places)
        if i == right or best[i] < best[right]
    ]


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
    paired = pair_projects(document.layout.text, golds, [_row(document, p) for p in found])
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


def _row(document: Annotated, proposal: Proposal) -> Fact:
    c = proposal.best
    name = document.layout.text[slice(*c.name)] if c.name else None
    return {"name": name, "n_projects": c.count or 1, "start": c.start, "end": c.end}


def cases() -> list[Annotated]:
    """The passages of tests/cases/project_*.toml, none where the tests are not installed; each counts several times, as
    it states a decision in few words."""
    found = []
    for name, read in (("project_names", _name_line), ("project_facts", _fact_line)):
        path = CASES / f"{name}.toml"
        listed = tomllib.loads(path.read_text("utf-8"))["case"] if path.exists() else []
        for number, case in enumerate(listed):
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
