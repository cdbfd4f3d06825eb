"""Open files safely, and say in plain words why it failed."""

import lzma
import os
import signal
import stat
import tarfile
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from types import FrameType
from typing import IO, cast

from pipeline.ingest.remote import open_remote
from pipeline.ingest.types import Reject, Remote, Unreadable


def open_file(path: Path | Remote) -> IO[bytes]:
    """A buffered stream of a regular file; a pipe or device would block for ever and is refused.

    Raises:
        OSError: as ``open`` does.
        Unreadable: it is no regular file.
    """
    if isinstance(path, Remote):
        return open_remote(path)
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Unreadable("open", "NotAFile", "it is a pipe, a device or a folder, not a file")
    return cast(IO[bytes], os.fdopen(handle, "rb", buffering=1 << 16))


def first_bytes(path: Path | Remote) -> bytes:
    """The first 4 KB of a file, nothing of what is no regular file."""
    try:
        with open_file(path) as stream:
            return cast(BufferedReader, stream).raw.read(4096) or b""
    except Unreadable:
        return b""


def reject(name: str, error: BaseException) -> Reject:
    """The reject for whatever a reader or its library raised."""
    if isinstance(error, Unreadable):
        return Reject(name, error.stage, error.error, error.message, passing=error.error == "TimeLimit")
    kind = type(error).__name__
    if isinstance(error, EOFError):
        return Reject(name, "open", "Truncated", "the compressed data ends before its end: the file is cut off")
    if isinstance(error, (zlib.error, lzma.LZMAError, zipfile.BadZipFile)) or kind in (
        "BadGzipFile",
        "ZstdError",
    ):
        return Reject(name, "open", kind, f"the compressed data are damaged: {_sentence(error)}")
    if isinstance(error, tarfile.TarError):
        return Reject(name, "open", "BadTar", f"the tar archive is damaged or cut off: {_sentence(error)}")
    if isinstance(error, OSError):
        return Reject(name, "open", kind, error.strerror or _sentence(error), passing=True)
    if isinstance(error, RecursionError):
        return Reject(name, "parse", kind, "it is nested too deeply")
    if isinstance(error, MemoryError):
        return Reject(name, "parse", kind, "there is not enough memory to read it", passing=True)
    return Reject(name, "parse", kind, f"the file is damaged: {_sentence(error)}")


def _sentence(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


_running: list[float] = []  # seconds of the deadline at work
_watching: list[Callable[[], None]] = []


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise :class:`Unreadable` in the block after so many seconds of processor time, however busy the machine is.

    Works in the main thread of a process, where Python delivers signals; elsewhere there is no limit.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Unreadable("parse", "TimeLimit", f"it took more than {seconds:g} seconds of processor time to read")

    before = signal.signal(signal.SIGPROF, stop)
    _running.append(seconds)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        _running.pop()
        signal.signal(signal.SIGPROF, before)


@contextmanager
def watched(told: Callable[[], None]) -> Iterator[None]:
    """Have ``told`` called in the block whenever a reader begins a piece of work that has a time limit of its own."""
    _watching.append(told)
    try:
        yield
    finally:
        _watching.pop()


def renew_deadline() -> None:
    """Begin such a piece, a page to be read by OCR: the time limit starts anew."""
    if _running and threading.current_thread() is threading.main_thread():
        signal.setitimer(signal.ITIMER_PROF, _running[-1])
    for told in _watching:
        told()
