"""Word files (DOCX): paragraphs, tables, fonts run by run, and the file's own title, author and date.

Read straight from the XML inside, which also holds what object models leave out: inserted text under revision,
text boxes, content controls.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline.ingest.containers import seekable
from pipeline.ingest.package import office_file, part_bytes, tree
from pipeline.ingest.records import as_date, stands_in
from pipeline.ingest.story import Box, Run, Story
from pipeline.ingest.text import check_text
from pipeline.ingest.types import Blob, Budget, Found, Options, RawDocument, Unreadable
from pipeline.text.encodings import font_encoding, unfont

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CORE = {
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "author": "{http://purl.org/dc/elements/1.1/}creator",
    "created": "{http://purl.org/dc/terms/}created",
}
Fonts = dict[str, str | None]
"""Style id -> the font of its text."""

_WIDEST = 1000  # columns of a grid; a larger span is a mistake
_BREAKS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}


def read(blob: Blob, options: Options) -> Iterator[Found]:
    """One document a file."""
    with office_file(seekable(blob, options)) as package:
        names = set(package.namelist())
        if "word/document.xml" not in names:
            raise Unreadable("parse", "NotWord", "the file is no Word document: it has no word/document.xml")
        body = _xml(package, "word/document.xml", blob.budget)
        fonts = _style_fonts(_xml(package, "word/styles.xml", blob.budget)) if "word/styles.xml" in names else {}
        core = _core(_xml(package, "docProps/core.xml", blob.budget)) if "docProps/core.xml" in names else {}
    story = Story()
    _tell(body, fonts, story)
    text, tables, encoding = story.finish()
    if not (text.strip() and any(text.strip() for text, _ in story.runs)):
        raise Unreadable("parse", "NoText", "there is no text in the document")
    title = unfont(core.get("title", ""), "").text
    check_text(text, options)
    yield RawDocument(
        blob.name,
        text,
        encoding or "utf-8",
        title=title if title and stands_in(title, text) else None,  # else it is left from a template
        byline=core.get("author"),
        published=as_date(core.get("created")),
        tables=tables,
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


def _tell(holder: Any, fonts: Fonts, story: Story) -> None:
    """Add the paragraphs and tables of a part of the document to the story, text boxes behind their paragraph."""
    for part in holder:
        if part.tag == _W + "p":
            story.paragraph(list(_runs(part, fonts)))
            for box in part.iter(_W + "txbxContent"):  # outermost first; one inside another is told with it
                if _owner(box, _W + "p") is part and next(box.iterancestors(_FALLBACK), None) is None:
                    _tell(box, fonts, story)
        elif part.tag == _W + "tbl":
            _table(part, fonts, story)
        elif part.tag != _FALLBACK:  # content controls, revisions
            _tell(part, fonts, story)


def _owner(part: Any, tag: str) -> Any:
    return next(part.iterancestors(tag), None)


def _table(table: Any, fonts: Fonts, story: Story) -> None:
    """Add a table; one that holds others is a frame around them, and its cells are paragraphs."""
    rows = [row for row in table.iter(_W + "tr") if _owner(row, _W + "tbl") is table]
    rows = [row for row in rows if row.find(f"{_W}trPr/{_W}del") is None]
    cells = [[cell for cell in row.iter(_W + "tc") if _owner(cell, _W + "tr") is row] for row in rows]
    if any(cell.find(f".//{_W}tbl") is not None for row in cells for cell in row):
        for row in cells:
            for cell in row:
                _tell(cell, fonts, story)
        return
    story.table(_boxes(rows, cells, fonts))


def _boxes(rows: list[Any], cells: list[list[Any]], fonts: Fonts) -> list[Box]:
    """The cells of a table in its grid; those merged into the cell above or before add their text to it."""
    boxes: list[Box] = []
    above: dict[int, int] = {}  # column -> the number of the box that goes on there
    for r, (row, parts) in enumerate(zip(rows, cells, strict=True)):
        column = _number(row, f"{_W}trPr/{_W}gridBefore", 0)
        for cell in parts:
            width = _number(cell, f"{_W}tcPr/{_W}gridSpan", 1)
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merge is not None and merge.get(_W + "val", "continue") == "continue" and column in above
            if goes_on:
                first = boxes[above[column]]
                boxes[above[column]] = replace(
                    first, row_span=r - first.row + 1, runs=first.runs + _inside(cell, fonts)
                )
            else:
                above.pop(column, None)
                if merge is not None:
                    above[column] = len(boxes)
                boxes.append(Box(r, column, 1, width, _inside(cell, fonts)))
            column += width
    return boxes


def _number(part: Any, path: str, default: int) -> int:
    found = part.find(path)
    value = found.get(_W + "val", "") if found is not None else ""
    return min(int(value), _WIDEST) if value.isdigit() else default


def _inside(cell: Any, fonts: Fonts) -> list[Run]:
    """The text of a cell, its paragraphs in lines."""
    runs: list[Run] = []
    for paragraph in cell.iter(_W + "p"):
        if next(paragraph.iterancestors(_FALLBACK), None) is None:
            own = list(_runs(paragraph, fonts))
            if any(text.strip() for text, _ in own):
                runs += [("\n", None)] * bool(runs) + own
    return runs


def _runs(paragraph: Any, fonts: Fonts) -> Iterator[Run]:
    """Text and encoding of its font, in document order."""
    if next(paragraph.iterancestors(_FALLBACK), None) is not None:
        return  # a second copy of a text box, for old programs
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    name = style.get(_W + "val") if style is not None else ""
    base = fonts.get(name, fonts.get(""))
    for run in paragraph.iter(_W + "r"):
        if _owner(run, _W + "p") is paragraph:
            yield _run(run, base, fonts)


def _run(run: Any, base: str | None, fonts: Fonts) -> Run:
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
