"""A shard: the rows of some documents, written by the worker that extracted them.

A shard is complete or absent, as it gets its name when all of it is written. It lies in the working folder until the
run puts the rows of all shards into the tables; a run after one that was killed finds its shards and goes on.
"""

import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from hashlib import blake2b
from pathlib import Path

import pyarrow as pa

from pipeline import ingest
from pipeline.extraction import Raw, extractor
from pipeline.gather.describe import describe
from pipeline.ingest import Options, Packed, RawDocument, Reject, Source
from pipeline.ingest.opening import watched
from pipeline.ingest.types import USUAL, Remote
from pipeline.tables.fingerprint import fingerprint
from pipeline.tables.rows import Rows, to_tables
from pipeline.writing import complete

UNITS = pa.schema(
    [
        pa.field("file", pa.string(), False),
        pa.field("digest", pa.string(), False),
        pa.field("whole", pa.bool_(), False),
        pa.field("source", pa.string()),
        pa.field("key", pa.string()),
        pa.field("doc_id", pa.string()),
        pa.field("fingerprint", pa.binary()),
        pa.field("partition", pa.string()),
    ]
)
"""What a shard did. One row a document or reject: the file it came from and a digest of the file's bytes, whether the
file is in this shard as a whole, the document's source, a key of what was read, and null for a reject: the doc_id, what
finding duplicates needs, and the folder of the document's rows where the tables are partitioned. The manifest has a row
without source for a file without any document."""


GROUP_DOCUMENTS, GROUP_CHARACTERS = 512, 1 << 20
"""How much a worker has at work at once."""
_CELL = 64  # code points of prose that make as much work, and as many rows, as a cell of a table

UNREADABLE = "unreadable"
"""In place of the digest of a file that could not be read for now: no later run takes it for known."""


@dataclass(frozen=True, slots=True)
class Item:
    """Work for a worker: a file to read, or a document of an archive, as bytes or read already."""

    file: str
    digest: str
    key: str | None = None
    path: Path | Remote | None = None
    document: Raw | Packed | None = None
    options: Options = USUAL
    """how it is read"""

    @property
    def name(self) -> str:
        return self.document.source if self.document else self.file

    def rejected(self, error: str, message: str) -> "Item":
        """The same item, given up."""
        return replace(self, document=Reject(self.name, "extract", error, message, passing=True))


def key_of(document: Raw | Packed) -> str:
    """16 hex digits of all that was read of a document."""
    digest = blake2b(digest_size=8)
    about: tuple[object, ...]
    if isinstance(document, Packed):
        digest.update(document.data)
        about = (document.kind, document.inner, document.url)
    elif isinstance(document, RawDocument):
        digest.update(document.text.encode("utf-8", "surrogatepass"))
        about = (document.title, document.byline, document.published, document.encoding, document.warnings)
    else:
        about = (document.stage, document.error, document.message)
    digest.update(repr(about).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def extract(items: Sequence[Item], target: Path, started: Callable[[int], None]) -> dict[str, int]:
    """Extract the items and write the shard `target`.

    `started` is told the number of the item at work, or how many they are when all are at work together.
    Gives the number of rows of each table. Raises `OSError` where the shard cannot be written.
    """
    written: Counter[str] = Counter()
    seen: set[str] = set()
    with complete(target) as path, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as shard:
        for number, units in enumerate(_groups(items, started)):
            for name, table in _tables(items, units, seen, started).items():
                written[name] += table.num_rows
                write(shard, f"{name}/{number}", table)
    return dict(written)


def _tables(
    items: Sequence[Item], units: Sequence[tuple[int, Raw]], seen: set[str], started: Callable[[int], None]
) -> dict[str, pa.Table]:
    """The tables of some documents, with the numbers of their items; ``seen`` are the documents before."""
    found = extractor().extract([document for _, document in units], partial(_tell, started, units, len(items)))
    new = [place for place, rows in enumerate(found) if not _seen_before(rows, seen)]
    started(len(items))
    tables, final = to_tables([found[place] for place in new])
    tables["mentions"] = describe(tables)
    tables["units"] = _units([(items[units[place][0]], units[place][1]) for place in new], final)
    return tables


def _groups(items: Sequence[Item], started: Callable[[int], None]) -> Iterator[list[tuple[int, Raw]]]:
    """The documents of the items, with the numbers of these; some at a time, for an item may hold any number."""
    group: list[tuple[int, Raw]] = []
    size = 0
    for number, item in enumerate(items):
        started(number)
        with watched(partial(started, number)):
            for document in _documents(item):
                group.append((number, document))
                size += _size(document)
                if len(group) >= GROUP_DOCUMENTS or size >= GROUP_CHARACTERS:
                    yield group
                    group, size = [], 0
                    started(number)
    if group or not items:
        yield group


def _size(document: Raw) -> int:
    """About how much work a document is, in code points of prose."""
    if isinstance(document, Reject):
        return 0
    return len(document.text) + _CELL * sum(len(table.cells) for table in document.tables)


def _tell(started: Callable[[int], None], units: Sequence[tuple[int, Raw]], together: int, place: int) -> None:
    """Tell which item the document at this place of `units` is from; `together` where all are at work."""
    at_work = {number for number, _ in units} if place == len(units) else {units[place][0]}
    started(at_work.pop() if len(at_work) == 1 else together)


def _seen_before(rows: Rows, seen: set[str]) -> bool:
    """Whether the rows are of a document that has the source and the text of an earlier one, which is now seen."""
    doc_id = next(iter(rows["documents"]["doc_id"]), None)
    if doc_id is None:
        return False
    before = doc_id in seen
    seen.add(str(doc_id))
    return before


def _documents(item: Item) -> Iterable[Raw]:
    if item.document is None:
        return ingest.read(Source(item.path or Path(), item.file), item.options)
    return ingest.unpack(item.document, item.options)


def _units(units: Sequence[tuple[Item, Raw]], rows: Sequence[Rows]) -> pa.Table:
    columns: dict[str, list[object]] = {name: [] for name in UNITS.names}
    for (item, document), found in zip(units, rows, strict=True):
        documents = found["documents"]
        doc_id = documents["doc_id"][0] if documents["doc_id"] else None
        row = {
            "file": item.file,
            "digest": UNREADABLE if isinstance(document, Reject) and document.passing else item.digest,
            "whole": item.path is not None,
            "source": document.source,
            "key": item.key or key_of(document),
            "doc_id": doc_id,
            "fingerprint": doc_id and fingerprint(documents["text"][0]),
            "partition": doc_id and _partition(documents["published"][0], documents["province_code"][0]),
        }
        for name, values in columns.items():
            values.append(row[name])
    return pa.Table.from_pydict(columns, schema=UNITS)


def _partition(published: date | None, province: str | None) -> str:
    # Names that no table has for a column of its own: readers add the folders' names as columns.
    return f"in_year={published.year if published else 'unknown'}/in_province={province or 'unknown'}"


def write(shard: zipfile.ZipFile, name: str, table: pa.Table) -> None:
    """Add a table to a shard under this name."""
    buffer = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_stream(buffer, table.schema, options=options) as stream:
        stream.write_table(table)
    shard.writestr(name, buffer.getbuffer())


def write_bytes(shard: bytes, target: Path) -> None:
    """Write a shard that was made elsewhere; it appears under its name when it is complete."""
    with complete(target) as path:
        path.write_bytes(shard)


class Shard:
    """A shard on disk: ``amounts/0``, ``amounts/1`` … are the rows of a table, in order.

    Opening raises `OSError` or `zipfile.BadZipFile` where it is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with zipfile.ZipFile(path) as file:
            self._sizes = {info.filename: info.file_size for info in file.infolist()}

    @classmethod
    def checked(cls, path: Path) -> "Shard":
        """The same, after a look at all of its bytes."""
        with zipfile.ZipFile(path) as file:
            if damaged := file.testzip():
                raise zipfile.BadZipFile(f"{damaged} is damaged")
        return cls(path)

    def pieces(self, table: str) -> Iterator[pa.Table]:
        """The rows of a table, as many at once as were extracted at once."""
        with zipfile.ZipFile(self.path) as file:
            for name in self._names(table):
                yield pa.ipc.open_stream(file.read(name)).read_all()

    def read(self, table: str) -> pa.Table:
        """The rows of a table."""
        return pa.concat_tables(self.pieces(table))

    def bytes_of(self, table: str) -> int:
        """Size of a table on disk."""
        return sum(self._sizes[name] for name in self._names(table))

    def _names(self, table: str) -> list[str]:
        return [name for name in self._sizes if name.partition("/")[0] == table]
