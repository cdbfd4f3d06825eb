"""Where a batch runs: processes on this machine (`local`), or a Ray cluster (`ray`).

An engine has the inputs read, what is new extracted into shards, and the tables' files written from shards. It may do
all of that in any order.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.batch.inputs import Known, Portion
from pipeline.batch.shards import Item
from pipeline.batch.table_files import Job
from pipeline.ingest import Reject, Source


@dataclass(frozen=True, slots=True)
class Unit:
    """Items that one worker extracts into one shard."""

    items: tuple[Item, ...]
    target: Path


class Engine(Protocol):
    """Does the work of a run. Used as a context manager, so that no process is left behind."""

    def __enter__(self) -> "Engine": ...

    def __exit__(self, *_: object) -> None: ...

    def extract(
        self, files: Sequence[Source | Reject], known: Known, shards: Path, told: Callable[[Portion], None]
    ) -> Iterator[dict[str, int]]:
        """Read the files, and write what they have of new documents into shards whose names begin with `shards`.

        Tells of all that was read, and yields the numbers of rows by table as shards are done. An item that takes
        longer than the time limit, or that twice ended its worker, becomes a reject.
        """

    def assemble(self, jobs: Iterable[Job]) -> Iterator[int]:
        """Write the file of each job; yields their sizes in the jobs' order."""


def shard_name(shards: Path, number: int) -> Path:
    """The shard of this number of a run."""
    return shards.with_name(f"{shards.name}-{number:06d}")
