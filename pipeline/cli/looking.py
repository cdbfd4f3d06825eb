"""The commands for those who use the tables: view, review, export."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline import i18n
from pipeline.cli.app import refused, say
from pipeline.i18n import _, reason


class Language(StrEnum):
    en = "en"
    vi = "vi"


def view(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The --out folder of a run.", show_default=False)],
    doc: Annotated[str | None, typer.Option(metavar="ID", help="Show this document (doc_id) only.")] = None,
    html: Annotated[Path | None, typer.Option(help="File to write; OUT/view.html unless given.")] = None,
    language: Annotated[Language | None, typer.Option(help="Language of the labels.", show_default=False)] = None,
    most: Annotated[int, typer.Option(min=1, help="Documents on the page at most.")] = 1000,
    serve: Annotated[
        bool, typer.Option("--serve", help="Show the page from this machine, so that verdicts are saved at once.")
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of --serve; any free one unless given.")] = 0,
) -> None:
    """Write one HTML page: overview, tables, and the reports with their facts; it works offline."""
    from pipeline.view.page import ViewError, write

    target, spoken = html or out / "view.html", language.value if language else i18n.language()
    try:
        if serve:
            _serve(out, spoken, most, port)
            return
        shown, there = write(out, target, doc, spoken, most)
    except (ViewError, OSError) as error:
        raise refused(error) from None
    first = _(
        "the first {n} of {there}: --most shows more, --doc another one", n=i18n.whole(shown), there=i18n.whole(there)
    )
    more = f" ({first})" if shown < there else ""
    say(f"{i18n.counted('{n} document', '{n} documents', shown)}{more} -> {target}")


def _serve(out: Path, language: str, most: int, port: int) -> None:
    """Serve the page on loopback until Ctrl-C."""
    from functools import partial

    from pipeline.review.terminal import accept
    from pipeline.view.page import ViewError, render
    from pipeline.view.server import serve

    html = render(out, None, language, most)[0]
    try:
        server, address = serve(html, partial(accept, out), port)
    except OSError as error:
        told = _(
            "cannot serve on port {port}: {why}; name another one with --port, or none", port=port, why=reason(error)
        )
        raise ViewError(told) from error
    say(address)
    say(_("Ctrl-C ends it"))
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


class Judged(StrEnum):
    projects = "projects"
    amounts = "amounts"
    beneficiaries = "beneficiaries"
    locations = "locations"
    sentences = "sentences"


def review(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The --out folder of a run.", show_default=False)],
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Verdicts that the page saved.", show_default=False)
    ] = None,
    table: Annotated[Judged, typer.Option(help="What to judge; sentences: those without any fact.")] = Judged.amounts,
    n: Annotated[int, typer.Option(min=1, help="Rows of the sample.")] = 50,
    seed: Annotated[int, typer.Option(help="Another seed draws another sample.")] = 1,
) -> None:
    """Judge a sample row by row, or take over the verdicts that the page saved to FILE; then say how good it is."""
    from pipeline.review.columns import columns, missed
    from pipeline.review.terminal import judge, shares_told, take

    try:
        if file is not None:
            taken = take(out, file)
            for told in taken.refused:
                say(f"trichluc: {file}: {told}")
            say(_("{n} verdicts taken over", n=taken.kept))
        else:
            judge(out, table.value, n, seed, _asked, typer.echo)
    except (ValueError, OSError) as error:
        raise refused(error) from None
    except (KeyboardInterrupt, typer.Abort):
        say(_("ended; every verdict is kept"))
    shares = columns(out)
    for line in shares_told(shares):
        typer.echo(line)
    lost = missed(out)
    if lost["judged"]:
        share = f"{lost['share']:.0%}"
        typer.echo(
            _("something missed in {share} of the sentences without a fact ({n} judged)", share=share, n=lost["judged"])
        )
    raise typer.Exit(1 if file is not None and taken.refused else 0)


def _asked(prompt: str) -> str:
    answer: str = typer.prompt(prompt, "", prompt_suffix="", show_default=False)
    return answer


class Format(StrEnum):
    csv = "csv"
    xlsx = "xlsx"
    jsonl = "jsonl"
    brat = "brat"
    labelstudio = "labelstudio"
    duckdb = "duckdb"
    spacy = "spacy"


def export(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The --out folder of a run.", show_default=False)],
    to: Annotated[Format, typer.Option(help="What to write.", show_default=False)],
    target: Annotated[Path | None, typer.Option(help="File or folder to write; OUT/export/... unless given.")] = None,
) -> None:
    """Write the tables for other programs: spreadsheets, databases, annotation tools, training."""
    from pipeline.export import ExportError
    from pipeline.export import export as write

    try:
        written = write(out, to.value, target)
    except (ExportError, OSError) as error:
        raise refused(error) from None
    say(f"{out} -> {written}")


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command(short_help="Write one HTML page to look at the extractions.")(view)
    app.command(short_help="Judge a sample in the terminal, or take over verdicts of the page.")(review)
    app.command(short_help="Write the tables for Excel, DuckDB, brat, spaCy ...")(export)
