"""The reports of benchmarks/linked, from extraction on: what is one undertaking in several of them, and what is two."""

import runpy
from pathlib import Path

import pytest
from batch import go

import pipeline

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
linked = runpy.run_path(str(BENCHMARKS / "linked.py"))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("linked")
    go(BENCHMARKS / "linked", target / "out")
    return target / "out"


def test_undertakings_of_other_hands_are_joined_rightly(out):
    judged = linked["score"](BENCHMARKS / "linked", out)
    assert judged.wrong == []
    assert judged.f1 >= 0.9
    assert abs(judged.support - judged.wanted) <= 0.14 * judged.wanted  # "25 tỷ each" is given to none of two roads


def test_a_title_of_two_receivers_in_one_report_is_two(out):
    projects = pipeline.read(out)["projects"]
    found = projects[(projects["source"] == "hd-3-nghiem-thu.txt") & (projects["n_projects"] == 1)]
    assert sorted(found["total_vnd"]) == [815_000_000, 842_000_000]


def test_built_anew_is_not_mended(out):
    schools = pipeline.read(out)["undertakings"]
    schools = schools[schools["name"].fillna("").str.contains("Trường Tiểu học Đoàn Trị")]
    assert sorted(schools["support_vnd"]) == [800_000_000, 9_000_000_000]
