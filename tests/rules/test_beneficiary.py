"""Receivers: cases as data, and what must hold of any text."""

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipeline.text.segment import segment
from rules import money
from rules.beneficiary import find
from rules.role import assign_roles

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "beneficiary.toml").read_text("utf-8"))["case"]


def _param(case: dict[str, Any]) -> Any:
    reason = case.get("fails")
    return pytest.param(
        case, id=case["text"][:60], marks=[pytest.mark.xfail(reason=reason, strict=True)] if reason else []
    )


@pytest.mark.parametrize("case", [_param(c) for c in CASES])
def test_case(case: dict[str, Any]) -> None:
    layout = segment(case["text"])
    found = find(layout, assign_roles(layout, money.find(layout.text)))
    got = [[b.text, b.kind, b.count] + ([b.name] if b.name else []) for b in found]
    assert got == case["expect"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["text"][:60])
def test_spans_and_order(case: dict[str, Any]) -> None:
    layout = segment(case["text"])
    found = find(layout)
    assert all(layout.text[b.start : b.end] == b.text for b in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(b.count >= 1 and b.rule.startswith("beneficiary.") for b in found)
    assert all((b.count == 1) or b.name is None for b in found)


def test_enough_cases() -> None:
    assert len(CASES) >= 100
    assert sum(not c["expect"] for c in CASES) >= 30


def test_no_receivers_in_empty_text() -> None:
    assert find(segment("")) == []
