"""What trichluc finds on this machine: programs, packages, their versions, and how to get what is missing."""

import platform
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version

from pipeline import __version__
from pipeline.ingest.ocr import tesseract

INSTALL = {
    "Linux": "sudo apt-get install tesseract-ocr tesseract-ocr-vie   (Debian, Ubuntu)",
    "Darwin": "brew install tesseract tesseract-lang",
    "Windows": "scoop install tesseract tesseract-languages",
}
"""System -> the one command that installs tesseract with its Vietnamese model."""

_READERS = (
    "pypdfium2",
    "lxml",
    "selectolax",
    "olefile",
    "xlrd",
    "striprtf",
    "pyarrow",
    "warcio",
    "zstandard",
    "pillow",
)
_EXTRAS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "ray": (("ray",), "--engine ray"),
    "notebook": (("ipywidgets", "matplotlib", "duckdb", "openpyxl"), "review in notebooks, export to Excel and DuckDB"),
    "remote": (("fsspec",), "INPUTs at addresses of storages that pyarrow does not know"),
}


def told() -> str:
    """The report, in lines.

    >>> told().splitlines()[0].startswith("trichluc ")
    True
    """
    return "\n".join([*_own(), *_ocr(), *_readers(), *_extras()])


def _own() -> Iterator[str]:
    yield f"trichluc {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"


def _ocr() -> Iterator[str]:
    """tesseract, and whether it knows Vietnamese."""
    found = tesseract()
    if found is None:
        yield "scans: tesseract is not installed, so pages that are pictures are not read"
    elif not found.reads_vietnamese:
        yield f"scans: tesseract {found.version} is there, its Vietnamese model (vie) is not"
    else:
        yield f"scans: read by tesseract {found.version} with its Vietnamese model"
        return
    here = platform.system()
    yield f"    {INSTALL.get(here, INSTALL['Linux'])}"
    for system, command in INSTALL.items():
        if system != here:
            yield f"    {({'Darwin': 'macOS'}).get(system, system)}: {command}"


def _readers() -> Iterator[str]:
    found = {name: _version(name) for name in _READERS}
    yield "documents: Word of all years, OpenDocument, Excel, PDF, web pages and mails need no other program"
    yield f"    {', '.join(f'{name} {number}' for name, number in found.items() if number)}"
    if missing := [name for name, number in found.items() if not number]:
        yield f"    missing: {', '.join(missing)}   {sys.executable} -m pip install {' '.join(missing)}"


def _extras() -> Iterator[str]:
    for extra, (packages, purpose) in _EXTRAS.items():
        there = {name: _version(name) for name in packages}
        missing = [name for name, number in there.items() if not number]
        if not missing:
            yield f"{extra}: {', '.join(f'{name} {number}' for name, number in there.items())} ({purpose})"
        else:
            yield f"{extra}: not there ({purpose}): {sys.executable} -m pip install {' '.join(missing)}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
