"""INPUTs that are URLs, read where they lie.

pyarrow has the filesystems of the schemes in `_ARROW`; all others are fsspec's, some of which need a package of their
own. Both find credentials and endpoints where their libraries always look: in the environment, configuration files, the
machine's role.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pipeline.i18n import _, later
from pipeline.ingest.types import Remote, Source

_ARROW = frozenset({"s3", "gs", "gcs", "abfs", "abfss", "hdfs", "viewfs"})
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(?:::[A-Za-z][A-Za-z0-9+.-]+)*://")
NOT_THERE = later("there is no such file or folder")
_BLOCK = 8 << 20
"""Bytes of one request: over a network, many small ones take far longer."""


def is_url(given: Path | str) -> bool:
    """Whether an INPUT is a URL and no path.

    >>> is_url("s3://bucket/a"), is_url("zip://::s3://bucket/a.zip"), is_url("C:/a"), is_url("a/b")
    (True, True, False, False)
    """
    return isinstance(given, str) and bool(_URL.match(given))


def local_path(url: str) -> Path | None:
    """The path that a ``file://`` URL stands for.

    Raises `OSError` for that of another machine.

    >>> local_path("file:///a/b%20c").as_posix(), local_path("s3://a/b")
    ('/a/b c', None)
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc not in ("", "localhost"):
        raise OSError(
            _(
                "cannot read {url}: it names the machine {machine}; a path is written file:///path",
                url=url,
                machine=parts.netloc,
            )
        )
    return Path(url2pathname(parts.path)) if parts.scheme == "file" else None


def label(url: str) -> str:
    """A URL to show: without credentials and options.

    >>> label("s3://key:secret@bucket/a/?region=x")
    's3://bucket/a'
    """
    return re.sub(r"(?<=://)[^/@]*@", "", url).partition("?")[0].rstrip("/")


def look(url: str) -> tuple[bool, list[Source]]:
    """Whether a URL is that of a folder, and the files that it stands for.

    Raises:
        FileNotFoundError: there is nothing.
        OSError: it cannot be told; the message says why.
    """
    from pyarrow.fs import FileSelector, FileType

    with _plainly(url):
        system, path = _filesystem(url)
        info = system.get_file_info(path)
        if info.type == FileType.NotFound:
            raise FileNotFoundError(NOT_THERE)
        if info.type == FileType.File:
            return False, [Source(Remote(url, path), PurePosixPath(path).name, info.size or 0)]
        base = path.strip("/")
        found = system.get_file_info(FileSelector(path, recursive=True))
        return True, [
            Source(Remote(url, info.path), info.path.strip("/").removeprefix(base).lstrip("/"), info.size or 0)
            for info in found
            if info.type == FileType.File
        ]


def open_remote(remote: Remote) -> IO[bytes]:
    """A buffered stream that can seek. Raises `OSError`, and so does reading it, whatever its library raises."""
    raw = _Stream(remote)
    return cast(IO[bytes], io.BufferedReader(raw, max(1, min(raw.size, _BLOCK))))


class _Stream(io.RawIOBase):
    def __init__(self, remote: Remote) -> None:
        self._url = remote.url
        with _plainly(self._url):
            self._file = _filesystem(remote.url)[0].open_input_file(remote.path)
            self.size: int = self._file.size()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _plainly(self._url):
            return int(self._file.readinto(buffer))

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with _plainly(self._url):
            return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        if not self.closed and hasattr(self, "_file"):
            self._file.close()
        super().close()


@lru_cache(maxsize=64)
def _filesystem(url: str) -> tuple[Any, str]:
    """The filesystem of a URL, connected once a process, and the URL's path in it."""
    from pyarrow.fs import FileSystem, FSSpecHandler, PyFileSystem

    if urlsplit(url).scheme.lower() in _ARROW:
        system, path = FileSystem.from_uri(url)
    else:
        import fsspec

        inner, path = fsspec.url_to_fs(url)
        system = PyFileSystem(FSSpecHandler(inner))
    return system, path


@contextmanager
def _plainly(url: str) -> Iterator[None]:
    """Make an `OSError` of whatever a library raises, in one sentence without the URL's credentials."""
    try:
        yield
    except Exception as error:
        said = " ".join(str(error).replace(url, label(url)).split())[:300] or type(error).__name__
        if isinstance(error, ImportError):
            said = _("such addresses need the package fsspec and its driver ({said})", said=said)
        kind = type(error) if isinstance(error, (FileNotFoundError, PermissionError)) else OSError
        raise kind(said) from error
