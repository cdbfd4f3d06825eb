"""Names, kinds and counts of undertakings: the cases of tests/cases/project_names.toml."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.text.segment import segment
from rules import money, place, role
from rules.project import Project, find
from rules.project.accept import Proposal, proposals

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "project_names.toml").read_text(encoding="utf-8"))["case"]


def undertakings(text: str) -> list[Project]:
    layout = segment(text)
    return find(layout, role.assign_roles(layout, money.find(text)), place.find(layout))


def proposed(text: str) -> list[Proposal]:
    layout = segment(text)
    return proposals(layout, role.assign_roles(layout, money.find(text)), place.find(layout))[1]


def parse(line: str) -> tuple[int, str, str | None]:
    """ "3 de_an: name" -> (3, "de_an", "name")."""
    m = re.fullmatch(r"(?:(\d+) )?(\w+)(?:: (.+))?", line)
    assert m, line
    return int(m[1] or 1), m[2], m[3]


def params() -> list[Any]:
    out = []
    for i, case in enumerate(CASES):
        marks = [pytest.mark.xfail(reason=case["xfail"], strict=True)] if "xfail" in case else []
        out.append(pytest.param(case["text"], case["expect"], id=f"{i:03}-{case['text'][:32]}", marks=marks))
    return out


@pytest.mark.parametrize(("text", "expect"), params())
def test_names(text: str, expect: list[str]) -> None:
    found = [(p.n_projects, p.kind, p.name) for p in undertakings(text)]
    assert found == [parse(line) for line in expect]


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 150


@pytest.mark.parametrize("end", ["- ", "-", "+", "- “Máy sấy”;\n-"])
def test_a_report_may_end_in_an_empty_bullet(end: str) -> None:
    group, *_ = undertakings(f"Năm 2023, Trung tâm được giao 900 triệu đồng cho 3 đề án gồm:\n{end}")
    assert group.n_projects == 3


def test_a_contract_is_not_its_project() -> None:
    text = (
        "Dự án hồ chứa nước Suối Cát có tổng mức đầu tư 90 tỷ đồng. "
        "Gói thầu số 2 xây dựng hồ chứa nước Suối Cát trị giá 31 tỷ đồng."
    )
    groups = [{c.kind for c in p.members} for p in proposed(text)]
    assert {"goi_thau"} in groups
    assert not any({"du_an", "goi_thau"} <= kinds for kinds in groups)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Xã khánh thành cầu Rạch Dừa và cầu Bà Lê, vốn lần lượt 1,2 tỷ và 900 triệu đồng.",
            ["cầu Rạch Dừa", "cầu Bà Lê"],
        ),
        ("Huyện nâng cấp, mở rộng đường Trần Phú, tổng kinh phí 12 tỷ đồng.", ["nâng cấp, mở rộng đường Trần Phú"]),
        (
            "Đường vào trường Lũng Pù dài 1,2 km, 9 tỷ đồng; trường Lũng Pù 20 tỷ đồng.",
            ["Đường vào trường Lũng Pù", "trường Lũng Pù"],
        ),
    ],
)
def test_works_are_proposed_apart(text: str, names: list[str]) -> None:
    """What is proposed, whatever the weights say of it."""
    found = {text[slice(*c.name)] for p in proposed(text) for c in p.members if c.name}
    assert found >= set(names)
