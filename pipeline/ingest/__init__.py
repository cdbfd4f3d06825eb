"""Bytes -> :class:`RawDocument`: one reader a format, and nothing that a bad file could break.

:func:`discover` lists the files, :func:`read` yields the documents and rejects of one of them.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from typing import cast

from pipeline.ingest.bulletins import items
from pipeline.ingest.containers import in_memory
from pipeline.ingest.discover import discover, not_read, unread
from pipeline.ingest.names import shown, storable
from pipeline.ingest.opening import deadline, open_file, reject
from pipeline.ingest.sniff import KINDS, PICTURES, is_litter, is_wanted, kind_of
from pipeline.ingest.text import read_all
from pipeline.ingest.types import (
    USUAL,
    Blob,
    Broken,
    Budget,
    Discovery,
    Found,
    Options,
    Packed,
    RawDocument,
    Reject,
    Source,
    Unreadable,
)

__all__ = [
    "Discovery",
    "Options",
    "Packed",
    "RawDocument",
    "Reject",
    "Source",
    "discover",
    "read",
    "read_packed",
    "unpack",
]

_READERS = {
    "text": "text.read",
    "html": "html.read",
    "docx": "docx.read",
    "doc": "doc.read",
    "xls": "workbook.read",
    "workbook": "workbook.read",
    "odt": "odt.read",
    "picture": "pictures.read",
    "rtf": "rtf.read",
    "pdf": "pdf.read",
    "eml": "mail.read",
    "jsonl": "records.read_jsonl",
    "csv": "records.read_csv",
    "parquet": "records.read_parquet",
    "warc": "warc.read",
    "gzip": "containers.read_gzip",
    "bzip2": "containers.read_bzip2",
    "xz": "containers.read_xz",
    "zstd": "containers.read_zstd",
    "zip": "containers.read_zip",
    "tar": "containers.read_tar",
}
"""Kind -> module and function; imported when first needed, for some libraries are slow to load."""

_SINGLE = frozenset({"text", "html", "docx", "doc", "odt", "xls", "rtf", "pdf", "picture"})
"""Kinds of one document a file: read within the time limit."""

_STREAMED = frozenset({"workbook"})
"""Kinds that may be many documents, each of which is read within the time limit."""

_PACKED = _SINGLE | _STREAMED | {"eml"}
"""Kinds that are handed out as bytes where an archive holds them."""

Reader = Callable[[Blob, Options], Iterator[Found]]


def read(source: Source, options: Options = USUAL) -> Iterator[RawDocument | Reject]:
    """The documents of one file, and a reject for each that cannot be read. Never raises for bad input.

    A bulletin is as many documents as it has items.

    Streams: of a file of many records, one is in memory at a time.
    """
    for one in read_packed(source, options):
        yield from unpack(one, options)


def unpack(packed: Packed | RawDocument | Reject, options: Options = USUAL) -> Iterator[RawDocument | Reject]:
    """The documents of one thing that :func:`read_packed` gives. Never raises.

    Of the bytes of a member of an archive, the document in it with those attached to it, or a reject; of a bulletin,
    its items.
    """
    if isinstance(packed, Packed):
        yield from _unpacked(packed, options)
    elif isinstance(packed, Reject):
        yield packed
    else:
        yield from items(packed)


def _unpacked(packed: Packed, options: Options) -> Iterator[RawDocument | Reject]:
    budget = Budget(max(options.free_bytes, options.expansion * len(packed.data)), options.max_members)
    blob = Blob(packed.source, in_memory(packed.data), budget, packed.depth, packed.inner, packed.url)
    try:
        for found in _found(packed.kind, blob, options):
            if isinstance(found, Blob):
                for one in _read_blob(found, options):
                    yield from unpack(one, options)
            else:
                yield from unpack(_storable(_with_url(found, blob)))
    except Exception as error:  # a reader's library may raise anything for a broken file
        yield _storable(reject(packed.source, error))


def read_packed(
    source: Source, options: Options = USUAL, progress: Callable[[], None] = lambda: None
) -> Iterator[RawDocument | Reject | Packed]:
    """The same, but the members of archives that hold one document each, or a mail, come as bytes.

    So whoever reads an archive need not take each of its documents apart, and survives one that ends its reader.
    ``progress`` is called as often as something was unpacked.
    """
    try:
        with open_file(source.path) as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(0)
            budget = Budget(max(options.free_bytes, options.expansion * size), options.max_members, progress)
            found = _read_blob(Blob(source.name, stream, budget, inner=source.name), options)
            first = next(found, None)
            yield first or Reject(source.name, "parse", "NoDocument", "there is no report in it")
            yield from found
    except (Unreadable, OSError) as error:
        yield reject(source.name, error)


def _read_blob(blob: Blob, options: Options) -> Iterator[RawDocument | Reject | Packed]:
    """Everything in a blob; a failure ends this blob only, with one reject.

    Raises:
        Broken: what this blob lies in failed, or a limit of the whole file is reached.
    """
    try:
        if blob.depth > options.max_depth:
            raise Unreadable("open", "DepthLimit", f"archives nested deeper than {options.max_depth} are not read")
        head = blob.stream.peek(4096)[:4096]  # type: ignore[attr-defined]
        if blob.depth and "!" in blob.name and not is_wanted(head, blob.inner, options.ocr == "always"):
            if not is_litter(blob.inner):  # found in an archive, as in a folder
                yield unread(shown(blob.name), head, blob.inner)
            return
        kind = _kind(head, blob.inner, options)
        if blob.depth and kind in _PACKED:
            data = read_all(blob, options)
            yield Packed(shown(blob.name), data, kind, blob.inner, blob.depth, blob.url and shown(blob.url))
            return
        for found in _found(kind, blob, options):
            if isinstance(found, Blob):
                yield from _read_blob(found, options)
            else:
                yield _storable(_with_url(found, blob))
    except Broken as error:
        if error.container != blob.name:
            raise
        yield _storable(reject(blob.name, error))
    except Exception as error:  # a reader's library may raise anything for a broken file
        yield _storable(reject(blob.name, error))


def _with_url(found: RawDocument | Reject, blob: Blob) -> RawDocument | Reject:
    """The document with where its archive says that it was fetched from, unless it says so itself."""
    return replace(found, url=blob.url) if isinstance(found, RawDocument) and blob.url and not found.url else found


def _storable(item: RawDocument | Reject) -> RawDocument | Reject:
    """The item with names and metadata as a table can hold them; its text is checked by its reader."""
    if isinstance(item, Reject):
        return replace(item, source=shown(item.source), message=shown(item.message))
    return replace(
        item,
        source=shown(item.source),
        title=item.title and storable(item.title),
        byline=item.byline and storable(item.byline),
        url=item.url and shown(item.url),
    )


def _kind(head: bytes, name: str, options: Options) -> str:
    if not head:
        raise Unreadable("parse", "Empty", "the file is empty")
    kind = kind_of(head, name)
    if kind in PICTURES and options.ocr == "always":
        return "picture"
    if kind not in KINDS:
        raise Unreadable("open", "UnreadKind", not_read(kind))
    if not head.strip(b"\x00"):
        raise Unreadable("decode", "OnlyZeros", "the file begins with nothing but zero bytes")
    return kind


def _found(kind: str, blob: Blob, options: Options) -> Iterator[Found]:
    module, function = _READERS[kind].split(".")
    reader = cast(Reader, getattr(import_module(f".{module}", __name__), function))
    if kind in _SINGLE:
        with deadline(options.max_seconds):
            return iter(list(reader(blob, options)))
    return _one_by_one(reader(blob, options), options) if kind in _STREAMED else reader(blob, options)


def _one_by_one(found: Iterator[Found], options: Options) -> Iterator[Found]:
    """The same, each within the time limit."""
    while True:
        with deadline(options.max_seconds):
            one = next(found, None)
        if one is None:
            return
        yield one
