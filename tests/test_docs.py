"""What the docs say is run: the tour, the thirteen questions, the data dictionary, the links."""

import ast
import importlib.util
import re
import shlex
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import pipeline
from pipeline.batch.run import run
from pipeline.cli import app
from pipeline.tables.schema import SCHEMAS

ROOT = Path(__file__).parents[1]
REPORT = (
    "Tin khuyến công Hòa Bình\n"
    "Năm 2023, Đề án “Hỗ trợ máy sấy” tại xã Phong Phú, huyện Tân Lạc, tỉnh Hòa Bình có tổng kinh phí trên 1,75 tỷ "
    "đồng, trong đó khuyến công địa phương hỗ trợ 500 triệu đồng cho 2 cơ sở.\n"
)


def blocks(name: str, language: str) -> list[str]:
    text = (ROOT / name).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def execute(code: str, scope: dict[str, object]) -> object:
    """Runs a block and gives the value of its last expression, as a notebook would."""
    *body, last = ast.parse(code).body
    exec(compile(ast.Module(body, []), "docs", "exec"), scope)
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), "docs", "eval"), scope)
    exec(compile(ast.Module([last], []), "docs", "exec"), scope)
    return None


@pytest.fixture
def work(tmp_path, monkeypatch) -> Path:
    """A folder like a checkout, with one report of known facts and tables made from it."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "bai.txt").write_text(REPORT, "utf-8")
    (tmp_path / "in" / "trong.txt").write_text("", "utf-8")
    run([tmp_path / "in"], tmp_path / "output")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("work")
def test_thirteen_questions():
    setup, *answers, pandas, duckdb = blocks("docs/questions.md", "python")
    assert len(answers) == 13
    scope: dict[str, object] = {}
    execute(setup, scope)
    results = []
    for answer in answers:
        assert len(answer.strip().splitlines()) == 2
        results.append(execute(answer, scope))
    assert results[0].sum().sum() == 500_000_000
    assert results[1]["name"].tolist() == ["Hỗ trợ máy sấy"]
    assert results[2] == pytest.approx(500 / 1750)
    assert results[3].loc["Tỉnh Hòa Bình", "establishment"] == 2
    assert results[4].loc["khuyen_cong_dia_phuong"].tolist() == [1, 500_000_000]
    assert results[5].sum() >= 1
    assert results[6]["low_vnd"].tolist() == [1_750_000_000]
    assert results[6]["high_vnd"].isna().all()
    assert isinstance(scope["loose"], pd.DataFrame)
    assert isinstance(scope["doubtful"], pd.DataFrame)
    assert len(results[8]) == 1
    assert results[9]["source"].tolist() == ["trong.txt"]
    assert len(results[10]) == len(results[11]) == 0
    assert results[12].loc["establishment"].tolist() == [1, 2, 500_000_000]
    assert results[12]["support_vnd"].sum() == scope["projects"]["support_vnd"].sum()
    assert execute(pandas, {})["value_vnd"].dtype == "int64[pyarrow]"
    assert [row[0] for row in execute(duckdb, {}).fetchall()] == ["500 triệu đồng"]


@pytest.mark.usefixtures("work")
def test_the_sql_of_the_questions():
    import duckdb

    from pipeline.export import export

    with duckdb.connect(export(Path("output"), "duckdb"), read_only=True) as database:
        (query,) = blocks("docs/questions.md", "sql")
        assert database.execute(query).fetchall() == [("Tỉnh Hòa Bình", 2023, 500_000_000)]


def test_the_tour(work):
    """README's five minutes, in its order."""
    shutil.rmtree(work / "output", ignore_errors=True)  # else its reject would count
    shutil.rmtree(work / "output", ignore_errors=True)  # a run keeps the rows of reports that have gone from its input
    (work / "corpus").symlink_to(ROOT / "corpus")
    tour = (ROOT / "README.md").read_text("utf-8").split("## Five minutes")[1].split("\n## ")[0]
    scope: dict[str, object] = {}
    steps = re.findall(r"^```(\w*)\n(.*?)^```", tour, re.M | re.S)
    assert {language for language, _ in steps} == {"sh", "python"}
    for language, code in steps:
        if language == "python":
            execute(code, scope)
            continue
        for line in code.strip().splitlines():
            words = shlex.split(line, comments=True)
            assert words[0] == ".venv/bin/trichluc"
            done = CliRunner().invoke(app, words[1:])
            assert done.exit_code == 0, done.stderr
    assert (work / "output" / "view.html").exists()
    assert len(scope["tables"]["projects"]) > 10


def test_the_readmes_agree():
    english, vietnamese = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.vi.md"))
    for pattern in (r"^```python\n(.*?)^```", r"^\.venv/bin/trichluc \w+", r"\]\((docs/[^)#]+)\)"):
        told = {found.replace(".vi.md", ".md") for found in re.findall(pattern, vietnamese, re.M | re.S)}
        assert told == set(re.findall(pattern, english, re.M | re.S))
    assert english.count("\n## ") == vietnamese.count("\n## ")


def test_the_data_dictionary_is_up_to_date():
    path = ROOT / "scripts" / "write_dictionary.py"
    spec = importlib.util.spec_from_file_location("write_dictionary", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    for language, target in script.TARGETS.items():
        assert target.read_text("utf-8") == script.dictionary(language), "run scripts/write_dictionary.py"


def test_every_column_is_described():
    for name, schema in SCHEMAS.items():
        for field in schema:
            assert len(field.metadata[b"description"]) > 5, (name, field.name)


def test_links_lead_somewhere():
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_documented_functions_are_there():
    for name in ("extract", "load", "once", "read", "show"):
        assert getattr(pipeline, name).__doc__
    assert pipeline.review.__doc__
