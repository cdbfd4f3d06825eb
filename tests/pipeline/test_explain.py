"""A wrong value can be traced to one rule, in one file, by the words that it went by."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pipeline
from pipeline.analysis import explain
from pipeline.cli import app
from pipeline.view.labels import group
from pipeline.view.reports import of_doc
from rules import registry

ROOT = Path(pipeline.__file__).parents[1]
REPORT = (
    "Hòa Bình nghiệm thu đề án\n"
    "Đề án “Hỗ trợ máy sấy” tại xã Phong Phú, huyện Tân Lạc, tỉnh Hòa Bình có tổng kinh phí trên 1,75 tỷ đồng, "
    "trong đó khuyến công địa phương hỗ trợ 500 triệu đồng cho 2 cơ sở.\n"
)


def test_every_fact_is_there_with_all_its_rules(nlp, corpus_texts):
    for text in corpus_texts.values():
        doc = nlp(text)
        rows = of_doc(doc).facts
        found = explain.facts(doc)
        assert len(found) == sum(map(len, rows.values()))
        amounts = [fact for fact in found if fact.group == "amounts"]
        for fact, row in zip(amounts, rows["amounts"], strict=True):
            assert [reason.rule for reason in fact.reasons] == row["rule"].split("+")


def test_every_rule_that_the_reports_used_is_found_in_its_file(nlp, corpus_texts):
    for text in corpus_texts.values():
        for fact in explain.facts(nlp(text)):
            for reason in fact.reasons:
                assert reason.where, reason.rule
                assert reason.says, reason.rule
                path, line = reason.where.split(":")
                written = (ROOT / path).read_text("utf-8").splitlines()[int(line) - 1]
                assert reason.rule.split(".")[1] in written or "{" in written or reason.rule.endswith("surroundings")


def test_a_link_is_shown_where_it_is_decided_for_that_kind_of_mention():
    assert registry.where("link.clause", "amounts").startswith("rules/link/proposals.py:")
    assert registry.where("link.clause", "beneficiaries").startswith("rules/link/receivers.py:")
    for rule in ("link.clause", "link.recalled", "project.item"):  # no line that only asks for the id
        path, line = registry.where(rule).split(":")
        assert not re.search(r"==|!=| in ", (ROOT / path).read_text("utf-8").splitlines()[int(line) - 1])


def test_a_role_tells_the_words_that_decided_it(nlp):
    roles = {r.rule: r.evidence for f in explain.facts(nlp(REPORT)) for r in f.reasons if r.rule.startswith("role.")}
    assert "hỗ trợ" in roles.values()
    assert "tổng kinh phí" in roles.values()


def test_a_role_tells_the_features_that_spoke_for_it(nlp):
    sums = [fact for fact in explain.facts(nlp(REPORT)) if fact.group == "amounts"]
    assert sums
    for fact in sums:
        weights = [weight for _, weight in fact.weights]
        assert weights[0] > 0
        assert len(weights) <= 4
        assert weights == sorted(weights, reverse=True)


def test_a_record_tells_the_sums_that_fill_it(nlp):
    records = {
        r.rule: r.evidence for f in explain.facts(nlp(REPORT)) for r in f.reasons if r.rule.startswith("record.")
    }
    assert records == {"record.total": "trên 1,75 tỷ đồng", "record.support": "500 triệu đồng"}


def run(*args: object):
    return CliRunner().invoke(app, ["explain", *map(str, args)])


def test_the_command_is_plain_when_piped(tmp_path):
    (tmp_path / "a.txt").write_text(REPORT, "utf-8")
    done = run(tmp_path / "a.txt")
    assert done.exit_code == 0
    assert "\x1b" not in done.stdout
    assert "rules/role/roles.toml:" in done.stdout
    assert "because " in done.stdout
    assert "«hỗ trợ»" in done.stdout
    assert "1.750.000.000" in done.stdout
    only = run(tmp_path / "a.txt", "--find", "500 triệu")
    assert 0 < len(only.stdout) < len(done.stdout)
    assert "1,75" in only.stdout  # the sentence is shown whole, its other facts are not explained
    assert "role.total" not in only.stdout


@pytest.mark.usefixtures("vietnamese")
def test_all_of_it_is_vietnamese_when_asked_for(nlp, corpus_texts):
    english = {*registry.sentences(), *(words[0] for words in group("kind").values()), "exact", "because"}
    for text in corpus_texts.values():
        for fact in explain.facts(nlp(text)):
            told = {reason.says for reason in fact.reasons} | set(re.split(r", | -> |\(\d+\) ", fact.value))
            assert not told & english - {"OCOP"}, told & english
            assert not re.search(r"\b(?:of|sum|beneficiar\w+|part|count|or)\b", fact.value), fact.value


@pytest.mark.usefixtures("vietnamese")
def test_the_command_in_vietnamese(tmp_path):
    (tmp_path / "a.txt").write_text(REPORT, "utf-8")
    told = run(tmp_path / "a.txt", "--find", "500 triệu").stdout
    assert re.search(r"^  số tiền +500 triệu đồng  =  500.000.000\s₫, chính xác, hỗ trợ -> \(\d\)$", told, re.M), told
    assert "con số đi với đơn vị của nó" in told
    assert re.search(r"^    vì \S+ \+\d+", told, re.M)


def test_a_table_is_drawn_as_a_table(tmp_path):
    rows = "\n".join(f"{n} | Đề án máy sấy xã {n} | {n}00" for n in range(1, 6))
    (tmp_path / "a.txt").write_text(f"Danh mục đề án (ĐVT: triệu đồng)\nTT | Tên đề án | Kinh phí\n{rows}\n", "utf-8")
    lines = run(tmp_path / "a.txt").stdout.splitlines()
    assert next(line for line in lines if line.startswith("│ 3 ")).split("│")[3].strip() == "300"
    assert sum(line.startswith("│") for line in lines) == 6
    found = run(tmp_path / "a.txt", "--find", "400").stdout
    assert "│ 4 " in found
    assert "│ 3 " not in found
    assert "table.sum" in found


def test_what_cannot_be_read_is_said(tmp_path):
    done = run(tmp_path / "missing.txt")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "missing.txt" in done.stderr
    (tmp_path / "a.txt").write_text(REPORT, "utf-8")
    (tmp_path / "b.txt").write_text("", "utf-8")
    done = run(tmp_path)
    assert done.exit_code == 1
    assert "b.txt" in done.stderr
    assert "a.txt" in done.stdout


def test_what_is_not_found_is_said(tmp_path):
    (tmp_path / "a.txt").write_text(REPORT, "utf-8")
    (tmp_path / "b.txt").write_text("Tin ngắn\nHôm nay trời đẹp.\n", "utf-8")
    only = run(tmp_path, "--find", "500 triệu")
    assert "a.txt" in only.stdout
    assert "b.txt" not in only.stdout  # nothing of it is explained
    none = run(tmp_path, "--find", "501 triệu")
    assert (none.exit_code, none.stdout) == (0, "")
    assert "no fact contains '501 triệu'" in none.stderr
