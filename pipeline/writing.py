"""Files that are complete or not there, and never written through a link.

What is written gets its name when all of it is on the disk; a full disk or a killed process leaves what was there.
Links inside a folder that trichluc writes are never followed: whoever may put one there could else have other files
overwritten.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.i18n import later

_LINK = later("it is a link, and links inside the output folder are not followed; remove it")


@contextmanager
def complete(target: Path) -> Iterator[Path]:
    """A name to write a file or folder to, which becomes `target` at the end of the block.

    Where `target` is a folder already, files of the new one take the places of its files, and the rest stays. Where the
    block raises, nothing is left of it.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{target.name}.partial-{os.getpid()}")
    _remove(partial)
    try:
        yield partial
        if partial.is_dir() and target.is_dir():
            for path in sorted(partial.iterdir()):
                path.replace(target / path.name)
        else:
            partial.replace(target)
    finally:
        _remove(partial)


def partials(folder: Path) -> list[Path]:
    """What somebody who was killed left of what he wrote with :func:`complete` in this folder."""
    return sorted(folder.glob("*.partial-*"))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def refuse_links(folder: Path, target: Path) -> None:
    """Raises `OSError` where `target`, or a folder around it, is a link that lies inside `folder`.

    `folder` itself may be a link, and so may anything outside of it: those who gave its name have chosen it.
    """
    if not target.is_relative_to(folder):
        return
    path = folder
    for part in target.relative_to(folder).parts:
        path = path / part
        if path.is_symlink():
            raise OSError(errno.ELOOP, _LINK, str(path))


def refuse_any_link(folder: Path) -> None:
    """Raises `OSError` for the first link below a folder, or where the folder is one."""
    if folder.is_symlink():
        raise OSError(errno.ELOOP, _LINK, str(folder))
    for name, folders, files in os.walk(folder):
        for entry in sorted(folders + files):
            refuse_links(Path(name), Path(name, entry))
