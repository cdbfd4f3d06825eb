"""What people said of undertakings: that rows of ``projects`` are one, or are two.

The verdicts lie in ``joins.jsonl`` beside the others, and are tied to the places of the mentions, so that they hold
after a run with other rules. :func:`pipeline.read` lays them over the tables.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from pipeline.corrections.overlay import place_of
from pipeline.corrections.verdicts import append, folder, read_lines, user
from pipeline.gather.choose import FIGURES, row
from pipeline.gather.decide import join as join_mentions
from pipeline.gather.gather import NEAR, Gathered, without_copies
from pipeline.gather.mention import MENTIONS, Mention, from_table
from pipeline.i18n import _
from pipeline.tables.frame import frame
from pipeline.tables.schema import SCHEMAS

_FILE = "joins.jsonl"
_TOLD = ("name", "kind", "programme", "year", "parent_id", *FIGURES)  # columns that mentions take from rows
_PLACE = ("project_id", "doc_id", "start", "end", "text")


def join(out: str | Path, ids: Sequence[str], reviewer: str | None = None, note: str = "") -> None:
    """Say that rows of ``projects`` (or undertakings) of ``out`` are one undertaking.

    ``ids`` are two or more keys. Raises ``ValueError`` where one is none, or there are fewer than two.
    """
    _record(out, "join", ids, reviewer, note)


def split(out: str | Path, ids: Sequence[str], reviewer: str | None = None, note: str = "") -> None:
    """Say that of the rows of ``projects`` no two are one undertaking; else as :func:`join`."""
    _record(out, "split", ids, reviewer, note)


def near(out: str | Path) -> pd.DataFrame:
    """Pairs of rows of ``projects`` that stayed apart but nearly were one undertaking, the likest first, without those
    that people have judged.

    ``margin`` is by how many hundredths of weight they are over the line, ``why`` what kept them apart, ``reasons``
    what speaks for joining. For both rows there are mention, source and sums, to judge by.
    """
    table = ds.dataset(Path(out) / ".trichluc" / "near", schema=NEAR).to_table()
    pairs: pd.DataFrame = table.to_pandas().sort_values(
        ["margin", "project_id"], ascending=[False, True], ignore_index=True
    )
    wanted = pa.array(sorted({*pairs["project_id"], *pairs["other_id"]}), pa.string())
    columns = ["project_id", "doc_id", "start", "end", "text", "year", "total_vnd", "support_vnd"]
    told = ds.dataset(Path(out) / "projects").to_table(columns, filter=ds.field("project_id").isin(wanted))
    sources = (
        ds.dataset(Path(out) / "documents").to_table(["doc_id", "source"]).to_pandas().set_index("doc_id")["source"]
    )
    rows = frame(told, "projects").set_index("project_id")
    judged = _judged(out, rows)
    both = zip(pairs["project_id"], pairs["other_id"], strict=True)
    pairs = pairs.loc[[frozenset(two) not in judged for two in both]]
    rows = rows.assign(source=sources.reindex(rows["doc_id"]).array).drop(columns=["doc_id", "start", "end"])
    for key, end in (("project_id", ""), ("other_id", "_other")):
        own = rows.reindex(pairs[key])
        pairs = pairs.assign(**{f"{name}{end}": own[name].array for name in rows.columns})
    return pairs.reset_index(drop=True)


def _judged(out: str | Path, rows: pd.DataFrame) -> set[frozenset[str]]:
    """The pairs of keys of ``rows`` that people have said something of."""
    at = {(doc, start, end): key for key, doc, start, end in rows[["doc_id", "start", "end"]].itertuples()}
    found = (frozenset(at.get((m["doc_id"], m["start"], m["end"]), "") for m in two) for *two, _one in pairs(out))
    return {two for two in found if "" not in two}


def _record(out: str | Path, verdict: str, ids: Sequence[str], reviewer: str | None, note: str) -> None:
    if isinstance(ids, str) or len(set(ids)) < 2:
        told = _("name two rows or more, as project_ids has them: {verdict}(out, [one, other])", verdict=verdict)
        raise ValueError(told)
    found = ds.dataset(Path(out) / "projects").to_table([*_PLACE], filter=ds.field("project_id").isin(list(ids)))
    rows = {entry["project_id"]: entry for entry in found.to_pylist()}
    missing = [key for key in ids if key not in rows]
    if missing:
        raise ValueError(_("no row of projects {key} in {out}", key=repr(missing[0]), out=out))
    entry = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "reviewer": reviewer or user(),
        "verdict": verdict,
        "rows": [rows[key] for key in ids],
        "note": note,
    }
    append(folder(out) / _FILE, json.dumps(entry, ensure_ascii=False))


def pairs(out: str | Path) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], bool]]:
    """Two mentions (doc_id, start, end) each and whether they are one; of two verdicts on a pair the later one."""
    held: dict[frozenset[tuple[Any, ...]], tuple[Mapping[str, Any], Mapping[str, Any], bool]] = {}
    for entry in read_lines(folder(out) / _FILE):
        rows, one = entry["rows"], entry["verdict"] == "join"
        every = pairwise(rows) if one else ((a, b) for n, a in enumerate(rows) for b in rows[n + 1 :])
        for a, b in every:
            held[frozenset((r["doc_id"], r["start"], r["end"]) for r in (a, b))] = (a, b, one)
    yield from held.values()


def apply(found: Mapping[str, pd.DataFrame], before: Mapping[str, pd.DataFrame], out: Path) -> dict[str, pd.DataFrame]:
    """The tables with the verdicts of ``out``, and with undertakings made anew of the rows that people corrected.

    ``before`` are the tables without corrections.
    """
    said = list(_of_rows(found["projects"], pairs(out)))
    changed = _changed(found["projects"], before["projects"])
    if not said and not changed:
        return dict(found)
    old = dict(zip(before["projects"]["project_id"], before["projects"]["undertaking_id"], strict=True))
    touched = {old.get(key, key) for key in changed | {key for one in said for key in one[:2]}}
    members = {key for key, undertaking in old.items() if undertaking in touched} | changed
    rows = found["projects"].set_index("project_id")
    mentions = _mentions(out, members, rows)
    documents = found["documents"]
    again = documents[documents["duplicate_of"].notna()]
    copies = dict(zip(again["doc_id"], again["duplicate_of"], strict=True))
    own, twins = without_copies(mentions, copies)
    ids = {key: key for key in members}
    made = []
    for group in _groups(own, old, said):
        for told, reasons in _sets(group, old, said):
            every = [twin for m in told for twin in twins.get(m.project_id, ())]
            new = row(told, reasons, None, every)
            made.append(new)
            ids |= {m.project_id: new["undertaking_id"] for m in (*told, *every)}
    projects = found["projects"]
    key = projects["project_id"].map(ids).fillna(projects["undertaking_id"])
    projects = projects.assign(undertaking_id=key.astype(projects["undertaking_id"].dtype))
    kept = found["undertakings"][~found["undertakings"]["undertaking_id"].isin(touched)]
    undertakings = _with_rows(kept, pa.Table.from_pylist(made, SCHEMAS["undertakings"]))
    return {**found, "projects": projects, "undertakings": with_parents(undertakings, projects)}


def _with_rows(kept: pd.DataFrame, made: pa.Table) -> pd.DataFrame:
    """The undertakings with more rows, of the same types; categories may be new."""
    new = frame(made, "undertakings")
    both = {name: [*kept[name].array, *new[name].array] for name in kept}
    columns = {
        name: pd.Series(values).astype("category")
        if isinstance(kept[name].dtype, pd.CategoricalDtype)
        else pd.Series(values, dtype=kept[name].dtype)
        for name, values in both.items()
    }
    return pd.DataFrame(columns)


def with_parents(undertakings: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
    """The undertakings with the groups that their rows in ``projects`` say they are parts of."""
    gathered = gathered_of(projects)
    above = [gathered.parent(key) for key in undertakings["undertaking_id"]]
    return undertakings.assign(parent_id=pd.Series(above, undertakings.index, undertakings["parent_id"].dtype))


def gathered_of(projects: pd.DataFrame) -> Gathered:
    """What rows of ``projects`` say of undertakings and groups."""
    keys, parents = projects["undertaking_id"], projects[projects["parent_id"].notna()]
    found: dict[str, tuple[str, ...]] = {}
    for key, parent in zip(parents["undertaking_id"], parents["parent_id"], strict=True):
        found[key] = (*found.get(key, ()), parent)
    sizes = dict(zip(keys, projects["n_projects"], strict=True)) if "n_projects" in projects else {}
    return Gathered(dict(zip(projects["project_id"], keys, strict=True)), found, sizes)


def _of_rows(
    projects: pd.DataFrame, said: Iterable[tuple[Mapping[str, Any], Mapping[str, Any], bool]]
) -> Iterator[tuple[str, str, bool]]:
    """The verdicts with the keys that the rows have now; those whose rows are not found say nothing."""
    for *two, one in said:
        places = [place_of(projects, mention) for mention in two]
        if None not in places and places[0] != places[1]:
            first, second = (str(projects.at[place, "project_id"]) for place in places)
            yield first, second, one


def _changed(now: pd.DataFrame, before: pd.DataFrame) -> set[str]:
    """Rows that people corrected, took out, or brought back."""
    gone = set(before["project_id"]) - set(now["project_id"])
    corrected = set(now.loc[now["corrected"].notna(), "project_id"]) if "corrected" in now else set()
    return gone | corrected


def _mentions(out: Path, keys: set[str], rows: pd.DataFrame) -> list[Mention]:
    """The mentions of rows, as people corrected them."""
    wanted = pa.array(sorted(keys), pa.string())
    table = ds.dataset(out / ".trichluc" / "mentions", schema=MENTIONS).to_table(
        filter=pc.is_in(ds.field("project_id"), wanted)
    )
    found = [mention for mention in from_table(table) if mention.project_id in rows.index]
    for mention in found:
        told = rows.loc[mention.project_id]
        for name in _TOLD:
            value: Any = told[name]
            if pd.isna(value):
                value = None
            elif name in (*FIGURES, "year"):
                value = int(value)
            if value != getattr(mention, name):
                setattr(mention, name, value)
                mention.firm = (*mention.firm, name)  # a person looked
    return found


Said = Sequence[tuple[str, str, bool]]


def _groups(mentions: Sequence[Mention], old: Mapping[str, str], said: Said) -> list[list[Mention]]:
    """The mentions of undertakings that verdicts tie together."""
    of = {m.project_id: old.get(m.project_id, m.project_id) for m in mentions}
    for first, second, _one in said:
        if first in of and second in of and of[first] != of[second]:
            one, other = sorted((of[first], of[second]))
            of = {key: one if group == other else group for key, group in of.items()}
    groups: dict[str, list[Mention]] = {}
    for mention in mentions:
        groups.setdefault(of[mention.project_id], []).append(mention)
    return [groups[key] for key in sorted(groups)]


def _sets(mentions: Sequence[Mention], old: Mapping[str, str], said: Said) -> list[tuple[list[Mention], list[str]]]:
    """The undertakings of one group: as they were, but for what people said."""
    place = {m.project_id: number for number, m in enumerate(mentions)}
    mine = [(place[a], place[b], one) for a, b, one in said if a in place and b in place]
    apart = [(a, b) for a, b, one in mine if not one]
    same = [(a, b) for a, b, one in mine if one]
    if not apart:  # nothing comes apart: what was one stays one
        firsts: dict[str, int] = {}
        for number, mention in enumerate(mentions):
            same.append((firsts.setdefault(old.get(mention.project_id, mention.project_id), number), number))
    joined = join_mentions(mentions, same, apart)
    reasons = ["review"] if mine else ["corrected"]
    return [([mentions[n] for n in members], reasons if len(members) > 1 else []) for members in joined.sets]
