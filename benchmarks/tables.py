"""How fast large tables are read: rows a second of processor time, which must not fall with their number.

``python benchmarks/tables.py``: tables of 1,000, 5,000 and 20,000 undertakings through the rules for tables and the
making of rows (``rules`` counts both), and through the whole extraction (``all``).
"""

import time

from pipeline.batch.process import settle
from pipeline.extraction import extractor, prepare
from pipeline.ingest.types import TABLE_MARK, RawCell, RawDocument, RawTable
from pipeline.tables import rows as table_rows
from rules import table
from rules.layout import Layout
from rules.link import link

_PLACES = ("Xã Thượng Cốc, huyện Lạc Sơn", "Xã Pà Cò, huyện Mai Châu", "Xã Tử Nê, huyện Tân Lạc")
_HEAD = ("TT", "Tên đề án", "Đơn vị thụ hưởng", "Địa điểm", "Tổng kinh phí", "KCĐP hỗ trợ", "Đối ứng")


def document(size: int) -> RawDocument:
    """An annex of so many undertakings."""
    rows = [_HEAD]
    for i in range(1, size + 1):
        total = 400 + i % 300
        place = _PLACES[i % len(_PLACES)]
        rows.append((str(i), f"Ứng dụng máy số {i}", f"HTX Số {i}", place, str(total), "300", str(total - 300)))
    cells = tuple(RawCell(text, r, c) for r, row in enumerate(rows) for c, text in enumerate(row))
    text = f"Danh mục đề án khuyến công địa phương năm 2023 tỉnh Hòa Bình (triệu đồng)\n{TABLE_MARK}0"
    return RawDocument("", text, "utf-8", tables=(RawTable(cells),))


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


def main() -> None:
    extractor().warm_up()
    settle()  # as a worker does
    for size in (1_000, 5_000, 20_000):
        rules, whole = measure(size)
        print(f"{size:>6,} rows: rules {rules:,.0f} rows/s, all {whole:,.0f} rows/s")


if __name__ == "__main__":
    main()
