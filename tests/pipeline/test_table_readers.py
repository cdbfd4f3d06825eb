"""Tables of Word, RTF, PDF pages and plain text, with their merged cells."""

from pipeline.extraction import prepare
from pipeline.ingest import discover, read
from pipeline.ingest.page import Piece
from pipeline.ingest.page_tables import lines_and_tables, story


def read_one(path):
    (source,) = discover([path]).sources
    (document,) = read(source)
    return document


def cells(document):
    return [(c.text.strip(), c.row, c.column, c.row_span, c.column_span) for t in document.tables for c in t.cells]


HEAD = [
    ("TT", 0, 0, 2, 1), ("Tên", 0, 1, 2, 1), ("Kinh phí", 0, 2, 1, 2), ("Tổng", 1, 2, 1, 1), ("Dân", 1, 3, 1, 1),
    ("1", 2, 0, 1, 1), ("Máy sấy", 2, 1, 1, 1), ("1.200", 2, 2, 1, 1), ("300", 2, 3, 1, 1),
]  # fmt: skip


def test_word(archive, tmp_path):
    def cell(text, properties=""):
        return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"

    down, on, wide = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    rows = [
        cell("TT", down) + cell("Tên", down) + cell("Kinh phí", wide),
        cell("", on) + cell("", on) + cell("Tổng") + cell("Dân"),
        cell("1") + cell("Máy sấy") + cell("1.200") + cell("300"),
    ]
    table = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    frame = f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Phụ lục</w:t></w:r></w:p>{table}</w:tc></w:tr></w:tbl>"
    xml = f'<w:document xmlns:w="{archive._W}"><w:body>{frame}</w:body></w:document>'
    (tmp_path / "a.docx").write_bytes(archive.zipped({"word/document.xml": xml.encode()}))
    document = read_one(tmp_path / "a.docx")
    assert cells(document) == HEAD
    assert prepare(document).layout.text.split("\n")[:2] == ["Phụ lục", "TT | Tên | Kinh phí"]


def test_rtf(tmp_path):
    def row(edges, *texts):
        return rf"\trowd{edges}\pard\intbl " + "".join(rf"{text}\cell " for text in texts) + "\\row\n"

    four = r"\cellx500\cellx3000\cellx4000\cellx5000"
    text = (
        "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}\\pard Ph\\u7909? l\\u7909?c\\par\n"
        + row(r"\clvmgf\cellx500\clvmgf\cellx3000\cellx5000", "TT", "T\\u234?n", "Kinh ph\\u237?")
        + row(r"\clvmrg\cellx500\clvmrg\cellx3000\cellx4000\cellx5000", "", "", "T\\u7893?ng", "D\\u226?n")
        + row(four, "1", "M\\u225?y s\\u7845?y", "1.200", "300")
        + "\\pard H\\u7871?t.\\par}"
    )
    (tmp_path / "a.rtf").write_text(text, "latin-1")
    document = read_one(tmp_path / "a.rtf")
    assert cells(document) == HEAD
    assert prepare(document).layout.text.split("\n")[-1] == "Hết."


def pieces(rows, pitch=14):
    return [
        Piece(x, 700 - pitch * r, x + 6 * len(text), 709 - pitch * r, text)
        for r, row in enumerate(rows)
        for x, text in row
    ]


def test_page_with_lines():
    words = pieces(
        [[(52, "TT"), (102, "Tên"), (252, "Vốn")], [(52, "1"), (102, "Cầu Dài"), (252, "120")], [(52, "Hết.")]]
    )
    across = [(50, y, 300, y + 0.5) for y in (711, 697, 683)]
    down = [(x, 683, x + 0.5, 711) for x in (50, 100, 250, 300)]
    tables = []
    lines = lines_and_tables(words, [*across, *down], 0, 600, 800, tables)
    _, grids, _ = story([line.text for line in lines], tables).finish("unicode")
    assert [c.text for c in grids[0].cells] == ["TT", "Tên", "Vốn", "1", "Cầu Dài", "120"]
    assert lines[-1].text == "Hết."


def test_page_without_lines():
    """A head over two columns is one; a line without a number goes on with the row above."""
    rows = [
        [(300, "Kinh phí (triệu đồng)")],
        [(50, "TT"), (100, "Tên công trình"), (300, "Tổng"), (390, "Dân")],
        [(50, "1"), (100, "Kè Bãi Dâu"), (300, "1.200"), (390, "300")],
        [(100, "đoạn hai")],
        [(50, "2"), (100, "Cầu Khe Ma"), (300, "2.500"), (390, "120")],
        [(50, "3"), (100, "Đường Ba Lòng"), (300, "3.100"), (390, "410")],
        [(50, "4"), (100, "Chợ Mới"), (300, "900"), (390, "80")],
    ]
    tables = []
    lines = lines_and_tables(pieces(rows), (), 0, 600, 800, tables)
    _, grids, _ = story([line.text for line in lines], tables).finish("unicode")
    assert [c.text for c in grids[0].cells if c.column == 1][-4:] == [
        "Kè Bãi Dâu\nđoạn hai",
        "Cầu Khe Ma",
        "Đường Ba Lòng",
        "Chợ Mới",
    ]


def test_tabs(tmp_path):
    (tmp_path / "a.txt").write_text("Phụ lục\nTT\tTên đề án\tSố tiền\n1\tMáy sấy\t12\n2\tMáy xát\t8\nHết.\n", "utf-8")
    assert prepare(read_one(tmp_path / "a.txt")).layout.text == (
        "Phụ lục\nTT | Tên đề án | Số tiền\n1 | Máy sấy | 12\n2 | Máy xát | 8\nHết."
    )
