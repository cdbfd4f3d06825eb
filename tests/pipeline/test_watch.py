"""A folder that fills: rounds, files that are being written, removal, and the end by Ctrl-C."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from pipeline.batch.output import NothingToRead
from pipeline.batch.run import Options
from pipeline.batch.run import run as run_once
from pipeline.batch.summary import of_round
from pipeline.batch.watch import Settling, _stamps, _Watched
from pipeline.tables.schema import SCHEMAS

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds; a machine that is busy takes its time


def report(number: int) -> str:
    return f"Tin số {number}\nTỉnh Hòa Bình hỗ trợ đề án thứ {number} số tiền {number} triệu đồng.\n"


class Watcher:
    """``trichluc run --watch`` in a process of its own."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder, self.out = folder, folder.parent / "out"
        self.log = folder.parent / "log"
        command = [sys.executable, "-m", "pipeline.cli", "run", str(folder), "--out", str(self.out), "--watch"]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*command, "--still", "0.4", *words],
                stderr=log,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                start_new_session=True,
            )

    def sources(self) -> set[str]:
        """The documents in the tables, which a reader finds whole at every moment but that of the replacement."""
        try:
            table = ds.dataset(self.out / "documents", format="parquet").to_table(["source"])
        except (OSError, ValueError):
            return set()
        return set(table["source"].to_pylist())

    def until(self, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not holds():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.1)

    def watches(self) -> bool:
        return "watching" in self.log.read_text()

    def rounds(self) -> list[str]:
        return [line for line in self.log.read_text().splitlines() if re.match(r"\d\d:\d\d:\d\d ", line)]

    def end(self) -> int:
        """Ctrl-C, which a terminal sends to the whole group."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE)


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Callable[..., Watcher]]:
    started: list[Watcher] = []

    def start(*words: str) -> Watcher:
        (tmp_path / "in").mkdir(exist_ok=True)
        started.append(Watcher(tmp_path / "in", *words))
        return started[-1]

    yield start
    for watcher in started:
        if watcher.process.poll() is None:
            watcher.process.kill()
            watcher.process.wait()


def same_tables(out: Path, folder: Path) -> None:
    """The tables are those of one run over what is there, and nothing waits to be put in its place."""
    other = folder.parent / "again"
    run_once([folder], other)
    for name in SCHEMAS:
        one, two = (ds.dataset(path / name, format="parquet").to_table().to_pylist() for path in (out, other))
        key = next(iter(SCHEMAS[name].names))
        assert sorted(one, key=lambda row: str(row[key])) == sorted(two, key=lambda row: str(row[key])), name
    assert not (out / ".trichluc" / "commit").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of a terminal")
def test_a_folder_that_fills(watching):
    watcher = watching("--prune")
    folder = watcher.folder
    time.sleep(1.0)
    assert watcher.process.poll() is None  # there is nothing to read yet
    (folder / "a.txt").write_text(report(1), "utf-8")
    watcher.until(lambda: watcher.sources() == {"a.txt"})

    # A file that grows waits, and the others do not wait for it.
    (folder / "b.txt").write_text(report(2), "utf-8")
    grown = 0
    with (folder / "c.txt").open("w", encoding="utf-8") as growing:
        while "b.txt" not in watcher.sources():
            growing.write(report(3))
            growing.flush()
            grown += 1
            assert grown * 0.1 < PATIENCE, watcher.log.read_text()
            time.sleep(0.1)
        assert watcher.sources() == {"a.txt", "b.txt"}
    watcher.until(lambda: watcher.sources() == {"a.txt", "b.txt", "c.txt"})

    (folder / "a.txt").unlink()
    watcher.until(lambda: watcher.sources() == {"b.txt", "c.txt"})
    watcher.until(lambda: len(watcher.rounds()) == 4)
    assert "new or changed: 1 document; 1 document, " in watcher.rounds()[0]
    assert "no longer there: 1 file; 2 documents, " in watcher.rounds()[3]
    assert watcher.end() == 0
    assert "Traceback" not in watcher.log.read_text()
    same_tables(watcher.out, folder)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of a terminal")
def test_ctrl_c_at_any_moment_leaves_whole_tables(watching):
    """Of a run at work, too: what it has built is put in its place, or not at all."""
    for moment in range(4):
        watcher = watching()
        for number in range(40):
            (watcher.folder / f"{moment}-{number}.txt").write_text(report(100 * moment + number), "utf-8")
        watcher.until(watcher.watches)
        time.sleep(0.7 * moment)
        assert watcher.end() == 0, watcher.log.read_text()
        assert "Traceback" not in watcher.log.read_text()
    run_once([watcher.folder], watcher.out)  # refuses tables that are not whole
    same_tables(watcher.out, watcher.folder)


def test_what_cannot_be_watched_is_refused(tmp_path):
    for given, told in (("s3://bucket/in", "of this machine"), (str(tmp_path / "nothing"), "is not there")):
        command = [sys.executable, "-m", "pipeline.cli", "run", given, "--out", str(tmp_path / "out"), "--watch"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert done.returncode == 2
        assert told in done.stderr


def test_nothing_is_made_before_a_report_comes(watching):
    watcher = watching()
    watcher.until(watcher.watches)
    time.sleep(1.0)
    assert watcher.end() == 0
    assert not watcher.out.exists()


def test_a_file_that_is_written_anew_keeps_its_rows_until_it_stands_still(tmp_path):
    """With --prune as well: what waits is not gone."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"{number}.txt").write_text(report(number), "utf-8")
    watched = _Watched([folder], out, Options(prune=True), Settling(2.0))
    assert watched.look(0.0) is None
    assert watched.look(2.0).summary.rows["documents"] == 2
    assert watched.look(3.0) is None
    (folder / "1.txt").write_text("Tin số 1\nTỉnh Hòa", "utf-8")
    (folder / "3.txt").write_text(report(3), "utf-8")
    assert watched.look(4.0) is None
    (folder / "1.txt").write_text("Tin số 1\nTỉnh Hòa Bình hỗ trợ", "utf-8")
    assert watched.look(5.0) is None
    result = watched.look(6.0)  # the third stands still, the first does not
    assert (result.summary.extracted, result.summary.rows["documents"], result.gone) == (1, 3, 0)
    (folder / "1.txt").unlink()  # as those do that replace a file
    assert watched.look(6.5) is None
    (folder / "1.txt").write_text(report(4), "utf-8")
    assert watched.look(7.0) is None
    result = watched.look(9.0)
    assert (result.summary.extracted, result.summary.rows["documents"], result.gone) == (1, 3, 0)
    (folder / "2.txt").unlink()
    assert watched.look(10.0) is None
    result = watched.look(12.0)
    assert (result.summary.extracted, result.summary.rows["documents"], result.gone) == (0, 2, 1)
    assert "--prune" not in of_round(result.summary, result.gone, prune=True)
    assert "their rows stay, --prune removes them" in of_round(result.summary, result.gone)
    assert set(_stamps([folder], out)) == {folder / "1.txt", folder / "3.txt"}


def test_tables_inside_the_folder_are_no_files_that_come(tmp_path):
    (tmp_path / "a.txt").write_text(report(1), "utf-8")
    watched = _Watched([tmp_path], tmp_path / "out", Options(), Settling(1.0))
    watched.look(0.0)
    assert watched.look(1.0).summary.rows["documents"] == 1
    assert [watched.look(now) for now in (2.0, 3.0, 4.0)] == [None] * 3


def test_that_all_reports_have_gone_is_told_and_none_is_lost(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    watched = _Watched([folder], tmp_path / "out", Options(prune=True), Settling(1.0))
    assert watched.look(0.0) is None  # none has come yet, which needs no word
    (folder / "a.txt").write_text(report(1), "utf-8")
    watched.look(1.0)
    assert watched.look(2.0).summary.rows["documents"] == 1
    (folder / "a.txt").unlink()
    watched.look(3.0)
    assert isinstance(watched.look(4.0), NothingToRead)
    assert watched.look(5.0) is None
