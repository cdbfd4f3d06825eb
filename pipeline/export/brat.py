"""The stand-off format of the brat annotation tool: a ``.txt`` and an ``.ann`` a document.

Sums, places, undertakings and beneficiaries are text-bound annotations with their values as attributes and notes;
links are relations ``Of`` (and ``Part_of`` from a part to its group). brat counts code points, as the tables do, and
wants a span that runs over a line feed in pieces.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.tables.frame import KINDS
from pipeline.tables.schema import FACTS
from pipeline.view import numbers
from pipeline.view.labels import group
from pipeline.view.page import reports
from pipeline.view.reports import Report, Row

NAMES = {"projects": "Undertaking", "amounts": "Sum", "beneficiaries": "Beneficiary", "locations": "Place"}
_ATTRIBUTES = {"projects": ("kind",), "amounts": ("role", "qualifier"), "beneficiaries": ("kind",),
               "locations": ("level", "status")}  # fmt: skip


def write(out: Path, target: Path) -> None:
    """Write ``target/<doc_id>.txt`` and ``.ann`` for each document, and ``annotation.conf``."""
    target.mkdir(parents=True, exist_ok=True)
    (target / "annotation.conf").write_text(_configuration(), "utf-8")
    for report in reports(out):
        name = report.document["doc_id"]
        (target / f"{name}.txt").write_text(report.text, "utf-8", newline="")
        (target / f"{name}.ann").write_text("".join(f"{line}\n" for line in annotations(report)), "utf-8", newline="")


def annotations(report: Report) -> Iterator[str]:
    """The lines of the ``.ann`` file."""
    rows = [(table, row) for table in FACTS for row in report.facts[table]]
    ids = {row[FACTS[table]]: f"T{number}" for number, (table, row) in enumerate(rows, 1)}
    relation = attribute = 0
    for table, row in rows:
        own = ids[row[FACTS[table]]]
        yield f"{own}\t{NAMES[table]} {_pieces(row)}\t{row['text'].replace(chr(10), ' ')}"
        for column in _ATTRIBUTES[table]:
            attribute += 1
            yield f"A{attribute}\t{NAMES[table]}_{column} {own} {row[column]}"
        yield f"#{own[1:]}\tAnnotatorNotes {own}\t{_note(table, row)}"
        kind, owner = ("Part_of", row["parent_id"]) if table == "projects" else ("Of", row["project_id"])
        if owner:
            relation += 1
            yield f"R{relation}\t{kind} Arg1:{own} Arg2:{ids[owner]}"


def _pieces(row: Row) -> str:
    """Offsets, in pieces around line feeds.

    >>> _pieces({"start": 4, "end": 9, "text": "ab\\ncd"})
    '4 6;7 9'
    """
    pieces, position = [], row["start"]
    for line in row["text"].split("\n"):
        if line:
            pieces.append(f"{position} {position + len(line)}")
        position += len(line) + 1
    return ";".join(pieces)


def _note(table: str, row: Row) -> str:
    if table == "amounts":
        value = numbers.amount(row).replace(numbers.BLANK, " ")
    else:
        known = (row.get(column) for column in ("name", "programme", "year", "code", "support_vnd"))
        value = "; ".join(str(part) for part in known if part is not None)
    return " | ".join(part for part in (value, row["rule"]) if part)


def _configuration() -> str:
    def values(*keys: Sequence[str]) -> str:
        return "|".join(dict.fromkeys(key for some in keys for key in some))

    role, qualifier = (group(name) for name in ("role", "qualifier"))
    lines = [
        "[entities]",
        *NAMES.values(),
        "[relations]",
        "Of\tArg1:Sum|Beneficiary|Place, Arg2:Undertaking",
        "Part_of\tArg1:Undertaking, Arg2:Undertaking",
        "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>",
        "[events]",
        "[attributes]",
        f"Sum_role\tArg:Sum, Value:{values([*role])}",
        f"Sum_qualifier\tArg:Sum, Value:{values([*qualifier])}",
        f"Undertaking_kind\tArg:Undertaking, Value:{values(KINDS['projects'])}",
        f"Beneficiary_kind\tArg:Beneficiary, Value:{values(KINDS['beneficiaries'])}",
        f"Place_level\tArg:Place, Value:{values([*group('level')])}",
        f"Place_status\tArg:Place, Value:{values([*group('status')])}",
    ]
    return "\n".join(lines) + "\n"
