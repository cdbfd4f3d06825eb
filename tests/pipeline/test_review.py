"""Sample, judge, report, correct, and keep: with known answers."""

import json
import re
import subprocess
import sys
from collections import Counter

import pandas as pd
import pytest

import pipeline
from pipeline import review
from pipeline.batch.run import run
from pipeline.corrections import overlay
from pipeline.corrections.verdicts import folder
from pipeline.review import cases
from pipeline.review.sampling import shares
from pipeline.review.terminal import judge, shares_told

REPORT = (
    "Hòa Bình nghiệm thu đề án\n"
    "Đề án “Hỗ trợ máy sấy” tại xã Phong Phú, huyện Tân Lạc, tỉnh Hòa Bình có tổng kinh phí trên 1,75 tỷ đồng, "
    "trong đó khuyến công địa phương hỗ trợ 500 triệu đồng cho 2 cơ sở.\n"
    "Đề án “Ứng dụng máy dệt” có tổng kinh phí 800 triệu đồng. Doanh thu của cơ sở đạt 90 triệu đồng.\n"
)


@pytest.fixture
def out(tmp_path, corpus_texts):
    (tmp_path / "in").mkdir()
    for name in ("bac-giang-nong-thon-moi", "bac-kan-mien-dong", "binh-thuan-ke-bien", "ca-mau-truong-hoc"):
        text = corpus_texts[name]
        (tmp_path / "in" / f"{name}.txt").write_text(text, "utf-8")
    (tmp_path / "in" / "bai.txt").write_text(REPORT, "utf-8")
    run([tmp_path / "in"], tmp_path / "out")
    return tmp_path / "out"


def row(out, text: str, table: str = "amounts") -> pd.Series:
    rows = pipeline.read(out, corrections=False)[table]
    return rows[(rows["text"] == text) & (rows["source"] == "bai.txt")].iloc[0]


# --- sample


def test_a_sample_is_stratified_and_the_same_for_the_same_seed(out):
    one, again = (review.sample(out, n=20, by="role", seed=1) for _ in range(2))
    pd.testing.assert_frame_equal(one, again)
    assert one["amount_id"].is_unique
    assert len(one) == 20
    roles = pipeline.read(out)["amounts"]["role"].value_counts()
    assert set(one["role"]) == set(roles[roles > 0].index)
    weights = one.groupby("stratum", observed=True)["weight"].sum()
    for role, size in weights.items():
        assert size == pytest.approx(roles[role])
    assert not one["amount_id"].equals(review.sample(out, n=20, seed=2)["amount_id"])


@pytest.mark.parametrize("n", [1, 3, 7, 50, 1000])
def test_shares_add_up(n):
    sizes = {"a": 100, "b": 40, "c": 1, "d": 9}
    given = shares(sizes, n)
    assert sum(given.values()) == min(n, 150)
    assert all(given[name] <= sizes[name] for name in sizes)


def test_a_sample_shows_the_mention_in_its_sentence(out):
    for table in ("amounts", "projects", "beneficiaries", "locations"):
        for drawn in review.sample(out, table, n=10).itertuples():
            assert f"⟦{drawn.text}⟧" in drawn.context


def test_what_cannot_be_sampled_is_said(out):
    with pytest.raises(ValueError, match="choose one of projects"):
        review.sample(out, "sums")
    with pytest.raises(ValueError, match="no column 'colour'"):
        review.sample(out, by="colour")
    with pytest.raises(ValueError, match="at least one"):
        review.sample(out, n=0)


# --- verdicts


def test_a_verdict_survives_another_process_and_a_torn_line(out):
    review.record(row(out, "800 triệu đồng"), "right", reviewer="An")
    log = folder(out) / "verdicts.jsonl"
    with log.open("a") as file:
        file.write('{"time": "2026-0')  # the power went off here
    code = (
        "from pipeline import review; import pipeline;"
        f"rows = pipeline.read({str(out)!r})['amounts'];"
        "review.record(rows[rows['text'] == '90 triệu đồng'].iloc[0], 'wrong', reviewer='Bình')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert review.verdicts(out)[["text", "verdict", "reviewer"]].values.tolist() == [
        ["800 triệu đồng", "right", "An"],
        ["90 triệu đồng", "wrong", "Bình"],
    ]


def test_the_last_verdict_on_a_row_holds(out):
    for verdict in ("wrong", "right"):
        review.record(row(out, "800 triệu đồng"), verdict)
    assert review.verdicts(out)["verdict"].tolist() == ["right"]
    assert len((folder(out) / "verdicts.jsonl").read_text("utf-8").splitlines()) == 2


def test_a_verdict_that_makes_no_sense_is_refused(out):
    drawn = row(out, "800 triệu đồng")
    for verdict, correction, message in (
        ("good", None, "choose one of right"),
        ("right", {"role": "support"}, "needs a correction"),
        ("corrected", None, "needs a correction"),
        ("corrected", {"colour": "red"}, "cannot be corrected"),
        ("corrected", {"role": "suport"}, "choose one of total, support"),
        ("corrected", {"value": "1.750.000.000"}, "digits only"),
        ("corrected", {"project_id": "nobody"}, "no undertaking"),
    ):
        with pytest.raises(ValueError, match=message):
            review.record(drawn, verdict, correction)
    assert not folder(out).exists()


# --- report


def test_wilson_against_published_values():
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3.
    for right, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert [round(end, 4) for end in review.wilson(right, n)] == [low, high]


def test_report_counts_by_table_role_rule_and_source(out):
    review.record(row(out, "800 triệu đồng"), "right")
    review.record(row(out, "90 triệu đồng"), "wrong")
    review.record(row(out, "500 triệu đồng"), "corrected", {"role": "loan"})
    table = review.report(out)
    assert Counter(table["by"]).keys() == {"table", "role", "rule", "source"}
    whole = table[table["by"] == "table"].iloc[0]
    assert (whole["judged"], whole["wrong"], whole["precision"]) == (3, 2, 0.3333)
    assert (whole["low"], whole["high"]) == tuple(round(end, 4) for end in review.wilson(1, 3))
    rules = table[table["by"] == "rule"]
    assert rules.iloc[0]["value"] == "money.figure"
    assert rules["wrong"].is_monotonic_decreasing
    assert set(review.worst(out)["rule"]) <= set(rules["value"])
    assert review.worst(out)["example"].notna().all()
    with pytest.raises(ValueError, match="choose one of"):
        review.report(out, by="colour")


def test_strata_count_with_their_weight(out):
    drawn = review.sample(out, n=12)
    common = drawn["stratum"].value_counts().index[0]
    for _, one in drawn.iterrows():
        review.record(one, "right" if one["stratum"] == common else "wrong", out=out, table="amounts")
    share = drawn.loc[drawn["stratum"] == common, "weight"].sum() / drawn["weight"].sum()
    whole = review.report(out, by="table").iloc[0]
    assert whole["precision"] == pytest.approx(share, abs=1e-4)


def test_nothing_judged_gives_an_empty_report(out):
    assert review.report(out).empty
    assert review.verdicts(out).empty
    assert review.worst(out).empty
    assert review.to_cases(out, out / "cases.toml") == []


# --- correct


def test_corrections_are_laid_over_with_their_source(out):
    tables = pipeline.read(out)
    other = tables["projects"][tables["projects"]["name"] == "Ứng dụng máy dệt"].iloc[0]
    review.record(row(out, "500 triệu đồng"), "corrected", {"value": "600000000", "role": "loan"}, reviewer="An")
    review.record(row(out, "90 triệu đồng"), "corrected", {"project_id": other["project_id"]}, reviewer="An")
    review.record(row(out, "800 triệu đồng"), "wrong", {"delete": True})
    amounts = pipeline.read(out)["amounts"]
    amounts = amounts[amounts["source"] == "bai.txt"].set_index("text")
    changed = amounts.loc["500 triệu đồng"]
    assert (changed["role"], changed["value_vnd"], changed["low_vnd"]) == ("loan", 600_000_000, 600_000_000)
    assert "role: support -> loan" in changed["corrected"]
    assert "(An, " in changed["corrected"]
    assert amounts.loc["90 triệu đồng", "project_name"] == "Ứng dụng máy dệt"
    assert "800 triệu đồng" not in amounts.index
    assert amounts["corrected"].notna().sum() == 2
    before = pipeline.read(out, corrections=False)["amounts"]
    assert "corrected" not in before
    assert before["amount_id"].isin(tables["amounts"]["amount_id"]).all()


def test_corrections_survive_a_fresh_run(out, tmp_path):
    review.record(row(out, "500 triệu đồng"), "corrected", {"role": "loan"})
    run([tmp_path / "in"], out, fresh=True) if "fresh" in run.__code__.co_varnames else run([tmp_path / "in"], out)
    amounts = pipeline.read(out)["amounts"].set_index(["source", "text"])
    assert amounts.loc[("bai.txt", "500 triệu đồng"), "role"] == "loan"


def test_a_corrected_row_that_another_run_misses_comes_back(out):
    review.record(row(out, "500 triệu đồng"), "corrected", {"role": "loan"}, reviewer="An")
    found = pipeline.read(out, corrections=False)
    found["amounts"] = found["amounts"][found["amounts"]["text"] != "500 triệu đồng"]
    laid = overlay.apply(found, out)["amounts"]
    back = laid[laid["text"] == "500 triệu đồng"].iloc[0]
    assert (back["role"], back["value_vnd"], back["rule"]) == ("loan", 500_000_000, "review")
    assert laid.dtypes["value_vnd"] == found["amounts"].dtypes["value_vnd"]


CORRECTIONS = {
    "projects": {"year": 1999, "programme": "rung_xanh"},
    "amounts": {"value": None},
    "beneficiaries": {"count": 5},
    "locations": {"code": "05089", "name": None},
}


@pytest.mark.parametrize("table", CORRECTIONS)
def test_every_table_can_be_corrected(out, tmp_path, nlp, table):
    text = {"projects": "Đề án “Hỗ trợ máy sấy”", "amounts": "500 triệu đồng", "beneficiaries": "2 cơ sở"}
    drawn = row(out, text.get(table, "xã Phong Phú"), table)
    review.record(drawn, "corrected", CORRECTIONS[table])
    before, after = pipeline.read(out, corrections=False)[table], pipeline.read(out)[table]
    assert len(before) == len(after)
    changed = after[after["corrected"].notna()].iloc[0]
    for column, value in CORRECTIONS[table].items():
        assert pd.isna(changed[column]) if value is None else changed[column] == value
    missed = {**pipeline.read(out, corrections=False)}
    missed[table] = before[before["start"] != drawn["start"]]
    back = overlay.apply(missed, out)[table]
    assert back[back["rule"] == "review"]["text"].tolist() == [drawn["text"]]
    (case,) = review.to_cases(out, tmp_path / "review.toml", nlp)
    assert "xfail" in case
    assert cases.load(tmp_path / "review.toml") == [case]


def test_a_deleted_undertaking_leaves_no_link(out):
    tables = pipeline.read(out)
    gone = tables["projects"][tables["projects"]["name"] == "Hỗ trợ máy sấy"].iloc[0]
    review.record(gone, "wrong", {"delete": True})
    tables = pipeline.read(out)
    assert gone["project_id"] not in set(tables["projects"]["project_id"])
    for name in ("amounts", "beneficiaries", "locations"):
        assert gone["project_id"] not in set(tables[name]["project_id"])


# --- keep


def test_corrections_become_cases(out, tmp_path, nlp):
    review.record(row(out, "500 triệu đồng"), "corrected", {"role": "loan"}, reviewer="An")
    review.record(row(out, "90 triệu đồng"), "wrong", {"delete": True})
    path = tmp_path / "cases" / "review.toml"
    made = review.to_cases(out, path, nlp)
    assert len(made) == 2
    first, second = cases.load(path)
    assert first["expect"] == {"role": "loan"}
    assert "role is 'support', not 'loan'" in first["xfail"]
    assert first["text"].startswith("Đề án “Hỗ trợ máy sấy”")  # the smallest passage with the mistake
    assert first["text"].endswith("cho 2 cơ sở.")
    assert second["absent"]
    assert second["text"] == "Doanh thu của cơ sở đạt 90 triệu đồng."
    assert review.to_cases(out, path, nlp) == []  # known ones are not written again
    assert [case == load for case, load in zip(made, cases.load(path), strict=True)] == [True, True]


def test_a_correction_that_the_rules_have_learned_becomes_a_passing_case(out, tmp_path, nlp):
    drawn = row(out, "800 triệu đồng").copy()
    drawn["role"] = "other"  # as if an older run had said so
    review.record(drawn, "corrected", {"role": "total"}, out=out, table="amounts")
    (case,) = review.to_cases(out, tmp_path / "review.toml", nlp)
    assert "xfail" not in case
    assert cases.failure(case, nlp) is None
    assert cases.failure(case | {"expect": {"role": "loan"}}, nlp)


def test_a_link_is_a_case_too(out, tmp_path, nlp):
    drawn = row(out, "800 triệu đồng")
    projects = pipeline.read(out)["projects"]
    other = projects[projects["name"] == "Hỗ trợ máy sấy"].iloc[0]
    review.record(drawn, "corrected", {"project_id": other["project_id"]})
    (case,) = review.to_cases(out, tmp_path / "review.toml", nlp)
    assert case["expect"] == {"project": other["text"]}
    assert "project is" in case["xfail"]


# --- the terminal


def test_a_slip_of_the_keyboard_passes_no_row_over(out):
    answers = iter(["đ", "", "right", "c", "nothing such", "role", "support", "r", "q"])
    asked = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return next(answers)

    assert judge(out, "amounts", 3, 0, ask, [].append) == 2
    assert len(asked) == 9
    verdicts = review.sample(out, "amounts", 3, seed=0)["verdict"]
    assert Counter(verdicts.dropna()) == {"corrected": 1, "right": 1}


def test_a_mention_is_marked_where_it_stands(tmp_path):
    heads = "TT | Tên đề án | Tổng | Hỗ trợ | Đối ứng"
    text = f"Danh mục đề án (ĐVT: triệu đồng)\n{heads}\n1 | Đề án máy sấy chè | 150 | 100 | 50\n"
    (tmp_path / "a.txt").write_text(text, "utf-8")
    run([tmp_path], tmp_path / "out")
    rows = review.sample(tmp_path / "out", "amounts", 9)
    marked = dict(zip(rows["value_vnd"], rows["context"], strict=True))
    assert marked[50_000_000].endswith("| 150 | 100 | ⟦50⟧")
    assert marked[150_000_000].endswith("| ⟦150⟧ | 100 | 50")


@pytest.mark.usefixtures("vietnamese")
def test_the_terminal_speaks_as_people_do(out):
    said: list[str] = []
    answers = iter(["r", "q"])
    judge(out, "amounts", 9, 0, lambda _prompt: next(answers), said.append)
    told = "\n".join(said)
    assert re.search(r"^  giá trị: \D*\d{1,3}(\.\d{3})+ ₫$", told, re.M), told
    assert re.search(r"^  vai trò: (hỗ trợ|tổng kinh phí|đối ứng|khác)", told, re.M), told
    assert not re.search(r"^  (?!quy tắc).*(?:value|support|-p\d)", told, re.M), told
    (first, *_others) = shares_told(review.columns(out))
    assert first == "số tiền, cả dòng: đúng 100% (từ 21% đến 100%; đã xem 1)"


# --- the widget


def test_the_widget_judges_and_opens_where_it_was_left(out):
    pytest.importorskip("ipywidgets")
    from pipeline.review.widget import Judge

    drawn = review.sample(out, n=5)
    widget = Judge(drawn, reviewer="An")
    widget.buttons["right"].click()
    widget.buttons["wrong"].click()
    widget.fields["role"].value = "damage"
    widget.buttons["save"].click()
    assert review.verdicts(out)["verdict"].tolist() == ["right", "wrong", "corrected"]
    assert review.verdicts(out)["correction"].tolist()[2] == {"role": "damage"}
    again = Judge(review.sample(out, n=5), language="vi")
    assert again.place == 3
    assert "Đúng" in again.buttons["right"].description
    assert "4 / 5" in again.progress.value
    assert 'class="amounts focus"' in again.report.value


def test_the_widget_says_what_is_no_figure(out):
    pytest.importorskip("ipywidgets")
    from pipeline.review.widget import Judge

    widget = Judge(review.sample(out, n=3))
    widget.fields["value"].value = "nửa tỷ"
    widget.buttons["save"].click()
    assert "digits only" in widget.progress.value
    assert review.verdicts(out).empty
    widget.fields["value"].value = "1 750 000"
    widget.buttons["save"].click()
    assert review.verdicts(out)["correction"].tolist() == [{"value": "1750000"}]


def test_without_ipywidgets_the_sample_itself_is_given(out, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    drawn = review.sample(out, n=3)
    assert review.judge(drawn) is drawn


def test_the_log_is_plain_json(out):
    review.record(row(out, "trên 1,75 tỷ đồng"), "right", note="rõ")
    (line,) = (folder(out) / "verdicts.jsonl").read_text("utf-8").splitlines()
    entry = json.loads(line)
    assert entry["row"]["value"] == "1750000000"
    assert entry["note"] == "rõ"
