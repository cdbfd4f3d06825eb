"""Shared fixtures: the pipeline, the project's corpus, and the optional folder beside the checkout."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import pipeline
from pipeline import i18n

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"
SHARED = ROOT.parent / "shared"

# `make test` tries the same examples on every run; `make fuzz` tries new ones, and what it finds is pinned by @example.
settings.register_profile("test", derandomize=True, deadline=None, max_examples=200, database=None)
settings.register_profile("fuzz", derandomize=False, deadline=None, max_examples=3000, print_blob=True)
settings.load_profile("fuzz" if "FUZZ_SECONDS" in os.environ else "test")

i18n.use("en")  # whatever the machine speaks

SLOW = frozenset({
    "test_bulletins", "test_cli", "test_crash", "test_damaged", "test_docs", "test_encodings", "test_evaluate",
    "test_explain", "test_export", "test_floors", "test_gather", "test_ingest", "test_ingest_facts",
    "test_ingest_fuzz", "test_messages", "test_names", "test_notebooks", "test_ocr", "test_pages", "test_patterns",
    "test_place_gazetteer", "test_questions", "test_ray", "test_refusals", "test_remote", "test_review",
    "test_run", "test_sheets", "test_table_readers", "test_train", "test_view", "test_watch", "test_wheel",
    "test_words",
})  # fmt: skip
"""Modules that start browsers, kernels, servers or whole runs, or try thousands of inputs: not in `make check`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, and what `make fuzz` runs: property tests, and the fuzzer of readers and rules."""
    for item in items:
        module = item.path.stem
        if module in SLOW:
            item.add_marker(pytest.mark.slow)
        if module == "test_ingest_fuzz" or getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.fuzz)


@pytest.fixture(scope="session")
def nlp():
    return pipeline.load()


@pytest.fixture(scope="session")
def corpus_texts() -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in sorted(CORPUS.glob("*.txt")) if path.stem != "README"}


@pytest.fixture
def hang_guard(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that does not come to an end: endless or quadratic code, not slow machines, reach a minute, or the
    HANG_SECONDS of its module."""
    seconds = getattr(request.module, "HANG_SECONDS", 60)

    def fail(*_: object) -> None:
        raise TimeoutError(f"no end within {seconds} seconds")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(seconds)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real reports and gold facts; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not there: this test reads the real reports in it")
    return SHARED


@pytest.fixture
def vietnamese() -> Iterator[None]:
    """Vietnamese is spoken during a test."""
    i18n.use("vi")
    yield
    i18n.use("en")
