"""The command: statuses, messages, tables."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.dataset as ds
import pytest

import pipeline
from pipeline.tables.schema import SCHEMAS

REPORT = "Hòa Bình nghiệm thu đề án\nTỉnh Hòa Bình nghiệm thu 2 đề án với tổng kinh phí 1,27 tỷ đồng.\nHồng Duyên\n"


def trichluc(*args: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline.cli", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(REPORT, "utf-8")
    return tmp_path / "in"


def tables(out: Path) -> dict[str, list[dict[str, object]]]:
    return {name: ds.dataset(out / name, format="parquet").to_table().to_pylist() for name in SCHEMAS}


def test_a_folder_becomes_tables(folder, tmp_path):
    (folder / "a.json").write_text("{}", "utf-8")
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    done = trichluc("run", folder, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "1 document:" in done.stderr
    assert "2 files" in done.stderr
    rows = tables(tmp_path / "out")
    assert [(d["source"], d["byline"]) for d in rows["documents"]] == [("a.txt", "Hồng Duyên")]
    assert [a["value_vnd"] for a in rows["amounts"]] == [1_270_000_000]


def test_every_reader_reads_every_table_even_empty(folder, tmp_path):
    (folder / "a.txt").write_text("Tin ngắn\nHôm nay trời đẹp.\n", "utf-8")
    out = tmp_path / "out"
    assert trichluc("run", folder, "--out", out).returncode == 0
    for name, schema in SCHEMAS.items():
        assert ds.dataset(out / name, format="parquet").schema.equals(schema)
        assert list(pd.read_parquet(out / name).columns) == schema.names
        found = duckdb.sql(f"select * from read_parquet('{out / name}/*.parquet')")
        assert found.columns == schema.names
    assert len(pd.read_parquet(out / "amounts")) == 0


def test_square_brackets_in_a_report_are_no_markup(tmp_path):
    (tmp_path / "in").mkdir()
    text = 'Tin ngắn\nDự án "Xây dựng [/b] nhà văn hóa [red]" có tổng vốn 3 tỷ đồng.\n'
    (tmp_path / "in" / "a.txt").write_text(text, "utf-8")
    done = trichluc("run", tmp_path / "in", "--out", tmp_path / "out [1][" / "x]")
    assert done.returncode == 0, done.stderr
    assert (
        "1 document: 1 sum, 1 undertaking (1 mention), 0 mentions of beneficiaries, 0 mentions of places" in done.stderr
    )
    assert "out [1][" in done.stderr
    assert "[/b]" in done.stderr


@pytest.mark.parametrize(
    "make", [lambda p: p.write_bytes(b""), lambda p: p.write_bytes(bytes(4096))], ids=["empty", "zeros"]
)
def test_a_file_without_text_is_a_reject(folder, tmp_path, make):
    make(folder / "b.txt")
    done = trichluc("run", folder, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "b.txt" in done.stderr
    assert "Traceback" not in done.stderr
    rows = tables(tmp_path / "out")
    assert [r["source"] for r in rows["rejects"]] == ["b.txt"]
    assert len(rows["documents"]) == 1


def test_version():
    done = trichluc("--version")
    assert (done.returncode, done.stdout) == (0, f"trichluc {pipeline.__version__}\n")


def test_nothing_to_do(tmp_path):
    (tmp_path / "in").mkdir()
    for args in (
        ["run", tmp_path / "in", "--out", tmp_path / "out"],
        ["run", tmp_path / "missing", "--out", tmp_path / "out"],
        ["run", "--out", tmp_path / "out"],
        ["run", tmp_path / "in"],
        ["run", tmp_path / "in", "--out", tmp_path / "out", "--workers", "0"],
    ):
        done = trichluc(*args)
        assert done.returncode == 2, args
        assert done.stderr.strip()
        assert "Traceback" not in done.stderr


def test_output_that_is_a_file(folder, tmp_path):
    (tmp_path / "out").write_text("mine", "utf-8")
    done = trichluc("run", folder, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert (tmp_path / "out").read_text("utf-8") == "mine"


def test_workers_do_not_change_the_rows(tmp_path, corpus_texts):
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in corpus_texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    for workers in (1, 2):
        assert trichluc("run", folder, "--out", tmp_path / str(workers), "--workers", workers).returncode == 0
    assert tables(tmp_path / "1") == tables(tmp_path / "2")


def test_a_second_run_says_what_it_did(folder, tmp_path):
    (folder / "b.txt").write_text(REPORT.replace("2 đề án", "3 đề án"), "utf-8")
    assert trichluc("run", folder, "--out", tmp_path / "out").returncode == 0
    (folder / "b.txt").unlink()
    done = trichluc("run", folder, "--out", tmp_path / "out")
    assert "new or changed: 0 documents; unchanged, rejected ones among them: 1" in done.stderr
    assert "no longer in the input: 1 document (their rows stay, --prune removes them): b.txt" in done.stderr
    assert len(tables(tmp_path / "out")["documents"]) == 2
    done = trichluc("run", folder, "--out", tmp_path / "out", "--prune")
    assert "(their rows were removed): b.txt" in done.stderr
    assert len(tables(tmp_path / "out")["documents"]) == 1
