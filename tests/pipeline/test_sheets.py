"""Workbooks and comma-separated tables: figures as shown, titles, several tables, merged cells, many rows."""

import io

import pytest

from pipeline.extraction import prepare
from pipeline.ingest import Options, RawDocument, Reject, Source, read
from pipeline.ingest.number_format import shown
from pipeline.ingest.options import reading_options
from pipeline.ingest.types import TABLE_MARK

openpyxl = pytest.importorskip("openpyxl")


def _read(folder, name: str, data: bytes, options: Options = Options()):  # noqa: B008
    (folder / name).write_bytes(data)
    return list(read(Source(folder / name, name), options))


def _saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _texts(table) -> list[str]:
    return [cell.text for cell in table.cells if cell.text]


@pytest.mark.parametrize(
    ("value", "code", "want"),
    [
        (1250.5, "#,##0.0", "1.250,5"),
        (1250000, "General", "1250000"),
        (-1250.5, "#,##0.00", "-1.250,50"),
        (-300, "#,##0;(#,##0)", "(300)"),
        (0, '#,##0;-#,##0;"-"', "-"),
        (0.125, "0.0%", "12,5%"),
        (1500000, "#,##0,", "1.500"),
        (1250, '#,##0" triệu đồng"', "1.250 triệu đồng"),
        (1250, "[$₫-42A]#,##0", "₫1.250"),
        (7, "000", "007"),
        (0.5, "#.##", "0,5"),
        (45000, "dd/mm/yyyy", "15/03/2023"),
        (45000, "mm/yyyy", "03/2023"),
        (45000.5, "d/m/yy h:mm", "15/03/2023 12:00"),
        (1234.5, "#,##0.###", "1.234,5"),
        (2.675, "0.00", "2,68"),
    ],
)
def test_figures_as_a_vietnamese_excel_shows_them(value, code, want):
    assert shown(value, code) == want


def test_a_sheet_with_titles_two_tables_and_notes(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "KC 2024"
    rows = [
        ["SỞ CÔNG THƯƠNG TỈNH HÀ NAM", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["DANH MỤC ĐỀ ÁN NĂM 2024"],
        [None, None, None, "Đơn vị tính: triệu đồng"],
        ["TT", "Tên đề án", "Kinh phí", "Hỗ trợ"],
        [1, "Máy ép gạch", 1250.5, 300],
        [],
        [2, "Máy sấy lúa", 800, 250],
        ["", "Tổng cộng", 2050.5, 550],
        ["Ghi chú: số liệu tạm tính"],
        [],
        ["TT", "Tên mô hình", "Kinh phí"],
        [1, "Trồng sen", 90],
    ]
    for row in rows:
        sheet.append(row)
    sheet["C5"].number_format = "#,##0.0"
    sheet.merge_cells("A2:D2")
    sheet.row_dimensions[5].hidden = True
    (document,) = _read(tmp_path, "a.xlsx", _saved(book))
    assert document.text.split("\n") == [
        "KC 2024",
        "SỞ CÔNG THƯƠNG TỈNH HÀ NAM",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "DANH MỤC ĐỀ ÁN NĂM 2024",
        "Đơn vị tính: triệu đồng",
        f"{TABLE_MARK}0",
        "Ghi chú: số liệu tạm tính",
        f"{TABLE_MARK}1",
    ]
    first, second = document.tables
    assert _texts(first)[4:8] == ["1", "Máy ép gạch", "1.250,5", "300"]
    assert _texts(first)[8:12] == ["2", "Máy sấy lúa", "800", "250"]  # a blank row does not end a table
    assert _texts(second)[3:] == ["1", "Trồng sen", "90"]
    assert document.warnings == ("hidden rows of the sheet KC 2024 are read as well: 5",)


def test_tables_side_by_side_and_merged_headers(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["TT", "Đề án", "Vốn", None, "Huyện", "Số hộ"], [1, "A", 5, None, "Kim Bảng", 8]):
        sheet.append(row)
    other = book.create_sheet("Vốn")
    for row in (["TT", "Dự án", "Kinh phí", None], [None, None, "Tổng", "NSTW"], [1, "Đường", 90, 80]):
        other.append(row)
    for place in ("A1:A2", "B1:B2", "C1:D1"):
        other.merge_cells(place)
    other.sheet_state = "hidden"
    (document,) = _read(tmp_path, "a.xlsx", _saved(book))
    left, right, merged = document.tables
    assert (_texts(left), _texts(right)) == (["TT", "Đề án", "Vốn", "1", "A", "5"], ["Huyện", "Số hộ", "Kim Bảng", "8"])
    spans = {cell.text: (cell.row_span, cell.column_span) for cell in merged.cells}
    assert (spans["Dự án"], spans["Kinh phí"], spans["NSTW"]) == ((2, 1), (1, 2), (1, 1))
    assert document.warnings == ("the sheet Vốn is hidden; it is read as well",)


def test_many_rows_are_several_documents_under_one_header(tmp_path):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Vốn")
    sheet.append(["DANH MỤC DỰ ÁN NĂM 2024"])
    sheet.append(["TT", "Tên dự án", "Kinh phí (triệu đồng)"])
    for number in range(2500):
        sheet.append([number, f"Đường thôn {number}", 100 + number])
    documents = _read(tmp_path, "a.xlsx", _saved(book))
    assert [d.source for d in documents] == ["a.xlsx#1", "a.xlsx#2", "a.xlsx#3"]
    for document in documents:
        assert document.text.split("\n")[:2] == ["Vốn", "DANH MỤC DỰ ÁN NĂM 2024"]
        assert _texts(document.tables[0])[:3] == ["TT", "Tên dự án", "Kinh phí (triệu đồng)"]
    names = [cell.text for d in documents for cell in d.tables[0].cells if cell.text.startswith("Đường")]
    assert names == [f"Đường thôn {number}" for number in range(2500)]


def test_a_csv_of_undertakings_is_one_table(tmp_path):
    text = 'HỘI NÔNG DÂN\nSTT;Tên dự án;Kinh phí\n1;"Nuôi bò; dê";1.020\n2;Trồng sen;"485,5"\n'
    (document,) = _read(tmp_path, "a.csv", text.encode("utf-8-sig"))
    assert isinstance(document, RawDocument)
    assert _texts(document.tables[0])[3:] == ["1", "Nuôi bò; dê", "1.020", "2", "Trồng sen", "485,5"]
    assert prepare(document).layout.text.startswith("HỘI NÔNG DÂN\nSTT | Tên dự án | Kinh phí\n1 | Nuôi bò; dê | 1.020")


def test_a_table_of_numbers_is_neither(tmp_path):
    (reject,) = _read(tmp_path, "a.csv", b"id,number,x\n1,2,3\n")
    assert isinstance(reject, Reject)
    assert reject.error == "NoTextColumn"


def test_columns_of_the_command_line(tmp_path):
    data = "Tóm tắt;Tên;Khi\nTin một;Tiêu đề;05/11/2023\n".encode()
    options = reading_options(columns="text=Tóm tắt,title=TÊN,date=khi")
    (document,) = _read(tmp_path, "a.csv", data, options)
    assert (document.title, document.text, str(document.published)) == ("Tiêu đề", "Tiêu đề\nTin một", "2023-11-05")
    with pytest.raises(ValueError, match="--columns is written"):
        reading_options(columns="body=x")


@pytest.mark.parametrize(
    ("part", "xml", "error"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c>", "XMLSyntaxError"),
        ("xl/sharedStrings.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><sst/>", "XmlEntities"),
        ("xl/sharedStrings.xml", b" " * 5000 + b"<!DOCTYPE a [<!ENTITY b 'c'>]><sst/>", "XmlEntities"),
        ("xl/workbook.xml", "<!DOCTYPE a []><workbook/>".encode("utf-16"), "XmlEntities"),
    ],
)
def test_damaged_and_hostile_workbooks_are_one_reject(archive, tmp_path, part, xml, error):
    (reject,) = _read(tmp_path, "a.xlsx", archive.xlsx(more={part: xml}))
    assert isinstance(reject, Reject)
    assert (reject.stage, reject.error) == ("parse", error)


def test_titles_apart_from_a_long_table_go_with_each_of_its_documents(tmp_path):
    """The unit stands above a blank row; without it the figures of the later documents mean nothing."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Danh mục đề án khuyến công năm 2023 (ĐVT: triệu đồng)"])
    sheet.append([])
    sheet.append(["TT", "Tên đề án", "Tổng kinh phí"])
    for number in range(1, 2501):
        sheet.append([number, f"Đề án máy sấy chè xã {number}", 300])
    book.save(tmp_path / "long.xlsx")
    found = [*read(Source(tmp_path / "long.xlsx", "long.xlsx"))]
    assert [document.source for document in found] == ["long.xlsx#1", "long.xlsx#2", "long.xlsx#3"]
    assert all("ĐVT: triệu đồng" in document.text for document in found)
    assert sum(document.text.count("ĐVT") for document in found) == 3
