"""What a run changes: inputs against what the output folder already holds."""

from collections.abc import Sequence

import pyarrow as pa

from pipeline.batch.inputs import Known, Place, Portion, gone, place_of
from pipeline.batch.shards import UNREADABLE, Shard
from pipeline.batch.table_files import Piece
from pipeline.ingest import Discovery


class Plan:
    """Complete when it has taken all portions of what was read."""

    def __init__(self, known: Known, found: Discovery, prune: bool) -> None:
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
        """The rows that belong into the tables, each document once, with the units that made them.

        All rows of shards whose names begin with `run`; of others, those of documents that the inputs still have.
        """
        taken: set[Place] = set()
        pieces = []
        for shard in shards:
            units = shard.read("units")
            rows = units.to_pylist()
            places = [place_of(row) for row in rows]
            wanted = {place for place in places if shard.path.name.startswith(run) or place in self._resumed} - taken
            taken |= wanted
            keep = [place in wanted for place in places]
            without = {row["doc_id"] or row["source"] for row, kept in zip(rows, keep, strict=True) if not kept}
            if any(keep):
                pieces.append((Piece(shard.path, without=frozenset(without)), units.filter(pa.array(keep))))
        return pieces
