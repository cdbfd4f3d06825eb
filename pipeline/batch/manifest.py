"""What an output folder holds: which documents, from which files, made by which version of the rules.

Kept as ``units.parquet`` (a row a document or reject, see `UNITS`) and ``state.json``.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import __version__
from pipeline.batch.shards import UNITS as SHARD_UNITS
from pipeline.tables.schema import SCHEMA_VERSION

FORMAT = 1
UNITS = pa.schema([*SHARD_UNITS, pa.field("duplicate_of", pa.string()), pa.field("part", pa.int32())])
"""Rows of shards, with the first of the documents that are alike, and the part that holds the rows."""

# The code that decides what rows come out; how a batch runs, and what is done with its tables, lies elsewhere.
_DECIDES = ("ingest", "text", "words", "tables", "extraction.py")
_CODE = frozenset({".py", ".toml", ".json", ".gz", ".tsv"})


@dataclass(frozen=True, slots=True)
class Versions:
    """What rows depend on besides the documents."""

    rules: str
    package: str = __version__
    schema: str = SCHEMA_VERSION

    @property
    def name(self) -> str:
        """All of it as the name of a folder."""
        return f"{self.rules}-{self.package}-{self.schema}"

    def differences(self, other: Versions) -> str:
        """What differs, in words.

        >>> Versions("a", "1.0", "1").differences(Versions("b", "1.1", "1"))
        'rules a -> b, package 1.0 -> 1.1'
        """
        mine, theirs = asdict(self), asdict(other)
        return ", ".join(f"{name} {mine[name]} -> {theirs[name]}" for name in mine if mine[name] != theirs[name])


@cache
def versions() -> Versions:
    """The versions at work: the rules' is a digest of the code and word lists that rows come from."""
    digest = hashlib.sha256()
    root = Path(__file__).parents[2]
    for top in (*(root / "pipeline" / name for name in _DECIDES), root / "rules"):
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.suffix in _CODE and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
                digest.update(path.read_bytes())
    digest.update(version("underthesea").encode())
    return Versions(digest.hexdigest()[:12])


@dataclass(frozen=True, slots=True)
class Part:
    """A set of documents that have a file of this number in every table."""

    number: int
    bytes: dict[str, int]

    @property
    def largest(self) -> int:
        return max(self.bytes.values(), default=0)


@dataclass(slots=True)
class Manifest:
    """The state of an output folder."""

    versions: Versions
    parts: list[Part] = field(default_factory=list)
    units: pa.Table = field(default_factory=UNITS.empty_table)
    partitioned: bool = False

    def save(self, folder: Path) -> None:
        pq.write_table(self.units, folder / "units.parquet", compression="zstd")
        state = {
            "format": FORMAT,
            "versions": asdict(self.versions),
            "parts": [asdict(part) for part in self.parts],
            "partitioned": self.partitioned,
        }
        (folder / "state.json").write_text(json.dumps(state, indent=1) + "\n", "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Manifest | None:
        """The manifest in `folder`; None where there is none that can be read."""
        try:
            state = json.loads((folder / "state.json").read_text("utf-8"))
            if state["format"] != FORMAT:
                return None
            return cls(
                Versions(**state["versions"]),
                [Part(**part) for part in state["parts"]],
                pq.read_table(folder / "units.parquet", schema=UNITS),
                state["partitioned"],
            )
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
            return None
