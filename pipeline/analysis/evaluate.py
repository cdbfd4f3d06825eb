"""How well an output folder agrees with facts that people annotated.

    python -m pipeline.analysis.evaluate GOLD OUT [--errors] [--json FILE]

GOLD holds ``NAME.json`` (facts, see ``docs/corpus.md``) beside ``NAME.txt``; OUT is the ``--out`` folder of a run
over these texts. A document of OUT belongs to ``NAME.json`` where the stem of its ``source`` is NAME.

Every mention table has an F1 (is the fact found, at its place?); each attribute of a found fact has the share of
right values among those that either side fills. A document that is absent from OUT counts as facts missed.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated

import pyarrow.dataset as ds
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from pipeline.analysis.gold import TABLES, Fact, GoldError, clean, locate, money, overlaps, read_facts
from rules.layout import Span

RECORD_NUMBERS = ("n_projects", "n_beneficiaries", "total_vnd", "support_vnd", "counterpart_vnd")
PROJECT_FIELDS = ("kind", "programme", "year", *RECORD_NUMBERS)

SAME_PROJECT = 0.6
"""Least likeness of two undertakings that may stand for the same one."""
SAME_NAME = 0.8
"""Least token F1 of two names that count as the same name."""
SAME_TITLE = 0.9
"""Least token F1 of two headlines that count as the same headline."""

Pairs = list[tuple[Fact, Fact | None]]
"""Each gold fact with the row that stands for it, or None."""


class EvaluationError(Exception):
    """There is nothing to compare: a table or the gold facts are absent."""


@dataclass(slots=True)
class Counts:
    """Facts found, found wrongly, missed."""

    hit: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.hit / max(1, self.hit + self.extra)

    @property
    def recall(self) -> float:
        return self.hit / max(1, self.hit + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.hit / max(1, 2 * self.hit + self.extra + self.missed)


@dataclass(slots=True)
class Share:
    """Right values among all that were compared."""

    right: int = 0
    total: int = 0

    @property
    def value(self) -> float:
        return self.right / max(1, self.total)


@dataclass(slots=True)
class Report:
    """The figures of one evaluation, and every difference in plain words."""

    counts: dict[str, Counts] = field(default_factory=lambda: {name: Counts() for name in (*TABLES, "records")})
    """``records`` counts undertakings that were found with name, counts and sums all right"""
    shares: defaultdict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    differences: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    def values(self) -> dict[str, float]:
        """Metric -> figure in [0, 1], four decimals: ``amounts.f1``, ``amount.role``, ``project.record`` …"""
        f1 = {f"{table}.f1": round(counts.f1, 4) for table, counts in self.counts.items()}
        return f1 | {name: round(self.shares[name].value, 4) for name in sorted(self.shares)}


def evaluate(gold_dir: Path, out_dir: Path) -> Report:
    """Compare the tables of `out_dir` with the facts in `gold_dir`.

    Raises EvaluationError where `gold_dir` has no facts, a file of it is something else, or `out_dir` lacks a table.
    """
    facts = sorted(gold_dir.glob("*.json"))
    if not facts:
        raise EvaluationError(f"no gold facts (*.json) in {gold_dir}")
    documents = {Path(row["source"]).stem: row for row in _rows(out_dir, "documents")}
    tables = {table: _by_document(_rows(out_dir, table)) for table in TABLES}
    report = Report()
    for path in facts:
        gold = _facts(path)
        document = documents.get(path.stem)
        if document is None:
            report.absent.append(path.stem)
            for table in TABLES:
                report.counts[table].missed += len(gold[table] or ())
            report.counts["records"].missed += len(gold["projects"])
            continue
        rows = {table: tables[table].get(document["doc_id"], []) for table in TABLES}
        compare(path.stem, gold, document, rows, report)
    return report


def compare(name: str, gold: Fact, document: Fact, rows: Mapping[str, list[Fact]], report: Report) -> None:
    """Add one document to a report: its gold facts, its row of ``documents``, and its rows of each table."""
    _Comparison(name, gold, document, rows, report).run()


def _facts(path: Path) -> Fact:
    try:
        return read_facts(path)
    except GoldError as error:
        raise EvaluationError(str(error)) from None


def name_f1(a: str | None, b: str | None) -> float:
    """Token F1 of two names, in [0, 1]; two missing names are the same, a missing and a given one are not.

    >>> name_f1("chế biến cá", "Chế biến cá khô")
    0.8571428571428571
    """
    words_a, words_b = _words(a), _words(b)
    if not words_a or not words_b:
        return float(words_a == words_b)
    common = sum((Counter(words_a) & Counter(words_b)).values())
    return 2 * common / (len(words_a) + len(words_b))


class _Comparison:
    """One document: gold facts against rows, into the report."""

    def __init__(self, name: str, gold: Fact, document: Fact, rows: Mapping[str, list[Fact]], report: Report) -> None:
        self.name, self.gold, self.document, self.rows, self.report = name, gold, document, rows, report
        self.text: str = document["text"]
        self.twin: dict[str, str] = {}  # gold id -> project_id of the row that stands for it

    def run(self) -> None:
        self.projects()  # first: the links of all others are judged through the pairs
        self.amounts()
        self.beneficiaries()
        self.locations()
        self.attributes()

    def projects(self) -> None:
        pairs = self.paired_projects()
        self.count("projects", pairs)
        self.twin = {gold["id"]: row["project_id"] for gold, row in pairs if row is not None}
        right = 0
        for gold, row in pairs:
            if row is None:
                continue
            for key in PROJECT_FIELDS:
                if gold.get(key) is not None or row.get(key) is not None:
                    self.share("project", key, gold, row)
            same = all(gold.get(key) == row.get(key) for key in RECORD_NUMBERS)
            whole = same and name_f1(gold["name"], row["name"]) >= SAME_NAME
            _add(self.report.shares["project.record"], whole)
            right += whole
        records = self.report.counts["records"]
        records.hit += right
        records.missed += len(self.gold["projects"]) - right
        records.extra += len(self.rows["projects"]) - right

    def paired_projects(self) -> Pairs:
        golds, rows = self.gold["projects"], self.rows["projects"]
        chosen = pair_projects(self.text, golds, rows)
        return [(gold, rows[chosen[i]] if i in chosen else None) for i, gold in enumerate(golds)]

    def amounts(self) -> None:
        """The same sum at the same place; gold sums stand in text order."""
        free = list(self.rows["amounts"])
        pairs: Pairs = []
        cursor = 0
        for gold in self.gold["amounts"]:
            where = locate(self.text, gold["text"], cursor)
            cursor = where[1] if where else cursor
            pairs.append((gold, _take(free, partial(_same_sum, gold, where))))
        self.count("amounts", pairs)
        for gold, row in pairs:
            if row is not None:
                self.share("amount", "qualifier", gold, row)
                self.share("amount", "role", gold, row)
                self.link("amount", gold, row)

    def beneficiaries(self) -> None:
        """The same count at the same place; a named one may stand at another mention of its name."""
        free = list(self.rows["beneficiaries"])
        pairs: Pairs = []
        for gold in self.gold["beneficiaries"]:
            where = locate(self.text, gold["text"])
            pairs.append((gold, _take(free, partial(_same_receiver, gold, where))))
        self.count("beneficiaries", pairs)
        for gold, row in pairs:
            if row is not None:
                self.share("beneficiary", "kind", gold, row)
                self.link("beneficiary", gold, row)

    def locations(self) -> None:
        """The set of units that the document names, where they are annotated."""
        if self.gold["locations"] is None:
            return
        want = {_unit(gold["level"], gold["code"], gold["name"]) for gold in self.gold["locations"]}
        have = {_unit(row["level"], row["code"], row["name"] or row["text"]) for row in self.rows["locations"]}
        counts = self.report.counts["locations"]
        counts.hit += len(want & have)
        counts.missed += len(want - have)
        counts.extra += len(have - want)
        for level, unit in sorted(want - have):
            self.say(f"locations: missed {level} {unit}")
        for level, unit in sorted(have - want):
            self.say(f"locations: not in gold {level} {unit}")

    def attributes(self) -> None:
        if title := self.gold.get("title"):
            right = name_f1(title, self.document.get("title")) >= SAME_TITLE
            _add(self.report.shares["document.title"], right)
            if not right:
                self.say(f"document: title is {self.document.get('title')!r}, gold {title!r}")
        for key in ("byline", "province_code", "published"):
            gold, row = (str(side.get(key) or "") for side in (self.gold, self.document))
            if gold or row:
                right = clean(gold).lower() == clean(row).lower()
                _add(self.report.shares[f"document.{key}"], right)
                if not right:
                    self.say(f"document: {key} is {row!r}, gold {gold!r}")

    def count(self, table: str, pairs: Pairs) -> None:
        found = [row for _, row in pairs if row is not None]
        extra = [row for row in self.rows[table] if all(row is not other for other in found)]
        counts = self.report.counts[table]
        counts.hit += len(found)
        counts.missed += len(pairs) - len(found)
        counts.extra += len(extra)
        for gold, row in pairs:
            if row is None:
                self.say(f"{table}: missed {gold['text']!r}")
        for row in extra:
            self.say(f"{table}: not in gold {row['text']!r}")

    def share(self, what: str, key: str, gold: Fact, row: Fact) -> None:
        right = gold.get(key) == row.get(key)
        _add(self.report.shares[f"{what}.{key}"], right)
        if not right:
            self.say(f"{what} {gold['text']!r}: {key} is {row.get(key)!r}, gold {gold.get(key)!r}")

    def link(self, what: str, gold: Fact, row: Fact) -> None:
        """Is the fact linked to the row that stands for its gold undertaking?"""
        if not gold.get("project") and not row.get("project_id"):
            return
        right = self.twin.get(gold.get("project") or "") == row.get("project_id")
        _add(self.report.shares[f"{what}.project"], right)
        if not right:
            linked = next((p["text"] for p in self.rows["projects"] if p["project_id"] == row["project_id"]), None)
            self.say(f"{what} {gold['text']!r}: linked to {linked!r}, gold {self.gold_text(gold.get('project'))!r}")

    def gold_text(self, project: str | None) -> str | None:
        return next((p["text"] for p in self.gold["projects"] if p["id"] == project), None)

    def say(self, difference: str) -> None:
        self.report.differences.append(f"{self.name}: {difference}")


def pair_projects(text: str, golds: Sequence[Fact], rows: Sequence[Fact]) -> dict[int, int]:
    """Index of a gold undertaking -> index of the row that stands for it: the likeliest pairs first, each side used
    once; of equal likeness the earlier in the text."""
    spans = [locate(text, gold["text"]) if gold["text"] else None for gold in golds]
    likeness = [(_likeness(gold, spans[i], row), i, j) for i, gold in enumerate(golds) for j, row in enumerate(rows)]
    chosen: dict[int, int] = {}
    used: set[int] = set()
    for same, i, j in sorted(likeness, key=lambda item: (-item[0], item[1], item[2])):
        if same >= SAME_PROJECT and i not in chosen and j not in used:
            chosen[i] = j
            used.add(j)
    return chosen


def _likeness(gold: Fact, where: Span | None, row: Fact) -> float:
    """How surely two undertakings are the same: by name; where one has none, by count and place."""
    at = _at(where, row, unplaced=False)
    if gold["name"] and row["name"]:
        return name_f1(gold["name"], row["name"]) + (0.1 if at else 0.0)
    same_count = gold["n_projects"] == row["n_projects"]
    if gold["name"] or row["name"]:
        return 0.65 if at and same_count else 0.0
    return (0.8 if same_count else 0.0) + (0.2 if at else 0.0)


def _same_sum(gold: Fact, where: Span | None, row: Fact) -> bool:
    return money(row) == money(gold) and _at(where, row)


def _same_receiver(gold: Fact, where: Span | None, row: Fact) -> bool:
    if gold["count"] != row["count"]:
        return False
    named = bool(gold["name"]) and name_f1(gold["name"], row["name"]) >= SAME_NAME
    return named or clean(gold["text"]) == clean(row["text"]) or _at(where, row, unplaced=False)


def _unit(level: str, code: str | None, name: str) -> tuple[str, str]:
    return level, code or clean(name).lower()


def _at(where: Span | None, row: Fact, unplaced: bool = True) -> bool:
    """Does the row's mention overlap `where`? `unplaced` is the answer where the place is unknown."""
    return overlaps(where, row["start"], row["end"], unplaced)


def _take(free: list[Fact], fits: Callable[[Fact], bool]) -> Fact | None:
    """The first row that fits, taken out of `free`."""
    found = next((i for i, row in enumerate(free) if fits(row)), None)
    return None if found is None else free.pop(found)


def _add(share: Share, right: bool) -> None:
    share.right += right
    share.total += 1


def _words(name: str | None) -> list[str]:
    return re.findall(r"\w+", clean(name).lower())


def _rows(out_dir: Path, table: str) -> list[Fact]:
    folder = out_dir / table
    if not folder.is_dir():
        raise EvaluationError(f"no table {table} in {out_dir}")
    rows: list[Fact] = ds.dataset(folder, format="parquet").to_table().to_pylist()
    return rows


def _by_document(rows: Iterable[Fact]) -> dict[str, list[Fact]]:
    grouped: defaultdict[str, list[Fact]] = defaultdict(list)
    for row in rows:
        grouped[row["doc_id"]].append(row)
    return grouped


def as_table(report: Report) -> Table:
    """The figures for the terminal, one metric a line."""
    table = Table(title="Agreement with the gold facts", box=SIMPLE_HEAD)
    table.add_column("metric", no_wrap=True)
    for heading in ("value", "precision", "recall", "right", "of", "extra"):
        table.add_column(heading, justify="right", no_wrap=True)
    for line in _lines(report):
        table.add_row(*line)
    return table


def _lines(report: Report) -> Iterator[list[str]]:
    for name, counts in report.counts.items():
        figures = [f"{figure:.3f}" for figure in (counts.f1, counts.precision, counts.recall)]
        yield [f"{name}.f1", *figures, str(counts.hit), str(counts.hit + counts.missed), str(counts.extra)]
    for name in sorted(report.shares):
        share = report.shares[name]
        yield [name, f"{share.value:.3f}", "", "", str(share.right), str(share.total)]


def main(
    gold: Annotated[Path, typer.Argument(help="Folder of gold facts.")],
    out: Annotated[Path, typer.Argument(help="Output folder of a run over the texts beside them.")],
    errors: Annotated[bool, typer.Option("--errors", help="Also print every difference.")] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
) -> None:
    """Compare the tables in OUT with the facts in GOLD."""
    try:
        report = evaluate(gold, out)
    except EvaluationError as error:
        typer.echo(f"trichluc: {error}", err=True)
        raise typer.Exit(2) from None
    console = Console()
    if errors:
        for difference in report.differences:
            console.print(difference, markup=False, highlight=False, soft_wrap=True)
    console.print(as_table(report))
    if report.absent:
        console.print("absent from the output:", ", ".join(report.absent), markup=False)
    if json_file:
        json_file.write_text(json.dumps(report.values(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
