"""A folder that fills: runs follow one another, each when files have changed and stand still again.

Changes are found by looking at names, sizes and times of the files. watchfiles and watchdog were judged: they are told
of changes by the system, which says nothing of those that another machine makes on a network share, where offices keep
their folders; looking works everywhere and needs no package. A look at 10,000 files takes 0.2 seconds; nine tenths of
the time there is none.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.batch.manifest import versions
from pipeline.batch.output import NothingToRead, RunError, Store
from pipeline.batch.run import Options, Summary, run
from pipeline.i18n import _
from pipeline.ingest import remote
from pipeline.ingest.discover import files_in

STILL = 2.0
"""Seconds for which a file must not change before it is read."""

_LOOK = 1.0  # seconds between looks
_REST = 9.0  # times as long as a look
_PAUSE = 30.0  # seconds after a round that failed

Stamp = tuple[int, int]
"""Size in bytes and time of the last change in nanoseconds."""


@dataclass(slots=True)
class Settling:
    """Which files stand still, from looks at them; ``still`` and the times of looks are in seconds.

    >>> files = Settling(2.0)
    >>> files.look(0.0, {Path("a"): (10, 0)})
    >>> files.look(1.0, {Path("a"): (20, 5)})  # it grows
    >>> files.settled(2.0), files.restless(2.0)
    ({}, {PosixPath('a')})
    >>> files.settled(3.0)
    {PosixPath('a'): (20, 5)}
    """

    still: float
    _seen: dict[Path, tuple[Stamp | None, float]] = field(default_factory=dict)

    def look(self, now: float, stamps: Mapping[Path, Stamp]) -> None:
        """Take in what is there now; what is no longer there is a change as well."""
        for path in self._seen.keys() | stamps.keys():
            stamp = stamps.get(path)
            if path not in self._seen or self._seen[path][0] != stamp:
                self._seen[path] = (stamp, now)

    def settled(self, now: float) -> dict[Path, Stamp]:
        """The files that are there and have not changed for so long."""
        return {path: stamp for path, (stamp, since) in self._seen.items() if stamp and now - since >= self.still}

    def restless(self, now: float) -> set[Path]:
        """The files that changed, came or went a moment ago."""
        return {path for path, (_stamp, since) in self._seen.items() if now - since < self.still}


@dataclass(frozen=True, slots=True)
class Round:
    """What a round did: its summary, and how many files are no longer there."""

    summary: Summary
    gone: int


def watch(
    inputs: Sequence[Path | str],
    out: Path,
    options: Options,
    told: Callable[[Round | RunError], None],
    still: float = STILL,
) -> None:
    """Run, and run again whenever files of ``inputs`` changed and stand still, until Ctrl-C; the tables are then whole.

    Files that are being written wait for a later round, and keep the rows that they have until then. ``told`` is called
    after each round, with the error of one that failed, which is tried again.

    Raises :class:`RunError` for an INPUT that is not there, or where the first round fails.
    """
    for given in inputs:
        if remote.is_url(str(given)):
            raise RunError(_("--watch looks at files and folders of this machine, not at {url}", url=given))
        if not Path(given).exists():
            raise RunError(_("{file} is not there: --watch needs a folder that files come into", file=given))
    watched = _Watched(inputs, out, options, Settling(still))
    try:
        while True:
            result = watched.look(time.monotonic())
            if isinstance(result, RunError) and watched.rounds == 0:
                raise result
            if result is not None:
                told(result)
            time.sleep(max(min(_LOOK, still / 2), _REST * watched.seconds))
    except KeyboardInterrupt:
        if out.exists():  # a round had begun
            store = Store(out)
            with store.locked():
                store.recover(versions().name)  # what was built, but not yet in its place


class _Watched:
    """The files that are looked at, and the state in which they were read last."""

    def __init__(self, inputs: Sequence[Path | str], out: Path, options: Options, files: Settling) -> None:
        self._inputs, self._out, self._options, self._files = inputs, out, options, files
        self._read: dict[Path, Stamp] = {}
        self._not_before = self.seconds = 0.0
        self.rounds = 0

    def look(self, now: float) -> Round | RunError | None:
        """Look at the files, and do a round where one is due."""
        began = time.monotonic()
        self._files.look(now, _stamps(self._inputs, self._out))
        self.seconds = time.monotonic() - began
        settled = self._files.settled(now)
        waiting = self._files.restless(now) & self._read.keys()  # read before, and being changed
        wanted = settled | {path: self._read[path] for path in waiting}
        if wanted == self._read or now < self._not_before:
            return None
        # Without what waits, --prune would take its rows away.
        options = replace(self._options, prune=self._options.prune and not waiting)
        gone = len(self._read.keys() - wanted.keys())
        try:
            summary = run(self._inputs, self._out, options=options, only=settled.keys())
        except NothingToRead as error:
            self._read = wanted
            return error if self.rounds else None  # that all reports have gone is told, that none has come is not
        except RunError as error:
            self._not_before = time.monotonic() + _PAUSE  # a round may last longer than the pause
            return error
        self._read = wanted
        self._options = replace(self._options, fresh=False, quiet=True)  # one line a round
        self.rounds += 1
        return Round(summary, gone)


def _stamps(inputs: Sequence[Path | str], out: Path) -> dict[Path, Stamp]:
    """Sizes and times of all files that the INPUTs name or hold; those that vanish meanwhile are not there."""
    found = {}
    for path in files_in(inputs, [out]):
        try:
            status = path.stat()
        except OSError:
            continue
        found[path] = (status.st_size, status.st_mtime_ns)
    return found
