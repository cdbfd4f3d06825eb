"""The command's frame: the application, and how it speaks."""

from typing import Annotated

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


def refused(error: Exception) -> typer.Exit:
    """Says why nothing was done. Raises `BrokenPipeError` again, of which there is nobody left to tell."""
    if isinstance(error, BrokenPipeError):
        raise error
    message = str(error)
    if isinstance(error, FileNotFoundError) and error.filename:
        message = _("{file} is not there", file=error.filename)
    elif isinstance(error, OSError) and error.filename:
        message = _("cannot write {file}: {why}", file=error.filename, why=i18n.reason(error))
    say(f"trichluc: {message}")
    return typer.Exit(2)


def say(message: str) -> None:
    """A line on standard error, with nothing in it that a terminal would obey: names come from others."""
    from pipeline.ingest.names import printable

    typer.echo(printable(message), err=True)
