"""The batch and spaCy's components take different ways through the rules, to the same facts."""

import pytest

import pipeline
from pipeline import components, extraction
from pipeline.extraction import STEPS, Search, extractor, find, prepare
from pipeline.ingest import RawDocument
from pipeline.text.normalise import normalise
from pipeline.text.segment import segment


@pytest.mark.slow
def test_both_ways_find_the_same(nlp, corpus_texts):
    for text in corpus_texts.values():
        raw = RawDocument("", text, "utf-8")
        assert components.facts_of(nlp(prepare(raw).layout.text)) == extractor().facts(raw)


HOSTILE = (
    "327 ", "1.000 ", "1,", "1/", "((", "“A ", "A, ", "A - ", "1 tỷ đồng, ", "(1 tỷ đồng) ", "1 đến ", "một trăm ",
    "xã A, ", "dự án A ", "HTX A và ", "HKD ", "3 hộ, ", "hỗ trợ 3 cơ sở 1 tỷ đồng; ", "cho ", "trong đó: ", "- a\n",
    "Q. ", "…",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.usefixtures("hang_guard")
@pytest.mark.parametrize("unit", HOSTILE)
def test_no_text_keeps_the_rules_for_long(unit):
    text, _ = normalise("Tin\n" + unit * (50_000 // len(unit)))
    find(Search(segment(text)), [])


def test_both_ways_find_the_same_in_tables(nlp):
    text = (
        "Danh mục đề án khuyến công địa phương năm 2024\nĐơn vị tính: triệu đồng\n"
        "TT | Tên đề án | Đơn vị thụ hưởng | Địa điểm | Kinh phí hỗ trợ\n"
        "1 | Ứng dụng máy sấy măng | HTX Măng Lương Sơn | Xã Cao Sơn, huyện Đà Bắc | 120\n| Cộng | | | 120\n"
        "Ngoài ra, tỉnh hỗ trợ 2 cơ sở 300 triệu đồng."
    )
    facts = extractor().facts(RawDocument("", text, "utf-8"))
    assert [(p.name, p.programme, p.year) for p in facts.projects if p.rule.startswith("table.")] == [
        ("Ứng dụng máy sấy măng", "khuyen_cong_dia_phuong", 2024)
    ]
    assert components.facts_of(nlp(text)) == facts


@pytest.mark.parametrize("step", [name for name in STEPS if name != "tables"])
def test_a_step_that_fails_costs_nothing_that_the_others_find(monkeypatch, step):
    """The document stays, with a warning, and all rows that are not the step's own."""
    text = (
        "Đề án khuyến công\nNăm 2023, tỉnh Hòa Bình thực hiện đề án “Hỗ trợ máy sấy” cho 2 cơ sở với 1,5 tỷ đồng.\n"
        "Trong đó, ngân sách tỉnh hỗ trợ 500 triệu đồng.\n"
    )
    whole = pipeline.extract([text])
    monkeypatch.setattr(extraction, "STEPS", {**STEPS, step: lambda *_: [][0]})
    found = pipeline.extract([text])
    (said,) = [told for told in found["documents"]["warnings"][0] if "could not be looked for" in told]
    assert said.startswith(f"{step} could not be looked for (IndexError")
    kept = {"amounts", "locations", "projects", "beneficiaries"} - {step}
    assert {name: len(found[name]) for name in kept} == {name: len(whole[name]) for name in kept}


def test_tables_that_cannot_be_joined_cost_no_fact_of_the_prose(monkeypatch):
    text = "TT | Tên đề án | Kinh phí (triệu đồng)\n1 | Máy sấy măng | 120\n2 | Máy ép mía | 80\nTỉnh chi 5 tỷ đồng.\n"
    monkeypatch.setattr(extraction, "STEPS", {**STEPS, "tables": lambda *_: [][0]})
    found = pipeline.extract([text])
    assert "tables could not be looked for" in found["documents"]["warnings"][0][0]
    assert found["amounts"]["value_vnd"].tolist() == [5_000_000_000]
