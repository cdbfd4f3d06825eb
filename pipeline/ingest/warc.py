"""Web archives (WARC): each fetched page or document as a member, streamed (warcio)."""

import io
import re
from collections.abc import Iterator
from typing import IO, Any, cast

from pipeline.ingest.containers import in_memory, metered
from pipeline.ingest.records import member
from pipeline.ingest.types import Blob, Found, Options, Reject, Unreadable

_NAMES = {
    "text/html": "page.html",
    "application/xhtml+xml": "page.html",
    "text/plain": "page.txt",
    "application/pdf": "file.pdf",
    "application/msword": "file.doc",
    "application/rtf": "file.rtf",
    "text/rtf": "file.rtf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "file.docx",
}
"""Media type -> a name that tells the kind. Everything else (images, scripts) is passed over."""
_UNTOLD = frozenset({"", "application/octet-stream", "application/x-unknown", "unknown/unknown"})
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,16})[ \t]*(?:;[^\r\n]{0,1000})?\r\n")


def read(blob: Blob, options: Options) -> Iterator[Found]:
    """Pages that the server delivered (status 200); the number of the record is its member name."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    archive = ArchiveIterator(blob.stream, check_digests=False)
    archive.INC_RECORD = ""  # it would print a warning; the reject below says it
    try:
        for number, record in enumerate(archive, 1):
            blob.budget.take_member()
            name = _wanted(record)
            if name is not None:
                yield _page(blob, number, name, record, options)
    except ArchiveLoadFailed as error:
        raise Unreadable("parse", "BadWarc", f"the web archive is damaged or cut off: {error}") from error
    if archive.err_count:
        raise Unreadable("parse", "BadWarc", "the web archive is damaged: a record is longer than it says")


def _page(blob: Blob, number: int, name: str, record: Any, options: Options) -> Blob | Reject:
    """One record as a blob in memory, read at once so that one that is cut off is known before it is used."""
    source = f"{blob.name}!{member(number)}"
    most = options.max_document_bytes
    raw = metered(cast(IO[bytes], record.raw_stream), blob.budget, source).read(most + 1)
    if len(raw) <= most and getattr(record.raw_stream, "limit", 0) > 0:
        return Reject(source, "open", "Truncated", "the record is shorter than it says: the file is cut off")
    try:
        data = metered(_content(record, raw), blob.budget, source).read(most + 1)
    except Unreadable as error:
        return Reject(source, error.stage, error.error, error.message)
    if max(len(raw), len(data)) > most:
        return Reject(source, "open", "SizeLimit", f"one document of more than {most >> 20} MiB is not read")
    return blob.inside(member(number), in_memory(data), name, record.rec_headers.get_header("WARC-Target-URI"))


def _content(record: Any, raw: bytes) -> IO[bytes]:
    """What the server sent, without the chunks and the compression that it was sent in.

    Many crawlers take both away and leave the headers: what does not begin like a chunk is taken as it is, and what
    does must be chunks to its end; a page that begins with a tag is not compressed.

    Raises:
        Unreadable: a compression that is not read, or chunks that are damaged or cut off.
    """
    from warcio.bufferedreaders import BufferedReader

    headers = record.http_headers
    if headers is None:
        return io.BytesIO(raw)
    encoding = (headers.get_header("Content-Encoding") or "").strip().lower()
    known = ("", "identity", *BufferedReader.DECOMPRESSORS)
    if encoding not in known and not raw.lstrip().startswith(b"<"):
        raise Unreadable("open", "UnreadEncoding", f"it is compressed by {encoding!r}, which is not read")
    if "chunked" in (headers.get_header("Transfer-Encoding") or "").lower():
        if _CHUNK.match(raw):
            raw = _unchunked(raw)
        headers.remove_header("Transfer-Encoding")
    record.raw_stream = io.BytesIO(raw)
    return cast(IO[bytes], record.content_stream())


def _unchunked(data: bytes) -> bytes:
    """Chunks (RFC 9112, 7.1) joined.

    Raises:
        Unreadable: they are damaged or cut off.

    >>> _unchunked(b"3\\r\\nTin\\r\\n4;x\\r\\n moi\\r\\n0\\r\\n\\r\\n")
    b'Tin moi'
    """
    parts: list[bytes] = []
    position = 0
    while head := _CHUNK.match(data, position):
        size, start = int(head[1], 16), head.end()
        if not size:
            return b"".join(parts)
        position = start + size + 2
        if data[start + size : position] != b"\r\n":
            break
        parts.append(data[start : start + size])
    raise Unreadable("open", "BadChunks", "the chunks in which the page was sent are damaged or cut off")


def _wanted(record: Any) -> str | None:
    """A name that tells the kind, "" where only the content does; None for what is passed over."""
    if record.rec_type == "response":
        headers = record.http_headers
        if headers is None or headers.get_statuscode() != "200":
            return None
        media = headers.get_header("Content-Type")
    elif record.rec_type in ("resource", "conversion"):
        media = record.rec_headers.get_header("Content-Type")
    else:
        return None
    media = (media or "").partition(";")[0].strip().lower()
    return "" if media in _UNTOLD else _NAMES.get(media)
