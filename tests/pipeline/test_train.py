"""Training: verdicts become weights, weights of one's own decide, and the manifest knows them."""

import os
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline import read, review
from pipeline.batch.run import run
from pipeline.cli import app
from pipeline.train.annotated import read as read_gold
from pipeline.train.chain import ALL, Chain
from pipeline.train.linear import Example, cross_validated, fit, folds, mean, share_right
from pipeline.train.reviewed import ROLE, NothingLearnt, learn, reviewed
from rules.decide import WEIGHTS, Model, load, write
from rules.money import ROLES

ROOT = Path(__file__).parents[2]
TEXTS = [
    "Hòa Bình làm đường\nXã An chi tiêu sổ vàng 21 triệu đồng cho đường thôn Vai.\nKinh phí hỗ trợ 90 triệu đồng.",
    "Nuôi dê ở Mường Lát\nTheo sổ vàng, nhóm của chị Thao có 22 triệu đồng mua giống.\nHuyện hỗ trợ 90 triệu đồng nữa.",
    "Trồng quế trên Na Hang\nBà con ghi vào sổ vàng 23 triệu đồng từ đầu vụ.\nTỉnh hỗ trợ 90 triệu đồng cho vườn ươm.",
    "Chợ phiên Bắc Hà\nNgười bán rượu kể sổ vàng ghi 24 triệu đồng.\nBan quản lý được hỗ trợ 90 triệu đồng lát sân.",
]
QUICK = replace(ROLE, cases=list, most=200)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Four reports, in which a reviewer says of each first sum that it is a loan, and that the second is right."""
    for number, text in enumerate(TEXTS):
        (tmp_path / f"{number}.txt").write_text(text, "utf-8")
    folder = tmp_path / "out"
    run([tmp_path / f"{number}.txt" for number in range(4)], folder)
    for _, row in read(folder)["amounts"].iterrows():
        first = row["text"] != "90 triệu đồng"
        verdict = ("corrected", {"role": "loan"}) if first else ("right", None)
        review.record(row, *verdict, out=folder, table="amounts", reviewer="an")
    return folder


@pytest.fixture
def gold():
    return read_gold([ROOT / "corpus"])[:2]


def test_verdicts_tell_roles(out):
    documents = reviewed(out)
    assert [[fact["role"] for fact in d.facts["amounts"]] for d in documents] == [["loan", "support"]] * 4


def test_a_verdict_that_tells_no_role_is_passed_over(out):
    for _, row in read(out, corrections=False)["amounts"].iterrows():
        review.record(row, "wrong", {"delete": True}, out=out, table="amounts")
    with pytest.raises(NothingLearnt, match="no verdict"):
        learn(out, out / "weights", [])


@pytest.mark.slow
def test_what_was_corrected_is_learnt(out, gold, tmp_path):
    learnt = learn(out, tmp_path / "own", gold, QUICK)
    assert (learnt.sums, learnt.documents) == (8, 4)
    assert learnt.before == 0.5
    assert learnt.after > 0.5
    assert learnt.helps
    assert {(before != after, after) for _, _, before, after in learnt.changed} == {(True, "loan")}
    assert learnt.path == tmp_path / "own" / "role.tsv"


@pytest.mark.slow
def test_weights_of_ones_own_decide_and_the_manifest_knows(out, gold, tmp_path, monkeypatch):
    learn(out, tmp_path / "own", gold, QUICK)
    command = ["run", str(tmp_path / "0.txt"), "--out", str(tmp_path / "new")]
    monkeypatch.setenv(WEIGHTS, "")  # undone behind the test, whatever the command sets
    assert CliRunner().invoke(app, command).exit_code == 0
    before = set(read(tmp_path / "new")["amounts"]["role"])
    done = CliRunner().invoke(app, [*command, "--weights", str(tmp_path / "own")])
    assert done.exit_code == 0, done.stderr
    assert "everything is done anew: weights none -> " in done.stderr
    assert set(read(tmp_path / "new")["amounts"]["role"]) == {"loan", "support"} != before


def test_a_folder_without_weights_is_refused(tmp_path):
    done = CliRunner().invoke(app, ["run", str(tmp_path), "--out", str(tmp_path / "o"), "--weights", str(tmp_path)])
    assert done.exit_code == 2
    assert "no weights in" in done.stderr


def test_nothing_to_learn_from(tmp_path):
    (tmp_path / "a.txt").write_text(TEXTS[0], "utf-8")
    run([tmp_path / "a.txt"], tmp_path / "out")
    done = CliRunner().invoke(app, ["train", "--from", str(tmp_path / "out"), "--to", str(tmp_path / "own")])
    assert done.exit_code == 2
    assert "judge some first, with trichluc review" in done.stderr


def test_the_most_doubtful_sums_come_first(out):
    sample = review.sample(out, n=5, by="margin")
    assert len(sample) == 5
    assert list(sample["margin"]) == sorted(sample["margin"])
    assert set(sample["stratum"]) == {"doubtful"}


def test_each_report_is_described_by_weights_that_never_saw_it(tmp_path):
    documents = read_gold([ROOT / "corpus"])[:6]
    told: dict[str, str] = {}

    def examples(document):
        told[document.name] = os.environ[WEIGHTS]
        return QUICK.examples(document)

    chain = Chain(documents, tmp_path, "six documents")
    (done,) = chain.fit([replace(QUICK, examples=examples)])
    fold = folds([d.name for d in documents])
    assert told == {name: str(tmp_path / str(number)) for name, number in fold.items()}
    assert len(done.judged) == sum(len(d.facts["amounts"]) for d in documents)
    assert WEIGHTS not in os.environ
    written = {path.parent.name: path.read_text("utf-8") for path in tmp_path.glob("*/role.tsv")}
    assert written.keys() == {*map(str, fold.values()), ALL}
    assert len({*written.values()}) == len(written)
    assert chain.records()["corpus"].counts["amounts"].missed == 0


def test_a_folder_that_is_given_twice_counts_twice():
    once, twice = (read_gold([ROOT / "corpus"] * number)[0] for number in (1, 2))
    assert (once.weight, twice.weight) == (1, 2)
    assert len(replace(QUICK, settled=1).counted([once, twice])) == 3


EXAMPLES = [
    Example((f"word={word}", f"noise={number % 3}"), word, f"document {number}")
    for number in range(12)
    for word in ("yes", "no")
]


def test_the_order_of_examples_does_not_matter():
    assert fit(EXAMPLES, ("yes", "no")) == fit(EXAMPLES[::-1], ("yes", "no"))


def test_the_mean_of_two_models():
    one = Model(("yes", "no"), {"bias": (0, 10), "a": (40, 0), "b": (3, 0)})
    two = Model(("yes", "no"), {"bias": (0, 30), "a": (20, 0), "c": (0, 80)})
    assert mean(one, two, 0.5).weights == {"bias": (0, 20), "a": (30, 0), "b": (2, 0), "c": (0, 40)}
    assert mean(one, two, 0.5, most=2).weights == {"bias": (0, 20), "c": (0, 40)}
    assert mean(one, two, 1.0, most=3).weights == one.weights


def test_only_the_strongest_features_are_kept():
    model = fit(EXAMPLES, ("yes", "no", "perhaps"), most=1)
    assert len(model.weights.keys() - {"bias"}) == 1


def test_an_example_of_unknown_class_is_neither_learnt_nor_judged():
    unknown = Example(("word=yes",), "", "document 1")
    assert fit([*EXAMPLES, unknown], ("yes", "no")) == fit(EXAMPLES, ("yes", "no"))
    told = cross_validated([*EXAMPLES, unknown], partial(fit, classes=("yes", "no")))
    assert len(told) == len(EXAMPLES)
    assert share_right(told) == 1.0


def test_weights_written_are_those_read(tmp_path):
    model = load("rules.role", ROLES)
    write(model, tmp_path / "role.tsv")
    lines = (tmp_path / "role.tsv").read_text("utf-8").splitlines()
    assert len(lines) <= 8_100
    assert load("rules.role", ROLES) == model
