"""No text and no file makes the rules or the readers do work that grows faster than its length.

Calls of functions are counted, so that the figures are the same on a busy machine; for what one call of a library may
do, files are also read within seconds of processor time. ``benchmarks/growth.py`` measures the same families.
"""

import importlib.util
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.extraction import extractor

_SPEC = importlib.util.spec_from_file_location("growth", Path(__file__).parents[1] / "benchmarks" / "growth.py")
assert _SPEC
assert _SPEC.loader
growth = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(growth)

CHARACTERS = 12_500
TIMES = 4
MOST = 1.25
"""The largest exponent: above that of ``benchmarks/growth.py``, as short texts do not fill what the rules look into."""

SECONDS = 3.0
"""For a file that is read in half a second; by work that grows with the square it took more than six."""


def calls(work: Callable[[], object]) -> int:
    """How many calls of functions, of Python and of C, the work makes."""
    count = 0

    def note(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.slow
@pytest.mark.parametrize("family", growth.TEXTS)
def test_rules(family):
    extractor().warm_up()
    work = growth._extraction(growth.TEXTS[family][1])
    once, more = (calls(work(times * CHARACTERS)) for times in (1, TIMES))
    assert more < once * TIMES**MOST


@pytest.mark.slow
@pytest.mark.parametrize("family", growth.FILES)
def test_readers(tmp_path, family):
    name, n, make = growth.FILES[family]
    work = growth._reading(tmp_path, name, make)
    work(10)()
    once, more = (calls(work(times * n)) for times in (1, TIMES))
    began = time.process_time()
    work(2 * TIMES * n)()
    assert time.process_time() - began < SECONDS
    assert more < once * TIMES**MOST
