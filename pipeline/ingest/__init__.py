"""Bytes -> :class:`RawDocument`: one reader a format, and nothing that a bad file could break.

:func:`discover` lists the files, :func:`read` yields the documents and rejects of one of them.
"""

import os
import stat
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import IO, cast

from .discover import discover
from .sniff import KINDS, kind_of
from .types import Blob, Budget, Discovery, Found, Options, RawDocument, Reject, Source, Unreadable

__all__ = ["Discovery", "Options", "RawDocument", "Reject", "Source", "discover", "read"]

_READERS = {
    "text": "text.read",
    "jsonl": "records.read_jsonl",
    "gzip": "containers.read_gzip",
}
"""Kind -> module and function; imported when first needed, for some libraries are slow to load."""

Reader = Callable[[Blob, Options], Iterator[Found]]


def read(source: Source, options: Options = Options()) -> Iterator[RawDocument | Reject]:  # noqa: B008
    """The documents of one file, and a reject for each that cannot be read. Never raises for bad input.

    Streams: of a file of many records, one is in memory at a time.
    """
    try:
        with _open(source) as stream:
            size = os.fstat(stream.fileno()).st_size
            budget = Budget(max(options.free_bytes, options.expansion * size), options.max_members)
            yield from _read_blob(Blob(source.name, stream, budget, inner=source.name), options)
    except Unreadable as error:
        yield Reject(source.name, error.stage, error.error, error.message)
    except OSError as error:
        yield Reject(source.name, "open", type(error).__name__, error.strerror or str(error))


def _open(source: Source) -> IO[bytes]:
    """Open a regular file; a pipe or device would block for ever and is refused."""
    handle = os.open(source.path, os.O_RDONLY | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Unreadable("open", "NotAFile", "it is a pipe, a device or a folder, not a file")
    return cast(IO[bytes], os.fdopen(handle, "rb"))


def _read_blob(blob: Blob, options: Options) -> Iterator[RawDocument | Reject]:
    """Everything in a blob; a failure ends this blob only, with one reject."""
    try:
        if blob.depth > options.max_depth:
            raise Unreadable("open", "DepthLimit", f"archives nested deeper than {options.max_depth} are not read")
        for found in _reader(blob)(blob, options):
            if isinstance(found, Blob):
                yield from _read_blob(found, options)
            else:
                yield found
    except Unreadable as error:
        yield Reject(blob.name, error.stage, error.error, error.message)
    except Exception as error:  # a reader's library may raise anything for a broken file
        yield Reject(blob.name, "parse", type(error).__name__, str(error) or "the file is broken")


def _reader(blob: Blob) -> Reader:
    head = blob.stream.peek(4096)[:4096]  # type: ignore[attr-defined]
    if not head:
        raise Unreadable("parse", "Empty", "the file is empty")
    kind = kind_of(head, blob.inner)
    if kind not in KINDS:
        raise Unreadable("open", "UnreadKind", f"{kind} is not read")
    if kind not in _READERS:
        raise Unreadable("open", "UnreadKind", f"{kind} files are not read yet")
    module, function = _READERS[kind].split(".")
    return cast(Reader, getattr(import_module(f".{module}", __name__), function))
