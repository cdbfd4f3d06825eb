"""What a run changes: inputs against what the output folder already holds."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.batch.inputs import Known, Place, Portion, gone, place_of
from pipeline.batch.shards import UNREADABLE, Shard
from pipeline.batch.table_files import Piece
from pipeline.ingest import Discovery


class Plan:
    """Complete when it has taken all portions of what was read."""

    def __init__(self, known: Known, found: Discovery, prune: bool) -> None:
        self._known = known
        present = {source.name for source in found.sources} | {reject.source for reject in found.rejects}
        gone_files = sorted(known.files() - present)
        never_read = {name for name in gone_files if known.documents(name).keys() <= known.failed(name)}
        self.vanished = [name for name in gone_files if name not in never_read]
        self.dropped: set[str] = set()
        """doc_ids, and sources of rejects, whose rows in the tables are no longer true"""
        self.digests: dict[str, str] = {}
        """file -> digest, for all files of the inputs"""
        self.kept = 0
        self._resumed: set[Place] = set()
        # An INPUT that cannot be looked into has not gone.
        self.pruned = prune and not any(reject.passing for reject in found.rejects)
        for name in [*never_read, *(self.vanished if self.pruned else ())]:
            self.dropped |= gone(known.documents(name))

    @property
    def resumed(self) -> int:
        """How many documents, or files of one document, lay in shards of an earlier run."""
        return len(self._resumed)

    def take(self, portion: Portion) -> None:
        """Count in what was read."""
        self.dropped |= portion.dropped
        for file, digest in portion.digests.items():  # in any order: what broke anywhere is broken
            if self.digests.get(file) != UNREADABLE:
                self.digests[file] = digest
        self.kept += portion.kept
        self._resumed.update(portion.resumed)

    def pieces(self, shards: Sequence[Shard], run: str) -> list[tuple[Piece, pa.Table]]:
        """The rows that belong into the tables, each document and each doc_id once, with the units that made them.

        All rows of shards whose names begin with `run`; of others, those of documents that the inputs still have.
        """
        taken: set[Place] = set()
        found = []
        for shard in shards:
            units = shard.read("units")
            places = [place_of(row) for row in units.to_pylist()]
            wanted = {place for place in places if shard.path.name.startswith(run) or place in self._resumed} - taken
            taken |= wanted
            found.append((shard.path, units, [place in wanted for place in places]))
        added = [units.filter(pa.array(keep, pa.bool_())) for _, units, keep in found]
        self.dropped |= self._known.among(added)
        if twins := _twins(added):
            found = [(path, units, _without_twins(units, keep, twins)) for path, units, keep in found]
        return [_piece(path, units, keep) for path, units, keep in found if any(keep)]


def _piece(path: Path, units: pa.Table, keep: Sequence[bool]) -> tuple[Piece, pa.Table]:
    rest = units.filter(pa.array([not kept for kept in keep], pa.bool_()))
    without = pc.coalesce(rest["doc_id"], rest["source"]).to_pylist()
    return Piece(path, without=frozenset(without)), units.filter(pa.array(keep, pa.bool_()))


def _twins(tables: Sequence[pa.Table]) -> dict[str, tuple[str, str]]:
    """The doc_ids that several documents have, with the first (file, key) of each.

    They have one text and one source, as something inside a file may be called like another file.
    """
    if not tables:
        return {}
    units = pa.concat_tables(tables).filter(pc.field("doc_id").is_valid()).select(["doc_id", "file", "key"])
    counts = units.group_by("doc_id").aggregate([("doc_id", "count")])
    several = counts.filter(pc.greater(counts["doc_id_count"], 1))["doc_id"]
    firsts: dict[str, tuple[str, str]] = {}
    for row in units.filter(pc.is_in(units["doc_id"], several.combine_chunks())).to_pylist():
        place = (row["file"], row["key"])
        firsts[row["doc_id"]] = min(place, firsts.get(row["doc_id"], place))
    return firsts


def _without_twins(units: pa.Table, keep: Sequence[bool], twins: Mapping[str, tuple[str, str]]) -> list[bool]:
    """What is kept where each doc_id has one document."""
    places = zip(*(units[name].to_pylist() for name in ("doc_id", "file", "key")), strict=True)
    return [
        kept and twins.get(doc_id, (file, key)) == (file, key)
        for kept, (doc_id, file, key) in zip(keep, places, strict=True)
    ]
