"""Files that hold other files: gzip, zstd, zip, tar."""

import gzip
import io
from collections.abc import Iterator
from typing import IO, cast

from .sniff import inner_name
from .types import Blob, Budget, Found, Options


class Metered(io.RawIOBase):
    """A stream that charges what is read to the budget of the file on disk."""

    def __init__(self, stream: IO[bytes], budget: Budget) -> None:
        self._stream, self._budget = stream, budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        self._budget.take_bytes(len(data))
        buffer[: len(data)] = data
        return len(data)


def metered(stream: IO[bytes], budget: Budget) -> IO[bytes]:
    """A buffered reader over a stream of unpacked bytes that counts against the budget."""
    return cast(IO[bytes], io.BufferedReader(Metered(stream, budget), 1 << 16))


def read_gzip(blob: Blob, _options: Options) -> Iterator[Found]:
    """What the gzip file holds, under the name of the file itself."""
    with gzip.GzipFile(fileobj=blob.stream) as stream:
        unpacked = metered(cast(IO[bytes], stream), blob.budget)
        yield Blob(blob.name, unpacked, blob.budget, blob.depth + 1, inner=inner_name(blob.inner))
