"""Bulletins of any format: each item becomes a document, ``file#1``, ``file#2`` …"""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.ingest.types import RawDocument
from pipeline.text import bulletin
from pipeline.text.dateline import date_alone, signed_date
from pipeline.text.official import unframe

_HEAD = 3  # lines in which a bulletin prints its date


def items(document: RawDocument) -> Iterator[RawDocument]:
    """The items of a bulletin as documents, with its date where it prints one; any other document as it is."""
    found = bulletin.items(document.text)
    if found is None or unframe(document.text)[1] is not None:
        yield document
        return
    published = document.published
    for line in [line.strip() for line in document.text.split("\n") if line.strip()][:_HEAD]:
        if day := date_alone(line) or ((signed := signed_date(line)) and signed[0]):
            published = day
            break
    for item in found:
        yield replace(
            document, source=f"{document.source}#{item.number}", text=item.text, title=item.title, published=published
        )
