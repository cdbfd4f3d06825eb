"""Word 97-2003 files (DOC): the main text, from the piece table of the binary format.

The container is read with olefile; the few structures that lead to the text are laid down in Microsoft's
[MS-DOC], sections 2.5 (FIB) and 2.8.35 / 2.9.177 (piece table). Fonts are not read: old ones are told by how
they read.
"""

import re
import struct
from collections.abc import Iterator
from typing import Any

from pipeline.ingest.containers import seekable
from pipeline.ingest.text import check_text
from pipeline.ingest.types import Blob, Found, Options, RawDocument, Unreadable
from pipeline.text.encodings import unfont

_WORD97 = 0x00C1
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_BYTES = 0x40000000
# Field instructions (HYPERLINK "…") stand between 0x13 and 0x14, their result up to 0x15.
_FIELD = re.compile("\x13[^\x13\x14\x15]{0,2000}\x14?")
_MARKS = str.maketrans(
    {"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x07": "\n", "\x1e": "-", "\xa0": " "}
    | dict.fromkeys("\x01\x02\x03\x04\x05\x08\x14\x15\x1f", "")
)


def read(blob: Blob, options: Options) -> Iterator[Found]:
    """One document a file."""
    import olefile

    try:
        with olefile.OleFileIO(seekable(blob, options)) as file:
            text = _text(file)
    except (OSError, struct.error, IndexError, TypeError, ValueError) as error:
        raise Unreadable("parse", "BadDoc", f"the Word 97 file is damaged or cut off: {error}") from error
    plain = unfont(_FIELD.sub("", text).translate(_MARKS), "unicode")
    check_text(plain.text, options)
    yield RawDocument(blob.name, plain.text, plain.encoding)


def _text(file: Any) -> str:
    if file.exists("EncryptedPackage"):
        raise Unreadable("open", "Encrypted", "the document is protected by a password")
    if not file.exists("WordDocument"):
        raise Unreadable("parse", "NotWord", "the file is of an old office format other than Word (Excel, PowerPoint)")
    main = file.openstream("WordDocument").read()
    magic, version = struct.unpack_from("<HH", main, 0)
    (flags,) = struct.unpack_from("<H", main, 0x0A)
    if magic != 0xA5EC or version < _WORD97:
        raise Unreadable("parse", "OldWord", "the file was made by a Word before 97, which is not read")
    if flags & _ENCRYPTED:
        raise Unreadable("open", "Encrypted", "the document is protected by a password")
    table = file.openstream("1Table" if flags & _SECOND_TABLE else "0Table").read()
    (length,) = struct.unpack_from("<I", main, 0x4C)
    start, size = struct.unpack_from("<II", main, 0x1A2)
    return "".join(_pieces(main, _piece_table(table[start : start + size])))[:length]


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
    """Text of each piece: n + 1 character positions, then n descriptors of 8 bytes."""
    count = (len(table) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", table, 0)
    total = 0
    for number in range(count):
        length = ends[number + 1] - ends[number]
        (offset,) = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * number + 2)
        total += length
        if not 0 <= length <= len(main) or total > len(main):
            raise ValueError("a piece is longer than the file")
        if offset & _BYTES:
            start = (offset & ~_BYTES) // 2
            yield main[start : start + length].decode("cp1252", "replace")
        else:
            yield main[offset : offset + 2 * length].decode("utf-16-le", "replace")
