"""Examples of which undertaking a sum belongs to."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from pipeline.analysis.evaluate import name_f1
from pipeline.analysis.gold import Fact, locate, overlaps
from pipeline.extraction import STEPS
from pipeline.text.segment import segment
from pipeline.train.annotated import Annotated, cases_of
from pipeline.train.ranking import Choice
from rules.beneficiary import Beneficiary
from rules.layout import Layout, Span, prose
from rules.link import scene_of
from rules.link.mention import BARRED, UNLINKED
from rules.link.proposals import propose
from rules.link.receivers import receiver_choices
from rules.link.sums import Choices
from rules.link.topic import Topics
from rules.project import Project
from rules.project.groups import complete

_WRITTEN_ON = {"corpus", "gold"}  # folders
_LONG = 3  # words of a name that mean one undertaking wherever they stand
_SAME = 0.6  # from here on a gold undertaking and one that was found are the same
_UNKNOWN = -1
_WEIGHT = 4  # a case is written to show one thing, and counts for so many documents


def choices(document: Annotated) -> list[Choice]:
    """Each sum of a document with its candidates: among the undertakings that are found, and among those of the gold.

    The second way links can be learnt of undertakings that are still missed. Each sum counts twice: with the right
    links of the sums before it, and with those that are proposed, so that one wrong link does not pull others after it.
    The proposals were written on some of the documents, which would teach to trust them too far: there they are no
    features.
    """
    found = _found(document)
    layout, amounts = prose(document.layout), found["amounts"]
    gold = document.pair_amounts(amounts)
    told: list[Choice] = []
    for projects, ids in _undertakings(document, layout, found["projects"]):
        if projects and amounts:
            scene = scene_of(layout, projects, found["beneficiaries"], found["locations"])
            named = [b.start for b in found["beneficiaries"] if b.name is not None]
            right = [_UNKNOWN if fact is None else ids.get(fact["project"]) for fact in gold]
            proposed = propose(scene, Topics(scene, named), amounts)
            told += _asked(Choices(scene, amounts, proposed), right, document.name)
    return [_unproposed(choice) for choice in told] if document.folder in _WRITTEN_ON else told


def _found(document: Annotated) -> dict[str, Any]:
    """What the rules find in a document, by the name of the step."""
    found: dict[str, Any] = {}
    for name in ("amounts", "locations", "projects", "beneficiaries"):
        found[name] = STEPS[name](document.layout, found)
    return found


def of_receivers(document: Annotated) -> list[Choice]:
    """Each receiver that is found and is in the gold, with its candidates, in the same two ways."""
    found = _found(document)
    layout, amounts, receivers = prose(document.layout), found["amounts"], found["beneficiaries"]
    sums, gold = document.pair_amounts(amounts), _paired_receivers(layout.text, document.facts, receivers)
    told: list[Choice] = []
    for projects, ids in _undertakings(document, layout, found["projects"]):
        if projects and receivers:
            scene = scene_of(layout, projects, receivers, found["locations"])
            named = [b.start for b in receivers if b.name is not None]
            links = [(None if fact is None else ids.get(fact["project"]), None) for fact in sums]
            right = [_UNKNOWN if fact is None else ids.get(fact["project"]) for fact in gold]
            topics = Topics(scene, named)
            for amount, (project, _) in zip(amounts, links, strict=True):
                if project is not None:
                    topics.note(amount.start, project)
            told += _asked(receiver_choices(scene, topics, receivers, amounts, links), right, document.name)
    return [_unproposed(choice) for choice in told] if document.folder in _WRITTEN_ON else told


def _paired_receivers(text: str, facts: Fact, found: Sequence[Beneficiary]) -> list[Fact | None]:
    """For each receiver found the gold's entry of the same count at the same place, or None."""
    free = [(fact, locate(text, fact["text"])) for fact in facts["beneficiaries"]]
    paired: list[Fact | None] = []
    for b in found:
        same = (
            i
            for i, (fact, where) in enumerate(free)
            if fact["count"] == b.count and (overlaps(where, b.start, b.end, unplaced=False) or fact["text"] == b.text)
        )
        index = next(same, None)
        paired.append(None if index is None else free.pop(index)[0])
    return paired


def _asked(choices: Choices, right: Sequence[int | None], document: str) -> Iterator[Choice]:
    sure = [None if project == _UNKNOWN else project for project in right]
    proposed = [project for project, _ in choices.proposed]
    for links in (sure, proposed):
        for index, amount in enumerate(choices.around.amounts):
            if amount.role in UNLINKED or right[index] == _UNKNOWN or choices.proposed[index] == BARRED:
                continue
            rows = choices.of(index, links)
            among = [project for project, _ in rows]
            if right[index] in among:
                yield Choice(tuple(tuple(f) for _, f in rows), among.index(right[index]), document)


def _unproposed(choice: Choice) -> Choice:
    rows = tuple(tuple(f for f in row if not f.startswith("proposed")) for row in choice.rows)
    return Choice(rows, choice.right, choice.document)


def _undertakings(
    document: Annotated, layout: Layout, found: Sequence[Project]
) -> Iterator[tuple[Sequence[Project], dict[Any, int]]]:
    """Undertakings with the gold's ids: those found, then those of the gold with the mentions that were found."""
    gold = document.facts["projects"]
    paired = _paired(layout.text, gold, found)
    yield found, dict(paired)
    twins = {name: found[index] for name, index in paired.items()}
    made = [(fact["id"], project) for fact in gold if (project := _of_gold(layout.text, fact, twins.get(fact["id"])))]
    finished = complete([project for _, project in made], layout)
    place = {(p.start, p.end): index for index, p in enumerate(finished)}
    yield finished, {name: place[p.start, p.end] for name, p in made}


def _paired(text: str, gold: Sequence[Fact], found: Sequence[Project]) -> dict[str, int]:
    """Id of a gold undertaking -> the one that was found for it, the most alike first."""
    alike = [(_likeness(text, fact, project), -i, -j) for i, fact in enumerate(gold) for j, project in enumerate(found)]
    paired: dict[str, int] = {}
    for likeness, i, j in sorted(alike, reverse=True):
        if likeness >= _SAME and gold[-i]["id"] not in paired and -j not in paired.values():
            paired[gold[-i]["id"]] = -j
    return paired


def _likeness(text: str, fact: Fact, project: Project) -> float:
    """As gold is compared to rows: by name, and by place and count where one of both has none."""
    at = overlaps(locate(text, fact["text"]), project.start, project.end, unplaced=False)
    counted = fact["n_projects"] == project.n_projects
    if fact["name"] and project.name:
        return name_f1(fact["name"], project.name) + (0.1 if at else 0.0)
    if fact["name"] or project.name:
        return 0.65 if at and counted else 0.0
    return (0.8 if counted else 0.0) + (0.2 if at else 0.0)


def _of_gold(text: str, fact: Fact, twin: Project | None) -> Project | None:
    where = locate(text, fact["text"])
    if where is None:
        return twin
    if twin is not None:
        mentions = tuple(sorted({*twin.mentions, where}))
        return replace(
            twin, start=where[0], end=where[1], name=fact["name"], kind=fact["kind"], n_projects=fact["n_projects"],
            mentions=mentions, parent=None,
        )  # fmt: skip
    return Project(
        start=where[0],
        end=where[1],
        text=text[slice(*where)],
        name=fact["name"],
        kind=fact["kind"],
        programme=None,
        year=None,
        n_projects=fact["n_projects"],
        rule="gold",
        mentions=_mentions(text, where, fact["name"]),
    )


def _mentions(text: str, where: Span, name: str | None) -> tuple[Span, ...]:
    """The gold's mention, and wherever else it or its name stands."""
    spans = {where}
    for phrase in (text[slice(*where)], name or ""):
        if phrase.count(" ") >= _LONG - 1:
            start = text.find(phrase)
            while start >= 0:
                spans.add((start, start + len(phrase)))
                start = text.find(phrase, start + 1)
    inside = {s for s in spans for o in spans if o != s and o[0] <= s[0] and s[1] <= o[1]}
    return tuple(sorted(spans - inside))


def cases() -> list[Choice]:
    """The choices of the test cases; none where the tests are not at hand."""
    shown = [choice for n, case in enumerate(cases_of("link")) if "sums" in case for choice in _case(f"link {n}", case)]
    return shown * _WEIGHT


def _case(name: str, case: Fact) -> Iterator[Choice]:
    layout = segment(case["text"])
    found: dict[str, Any] = {}
    for step in ("amounts", "locations", "projects", "beneficiaries"):
        found[step] = STEPS[step](layout, found)
    amounts, projects = found["amounts"], found["projects"]
    if not projects or [layout.text[a.start : a.end] for a in amounts] != [text for text, _ in case["sums"]]:
        return
    scene = scene_of(layout, projects, found["beneficiaries"], found["locations"])
    named = [b.start for b in found["beneficiaries"] if b.name is not None]
    keys = {of for row in ("sums", "receivers", "places") for _, of in case.get(row, ())}
    right = [
        _meant(layout.text, projects, of, keys | {r["of"] for r in case.get("records", ())}) for _, of in case["sums"]
    ]
    choices = Choices(scene, amounts, propose(scene, Topics(scene, named), amounts))
    yield from map(_unproposed, _asked(choices, right, name))


def _meant(text: str, projects: Sequence[Project], of: str, keys: set[str]) -> int | None:
    """The undertaking that a case calls by a part of its mention."""
    if not of:
        return None
    called = [max((k for k in keys if k and k in text[p.start : p.end]), key=len, default="") for p in projects]
    return called.index(of) if of in called else _UNKNOWN
