"""INPUT paths -> the files to read."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from .opening import first_bytes
from .sniff import READ_EXTENSIONS, extension, is_litter, is_wanted
from .types import Discovery, Reject, Source

_DEEPEST = 100
_Id = tuple[int, int]
"""Device and inode: the same folder under whatever name."""


def discover(inputs: Sequence[Path], exclude: Sequence[Path] = ()) -> Discovery:
    """All files that the INPUTs name or hold, sorted by their name; nothing below the ``exclude`` folders.

    A file named as INPUT is always a source (a kind that is not read becomes a reject when it is read);
    in a folder, files of unread kinds are only listed in ``skipped``. Never raises for what lies on disk.
    """
    left_out = frozenset(identity for path in exclude if (identity := _identity(path)))
    sources: dict[str, Source] = {}
    skipped: list[str] = []
    rejects: list[Reject] = []
    for given in inputs:
        path = Path(given)
        try:
            folder = path.is_dir()
            missing = not os.path.lexists(path)
        except OSError as error:
            rejects.append(_reject(printable(str(given)), error))
            continue
        if missing:
            rejects.append(Reject(printable(str(given)), "discover", "NotFound", "there is no such file or folder"))
        elif not folder:
            _add(sources, Source(path, printable(path.name)), path)
        else:
            for found in _walk(path, "", frozenset(), left_out):
                if isinstance(found, Reject):
                    rejects.append(found)
                elif _is_read(found):
                    _add(sources, found, path)
                else:
                    skipped.append(found.name)
    order = sorted(sources.values(), key=lambda source: source.name)
    return Discovery(tuple(order), tuple(sorted(skipped)), tuple(sorted(rejects, key=lambda r: r.source)))


def _add(sources: dict[str, Source], source: Source, given: Path) -> None:
    """Add a source; where another INPUT has a file of the same name, the INPUT goes before the name."""
    known = sources.setdefault(source.name, source)
    if known is not source and os.path.realpath(known.path) != os.path.realpath(source.path):
        prefix = given if given.is_dir() else given.parent
        longer = f"{prefix.as_posix()}/{source.name}"
        sources[longer] = Source(source.path, longer)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _walk(folder: Path, prefix: str, above: frozenset[_Id], left_out: frozenset[_Id]) -> Iterator[Source | Reject]:
    """Files below a folder in name order; symlinks are followed, except into a folder that we are in."""
    name = prefix.rstrip("/") or printable(str(folder))
    try:
        status = folder.stat()
        here = (status.st_dev, status.st_ino)
        if here in left_out:
            return
        if here in above:
            yield Reject(name, "discover", "SymlinkLoop", "the link leads back to a folder around it")
            return
        if len(above) >= _DEEPEST:
            yield Reject(name, "discover", "DepthLimit", f"folders nested deeper than {_DEEPEST} are not read")
            return
        with os.scandir(folder) as entries:
            found = sorted((entry.name, _is_folder(entry)) for entry in entries)
    except OSError as error:
        yield _reject(name, error)
        return
    for entry, is_folder in found:
        if is_folder:
            yield from _walk(folder / entry, f"{prefix}{printable(entry)}/", above | {here}, left_out)
        else:
            yield Source(folder / entry, prefix + printable(entry))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _is_read(source: Source) -> bool:
    """Whether a file found in a folder is of a kind that is read. What cannot be looked into goes by its name."""
    head = b""
    with contextlib.suppress(OSError):
        if not is_litter(source.name) and extension(source.name) not in READ_EXTENSIONS:
            head = first_bytes(source.path)
    return is_wanted(head, source.name)


def printable(name: str) -> str:
    """A file name as a table can hold it: bytes that are no UTF-8 are written as ``\\xNN``.

    >>> printable("b\\udce1o c\\udce1o.txt")
    'b\\\\xe1o c\\\\xe1o.txt'
    """
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _reject(name: str, error: OSError) -> Reject:
    return Reject(name, "discover", type(error).__name__, error.strerror or str(error))
