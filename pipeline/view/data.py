"""What the page holds as columns: undertakings, documents and rejects, each value once where many rows share it."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

import pipeline
from pipeline.corrections.joins import near
from pipeline.corrections.verdicts import latest
from pipeline.view.labels import LANGUAGES, warning
from pipeline.view.marks import shortened
from rules.place import gazetteer

MOST_ROWS = 100_000
"""Undertakings on one page; of more, those of the largest sums."""

MOST_NEAR = 500
"""Pairs that may be one undertaking; of more, the likest."""

Columns = dict[str, Any]
_SUMS = ("total_vnd", "support_vnd", "counterpart_vnd")
_FILLED = (*_SUMS, "n_beneficiaries")


def collect(tables: dict[str, pd.DataFrame], out: Path, most_rows: int = MOST_ROWS) -> dict[str, Any]:
    """Columns of the page's tables from those of :func:`pipeline.read`.

    ``undertakings`` has a row an undertaking (of the table of that name where it holds any, else of ``projects``); the
    columns ``once_...`` hold what counts in a total: nothing for the parts of a group.
    """
    documents = tables["documents"].sort_values("source", kind="stable").reset_index(drop=True)
    projects = tables["projects"]
    rows = _undertakings(tables, out)
    owners = dict(zip(projects["project_id"], _owner_keys(rows, projects), strict=True))
    there = len(rows)
    if there > most_rows:
        rows = rows.sort_values(["once_support_vnd", "once_total_vnd"], ascending=False, kind="stable")
        rows = rows.head(most_rows).sort_index()
    places = {doc_id: place for place, doc_id in enumerate(documents["doc_id"])}
    return {
        "undertakings": _columns_of_undertakings(rows, projects, places) | {"there": there},
        "documents": _columns_of_documents(documents, tables),
        "rejects": {name: _plain(tables["rejects"][name]) for name in ("source", "stage", "error", "message")},
        "provinces": _provinces(),
        "near": _near(out, projects, owners, places),
        "gathered": bool(len(tables.get("undertakings", ()))),
    }


def packed(data: object) -> str:
    """JSON, deflated and in base64, so that it can stand in a page and be read by DecompressionStream.

    >>> zlib.decompress(base64.b64decode(packed([1, None])))
    b'[1,null]'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    return base64.b64encode(zlib.compress(text.encode(), 9 if len(text) < 1 << 24 else 4)).decode()


def _undertakings(tables: dict[str, pd.DataFrame], out: Path) -> pd.DataFrame:
    """A row an undertaking, with its receivers, roles and trust, and the sums that count."""
    projects = tables["projects"]
    rows = _gathered(tables["undertakings"], projects) if len(tables.get("undertakings", ())) else _told(projects)
    key = dict(zip(projects["project_id"], _owner_keys(rows, projects), strict=True))
    told = _by_key(tables["beneficiaries"], "text", key)
    rows["receivers"] = ["; ".join(told[own]) if own in told else None for own in rows["key"]]
    roles = _by_key(tables["amounts"], "role", key)
    rows["roles"] = [" ".join(sorted(roles[own])) if own in roles else None for own in rows["key"]]
    lies = _by_key(tables["locations"].dropna(subset=["name"]), "name", key)
    rows["places"] = ["; ".join(lies[own]) if own in lies else None for own in rows["key"]]
    rows["trust"] = _trust(rows, projects, out)
    return rows.reset_index(drop=True)


def _by_key(facts: pd.DataFrame, column: str, key: Mapping[str, str]) -> dict[str, list[str]]:
    """The different values of facts, as text, by the key of the undertaking that they belong to."""
    found: dict[str, dict[str, None]] = {}
    for project, value in zip(facts["project_id"], facts[column].astype(object), strict=True):
        if (own := key.get(project)) is not None:
            found.setdefault(own, {})[str(value)] = None
    return {own: list(values) for own, values in found.items()}


def _owner_keys(rows: pd.DataFrame, projects: pd.DataFrame) -> Iterable[str]:
    known = set(rows["key"])
    if "undertaking_id" in projects:
        return [
            own if own in known else one
            for own, one in zip(projects["undertaking_id"].astype(object), projects["project_id"], strict=True)
        ]
    return list(projects["project_id"])


def _told(projects: pd.DataFrame) -> pd.DataFrame:
    """An undertaking for each row of projects; only wholes count."""
    whole = pipeline.once(projects).set_index("project_id")[list(_FILLED)]
    once = whole.reindex(projects["project_id"]).reset_index(drop=True)
    return projects.assign(
        key=projects["project_id"],
        anchor=projects["project_id"],
        is_part=projects["parent_id"].notna(),
        n_reports=1,
        differs="",
        title=projects["name"].fillna(projects["text"]),
        first_published=projects["published"],
        **{f"once_{name}": once[name].array for name in _FILLED},
    ).reset_index(drop=True)


def _gathered(undertakings: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """An undertaking for each row of the table of that name; only wholes count."""
    anchors = undertakings["project_ids"].map(lambda ids: ids[0])
    mention = projects.set_index("project_id")
    of_mention = mention.reindex(anchors)
    whole = pipeline.once(undertakings).set_index("undertaking_id")[list(_FILLED)]
    once = whole.reindex(undertakings["undertaking_id"]).reset_index(drop=True)
    return undertakings.assign(
        key=undertakings["undertaking_id"],
        anchor=anchors,
        doc_id=of_mention["doc_id"].array,
        title=undertakings["name"].fillna(pd.Series(of_mention["text"].array, undertakings.index)),
        is_part=undertakings["parent_id"].notna(),
        differs=undertakings["differs"].map(lambda names: ", ".join(names) if names is not None else ""),
        **{f"once_{name}": once[name].array for name in _FILLED},
    ).reset_index(drop=True)


def _trust(rows: pd.DataFrame, projects: pd.DataFrame, out: Path) -> pd.Series[str]:
    """What people said of an undertaking's mention, else whether reports differ on it."""
    spans = zip(projects["doc_id"], projects["start"], projects["end"], strict=True)
    place = dict(zip(projects["project_id"], spans, strict=True))
    said = {key[1:4]: entry["verdict"] for key, entry in latest(out).items() if key[0] == "projects"}
    told = [
        said.get(place.get(anchor, ()), "differs" if differs else "unjudged")
        for anchor, differs in zip(rows["anchor"], rows["differs"], strict=True)
    ]
    return pd.Series(told, rows.index)


def _columns_of_undertakings(rows: pd.DataFrame, projects: pd.DataFrame, places: dict[str, int]) -> Columns:
    current = {code: _current(code) for code in set(rows["province_code"].dropna())}
    return {
        "title": _plain(rows["title"]),
        **{name: _shared(rows[name]) for name in ("kind", "programme", "receiver_kind", "trust")},
        "province": _shared(rows["province_code"]),
        "current": _shared(rows["province_code"].map(current)),
        "roles": _shared(rows["roles"]),
        **{name: _plain(rows[name]) for name in ("year", "n_projects", "receivers", "places", *_FILLED)},
        **{f"once_{name}": _plain(rows[f"once_{name}"]) for name in _FILLED},
        "is_part": [int(part) for part in rows["is_part"]],
        "n_reports": _plain(rows["n_reports"]),
        "differs": _shared(rows["differs"].replace("", None)),
        "doc": [places.get(doc_id) for doc_id in rows["doc_id"]],
        "anchor": _plain(rows["anchor"]),
        "members": _members(rows, projects, places),
    }


def _mentions(ids: Collection[str], projects: pd.DataFrame, places: dict[str, int]) -> dict[str, dict[str, Any]]:
    """What is shown of rows of ``projects``: words, support and report."""
    own = projects[projects["project_id"].isin(ids)]
    told = zip(own["project_id"], own["doc_id"], own["text"], own["support_vnd"], strict=True)
    return {
        key: {
            "id": key,
            "doc": places[doc_id],
            "text": shortened(text, 120),
            "support": None if pd.isna(sum_) else int(sum_),
        }
        for key, doc_id, text, sum_ in told
        if doc_id in places
    }


def _members(rows: pd.DataFrame, projects: pd.DataFrame, places: dict[str, int]) -> list[Any]:
    """The mentions of each row of which there are several."""
    if "project_ids" not in rows:
        return [None] * len(rows)
    several = [keys if len(keys) > 1 else () for keys in rows["project_ids"]]
    known = _mentions({key for keys in several for key in keys}, projects, places)
    return [[known[key] for key in keys if key in known] or None for keys in several]


def _near(out: Path, projects: pd.DataFrame, owners: Mapping[str, str], places: dict[str, int]) -> list[Any]:
    """Pairs of mentions that nearly were one undertaking and are still two, of which nobody has said anything."""
    if not (out / ".trichluc" / "near").is_dir():
        return []
    found = near(out).head(MOST_NEAR)
    open_ = [
        (one, other)
        for one, other in zip(found["project_id"], found["other_id"], strict=True)
        if owners.get(one) != owners.get(other)
    ]
    known = _mentions({key for pair in open_ for key in pair}, projects, places)
    return [[known[one], known[other]] for one, other in open_ if one in known and other in known]


def _columns_of_documents(documents: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> Columns:
    counts = {name: tables[name].groupby("doc_id").size() for name in ("projects", "amounts")}
    return {
        "id": _plain(documents["doc_id"]),
        "title": _plain(documents["title"].fillna(documents["source"])),
        "source": _plain(documents["source"]),
        "published": [
            day.isoformat() if day is not None and not pd.isna(day) else None for day in documents["published"]
        ],
        "province": _shared(documents["province_code"]),
        **{name: _plain(documents[name]) for name in ("agency", "number", "url") if name in documents},
        "encoding": _shared(documents["encoding"]),
        "warnings": [_in_both(told) if told is not None and len(told) else None for told in documents["warnings"]],
        **{name: [int(n) for n in of.reindex(documents["doc_id"]).fillna(0)] for name, of in counts.items()},
    }


def _in_both(warnings: Iterable[str]) -> list[str]:
    """Warnings in English and in Vietnamese."""
    return ["; ".join(warning(told, language) for told in warnings) for language in LANGUAGES]


def _plain(column: pd.Series[Any]) -> list[Any]:
    """Values as JSON has them; whole numbers as integers, missing as null."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return [None if pd.isna(value) else int(value) for value in column]
    return [None if _is_missing(value) else str(value) for value in column]


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or value != value


def _shared(column: pd.Series[Any]) -> Columns:
    """Values that many rows share: the list of them, and a number a row (-1 for a missing one)."""
    values = [
        None if value is None or value is pd.NA or value != value else str(value) for value in column.astype(object)
    ]
    words = sorted({value for value in values if value is not None})
    place = {word: number for number, word in enumerate(words)}
    return {"words": words, "rows": [-1 if value is None else place[value] for value in values]}


def _current(code: str) -> str | None:
    """Code of the province since July 2025 that holds a legacy one."""
    unit = gazetteer.load().legacy.get(code)
    return unit.holder.code if unit and unit.holder else None


def _provinces() -> dict[str, dict[str, str]]:
    """Names of the provinces: of the 63 and of the 34, by code, and the one that holds each of the 63."""
    found = gazetteer.load()
    legacy = {code: unit for code, unit in found.legacy.items() if len(code) == 2}
    return {
        "legacy": {code: unit.name for code, unit in legacy.items()},
        "current": {code: unit.name for code, unit in found.current.items() if len(code) == 2},
        "holder": {code: _current(code) or code for code in legacy},
    }
