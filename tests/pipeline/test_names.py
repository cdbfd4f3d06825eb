"""No two documents have one name, and no name reaches a terminal as anything but letters."""

import itertools
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from batch import go, report, tables

from pipeline.batch.run import Options, run
from pipeline.export import export
from pipeline.ingest import Source, discover, read

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def write(path: Path, number: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report(number), "utf-8")
    return path


def zipped(path: Path, members: dict[str, int]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, number in members.items():
            archive.writestr(name, report(number))
    return path


def sources(out: Path) -> dict[str, str]:
    """Source -> headline."""
    found = tables(out)["documents"]
    assert len({row["doc_id"] for row in found}) == len({row["source"] for row in found}) == len(found)
    return {row["source"]: row["text"].partition("\n")[0] for row in found}


def headline(number: int) -> str:
    return report(number).partition("\n")[0]


@pytest.mark.parametrize("order", [*itertools.permutations(["backup", "2021", "2022"])])
def test_files_of_one_name_in_several_inputs(tmp_path, monkeypatch, order):
    """The longer name that tells the second apart may be the name of a third."""
    monkeypatch.chdir(tmp_path)
    for number, name in enumerate(["2021/r.txt", "2022/r.txt", "backup/2022/r.txt"]):
        write(tmp_path / name, number)
    summary = run(list(order), tmp_path / "out", options=Options())
    assert sources(tmp_path / "out") == {
        "r.txt": headline(0),
        "2022/r.txt": headline(2),
        "2022/r.txt~2": headline(1),
    }
    assert summary.renamed == {"2022/r.txt~2": "2022/r.txt"}
    assert run(list(order), tmp_path / "out", options=Options()).extracted == 0


def test_file_names_that_are_no_unicode(tmp_path):
    for number, name in enumerate([b"b\xe1o.txt", b"b\\xe1o.txt", b"b\x1bo.txt", b"b\\x1bo.txt"]):
        (tmp_path / os.fsdecode(name)).write_text(report(number), "utf-8")
    found = discover([tmp_path])
    assert len({source.name for source in found.sources}) == 4
    assert len(found.renamed) == 2
    assert {source.path for source in found.sources} == set(tmp_path.iterdir())


def test_a_file_that_is_called_like_a_member(tmp_path):
    zipped(tmp_path / "in.zip", {})
    folder = tmp_path / "in"
    write(folder / "z.zip!a.txt", 1)
    write(folder / "tin.txt#2", 2)
    write(folder / "tin.txt", 3)
    write(folder / "Khẩn!.txt", 4)  # nothing is called "Khẩn"
    zipped(folder / "z.zip", {"a.txt": 1})
    summary = go(folder, tmp_path / "out")
    assert sources(tmp_path / "out") == {
        "z.zip!a.txt": headline(1),
        "./z.zip!a.txt": headline(1),
        "./tin.txt#2": headline(2),
        "tin.txt": headline(3),
        "Khẩn!.txt": headline(4),
    }
    assert summary.renamed.keys() == {"./z.zip!a.txt", "./tin.txt#2"}
    pytest.importorskip("duckdb")
    export(tmp_path / "out", "duckdb")


def test_members_that_are_called_like_members_of_members(tmp_path):
    inner = zipped(tmp_path / "b.zip", {"x.txt": 1})
    for number, first in enumerate([True, False]):
        path = tmp_path / f"{number}.zip"
        with zipfile.ZipFile(path, "w") as archive:
            if first:
                archive.writestr("b.zip!x.txt", report(1))
            archive.write(inner, "b.zip")
            if not first:
                archive.writestr("b.zip!x.txt", report(1))
        found = [document.source for document in read(Source(path, "a.zip"))]
        assert len(set(found)) == 2, found


def test_a_member_that_takes_the_name_of_a_file_that_has_gone(tmp_path):
    """Its doc_id is that of rows in the tables, which stay unless pruned."""
    folder = tmp_path / "in"
    write(folder / "z.zip!a.txt", 1)
    go(folder, tmp_path / "out")
    zipped(folder / "z.zip", {"a.txt": 1})
    go(folder, tmp_path / "out")
    assert sources(tmp_path / "out") == {"z.zip!a.txt": headline(1), "./z.zip!a.txt": headline(1)}


@pytest.mark.parametrize("text", ["\x1b[2J\x1b]52;c;cHduZWQ=\x07", "\x9b31m", "a\rb\x08", "\u202etxt.exe"])
def test_names_that_a_terminal_would_obey(tmp_path, text):
    folder = tmp_path / "in"
    write(folder / f"bao{text}cao.txt", 1)
    (folder / f"hong{text}.txt").write_bytes(b"")
    (folder / "head.csv").write_text(f"id,{text}gevil\n1,2\n", "utf-8")
    (folder / "bad.jsonl").write_text(f'{{"text{text}": 1\n', "utf-8")
    zipped(folder / "tin.zip", {f"a{text}.txt": 1, f"../{text}.txt": 2})
    (folder / f"anh{text}.jpg{text}").write_bytes(b"\xff\xd8\xff\xe0")
    command = [sys.executable, "-m", "pipeline.cli", "run", str(folder), f"{folder}/nothing{text}", "--out"]
    done = subprocess.run([*command, str(tmp_path / f"out{text}")], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "hong" in done.stderr
    assert not CONTROL.search(done.stderr)
    for name in ("documents", "rejects"):
        for row in tables(tmp_path / f"out{text}")[name]:
            assert not CONTROL.search("".join(str(row.get(key)) for key in ("source", "error", "message")))
    assert len(tables(tmp_path / f"out{text}")["documents"]) == 1
    missing = subprocess.run(
        [*command[:4], f"none{text}", "--out", str(tmp_path / "o")], capture_output=True, text=True
    )
    assert missing.returncode == 2
    assert not CONTROL.search(missing.stderr)
    explained = subprocess.run([*command[:3], "explain", str(folder)], capture_output=True, text=True)
    assert not CONTROL.search(explained.stdout + explained.stderr)
