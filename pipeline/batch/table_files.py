"""Shards and earlier parts -> the Parquet files of the tables.

Each file is sorted by ``doc_id``. What is larger than `SORTED_AT_ONCE` is first split by ranges of ``doc_id``, through
temporary files beside the target, so that memory stays the same however large the file.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline import __version__
from pipeline.batch.shards import Shard
from pipeline.gather.mention import MENTIONS
from pipeline.tables.schema import SCHEMA_VERSION, SCHEMAS

SORTED_AT_ONCE = 4 << 20  # bytes in memory
MOST_RANGES = 256  # files open at once; a system may allow no more than 1,024
EXPANSION = 4  # in memory against on disk, about
NOTHING: frozenset[str] = frozenset()
STORED: dict[str, pa.Schema] = {
    **{name: schema for name, schema in SCHEMAS.items() if name != "undertakings"},
    "mentions": MENTIONS,
}
"""What each part has a file of: the tables that documents have rows of, and what joining their undertakings needs."""
HIDDEN = ("mentions", "near")
"""Tables that lie in the working folder: they are for runs and reviewers, not for those who read the tables."""
GATHERED = ("undertakings", "near")
"""Tables that a run makes of all mentions."""


def table_folder(out: Path, table: str) -> Path:
    """Where a table lies in the output folder `out`."""
    return out / ".trichluc" / table if table in HIDDEN else out / table


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows for a part: those of a shard, or of an earlier part's files, without some documents and sources."""

    path: Path
    part: int | None = None
    without: frozenset[str] = NOTHING

    def read(self, table: str) -> Iterator[pa.Table]:
        """The rows of a table, in pieces. `path` is the shard or the folder that holds the tables."""
        if self.part is None:
            for rows in Shard(self.path).pieces(table):
                yield self._kept(table, rows)
        else:
            for path in part_files(table_folder(self.path, table), self.part):
                with pq.ParquetFile(path) as file:
                    for group in range(file.num_row_groups):
                        yield self._kept(table, file.read_row_group(group))

    def bytes_of(self, table: str) -> int:
        if self.part is None:
            return Shard(self.path).bytes_of(table)
        return sum(path.stat().st_size for path in part_files(table_folder(self.path, table), self.part))

    def _kept(self, table: str, rows: pa.Table) -> pa.Table:
        if not self.without or not rows.num_rows:
            return rows
        column = rows[key_column(table)]
        return rows.filter(pc.invert(pc.is_in(column, pa.array(sorted(self.without), pa.string()))))


@dataclass(frozen=True, slots=True)
class Job:
    """One table file to write; with `partitions` (doc_id -> folder) one in each folder that has rows."""

    table: str
    pieces: Sequence[Piece]
    target: Path
    marks: Mapping[str, str] = field(default_factory=dict)
    """what only the whole run knows: doc_id -> duplicate_of, or project_id -> undertaking_id"""
    partitions: Mapping[str, str] | None = None


def part_name(number: int) -> str:
    return f"part-{number:05d}.parquet"


def part_files(folder: Path, number: int) -> list[Path]:
    """The files of a part of the table in `folder`: one, or one a partition."""
    return sorted(folder.rglob(part_name(number)))


def key_column(table: str) -> str:
    """What files are sorted by: the document, or the source of a document that has none."""
    return "source" if table == "rejects" else "doc_id"


def schema_of(table: str) -> pa.Schema:
    """The contract's schema, with the versions in its metadata."""
    return {**STORED, **SCHEMAS}[table].with_metadata({"trichluc": __version__, "schema": SCHEMA_VERSION})


def assemble(job: Job) -> int:
    """Write the file of a job; gives its size in bytes. Raises `OSError` where it cannot be written."""
    schema = schema_of(job.table)
    key = key_column(job.table)
    order = pq.SortingColumn(schema.get_field_index(key))
    size = EXPANSION * sum(piece.bytes_of(job.table) for piece in job.pieces)
    ranges = 1 if key == "source" else min(1 + size // SORTED_AT_ONCE, MOST_RANGES)
    with ExitStack() as stack:
        writers: dict[Path, pq.ParquetWriter] = {}

        def writer(path: Path) -> pq.ParquetWriter:
            if path not in writers:
                path.parent.mkdir(parents=True, exist_ok=True)
                writers[path] = stack.enter_context(
                    pq.ParquetWriter(path, schema, compression="zstd", sorting_columns=[order], write_page_index=True)
                )
            return writers[path]

        for rows in _by_range(job, schema, ranges):
            for path, some in _partitioned(job, _marked(job, rows.sort_by(key)).cast(schema)):
                writer(path).write_table(some)
        if not writers:
            writer(job.target)
    return sum(path.stat().st_size for path in writers)


def _partitioned(job: Job, rows: pa.Table) -> Iterator[tuple[Path, pa.Table]]:
    """The rows by the file that they belong to."""
    if not rows.num_rows:
        return
    if job.partitions is None or job.table in ("rejects", *HIDDEN):
        yield job.target, rows
        return
    folders = pa.array([job.partitions[doc_id] for doc_id in rows["doc_id"].to_pylist()])
    for folder in sorted(folders.unique().to_pylist()):
        yield job.target.parent / folder / job.target.name, rows.filter(pc.equal(folders, folder))


def _by_range(job: Job, schema: pa.Schema, ranges: int) -> Iterator[pa.Table]:
    """The rows of all pieces, as one table or as tables of `ranges` ascending ranges of doc_id."""
    found = (rows for piece in job.pieces for rows in piece.read(job.table))
    if ranges == 1:
        tables = [rows.cast(schema) for rows in found]
        yield pa.concat_tables(tables) if tables else schema.empty_table()
        return
    folder = job.target.with_suffix(".split")
    shutil.rmtree(folder, ignore_errors=True)  # a worker that was lost at this job left it
    folder.mkdir()
    try:
        _split(found, schema, ranges, folder)
        for number in range(ranges):
            with pa.ipc.open_stream(folder / f"{number}") as stream:
                yield stream.read_all()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _split(found: Iterator[pa.Table], schema: pa.Schema, ranges: int, folder: Path) -> None:
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with ExitStack() as stack:
        names = [folder / f"{number}" for number in range(ranges)]
        streams = [stack.enter_context(pa.ipc.new_stream(name, schema, options=options)) for name in names]
        _share_out(found, schema, streams)


def _share_out(found: Iterator[pa.Table], schema: pa.Schema, streams: Sequence[pa.RecordBatchStreamWriter]) -> None:
    ranges = len(streams)
    for rows in _gathered(found, schema):
        rows = rows.sort_by("doc_id")
        # A doc_id is a hash in hexadecimal digits, so its first digits are spread evenly.
        digits = [int(doc_id[:6], 16) for doc_id in rows["doc_id"].to_pylist()]
        places = np.array(digits, np.int64) * ranges >> 24
        bounds = np.searchsorted(places, np.arange(ranges + 1)).tolist()
        for stream, (first, end) in zip(streams, pairwise(bounds), strict=True):
            stream.write_table(rows.slice(first, end - first))


def _gathered(found: Iterator[pa.Table], schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows of several pieces as one table, of about `SORTED_AT_ONCE` bytes."""
    gathered: list[pa.Table] = []
    size = 0
    for rows in found:
        gathered.append(rows.cast(schema))
        size += rows.nbytes
        if size >= SORTED_AT_ONCE:
            yield pa.concat_tables(gathered)
            gathered, size = [], 0
    if gathered:
        yield pa.concat_tables(gathered)


_MARKED: Mapping[str, tuple[str, str]] = {
    "documents": ("doc_id", "duplicate_of"),
    "projects": ("project_id", "undertaking_id"),
}


def _marked(job: Job, rows: pa.Table) -> pa.Table:
    """The rows with `duplicate_of` or `undertaking_id` as this run finds it, where the table has it."""
    if job.table not in _MARKED:
        return rows
    key, name = _MARKED[job.table]
    own = name == "undertaking_id"  # an undertaking without another's id has its own
    marks = [job.marks.get(value, value if own else None) for value in rows[key].to_pylist()]
    column = rows.schema.get_field_index(name)
    return rows.set_column(column, rows.schema.field(column), pa.array(marks, pa.string()))
