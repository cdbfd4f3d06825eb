"""How long joining undertakings takes, and how much memory, by the number of rows of ``projects``.

    python benchmarks/undertakings.py [--city] [ROWS ...]

Reports are made from templates: an undertaking is told by one to four of them, under its title, a shorter one, or its
receiver's name, with the same sums or rounded ones. With ``--city`` all lie in three districts of one province, and
two of five reports name no commune. Prints for each size the seconds of processor and the peak of memory of a process
of its own, how many joins were right, and the exponent between sizes.
"""

import math
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.batch.process import uncollected
from pipeline.gather.describe import describe
from pipeline.gather.gather import gather
from pipeline.tables.schema import SCHEMAS
from rules.place import gazetteer

SIZES = (10_000, 40_000, 160_000)
_CITY = ("Thị xã Sơn Tây", "Huyện Ba Vì", "Huyện Thạch Thất")
_REPORTS = 2_000  # described at once
_TITLES = (
    "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong sản xuất {}",
    "Xây dựng mô hình trình diễn kỹ thuật chế biến {}",
    "Đầu tư dây chuyền {}",
    "Liên kết sản xuất và tiêu thụ {}",
)
_THINGS = tuple(
    f"{a} {b}"
    for a in ("bánh", "miến", "chè", "gỗ", "gạch", "mây tre", "cơ khí", "cá", "tôm", "nấm", "dược liệu", "cà phê")
    for b in ("xuất khẩu", "đặc sản", "hữu cơ", "sấy khô", "cao cấp", "truyền thống", "thủ công", "công nghiệp")
)
_NAMES = (
    "An",
    "Bình",
    "Cường",
    "Dung",
    "Đại",
    "Giang",
    "Hà",
    "Khánh",
    "Lộc",
    "Minh",
    "Nam",
    "Phát",
    "Quang",
    "Sơn",
    "Thịnh",
    "Vinh",
)


def make(rows: int, target: Path, city: bool = False) -> dict[str, int]:
    """Write the mentions of so many rows; gives the number of the undertaking of each."""
    chance = random.Random(7)
    communes = [u for u in gazetteer.load().legacy.values() if u.level == "commune" and u.now]
    if city:
        communes = [u for u in communes if u.parent is not None and u.parent.name in _CITY]
    told: list[tuple[int, dict[str, Any]]] = []
    number = 0
    while len(told) < rows:
        commune = chance.choice(communes)
        support, year = chance.randrange(20, 80) * 10_000_000, chance.randrange(2012, 2025)
        fact = {
            "thing": chance.choice(_THINGS), "title": chance.choice(_TITLES), "commune": commune, "year": year,
            "who": f"HTX {' '.join(chance.sample(_NAMES, 3))}", "support": support,
            "total": support * chance.randrange(2, 6) + chance.randrange(1, 99) * 1_000_000,
        }  # fmt: skip
        told += [(number, fact)] * chance.choice((1, 1, 2, 3, 4))
        number += 1
    told = told[:rows]
    chance.shuffle(told)
    truth: dict[str, int] = {}
    with pq.ParquetWriter(target, describe({n: s.empty_table() for n, s in SCHEMAS.items()}).schema) as file:
        for first in range(0, rows, _REPORTS):
            tables = _tables(told[first : first + _REPORTS], first, chance, truth, city)
            file.write_table(describe(tables))
    return truth


def _tables(
    told: list[tuple[int, dict[str, Any]]], first: int, chance: random.Random, truth: dict[str, int], city: bool
) -> dict[str, pa.Table]:
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
    for place, (number, fact) in enumerate(told, first):
        doc_id, commune = f"{place:016x}", fact["commune"]
        unit = commune.parent if city and chance.random() < 0.4 else commune
        where = f"{'xã' if unit is commune else 'huyện'} {unit.base}"
        full = chance.random() < 0.6
        name = (fact["title"] if full else "{}").format(fact["thing"])
        total = fact["total"] if chance.random() < 0.8 else round(fact["total"], -8)
        text = f"Tin số {place}\nĐề án “{name}” của {fact['who']} tại {where} được {fact['support']} đồng."
        start = text.index("Đề án")
        key = f"{doc_id}-p1"
        truth[key] = number
        at = {"doc_id": doc_id, "sentence": 1, "start": start, "end": start + 6, "text": "Đề án", "rule": "made"}
        rows["documents"].append(
            {
                "doc_id": doc_id, "source": f"{place}.txt", "text": text, "title": f"Tin số {place}",
                "published": date(fact["year"], 1, 1) + timedelta(chance.randrange(360)),
                "province_code": commune.province.code, "encoding": "utf-8", "n_sentences": 2, "n_tokens": 20,
                "warnings": [],
            }
        )  # fmt: skip
        rows["sentences"] += [
            {"doc_id": doc_id, "sentence": n, "paragraph": n, "start": a, "end": b, "tokens": []}
            for n, (a, b) in enumerate(((0, start - 1), (start, len(text))))
        ]
        year = fact["year"] if chance.random() < 0.6 else None
        rows["projects"].append(
            at
            | {"project_id": key, "name": name, "kind": "de_an", "year": year, "n_projects": 1}
            | {"support_vnd": fact["support"], "total_vnd": total, "undertaking_id": key}
        )
        rows["beneficiaries"].append(
            at
            | {"beneficiary_id": f"{doc_id}-b1", "kind": "cooperative", "count": 1, "name": fact["who"]}
            | {"project_id": key if chance.random() < 0.7 else None}
        )
        rows["locations"].append(
            at
            | {
                "location_id": f"{doc_id}-l1", "level": unit.level, "name": unit.name, "code": unit.code,
                "province_code": unit.province.code, "current_code": unit.holder.code,
                "current_province_code": unit.holder.province.code, "status": "resolved", "candidates": [],
                "project_id": key,
            }
        )  # fmt: skip
    return {name: pa.Table.from_pylist(found, SCHEMAS[name]) for name, found in rows.items()}


def one(rows: int, city: bool) -> None:
    """Measure one size in this process."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "mentions.parquet"
        truth = make(rows, source, city)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        began = time.process_time()
        with pq.ParquetFile(source) as file:
            tables = (pa.Table.from_batches([batch]) for batch in file.iter_batches(1 << 14))
            with uncollected():  # as a run does
                ids = gather(tables, {}, Path(folder)).ids
        seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    right = sum(truth[key] == truth[first] for key, first in ids.items())
    wanted = sum(count - 1 for count in Counter(truth.values()).values())
    print(rows, f"{seconds:.2f}", f"{peak:.0f}", f"{before:.0f}", right, len(ids) - right, wanted)


def main(sizes: list[int], city: bool) -> None:
    last: tuple[int, float] | None = None
    for rows in sizes:
        done = subprocess.run(
            [sys.executable, __file__, "--one", str(rows), *["--city"] * city],
            capture_output=True,
            text=True,
            check=True,
        )
        _, seconds, peak, before, right, wrong, wanted = map(float, done.stdout.split())
        told = f"{rows:>9,} rows: {seconds:7.1f} s, peak {peak:5.0f} MiB (before: {before:.0f})"
        told += f", joins {right:,.0f} right, {wrong:,.0f} wrong, of {wanted:,.0f}"
        if last:
            told += f", exponent {math.log(seconds / last[1]) / math.log(rows / last[0]):.2f}"
        print(told, flush=True)
        last = rows, seconds


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if not word.startswith("--")]
    if "--one" in sys.argv:
        one(numbers[0], "--city" in sys.argv)
    else:
        main(numbers or list(SIZES), "--city" in sys.argv)
