"""What a run has to do: inputs against what the output folder already holds."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipeline import ingest
from pipeline.assemble import Piece
from pipeline.ingest import Discovery, Reject
from pipeline.ingest.sniff import READ_EXTENSIONS, extension
from pipeline.manifest import Manifest
from pipeline.progress import Progress
from pipeline.shards import Item, Shard, key_of

UNIT_CHARACTERS = 250_000
"""How much text makes a unit of work: less than a second's, so that a killed run loses little."""

_SINGLE = {"text": 1.0, "html": 0.3, "docx": 0.3, "doc": 0.2, "rtf": 0.2, "pdf": 0.1, "eml": 0.3}
"""Kinds of files that a worker reads, with characters of text a byte, about. The run itself reads files of many
documents, and shares the documents out."""

_PACKED = 0.4  # bytes a character in a file of many documents, which are mostly compressed; for progress only

Place = tuple[str | None, str | None]
"""(source, key) of a document, or (file, digest) of a file that a worker reads."""


class Plan:
    """Goes through the inputs once, by `units`; the other attributes are complete after that."""

    def __init__(self, known: Manifest, found: Discovery, prune: bool, progress: Progress) -> None:
        self._known, self._found, self._progress = known, found, progress
        self._known_digests = _digests(known.units)
        present = {source.name for source in found.sources} | {reject.source for reject in found.rejects}
        self.vanished = sorted(self._known_digests.keys() - present)
        self.dropped: set[str] = set()
        """doc_ids, and sources of rejects, whose rows in the tables are no longer true"""
        self.digests: dict[str, str] = {}
        """file -> digest, for all files of the inputs"""
        self.kept = 0
        self.resumed = 0
        self._wanted: set[Place] = set()
        if prune:
            for name in self.vanished:
                self.dropped |= {gone or source for (source, _), gone in self._documents_of(name).items() if source}

    def units(self, shards: Sequence[Shard]) -> Iterator[tuple[Item, ...]]:
        """What has to be extracted, the documents in `shards` apart, in groups of `UNIT_CHARACTERS`."""
        done = {place for shard in shards for place in _places(shard)}
        group: list[Item] = []
        size = 0.0
        for place, item, characters in self._items():
            self._wanted.add(place)
            if place in done:
                self.resumed += 1
                continue
            group.append(item)
            size += characters
            if size >= UNIT_CHARACTERS:
                yield tuple(group)
                group, size = [], 0.0
        if group:
            yield tuple(group)

    def pieces(self, shards: Sequence[Shard]) -> list[tuple[Piece, pa.Table]]:
        """The rows of `shards` that this run wants, each document once, with the units that made them."""
        wanted = set(self._wanted)
        pieces = []
        for shard in shards:
            units = shard.read("units")
            rows = units.to_pylist()
            places = [_place(row) for row in rows]
            taken = set(places) & wanted
            wanted -= taken
            keep = [place in taken for place in places]
            without = {row["doc_id"] or row["source"] for row, kept in zip(rows, keep, strict=True) if not kept}
            if any(keep):
                pieces.append((Piece(shard.path, without=frozenset(without)), units.filter(pa.array(keep))))
        return pieces

    def _items(self) -> Iterator[tuple[Place, Item, float]]:
        for reject in self._found.rejects:
            digest = key_of(reject)
            if self._is_new(reject.source, digest):
                yield from self._read_here(reject.source, digest, iter([reject]))
        for source in self._found.sources:
            digest, size = _digest(source.path)
            start = self._progress.bytes_read
            if self._is_new(source.name, digest):
                share = _SINGLE.get(READ_EXTENSIONS.get(extension(source.name), ""))
                if share is None:
                    yield from self._read_here(source.name, digest, ingest.read(source))
                else:
                    self._drop(self._documents_of(source.name))
                    yield (source.name, digest), Item(source.name, digest, path=source.path), size * share
            self._progress.bytes_read = start + size

    def _is_new(self, file: str, digest: str) -> bool:
        self.digests[file] = digest
        if self._known_digests.get(file) != digest:
            return True
        self.kept += 1
        return False

    def _read_here(
        self, file: str, digest: str, documents: Iterator[ingest.RawDocument | Reject]
    ) -> Iterator[tuple[Place, Item, float]]:
        """The documents of a file that are not in the tables yet; what the file no longer has is dropped."""
        before = self._documents_of(file) if file in self._known_digests else {}
        seen: set[Place] = set()
        for document in documents:
            if isinstance(document, ingest.RawDocument):
                self._progress.bytes_read += round(len(document.text) * _PACKED)
            key = key_of(document)
            place = (document.source, key)
            if place in seen:
                continue
            seen.add(place)
            if before.pop(place, self) is self:
                size = 100 if isinstance(document, Reject) else len(document.text)
                yield place, Item(file, digest, key, document=document), size
            else:
                self.kept += 1
        self._drop(before)

    def _documents_of(self, file: str) -> dict[Place, str | None]:
        rows = self._known.units.filter(pc.equal(self._known.units["file"], file)).to_pylist()
        return {(row["source"], row["key"]): row["doc_id"] for row in rows}

    def _drop(self, documents: Mapping[Place, str | None]) -> None:
        self.dropped |= {doc_id or source for (source, _), doc_id in documents.items() if source}


def _digests(units: pa.Table) -> dict[str, str]:
    files = units.select(["file", "digest"]).group_by(["file", "digest"]).aggregate([])
    return dict(zip(files["file"].to_pylist(), files["digest"].to_pylist(), strict=True))


def _places(shard: Shard) -> list[Place]:
    return [_place(row) for row in shard.read("units").to_pylist()]


def _place(row: Mapping[str, str | None]) -> Place:
    return (row["file"], row["digest"]) if row["whole"] else (row["source"], row["key"])


def _digest(path: Path) -> tuple[str, int]:
    """Digest and size of a file's bytes. What cannot be read has a digest of its own, so that it is tried again."""
    digest = hashlib.blake2b(digest_size=16)
    size = 0
    try:
        if not path.is_file():
            return "unreadable", 0
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
                size += len(block)
    except OSError:
        return "unreadable", 0
    return digest.hexdigest(), size
