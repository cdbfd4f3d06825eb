"""Make a test archive: one report in every format and every encoding that trichluc reads, and damaged files.

    python scripts/make_test_archive.py FOLDER

Every file of FOLDER/good holds the same report (of our own writing), so every one must give the same facts; those
of FOLDER/damaged must each give the rejects that :func:`damaged` lists. The files of old formats are written by
hand here, byte by byte, for no library writes them any more.
"""

import bz2
import csv
import gzip
import io
import json
import lzma
import struct
import sys
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from html import escape
from pathlib import Path

from pipeline.text.encodings import _TCVN3, _VISCII, _VNI

TITLE = "Khuyến công Hòa Bình hỗ trợ 450 triệu đồng cho 3 cơ sở chế biến chè"
DATELINE = "Thứ Ba, 14/11/2023"
PARAGRAPHS = (
    'Năm 2023, Trung tâm Khuyến công tỉnh Hòa Bình triển khai đề án "Hỗ trợ ứng dụng máy móc tiên tiến trong chế '
    'biến chè" cho 3 cơ sở công nghiệp nông thôn tại huyện Lạc Sơn. Tổng kinh phí thực hiện là 1,25 tỷ đồng, trong '
    "đó khuyến công quốc gia hỗ trợ 450 triệu đồng, còn lại 800 triệu đồng do các cơ sở đối ứng.",
    "Tại huyện Tân Lạc, mô hình trồng bưởi đỏ hữu cơ được hỗ trợ 120 triệu đồng để mua máy tưới và phân bón vi sinh. "
    "Sau sáu tháng thực hiện, doanh thu của các hộ tham gia đạt 2,4 tỷ đồng, cao hơn hẳn so với cùng kỳ năm trước.",
    "Theo lãnh đạo trung tâm, việc nghiệm thu được tiến hành công khai tại từng cơ sở, có đại diện của chính quyền "
    "địa phương và người dân cùng chứng kiến. Máy móc sau khi bàn giao đều hoạt động ổn định, giảm một nửa công lao "
    "động so với trước đây và nâng chất lượng của sản phẩm.",
)
BYLINE = "Minh Hà"
LINES = (TITLE, DATELINE, *PARAGRAPHS, BYLINE)
TEXT = "\n".join(LINES)


# --- encodings ----------------------------------------------------------------------------------------------


def in_encoding(text: str, encoding: str) -> bytes:
    """The text in one of the encodings of :mod:`pipeline.text.encodings`, or in a codec of Python's own."""
    if encoding == "windows-1258":
        return b"".join(_in_windows_1258(letter) for letter in text)
    if encoding in ("tcvn3", "vni", "viscii"):
        return in_font(text, encoding).encode("latin-1")
    return text.encode(encoding)


def _in_windows_1258(letter: str) -> bytes:
    """The letter, or its base with hat or horn, then the tone mark."""
    try:
        return letter.encode("cp1258")
    except UnicodeEncodeError:
        marks = "\u0300\u0301\u0303\u0309\u0323"
        parts = unicodedata.normalize("NFD", letter)
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in marks))
        return (base + "".join(c for c in parts if c in marks)).encode("cp1258")


def in_font(text: str, encoding: str) -> str:
    """The characters that show the text in a font of this encoding. TCVN3 has no capitals with tone marks."""
    table = {"tcvn3": _TCVN3, "vni": _VNI, "viscii": _VISCII}[encoding]
    inverse = {letter: source for source, letter in reversed(table.items())}
    if encoding == "tcvn3":
        text = "".join(c if c.isascii() or c in inverse else c.lower() for c in text)
    return "".join(inverse.get(c, c) for c in text)


def _twice(data: bytes) -> bytes:
    """UTF-8 that a program took for windows-1252 and wrote as UTF-8 again."""
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in data).encode()


# --- formats ------------------------------------------------------------------------------------------------


def html(encoding: str = "utf-8", font: str = "") -> bytes:
    """A page with menus, a picture, comments and a foot around the article."""
    body = [line if not font else in_font(line, font) for line in LINES[1:-1]]
    face = {"tcvn3": ".VnTime", "vni": "VNI-Times"}.get(font)
    paragraphs = "\n".join(
        f'<p style="font-family:{face}">{escape(p)}</p>' if face else f"<p>{escape(p)}</p>" for p in body
    )
    page = f"""<!DOCTYPE html>
<html lang="vi"><head><meta charset="{encoding}"><title>{escape(TITLE)}</title>
<meta property="og:title" content="{escape(TITLE)}"><meta name="author" content="{BYLINE}"></head>
<body><header><nav><ul><li><a href="/">Trang chủ</a></li><li><a href="/lh">Liên hệ</a></li></ul></nav></header>
<main><article><h1>{escape(TITLE)}</h1>
{paragraphs}
</article></main>
<section class="comments"><h3>Bình luận</h3><div class="comment">Bài viết hay, tôi đã góp 5 triệu đồng.</div></section>
<footer>Bản quyền thuộc về tòa soạn</footer></body></html>"""
    return in_encoding(page, encoding)


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(fonts: tuple[str, ...] = ("",)) -> bytes:
    """A Word file whose paragraphs are in these encodings in turn, "" being Unicode."""
    paragraphs = []
    for number, line in enumerate(LINES):
        font = fonts[number % len(fonts)]
        name = {"tcvn3": ".VnTime", "vni": "VNI-Times"}.get(font, "Times New Roman")
        text = in_font(line, font) if font else line
        half = len(text) // 2  # a run may end anywhere, even between a letter and its mark
        runs = "".join(
            f'<w:r><w:rPr><w:rFonts w:ascii="{name}" w:hAnsi="{name}"/></w:rPr>'
            f'<w:t xml:space="preserve">{escape(part)}</w:t></w:r>'
            for part in (text[:half], text[half:])
        )
        paragraphs.append(f"<w:p>{runs}</w:p>")
    body = f"<w:body>{''.join(paragraphs)}</w:body>"
    xml = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{_W}">{body}</w:document>'
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": xml.encode()})


def rtf(font: str = "") -> bytes:
    """Rich text: Unicode escapes, or the bytes of an old font."""
    if font:
        name = {"tcvn3": ".VnTime", "vni": "VNI-Times"}[font]
        lines = ["".join(_rtf_byte(b) for b in in_encoding(line, font)) for line in LINES]
    else:
        name = "Times New Roman"
        lines = ["".join(c if c.isascii() else f"\\u{ord(c)}?" for c in line) for line in LINES]
    body = "".join(line + "\\par\n" for line in lines)
    return f"{{\\rtf1\\ansi\\ansicpg1252\\deff0{{\\fonttbl{{\\f0\\fnil {name};}}}}\n\\f0\\fs28 {body}}}".encode("ascii")


def _rtf_byte(byte: int) -> str:
    return chr(byte) if byte < 0x80 else f"\\'{byte:02x}"


def eml(as_html: bool = False) -> bytes:
    """A message whose subject is the headline."""
    message = EmailMessage()
    message["Subject"], message["From"] = TITLE, f"{BYLINE} <ha@example.vn>"
    message["Date"] = "Tue, 14 Nov 2023 09:00:00 +0700"
    message["MIME-Version"] = "1.0"
    if as_html:
        message.set_content(html().decode(), subtype="html")
    else:
        message.set_content("\n".join(LINES[1:]), cte="base64")
    return message.as_bytes()


def mht() -> bytes:
    """A page saved as one file, with a picture that it shows."""
    message = EmailMessage()
    message["From"], message["Subject"] = f"{BYLINE} <ha@example.vn>", TITLE
    message["Date"], message["MIME-Version"] = "Tue, 14 Nov 2023 09:00:00 +0700", "1.0"
    message.set_content(html().decode(), subtype="html")
    message.add_related(b"\x89PNG\r\n\x1a\n", "image", "png", cid="<logo>")
    return message.as_bytes()


def record(text: str = "text") -> dict[str, str]:
    return {
        "id": "r1",
        "title": TITLE,
        text: "\n".join(LINES[1:]),
        "date": "2023-11-14",
        "url": "https://example.vn/r1",
    }


VIETNAMESE = {"id": "STT", "title": "Tiêu đề", "content": "Nội dung", "date": "Ngày đăng", "url": "Đường dẫn"}


def csv_table(delimiter: str = ",", names: Mapping[str, str] | None = None) -> bytes:
    out = io.StringIO()
    row = {(names or {}).get(name, name): value for name, value in record("content").items()}
    writer = csv.DictWriter(out, list(row), delimiter=delimiter)
    writer.writeheader()
    writer.writerow(row)
    return out.getvalue().encode()


def parquet() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([record("body")]), out)
    return out.getvalue()


def warc() -> bytes:
    """One fetched page, as crawlers store it."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        "WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Target-URI: https://example.vn/r1\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def zipped(members: Mapping[str, bytes], stored: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            kind = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), data, kind)
    return out.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zstd(data: bytes) -> bytes:
    import zstandard

    return zstandard.ZstdCompressor().compress(data)


# --- PDF ----------------------------------------------------------------------------------------------------


def pdf(columns: int = 1, pages: int = 1) -> bytes:
    """A PDF with a text layer: lines in one or two columns, page numbers, a running head on several pages."""
    width, size, pitch = 595 // columns - 60, 11, 16
    per_line = int(width / (size * 0.5))
    lines: list[tuple[str, bool]] = []
    for text in LINES[1:]:
        lines += [(line, False) for line in _wrap(text, per_line)]
        lines.append(("", False))
    share = -(-len(lines) // (columns * pages))
    contents = []
    for page in range(pages):
        shows = [(60, 815, 9, "Bản tin công thương")] if pages > 1 else []
        shows.append((290, 30, 9, str(page + 1)))
        if not page:
            shows += [(60, 770 - 18 * i, 15, line) for i, line in enumerate(_wrap(TITLE, 62))]
        for column in range(columns):
            start = (page * columns + column) * share
            for number, (line, _) in enumerate(lines[start : start + share]):
                shows.append((60 + column * (595 // columns - 25), 720 - pitch * number, size, line))
        contents.append([show for show in shows if show[3]])
    return _pdf_file(contents)


def _wrap(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    return lines


def _pdf_file(pages: list[list[tuple[int, int, int, str]]]) -> bytes:
    """A PDF of pages of (x, y, size, text): every character is a glyph of one width with its Unicode beside it."""
    letters = sorted({c for page in pages for *_, text in page for c in text})
    glyph = {c: number for number, c in enumerate(letters, 1)}
    pairs = "\n".join(f"<{glyph[c]:04x}> <{c.encode('utf-16-be').hex()}>" for c in letters)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{len(letters)} beginbfchar\n{pairs}\nendbfchar\n"
        "endcmap end end"
    )
    kids = " ".join(f"{6 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Arial /Encoding /Identity-H /ToUnicode 5 0 R "
        "/DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Arial /DW 500 /CIDSystemInfo << /Registry (Adobe) "
        "/Ordering (Identity) /Supplement 0 >> /FontDescriptor << /Type /FontDescriptor /FontName /Arial /Flags 4 "
        "/FontBBox [0 -200 500 800] /Ascent 800 /Descent -200 /ItalicAngle 0 /CapHeight 700 /StemV 80 >> >>",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    ]
    for number, page in enumerate(pages):
        shows = "\n".join(
            f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm <{''.join(f'{glyph[c]:04x}' for c in text)}> Tj ET"
            for x, y, size, text in page
        )
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(shows)} >>\nstream\n{shows}\nendstream")
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    return out + (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R >>\n"
        f"startxref\n{len(out)}\n%%EOF\n"
    ).encode("latin-1")


# --- DOC ----------------------------------------------------------------------------------------------------


def doc(font: str = "") -> bytes:
    """A Word 97 file: one piece of text, in UTF-16, or in bytes for an old font."""
    text = "".join(line + "\r" for line in LINES)
    data = in_encoding(text, font) if font else text.encode("utf-16-le")
    start = 0x400
    offset = start * 2 | 0x40000000 if font else start
    pieces = struct.pack("<II", 0, len(data) if font else len(text)) + struct.pack("<HIH", 0, offset, 0)
    clx = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    fib = bytearray(start)
    struct.pack_into("<HHHHHH", fib, 0, 0xA5EC, 0x00C1, 0, 0x0409, 0, 0x0200)
    struct.pack_into("<I", fib, 0x4C, len(data) if font else len(text))
    struct.pack_into("<II", fib, 0x1A2, 0, len(clx))
    return ole({"WordDocument": bytes(fib) + data, "1Table": clx})


def word95(font: str, pieces: int = 1) -> bytes:
    """A Word 95 file in the bytes of an old font: in one stretch, or in pieces that lie in another order."""
    data = in_encoding("".join(line + "\r" for line in LINES), font)
    start = 0x300
    fib = bytearray(start)
    struct.pack_into("<HHHHHH", fib, 0, 0xA5DC, 0x0068, 0, 0x0409, 0, 0x0004 if pieces > 1 else 0)
    struct.pack_into("<II", fib, 0x18, start, start + len(data))
    struct.pack_into("<I", fib, 0x34, len(data))
    if pieces == 1:
        return ole({"WordDocument": bytes(fib) + data})
    size = -(-len(data) // pieces)
    parts = [data[i : i + size] for i in range(0, len(data), size)]
    ends = [min(i * size, len(data)) for i in range(len(parts) + 1)]
    places = [start + len(data) - end for end in ends[1:]]  # the last piece lies first
    table = struct.pack(f"<{len(ends)}I", *ends) + b"".join(struct.pack("<HIH", 0, place, 0) for place in places)
    clx = b"\x02" + struct.pack("<I", len(table)) + table
    struct.pack_into("<II", fib, 0x160, start + len(data), len(clx))
    return ole({"WordDocument": bytes(fib) + b"".join(reversed(parts)) + clx})


# --- OpenDocument and workbooks -----------------------------------------------------------------------------

_OPEN_DOCUMENT = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "text", "table", "meta")
)


def odt() -> bytes:
    """An OpenDocument text, its headline a heading, with blanks and line breaks as elements."""
    first, *rest = (escape(line).replace(" ", '<text:s text:c="1"/>', 1) for line in LINES)
    body = f"<text:h>{first}</text:h>" + "".join(f"<text:p><text:span>{line}</text:span></text:p>" for line in rest)
    return _open_document("text", f"<office:text>{body}</office:text>")


def ods() -> bytes:
    """An OpenDocument sheet with a paragraph a row."""
    rows = "".join(
        '<table:table-row><table:table-cell office:value-type="string">'
        f"<text:p>{escape(line)}</text:p></table:table-cell></table:table-row>"
        for line in LINES
    )
    sheet = f'<table:table table:name="">{rows}</table:table>'
    return _open_document("spreadsheet", f"<office:spreadsheet>{sheet}</office:spreadsheet>")


def _open_document(kind: str, body: str) -> bytes:
    content = f"<office:document-content {_OPEN_DOCUMENT}><office:body>{body}</office:body></office:document-content>"
    media = f"application/vnd.oasis.opendocument.{kind}".encode()
    return zipped({"mimetype": media, "content.xml": content.encode()}, stored=("mimetype",))


_XL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsx(rows: Sequence[str] = LINES, more: Mapping[str, bytes] | None = None) -> bytes:
    """A workbook of one sheet with a paragraph a row, half of them as shared strings."""
    cells = [
        f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>'
        if n % 2
        else f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{escape(line)}</t></is></c></row>'
        for n, line in enumerate(rows, 1)
    ]
    strings = "".join(f"<si><r><t>{escape(line[:9])}</t></r><r><t>{escape(line[9:])}</t></r></si>" for line in rows)
    return zipped(
        {
            "xl/workbook.xml": f'<workbook xmlns="{_XL}" xmlns:r="{_REL}"><sheets>'
            '<sheet name="" sheetId="1" r:id="r1"/></sheets></workbook>'.encode(),
            "xl/_rels/workbook.xml.rels": b'<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/>'
            b"</Relationships>",
            "xl/sharedStrings.xml": f'<sst xmlns="{_XL}">{strings}</sst>'.encode(),
            "xl/worksheets/sheet1.xml": (
                f'<worksheet xmlns="{_XL}"><sheetData>{"".join(cells)}</sheetData></worksheet>'.encode()
            ),
            **(more or {}),
        }
    )


def xls() -> bytes:
    """A workbook of Excel 97: a sheet with a paragraph a row, as records of [MS-XLS]."""
    name = " "
    begin = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    place = len(begin) + len(_biff(0x0085, bytes(8 + len(name)))) + len(_biff(0x000A, b""))
    sheet = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    for number, line in enumerate(LINES):
        text = struct.pack("<HB", len(line), 1) + line.encode("utf-16-le")
        sheet += _biff(0x0204, struct.pack("<HHH", number, 0, 0) + text)
    bound = _biff(0x0085, struct.pack("<IBBBB", place, 0, 0, len(name), 0) + name.encode())
    return ole({"Workbook": begin + bound + _biff(0x000A, b"") + sheet + _biff(0x000A, b"")})


def _biff(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def ole(streams: dict[str, bytes]) -> bytes:
    """An OLE2 compound file of these streams, each padded beyond 4 KB so that no mini stream is needed."""
    sector, end, free = 512, 0xFFFFFFFE, 0xFFFFFFFF
    bodies = [data.ljust(max(4096, -(-len(data) // sector) * sector), b"\0") for data in streams.values()]
    counts = [len(body) // sector for body in bodies]
    table = [0xFFFFFFFD, end]  # sector 0 is this table, sector 1 the directory
    starts = []
    for count in counts:
        starts.append(len(table))
        table += [*range(len(table) + 1, len(table) + count), end]
    if len(table) > 128:
        raise ValueError("this writer makes files of one table sector only")
    entries = _ole_entry("Root Entry", 5, 1, end, 0)
    for number, (name, start, body) in enumerate(zip(streams, starts, bodies, strict=True), 1):
        child = number + 1 if number < len(streams) else free
        entries += _ole_entry(name, 2, free, start, len(body), right=child)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0)
    header += struct.pack("<I", free) * 108
    directory = entries.ljust(sector, b"\0")
    return header + struct.pack("<128I", *table, *[free] * (128 - len(table))) + directory + b"".join(bodies)


def _ole_entry(name: str, kind: int, child: int, start: int, size: int, right: int = 0xFFFFFFFF) -> bytes:
    label = (name + "\0").encode("utf-16-le")
    free = 0xFFFFFFFF
    return label.ljust(64, b"\0") + struct.pack(
        "<HBBIII16xIQQIQ", len(label), kind, 1, free, right, child, 0, 0, 0, start, size
    )


# --- the archive --------------------------------------------------------------------------------------------

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "windows-1258", "tcvn3", "vni", "viscii")


def files() -> dict[str, Callable[[], bytes]]:
    """File name -> what makes its bytes."""
    line = lambda: (json.dumps(record(), ensure_ascii=False) + "\n").encode()  # noqa: E731
    plain = TEXT.encode()
    made: dict[str, Callable[[], bytes]] = {
        f"text-{name}.txt": lambda name=name: in_encoding(TEXT, name)  # type: ignore[misc]
        for name in ENCODINGS
    }
    return made | {
        "text-nfd.txt": lambda: unicodedata.normalize("NFD", TEXT).encode(),
        "text-windows-line-ends.txt": lambda: TEXT.replace("\n", "\r\n\r\n").encode(),
        "text-font-characters.txt": lambda: in_font(TEXT, "tcvn3").encode(),
        "text-twice-encoded.txt": lambda: _twice(plain),
        "page.html": html,
        "page-windows-1258.html": lambda: html("windows-1258"),
        "page-tcvn3-font.html": lambda: html(font="tcvn3"),
        "page-vni-font.html": lambda: html(font="vni"),
        "word.docx": docx,
        "word-mixed-fonts.docx": lambda: docx(("tcvn3", "vni", "")),
        "word97.doc": doc,
        "word97-tcvn3.doc": lambda: doc("tcvn3"),
        "word95-tcvn3.doc": lambda: word95("tcvn3"),
        "word95-vni-in-pieces.doc": lambda: word95("vni", pieces=3),
        "text.odt": odt,
        "page-called-word.doc": html,
        "rich-called-word.doc": rtf,
        "sheet.xlsx": xlsx,
        "sheet.ods": ods,
        "sheet.xls": xls,
        "rich.rtf": rtf,
        "rich-tcvn3.rtf": lambda: rtf("tcvn3"),
        "rich-vni.rtf": lambda: rtf("vni"),
        "print.pdf": pdf,
        "print-two-columns.pdf": lambda: pdf(columns=2),
        "print-two-pages.pdf": lambda: pdf(pages=2),
        "mail.eml": eml,
        "saved.mht": mht,
        "mail-html.eml": lambda: eml(as_html=True),
        "records.jsonl": line,
        "records.jsonl.gz": lambda: gzip.compress(line(), mtime=0),
        "records.jsonl.zst": lambda: zstd(line()),
        "records.csv": csv_table,
        "records-semicolon.csv": lambda: csv_table(";"),
        "records-vietnamese.csv": lambda: csv_table(";", VIETNAMESE),
        "records.parquet": parquet,
        "crawl.warc": warc,
        "crawl.warc.gz": lambda: gzip.compress(warc(), mtime=0),
        "one.txt.bz2": lambda: bz2.compress(plain),
        "one.txt.xz": lambda: lzma.compress(plain),
        "files.zip": lambda: zipped({"a/report.txt": plain, "logo.png": b"\x89PNG\r\n\x1a\n"}),
        "files.tar": lambda: tarred({"a/report.txt": plain}),
        "files.tar.gz": lambda: gzip.compress(tarred({"a/report.html": html()}), mtime=0),
        "nested.zip": lambda: zipped({"in.tar.gz": gzip.compress(tarred({"x/in.zip": zipped({"r.txt": plain})}))}),
        "wrong-name.pdf": docx,
        "wrong-name.txt": html,
        "no-name": lambda: plain,
    }


# --- the damaged set ----------------------------------------------------------------------------------------


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def locked_zip() -> bytes:
    """A zip archive whose member says that a password protects it."""
    data = bytearray(zipped({"report.txt": TEXT.encode()}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    return bytes(data)


def locked_pdf() -> bytes:
    """A PDF that asks for a password: its keys fit none."""
    key = "00" * 32
    handler = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{key}> /U <{key}> >> /ID [<{key}> <{key}>]"
    return pdf().replace(b"trailer << ", b"trailer << " + handler.encode() + b" ")


def nested(depth: int) -> bytes:
    data = TEXT.encode()
    for level in range(depth):
        data = zipped({f"in.{'zip' if level else 'txt'}": data})
    return data


def laughs() -> bytes:
    """A Word file with entities that would grow to a billion words."""
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    xml = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">{entities}]><d>&l9;</d>'
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": xml.encode()})


def damaged() -> dict[str, tuple[Callable[[], bytes], tuple[tuple[str, str, str], ...]]]:
    """File name -> what makes its bytes, and the rejects it must give: (source, stage, error) each."""
    plain, png = TEXT.encode(), b"\x89PNG\r\n\x1a\n" + bytes(64)
    lines = b"".join(json.dumps({"text": f"{i}. {TEXT}"}).encode() + b"\n" for i in range(200))
    one: dict[str, tuple[Callable[[], bytes], str, str]] = {
        "empty.txt": (lambda: b"", "parse", "Empty"),
        "empty.docx": (lambda: b"", "parse", "Empty"),
        "blank.txt": (lambda: b" \n\n ", "parse", "NoText"),
        "zeros.txt": (lambda: bytes(5000), "decode", "OnlyZeros"),
        "zeros.pdf": (lambda: bytes(5000), "decode", "OnlyZeros"),
        "zeros-inside.txt": (lambda: plain.replace(b"450", b"4\x000"), "decode", "ZeroBytes"),
        "broken-utf-8.txt": (lambda: plain.replace(b"450", b"4\xff0"), "decode", "Undecodable"),
        "cut-utf-8.txt": (lambda: plain.rstrip(b"\xa0") + b"\xe1\xba", "decode", "Undecodable"),
        "surrogate.txt": (lambda: plain + b"\xed\xa0\x80", "decode", "Undecodable"),
        "noise.txt": (lambda: bytes(range(1, 256)) * 20, "decode", "Undecodable"),
        "noise.doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 20, "parse", "BadDoc"),
        "picture.txt": (lambda: png, "open", "UnreadKind"),
        "picture.pdf": (lambda: png, "open", "UnreadKind"),
        "cut.txt.gz": (lambda: half(gzip.compress(plain)), "open", "Truncated"),
        "cut.txt.xz": (lambda: half(lzma.compress(plain)), "open", "Truncated"),
        "cut.txt.zst": (lambda: half(zstd(plain)), "open", "Truncated"),
        "cut.zip": (lambda: half(zipped({"a.txt": plain})), "open", "BadZipFile"),
        "cut.docx": (lambda: half(docx()), "open", "BadPackage"),
        "letters.docx": (lambda: b"abcdefghij" * 300, "open", "UnreadKind"),
        "words.jpg": (lambda: b"Lorem ipsum dolor " * 99, "open", "UnreadKind"),
        "cut.doc": (lambda: half(doc()), "parse", "BadDoc"),
        "cut.rtf": (lambda: half(rtf()), "parse", "Truncated"),
        "cut.pdf": (lambda: half(pdf()), "parse", "Truncated"),
        "cut.parquet": (lambda: half(parquet()), "parse", "ArrowInvalid"),
        "wrong.gz": (lambda: b"\x1f\x8b" + bytes(range(256)) * 9, "open", "error"),
        "locked.docx": (lambda: ole({"EncryptedPackage": bytes(5000)}), "open", "Encrypted"),
        "locked.pdf": (locked_pdf, "open", "Encrypted"),
        "old-powerpoint.doc": (lambda: ole({"PowerPoint Document": bytes(5000)}), "parse", "NotWord"),
        "broken.xls": (lambda: ole({"Workbook": bytes(5000)}), "parse", "BadWorkbook"),
        "no-sheets.xlsx": (lambda: zipped({"xl/workbook.xml": b"<a/>"}), "parse", "NoText"),
        "slides.pptx": (lambda: zipped({"ppt/presentation.xml": b"<a/>"}), "open", "UnreadKind"),
        "blank.pdf": (lambda: _pdf_file([[], []]), "parse", "NoText"),
        "laughs.docx": (laughs, "parse", "XmlEntities"),
        "bad-xml.docx": (
            lambda: zipped({"[Content_Types].xml": b"", "word/document.xml": b"<w:p"}),
            "parse",
            "BadXml",
        ),
        "menu-only.html": (lambda: b"<html><body><script>1</script></body></html>", "parse", "NoText"),
        "bomb.txt.gz": (lambda: gzip.compress(b"a" * (20 << 20)), "open", "ExpansionLimit"),
        "bomb.zip": (lambda: zipped({"a.txt": b"a" * (20 << 20)}), "open", "ExpansionLimit"),
        "bomb.jsonl.zst": (lambda: zstd((b'{"text": "' + b"a" * (1 << 19) + b'"}\n') * 40), "open", "ExpansionLimit"),
        "page.jsonl": (lambda: b"[1]\n" * 9, "parse", "NotJsonLines"),
        "facts.json": (lambda: b'{"text": "a"}', "open", "UnreadKind"),
        "no-text.csv": (lambda: b"id,number\n1,2\n", "parse", "NoTextColumn"),
    }
    members: dict[str, tuple[Callable[[], bytes], tuple[tuple[str, str, str], ...]]] = {
        "locked.zip": (locked_zip, (("locked.zip!report.txt", "open", "Encrypted"),)),
        "cut.tar": (lambda: half(tarred({"a.txt": plain, "b.txt": plain * 9})), (("cut.tar", "open", "BadTar"),)),
        "outside.zip": (
            lambda: zipped({"../../outside.txt": plain, "/etc/outside.txt": plain}),
            (
                ("outside.zip!../../outside.txt", "open", "UnsafeName"),
                ("outside.zip!/etc/outside.txt", "open", "UnsafeName"),
            ),
        ),
        "outside.tar": (
            lambda: tarred({"../outside.txt": plain}),
            (("outside.tar!../outside.txt", "open", "UnsafeName"),),
        ),
        "deep.zip": (lambda: nested(12), (("deep.zip" + "!in.zip" * 8 + "!in.zip", "open", "DepthLimit"),)),
        "cut.jsonl.gz": (lambda: half(gzip.compress(lines)), (("cut.jsonl.gz", "open", "Truncated"),)),
        "lines.jsonl": (
            lambda: b'{"text": "a \\ud800"}\n{"text": 1}\n[1]\n{"text": "\n{"text": "\xff"}\n',
            tuple(
                (f"lines.jsonl!{number:08d}", stage, error)
                for number, (stage, error) in enumerate(
                    (
                        ("decode", "LoneSurrogate"),
                        ("parse", "NoTextColumn"),
                        ("parse", "BadRecord"),
                        ("parse", "BadJson"),
                        ("decode", "Undecodable"),
                    ),
                    1,
                )
            ),
        ),
        "rows.csv": (lambda: b"text,url\na\n", (("rows.csv!00000001", "parse", "BadRow"),)),
        "cut.warc": (lambda: half(warc()), (("cut.warc!00000001", "open", "Truncated"),)),
    }
    return {name: (make, ((name, stage, error),)) for name, (make, stage, error) in one.items()} | members


def main() -> int:
    """Write the archive into the folder that the command line names."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    write(Path(sys.argv[1]) / "good", files())
    write(Path(sys.argv[1]) / "damaged", {name: make for name, (make, _) in damaged().items()})
    return 0


def write(folder: Path, made: dict[str, Callable[[], bytes]]) -> None:
    """Write each file into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in made.items():
        (folder / name).write_bytes(make())


if __name__ == "__main__":
    sys.exit(main())
