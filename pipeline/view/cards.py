"""The facts beside the text: a card for each undertaking with all that belongs to it, then what stands alone."""

from collections.abc import Sequence
from html import escape
from typing import Any

from pipeline.tables.schema import FACTS
from pipeline.view import numbers
from pipeline.view.labels import both
from pipeline.view.marks import badge, shortened
from pipeline.view.reports import Report, Row

_MONEY = ("total_vnd", "support_vnd", "counterpart_vnd")
_BESIDE = ("amounts", "beneficiaries", "locations")


def cards(report: Report, start: int = 0, end: int | None = None) -> str:
    """All facts; those with a mention in [start, end) only, with their undertakings, where a part is asked for."""
    end = len(report.text) if end is None else end
    facts = _within(report, start, end)
    if not any(facts.values()):
        return f'<p class="none">{both("field", "no_facts")}</p>'
    pieces = [_card(report, row, facts) for row in facts["projects"]]
    alone = {table: [row for row in facts[table] if row["project_id"] is None] for table in _BESIDE}
    if any(alone.values()):
        heading = f"<h2>{both('field', 'unlinked')}</h2>" if facts["projects"] else ""
        pieces.append(f'<section class="card alone">{heading}{_lists(alone)}</section>')
    return "\n".join(pieces)


def _within(report: Report, start: int, end: int) -> dict[str, list[Row]]:
    def inside(row: Row) -> bool:
        return bool(row["start"] < end and start < row["end"])

    facts = {table: sorted(filter(inside, report.facts[table]), key=lambda row: row["start"]) for table in FACTS}
    owners = {row["project_id"] for rows in facts.values() for row in rows}
    chosen = [row for row in report.facts["projects"] if row["project_id"] in owners]
    return facts | {"projects": sorted(chosen, key=lambda row: report.number(row["project_id"]) or 0)}


def _card(report: Report, row: Row, facts: dict[str, list[Row]]) -> str:
    number = report.number(row["project_id"])
    parent = report.number(row["parent_id"])
    own = {table: [fact for fact in facts[table] if fact["project_id"] == row["project_id"]] for table in _BESIDE}
    # Sums that fill the record are told by it; the others (a share, a phase, a price) are listed.
    told = {row[column] for column in _MONEY if row[column] is not None}
    own["amounts"] = [fact for fact in own["amounts"] if fact["value_vnd"] not in told]
    child = " part" if parent else ""
    return (
        f'<section class="card{child}" data-p="{number}"><h2>{badge(number)}'
        f"{escape(row['name'] or row['text'])}</h2>{_about(row, parent)}{_record(row)}{_lists(own)}"
        f'<p class="rule">{escape(row["rule"])}</p></section>'
    )


def _about(row: Row, parent: int | None) -> str:
    words = [both("kind", row["kind"])]
    if row["n_projects"] != 1:
        words[0] = f"{numbers.plain(row['n_projects'])} × {words[0]}"
    if row["programme"]:
        words.append(both("programme", row["programme"]))
    if row["year"]:
        words.append(str(row["year"]))
    if parent:
        words.append(f"{both('field', 'part_of')} {badge(parent)}")
    return f'<p class="about">{" · ".join(words)}</p>'


def _record(row: Row) -> str:
    lines = [
        f"<dt>{both('field', column)}</dt><dd>{numbers.dong(row[column])}</dd>"
        for column in _MONEY
        if row[column] is not None
    ]
    if row["n_beneficiaries"] is not None:
        count = numbers.plain(row["n_beneficiaries"])
        lines.append(f"<dt>{both('field', 'n_beneficiaries')}</dt><dd>{count}</dd>")
    return f'<dl class="record">{"".join(lines)}</dl>' if lines else ""


def _lists(facts: dict[str, list[Row]]) -> str:
    return "".join(_list(table, rows) for table, rows in facts.items() if rows)


def _list(table: str, rows: Sequence[Row]) -> str:
    lines = dict.fromkeys(_line(table, row) for row in rows)  # a place named five times is told once
    return f'<ul class="{table}">{"".join(lines)}</ul>'


def _line(table: str, row: Row) -> str:
    details: dict[str, Any] = {
        "amounts": lambda: f"{both('role', row['role'])} {escape(numbers.amount(row))}",
        "beneficiaries": lambda: _counted(row),
        "locations": lambda: _place(row),
    }
    text = escape(shortened(row["text"], 80))
    return f"<li><q>{text}</q> <small>{details[table]()}</small></li>"


def _counted(row: Row) -> str:
    times = "" if row["name"] else f"{numbers.plain(row['count'])} × "
    return times + both("kind", row["kind"])


def _place(row: Row) -> str:
    if row["status"] != "resolved":
        return both("status", row["status"])
    within = row["province_name"] if row["level"] != "province" else None
    return " · ".join(escape(word) for word in (row["name"], row["code"], within) if word)
