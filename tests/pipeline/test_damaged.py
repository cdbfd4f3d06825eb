"""Damaged and hostile files: exactly the expected rejects, within limits, and nothing else happens."""

import os
import re
import threading
import time
from dataclasses import replace

import pytest

from pipeline.ingest import Options, RawDocument, Reject, Source, discover, read

STAGES = {"discover", "open", "decode", "parse", "normalise", "extract"}


@pytest.fixture(scope="module")
def damaged(archive, tmp_path_factory):
    folder = tmp_path_factory.mktemp("damaged")
    archive.write(folder, {name: make for name, (make, _) in archive.damaged().items()})
    return folder


def test_exactly_the_expected_rejects(archive, damaged):
    wrong = {}
    for name, (_, want) in archive.damaged().items():
        found = read(Source(damaged / name, name))
        rejects = [item for item in found if isinstance(item, Reject)]
        if tuple((r.source, r.stage, r.error) for r in rejects) != want:
            wrong[name] = rejects
        assert all(r.stage in STAGES and len(r.message) > 10 and "\n" not in r.message for r in rejects), name
    assert wrong == {}


def test_nothing_is_written_outside(damaged):
    before = sorted(damaged.parent.rglob("*"))
    for name in ("outside.zip", "outside.tar"):
        list(read(Source(damaged / name, name)))
    assert sorted(damaged.parent.rglob("*")) == before


def test_what_comes_before_the_damage_is_kept(damaged):
    found = list(read(Source(damaged / "cut.jsonl.gz", "cut.jsonl.gz")))
    assert sum(isinstance(item, RawDocument) for item in found) > 10
    assert isinstance(found[-1], Reject)


def test_a_bomb_costs_little_memory(damaged):
    import tracemalloc

    for name in ("bomb.txt.gz", "bomb.zip"):
        tracemalloc.start()
        list(read(Source(damaged / name, name)))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 200 << 20, name


@pytest.mark.parametrize("command", ["fifo", "folder", "vanished", "locked"])
def test_files_that_cannot_be_opened(tmp_path, command):
    path = tmp_path / "a.txt"
    if command == "fifo":
        os.mkfifo(path)
    elif command == "folder":
        path.mkdir()
    elif command == "locked":
        path.write_text("Tin", "utf-8")
        path.chmod(0)
        if os.access(path, os.R_OK):
            pytest.skip("this user may read everything, so no file is locked for it")
    (reject,) = read(Source(path, "a.txt"))
    assert reject.stage == "open"
    assert reject.error in {"NotAFile", "FileNotFoundError", "PermissionError"}


def test_a_fifo_and_a_link_loop_in_a_folder(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Tin", "utf-8")
    (tmp_path / "in" / "back").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing.txt")
    os.mkfifo(tmp_path / "pipe")
    found = discover([tmp_path])
    assert [(r.source, r.error) for r in found.rejects] == [("in/back", "SymlinkLoop"), ("pipe", "UnreadKind")]
    assert [s.name for s in found.sources] == ["gone.txt", "in/a.txt", "self.txt"]
    assert found.skipped == ("pipe",)
    results = [item for source in found.sources for item in read(source)]
    assert [type(item) for item in results] == [Reject, RawDocument, Reject]


def test_a_file_that_vanishes_between_discovery_and_reading(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Tin", "utf-8")
    (source,) = discover([tmp_path]).sources
    path.unlink()
    (reject,) = read(source)
    assert (reject.stage, reject.error) == ("open", "FileNotFoundError")


def test_one_line_longer_than_the_limit(tmp_path):
    options = replace(Options(), max_document_bytes=1 << 20, max_record_bytes=1 << 16)
    long = b'{"text": "' + b"a" * (1 << 20) + b'"}\n'
    (tmp_path / "a.txt").write_bytes(b"tin " * (1 << 20))
    (tmp_path / "a.jsonl").write_bytes(long + b'{"text": "Tin"}\n')
    (reject,) = read(Source(tmp_path / "a.txt", "a.txt"), options)
    assert reject.error == "SizeLimit"
    first, second = read(Source(tmp_path / "a.jsonl", "a.jsonl"), options)
    assert isinstance(first, Reject)
    assert first.error == "RecordLimit"
    assert isinstance(second, RawDocument)


def test_a_text_longer_than_the_limit(tmp_path):
    (tmp_path / "a.txt").write_text("tin " * 1000, "utf-8")
    (reject,) = read(Source(tmp_path / "a.txt", "a.txt"), replace(Options(), max_text_chars=100))
    assert reject.error == "TextLimit"


def test_too_many_members(archive, tmp_path):
    made = archive.zipped({f"{i}.txt": b"Tin" for i in range(20)})
    (tmp_path / "a.zip").write_bytes(made)
    found = list(read(Source(tmp_path / "a.zip", "a.zip"), replace(Options(), max_members=10)))
    assert [item.error for item in found if isinstance(item, Reject)] == ["MemberLimit"]


def test_the_time_limit(archive, tmp_path, monkeypatch):
    import pipeline.ingest.text

    def work(_data):
        end = time.monotonic() + 20
        while time.monotonic() < end:
            pass

    monkeypatch.setattr(pipeline.ingest.text, "decode", work)
    (tmp_path / "a.txt").write_bytes(archive.TEXT.encode())
    (reject,) = read(Source(tmp_path / "a.txt", "a.txt"), replace(Options(), max_seconds=0.2))
    assert reject.error == "TimeLimit"


def test_reading_in_a_thread_works_without_a_time_limit(archive, tmp_path):
    (tmp_path / "a.txt").write_bytes(archive.TEXT.encode())
    found = []
    thread = threading.Thread(target=lambda: found.extend(read(Source(tmp_path / "a.txt", "a.txt"))))
    thread.start()
    thread.join()
    assert [type(item) for item in found] == [RawDocument]


HOSTILE = {
    "brackets": b"<" * 200_000,
    "comments": b"<html><!--" * 20_000,
    "declarations": b"<?xml" * 40_000 + b"<html",
    "deep tags": b"<html>" + b"<div>" * 20_000 + b"Tin",
    "fonts": b"<html><style>" + b".a{font-family:.VnTime " * 5_000 + b"</style><p class=a>Tin",
    "headers": b"MIME-Version: 1.0\n" + b"Received: a\n" * 20_000,
    "rtf groups": b"{\\rtf" + b"{" * 20_000 + b"}" * 20_001,
    "rtf words": b"{\\rtf1 " + b"\\a" * 50_000 + b"}",
    "json": b'{"text": ' + b"[" * 100_000 + b"\n",
    "quotes": b"text\n" + b'"' * 200_001,
    "field marks": b"\x13" * 100_000,
}


@pytest.mark.usefixtures("hang_guard")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_content_comes_to_an_end(tmp_path, name):
    """Whatever the content looks like, reading it ends."""
    for extension in ("txt", "html", "csv", "jsonl", "rtf", "eml"):
        path = tmp_path / f"a.{extension}"
        path.write_bytes(HOSTILE[name])
        list(read(Source(path, path.name), replace(Options(), max_seconds=5)))


def test_messages_name_no_place_of_this_machine(archive, damaged):
    for name in archive.damaged():
        for item in read(Source(damaged / name, name)):
            if isinstance(item, Reject):
                assert not re.search(r"/tmp|/usr|site-packages|0x[0-9a-f]{6}", item.message), item


@pytest.mark.parametrize(("length", "rows"), [(8_000_000, 200), (30, 2_000_000)])
def test_a_value_that_stands_in_many_rows(tmp_path, length, rows):
    """Parquet writes it once: what comes out is counted, a few rows at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    text = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array(["đ" * length]))
    pq.write_table(pa.table({"text": text}).cast(pa.schema([("text", pa.string())])) if length < 99 else
                   pa.table({"text": text}), tmp_path / "a.parquet", compression="zstd")  # fmt: skip
    assert (tmp_path / "a.parquet").stat().st_size < 20_000
    found = 0
    for item in read(Source(tmp_path / "a.parquet", "a.parquet")):
        found += 1
        last = item
    assert last.error == "ExpansionLimit"
    assert found < 40_000
    assert pa.default_memory_pool().max_memory() < 1 << 30


def test_units_of_many_short_documents(archive, tmp_path):
    from pipeline.batch.inputs import UNIT_ITEMS, Known
    from pipeline.batch.inputs import read as portions
    from pipeline.batch.manifest import Manifest, versions

    (tmp_path / "a.zip").write_bytes(archive.zipped({f"{number}.txt": b"a" for number in range(1000)}))
    known = Known(Manifest(versions()).units)
    found = [len(p.items) for p in portions([Source(tmp_path / "a.zip", "a.zip")], known)]
    assert (max(found), sum(found)) == (UNIT_ITEMS, 1000)
