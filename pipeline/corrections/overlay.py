"""Corrections as a table of their own, and laid over the tables with where they come from.

A correction is tied to the place of the mention (document, start, end), not to its number, so it holds after a run with
other rules: on the same span, else on the only row that overlaps it, else the row comes back as the person saw it.
"""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.corrections.fields import DELETE, FIELDS, LINKS
from pipeline.corrections.verdicts import entries, folder, key_of
from pipeline.tables.schema import FACTS

SCHEMA = pa.schema(
    [
        pa.field("table", pa.string(), nullable=False),
        pa.field("doc_id", pa.string(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("correction", pa.string(), nullable=False),  # JSON: column -> right value
        pa.field("row", pa.string(), nullable=False),  # JSON: the row as it was
        pa.field("reviewer", pa.string(), nullable=False),
        pa.field("time", pa.string(), nullable=False),
    ]
)


def write(out: str | Path) -> Path:
    """Write ``corrections.parquet`` anew from the verdicts, in one step."""
    latest: dict[Any, dict[str, Any]] = {}
    for entry in entries(out):
        latest.pop(key_of(entry), None)
        if entry["correction"]:
            latest[key_of(entry)] = entry
    rows = [
        {
            **{name: entry["row"][name] for name in ("doc_id", "start", "end", "text")},
            "table": entry["table"],
            "correction": json.dumps(entry["correction"], ensure_ascii=False),
            "row": json.dumps(entry["row"], ensure_ascii=False),
            "reviewer": entry["reviewer"],
            "time": entry["time"],
        }
        for entry in latest.values()
    ]
    path = folder(out) / "corrections.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), fresh)
    fresh.replace(path)
    return path


def rows(out: str | Path) -> list[dict[str, Any]]:
    """The corrections that hold; ``correction`` and ``row`` are dicts."""
    path = folder(out) / "corrections.parquet"
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist() if path.exists() else []
    return [entry | {name: json.loads(entry[name]) for name in ("correction", "row")} for entry in found]


def corrections(out: str | Path) -> pd.DataFrame:
    """The corrections that hold, as a table."""
    return pd.DataFrame(rows(out), columns=SCHEMA.names)


def apply(found: Mapping[str, pd.DataFrame], out: str | Path) -> dict[str, pd.DataFrame]:
    """The tables with the corrections of ``out`` laid over; unchanged where there are none.

    Tables of facts get a column ``corrected`` that says what was changed, by whom and when; null elsewhere.
    """
    made = rows(out)
    if not made:
        return dict(found)
    result = dict(found)
    names = {entry["table"] for entry in made}
    for name in sorted(names, key=lambda name: (name != "projects", name)):  # links lead to undertakings
        own = [entry for entry in made if entry["table"] == name]
        result[name] = _laid_over(result[name], name, own, result["projects"], set(found["documents"]["doc_id"]))
    gone = set(found["projects"]["project_id"]) - set(result["projects"]["project_id"])
    for name in FACTS:
        column = "parent_id" if name == "projects" else "project_id"
        if gone:
            result[name] = result[name].assign(**{column: result[name][column].mask(result[name][column].isin(gone))})
    return result


def _laid_over(
    table: pd.DataFrame, name: str, made: Sequence[Mapping[str, Any]], projects: pd.DataFrame, documents: set[str]
) -> pd.DataFrame:
    table = table.assign(corrected=pd.array([None] * len(table), dtype="string"))
    for entry in made:
        index, wanted = place_of(table, entry), DELETE not in entry["correction"]
        if index is None and wanted and entry["doc_id"] in documents:
            table = _brought_back(table, entry, name)
            index = table.index[-1]
        if index is None:
            continue
        if not wanted:
            table = table.drop(index)
            continue
        values = _values(name, entry, table.loc[index], projects)
        told = ", ".join(f"{column}: {_said(table.at[index, column])} -> {_said(v)}" for column, v in values.items())
        for column, value in values.items():
            if value is not None and isinstance(table[column].dtype, pd.CategoricalDtype):
                table[column] = table[column].cat.set_categories(
                    table[column].cat.categories.union([value], sort=False)
                )
            table.at[index, column] = pd.NA if value is None else value
        table.at[index, "corrected"] = f"{told} ({entry['reviewer']}, {entry['time'][:10]})"
    return table.reset_index(drop=True)


def place_of(table: pd.DataFrame, entry: Mapping[str, Any]) -> Any:
    """Index of the row on the span of ``entry`` (doc_id, start, end), else of the only one that overlaps it; None."""
    here = table[table["doc_id"] == entry["doc_id"]]
    same = here[(here["start"] == entry["start"]) & (here["end"] == entry["end"])]
    if len(same):
        value = entry.get("row", {}).get("value")
        if len(same) > 1 and value is not None:  # two sums with one unit
            same = pd.concat([same[[v is not None and v == Decimal(str(value)) for v in same["value"]]], same])
        return same.index[0]
    near = here[(here["start"] < entry["end"]) & (here["end"] > entry["start"])]
    return near.index[0] if len(near) == 1 else None


def _brought_back(table: pd.DataFrame, entry: Mapping[str, Any], name: str) -> pd.DataFrame:
    """The table with a row that this run no longer finds, as the reviewer saw it."""
    row = {column: entry["row"].get(column) for column in table.columns}
    key = FACTS[name]
    row |= {key: f"{row[key]}-r", "rule": "review"}
    row |= {column: Decimal(row[column]) for column in ("value", "low", "high") if row.get(column) is not None}
    back = pd.DataFrame([row], index=[table.index.max() + 1 if len(table) else 0])
    return pd.concat([table, back.astype(table.dtypes.to_dict())])


def _values(name: str, entry: Mapping[str, Any], row: "pd.Series[Any]", projects: pd.DataFrame) -> dict[str, Any]:
    values = {column: entry["correction"][column] for column in FIELDS[name] if column in entry["correction"]}
    for column in LINKS & values.keys():
        values[column] = values[column] and _undertaking(values[column], entry["doc_id"], projects)
    if "value" in values or "qualifier" in values:
        values |= _bounds(values, row)
    return values


def _undertaking(named: Mapping[str, Any], doc_id: str, projects: pd.DataFrame) -> str | None:
    index = place_of(projects, {"doc_id": doc_id, **named})
    return None if index is None else str(projects.at[index, "project_id"])


def _bounds(values: dict[str, Any], row: "pd.Series[Any]") -> dict[str, Any]:
    """What follows from a corrected figure or qualifier: bounds, and the same in dong."""
    raw = values.get("value", row["value"])
    if raw is None or pd.isna(raw):
        return {"value_vnd": None} if "value" in values else {}
    value, qualifier = Decimal(str(raw)), values.get("qualifier", row["qualifier"])
    low = None if qualifier in ("under", "at_most") else value
    high = None if qualifier in ("over", "at_least") else value
    figures: dict[str, Any] = {"value": value, "low": low, "high": high}
    if row["currency"] == "VND":
        figures |= {
            f"{end}_vnd": None if figures[end] is None else int(figures[end]) for end in ("value", "low", "high")
        }
    return figures


def _said(value: Any) -> str:
    if value is None or pd.isna(value):
        return "missing"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
