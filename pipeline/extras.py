"""The packages of the extras, which are there, and the command that installs what is missing."""

import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

EXTRAS: Mapping[str, tuple[str, ...]] = {
    "ray": ("ray[data]",),
    "notebook": ("ipywidgets", "matplotlib", "duckdb"),
    "train": ("scikit-learn",),
    "remote": ("fsspec",),
}
"""Extra -> the packages that it is needed for; pyproject.toml has their versions."""


def version_of(package: str) -> str:
    """The version of a package that is installed, else the empty string.

    >>> version_of("no-such-package"), bool(version_of("pyarrow"))
    ('', True)
    """
    try:
        return version(package.partition("[")[0])
    except PackageNotFoundError:
        return ""


def missing(extra: str) -> list[str]:
    """The packages of an extra that are not installed."""
    return [package for package in EXTRAS[extra] if not version_of(package)]


def how_to_install(packages: Sequence[str]) -> str:
    """The command that adds packages to this Python: pip's, or uv's where there is no pip, as in tools of uv."""
    names = " ".join(f"'{name}'" if "[" in name else name for name in packages)
    if find_spec("pip"):
        return f"{sys.executable} -m pip install {names}"
    return f"uv pip install --python {sys.executable} {names}"
