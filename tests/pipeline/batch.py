"""What the tests of the batch share: inputs, and the tables as they can be compared."""

import json
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds

from pipeline.batch.run import Options, Summary, run
from pipeline.tables.schema import SCHEMAS

TEXT = """Tỉnh {province} hỗ trợ đề án số {number}
Năm 20{number:02}, tỉnh {province} thực hiện đề án “Hỗ trợ ứng dụng máy móc số {number}” cho {count} cơ sở.
Tổng kinh phí của đề án là {number},5 tỷ đồng.
Trong đó, ngân sách hỗ trợ {count}00 triệu đồng cho huyện Tân Lạc, còn lại do cơ sở đối ứng {number} triệu đồng.
"""
PROVINCES = ("Hòa Bình", "Sơn La", "Bắc Kạn", "Đắk Lắk", "Quảng Nam")

Rows = dict[str, list[dict[str, Any]]]


def report(number: int) -> str:
    """A report unlike those of other numbers."""
    extra = " ".join(f"Xã {chr(65 + (number * k) % 26)}{k} có {number * k + 1} hộ dân." for k in range(1, 12))
    return TEXT.format(province=PROVINCES[number % 5], number=number % 90 + 10, count=number % 8 + 2) + extra + "\n"


def write_inputs(folder: Path, files: int = 12, records: int = 40) -> Path:
    """A folder with reports of one file each, an archive of many, a file of another kind and one that is no report."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        (folder / f"r{number:03}.txt").write_text(report(number), "utf-8")
    write_archive(folder, range(100, 100 + records))
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (folder / "empty.txt").write_bytes(b"")
    return folder


def write_archive(folder: Path, numbers: range) -> None:
    lines = [json.dumps({"title": f"Bản tin {n}", "text": report(n)}, ensure_ascii=False) for n in numbers]
    (folder / "archive.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def tables(out: Path) -> Rows:
    """All rows of all tables, in an order that does not depend on the run."""
    found = {name: ds.dataset(out / name, format="parquet").to_table().to_pylist() for name in SCHEMAS}
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


def go(folder: Path, out: Path, **options: Any) -> Summary:
    return run([folder], out, options=Options(**options))
