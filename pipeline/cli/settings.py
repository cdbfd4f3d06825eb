"""What one would type again and again, from a file in the working folder."""

import tomllib
from pathlib import Path
from typing import Any

from pipeline.i18n import _

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
    except (OSError, ValueError) as error:
        raise BrokenSettings(_("{file} cannot be read: {error}", file=path, error=error)) from None
    return {name.replace("-", "_"): _named(value) for name, value in found.items()}


def _named(value: Any) -> Any:
    if isinstance(value, dict):
        return {name.replace("-", "_"): inner for name, inner in value.items()}
    return value
