"""The tables of pages in their places among the lines: a mark where each stands, and those that go on joined."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.ingest import aligned, ruled
from pipeline.ingest.page import Line, Piece, lines_of
from pipeline.ingest.ruled import Found
from pipeline.ingest.story import Story
from pipeline.ingest.types import TABLE_MARK

_SHIFT = 6.0  # points by which the columns of one table may differ on two pages

Shape = tuple[float, float, float, float]
"""Where something is drawn: left, bottom, right, top, in points."""


def lines_and_tables(
    pieces: Sequence[Piece], shapes: Iterable[Shape], page: int, width: float, height: float, tables: list[Found]
) -> list[Line]:
    """The lines of a page in reading order, with a mark where each of its tables stands, which go to ``tables``.

    Drawn lines make tables; where there are none, words that stand in columns do.
    """
    found = ruled.tables_of(pieces, ruled.rules_of(shapes, width, height)) or aligned.tables_of(pieces)
    inside = {i for table in found for i in table.pieces}
    rest = [piece for i, piece in enumerate(pieces) if i not in inside]
    lines: list[Line] = []
    for table in found:
        lines += lines_of([p for p in rest if p.middle > table.top], page, width, height)
        rest = [p for p in rest if p.middle <= table.top]
        lines.append(_mark(len(tables), table, page, height))
        tables.append(table)
    return lines + lines_of(rest, page, width, height)


def _mark(number: int, table: Found, page: int, height: float) -> Line:
    text, middle = f"{TABLE_MARK}{number}", (table.top + table.bottom) / 2
    return Line(0.0, 0.0, table.top, 0.0, text, middle / height if height else 0.5, (page, -1 - number), (0.0, 0.0))


def words_of(line: Line, tables: Sequence[Found]) -> str:
    """What a line prints, a table for its mark."""
    if not line.text.startswith(TABLE_MARK):
        return line.text
    boxes = tables[int(line.text[len(TABLE_MARK) :])].boxes
    return " ".join(text for box in boxes for text, _ in box.runs)


def story(texts: Iterable[str], tables: Sequence[Found]) -> Story:
    """The paragraphs with their tables; one that goes on at the top of the next page is one with it."""
    parts: list[str | Found] = []
    for text in texts:
        if not text.startswith(TABLE_MARK):
            parts.append(text)
            continue
        found, before = tables[int(text[len(TABLE_MARK) :])], parts[-1] if parts else ""
        if isinstance(before, Found) and _goes_on(before, found):
            found = _joined(before, found)
            parts.pop()
        parts.append(found)
    told = Story()
    for part in parts:
        if isinstance(part, str):
            told.paragraph([(part, None)])
        else:
            told.table(part.boxes)
    return told


def _goes_on(before: Found, found: Found) -> bool:
    """Whether a table has the columns of the one right before it."""
    return len(before.columns) == len(found.columns) and all(
        abs(a - b) <= _SHIFT for a, b in zip(before.columns, found.columns, strict=True)
    )


def _joined(before: Found, found: Found) -> Found:
    below = max(box.row + box.row_span for box in before.boxes)
    return replace(found, boxes=[*before.boxes, *(replace(box, row=box.row + below) for box in found.boxes)])
