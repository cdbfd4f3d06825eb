"""How the batch's own processes start quickly."""

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import MetaPathFinder


class _NoPandas(MetaPathFinder):
    def find_spec(self, name: str, path: object = None, target: object = None) -> None:  # noqa: ARG002
        if name == "pandas":
            raise ModuleNotFoundError(name)


def light_arrow() -> None:
    """Load pyarrow with little of what it would take.

    Without pandas, which pyarrow else imports when it makes its first array: 0.8 seconds and 60 MB. It looks for pandas
    once, and goes without it until something needs it indeed: ``to_pandas`` still works after this. And, where pyarrow
    was not loaded before, with the system's allocator, which holds half of what its own would.

    Only for processes that are ours: the command and its workers.
    """
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    import pyarrow as pa

    if "pandas" not in sys.modules:
        sys.meta_path.insert(0, finder := _NoPandas())
        try:
            pa.array([""])
        finally:
            sys.meta_path.remove(finder)


@contextmanager
def uncollected() -> Iterator[None]:
    """Make many things that stay, models or mentions, without the garbage collector's rounds: a fifth of the time.

    Joining makes no cycles that it could find, and each round would go through all mentions again.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def settle() -> None:
    """Take what is loaded by now out of the garbage collector's rounds."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def give_back() -> None:
    """Give memory that is no longer used back to the system, where its allocators can (glibc, Arrow's)."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
