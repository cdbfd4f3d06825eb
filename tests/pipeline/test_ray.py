"""The Ray engine, with a Ray of two processors on this machine and an S3 server on loopback: ``make test-ray``."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from batch import report, tables, write_archive, write_inputs

from pipeline.batch.manifest import Versions
from pipeline.batch.run import Options, RunError, Summary, run

ray = pytest.importorskip("ray", reason="Ray is not installed (pip install trichluc[ray]); make test-ray has it")
boto3 = pytest.importorskip("boto3", reason="moto[server] is not installed; make test-ray has it")
moto = pytest.importorskip("moto.server", reason="moto[server] is not installed; make test-ray has it")
psutil = pytest.importorskip("psutil")

HANG_SECONDS = 300
pytestmark = pytest.mark.usefixtures("hang_guard")

BAD = """
import os, sys, time
if any("multiprocessing.spawn" in word for word in sys.orig_argv):
    from pipeline import extraction
    rows = extraction._rows
    def replaced(ready, spoken):
        if isinstance(ready, extraction.Prepared):
            if ready.raw.source == "archive.jsonl!00000007":
                time.sleep(600)
            if ready.raw.source == "r005.txt":
                os._exit(9)
        return rows(ready, spoken)
    extraction._rows = replaced
"""
"""A sitecustomize for worker processes: one document never ends, one ends its process."""


def go(given: Path | str, out: Path, **options) -> Summary:
    return run([given], out, options=Options(**{"engine": "ray", "workers": 2, **options}))


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """The URL of a bucket; the server is known by the environment, as a storage is to its libraries."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
        server.start()
        endpoint = "http://{}:{}".format(*server.get_host_and_port())
        patch.setenv("AWS_ENDPOINT_URL", endpoint)
        patch.setenv("AWS_ACCESS_KEY_ID", "key")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        boto3.client("s3").create_bucket(Bucket="reports")
        yield "s3://reports"
        server.stop()


@pytest.fixture(scope="module")
def cluster(bucket) -> Iterator[None]:  # noqa: ARG001
    """A Ray for the tests of this module, which the engine finds started. Its processes know the bucket's server."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init("local", num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("ray")
    write_inputs(root / "in", records=1500)
    write_inputs(root / "in" / "năm 2024", files=2, records=3)
    go(root / "in", root / "local", engine="local")
    return root


def upload(folder: Path, bucket: str, prefix: str) -> str:
    for path in folder.rglob("*"):
        if path.is_file():
            key = f"{prefix}/{path.relative_to(folder).as_posix()}"
            boto3.client("s3").upload_file(str(path), bucket.removeprefix("s3://"), key)
    return f"{bucket}/{prefix}"


def workers_of_ray(name: str) -> list:
    """Processes of Ray that this test process has started, by what they do."""
    found = psutil.Process().children(recursive=True)
    return [process for process in found if any(name in word for word in command(process))]


def command(process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@pytest.mark.usefixtures("cluster")
def test_the_same_rows(expected, tmp_path):
    summary = go(expected / "in", tmp_path / "out")
    assert (summary.extracted, summary.skipped) == (1517, 2)
    assert tables(tmp_path / "out") == tables(expected / "local")
    again = go(expected / "in", tmp_path / "out")
    assert (again.extracted, again.kept) == (0, 20)
    assert go(expected / "in", tmp_path / "out", engine="local").extracted == 0


@pytest.mark.usefixtures("cluster")
def test_only_what_is_new_or_changed(tmp_path):
    folder = write_inputs(tmp_path / "in")
    go(folder, tmp_path / "out")
    (folder / "new.txt").write_text(report(77), "utf-8")
    (folder / "r003.txt").write_text(report(78), "utf-8")
    (folder / "empty.txt").unlink()
    write_archive(folder, range(100, 145))
    summary = go(folder, tmp_path / "out", prune=True)
    assert (summary.extracted, summary.vanished, summary.rows["rejects"]) == (7, ["empty.txt"], 1)
    go(folder, tmp_path / "at-once", engine="local")
    assert tables(tmp_path / "out") == tables(tmp_path / "at-once")


@pytest.mark.usefixtures("cluster")
def test_it_goes_on_from_the_shards_of_a_killed_run(expected, tmp_path):
    out = tmp_path / "out"
    words = [sys.executable, "-m", "pipeline.cli", "run", str(expected / "in"), "--out", str(out), "--quiet"]
    with subprocess.Popen(words) as process:
        while not [path for path in out.glob(".trichluc/shards/*/*") if not path.suffix]:
            time.sleep(0.02)
        process.kill()
    summary = go(expected / "in", out)
    assert summary.resumed > 0
    assert summary.resumed + summary.extracted >= 1517
    assert tables(out) == tables(expected / "local")


@pytest.mark.usefixtures("cluster")
@pytest.mark.parametrize("name", ["_Reader", "_Extractor", "multiprocessing.spawn"])
def test_a_killed_worker_changes_nothing(expected, tmp_path, capfd, name):
    """A task that reads, an actor, or the process in which an actor extracts."""
    killed: list[int] = []
    done = threading.Event()

    def kill() -> None:
        while not (killed or done.is_set()):
            if name == "_Reader" or list((tmp_path / "out").glob(".trichluc/shards/*/*")):
                for process in workers_of_ray(name)[:1]:
                    with contextlib.suppress(psutil.Error):
                        process.kill()
                        killed.append(process.pid)
            time.sleep(0.01)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        go(expected / "in", tmp_path / "out")
    finally:
        done.set()
        thread.join()
    assert killed
    assert capfd.readouterr().out == ""
    assert tables(tmp_path / "out") == tables(expected / "local")


@pytest.mark.parametrize("engine", ["local", "ray"])
def test_from_object_storage(bucket, cluster, tmp_path, engine):  # noqa: ARG001
    folder = write_inputs(tmp_path / "in", files=4, records=600)
    write_inputs(folder / "năm 2024" / "tỉnh #1", files=2, records=3)
    shutil.make_archive(str(folder / "packed"), "zip", folder / "năm 2024")
    url = upload(folder, bucket, engine)
    go(folder, tmp_path / "local", engine="local")
    summary = go(url, tmp_path / "out", engine=engine)
    assert summary.extracted == 614
    assert tables(tmp_path / "out") == tables(tmp_path / "local")
    (folder / "r001.txt").write_text(report(50), "utf-8")
    upload(folder, bucket, engine)
    assert go(f"{url}/", tmp_path / "out", engine=engine).extracted == 1


@pytest.mark.usefixtures("cluster")
def test_from_a_filesystem_of_fsspec(expected, tmp_path):
    path = shutil.make_archive(str(tmp_path / "all"), "zip", expected / "in")
    go(f"zip://::file://{path}", tmp_path / "out")
    assert tables(tmp_path / "out") == tables(expected / "local")


def test_what_a_storage_refuses(bucket, tmp_path, monkeypatch):
    for missing in ("s3://other/a", f"{bucket}/none"):
        with pytest.raises(RunError, match=f"{missing}: there is no such file or folder"):
            go(missing, tmp_path / "out", engine="local")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(RunError, match=r"cannot read s3://reports/b: .*NETWORK_CONNECTION"):
        go(f"{bucket}/b", tmp_path / "out", engine="local")


@pytest.mark.usefixtures("cluster")
def test_work_that_is_lost_again_and_again_ends_the_run():
    from pipeline.batch.engines.ray import _ATTEMPTS, _Attempts, _Counter

    attempts = _Attempts(ray.remote(num_cpus=0)(_Counter).remote())
    for _ in range(_ATTEMPTS):
        attempts.begin(b"a share")
    attempts.begin(b"another share")
    with pytest.raises(RunError, match="is there enough memory"):
        attempts.begin(b"a share")


@pytest.mark.usefixtures("cluster", "vietnamese")
def test_nodes_refuse_in_the_language_of_the_run(tmp_path, monkeypatch):
    folder = write_inputs(tmp_path / "in")
    monkeypatch.setattr("pipeline.batch.engines.ray.versions", lambda: Versions("other"))
    with pytest.raises(RunError, match=r"^một máy trong cụm .* hãy chạy lại"):
        go(folder, tmp_path / "out")


@pytest.mark.usefixtures("cluster")
def test_nodes_with_another_version_end_the_run(tmp_path, monkeypatch):
    folder = write_inputs(tmp_path / "in")
    monkeypatch.setattr("pipeline.batch.engines.ray.versions", lambda: Versions("other"))
    with pytest.raises(RunError, match=r"^a node .* another trichluc than this one: rules \w+ -> other.*run again"):
        go(folder, tmp_path / "out")
    monkeypatch.undo()
    assert go(folder, tmp_path / "out").extracted == 52


def test_the_command(tmp_path):
    """A Ray of its own; a document that hangs and one that crashes are rejects, and nothing else is lost."""
    folder = write_inputs(tmp_path / "in")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "sitecustomize.py").write_text(BAD, "utf-8")
    words = [sys.executable, "-m", "pipeline.cli", "run", str(folder), "--out", str(tmp_path / "out")]
    done = subprocess.run(
        [*words, "--engine", "ray", "--workers", "2", "--time-limit", "3"],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "bad"), "RAY_ADDRESS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert "Traceback" not in done.stderr
    assert {row["source"]: row["error"] for row in tables(tmp_path / "out")["rejects"]} == {
        "empty.txt": "Empty",
        "photo.jpg": "UnreadKind",
        "archive.jsonl!00000007": "Timeout",
        "r005.txt": "WorkerLost",
    }
    told = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert (told["rows"]["documents"], told["engine"]) == (50, "ray")


def test_a_cluster_that_does_not_answer(tmp_path):
    command = [sys.executable, "-m", "pipeline.cli", "run", str(write_inputs(tmp_path / "in")), "--engine", "ray"]
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "out")],
        env={**os.environ, "RAY_ADDRESS": "127.0.0.1:9"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "nobody answers at 127.0.0.1:9" in done.stderr
