"""The output folder: who may write to it, and how new tables take the place of old ones.

Beside the table folders lies ``.trichluc`` with all that a reader of tables need not see::

    lock        held while a run works
    manifest/   what the tables hold: see pipeline.batch.manifest
    mentions/   what joining undertakings needs to know of each row of projects: see pipeline.gather
    near/       pairs of rows that stayed apart but nearly were one undertaking
    shards/     (a folder a version of the rules) rows that wait to be put into the tables: see pipeline.batch.shards
    building/   new table folders and manifest, not yet complete
    commit/     the same when complete: they only have to be moved to their places
    old/        what they replaced

Renaming ``building`` to ``commit`` is the moment at which a run's result becomes the result. A run that finds
``commit`` moves on with it; one that finds ``building`` throws it away. Both can be interrupted and done again at any
point.
"""

import errno
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from pipeline.batch.manifest import Part, file_digest
from pipeline.batch.table_files import GATHERED, STORED, table_folder
from pipeline.i18n import _, reason
from pipeline.tables.schema import SCHEMAS
from pipeline.writing import partials, refuse_any_link, refuse_links

SUMMARY = "run.json"


_TABLE_FILE, _PARTITION = re.compile(r"part-(\d{5,})\.parquet"), re.compile(r"in_(?:year|province)=\w+")
_LOCKED = 1 << 20  # place of the byte that is locked on Windows, where nobody could read it
_PATIENCE = 5.0  # seconds to wait for the lock of a run that is dead already


class RunError(Exception):
    """Nothing could be done; the message says what to do. Exit status 2."""


class NothingToRead(RunError):
    """The INPUTs hold no document."""


class Store:
    """An output folder, made where it is missing. Raises `RunError` where it cannot be."""

    def __init__(self, out: Path) -> None:
        if out.exists() and not out.is_dir():
            raise RunError(_("{out} is a file: name a folder for --out", out=out))
        self.out = out
        self.work = out / ".trichluc"
        self.shards = self.work / "shards"
        self.building = self.work / "building"
        self.manifest = self.work / "manifest"
        try:
            refuse_links(out, self.work)
            self.work.mkdir(parents=True, exist_ok=True)
            refuse_links(out, out / SUMMARY)
            for folder in (self.work, *(out / name for name in SCHEMAS)):
                refuse_any_link(folder)
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise RunError(_("cannot write to {file}: {why}", file=error.filename, why=reason(error))) from error
            raise RunError(_elsewhere(out, error)) from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for one run. Raises `RunError` where another run holds it.

        The system lets go of the lock when the process ends, however it ends.
        """
        try:
            flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
            handle = os.open(self.work / "lock", flags, 0o644)
        except OSError as error:
            raise RunError(_elsewhere(self.out, error)) from error
        patience = time.monotonic() + _PATIENCE
        try:
            while not _lock(handle):
                os.lseek(handle, 0, os.SEEK_SET)
                holder = os.read(handle, 100).decode(errors="replace").strip() or "unknown"
                if not _is_alive(holder) and time.monotonic() < patience:
                    time.sleep(0.02)  # killed a moment ago: its workers, which end with it, still have the lock
                    continue
                raise RunError(
                    _(
                        "another run (process {holder}) is writing to {out}: "
                        "wait for its end, or choose another --out folder",
                        holder=holder,
                        out=self.out,
                    )
                )
            try:
                os.ftruncate(handle, 0)
                os.write(handle, f"{os.getpid()}\n".encode())
            except OSError:
                pass  # a full disk: the number is only there for the message
            yield
        finally:
            _unlock(handle)

    def recover(self, versions: str) -> None:
        """Finish what a killed run had begun to move, and drop what it had not completed.

        Shards stay where they are of the same `versions`.
        """
        if (self.work / "commit").is_dir():
            self._move()
        shutil.rmtree(self.building, ignore_errors=True)
        self.shards = self.work / "shards" / versions
        for folder in (self.work / "shards").glob("*"):
            if folder != self.shards:
                shutil.rmtree(folder)
        for partial in partials(self.shards):
            partial.unlink()

    def check_tables(self) -> None:
        """Raises `RunError` where the place of a table is taken by something that no run has put there."""
        for name in SCHEMAS:
            folder = self.out / name
            foreign = folder if not folder.is_dir() and os.path.lexists(folder) else None
            for path in folder.rglob("*") if folder.is_dir() else ():
                if not (_TABLE_FILE.fullmatch(path.name) or (path.is_dir() and _PARTITION.fullmatch(path.name))):
                    foreign = path
            if foreign is not None:
                raise RunError(
                    _(
                        "{foreign} is in the way: the run would replace {folder} by a table; move it, or choose "
                        "another --out folder",
                        foreign=foreign,
                        folder=folder,
                    )
                )

    def check(self, parts: Sequence[Part] | None, gathered: Mapping[str, str]) -> None:
        """Raises `RunError` where the tables are not, byte for byte, those of the manifest's parts; None for no
        manifest. ``gathered`` are the digests of files that belong to no part."""
        if parts is None:
            if any((self.out / name).is_dir() for name in SCHEMAS):
                raise RunError(
                    _(
                        "{file}, which tells what the tables hold, is missing or damaged: "
                        "run with --fresh to make everything anew",
                        file=self.manifest,
                    )
                )
            return
        for name in SCHEMAS:
            if not (self.out / name).is_dir():
                raise RunError(_("{file} is missing: run with --fresh to make everything anew", file=self.out / name))
        expected = {file: digest for part in parts for file, digest in part.digests.items()} | dict(gathered)
        there = {path.relative_to(self.out).as_posix() for path in _table_files(self.out)}
        for file in sorted(expected.keys() | there):
            if file not in expected:
                raise RunError(
                    _("{file} is not of the last run: run with --fresh to make everything anew", file=self.out / file)
                )
            if file not in there or not _is(self.out / file, expected[file]):
                raise RunError(
                    _("{file} is missing or damaged: run with --fresh to make everything anew", file=self.out / file)
                )

    def forget_shards(self) -> None:
        shutil.rmtree(self.work / "shards", ignore_errors=True)

    def start_building(self) -> None:
        """An empty ``building`` with a folder for each table and the manifest."""
        shutil.rmtree(self.building, ignore_errors=True)
        for name in (*STORED, *GATHERED, "manifest"):
            (self.building / name).mkdir(parents=True)

    def commit(self) -> None:
        """Put what was built in place of what was there, and forget the shards."""
        for folder, _folders, files in os.walk(self.building, topdown=False):
            for name in files:
                _sync(Path(folder) / name)
            _sync(Path(folder))
        self.building.rename(self.work / "commit")
        _sync(self.work)
        self._move()

    def _move(self) -> None:
        commit, old = self.work / "commit", self.work / "old"
        tables = [(name, table_folder(self.out, name)) for name in (*STORED, *GATHERED)]
        for name, target in [*tables, ("manifest", self.manifest)]:
            if (commit / name).is_dir():
                if target.exists():
                    shutil.rmtree(old / name, ignore_errors=True)
                    old.mkdir(exist_ok=True)
                    target.rename(old / name)
                (commit / name).rename(target)
        _sync(self.out)
        shutil.rmtree(self.work / "shards", ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
        shutil.rmtree(commit)

    def write_summary(self, summary: dict[str, object]) -> None:
        """Write ``run.json``."""
        partial = self.work / SUMMARY
        partial.write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", "utf-8")
        partial.replace(self.out / SUMMARY)


def _elsewhere(out: Path, error: OSError) -> str:
    return _("cannot write to {out}: {why}; choose another --out folder", out=out, why=reason(error))


def _table_files(out: Path) -> Iterator[Path]:
    return (path for name in (*STORED, *GATHERED) for path in table_folder(out, name).rglob("*.parquet"))


def _is(path: Path, digest: str) -> bool:
    """Whether a file can be read and has the content of this digest."""
    try:
        return file_digest(path) == digest
    except OSError:
        return False


def link(source: Path, target: Path) -> None:
    """Make `target` the same file as `source`: a hard link, or a copy where the file system has none."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _sync(path: Path) -> None:
    """Have the system write a file or a folder's entries to the disk."""
    windows = sys.platform == "win32"  # where a folder cannot be opened, nor a file synced that is only read
    if windows and path.is_dir():
        return
    handle = os.open(path, os.O_RDWR if windows else os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_alive(process: str) -> bool:
    """Whether a process of this number exists; True where the number is not known."""
    return not process.isdigit() or psutil.pid_exists(int(process))  # os.kill(_, 0) is Ctrl-C on Windows


def _unlock(handle: int) -> None:
    """Let go of the lock, also where a process that Ctrl-C met at its start still has a copy of the handle."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_UN)
    os.close(handle)


def _lock(handle: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, _LOCKED, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, 0, os.SEEK_SET)
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
