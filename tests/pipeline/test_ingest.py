"""Readers: the same report in every format and encoding, metadata, names, what a folder holds."""

import ast
import gzip
import json
import re
from datetime import date
from pathlib import Path

import pytest

from pipeline.extraction import prepare
from pipeline.ingest import Options, RawDocument, Reject, Source, discover, ocr, read
from pipeline.text.normalise import normalise
from pipeline.view.labels import group, warning


def _read(path, options=None):
    source = Source(path, path.name)
    return list(read(source, options) if options else read(source))


@pytest.fixture(scope="module")
def good(archive, tmp_path_factory):
    folder = tmp_path_factory.mktemp("good")
    archive.write(folder, archive.files())
    return folder


def test_the_same_text_from_every_format_and_encoding(archive, good):
    """One document a file, with the text of the report. HTML gives the author as metadata, not as a line;
    TCVN3 has no capitals with tone marks."""
    found = discover([good])
    assert {source.name for source in found.sources} == set(archive.files())
    want = normalise(archive.TEXT)[0]
    for source in found.sources:
        documents = [d for d in read(source) if not (isinstance(d, Reject) and d.error == "UnreadKind")]
        assert [type(d) for d in documents] == [RawDocument], source.name
        text = normalise(documents[0].text)[0]
        if documents[0].byline == archive.BYLINE and not text.endswith(archive.BYLINE):
            text = f"{text}\n{archive.BYLINE}"
        assert text.lower() == want.lower(), source.name
        assert documents[0].title in (archive.TITLE, None), source.name


def test_encodings_are_recorded(archive, good):
    for name in archive.ENCODINGS:
        (document,) = _read(good / f"text-{name}.txt")
        assert document.encoding == name.removesuffix("-sig")
    assert _read(good / "page-vni-font.html")[0].encoding == "vni"
    assert _read(good / "word-mixed-fonts.docx")[0].encoding == "tcvn3"


def test_metadata(archive, good):
    (record,) = _read(good / "records.jsonl")
    assert (record.title, record.published, record.url) == (archive.TITLE, date(2023, 11, 14), "https://example.vn/r1")
    assert record.source == "records.jsonl!00000001"
    (page,) = _read(good / "page.html")
    assert (page.title, page.byline) == (archive.TITLE, archive.BYLINE)
    (mail,) = _read(good / "mail.eml")
    assert (mail.title, mail.byline, mail.published) == (archive.TITLE, archive.BYLINE, date(2023, 11, 14))
    (crawled,) = _read(good / "crawl.warc.gz")
    assert crawled.url == "https://example.vn/r1"


def test_html_without_menus_and_comments(good):
    (page,) = _read(good / "page.html")
    assert "Trang chủ" not in page.text
    assert "5 triệu đồng" not in page.text


def test_member_names(archive, tmp_path):
    plain = archive.TEXT.encode()
    made = archive.zipped(
        {"a/b.txt": plain, "a/b.txt ": plain, "in.tar": archive.tarred({"c.txt": plain, "x.png": b"\x89PNG\r\n\x1a\n"})}
    )
    (tmp_path / "all.zip").write_bytes(made)
    names = [d.source for d in _read(tmp_path / "all.zip")]
    assert names == ["all.zip!a/b.txt", "all.zip!a/b.txt ", "all.zip!in.tar!c.txt", "all.zip!in.tar!x.png"]


def test_two_members_of_one_name_stay_two(tmp_path):
    import io
    import tarfile

    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for text in ("Một: hỗ trợ 5 triệu đồng", "Hai: hỗ trợ 6 triệu đồng"):
            info = tarfile.TarInfo("a.txt")
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    (tmp_path / "twice.tar").write_bytes(out.getvalue())
    assert [d.source for d in _read(tmp_path / "twice.tar")] == ["twice.tar!a.txt", "twice.tar!a.txt~2"]


def test_columns_by_option(tmp_path):
    (tmp_path / "a.csv").write_text("cot_5,cot_2\nNội dung một,Tiêu đề\n", "utf-8")
    (reject,) = _read(tmp_path / "a.csv")
    assert (reject.stage, reject.error) == ("parse", "NoTextColumn")
    options = Options(text_columns=("cot_5",), title_columns=("cot_2",))
    (document,) = _read(tmp_path / "a.csv", options)
    assert (document.title, document.text) == ("Tiêu đề", "Tiêu đề\nNội dung một")


def test_a_title_that_the_body_has_is_not_doubled(tmp_path):
    records = [{"title": "Tin mới", "text": "TIN MỚI\nNội dung"}, {"title": "Tin mới", "text": "Nội dung"}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)), "utf-8")
    assert [d.text for d in _read(tmp_path / "a.jsonl")] == ["TIN MỚI\nNội dung", "Tin mới\nNội dung"]


def test_word_tables_links_revisions(archive, tmp_path):
    """A table row is one line; inserted text counts, deleted text does not; a text box is read once."""
    w = archive._W
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    xml = (
        f'<w:document xmlns:w="{w}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>'
        "<w:p><w:ins><w:r><w:t>Thêm vào</w:t></w:r></w:ins><w:del><w:r><w:delText>Bỏ đi</w:delText></w:r></w:del></w:p>"
        f"<w:tbl><w:tr>{cell.format('Chè')}{cell.format('120')}</w:tr><w:tr>{cell.format('Mía')}{cell.format('80')}</w:tr>"
        "</w:tbl>"
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>Khung</w:t></w:r></w:p></w:txbxContent>"
        "</mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>Khung</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p></w:body></w:document>"
    )
    (tmp_path / "a.docx").write_bytes(archive.zipped({"word/document.xml": xml.encode()}))
    (document,) = _read(tmp_path / "a.docx")
    assert prepare(document).layout.text.split("\n") == ["Thêm vào", "Chè | 120", "Mía | 80", "Khung"]


@pytest.mark.parametrize("inside", ["<!-- xem lại -->", "<?ghi chú?>", "<![CDATA[]]>"])
def test_words_behind_a_comment_in_a_run_are_read(archive, tmp_path, inside):
    """A parser's ``text`` of an element ends at the first node that is no text."""
    xml = (
        f'<w:document xmlns:w="{archive._W}"><w:body><w:p><w:r><w:t>Tỉnh hỗ trợ {inside}500 triệu đồng</w:t></w:r>'
        "</w:p></w:body></w:document>"
    )
    (tmp_path / "a.docx").write_bytes(archive.zipped({"word/document.xml": xml.encode()}))
    assert [document.text for document in _read(tmp_path / "a.docx")] == ["Tỉnh hỗ trợ 500 triệu đồng"]


def test_attachments_of_one_name_are_told_apart_as_files_are(tmp_path):
    from email.message import EmailMessage

    message = EmailMessage()
    message.set_content("Kính gửi các phòng.")
    for name in ("bc.txt", "bc.txt", "z.eml!a.txt"):
        message.add_attachment(b"Tin.", maintype="application", subtype="octet-stream", filename=name)
    (tmp_path / "m.eml").write_bytes(message.as_bytes())
    assert [d.source for d in _read(tmp_path / "m.eml")][1:] == ["m.eml!bc.txt", "m.eml!bc.txt~2", "m.eml!z.eml!a.txt"]


def test_mail_attachments_are_members(archive, tmp_path):
    from email.message import EmailMessage

    message = EmailMessage()
    message["Subject"], message["MIME-Version"] = "Gửi báo cáo", "1.0"
    message.set_content("Kính gửi tòa soạn báo cáo đính kèm.")
    message.add_attachment(archive.docx(), maintype="application", subtype="octet-stream", filename="../../bc.docx")
    message.add_attachment(b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", filename="anh.png")
    (tmp_path / "m.eml").write_bytes(message.as_bytes())
    text, report, picture = _read(tmp_path / "m.eml")
    assert [d.source for d in (text, report, picture)] == ["m.eml", "m.eml!bc.docx", "m.eml!anh.png"]
    assert (picture.stage, picture.error) == ("discover", "UnreadKind")


def test_nothing_attached_is_lost_and_nothing_shown_is_attached(archive, tmp_path):
    """An attachment without a name is read; the pictures of a saved page are part of it."""
    from email.message import EmailMessage

    message = EmailMessage()
    message["Subject"], message["MIME-Version"] = "Gửi danh mục", "1.0"
    message.set_content("Kính gửi các phòng.")
    message.add_attachment(archive.xlsx(), maintype="application", subtype="octet-stream")
    (tmp_path / "m.eml").write_bytes(message.as_bytes())
    assert [d.source for d in _read(tmp_path / "m.eml")] == ["m.eml", "m.eml!attachment 1"]
    (tmp_path / "page.doc").write_bytes(archive.mht())
    (page,) = _read(tmp_path / "page.doc")
    assert page.title == archive.TITLE


def test_a_subject_without_an_end_is_bounded(tmp_path):
    words = "".join(" =?utf-8?b?VOG7iW5o?=\r\n" for _ in range(50_000))
    data = f"MIME-Version: 1.0\r\nSubject:{words}Content-Type: text/plain\r\n\r\nTin trong ngày".encode()
    (tmp_path / "m.eml").write_bytes(data)
    (mail,) = _read(tmp_path / "m.eml")
    assert mail.text.endswith("Tin trong ngày")
    assert mail.warnings == ("the subject is longer than 4,000 characters and was cut off",)


def test_records_are_streamed(tmp_path):
    """A long JSON Lines file is read one record at a time: the first comes before the rest is looked at."""
    path = tmp_path / "long.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as lines:
        for number in range(20_000):
            lines.write(json.dumps({"text": f"Bản tin {number}: hỗ trợ {number} triệu đồng"}) + "\n")
    import tracemalloc

    tracemalloc.start()
    count = sum(1 for _ in read(Source(path, path.name)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 8 << 20


# --- discovery ----------------------------------------------------------------------------------------------


def test_folder_reads_reports_and_skips_the_rest(tmp_path):
    (tmp_path / "b").mkdir()
    for name, data in {
        "b/z.txt": b"Tin",
        "a.txt": b"Tin",
        "no-extension": "Tin từ huyện".encode(),
        "photo.png": b"\x89PNG\r\n\x1a\n",
        "facts.json": b'{"text": "a"}',
        "lines.json": b'{"text": "a"}\n{"text": "b"}\n',
        "program.py": b"print()",
        ".hidden.txt": b"Tin",
        "~$a.docx": b"x",
        "slides.pptx": b"PK\x03\x04ppt/",
    }.items():
        (tmp_path / name).write_bytes(data)
    found = discover([tmp_path])
    assert [s.name for s in found.sources] == ["a.txt", "b/z.txt", "lines.json", "no-extension"]
    assert len(found.skipped) == 6
    told = ["facts.json", "photo.png", "program.py", "slides.pptx"]
    assert [(r.source, r.stage, r.error) for r in found.rejects] == [(n, "discover", "UnreadKind") for n in told]


@pytest.mark.parametrize("hidden", [True, False])
def test_what_a_run_made_is_never_read(tmp_path, hidden):
    """An output folder, of whichever run, inside an INPUT: its tables, exports and views are no reports."""
    from pipeline.batch.run import run
    from pipeline.export import export

    (tmp_path / "a.txt").write_text("Tỉnh hỗ trợ đề án “Chè” 450 triệu đồng.", "utf-8")
    for name in ("one", "b/two"):
        run([tmp_path / "a.txt"], tmp_path / name)
        export(tmp_path / name, "jsonl")
    (tmp_path / "one" / "report.txt").write_text("Tin", "utf-8")
    if not hidden:
        (tmp_path / "one" / ".trichluc").rename(tmp_path / "away")
    found = discover([tmp_path], exclude=[tmp_path / "away"])
    assert [s.name for s in found.sources] == ["a.txt", "one/report.txt"]
    assert found.rejects == ()


def test_a_named_file_of_an_unread_kind_is_a_reject(tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    (source,) = discover([path]).sources
    (reject,) = read(source)
    assert (reject.stage, reject.error, reject.message) == (
        "open",
        "UnreadKind",
        "a PNG image is only read with --ocr always",
    )


def test_inputs_that_do_not_exist(tmp_path):
    (reject,) = discover([tmp_path / "none.txt"]).rejects
    assert isinstance(reject, Reject)
    assert (reject.stage, reject.error) == ("discover", "NotFound")


def test_the_same_name_from_two_inputs(tmp_path):
    """Two INPUTs with a file of the same name: both are read, under different names; one INPUT twice is one."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "tin.txt").write_text(f"Tin {folder}", "utf-8")
    found = discover([tmp_path / "a", tmp_path / "b", tmp_path / "a"])
    assert len(found.sources) == len({s.name for s in found.sources}) == 2


def test_names_that_are_no_utf8(tmp_path):
    import os

    path = os.fsencode(tmp_path) + b"/b\xe1o.txt"
    with open(path, "wb") as stream:  # noqa: PTH123
        stream.write("Báo cáo".encode())
    (source,) = discover([tmp_path]).sources
    (document,) = read(source)
    assert document.source == "b\\xe1o.txt"


def test_the_output_folder_is_left_out(tmp_path):
    (tmp_path / "out" / "documents").mkdir(parents=True)
    (tmp_path / "out" / "documents" / "part.parquet").write_bytes(b"PAR1")
    (tmp_path / "a.txt").write_text("Tin", "utf-8")
    assert [s.name for s in discover([tmp_path], exclude=[tmp_path / "out"]).sources] == ["a.txt"]


def test_folders_nested_without_end(tmp_path):
    deep = tmp_path
    for _ in range(120):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "a.txt").write_text("Tin", "utf-8")
    (reject,) = discover([tmp_path]).rejects
    assert reject.error == "DepthLimit"


def test_a_message_in_a_message(tmp_path):
    from email.message import EmailMessage

    inner = EmailMessage()
    inner["Subject"], inner["MIME-Version"] = "Báo cáo", "1.0"
    inner.set_content("Hỗ trợ 5 triệu đồng.")
    outer = EmailMessage()
    outer["Subject"], outer["MIME-Version"] = "Chuyển tiếp", "1.0"
    outer.set_content("Xin gửi tòa soạn.")
    outer.add_attachment(inner)
    (tmp_path / "m.eml").write_bytes(outer.as_bytes())
    assert [d.text for d in _read(tmp_path / "m.eml")] == [
        "Chuyển tiếp\nXin gửi tòa soạn.\n",
        "Báo cáo\nHỗ trợ 5 triệu đồng.\n",
    ]


CHUNKED = b"Transfer-Encoding: Chunked\r\n"
PAGE = f"<html><body><p>{'Tỉnh hỗ trợ đề án 500 triệu đồng. ' * 20}</p></body></html>".encode()
CHUNKS = b"%x\r\n%s\r\n%x;name=1\r\n%s\r\n0\r\n\r\n" % (100, PAGE[:100], len(PAGE) - 100, PAGE[100:])


@pytest.mark.parametrize(
    ("headers", "body", "error"),
    [
        (b"Content-Type: text/html\r\n" + CHUNKED, CHUNKS, None),
        (b"Content-Type: text/html\r\n" + CHUNKED, PAGE, None),  # the crawler took the chunks apart, and said nothing
        (b"", PAGE, None),
        (CHUNKED, CHUNKS, None),
        (b"Content-Type: text/html\r\n" + CHUNKED, CHUNKS[:200], "BadChunks"),
        (CHUNKED, b"FFFFFFFFFFFF\r\nabc" + b" " * 40 + b"\r\n", "BadChunks"),
        (b"Content-Type: text/html\r\nContent-Encoding: zstd\r\n", PAGE, None),
        (b"Content-Type: text/html\r\nContent-Encoding: zstd\r\n", b"(\xb5/\xfd" + PAGE, "UnreadEncoding"),
        (b"Content-Type: image/png\r\n", PAGE, "NoDocument"),
    ],
)
def test_pages_of_a_web_archive(tmp_path, headers, body, error):
    """Each is a document or a reject, with whatever headers and chunks it was sent."""
    http = b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n" + body
    about = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://x/\r\nContent-Type: application/http\r\n"
    (tmp_path / "a.warc").write_bytes(about + b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (len(http), http))
    (found,) = read(Source(tmp_path / "a.warc", "a.warc"))
    assert getattr(found, "error", None) == error
    assert error or ("500 triệu đồng" in found.text and "\n64" not in found.text)


@pytest.mark.parametrize("name", ["none.zip", "none.csv", "none.warc", "none.tar"])
def test_a_file_without_any_document_is_told(archive, tmp_path, name):
    head = b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
    made = {"none.zip": archive.zipped({}), "none.csv": b"text\n", "none.warc": head, "none.tar": bytes(10240)}
    made["none.tar"] = b"none/".ljust(100, b"\0") + made["none.tar"][100:]
    (tmp_path / name).write_bytes(made[name])
    (found,) = read(Source(tmp_path / name, name))
    assert found.stage in ("open", "parse")


def test_warnings_have_their_words_in_vietnamese():
    """What repairing warns of; and the list says nothing that the code does not."""
    messy = "HỖ TRỢ 3 TRI Ệ U Đ Ồ NG, t ừ ng h ộ l50 triệu đông &amp; Ðồng\x07 \ud800 Trungtâm Khuyếncông tỉnh Hòa Bình"
    told = {*prepare(RawDocument("a", messy, "utf-8")).warnings, *ocr.told([ocr.Page((), 9, 9, 0.3, 4)], [3])}
    assert len(told) > 6
    assert [one for one in told if warning(one, "vi") == one] == []
    root = Path(__file__).parents[2]
    said = {
        node.value
        for folder in ("pipeline", "rules")
        for path in (root / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    pieces = {
        re.sub(r"pages?\s$", "", piece)
        for english, _ in group("warning").values()
        for piece in re.split(r"\{\w+\}", english)
    }
    assert [piece for piece in pieces if not any(piece in one for one in said)] == []
