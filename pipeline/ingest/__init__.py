"""Bytes -> :class:`RawDocument`: one reader a format, and nothing that a bad file could break.

:func:`discover` lists the files, :func:`read` yields the documents and rejects of one of them.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from typing import cast

from ..normalise import normalise
from .discover import discover
from .opening import deadline, open_file, reject, storable
from .sniff import KINDS, is_wanted, kind_of
from .types import Blob, Broken, Budget, Discovery, Found, Options, RawDocument, Reject, Source, Unreadable

__all__ = ["Discovery", "Options", "RawDocument", "Reject", "Source", "discover", "read"]

_READERS = {
    "text": "text.read",
    "html": "html.read",
    "docx": "docx.read",
    "doc": "doc.read",
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

_SINGLE = frozenset({"text", "html", "docx", "doc", "rtf", "pdf"})
"""Kinds of one document a file: read within the time limit."""

Reader = Callable[[Blob, Options], Iterator[Found]]
_DEFAULTS = Options()


def read(source: Source, options: Options = _DEFAULTS) -> Iterator[RawDocument | Reject]:
    """The documents of one file, and a reject for each that cannot be read. Never raises for bad input.

    Streams: of a file of many records, one is in memory at a time.
    """
    try:
        with open_file(source.path) as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(0)
            budget = Budget(max(options.free_bytes, options.expansion * size), options.max_members)
            yield from _read_blob(Blob(source.name, stream, budget, inner=source.name), options)
    except (Unreadable, OSError) as error:
        yield reject(source.name, error)


def _read_blob(blob: Blob, options: Options) -> Iterator[RawDocument | Reject]:
    """Everything in a blob; a failure ends this blob only, with one reject.

    Raises:
        Broken: what this blob lies in failed, or a limit of the whole file is reached.
    """
    try:
        if blob.depth > options.max_depth:
            raise Unreadable("open", "DepthLimit", f"archives nested deeper than {options.max_depth} are not read")
        head = blob.stream.peek(4096)[:4096]  # type: ignore[attr-defined]
        if blob.depth and "!" in blob.name and not is_wanted(head, blob.inner):
            return  # found in an archive, as in a folder: not a report
        kind = _kind(head, blob.inner)
        for found in _found(kind, blob, options):
            if isinstance(found, Blob):
                yield from _read_blob(found, options)
            elif isinstance(found, RawDocument) and blob.url and not found.url:
                yield _storable(replace(found, url=blob.url))
            else:
                yield _storable(found)
    except Broken as error:
        if error.container != blob.name:
            raise
        yield _storable(reject(blob.name, error))
    except Exception as error:  # a reader's library may raise anything for a broken file
        yield _storable(reject(blob.name, error))


def _storable(item: RawDocument | Reject) -> RawDocument | Reject:
    """The item with names and metadata as a table can hold them; its text is checked by its reader."""
    if isinstance(item, Reject):
        return replace(item, source=storable(item.source), message=storable(item.message))
    return replace(
        item,
        source=storable(item.source),
        title=_one_line(item.title),
        byline=_one_line(item.byline),
        url=item.url and storable(item.url),
    )


def _one_line(text: str | None) -> str | None:
    """Metadata in the normal form of the text, in one line; None for a blank."""
    return (normalise(text)[0].replace("\n", " ") or None) if text else None


def _kind(head: bytes, name: str) -> str:
    if not head:
        raise Unreadable("parse", "Empty", "the file is empty")
    kind = kind_of(head, name)
    if kind not in KINDS:
        raise Unreadable("open", "UnreadKind", f"{kind} is not read")
    if not head.strip(b"\x00"):
        raise Unreadable("decode", "OnlyZeros", "the file begins with nothing but zero bytes")
    return kind


def _found(kind: str, blob: Blob, options: Options) -> Iterator[Found]:
    module, function = _READERS[kind].split(".")
    reader = cast(Reader, getattr(import_module(f".{module}", __name__), function))
    if kind not in _SINGLE:
        return reader(blob, options)
    with deadline(options.max_seconds):
        return iter(list(reader(blob, options)))
