"""The tables as pandas DataFrames: extracted from texts, or read from an output folder and joined."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from pipeline.analysis.receivers import KIND, with_receivers
from pipeline.corrections import joins, overlay
from pipeline.extraction import extractor
from pipeline.gather.describe import describe
from pipeline.gather.gather import gather_table
from pipeline.i18n import _
from pipeline.ingest.types import RawDocument
from pipeline.tables.duplicates import mark
from pipeline.tables.frame import ORIGIN, frame
from pipeline.tables.rows import to_tables
from pipeline.tables.schema import SCHEMAS
from rules.place import gazetteer

SUMS = ("total_vnd", "support_vnd", "counterpart_vnd", "n_beneficiaries")
"""Columns of ``projects`` that people add up."""
_MONEY = [column for column in SUMS if column.endswith("_vnd")]

HOLDS = "holds"

JOINED: Mapping[str, str] = {
    "source": "path of the report, as in documents",
    "title": "headline of the report",
    "published": "date of the report",
    "sentence_text": "the sentence that the mention stands in",
    "project_name": "name of the undertaking that it belongs to, or its mention where it has no name",
    "province_code": "legacy province: the one that all places of the undertaking lie in, else that of the report",
    "province_name": "name of that province",
    KIND: "kind of the receivers of the undertaking and its parts; several where they are of more than one",
    "has_parts": "whether other rows are parts of this one",
    HOLDS: "in projects: which of its figures hold in the end, as in undertakings",
    "corrected": "what a person changed, who and when",
}
"""Columns that :func:`read` adds, and what they mean."""

_MENTIONS = ("projects", "amounts", "beneficiaries", "locations")


def extract(texts: Iterable[str]) -> dict[str, pd.DataFrame]:
    """See :func:`pipeline.extract`."""
    if isinstance(texts, str):
        raise TypeError(_("texts is one text: give a list of texts, extract([text])"))
    documents = []
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(_("text {number} is {found}, not a text: leave it out", number=number, found=repr(text)))
        documents.append(RawDocument(str(number), text, "utf-8"))
    found, _rejects = to_tables(extractor().extract(documents))
    documents_table = found["documents"]
    places = [f"{int(source):020}" for source in documents_table["source"].to_pylist()]
    marks = mark(zip(documents_table["doc_id"].to_pylist(), places, documents_table["text"].to_pylist(), strict=True))
    keys = [marks.get(key) for key in documents_table["doc_id"].to_pylist()]
    place = documents_table.schema.get_field_index("duplicate_of")
    found["documents"] = documents_table.set_column(
        place, documents_table.schema.field(place), pa.array(keys, pa.string())
    )
    found["undertakings"], gathered = gather_table(describe(found), marks)
    projects = found["projects"]
    ids = [gathered.ids.get(key, key) for key in projects["project_id"].to_pylist()]
    place = projects.schema.get_field_index("undertaking_id")
    found["projects"] = projects.set_column(place, projects.schema.field(place), pa.array(ids, pa.string()))
    return {name: frame(table, name) for name, table in found.items()}


def read(out: str | Path, duplicates: bool = False, corrections: bool = True) -> dict[str, pd.DataFrame]:
    """See :func:`pipeline.read`."""
    folder = Path(out)
    missing = [name for name in SCHEMAS if not (folder / name).is_dir()]
    if missing:
        raise FileNotFoundError(
            _("{out} holds no table {name}: name the --out folder of `trichluc run`", out=folder, name=missing[0])
        )
    found = {name: frame(ds.dataset(folder / name, format="parquet").to_table(), name) for name in SCHEMAS}
    if corrections:
        found = joins.apply(overlay.apply(found, folder), found, folder)
    if not duplicates:
        found = _without_duplicates(found)
    return joined(found, folder)


def _without_duplicates(found: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    documents = found["documents"]
    again = set(documents.loc[documents["duplicate_of"].notna(), "doc_id"])
    if not again:
        return dict(found)
    kept = {
        name: table[~table["doc_id"].isin(again)].reset_index(drop=True) if "doc_id" in table else table
        for name, table in found.items()
    }
    gone = set(found["projects"]["project_id"]) - set(kept["projects"]["project_id"])
    return kept | {"undertakings": _without_rows(kept["undertakings"], gone)}


def _without_rows(undertakings: pd.DataFrame, gone: set[str]) -> pd.DataFrame:
    """The undertakings without the rows of copies among ``project_ids``, and without what only a copy tells."""
    if not gone:
        return undertakings
    ids = [[key for key in keys if key not in gone] for keys in undertakings["project_ids"]]
    told = pd.Series(ids, undertakings.index, dtype=undertakings["project_ids"].dtype)
    return undertakings.assign(project_ids=told)[[bool(keys) for keys in ids]].reset_index(drop=True)


def joined(found: Mapping[str, pd.DataFrame], folder: Path) -> dict[str, pd.DataFrame]:
    """The tables with what an analyst would look up next beside each row; see :func:`pipeline.read`."""
    documents = found["documents"].assign(province_name=_province_names(found["documents"]["province_code"]))
    projects = _with_province(found["projects"], found["locations"], documents)
    projects = _with_holds(projects, found["undertakings"])
    result = {**found, "documents": documents, "undertakings": _whole(found["undertakings"])}
    for name in _MENTIONS:
        table = projects if name == "projects" else _with_project(found[name], projects, documents)
        table = _looked_up(table, documents.set_index("doc_id"), "doc_id", ("source", "title", "published"))
        result[name] = table.assign(sentence_text=_sentence_texts(table, found["sentences"], documents))
    result = with_receivers(result)
    for table in result.values():
        table.attrs[ORIGIN] = str(folder)
    return result


def _with_holds(projects: pd.DataFrame, undertakings: pd.DataFrame) -> pd.DataFrame:
    """The rows with the names of the columns whose figure is that of the undertaking."""
    held = undertakings.set_index("undertaking_id").reindex(projects["undertaking_id"])
    told = pd.Series("", projects.index)
    for column in SUMS:
        same = (projects[column] == pd.Series(held[column].array, projects.index)).fillna(False)
        told = told.mask(same, told + f" {column}")
    return projects.assign(**{HOLDS: told.str.strip().astype(pd.StringDtype("pyarrow"))})


def _whole(undertakings: pd.DataFrame) -> pd.DataFrame:
    return undertakings.assign(has_parts=undertakings["undertaking_id"].isin(undertakings["parent_id"].dropna()))


def _looked_up(table: pd.DataFrame, source: pd.DataFrame, key: str, columns: Iterable[str]) -> pd.DataFrame:
    """``table`` with ``columns`` of the row of ``source`` that ``key`` names, null where it names none."""
    rows = source.reindex(table[key])[list(columns)]
    return table.assign(**{column: rows[column].array for column in columns})


def _province_names(codes: "pd.Series[str]") -> "pd.Series[str]":
    names = {code: unit.name for code, unit in gazetteer.load().legacy.items() if len(code) == 2}
    return codes.map(names).astype(pd.StringDtype("pyarrow"))


def _with_province(projects: pd.DataFrame, places: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Province of an undertaking: the one that all its own places lie in, else the one of its report."""
    own = places.dropna(subset=["project_id", "province_code"]).groupby("project_id")["province_code"]
    single = own.first()[own.nunique() == 1]
    of_report = documents.set_index("doc_id")["province_code"].reindex(projects["doc_id"]).array
    codes = single.reindex(projects["project_id"]).reset_index(drop=True).fillna(pd.Series(of_report))
    codes.index = projects.index
    return projects.assign(
        province_code=codes,
        province_name=_province_names(codes),
        has_parts=projects["project_id"].isin(projects["parent_id"].dropna()),
    )


def _with_project(table: pd.DataFrame, projects: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    owners = projects.assign(project_name=projects["name"].fillna(projects["text"])).set_index("project_id")
    table = _looked_up(table, owners, "project_id", ("project_name",))
    if "province_code" in table:
        return table
    of_report = documents.set_index("doc_id")["province_code"].reindex(table["doc_id"])
    of_owner = owners["province_code"].reindex(table["project_id"])
    codes = pd.Series(of_owner.array, table.index).fillna(pd.Series(of_report.array, table.index))
    return table.assign(province_code=codes, province_name=_province_names(codes))


def _sentence_texts(table: pd.DataFrame, sentences: pd.DataFrame, documents: pd.DataFrame) -> "pd.Series[str]":
    places = sentences.set_index(["doc_id", "sentence"])[["start", "end"]]
    rows = places.reindex(pd.MultiIndex.from_frame(table[["doc_id", "sentence"]]))
    texts = dict(zip(documents["doc_id"], documents["text"], strict=True))
    spoken = [
        texts[doc_id][start:end] for doc_id, start, end in zip(table["doc_id"], rows["start"], rows["end"], strict=True)
    ]
    return pd.Series(spoken, table.index, dtype=pd.StringDtype("pyarrow"))


def once(table: pd.DataFrame) -> pd.DataFrame:
    """See :func:`pipeline.once`."""
    keys = [key for key in ("undertaking_id", "project_id") if key in table]
    missing = {"parent_id", *SUMS, *([] if keys else ["project_id"])} - set(table)
    if missing:
        raise ValueError(_("no column {column}: give the table undertakings, or projects", column=max(missing)))
    one = _one_a_row(table) if "project_id" in table else table
    by_key = one.set_index("undertaking_id")
    whole = _told_whole(by_key)
    filled = {c: _filled(by_key[c], by_key["parent_id"], whole if c in _MONEY else None) for c in SUMS}
    rows = by_key.assign(**filled).reset_index()
    rows = rows[rows["parent_id"].isna()].assign(parent_id=None)[table.columns]
    rows.attrs = dict(table.attrs)
    return rows.astype({"parent_id": table["parent_id"].dtype}).reset_index(drop=True)


def _one_a_row(projects: pd.DataFrame) -> pd.DataFrame:
    """The first row of each undertaking, with the figures that hold and with the undertaking that it is a part of."""
    if "undertaking_id" not in projects:
        projects = projects.assign(undertaking_id=projects["project_id"])
    key = projects["undertaking_id"]
    first = projects.assign(_first=key == projects["project_id"]).sort_values("_first", ascending=False, kind="stable")
    first = first.drop_duplicates("undertaking_id").drop(columns="_first").sort_index()
    for column in SUMS:
        told = projects[projects[column].notna()]
        if HOLDS in told:
            told = told.assign(_holds=told[HOLDS].str.contains(column, regex=False).fillna(False))
            told = told.sort_values("_holds", kind="stable")
        figures = told.drop_duplicates("undertaking_id", keep="last").set_index("undertaking_id")[column]
        first[column] = figures.reindex(first["undertaking_id"]).array
    gathered = joins.gathered_of(projects)
    above = [gathered.parent(undertaking) for undertaking in first["undertaking_id"]]
    return first.assign(parent_id=pd.Series(above, first.index, dtype=projects["parent_id"].dtype))


def _told_whole(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Whether a group prints one sum of money, and its parts print one each, which add up to it.

    It is the same money, though a report may call it the cost of the group and the support of a part.
    """
    money = rows[_MONEY]
    figure = money.sum(axis=1).where(money.notna().sum(axis=1) == 1)
    parts = figure.groupby(rows["parent_id"])
    of_parts = parts.sum().where(parts.count() == parts.size()).reindex(rows.index)
    return (of_parts == figure).fillna(False).astype(bool)


def _filled(
    printed: "pd.Series[int]", parents: "pd.Series[str]", whole: "pd.Series[bool] | None" = None
) -> "pd.Series[int]":
    """``printed`` where it is known, else the sum of the parts unless it is told whole; parts of parts first."""
    value = printed
    while True:
        of_parts = value.groupby(parents).sum(min_count=1).reindex(value.index)
        if whole is not None:
            of_parts = of_parts.mask(whole)
        better = printed.fillna(of_parts)
        if better.equals(value):
            return value
        value = better
