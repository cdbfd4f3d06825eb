"""OpenDocument texts (ODT): headings, paragraphs, lists and tables, the file's own title, author and date.

The elements are those of OASIS OpenDocument 1.2, part 1. Deleted text under revision, notes and remarks are left out.
"""

from collections.abc import Iterator
from typing import Any

from pipeline.ingest.containers import seekable
from pipeline.ingest.package import office_file, part_tree
from pipeline.ingest.records import as_date, stands_in
from pipeline.ingest.text import check_text
from pipeline.ingest.types import TABLE_MARK, Blob, Found, Options, RawCell, RawDocument, RawTable, Unreadable
from pipeline.text.encodings import unfont

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_DUBLIN = "{http://purl.org/dc/elements/1.1/}"
_PARAGRAPHS = frozenset({_TEXT + "p", _TEXT + "h"})
_LEFT_OUT = frozenset({_TEXT + "tracked-changes", _TEXT + "note", _OFFICE + "annotation", _TEXT + "sequence-decls"})
_BLANKS = {_TEXT + "tab": "\t", _TEXT + "line-break": "\n", _TEXT + "s": " "}
_MOST_REPEATS = 100


def read(blob: Blob, options: Options) -> Iterator[Found]:
    """One document a file."""
    with office_file(seekable(blob, options)) as package:
        content = part_tree(package, "content.xml", blob.budget)
        names = set(package.namelist())
        if "META-INF/manifest.xml" in names and _is_locked(part_tree(package, "META-INF/manifest.xml", blob.budget)):
            raise Unreadable("open", "Encrypted", "the document is protected by a password")
        meta = part_tree(package, "meta.xml", blob.budget) if "meta.xml" in names else None
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise Unreadable("parse", "NotText", "the OpenDocument file holds no text")
    lines: list[str] = []
    tables: list[RawTable] = []
    _walk(body, lines, tables)
    plain = unfont("\n".join(lines).strip("\n"), "unicode")
    if not tables:
        check_text(plain.text, options)
    title = _about(meta, _DUBLIN + "title")
    yield RawDocument(
        blob.name,
        plain.text,
        plain.encoding,
        title=title if title and stands_in(title, plain.text) else None,  # else it is left from a template
        byline=_about(meta, _META + "initial-creator") or _about(meta, _DUBLIN + "creator"),
        published=as_date(_about(meta, _META + "creation-date")),
        tables=tuple(tables),
    )


def _is_locked(manifest: Any) -> bool:
    return any(entry.tag.endswith("}encryption-data") for entry in manifest.iter())


def _about(meta: Any, tag: str) -> str | None:
    found = next(meta.iter(tag), None) if meta is not None else None
    return ((found.text or "").strip() or None) if found is not None else None


def _walk(element: Any, lines: list[str], tables: list[RawTable]) -> None:
    """The lines and tables below an element, in their order. Tables in cells are read as their lines."""
    for child in element:
        if child.tag in _PARAGRAPHS:
            lines += _paragraph(child).split("\n")
        elif child.tag == _TABLE + "table":
            lines.append(f"{TABLE_MARK}{len(tables)}")
            tables.append(_table(child))
        elif child.tag not in _LEFT_OUT:
            _walk(child, lines, tables)


def _paragraph(element: Any) -> str:
    text = element.text or ""
    for child in element:
        if child.tag in _BLANKS:
            text += _BLANKS[child.tag]
        elif child.tag in _PARAGRAPHS:  # in a frame
            text += "\n" + _paragraph(child) + "\n"
        elif child.tag not in _LEFT_OUT:
            text += _paragraph(child)
        text += child.tail or ""
    return text


def _table(table: Any) -> RawTable:
    cells = []
    number = 0
    for row in table.iter(_TABLE + "table-row"):
        if next(row.iterancestors(_TABLE + "table")) is not table:
            continue
        column = 0
        for cell in row:
            times = min(_count(cell, "number-columns-repeated"), _MOST_REPEATS)
            if cell.tag == _TABLE + "table-cell":
                text = "\n".join(_paragraph(p) for p in cell.iter(*_PARAGRAPHS) if _paragraph_of(p) is None)
                spans = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
                cells += [RawCell(text, number, column + i, *spans) for i in range(times)]
            column += times
        number += 1
    return RawTable(tuple(cells))


def _paragraph_of(element: Any) -> Any:
    """The paragraph in whose frame a paragraph stands, which is read with it."""
    return next((e for e in element.iterancestors() if e.tag in _PARAGRAPHS), None)


def _count(cell: Any, name: str) -> int:
    value = cell.get(_TABLE + name) or ""
    return max(1, min(int(value), 10_000)) if value.isdigit() else 1
