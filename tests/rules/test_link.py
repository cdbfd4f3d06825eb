"""Links end to end: text -> sums, places, undertakings, receivers -> whom they belong to. Cases as data."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.text.segment import segment
from rules import beneficiary, money, place, project, role
from rules.link import Links, link
from rules.project import Project

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "link.toml").read_text("utf-8"))["case"]
FIELDS = {
    "total": "total_vnd",
    "support": "support_vnd",
    "counterpart": "counterpart_vnd",
    "receivers": "n_beneficiaries",
}


def _param(case: dict[str, Any]) -> Any:
    reason = case.get("fails")
    return pytest.param(
        case, id=case["text"][:60], marks=[pytest.mark.xfail(reason=reason, strict=True)] if reason else []
    )


def _run(
    text: str,
) -> tuple[list[money.Amount], list[Project], list[beneficiary.Beneficiary], list[place.Place], Links]:
    layout = segment(text)
    amounts = role.assign_roles(layout, money.find(text))
    places = place.find(layout)
    projects = project.find(layout, amounts, places)
    receivers = beneficiary.find(layout, amounts)
    return amounts, projects, receivers, places, link(layout, projects, amounts, receivers, places)


def _undertaking(projects: list[Project], index: int | None, keys: set[str]) -> str:
    """What a case calls the undertaking: the one of its keys that the mention holds, "" for none."""
    if index is None:
        return ""
    text = projects[index].text
    return max((k for k in keys if k and k in text), key=len, default=text)


@pytest.mark.parametrize("case", [_param(c) for c in CASES])
def test_case(case: dict[str, Any]) -> None:
    amounts, projects, receivers, places, links = _run(case["text"])
    keys = {u for row in ("sums", "receivers", "places") for _, u in case.get(row, [])} | {
        r["of"] for r in case.get("records", [])
    }
    for row, mentions, owners in (
        ("sums", amounts, links.amount_project),
        ("receivers", receivers, links.beneficiary_project),
        ("places", places, links.place_project),
    ):
        if row in case:
            got = [[m.text, _undertaking(projects, o, keys)] for m, o in zip(mentions, owners, strict=True)]
            assert got == case[row], row
    for expected in case.get("records", []):
        record = next(
            r
            for p, r in zip(projects, links.records, strict=True)
            if _undertaking(projects, projects.index(p), keys) == expected["of"]
        )
        got_fields = {k: getattr(record, f) for k, f in FIELDS.items() if getattr(record, f) is not None}
        assert got_fields == {k: v for k, v in expected.items() if k != "of"}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["text"][:60])
def test_shape(case: dict[str, Any]) -> None:
    amounts, projects, receivers, places, links = _run(case["text"])
    for mentions, owners, rules in (
        (amounts, links.amount_project, links.amount_rule),
        (receivers, links.beneficiary_project, links.beneficiary_rule),
        (places, links.place_project, links.place_rule),
    ):
        assert len(owners) == len(rules) == len(mentions)
        assert all((o is None) == (r is None) for o, r in zip(owners, rules, strict=True))
        assert all(o is None or 0 <= o < len(projects) for o in owners)
        assert all(r is None or r.startswith("link.") for r in rules)
    assert len(links.records) == len(projects)


def test_enough_cases() -> None:
    assert len(CASES) >= 120


def test_nothing_to_link() -> None:
    assert link(segment(""), [], [], [], []) == Links((), (), (), (), (), (), ())
    amounts, *_, links = _run("Thu ngân sách của tỉnh đạt 1.500 tỷ đồng.")
    assert links.amount_project == (None,) * len(amounts)
