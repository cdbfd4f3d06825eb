"""INPUT paths -> the files to read."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from .opening import first_bytes
from .sniff import READ_EXTENSIONS, extension, is_litter, is_wanted
from .types import Discovery, Reject, Source


def discover(inputs: Sequence[Path]) -> Discovery:
    """All files that the INPUTs name or hold, sorted by their name.

    A file named as INPUT is always a source (a kind that is not read becomes a reject when it is read);
    in a folder, files of unread kinds are only listed in ``skipped``. Never raises for what lies on disk.
    """
    sources: dict[str, Source] = {}
    skipped: list[str] = []
    rejects: list[Reject] = []
    for given in inputs:
        path = Path(given)
        try:
            folder = path.is_dir()
            missing = not os.path.lexists(path)
        except OSError as error:
            rejects.append(_reject(str(given), error))
            continue
        if missing:
            rejects.append(Reject(str(given), "discover", "NotFound", "there is no such file or folder"))
        elif not folder:
            _add(sources, Source(path, path.name), path)
        else:
            for found in _walk(path, "", frozenset()):
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


def _walk(folder: Path, prefix: str, above: frozenset[tuple[int, int]]) -> Iterator[Source | Reject]:
    """Files below a folder in name order; symlinks are followed, except into a folder that we are in."""
    try:
        status = folder.stat()
        here = (status.st_dev, status.st_ino)
        if here in above:
            yield Reject(
                prefix.rstrip("/") or str(folder),
                "discover",
                "SymlinkLoop",
                "the link leads back to a folder around it",
            )
            return
        with os.scandir(folder) as entries:
            names = sorted((entry.name, entry.is_dir()) for entry in entries)
    except OSError as error:
        yield _reject(prefix.rstrip("/") or str(folder), error)
        return
    for name, is_folder in names:
        if is_folder:
            yield from _walk(folder / name, f"{prefix}{name}/", above | {here})
        else:
            yield Source(folder / name, prefix + name)


def _is_read(source: Source) -> bool:
    """Whether a file found in a folder is of a kind that is read. What cannot be looked into goes by its name."""
    head = b""
    with contextlib.suppress(OSError):
        if not is_litter(source.name) and extension(source.name) not in READ_EXTENSIONS:
            head = first_bytes(source.path)
    return is_wanted(head, source.name)


def _reject(name: str, error: OSError) -> Reject:
    return Reject(name, "discover", type(error).__name__, error.strerror or str(error))
