"""How fast large tables are read, and in how much memory: rows a second of processor time must not fall with their
number, and a worker's memory must hardly grow.

``python benchmarks/tables.py [ROWS]``: tables of 1,000, 5,000 and 20,000 undertakings through the rules for tables and
the making of rows (``rules`` counts both), and through the whole extraction (``all``). Then workbooks of ROWS rows
(5,000 if not said), of four times and of sixteen times as many: the same as CSV. Each is read and written to a shard as
by a worker of ``trichluc run``, in a process of its own.
"""

import csv
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path

from pipeline.batch.process import light_arrow, settle
from pipeline.batch.shards import Item, extract
from pipeline.extraction import extractor, prepare
from pipeline.ingest.types import TABLE_MARK, RawCell, RawDocument, RawTable
from pipeline.tables import rows as table_rows
from rules import table
from rules.layout import Layout
from rules.link import link

_PLACES = ("Xã Thượng Cốc, huyện Lạc Sơn", "Xã Pà Cò, huyện Mai Châu", "Xã Tử Nê, huyện Tân Lạc")
_HEAD = ("TT", "Tên đề án", "Đơn vị thụ hưởng", "Địa điểm", "Tổng kinh phí", "KCĐP hỗ trợ", "Đối ứng")
_TITLE = "Danh mục đề án khuyến công địa phương năm 2023 tỉnh Hòa Bình (triệu đồng)"


def lines(size: int) -> Iterator[tuple[str, ...]]:
    """The rows of an annex of so many undertakings, its head first."""
    yield _HEAD
    for i in range(1, size + 1):
        total = 400 + i % 300
        place = _PLACES[i % len(_PLACES)]
        yield str(i), f"Ứng dụng máy số {i}", f"HTX Số {i}", place, str(total), "300", str(total - 300)


def document(size: int) -> RawDocument:
    """The annex as one document."""
    rows = lines(size)
    cells = tuple(RawCell(text, r, c) for r, row in enumerate(rows) for c, text in enumerate(row))
    return RawDocument("", f"{_TITLE}\n{TABLE_MARK}0", "utf-8", tables=(RawTable(cells),))


def write(size: int, target: Path) -> None:
    """The annex as a file."""
    if target.suffix == ".xlsx":
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet("Danh mục")
        for row in ((_TITLE,), (), *lines(size)):
            sheet.append(row)
        book.save(target)
        return
    with target.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([(_TITLE,), *lines(size)])


def measure(size: int) -> tuple[float, float]:
    """Rows a second: of the rules for tables and the making of rows, of everything."""
    raw = document(size)
    start = time.process_time()
    facts = extractor().facts(raw)
    whole = time.process_time() - start
    layout = prepare(raw).layout
    nothing = table.Prose([], [], [], [], link(Layout("", None, None, None, (), (), ()), [], [], [], []))
    start = time.process_time()
    table.join(layout, nothing)
    table_rows.add_document(table_rows.empty(), facts, raw)
    return size / (time.process_time() - start), size / whole


def work(path: Path) -> tuple[float, float]:
    """Seconds of processor time for a file, and megabytes that the process took at most."""
    light_arrow()
    extractor().warm_up()
    settle()
    start = time.process_time()
    extract([Item(path.name, "", path=path)], path.with_suffix(".shard"), lambda _: None)
    return time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def growth(least: int) -> None:
    """What files of ``least`` rows, of four and of sixteen times as many take of a worker."""
    with tempfile.TemporaryDirectory() as folder:
        for suffix in ("xlsx", "csv"):
            for size in (least, 4 * least, 16 * least):
                path = Path(folder, f"{size}.{suffix}")
                write(size, path)
                with get_context("spawn").Pool(1) as pool:
                    seconds, memory = pool.apply(work, (path,))
                print(f"{size:>6,} rows of {suffix}: {size / seconds:,.0f} rows/s, {memory:,.0f} MB")


def main() -> None:
    growth(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
    extractor().warm_up()
    settle()  # as a worker does
    for size in (1_000, 5_000, 20_000):
        rules, whole = measure(size)
        print(f"{size:>6,} rows: rules {rules:,.0f} rows/s, all {whole:,.0f} rows/s")


if __name__ == "__main__":
    main()
