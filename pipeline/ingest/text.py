"""Plain text."""

from collections.abc import Iterator

from pipeline.ingest.tabbed import tabbed
from pipeline.ingest.types import Blob, Found, Options, RawDocument, Unreadable
from pipeline.text.encodings import UndecodableError, decode


def read_all(blob: Blob, options: Options) -> bytes:
    """The whole blob, for formats that hold one document.

    Raises:
        Unreadable: it is empty or longer than the limit.
    """
    data = blob.stream.read(options.max_document_bytes + 1)
    if len(data) > options.max_document_bytes:
        limit = options.max_document_bytes >> 20
        raise Unreadable("open", "SizeLimit", f"one document of more than {limit} MiB is not read")
    if not data:
        raise Unreadable("parse", "Empty", "the file is empty")
    return data


def decode_text(data: bytes, options: Options) -> tuple[str, str, tuple[str, ...]]:
    """Text, encoding and warnings of the bytes of one document.

    Raises:
        Unreadable: no encoding fits, or it is no text at all.
    """
    if not data.strip(b"\x00"):
        raise Unreadable("decode", "OnlyZeros", "the file holds nothing but zero bytes")
    try:
        decoded = decode(data)
    except UndecodableError as error:
        raise Unreadable("decode", "Undecodable", str(error)) from error
    check_text(decoded.text, options)
    return decoded.text, decoded.encoding, decoded.warnings


def check_text(text: str, options: Options) -> None:
    """Raise :class:`Unreadable` for a text that is blank, too long or holds what no text holds."""
    if not text or text.isspace():
        raise Unreadable("parse", "NoText", "there is no text in it")
    if len(text) > options.max_text_chars:
        raise Unreadable("parse", "TextLimit", f"a text of more than {options.max_text_chars:,} characters is not read")
    if "\x00" in text:
        raise Unreadable("decode", "ZeroBytes", "there are zero bytes in the text")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Unreadable("decode", "LoneSurrogate", f"half a surrogate pair at character {error.start}") from error


def read(blob: Blob, options: Options) -> Iterator[Found]:
    """One document a file; its first line is its headline, which segmentation finds."""
    text, encoding, warnings = decode_text(read_all(blob, options), options)
    text, tables = tabbed(text)
    yield RawDocument(blob.name, text, encoding, warnings=warnings, tables=tables)
