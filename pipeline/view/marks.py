"""The text with its facts as nested ``<mark>`` elements.

The labels beside a mark are empty elements whose words the style sheet draws, so that the text of the HTML is
letter by letter the text of the report: searching and copying work.
"""

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

from pipeline.tables.schema import FACTS
from pipeline.view import numbers
from pipeline.view.labels import LANGUAGES, label
from pipeline.view.reports import Report, Row, touching
from rules.layout import Span

SEPARATOR = " | "
"""What divides the cells of a table's row in the text."""

_ORDER = {name: place for place, name in enumerate(("projects", "beneficiaries", "locations", "amounts"))}


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of the text, and HTML: what opens it, what hovering tells, the label at its end."""

    start: int
    end: int
    opening: str
    tip: str
    label: str


def marked(report: Report, start: int = 0, end: int | None = None, focus: str | None = None) -> str:
    """The text from ``start`` to ``end`` as one ``<p>`` a paragraph; the fact with the key ``focus`` stands out."""
    end = len(report.text) if end is None else end
    marks = [
        _mark(report, table, row, focus)
        for table, row in sorted(_facts(report, start, end), key=lambda fact: _outer_first(*fact))
    ]
    headline = report.document.get("title")
    pieces = []
    waiting, inside = deque(marks), list[Mark]()
    for lines in _blocks(report.text, start, end):
        first, last = lines[0][0], lines[-1][1]
        while waiting and waiting[0].start < last:
            inside.append(waiting.popleft())
        inside = [mark for mark in inside if mark.end > first]
        if len(lines) > 1:
            pieces.append(_table(report.text, inside, lines))
            continue
        kind = ' class="headline"' if first == 0 and headline and report.text.startswith(headline) else ""
        pieces.append(f'<p{kind} data-at="{first}">{"".join(_nested(report.text, inside, first, last))}</p>')
    return "\n".join(pieces)


def _blocks(text: str, start: int, end: int) -> Iterator[list[Span]]:
    """Paragraphs, each alone; the lines of a table together."""
    rows: list[Span] = []
    for first, last in _paragraphs(text, start, end):
        if SEPARATOR in text[first:last]:
            rows.append((first, last))
            continue
        yield from _rows_of(rows)
        rows = []
        yield [(first, last)]
    yield from _rows_of(rows)


def _rows_of(rows: list[Span]) -> Iterator[list[Span]]:
    if len(rows) > 1:
        yield rows
    else:
        yield from ([row] for row in rows)


def _table(text: str, marks: Sequence[Mark], rows: Sequence[Span]) -> str:
    """Lines of cells as a table; what divides the cells stays in the text, unseen."""
    lines = []
    for first, last in rows:
        cells, at = [], first
        while at <= last:
            stop = text.find(SEPARATOR, at, last)
            stop = last if stop < 0 else stop
            inside = [mark for mark in marks if mark.end > at and mark.start < stop]
            divider = f'<span class="sep">{SEPARATOR}</span>' if stop < last else ""
            cells.append(f'<td data-at="{at}">{"".join(_nested(text, inside, at, stop))}{divider}</td>')
            at = stop + len(SEPARATOR) if stop < last else last + 1
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f'<div class="table" tabindex="0" role="group"><table>{"".join(lines)}</table></div>'


def _facts(report: Report, start: int, end: int) -> Iterator[tuple[str, Row]]:
    for table in FACTS:
        for row in touching(report.facts[table], start, end):
            yield table, row


def _outer_first(table: str, row: Row) -> tuple[int, int, int]:
    return row["start"], -row["end"], _ORDER[table]


def _paragraphs(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        if stop > start:
            yield start, stop
        start = stop + 1


def _nested(text: str, marks: Sequence[Mark], start: int, end: int) -> Iterator[str]:
    """The HTML of [start, end). Marks that cross are cut where they do, so that elements always nest."""
    bounds = {start, end}
    bounds.update(b for mark in marks for b in (mark.start, mark.end) if start < b < end)
    cuts = sorted(bounds)
    opened: list[Mark] = []
    for left, right in pairwise(cuts):
        active = [mark for mark in marks if mark.start <= left < mark.end]
        shared = _common(opened, active)
        yield from _close(opened[shared:], left)
        for mark in active[shared:]:
            yield mark.opening + (mark.tip if mark.start == left else "")
        opened = active
        yield escape(text[left:right], quote=False)
    yield from _close(opened, end)


def _common(one: Sequence[Mark], other: Sequence[Mark]) -> int:
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a is not b), min(len(one), len(other)))


def _close(marks: Sequence[Mark], position: int) -> Iterator[str]:
    for mark in reversed(marks):
        yield (mark.label if mark.end == position else "") + "</mark>"


def _mark(report: Report, table: str, row: Row, focus: str | None) -> Mark:
    key = row[FACTS[table]]
    owner = report.number(row["project_id"])
    classes = f"{table} focus" if key == focus else table
    if row.get("status") == "ambiguous":
        classes += " doubtful"
    link = f' data-p="{owner}"' if owner else ""
    tips = {code: _tip(report, table, row, code) for code in LANGUAGES}
    opening = f'<mark class="{classes}"{link} data-f="{_fact(table, row)}" tabindex="0">'
    words = _drawn("tag", {code: _tag(table, row, code) for code in LANGUAGES})
    return Mark(row["start"], row["end"], opening, _drawn("tip", tips), words + badge(owner))


def _fact(table: str, row: Row) -> str:
    """What a verdict on the fact needs to know, as JSON in an attribute."""
    kept = ("start", "end", "text", "role", "kind", "level", "rule", "verdict")
    fact = {"table": table} | {name: row[name] for name in kept if row.get(name) is not None}
    if row.get("value") is not None:
        fact["value"] = f"{row['value'].normalize():f}"
    return escape(json.dumps(fact, ensure_ascii=False, separators=(",", ":")))


def badge(number: int | None) -> str:
    """The number of an undertaking, drawn by the style sheet.

    >>> badge(2)
    '<i class="no"><b data-n="2"></b></i>'
    """
    return f'<i class="no"><b data-n="{number}"></b></i>' if number else ""


def _drawn(kind: str, words: dict[str, str]) -> str:
    if not any(words.values()):
        return ""
    attributes = "".join(f' data-{code}="{escape(text)}"' for code, text in words.items())
    return f'<i class="{kind}"{attributes}></i>'


def _tag(table: str, row: Row, language: str) -> str:
    """The short label at the end of a mark; places speak for themselves unless they are in doubt."""
    if table == "amounts":
        return label("role", row["role"], language)
    if table == "locations":
        return "?" if row["status"] == "ambiguous" else ""
    return ""


def _tip(report: Report, table: str, row: Row, language: str) -> str:
    """What hovering over a mark, or moving to it with the keyboard, tells: one line a fact."""
    lines = [*_TIPS[table](row, language)]
    owner = row["parent_id"] if table == "projects" else row["project_id"]
    number = report.number(owner)
    if number:
        lines.append(("part_of" if table == "projects" else "belongs", f"({number}) {_name_of(report, owner)}"))
    lines.append(("rule", row["rule"].replace("+", " + ")))
    return "\n".join(f"{label('field', key, language)}: {value}" for key, value in lines if value is not None)


def _name_of(report: Report, project_id: str) -> str:
    row = next(row for row in report.facts["projects"] if row["project_id"] == project_id)
    return shortened(row["name"] or row["text"], 60)


def shortened(text: str, length: int) -> str:
    """At most ``length`` code points of one line.

    >>> shortened("Hỗ trợ máy móc", 8)
    'Hỗ trợ…'
    """
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


Lines = Iterable[tuple[str, Any]]


def _amount_tip(row: Row, language: str) -> Lines:
    yield "value", numbers.amount(row)
    yield "role", label("role", row["role"], language)
    yield "qualifier", label("qualifier", row["qualifier"], language)


def _project_tip(row: Row, language: str) -> Lines:
    yield "kind", label("kind", row["kind"], language)
    yield "programme", row["programme"] and label("programme", row["programme"], language)
    yield "year", row["year"]
    yield "count", row["n_projects"] if row["n_projects"] != 1 else None
    for column in ("total_vnd", "support_vnd", "counterpart_vnd"):
        yield column, None if row[column] is None else numbers.dong(row[column])
    yield "n_beneficiaries", row["n_beneficiaries"]


def _beneficiary_tip(row: Row, language: str) -> Lines:
    yield "kind", label("kind", row["kind"], language)
    yield "count", numbers.plain(row["count"])


def _place_tip(row: Row, language: str) -> Lines:
    yield "name", row["name"]
    yield "level", label("level", row["level"], language)
    yield "code", row["code"]
    yield "province", row["province_name"]
    if row["current_name"] not in (None, row["name"]) or row["current_code"] != row["code"]:
        yield "current", row["current_name"]
    if row["status"] != "resolved":
        yield "status", label("status", row["status"], language)
        yield "candidates", ", ".join(row["candidates"]) or None


_TIPS = {
    "amounts": _amount_tip,
    "projects": _project_tip,
    "beneficiaries": _beneficiary_tip,
    "locations": _place_tip,
}
