"""PDF files with a text layer (pypdfium2 for the text, :mod:`pipeline.ingest.page` for its reading order)."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import IO, Any

from pipeline.ingest.containers import seekable
from pipeline.ingest.page import Line, Piece, lines_of, paragraphs
from pipeline.ingest.records import as_date
from pipeline.ingest.text import check_text
from pipeline.ingest.types import Blob, Found, Options, RawDocument, Unreadable
from pipeline.text.encodings import unfont

_PAGE_NUMBER = re.compile(r"(?:trang\s*)?[-–—]?\s*\d{1,4}\s*(?:/\s*\d{1,4})?\s*[-–—]?", re.I)
_MARGIN = 0.1
_MAX_PAGES = 2000
_TAIL = 1 << 16


def read(blob: Blob, options: Options) -> Iterator[Found]:
    """One document a file: columns in reading order, lines joined to paragraphs, running heads dropped."""
    pages, published = _read_pages(blob, options)
    if not any(pages):
        message = "the PDF is scanned: its pages are pictures without a text layer (no OCR is done)"
        raise Unreadable("parse", "ScannedPdf", message)
    warnings = ("some pages have no text layer",) if not all(pages) else ()
    text = "\n".join(paragraphs(_without_running_heads(pages)))
    plain = unfont(text, "unicode")
    check_text(plain.text, options)
    yield RawDocument(blob.name, plain.text, plain.encoding, published=published, warnings=warnings)


def _read_pages(blob: Blob, options: Options) -> tuple[list[list[Line]], date | None]:
    import pypdfium2

    stream = seekable(blob, options)
    _check_end(stream)
    try:
        pdf = pypdfium2.PdfDocument(stream)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise Unreadable("open", "Encrypted", "the PDF is protected by a password") from error
        raise Unreadable("parse", "BadPdf", f"the PDF is damaged: {error}") from error
    try:
        if len(pdf) > _MAX_PAGES:
            raise Unreadable("parse", "PageLimit", f"a PDF of more than {_MAX_PAGES:,} pages is not read")
        return [_page_lines(pdf, number) for number in range(len(pdf))], _created(pdf)
    finally:
        pdf.close()


def _check_end(stream: IO[bytes]) -> None:
    """Refuse a file that is cut off: pdfium would show the pages that are left as if they were all."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _TAIL))
    if b"%%EOF" not in stream.read():
        raise Unreadable("parse", "Truncated", "the PDF ends before its end mark: the file is cut off")
    stream.seek(0)


def _page_lines(pdf: Any, number: int) -> list[Line]:
    page = pdf[number]
    width, height = page.get_size()
    textpage = page.get_textpage()
    try:
        pieces = [_piece(textpage, i) for i in range(textpage.count_rects())]
    finally:
        textpage.close()
        page.close()
    return lines_of([piece for piece in pieces if piece.text], number, width, height)


def _piece(textpage: Any, number: int) -> Piece:
    left, bottom, right, top = textpage.get_rect(number)
    text = " ".join(textpage.get_text_bounded(left, bottom, right, top).split())
    return Piece(left, bottom, right, top, text)


def _created(pdf: Any) -> date | None:
    stamp = re.match(r"D:(\d{4})(\d\d)(\d\d)", pdf.get_metadata_value("CreationDate") or "")
    return as_date("-".join(stamp.groups())) if stamp else None


def _without_running_heads(pages: list[list[Line]]) -> list[list[Line]]:
    """Pages without page numbers and without lines that stand at the edge of at least half of several pages."""
    edge = [[line for line in page if not _MARGIN < line.height < 1 - _MARGIN] for page in pages]
    heads = Counter(key for lines in edge for key in {_key(line) for line in lines})
    often = {key for key, count in heads.items() if count > 1 and count * 2 >= len(pages)}

    def runs(line: Line) -> bool:
        at_edge = not _MARGIN < line.height < 1 - _MARGIN
        return at_edge and (_key(line) in often or bool(_PAGE_NUMBER.fullmatch(line.text)))

    return [[line for line in page if not runs(line)] for page in pages]


def _key(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text)
