"""Bulletins: each item is a document; a report's sections, lists and places never are."""

import json
import zipfile
from datetime import date

import pandas as pd
import pytest

from pipeline.batch.run import run
from pipeline.ingest import RawDocument
from pipeline.ingest.bulletins import items

PLACED = """Bản tin khuyến công tháng 3/2021
1. Nghệ An: Ngày 4/3, huyện Kỳ Sơn trao 45 con bò cho 45 hộ nghèo xã Na Ngoi, tổng trị giá 675 triệu đồng.
2. Thanh Hóa: Khởi công đường Bá Thước - Quan Sơn, tổng mức đầu tư 85 tỷ đồng, ngân sách tỉnh hỗ trợ 60 tỷ đồng.
3. Gia Lai: Dự án trồng mắc ca ở xã Sơn Lang, huyện Kbang có 30 hộ tham gia, Nhà nước hỗ trợ 1,2 tỷ đồng."""
HEADLINES = """TIN TRONG TUẦN
Thứ Sáu, 12/3/2021
1. Hội Nông dân huyện Lạc Sơn trao bò giống
Sáng 8/3, Hội Nông dân huyện Lạc Sơn trao 20 con bò giống trị giá 300 triệu đồng cho 20 hộ nghèo xã Quý Hòa.
Các hộ nhận bò cam kết chăm sóc và luân chuyển bê con sau hai năm.
2. Tân Lạc nghiệm thu mô hình bưởi đỏ
Huyện Tân Lạc vừa nghiệm thu mô hình trồng bưởi đỏ của HTX Đông Lai, kinh phí hỗ trợ 150 triệu đồng.
3. Bàn giao máy sấy chè ở Lương Sơn
Trung tâm Khuyến công bàn giao máy sấy chè trị giá 420 triệu đồng cho cơ sở Bùi Thị Hoa, khuyến công hỗ trợ 200 triệu.
Minh Hà"""
UNNUMBERED = """TIN VẮN CÁC ĐỊA PHƯƠNG
* Huyện Kim Bôi: Ngày 5/5, huyện khởi công tuyến đường Đú Sáng dài 4 km, tổng mức đầu tư 18 tỷ đồng.
* Huyện Mai Châu: Huyện hỗ trợ 12 hộ làm du lịch cộng đồng mỗi hộ 50 triệu đồng để sửa nhà sàn đón khách."""
HEADED = """Điểm tin
NGHỆ AN
Ngày 4/3, huyện Kỳ Sơn trao 45 con bò cho 45 hộ nghèo xã Na Ngoi, tổng trị giá 675 triệu đồng.
THANH HÓA
Khởi công đường Bá Thước - Quan Sơn, tổng mức đầu tư 85 tỷ đồng, ngân sách tỉnh hỗ trợ 60 tỷ đồng."""
UNNAMED = """Nghệ An: Ngày 4/3, huyện Kỳ Sơn trao 45 con bò cho 45 hộ nghèo xã Na Ngoi, trị giá 675 triệu đồng.
Thanh Hóa: Sáng 5/3 khởi công đường Bá Thước - Quan Sơn, tổng mức đầu tư 85 tỷ đồng.
Gia Lai: Vừa qua, huyện Kbang bàn giao 30 con bò giống cho 30 hộ nghèo, Nhà nước hỗ trợ 600 triệu đồng."""


def cut(text: str) -> list[RawDocument]:
    return list(items(RawDocument("a.txt", text, "utf-8")))


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        (
            PLACED,
            [
                "Nghệ An: Ngày 4/3, huyện Kỳ Sơn trao 45 con bò cho 45 hộ nghèo xã Na Ngoi, tổng trị giá "
                "675 triệu đồng",
                "Thanh Hóa: Khởi công đường Bá Thước - Quan Sơn, tổng mức đầu tư 85 tỷ đồng, ngân sách tỉnh hỗ trợ "
                "60 tỷ đồng",
                "Gia Lai: Dự án trồng mắc ca ở xã Sơn Lang, huyện Kbang có 30 hộ tham gia, Nhà nước hỗ trợ 1,2 tỷ đồng",
            ],
        ),
        (
            HEADLINES,
            [
                "Hội Nông dân huyện Lạc Sơn trao bò giống",
                "Tân Lạc nghiệm thu mô hình bưởi đỏ",
                "Bàn giao máy sấy chè ở Lương Sơn",
            ],
        ),
        (HEADED, [None, None]),
    ],
)
def test_items_are_documents(text, titles):
    documents = cut(text)
    assert [d.source for d in documents] == [f"a.txt#{n}" for n in range(1, len(titles) + 1)]
    assert [d.title for d in documents] == titles
    whole = "".join(text.split())
    assert all("".join(line.split()) in whole for d in documents for line in d.text.split("\n"))


@pytest.mark.parametrize(("text", "count"), [(UNNUMBERED, 2), (UNNAMED, 3)])
def test_items_headed_by_places(text, count):
    assert len(cut(text)) == count


def test_the_date_of_a_bulletin_is_that_of_its_items():
    assert [d.published for d in cut(HEADLINES)] == [date(2021, 3, 12)] * 3


def test_what_stands_above_the_items_is_kept():
    opening = "Trong tháng, cả nước có 120 đề án khuyến công với kinh phí hỗ trợ 35 tỷ đồng."
    head, *rest = cut(PLACED.replace("\n1.", f"\n{opening}\n1."))
    assert (head.source, len(rest)) == ("a.txt#0", 3)
    assert opening in head.text


@pytest.mark.parametrize(
    "text",
    [
        # a report's sections, its places, its undertakings, its lists
        "Báo cáo khuyến công năm 2021\n1. Kết quả\nToàn tỉnh có 9 đề án với tổng kinh phí 4,5 tỷ đồng, đạt kế hoạch.\n"
        "2. Khó khăn\nVốn giao chậm, ba huyện chưa giải ngân hết 2.580 triệu đồng, phải chuyển nguồn sang năm sau.\n"
        "3. Kiến nghị\nĐề nghị Bộ Công Thương bổ sung 1 tỷ đồng cho các đề án điểm trên địa bàn của tỉnh.",
        "Bản tin khuyến công\n1. Kết quả thực hiện\nToàn tỉnh có 9 đề án với tổng kinh phí 4,5 tỷ đồng, đạt kế hoạch.\n"
        "2. Khó khăn còn lại\nVốn giao chậm, ba huyện chưa giải ngân hết 2.580 triệu đồng, phải chuyển sang năm sau.\n"
        "3. Kiến nghị với tỉnh\nĐề nghị bổ sung 1 tỷ đồng cho các đề án điểm trên địa bàn của ba huyện vùng cao.",
        "Kết quả hỗ trợ nhà ở năm 2021\nCác huyện đã hỗ trợ 300 hộ, cụ thể như sau:\n"
        "1. Huyện Lạc Sơn: hỗ trợ 120 hộ xã Quý Hòa, Mỹ Thành với tổng kinh phí 4,8 tỷ đồng từ ngân sách.\n"
        "2. Huyện Tân Lạc: hỗ trợ 90 hộ xã Đông Lai, Gia Mô với tổng kinh phí 3,6 tỷ đồng từ ngân sách.\n"
        "3. Huyện Kim Bôi: hỗ trợ 90 hộ xã Đú Sáng, Hùng Sơn với tổng kinh phí 3,6 tỷ đồng từ ngân sách.",
        "Vốn khuyến công cho các tỉnh\nBộ Công Thương giao vốn năm 2021 cho ba tỉnh miền núi, gồm:\n"
        "1. Nghệ An: 3,5 tỷ đồng cho 12 đề án, trong đó có 4 đề án điểm ở các huyện miền núi phía tây.\n"
        "2. Thanh Hóa: 2,8 tỷ đồng cho 9 đề án, trong đó có 2 đề án điểm ở huyện Bá Thước và Quan Sơn.\n"
        "3. Gia Lai: 1,9 tỷ đồng cho 7 đề án, trong đó có 1 đề án điểm ở huyện Kbang và huyện Đak Pơ.",
        "Nghệ An: Trao 45 con bò cho hộ nghèo\nNgày 4/3, huyện Kỳ Sơn trao 45 con bò cho 45 hộ nghèo xã Na Ngoi.\n"
        "Các hộ rất vui mừng, hứa chăm sóc bò thật tốt và sẽ luân chuyển bê con sau hai năm nhận nuôi.",
        "Bản tin thời tiết\nNghệ An: nắng\nThanh Hóa: mưa\nGia Lai: nắng",
    ],
)
def test_reports_stay_whole(text):
    assert [d.source for d in cut(text)] == ["a.txt"]


def test_a_run_over_bulletins(tmp_path):
    """In a folder, an archive and a file of records; the next run keeps all of them; each item has its province."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(PLACED, "utf-8")
    with zipfile.ZipFile(folder / "b.zip", "w") as archive:
        archive.writestr("tin.txt", PLACED)
    (folder / "c.jsonl").write_text(json.dumps({"text": PLACED}, ensure_ascii=False) + "\n", "utf-8")
    assert run([folder], tmp_path / "out").extracted == 9
    documents = pd.read_parquet(tmp_path / "out" / "documents").set_index("source")
    names = ["a.txt", "b.zip!tin.txt", "c.jsonl!00000001"]
    assert sorted(documents.index) == [f"{name}#{n}" for name in names for n in (1, 2, 3)]
    for name in names:
        assert list(documents.loc[[f"{name}#{n}" for n in (1, 2, 3)], "province_code"]) == ["40", "38", "64"]
    again = run([folder], tmp_path / "out")
    assert (again.extracted, again.rows["documents"]) == (0, 9)
