"""INPUTs that are URLs. Storages over a network are in test_ray.py, which has a server; here are those without one."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from batch import report, tables, write_inputs

from pipeline.batch.run import Options, RunError, run
from pipeline.ingest import Reject, Source, discover, read
from pipeline.ingest.types import Remote


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Reports of one file and of many, below each other and packed, with names that a URL does not hold as they are."""
    folder = write_inputs(tmp_path / "in", files=4)
    write_inputs(folder / "năm 2024" / "tỉnh #1", files=2, records=3)
    pd.DataFrame({"text": [report(n) for n in range(200, 205)]}).to_parquet(folder / "more.parquet")
    shutil.make_archive(str(folder / "packed"), "zip", folder / "năm 2024")
    (folder / ".hidden.txt").write_text(report(1), "utf-8")
    (folder / "unnamed").write_text(report(90), "utf-8")
    return folder


@pytest.fixture
def url(folder: Path) -> str:
    """The same in a zip archive, as a filesystem of fsspec."""
    path = shutil.make_archive(str(folder.parent / "all"), "zip", folder.parent, folder.name)
    return f"zip://in::file://{path}"


def go(inputs, out: Path, **options):
    return run([inputs] if isinstance(inputs, str | Path) else inputs, out, options=Options(**options))


@pytest.mark.parametrize("workers", [1, 2])
def test_the_same_rows_from_a_storage(folder, url, tmp_path, workers):
    expected = go(folder, tmp_path / "local")
    assert expected.rows["documents"] == 60
    summary = go(url, tmp_path / "out", workers=workers)
    assert (summary.rows, summary.skipped) == (expected.rows, expected.skipped)
    assert tables(tmp_path / "out") == tables(tmp_path / "local")
    assert go(url, tmp_path / "out").extracted == 0
    assert go(folder, tmp_path / "out").extracted == 0


def test_a_file_url_is_a_path(folder):
    assert discover([(folder / "năm 2024").as_uri()]) == discover([folder / "năm 2024"])
    (source,) = discover([(folder / "r001.txt").as_uri()]).sources
    assert source == Source(folder / "r001.txt", "r001.txt", (folder / "r001.txt").stat().st_size)


def test_a_url_of_one_file(url):
    (source,) = discover([url.replace("//in::", "//in/r001.txt::")]).sources
    (document,) = read(source)
    assert (document.source, document.text) == ("r001.txt", report(1))


def test_files_of_the_same_name_in_two_inputs(folder, url):
    names = {source.name for source in discover([folder, url]).sources}
    assert {"r001.txt", f"{url}/r001.txt"} <= names


def test_what_is_not_there(url, tmp_path):
    missing = url.replace("//in::", "//none::")
    (reject,) = discover([missing]).rejects
    assert reject == Reject(missing, "discover", "NotFound", "there is no such file or folder", passing=True)
    with pytest.raises(RunError, match="no such file"):
        go(missing, tmp_path / "out")


def test_what_cannot_be_reached_ends_the_run(folder, tmp_path):
    with pytest.raises(RunError, match="names the machine host; a path is written file:///path"):
        go("file://host/a", tmp_path / "out")
    with pytest.raises(RunError, match=r"cannot read foo://host/a: .*foo"):
        go([folder, "foo://user:secret@host/a?token=x"], tmp_path / "out")
    with pytest.raises(RunError, match=r"cannot read gdrive://a: such addresses need .*gdrive") as error:
        go("gdrive://a", tmp_path / "out")
    assert "secret" not in str(error.value)
    with pytest.raises(RunError, match=r"cannot read s3://bucket/a b: .*pars"):
        go("s3://key:secret@bucket/a b", tmp_path / "out")


def test_a_file_that_vanishes_after_it_was_listed(url):
    (reject,) = read(Source(Remote(url, "in/gone.txt"), "gone.txt"))
    assert (reject.source, reject.stage, reject.error) == ("gone.txt", "open", "FileNotFoundError")
