"""The batch and spaCy's components take different ways through the rules, to the same facts."""

import pytest

from pipeline import components
from pipeline.extraction import Search, extractor, find, prepare
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
