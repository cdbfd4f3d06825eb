"""What an output folder holds: which documents, from which files, made by which version of the rules.

Kept as ``units.parquet`` (a row a document or reject, see `UNITS`) and ``state.json``.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import __version__
from pipeline.batch.shards import UNITS as SHARD_UNITS
from pipeline.tables.schema import SCHEMA_VERSION
from rules.decide import WEIGHTS

FORMAT = 1
UNITS = pa.schema([*SHARD_UNITS, pa.field("duplicate_of", pa.string()), pa.field("part", pa.int32())])
"""Rows of shards, with the first of the documents that are alike, and the part that holds the rows."""

_UNITS_FILE = "units.parquet"

# The code that decides what rows come out; how a batch runs, and what is done with its tables, lies elsewhere.
_DECIDES = ("ingest", "text", "words", "tables", "gather", "extraction.py")
_CODE = frozenset({".py", ".toml", ".json", ".gz", ".tsv"})

# Packages that no row depends on: they show tables, and are not loaded by a run.
_BESIDE = frozenset({"pandas", "psutil", "rich", "spacy", "typer"})
_TOOLS = {"tesseract": ("--version", "--list-langs")}  # program -> how it tells what it can do
_PATIENCE = 60.0  # seconds for a program to tell it
_NONE = "none"


@dataclass(frozen=True, slots=True)
class Versions:
    """What rows depend on besides the documents: where any of it differs, everything is done anew.

    ``libraries`` holds those of the readers and of the words, ``tools`` the programs that readers use where they are
    installed; so a document that was rejected for want of one is tried again once it is there.
    """

    rules: str
    package: str = __version__
    schema: str = SCHEMA_VERSION
    python: str = ""
    libraries: Mapping[str, str] = field(default_factory=dict)
    tools: Mapping[str, str] = field(default_factory=dict)
    weights: str = ""
    """of one's own weights (``trichluc run --weights``), "" for those shipped"""

    @property
    def name(self) -> str:
        """All of it as the name of a folder."""
        return f"{self.rules}-{self.package}-{self.schema}-{_digest_of(self._flat())[:12]}"

    def differences(self, other: Versions) -> str:
        """What differs, in words; a library that is not there has the version "none".

        >>> Versions("a", "1.0", "1").differences(Versions("b", "1.1", "1", libraries={"lxml": "6.1"}))
        'rules a -> b, package 1.0 -> 1.1, lxml none -> 6.1'
        """
        mine, theirs = self._flat(), other._flat()
        names = [name for name in {**mine, **theirs} if mine.get(name, _NONE) != theirs.get(name, _NONE)]
        return ", ".join(f"{name} {mine.get(name, _NONE)} -> {theirs.get(name, _NONE)}" for name in names)

    def _flat(self) -> dict[str, str]:
        own = {name: getattr(self, name) for name in ("rules", "package", "schema", "python", "weights")}
        return {**{name: value for name, value in own.items() if value}, **self.libraries, **self.tools}


def versions() -> Versions:
    """The versions at work: the rules' is a digest of the code, word lists and weights that rows come from."""
    folder = os.environ.get(WEIGHTS)
    return replace(_shipped(), weights=_weights(folder)) if folder else _shipped()


@cache
def _weights(folder: str) -> str:
    """A digest of the weights in a folder of one's own."""
    digest = hashlib.sha256()
    for path in sorted(Path(folder).glob("*.tsv")):
        digest.update(f"{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def _shipped() -> Versions:
    digest = hashlib.sha256()
    root = Path(__file__).parents[2]
    for top in (*(root / "pipeline" / name for name in _DECIDES), root / "rules"):
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.suffix in _CODE and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
                digest.update(path.read_bytes())
    return Versions(
        digest.hexdigest()[:12], python=platform.python_version(), libraries=_libraries(), tools=dict(_tools())
    )


def _libraries() -> dict[str, str]:
    """The packages that trichluc requires to read documents and find words, with their versions."""
    source = Path(__file__).parents[2] / "pyproject.toml"
    try:
        if source.is_file():  # run from its folder: what was installed there may be of an earlier state
            required = tomllib.loads(source.read_text("utf-8"))["project"]["dependencies"]
        else:
            required = requires("trichluc") or []
    except (PackageNotFoundError, KeyError, ValueError):
        required = []
    names = {re.split(r"[^\w.-]", entry, maxsplit=1)[0].lower() for entry in required if "extra ==" not in entry}
    return {name: _version(name) for name in sorted(names - _BESIDE | {"underthesea"})}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return _NONE


@cache
def _tools() -> tuple[tuple[str, str], ...]:
    """The programs that are there, with version and abilities in one word each."""
    return tuple((name, _told(name, options)) for name, options in _TOOLS.items() if shutil.which(name))


def _told(program: str, options: tuple[str, ...]) -> str:
    """A program's version, and a digest of all that it tells of itself."""
    said = ""
    for option in options:
        try:
            done = subprocess.run([program, option], capture_output=True, text=True, timeout=_PATIENCE, check=False)
            said += done.stdout + done.stderr
        except (OSError, subprocess.SubprocessError, UnicodeError):
            said += "?"
    number = re.search(r"\d+(?:\.\d+)+", said)
    return f"{number[0] if number else '?'} ({hashlib.sha256(said.encode()).hexdigest()[:6]})"


def _digest_of(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Part:
    """A set of documents that have a file of this number in every table."""

    number: int
    bytes: dict[str, int]
    digests: dict[str, str] = field(default_factory=dict)
    """file, as its path below the output folder -> SHA-256 of its content"""

    @property
    def largest(self) -> int:
        """Bytes of the largest table."""
        return max(self.bytes.values(), default=0)


@dataclass(slots=True)
class Manifest:
    """The state of an output folder."""

    versions: Versions
    parts: list[Part] = field(default_factory=list)
    units: pa.Table = field(default_factory=UNITS.empty_table)
    partitioned: bool = False
    gathered: dict[str, str] = field(default_factory=dict)
    """the same as :attr:`Part.digests`, for the tables that are made of all documents together"""

    def save(self, folder: Path) -> None:
        """Write both files. Raises `OSError` where they cannot be written."""
        pq.write_table(self.units, folder / _UNITS_FILE, compression="zstd")
        state = {
            "format": FORMAT,
            "versions": asdict(self.versions),
            "parts": [asdict(part) for part in self.parts],
            "partitioned": self.partitioned,
            "gathered": self.gathered,
            "units": file_digest(folder / _UNITS_FILE),
        }
        state["digest"] = _digest_of(state)
        (folder / "state.json").write_text(json.dumps(state, indent=1) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Manifest | None:
        """The manifest in `folder`; None where there is none, or it is damaged."""
        try:
            state = json.loads((folder / "state.json").read_text("utf-8"))
            # Folders of earlier versions have no digests, and are done anew in any case.
            digest = state.pop("digest", None)
            if digest and (digest != _digest_of(state) or state["units"] != file_digest(folder / _UNITS_FILE)):
                return None
            if state["format"] != FORMAT:
                return None
            return cls(
                Versions(**state["versions"]),
                [Part(**part) for part in state["parts"]],
                pq.read_table(folder / _UNITS_FILE, schema=UNITS),
                state["partitioned"],
                state.get("gathered", {}),
            )
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
            return None


def file_digest(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal digits. Raises `OSError` where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
