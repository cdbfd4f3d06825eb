"""The batch: inputs in, a folder of Parquet tables out.

An engine (`engines`) reads the inputs, compares them with the folder's manifest (`inputs`), and extracts what is new or
changed into shards (`shards`). The run keeps account of it (`plan`), builds the tables' new files from the shards and
from what stays (`commit`), and puts them in place (`output`). Killed at any moment, it leaves the tables as they were,
or as they shall be; the next run goes on from the shards.
"""

import errno
import platform
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from uuid import uuid4

import pyarrow.compute as pc

from pipeline import ingest
from pipeline.batch.commit import Change, build, count_rows, count_unread
from pipeline.batch.engines import Engine
from pipeline.batch.engines.processes import TIME_LIMIT, Limits, memory_limit
from pipeline.batch.inputs import Known, Portion
from pipeline.batch.manifest import Manifest, versions
from pipeline.batch.output import NothingToRead, RunError, Store
from pipeline.batch.plan import Plan
from pipeline.batch.progress import Progress
from pipeline.batch.shards import Shard
from pipeline.i18n import _, reason
from pipeline.ingest import remote
from pipeline.ingest.types import USUAL

_FULL = (errno.ENOSPC, errno.EDQUOT)

__all__ = ["Options", "RunError", "Summary", "run"]


@dataclass(frozen=True, slots=True)
class Options:
    """How to run. Only ``reading`` changes rows, and what is given up is at the limits.

    ``time_limit`` is in seconds of processor time, ``memory_limit`` in bytes (None: by the machine, see
    :func:`pipeline.batch.engines.processes.memory_limit`).
    """

    workers: int = 1
    engine: str = "local"
    fresh: bool = False
    prune: bool = False
    time_limit: float = TIME_LIMIT
    memory_limit: int | None = None
    file_bytes: int = 96 << 20
    partition: bool = False
    quiet: bool = True
    reading: ingest.Options = USUAL


@dataclass
class Summary:
    """What a run did. `rows` are those of the tables as they are now; the lists hold names of sources; `renamed` are
    sources that could not have their own names, with their paths."""

    rows: dict[str, int] = field(default_factory=dict)
    skipped: int = 0
    skipped_kinds: dict[str, int] = field(default_factory=dict)
    unread: int = 0
    extracted: int = 0
    kept: int = 0
    resumed: int = 0
    redone: str = ""
    renamed: dict[str, str] = field(default_factory=dict)
    vanished: list[str] = field(default_factory=list)
    pruned: bool = False
    seconds: float = 0.0

    @property
    def status(self) -> int:
        """Exit status: 0 all extracted, 1 some rejected; files of unread kinds in a folder do not count."""
        return 1 if self.rows.get("rejects", 0) > self.unread else 0


def run(
    inputs: Sequence[Path | str],
    out: Path,
    workers: int = 1,
    options: Options | None = None,
    only: Container[Path] | None = None,
) -> Summary:
    """Extract every document of ``inputs``, paths or URLs, into Parquet tables under ``out``.

    With ``only`` other files are passed over as if they were not there.

    Raises :class:`RunError` where there is nothing to do, nowhere to write, or the disk is full; what was done by
    then is kept for the next run.
    """
    options = options or Options(workers)
    if not all(map(str, inputs)):
        raise RunError(_("an INPUT is empty: name a file or a folder with reports"))
    try:
        found = ingest.discover(inputs, [out], options.reading.ocr == "always", only)
    except OSError as error:
        raise RunError(reason(error)) from error
    if not found.sources and all(reject.stage == "discover" for reject in found.rejects):
        reasons = [f"{reject.source}: {_(reject.message)}" for reject in found.rejects if reject.error != "UnreadKind"]
        if any(str(given) == str(out) for given in inputs):
            reasons.append(_("{out} is the folder of the tables: name another --out folder", out=out))
        raise NothingToRead(
            "; ".join(reasons)
            or _(
                "no document to read in {inputs}: name a file or a folder with reports",
                inputs=", ".join(map(str, inputs)),
            )
        )
    store = Store(out)
    with store.locked():
        try:
            return _Run(store, options, any(remote.is_url(given) for given in inputs)).do(found)
        except OSError as error:
            raise RunError(_kept(out, error)) from error


def _kept(out: Path, error: OSError) -> str:
    """What is said of a run that the system ended."""
    if error.errno in _FULL:
        return _(
            "cannot write to {out}: {why}; what is done is kept, run again when there is room",
            out=out,
            why=reason(error),
        )
    return _(
        "cannot write to {out}: {why}; what is done is kept, run again when that is mended", out=out, why=reason(error)
    )


class _Run:
    def __init__(self, store: Store, options: Options, remote: bool) -> None:
        self._store, self._options, self._remote = store, options, remote
        self._summary = Summary()
        self._began = time.monotonic()

    def do(self, found: ingest.Discovery) -> Summary:
        store, summary, options = self._store, self._summary, self._options
        store.check_tables()
        store.recover(versions().name)
        if options.fresh:
            store.forget_shards()
        progress = Progress(sum(source.size for source in found.sources), options.quiet)
        manifest, lost = self._known_manifest(progress)
        known = Known(manifest.units, [shard.read("units") for shard in self._shards(Shard.checked)], options.reading)
        plan = Plan(known, found, options.prune)

        def told(portion: Portion) -> None:
            plan.take(portion)
            progress.bytes_read += portion.bytes

        shards = store.shards / uuid4().hex[:8]
        with self._engine() as engine:
            for counts in engine.extract([*found.rejects, *found.sources], known, shards, told):
                summary.extracted += counts["documents"]
                progress.add(counts)
            change = Change(plan.pieces(self._shards(Shard), shards.name), plan.dropped, plan.digests)
            build(store, manifest, change, engine, options.file_bytes, options.partition)
        progress.clear()
        kinds = Counter(PurePosixPath(name).suffix.lower() or _("no extension") for name in found.skipped)
        summary.renamed = dict(found.renamed)
        summary.skipped, summary.skipped_kinds = len(found.skipped), dict(kinds.most_common())
        # Rows of documents that are no longer there cannot be made anew.
        present = {source.name for source in found.sources}
        summary.vanished = plan.vanished or sorted(lost - present)
        summary.pruned = plan.pruned or bool(lost)
        summary.kept, summary.resumed = plan.kept, plan.resumed
        summary.rows = count_rows(store)
        summary.unread = count_unread(store)
        summary.seconds = time.monotonic() - self._began
        store.write_summary(self._report())
        return summary

    def _known_manifest(self, progress: Progress) -> tuple[Manifest, set[str]]:
        """What the tables hold, and the files of documents whose rows do not count as they are of other versions."""
        if self._options.fresh:
            return Manifest(versions()), set()
        known = Manifest.load(self._store.manifest)
        if known and known.versions != versions():
            self._summary.redone = known.versions.differences(versions())
            progress.say(_("everything is done anew: {changes}", changes=self._summary.redone))
            documents = known.units.filter(pc.is_valid(known.units["doc_id"]))
            return Manifest(versions()), set(documents["file"].unique().to_pylist())
        self._store.check(known.parts if known else None, known.gathered if known else {})
        return known or Manifest(versions()), set()

    def _shards(self, opened: Callable[[Path], Shard]) -> list[Shard]:
        """All shards that can be opened so; a damaged one, after the machine went down, is removed.

        Those that an earlier run left are looked at in full, which for those of this run would be a second reading.
        """
        shards = []
        for path in sorted(self._store.shards.glob("*")):
            try:
                shards.append(opened(path))
            except (OSError, zipfile.BadZipFile):
                path.unlink()
        return shards

    def _engine(self) -> Engine:
        options = self._options
        limits = Limits(options.time_limit, options.memory_limit or memory_limit(options.workers))
        if options.engine == "ray":
            from pipeline.batch.engines.ray import RayEngine

            return RayEngine(options.workers, limits)
        from pipeline.batch.engines.local import LocalEngine

        # A storage's library may have threads, which a forked process would lack.
        return LocalEngine(options.workers, limits, fork=not self._remote)

    def _report(self) -> dict[str, object]:
        """The content of ``run.json``."""
        summary = asdict(self._summary)
        rate = self._summary.extracted / self._summary.seconds if self._summary.seconds else 0.0
        return {
            **summary,
            "status": self._summary.status,
            "documents_per_second": round(rate, 1),
            "seconds": round(self._summary.seconds, 3),
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "versions": {**asdict(versions()), "python": platform.python_version()},
            "workers": self._options.workers,
            "engine": self._options.engine,
        }
