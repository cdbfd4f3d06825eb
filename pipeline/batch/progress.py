"""How far a run is: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Mapping
from typing import TextIO

from pipeline.i18n import _, counted, whole

_EVERY = 10.0  # seconds between lines
_BAR_EVERY = 0.2
_WIDTH = 24


class Progress:
    """Counts documents and tells of them on standard error.

    How much there is to do is known in bytes of input, so the time left is the bytes' share.
    """

    def __init__(self, total_bytes: int, quiet: bool = False, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._quiet = quiet
        self._total = max(total_bytes, 1)
        self.bytes_read = 0
        self.documents = self.rejects = 0
        self._began = self._told = time.monotonic()

    def add(self, counts: Mapping[str, int]) -> None:
        """Count the rows of a shard."""
        self.documents += counts.get("documents", 0)
        self.rejects += counts.get("rejects", 0)
        now = time.monotonic()
        if not self._quiet and now - self._told >= (_BAR_EVERY if self._terminal else _EVERY):
            self._told = now
            self._tell(self.line(now - self._began))

    def line(self, seconds: float) -> str:
        """The state after that many seconds, as text."""
        share = min(self.bytes_read / self._total, 1.0)
        left = ", " + _("{time} left", time=_time(seconds * (1 - share) / share)) if 0 < share < 1 else ""
        rate = whole(round(self.documents / seconds)) if seconds else "0"
        rejects = ", " + _("{n} not read", n=whole(self.rejects)) if self.rejects else ""
        bar = f"[{'█' * round(share * _WIDTH):<{_WIDTH}}] " if self._terminal else ""
        documents = counted("{n} document", "{n} documents", self.documents)
        return f"{bar}{share:.0%}: {documents}, {rate}/s{left}{rejects}"

    def say(self, message: str) -> None:
        """A line of its own."""
        if not self._quiet:
            self.clear()
            print(message, file=self._stream, flush=True)

    def clear(self) -> None:
        """Take the bar away."""
        if self._terminal and not self._quiet:
            print("\r\x1b[K", end="", file=self._stream, flush=True)

    def _tell(self, line: str) -> None:
        if self._terminal:
            print(f"\r\x1b[K{line}", end="", file=self._stream, flush=True)
        else:
            print(line, file=self._stream, flush=True)


def _time(seconds: float) -> str:
    """A duration to read.

    >>> _time(75), _time(3 * 3600 + 60)
    ('1:15', '3:01:00')
    """
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
