"""The commands that extract and learn: run, doctor, train, explain."""

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.app import refused, say
from pipeline.i18n import _

if TYPE_CHECKING:
    from pipeline.batch.run import Options


class Ocr(StrEnum):
    auto = "auto"
    always = "always"
    never = "never"


class Engine(StrEnum):
    local = "local"
    ray = "ray"


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
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on: run again whenever files come, change or go, until Ctrl-C.")
    ] = False,
    still: Annotated[
        float, typer.Option(min=0.1, help="Seconds for which a file must not change before --watch has it read.")
    ] = 2.0,
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
        raise refused(error) from None
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
    if watch:
        _watch(inputs, out, options, still)
        return
    try:
        summary = run_batch(inputs, out, options=options)
    except KeyboardInterrupt:
        say("trichluc: " + _("interrupted; what is done is kept, run again to go on"))
        raise typer.Exit(130) from None
    except RunError as error:
        raise refused(error) from None
    if not quiet:
        from pipeline.batch.summary import closing

        closing(summary, out)
    raise typer.Exit(summary.status)


def _watch(inputs: list[str], out: Path, options: "Options", still: float) -> None:
    """Run again and again until Ctrl-C, with a line a round."""
    from pipeline.batch.run import RunError
    from pipeline.batch.summary import of_round
    from pipeline.batch.watch import Round
    from pipeline.batch.watch import watch as watch_batch

    def told(result: Round | RunError) -> None:
        if isinstance(result, RunError):
            say(f"trichluc: {result}")
        elif not options.quiet:
            say(of_round(result.summary, result.gone, options.prune))

    if not options.quiet:
        say(_("watching {inputs}; Ctrl-C ends it", inputs=", ".join(inputs)))
    try:
        watch_batch(inputs, out, options, told, still)
    except RunError as error:
        raise refused(error) from None


def doctor() -> None:
    """Say which programs and packages trichluc finds, what they are for, and how to install those that are missing."""
    from pipeline.doctor import told

    typer.echo(told())


def _use_weights(folder: Path) -> None:
    """Have the rules of this process, and of those that it starts, decide by weights of one's own."""
    if not any(folder.glob("*.tsv")):
        say("trichluc: " + _("no weights in {folder}: write some with trichluc train", folder=folder))
        raise typer.Exit(2)
    os.environ["TRICHLUC_WEIGHTS"] = str(folder.absolute())


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
    from pipeline.extras import how_to_install, missing
    from pipeline.train.annotated import read
    from pipeline.train.reviewed import NothingLearnt, learn
    from pipeline.train.trainers import ROOT

    try:
        if not gold and not (ROOT / "corpus").is_dir():
            how = _("the project's own annotated reports are not installed: name a folder of some with --gold")
            raise GoldError(how)
        learnt = learn(out, to, read(gold or [ROOT / "corpus"]))
    except (GoldError, NothingLearnt, OSError) as error:
        raise refused(error) from None
    except ModuleNotFoundError as error:
        say("trichluc: " + _("training needs {name}: {how}", name=error.name, how=how_to_install(missing("train"))))
        raise typer.Exit(2) from None
    for source, text, before, after in learnt.changed:
        say(f"{source}: {text}: {before} -> {after}")
    say(
        _(
            "roles right among {n} reviewed sums: {before} before, {after} after (5-fold cross-validation)",
            n=learnt.sums,
            before=f"{learnt.before:.3f}",
            after=f"{learnt.after:.3f}",
        )
    )
    if not learnt.helps:
        say(_("the new weights do not help: judge more sums, or keep those that you have"))
    say(f"{out} -> {learnt.path}")


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
        say("trichluc: " + _("no fact contains {text}", text=repr(find)))
    raise typer.Exit(2 if not told.documents else 1 if told.rejects else 0)


def register(app: typer.Typer) -> None:
    """Add these commands to the application."""
    app.command(short_help="Extract reports into Parquet tables.")(run)
    app.command(short_help="Say what is installed, and how to get what is not.")(doctor)
    app.command(short_help="Learn weights of your own from verdicts and corrections.")(train)
    app.command(short_help="Print a report with each fact and the rules behind it.")(explain)
