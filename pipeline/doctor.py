"""What trichluc finds on this machine: programs, packages, their versions, and how to get what is missing."""

import platform
from collections.abc import Iterator

from pipeline import __version__
from pipeline.extras import EXTRAS, how_to_install, missing, version_of
from pipeline.i18n import _
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
        yield _("scans: tesseract is not installed, so pages that are pictures are not read")
    elif not found.reads_vietnamese:
        yield _("scans: tesseract {version} is there, its Vietnamese model (vie) is not", version=found.version)
    else:
        yield _("scans: read by tesseract {version} with its Vietnamese model", version=found.version)
        return
    here = platform.system()
    yield f"    {INSTALL.get(here, INSTALL['Linux'])}"
    for system, command in INSTALL.items():
        if system != here:
            yield f"    {({'Darwin': 'macOS'}).get(system, system)}: {command}"


def _readers() -> Iterator[str]:
    found = {name: version_of(name) for name in _READERS}
    yield _("documents: Word of all years, OpenDocument, Excel, PDF, web pages and mails need no other program")
    yield f"    {', '.join(f'{name} {number}' for name, number in found.items() if number)}"
    if lacking := [name for name, number in found.items() if not number]:
        yield _("    missing: {names}", names=how_to_install(lacking))


def _extras() -> Iterator[str]:
    purposes = {
        "ray": _("runs on a Ray cluster"),
        "notebook": _("review and charts in notebooks, export to DuckDB"),
        "train": _("weights of your own: trichluc train"),
        "remote": _("INPUTs in storages that pyarrow does not know"),
    }
    for extra, packages in EXTRAS.items():
        if lacking := missing(extra):
            told = _("{extra}: not there ({purpose})", extra=extra, purpose=purposes[extra])
            yield f"{told}: {how_to_install(lacking)}"
        else:
            yield f"{extra}: {', '.join(f'{name} {version_of(name)}' for name in packages)} ({purposes[extra]})"
