"""The log of verdicts: JSON lines that are only ever appended to, one write and one sync a verdict."""

import getpass
import json
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from pipeline.corrections import missed
from pipeline.corrections.fields import DELETE, FIELDS, LINKS, SENTENCES, VERDICTS, check_table, wrong_value
from pipeline.i18n import _
from pipeline.tables.frame import ORIGIN, choices
from pipeline.tables.schema import FACTS, SCHEMAS

Key = tuple[str, str, int, int, str]
"""Table, doc_id, start, end, figure: finds a row again after a re-run, when its number may be another. The figure of a
sum tells two apart that share one unit (``21,3/35,8 tỷ đồng``); "" in other tables and for a range."""


def folder(out: str | Path) -> Path:
    """Where the reviews of an output folder lie: beside it."""
    path = Path(out).absolute()
    return path.with_name(f"{path.name}-review")


def record(
    row: "pd.Series[Any] | Mapping[str, Any]",
    verdict: str,
    correction: Mapping[str, Any] | None = None,
    *,
    out: str | Path | None = None,
    table: str | None = None,
    reviewer: str | None = None,
    note: str = "",
) -> dict[str, Any]:
    """Append one verdict on one row (of :func:`sample` or :func:`pipeline.read`) and return it.

    ``verdict`` is ``right``, ``wrong``, ``corrected`` or ``missed``. ``correction`` maps columns to their right values
    (``None`` for "missing"); ``{"delete": True}`` says that the row is no fact at all. A missed fact is a row with
    ``doc_id``, ``start``, ``end`` and ``text`` that no rule found; its columns are read from the text and the
    correction. ``out`` and ``table`` are known from the row where it was not cut from its table by hand.

    Raises ``ValueError`` for a verdict, table, column or undertaking that does not exist, or a figure that is none.
    """
    table = table or _table_of(row)
    if table != SENTENCES:
        check_table(table)
    out = out or getattr(row, "attrs", {}).get(ORIGIN)
    if out is None:
        raise ValueError(_("which output folder does the row come from? Give out="))
    correction = dict(correction or {})
    _check(table, verdict, correction)
    if verdict == "missed":
        row = missed.row_of(out, table, dict(row), correction)
    correction = {column: _typed(out, table, column, value) for column, value in correction.items()}
    entry = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "reviewer": reviewer or user(),
        "table": table,
        "verdict": verdict,
        "correction": {column: _plain(value) for column, value in correction.items()},
        "note": note,
        "row": {column: _plain(value) for column, value in dict(row).items() if column not in ("verdict", "context")},
    }
    append(folder(out) / "verdicts.jsonl", json.dumps(entry, ensure_ascii=False))
    if correction:
        from pipeline.corrections.overlay import write

        write(out)
    return entry


def _table_of(row: "pd.Series[Any] | Mapping[str, Any]") -> str:
    known: str | None = getattr(row, "attrs", {}).get("trichluc.table")
    found = known or next((name for name in reversed(list(FACTS)) if FACTS[name] in row), None)
    if found is None:
        raise ValueError(_("the row has no key of a table: give table="))
    return found


def _check(table: str, verdict: str, correction: dict[str, Any]) -> None:
    if verdict not in VERDICTS:
        raise ValueError(wrong_value("verdict", verdict, VERDICTS))
    unknown = set(correction) - {*FIELDS.get(table, ()), DELETE}
    if unknown:
        raise ValueError(
            _(
                "{names} cannot be corrected: choose of {fields}",
                names=", ".join(sorted(unknown)),
                fields=", ".join(FIELDS[table]),
            )
        )
    for column, value in correction.items():
        allowed = choices(table, column)
        if allowed and value not in allowed:
            raise ValueError(wrong_value(column, value, allowed))
    if (verdict in ("corrected", "missed")) != bool(correction.keys() - {DELETE}):
        raise ValueError(_("a corrected or missed row needs a correction, and a correction one of these verdicts"))


def _typed(out: str | Path, table: str, column: str, value: Any) -> Any:
    """The value as its column holds it; a form gives text."""
    if column in LINKS:
        return _undertaking(out, value)
    if value is None or column == DELETE:
        return value
    kind = SCHEMAS[table].field(column).type
    if not (pa.types.is_integer(kind) or pa.types.is_decimal(kind)):
        return str(value)
    try:
        figure = Decimal(re.sub(r"[\s_]", "", str(value)))
        return int(figure) if pa.types.is_integer(kind) else figure
    except (ValueError, ArithmeticError):
        raise ValueError(
            _(
                "{column} is {value}: write the figure with digits only, 1750000000 or 0.5",
                column=column,
                value=repr(value),
            )
        ) from None


def _undertaking(out: str | Path, project_id: str | None) -> dict[str, Any] | None:
    """The undertaking that a person named by its id, with its place: another run may number it otherwise."""
    if project_id is None:
        return None
    columns = ["project_id", "start", "end", "text"]
    found = (
        ds.dataset(Path(out) / "projects").to_table(columns, filter=ds.field("project_id") == project_id).to_pylist()
    )
    if not found:
        raise ValueError(_("no undertaking {key} in {out}", key=repr(project_id), out=out))
    return dict(found[0])


def user() -> str:
    """Who is at the keyboard."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _plain(value: Any) -> Any:
    """A value as JSON has it: exact decimals and dates as text, missing as null."""
    if value is None or isinstance(value, str | bool | dict):
        return value
    if isinstance(value, list | tuple) or (hasattr(value, "shape") and value.shape):
        return [*value]
    if pd.isna(value):
        return None
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if hasattr(value, "item"):
        return value.item()
    return value if isinstance(value, int | float) else str(value)


def append(path: Path, line: str) -> None:
    """Add a line to a log: one write, one sync."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        file.seek(0, os.SEEK_END)
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":  # a write that was cut off stays a broken line of its own
                line = "\n" + line
        file.write(f"{line}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def entries(out: str | Path) -> list[dict[str, Any]]:
    """All verdicts, oldest first; a line that a crash cut off is passed over."""
    return read_lines(folder(out) / "verdicts.jsonl")


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The entries of a log; a line that a crash cut off is passed over."""
    found = []
    for line in path.read_text("utf-8", errors="replace").split("\n") if path.exists() else []:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def key_of(entry: Mapping[str, Any]) -> Key:
    """The key of the row that a verdict is about."""
    return row_key(entry["table"], entry["row"])


def row_key(table: str, row: Mapping[str, Any]) -> Key:
    """The key of a row of a table of facts.

    >>> row_key("amounts", {"doc_id": "d", "start": 3, "end": 9, "value": Decimal("5.00")})
    ('amounts', 'd', 3, 9, '5')
    """
    value = _plain(row.get("value")) if table == "amounts" else None
    figure = "" if value is None else f"{Decimal(str(value)).normalize():f}"
    return table, row["doc_id"], int(row["start"]), int(row["end"]), figure


def latest(out: str | Path) -> dict[Key, dict[str, Any]]:
    """The verdict that holds for each row: the last one given."""
    return {key_of(entry): entry for entry in entries(out)}


def verdicts(out: str | Path) -> pd.DataFrame:
    """The verdicts that hold, one row each, with the rule, source and role of the row that they are about."""
    rows = [
        {
            "table": entry["table"],
            "verdict": entry["verdict"],
            "correction": entry["correction"],
            **{name: entry["row"].get(name) for name in ("text", "role", "rule", "source", "stratum")},
            "weight": float(entry["row"].get("weight") or 1),
            "reviewer": entry["reviewer"],
            "time": entry["time"],
            "note": entry["note"],
            **{name: entry["row"][name] for name in ("doc_id", "start", "end")},
        }
        for entry in latest(out).values()
    ]
    columns = ["table", "verdict", "correction", "text", "role", "rule", "source", "stratum", "weight", "reviewer"]
    return pd.DataFrame(rows, columns=[*columns, "time", "note", "doc_id", "start", "end"])
