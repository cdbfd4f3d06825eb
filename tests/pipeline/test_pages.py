"""Web pages: the article of each kind of page, its signs, its tables, and pages that hold none."""

import importlib.util
from datetime import date
from pathlib import Path

import pytest

from pipeline.extraction import prepare
from pipeline.ingest import Options, RawDocument, Reject, Source, html, read
from pipeline.ingest.types import TABLE_MARK, Unreadable
from pipeline.text.encodings import Decoded

DAY = ("14", "11", "2023")


def _pages():
    path = Path(__file__).parents[2] / "scripts" / "make_pages.py"
    spec = importlib.util.spec_from_file_location("make_pages", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGES = _pages()


def article(page: str) -> RawDocument:
    return html.article("page.html", Decoded(page, "utf-8"), Options())


def body(page: str) -> list[str]:
    return article(page).text.split("\n")


@pytest.fixture(params=PAGES.KINDS)
def page(archive, request):
    """A page of each kind around the report of the test archive."""
    return article(PAGES.page(request.param, archive.TITLE, archive.PARAGRAPHS, archive.BYLINE, DAY))


def test_the_article_of_every_kind_of_page(archive, page):
    """Each paragraph is a line, and little is left of what stands around."""
    lines = page.text.split("\n")
    assert lines[0] == archive.TITLE
    assert [line for line in lines if line in archive.PARAGRAPHS] == list(archive.PARAGRAPHS)
    others = [line for line in lines[1:] if line not in (*archive.PARAGRAPHS, archive.BYLINE)]
    assert sum(map(len, others)) < 100, others


def test_headline_date_and_author_of_every_kind_of_page(archive, page):
    layout = prepare(page).layout
    assert layout.text[slice(*layout.title)] == archive.TITLE == page.title
    assert layout.published == date(2023, 11, 14)
    assert (layout.text[slice(*layout.byline)] if layout.byline else page.byline) == archive.BYLINE


def test_sums_around_the_article_are_none_of_its(page):
    for other in ("35 tỷ", "15 triệu", " 20 triệu", "48 tỷ", "500 triệu"):
        assert other not in page.text


@pytest.mark.parametrize("kind", PAGES.EMPTY)
def test_pages_without_an_article(tmp_path, kind):
    path = tmp_path / f"{kind}.html"
    path.write_text(PAGES.empty(kind), "utf-8")
    (reject,) = read(Source(path, path.name))
    assert isinstance(reject, Reject)
    assert (reject.stage, reject.error) == ("parse", "NoArticle")


def test_the_address_of_a_page(archive):
    page = article(PAGES.page("newspaper", archive.TITLE, archive.PARAGRAPHS, archive.BYLINE, DAY))
    assert page.url == "https://bao.example.vn/kinh-te/bai-17.html"
    saved = (
        "<!-- saved from url=(0042)http://hoabinh.example.vn/tin/bai-3.html -->\n<html><body><p>Tin.</p></body></html>"
    )
    assert article(saved).url == "http://hoabinh.example.vn/tin/bai-3.html"


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("Thứ Sáu, 15/09/2023 08:30 (GMT+7)", date(2023, 9, 15)),
        ("thứ sáu, 15 09 2023 08:30", date(2023, 9, 15)),
        ("Cập nhật: 08:30 | 15/09/2023", date(2023, 9, 15)),
        ("2023-09-15 08:30", date(2023, 9, 15)),
        ("Đăng ngày 15/09/2023 bởi BBT", date(2023, 9, 15)),
        ("Ngày đăng: 15-09-2023 - Người tạo: bientap", date(2023, 9, 15)),
        ("Lượt xem: 311", date(2024, 1, 1)),
    ],
)
def test_a_printed_date_wins_over_the_head(printed, day):
    page = f"""<html><head><meta property="article:published_time" content="2024-01-01T00:00:00+07:00"></head>
    <body><h1>Hàm Yên trồng cam</h1><p>{printed}</p><p>Huyện hỗ trợ 2 tỷ đồng cho 64 hộ trồng cam.</p></body></html>"""
    assert prepare(article(page)).layout.published == day


def test_data_tables_keep_their_cells():
    """Spans, cells with paragraphs, head rows, a caption above; nested tables are layout around data."""
    page = """<h1>Danh mục đề án năm 2024</h1><p>Sở Công Thương công bố danh mục.</p>
    <table><tr><td><table border=1><caption>Đơn vị: triệu đồng</caption>
    <thead><tr><th rowspan=2>Tên</th><th colspan=2>Kinh phí</th></tr><tr><th>Tổng</th><th>Hỗ trợ</th></tr></thead>
    <tbody><tr><td><p>Máy sấy</p><p>dược liệu</p></td><td>950</td><td>250</td></tr>
    <tr><td>Máy ép</td><td>310</td><td></td></tr></tbody></table></td></tr></table><p>Hạn cuối là tháng 11.</p>"""
    document = article(page)
    assert document.text.split("\n")[2:] == ["Đơn vị: triệu đồng", f"{TABLE_MARK}0", "Hạn cuối là tháng 11."]
    (table,) = document.tables
    assert [(c.text, c.row, c.column, c.row_span, c.column_span) for c in table.cells] == [
        ("Tên", 0, 0, 2, 1),
        ("Kinh phí", 0, 1, 1, 2),
        ("Tổng", 1, 1, 1, 1),
        ("Hỗ trợ", 1, 2, 1, 1),
        ("Máy sấy dược liệu", 2, 0, 1, 1),
        ("950", 2, 1, 1, 1),
        ("250", 2, 2, 1, 1),
        ("Máy ép", 3, 0, 1, 1),
        ("310", 3, 1, 1, 1),
        ("", 3, 2, 1, 1),
    ]


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td><img src=a.jpg></td></tr><tr><td>Lễ bàn giao máy</td></tr></table>",
        "<table><tr><td>UBND TỈNH</td><td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</td></tr>"
        "<tr><td>Số: 5</td><td>ngày 2</td></tr></table>",
        "<table><tr><td><a href=1>Tin một</a></td><td><a href=2>Tin hai</a></td></tr>"
        "<tr><td><a href=3>Tin ba</a></td><td>4</td></tr></table>",
        "<table><tr><td>"
        + "Một cột dài của trang báo. " * 40
        + "</td><td>"
        + "Cột bên cạnh. " * 60
        + "</td></tr></table>",
    ],
)
def test_tables_of_layout(table):
    document = article(f"<h1>Bàn giao máy cho hợp tác xã</h1><p>Sáng nay, huyện bàn giao máy.</p>{table}")
    assert document.tables == ()
    assert TABLE_MARK not in document.text


def test_lists_keep_their_numbers():
    page = "<p>Giao:</p><ol start=3><li>Phòng Kinh tế<li><p>Phòng Tài chính</p></ol><ul><li>Xã Yên Phú</ul>"
    assert body(page) == ["Giao:", "3. Phòng Kinh tế", "4. Phòng Tài chính", "- Xã Yên Phú"]


def test_lines_that_only_breaks_part():
    page = "Mở đầu<br>Kinh phí <b>5</b> tỷ<br/><br>đồng<span> và</span> thêm<div>Hết</div>sau"
    assert body(page) == ["Mở đầu", "Kinh phí 5 tỷ", "đồng và thêm", "Hết", "sau"]


def test_hidden_text_is_no_text():
    page = '<p>Hiện.</p><p style="display: none">Ẩn 5 tỷ đồng.</p><p hidden>Ẩn.</p><script>var a = "9 tỷ";</script>'
    assert body(page) == ["Hiện."]


def test_tags_left_open_cost_no_text():
    """Pages of the 1990s never close a paragraph or a font; a parser with a limit of depth cuts them."""
    page = "<html><body>" + "".join(f"<p><font size=2>Đoạn {n}: hỗ trợ {n} triệu đồng." for n in range(1000))
    assert body(page) == [f"Đoạn {n}: hỗ trợ {n} triệu đồng." for n in range(1000)]


@pytest.mark.usefixtures("hang_guard")
def test_tags_left_open_that_all_differ_take_no_time():
    page = "<html><body>" + "".join(f'<p><font size={n} face=".VnTime">Tin {n}' for n in range(3000))
    assert len(body(page)) == 3000


def test_elements_nested_beyond_measure_are_told():
    with pytest.raises(Unreadable) as error:
        article("<div>" * 30_000 + "Tin")
    assert (error.value.stage, error.value.error) == ("parse", "DepthLimit")


def test_a_class_of_the_whole_page_hides_nothing():
    text = "".join(f"<p>Huyện hỗ trợ {n} tỷ đồng cho các hộ nghèo ở vùng cao.</p>" for n in range(2, 9))
    assert len(body(f'<div class="has-sidebar menu-page related">{text}</div>')) == 7


@pytest.mark.shared
def test_real_portals(shared):
    """Headline and date of real pages of district portals."""
    folder = shared / "archive" / "portal"
    rows = [line.split("\t") for line in (folder / "expected.tsv").read_text("utf-8").splitlines()[1:]]
    right = [0, 0]
    for name, title, published in rows:
        (document,) = read(Source(folder / name, name))
        layout = prepare(document).layout
        right[0] += layout.text[slice(*layout.title)] == " ".join(title.split()) if layout.title else False
        right[1] += str(layout.published) == published
        assert "TRUY CẬP" not in document.text
    assert min(right) >= 0.95 * len(rows)
