"""Shared fixtures: the pipeline, the project's corpus, and the optional folder beside the checkout."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"
SHARED = ROOT.parent / "shared"


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
