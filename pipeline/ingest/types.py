"""What goes into and comes out of the readers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from rules.language.lists import read

TABLE_MARK = "\x1d"
"""A line of this and a number stands in :attr:`RawDocument.text` where the table of that number lies."""


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell of a table as its file has it; ``row`` and ``column`` count from 0, the spans are at least 1."""

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table of data (not of layout): its cells by row, then column. A merged cell stands once."""

    cells: tuple[RawCell, ...]


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One report as its file has it: Unicode, but not yet normalised.

    ``text`` has a line ``TABLE_MARK + "0"`` where ``tables[0]`` stands, and so on; captions and lines of units around
    a table are lines of the text.
    """

    source: str
    text: str
    encoding: str
    title: str | None = None
    byline: str | None = None
    published: date | None = None
    url: str | None = None
    warnings: tuple[str, ...] = ()
    agency: str | None = None
    number: str | None = None
    ocr_confidence: float | None = None
    tables: tuple[RawTable, ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """One row of the table ``rejects``: what could not be read, at which stage, and why.

    ``stage`` is ``discover``, ``open``, ``decode``, ``parse``, ``normalise`` or ``extract``. ``passing`` tells that it
    may be the fault of a disk, a network, the memory or the time, so that the next run tries again.
    """

    source: str
    stage: str
    error: str
    message: str
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Packed:
    """One report that was found in an archive, as bytes still to be read (:func:`pipeline.ingest.unpack`).

    ``kind`` is that of its reader, ``inner`` the name that tells it, ``depth`` counts the archives around it.
    """

    source: str
    data: bytes
    kind: str
    inner: str
    depth: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Remote:
    """A file in a storage: the URL given as INPUT, and the file's path in the filesystem that the URL names."""

    url: str
    path: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read.

    ``name`` is its path relative to its INPUT, with ``/``; ``size``, in bytes, tells how far a run is.
    """

    path: Path | Remote
    name: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Discovery:
    """What a list of INPUTs holds. ``sources`` are sorted by name, ``skipped`` are files of unread kinds.

    No two sources have one name; ``renamed`` are those that got another than their own: (name, path).
    """

    sources: tuple[Source, ...]
    skipped: tuple[str, ...] = ()
    rejects: tuple[Reject, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()


COLUMNS: dict[str, list[str]] = read(__package__, "columns")
"""Names of columns by what they hold, from ``columns.toml``."""


@dataclass(frozen=True, slots=True)
class Options:
    """Names of columns, what to do with pictures, and limits. The first name of a list that a record has is used.

    ``ocr`` is ``auto`` (pages without text of their own, where tesseract is there), ``always`` (pictures as well) or
    ``never``. ``max_seconds`` are for one document, and for each page that is read by OCR.

    ``expansion`` bounds what a compressed file may unpack to: this many times its size on disk
    (``free_bytes`` are always allowed, so that small, well-packed files are not suspected).
    """

    text_columns: tuple[str, ...] = tuple(COLUMNS["text"])
    title_columns: tuple[str, ...] = tuple(COLUMNS["title"])
    date_columns: tuple[str, ...] = tuple(COLUMNS["date"])
    author_columns: tuple[str, ...] = tuple(COLUMNS["author"])
    url_columns: tuple[str, ...] = tuple(COLUMNS["url"])
    ocr: str = "auto"
    max_document_bytes: int = 64 << 20
    max_record_bytes: int = 16 << 20
    max_text_chars: int = 1_000_000
    max_depth: int = 8
    max_members: int = 1_000_000
    max_seconds: float = 60.0
    expansion: int = 100
    free_bytes: int = 16 << 20

    def of_kind(self, kind: str) -> str:
        """What of these options decides what a file of a kind gives, "" where they are the usual ones.

        >>> Options().of_kind("pdf"), Options(ocr="never").of_kind("pdf"), Options(ocr="never").of_kind("docx")
        ('', 'ocr never', '')
        """
        usual = USUAL
        told = [f"ocr {self.ocr}"] if kind not in _WITHOUT_PICTURES and self.ocr != usual.ocr else []
        if kind not in _WITHOUT_COLUMNS:
            for name in ("text", "title", "date", "author", "url"):
                columns = getattr(self, f"{name}_columns")
                if columns != getattr(usual, f"{name}_columns"):
                    told.append(f"{name} {columns}")
        return "; ".join(told)


USUAL = Options()
"""The options where nothing else is said."""

_WITHOUT_COLUMNS = frozenset({"text", "html", "docx", "doc", "odt", "xls", "workbook", "rtf", "pdf", "picture"})
_WITHOUT_PICTURES = (_WITHOUT_COLUMNS - {"pdf", "picture"}) | {"csv", "jsonl", "parquet"}


class Unreadable(Exception):
    """A document that cannot be read: becomes a :class:`Reject` with this stage, error name and sentence."""

    def __init__(self, stage: str, error: str, message: str) -> None:
        super().__init__(message)
        self.stage, self.error, self.message = stage, error, message


class Broken(Unreadable):
    """A container failed while something inside it was read: nothing more can come out of it.

    ``container`` is its name; "" stands for the file on disk, whose limits are reached.
    """

    def __init__(self, container: str, stage: str, error: str, message: str) -> None:
        super().__init__(stage, error, message)
        self.container = container


@dataclass(slots=True)
class Budget:
    """What one file on disk may still cost, shared by everything that is found inside it."""

    bytes_left: int
    members_left: int
    progress: Callable[[], None] = lambda: None

    def take_bytes(self, count: int) -> None:
        self.progress()
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise Broken("", "open", "ExpansionLimit", "it unpacks to far more than its size allows (a bomb?)")

    def take_member(self) -> None:
        self.members_left -= 1
        if self.members_left < 0:
            raise Broken("", "open", "MemberLimit", "the archive has more members than the limit allows")


@dataclass(slots=True)
class Blob:
    """A named, buffered stream of bytes: a file, or a member of one.

    ``depth`` counts the containers around it; ``inner`` is the name that tells the kind (``a.jsonl`` in
    ``a.jsonl.gz``); ``url`` is where it was fetched from.
    """

    name: str
    stream: IO[bytes]
    budget: Budget
    depth: int = 0
    inner: str = ""
    url: str | None = None

    def inside(self, member: str, stream: IO[bytes], kind_name: str = "", url: str | None = None) -> "Blob":
        """The member of this name as a blob of its own; ``kind_name`` tells its kind where its name does not."""
        name = f"{self.name}!{member}"
        return Blob(name, stream, self.budget, self.depth + 1, kind_name or member, url)


Found = RawDocument | Reject | Blob
"""What a reader yields: documents, rejects, and members still to be read."""
