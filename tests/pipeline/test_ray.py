"""The Ray engine, with a Ray of two processors on this machine: ``make test-ray``."""

import os
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest
from batch import go, tables, write_inputs

pytest.importorskip("ray", reason="Ray is not installed (pip install trichluc[ray]); make test-ray has it")


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("ray")
    write_inputs(root / "in", records=1500)
    go(root / "in", root / "local")
    return root


def test_the_same_rows(expected, tmp_path):
    summary = go(expected / "in", tmp_path / "out", engine="ray", workers=2)
    assert summary.extracted == 1512
    assert tables(tmp_path / "out") == tables(expected / "local")
    assert go(expected / "in", tmp_path / "out", engine="ray", workers=2).extracted == 0


def test_a_killed_worker_changes_nothing(expected, tmp_path):
    killed: list[int] = []

    def kill() -> None:
        while not list((tmp_path / "out").glob(".trichluc/shards/*/*")):
            time.sleep(0.01)
        found = subprocess.run(["pgrep", "-f", "ray::_Extractor"], capture_output=True, text=True).stdout.split()
        killed.append(int(found[0]))
        os.kill(killed[0], signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    go(expected / "in", tmp_path / "out", engine="ray", workers=2)
    thread.join()
    assert killed
    assert tables(tmp_path / "out") == tables(expected / "local")
