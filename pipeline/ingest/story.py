"""A document as it is read: paragraphs and tables in their order, as runs of text with the encodings of their fonts.

Old fonts are told by the whole text, so the words of the cells must be judged with all others, and come apart again
afterwards.
"""

from dataclasses import dataclass, field

from pipeline.ingest.types import TABLE_MARK, RawCell, RawTable
from pipeline.text.encodings import unfont, unfont_runs

Run = tuple[str, str | None]
"""Text, and the encoding that the name of its font stands for."""

_TABLE, _CELL = "\x1e", "\x1f"  # around the cells of a table, between two of them; no XML and no RTF holds them
_STRIPPED = str.maketrans("", "", _TABLE + _CELL + TABLE_MARK)


@dataclass(frozen=True, slots=True)
class Box:
    """A cell as it is read: where it lies in the grid, and the runs of its text."""

    row: int
    column: int
    row_span: int
    column_span: int
    runs: list[Run]


@dataclass(slots=True)
class Story:
    """What was read so far.

    >>> story = Story()
    >>> story.paragraph([("Phụ lục", None)])
    >>> story.table([Box(0, 0, 1, 1, [("Đề án", None)]), Box(0, 1, 1, 1, [("12", None)])])
    >>> text, tables, encoding = story.finish()
    >>> text, tables[0].cells[1].text, encoding
    ('Phụ lục\\n\\x1d0', '12', None)
    """

    runs: list[Run] = field(default_factory=list)
    grids: list[list[Box]] = field(default_factory=list)

    def paragraph(self, runs: list[Run]) -> None:
        """Add a paragraph."""
        self.runs += [*((text.translate(_STRIPPED), font) for text, font in runs), ("\n", None)]

    def table(self, boxes: list[Box]) -> None:
        """Add a table."""
        boxes = sorted(boxes, key=lambda b: (b.row, b.column))
        self.grids.append(boxes)
        for number, box in enumerate(boxes):
            self.runs.append((f"{_CELL if number else _TABLE}\n", None))
            self.paragraph(box.runs)
        self.runs.append((f"{_TABLE}\n", None))

    def finish(self, fallback: str = "utf-8") -> tuple[str, tuple[RawTable, ...], str | None]:
        """The text in Unicode with a mark where each table stands, the tables, and the old encoding that was found."""
        texts, encoding = unfont_runs(self.runs)
        plain = unfont("".join(texts), encoding or fallback)
        parts = plain.text.split(_TABLE)
        tables = [
            RawTable(
                tuple(
                    RawCell(text.strip("\n"), b.row, b.column, b.row_span, b.column_span)
                    for b, text in zip(grid, cells.split(_CELL), strict=True)
                )
            )
            for grid, cells in zip(self.grids, parts[1::2], strict=True)
        ]
        parts[1::2] = [f"{TABLE_MARK}{number}" for number in range(len(tables))]
        return "".join(parts).strip("\n"), tuple(tables), None if plain.encoding == fallback else plain.encoding
