"""Year, programme, group and mentions of undertakings."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.segment import segment
from rules import money, place, role
from rules.project import Project, find

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "project_facts.toml").read_text(encoding="utf-8"))["case"]


def undertakings(text: str) -> list[Project]:
    layout = segment(text)
    return find(layout, role.assign_roles(layout, money.find(text)), place.find(layout))


def line(p: Project) -> str:
    """The four facts of a case line."""
    facts = (p.name or p.n_projects, p.year, p.programme, p.parent)
    return " | ".join("-" if fact is None else str(fact) for fact in facts)


def params() -> list[Any]:
    out = []
    for i, case in enumerate(CASES):
        marks = [pytest.mark.xfail(reason=case["xfail"], strict=True)] if "xfail" in case else []
        out.append(pytest.param(case["text"], case["expect"], id=f"{i:03}", marks=marks))
    return out


@pytest.mark.parametrize(("text", "expect"), params())
def test_facts(text: str, expect: list[str]) -> None:
    assert [line(p) for p in undertakings(text)] == expect


def test_short_forms_are_mentions_of_the_undertaking_before() -> None:
    text = "Dự án cầu Rạch Gốc cần 40 tỷ đồng. Dự án này chậm 2 năm. Công trình sẽ xong năm 2026."
    (bridge,) = undertakings(text)
    assert [text[a:b] for a, b in bridge.mentions] == ["Dự án cầu Rạch Gốc", "Dự án", "Công trình"]


def test_best_mention_is_the_fullest() -> None:
    text = "Dự án metro số 1 cần 47.000 tỷ đồng. Dự án metro số 1 Bến Thành - Suối Tiên đội vốn."
    (line_one,) = undertakings(text)
    assert line_one.text == "Dự án metro số 1 Bến Thành - Suối Tiên"
    assert len(line_one.mentions) == 2


PIECES = st.sampled_from(
    [
        *("Đề án “Hỗ trợ máy sấy” ", "dự án nâng cấp đường ĐT.601 ", "3 đề án ", "gồm: ", "(", ") ", "; ", ", ", "\n"),
        *(
            "kinh phí 200 triệu đồng ",
            "năm 2023 ",
            "tại xã Hòa An ",
            "các dự án: ",
            "“",
            "”",
            '"',
            "' ",
            "Trường Mầm non ",
        ),
        *("cầu Bến Lội ", "tổng mức đầu tư 5 tỷ đồng. ", "Chương trình 135 ", "1. ", "- ", "nhóm đề án ", "hai mươi "),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_text_gives_sound_rows(text: str) -> None:
    found = undertakings(text)
    for i, p in enumerate(found):
        assert text[p.start : p.end] == p.text
        assert p.name is None or p.name in p.text
        assert (p.start, p.end) in p.mentions
        assert p.n_projects >= 1
        assert p.parent is None or (0 <= p.parent < len(found) and p.parent != i)
    assert found == undertakings(text)


def test_no_amounts_and_no_text() -> None:
    assert find(segment(""), [], []) == []
