"""What all engines share: workers that get one task at a time, and what happens when a worker is lost or hangs."""

from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from pipeline.assemble import Job, assemble
from pipeline.engines import Unit
from pipeline.shards import extract
from pipeline.store import RunError

TIME_LIMIT = 60.0
"""Seconds for one document, or for a file that a worker reads."""

_LOOK = 0.25  # seconds between looks at the clock
_MOST_LOSSES = 10  # in a row, without a unit done
_LOSSES = 2  # times that an item may end its worker before it is given up


@dataclass(slots=True)
class Worker:
    """A process that does one task at a time; `task` is (number, unit or job), None while it is idle."""

    task: tuple[int, Any] | None = None


W = TypeVar("W", bound=Worker)


class Lost(Exception):
    """A worker ended before it answered."""


class PoolEngine(ABC, Generic[W]):
    """An engine (see `pipeline.engines.Engine`) over `workers` processes of one kind."""

    def __init__(self, workers: int = 1, time_limit: float = TIME_LIMIT) -> None:
        self.workers, self.time_limit = workers, time_limit
        self._pool: list[W] = []
        self._losses: Counter[str] = Counter()
        self._losses_in_a_row = 0

    @abstractmethod
    def _start(self) -> W:
        """A new worker."""

    @abstractmethod
    def _send(self, worker: W, task: Unit | Job) -> None:
        """Have a worker do a task. Raises `Lost` where it has ended."""

    @abstractmethod
    def _heard(self, busy: Sequence[W], seconds: float) -> list[tuple[W, Any]]:
        """Wait for answers, at most so long: (worker, result) for those that have one.

        A result is what the task gave, an exception that it raised, or `Lost`.
        """

    @abstractmethod
    def _at_work(self, worker: W) -> tuple[int, float]:
        """The number of the item at which a worker is (-1: at none), and for how many seconds."""

    def _fell_at(self, worker: W) -> int:
        """The number of the item at which a worker was when it ended."""
        return self._at_work(worker)[0]

    @abstractmethod
    def _end(self, worker: W) -> None:
        """End a worker, whatever it does."""

    def __exit__(self, *_: object) -> None:
        for worker in self._pool:
            self._end(worker)
        self._pool.clear()

    def extract(self, units: Iterable[Unit]) -> Iterator[dict[str, int]]:
        yield from (counts for _, counts in self._all_done(units))

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
            for worker in busy:
                self._look_at(worker, ready)

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
                self._send(worker, worker.task[1])
            except Lost:
                self._lost(worker, ready)

    def _receive(self, worker: W, result: Any, ready: deque[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
        if isinstance(result, Lost):
            self._lost(worker, ready)
            return
        assert worker.task is not None
        number, worker.task = worker.task[0], None
        if isinstance(result, Exception):
            raise result
        self._losses_in_a_row = 0
        yield number, result

    def _look_at(self, worker: W, ready: deque[tuple[int, Any]]) -> None:
        """Give up the item at which a worker has been for too long."""
        if worker.task is None or worker not in self._pool:
            return
        item, seconds = self._at_work(worker)
        if item >= 0 and seconds > self.time_limit:
            self._replace(worker, ready, item, "Timeout", f"not done after {self.time_limit:g} seconds (--time-limit)")

    def _lost(self, worker: W, ready: deque[tuple[int, Any]]) -> None:
        """A worker ended. Its task is done again; without an item that has now ended two."""
        task = worker.task
        item = self._fell_at(worker)
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

    def _replace(self, worker: W, ready: deque[tuple[int, Any]], item: int, error: str, message: str) -> None:
        """End a worker and have its unit done without the item, by others."""
        task = worker.task
        self._remove(worker)
        if task is not None:
            number, unit = task
            ready.extendleft((number, rest) for rest in _without(unit, item, error, message))

    def _remove(self, worker: W) -> None:
        self._pool.remove(worker)
        self._end(worker)


def _without(unit: Unit, item: int, error: str, message: str) -> list[Unit]:
    """A unit with a reject in place of an item; units of one item each where all were at work together."""
    items = list(unit.items)
    if item >= len(items) > 1:
        target = unit.target
        return [Unit((one,), target.with_name(f"{target.name}-{n}")) for n, one in enumerate(items)]
    item = min(item, len(items) - 1)
    items[item] = items[item].rejected(error, message)
    return [replace(unit, items=tuple(items))]


def do(task: Unit | Job, started: Callable[[int], None]) -> object:
    """What a worker does with a task; gives an exception that it raised."""
    try:
        return extract(task.items, task.target, started) if isinstance(task, Unit) else assemble(task)
    except OSError as error:
        return error
    except Exception as error:
        return RunError(f"{type(error).__name__}: {error}")
