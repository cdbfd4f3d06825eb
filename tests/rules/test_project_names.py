"""Names, kinds and counts of undertakings: the cases of tests/cases/project_names.toml."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.text.segment import segment
from rules import money, place, role
from rules.project import Project, find

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "project_names.toml").read_text(encoding="utf-8"))["case"]


def undertakings(text: str) -> list[Project]:
    layout = segment(text)
    return find(layout, role.assign_roles(layout, money.find(text)), place.find(layout))


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
