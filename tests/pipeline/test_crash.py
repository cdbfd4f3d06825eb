"""Runs that are killed, or find no room: the next run gives exactly the tables of an undisturbed one."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import pytest
import test_gather as told_by_several
from batch import go, report, tables, write_archive, write_inputs

from pipeline.batch.run import RunError
from pipeline.extraction import extractor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks the test's process, to start runs quickly")
KILLS = 30


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Inputs, and the output of a run over an earlier state of them, so that a killed run has something to spoil."""
    root = tmp_path_factory.mktemp("crash")
    folder = write_inputs(root / "in", records=60)
    told_by_several.write(folder, ["2-nghiem-thu", "5-thon"])
    extractor()
    go(folder, root / "out")
    (folder / "r000.txt").unlink()
    (folder / "r001.txt").write_text(report(70), "utf-8")
    (folder / "new.txt").write_text(report(71), "utf-8")
    write_archive(folder, range(120, 240))
    told_by_several.write(folder, ["1-duyet", "6-thon"])  # an undertaking gets the id of an earlier report
    go(folder, root / "expected", prune=True)
    return root


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch):
    """Not to wait for the disk: it keeps what a killed process wrote in any case."""
    monkeypatch.setattr("pipeline.batch.output._sync", lambda _path: None)


def start(folder: Path, out: Path, points: int | None = None):
    """A run in a process of its own; it kills itself before the change to the disk of the number `points`."""
    process = get_context("fork").Process(target=_run, args=(folder, out, points))
    process.start()
    return process


def _run(folder: Path, out: Path, points: int | None) -> None:
    os.setsid()
    if points is not None:
        _die_before(points)
    go(folder, out, workers=2, prune=True)


def _die_before(number: int) -> None:
    left, run = number, os.getpid()

    def counted(function):
        def replaced(*args, **kwargs):
            nonlocal left
            left -= os.getpid() == run
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*args, **kwargs)

        return replaced

    Path.rename, Path.replace, Path.mkdir = map(counted, (Path.rename, Path.replace, Path.mkdir))
    os.link, os.unlink, os.rmdir = map(counted, (os.link, os.unlink, os.rmdir))
    shutil.rmtree = counted(shutil.rmtree)


def whole(out: Path, *states) -> bool:
    """Whether the tables can be read and are those of one state, or of two while they take each other's places."""
    try:
        found = tables(out)
    except FileNotFoundError:
        return True  # between the two renames of one folder
    return all(any(rows == state[name] for state in states) for name, rows in found.items())


def test_killed_at_random_moments(before, tmp_path):
    old, expected = tables(before / "out"), tables(before / "expected")
    shutil.copytree(before / "out", tmp_path / "timed")
    began = time.monotonic()
    start(before / "in", tmp_path / "timed").join()
    duration = time.monotonic() - began
    assert tables(tmp_path / "timed") == expected
    moments, kills, rounds = random.Random(8), 0, 0
    while kills < KILLS:
        out = tmp_path / f"out{rounds}"
        rounds += 1
        shutil.copytree(before / "out", out)
        for _ in range(5):
            process = start(before / "in", out)
            process.join(moments.uniform(0, duration))
            if process.is_alive():
                os.kill(process.pid, signal.SIGKILL)
                kills += 1
            process.join()
            assert whole(out, old, expected)
        go(before / "in", out, prune=True)
        assert tables(out) == expected
        assert sorted(path.name for path in (out / ".trichluc").iterdir()) == ["lock", "manifest", "mentions", "near"]


def test_killed_before_each_change_to_the_disk(before, tmp_path):
    old, expected = tables(before / "out"), tables(before / "expected")
    number = survived = 0
    while not survived:
        out = tmp_path / f"out{number}"
        shutil.copytree(before / "out", out)
        process = start(before / "in", out, points=number)
        process.join()
        survived = process.exitcode == 0
        assert survived or process.exitcode == -signal.SIGKILL
        assert whole(out, old, expected)
        go(before / "in", out, prune=True)
        assert tables(out) == expected
        shutil.rmtree(out)
        number += 4
    assert number > 40


@pytest.fixture(scope="module")
def every_kind(archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with every kind of file that is read, loose, in folders and in an archive."""
    root = tmp_path_factory.mktemp("kinds")
    folder = write_inputs(root / "in", files=6, records=40)
    archive.write(folder / "2021", archive.files())
    archive.write(folder / "2022", archive.files())
    shutil.make_archive(str(folder / "packed"), "gztar", folder / "2021")
    shutil.make_archive(str(folder / "packed"), "zip", folder / "2022")
    extractor()
    go(folder, root / "out")
    for path in sorted((folder / "2021").iterdir())[::3]:
        path.unlink()
    for number, path in enumerate(sorted((folder / "2022").iterdir())[::3]):
        path.rename(folder / f"moved{number}{''.join(path.suffixes)}")
    write_archive(folder, range(110, 190))
    (folder / "packed.zip").unlink()
    shutil.make_archive(str(folder / "packed"), "zip", folder / "2022")
    began = time.monotonic()
    go(folder, root / "expected", prune=True, workers=2)
    (root / "seconds").write_text(f"{time.monotonic() - began}", "utf-8")
    return root


@pytest.mark.crash
@pytest.mark.parametrize("number", range(66))
def test_rounds_of_kills_over_every_kind_of_file(every_kind, tmp_path, number):
    """The run, one of its processes, or all of them; then the rows of an undisturbed run, and nothing left beside."""
    old, expected = tables(every_kind / "out"), tables(every_kind / "expected")
    moments, seconds = random.Random(number), float((every_kind / "seconds").read_text("utf-8"))
    shutil.copytree(every_kind / "out", tmp_path / "out")
    for _ in range(4):
        process = start(every_kind / "in", tmp_path / "out")
        process.join(moments.uniform(0, 1.2 * seconds))
        victim = moments.choice(["run", "process", "group"])
        children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout.split()
        with suppress(ProcessLookupError):
            if victim == "process" and children:
                os.kill(int(moments.choice(children)), signal.SIGKILL)
                process.join(moments.uniform(0, seconds))
            if process.is_alive():
                os.killpg(process.pid, signal.SIGKILL) if victim == "group" else os.kill(process.pid, signal.SIGKILL)
        process.join()
        assert whole(tmp_path / "out", old, expected)
    go(every_kind / "in", tmp_path / "out", prune=True, workers=2)
    assert tables(tmp_path / "out") == expected
    outs = (tmp_path / "out", every_kind / "expected")
    left = [sorted(path.name for path in (out / ".trichluc").iterdir()) for out in outs]
    assert left[0] == left[1]


def test_workers_end_with_the_run(before, tmp_path):
    process = start(before / "in", tmp_path / "out")
    children: list[str] = []
    while not children and process.is_alive():
        children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout.split()
    assert children
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    time.sleep(0.2)
    assert not [child for child in children if alive(child)]


def alive(process: str) -> bool:
    """Whether a process exists, and not as a zombie only that nobody has asked for its end."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 250 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=250k", "tmpfs", str(folder)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a file system cannot be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_fills_up(before, small_disk):
    refusals = []
    for size in range(250, 3000, 50):
        _grow(small_disk, f"{size}k")
        try:
            summary = go(before / "in", small_disk / "out", prune=True)
            break
        except RunError as error:
            refusals.append(str(error))
    assert len(refusals) >= 2
    assert all(re.search(r"No space left.*run again", refusal) for refusal in refusals)
    assert summary.resumed > 0
    assert tables(small_disk / "out") == tables(before / "expected")


def _grow(folder: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(folder)], check=True)
