"""What the command says at the end of a run, on standard error."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyarrow.dataset as ds
from rich.console import Console
from rich.table import Table

from pipeline.batch.run import Summary
from pipeline.i18n import _, counted, language, whole
from pipeline.ingest.names import shown
from pipeline.view.labels import why_rejected

_FIRST = 8


def closing(summary: Summary, out: Path) -> None:
    """Print the counts, the rejects, and a first look at the projects table."""
    console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)  # a report may print "[/b]"
    rows = summary.rows
    facts = (
        counted("{n} sum", "{n} sums", rows["amounts"]),
        f"{counted('{n} undertaking', '{n} undertakings', rows['undertakings'])} "
        f"({counted('{n} mention', '{n} mentions', rows['projects'])})",
        counted("{n} mention of beneficiaries", "{n} mentions of beneficiaries", rows["beneficiaries"]),
        counted("{n} mention of places", "{n} mentions of places", rows["locations"]),
    )
    console.print(f"{_documents(rows['documents'])}: {', '.join(facts)} -> {shown(str(out))}")
    for line in _changes(summary):
        console.print(line)
    if summary.renamed:
        console.print(
            _("of one name with others, or with what is in them: {files}", files=_files(len(summary.renamed)))
        )
        for name, path in list(summary.renamed.items())[:_FIRST]:
            console.print("  " + _("{path} is {name}", path=path, name=name))
    if summary.skipped:
        kinds = [f"{whole(number)} {shown(kind)}" for kind, number in summary.skipped_kinds.items()]
        told = ", ".join(kinds[:_FIRST] + (["..."] if len(kinds) > _FIRST else []))
        console.print(_("skipped: {files} not read ({kinds})", files=_files(summary.skipped), kinds=told))
    if rejected := rows["rejects"] - summary.unread:
        console.print(_("rejected: {documents}", documents=_documents(rejected)))
        documents = (ds.field("stage") != "discover") | (ds.field("error") != "UnreadKind")
        for reject in ds.dataset(out / "rejects").head(_FIRST, filter=documents).to_pylist():
            why = why_rejected(reject["error"], reject["message"], language())
            console.print(shown(f"  {reject['source']}: {why}"))
        if rejected > _FIRST:
            more = whole(rejected - _FIRST)
            console.print("  " + _("and {n} more: see {folder}", n=more, folder=shown(str(out / "rejects"))))
    if rows["projects"]:
        console.print(_first_projects(out))


def of_round(summary: Summary, gone: int, prune: bool = False) -> str:
    """The one line on a round of ``--watch``; ``gone`` is how many files are no longer there.

    Without ``prune`` their rows stay, which is said.
    """
    new = _("new or changed: {documents}", documents=_documents(summary.extracted))
    left = ", " + _("no longer there: {files}", files=_files(gone)) if gone else ""
    if gone and not prune:
        left += f" ({_('their rows stay, --prune removes them')})"
    rejected = summary.rows["rejects"] - summary.unread  # kinds of files that nobody reads are no rejected reports
    rejects = ", " + _("{n} rejected", n=whole(rejected)) if rejected else ""
    rows = (
        _documents(summary.rows["documents"]),
        counted("{n} undertaking", "{n} undertakings", summary.rows["undertakings"]),
        counted("{n} sum", "{n} sums", summary.rows["amounts"]),
    )
    return f"{datetime.now():%H:%M:%S} {new}{left}; {', '.join(rows)}{rejects}"


def _changes(summary: Summary) -> Iterator[str]:
    """What this run did of all that the tables hold; nothing where it made everything for the first time."""
    if summary.kept:
        new = _documents(summary.extracted)
        yield _(
            "new or changed: {documents}; unchanged, rejected ones among them: {n}",
            documents=new,
            n=whole(summary.kept),
        )
    if summary.vanished:
        first = ", ".join(summary.vanished[:_FIRST]) + (", ..." if len(summary.vanished) > _FIRST else "")
        rows = _("their rows were removed") if summary.pruned else _("their rows stay, --prune removes them")
        gone = _documents(len(summary.vanished))
        yield _("no longer in the input: {documents} ({rows}): {first}", documents=gone, rows=rows, first=shown(first))


def _first_projects(out: Path) -> Table:
    table = Table(title=_("projects: a first look"))
    for name, justify in (
        (_("undertaking"), "left"),
        ("n", "right"),
        (_("year"), "right"),
        (_("total"), "right"),
        (_("support"), "right"),
    ):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    rows = ds.dataset(out / "projects").head(50 * _FIRST).to_pylist()
    rows.sort(key=lambda row: (row["total_vnd"] is None) + (row["support_vnd"] is None))  # full rows tell most
    for row in rows[:_FIRST]:
        table.add_row(
            row["text"],
            str(row["n_projects"]),
            str(row["year"] or ""),
            "" if row["total_vnd"] is None else whole(row["total_vnd"]),
            "" if row["support_vnd"] is None else whole(row["support_vnd"]),
        )
    return table


def _documents(number: int) -> str:
    return counted("{n} document", "{n} documents", number)


def _files(number: int) -> str:
    return counted("{n} file", "{n} files", number)
