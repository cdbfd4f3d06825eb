"""What a worker process does: units into shards, jobs into table files."""

import pickle
from multiprocessing.connection import Connection

from pipeline.batch.engines import Unit
from pipeline.batch.engines.processes import Clock
from pipeline.batch.output import RunError
from pipeline.batch.process import give_back, light_arrow, settle, uncollected
from pipeline.batch.shards import extract
from pipeline.batch.table_files import Job, assemble
from pipeline.extraction import extractor
from pipeline.ingest.opening import watched


def work(pipe: Connection, clock: Clock) -> None:
    """Do the tasks that come through the pipe until it is closed."""
    light_arrow()
    settle()
    warm = False
    while True:
        try:
            task = pickle.loads(pipe.recv_bytes())
        except (EOFError, OSError):
            return
        if isinstance(task, Unit) and not warm:
            with uncollected():  # before the first item, whose time it shall not cost
                extractor().warm_up()
            settle()
            warm = True
        answer = _do(task, clock)
        clock.stop()
        pipe.send(answer)
        give_back()


def _do(task: Unit | Job, clock: Clock) -> object:
    """What a task gives, or an exception that it raised."""
    try:
        if isinstance(task, Unit):
            with watched(clock.restart):
                return extract(task.items, task.target, clock.start)
        return assemble(task)
    except OSError as error:
        return error
    except Exception as error:
        return RunError(f"{type(error).__name__}: {error}")
