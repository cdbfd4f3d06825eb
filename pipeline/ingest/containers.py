"""Files that hold other files: gzip, bzip2, xz, zstd, zip, tar. Members are streams, never files on disk."""

import bz2
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO, Protocol, cast

from pipeline.ingest.names import Names, shown
from pipeline.ingest.opening import reject
from pipeline.ingest.sniff import inner_name
from pipeline.ingest.types import Blob, Broken, Budget, Found, Options, Reject, Unreadable

_CHUNK, _HEAD = 1 << 16, 1 << 12


class Metered(io.RawIOBase):
    """A stream of unpacked bytes that charges what is read to the budget of the file on disk.

    Whatever the stream raises is raised as :class:`Broken`, with the name of what is unpacked.
    """

    def __init__(self, stream: IO[bytes], budget: Budget, name: str) -> None:
        self._stream, self._budget, self._name, self._position = stream, budget, name, 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
            while 0 < len(data) < _HEAD and not self._position and (more := self._stream.read(_HEAD - len(data))):
                data += more  # the first piece must be long enough to tell the kind
        except Unreadable:
            raise
        except Exception as error:
            row = reject(self._name, error)
            raise Broken(self._name, row.stage, row.error, row.message) from error
        self._budget.take_bytes(len(data))
        self._position += len(data)
        buffer[: len(data)] = data
        return len(data)


def metered(stream: IO[bytes], budget: Budget, name: str) -> IO[bytes]:
    """A buffered reader over a stream of unpacked bytes that counts against the budget."""
    return cast(IO[bytes], io.BufferedReader(Metered(stream, budget, name), _CHUNK))


def in_memory(data: bytes) -> IO[bytes]:
    """Bytes as a buffered reader, as blobs have it."""
    return cast(IO[bytes], io.BufferedReader(cast(io.RawIOBase, io.BytesIO(data))))


def seekable(blob: Blob, options: Options) -> IO[bytes]:
    """The blob as a stream that can seek: a file itself, a member copied into memory within the limit."""
    if blob.stream.seekable():
        return blob.stream
    data = blob.stream.read(options.max_document_bytes + 1)
    if len(data) > options.max_document_bytes:
        limit = options.max_document_bytes >> 20
        raise Unreadable("open", "SizeLimit", f"inside an archive, a file of its kind is read up to {limit} MiB")
    return io.BytesIO(data)


# --- one compressed stream ----------------------------------------------------------------------------------


class Decompressor(Protocol):
    """What the standard library's and zstandard's decompression objects have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


class Unpacked(io.RawIOBase):
    """The bytes of a compressed stream, frame after frame; EOFError where the last one is cut off."""

    def __init__(self, stream: IO[bytes], new: Callable[[], Decompressor], step: int) -> None:
        self._stream, self._new, self._step = stream, new, step
        self._unpack, self._ready, self._rest, self._open = new(), b"", b"", False

    def read(self, size: int = -1) -> bytes:
        while not self._ready:
            data = self._rest or self._stream.read(self._step)
            self._rest = b""
            if self._unpack.eof:
                if not data.strip(b"\x00"):  # zeros pad the last block on tapes
                    if not data:
                        return b""
                    continue
                self._unpack, self._open = self._new(), False
            if not data:
                if self._open:
                    raise EOFError
                return b""
            self._open = True
            self._ready = self._unpack.decompress(data)
            if self._unpack.eof:
                self._rest = self._unpack.unused_data
        size = len(self._ready) if size < 0 else size
        data, self._ready = self._ready[:size], self._ready[size:]
        return data


def _inner(blob: Blob, new: Callable[[], Decompressor], step: int = 1 << 12) -> Iterator[Found]:
    """What a compressed file holds, under the name of the file itself; small steps keep a bomb small."""
    stream = metered(cast(IO[bytes], Unpacked(blob.stream, new, step)), blob.budget, blob.name)
    yield Blob(blob.name, stream, blob.budget, blob.depth + 1, inner_name(blob.inner), blob.url)


def read_gzip(blob: Blob, _options: Options) -> Iterator[Found]:
    return _inner(blob, lambda: cast(Decompressor, zlib.decompressobj(31)), 1 << 15)


def read_bzip2(blob: Blob, _options: Options) -> Iterator[Found]:
    return _inner(blob, bz2.BZ2Decompressor)


def read_xz(blob: Blob, _options: Options) -> Iterator[Found]:
    return _inner(blob, lambda: lzma.LZMADecompressor(memlimit=256 << 20))


def read_zstd(blob: Blob, _options: Options) -> Iterator[Found]:
    import zstandard

    context = zstandard.ZstdDecompressor(max_window_size=128 << 20)
    return _inner(blob, lambda: cast(Decompressor, context.decompressobj()), 1 << 10)


# --- archives of members ------------------------------------------------------------------------------------


class _Members:
    """Member names as they go into ``source``: checked, and made unique."""

    def __init__(self, blob: Blob) -> None:
        self._blob, self._names = blob, Names()

    def take(self, name: str) -> str | Reject:
        """The name of the next member, or the reject where it would lead out of the archive."""
        self._blob.budget.take_member()
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or name[1:2] == ":" or name != shown(name):
            message = "the name of the member leads out of the archive or has control characters"
            return Reject(shown(f"{self._blob.name}!{name}"), "open", "UnsafeName", message)
        return self._names.take(str(path))


def read_zip(blob: Blob, options: Options) -> Iterator[Found]:
    """The members of a zip archive in their order; those under a password are rejects."""
    with zipfile.ZipFile(seekable(blob, options)) as archive:
        names = _Members(blob)
        for info in archive.infolist():
            if info.is_dir():
                continue
            name = names.take(_zip_name(info))
            if isinstance(name, Reject):
                yield name
            elif info.flag_bits & 1:
                yield Reject(f"{blob.name}!{name}", "open", "Encrypted", "the member is protected by a password")
            else:
                yield from _zip_member(archive, info, blob, name)


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, blob: Blob, name: str) -> Iterator[Found]:
    try:
        member = archive.open(info)
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        message = f"the member cannot be unpacked: {error}"
        yield Reject(f"{blob.name}!{name}", "open", type(error).__name__, message)
        return
    with member:
        yield blob.inside(name, metered(member, blob.budget, f"{blob.name}!{name}"))


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name; one without the UTF-8 mark is nevertheless mostly UTF-8."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def read_tar(blob: Blob, _options: Options) -> Iterator[Found]:
    """The files of a tar archive in their order, streamed; links and devices hold no text and are passed over."""
    names = _Members(blob)
    try:
        with tarfile.open(fileobj=blob.stream, mode="r|", errorlevel=2) as archive:
            for info in archive:
                archive.members = []  # type: ignore[attr-defined]  # else it remembers them all
                if not info.isfile():
                    continue
                name = names.take(shown(info.name))
                if isinstance(name, Reject):
                    yield name
                elif (member := archive.extractfile(info)) is not None:
                    yield blob.inside(name, metered(member, blob.budget, blob.name))
    except tarfile.TarError as error:
        row = reject(blob.name, error)
        raise Unreadable(row.stage, row.error, row.message) from error
