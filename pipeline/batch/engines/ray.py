"""Reading and extraction by Ray Data (``pip install trichluc[ray]``).

The cluster is the one that RAY_ADDRESS names; where it names none, a Ray of this machine is started for the run.

Tasks read shares of the files; actors extract what they find, each through a worker process of its own, so that a
document that hangs or crashes is dealt with as on one machine. The shards come back through Ray's object store, and the
run's own process writes them and the tables: nodes need to reach the inputs, but not the output folder. A task or actor
that is lost is done again by Ray, which gives the same shard.
"""

import logging
import os
import pickle
import socket
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any

from pipeline import i18n
from pipeline.batch.engines import Unit, shard_name
from pipeline.batch.engines.local import LocalEngine
from pipeline.batch.engines.processes import Limits
from pipeline.batch.engines.reading import portions
from pipeline.batch.inputs import Known, Portion
from pipeline.batch.manifest import Versions, versions
from pipeline.batch.output import RunError
from pipeline.batch.process import light_arrow
from pipeline.batch.shards import write_bytes
from pipeline.batch.table_files import Job
from pipeline.extras import EXTRAS, how_to_install
from pipeline.i18n import _, reason
from pipeline.ingest import Reject, Source
from pipeline.writing import partials

_SHARE_FILES, _SHARE_BYTES = 256, 32 << 20
"""What one task reads, unless a single file is larger."""

_BLOCK = (
    128 << 10
)  # bytes that Ray Data gathers before it hands them on: less than a portion, so that each goes at once
_READERS = 0.25  # tasks that read, for each actor; beside the actors they hardly need a processor
_PATIENCE = 10.0  # seconds for a cluster to answer
_ATTEMPTS = 4  # at a share or portion whose process or node is lost; Ray Data alone would try for ever

Batch = dict[str, Sequence[Any]]
"""A batch of rows of Ray Data; here of one row, with one column of pickled bytes."""


class RayEngine:
    """An engine (see `pipeline.batch.engines.Engine`) whose extraction uses `workers` processors of a Ray cluster."""

    def __init__(self, workers: int = 1, limits: Limits | None = None) -> None:
        self.workers, self.limits = workers, limits or Limits()
        here = min(workers, os.cpu_count() or 1)
        self._local = LocalEngine(here, self.limits, fork=False)  # Ray's threads outlive it

    def __enter__(self) -> "RayEngine":
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            self._ray, self._data = import_module("ray"), import_module("ray.data")
        except ImportError as error:
            raise RunError(_("the engine ray needs Ray: {how}", how=how_to_install(EXTRAS["ray"]))) from error
        return self

    def __exit__(self, *_: object) -> None:
        self._local.__exit__()

    def extract(
        self, files: Sequence[Source | Reject], known: Known, shards: Path, told: Callable[[Portion], None]
    ) -> Iterator[dict[str, int]]:
        number = 0
        with self._connected():
            for row in self._rows(files, known):
                portion, made = pickle.loads(row["result"])
                for counts, shard in made:
                    write_bytes(shard, shard_name(shards, number))
                    number += 1
                    yield counts
                told(portion)

    def assemble(self, jobs: Iterable[Job]) -> Iterator[int]:
        """Done by processes of this machine, where shards and tables are."""
        return self._local.assemble(jobs)

    def _rows(self, files: Sequence[Source | Reject], known: Known) -> Iterator[Mapping[str, Any]]:
        shares = [{"files": pickle.dumps(share)} for share in _shares(files)]
        attempts = _Attempts(self._ray.remote(num_cpus=0)(_Counter).remote())
        # What is known goes to each node once; the tasks are given a reference to it.
        reader = _Reader(self._ray.put(known), self.limits, attempts)
        found = self._data.from_items(shares, override_num_blocks=len(shares)).map_batches(
            reader.read,
            batch_size=1,
            num_cpus=0,
            concurrency=min(len(shares), 1 + round(self.workers * _READERS)),
        )
        done = found.map_batches(
            _Extractor,
            fn_constructor_args=(versions(), self.limits, attempts),
            batch_size=1,
            num_cpus=1,
            compute=self._data.ActorPoolStrategy(min_size=1, max_size=self.workers, initial_size=self.workers),
        )
        yield from done.iter_rows()

    @contextmanager
    def _connected(self) -> Iterator[None]:
        """A Ray to work with, which says little, and that on standard error; one that was not there before is ended."""
        ray, mine = self._ray, not self._ray.is_initialized()
        try:
            if mine:
                _check_address(os.environ.get("RAY_ADDRESS", ""))
                # Without an address Ray would take a cluster that it finds on this machine.
                cluster = {} if os.environ.get("RAY_ADDRESS") else {"address": "local", "num_cpus": self.workers}
                ray.init(**cluster, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
            logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # what it raises is said below
            context = self._data.DataContext.get_current()
            context.enable_progress_bars = context.print_on_execution_start = False
            context.raise_original_map_exception = True
            context.target_max_block_size = _BLOCK
        except (ray.exceptions.RayError, ConnectionError, RuntimeError, ValueError) as error:
            raise RunError(_("Ray does not start: {why}", why=_sentence(error))) from error
        with redirect_stdout(sys.stderr):  # where Ray's threads print what befalls its processes
            try:
                yield
            except (ray.exceptions.RayError, self._data.exceptions.SystemException) as error:
                cause = getattr(error, "cause", None)
                known = isinstance(cause, RunError)
                said = str(cause).partition("\n")[0] if known else _("Ray gave up: {why}", why=_sentence(error))
                raise RunError(_("{why}; what is done is kept, run again to go on", why=said)) from error
            finally:
                if mine:
                    ray.shutdown()


def _check_address(address: str) -> None:
    """Raises `ConnectionError` where nobody answers at a cluster's address; Ray itself tries for many minutes.

    >>> _check_address("127.0.0.1:9")
    Traceback (most recent call last):
    ConnectionError: nobody answers at 127.0.0.1:9, which RAY_ADDRESS names
    """
    host, _colon, port = address.removeprefix("ray://").rpartition(":")
    if not (host and port.isdigit()):
        return  # "auto", "local": Ray knows where to look
    try:
        socket.create_connection((host.strip("[]"), int(port)), _PATIENCE).close()
    except OSError as error:
        raise ConnectionError(
            _("nobody answers at {address}, which RAY_ADDRESS names", address=f"{host}:{port}")
        ) from error


class _Counter:
    """The actor that counts."""

    def __init__(self) -> None:
        self._counts: Counter[bytes] = Counter()

    def count(self, name: bytes) -> int:
        self._counts[name] += 1
        return self._counts[name]


class _Attempts:
    """Keeps account of the attempts at pieces of work, for processes all over the cluster.

    They speak the language of the run, whatever that of their node is.
    """

    def __init__(self, counter: Any) -> None:
        self._counter, self._language = counter, i18n.language()

    def begin(self, work: bytes) -> None:
        """Raises `RunError` where a piece of work was begun too often: it ends its process, or nodes keep going."""
        i18n.use(self._language)
        name = blake2b(work, digest_size=16).digest()
        if import_module("ray").get(self._counter.count.remote(name)) > _ATTEMPTS:
            raise RunError(
                _("a part of the work was lost with its process {n} times: is there enough memory?", n=_ATTEMPTS)
            )


class _Reader:
    """Reads shares of the files, each a stream of portions."""

    def __init__(self, known: Any, limits: Limits, attempts: _Attempts) -> None:
        self._known, self._limits, self._attempts = known, limits, attempts

    def read(self, batch: Batch) -> Iterator[Batch]:
        light_arrow()
        known = import_module("ray").get(self._known)
        for share in batch["files"]:
            self._attempts.begin(share)
            for number, portion in enumerate(portions(pickle.loads(share), known, self._limits)):
                yield {"share": [share], "number": [number], "portion": [pickle.dumps(portion)]}


class _Extractor:
    """The actor: gives a portion without its items, and their shards with the numbers of their rows."""

    def __init__(self, wanted: Versions, limits: Limits, attempts: _Attempts) -> None:
        self._differences = versions().differences(wanted)
        self._engine = LocalEngine(1, limits, fork=False)
        self._attempts = attempts

    def __call__(self, batch: Batch) -> Batch:
        results = []
        for share, number, portion in zip(batch["share"], batch["number"], batch["portion"], strict=True):
            self._attempts.begin(b"%s %d" % (share, number))  # portions may be alike
            if self._differences:
                raise RunError(
                    _("a node of the cluster has another trichluc than this one: {changes}", changes=self._differences)
                )
            results.append(pickle.dumps(self._extracted(pickle.loads(portion))))
        return {"result": results}

    def _extracted(self, portion: Portion) -> tuple[Portion, list[tuple[dict[str, int], bytes]]]:
        with tempfile.TemporaryDirectory() as folder:
            units = [Unit(tuple(portion.items), Path(folder) / "shard")] if portion.items else []
            try:
                counts = list(self._engine.write_shards(units))
                whole = set(Path(folder).iterdir()).difference(partials(Path(folder)))
                shards = [path.read_bytes() for path in sorted(whole)]
            except OSError as error:
                raise RunError(_("a node cannot write temporary files: {why}", why=reason(error))) from error
        portion.items = []
        return portion, list(zip(counts, shards, strict=True))


def _shares(files: Iterable[Source | Reject]) -> Iterator[list[Source | Reject]]:
    share: list[Source | Reject] = []
    size = 0
    for file in files:
        weight = file.size if isinstance(file, Source) else 0
        if share and (len(share) == _SHARE_FILES or size + weight > _SHARE_BYTES):
            yield share
            share, size = [], 0
        share.append(file)
        size += weight
    if share:
        yield share


def _sentence(error: BaseException) -> str:
    """The last line of an exception, which says most where Ray puts a traceback into the message."""
    return (str(error).strip().splitlines() or [type(error).__name__])[-1][:300]
