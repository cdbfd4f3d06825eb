"""PDF files: the text of each page (pypdfium2, :mod:`pipeline.ingest.page` for its order), or what OCR reads on it."""

import ctypes
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any

from pipeline.ingest import ocr
from pipeline.ingest.containers import seekable
from pipeline.ingest.opening import renew_deadline
from pipeline.ingest.own_text import has_text, is_mark, letters_of_their_own
from pipeline.ingest.page import Line, Piece, paragraphs
from pipeline.ingest.page_tables import Shape, lines_and_tables, story, words_of
from pipeline.ingest.records import as_date
from pipeline.ingest.ruled import Found as Table
from pipeline.ingest.text import check_text
from pipeline.ingest.types import Blob, Found, Options, RawDocument, Unreadable
from pipeline.text.broken import doubt

_PAGE_NUMBER = re.compile(r"(?:trang\s*)?[-–—]?\s*\d{1,4}\s*(?:/\s*\d{1,4})?\s*[-–—]?", re.I)
_MARGIN = 0.1
_MAX_PAGES = 2000
_TAIL = 1 << 16
_BLANKS = frozenset(map(ord, " \r\n\t\xa0"))
_PICTURED = 0.3  # of a page's area that a picture of a text covers at least
_DRAWN = 300  # outlines on a page without text: letters that were turned into drawings
_MOST_OBJECTS = 5_000
_LARGEST = 30_000_000  # pixels of a page as a picture
_SLACK = 0.01  # points


@dataclass(slots=True)
class _Read:
    """The lines of each page, and which pages are pictures; ``scanned`` are those that OCR read, from 0."""

    pages: list[list[Line]]
    published: date | None
    pictures: list[int] = field(default_factory=list)
    scanned: dict[int, ocr.Page] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)


def read(blob: Blob, options: Options) -> Iterator[Found]:
    """One document a file: columns in reading order, lines joined to paragraphs, running heads dropped.

    Pages that are pictures are read by OCR where it is there and wanted; else the document says which they are.
    """
    found = _read_pages(blob, options)
    missed = [number for number in found.pictures if number not in found.scanned]
    if missed and not any(found.pages):
        raise Unreadable("parse", "ScannedPdf", f"the PDF is scanned: its pages are pictures without text; {ocr.HOW}")
    warnings = list(ocr.told(list(found.scanned.values()), [number + 1 for number in found.scanned]))
    if missed:
        warnings.append(f"pictures of text that were not read: {ocr.page_list([n + 1 for n in missed])}; {ocr.HOW}")
    told = story(paragraphs(_without_running_heads(found.pages)), found.tables)
    text, tables, encoding = told.finish("unicode")
    check_text(text, options)
    if odd := doubt(text):
        warnings.append(odd)
    yield RawDocument(
        blob.name,
        text,
        ocr.ENCODING if found.scanned else encoding or "unicode",
        published=found.published,
        warnings=tuple(warnings),
        ocr_confidence=ocr.mean_confidence(list(found.scanned.values())),
        tables=tables,
    )


def _read_pages(blob: Blob, options: Options) -> _Read:
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
        found = _Read([], _created(pdf))
        found.pages += [_page_lines(pdf, number, found.tables) for number in range(len(pdf))]
        _read_pictures(pdf, found, options)
        return found
    finally:
        pdf.close()


def _check_end(stream: IO[bytes]) -> None:
    """Refuse a file that is cut off: pdfium would show the pages that are left as if they were all."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _TAIL))
    if b"%%EOF" not in stream.read():
        raise Unreadable("parse", "Truncated", "the PDF ends before its end mark: the file is cut off")
    stream.seek(0)


def _page_lines(pdf: Any, number: int, tables: list[Table]) -> list[Line]:
    page = pdf[number]
    width, height = page.get_size()
    textpage = page.get_textpage()
    try:
        pieces = [piece for piece in _pieces(textpage) if piece.text]
        shapes = list(_shapes(page)) if pieces else []
    finally:
        textpage.close()
        page.close()
    return lines_and_tables(pieces, shapes, number, width, height, tables)


def _shapes(page: Any) -> Iterator[Shape]:
    """Where shapes are drawn on a page."""
    from pypdfium2.raw import FPDF_PAGEOBJ_PATH

    for shape in page.get_objects(filter=[FPDF_PAGEOBJ_PATH]):
        yield shape.get_bounds()


def _pieces(textpage: Any) -> Iterator[Piece]:
    """The stretches of text of a page: pdfium's boxes, each with the letters that lie in it, which come in their order.

    pdfium itself looks through all letters of the page for each box, and gives it those of its neighbours as well.
    """
    boxes = [textpage.get_rect(number) for number in range(textpage.count_rects())]
    units: list[list[int]] = [[] for _ in boxes]
    at = 0
    for code, x, y in _letters(textpage):
        if x is None or y is None:
            units[at : at + 1] = [[*letters, 0x20] for letters in units[at : at + 1]]
            continue
        for number in range(at, min(at + 3, len(boxes))):
            left, bottom, right, top = boxes[number]
            if left - _SLACK <= x <= right + _SLACK and bottom - _SLACK <= y <= top + _SLACK:
                at = number
                break
        if at < len(units):
            units[at].append(code)
    for (left, bottom, right, top), letters in zip(boxes, units, strict=True):
        text = "".join(map(chr, letters)).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        yield Piece(left, bottom, right, top, " ".join(text.split()))


def _letters(textpage: Any) -> Iterator[tuple[int, float | None, float | None]]:
    """Code and middle of each letter of a page; a blank, which pdfium makes up between words, has none."""
    from pypdfium2 import raw

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    places = [ctypes.byref(value) for value in (left, right, bottom, top)]
    for number in range(textpage.count_chars()):
        code = int(raw.FPDFText_GetUnicode(textpage.raw, number))
        if code in _BLANKS:
            yield code, None, None
        elif code and raw.FPDFText_GetCharBox(textpage.raw, number, *places):
            yield code, (left.value + right.value) / 2, (bottom.value + top.value) / 2


def _created(pdf: Any) -> date | None:
    stamp = re.match(r"D:(\d{4})(\d\d)(\d\d)", pdf.get_metadata_value("CreationDate") or "")
    return as_date("-".join(stamp.groups())) if stamp else None


# --- pages that are pictures --------------------------------------------------------------------------------


def _read_pictures(pdf: Any, found: _Read, options: Options) -> None:
    """Find the pages that are pictures, and put what OCR reads on them in place of the little text that they have."""
    own = letters_of_their_own([[words_of(line, found.tables) for line in page] for page in found.pages])
    always = options.ocr == "always"
    found.pictures = [n for n, letters in enumerate(own) if (always or not has_text(letters)) and _is_picture(pdf, n)]
    if not found.pictures:
        return
    if options.ocr == "never" or not ocr.is_there():
        for number in found.pictures:
            if not has_text(own[number]):
                found.pages[number] = []
        found.pictures = [number for number in found.pictures if not has_text(own[number])]
        return
    for number in found.pictures:
        renew_deadline()
        page = ocr.read_picture(_picture(pdf, number), ocr.RESOLUTION, options.max_seconds)
        found.scanned[number] = page
        found.pages[number] = lines_and_tables(page.pieces, (), number, page.width, page.height, found.tables)
    renew_deadline()


def _is_picture(pdf: Any, number: int) -> bool:
    """Whether a page shows a large picture, or its letters are drawings."""
    from pypdfium2 import raw

    page = pdf[number]
    try:
        width, height = page.get_size()
        covered, drawn = 0.0, 0
        for count, item in enumerate(page.get_objects(max_depth=3)):
            if item.type == raw.FPDF_PAGEOBJ_IMAGE:
                left, bottom, right, top = item.get_bounds()
                covered += max(0.0, right - left) * max(0.0, top - bottom)
            drawn += item.type == raw.FPDF_PAGEOBJ_PATH
            if count > _MOST_OBJECTS:
                break
        return covered >= _PICTURED * width * height or drawn >= _DRAWN
    finally:
        page.close()


def _picture(pdf: Any, number: int) -> Any:
    """A page as a picture (``PIL.Image.Image``), at a lower resolution where it is very large."""
    page = pdf[number]
    try:
        width, height = page.get_size()
        scale = min(ocr.RESOLUTION / 72, (_LARGEST / max(1.0, width * height)) ** 0.5)
        return page.render(scale=scale).to_pil()
    finally:
        page.close()


def _without_running_heads(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """Pages without their numbers, lines at the edge of at least half of several pages, and marks of libraries."""
    edge = [[line for line in page if not _MARGIN < line.height < 1 - _MARGIN] for page in pages]
    heads = Counter(key for lines in edge for key in {_key(line) for line in lines})
    often = {key for key, count in heads.items() if count > 1 and count * 2 >= len(pages)}

    marks = Counter(_key(line) for page in pages for line in page if is_mark(line.text))

    def runs(line: Line) -> bool:
        if marks[_key(line)] > 1:
            return True
        at_edge = not _MARGIN < line.height < 1 - _MARGIN
        return at_edge and (_key(line) in often or bool(_PAGE_NUMBER.fullmatch(line.text)))

    return [[line for line in page if not runs(line)] for page in pages]


def _key(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text)
