"""The process that reads the inputs.

It takes archives and files of records apart, so it is watched like a worker: a file at which it takes too much, or
ends, gets a reject in place of what is still unread of it, and a new process goes on behind.
"""

import pickle
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait

from pipeline.batch.engines.processes import LOOK, Clock, Limits, Process
from pipeline.batch.inputs import Known, Portion, Start, needs_reader, read
from pipeline.batch.output import RunError
from pipeline.batch.process import light_arrow
from pipeline.i18n import _
from pipeline.ingest import Reject, Source

_LOSSES = 2  # of the process at a file
_ATTEMPTS = 3  # at a file, and at starting at all


class Reading:
    """The portions of what the files hold, one after the other.

    Files of one document each are only compared here, so where there are no others no process is started.
    """

    def __init__(
        self, files: Sequence[Source | Reject], known: Known, fork: bool, others: Callable[[], Sequence[Process]]
    ) -> None:
        """`others` gives processes whose pipes a new one must not hold."""
        self._files, self._known, self._fork, self._others = files, known, fork, others
        self._start = Start()
        self._attempts: Counter[int] = Counter()
        self._losses: Counter[int] = Counter()
        self._pending: deque[Portion] = deque()
        self.more = True
        self.process: Process | None = None
        self._portions: Iterator[Portion] | None = None
        if any(needs_reader(file) for file in files):
            self._begin()
        else:
            self._portions = read(files, known)

    def take(self) -> Portion | None:
        """The next portion; None where there is none, or none yet."""
        if self._portions is not None:
            first = next(self._portions, None)
            self.more = first is not None
            return first
        assert self.process is not None
        try:
            if not self.process.pipe.poll():
                return None
            portion: Portion | None = pickle.loads(self.process.pipe.recv_bytes())
        except (EOFError, OSError):
            self._lost()
            return None
        if portion is None:
            self.close()
        else:
            self._start = self._start.after(portion)
            del self._losses[-1], self._attempts[-1]  # it did start
        return portion

    def look(self, limits: Limits) -> None:
        """Give up what takes more than it may."""
        if self.process and (excess := self.process.excess(limits)):
            self._give_up(*excess)

    def close(self) -> None:
        """End the process, if there is one; nothing more comes."""
        self.more = False
        if self.process:
            self.process.end()
        self.process = None

    def _lost(self) -> None:
        """The process ended: what it had not told of is read again, but for a file at which that was twice so."""
        assert self.process is not None
        number = self.process.clock.item
        self._losses[number] += 1
        if self._losses[number] < _LOSSES:
            self.process.end()
            self._begin()
        else:
            self._give_up("ReaderLost", "reading it ended the process, twice")

    def _give_up(self, error: str, message: str) -> None:
        """End the process, and go on with a reject in place of what it had not told of the file at work."""
        assert self.process is not None
        number, document = self.process.clock.item, self.process.clock.document
        self.process.end()
        self._attempts[number] += 1
        if number < 0:
            if self._attempts[number] == _ATTEMPTS:
                raise RunError(_("the process that reads the files does not start: is there enough memory?"))
        else:
            file = self._files[number]
            name = file.name if isinstance(file, Source) else file.source
            reject = Reject(name, "open", error, message, passing=True)
            self._start = self._start.without(number, document, reject, self._attempts[number] == _ATTEMPTS)
        self._begin()

    def _begin(self) -> None:
        self.process = Process(_read_all, (self._files, self._known, self._start), self._others(), self._fork)


def portions(files: Sequence[Source | Reject], known: Known, limits: Limits) -> Iterator[Portion]:
    """All portions of what the files hold, read under these limits."""
    reading = Reading(files, known, False, list)
    try:
        while reading.more:
            portion = reading.take()
            if portion is not None:
                yield portion
            elif reading.process:
                wait([reading.process.pipe], LOOK)
                reading.look(limits)
    finally:
        reading.close()


def _read_all(pipe: Connection, clock: Clock, files: Sequence[Source | Reject], known: Known, start: Start) -> None:
    light_arrow()
    for portion in read(files, known, start, clock.start):
        clock.stop()  # to wait for the pipe costs no file its time
        pipe.send_bytes(pickle.dumps(portion, pickle.HIGHEST_PROTOCOL))
    clock.stop()
    pipe.send_bytes(pickle.dumps(None))
