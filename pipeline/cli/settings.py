"""What one would type again and again, from a file in the working folder."""

import re
import tomllib
from pathlib import Path
from typing import Any

from pipeline.i18n import _, reason

SETTINGS = "trichluc.toml"
"""A file of this name in the working folder holds the settings, a table a command."""


class BrokenSettings(Exception):
    """The file of settings cannot be read; the message says why."""


def settings(path: Path) -> dict[str, Any]:
    """The settings of a folder, with the names that options have in Python; none where there is no file.

    Raises :class:`BrokenSettings`.
    """
    if not path.is_file():
        return {}
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BrokenSettings(_slip(path, str(error))) from None
    except UnicodeDecodeError:
        raise BrokenSettings(_("{file} is not in UTF-8: save it so", file=path)) from None
    except OSError as error:
        raise BrokenSettings(_("cannot read {file}: {why}", file=path, why=reason(error))) from None
    return {name.replace("-", "_"): _named(value) for name, value in found.items()}


def _slip(path: Path, told: str) -> str:
    """Where TOML's reader, which speaks English, met something else than TOML."""
    place = re.search(r"at line (\d+)", told)
    how = _("write name = value, texts in quotation marks and lists in brackets")
    if place is None:
        return _("{file} ends in the middle of something: {how}", file=path, how=how)
    return _("{file}, line {line}, is not written as TOML: {how}", file=path, line=place[1], how=how)


def _named(value: Any) -> Any:
    if isinstance(value, dict):
        return {name.replace("-", "_"): inner for name, inner in value.items()}
    return value
