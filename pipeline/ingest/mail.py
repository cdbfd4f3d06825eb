"""Mail messages and web pages saved as one file (EML, MHT), with their attachments."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from typing import cast

from pipeline.ingest.containers import in_memory
from pipeline.ingest.html import decode_page
from pipeline.ingest.html import message as html_message
from pipeline.ingest.names import Names
from pipeline.ingest.opening import deadline
from pipeline.ingest.records import with_title
from pipeline.ingest.text import decode_text, read_all
from pipeline.ingest.types import Blob, Found, Options, RawDocument, Unreadable

_LONGEST = 4_000  # characters of a header: Python takes the square of their number to read encoded words


class _Bounded(policy.EmailPolicy):
    """Headers no longer than :data:`_LONGEST`; what is cut off of a subject is told."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST]


def read(blob: Blob, options: Options) -> Iterator[Found]:
    """The message itself, then each attachment as a member (``mail.eml!report.docx``)."""
    with deadline(options.max_seconds):
        message = cast(EmailMessage, BytesParser(EmailMessage, policy=_Bounded()).parsebytes(read_all(blob, options)))
    body = message.get_body(preferencelist=("plain", "html"))
    attachments = list(_attachments(message))
    if body is not None:
        with deadline(options.max_seconds):
            document = _document(blob.name, message, cast(EmailMessage, body), options)
        yield document
    elif not attachments:
        raise Unreadable("parse", "NoText", "the message has no text")
    names = Names()
    for name, data in attachments:
        blob.budget.take_member()
        yield blob.inside(names.take(name), in_memory(data))


def _document(name: str, message: EmailMessage, body: EmailMessage, options: Options) -> RawDocument:
    data = _payload(body)
    title = str(message["Subject"]).strip() if message["Subject"] else None
    byline = _sender(message)
    if body.get_content_type() == "text/html":
        page = html_message(name, decode_page(data), options)
        title = title or page.title
        text, encoding, warnings, url, tables = page.text, page.encoding, page.warnings, page.url, page.tables
    else:
        text, encoding, warnings = decode_text(data, options)
        url, tables = None, ()
    if any(name.lower() == "subject" and len(value) >= _LONGEST for name, value in message.raw_items()):
        warnings = (*warnings, f"the subject is longer than {_LONGEST:,} characters and was cut off")
    published = _sent(message)
    return RawDocument(name, with_title(title, text), encoding, title, byline, published, url, warnings, tables=tables)


def _payload(part: EmailMessage) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _attachments(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each attached file; a name is a label only and loses its folders.

    What a saved page or a letter in HTML shows (its pictures and style sheets) is part of it, not attached.
    """
    shows = message.get_content_type() == "multipart/related"
    for number, part in enumerate(message.iter_attachments(), 1):
        if shows and part.get_content_disposition() != "attachment":
            continue
        if part.get_content_type() == "message/rfc822":
            yield f"{number}.eml", part.get_content().as_bytes()
        elif not part.is_multipart():
            name = (part.get_filename() or "").replace("\\", "/").rpartition("/")[2]
            yield name if name and name.isprintable() else f"attachment {number}", _payload(part)


def _sender(message: EmailMessage) -> str | None:
    addresses = getattr(message["From"], "addresses", ())
    return next((address.display_name or address.addr_spec for address in addresses), None) or None


def _sent(message: EmailMessage) -> date | None:
    with suppress(ValueError, TypeError, IndexError):
        return parsedate_to_datetime(str(message["Date"])).date()
    return None
