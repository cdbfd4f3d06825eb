"""Where a batch runs: processes on this machine (`local`), or a Ray cluster (`ray`).

An engine is given units of work and jobs, does them in any order, and tells of each that is done.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.assemble import Job
from pipeline.shards import Item


@dataclass(frozen=True, slots=True)
class Unit:
    """Items that one worker extracts into one shard."""

    items: tuple[Item, ...]
    target: Path


class Engine(Protocol):
    """Does the work of a run. Used as a context manager, so that no process is left behind."""

    def __enter__(self) -> "Engine": ...

    def __exit__(self, *_: object) -> None: ...

    def extract(self, units: Iterable[Unit]) -> Iterator[dict[str, int]]:
        """Write the shard of each unit; yields the numbers of rows by table as units are done.

        An item that takes longer than the time limit, or that twice ended its worker, becomes a reject.
        """

    def assemble(self, jobs: Iterable[Job]) -> Iterator[int]:
        """Write the file of each job; yields their sizes in the jobs' order."""
