"""Worker processes on this machine.

The run's own process reads and hands out the work; a worker extracts, and writes what it found. So a document that
crashes the interpreter, or never ends, costs a worker and not the run.
"""

import ctypes
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from typing import Any

from pipeline.assemble import Job
from pipeline.engines import Unit
from pipeline.engines.pool import Lost, PoolEngine, Worker, do
from pipeline.startup import give_back, light_arrow, settle
from pipeline.worker import extractor

_PR_SET_PDEATHSIG = 1


@dataclass(slots=True, kw_only=True)
class _Process(Worker):
    process: Any
    pipe: Connection
    clock: Any  # shared memory: number of the item at work (-1: none), and when it began


class LocalEngine(PoolEngine[_Process]):
    """`workers` processes, each with its own model."""

    def __enter__(self) -> "LocalEngine":
        # A forked worker has the model at once and shares its memory, but forking needs a process without threads.
        self._forks = sys.platform == "linux" and threading.active_count() == 1
        self._context: Any = get_context("fork" if self._forks else "spawn")
        return self

    def extract(self, units: Iterable[Unit]) -> Iterator[dict[str, int]]:
        first = next(units := iter(units), None)
        if first is not None:
            if self._forks:
                extractor().warm_up()  # loaded once, for all that will be forked
            yield from super().extract(chain([first], units))

    def _start(self) -> _Process:
        here, there = self._context.Pipe()
        clock = self._context.RawArray("d", [-1.0, 0.0])
        # A forked process has copies of all pipes; while it holds them, nobody sees their ends close.
        others = [worker.pipe for worker in self._pool] + [here] if self._forks else []
        process = self._context.Process(target=_serve, args=(there, clock, os.getpid(), others), daemon=True)
        process.start()
        there.close()
        return _Process(process=process, pipe=here, clock=clock)

    def _send(self, worker: _Process, task: Unit | Job) -> None:
        worker.clock[0] = -1
        try:
            worker.pipe.send_bytes(pickle.dumps(task, pickle.HIGHEST_PROTOCOL))
        except OSError as error:
            raise Lost from error

    def _heard(self, busy: Sequence[_Process], seconds: float) -> list[tuple[_Process, Any]]:
        heard = set(connection.wait([worker.pipe for worker in busy], seconds)) if busy else set()
        return [(worker, _answer(worker.pipe)) for worker in busy if worker.pipe in heard]

    def _at_work(self, worker: _Process) -> tuple[int, float]:
        return int(worker.clock[0]), time.monotonic() - float(worker.clock[1])

    def _end(self, worker: _Process) -> None:
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()


def _answer(pipe: Connection) -> Any:
    try:
        return pipe.recv()
    except (EOFError, OSError):
        return Lost()


def _serve(pipe: Connection, clock: Any, parent: int, others: Sequence[Connection]) -> None:
    """A worker's life: do the tasks that come through the pipe until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the run ends its workers itself
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with(parent)
    for other in others:
        other.close()
    light_arrow()
    settle()

    def started(item: int) -> None:
        clock[1] = time.monotonic()
        clock[0] = item

    while True:
        try:
            task = pickle.loads(pipe.recv_bytes())
        except (EOFError, OSError):
            return
        pipe.send(do(task, started))
        give_back()


def _end_with(parent: int) -> None:
    """Have the system end this process when the run's process ends, even by ``kill -9`` (Linux only)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
