"""One self-contained HTML page: overview, tables, and the reports with their facts. Works offline, from the disk.

Data stand in the page as deflated columns (:mod:`pipeline.view.data`); the script, in the files of ``script/``, unpacks
them and draws only what is in view. Drawing by hand was judged against Tabulator and Observable Plot: those are 430 KB
and 250 KB before the first row, and neither passes the accessibility audit unaided; the scripts here are 40 KB.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

import pipeline
from pipeline.corrections.verdicts import Key, latest, row_key
from pipeline.i18n import _, reason
from pipeline.tables.schema import FACTS
from pipeline.view.cards import cards
from pipeline.view.data import MOST_ROWS, collect, packed
from pipeline.view.draw import link_style, resource
from pipeline.view.labels import group, warning
from pipeline.view.marks import marked, shortened
from pipeline.view.reports import Report, of_tables
from pipeline.writing import complete, refuse_links
from rules.place import gazetteer

MOST = 1000
"""Reports on one page, unless the caller says otherwise."""

SCRIPTS = ("core", "grid", "charts", "lists", "overview", "reports", "judge", "joins", "main")
"""Files of ``script/``, in the order in which they stand in the page."""

_WORDS = (
    "table", "role", "kind", "programme", "field", "page", "trust", "review", "stage", "level", "status", "qualifier",
    "reject",
)  # fmt: skip


_OURS = b"<title>trichluc</title>"
_HEAD = 4096  # bytes in which the title of a page stands


class ViewError(Exception):
    """Nothing can be shown; the message says what to do."""


def write(
    out: Path,
    target: Path,
    doc_id: str | None = None,
    language: str = "en",
    most: int = MOST,
    most_rows: int = MOST_ROWS,
) -> tuple[int, int]:
    """Write the page of the tables under ``out`` to ``target``: how many reports it holds, and of how many.

    Raises :class:`ViewError` where ``out`` holds no tables or no document ``doc_id``, ``target`` is a file that is no
    such page, or it cannot be written.
    """
    html, shown, there = render(out, doc_id, language, most, most_rows)
    try:
        refuse_links(out, target)
        if target.is_file() and not _is_page(target):
            raise ViewError(_("{file} is there and is no page of trichluc: name another file", file=target))
        with complete(target) as partial:
            partial.write_text(html, "utf-8")
    except OSError as error:
        raise ViewError(_("cannot write {file}: {why}", file=target, why=reason(error))) from error
    return shown, there


def _is_page(file: Path) -> bool:
    with file.open("rb") as written:
        return _OURS in written.read(_HEAD)


def render(
    out: Path,
    doc_id: str | None = None,
    language: str = "en",
    most: int = MOST,
    most_rows: int = MOST_ROWS,
) -> tuple[str, int, int]:
    """The page itself, how many reports it holds, and of how many; raises like :func:`write`."""
    arrow = _tables(out, doc_id)
    documents = arrow["documents"].sort_by("source")
    if doc_id and not documents.num_rows:
        raise ViewError(
            _(
                "no document {doc} in {out}: the ids are in the column doc_id of {table}",
                doc=doc_id,
                out=out,
                table=out / "documents",
            )
        )
    chosen = documents.slice(0, most)
    entries = list(_entries(of_tables(arrow, chosen), latest(out)))
    key = hashlib.sha256(str(out.absolute()).encode()).hexdigest()[:16]
    data = {
        "tables": collect(pipeline.read(out), out, most_rows),
        **surroundings(documents.num_rows, chosen.num_rows, key, doc_id),
    }
    return page(data, entries, language), chosen.num_rows, documents.num_rows


def surroundings(documents: int, reports: int = 0, key: str = "", alone: str | None = None) -> dict[str, Any]:
    """What the page's script needs besides the tables: words, outlines, and what the page holds of how much."""
    return {
        "words": {name: group(name) for name in _WORDS},
        "outlines": json.loads(resource("provinces.json")),
        "limits": {"reports": reports, "documents": documents, "key": key, "alone": alone},
    }


def _tables(out: Path, doc_id: str | None) -> dict[str, pa.Table]:
    missing = [name for name in ("documents", *FACTS) if not (out / name).is_dir()]
    if missing:
        raise ViewError(
            _("{out} holds no table {name}: name the --out folder of `trichluc run`", out=out, name=missing[0])
        )
    wanted = None if doc_id is None else pc.field("doc_id") == doc_id
    return {name: ds.dataset(out / name, format="parquet").to_table(filter=wanted) for name in ("documents", *FACTS)}


def reports(out: Path) -> Iterator[Report]:
    """All reports under ``out``, in the order of their sources."""
    arrow = _tables(out, None)
    return of_tables(arrow, arrow["documents"].sort_by("source"))


def page(data: dict[str, Any], entries: list[dict[str, Any]], language: str = "en") -> str:
    """The whole HTML page. Its policy allows this one script and nothing from elsewhere."""
    script = "".join(resource(f"script/{name}.js") for name in SCRIPTS)
    script = f'"use strict";\n(async () => {{\n{script}}})();\n'
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    most = max((entry["counts"]["projects"] for entry in entries), default=0)
    parts = {
        "language": language,
        "hash": f"sha256-{digest}",
        "style": resource("report.css") + resource("page.css") + link_style(most),
        "script": script,
        "data": packed(data),
        "reports": packed(entries),
    }
    html = resource("page.html")
    for name, part in parts.items():
        html = html.replace("{{" + name + "}}", part)
    return html


def _entries(reports: Iterable[Report], known: dict[Key, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for report in reports:
        document = report.document
        _with_verdicts(report, known)
        yield {
            "id": document["doc_id"],
            "title": document["title"] or shortened(report.text, 90) or document["source"],
            "source": document["source"],
            "published": document["published"].strftime("%d/%m/%Y") if document["published"] else None,
            "province": _province(document["province_code"]),
            "warnings": [[told, warning(told, "vi")] for told in document["warnings"] or ()],
            "counts": {table: len(rows) for table, rows in report.facts.items()},
            "tags": _tags(report),
            "numbers": {row["project_id"]: report.number(row["project_id"]) for row in report.facts["projects"]},
            "text": marked(report),
            "beside": cards(report),
        }


def _with_verdicts(report: Report, known: dict[Key, dict[str, Any]]) -> None:
    if not known:
        return
    for table, rows in report.facts.items():
        for row in rows:
            entry = known.get(row_key(table, row))
            if entry:
                row["verdict"] = entry["verdict"]


def _province(code: str | None) -> str | None:
    unit = gazetteer.load().legacy.get(code or "")
    return unit.name if unit else code


def _tags(report: Report) -> dict[str, list[str]]:
    """What the filters ask for."""
    facts, document = report.facts, report.document
    checks = {
        "check_unlinked": any(row["project_id"] is None for row in facts["amounts"]) and bool(facts["projects"]),
        "check_ambiguous": any(row["status"] == "ambiguous" for row in facts["locations"]),
        "check_warnings": bool(document["warnings"]),
        "check_duplicate": document["duplicate_of"] is not None,
        "check_empty": not any(facts.values()),
    }
    province = _province(document["province_code"])
    return {
        "province": [province] if province else [],
        "kind": sorted({row["kind"] for row in facts["projects"]}),
        "role": sorted({row["role"] for row in facts["amounts"]}),
        "check": [name for name, holds in checks.items() if holds],
    }
