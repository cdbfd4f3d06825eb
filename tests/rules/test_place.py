"""Mentions of administrative units: cases as data, invariants, and the gold facts where they are at hand."""

import json
import tomllib
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.segment import segment
from rules.layout import Layout
from rules.place import Place, document_province, find

FAMILIES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parents[1] / "cases" / "place.toml").read_text(encoding="utf-8")
)


def layout(text: str, published: date | None = None) -> Layout:
    """One paragraph a line, one sentence a paragraph; the first of several lines is the headline."""
    spans = []
    start = 0
    for line in text.split("\n"):
        spans.append((start, start + len(line)))
        start += len(line) + 1
    title = spans[0] if len(spans) > 1 else None
    return Layout(text, title, None, None, tuple(spans), tuple(spans), tuple(range(len(spans))), published)


def written(place: Place) -> str:
    """A mention in the notation of the cases."""
    if place.code:
        return f"{place.text} = {place.code}"
    if place.candidates:
        return f"{place.text} ~ {' '.join(place.candidates)}"
    return f"{place.text} ? {place.name}"


def cases() -> list[Any]:
    return [
        pytest.param(
            case,
            id=f"{family}-{number}",
            marks=[pytest.mark.xfail(reason=case["xfail"])] if "xfail" in case else [],
        )
        for family, rows in FAMILIES.items()
        for number, case in enumerate(rows)
    ]


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any]) -> None:
    page = layout(case["text"], case.get("published"))
    places = find(page)
    assert [written(place) for place in places] == case["want"]
    assert document_province(page, places) == case.get("province")


def test_there_are_enough_cases() -> None:
    assert sum(map(len, FAMILIES.values())) >= 250
    assert len(FAMILIES["not_places"]) >= 60


def test_all_columns_of_a_resolved_mention() -> None:
    (place,) = find(layout("Mô hình đặt ở huyện Lý Sơn."))
    assert place == Place(
        start=14,
        end=26,
        text="huyện Lý Sơn",
        level="district",
        name="Huyện Lý Sơn",
        code="536",
        province_code="51",
        province_name="Tỉnh Quảng Ngãi",
        current_code="21548",
        current_name="Đặc khu Lý Sơn",
        current_province_code="51",
        current_province_name="Tỉnh Quảng Ngãi",
        status="resolved",
        candidates=(),
        rule="place.typed",
    )


def test_a_district_is_held_by_the_current_province() -> None:
    (place,) = find(layout("Mô hình đặt ở huyện Tân Lạc."))
    assert (place.current_code, place.current_name) == ("25", "Tỉnh Phú Thọ")


def test_an_ended_unit_keeps_its_name_and_says_who_holds_it_now() -> None:
    place, _ = find(layout("Huyện Kỳ Sơn, tỉnh Hòa Bình có cầu mới."))
    assert (place.status, place.code, place.name, place.province_code) == ("unknown", None, "Huyện Kỳ Sơn", "17")
    assert place.current_province_name == "Tỉnh Phú Thọ"


def test_the_byline_is_a_person() -> None:
    text = "Tỉnh Lâm Đồng họp.\nBảo Lâm"
    spans = ((0, 18), (19, 26))
    page = Layout(text, None, spans[1], None, spans, spans, (0, 1))
    assert [place.text for place in find(page)] == ["Tỉnh Lâm Đồng"]


WORDS = """xã huyện tỉnh TP. TX Q. P. quận phường các 2 , và ( ) - – ; : . Hòa Bình Huế Tân Lạc Thủ Đức Bà Rịa Vũng Tàu
HCM đến tại Công ty ông ĐẮK LẮK Đạ K'Nàng 12 gồm là Nông trường"""


@given(st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=40))
def test_any_order_of_words_gives_well_formed_mentions(words: list[str]) -> None:
    text = " ".join(words)
    places = find(layout(text))
    ends = [0, *(place.end for place in places)]
    for place, end in zip(places, ends, strict=False):
        assert place.text == text[place.start : place.end]
        assert end <= place.start < place.end <= len(text)
        assert (place.status == "resolved") == (place.code is not None)
        assert (place.status == "ambiguous") == (len(place.candidates) > 1)


@pytest.mark.shared
def test_gold(shared: Path) -> None:
    right = found = wanted = provinces = documents = 0
    for path in sorted((shared / "gold").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        lines = unicodedata.normalize("NFC", path.with_suffix(".txt").read_text(encoding="utf-8")).splitlines()
        page = segment("\n".join(line for line in lines if line.strip()))
        places = find(page)
        want = {(row["level"], row["code"] or row["name"].lower()) for row in gold["locations"]}
        have = {(place.level, place.code or (place.name or place.text).lower()) for place in places}
        right, found, wanted = right + len(want & have), found + len(have), wanted + len(want)
        province = document_province(page, places)
        if gold["province_code"] or province:
            documents += 1
            provinces += province == gold["province_code"]
    assert 2 * right / (found + wanted) >= 0.95
    assert provinces / documents >= 0.9
