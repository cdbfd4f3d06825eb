"""Make the pictures of the README, docs/report.png, overview.png and tables.png, from the sample reports.

    python scripts/make_pictures.py

Needs Chromium (Debian: apt-get install chromium).
"""

import subprocess
import tempfile
from pathlib import Path

import pandas as pd

import pipeline
from pipeline.batch.run import run
from pipeline.view.page import write

ROOT = Path(__file__).parents[1]
REPORT = "hoa-binh-khuyen-cong-2022.txt"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
    "--force-device-scale-factor=1.25", "--virtual-time-budget=4000",
)  # fmt: skip
_STYLE = """
body { margin: 22px 26px; font: 13px/1.5 system-ui, "Noto Sans", "DejaVu Sans", sans-serif; color: #1c2024; }
h2 { margin: 14px 0 6px; font: 650 15px/1.4 ui-monospace, "DejaVu Sans Mono", monospace; color: #5b4596; }
table { border-collapse: collapse; width: 100%; }
th { padding: 5px 10px; text-align: left; background: #efeafb; font-weight: 600; }
td { padding: 4px 10px; border-top: 1px solid #e2e5e9; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.number, th.number { text-align: right; } span { color: #adb5bd; }
"""
_TABLES = {
    "projects": ("name", "kind", "programme", "year", "n_projects", "total_vnd", "support_vnd"),
    "amounts": ("text", "value_vnd", "qualifier", "role", "project_id", "rule"),
    "beneficiaries": ("text", "kind", "count", "project_id"),
    "locations": ("text", "level", "name", "code", "province_name", "current_name", "project_id"),
}


def shoot(address: str, target: Path, width: int, height: int) -> None:
    """A picture of a page, as a browser window of this size shows it."""
    with tempfile.TemporaryDirectory() as profile:
        size = (f"--window-size={width},{height}", f"--user-data-dir={profile}", f"--screenshot={target}")
        subprocess.run(["chromium", *FLAGS, *size, address], check=True, capture_output=True, timeout=120)


def tables_page(tables: dict[str, pd.DataFrame]) -> str:
    """The first rows of the tables of one report, as HTML."""
    pieces = [f"<!doctype html><meta charset='utf-8'><style>{_STYLE}</style>"]
    for name, columns in _TABLES.items():
        rows = tables[name][tables[name]["source"] == REPORT].head(6 if name == "amounts" else 4)
        head = "".join(f"<th{_class(rows[column])}>{column}</th>" for column in columns)
        body = "".join(f"<tr>{''.join(_cell(row[c], rows[c]) for c in columns)}</tr>" for _, row in rows.iterrows())
        pieces.append(f"<h2>{name}</h2><table><tr>{head}</tr>{body}</table>")
    return "".join(pieces)


def _class(column: "pd.Series[str]") -> str:
    return " class='number'" if pd.api.types.is_numeric_dtype(column) else ""


def _cell(value: object, column: "pd.Series[str]") -> str:
    if pd.isna(value):  # type: ignore[call-overload]
        return f"<td{_class(column)}><span>null</span></td>"
    text = f"{value:,}" if isinstance(value, int) and value > 9999 else str(value)
    return f"<td{_class(column)}>{text}</td>"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "output"
        run([ROOT / "corpus"], out)
        tables = pipeline.read(out)
        documents = tables["documents"].set_index("source")
        page = Path(folder) / "report.html"
        write(out, page)
        address = f"{page.as_uri()}#reports/{documents.loc[REPORT, 'doc_id']}"
        shoot(address, ROOT / "docs" / "report.png", 1360, 820)
        shoot(f"{page.as_uri()}#overview", ROOT / "docs" / "overview.png", 1360, 900)
        (Path(folder) / "tables.html").write_text(tables_page(tables), "utf-8")
        shoot((Path(folder) / "tables.html").as_uri(), ROOT / "docs" / "tables.png", 1120, 810)


if __name__ == "__main__":
    main()
