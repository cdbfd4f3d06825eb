"""The script that makes the test archive, for the tests of what reads it."""

import importlib.util
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def archive():
    """``scripts/make_test_archive.py`` as a module."""
    path = Path(__file__).parents[2] / "scripts" / "make_test_archive.py"
    spec = importlib.util.spec_from_file_location("make_test_archive", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
