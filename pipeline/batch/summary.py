"""What the command says at the end of a run, on standard error."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow.dataset as ds
from rich.console import Console
from rich.table import Table

from pipeline.batch.run import Summary
from pipeline.ingest.names import shown

_FIRST = 8
_FACTS = (
    ("amounts", "sum"),
    ("projects", "undertaking"),
    ("beneficiaries", "beneficiary", "beneficiaries"),
    ("locations", "place"),
)


def closing(summary: Summary, out: Path) -> None:
    """Print the counts, the rejects, and a first look at the projects table."""
    console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)  # a report may print "[/b]"
    rows = summary.rows
    facts = [_count(rows[table], *words) for table, *words in _FACTS]
    console.print(f"{_count(rows['documents'], 'document')}: {', '.join(facts)} -> {shown(str(out))}")
    for line in _changes(summary):
        console.print(line)
    if summary.renamed:
        console.print(f"of one name with others, or with what is in them: {_count(len(summary.renamed), 'file')}")
        for name, path in list(summary.renamed.items())[:_FIRST]:
            console.print(f"  {path} is {name}")
    if summary.skipped:
        kinds = [f"{number:,} {shown(kind)}" for kind, number in summary.skipped_kinds.items()]
        more = ["..."] if len(kinds) > _FIRST else []
        console.print(f"skipped: {_count(summary.skipped, 'file')} not read ({', '.join(kinds[:_FIRST] + more)})")
    if rows["rejects"]:
        console.print(f"rejected: {_count(rows['rejects'], 'document')}")
        for reject in ds.dataset(out / "rejects").head(_FIRST).to_pylist():
            console.print(shown(f"  {reject['source']}: {reject['message']}"))
        if rows["rejects"] > _FIRST:
            console.print(f"  and {rows['rejects'] - _FIRST:,} more: see {shown(str(out / 'rejects'))}")
    if rows["projects"]:
        console.print(_first_projects(out))


def _changes(summary: Summary) -> Iterator[str]:
    """What this run did of all that the tables hold; nothing where it made everything for the first time."""
    if summary.kept:
        yield f"new or changed: {_count(summary.extracted, 'document')}; kept from before: {summary.kept:,}"
    if summary.vanished:
        first = ", ".join(summary.vanished[:_FIRST]) + (", ..." if len(summary.vanished) > _FIRST else "")
        rows = "their rows were removed" if summary.pruned else "their rows stay, --prune removes them"
        yield f"no longer in the input: {_count(len(summary.vanished), 'document')} ({rows}): {shown(first)}"


def _first_projects(out: Path) -> Table:
    table = Table(title="projects: a first look")
    for name, justify in (
        ("undertaking", "left"),
        ("n", "right"),
        ("year", "right"),
        ("total", "right"),
        ("support", "right"),
    ):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    rows = ds.dataset(out / "projects").head(50 * _FIRST).to_pylist()
    rows.sort(key=lambda row: (row["total_vnd"] is None) + (row["support_vnd"] is None))  # full rows tell most
    for row in rows[:_FIRST]:
        table.add_row(
            row["text"],
            str(row["n_projects"]),
            str(row["year"] or ""),
            _dong(row["total_vnd"]),
            _dong(row["support_vnd"]),
        )
    return table


def _count(number: int, noun: str, plural: str = "") -> str:
    """The number with its noun.

    >>> _count(1, "sum"), _count(1200, "sum")
    ('1 sum', '1,200 sums')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _dong(value: int | None) -> str:
    """Dong as Vietnamese print them.

    >>> _dong(1750000000), _dong(None)
    ('1.750.000.000', '')
    """
    return "" if value is None else f"{value:,}".replace(",", ".")
