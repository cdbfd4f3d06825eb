"""Runs one after the other: what is done again, what stays, what is said."""

import io
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
import zipfile
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from batch import go, report, tables, write_archive, write_inputs

from pipeline import __version__, extraction, ingest
from pipeline.batch import inputs, manifest, shards
from pipeline.batch.engines.processes import Clock, Limits, memory_limit
from pipeline.batch.output import Store
from pipeline.batch.run import Options, RunError, run
from pipeline.batch.table_files import Job, Piece, assemble
from pipeline.ingest import RawDocument, html, records
from pipeline.tables.schema import SCHEMA_VERSION, SCHEMAS
from pipeline.words.segmenter import FastSegmenter

ROOT = Path(__file__).parents[2]
DOCUMENTS, REJECTS = 52, 2
ALWAYS = {"empty.txt": "Empty", "photo.jpg": "UnreadKind"}  # the latter alone would not change the exit status


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_inputs(tmp_path / "in")


def files_of(out: Path) -> dict[str, int]:
    return {str(path.relative_to(out)): path.stat().st_ino for path in out.glob("*/*.parquet")}


def test_a_second_run_does_nothing(folder, tmp_path):
    first = go(folder, tmp_path / "out")
    assert (first.rows["documents"], first.rows["rejects"], first.extracted) == (DOCUMENTS, REJECTS, DOCUMENTS)
    before, files = tables(tmp_path / "out"), files_of(tmp_path / "out")
    second = go(folder, tmp_path / "out")
    assert (second.extracted, second.rows) == (0, first.rows)
    assert second.status == 1
    assert tables(tmp_path / "out") == before
    assert files_of(tmp_path / "out") == files


def test_only_new_and_changed_documents_are_extracted(folder, tmp_path):
    go(folder, tmp_path / "out")
    (folder / "new.txt").write_text(report(77), "utf-8")
    (folder / "r003.txt").write_text(report(78), "utf-8")
    (folder / "empty.txt").write_text(report(79), "utf-8")
    (folder / "r004.txt").touch()
    write_archive(folder, range(101, 143))  # the first record is gone, three are new; the others move up by a line
    summary = go(folder, tmp_path / "out")
    assert (summary.rows["rejects"], summary.unread, summary.status) == (1, 1, 0)
    assert tables(tmp_path / "out") == tables_of_one_run(folder, tmp_path)
    assert summary.extracted == 3 + 42


def test_records_added_to_an_archive(folder, tmp_path):
    go(folder, tmp_path / "out")
    write_archive(folder, range(100, 145))
    summary = go(folder, tmp_path / "out")
    assert (summary.extracted, summary.rows["documents"]) == (5, DOCUMENTS + 5)
    assert tables(tmp_path / "out") == tables_of_one_run(folder, tmp_path)


def tables_of_one_run(folder: Path, tmp_path: Path):
    go(folder, tmp_path / "at-once")
    return tables(tmp_path / "at-once")


def test_vanished_documents_stay_unless_pruned(folder, tmp_path):
    go(folder, tmp_path / "out")
    before = tables(tmp_path / "out")
    (folder / "r000.txt").unlink()
    (folder / "empty.txt").unlink()
    summary = go(folder, tmp_path / "out")
    assert summary.vanished == ["empty.txt", "r000.txt"]
    assert tables(tmp_path / "out") == before
    summary = go(folder, tmp_path / "out", prune=True)
    assert (summary.vanished, summary.rows["rejects"]) == (["empty.txt", "r000.txt"], 1)
    assert tables(tmp_path / "out") == tables_of_one_run(folder, tmp_path)
    assert go(folder, tmp_path / "out").vanished == []


def test_changed_rules_redo_everything_and_say_so(folder, tmp_path, monkeypatch, capsys):
    go(folder, tmp_path / "out")
    before = tables(tmp_path / "out")
    monkeypatch.setattr("pipeline.batch.run.versions", lambda: manifest.Versions("other"))
    summary = go(folder, tmp_path / "out", quiet=False)
    assert summary.extracted == DOCUMENTS
    assert "-> other" in summary.redone
    assert "done anew" in capsys.readouterr().err
    assert tables(tmp_path / "out") == before


def test_fresh_redoes_everything(folder, tmp_path):
    go(folder, tmp_path / "out")
    before = tables(tmp_path / "out")
    assert go(folder, tmp_path / "out", fresh=True).extracted == DOCUMENTS
    assert tables(tmp_path / "out") == before


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("damage", ["zeroed", "flipped", "another"])
def test_damage_that_keeps_the_size(done, tmp_path, name, damage):
    """A disk that lost a block, a byte that turned, a file of another run: never gone on with, never a traceback."""
    folder, out = done[0], tmp_path / "out"
    shutil.copytree(done[1], out)
    path = out / name / "part-00000.parquet"
    data = bytearray(path.read_bytes())
    stamp = path.stat()
    if damage == "zeroed":
        data[:] = bytes(len(data))
    elif damage == "flipped":
        data[len(data) // 3] ^= 4
    else:
        shutil.copy(path, path.with_name("part-00007.parquet"))
    path.write_bytes(data)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    with pytest.raises(RunError, match=f"{name}/part-0000.*(damaged|not of the last run): run with --fresh"):
        go(folder, out)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """Inputs and the tables of a run over them, not to be changed."""
    root = tmp_path_factory.mktemp("done")
    folder = write_inputs(root / "in")
    go(folder, root / "out")
    return folder, root / "out"


@pytest.mark.parametrize(
    "place",
    ["", "lock", "manifest", "shards", "building", "commit", "old", "shards/x", "manifest/state.json", "run.json"],
)
def test_links_in_the_working_folder_are_not_followed(folder, tmp_path, place):
    out, mine = tmp_path / "out", tmp_path / "mine"
    go(folder, out)
    mine.mkdir()
    (mine / "note").write_text("mine", "utf-8")
    link = out / ".trichluc" / place
    shutil.rmtree(link) if link.is_dir() else link.unlink(missing_ok=True)
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(mine / "note" if place in ("lock", "run.json", "manifest/state.json") else mine)
    with pytest.raises(RunError, match=f"{re.escape(str(link))}: it is a link, and links inside"):
        go(folder, out, fresh=True)
    assert [(p.name, p.read_text("utf-8")) for p in mine.iterdir()] == [("note", "mine")]


@pytest.mark.parametrize("place", ["run.json", "documents", "amounts/part-00000.parquet"])
def test_links_among_the_tables_are_not_followed(folder, tmp_path, place):
    out = tmp_path / "out"
    go(folder, out)
    (out / place).rename(tmp_path / "moved")
    (out / place).symlink_to(tmp_path / "moved")
    with pytest.raises(RunError, match=f"{place}: it is a link"):
        go(folder, out)
    assert (tmp_path / "moved").exists()
    (out / place).unlink()
    (tmp_path / "moved").rename(out / place)
    (tmp_path / "elsewhere").symlink_to(out)  # a link to the output folder as a whole was chosen by its owner
    assert go(folder, tmp_path / "elsewhere").extracted == 0


@pytest.mark.parametrize(
    "other",
    [
        {"python": "3.99.0"},
        {"libraries": {**manifest.versions().libraries, "lxml": "none"}},
        {"tools": {"tesseract": "9.9"}},
    ],
)
def test_a_reject_is_tried_again_with_another_reader(folder, tmp_path, monkeypatch, capsys, other):
    with monkeypatch.context() as lacking:
        lacking.setattr("pipeline.batch.run.versions", lambda: replace(manifest.versions(), **other))
        lacking.setattr(html, "read", lambda *_: iter([1 / 0]))
        (folder / "page.html").write_text(f"<html><body><p>{report(5)}</p></body></html>", "utf-8")
        assert go(folder, tmp_path / "out").rows["rejects"] == REJECTS + 1
    summary = go(folder, tmp_path / "out", quiet=False)
    assert (summary.rows["documents"], summary.rows["rejects"]) == (DOCUMENTS + 1, REJECTS)
    name = next(iter(other)) if "python" in other else "lxml none" if "libraries" in other else "tesseract 9.9"
    assert f"everything is done anew: {name}" in capsys.readouterr().err


def test_what_decides_rows_is_among_the_versions():
    about = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    named = {re.split(r"[^\w.-]", entry)[0] for entry in about}
    assert manifest.versions().libraries.keys() >= {"lxml", "pypdfium2", "pyarrow", "underthesea", "ftfy"}
    assert manifest.versions().libraries.keys() <= named
    assert manifest.versions().python == platform.python_version()


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (".trichluc/manifest/state.json", "missing or damaged: run with --fresh"),
        (".trichluc/manifest/units.parquet", "missing or damaged: run with --fresh"),
        ("amounts/part-00000.parquet", "amounts/part-00000.parquet is missing or damaged: run with --fresh"),
        ("amounts", "amounts is missing: run with --fresh"),
    ],
)
def test_broken_tables_are_not_gone_on_with(folder, tmp_path, broken, said):
    """Rows that nobody would miss at once must not get lost."""
    go(folder, tmp_path / "out")
    before = tables(tmp_path / "out")
    path = tmp_path / "out" / broken
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.write_text("{", "utf-8")
    with pytest.raises(RunError, match=said):
        go(folder / "r001.txt", tmp_path / "out")
    assert go(folder, tmp_path / "out", fresh=True).extracted == DOCUMENTS
    assert tables(tmp_path / "out") == before


@pytest.mark.parametrize("name", ["state.json", "units.parquet"])
def test_a_manifest_of_other_content_is_not_gone_on_with(done, tmp_path, name):
    """One that can be read, but is not what the run wrote."""
    out = tmp_path / "out"
    shutil.copytree(done[1], out)
    path = out / ".trichluc" / "manifest" / name
    if name == "state.json":
        path.write_text(path.read_text("utf-8").replace('"partitioned": false', '"partitioned": true'), "utf-8")
    else:
        pq.write_table(pq.read_table(path).slice(1), path)
    with pytest.raises(RunError, match="missing or damaged: run with --fresh"):
        go(done[0], out)


def test_what_lies_in_the_way_stays(folder, tmp_path):
    out = tmp_path / "mine"
    (out / "documents").mkdir(parents=True)
    (out / "documents" / "a.txt").write_text(report(1), "utf-8")
    for given in (folder, out / "documents"):
        with pytest.raises(RunError, match=r"a\.txt is in the way"):
            go(given, out)
    (out / "documents" / "a.txt").rename(out / "projects")
    with pytest.raises(RunError, match="projects is in the way"):
        go(folder, out, fresh=True)
    assert (out / "projects").read_text("utf-8") == report(1)


def test_tables_are_no_reports(folder, tmp_path):
    before = go(folder, folder / "tables").rows
    assert go(folder, tmp_path / "out").rows == before
    (folder / "tables" / "r900.txt").write_text(report(88), "utf-8")  # but this is one
    assert go(folder, tmp_path / "out").extracted == 1
    with pytest.raises(RunError, match="is the folder of the tables"):
        go(tmp_path / "out", tmp_path / "out")


def test_an_input_that_cannot_be_read_for_now(folder, tmp_path):
    """A link to nowhere stands for a disk or share that is away: its rows stay, and it is tried again."""
    go(folder, tmp_path / "out")
    before = tables(tmp_path / "out")
    for name in ("r003.txt", "archive.jsonl"):
        (folder / name).rename(tmp_path / name)
        (folder / name).symlink_to(tmp_path / "away")
    summary = go(folder, tmp_path / "out", prune=True)
    assert (summary.rows["documents"], summary.rows["rejects"]) == (DOCUMENTS, REJECTS + 2)
    for name in ("r003.txt", "archive.jsonl"):
        (folder / name).unlink()
        (tmp_path / name).rename(folder / name)
    go(folder, tmp_path / "out")
    assert tables(tmp_path / "out") == before


def test_an_input_that_is_not_there(folder, tmp_path):
    """It is no reason to prune, and its reject does not stay."""
    go(folder, tmp_path / "out")
    before = tables(tmp_path / "out")
    options = Options(prune=True)
    summary = run([folder / "r001.txt", tmp_path / "none"], tmp_path / "out", options=options)
    assert not summary.pruned
    assert (summary.rows["documents"], summary.rows["rejects"]) == (DOCUMENTS, REJECTS + 1)
    go(folder, tmp_path / "out")
    assert tables(tmp_path / "out") == before
    with pytest.raises(RunError, match="an INPUT is empty"):
        run([""], tmp_path / "out")


def test_an_archive_whose_reading_breaks_off_once(folder, tmp_path, monkeypatch):
    """What was not reached need not have gone, and the archive is read again."""
    go(folder, tmp_path / "out")
    write_archive(folder, range(100, 150))
    opened = ingest.open_file

    class Breaking(io.FileIO):
        def readinto(self, buffer):
            if self.tell() > 20_000:
                raise OSError(5, "Input/output error")
            return super().readinto(memoryview(buffer)[:4096])

    def replaced(path):
        return io.BufferedReader(Breaking(path)) if path.name == "archive.jsonl" else opened(path)

    monkeypatch.setattr(ingest, "open_file", replaced)
    summary = go(folder, tmp_path / "out")
    assert summary.rows["documents"] == DOCUMENTS
    assert summary.rows["rejects"] == REJECTS + 1
    monkeypatch.undo()
    assert go(folder, tmp_path / "out").extracted == 10
    assert tables(tmp_path / "out") == tables_of_one_run(folder, tmp_path)


def test_a_shard_is_written_as_it_is_extracted(folder, tmp_path, monkeypatch):
    items = [shards.Item(f"r{n:03}.txt", "", path=folder / f"r{n:03}.txt") for n in range(9)]
    counts = shards.extract(items, tmp_path / "one", id)
    monkeypatch.setattr("pipeline.batch.shards.GROUP_DOCUMENTS", 2)
    assert shards.extract(items, tmp_path / "pieces", id) == counts
    one, pieces = shards.Shard(tmp_path / "one"), shards.Shard(tmp_path / "pieces")
    assert [len(list(shard.pieces("documents"))) for shard in (one, pieces)] == [1, 5]
    assert all(one.read(name).equals(pieces.read(name)) for name in counts)


def test_what_a_lost_builder_left_is_no_harm(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.batch.table_files.SORTED_AT_ONCE", 1000)
    shard = tmp_path / "shard"
    shards.extract([shards.Item(f"r{n:03}.txt", "", path=folder / f"r{n:03}.txt") for n in range(9)], shard, id)
    target = tmp_path / "part-00000.parquet"
    left = target.with_suffix(".split")
    left.mkdir()
    (left / "0").write_bytes(b"half")
    assemble(Job("sentences", [Piece(shard)], target))
    ids = pq.read_table(target)["doc_id"].to_pylist()
    assert ids == sorted(ids)
    assert len(set(ids)) == 9
    assert not left.exists()


def test_a_damaged_shard_is_done_again(folder, tmp_path):
    expected = tables_of_one_run(folder, tmp_path)
    target = tmp_path / "out" / ".trichluc" / "shards" / manifest.versions().name / "run-000000"
    shards.extract([shards.Item("r001.txt", "digest", path=folder / "r001.txt")], target, lambda _: None)
    data = bytearray(target.read_bytes())
    data[len(data) // 2] ^= 1
    target.write_bytes(data)
    go(folder, tmp_path / "out")
    assert tables(tmp_path / "out") == expected


def test_rows_of_an_older_version_that_cannot_be_made_anew_are_named(folder, tmp_path, monkeypatch):
    go(folder, tmp_path / "out")
    monkeypatch.setattr("pipeline.batch.run.versions", lambda: manifest.Versions("other"))
    summary = go(folder / "r001.txt", tmp_path / "out")
    assert "archive.jsonl" in summary.vanished
    assert summary.pruned


def test_duplicates_are_marked_as_in_one_run(folder, tmp_path):
    go(folder, tmp_path / "out", file_bytes=1)  # every unit is a part of its own, and stays one
    (folder / "a-copy.txt").write_text(report(5), "utf-8")  # comes before r005.txt, which becomes the duplicate
    go(folder, tmp_path / "out", file_bytes=1)
    found = tables(tmp_path / "out")
    marked = {d["source"]: d["duplicate_of"] for d in found["documents"] if d["duplicate_of"]}
    ids = {d["source"]: d["doc_id"] for d in found["documents"]}
    assert marked == {"r005.txt": ids["a-copy.txt"]}
    assert found == tables_of_one_run(folder, tmp_path)


def test_small_parts_are_joined(folder, tmp_path):
    for number in range(4):
        (folder / f"n{number}.txt").write_text(report(60 + number), "utf-8")
        go(folder, tmp_path / "out")
    assert [len(list((tmp_path / "out" / name).iterdir())) for name in SCHEMAS] == [1] * len(SCHEMAS)


def test_files(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.batch.table_files.SORTED_AT_ONCE", 4096)  # so that sorting by ranges is used
    go(folder, tmp_path / "out")
    for name in SCHEMAS:
        (path,) = (tmp_path / "out" / name).iterdir()
        with pq.ParquetFile(path) as file:
            about = file.schema_arrow.metadata
            assert (about[b"trichluc"], about[b"schema"]) == (__version__.encode(), SCHEMA_VERSION.encode())
            key = {"rejects": "source", "undertakings": "current_province_code"}.get(name, "doc_id")
            rows = file.read()[key].to_pylist()
            assert rows == sorted(rows)
            if not rows:
                continue
            column = file.metadata.row_group(0).column(file.schema_arrow.get_field_index(key))
            assert column.compression == "ZSTD"
            assert column.statistics.min == rows[0]
            if name == "sentences":
                assert file.num_row_groups > 1
    small = go(folder, tmp_path / "small", file_bytes=1)
    assert small.rows["documents"] == DOCUMENTS
    assert tables(tmp_path / "small") == tables(tmp_path / "out")


def test_partitions(folder, tmp_path):
    go(folder, tmp_path / "out")
    rows = tables(tmp_path / "out")
    assert go(folder, tmp_path / "out", partition=True).extracted == 0
    found = tables(tmp_path / "out")
    assert found == rows
    documents = ds.dataset(tmp_path / "out" / "documents", partitioning="hive").to_table().to_pylist()
    assert {d["in_province"] for d in documents} > {"unknown"}
    assert all(str(d["in_province"] or "unknown") == (d["province_code"] or "unknown") for d in documents)
    assert len(pd.read_parquet(tmp_path / "out" / "projects")) == len(rows["projects"])
    (folder / "r003.txt").write_text(report(78), "utf-8")
    assert go(folder, tmp_path / "out", partition=True).extracted == 1
    assert tables(tmp_path / "out") == tables_of_one_run(folder, tmp_path)


def test_run_json(folder, tmp_path):
    go(folder, tmp_path / "out", workers=2)
    told = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert told["rows"]["documents"] == told["extracted"] == DOCUMENTS
    assert told["status"] == 1
    assert (told["workers"], told["skipped_kinds"], told["vanished"]) == (2, {".jpg": 1}, [])
    assert told["documents_per_second"] > 0
    assert told["versions"]["rules"] == manifest.versions().rules


def test_two_runs_at_once(folder, tmp_path):
    store = Store(tmp_path / "out")
    with store.locked(), pytest.raises(RunError, match=f"another run \\(process {os.getpid()}\\)"):
        go(folder, tmp_path / "out")
    assert go(folder, tmp_path / "out").rows["documents"] == DOCUMENTS


@pytest.mark.skipif(sys.platform == "win32", reason="no forks there")
def test_a_run_that_is_over_lets_go_of_the_folder(tmp_path):
    """Although a process that it had begun to start, when Ctrl-C came, has a copy of the handle."""
    store = Store(tmp_path / "out")
    with store.locked():
        started = get_context("fork").Process(target=time.sleep, args=(600,))
        started.start()
    try:
        with store.locked():
            assert started.is_alive()
    finally:
        started.kill()
        started.join()


def test_a_folder_that_cannot_be_written(folder, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(RunError, match="name a folder"):
        go(folder, tmp_path / "file")
    with pytest.raises(RunError, match="choose another"):
        go(folder, tmp_path / "file" / "below")


def extract_badly(monkeypatch: pytest.MonkeyPatch, bad: str, act) -> None:
    """Have the workers do something bad when they come to the document of this source."""
    rows = extraction._rows

    def replaced(ready, spoken):
        if isinstance(ready, extraction.Prepared) and ready.raw.source == bad:
            act()
        return rows(ready, spoken)

    monkeypatch.setattr(extraction, "_rows", replaced)


def work() -> None:
    """A minute of work."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        pass


def fill() -> None:
    """A gigabyte and a half of memory."""
    held = []
    for _ in range(30):
        held.append(bytearray(50 << 20))
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform != "linux", reason="the workers are forked on Linux only, and so see the patch")
class TestBadDocuments:
    @pytest.mark.parametrize("bad", ["r005.txt", "archive.jsonl!00000007"])
    def test_one_that_never_ends(self, folder, tmp_path, monkeypatch, bad):
        extract_badly(monkeypatch, bad, work)
        summary = go(folder, tmp_path / "out", time_limit=1.0)
        assert summary.rows["documents"] == DOCUMENTS - 1
        assert self.rejects(tmp_path / "out") == {**ALWAYS, bad: "Timeout"}

    def test_one_that_waits_for_ever(self, folder, tmp_path, monkeypatch):
        extract_badly(monkeypatch, "r005.txt", lambda: time.sleep(60))
        assert go(folder, tmp_path / "out", time_limit=0.3).rows["documents"] == DOCUMENTS - 1
        assert self.rejects(tmp_path / "out") == {**ALWAYS, "r005.txt": "Timeout"}

    def test_one_that_waits_for_its_neighbours(self, folder, tmp_path, monkeypatch):
        """Whether a document takes too long does not depend on how busy the machine is."""
        extract_badly(monkeypatch, "r005.txt", lambda: time.sleep(2))
        assert go(folder, tmp_path / "out", time_limit=0.5).rows["documents"] == DOCUMENTS

    @pytest.mark.parametrize("bad", ["r005.txt", "archive.jsonl!00000007"])
    def test_one_that_fills_the_memory(self, folder, tmp_path, monkeypatch, bad):
        extract_badly(monkeypatch, bad, fill)
        summary = go(folder, tmp_path / "out", memory_limit=1 << 30)
        assert summary.rows["documents"] == DOCUMENTS - 1
        assert self.rejects(tmp_path / "out") == {**ALWAYS, bad: "MemoryLimit"}
        monkeypatch.undo()
        assert go(folder, tmp_path / "out").extracted == 1

    @pytest.mark.parametrize(
        ("act", "error"), [(work, "Timeout"), (fill, "MemoryLimit"), (lambda: os._exit(9), "ReaderLost")]
    )
    def test_an_archive_that_ends_its_reader(self, folder, tmp_path, monkeypatch, act, error):
        """What it gave before is kept, what comes behind it is read."""
        document = records.document

        def replaced(name, *arguments, **more):
            if name == "archive.jsonl!00000030":
                act()
            return document(name, *arguments, **more)

        write_inputs(tmp_path / "in" / "more", files=1, records=500)
        monkeypatch.setattr(records, "document", replaced)
        monkeypatch.setattr(inputs, "UNIT_ITEMS", 20)
        summary = go(folder, tmp_path / "out", workers=2, time_limit=1.0, memory_limit=1 << 30)
        assert summary.rows["documents"] == DOCUMENTS - 11 + 501
        found = {**ALWAYS, **{f"more/{name}": known for name, known in ALWAYS.items()}, "archive.jsonl": error}
        assert self.rejects(tmp_path / "out") == found
        monkeypatch.undo()
        assert go(folder, tmp_path / "out").extracted == 11
        assert tables(tmp_path / "out") == tables_of_one_run(folder, tmp_path)

    @pytest.mark.parametrize("bad", ["r005.txt", "archive.jsonl!00000007"])
    def test_one_that_ends_the_process(self, folder, tmp_path, monkeypatch, bad):
        extract_badly(monkeypatch, bad, lambda: os._exit(9))
        summary = go(folder, tmp_path / "out", workers=2)
        assert summary.rows["documents"] == DOCUMENTS - 1
        assert self.rejects(tmp_path / "out") == {**ALWAYS, bad: "WorkerLost"}

    @pytest.mark.parametrize(
        ("act", "error"), [(work, "Timeout"), (fill, "MemoryLimit"), (lambda: os._exit(9), "WorkerLost")]
    )
    def test_one_in_an_archive_whose_reader_is_bad(self, tmp_path, monkeypatch, act, error):
        """The members of an archive are taken apart by the workers, not by the run's own process."""
        with zipfile.ZipFile(tmp_path / "tin.zip", "w") as archive:
            for number in range(4):
                archive.writestr(f"{number}.html", f"<html><body><p>{report(number)}</p></body></html>")
        read = html.read

        def replaced(blob, options):
            if blob.name == "tin.zip!2.html":
                act()
            return read(blob, options)

        monkeypatch.setattr(html, "read", replaced)
        summary = go(tmp_path / "tin.zip", tmp_path / "out", time_limit=2.0, memory_limit=1 << 30)
        assert summary.rows["documents"] == 3
        assert self.rejects(tmp_path / "out") == {"tin.zip!2.html": error}
        monkeypatch.undo()
        summary = go(tmp_path / "tin.zip", tmp_path / "out")  # it may have been the machine's fault
        assert (summary.extracted, summary.rows["documents"], summary.rows["rejects"]) == (1, 4, 0)
        assert go(tmp_path / "tin.zip", tmp_path / "out").extracted == 0

    def test_one_whose_words_never_end(self, folder, tmp_path, monkeypatch):
        """The words of all documents of a unit are found together, so it is not known at first whose they are."""
        words_many = FastSegmenter.words_many

        def replaced(self, texts):
            if any("đề án số 15" in text for text in texts):
                work()
            return words_many(self, texts)

        monkeypatch.setattr(FastSegmenter, "words_many", replaced)
        summary = go(folder, tmp_path / "out", time_limit=1.0, workers=2)
        assert summary.rows["documents"] == DOCUMENTS - 1
        assert self.rejects(tmp_path / "out") == {**ALWAYS, "r005.txt": "Timeout"}

    def test_one_whose_words_cannot_be_found(self, folder, tmp_path, monkeypatch):
        words_many = FastSegmenter.words_many

        def replaced(self, texts):
            if any("đề án số 15" in text for text in texts):
                raise ValueError("no words")
            return words_many(self, texts)

        monkeypatch.setattr(FastSegmenter, "words_many", replaced)
        go(folder, tmp_path / "out")
        assert self.rejects(tmp_path / "out") == {**ALWAYS, "r005.txt": "ValueError"}

    def test_one_that_raises(self, folder, tmp_path, monkeypatch):
        monkeypatch.setattr("pipeline.extraction.find", lambda *_: 1 / 0)
        summary = go(folder, tmp_path / "out")
        assert (summary.rows["documents"], summary.rows["rejects"]) == (0, DOCUMENTS + REJECTS)

    def test_a_lost_worker_costs_nothing(self, folder, tmp_path, monkeypatch):
        once = tmp_path / "once"

        def die_once() -> None:
            if not once.exists():
                once.touch()
                os.kill(os.getpid(), signal.SIGKILL)

        expected = tables_of_one_run(folder, tmp_path)
        extract_badly(monkeypatch, "r005.txt", die_once)
        go(folder, tmp_path / "out", workers=2)
        assert once.exists()
        assert tables(tmp_path / "out") == expected

    def rejects(self, out: Path) -> dict[str, str]:
        return {row["source"]: row["error"] for row in tables(out)["rejects"]}


def test_rows_that_the_schema_cannot_hold_are_one_reject(tmp_path, monkeypatch):
    rows = extraction._rows

    def replaced(ready, spoken):
        found = rows(ready, spoken)
        if ready.raw.source == "r005.txt":
            found["documents"]["n_tokens"][0] = 1 << 40
        return found

    monkeypatch.setattr(extraction, "_rows", replaced)
    items = [
        shards.Item("f", "d", document=RawDocument(f"r{number:03}.txt", report(number), "utf-8")) for number in range(9)
    ]
    counts = shards.extract(items, tmp_path / "shard", lambda _: None)
    assert (counts["documents"], counts["rejects"], counts["units"]) == (8, 1, 9)
    units = shards.Shard(tmp_path / "shard").read("units").to_pylist()
    assert [unit["source"] for unit in units if unit["doc_id"] is None] == ["r005.txt"]


def test_ctrl_c(folder, tmp_path):
    write_inputs(folder, records=1200)
    command = [sys.executable, "-m", "pipeline.cli", "run", str(folder), "--out", str(tmp_path / "out")]

    def listen() -> None:  # a test run in the background ignores Ctrl-C, and its children would
        signal.signal(signal.SIGINT, signal.default_int_handler)

    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=listen) as process:
        shards_folder = tmp_path / "out" / ".trichluc" / "shards"
        while not [path for path in shards_folder.glob("*/*") if not path.suffix]:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "run again to go on" in said
    assert "Traceback" not in said
    summary = go(folder, tmp_path / "out")
    assert summary.resumed > 0
    assert summary.rows["documents"] == 1212


def test_a_run_that_was_suspended():
    """Time in which the run itself stood still makes no document too slow."""
    clock = Clock(get_context())
    clock.start(3)
    time.sleep(0.2)
    assert (clock.item, round(clock.seconds(), 1)) == (3, 0.2)
    clock.forgive(0.2)
    assert round(clock.seconds(), 1) == 0.0


def test_the_memory_of_a_process_by_the_machine(monkeypatch):
    for total, workers, limit in ((64 << 30, 2, 2048), (4 << 30, 2, 1024), (4 << 30, 8, 512), (1 << 30, 1, 512)):
        monkeypatch.setattr("psutil.virtual_memory", lambda total=total: SimpleNamespace(total=total))
        monkeypatch.setattr("pipeline.batch.engines.processes._CGROUP", ())
        assert memory_limit(workers) == limit << 20
    assert Limits().memory == 2 << 30


def test_help_is_quick():
    """Lazy imports: the help needs none of the heavy packages."""
    code = "import sys, pipeline.cli; print(sorted({'numpy', 'pyarrow', 'pandas', 'spacy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_batch_needs_no_heavy_packages(folder, tmp_path):
    """It takes the short way: importing spaCy, pandas or underthesea as a whole would cost a second each."""
    code = f"""
import sys
from pipeline.cli import app
try:
    app(["run", {str(folder)!r}, "--out", {str(tmp_path / "out")!r}, "--quiet"])
except SystemExit as end:
    print(end.code, sorted({{"pandas", "spacy", "underthesea", "torch"}} & set(sys.modules)))
import pandas, pyarrow
assert len(pyarrow.table({{"a": [1, 2]}}).to_pandas()) == len(pyarrow.array(pandas.Series([1, 2]))) == 2
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1 []"
