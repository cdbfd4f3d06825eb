"""Pictures of pages (PNG, JPEG, TIFF of one page or several): what OCR reads on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.ingest import ocr
from pipeline.ingest.containers import seekable
from pipeline.ingest.opening import renew_deadline
from pipeline.ingest.page import lines_of, paragraphs
from pipeline.ingest.text import check_text
from pipeline.ingest.types import Blob, Found, Options, RawDocument, Unreadable
from pipeline.text.broken import doubt

_MOST_PAGES = 2000
_MOST_PIXELS = 120_000_000  # of one page
_WIDTH = 8.27  # inches of a page of A4, where a picture does not say its resolution
_LEAST, _MOST = 70, 1200  # dots an inch that a picture may say of itself and be believed
_LARGEST = 3600  # pixels across that are read; more is made smaller
_COARSE = 130  # dots an inch, of which less is made larger: tesseract looks for letters of some size


@dataclass(frozen=True, slots=True)
class _Shot:
    """A page, and its resolution in dots an inch."""

    picture: Any
    resolution: float


def read(blob: Blob, options: Options) -> Iterator[Found]:
    """One document a file, however many pages it has."""
    from PIL import Image, UnidentifiedImageError

    if not ocr.is_there():
        raise Unreadable("parse", "NoOcr", f"it is a picture; {ocr.HOW}")
    pages: list[ocr.Page] = []
    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and is checked before anything is unpacked
    try:
        with Image.open(seekable(blob, options)) as picture:
            for shot in _shots(picture):
                renew_deadline()
                pages.append(ocr.read_picture(shot.picture, shot.resolution, options.max_seconds))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, EOFError) as error:
        raise Unreadable("parse", "BadPicture", f"the picture is damaged or cut off: {error}") from error
    renew_deadline()
    lines = [lines_of(list(page.pieces), number, page.width, page.height) for number, page in enumerate(pages)]
    text = "\n".join(paragraphs(lines))
    check_text(text, options)
    odd = doubt(text)
    warnings = (*ocr.told(pages, range(1, len(pages) + 1)), *([odd] if odd else []))
    confidence = ocr.mean_confidence(pages)
    yield RawDocument(blob.name, text, ocr.ENCODING, warnings=warnings, ocr_confidence=confidence)


def _shots(picture: Any) -> Iterator[_Shot]:
    """The pages of a picture, as they are to be looked at."""
    from PIL import ImageOps

    count = getattr(picture, "n_frames", 1)
    if count > _MOST_PAGES:
        raise Unreadable("parse", "PageLimit", f"a picture of more than {_MOST_PAGES:,} pages is not read")
    for number in range(count):
        picture.seek(number)
        if picture.width * picture.height > _MOST_PIXELS:
            raise Unreadable("parse", "SizeLimit", f"a picture of more than {_MOST_PIXELS:,} pixels is not read")
        page = ImageOps.exif_transpose(picture)
        resolution = _resolution(page)
        scale = ocr.RESOLUTION / resolution if resolution < _COARSE else 1.0
        scale = min(scale, _LARGEST / max(page.size))
        if scale != 1.0:
            page = page.resize((round(page.width * scale), round(page.height * scale)))
            resolution *= scale
        yield _Shot(page, resolution)


def _resolution(page: Any) -> float:
    """Dots an inch: what the picture says where that can be, else those of a page of A4 that it fills."""
    said = page.info.get("dpi", (0, 0))[0]
    guessed = min(page.size) / _WIDTH
    return float(said if _LEAST <= said <= _MOST and said >= guessed / 2 else max(_LEAST, guessed))
