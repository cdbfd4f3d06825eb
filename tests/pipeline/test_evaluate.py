"""The evaluation: on tables made by hand, and against the scorer of the folder beside the checkout."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console
from typer.testing import CliRunner

from pipeline.analysis.evaluate import TABLES, EvaluationError, Report, as_table, evaluate, name_f1
from pipeline.batch.run import run
from pipeline.tables.schema import SCHEMAS

Rows = dict[str, list[dict[str, Any]]]

TEXT = (
    "Đề án “Chế biến chè” cho 2 cơ sở tại huyện Tân Lạc, tổng kinh phí 300 triệu đồng, "
    "hỗ trợ từ 100 đến 120 triệu đồng. HTX Sao Mai góp máy."
)
GOLD: dict[str, Any] = {
    "id": "che",
    "title": None,
    "byline": "An Nhiên",
    "published": "2023-05-04",
    "province_code": "17",
    "projects": [
        {
            "id": "P1",
            "text": "Đề án “Chế biến chè”",
            "name": "Chế biến chè",
            "kind": "de_an",
            "programme": None,
            "year": 2023,
            "n_projects": 1,
            "n_beneficiaries": 2,
            "total_vnd": 300_000_000,
            "support_vnd": None,
            "counterpart_vnd": None,
        }
    ],
    "amounts": [
        {
            "text": "300 triệu đồng",
            "currency": "VND",
            "value": 300_000_000,
            "qualifier": "exact",
            "role": "total",
            "project": "P1",
        },
        {
            "text": "từ 100 đến 120 triệu đồng",
            "currency": "VND",
            "low": 100_000_000,
            "high": 120_000_000,
            "qualifier": "range",
            "role": "support",
            "project": "P1",
        },
    ],
    "beneficiaries": [
        {"text": "2 cơ sở", "kind": "establishment", "count": 2, "name": None, "project": "P1"},
        {"text": "HTX Sao Mai", "kind": "cooperative", "count": 1, "name": "HTX Sao Mai", "project": None},
    ],
    "locations": [
        {
            "text": "huyện Tân Lạc",
            "level": "district",
            "name": "Huyện Tân Lạc",
            "code": "155",
            "province_code": "17",
            "project": ["P1"],
        },
    ],
}


def mention(text: str, **more: Any) -> dict[str, Any]:
    start = TEXT.index(text)
    return {"doc_id": "d1", "start": start, "end": start + len(text), "text": text} | more


@pytest.fixture
def rows() -> Rows:
    """Tables that say just what the gold facts say."""
    dong = {"currency": "VND", "project_id": "p1"}
    return {
        "documents": [
            {"doc_id": "d1", "source": "a/che.txt", "text": TEXT, "byline": "An Nhiên", "province_code": "17"}
            | {"published": _date("2023-05-04")}
        ],
        "projects": [
            mention("Đề án “Chế biến chè”", project_id="p1", name="Chế biến chè", kind="de_an", year=2023)
            | {"n_projects": 1, "n_beneficiaries": 2, "total_vnd": 300_000_000}
        ],
        "amounts": [
            mention("300 triệu đồng", value=Decimal(300_000_000), qualifier="exact", role="total") | dong,
            mention("từ 100 đến 120 triệu đồng", qualifier="range", role="support")
            | {"low": Decimal(100_000_000), "high": Decimal(120_000_000)}
            | dong,
        ],
        "beneficiaries": [
            mention("2 cơ sở", kind="establishment", count=2, project_id="p1"),
            mention("HTX Sao Mai", kind="cooperative", count=1, name="HTX Sao Mai"),
        ],
        "locations": [mention("huyện Tân Lạc", level="district", name="Huyện Tân Lạc", code="155")],
    }


@pytest.fixture
def judge(tmp_path: Path):
    """Write `GOLD` and the given tables, and compare them."""

    def compare(rows: Rows, gold: dict[str, Any] = GOLD) -> Report:
        folder, out = tmp_path / "gold", tmp_path / "out"
        folder.mkdir(exist_ok=True)
        (folder / "che.json").write_text(json.dumps(gold), encoding="utf-8")
        for table, content in rows.items():
            (out / table).mkdir(parents=True, exist_ok=True)
            pq.write_table(_filled(table, content), out / table / "part-0.parquet")
        return evaluate(folder, out)

    return compare


def _filled(table: str, rows: list[dict[str, Any]]) -> pa.Table:
    """The rows as a table of the contract; columns that the evaluation does not read get a filler."""
    schema = SCHEMAS[table]
    full = [{column.name: row.get(column.name, _filler(column)) for column in schema} for row in rows]
    return pa.Table.from_pylist(full, schema=schema)


def _filler(column: pa.Field) -> Any:
    if column.nullable:
        return None
    if pa.types.is_list(column.type):
        return []
    return 0 if pa.types.is_integer(column.type) else "x"


def _date(day: str) -> Any:
    return pa.scalar(day).cast(pa.date32()).as_py()


def test_the_same_facts_score_one(judge, rows):
    report = judge(rows)
    assert set(report.values().values()) == {1.0}
    assert report.differences == []
    assert report.absent == []


def test_nothing_found(judge, rows):
    report = judge(rows | {table: [] for table in TABLES})
    assert [report.values()[f"{table}.f1"] for table in TABLES] == [0.0] * 4
    assert report.counts["amounts"].missed == 2
    assert "che: amounts: missed '300 triệu đồng'" in report.differences


def test_a_wrong_figure_is_missed_and_extra(judge, rows):
    rows["amounts"][0]["value"] = Decimal(3_000_000)
    counts = judge(rows).counts["amounts"]
    assert (counts.hit, counts.extra, counts.missed) == (1, 1, 1)
    assert counts.f1 == pytest.approx(0.5)


def test_the_right_figure_at_another_place_is_not_found(judge, rows):
    rows["amounts"][0] |= {"start": 0, "end": 5, "text": TEXT[:5]}
    assert judge(rows).counts["amounts"].hit == 1


def test_wrong_attributes_of_found_facts(judge, rows):
    rows["amounts"][0] |= {"role": "support", "project_id": None}
    rows["projects"][0] |= {"year": None, "total_vnd": None}
    values = judge(rows).values()
    assert values["amounts.f1"] == 1.0
    assert values["amount.role"] == 0.5
    assert values["amount.project"] == 0.5
    assert values["project.year"] == 0.0
    assert values["project.total_vnd"] == 0.0
    assert values["project.record"] == 0.0


def test_programme_empty_on_both_sides_is_not_counted(judge, rows):
    assert "project.programme" not in judge(rows).values()
    rows["projects"][0]["programme"] = "ocop"
    assert judge(rows).values()["project.programme"] == 0.0


def test_an_undertaking_of_another_name_does_not_stand_for_it(judge, rows):
    rows["projects"][0]["name"] = "Sản xuất gạch không nung"
    report = judge(rows)
    assert (report.counts["projects"].extra, report.counts["projects"].missed) == (1, 1)
    assert report.values()["amount.project"] == 0.0


def test_each_row_stands_for_one_gold_undertaking(judge, rows):
    twice = GOLD | {"projects": [GOLD["projects"][0], GOLD["projects"][0] | {"id": "P2"}]}
    counts = judge(rows, twice).counts["projects"]
    assert (counts.hit, counts.missed) == (1, 1)


def test_a_receiver_needs_its_count(judge, rows):
    rows["beneficiaries"][0]["count"] = 3
    assert judge(rows).counts["beneficiaries"].hit == 1


def test_a_named_receiver_may_stand_elsewhere(judge, rows):
    rows["beneficiaries"][1] |= {"start": 0, "end": 5}
    assert judge(rows).counts["beneficiaries"].hit == 2


def test_places_are_compared_as_a_set(judge, rows):
    rows["locations"] *= 2
    assert judge(rows).values()["locations.f1"] == 1.0
    rows["locations"] = [rows["locations"][0] | {"code": "152"}]
    counts = judge(rows).counts["locations"]
    assert (counts.hit, counts.extra, counts.missed) == (0, 1, 1)


def test_a_document_that_was_not_run(judge, rows):
    rows["documents"][0]["source"] = "another.txt"
    report = judge(rows)
    assert report.absent == ["che"]
    assert report.counts["amounts"].missed == 2


def test_document_attributes(judge, rows):
    rows["documents"][0] |= {"byline": None, "published": None}
    values = judge(rows).values()
    assert values["document.byline"] == values["document.published"] == 0.0
    assert values["document.province_code"] == 1.0


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (None, None, 1.0),
        ("", "   ", 1.0),
        ("chế biến chè", None, 0.0),
        ("chế biến chè", "Chế  biến chè", 1.0),
        ("chế biến", "chế biến chè xanh", 2 / 3),
        ("chè chè", "chè", 2 / 3),
    ],
)
def test_likeness_of_names(a, b, expected):
    assert name_f1(a, b) == pytest.approx(expected)


def test_places_that_nobody_annotated_are_not_counted(judge, rows):
    gold = {**GOLD, "locations": None}
    report = judge(rows, gold)
    assert report.counts["locations"].extra == 0
    assert report.values()["records.f1"] == 1.0


def test_a_record_is_whole_or_it_is_not(judge, rows):
    rows["projects"][0]["total_vnd"] = 1
    values = judge(rows).values()
    assert (values["projects.f1"], values["records.f1"]) == (1.0, 0.0)


def test_no_gold_facts(tmp_path):
    with pytest.raises(EvaluationError, match="no gold facts"):
        evaluate(tmp_path, tmp_path)


def test_a_json_file_of_another_kind(tmp_path):
    (tmp_path / "x.json").write_text("[]")
    (tmp_path / "documents").mkdir()
    for table in TABLES:
        (tmp_path / table).mkdir()
    with pytest.raises(EvaluationError, match=r"x\.json holds no gold facts"):
        evaluate(tmp_path, tmp_path)


def test_no_tables(tmp_path):
    (tmp_path / "x.json").write_text(json.dumps(GOLD))
    with pytest.raises(EvaluationError, match="no table documents"):
        evaluate(tmp_path, tmp_path)


def test_the_printed_table(judge, rows):
    console = Console(width=80, record=True, file=None, quiet=False)
    with console.capture() as shown:
        console.print(as_table(judge(rows)))
    lines = {line.split()[0]: line.split()[1:] for line in shown.get().splitlines() if "." in line}
    assert lines["amounts.f1"] == ["1.000", "1.000", "1.000", "2", "2", "0"]
    assert lines["amount.role"] == ["1.000", "2", "2"]
    assert "…" not in shown.get()


@pytest.mark.shared
@pytest.mark.parametrize("name", ["gold", "gold-prov", "gold-news", "linked/reports", "tables"])
def test_agrees_with_the_scorer(shared, tmp_path, name):
    """The same figures as the scorer beside the gold facts, over a real run."""
    gold, out, figures = shared / name, tmp_path / "out", tmp_path / "figures.json"
    run([gold], out)
    scorer = [sys.executable, str(shared / "score" / "score.py"), str(gold), str(out), "--json", str(figures)]
    subprocess.run(scorer, check=True, capture_output=True)
    assert evaluate(gold, out).values() == json.loads(figures.read_text())


def test_the_command(judge, rows, tmp_path):
    from typer import Typer

    from pipeline.analysis.evaluate import main

    judge(rows)
    app = Typer()
    app.command()(main)
    figures = tmp_path / "figures.json"
    result = CliRunner().invoke(
        app, [str(tmp_path / "gold"), str(tmp_path / "out"), "--errors", "--json", str(figures)]
    )
    assert result.exit_code == 0
    assert json.loads(figures.read_text())["amounts.f1"] == 1.0
    assert CliRunner().invoke(app, [str(tmp_path), str(tmp_path)]).exit_code == 2
