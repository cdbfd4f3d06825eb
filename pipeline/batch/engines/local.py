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
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline.batch.engines import TIME_LIMIT, Unit, shard_name
from pipeline.batch.inputs import Known, Portion, read
from pipeline.batch.output import RunError
from pipeline.batch.process import give_back, light_arrow, loading, settle
from pipeline.batch.shards import extract
from pipeline.batch.table_files import Job, assemble
from pipeline.extraction import extractor
from pipeline.ingest import Reject, Source

_LOOK = 0.25  # seconds between looks at the clock
_PAUSE = 1.0  # seconds without a look after which the time since the last one counts for no item
_MOST_LOSSES = 10  # in a row, without a unit done
_LOSSES = 2  # times that an item may end its worker before it is given up
_PR_SET_PDEATHSIG = 1


class _Lost(Exception):
    """A worker ended before it answered."""


@dataclass(slots=True, kw_only=True)
class _Worker:
    """A process that does one task at a time; `task` is (number, unit or job), None while it is idle."""

    process: Any
    pipe: Connection
    clock: Any  # shared memory: number of the item at work (-1: none), and when it began
    task: tuple[int, Any] | None = None

    def at_work(self) -> tuple[int, float]:
        """The number of the item at which it is or was (-1: at none), and for how many seconds."""
        return int(self.clock[0]), time.monotonic() - float(self.clock[1])

    def send(self, task: Unit | Job) -> None:
        """Have it do a task. Raises `_Lost` where it has ended."""
        self.clock[0] = -1
        try:
            self.pipe.send_bytes(pickle.dumps(task, pickle.HIGHEST_PROTOCOL))
        except OSError as error:
            raise _Lost from error

    def answer(self) -> Any:
        """What the task gave, an exception that it raised, or `_Lost`."""
        try:
            return self.pipe.recv()
        except (EOFError, OSError):
            return _Lost()

    def end(self) -> None:
        """End it, whatever it does."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


class LocalEngine:
    """An engine (see `pipeline.batch.engines.Engine`) over `workers` processes, each with its own model.

    A forked worker has the model at once and shares its memory, but a process with threads must not be forked. What is
    known of them here is what Python knows: `fork` is False where a library has threads of its own.
    """

    def __init__(self, workers: int = 1, time_limit: float = TIME_LIMIT, fork: bool = True) -> None:
        self.workers, self.time_limit = workers, time_limit
        self._forks = fork and sys.platform == "linux" and threading.active_count() == 1
        self._context: Any = get_context("fork" if self._forks else "spawn")
        self._pool: list[_Worker] = []
        self._losses: Counter[str] = Counter()
        self._losses_in_a_row = 0
        self._looked = time.monotonic()

    def __enter__(self) -> "LocalEngine":
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._pool:
            worker.end()
        self._pool.clear()

    def extract(
        self, files: Sequence[Source | Reject], known: Known, shards: Path, told: Callable[[Portion], None]
    ) -> Iterator[dict[str, int]]:
        def units() -> Iterator[Unit]:
            for number, portion in enumerate(read(files, known)):
                told(portion)
                if portion.items:
                    yield Unit(tuple(portion.items), shard_name(shards, number))

        return self.write_shards(units())

    def write_shards(self, units: Iterable[Unit]) -> Iterator[dict[str, int]]:
        """Write the shard of each unit; yields the numbers of rows by table as units are done."""
        first = next(units := iter(units), None)
        if first is not None:
            if self._forks:
                with loading():  # once, for all that will be forked
                    extractor().warm_up()
            yield from (counts for _, counts in self._all_done(chain([first], units)))

    def assemble(self, jobs: Iterable[Job]) -> Iterator[int]:
        done = dict(self._all_done(jobs))
        yield from (done[number] for number in sorted(done))

    def _all_done(self, tasks: Iterable[Unit | Job]) -> Iterator[tuple[int, Any]]:
        """Have the workers do all tasks; yields (number of the task, result) as they are done."""
        source = enumerate(tasks)
        ready: deque[tuple[int, Any]] = deque()
        more = True
        while True:
            # A task for each worker waits at hand, so that none is idle while the next is read.
            if more and len(ready) < self.workers:
                task = next(source, None)
                more = task is not None
                if task is not None:
                    ready.append(task)
            self._hand_out(ready)
            busy = [worker for worker in self._pool if worker.task]
            if not (busy or ready or more):
                return
            reading = more and len(ready) < self.workers
            for worker, result in self._heard(busy, 0 if reading else _LOOK):
                yield from self._receive(worker, result, ready)
            self._forgive_pause(busy)
            for worker in busy:
                self._look_at(worker, ready)

    def _forgive_pause(self, busy: Sequence[_Worker]) -> None:
        """Where the run itself stood still, suspended as a whole perhaps, its items get that time back."""
        pause, self._looked = time.monotonic() - self._looked, time.monotonic()
        if pause > _PAUSE:
            for worker in busy:
                worker.clock[1] += pause

    def _hand_out(self, ready: deque[tuple[int, Any]]) -> None:
        while ready:
            worker = next((worker for worker in self._pool if not worker.task), None)
            if worker is None:
                if len(self._pool) == self.workers:
                    return
                worker = self._start()
                self._pool.append(worker)
            worker.task = ready.popleft()
            try:
                worker.send(worker.task[1])
            except _Lost:
                self._lost(worker, ready)

    def _start(self) -> _Worker:
        here, there = self._context.Pipe()
        clock = self._context.RawArray("d", [-1.0, 0.0])
        # A forked process has copies of all pipes; while it holds them, nobody sees their ends close.
        others = [worker.pipe for worker in self._pool] + [here] if self._forks else []
        process = self._context.Process(target=_serve, args=(there, clock, os.getpid(), others), daemon=True)
        with _no_main():
            process.start()
        there.close()
        return _Worker(process=process, pipe=here, clock=clock)

    def _heard(self, busy: Sequence[_Worker], seconds: float) -> list[tuple[_Worker, Any]]:
        """Wait for answers, at most so long: (worker, answer) for those that have one."""
        heard = set(connection.wait([worker.pipe for worker in busy], seconds)) if busy else set()
        return [(worker, worker.answer()) for worker in busy if worker.pipe in heard]

    def _receive(self, worker: _Worker, result: Any, ready: deque[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
        if isinstance(result, _Lost):
            self._lost(worker, ready)
            return
        assert worker.task is not None
        number, worker.task = worker.task[0], None
        if isinstance(result, Exception):
            raise result
        self._losses_in_a_row = 0
        yield number, result

    def _look_at(self, worker: _Worker, ready: deque[tuple[int, Any]]) -> None:
        """Give up the item at which a worker has been for too long."""
        if worker.task is None or worker not in self._pool:
            return
        item, seconds = worker.at_work()
        if item >= 0 and seconds > self.time_limit:
            self._replace(worker, ready, item, "Timeout", f"not done after {self.time_limit:g} seconds (--time-limit)")

    def _lost(self, worker: _Worker, ready: deque[tuple[int, Any]]) -> None:
        """A worker ended. Its task is done again; without an item that has now ended two."""
        task = worker.task
        item, _ = worker.at_work()
        self._losses_in_a_row += 1
        if self._losses_in_a_row > _MOST_LOSSES + 3 * self.workers:
            raise RunError("the worker processes end again and again: is there enough memory?")
        if task is not None and isinstance(task[1], Unit) and item >= 0:
            # Which of several items ended it is only known where one was at work alone.
            name = task[1].items[item].name if item < len(task[1].items) else str(task[1].target)
            self._losses[name] += 1
            if self._losses[name] >= _LOSSES:
                self._replace(worker, ready, item, "WorkerLost", "its extraction ended the process, twice")
                return
        self._remove(worker)
        if task is not None:
            ready.appendleft(task)

    def _replace(self, worker: _Worker, ready: deque[tuple[int, Any]], item: int, error: str, message: str) -> None:
        """End a worker and have its unit done without the item, by others."""
        task = worker.task
        self._remove(worker)
        if task is not None:
            number, unit = task
            ready.extendleft((number, rest) for rest in _without(unit, item, error, message))

    def _remove(self, worker: _Worker) -> None:
        self._pool.remove(worker)
        worker.end()


def _without(unit: Unit, item: int, error: str, message: str) -> list[Unit]:
    """A unit with a reject in place of an item; units of one item each where all were at work together."""
    items = list(unit.items)
    if item >= len(items) > 1:
        target = unit.target
        return [Unit((one,), target.with_name(f"{target.name}-{n}")) for n, one in enumerate(items)]
    item = min(item, len(items) - 1)
    items[item] = items[item].rejected(error, message)
    return [replace(unit, items=tuple(items))]


@contextmanager
def _no_main() -> Iterator[None]:
    """Hide the program: a spawned process would import it anew, which costs time and may run it a second time."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


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

    warm = False
    while True:
        try:
            task = pickle.loads(pipe.recv_bytes())
        except (EOFError, OSError):
            return
        if isinstance(task, Unit) and not warm:
            with loading():  # before the first item, whose time it shall not cost
                extractor().warm_up()
            settle()
            warm = True
        pipe.send(_do(task, started))
        give_back()


def _do(task: Unit | Job, started: Callable[[int], None]) -> object:
    """What a worker does with a task; gives an exception that it raised."""
    try:
        return extract(task.items, task.target, started) if isinstance(task, Unit) else assemble(task)
    except OSError as error:
        return error
    except Exception as error:
        return RunError(f"{type(error).__name__}: {error}")


def _end_with(parent: int) -> None:
    """Have the system end this process when the run's process ends, even by ``kill -9`` (Linux only)."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
