"""What the lines around a table say for all of its rows: unit, kind, programme, year."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rules.layout import Layout, Span, Table
from rules.project.attributes import programmes_in
from rules.table import units
from rules.table.units import Unit
from rules.table.words import found, pattern

_REACH = 8  # lines above a table in which its caption may stand
_LONGEST = 300  # code points of a line of a caption
_HEAD = 24  # first lines of a document that may be its title
_SENTENCE = 60  # code points
_NO_TITLE = pattern(r"\s*(?:{number}\s*:|{no_title}|{article}\s\d|[^,]{2,30},\s*{day}\s)", re.IGNORECASE)
_DIGITS = re.compile(r"(?:19|20)\d\d")
_ENDS = (".", ";", "!", "?", "./.")
_ANNEXED = pattern(r"{day}\s+\d{1,2}\s+{month}\s+\d{1,2}\s+{year}\s+\d{4}|\(?\s*{annexed}[^)]*\)?", re.IGNORECASE)
_YEAR = pattern(r"(?<!\w){year}\s+((?:19|20)\d\d)(?!\s?[-–]\s?(?:19|20)?\d\d)(?!\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for the rows of a table that do not say otherwise. ``captions`` are the lines that say so,
    ``titles`` those of the document.

    Where the caption names no programme and no year, the title of the document does.
    """

    captions: tuple[Span, ...]
    titles: tuple[Span, ...]
    unit: Unit | None
    kind: str | None
    programme: str | None
    year: int | None


def around(layout: Layout, table: Table, inside: Sequence[Span]) -> Context:
    """The context of a table; ``inside`` are title rows of the table itself."""
    lines = [*_above(layout, table), *inside]
    text = layout.text
    unit = next((u for a, b in reversed(lines) if (u := units.above(text[a:b]))), None)
    captions = tuple(lines)
    title = _title(layout, table)
    programme, year = programme_of(text, captions), year_of(text, captions)
    if programme is None and not any(programmes_in(text, a, b) for a, b in captions):
        programme = programme_of(text, title)
    if year is None and not any(_DIGITS.search(text, a, b) for a, b in captions):
        year = year_of(text, title)
    return Context(captions, tuple(title), unit, kind_of(text, captions), programme, year)


def _title(layout: Layout, table: Table) -> list[Span]:
    """The lines of the document's title: those of its first ones that are no sentences, no dates and no addresses."""
    lines = [layout.title] if layout.title else []
    first = layout.tables[0]
    other = _above(layout, first) if first != table else []  # captions of a table before are no titles
    lines = [line for line in lines if line not in other]
    for a, b in layout.paragraphs[:_HEAD]:
        line = layout.text[a:b]
        if a >= first.start or (line.endswith(".") and b - a > _SENTENCE):
            break
        if not line.endswith((";", ",", ".")) and not _NO_TITLE.match(line) and (a, b) not in (*lines, *other):
            lines.append((a, b))
    return lines


def _above(layout: Layout, table: Table) -> list[Span]:
    """The lines of the caption above a table, in text order: none that ends a sentence, none beyond another table."""
    last = layout.paragraph_at(table.start)
    lines: list[Span] = []
    stop = max((t.end for t in layout.tables if t.end <= table.start), default=-1)
    for a, b in reversed(layout.paragraphs[max(0, last - _REACH) : last]):
        if a < stop:
            break
        line = layout.text[a:b]
        said = units.above(line) is not None
        if not said and (b - a > _LONGEST or line.endswith(_ENDS)):
            break
        lines.insert(0, (a, b))
    return lines


def kind_of(text: str, spans: Sequence[Span]) -> str | None:
    """The kind that the first noun for undertakings names."""
    for a, b in spans:
        if kinds := found("kinds", _ANNEXED.sub(" ", text[a:b]).lower()):
            return kinds[0][1]
    return None


def programme_of(text: str, spans: Sequence[Span]) -> str | None:
    """The one programme that the lines name; None where they name two, or leave open whose it is."""
    slugs = {slug for a, b in spans for _, slug in programmes_in(text, a, b)}
    return slugs.pop() if len(slugs) == 1 and "open" not in slugs else None


def year_of(text: str, spans: Sequence[Span]) -> int | None:
    """The one year of the lines ("năm 2024"); None where they name several; a period beside it does not count."""
    joined = " ".join(_ANNEXED.sub(" ", text[a:b]) for a, b in spans)
    years = {int(m[1]) for m in _YEAR.finditer(joined)}
    return years.pop() if len(years) == 1 else None
