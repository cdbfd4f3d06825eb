"""Headline, dateline, byline and sentences."""

from datetime import date

import pytest

from pipeline.text.segment import LONGEST, segment


def parts(text: str) -> list[str]:
    layout = segment(text)
    return [text[a:b] for a, b in layout.sentences]


def sentences(body: str) -> list[str]:
    """The sentences of a body paragraph below a headline."""
    return parts(f"Tin vắn trong tuần\n{body}")[1:]


@pytest.mark.parametrize(
    "sentence",
    [
        "Trung tâm KC& TVPTCN tỉnh đã nghiệm thu 2 đề án tại TP. Hòa Bình và TX. Phú Thọ.",
        "Theo quy định của T.Ư và của tỉnh, mỗi cơ sở được hỗ trợ 50 triệu đồng.",
        "ThS. Lê Văn Nam và PGS.TS. Trần Thu Hà chủ trì đề tài.",
        "Hộ ông N. V. Tám ở P. Minh An, Q. 1 nhận 20 triệu đồng.",
        "Kinh phí 1.750.000.000 đồng, tức 1,75 tỷ đồng.",
        "Có nhiều loại máy như máy xay, máy sấy, v.v. được lắp mới.",
        "Kết quả ở TP.HCM tăng 5,2% so với cùng kỳ.",
    ],
)
def test_abbreviations_do_not_end_a_sentence(sentence):
    assert sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Đề án xong sớm. Kinh phí 5 tỷ đồng.", ["Đề án xong sớm.", "Kinh phí 5 tỷ đồng."]),
        ("“Chúng tôi rất mừng.” Bà Lan nói vậy.", ["“Chúng tôi rất mừng.”", "Bà Lan nói vậy."]),
        ("Ai được hưởng? 20 hộ nghèo! Còn lại chờ…", ["Ai được hưởng?", "20 hộ nghèo!", "Còn lại chờ…"]),
        ("Vốn 3 tỷ đồng.Theo kế hoạch sẽ xong.", ["Vốn 3 tỷ đồng.", "Theo kế hoạch sẽ xong."]),
        ("(HBĐT) - Sáng nay, huyện họp.", ["(HBĐT) -", "Sáng nay, huyện họp."]),
        ("1. Dự án đường xã dài 2 km.", ["1. Dự án đường xã dài 2 km."]),
        ("Xã có cầu mới. (Ảnh minh họa).", ["Xã có cầu mới.", "(Ảnh minh họa)."]),
    ],
)
def test_sentences(body, expected):
    assert sentences(body) == expected


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Thứ Ba, 25/03/2020", date(2020, 3, 25)),
        ("ngày 01/9/2021", date(2021, 9, 1)),
        ("Cập nhật lúc 09:15 - 3/4/2019", date(2019, 4, 3)),
        ("22/07/2019 14:05 - Số lượt xem: 311", date(2019, 7, 22)),
        ("30/11/2021 | 6h21", date(2021, 11, 30)),
        ("Chủ nhật, ngày 5 tháng 6 năm 2016", date(2016, 6, 5)),
        ("Hòa Bình, ngày 12 tháng 5 năm 2008", date(2008, 5, 12)),
        ("(Tin từ Mai Sơn, 26/10/2023)", date(2023, 10, 26)),
        ("BÁO PHÚ THỌ ONLINE | 07/4/2024", date(2024, 4, 7)),
        ("(laocai.gov.vn) - Thứ Ba, 14/10/2025", date(2025, 10, 14)),
        ("2025-10-14", date(2025, 10, 14)),
        ("05-3-2019", date(2019, 3, 5)),
        ("thứ năm, 08 08 2019 08:51", date(2019, 8, 8)),
        ("Thứ ba, 14 Tháng 11 2023 09:15", date(2023, 11, 14)),
        ("Cập nhật: 14:02 | 03/05/2021", date(2021, 5, 3)),
        ("Đăng ngày 21/06/2024 bởi BBT", date(2024, 6, 21)),
        ("Ngày đăng: 17-05-2018 <------> Người tạo: bientap <------>", date(2018, 5, 17)),
        ("Khoa học quản lý 2015-07-14", date(2015, 7, 14)),
    ],
)
def test_dateline(line, day):
    layout = segment(f"Nghiệm thu đề án khuyến công\n{line}\nHuyện vừa nghiệm thu 2 đề án.")
    assert layout.published == day
    assert layout.text[slice(*layout.dateline)] == line


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("Hòa Bình, ngày 12 tháng 5 năm 2023 - ", date(2023, 5, 12)),
        ("(HBĐT) Thứ Hai, 18/4/2022 - ", date(2022, 4, 18)),
        ("(HB) - 17/10/2025. ", date(2025, 10, 17)),
        ("Ngày 12/03/2024 - ", date(2024, 3, 12)),
        ("laocai.gov.vn - 14/10/2025 - ", date(2025, 10, 14)),
    ],
)
def test_dateline_on_the_line_of_the_text(opening, day):
    """The dateline is a sentence of its own, and the rest of the line keeps its facts."""
    layout = segment(f"Nghiệm thu đề án khuyến công\n{opening}Huyện vừa nghiệm thu 2 đề án.\nHết năm sẽ xong.")
    assert layout.published == day
    assert [layout.text[a:b] for a, b in layout.sentences][-2:] == ["Huyện vừa nghiệm thu 2 đề án.", "Hết năm sẽ xong."]


def test_a_line_with_the_author_and_the_date():
    layout = segment("Nghiệm thu đề án\nPhan Lâm 10/11/2023 - 14:20\nHuyện nghiệm thu 2 đề án.\nCác hộ rất mừng.")
    assert (layout.published, layout.text[slice(*layout.byline)]) == (date(2023, 11, 10), "Phan Lâm")


@pytest.mark.parametrize(
    "line",
    [
        "Ngày 22/07/2019, huyện Lương Tài nghiệm thu 2 đề án khuyến công.",
        "Kết quả giải ngân đến ngày 30/6/2023",
        "Số liệu đến 30/6/2023",
        "(Kèm theo Quyết định số 5/QĐ-UBND ngày 12/5/2023)",
        "Từ ngày 01/3/2023 - 30/6/2023, huyện mở 3 lớp nghề.",
    ],
)
def test_what_happened_on_a_day_is_no_dateline(line):
    assert segment(f"Nghiệm thu đề án\n{line}\nHuyện mở 3 lớp nghề.\nCác hộ rất mừng.").published is None


def test_a_templates_date_is_none():
    assert segment("Báo cáo năm 2023\nHuyện có 2 đề án.", published=date(2013, 5, 2)).published is None
    assert segment("Kế hoạch năm 2024\nHuyện có 2 đề án.", published=date(2023, 12, 2)).published == date(2023, 12, 2)


def test_a_date_in_a_sentence_is_no_dateline():
    layout = segment("Nghiệm thu đề án\nNgày 22/07/2019, huyện Lương Tài nghiệm thu 2 đề án khuyến công.")
    assert (layout.dateline, layout.published) == (None, None)


def test_a_printed_date_wins_over_metadata():
    assert segment("Tin\n05/10/2020\nHết.", published=date(2024, 1, 1)).published == date(2020, 10, 5)
    assert segment("Tin\nHết.", published=date(2024, 1, 1)).published == date(2024, 1, 1)


@pytest.mark.parametrize(
    ("end", "byline"),
    [
        ("Hồng Duyên", "Hồng Duyên"),
        ("Tin, ảnh: N.Hải", "N.Hải"),
        ("HÀ PHƯƠNG", "HÀ PHƯƠNG"),
        ("M.Đ - V.A", "M.Đ - V.A"),
        ("H.T (tổng hợp)", "H.T (tổng hợp)"),
        ("Bài, ảnh: Lê Minh - Thu Hà", "Lê Minh - Thu Hà"),
        ("LÒ THỊ HOÀI", "LÒ THỊ HOÀI"),
        ("Văn Nỷ - Anh Thi", "Văn Nỷ - Anh Thi"),
        ("PV", "PV"),
        ("Ban Biên tập", "Ban Biên tập"),
        ("(Nguồn: Trung tâm Khuyến công tỉnh)", "Trung tâm Khuyến công tỉnh"),
        ("(Hà Nam Online)", "Hà Nam Online"),
        ("T.H", "T.H"),
        ("TTKC", "TTKC"),
        ("Theo Báo Hòa Bình", "Báo Hòa Bình"),
        ("Theo http://baohoabinh.example.com.vn", "http://baohoabinh.example.com.vn"),
        ("Tác giả: Lê Thu", "Lê Thu"),
        ("Lê Thu - MTTQ huyện", "Lê Thu - MTTQ huyện"),
        ("Quàng Văn Hưởng (CTV)", "Quàng Văn Hưởng (CTV)"),
        ("Tin, ảnh KHÁNH HÀ (Đài Truyền thanh huyện)", "KHÁNH HÀ (Đài Truyền thanh huyện)"),
        ("Tin Khánh Hà – Thanh Tú", "Khánh Hà – Thanh Tú"),
        ("Phòng Quản lý công nghiệp", "Phòng Quản lý công nghiệp"),
        ("Ban QLDA các công trình NN và PTNT Hòa Bình", "Ban QLDA các công trình NN và PTNT Hòa Bình"),
        ("UBND huyện Lạc Sơn", "UBND huyện Lạc Sơn"),
        ("Đài Truyền thanh xã Yên Phú", "Đài Truyền thanh xã Yên Phú"),
        ("Trung tâm Khuyến công bàn giao máy sấy", None),
        ("Phòng học mới của trường Yên Phú", None),
        ("Trung tâm thành phố Hòa Bình", None),
        ("Sở Công Thương đề nghị UBND tỉnh cấp vốn:", None),
        ("GIÁM ĐỐC\nY Hoa Nguyên", None),
        ("Một góc cầu Rạch Miễu", None),
        ("Trường Tiểu học Hưng Đạo", None),
        ("Ảnh: Quang Định", None),
        ("IV- KIẾN NGHỊ", None),
        ("V. TỒN TẠI", None),
        ("Kết Quả", None),
        ("VI. ĐỀ XUẤT, KIẾN NGHỊ", None),
        ("V. Hiển", "V. Hiển"),
    ],
)
def test_byline(end, byline):
    layout = segment(f"Nghiệm thu đề án\nHuyện nghiệm thu 2 đề án.\n{end}")
    assert (layout.text[slice(*layout.byline)] if layout.byline else None) == byline


def test_an_agency_below_a_list_is_one_of_the_list():
    assert segment("Phân công\nCác đơn vị thực hiện:\nSở Tài chính\nPhòng Quản lý công nghiệp").byline is None


def test_who_signs_wins_over_the_paper_in_the_dateline():
    layout = segment("Tin\nBáo Hòa Bình. Thứ Sáu, 21/07/2023\nHuyện nghiệm thu 2 đề án.\nThanh Trúc")
    assert layout.text[slice(*layout.byline)] == "Thanh Trúc"


def test_byline_behind_the_last_sentence():
    text = "Nghiệm thu đề án\nHuyện nghiệm thu 2 đề án. Phương Vy"
    layout = segment(text)
    assert text[slice(*layout.byline)] == "Phương Vy"
    assert parts(text)[1:] == ["Huyện nghiệm thu 2 đề án.", "Phương Vy"]


def test_a_caption_that_opens_a_report_is_no_headline():
    assert segment("Lãnh đạo Sở Công Thương nghiệm thu đề án.\nNăm 2023 có 2 đề án.").title is None


def test_headline_known_to_the_source():
    layout = segment("Nghiệm thu xong.\nNăm 2023 có 2 đề án.", title="Nghiệm thu xong.")
    assert layout.text[slice(*layout.title)] == "Nghiệm thu xong."


def test_a_headline_below_other_lines():
    layout = segment("TIN KINH TẾ\nSố 12\nNghiệm thu 2 đề án\nHuyện nghiệm thu.", title="Nghiệm thu 2 đề án")
    assert layout.text[slice(*layout.title)] == "Nghiệm thu 2 đề án"


def test_sentences_cover_the_text(corpus_texts):
    for text in corpus_texts.values():
        layout = segment(text)
        covered = "".join(text[a:b] for a, b in layout.sentences)
        assert "".join(covered.split()) == "".join(text.split())
        assert list(layout.sentences) == sorted(layout.sentences)


@pytest.mark.parametrize("unit", ["5 tỷ đồng, ", "2 cơ sở; ", "chữ ", "x"])
def test_a_sentence_without_end_is_cut(unit):
    text = "Tin\n" + (unit * 30_000)[:30_000].strip()
    layout = segment(text)
    assert max(b - a for a, b in layout.sentences) <= LONGEST
    assert "".join("".join(text[a:b] for a, b in layout.sentences).split()) == "".join(text.split())


@pytest.mark.usefixtures("hang_guard")
@pytest.mark.parametrize("stop", [".", "…", "?!"])
def test_rows_of_dots_take_no_time(stop):
    row = stop * 150_000
    layout = segment(f"Phiếu đăng ký\nHọ tên {row} Địa chỉ {row}")
    assert layout.sentences[1][1] - layout.sentences[1][0] <= LONGEST
