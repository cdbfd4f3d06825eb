"""Processes that are watched: what they may take of processor, clock and memory, and how they end with the run.

All bytes that others wrote are read in such processes, so that a document that crashes the interpreter, never ends, or
takes the machine's memory, costs one of them and not the run.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil

TIME_LIMIT = 60.0
"""Seconds of processor time for one document, or for a file that a worker reads."""

LOOK = 0.05
"""Seconds between looks at what a process takes."""

_WAITING = 10  # times the limit that a document may take by the clock: it may wait for a disk, or for its neighbours
_SHARE = 0.75  # of the machine's memory, for all processes of a run together
_LEAST, _MOST = 512 << 20, 2 << 30
_CGROUP = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
_PR_SET_PDEATHSIG = 1
_ITEM, _CLOCK, _PROCESSOR, _DOCUMENT = range(4)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take: seconds of processor time, and bytes of memory of the process that is at it."""

    seconds: float = TIME_LIMIT
    memory: int = _MOST


def memory_limit(workers: int) -> int:
    """Bytes that a process of a run may take unless the caller says otherwise.

    An equal share of three quarters of the memory that there is, for the workers and the process that reads; at least
    512 MiB and at most 2 GiB, so that on all but small machines the same documents are given up.
    """
    total: int = psutil.virtual_memory().total
    for path in _CGROUP:
        try:
            total = min(total, int(path.read_text("utf-8")))
        except (OSError, ValueError):  # no such file, or "max"
            continue
    return max(_LEAST, min(_MOST, round(total * _SHARE) // (workers + 1)))


class Clock:
    """What a process tells of the item at which it works, in memory that it shares with the run's own process."""

    def __init__(self, context: Any) -> None:
        self._values = context.RawArray("d", [-1.0, 0.0, 0.0, 0.0])

    def start(self, item: int, document: int = 0) -> None:
        """Begin with an item, or with the next document of one: its time counts from now."""
        self._values[_CLOCK] = time.monotonic()
        self._values[_PROCESSOR] = time.process_time()
        self._values[_DOCUMENT] = document
        self._values[_ITEM] = item

    def restart(self) -> None:
        """Count the time of the item at work from now."""
        self.start(self.item, self.document)

    def stop(self) -> None:
        """Be at no item."""
        self._values[_ITEM] = -1

    def forgive(self, seconds: float) -> None:
        """Take a time in which the run as a whole stood still from the item's."""
        self._values[_CLOCK] += seconds

    @property
    def item(self) -> int:
        """Number of the item at which it is or was; -1 for none."""
        return int(self._values[_ITEM])

    @property
    def document(self) -> int:
        """How many documents of the item are done."""
        return int(self._values[_DOCUMENT])

    def seconds(self) -> float:
        """Since when it is at the item, by the clock."""
        return time.monotonic() - float(self._values[_CLOCK])

    def processor(self, worked: float) -> float:
        """How much of the processor time `worked` of its process the item took."""
        return worked - float(self._values[_PROCESSOR])


class Process:
    """A process that runs `target(pipe, clock, *arguments)`, with our end of the pipe and the clock."""

    def __init__(
        self, target: Callable[..., None], arguments: Sequence[object], others: Sequence["Process"], fork: bool
    ) -> None:
        context: Any = get_context("fork" if fork else "spawn")
        self.pipe, there = context.Pipe()
        self.clock = Clock(context)
        # A forked process has copies of all pipes; while it holds them, nobody sees their ends close.
        pipes = [other.pipe for other in others] + [self.pipe] if fork else []
        self._process = context.Process(
            target=_serve, args=(target, there, self.clock, os.getpid(), pipes, arguments), daemon=True
        )
        with _no_main():
            self._process.start()
        there.close()
        self._seen = psutil.Process(self._process.pid)

    def excess(self, limits: Limits) -> tuple[str, str] | None:
        """Error and message where the item at work takes more than it may."""
        if self.clock.item < 0:
            return None
        try:
            times, memory = self._seen.cpu_times(), self._seen.memory_info().rss
        except psutil.Error:  # it has ended, which its pipe tells
            return None
        if memory > limits.memory:
            return "MemoryLimit", f"it takes more than {limits.memory >> 20} MiB of memory (--memory-limit)"
        if self.clock.processor(times.user + times.system) > limits.seconds:
            return "Timeout", f"not done after {limits.seconds:g} seconds of processor time (--time-limit)"
        if self.clock.seconds() > _WAITING * limits.seconds:
            return "Timeout", f"not done after {_WAITING * limits.seconds:g} seconds (ten times --time-limit)"
        return None

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.join()
        self.pipe.close()


def _serve(
    target: Callable[..., None],
    pipe: Connection,
    clock: Clock,
    parent: int,
    others: Sequence[Connection],
    arguments: Sequence[object],
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the run ends its workers itself
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with(parent)
    for other in others:
        other.close()
    target(pipe, clock, *arguments)


def _end_with(parent: int) -> None:
    """Have the system end this process when the run's process ends, even by ``kill -9`` (Linux only)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


@contextmanager
def _no_main() -> Iterator[None]:
    """Hide the program: a spawned process would import it anew, which costs time and may run it a second time."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
