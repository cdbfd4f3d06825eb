"""Judging without Jupyter: rows in the terminal one after the other, and verdicts that the page saved to a file."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.dataset as ds

from pipeline import i18n
from pipeline.corrections.fields import FIELDS, LINKS, SENTENCES, VERDICTS, wrong_value
from pipeline.corrections.joins import join, split
from pipeline.corrections.verdicts import record
from pipeline.i18n import _
from pipeline.review.columns import silent
from pipeline.review.sampling import sample
from pipeline.tables.frame import choices
from pipeline.view import numbers
from pipeline.view.labels import label

Ask = Callable[[str], str]
Say = Callable[[str], None]
_CODED = frozenset({"kind", "programme", "qualifier", "role", "level"})


@dataclass(slots=True)
class Taken:
    """What became of the lines of a file of verdicts."""

    kept: int = 0
    refused: tuple[str, ...] = ()


def take(out: Path, file: Path) -> Taken:
    """Record the verdicts that the page saved to a file; a line that cannot be taken is told, the others count.

    Raises ``OSError`` where the file cannot be read.
    """
    taken = Taken()
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if line.strip():
            try:
                accept(out, json.loads(line))
                taken.kept += 1
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                taken.refused += (_("line {n}: {error}", n=number, error=error),)
    return taken


def accept(out: Path, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Record one verdict of the page. Raises ``ValueError`` where it is none, or its row has no place."""
    if entry["table"] == "undertakings":
        return _joined(out, entry)
    row, verdict = dict(entry["row"]), entry["verdict"]
    if verdict not in VERDICTS:
        raise ValueError(wrong_value("verdict", verdict, VERDICTS))
    for name in ("doc_id", "start", "end", "text"):
        if name not in row:
            raise ValueError(_("the row has no {name}", name=name))
    row |= {"start": int(row["start"]), "end": int(row["end"])}
    return record(
        row,
        verdict,
        entry.get("correction") or {},
        out=out,
        table=entry["table"],
        reviewer=entry.get("reviewer") or None,
    )


def _joined(out: Path, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Record that rows are one undertaking, or are not."""
    said = {"join": join, "split": split}.get(entry["verdict"])
    if said is None:
        raise ValueError(wrong_value("verdict", entry["verdict"], ("join", "split")))
    said(out, [str(key) for key in entry["ids"]], entry.get("reviewer") or None)
    return dict(entry)


def judge(out: Path, table: str, n: int, seed: int, ask: Ask, say: Say) -> int:
    """Ask for a verdict on each row of a sample, until the answer is ``q``: how many were judged.

    ``ask`` shows a prompt and gives the answer; ``say`` prints a line. Rows judged before are passed over.
    """
    rows = _silent(out, n, seed) if table == SENTENCES else sample(out, table, n, seed=seed)
    judged = 0
    names = _names(out)
    for number, (_place, row) in enumerate(rows.iterrows(), 1):
        if pd.notna(row.get("verdict")):
            continue
        say(f"\n{number}/{len(rows)}  {row['source']}\n  {row['context']}")
        for line in _told(table, row, names):
            say(f"  {line}")
        answer = _answer(table, ask)
        if answer is None:
            break
        if answer:
            verdict, correction = answer
            record(row, verdict, correction, out=out, table=table)
            judged += 1
    return judged


def _silent(out: Path, n: int, seed: int) -> pd.DataFrame:
    rows = silent(out, n, seed)
    return rows.assign(context=rows["text"], verdict=pd.array([None] * len(rows), dtype="string"))


def _names(out: Path) -> dict[str, str]:
    """What undertakings are called, by their key."""
    rows = ds.dataset(out / "projects").to_table(["project_id", "name", "text"]).to_pylist()
    return {row["project_id"]: row["name"] or row["text"] for row in rows}


def _told(table: str, row: "pd.Series[Any]", names: Mapping[str, str]) -> Iterator[str]:
    for column in (*FIELDS.get(table, ()), "rule"):
        value = row.get(column)
        if value is not None and pd.notna(value):
            yield f"{_head(column)}: {_shown(column, value, row, names)}"


def _head(column: str) -> str:
    return label("field", {"project_id": "belongs", "parent_id": "part_of"}.get(column, column), i18n.language())


def _shown(column: str, value: Any, row: "pd.Series[Any]", names: Mapping[str, str]) -> str:
    """A value as people read it: sums with dots, codes in words, undertakings by name."""
    if column == "value":
        return numbers.amount({**row, "low": None, "high": None}).replace(numbers.BLANK, " ")
    if column in LINKS:
        return names.get(value, str(value))
    if column.endswith("_vnd"):
        return numbers.dong(int(value)).replace(numbers.BLANK, " ")
    if column in ("n_projects", "n_beneficiaries", "count"):
        return i18n.whole(int(value))
    return label(column, value, i18n.language()) if column in _CODED else str(value)


def shares_told(shares: pd.DataFrame) -> Iterator[str]:
    """What :func:`pipeline.review.columns` gives, a line a table and column."""
    for row in shares.to_dict("records"):
        column = _("the row as a whole") if row["column"] == "(fact)" else _head(row["column"])
        share = {name: f"{row[name]:.0%}" for name in ("right", "low", "high")}
        yield _(
            "{table}, {column}: {right} right ({low} to {high}; {n} judged)",
            table=label("table", row["table"], i18n.language()),
            column=column,
            n=i18n.whole(row["judged"]),
            **share,
        )


def _answer(table: str, ask: Ask) -> tuple[str, dict[str, Any]] | tuple[()] | None:
    """The verdict and correction; nothing for a row that is skipped, None to end."""
    if table == SENTENCES:
        said = _letter(ask, _("nothing missed [r], something missed [w], skip [s], quit [q]: "), "rwsq")
        return None if said == "q" else {"r": ("right", {}), "w": ("wrong", {})}.get(said, ())
    said = _letter(ask, _("right [r], wrong [w], not a fact [d], correct [c], skip [s], quit [q]: "), "rwdcsq")
    if said == "q":
        return None
    if said == "c":
        correction = _correction(table, ask)
        return ("corrected", correction) if correction else ()
    return {"r": ("right", {}), "w": ("wrong", {}), "d": ("wrong", {"delete": True})}.get(said, ())


def _letter(ask: Ask, prompt: str, letters: str) -> str:
    """One of the letters; what is none of them is asked again, as a row must not be passed over by a slip."""
    while len(said := ask(prompt).strip().lower()) != 1 or said not in letters:
        pass
    return said


def _correction(table: str, ask: Ask) -> dict[str, Any]:
    fields = [column for column in FIELDS[table] if not column.endswith("_id")]
    while (column := ask(_("which column ({names}): ", names=", ".join(fields))).strip()) not in fields:
        if not column:  # thought better of it
            return {}
    allowed = choices(table, column)
    among = f" ({', '.join(allowed)})" if allowed else ""
    value = ask(_("right value of {column}{among}, - for missing: ", column=column, among=among)).strip()
    return {column: None if value == "-" else value}
