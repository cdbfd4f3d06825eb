"""Rich Text Format (striprtf)."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.ingest.text import check_text, read_all
from pipeline.ingest.types import Blob, Found, Options, RawDocument, Unreadable
from pipeline.text.encodings import unfont


def read(blob: Blob, options: Options) -> Iterator[Found]:
    """One document a file. Bytes are in the code page that the file names; old fonts are told by how they read."""
    from striprtf.striprtf import rtf_to_text

    data = read_all(blob, replace(options, max_document_bytes=options.max_record_bytes)).decode("latin-1")
    if data.count("{") != data.count("}") and not data.rstrip("\x00 \r\n").endswith("}"):
        raise Unreadable("parse", "Truncated", "the RTF ends before its last bracket: the file is cut off")
    text: str = rtf_to_text(data, encoding="cp1252", errors="replace")
    plain = unfont(text, "windows-1258" if "\\ansicpg1258" in data or "\\fcharset163" in data else "unicode")
    check_text(plain.text, options)
    yield RawDocument(blob.name, plain.text, plain.encoding)
