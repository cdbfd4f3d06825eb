"""Which rows does the change at hand make different? Run by `make diff`.

    python scripts/diff_rows.py FOLDER [REVISION]

Extracts the reports of FOLDER with the code of REVISION (HEAD unless given) and with the code as it lies here, and
prints the rows that only one of them has, report by report: ``-`` before, ``+`` after.
"""

import io
import os
import subprocess
import sys
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.dataset as ds

ROOT = Path(__file__).parents[1]
TABLES = ("projects", "amounts", "beneficiaries", "locations", "documents", "rejects")
_KEYS = ("doc_id", "sentence", "start", "end", "rule", "undertaking_id")
Row = tuple[str, ...]


def extracted(code: Path, reports: Path, out: Path) -> dict[str, dict[str, list[Row]]]:
    """source -> table -> rows in words, by the code of a folder."""
    command = [sys.executable, "-m", "pipeline.cli", "run", str(reports), "--out", str(out), "--quiet"]
    done = subprocess.run(command, cwd=code, env={**os.environ, "PYTHONPATH": str(code)}, check=False)
    if done.returncode > 1:
        sys.exit(done.returncode)
    tables = {name: ds.dataset(out / name, format="parquet").to_table().to_pylist() for name in TABLES}
    source = {row["doc_id"]: row["source"] for row in tables["documents"]}
    names = {row["project_id"]: row["name"] or row["text"] for row in tables["projects"]}
    found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for table, rows in tables.items():
        for row in rows:
            found[row.get("source") or source[row["doc_id"]]][table].append(tuple(_words(table, row, names)))
    return found


def _words(table: str, row: dict[str, Any], names: dict[str, str]) -> Iterator[str]:
    yield str(row.pop("text", ""))[:80].replace("\n", " ") if table != "documents" else ""
    for key, value in row.items():
        if value in (None, "", []) or key in _KEYS or key in ("source", "tokens", "n_tokens"):
            continue
        if key in ("project_id", "parent_id"):
            if table == "projects" and key == "project_id":
                continue
            value = names.get(value, value)
        if not key.endswith("_id"):
            yield f"{key}={value}"
        elif key in ("project_id", "parent_id"):
            yield f"{key.removesuffix('_id')}={str(value)[:40]}"


def main() -> None:
    reports = Path(sys.argv[1]).resolve()
    revision = sys.argv[2] if len(sys.argv) > 2 else "HEAD"
    with TemporaryDirectory() as folder:
        code = Path(folder) / "code"
        archive = subprocess.run(["git", "archive", revision], cwd=ROOT, check=True, capture_output=True).stdout
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(code, filter="data")
        before = extracted(code, reports, Path(folder) / "before")
        after = extracted(ROOT, reports, Path(folder) / "after")
    changed: Counter[str] = Counter()
    for source in sorted(before.keys() | after.keys()):
        lines = []
        for table in TABLES:
            old, new = Counter(before[source][table]), Counter(after[source][table])
            for mark, rows in (("-", old - new), ("+", new - old)):
                lines += [f"  {mark} {table}: {', '.join(filter(None, row))}" for row in sorted(rows.elements())]
                changed[f"{mark} {table}"] += rows.total()
        if lines:
            print(source, *lines, sep="\n")
    told = ", ".join(f"{number} {name}" for name, number in sorted(changed.items()) if number)
    print(f"{len(after)} reports: {told or 'no row differs'}")


if __name__ == "__main__":
    main()
