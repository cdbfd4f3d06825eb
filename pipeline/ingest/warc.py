"""Web archives (WARC): each fetched page or document as a member, streamed (warcio)."""

from collections.abc import Iterator
from typing import IO, Any, cast

from .containers import metered
from .records import member
from .types import Blob, Found, Options, Unreadable

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


def read(blob: Blob, _options: Options) -> Iterator[Found]:
    """Pages that the server delivered (status 200); the number of the record is its member name."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    try:
        for number, record in enumerate(ArchiveIterator(blob.stream, check_digests=False), 1):
            blob.budget.take_member()
            name = _wanted(record)
            if name:
                stream = metered(cast(IO[bytes], record.content_stream()), blob.budget)
                yield blob.inside(member(number), stream, name, record.rec_headers.get_header("WARC-Target-URI"))
    except ArchiveLoadFailed as error:
        raise Unreadable("parse", "BadWarc", f"the web archive is damaged or cut off: {error}") from error


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
