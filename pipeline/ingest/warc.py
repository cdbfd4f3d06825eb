"""Web archives (WARC): each fetched page or document as a member, streamed (warcio)."""

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
            if name:
                yield _page(blob, number, name, record, options)
    except ArchiveLoadFailed as error:
        raise Unreadable("parse", "BadWarc", f"the web archive is damaged or cut off: {error}") from error
    if archive.err_count:
        raise Unreadable("parse", "BadWarc", "the web archive is damaged: a record is longer than it says")


def _page(blob: Blob, number: int, name: str, record: Any, options: Options) -> Blob | Reject:
    """One record as a blob in memory, read at once so that one that is cut off is known before it is used."""
    source = f"{blob.name}!{member(number)}"
    stream = metered(cast(IO[bytes], record.content_stream()), blob.budget, source)
    data = stream.read(options.max_document_bytes + 1)
    if len(data) > options.max_document_bytes:
        limit = options.max_document_bytes >> 20
        return Reject(source, "open", "SizeLimit", f"one document of more than {limit} MiB is not read")
    if getattr(record.raw_stream, "limit", 0) > 0:
        return Reject(source, "open", "Truncated", "the record is shorter than it says: the file is cut off")
    return blob.inside(member(number), in_memory(data), name, record.rec_headers.get_header("WARC-Target-URI"))


def _wanted(record: Any) -> str | None:
    if record.rec_type == "response":
        headers = record.http_headers
        if headers is None or headers.get_statuscode() != "200":
            return None
        media = headers.get_header("Content-Type")
    elif record.rec_type in ("resource", "conversion"):
        media = record.rec_headers.get_header("Content-Type")
    else:
        return None
    return _NAMES.get((media or "").partition(";")[0].strip().lower())
