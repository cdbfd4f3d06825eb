"""The last step of a run: the tables' new files, made of shards and of what stays."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from pipeline.batch.engines import Engine
from pipeline.batch.manifest import UNITS, Manifest, Part, file_digest
from pipeline.batch.output import Store, link
from pipeline.batch.process import uncollected
from pipeline.batch.table_files import GATHERED, STORED, Job, Piece, part_files, part_name, schema_of, table_folder
from pipeline.gather.gather import gather
from pipeline.tables import duplicates
from pipeline.tables.schema import SCHEMAS

_SHARD_SHARE = 0.6  # size of a part's file against that of the shards it is made of, about
_LARGEST_FIRST = ("sentences",)  # so that two workers end at about the same time
_BATCH = 1 << 14  # mentions read at once


@dataclass(frozen=True, slots=True)
class Change:
    """What a run found: rows to add, with their units; doc_ids and sources of rejects whose rows go; all files."""

    pieces: Sequence[tuple[Piece, pa.Table]]
    dropped: Set[str]
    digests: Mapping[str, str]


def build(
    store: Store, known: Manifest, change: Change, engine: Engine, file_bytes: int, partitioned: bool = False
) -> Manifest:
    """Write the new tables and put them in place. Parts of which nothing changes keep their files."""
    same_layout = known.partitioned == partitioned
    if (
        same_layout
        and known.parts
        and not change.pieces
        and not change.dropped
        and not _new_digests(known.units, change.digests)
    ):
        store.forget_shards()
        return known
    stay, redo = _divide(known, change, file_bytes) if same_layout else ([], known.parts)
    old = [(Piece(store.out, part.number, frozenset(change.dropped)), part.largest) for part in redo]
    new = [(piece, _size(piece)) for piece, _ in change.pieces]
    first = 1 + max((part.number for part in known.parts), default=-1)
    groups = _groups([*old, *new], file_bytes) or ([] if stay else [[]])  # empty tables are written as well
    number_of = {piece: number for number, group in enumerate(groups, first) for piece in group}

    moved = {part.number: number_of[piece] for part, (piece, _) in zip(redo, old, strict=True)}
    units = [_kept_units(known.units, change, moved)]
    units += [_with_part(table, number_of[piece]) for piece, table in change.pieces]
    marked = _marked(_with_empty_files(pa.concat_tables(units), change.digests))

    store.start_building()
    parts = _write(store, stay, dict(enumerate(groups, first)), marked, known.units, engine, partitioned)
    gathered = _digests(store, [path for name in GATHERED for path in sorted((store.building / name).iterdir())])
    manifest = Manifest(known.versions, parts, marked, partitioned, gathered)
    manifest.save(store.building / "manifest")
    store.commit()
    return manifest


def count_rows(store: Store) -> dict[str, int]:
    """Numbers of rows of the tables in place."""
    return {
        name: sum(pq.read_metadata(path).num_rows for path in (store.out / name).rglob("*.parquet")) for name in SCHEMAS
    }


def count_unread(store: Store) -> int:
    """How many of the rejects only tell of files of a kind that is not read."""
    unread = (ds.field("stage") == "discover") & (ds.field("error") == "UnreadKind")
    return int(ds.dataset(store.out / "rejects").count_rows(filter=unread))


def _divide(known: Manifest, change: Change, file_bytes: int) -> tuple[list[Part], list[Part]]:
    """The parts whose files stay, and those that are written anew."""
    rows = known.units
    gone = pc.is_in(pc.coalesce(rows["doc_id"], rows["source"]), _strings(change.dropped))
    touched = set(rows.filter(gone)["part"].to_pylist())
    # With new rows small parts are joined, so that many short runs do not leave many small files.
    least = file_bytes // 2 if change.pieces else 0
    stay = [part for part in known.parts if part.number not in touched and part.largest >= least]
    return stay, [part for part in known.parts if part not in stay]


def _new_digests(units: pa.Table, digests: Mapping[str, str]) -> bool:
    known = dict(zip(units["file"].to_pylist(), units["digest"].to_pylist(), strict=True))
    return any(known.get(file) != digest for file, digest in digests.items())


def _size(piece: Piece) -> int:
    return round(_SHARD_SHARE * max(piece.bytes_of(name) for name in STORED))


def _groups(pieces: Sequence[tuple[Piece, int]], file_bytes: int) -> list[list[Piece]]:
    """The pieces in order, in groups whose largest files have about `file_bytes`."""
    groups: list[list[Piece]] = []
    filled = file_bytes
    for piece, size in pieces:
        if filled + size > file_bytes:
            groups.append([])
            filled = 0
        groups[-1].append(piece)
        filled += size
    return groups


def _kept_units(units: pa.Table, change: Change, moved: Mapping[int, int]) -> pa.Table:
    """Units of the manifest whose rows stay, with the digests that their files have now."""
    gone = pc.is_in(pc.coalesce(units["doc_id"], units["source"]), _strings(change.dropped))
    units = units.filter(pc.fill_null(pc.invert(gone), False))  # a unit without source is of a file without documents
    files = zip(units["file"].to_pylist(), units["digest"].to_pylist(), strict=True)
    digests = [change.digests.get(file, digest) for file, digest in files]
    parts = [moved.get(part, part) for part in units["part"].to_pylist()]
    units = units.set_column(1, UNITS.field("digest"), pa.array(digests, pa.string()))
    return units.set_column(9, UNITS.field("part"), pa.array(parts, pa.int32()))


def _with_part(units: pa.Table, number: int) -> pa.Table:
    nothing = pa.nulls(len(units), pa.string())
    units = units.append_column(UNITS.field("duplicate_of"), nothing)
    return units.append_column(UNITS.field("part"), pa.array([number] * len(units), pa.int32())).cast(UNITS)


def _with_empty_files(units: pa.Table, digests: Mapping[str, str]) -> pa.Table:
    """A row as well for each file that holds no document at all, so that it is known."""
    empty = sorted(digests.keys() - set(units["file"].unique().to_pylist()))
    rows = [{"file": file, "digest": digests[file], "whole": False} for file in empty]
    return pa.concat_tables([units, pa.Table.from_pylist(rows, UNITS)])


def _marked(units: pa.Table) -> pa.Table:
    """The units with the duplicates among all documents, sorted so that every run writes them in the same order."""
    units = units.sort_by([("file", "ascending"), ("source", "ascending")])
    marks = duplicates.mark_fingerprints(units.filter(pc.is_valid(units["doc_id"])))
    marked = pa.array([marks.get(doc_id) for doc_id in units["doc_id"].to_pylist()], pa.string())
    return units.set_column(8, UNITS.field("duplicate_of"), marked)


def _write(
    store: Store,
    stay: Sequence[Part],
    groups: Mapping[int, Sequence[Piece]],
    units: pa.Table,
    before: pa.Table,
    engine: Engine,
    partitioned: bool,
) -> list[Part]:
    """Write or link all files of the new parts into the building folder.

    The files of projects come last: which undertaking a row belongs to is known when all mentions are in place.
    """
    folders = _folders(units) if partitioned else {}

    def job(name: str, number: int, pieces: Sequence[Piece], marks: Mapping[str, str] | None = None) -> Job:
        target = store.building / name / part_name(number)
        return Job(name, pieces, target, marks or {}, folders.get(number, {}) if partitioned else None)

    def write(names: Sequence[str], new: _Marks, old: _Marks) -> None:
        jobs = [job(name, number, pieces, new.get(number)) for name in names for number, pieces in groups.items()]
        for part in stay:
            for name in names:
                if new.get(part.number) != old.get(part.number):
                    jobs.append(job(name, part.number, [Piece(store.out, part.number)], new.get(part.number)))
                else:
                    _link(table_folder(store.out, name), store.building / name, part.number)
        for _ in engine.assemble(jobs):
            pass

    plain = [name for name in STORED if name not in ("documents", "projects")]
    write(["documents"], _marks(units), _marks(before))
    write(sorted(plain, key=lambda name: name not in _LARGEST_FIRST), {}, {})
    numbers = [*(part.number for part in stay), *groups]
    copies = units.filter(pc.is_valid(units["duplicate_of"])).select(["doc_id", "duplicate_of"])
    pairs = zip(*(column.to_pylist() for column in copies.columns), strict=True)
    mentions = _mentions(store.building / "mentions", numbers)
    with uncollected():
        ids = gather(mentions, dict(pairs), store.building, schema_of("undertakings")).ids
    write(["projects"], _by_part(units, ids), _ids_before(store.out, stay))
    return [_part(store, number) for number in numbers]


def _part(store: Store, number: int) -> Part:
    """The part of this number, as it lies in the building folder."""
    files = {name: part_files(store.building / name, number) for name in STORED}
    sizes = {name: sum(path.stat().st_size for path in files[name]) for name in STORED}
    return Part(number, sizes, _digests(store, [path for name in STORED for path in files[name]]))


def _digests(store: Store, files: Sequence[Path]) -> dict[str, str]:
    """Digest of each file of the building folder, by the path that it will have below the output folder."""
    digests = {}
    for path in files:
        table, *inner = path.relative_to(store.building).parts
        place = table_folder(store.out, table).joinpath(*inner).relative_to(store.out)
        digests[place.as_posix()] = file_digest(path)
    return digests


_Marks = Mapping[int, Mapping[str, str]]
"""Part -> key -> what the whole run says of the row"""


def _mentions(folder: Path, numbers: Sequence[int]) -> Iterator[pa.Table]:
    for number in numbers:
        for path in part_files(folder, number):
            with pq.ParquetFile(path) as file:
                yield from (pa.Table.from_batches([batch]) for batch in file.iter_batches(_BATCH))


def _by_part(units: pa.Table, ids: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """The ids of undertakings by the part that holds the row of projects."""
    documents = {key.rpartition("-")[0] for key in ids}
    found = units.filter(pc.is_in(units["doc_id"], _strings(documents))).select(["doc_id", "part"])
    part_of = dict(zip(*(column.to_pylist() for column in found.columns), strict=True))
    parts: dict[int, dict[str, str]] = {}
    for key, undertaking in ids.items():
        parts.setdefault(part_of[key.rpartition("-")[0]], {})[key] = undertaking
    return parts


def _ids_before(out: Path, stay: Sequence[Part]) -> dict[int, dict[str, str]]:
    """The same as the files say that stay."""
    parts: dict[int, dict[str, str]] = {}
    for part in stay:
        for path in part_files(out / "projects", part.number):
            rows = pq.read_table(path, columns=["project_id", "undertaking_id"], partitioning=None)
            rows = rows.filter(pc.not_equal(rows["project_id"], rows["undertaking_id"]))
            pairs = zip(*(column.to_pylist() for column in rows.columns), strict=True)
            parts.setdefault(part.number, {}).update(pairs)
    return {number: ids for number, ids in parts.items() if ids}


def _link(old: Path, new: Path, number: int) -> None:
    for path in part_files(old, number):
        target = new / path.relative_to(old)
        target.parent.mkdir(parents=True, exist_ok=True)
        link(path, target)


def _folders(units: pa.Table) -> dict[int, dict[str, str]]:
    """Part -> document -> folder of its rows."""
    folders: dict[int, dict[str, str]] = {}
    for row in units.filter(pc.is_valid(units["doc_id"])).select(["part", "doc_id", "partition"]).to_pylist():
        folders.setdefault(row["part"], {})[row["doc_id"]] = row["partition"]
    return folders


def _marks(units: pa.Table) -> dict[int, dict[str, str]]:
    """Part -> duplicate -> the first document that it is like."""
    found = units.filter(pc.is_valid(units["duplicate_of"])).select(["part", "doc_id", "duplicate_of"])
    marks: dict[int, dict[str, str]] = {}
    for row in found.to_pylist():
        marks.setdefault(row["part"], {})[row["doc_id"]] = row["duplicate_of"]
    return marks


def _strings(values: Set[str]) -> pa.Array:
    return pa.array(sorted(values), pa.string())
