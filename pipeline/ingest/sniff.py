"""What kind of file is it: content first, name second."""

import re

from pipeline.text.syllables import fit

READ_EXTENSIONS = {
    "txt": "text",
    "text": "text",
    "htm": "html",
    "html": "html",
    "xhtml": "html",
    "docx": "docx",
    "docm": "docx",
    "doc": "doc",
    "dot": "doc",
    "xls": "xls",
    "xlt": "xls",
    "xlsx": "workbook",
    "xlsm": "workbook",
    "ods": "workbook",
    "odt": "odt",
    "rtf": "rtf",
    "pdf": "pdf",
    "eml": "eml",
    "mht": "eml",
    "mhtml": "eml",
    "jsonl": "jsonl",
    "ndjson": "jsonl",
    "csv": "csv",
    "tsv": "csv",
    "parquet": "parquet",
    "warc": "warc",
    "gz": "gzip",
    "tgz": "gzip",
    "bz2": "bzip2",
    "xz": "xz",
    "zst": "zstd",
    "zip": "zip",
    "tar": "tar",
}
"""Extensions that are always read, and the kind they promise."""

PICTURE_EXTENSIONS = dict.fromkeys(("png", "jpg", "jpeg", "jfif", "tif", "tiff"), "picture")
"""Extensions of pictures, which are read where they are to be."""

KINDS = frozenset(READ_EXTENSIONS.values())
_TEXT_KINDS = frozenset({"text", "html", "jsonl", "csv", "eml"})

_UNREAD_TEXT = "json py js ts css xml svg toml yaml yml ini cfg sh bat sql md5 sha256 log lock xsl xsd map c h"
_UNREAD_ZIP = "xlsb pptx ppsx odp odg epub jar apk whl xps"
UNREAD_EXTENSIONS = frozenset(_UNREAD_TEXT.split()) | frozenset(_UNREAD_ZIP.split())
"""Extensions of files that look like text or a zip archive, but hold no reports."""

PICTURES = ("a PNG image", "a JPEG image", "a TIFF image")
"""Kinds that are only read where pictures are to be (:attr:`pipeline.ingest.types.Options.ocr`)."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"PK\x05\x06", "zip"),
    (b"%PDF-", "pdf"),
    (b"PAR1", "parquet"),
    (b"WARC/1.", "warc"),
    (b"WARC/0.", "warc"),
    (b"{\\rtf", "rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    (b"\x89PNG\r\n", PICTURES[0]),
    (b"\xff\xd8\xff", PICTURES[1]),
    (b"II*\x00", PICTURES[2]),
    (b"MM\x00*", PICTURES[2]),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x7fELF", "a program"),
    (b"ID3\x03", "an MP3 sound file"),
    (b"ID3\x04", "an MP3 sound file"),
    (b"OggS\x00", "an Ogg media file"),
    (b"SQLite format 3\x00", "an SQLite database"),
)
# The first member of an OpenDocument file is its media type, unpacked; templates of both kinds end in "-template".
_OPEN_DOCUMENT = (
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "workbook"),
)
_HTML = re.compile(
    rb"\s{0,256}(?:<!--.{0,512}?-->\s{0,64})?<(?:!doctype\s+html|html|head|body|meta|title|div|p)\b",
    re.I | re.S,
)
_OFFICE_XML = re.compile(rb"<\?mso-application\s|urn:schemas-microsoft-com:office:spreadsheet|office/word/2003/wordml")
_XHTML = re.compile(rb"\s{0,64}<\?xml[^>]{0,200}>.{0,1024}?<html\b", re.I | re.S)
_MAIL = re.compile(
    rb"(?:MIME-Version|Return-Path|Received|Message-ID|Delivered-To|From|Date|Subject|Content-Type|X-[A-Za-z-]{1,40}):\s",
    re.I,
)
_MAIL_HEAD = re.compile(rb"^(?:MIME-Version|Message-ID|Received|Content-Type):\s", re.I | re.M)
_JSON_LINE = re.compile(rb'\s{0,64}\{\s{0,64}"')
_NUMBER = re.compile(r"~\d{1,9}$")
_NEVER_TEXT = frozenset({"docx", "workbook", "odt", "pdf", "parquet", "picture", "gzip", "bzip2", "xz", "zstd", "zip"})
"""Kinds of which no program writes plain text under the name."""
_FEWEST, _SHARE = 3, 0.5  # words with Vietnamese letters in a text that lies under such a name, and how many are right
_LITTER = re.compile(r"(?:^|/)(?:\.[^/]*|~\$[^/]*|__MACOSX(?:/.*)?|thumbs\.db|desktop\.ini)$", re.I)


def extension(name: str) -> str:
    """Last extension of a path or member name, lower case, without the dot ("" where there is none).

    The number that tells names apart is none of it.

    >>> extension("a!b/Report.JSONL.gz~2"), extension("Makefile"), extension(".hidden")
    ('gz', '', '')
    """
    stem, dot, ext = _NUMBER.sub("", re.split(r"[/!]", name)[-1]).rpartition(".")
    return ext.lower() if dot and stem else ""


def inner_name(name: str) -> str:
    """The name of what a compressed file holds.

    >>> inner_name("a/b.jsonl.gz"), inner_name("c.tgz")
    ('a/b.jsonl', 'c.tar')
    """
    stem, ext = name.rpartition(".")[0], extension(name)
    return f"{stem}.tar" if ext == "tgz" else stem if ext in ("gz", "zst", "bz2", "xz") else name


def is_litter(name: str) -> bool:
    """Whether a path is one that systems and programs leave behind: hidden files, lock files, thumbnails.

    >>> is_litter("a/.DS_Store"), is_litter("__MACOSX/a.txt"), is_litter("a/b.txt")
    (True, True, False)
    """
    return bool(_LITTER.search(name))


def is_wanted(head: bytes, name: str, pictures: bool = False) -> bool:
    """Whether a file that was found, not named, is to be read: its name promises it or its content shows it."""
    if is_litter(name):
        return False
    if extension(name) in READ_EXTENSIONS:
        return True
    kind = kind_of(head, name) if head else ""
    return kind in KINDS or (pictures and kind in PICTURES)


def promised(name: str) -> str:
    """The kind that a name promises, "" where it says nothing.

    >>> promised("a/Report.DOCX"), promised("scan.jpeg"), promised("README")
    ('docx', 'picture', '')
    """
    ext = extension(name)
    return READ_EXTENSIONS.get(ext) or PICTURE_EXTENSIONS.get(ext, "")


def kind_of(head: bytes, name: str) -> str:
    """Kind of a file by its first bytes (4 KB are enough) and its name.

    One of :data:`KINDS`, or words for the message of a reject (``"a PNG image"``).

    >>> kind_of(b"%PDF-1.7", "report.txt"), kind_of(b"<html>", "report.doc"), kind_of(b"\\x89PNG\\r\\n", "x.pdf")
    ('pdf', 'html', 'a PNG image')
    """
    ext = extension(name)
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(head, ext)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[257:262] == b"ustar":
        return "tar"
    named = READ_EXTENSIONS.get(ext, "")
    if named == "pdf" and b"%PDF-" in head[:1024]:
        return "pdf"
    if named and named not in _TEXT_KINDS and _has_controls(head):
        return named
    return _text_kind(head, ext, named)


def _zip_kind(head: bytes, ext: str) -> str:
    if b"word/" in head or ext in ("docx", "docm"):
        return "docx"
    for media, kind in _OPEN_DOCUMENT:
        if media in head[30:200]:
            return kind
    if b"xl/" in head or ext in ("xlsx", "xlsm", "ods"):
        return "an Excel workbook in binary form (XLSB)" if ext == "xlsb" else "workbook"
    if ext == "odt":
        return "odt"
    if ext in _UNREAD_ZIP.split() or b"ppt/" in head or b"mimetypeapplication/" in head:
        return "an office file of another kind than text and tables"
    return "zip"


def _text_kind(head: bytes, ext: str, named: str) -> str:
    if head.lstrip()[:5] == b"<?xml" and _OFFICE_XML.search(head):
        return "a Word or Excel file of 2003 in XML"
    if _HTML.match(head) or _XHTML.match(head):
        return "html"
    if _MAIL.match(head) and _MAIL_HEAD.search(head):
        return "eml"
    if named in ("jsonl", "csv", "html", "eml"):
        return named
    if _JSON_LINE.match(head):
        return "jsonl" if _is_json_lines(head, ext) else "a JSON file that is no JSON Lines"
    if named == "xls" and not _has_controls(head) and b"\t" in head:
        return "csv"  # many a program writes a table with tabs and calls it a workbook
    if named == "text" or (ext not in UNREAD_EXTENSIONS and not _has_controls(head)):
        return "text" if _may_be_text(head, ext) else f"a file of plain letters called .{ext}"
    return "a file of an unread kind"


def _may_be_text(head: bytes, ext: str) -> bool:
    """Whether letters are a text: where the name promises something else, only Vietnamese words are.

    >>> _may_be_text(b"abcdef" * 9, "docx"), _may_be_text("Tỉnh Hòa Bình hỗ trợ".encode(), "docx")
    (False, True)
    """
    if (READ_EXTENSIONS | PICTURE_EXTENSIONS).get(ext) not in _NEVER_TEXT:
        return True
    share, words = fit(head.decode("utf-8", "ignore"))
    return words >= _FEWEST and share >= _SHARE


def _has_controls(head: bytes) -> bool:
    """Whether there are bytes that no text has; UTF-16 with its mark is text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return b"\x00" in head or len(re.findall(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]", head)) * 20 > len(head)


def _is_json_lines(head: bytes, ext: str) -> bool:
    """Whether lines are whole objects; a file called .json must show two of them."""
    first, newline, rest = head.lstrip().partition(b"\n")
    whole = first.rstrip().endswith(b"}")
    if ext == "json":
        return bool(whole and _JSON_LINE.match(rest))
    if not newline:
        return whole or len(head) >= 4096
    return whole and (not rest.strip() or bool(_JSON_LINE.match(rest)))
