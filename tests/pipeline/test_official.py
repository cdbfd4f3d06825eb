"""Official documents: the frame becomes metadata, whatever it is set in; the text begins with what it is about."""

from datetime import date

import pytest

from pipeline.extraction import extractor, prepare
from pipeline.ingest import Options, RawDocument, html
from pipeline.ingest.types import TABLE_MARK, RawCell, RawTable
from pipeline.text.encodings import Decoded
from pipeline.text.official import unframe

STATE, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
DAY = "Hòa Bình, ngày 15 tháng 12 năm 2023"
BODY = """Thực hiện kế hoạch khuyến công, Sở Công Thương báo cáo như sau:
I. KẾT QUẢ
1. Toàn tỉnh có 9 đề án, tổng kinh phí 4,5 tỷ đồng.
- Đề án máy sấy tại huyện Tân Lạc: 120 triệu đồng.
Trên đây là báo cáo của Sở Công Thương./."""
SIDE_BY_SIDE = f"""   UBND TỈNH HÒA BÌNH                    {STATE}
    SỞ CÔNG THƯƠNG                           {MOTTO}
    -------------                            ----------------
Số: 518/BC-SCT                             {DAY}

BÁO CÁO
Kết quả khuyến công năm 2023

Kính gửi:
- UBND tỉnh Hòa Bình;
- Bộ Công Thương.

{BODY}

Nơi nhận:                              KT. GIÁM ĐỐC
- Như trên;                            PHÓ GIÁM ĐỐC
- Lưu: VT, KC (02).                    (Đã ký)

                                       Bùi Văn Nam"""
ONE_BY_ONE = f"""UBND TỈNH HÒA BÌNH
SỞ CÔNG THƯƠNG
_____
Số: 518/BC-SCT
{STATE}
{MOTTO}
{DAY}
BÁO CÁO
Kết quả khuyến công năm 2023
{BODY}
Nơi nhận:
- Như trên;
- Lưu: VT.
GIÁM ĐỐC
Bùi Văn Nam"""
MARKDOWN = f"""**UBND TỈNH HÒA BÌNH**
**SỞ CÔNG THƯƠNG**

**{STATE}**
**{MOTTO}**

Số: 518/BC-SCT — {DAY}

**BÁO CÁO**
**Kết quả khuyến công năm 2023**

{BODY}"""
JOINED = f"""UBND TỈNH HÒA BÌNH CỘNG HÒA XÃ HỌI CHỦ NGHĨA VIỆT NAM
SỞ CÔNG THƯƠNG {MOTTO}
Số: 518/BC-SCT {DAY}
BÁO CÁO
Kết quả khuyến công năm 2023
{BODY}"""
IN_TABLES = RawDocument(
    "a.docx",
    f"{TABLE_MARK}0\nBÁO CÁO\nKết quả khuyến công năm 2023\n{BODY}\n{TABLE_MARK}1\n",
    "unicode",
    published=date(2013, 5, 2),
    byline="Windows User",
    tables=(
        RawTable(
            (
                RawCell("UBND TỈNH HÒA BÌNH\nSỞ CÔNG THƯƠNG", 0, 0),
                RawCell(f"{STATE}\n{MOTTO}", 0, 1),
                RawCell("Số: 518/BC-SCT", 1, 0),
                RawCell(DAY, 1, 1),
            )
        ),
        RawTable((RawCell("Nơi nhận:\n- Như trên;\n- Lưu: VT.", 0, 0), RawCell("GIÁM ĐỐC\n\nBùi Văn Nam", 0, 1))),
    ),
)
PAGE = f"""<html><body><table><tr><td>UBND TỈNH HÒA BÌNH<br>SỞ CÔNG THƯƠNG</td><td>{STATE}<br>{MOTTO}</td></tr>
<tr><td>Số: 518/BC-SCT</td><td><i>{DAY}</i></td></tr></table><p><b>BÁO CÁO</b></p><p>Kết quả khuyến công năm 2023</p>
{"".join(f"<p>{line}</p>" for line in BODY.splitlines())}<table><tr><td>Nơi nhận:<br>- Như trên;<br>- Lưu: VT.</td>
<td>GIÁM ĐỐC<br>(Đã ký)<br>Bùi Văn Nam</td></tr></table></body></html>"""


def text(content: str, published: date | None = None) -> RawDocument:
    return RawDocument("a.txt", content, "utf-8", published=published)


def test_a_plan_for_years_ahead_keeps_its_printed_date():
    ready = prepare(text(ONE_BY_ONE.replace("công năm 2023", "công đến năm 2030")))
    assert ready.layout.published == date(2023, 12, 15)


def test_a_date_that_ocr_cannot_read_is_none_and_told():
    scanned = f"""BỘ CÔNG THƯƠNG {STATE} —— {MOTTO}
Số: Ôs$ /2023/TT-BCT
Hà Nội ngày f4 tháng 12 năm 2023
THÔNG TƯ
Quy định việc hỗ trợ máy móc
{BODY}"""
    ready = prepare(text(scanned, date(2023, 12, 20)))
    assert (ready.raw.agency, ready.raw.number, ready.layout.published) == ("Bộ Công Thương", None, None)
    assert ready.layout.byline is None
    assert "its date could not be read: Hà Nội ngày f4 tháng 12 năm 2023" in ready.warnings
    assert prepare(text("Tin mới\nHà Nội ngày f4 tháng 12 năm 2023\nHuyện có 2 đề án.")).layout.published is None


def test_whom_a_letter_goes_to_is_told_where_it_names_another_place():
    ready = prepare(text(SIDE_BY_SIDE.replace("UBND tỉnh Hòa Bình;", "Văn phòng Điều phối tỉnh Nghệ An;")))
    assert ready.layout.text.split("\n")[3] == "Văn phòng Điều phối tỉnh Nghệ An"


@pytest.mark.parametrize(
    "document",
    [
        text(SIDE_BY_SIDE, date(2013, 5, 2)),
        text(ONE_BY_ONE),
        text(MARKDOWN),
        text(JOINED),
        IN_TABLES,
        html.article("a.html", Decoded(PAGE, "utf-8"), Options()),
    ],
    ids=["side by side", "one by one", "markdown", "joined", "tables", "page"],
)
def test_the_same_from_every_setting(document):
    ready = prepare(document)
    layout = ready.layout
    assert (ready.raw.agency, ready.raw.number) == ("Sở Công Thương tỉnh Hòa Bình", "518/BC-SCT")
    assert layout.published == date(2023, 12, 15)
    title, *_ = lines = layout.text.split("\n")
    assert title == layout.text[slice(*layout.title)] == "Báo cáo kết quả khuyến công năm 2023"
    assert lines[1:3] == ["UBND TỈNH HÒA BÌNH", "SỞ CÔNG THƯƠNG"]
    assert lines[3:] == BODY.splitlines()
    assert layout.byline is None
    assert ready.raw.byline is None


def test_the_tables_of_a_document_show_it():
    rows = extractor().extract([IN_TABLES])[0]["documents"]
    assert (rows["agency"], rows["number"]) == (["Sở Công Thương tỉnh Hòa Bình"], ["518/BC-SCT"])
    assert (rows["published"], rows["byline"], rows["province_code"]) == ([date(2023, 12, 15)], [None], ["17"])


HEADS = {
    "a letter": (
        """UBND HUYỆN LẠC SƠN          CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM
PHÒNG KINH TẾ VÀ HẠ TẦNG         Độc lập – Tự do – Hạnh phúc
Số: 77/KTHT                 Lạc Sơn, ngày 3 tháng 5 năm 2024
V/v hỗ trợ máy móc cho
cơ sở công nghiệp nông thôn
Kính gửi: UBND các xã, thị trấn.
Huyện có 5 cơ sở cần hỗ trợ.""",
        ("Phòng Kinh tế và Hạ tầng huyện Lạc Sơn", "77/KTHT", date(2024, 5, 3)),
        "V/v hỗ trợ máy móc cho cơ sở công nghiệp nông thôn",
        "Huyện có 5 cơ sở cần hỗ trợ.",
    ),
    "a resolution": (
        f"""HỘI ĐỒNG NHÂN DÂN
TỈNH HÒA BÌNH
Số: 07/2023/NQ-HĐND
{STATE}
{MOTTO}
Hòa Bình, ngày 12 tháng 7 năm 2023
NGHỊ QUYẾT
QUY ĐỊNH MỨC CHI CHO HOẠT ĐỘNG KHUYẾN CÔNG
TRÊN ĐỊA BÀN TỈNH
HỘI ĐỒNG NHÂN DÂN TỈNH HÒA BÌNH
Căn cứ Luật Tổ chức chính quyền địa phương;""",
        ("Hội đồng nhân dân tỉnh Hòa Bình", "07/2023/NQ-HĐND", date(2023, 7, 12)),
        "NGHỊ QUYẾT QUY ĐỊNH MỨC CHI CHO HOẠT ĐỘNG KHUYẾN CÔNG TRÊN ĐỊA BÀN TỈNH",
        "Căn cứ Luật Tổ chức chính quyền địa phương;",
    ),
    "a gazette": (
        """QUYẾT ĐỊNH
CỦA THỦ TƯỚNG CHÍNH PHỦ SỐ 93/QĐ-TTg NGÀY 13 THÁNG 01 NĂM 2010
PHÊ DUYỆT QUY HOẠCH CÁC LÀNG NGHỀ ĐẾN NĂM 2020
Căn cứ Luật Tổ chức Chính phủ;""",
        ("Thủ tướng Chính phủ", "93/QĐ-TTg", date(2010, 1, 13)),
        "QUYẾT ĐỊNH PHÊ DUYỆT QUY HOẠCH CÁC LÀNG NGHỀ ĐẾN NĂM 2020",
        "Căn cứ Luật Tổ chức Chính phủ;",
    ),
    "of the Party": (
        """HUYỆN ỦY TÂN LẠC                ĐẢNG CỘNG SẢN VIỆT NAM
       *
Số 15-KH/HU                     Tân Lạc, ngày 9 tháng 2 năm 2022
KẾ HOẠCH
phát triển cây bưởi đỏ giai đoạn 2022 - 2025
Huyện phấn đấu trồng mới 300 ha.""",
        ("Huyện ủy Tân Lạc", "15-KH/HU", date(2022, 2, 9)),
        "Kế hoạch phát triển cây bưởi đỏ giai đoạn 2022 - 2025",
        "Huyện phấn đấu trồng mới 300 ha.",
    ),
}


@pytest.mark.parametrize("name", HEADS)
def test_heads(name):
    content, (agency, number, published), title, first = HEADS[name]
    plain, frame = unframe(content)
    assert (frame.agency, frame.number, frame.published) == (agency, number, published)
    assert frame.title == title == plain.split("\n")[0]
    assert plain.split("\n")[-1] == first


def test_a_page_that_shows_a_document():
    """The page's headline stays, its own date gives way to that of the document."""
    shown = PAGE.replace("<body>", "<body><h1>Kết quả khuyến công của tỉnh</h1><p>Ngày đăng: 20/12/2023</p>")
    ready = prepare(html.article("a.html", Decoded(shown, "utf-8"), Options()))
    layout = ready.layout
    assert layout.text[slice(*layout.title)] == "Kết quả khuyến công của tỉnh"
    assert (ready.raw.number, layout.published) == ("518/BC-SCT", date(2023, 12, 15))
    assert MOTTO not in layout.text
    assert "Báo cáo kết quả khuyến công năm 2023" in layout.text


def test_a_day_left_open_is_not_the_templates():
    """ "ngày … tháng 12 năm 2023": the file's date of 2013 is a template's, one of the same year may be true."""
    content = SIDE_BY_SIDE.replace("ngày 15 tháng", "ngày     tháng")
    assert prepare(text(content, date(2013, 5, 2))).layout.published is None
    assert prepare(text(content, date(2023, 12, 20))).layout.published == date(2023, 12, 20)


@pytest.mark.parametrize(
    "content",
    [
        "Hòa Bình có 9 đề án\nSố: 518 đường Trần Hưng Đạo là nơi đặt cơ sở.\nKinh phí 5 tỷ đồng.",
        "Bản tin\nBáo cáo\nSở Công Thương cho biết có 9 đề án.",
        "Tin vắn\nTheo Quyết định số 518/QĐ-UBND, huyện có 9 đề án.\nNơi nhận: 3 xã.",
        "KẾ HOẠCH\nXây dựng cầu\nHuyện xây 3 cầu.",
    ],
)
def test_news_has_no_frame(content):
    assert unframe(content) == (content, None)


def test_nothing_of_the_text_is_lost():
    """A signature in the middle, before an appendix, is taken out alone; a list with sums is never one of receivers."""
    content = (
        f"{ONE_BY_ONE}\nPHỤ LỤC\nNơi nhận: Máy sấy\n- HTX Phong Phú nhận 120 triệu đồng;\nGIÁM ĐỐC chịu trách nhiệm."
    )
    plain, _ = unframe(content)
    assert plain.split("\n")[-4:] == content.split("\n")[-4:]
    assert "Bùi Văn Nam" not in plain


def test_short_forms_mean_what_they_mean():
    """NSNN, NSTW, NSĐP and KCQG name the state's money, trđ and tr.đ are millions, KCĐP is a programme."""
    content = """Kết quả khuyến công năm 2023
1. Đề án chế biến chè tại huyện Tân Lạc: KP 900 trđ (KCQG 300 tr.đ, NSĐP 100 trđ; đối ứng 500 trđ).
2. Dự án trồng bưởi đỏ tại huyện Lạc Sơn: KP 2.860 trđ (NSNN 1.500 trđ; đối ứng 1.360 trđ), 45 hộ.
3. Dự án nuôi cá lồng tại huyện Đà Bắc: KP 1.200 triệu đồng (NSTW 800 triệu đồng, dân góp 400 triệu đồng)."""
    facts = extractor().facts(text(content))
    got = [(amount.value_vnd // 1_000_000, amount.role) for amount in facts.amounts]
    whole = [(900, "total"), (2860, "total"), (1200, "total")]
    assert [sum_ for sum_ in got if sum_ in whole] == whole
    assert {(300, "support"), (100, "support"), (1500, "support"), (800, "support")} <= set(got)
    assert {(500, "counterpart"), (1360, "counterpart"), (400, "counterpart")} <= set(got)
