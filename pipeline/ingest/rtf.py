"""Rich Text Format: striprtf for the text, the control words of rows and cells for its tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.ingest.story import Box, Story
from pipeline.ingest.text import check_text, read_all
from pipeline.ingest.types import Blob, Found, Options, RawDocument, Unreadable

_ROW, _CELL, _END = "\ue001", "\ue002", "\ue003"  # marks that go through striprtf like letters
_MARKS = {"trowd": _ROW, "cell": _CELL, "row": _END}
_CONTROL = re.compile(r"\\(trowd|row|cell)(?![a-z\d])")
_DEFINES = re.compile(r"\\(?:(trowd|row|clvmgf|clvmrg|clmgf|clmrg)(?![a-z\d])|cellx(-?\d{1,9}))")
_TABLE = re.compile(rf"{_ROW}[^{_END}]*{_END}(?:\s*{_ROW}[^{_END}]*{_END})*")
_NEAR = 60  # twentieths of a point by which the edges of one column may differ


@dataclass(frozen=True, slots=True)
class _Edge:
    """A cell as its row defines it: where it ends, and whether it goes on with the one above or before it."""

    right: int
    below: bool
    beside: bool


def read(blob: Blob, options: Options) -> Iterator[Found]:
    """One document a file. Bytes are in the code page that the file names; old fonts are told by how they read."""
    from striprtf.striprtf import rtf_to_text

    data = read_all(blob, replace(options, max_document_bytes=options.max_record_bytes)).decode("latin-1")
    if data.count("{") != data.count("}") and not data.rstrip("\x00 \r\n").endswith("}"):
        raise Unreadable("parse", "Truncated", "the RTF ends before its last bracket: the file is cut off")
    marked = _CONTROL.sub(lambda m: rf"{{\uc1\u{ord(_MARKS[m[1]])}?}}", data)
    told: str = rtf_to_text(marked, encoding="cp1252", errors="replace")
    story = _story(told, list(_rows(data)))
    fallback = "windows-1258" if "\\ansicpg1258" in data or "\\fcharset163" in data else "unicode"
    text, tables, encoding = story.finish(fallback)
    check_text(text, options)
    yield RawDocument(blob.name, text, encoding or fallback, tables=tables)


def _rows(data: str) -> Iterator[list[_Edge]]:
    """The cells of each row of the file, as the definition before its end has them."""
    edges: list[_Edge] = []
    flags: set[str] = set()
    for m in _DEFINES.finditer(data):
        if m[1] == "trowd":
            edges, flags = [], set()
        elif m[1] == "row":
            yield edges
        elif m[1]:
            flags.add(m[1])
        else:
            edges.append(_Edge(int(m[2]), "clvmrg" in flags, "clmrg" in flags))
            flags = set()


def _story(told: str, rows: list[list[_Edge]]) -> Story:
    """The paragraphs and tables of the text that striprtf gives, with the marks in it."""
    story = Story()
    at = number = 0
    for m in _TABLE.finditer(told):
        story.paragraph([(_bare(told[at : m.start()]), None)])
        at = m.end()
        texts = [[_bare(cell) for cell in row.split(_CELL)[:-1]] for row in m[0].split(_END)[:-1]]
        story.table(_boxes(texts, rows[number : number + len(texts)]))
        number += len(texts)
    story.paragraph([(_bare(told[at:]), None)])
    return story


def _bare(text: str) -> str:
    return re.sub(f"[{_ROW}{_CELL}{_END}]", "", text).strip("\n")


def _boxes(texts: list[list[str]], rows: list[list[_Edge]]) -> list[Box]:
    """The cells in the grid that the edges of all rows make."""
    places: list[int] = []
    for right in sorted(edge.right for row in rows for edge in row):
        if not places or right - places[-1] > _NEAR:
            places.append(right)
    boxes: list[Box] = []
    open_: dict[int, int] = {}  # column -> the number of the box that goes on below
    for r, words in enumerate(texts):
        edges = rows[r] if r < len(rows) and len(rows[r]) >= len(words) else []
        columns = [sum(place + _NEAR < edge.right for place in places) for edge in edges] or list(range(len(words)))
        starts = [0, *(c + 1 for c in columns)]
        for i, (start, after) in enumerate(pairwise(starts[: len(words) + 1])):
            if edges and edges[i].below and start in open_:
                first = boxes[open_[start]]
                boxes[open_[start]] = replace(first, row_span=r - first.row + 1)
            elif edges and edges[i].beside and boxes and boxes[-1].row == r:
                boxes[-1] = replace(boxes[-1], column_span=boxes[-1].column_span + after - start)
            else:
                open_[start] = len(boxes)
                boxes.append(Box(r, start, 1, max(1, after - start), [(words[i], None)]))
    return boxes
