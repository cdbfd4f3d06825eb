"""Every export is read back by the program that it is made for, or by its rules."""

import csv
import gc
import json
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pyarrow.dataset as ds
import pytest
from batch import report
from spacy.tokens import DocBin
from typer.testing import CliRunner

import pipeline
from pipeline.batch.run import Options, run
from pipeline.cli import app
from pipeline.cli.looking import Format
from pipeline.export import FILES, FORMATS, ExportError, export
from pipeline.tables.schema import SCHEMAS
from pipeline.view.labels import group
from rules.language.letters import MARKED

HOSTILE = (
    '=HYPERLINK("http://x.example","Tin")\n'
    "Đề án “=cmd|' /C calc'!A1” 😀 tại tỉnh Hòa Bình có tổng kinh phí trên 1.750 tỷ đồng, hỗ trợ 500 triệu đồng "
    "cho 2 cơ sở, trong đó có HTX A.\n"
)


@pytest.fixture(scope="module")
def out(tmp_path_factory, corpus_texts):
    folder = tmp_path_factory.mktemp("reports")
    for name, text in [*corpus_texts.items()][:6]:
        (folder / f"{name}.txt").write_text(text, "utf-8")
    (folder / "@hostile.txt").write_text(HOSTILE, "utf-8")
    run([folder], folder / "out")
    return folder / "out"


def rows(out, table):
    return ds.dataset(out / table, format="parquet").to_table().to_pylist()


def test_csv(out):
    target = export(out, "csv")
    with (target / "projects.csv").open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.DictReader(file))
    assert {row["project_id"] for row in read} == {row["project_id"] for row in rows(out, "projects")}
    for path in target.glob("*.csv"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                assert not [cell for cell in row if cell[:1] in ("=", "+", "@", "\t") or re.match(r"-\D", cell)]


def test_xlsx(out):
    book = openpyxl.load_workbook(export(out, "xlsx"))
    assert book.sheetnames[:3] == ["undertakings", "projects", "amounts"]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert all(6 <= column.width <= 60 for column in sheet.column_dimensions.values())
        assert [cell.coordinate for row in sheet for cell in row if cell.data_type in ("f", "e")] == []
    told = {row[:2] for row in book["columns"].iter_rows(values_only=True) if row[2]}
    assert told >= {(name, cell.value) for name in book.sheetnames[:-1] for cell in book[name][1]}
    sheet = book["amounts"]
    head = {cell.value: cell.column - 1 for cell in sheet[1]}
    cells = {row[head["amount_id"]].value: row for row in sheet.iter_rows(min_row=2)}
    for amount in rows(out, "amounts"):
        cell = cells[amount["amount_id"]][head["value_vnd"]]
        assert cell.value == amount["value_vnd"]
        if cell.value is not None:
            assert (cell.data_type, cell.number_format) == ("n", "#,##0")
    assert '=HYPERLINK("http://x.example","Tin")' in [cell.value for row in book["documents"] for cell in row]
    code = next(cell.column for cell in book["locations"][1] if cell.value == "code")
    codes = [row[0] for row in book["locations"].iter_rows(min_row=2, min_col=code, max_col=code, values_only=True)]
    assert any(isinstance(code, str) and code.startswith("0") for code in codes)  # 05158 keeps its zero
    assert not any(isinstance(code, int) for code in codes)


@pytest.mark.usefixtures("vietnamese")
def test_xlsx_in_vietnamese(out, tmp_path):
    book = openpyxl.load_workbook(export(out, "xlsx", tmp_path / "vi.xlsx"))
    assert book.sheetnames[0] == "Đề án, dự án"
    assert all(re.search(f"[{MARKED}]", name.lower()) for name in book.sheetnames)
    *sheets, legend = book
    told = {row[:2] for row in legend.iter_rows(values_only=True) if re.search(f"[{MARKED}]", row[3])}
    known = {*SCHEMAS["amounts"].names, *SCHEMAS["projects"].names, *group("kind"), *group("role")} - {"other"}
    for name, sheet in zip(book.sheetnames, sheets, strict=False):
        heads = [cell.value for cell in sheet[1]]
        assert len(set(heads)) == len(heads)
        assert {(name, head) for head in heads} <= told
        words = {cell.value for row in sheet.iter_rows(max_row=40) for cell in row if isinstance(cell.value, str)}
        assert not words & known, words & known
    money = next(cell.column for cell in sheets[0][1] if cell.value == "hỗ trợ (đồng)")
    found = {cell.number_format for (cell,) in sheets[0].iter_rows(min_row=2, min_col=money, max_col=money)}
    assert "#,##0" in found


def test_jsonl(out):
    lines = [json.loads(line) for line in export(out, "jsonl").read_text("utf-8").splitlines()]
    assert len(lines) == len(rows(out, "documents"))
    for line in lines:
        for table in ("amounts", "projects", "beneficiaries", "locations"):
            for fact in line[table]:
                assert line["text"][fact["start"] : fact["end"]] == fact["text"]
    values = {fact["amount_id"]: fact["value"] for line in lines for fact in line["amounts"]}
    assert all(a["value"] is None or a["value"] == Decimal(values[a["amount_id"]]) for a in rows(out, "amounts"))


def test_brat(out):
    target = export(out, "brat")
    kinds = [line for line in (target / "annotation.conf").read_text("utf-8").splitlines() if "_kind" in line]
    assert [("de_an" in line, "cooperative" in line) for line in kinds] == [(True, False), (False, True)]
    facts = 0
    for path in target.glob("*.ann"):
        text = path.with_suffix(".txt").read_bytes().decode()
        ids = set()
        for line in path.read_bytes().decode().splitlines():
            if line.startswith("T"):
                key, where, printed = line.split("\t")
                pieces = [tuple(map(int, piece.split())) for piece in where.split(" ", 1)[1].split(";")]
                assert " ".join(text[start:end] for start, end in pieces) == printed
                assert not [1 for start, end in pieces if "\n" in text[start:end]]
                ids.add(key)
                facts += 1
            elif line.startswith("R"):
                assert set(re.findall(r"Arg\d:(T\d+)", line)) <= ids | {f"T{n}" for n in range(1, 999)}
    assert facts == sum(len(rows(out, t)) for t in ("projects", "amounts", "beneficiaries", "locations"))


def test_labelstudio(out):
    target = export(out, "labelstudio")
    for task in json.loads((target / "tasks.json").read_text("utf-8")):
        units = task["data"]["text"].encode("utf-16-le")
        regions = set()
        for entry in task["predictions"][0]["result"]:
            if entry["type"] == "relation":
                continue
            value = entry["value"]
            assert units[2 * value["start"] : 2 * value["end"]].decode("utf-16-le") == value["text"]
            regions.add(entry["id"])
        for entry in task["predictions"][0]["result"]:
            if entry["type"] == "relation":
                assert {entry["from_id"], entry["to_id"]} <= regions
    assert 'toName="text"' in (target / "config.xml").read_text("utf-8")


def test_duckdb(out):
    with duckdb.connect(export(out, "duckdb"), read_only=True) as database:
        for table in ("documents", "sentences", "projects", "amounts", "beneficiaries", "locations", "rejects"):
            count = database.execute(f"select count(*) from {table}").fetchone()
            assert count == (len(rows(out, table)),)
        summed = database.execute("select sum(support_vnd) from projects_once").fetchone()
        assert summed == (pipeline.once(pipeline.read(out)["projects"])["support_vnd"].sum(),)
        query = "select comment from duckdb_columns() where table_name = 'amounts' and column_name = 'role'"
        assert "counterpart" in database.execute(query).fetchone()[0]


def test_duckdb_of_tables_in_folders(tmp_path, corpus_texts):
    for name, text in [*corpus_texts.items()][:2]:
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    run([*tmp_path.glob("*.txt")], tmp_path / "out", options=Options(partition=True))
    with duckdb.connect(export(tmp_path / "out", "duckdb"), read_only=True) as database:
        (columns,) = zip(*database.execute("select column_name from (describe amounts)").fetchall(), strict=True)
        assert list(columns) == SCHEMAS["amounts"].names
        assert database.execute("select count(*) from amounts").fetchone() == (len(rows(tmp_path / "out", "amounts")),)


def test_spacy(out, nlp):
    docs = list(DocBin().from_disk(export(out, "spacy")).get_docs(nlp.vocab))
    assert len(docs) == len(rows(out, "documents"))
    for table in ("amounts", "projects", "beneficiaries", "locations"):
        found = {span.id_: span for doc in docs for span in doc.spans[table]}
        for row in rows(out, table):
            key = row[next(iter(k for k in row if k.endswith("_id") and k != "doc_id"))]
            assert row["text"] in found[key].text


def test_the_command(out, tmp_path):
    done = CliRunner().invoke(app, ["export", str(out), "--to", "jsonl", "--target", str(tmp_path / "x.jsonl")])
    assert (done.exit_code, done.stdout) == (0, "")
    assert (tmp_path / "x.jsonl").exists()
    assert CliRunner().invoke(app, ["export", str(tmp_path), "--to", "csv"]).exit_code == 2


def test_what_cannot_be_done_is_said(tmp_path, out):
    with pytest.raises(ExportError, match="name the --out folder"):
        export(tmp_path, "csv")
    with pytest.raises(ExportError, match="choose one of csv"):
        export(out, "pdf")


@pytest.fixture
def full_disk(tmp_path):
    """A file system of 16 KiB, less than any export takes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"a file system cannot be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("to", [*FORMATS, "view"])
def test_a_disk_that_is_full(out, full_disk, capfd, to):
    """A sentence, nothing half written, and what was there stays."""
    (full_disk / "mine").write_text("mine", "utf-8")
    before = full_disk / ("before.html" if to == "view" else f"before{Path(FILES.get(to, to)).suffix}")
    before.write_text("<title>trichluc</title>", "utf-8")
    target = str(before)
    if to == "view":
        done = CliRunner().invoke(app, ["view", str(out), "--html", target])
    else:
        folder = to in ("csv", "brat", "labelstudio")
        target = str(full_disk / "folder") if folder else target
        done = CliRunner().invoke(app, ["export", str(out), "--to", to, "--target", target])
    gc.collect()
    assert done.exit_code == 2
    assert re.search(rf"cannot write {re.escape(target)}: .*(No space left|[Ff]ull|disk)", done.stderr)
    assert "Traceback" not in done.output + capfd.readouterr().err
    left = {path.name: path.read_text("utf-8") for path in full_disk.iterdir()}
    assert left == {"mine": "mine", before.name: "<title>trichluc</title>"}


@pytest.mark.parametrize("to", [*FORMATS, "view"])
def test_a_report_is_not_written_over(out, tmp_path, to):
    mine = tmp_path / "mine.txt"
    mine.write_text("mine", "utf-8")
    command = ["view", str(out), "--html"] if to == "view" else ["export", str(out), "--to", to, "--target"]
    done = CliRunner().invoke(app, [*command, str(mine)])
    assert done.exit_code == 2
    assert str(mine) in done.stderr
    assert mine.read_text("utf-8") == "mine"


@pytest.mark.parametrize("to", [*FORMATS, "view"])
def test_links_in_the_output_folder_are_not_followed(out, tmp_path, to):
    shutil.copytree(out, tmp_path / "out", ignore=shutil.ignore_patterns("export"))
    mine = tmp_path / "mine"
    mine.write_text("mine", "utf-8")
    if to == "view":
        (tmp_path / "out" / "view.html").symlink_to(mine)
        done = CliRunner().invoke(app, ["view", str(tmp_path / "out")])
    else:
        (tmp_path / "out" / "export").mkdir()
        (tmp_path / "out" / "export" / FILES.get(to, to)).symlink_to(mine)
        done = CliRunner().invoke(app, ["export", str(tmp_path / "out"), "--to", to])
    assert done.exit_code == 2
    assert "it is a link, and links inside the output folder are not followed" in done.stderr
    assert mine.read_text("utf-8") == "mine"


def test_formulas_of_every_width(out, tmp_path):
    shutil.copytree(out, tmp_path / "out", ignore=shutil.ignore_patterns("export"))
    folder = tmp_path / "in"
    folder.mkdir()
    for number, sign in enumerate("＝＋－＠﹦﹢﹣−"):
        (folder / f"{sign}.txt").write_text(f"{sign}1+cmd|' /C calc'!A1\n{report(number)}", "utf-8")
    run([folder], tmp_path / "out")
    read = (export(tmp_path / "out", "csv") / "documents.csv").read_text("utf-8-sig")
    cells = [cell for row in csv.reader(read.splitlines()) for cell in row]
    assert len([cell for cell in cells if cell[:2] in {f"'{sign}" for sign in "＝＋－＠﹦﹢﹣−"}]) >= 8
    assert not [cell for cell in cells if cell[:1] in set("＝＋－＠﹦﹢﹣−")]
    for row in openpyxl.load_workbook(export(tmp_path / "out", "xlsx"))["documents"]:
        assert all(cell.quotePrefix for cell in row if str(cell.value)[:1] in set("＝＋－＠﹦﹢﹣−"))


def test_a_missing_package_is_named(out, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    monkeypatch.delitem(sys.modules, "pipeline.export.duckdb", raising=False)
    with pytest.raises(ExportError, match=r"needs the package duckdb: .* install duckdb"):
        export(out, "duckdb")


def test_the_commands_formats_are_all_formats():
    assert [format.value for format in Format] == list(FORMATS)
