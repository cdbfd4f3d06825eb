"""Official documents of any format: their frame becomes metadata, their text begins with what they are about."""

import re
from dataclasses import replace

from pipeline.ingest.types import TABLE_MARK, RawDocument, RawTable
from pipeline.text.official import is_frame_text, unframe
from pipeline.text.segment import plausible

_MARK = re.compile(rf"^[^\S\n]*{TABLE_MARK}(\d+)[^\S\n]*$", re.MULTILINE)
_CELLS = 12  # of a table that sets a letterhead or signatures in columns


def unframed(document: RawDocument) -> tuple[RawDocument, bool]:
    """The document without the frame of an official document, and whether it had one.

    The frame's agency and number win over the file's; so does its date, and where the frame leaves the day open, a
    date of another year, which is a template's, is dropped. Where the day cannot be read there is no date.
    """
    text = _MARK.sub(lambda m: _opened(document, m), document.text) if document.tables else document.text
    text, frame = unframe(text)
    if frame is None:
        return document, False
    published = frame.published or plausible(document.published, frame.title)
    if frame.unread or (frame.dated and published and published.year != frame.dated):
        published = None
    told = (f"its date could not be read: {frame.unread}",) if frame.unread else ()
    return replace(
        document,
        text=text,
        title=document.title if _is_first(document) else frame.title or document.title,
        byline=None,  # a file's author is a clerk
        published=published,
        agency=frame.agency or document.agency,
        number=frame.number or document.number,
        warnings=(*document.warnings, *told),
    ), True


def _is_first(document: RawDocument) -> bool:
    """Whether the document's title is its first line: the headline of a page that shows an official document."""
    first = next((line for line in document.text.split("\n") if line.strip()), "")
    return document.title is not None and " ".join(first.split()) == " ".join(document.title.split())


def _opened(document: RawDocument, mark: re.Match[str]) -> str:
    """The cells of a table that only sets a frame in columns, as lines; else its mark."""
    number = int(mark[1])
    table = document.tables[number] if number < len(document.tables) else RawTable(())
    text = "\n".join(cell.text for cell in table.cells)
    return text if len(table.cells) <= _CELLS and is_frame_text(text) else mark[0]
