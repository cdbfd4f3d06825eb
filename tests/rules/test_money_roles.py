"""Roles of sums: cases as data, and what holds for every report."""

import tomllib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.layout import Layout
from rules.money import ROLES, Amount, find
from rules.role import assign_roles

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "money" / "roles.toml").read_text("utf-8"))["case"]


def layout_of(text: str) -> Layout:
    """A layout with one paragraph a line, cut into sentences behind a full stop and a space."""
    paragraphs, sentences, owners, at = [], [], [], 0
    for line in text.split("\n"):
        paragraphs.append((at, at + len(line)))
        start = at
        while start < at + len(line):
            stop = text.find(". ", start, at + len(line))
            end = at + len(line) if stop < 0 else stop + 1
            sentences.append((start, end))
            owners.append(len(paragraphs) - 1)
            start = end + 1
        at += len(line) + 1
    return Layout(text, None, None, None, tuple(paragraphs), tuple(sentences), tuple(owners))


def roles_of(text: str) -> list[Amount]:
    return assign_roles(layout_of(text), find(text))


def params() -> list[Any]:
    return [
        pytest.param(
            case["text"],
            case["roles"],
            marks=[pytest.mark.xfail(strict=True, reason=case["xfail"])] if "xfail" in case else [],
            id=case["text"][:60],
        )
        for case in CASES
    ]


@pytest.mark.parametrize(("text", "roles"), params())
def test_role(text: str, roles: list[str]) -> None:
    assert [amount.role for amount in roles_of(text)] == roles


RULES = tomllib.loads((files("rules.role") / "roles.toml").read_text("utf-8"))["rule"]


@pytest.mark.parametrize("rule", RULES, ids=[rule["id"] for rule in RULES])
def test_rule_is_documented_and_says_what_it_shows(rule: dict[str, Any]) -> None:
    assert rule["role"] in {*ROLES, "part", "own", "same", "pool", "name", "none"}
    assert rule["example"]
    if rule["role"] in ROLES:
        roles = [amount.role for amount in roles_of(rule["example"])]
        assert rule["role"] in roles, roles


def test_rule_ids_are_distinct() -> None:
    ids = [rule["id"] for rule in RULES]
    assert len(ids) == len(set(ids))


def test_evidence_is_the_governing_words() -> None:
    text = "Đề án có tổng kinh phí 900 triệu đồng."
    (amount,) = roles_of(text)
    assert amount.evidence is not None
    assert text[slice(*amount.evidence)] == "tổng kinh phí"
    assert amount.rule == "money.figure+role.total.whole"


def test_everything_but_the_role_stays() -> None:
    text = "Trung ương hỗ trợ 500/800 triệu đồng (khoảng 20.000 USD), còn lại dân góp."
    before = find(text)
    after = assign_roles(layout_of(text), before)
    undone = {"role": "other", "evidence": None, "margin": None}
    assert [replace(a, rule=b.rule, **undone) for a, b in zip(after, before, strict=True)] == before


@pytest.mark.parametrize(
    ("lost", "kept"),
    [
        ("Khuyến công hỗtrợ 90 triệu đồng.", "Khuyến công hỗ trợ 90 triệu đồng."),
        ("Phần vốn đốiứng 90 triệu đồng.", "Phần vốn đối ứng 90 triệu đồng."),
        ("Vốn uỷ thác 90 triệu đồng.", "Vốn ủy thác 90 triệu đồng."),
        ("NHÀ NƯỚC HỖ TRỢ 90 TRIỆU ĐỒNG", "Nhà nước hỗ trợ 90 triệu đồng"),
    ],
)
def test_spelling_does_not_change_the_role(lost: str, kept: str) -> None:
    assert [a.role for a in roles_of(lost)] == [a.role for a in roles_of(kept)] != ["other"]


def test_a_syllable_of_a_name_governs_nothing() -> None:
    assert roles_of("Cao tốc Trung Lương 9.600 tỷ đồng")[0].role == "total"


PIECES = st.sampled_from(
    [
        "hỗ trợ ",
        "5 tỷ đồng",
        " (",
        ")",
        ", ",
        "; ",
        ": ",
        "\n",
        ". ",
        "trong đó ",
        "“",
        "”",
        '"',
        "vay ",
        "10 USD ",
        "tổng ",
        "/kg",
        "Lương ",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_nothing_raises_and_every_sum_has_a_role(text: str) -> None:
    found = find(text)
    done = roles_of(text)
    assert [(a.start, a.end) for a in done] == [(a.start, a.end) for a in found]
    assert all(a.role in ROLES and "+role." in a.rule for a in done)


def test_no_layout_is_no_obstacle() -> None:
    bare = Layout("Hỗ trợ 5 triệu đồng", None, None, None, (), (), ())
    assert [a.role for a in assign_roles(bare, find(bare.text))] == ["support"]


def test_head_of_a_list_reaches_its_items_only() -> None:
    text = "Danh mục hỗ trợ gồm:\n- HTX A: 5 triệu đồng;\n- HTX B: 6 triệu đồng.\nNhà máy 7 tỷ đồng sắp khởi công."
    assert [a.role for a in roles_of(text)] == ["support", "support", "total"]


def test_bracket_with_the_same_sum_repeats_the_role() -> None:
    text = "Công ty trúng thầu với doanh thu 205.765.800.000 đồng (hơn 205 tỷ đồng), lãi 1 triệu USD (23 tỷ đồng)."
    roles = [a.role for a in roles_of(text)]
    assert roles[0] == roles[1]
    assert roles[2] == roles[3]


def test_most_cases_are_right() -> None:
    """Weights are fitted to the cases too, so that few may be wrong."""
    right = sum([a.role for a in roles_of(case["text"])] == case["roles"] for case in CASES)
    assert right >= 0.97 * len(CASES)


def test_shares_of_a_firm_are_no_counterpart() -> None:
    text = "Cổ đông lớn nhất góp 52 tỷ đồng, chiếm 35% vốn điều lệ."
    assert roles_of(text)[0].role != "counterpart"
