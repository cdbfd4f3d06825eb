"""One self-contained HTML page with many reports: list, search, filters. Works offline, straight from the disk."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from pipeline.view.cards import cards
from pipeline.view.draw import link_style, resource
from pipeline.view.labels import group
from pipeline.view.marks import marked, shortened
from pipeline.view.reports import TABLES, Report, of_tables
from rules.place import gazetteer

MOST = 1000
"""Documents on one page, unless the caller says otherwise."""


class ViewError(Exception):
    """Nothing can be shown; the message says what to do."""


def write(
    out: Path, target: Path, doc_id: str | None = None, language: str = "en", most: int = MOST
) -> tuple[int, int]:
    """Write the page of the tables under ``out`` to ``target``: how many documents it shows, and of how many.

    Raises :class:`ViewError` where ``out`` holds no tables or no document ``doc_id``.
    """
    arrow = _tables(out, doc_id)
    documents = arrow["documents"].sort_by("source")
    if doc_id and not documents.num_rows:
        raise ViewError(f"no document {doc_id} in {out}: the ids are in the column doc_id of {out / 'documents'}")
    chosen = documents.slice(0, most)
    target.write_text(page(of_tables(arrow, chosen), language), "utf-8")
    return chosen.num_rows, documents.num_rows


def _tables(out: Path, doc_id: str | None) -> dict[str, pa.Table]:
    missing = [name for name in ("documents", *TABLES) if not (out / name).is_dir()]
    if missing:
        raise ViewError(f"{out} holds no table {missing[0]}: name the --out folder of `trichluc run`")
    wanted = None if doc_id is None else pc.field("doc_id") == doc_id
    return {name: ds.dataset(out / name, format="parquet").to_table(filter=wanted) for name in ("documents", *TABLES)}


def reports(out: Path) -> Iterator[Report]:
    """All reports under ``out``, in the order of their sources."""
    arrow = _tables(out, None)
    return of_tables(arrow, arrow["documents"].sort_by("source"))


def page(reports: Iterable[Report], language: str = "en") -> str:
    """The whole HTML page. Its policy allows this one script and nothing from elsewhere."""
    entries = list(_entries(reports))
    words = {name: group(name) for name in ("table", "role", "kind", "page")}
    script = resource("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    most = max((entry["counts"]["projects"] for entry in entries), default=0)
    parts = {
        "language": language,
        "hash": f"sha256-{digest}",
        "style": resource("page.css") + resource("report.css") + link_style(most),
        "data": _embedded({"reports": entries, "words": words}),
        "script": script,
    }
    html = resource("page.html")
    for name in ("language", "hash", "style", "script", "data"):  # data last: a report may print {{script}}
        html = html.replace("{{" + name + "}}", parts[name])
    return html


def _embedded(data: object) -> str:
    """JSON that cannot end the element it stands in.

    >>> _embedded("</script>")
    '"\\\\u003c/script>"'
    """
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _entries(reports: Iterable[Report]) -> Iterator[dict[str, Any]]:
    for report in reports:
        document = report.document
        yield {
            "id": document["doc_id"],
            "title": document["title"] or shortened(report.text, 90) or document["source"],
            "source": document["source"],
            "published": document["published"].strftime("%d/%m/%Y") if document["published"] else None,
            "province": _province(document["province_code"]),
            "warnings": [*(document["warnings"] or [])],
            "counts": {table: len(rows) for table, rows in report.facts.items()},
            "tags": _tags(report),
            "text": marked(report),
            "beside": cards(report),
        }


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
