"""The language of the command itself: which one is asked for, its help, and what it says of wrong words."""

import re
from collections.abc import Iterable
from functools import partial
from typing import Any

import typer

from pipeline import i18n
from pipeline.i18n import _, later


def asked_language(words: list[str]) -> str | None:
    """The value of ``--lang``, which is taken out of the words of the command line, wherever it stands.

    >>> words = ["run", "--lang", "vi", "in"]
    >>> asked_language(words), words
    ('vi', ['run', 'in'])
    """
    for place, word in enumerate(words):
        if word == "--":
            break
        if word == "--lang" and place + 1 < len(words):
            _option, value = words.pop(place), words.pop(place)
            return value
        if word.startswith("--lang="):
            return words.pop(place).partition("=")[2]
    return None


_HEADINGS = (later("Options"), later("Arguments"), later("Commands"))
_TYPES = (later("path"), later("int"), later("int range"), later("float range"), later("list[str]"), later("str"))
_HELP = later("Show this message and exit.")
_KIND = re.compile(r"<([^<>|]+)>$")  # of a value: <int range>
_REMARK = re.compile(r"  \[([^\[\]]+)\]$")  # behind the help of an option: [default: 1; x>=1]


def translate(command: Any) -> None:
    """Put the help of a command (click's) and of all that is below it into the language that is spoken."""
    command.help = command.help and _(command.help)
    command.short_help = command.short_help and _(command.short_help)
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = _(parameter.help)
    command.options_metavar = _("[OPTIONS]")
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = _("COMMAND [ARGS]...")
    command.format_help = partial(_format_help, command.format_help)
    for inner in getattr(command, "commands", {}).values():
        translate(inner)


def _format_help(plain: Any, context: Any, formatter: Any) -> None:
    """Help as click writes it, with its own words in the language that is spoken."""
    heading, rows = formatter.write_heading, formatter.write_dl
    formatter.write_usage = partial(formatter.write_usage, prefix=_("Usage: "))
    formatter.write_heading = lambda name: heading(_(name))
    formatter.write_dl = lambda told, *args, **named: rows(list(_rows(told)), *args, **named)
    plain(context, formatter)


def _rows(told: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Options with their help: what click adds to both."""
    for option, text in told:
        text = _REMARK.sub(lambda found: f"  [{_remark(found[1])}]", text)
        yield _KIND.sub(lambda found: f"<{_(found[1])}>", option), _(text) if text else text


def _remark(told: str) -> str:
    """What click remarks on an option.

    >>> _remark("default: 1; x>=1")
    'default: 1; x>=1'
    """
    parts = []
    for part in told.split("; "):
        name, colon, value = part.partition(": ")
        parts.append(_("default: {value}", value=value) if (name, colon) == ("default", ": ") else part)
    return "; ".join(_("required") if part == "required" else part for part in parts)


def usage_error(error: Exception) -> int:
    """Say what is wrong with the words of the command line: the exit status. Raises what is no such error."""
    if not hasattr(error, "format_message"):
        raise error
    kind, status = type(error).__name__, int(getattr(error, "exit_code", 2))
    if i18n.language() == "en" or kind == "NoArgsIsHelpError":
        error.show()  # type: ignore[attr-defined]
        return status
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "trichluc"
    told = _wrong(kind, error)
    typer.echo(f"trichluc: {told}; " + _("{command} -h tells how it is called", command=command), err=True)
    return status


def _choices(message: str) -> list[str]:
    """The values that click's message says an option may have.

    >>> _choices("'pdf' is not one of 'csv', 'xlsx'.")
    ['csv', 'xlsx']
    """
    return re.findall(r"'([^']+)'", message.partition(" one of ")[2])


def _wrong(kind: str, error: Any) -> str:
    """click's kinds of errors in words of our own, for it speaks English only."""
    parameter = getattr(error, "param", None)
    name = parameter.metavar or "/".join(parameter.opts) if parameter else getattr(error, "option_name", "")
    if parameter and parameter.param_type_name == "option":
        name = "/".join(parameter.opts)
    if kind == "MissingParameter":
        return _("{name} is missing", name=name)
    if kind == "BadParameter":
        among = ", ".join(_choices(error.message))
        told = _("{name} cannot have this value", name=name)
        return told + (_(": choose one of {names}", names=among) if among else "")
    if kind == "NoSuchOption":
        near = ", ".join(sorted(error.possibilities or ()))
        return _("there is no option {name}", name=name) + (_(" (perhaps {names})", names=near) if near else "")
    if kind == "BadOptionUsage":
        return _("{name} needs a value, or has one too many", name=name)
    if getattr(error.ctx.command, "commands", None):
        return _("there is no such command; there are {names}", names=", ".join(error.ctx.command.commands))
    return str(error.format_message())
