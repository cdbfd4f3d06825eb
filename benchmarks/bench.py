"""How fast the whole job is, and where its time goes: ``make bench``, or ``python benchmarks/bench.py ARCHIVE``.

ARCHIVE is a ``.jsonl.gz`` file with `title` and `text`. In one run this measures: a bare loop of
``underthesea.word_tokenize`` over the texts (every tenth of them, between the other measurements, as machines are
rarely quiet; processor time suffers less from that); the whole command with one and two workers, from its start to the
last byte of Parquet; its peak memory for a quarter and for all of the documents; the same from files of one document
each; the time until a first document is done; and the share of each stage.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from types import SimpleNamespace
from typing import Any

COMMAND = (sys.executable, "-m", "pipeline.cli")
# As installed: Python keeps the modules that it has compiled.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
BARE_SHARE = 10
UNIT = 80
SINGLE = 3000  # documents as files of their own
STAGED = 1000  # documents for the shares of the stages


@dataclass(frozen=True, slots=True)
class Measured:
    """A way of doing the work: documents a second, processor milliseconds a document, peak memory in MB."""

    name: str
    rate: float
    processor: float
    memory: float = 0.0


def bare_loop(texts: Sequence[str]) -> Measured:
    """underthesea alone."""
    from underthesea import word_tokenize

    word_tokenize("a")
    began, worked = time.perf_counter(), time.process_time()
    for text in texts:
        word_tokenize(text)
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    return Measured("bare underthesea loop", len(texts) / seconds, worked / len(texts) * 1000)


def whole_job(name: str, archive: Path, documents: int, out: Path, workers: int) -> Measured:
    """A run of the command; memory is that of its largest process, processor time that of all."""
    command = [*COMMAND, "run", str(archive), "--out", str(out), "--workers", str(workers), "--quiet"]
    began = time.perf_counter()
    process = subprocess.Popen(command, env=ENVIRONMENT)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"the run failed with status {process.returncode}")
    worked = usage.ru_utime + usage.ru_stime
    return Measured(name, documents / seconds, worked / documents * 1000, usage.ru_maxrss / 1024)


def start_up(text: str, folder: Path) -> tuple[float, float]:
    """Seconds from the start of the command to the first document's rows, and to its end: the least of three."""
    (folder / "one.txt").write_text(text, "utf-8")
    found = []
    for number in range(4):  # the first one reads files that the system has not read before
        out = folder / f"one{number}"
        began = time.perf_counter()
        process = subprocess.Popen(
            [*COMMAND, "run", str(folder / "one.txt"), "--out", str(out), "--quiet"], env=ENVIRONMENT
        )
        first = 0.0
        while process.poll() is None:
            if not first and any(out.glob(".trichluc/shards/*/*")):
                first = time.perf_counter() - began
            time.sleep(0.002)
        found.append((first, time.perf_counter() - began))
    return min(found[1:])


def stages(archive: Path, documents: int) -> Counter[str]:
    """Milliseconds of processor time a document, by stage."""
    from pipeline import ingest, words
    from pipeline.batch import shards
    from pipeline.batch.process import light_arrow, settle
    from pipeline.extraction import GROUPS, STEPS, prepare
    from pipeline.gather.describe import describe
    from pipeline.tables import rows as table_rows
    from pipeline.tables.fingerprint import fingerprint
    from rules.facts import Facts

    spent: Counter[str] = Counter()

    def timed(stage: str, function: Callable[..., Any], *arguments: Any) -> Any:
        began = time.process_time()
        result = function(*arguments)
        spent[stage] += time.process_time() - began
        return result

    def extract(documents: Sequence[Any]) -> list[dict[str, Any]]:
        prepared = [timed("prepare", prepare, document) for document in documents]
        rows = []
        for ready in prepared:
            layout, found = ready.layout, {}
            spoken = timed("words", segmenter.words_many, [layout.text[a:b] for a, b in layout.sentences])
            for name, step in STEPS.items():
                found[name] = timed(name, step, layout, found)
            joined = found.pop("tables") or SimpleNamespace(**found)
            facts = Facts(layout=layout, words=spoken, **{name: getattr(joined, name) for name in GROUPS})
            rows.append(table_rows.empty())
            timed("rows", table_rows.add_document, rows[-1], facts, ready.raw)
            timed("fingerprint", fingerprint, layout.text)
            timed("key", shards.key_of, ready.raw)
        return rows

    light_arrow()
    segmenter = words.load()
    source = iter(ingest.read(ingest.Source(archive, archive.name)))
    extract([next(source) for _ in range(documents // 2)])  # warm
    settle()
    spent.clear()
    rows: list[dict[str, Any]] = []
    for _ in range(0, documents, UNIT):
        rows += extract([timed("read", next, source) for _ in range(UNIT)])
    documents = len(rows)
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, documents, UNIT):
            found, _ = timed("arrow", table_rows.to_tables, rows[start : start + UNIT])
            found["mentions"] = timed("mentions", describe, found)
            with zipfile.ZipFile(Path(folder) / str(start), "w", zipfile.ZIP_STORED) as shard:
                for name, table in found.items():
                    timed("shard", shards.write, shard, name, table)
    return Counter({stage: seconds * 1000 / documents for stage, seconds in spent.items()})


def single_files(texts: Sequence[str], folder: Path) -> Path:
    """The texts as files of their own."""
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number:06}.txt").write_text(text, "utf-8")
    return folder


def quarter(archive: Path, folder: Path) -> Path:
    target = folder / "quarter.jsonl.gz"
    with gzip.open(archive, "rb") as lines, gzip.open(target, "wb", 1) as kept:
        all_lines = lines.readlines()
        kept.writelines(all_lines[: len(all_lines) // 4])
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    arguments = parser.parse_args()
    archive: Path = arguments.archive

    with gzip.open(archive, "rt", encoding="utf-8") as lines:
        texts = [f"{record['title']}\n{record['text']}" for record in map(json.loads, lines)]
    syllables = sum(len(text.split()) for text in texts) / len(texts)
    megabytes = sum(len(text.encode()) for text in texts) / len(texts) / 1e6

    count = len(texts)
    load = os.getloadavg()[0]
    print(f"{count:,} documents of {syllables:.0f} syllables; {os.cpu_count()} processors, load {load:.1f}")
    sample = texts[::BARE_SHARE]
    bare, runs = [bare_loop(sample)], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        runs.append(whole_job("a quarter, 1 worker", quarter(archive, folder), count // 4, folder / "quarter", 1))
        for workers in arguments.workers:
            label = f"the whole job, {workers} worker{'s' * (workers > 1)}"
            runs.append(whole_job(label, archive, count, folder / f"out{workers}", workers))
            bare.append(bare_loop(sample))
        some = texts[:SINGLE]
        label = f"{len(some):,} files, 1 worker"
        runs.append(whole_job(label, single_files(some, folder / "files"), len(some), folder / "of-files", 1))
        first, one = start_up(texts[0], folder)
        began = time.perf_counter()
        subprocess.run([*COMMAND, "--help"], stdout=subprocess.DEVNULL, check=True, env=ENVIRONMENT)
        help_seconds = time.perf_counter() - began

    alone = Measured(bare[0].name, mean(b.rate for b in bare), mean(b.processor for b in bare))
    print(f"{'':26}{'docs/s':>9}{'syllables/s':>13}{'MB/s':>7}{'times':>7}{'CPU ms/doc':>12}{'times':>7}{'peak MB':>9}")
    for row in [*bare, *runs]:
        print(
            f"{row.name:26}{row.rate:9.1f}{row.rate * syllables:13,.0f}{row.rate * megabytes:7.2f}"
            f"{row.rate / alone.rate:7.2f}{row.processor:12.2f}{alone.processor / row.processor:7.2f}"
            + (f"{row.memory:9.0f}" if row.memory else "")
        )
    print(
        f"from the start of the command to the first document: {first:.2f} s, to the end of a run of one: {one:.2f} s"
    )
    print(f"--help: {help_seconds:.2f} s")

    spent = stages(archive, min(STAGED, len(texts) * 2 // 3))
    print(f"\n{'stage':28}{'ms/document':>12}{'share':>8}")
    for stage, milliseconds in spent.most_common():
        print(f"{stage:28}{milliseconds:12.3f}{milliseconds / spent.total():8.0%}")
    print(f"{'all':28}{spent.total():12.3f}")


if __name__ == "__main__":
    main()
