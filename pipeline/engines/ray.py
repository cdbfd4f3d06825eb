"""Workers on a Ray cluster (``pip install trichluc[ray]``), or on a Ray of this machine where there is no cluster.

The run itself finds and reads the inputs, as with the local engine, and sends units to actors, which hold the model and
write shards. Inputs and output folder must lie where all nodes see them under the same path. The cluster is the one
that RAY_ADDRESS names.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from pipeline.assemble import Job
from pipeline.engines import Unit
from pipeline.engines.pool import Lost, PoolEngine, Worker, do
from pipeline.startup import light_arrow, settle
from pipeline.store import RunError
from pipeline.worker import extractor

_ANSWER = 2.0  # seconds in which an actor tells at which item it is, if it can


class _Extractor:
    """The actor. One thread does the tasks, another tells how far they are."""

    def __init__(self) -> None:
        light_arrow()
        extractor().warm_up()
        settle()
        self._clock = (-1, 0.0)

    def do(self, task: Unit | Job) -> object:
        try:
            return do(task, self._started)
        finally:
            self._clock = (-1, 0.0)

    def _started(self, item: int) -> None:
        self._clock = (item, time.monotonic())

    def at_work(self) -> tuple[int, float]:
        item, began = self._clock
        return item, time.monotonic() - began


@dataclass(slots=True, kw_only=True)
class _Actor(Worker):
    handle: Any
    answer: Any = None
    sent: float = 0.0


class RayEngine(PoolEngine[_Actor]):
    """`workers` actors of one processor each."""

    def __enter__(self) -> "RayEngine":
        try:
            self._ray = ray = import_module("ray")
        except ImportError as error:
            raise RunError("the engine ray needs Ray: pip install 'trichluc[ray]'") from error
        self._started_ray = not ray.is_initialized()
        if self._started_ray:
            cluster = bool(os.environ.get("RAY_ADDRESS"))
            ray.init(**({} if cluster else {"num_cpus": self.workers}), include_dashboard=False, log_to_driver=False)
        self._actor_class = ray.remote(num_cpus=1, max_concurrency=2)(_Extractor)
        return self

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        if self._started_ray:
            self._ray.shutdown()

    def _start(self) -> _Actor:
        return _Actor(handle=self._actor_class.remote())

    def _send(self, worker: _Actor, task: Unit | Job) -> None:
        worker.answer = worker.handle.do.remote(task)
        worker.sent = time.monotonic()

    def _heard(self, busy: Sequence[_Actor], seconds: float) -> list[tuple[_Actor, Any]]:
        if not busy:
            return []
        answers = [worker.answer for worker in busy]
        self._ray.wait(answers, num_returns=1, timeout=seconds)
        done, _ = self._ray.wait(answers, num_returns=len(answers), timeout=0)
        heard = set(done)
        return [(worker, self._result(worker.answer)) for worker in busy if worker.answer in heard]

    def _at_work(self, worker: _Actor) -> tuple[int, float]:
        """Asked only when the whole task takes longer than one item may; an actor that cannot answer is at all."""
        seconds = time.monotonic() - worker.sent
        if seconds <= self.time_limit:
            return -1, seconds
        try:
            item, seconds = self._ray.get(worker.handle.at_work.remote(), timeout=_ANSWER)
            return item, seconds
        except self._ray.exceptions.RayError:
            return self._fell_at(worker), seconds

    def _fell_at(self, worker: _Actor) -> int:
        """Not known: an actor that has ended does not tell. The unit's items are then done one by one."""
        unit = worker.task[1] if worker.task else None
        return len(unit.items) if isinstance(unit, Unit) else -1

    def _end(self, worker: _Actor) -> None:
        self._ray.kill(worker.handle)

    def _result(self, answer: Any) -> Any:
        try:
            return self._ray.get(answer)
        except self._ray.exceptions.RayError:
            return Lost()
