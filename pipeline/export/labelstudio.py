"""Tasks for Label Studio with the extractions as pre-annotations, and the labelling configuration for them.

Label Studio counts offsets as JavaScript does, in UTF-16 units; they are converted here.
"""

import json
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.export.brat import NAMES
from pipeline.tables.schema import FACTS
from pipeline.view.labels import group
from pipeline.view.page import reports
from pipeline.view.reports import Report, Row

_COLOURS = {"projects": "#7c5cc4", "amounts": "#2f9e54", "beneficiaries": "#e8870c", "locations": "#2f7bd9"}


def write(out: Path, target: Path) -> None:
    """Write ``target/tasks.json`` (to import) and ``target/config.xml`` (the labelling interface)."""
    target.mkdir(parents=True, exist_ok=True)
    tasks = [task(report) for report in reports(out)]
    (target / "tasks.json").write_text(json.dumps(tasks, ensure_ascii=False, indent=1), "utf-8")
    (target / "config.xml").write_text(_configuration(), "utf-8")


def task(report: Report) -> dict[str, Any]:
    """One document as a task."""
    data = {key: report.document[key] for key in ("text", "doc_id", "source", "title")}
    result = [entry for table in FACTS for row in report.facts[table] for entry in _entries(report.text, table, row)]
    return {"data": data, "predictions": [{"model_version": f"trichluc {__version__}", "result": result}]}


def _entries(text: str, table: str, row: Row) -> list[dict[str, Any]]:
    place = {"start": _units(text[: row["start"]]), "end": _units(text[: row["end"]]), "text": row["text"]}
    key = row[FACTS[table]]
    base = {"id": key, "from_name": "label", "to_name": "text", "type": "labels"}
    entries: list[dict[str, Any]] = [base | {"value": place | {"labels": [NAMES[table]]}}]
    if table == "amounts":
        role = {"id": key, "from_name": "role", "to_name": "text", "type": "choices"}
        entries.append(role | {"value": place | {"choices": [row["role"]]}})
    owner = row["parent_id"] if table == "projects" else row["project_id"]
    if owner:
        entries.append({"type": "relation", "from_id": key, "to_id": owner, "direction": "right"})
    return entries


def _units(text: str) -> int:
    """Length in UTF-16 units.

    >>> _units("đề án"), _units("😀")
    (5, 2)
    """
    return len(text.encode("utf-16-le")) // 2


def _configuration() -> str:
    labels = "".join(f'    <Label value="{name}" background="{_COLOURS[table]}"/>\n' for table, name in NAMES.items())
    roles = "".join(f'    <Choice value="{role}"/>\n' for role in group("role"))
    return (
        f'<View>\n  <Labels name="label" toName="text">\n{labels}  </Labels>\n'
        '  <Text name="text" value="$text" granularity="word"/>\n'
        '  <Choices name="role" toName="text" perRegion="true" whenTagName="label" whenLabelValue="Sum">\n'
        f"{roles}  </Choices>\n</View>\n"
    )
