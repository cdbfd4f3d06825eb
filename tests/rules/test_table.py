"""Tables: what the columns of a head hold, and what whole tables say (tests/cases/table*.toml)."""

import re
import tomllib
from pathlib import Path

import pytest

from pipeline.extraction import extractor
from pipeline.ingest import RawDocument
from pipeline.ingest.types import TABLE_MARK, RawCell, RawTable
from rules.layout import Cell, Layout, Table
from rules.table import columns
from rules.table.grid import Grid, Head
from rules.table.words import DATA

CASES = Path(__file__).parents[1] / "cases"
HEADS = tomllib.loads((CASES / "table_heads.toml").read_text("utf-8"))
TABLES = tomllib.loads((CASES / "table.toml").read_text("utf-8"))["case"]


def column(head):
    """The column below the levels of a head."""
    text, cells = head.replace(" | ", "\n"), []
    for row, words in enumerate(head.split(" | ")):
        at = len("\n".join(head.split(" | ")[:row])) + (row > 0)
        cells.append(Cell(at, at + len(words), row, 0))
    table = Table(0, len(text), tuple(cells))
    layout = Layout(text, None, None, None, (), (), (), None, (table,))
    return columns.read(Grid(layout, table), Head((tuple(cells),), (), len(cells)), None)[0]


@pytest.mark.parametrize(("kind", "head"), [(k, h) for k, heads in HEADS["columns"].items() for h in heads])
def test_column(kind, head):
    assert column(head).kind == kind


@pytest.mark.parametrize(("role", "head"), [(r, h) for r, heads in HEADS["roles"].items() for h in heads])
def test_role(role, head):
    assert (column(head).kind, column(head).role) in (("money", role), ("place", None))


@pytest.mark.parametrize("section", ["columns", "roles"])
def test_each_word_of_a_head_is_in_a_case(section):
    heads = [h.lower() for listed in HEADS.values() for heads in listed.values() for h in heads]
    texts = [*heads, *(case["text"].lower() for case in TABLES)]
    words = {w for name, listed in DATA[section].items() if name != "neutral" for w in listed}
    assert [w for w in sorted(words) if not any(w in text for text in texts)] == []


def document(text):
    """A report whose lines with bars are tables: ``<`` goes on with the cell before, ``^`` with the one above."""
    lines, tables, rows = [], [], []
    for line in [*text.strip().split("\n"), ""]:
        if " | " in line:
            rows.append([cell.strip() for cell in re.split(r"\s\|(?:\s|$)", line)])
            continue
        if rows:
            lines.append(f"{TABLE_MARK}{len(tables)}")
            tables.append(RawTable(tuple(cells(rows))))
            rows = []
        lines.append(line)
    return RawDocument("", "\n".join(lines), "utf-8", tables=tuple(tables))


def cells(rows):
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in ("<", "^"):
                continue
            wide = next((n for n in range(1, len(row) - c) if row[c + n] != "<"), len(row) - c)
            high = next(
                (n for n in range(1, len(rows) - r) if c >= len(rows[r + n]) or rows[r + n][c] != "^"), len(rows) - r
            )
            yield RawCell(text, r, c, high, wide)


@pytest.mark.parametrize("case", TABLES, ids=lambda case: case["why"][:60])
def test_table(case):
    facts = extractor().facts(document(case["text"]))
    names = [p.name or p.text for p in facts.projects]
    assert [p.name or p.text for p in facts.projects] == [p["name"] for p in case.get("works", [])]
    for index, expected in enumerate(case.get("works", [])):
        project, record = facts.projects[index], facts.links.records[index]
        parent = names[project.parent] if project.parent is not None else None
        got = {
            "name": names[index], "text": project.text, "kind": project.kind, "programme": project.programme,
            "year": project.year, "n": project.n_projects, "parent": parent, "total": record.total_vnd,
            "support": record.support_vnd, "counterpart": record.counterpart_vnd, "people": record.n_beneficiaries,
        }  # fmt: skip
        wanted = dict.fromkeys(("parent", "programme", "year", "total", "support", "counterpart", "people"))
        assert got == got | wanted | expected
    if "sums" in case:
        owners = facts.links.amount_project
        told = [
            f"{a.text} {a.role} {a.value_vnd}" + (f" @ {names[o]}" if o is not None else "")
            for a, o in zip(facts.amounts, owners, strict=True)
        ]
        assert told == case["sums"]
    if "receivers" in case:
        owners = facts.links.beneficiary_project
        told = [
            f"{b.text} {b.kind} {b.count}" + (f" @ {names[o]}" if o is not None else "")
            for b, o in zip(facts.beneficiaries, owners, strict=True)
        ]
        assert told == case["receivers"]
    if "places" in case:
        owners = facts.links.place_project
        told = [
            f"{u.text} {u.code}" + (f" @ {names[o]}" if o is not None else "")
            for u, o in zip(facts.locations, owners, strict=True)
        ]
        assert told == case["places"]
    assert [w for w in facts.warnings if case.get("warning", "\0") not in w] == []
    assert bool(facts.warnings) == ("warning" in case)
