"""Parts of office files, which are zip archives of XML: read without entities, within the limits of the file."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, cast

from pipeline.ingest.containers import metered
from pipeline.ingest.types import Broken, Budget, Unreadable

_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_CHUNK = 1 << 16
_DAMAGES = ("BadZipFile", "error", "Truncated")  # of a part, as `opening.reject` calls them


@contextmanager
def office_file(stream: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    """The package of an office file, whose reader need not know that it is a zip archive.

    Raises:
        Unreadable: it is cut off or damaged, as a whole or in a part that is read.
    """
    try:
        with zipfile.ZipFile(stream) as package:
            yield package
    except (zipfile.BadZipFile, zlib.error) as error:
        raise Unreadable("open", "BadPackage", f"the file is cut off or damaged: {error}") from error
    except Broken as error:
        if error.error in _DAMAGES:
            raise Unreadable("open", "BadPackage", f"the file is damaged: {error.message}") from error
        raise


def part_stream(package: zipfile.ZipFile, name: str, budget: Budget) -> IO[bytes]:
    """A part of a package as a stream that counts against the budget and refuses declarations of entities.

    Raises:
        Unreadable: a password protects it, or, while it is read, it declares entities.
    """
    try:
        info = package.getinfo(name)
    except KeyError as error:
        raise Unreadable("parse", "BadPackage", f"the file has no {name}") from error
    if info.flag_bits & 1:
        raise Unreadable("open", "Encrypted", "the document is protected by a password")
    unpacked = metered(package.open(info), budget, name)
    return cast(IO[bytes], io.BufferedReader(_Guarded(unpacked), _CHUNK))


class _Guarded(io.RawIOBase):
    """Bytes of XML. Those in UTF-16 are given as UTF-8, so that declarations are seen in any encoding."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._tail = stream, b""
        self._wide = stream.peek(4)[:4].startswith((b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"))  # type: ignore[attr-defined]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        seen = self._tail + (data.replace(b"\0", b"") if self._wide else data)
        if _DECLARES.search(seen):
            raise Unreadable("parse", "XmlEntities", "the XML declares entities, which no office document does")
        self._tail = seen[-16:]
        buffer[: len(data)] = data
        return len(data)


def part_bytes(package: zipfile.ZipFile, name: str, budget: Budget) -> bytes:
    """All bytes of a part. Raises as :func:`part_stream` does."""
    with part_stream(package, name, budget) as stream:
        return stream.read()


def part_tree(package: zipfile.ZipFile, name: str, budget: Budget) -> Any:
    """A part as a tree without comments and instructions; nothing is fetched.

    Raises:
        Unreadable: a password protects it, it declares entities, or is no XML.
    """
    return tree(part_bytes(package, name, budget), name)


def tree(data: bytes, name: str) -> Any:
    """The same, of its bytes."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable("parse", "BadXml", f"{name} is no well-formed XML: {error.msg}") from error
