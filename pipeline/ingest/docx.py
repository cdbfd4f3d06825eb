"""Word files (DOCX): paragraphs, table rows, fonts run by run, and the file's own title, author and date.

Read straight from the XML inside, which also holds what object models leave out: inserted text under revision,
text boxes, content controls.
"""

import zipfile
from collections.abc import Iterator
from typing import Any

from pipeline.ingest.containers import seekable
from pipeline.ingest.package import part_bytes, tree
from pipeline.ingest.records import as_date, stands_in
from pipeline.ingest.text import check_text
from pipeline.ingest.types import Blob, Budget, Found, Options, RawDocument, Unreadable
from pipeline.text.encodings import font_encoding, unfont, unfont_runs

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CORE = {
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "author": "{http://purl.org/dc/elements/1.1/}creator",
    "created": "{http://purl.org/dc/terms/}created",
}
_BREAKS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}

Run = tuple[str, str | None]


def read(blob: Blob, options: Options) -> Iterator[Found]:
    """One document a file."""
    with zipfile.ZipFile(seekable(blob, options)) as package:
        names = set(package.namelist())
        if "word/document.xml" not in names:
            raise Unreadable("parse", "NotWord", "the file is no Word document: it has no word/document.xml")
        body = _xml(package, "word/document.xml", blob.budget)
        fonts = _style_fonts(_xml(package, "word/styles.xml", blob.budget)) if "word/styles.xml" in names else {}
        core = _core(_xml(package, "docProps/core.xml", blob.budget)) if "docProps/core.xml" in names else {}
    runs = list(_runs(body, fonts))
    texts, encoding = unfont_runs(runs)
    plain = unfont("".join(texts), encoding or "utf-8")
    text = plain.text.strip("\n")
    if not text.strip():
        raise Unreadable("parse", "NoText", "there is no text in the document")
    title = unfont(core.get("title", ""), "").text
    check_text(text, options)
    yield RawDocument(
        blob.name,
        text,
        plain.encoding,
        title=title if title and stands_in(title, text) else None,  # else it is left from a template
        byline=core.get("author"),
        published=as_date(core.get("created")),
    )


def _xml(package: zipfile.ZipFile, name: str, budget: Budget) -> Any:
    """A part of the package as a tree; raises as :func:`pipeline.ingest.package.part_bytes` does."""
    return tree(part_bytes(package, name, budget).replace(_STRICT, _W[1:-1].encode()), name)


def _core(tree: Any) -> dict[str, str]:
    found = {key: (tree.findtext(tag) or "").strip() for key, tag in _CORE.items()}
    return {key: value for key, value in found.items() if value}


def _style_fonts(tree: Any) -> dict[str, str | None]:
    """Style id -> its font, through the styles it is based on; "" is the document's default."""
    styles = {style.get(_W + "styleId"): style for style in tree.iter(_W + "style")}
    default = _font(tree.find(f"{_W}docDefaults/{_W}rPrDefault/{_W}rPr"))
    fonts: dict[str, str | None] = {"": default}
    for name in styles:
        font, style, steps = None, styles[name], 0
        while style is not None and font is None and steps < 20:
            font = _font(style.find(_W + "rPr"))
            based = style.find(_W + "basedOn")
            style, steps = styles.get(based.get(_W + "val")) if based is not None else None, steps + 1
        fonts[name] = font or default
    return fonts


def _font(properties: Any) -> str | None:
    fonts = properties.find(_W + "rFonts") if properties is not None else None
    if fonts is None:
        return None
    return fonts.get(_W + "ascii") or fonts.get(_W + "hAnsi")  # type: ignore[no-any-return]


def _runs(body: Any, fonts: dict[str, str | None]) -> Iterator[Run]:
    """Text and encoding of its font, in document order; table cells stand in one line with " | " between."""
    for paragraph in body.iter(_W + "p"):
        if next(paragraph.iterancestors(_FALLBACK), None) is not None:
            continue  # a second copy of a text box, for old programs
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        name = style.get(_W + "val") if style is not None else ""
        base = fonts.get(name, fonts.get(""))
        for run in paragraph.iter(_W + "r"):
            if next(run.iterancestors(_W + "p")) is paragraph:
                yield _run(run, base, fonts)
        yield (_after(paragraph), None)


def _run(run: Any, base: str | None, fonts: dict[str, str | None]) -> Run:
    properties = run.find(_W + "rPr")
    font = _font(properties) or base
    if properties is not None:
        style = properties.find(_W + "rStyle")
        if style is not None and _font(properties) is None:
            font = fonts.get(style.get(_W + "val")) or base
        if properties.find(_W + "vanish") is not None:
            return ("", None)
    return ("".join(_piece(part) for part in run), font_encoding(font))


def _piece(part: Any) -> str:
    return (part.text or "") if part.tag == _W + "t" else _BREAKS.get(part.tag, "")


def _after(paragraph: Any) -> str:
    """What follows a paragraph: in a table row a bar while there is another cell, else a line end."""
    cell = paragraph.getparent()
    if cell.tag != _W + "tc" or paragraph.getnext() is not None:
        return "\n" if cell.tag != _W + "tc" else " "
    return " | " if cell.getnext() is not None else "\n"
