"""Word 6 to 2003 files (DOC): the main text, from the piece table of the binary format.

The container is read with olefile; the few structures that lead to the text are laid down in Microsoft's
[MS-DOC], sections 2.5 (FIB) and 2.8.35 / 2.9.177 (piece table). Word 6 and 95 have them in other places and write text
in 8-bit letters (Microsoft Word 6.0 Binary File Format; wvWare's wv.h has the same offsets). Fonts are not read: old
ones are told by how they read.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline.ingest import workbook
from pipeline.ingest.containers import seekable
from pipeline.ingest.text import check_text, decode_text
from pipeline.ingest.types import Blob, Found, Options, RawDocument, Unreadable
from pipeline.text.encodings import unfont

_MAGIC, _OLD_MAGIC = 0xA5EC, 0xA5DC
_WORD97, _WORD6 = 0x00C1, 0x0065
_IN_PIECES, _ENCRYPTED, _SECOND_TABLE, _WIDE = 0x0004, 0x0100, 0x0200, 0x1000
_BYTES = 0x40000000
# Field instructions (HYPERLINK "…") stand between 0x13 and 0x14, their result up to 0x15.
_FIELD = re.compile("\x13[^\x13\x14\x15]{0,2000}\x14?")
_OLD_FIELD = re.compile(b"\x13[^\x13\x14\x15]{0,2000}\x14?")
_MARKS = str.maketrans(
    {"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x07": "\n", "\x1e": "-", "\xa0": " "}
    | dict.fromkeys("\x01\x02\x03\x04\x05\x08\x14\x15\x1f", "")
)


_OLD_MARKS = bytes.maketrans(b"\r\x0b\x0c\x07\x1e", b"\n\n\n\n-")
_OLD_DROPPED = b"\x01\x02\x03\x04\x05\x08\x14\x15\x1f"


def read(blob: Blob, options: Options) -> Iterator[Found]:
    """One document a file; a workbook in the same kind of container is read as one."""
    import olefile

    stream = seekable(blob, options)
    try:
        with olefile.OleFileIO(stream) as file:
            if file.exists("Workbook") or file.exists("Book"):
                stream.seek(0)
                yield from workbook.read(replace(blob, stream=stream), options)
                return
            text = _text(file)
    except (OSError, struct.error, IndexError, TypeError, ValueError) as error:
        raise Unreadable("parse", "BadDoc", f"the Word file is damaged or cut off: {error}") from error
    if isinstance(text, bytes):
        plain, encoding, warnings = decode_text(text, options)
        yield RawDocument(blob.name, plain, encoding, warnings=warnings)
        return
    unicode = unfont(_FIELD.sub("", text).translate(_MARKS), "unicode")
    check_text(unicode.text, options)
    yield RawDocument(blob.name, unicode.text, unicode.encoding)


def _text(file: Any) -> str | bytes:
    """The main text with its marks, or, of Word 6 and 95, its bytes without them."""
    if file.exists("EncryptedPackage"):
        raise Unreadable("open", "Encrypted", "the document is protected by a password")
    if not file.exists("WordDocument"):
        raise Unreadable("parse", "NotWord", "the file is of an old office format other than Word and Excel")
    main = file.openstream("WordDocument").read()
    magic, version = struct.unpack_from("<HH", main, 0)
    (flags,) = struct.unpack_from("<H", main, 0x0A)
    if magic not in (_MAGIC, _OLD_MAGIC) or version < _WORD6:
        raise Unreadable("parse", "OldWord", "the file was made by a Word before 6.0, which is not read")
    if flags & _ENCRYPTED:
        raise Unreadable("open", "Encrypted", "the document is protected by a password")
    if version < _WORD97:
        return _old_text(main, flags)
    table = file.openstream("1Table" if flags & _SECOND_TABLE else "0Table").read()
    (length,) = struct.unpack_from("<I", main, 0x4C)
    start, size = struct.unpack_from("<II", main, 0x1A2)
    return "".join(_pieces(main, _piece_table(table[start : start + size])))[:length]


def _old_text(main: bytes, flags: int) -> bytes:
    """The text of Word 6 and 95: one stretch, or pieces where the file was saved in a hurry."""
    start, end = struct.unpack_from("<II", main, 0x18)
    (length,) = struct.unpack_from("<I", main, 0x34)
    if flags & _WIDE:
        raise Unreadable("parse", "OldWord", "the file was made by a Word 95 of East Asia, which is not read")
    if flags & _IN_PIECES:
        place, size = struct.unpack_from("<II", main, 0x160)
        data = b"".join(_old_pieces(main, _piece_table(main[place : place + size])))[:length]
    else:
        if not 0 < start <= end <= len(main) or length > end - start:
            raise ValueError("the text is longer than the file")
        data = main[start : start + length]
    return _OLD_FIELD.sub(b"", data).translate(_OLD_MARKS, _OLD_DROPPED)


def _old_pieces(main: bytes, table: bytes) -> Iterator[bytes]:
    """The same as :func:`_pieces`, where each letter is a byte."""
    for offset, length in _places(main, table):
        yield main[offset : offset + length]


def _piece_table(clx: bytes) -> bytes:
    """The piece table inside a CLX, past the formatting records that come before it."""
    place = 0
    while clx[place] == 1:
        place += 3 + struct.unpack_from("<H", clx, place + 1)[0]
    if clx[place] != 2:
        raise ValueError("no piece table")
    (size,) = struct.unpack_from("<I", clx, place + 1)
    return clx[place + 5 : place + 5 + size]


def _pieces(main: bytes, table: bytes) -> Iterator[str]:
    """Text of each piece."""
    for offset, length in _places(main, table):
        if offset & _BYTES:
            start = (offset & ~_BYTES) // 2
            yield main[start : start + length].decode("cp1252", "replace")
        else:
            yield main[offset : offset + 2 * length].decode("utf-16-le", "replace")


def _places(main: bytes, table: bytes) -> Iterator[tuple[int, int]]:
    """Offset and length of each piece: n + 1 character positions, then n descriptors of 8 bytes."""
    count = (len(table) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", table, 0)
    total = 0
    for number in range(count):
        length = ends[number + 1] - ends[number]
        (offset,) = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * number + 2)
        total += length
        if not 0 <= length <= len(main) or total > len(main):
            raise ValueError("a piece is longer than the file")
        yield offset, length
