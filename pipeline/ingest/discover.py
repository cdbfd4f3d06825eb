"""INPUTs, paths and URLs -> the files to read."""

import contextlib
import os
from collections.abc import Container, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pipeline.i18n import _, reason
from pipeline.ingest import remote
from pipeline.ingest.names import Names, printable, shown
from pipeline.ingest.opening import first_bytes
from pipeline.ingest.sniff import PICTURES, READ_EXTENSIONS, extension, is_litter, is_wanted, kind_of
from pipeline.ingest.types import Discovery, Reject, Remote, Source

_DEEPEST = 100
_WORK = ".trichluc"  # what every output folder has
_AT_ONCE = 32  # files of a storage that are looked into
_Id = tuple[int, int]
"""Device and inode: the same folder under whatever name."""


def discover(
    inputs: Sequence[Path | str],
    exclude: Sequence[Path] = (),
    pictures: bool = False,
    only: Container[Path | Remote] | None = None,
) -> Discovery:
    """All files that the INPUTs name or hold, sorted by their name; nothing below the ``exclude`` folders.

    A file named as INPUT is always a source (a kind that is not read becomes a reject when it is read); in a folder,
    files of unread kinds are listed in ``skipped``, and are rejects of this stage unless systems and programs leave
    them behind. ``pictures`` are to be read as well; with ``only`` other files are passed over. Never raises for what
    lies on disk.

    Raises:
        OSError: the storage of a URL cannot be listed; the message says which and why.
    """
    left_out = frozenset(identity for path in exclude if (identity := _identity(path)))
    sources: list[tuple[str, Source]] = []
    skipped: list[str] = []
    rejects: list[Reject] = []
    unread_kinds: dict[_Real, Reject] = {}
    for given in inputs:
        path = (remote.local_path(str(given)) if remote.is_url(given) else None) or given
        prefix, found = _in_url(str(path)) if remote.is_url(path) else _in_path(Path(path), left_out)
        for one, is_read in found:
            if isinstance(one, Reject):
                rejects.append(one)
            elif only is not None and one.path not in only:
                continue
            elif is_read(pictures):
                sources.append((prefix, one))
            else:
                skipped.append(one.name)
                if not is_litter(one.name):
                    unread_kinds.setdefault(_real(one.path), unread(one.name, is_read.head, one.name))
                    sources.append((prefix, one))
    unique, renamed = _unique(sources)
    read = [source for source in unique if _real(source.path) not in unread_kinds]
    rejects += [replace(unread_kinds[real], source=s.name) for s in unique if (real := _real(s.path)) in unread_kinds]
    return Discovery(
        tuple(read), tuple(sorted(skipped)), tuple(sorted(rejects, key=lambda reject: reject.source)), renamed
    )


def files_in(inputs: Sequence[Path | str], exclude: Sequence[Path] = ()) -> Iterator[Path]:
    """The paths of all files that the INPUTs name or hold, of whatever kind, as :func:`discover` names them."""
    left_out = frozenset(identity for path in exclude if (identity := _identity(path)))
    for path in map(Path, inputs):
        if not path.is_dir():
            yield path
            continue
        for found in _walk(path, "", frozenset(), left_out):
            if isinstance(found, Source) and isinstance(found.path, Path):
                yield found.path


@dataclass(frozen=True, slots=True)
class _Look:
    """A first look at a file: its name, whether it was named as INPUT, its first bytes where the name says little."""

    name: str
    named: bool = False
    head: bytes = b""

    def __call__(self, pictures: bool) -> bool:
        """Whether it is to be read."""
        return self.named or is_wanted(self.head, self.name, pictures)


_Real = str | tuple[str, str]
_Found = Iterable[tuple[Source | Reject, _Look]]


def unread(name: str, head: bytes, inner: str) -> Reject:
    """The reject for what lies in a folder or archive and is of a kind that is not read."""
    return Reject(name, "discover", "UnreadKind", not_read(kind_of(head, inner) if head else _UNKNOWN))


def not_read(kind: str) -> str:
    """Why a kind is not read.

    >>> not_read("a PNG image"), not_read("a program")
    ('a PNG image is only read with --ocr always', 'a program is not read')
    """
    return f"{kind} is only read with --ocr always" if kind in PICTURES else f"{kind} is not read"


def _in_path(path: Path, left_out: frozenset[_Id]) -> tuple[str, _Found]:
    """What goes before the names of the files of an INPUT where they are not unique, and the files."""
    try:
        folder = path.is_dir()
        missing = not os.path.lexists(path)
    except OSError as error:
        return "", [(_reject(printable(str(path)), error), _NOT_LOOKED)]
    if missing:
        return "", [(_missing(printable(str(path))), _NOT_LOOKED)]
    if not folder:
        return printable(path.parent.as_posix()), [(Source(path, printable(path.name), _size(path)), _NAMED)]
    return printable(path.as_posix()), ((found, _look(found)) for found in _walk(path, "", frozenset(), left_out))


def _in_url(url: str) -> tuple[str, _Found]:
    """The same of a URL."""
    name = shown(remote.label(url))
    try:
        folder, listed = remote.look(url)
        found = [replace(source, name=shown(source.name)) for source in _without_runs(listed)]
    except FileNotFoundError:
        return "", [(_missing(name), _NOT_LOOKED)]
    except OSError as error:
        raise OSError(_("cannot read {file}: {why}", file=name, why=reason(error))) from error
    if not folder:
        return name.rpartition("/")[0], [(found[0], _NAMED)]
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return name, list(zip(found, threads.map(_look, found), strict=True))


def _missing(name: str) -> Reject:
    return Reject(name, "discover", "NotFound", remote.NOT_THERE, passing=True)


def _unique(found: Iterable[tuple[str, Source]]) -> tuple[list[Source], tuple[tuple[str, str], ...]]:
    """The sources under names of which no two are alike, in their order, and (name, path) of those renamed.

    `found` are sources with what goes before their names where several have one. Of those the first by that keeps its
    name; what is named twice is the same file. The order of the INPUTs does not matter.
    """
    by_name: dict[str, list[tuple[str, Source]]] = {}
    for prefix, source in found:
        by_name.setdefault(source.name, []).append((prefix, source))
    firsts, others = [], []
    for name in sorted(by_name):  # an archive comes before what may be a member of it
        distinct = {_real(source.path): (prefix, source) for prefix, source in reversed(by_name[name])}
        first, *rest = sorted(distinct.values(), key=lambda one: (one[0], str(_real(one[1].path))))
        firsts.append((name, first[1]))
        others += [(f"{prefix}/{name}", source) for prefix, source in rest]
    names = Names()
    sources = [(source, replace(source, name=names.take(name))) for name, source in [*firsts, *others]]
    renamed = [(new.name, printable(_shown_path(new))) for old, new in sources if new.name != old.name]
    return sorted((new for _, new in sources), key=lambda source: source.name), tuple(sorted(renamed))


def _shown_path(source: Source) -> str:
    return (
        f"{remote.label(source.path.url)}/{source.path.path}" if isinstance(source.path, Remote) else str(source.path)
    )


def _real(path: Path | Remote) -> str | tuple[str, str]:
    return (path.url, path.path) if isinstance(path, Remote) else os.path.realpath(path)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


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
    names = {entry for entry, _ in found}
    if _is_output(names):
        found = [entry for entry in found if entry[0] not in _made()]
    for entry, is_folder in found:
        if is_folder:
            yield from _walk(folder / entry, f"{prefix}{printable(entry)}/", above | {here}, left_out)
        else:
            yield Source(folder / entry, prefix + printable(entry), _size(folder / entry))


def _is_output(names: Container[str]) -> bool:
    """Whether a folder that holds these is the output folder of a run; one that was copied may lack the hidden one."""
    return _WORK in names or ("run.json" in names and "documents" in names and "amounts" in names)


@cache
def _made() -> frozenset[str]:
    """What runs, exports and views leave in an output folder, which are no reports, whatever lies beside them."""
    from pipeline.tables.schema import SCHEMAS

    return frozenset({_WORK, "run.json", "view.html", "export", *SCHEMAS})


def _without_runs(listed: list[Source]) -> list[Source]:
    """The files of a storage without those that a run made."""
    beside: dict[str, set[str]] = {}
    for source in listed:
        parts = source.name.split("/")
        for depth, part in enumerate(parts):
            beside.setdefault("/".join(parts[:depth]), set()).add(part)
    outputs = {folder for folder, names in beside.items() if _is_output(names)}

    def is_made(name: str) -> bool:
        parts = name.split("/")
        return any("/".join(parts[:depth]) in outputs and part in _made() for depth, part in enumerate(parts))

    return [source for source in listed if not is_made(source.name)] if outputs else listed


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _look(source: Source | Reject) -> _Look:
    """A first look at a file found in a folder. What cannot be looked into goes by its name."""
    if isinstance(source, Reject):
        return _NOT_LOOKED
    head = b""
    with contextlib.suppress(OSError):
        if not is_litter(source.name) and extension(source.name) not in READ_EXTENSIONS:
            head = first_bytes(source.path)
    return _Look(source.name, head=head)


_NOT_LOOKED, _NAMED = _Look(""), _Look("", named=True)
_UNKNOWN = "a file of an unread kind"


def _reject(name: str, error: OSError) -> Reject:
    return Reject(name, "discover", type(error).__name__, error.strerror or str(error), passing=True)
