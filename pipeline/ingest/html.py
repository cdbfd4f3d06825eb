"""HTML pages: the article with its headline, author and date, without menus and comments (trafilatura)."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline.ingest.records import as_date, with_title
from pipeline.ingest.text import check_text, read_all
from pipeline.ingest.types import Blob, Found, Options, RawDocument, Unreadable
from pipeline.text.encodings import Decoded, UndecodableError, decode, font_encoding, unfont, unfont_runs

_OLD_FONT = re.compile(r"(?i)[\"':;,\s](?:\.vn|vni)[\w-]")
_FAMILY = re.compile(r"(?i)font(?:-family)?\s{0,8}:([^;}]{1,200})")
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,4000})\}")
_CLASS = re.compile(r"\.([\w-]{1,100})")


def read(blob: Blob, options: Options) -> Iterator[Found]:
    """The article of one page."""
    data = read_all(blob, replace(options, max_document_bytes=options.max_record_bytes))
    if not data.strip(b"\x00"):
        raise Unreadable("decode", "OnlyZeros", "the file holds nothing but zero bytes")
    yield article(blob.name, decode_page(data), options)


def decode_page(data: bytes) -> Decoded:
    """Decode a page; a broken byte in a menu must not cost the article, so what is broken is replaced."""
    try:
        return decode(data, keep_fonts=True)
    except UndecodableError:
        return Decoded(data.decode("utf-8", "replace"), "utf-8", ("bytes that are no UTF-8 were replaced",))


def article(name: str, page: Decoded, options: Options) -> RawDocument:
    """The main text of a decoded page with its metadata.

    Raises:
        Unreadable: there is no text in the page.
    """
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what is wrong is said in the reject
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    tree, fonts = _parse(page.text)
    found: Any = trafilatura.bare_extraction(
        tree,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    title, byline, published, url = (None,) * 4
    text = (found.text or "") if found else ""
    if found:
        title, byline, url = found.title or None, found.author or None, found.url or None
        published = as_date(found.date)
    if not text.strip():
        text = trafilatura.html2txt(_parse(page.text)[0])
    if not text.strip():
        raise Unreadable("parse", "NoText", "there is no text in the page")
    plain = unfont(with_title(title, text), fonts or page.encoding)
    check_text(plain.text, options)
    title = unfont(title, "").text if title else None
    encoding = plain.encoding if plain.encoding != "utf-8" else page.encoding
    return RawDocument(name, plain.text, encoding, title, byline, published, url, page.warnings)


def _parse(text: str) -> tuple[Any, str | None]:
    """The tree of a page with text in old fonts converted, and the encoding of these fonts."""
    from lxml import html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    data = text.replace("\x00", "").encode("utf-8", "replace")
    try:
        tree = html.document_fromstring(data, parser=parser)
    except html.etree.ParserError as error:
        raise Unreadable("parse", "NoText", "there is no text in the page") from error
    return tree, _convert_fonts(tree) if _OLD_FONT.search(text) else None


def _convert_fonts(tree: Any) -> str | None:
    """Convert the text under each old font; returns the encoding found."""
    classes = _font_classes(tree)
    fonts: dict[Any, str | None] = {}
    places: list[tuple[Any, str]] = []
    runs: list[tuple[str, str | None]] = []
    for element in tree.iter():
        parent = element.getparent()
        above = fonts.get(parent) if parent is not None else None
        own = _font_of(element, classes)
        fonts[element] = font_encoding(own) if own else above
        if element.tag in ("style", "script"):
            continue
        if element.text:
            places.append((element, "text"))
            runs.append((element.text, fonts[element]))
        if element.tail:
            places.append((element, "tail"))
            runs.append((element.tail, above))
    texts, encoding = unfont_runs(runs)
    for (element, where), text in zip(places, texts, strict=True):
        setattr(element, where, text)
    return encoding


def _font_of(element: Any, classes: dict[str, str]) -> str | None:
    family = _FAMILY.search(element.get("style") or "")
    if family:
        return family[1]
    if element.get("face"):
        return str(element.get("face"))
    names = (element.get("class") or "").split()
    return next((classes[name] for name in names if name in classes), None)


def _font_classes(tree: Any) -> dict[str, str]:
    """Class -> font, from the style sheets inside the page."""
    classes: dict[str, str] = {}
    for style in tree.iter("style"):
        for selectors, body in _RULE.findall((style.text or "")[:200_000]):
            family = _FAMILY.search(body)
            if family:
                classes |= dict.fromkeys(_CLASS.findall(selectors), family[1])
    return classes
