"""The command ``trichluc``. Heavy modules are imported inside the commands, so that ``--help`` is quick."""

import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from pipeline import i18n
from pipeline.cli import looking, running
from pipeline.cli.app import app, refused
from pipeline.cli.settings import SETTINGS, BrokenSettings, settings
from pipeline.cli.spoken import asked_language, translate, usage_error
from pipeline.i18n import _

__all__ = ["app", "main"]

running.register(app)
looking.register(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command. ``--lang`` is taken wherever it stands, so that help is in that language as well."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    asked = asked_language(words)
    known = asked is None or asked in i18n.LANGUAGES
    i18n.use(asked if known else None)
    if not known:
        told = ValueError(
            _("no language {asked}: --lang is one of {names}", asked=asked, names=", ".join(i18n.LANGUAGES))
        )
        raise SystemExit(refused(told).exit_code)
    try:
        found = settings(Path(SETTINGS))
    except BrokenSettings as error:
        raise SystemExit(refused(error).exit_code) from None
    i18n.use(asked or found.pop("lang", None))
    command = typer.main.get_command(app)
    translate(command)
    try:
        status = command.main(words, prog_name="trichluc", default_map=found, standalone_mode=False)
    except typer.Abort:
        raise SystemExit(1) from None
    except Exception as error:
        raise SystemExit(usage_error(error)) from None
    raise SystemExit(status or 0)
