"""Write the weights that join undertakings over reports anew, and say how well they join.

    python -m pipeline.train.linked LINKED [GOLD ...] [--verdicts OUT] [--check]

LINKED is a folder with ``reports/`` (gold facts, ``NAME.txt`` beside ``NAME.json``) and ``clusters.json`` (name of an
undertaking -> its entries, [NAME, id] each). Undertakings of one report are two: those of GOLD, folders of gold facts,
are examples of that too, and so are the verdicts of people beside OUT, an output folder. The figures are of joining the
gold mentions, each province by weights that were fitted without its reports.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated as Arg
from typing import Any

import pyarrow.dataset as ds
import typer

from pipeline.analysis.gold import TABLES, Fact, locate, read_facts
from pipeline.corrections import joins
from pipeline.extraction import extractor, prepare
from pipeline.gather.compare import features
from pipeline.gather.contradict import contradictions, is_group
from pipeline.gather.decide import CLASSES, PLANS, join
from pipeline.gather.describe import describe
from pipeline.gather.mention import MENTIONS, Mention, from_table
from pipeline.ingest import RawDocument
from pipeline.tables.rows import Rows, to_tables
from pipeline.tables.schema import SCHEMAS
from pipeline.train.linear import Example, fit, folds
from pipeline.train.trainers import ROOT
from rules import link
from rules.decide import Model, write
from rules.language.lists import read
from rules.layout import Span
from rules.project import Project

PATH = ROOT / "pipeline" / "gather" / "weights.tsv"
_STRENGTH, _LEAST, _FOLDS = 0.5, 2, 5
_SHARED = ("same", "near", "shared", "two", "three", "pair", "within", "half", "typo", "report", "district", "commune")
_KEYS = {"amounts": "amount_id", "beneficiaries": "beneficiary_id"}
_OF_ONE_REPORT = ("proper.report", "place.report")  # hold of any two of one report


@dataclass(frozen=True, slots=True)
class Entry:
    """A gold mention: its report and id, and the name of the undertaking (None where nobody said)."""

    mention: Mention
    undertaking: str | None


def read_mentions(folder: Path, clusters: Mapping[str, Sequence[Sequence[str]]]) -> list[Entry]:
    """The gold mentions of a folder's reports; places are those that extraction finds, linked to gold mentions."""
    paths = sorted(folder.glob("*.json"))
    documents = [RawDocument(p.stem, p.with_suffix(".txt").read_text("utf-8"), "utf-8") for p in paths]
    found = extractor().extract(documents)
    facts = [read_facts(path) for path in paths]
    for document, rows, fact in zip(documents, found, facts, strict=True):
        _lay(fact, document, rows)
    of = {(name, key): undertaking for undertaking, entries in clusters.items() for name, key in entries}
    ids = {
        f"{rows['documents']['doc_id'][0]}-p{number}": (document.source, entry["id"])
        for document, rows, fact in zip(documents, found, facts, strict=True)
        for number, entry in enumerate(fact["projects"], 1)
    }
    return [Entry(m, of.get(ids[m.project_id])) for m in from_table(describe(to_tables(found)[0]))]


def _lay(fact: Fact, document: RawDocument, rows: Rows) -> None:
    """Put the gold facts in place of those that extraction found."""
    layout = prepare(document).layout
    doc_id = rows["documents"]["doc_id"][0]
    if fact.get("published"):
        rows["documents"]["published"] = [date.fromisoformat(fact["published"])]
    rows["documents"]["province_code"] = [fact.get("province_code") or rows["documents"]["province_code"][0]]
    number = {entry["id"]: place for place, entry in enumerate(fact["projects"])}
    spans = list(_spans(layout.text, [entry["text"] for entry in fact["projects"]]))

    def key(entry: str | None) -> str | None:
        return None if entry is None else f"{doc_id}-p{number[entry] + 1}"

    projects = [
        Project(
            *span, layout.text[slice(*span)], entry["name"], entry["kind"], entry.get("programme"), entry.get("year"),
            entry["n_projects"], "gold", number.get(entry.get("parent") or ""), (span,),
        )
        for entry, span in zip(fact["projects"], spans, strict=True)
    ]  # fmt: skip
    places = rows["locations"]
    units: list[Any] = [
        SimpleNamespace(**dict(zip(places, values, strict=True))) for values in zip(*places.values(), strict=True)
    ]
    owners = link.link(layout, projects, [], [], units).place_project
    places["project_id"] = [None if owner is None else f"{doc_id}-p{owner + 1}" for owner in owners]
    for table in TABLES[:3]:
        columns: dict[str, list[Any]] = {name: [] for name in SCHEMAS[table].names}
        found = spans if table == "projects" else list(_spans(layout.text, [entry["text"] for entry in fact[table]]))
        for place, (entry, span) in enumerate(zip(fact[table], found, strict=True), 1):
            own = {"doc_id": doc_id, "start": span[0], "end": span[1], "text": layout.text[slice(*span)]}
            own |= {"sentence": layout.sentence_at(span[0]), "rule": "gold", "project_id": key(entry.get("project"))}
            if table == "projects":
                own |= {"project_id": f"{doc_id}-p{place}", "parent_id": key(entry.get("parent"))}
                own |= {"undertaking_id": f"{doc_id}-p{place}"}
            else:
                own[_KEYS[table]] = f"{doc_id}-{table[0]}{place}"
            if table == "amounts":
                own |= {"value": None, "low": None, "high": None, "value_vnd": _dong(entry)}
            for name, values in columns.items():
                values.append(own[name] if name in own else entry.get(name))
        rows[table] = columns


def _dong(entry: Fact) -> int | None:
    value = entry.get("value")
    return int(value) if entry["currency"] == "VND" and value is not None and value == int(value) else None


def _spans(text: str, mentions: Sequence[str]) -> Iterator[Span]:
    """Where gold texts stand; one that stands several times is taken in order."""
    last: dict[str, int] = {}
    for mention in mentions:
        span = locate(text, mention, last.get(mention, 0)) or (0, 0)
        last[mention] = span[1]
        yield span


def examples(entries: Sequence[Entry]) -> list[Example]:
    """Pairs of mentions that weights decide on; of one report only where nothing else contradicts."""
    found = []
    for one, other in combinations(entries, 2):
        a, b = one.mention, other.mention
        if any(is_group(m) or m.kind in PLANS for m in (a, b)) or a.home != b.home:
            continue
        against = set(contradictions(a, b))
        told = features(a, b)
        if against == {"report"} and a.parent_id != b.project_id != b.parent_id:
            told = tuple(name for name in told if name not in _OF_ONE_REPORT)
            found.append(Example(told, "two", a.home))
        elif not against and one.undertaking and other.undertaking:
            found.append(Example(told, "one" if one.undertaking == other.undertaking else "two", a.home))
    return found


def judged(out: Path) -> list[Example]:
    """The pairs that people joined or split in an output folder, where nothing contradicts."""
    found = {}
    for mention in from_table(ds.dataset(out / ".trichluc" / "mentions", schema=MENTIONS).to_table()):
        found[mention.doc_id, mention.start] = mention
    told = []
    for first, second, one in joins.pairs(out):
        a, b = (found.get((row["doc_id"], row["start"])) for row in (first, second))
        if a is not None and b is not None and not set(contradictions(a, b)):
            told.append(Example(features(a, b), "one" if one else "two", a.home))
    return told


def signs() -> list[Example]:
    """The examples of ``signs.toml``."""
    told = read("pipeline.gather", "signs")
    return [
        Example(tuple(case["shares"]), choice, f"sign {choice} {number}")
        for choice in ("one", "two")
        for number, case in enumerate(told[choice])
        for _ in range(case["times"])
    ]


def fitted(learnt: Sequence[Example]) -> Model:
    """Weights from the examples and the signs. What two mentions share never speaks against them: that undertakings of
    one report share programme, year and kind is no sign that others which do are two."""
    model = fit([*learnt, *signs()], CLASSES, _STRENGTH, _LEAST)
    shared = tuple(f".{end}" for end in _SHARED)
    weights = {
        name: (0, 0) if name.endswith(shared) and two > one else (two, one)
        for name, (two, one) in model.weights.items()
    }
    return Model(model.classes, weights)


def count(entries: Sequence[Entry], model: Model | None) -> tuple[int, int, int]:
    """Pairs joined rightly, joined wrongly, and missed, in each province for itself."""
    right = wrong = missed = 0
    for home in sorted({entry.mention.home for entry in entries}):
        own = [entry for entry in entries if entry.mention.home == home]
        sets = join([entry.mention for entry in own], model=model).sets
        set_of = {place: number for number, members in enumerate(sets) for place in members}
        for x, y in combinations(range(len(own)), 2):
            same, mine = own[x].undertaking == own[y].undertaking, set_of[x] == set_of[y]
            right, wrong, missed = right + (same and mine), wrong + (mine and not same), missed + (same and not mine)
    return right, wrong, missed


def main(
    linked: Arg[Path, typer.Argument(help="Folder with reports/ and clusters.json.")],
    gold: Arg[list[Path] | None, typer.Argument(help="Folders of gold facts.", show_default=False)] = None,
    verdicts: Arg[list[Path] | None, typer.Option(help="Output folders whose reviewers joined and split.")] = None,
    check: Arg[bool, typer.Option("--check", help="Only cross-validate; write nothing.")] = False,
) -> None:
    """Write the weights that join undertakings anew."""
    clusters = json.loads((linked / "clusters.json").read_text("utf-8"))
    clusters.pop("truth", None)
    entries = read_mentions(linked / "reports", clusters)
    others = [example for folder in gold or () for example in examples(read_mentions(folder, {}))]
    learnt = [*examples(entries), *others, *(example for out in verdicts or () for example in judged(out))]
    fold = folds(sorted({entry.mention.home for entry in entries}), _FOLDS)
    total = [0, 0, 0]
    for held in range(_FOLDS):
        inside = [e for e in learnt if fold.get(e.document) != held]
        model = fitted(inside)
        counted = count([entry for entry in entries if fold[entry.mention.home] == held], model)
        total = [a + b for a, b in zip(total, counted, strict=True)]
    right, wrong, missed = total
    typer.echo(
        f"undertakings: precision {right / max(1, right + wrong):.3f}, recall {right / max(1, right + missed):.3f} "
        f"({right} pairs right, {wrong} wrong, {missed} missed) by cross-validation over provinces"
    )
    if not check:
        header = f"Written by python -m pipeline.train.linked from {len(learnt)} pairs and signs.toml; do not edit."
        write(fitted(learnt), PATH, header)


if __name__ == "__main__":
    typer.run(main)
