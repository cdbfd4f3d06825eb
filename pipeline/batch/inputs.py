"""What the inputs hold that neither the tables nor the shards have yet.

It touches nothing but the inputs, so any process can do it, for any share of the files.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from pipeline import ingest
from pipeline.batch.shards import UNREADABLE, Item, key_of
from pipeline.ingest import Options, Packed, RawDocument, Reject, Source
from pipeline.ingest.opening import open_file
from pipeline.ingest.sniff import promised
from pipeline.ingest.types import USUAL, Unreadable

UNIT_CHARACTERS = 250_000
"""How much text makes a unit of work: less than a second's, so that a killed run loses little."""

UNIT_ITEMS = 400
"""How many documents make one, however short they are."""

_SHARES = {
    "text": 1.0,
    "html": 0.05,
    "docx": 0.3,
    "doc": 0.2,
    "odt": 0.5,
    "xls": 0.3,
    "workbook": 1.0,
    "rtf": 0.2,
    "pdf": 0.1,
    "picture": 0.1,
    "eml": 0.3,
}
"""Kinds of one document, which a worker reads, with characters of text a byte, about. Files of many documents are
opened here, and the documents shared out."""

_PACKED = 0.4  # bytes a character in a file of many documents, which are mostly compressed; for progress only
_REJECT = 100  # characters that a reject is worth

Place = tuple[str | None, str | None]
"""(source, key) of a document, or (file, digest) of a file that a worker reads."""

_KEPT = ["file", "digest", "source", "key", "doc_id"]
_DONE = ["file", "digest", "whole", "source", "key"]


class Known:
    """What is done, by file: the documents in the tables, and those in shards that wait to be put there.

    Arrow tables sorted by file, so that processes share them and a file is found by halving.
    """

    def __init__(self, units: pa.Table, shards: Sequence[pa.Table] = (), options: Options = USUAL) -> None:
        self.options = options
        """how files are read: what was read in another way, where that makes a difference, is not done"""
        self._kept = _by_file(units.select(_KEPT))
        self._done = _by_file(pa.concat_tables([table.select(_DONE) for table in shards])) if shards else None

    def files(self) -> set[str]:
        """The files whose documents are in the tables."""
        return set(self._kept["file"].unique().to_pylist())

    def among(self, units: Sequence[pa.Table]) -> set[str]:
        """The doc_ids of `units` that documents in the tables have as well."""
        wanted = pa.chunked_array([table["doc_id"].combine_chunks() for table in units], pa.string()).drop_null()
        kept = self._kept["doc_id"]
        return set(kept.filter(pc.is_in(kept, wanted.combine_chunks())).to_pylist())

    def digest(self, file: str) -> str | None:
        """The digest that a file had when its documents were put into the tables; UNREADABLE where any were not."""
        digests = _of(self._kept, file)["digest"].unique().to_pylist()
        return UNREADABLE if UNREADABLE in digests else next(iter(digests), None)

    def documents(self, file: str) -> dict[Place, str | None]:
        """A file's documents in the tables, with their doc_ids (None for a reject)."""
        return {(row["source"], row["key"]): row["doc_id"] for row in _of(self._kept, file).to_pylist()}

    def failed(self, file: str) -> set[Place]:
        """A file's rejects that may pass."""
        rows = _of(self._kept, file)
        rows = rows.filter(pc.and_(pc.equal(rows["digest"], UNREADABLE), pc.is_null(rows["doc_id"])))
        return {(row["source"], row["key"]) for row in rows.to_pylist()}

    def done(self, file: str) -> set[Place]:
        """A file's documents in shards."""
        return {place_of(row) for row in _of(self._done, file).to_pylist()} if self._done else set()


def place_of(unit: Mapping[str, str | None]) -> Place:
    """Where the document of a row of `pipeline.batch.shards.UNITS` comes from."""
    return (unit["file"], unit["digest"]) if unit["whole"] else (unit["source"], unit["key"])


@dataclass(slots=True)
class Portion:
    """What reading found: items to extract, and how it compares with what is known."""

    items: list[Item] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    """file -> digest, for files whose reading began"""
    dropped: set[str] = field(default_factory=set)
    """doc_ids, and sources of rejects, whose rows in the tables are no longer true"""
    resumed: list[Place] = field(default_factory=list)
    """documents that lie in shards"""
    kept: int = 0
    """files and documents whose rows stay"""
    bytes: int = 0
    """how much was read, about; in all it is the size of the files"""
    reached: tuple[int, int] = (0, 0)
    """number of the last file, and how many of its documents were told of"""


@dataclass(frozen=True, slots=True)
class Start:
    """Where a reading that was ended begins again: at a file (its number), behind so many of its documents.

    ``given_up`` has files that are not read to their ends: how many documents of each are, and the reject for the rest.
    """

    file: int = 0
    documents: int = 0
    given_up: Mapping[int, tuple[int, Reject]] = field(default_factory=dict)

    def after(self, portion: Portion) -> "Start":
        """Behind what a portion tells of."""
        return replace(self, file=portion.reached[0], documents=portion.reached[1])

    def without(self, file: int, documents: int, reject: Reject, wholly: bool) -> "Start":
        """With a file given up behind so many documents, or `wholly` where it shall not be opened again."""
        told = self.documents if file == self.file else 0
        if wholly or documents < told:
            start = replace(self, documents=0) if file == self.file else self
            return replace(start, given_up={**self.given_up, file: (0, reject)})
        return replace(self, given_up={**self.given_up, file: (documents, reject)})


Began = Callable[[int, int], None]
"""Told the number of a file, and of how many of its documents are done, whenever reading gets on."""


def needs_reader(file: Source | Reject) -> bool:
    """Whether a file is taken apart here, and not only compared: one of many documents, or of an unknown kind."""
    return isinstance(file, Source) and _share(file.name) is None


def read(
    files: Iterable[Source | Reject], known: Known, start: Start | None = None, began: Began = lambda *_: None
) -> Iterator[Portion]:
    """Go through files, or what discovery rejects, once.

    The items of a portion are about `UNIT_CHARACTERS` long, and at most `UNIT_ITEMS`.
    """
    return _Reading(known, start or Start(), began).portions(files)


def _share(name: str) -> float | None:
    return _SHARES.get(promised(name))


class _Reading:
    def __init__(self, known: Known, start: Start, began: Began) -> None:
        self._known, self._start, self._began = known, start, began
        self._portion = Portion()
        self._reached = (0, 0)

    def portions(self, files: Iterable[Source | Reject]) -> Iterator[Portion]:
        size = 0.0
        for number, file in enumerate(files):
            if number < self._start.file:
                continue
            self._reached = (number, 0)
            self._began(number, 0)
            for item, characters in self._items(file):
                self._portion.items.append(item)
                size += characters
                if size >= UNIT_CHARACTERS or len(self._portion.items) >= UNIT_ITEMS:
                    size = 0.0
                    yield self._finished()
        if self._portion != Portion():
            yield self._finished()

    def _finished(self) -> Portion:
        portion, self._portion = self._portion, Portion()
        portion.reached = self._reached
        return portion

    def _told_before(self) -> bool:
        """Whether the document at hand was told of by the reading that goes on here."""
        number, document = self._reached
        return number == self._start.file and document <= self._start.documents and document > 0

    def _items(self, file: Source | Reject) -> Iterator[tuple[Item, float]]:
        """What is to be extracted of a file, with its length in characters, about."""
        number = self._reached[0]
        most, reject = self._start.given_up.get(number, (None, None))
        file = reject if reject and most == 0 else file
        if isinstance(file, Reject):
            name, digest, size = file.source, key_of(file), 0
        else:
            began = partial(self._began, *self._reached)
            name, (digest, size) = file.name, _digest(file, self._known.options, began)
        self._portion.digests[name] = digest
        told = 0
        if self._known.digest(name) == digest != UNREADABLE:
            self._portion.kept += 1
        elif isinstance(file, Source) and (share := _share(name)):
            if digest != UNREADABLE:  # else its rows stay beside the reject
                self._drop(self._known.documents(name))
            if (name, digest) in self._known.done(name):
                self._portion.resumed.append((name, digest))
            else:
                self._reached = (number, 1)
                if not self._told_before():
                    yield Item(name, digest, path=file.path, options=self._known.options), size * share
        else:
            for item, characters in self._documents(name, digest, self._read(file)):
                told += (read := round(characters * _PACKED))
                self._portion.bytes += read
                if self._told_before():
                    self._portion = Portion(digests={name: digest}, dropped=self._portion.dropped)
                elif item:
                    yield item, characters
        self._portion.bytes += size - told

    def _read(self, file: Source | Reject) -> Iterator[RawDocument | Reject | Packed]:
        """The documents of a file; a reject for those behind the place where it was given up."""
        number, count = self._reached[0], 0
        most, reject = self._start.given_up.get(number, (None, None))
        documents: Iterator[RawDocument | Reject | Packed]
        if isinstance(file, Reject):
            documents, most = iter([file]), None
        else:
            documents = ingest.read_packed(file, self._known.options, lambda: self._began(number, count))
        while count != most:
            self._began(number, count)
            document = next(documents, None)
            if document is None:
                return
            count += 1
            self._reached = (number, count)
            yield document
        if reject:  # whose place nothing else has had: what is given up twice has told of less before
            self._reached = (number, count + 1)
            yield reject

    def _documents(
        self, file: str, digest: str, documents: Iterator[RawDocument | Reject | Packed]
    ) -> Iterator[tuple[Item | None, int]]:
        """The documents of a file, None for one that is done; what the file no longer has is dropped."""
        before = self._known.documents(file)
        for place in self._known.failed(file):  # tried again
            self._drop({place: before.pop(place, None)})
        kept, done = _by_key(before), _by_key(self._known.done(file))
        seen: set[Place] = set()
        broken = False
        for document in documents:
            key = key_of(document)
            item = None
            if (document.source, key) in seen:
                continue
            seen.add((document.source, key))
            if isinstance(document, Reject) and document.passing:
                broken = True
                self._portion.digests[file] = UNREADABLE
            if places := _places(kept, key, document.source):
                self._portion.kept += 1
                for place in places:
                    before.pop(place, None)
            elif places := _places(done, key, document.source):
                self._portion.resumed += places
            else:
                item = Item(file, digest, key, document=document, options=self._known.options)
            yield item, _length(document)
        if not broken:  # what was not reached need not have gone
            self._drop(before)

    def _drop(self, documents: Mapping[Place, str | None]) -> None:
        self._portion.dropped |= gone(documents)


def _by_key(places: Iterable[Place]) -> dict[str | None, list[Place]]:
    found: dict[str | None, list[Place]] = {}
    for place in places:
        found.setdefault(place[1], []).append(place)
    return found


def _places(by_key: Mapping[str | None, list[Place]], key: str, source: str) -> list[Place]:
    """The places of a document, of what is attached to it and of its items, which have its key."""
    inside = (f"{source}!", f"{source}#")
    return [p for p in by_key.get(key, ()) if p[0] == source or (p[0] or "").startswith(inside)]


def _length(document: RawDocument | Reject | Packed) -> int:
    """Characters of a document's text, about."""
    if isinstance(document, Packed):
        return round(len(document.data) * _SHARES[document.kind])
    return len(document.text) if isinstance(document, RawDocument) else _REJECT


def gone(documents: Mapping[Place, str | None]) -> set[str]:
    """The doc_ids of documents, and the sources of rejects."""
    return {doc_id or source for (source, _), doc_id in documents.items() if source}


def _by_file(units: pa.Table) -> pa.Table:
    files = units["file"]
    in_order = pc.all(pc.less_equal(files[:-1], files[1:])).as_py()
    return units.combine_chunks() if in_order else units.sort_by("file").combine_chunks()


def _of(units: pa.Table, file: str) -> pa.Table:
    files = units["file"]
    first = bisect_left(files, file, key=pa.StringScalar.as_py)
    return units.slice(first, bisect_right(files, file, first, key=pa.StringScalar.as_py) - first)


def _digest(source: Source, options: Options, began: Callable[[], None]) -> tuple[str, int]:
    """Digest and size of a file's bytes, with the options that decide what it gives.

    What cannot be read has a digest of its own, so that it is tried again.
    """
    digest = hashlib.blake2b(options.of_kind(promised(source.name)).encode(), digest_size=16)
    size = 0
    try:
        with open_file(source.path) as file:
            while block := file.read(1 << 20):
                digest.update(block)
                began()
                size += len(block)
    except (OSError, Unreadable):
        return UNREADABLE, 0
    return digest.hexdigest(), size
