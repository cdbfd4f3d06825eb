"""The batch: inputs in, a folder of Parquet tables out."""

import os
import shutil
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import __version__, ingest, tables
from pipeline.worker import extract_batch

BATCH_CHARACTERS = 400_000
"""How much text travels to a worker at once."""


class RunError(Exception):
    """Nothing could be done; the message says what to do. Exit status 2."""


@dataclass
class Summary:
    """What a run did: counts of rows by table, and of files that were passed over."""

    rows: dict[str, int] = field(default_factory=dict)
    skipped: int = 0

    @property
    def status(self) -> int:
        """Exit status: 0 all extracted, 1 some rejected."""
        return 1 if self.rows.get("rejects") else 0


def run(inputs: Sequence[Path], out: Path, workers: int = 1) -> Summary:
    """Extract every document of ``inputs`` into Parquet tables under ``out``.

    Raises :class:`RunError` where there is nothing to do or nowhere to write.
    """
    found = ingest.discover(inputs, exclude=[out])
    if not found.sources and all(reject.stage == "discover" for reject in found.rejects):
        reasons = [f"{reject.source}: {reject.message}" for reject in found.rejects]
        raise RunError(
            "; ".join(reasons)
            or f"no document to read in {', '.join(map(str, inputs))}: name a file or a folder with reports"
        )
    staging = _staging(out)
    summary = Summary(skipped=len(found.skipped))
    writers = {
        name: pq.ParquetWriter(_part(staging, name), _schema(name), compression="zstd") for name in tables.SCHEMAS
    }
    try:
        documents = (d for source in found.sources for d in ingest.read(source))
        for batch in _extracted(_batches([*found.rejects], documents), workers):
            for name, table in batch.items():
                writers[name].write_table(table.replace_schema_metadata(_schema(name).metadata))
                summary.rows[name] = summary.rows.get(name, 0) + table.num_rows
        for writer in writers.values():
            writer.close()
        for name in tables.SCHEMAS:
            target = out / name
            shutil.rmtree(target, ignore_errors=True)
            (staging / name).replace(target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return summary


def _staging(out: Path) -> Path:
    if out.exists() and not out.is_dir():
        raise RunError(f"{out} is a file: name a folder for --out")
    try:
        staging = out / f".staging-{os.getpid()}"
        staging.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"cannot write to {out}: {error.strerror}; choose another --out folder") from error
    return staging


def _part(staging: Path, name: str) -> Path:
    (staging / name).mkdir()
    return staging / name / "part-00000.parquet"


def _schema(name: str) -> pa.Schema:
    return tables.SCHEMAS[name].with_metadata({"trichluc": __version__, "schema": tables.SCHEMA_VERSION})


Raw = ingest.RawDocument | ingest.Reject


def _batches(first: Sequence[Raw], documents: Iterable[Raw]) -> Iterator[list[Raw]]:
    batch, size = list(first), 0
    for document in documents:
        batch.append(document)
        size += len(document.text) if isinstance(document, ingest.RawDocument) else 100
        if size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    yield batch


def _extracted(batches: Iterable[list[Raw]], workers: int) -> Iterator[dict[str, pa.Table]]:
    """The batches' tables, in order, whatever the number of workers."""
    if workers <= 1:
        yield from map(extract_batch, batches)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting: deque[object] = deque()
        for batch in batches:
            waiting.append(pool.submit(extract_batch, batch))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()  # type: ignore[attr-defined]
        while waiting:
            yield waiting.popleft().result()  # type: ignore[attr-defined]
