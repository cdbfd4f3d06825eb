"""Worker processes on this machine.

One process reads what the files hold, others extract it and write what they found; the run's own process hands out the
work, and sees to it that none of them takes more than it may.
"""

import gc
import pickle
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing import connection
from pathlib import Path
from typing import Any, Protocol

from pipeline.batch.engines import Unit, shard_name
from pipeline.batch.engines.processes import LOOK, Limits, Process
from pipeline.batch.engines.reading import Reading
from pipeline.batch.engines.worker import work
from pipeline.batch.inputs import Known, Portion
from pipeline.batch.output import RunError
from pipeline.batch.process import uncollected
from pipeline.batch.table_files import Job
from pipeline.extraction import extractor
from pipeline.i18n import _
from pipeline.ingest import Reject, Source

_PAUSE = 1.0  # seconds without a look after which the time since the last one counts for no item
_MOST_LOSSES = 10  # in a row, without a unit done
_LOSSES = 2  # times that an item may end its worker before it is given up


class _Lost(Exception):
    """A worker ended before it answered."""


@dataclass(slots=True)
class _Worker:
    """A process that does one task at a time; `task` is (number, unit or job), None while it is idle."""

    process: Process
    task: tuple[int, Any] | None = None

    def send(self, task: Unit | Job) -> None:
        """Have it do a task. Raises `_Lost` where it has ended."""
        self.process.clock.stop()
        try:
            self.process.pipe.send_bytes(pickle.dumps(task, pickle.HIGHEST_PROTOCOL))
        except OSError as error:
            raise _Lost from error

    def answer(self) -> Any:
        """What the task gave, an exception that it raised, or `_Lost`."""
        try:
            return self.process.pipe.recv()
        except (EOFError, OSError):
            return _Lost()


class _Feed(Protocol):
    """Where tasks come from. `more` is False once all are taken; `process` makes them, None where taking does."""

    @property
    def more(self) -> bool: ...

    @property
    def process(self) -> Process | None: ...

    def take(self) -> Unit | Job | None:
        """The next task; None where there is none, or none yet."""

    def look(self, limits: Limits) -> None:
        """See to it that its process takes no more than it may."""


class _Given:
    """Tasks of an iterable."""

    process: Process | None = None

    def __init__(self, tasks: Iterable[Unit | Job]) -> None:
        self._tasks, self.more = iter(tasks), True

    def take(self) -> Unit | Job | None:
        task = next(self._tasks, None)
        self.more = task is not None
        return task

    def look(self, limits: Limits) -> None:
        pass


class _Read:
    """Units of what the files hold."""

    def __init__(self, reading: Reading, shards: Path, told: Callable[[Portion], None]) -> None:
        self._reading, self._shards, self._told, self._number = reading, shards, told, 0

    @property
    def more(self) -> bool:
        return self._reading.more

    @property
    def process(self) -> Process | None:
        return self._reading.process

    def take(self) -> Unit | None:
        portion = self._reading.take()
        if portion is None:
            return None
        self._told(portion)
        if not portion.items:
            return None
        self._number += 1
        return Unit(tuple(portion.items), shard_name(self._shards, self._number - 1))

    def look(self, limits: Limits) -> None:
        self._reading.look(limits)


class LocalEngine:
    """An engine (see `pipeline.batch.engines.Engine`) over `workers` processes, each with its own model.

    A forked worker has the model at once and shares its memory, but a process with threads must not be forked. What is
    known of them here is what Python knows: `fork` is False where a library has threads of its own.
    """

    def __init__(self, workers: int = 1, limits: Limits | None = None, fork: bool = True) -> None:
        self.workers, self.limits = workers, limits or Limits()
        self._forks = fork and sys.platform == "linux" and threading.active_count() == 1
        self._warm = False
        self._pool: list[_Worker] = []
        self._feed: _Feed = _Given([])
        self._losses: Counter[str] = Counter()
        self._losses_in_a_row = 0
        self._looked = time.monotonic()

    def __enter__(self) -> "LocalEngine":
        return self

    def __exit__(self, *_: object) -> None:
        if self._feed.process:
            self._feed.process.end()
        for worker in self._pool:
            worker.process.end()
        self._pool.clear()

    def extract(
        self, files: Sequence[Source | Reject], known: Known, shards: Path, told: Callable[[Portion], None]
    ) -> Iterator[dict[str, int]]:
        reading = Reading(files, known, self._forks, lambda: [worker.process for worker in self._pool])
        yield from (counts for _, counts in self._all_done(_Read(reading, shards, told)))

    def write_shards(self, units: Iterable[Unit]) -> Iterator[dict[str, int]]:
        """Write the shard of each unit; yields the numbers of rows by table as units are done."""
        yield from (counts for _, counts in self._all_done(_Given(units)))

    def assemble(self, jobs: Iterable[Job]) -> Iterator[int]:
        done = dict(self._all_done(_Given(jobs)))
        yield from (done[number] for number in sorted(done))

    def _all_done(self, feed: _Feed) -> Iterator[tuple[int, Any]]:
        """Have the workers do all tasks; yields (number of the task, result) as they are done."""
        self._feed = feed
        ready: deque[tuple[int, Any]] = deque()
        number = 0
        while True:
            # A task for each worker waits at hand, so that none is idle while the next is read.
            if feed.more and len(ready) < self.workers and (task := feed.take()) is not None:
                ready.append((number, task))
                number += 1
            self._hand_out(ready)
            busy = [worker for worker in self._pool if worker.task]
            if not (busy or ready or feed.more):
                return
            for worker, result in self._heard(busy, feed.more and len(ready) < self.workers):
                yield from self._receive(worker, result, ready)
            self._look(busy, ready)

    def _look(self, busy: Sequence[_Worker], ready: deque[tuple[int, Any]]) -> None:
        """Now and then, see what the processes take."""
        pause = time.monotonic() - self._looked
        if pause < LOOK:
            return
        self._looked += pause
        if pause > _PAUSE:
            self._forgive(pause)
        self._feed.look(self.limits)
        for worker in busy:
            if worker.task and worker in self._pool and (excess := worker.process.excess(self.limits)):
                self._give_up(worker, ready, *excess)

    def _forgive(self, pause: float) -> None:
        """Where the run itself stood still, suspended as a whole perhaps, its items get that time back."""
        for process in (self._feed.process, *(worker.process for worker in self._pool)):
            if process:
                process.clock.forgive(pause)

    def _hand_out(self, ready: deque[tuple[int, Any]]) -> None:
        while ready:
            worker = next((worker for worker in self._pool if not worker.task), None)
            if worker is None:
                if len(self._pool) == self.workers:
                    return
                worker = self._start(isinstance(ready[0][1], Unit))
                self._pool.append(worker)
            worker.task = ready.popleft()
            try:
                worker.send(worker.task[1])
            except _Lost:
                self._lost(worker, ready)

    def _start(self, extracts: bool) -> _Worker:
        if self._forks and extracts and not self._warm:
            with uncollected():  # once, for all that will be forked
                extractor().warm_up()
            gc.freeze()  # no worker's collector goes through it, which would also copy its pages
            self._warm = True
        others = [worker.process for worker in self._pool]
        return _Worker(Process(work, (), [*others, *filter(None, [self._feed.process])], self._forks))

    def _heard(self, busy: Sequence[_Worker], wanting: bool) -> list[tuple[_Worker, Any]]:
        """Wait for answers, or for a task where one is wanted: (worker, answer) for those that have one."""
        feeder = self._feed.process
        pipes = [worker.process.pipe for worker in busy]
        if wanting and feeder:
            pipes.append(feeder.pipe)
        heard = set(connection.wait(pipes, 0 if wanting and not feeder else LOOK)) if pipes else set()
        return [(worker, worker.answer()) for worker in busy if worker.process.pipe in heard]

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

    def _lost(self, worker: _Worker, ready: deque[tuple[int, Any]]) -> None:
        """A worker ended. Its task is done again; without an item that has now ended two."""
        task, item = worker.task, worker.process.clock.item
        self._losses_in_a_row += 1
        if self._losses_in_a_row > _MOST_LOSSES + 3 * self.workers:
            raise RunError(_("the worker processes end again and again: is there enough memory?"))
        if task is not None and isinstance(task[1], Unit) and item >= 0:
            # Which of several items ended it is only known where one was at work alone.
            name = task[1].items[item].name if item < len(task[1].items) else str(task[1].target)
            self._losses[name] += 1
            if self._losses[name] >= _LOSSES:
                self._replace(worker, ready, _without(task[1], item, "WorkerLost", _LOST))
                return
        self._replace(worker, ready, [task[1]] if task else [])

    def _give_up(self, worker: _Worker, ready: deque[tuple[int, Any]], error: str, message: str) -> None:
        """End a worker whose item takes too much, and have the unit done without the item."""
        assert worker.task is not None
        unit, item = worker.task[1], worker.process.clock.item
        if error == "MemoryLimit" and len(unit.items) > item and len(unit.items) > 1:
            self._replace(worker, ready, _apart(unit, item))  # what came before it may have taken a part of the memory
        else:
            self._replace(worker, ready, _without(unit, item, error, message))

    def _replace(self, worker: _Worker, ready: deque[tuple[int, Any]], tasks: Sequence[Any]) -> None:
        """End a worker, and have others do these tasks for its own."""
        self._pool.remove(worker)
        worker.process.end()
        if worker.task:
            ready.extendleft((worker.task[0], task) for task in reversed(tasks))


_LOST = "its extraction ended the process, twice"


def _without(unit: Unit, item: int, error: str, message: str) -> list[Unit]:
    """A unit with a reject in place of an item; units of one item each where all were at work together."""
    items = list(unit.items)
    if item >= len(items) > 1:
        return [Unit((one,), _part_of(unit, n)) for n, one in enumerate(items)]
    item = min(item, len(items) - 1)
    items[item] = items[item].rejected(error, message)
    return [replace(unit, items=tuple(items))]


def _apart(unit: Unit, item: int) -> list[Unit]:
    """An item alone, and the others."""
    others = (*unit.items[:item], *unit.items[item + 1 :])
    return [Unit((unit.items[item],), _part_of(unit, item)), replace(unit, items=others)]


def _part_of(unit: Unit, number: int) -> Path:
    return unit.target.with_name(f"{unit.target.name}-{number}")
