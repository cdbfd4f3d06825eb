"""Tables of a file stand in the text as lines of cells, and the layout knows where each cell lies."""

from pipeline.extraction import extractor, prepare
from pipeline.ingest import RawDocument
from pipeline.ingest.types import TABLE_MARK, RawCell, RawTable


def grid(*rows):
    return RawTable(tuple(RawCell(text, r, c) for r, row in enumerate(rows) for c, text in enumerate(row)))


def raw(text, *tables):
    return RawDocument("a", text, "utf-8", tables=tables)


def cells_of(layout):
    return [layout.text[c.start : c.end] for table in layout.tables for c in table.cells]


def test_rows_are_lines_and_cells_keep_their_offsets():
    table = grid(("TT", "Đề án\nkhuyến công"), ("1", "Máy  sấy\xa0chè"), ("", ""))
    layout = prepare(raw(f"Phụ lục\n{TABLE_MARK}0\nHết bảng.", table)).layout
    assert layout.text == "Phụ lục\nTT | Đề án khuyến công\n1 | Máy sấy chè\nHết bảng."
    assert cells_of(layout) == ["TT", "Đề án khuyến công", "1", "Máy sấy chè"]
    assert [layout.text[a:b] for a, b in layout.sentences][1:3] == ["TT | Đề án khuyến công", "1 | Máy sấy chè"]


def test_a_merged_cell_is_printed_once():
    cells = RawCell("Nguồn vốn", 0, 0, 1, 2), RawCell("NSTW", 1, 0), RawCell("5", 1, 1)
    layout = prepare(raw(f"{TABLE_MARK}0", RawTable(cells))).layout
    assert layout.text == "Nguồn vốn\nNSTW | 5"
    assert layout.tables[0].cells[0].column_span == 2


def test_no_row_is_headline_dateline_or_byline():
    layout = prepare(raw(f"{TABLE_MARK}0", grid(("Tên", "Số"), ("Hồng Duyên", "05/10/2020"), ("1", "2")))).layout
    assert (layout.title, layout.dateline, layout.byline, layout.published) == (None, None, None, None)


def test_a_row_longer_than_any_sentence_is_one_sentence():
    words = "Hỗ trợ máy móc; thiết bị. " * 400
    layout = prepare(raw(f"Phụ lục\n{TABLE_MARK}0", grid(("Tên", "Kinh phí"), (words, "12")))).layout
    assert len(layout.sentences) == 3
    assert extractor().facts(raw(f"Phụ lục\n{TABLE_MARK}0", grid(("Tên", "Kinh phí"), (words, "12")))).layout == layout


def test_bars_of_a_text_are_a_table():
    layout = prepare(raw("Phụ lục\n| Tên | Kinh phí |\n|---|:--:|\n| Máy sấy | 12 |\n\nXem thêm: A | B")).layout
    assert cells_of(layout) == ["Tên", "Kinh phí", "Máy sấy", "12"]


def test_sentences_of_a_row_are_not_read_as_prose():
    rows = (("Tên đề án", "Nội dung"), ("1", "Đề án “Máy sấy” có tổng kinh phí 2 tỷ đồng cho 3 cơ sở ở tỉnh Hòa Bình."))
    facts = extractor().facts(raw(f"{TABLE_MARK}0", grid(*rows)))
    assert not [p for p in facts.projects if not p.rule.startswith("table.")]
