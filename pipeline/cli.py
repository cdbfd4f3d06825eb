"""The command ``trichluc``. Heavy modules are imported inside the commands, so that ``--help`` is quick."""

import os
import sys
import tomllib
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline import i18n
from pipeline.i18n import _

app = typer.Typer(
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # importing rich for the help takes longer than all else that it needs
    help="trichluc: facts from Vietnamese reports as Parquet tables.",
)


class Ocr(StrEnum):
    auto = "auto"
    always = "always"
    never = "never"


class Engine(StrEnum):
    local = "local"
    ray = "ray"


def _version(wanted: bool) -> None:
    if wanted:
        from pipeline import __version__

        typer.echo(f"trichluc {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    lang: Annotated[
        str, typer.Option(metavar="en|vi", help="Language of messages; else TRICHLUC_LANG or the locale.")
    ] = "",
) -> None:
    """trichluc: facts from Vietnamese reports as Parquet tables."""


@app.command(short_help="Extract reports into Parquet tables.")
def run(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT", help="Files and folders of reports, or URLs of them (s3://...).", show_default=False
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder for the tables.", show_default=False)],
    workers: Annotated[int, typer.Option(min=1, help="Processes that extract, of one CPU each.")] = 1,
    engine: Annotated[Engine, typer.Option(help="Processes of this machine, or a Ray cluster.")] = Engine.local,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget what the output folder holds, and do everything anew.")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove the rows of documents that are no longer in INPUT.")
    ] = False,
    time_limit: Annotated[float, typer.Option(min=0.1, help="Seconds of processor time for one document.")] = 60.0,
    memory_limit: Annotated[
        int | None,
        typer.Option(min=256, help="Memory of one process, in MiB; by the machine's memory unless given."),
    ] = None,
    file_size: Annotated[int, typer.Option(min=1, help="Size of the largest table files, in MiB.")] = 96,
    partition: Annotated[
        bool,
        typer.Option(
            "--partition", help="Split the tables into folders by year and province (read as in_year, in_province)."
        ),
    ] = False,
    ocr: Annotated[
        Ocr, typer.Option(help="Read pages that are pictures: those without text, pictures as well, or none.")
    ] = Ocr.auto,
    columns: Annotated[
        str,
        typer.Option(
            metavar="NAMES", help="Columns of tables of reports: text=...,title=...,date=...,author=...,url=..."
        ),
    ] = "",
    weights: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Weights of your own, as trichluc train writes them.", show_default=False),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Extract every document of INPUT into Parquet tables under --out."""
    if weights is not None:
        _use_weights(weights)
    from pipeline.batch.process import light_arrow

    light_arrow()
    from pipeline.batch.run import Options, RunError
    from pipeline.batch.run import run as run_batch
    from pipeline.ingest.options import reading_options

    try:
        reading = reading_options(ocr.value, columns, time_limit)
    except ValueError as error:
        raise _refused(error) from None
    options = Options(
        workers,
        engine.value,
        fresh,
        prune,
        time_limit,
        memory_limit << 20 if memory_limit else None,
        file_size << 20,
        partition,
        quiet,
        reading,
    )
    try:
        summary = run_batch(inputs, out, options=options)
    except KeyboardInterrupt:
        _say("trichluc: " + _("interrupted; what is done is kept, run again to go on"))
        raise typer.Exit(130) from None
    except RunError as error:
        raise _refused(error) from None
    if not quiet:
        from pipeline.batch.summary import closing

        closing(summary, out)
    raise typer.Exit(summary.status)


@app.command(short_help="Say what is installed, and how to get what is not.")
def doctor() -> None:
    """Say which programs and packages trichluc finds, what they are for, and how to install those that are missing."""
    from pipeline.doctor import told

    typer.echo(told())


def _use_weights(folder: Path) -> None:
    """Have the rules of this process, and of those that it starts, decide by weights of one's own."""
    if not any(folder.glob("*.tsv")):
        _say("trichluc: " + _("no weights in {folder}: write some with trichluc train", folder=folder))
        raise typer.Exit(2)
    os.environ["TRICHLUC_WEIGHTS"] = str(folder.absolute())


@app.command(short_help="Learn weights of your own from verdicts and corrections.")
def train(
    out: Annotated[
        Path, typer.Option("--from", metavar="OUT", help="The --out folder of a run, reviewed.", show_default=False)
    ],
    to: Annotated[Path, typer.Option(metavar="FOLDER", help="Folder for the weights.", show_default=False)],
    gold: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="DIR",
            help="Annotated reports to learn from as well; may be given again. The project's own unless given.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Learn weights of your own from the verdicts and corrections of OUT; trichluc run --weights uses them."""
    from pipeline.analysis.gold import GoldError
    from pipeline.train.annotated import read
    from pipeline.train.reviewed import NothingLearnt, learn
    from pipeline.train.trainers import ROOT

    try:
        learnt = learn(out, to, read(gold or [ROOT / "corpus"]))
    except (GoldError, NothingLearnt, OSError) as error:
        raise _refused(error) from None
    except ModuleNotFoundError as error:
        _say("trichluc: " + _("training needs {name}: pip install 'trichluc[train]'", name=error.name))
        raise typer.Exit(2) from None
    for source, text, before, after in learnt.changed:
        _say(f"{source}: {text}: {before} -> {after}")
    _say(
        _(
            "roles right among {n} reviewed sums: {before} before, {after} after (5-fold cross-validation)",
            n=learnt.sums,
            before=f"{learnt.before:.3f}",
            after=f"{learnt.after:.3f}",
        )
    )
    if not learnt.helps:
        _say(_("the new weights do not help: judge more sums, or keep those that you have"))
    _say(f"{out} -> {learnt.path}")


@app.command(short_help="Print a report with each fact and the rules behind it.")
def explain(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A report, or a file or folder of reports.", show_default=False)
    ],
    find: Annotated[str, typer.Option(metavar="TEXT", help="Only facts whose text contains this.")] = "",
) -> None:
    """Print a report with each fact, the rules behind it, where they are written, and the words they went by."""
    from pipeline.analysis.explain import explain as write

    told = write(file, find)
    if find and told.documents and not told.facts:
        _say("trichluc: " + _("no fact contains {text}", text=repr(find)))
    raise typer.Exit(2 if not told.documents else 1 if told.rejects else 0)


def _refused(error: Exception) -> typer.Exit:
    """Says why nothing was done."""
    message = str(error)
    if isinstance(error, OSError) and error.filename:
        message = _("cannot write {file}: {why}", file=error.filename, why=error.strerror)
    _say(f"trichluc: {message}")
    return typer.Exit(2)


def _say(message: str) -> None:
    """A line on standard error, with nothing in it that a terminal would obey: names come from others."""
    from pipeline.ingest.names import printable

    typer.echo(printable(message), err=True)


class Language(StrEnum):
    en = "en"
    vi = "vi"


@app.command(short_help="Write one HTML page to look at the extractions.")
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
        raise _refused(error) from None
    first = _(
        "the first {n} of {there}: --most shows more, --doc another one", n=i18n.whole(shown), there=i18n.whole(there)
    )
    more = f" ({first})" if shown < there else ""
    _say(f"{i18n.counted('{n} document', '{n} documents', shown)}{more} -> {target}")


def _serve(out: Path, language: str, most: int, port: int) -> None:
    """Serve the page on loopback until Ctrl-C."""
    from functools import partial

    from pipeline.review.terminal import accept
    from pipeline.view.page import render
    from pipeline.view.server import serve

    html = render(out, None, language, most)[0]
    server, address = serve(html, partial(accept, out), port)
    _say(address)
    _say(_("Ctrl-C ends it"))
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


@app.command(short_help="Judge a sample in the terminal, or take over verdicts of the page.")
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
    from pipeline.review.terminal import judge, take

    try:
        if file is not None:
            taken = take(out, file)
            for told in taken.refused:
                _say(f"trichluc: {file}: {told}")
            _say(_("{n} verdicts taken over", n=taken.kept))
        else:
            judge(out, table.value, n, seed, lambda prompt: typer.prompt(prompt, "", show_default=False), typer.echo)
    except (ValueError, OSError) as error:
        raise _refused(error) from None
    except (KeyboardInterrupt, typer.Abort):
        _say(_("ended; every verdict is kept"))
    shares = columns(out)
    if len(shares):
        typer.echo(shares.to_string(index=False))
    lost = missed(out)
    if lost["judged"]:
        share = f"{lost['share']:.0%}"
        typer.echo(
            _("something missed in {share} of the sentences without a fact ({n} judged)", share=share, n=lost["judged"])
        )
    raise typer.Exit(1 if file is not None and taken.refused else 0)


class Format(StrEnum):
    csv = "csv"
    xlsx = "xlsx"
    jsonl = "jsonl"
    brat = "brat"
    labelstudio = "labelstudio"
    duckdb = "duckdb"
    spacy = "spacy"


@app.command(short_help="Write the tables for Excel, DuckDB, brat, spaCy ...")
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
        raise _refused(error) from None
    _say(f"{out} -> {written}")


SETTINGS = "trichluc.toml"
"""A file of this name in the working folder holds what one would type again and again, a table a command."""


def main(arguments: Sequence[str] | None = None) -> None:
    """The command. ``--lang`` is taken wherever it stands, so that help is in that language as well."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    settings = _settings(Path(SETTINGS))
    i18n.use(_language(words) or settings.pop("lang", None))
    command = typer.main.get_command(app)
    _translate(command)
    command.main(words, prog_name="trichluc", default_map=settings)


def _settings(path: Path) -> dict[str, Any]:
    """The settings of a folder. Ends the command with status 2 where the file is broken."""
    if not path.is_file():
        return {}
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        _say("trichluc: " + _("{file} cannot be read: {error}", file=path, error=error))
        raise SystemExit(2) from None
    return {name.replace("-", "_"): _named(value) for name, value in found.items()}


def _named(value: Any) -> Any:
    """A table of settings with the names that the command's options have in Python."""
    if isinstance(value, dict):
        return {name.replace("-", "_"): inner for name, inner in value.items()}
    return value


def _language(words: list[str]) -> str | None:
    """The value of ``--lang``, which is taken out of the words of the command line, wherever it stands."""
    for place, word in enumerate(words):
        if word == "--":
            break
        if word == "--lang" and place + 1 < len(words):
            _option, value = words.pop(place), words.pop(place)
            return value
        if word.startswith("--lang="):
            return words.pop(place).partition("=")[2]
    return None


def _translate(command: Any) -> None:
    """Put the help of a command (click's) and of all that is below it into the language that is spoken."""
    command.help = command.help and _(command.help)
    command.short_help = command.short_help and _(command.short_help)
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = _(parameter.help)
    for inner in getattr(command, "commands", {}).values():
        _translate(inner)


if __name__ == "__main__":
    main()
