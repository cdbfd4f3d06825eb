"""Rows: offsets, keys, links."""

import pandas as pd
import pytest

import pipeline
from pipeline.tables.schema import SCHEMAS

MENTIONS = {
    "projects": "project_id",
    "amounts": "amount_id",
    "beneficiaries": "beneficiary_id",
    "locations": "location_id",
}


def test_offsets_of_every_mention(corpus_texts):
    tables = pipeline.extract(corpus_texts.values())
    texts = dict(zip(tables["documents"]["doc_id"], tables["documents"]["text"], strict=True))
    for name in MENTIONS:
        assert len(tables[name]) > 0
        for row in tables[name].itertuples():
            assert texts[row.doc_id][row.start : row.end] == row.text


def test_a_mention_lies_in_its_sentence(corpus_texts):
    tables = pipeline.extract(corpus_texts.values())
    sentences = tables["sentences"].set_index(["doc_id", "sentence"])
    for name in MENTIONS:
        for row in tables[name].itertuples():
            sentence = sentences.loc[(row.doc_id, row.sentence)]
            assert sentence.start <= row.start < sentence.end


def test_keys_are_unique_and_links_lead_somewhere(corpus_texts):
    tables = pipeline.extract(corpus_texts.values())
    projects = set(tables["projects"]["project_id"])
    assert set(tables["projects"]["parent_id"].dropna()) <= projects
    for name, key in MENTIONS.items():
        assert tables[name][key].is_unique
        assert set(tables[name]["project_id"].dropna()) <= projects
        assert tables[name]["rule"].str.len().min() > 0


def test_extract_gives_the_contract_even_for_nothing():
    tables = pipeline.extract([])
    assert {name: list(frame.columns) for name, frame in tables.items()} == {n: s.names for n, s in SCHEMAS.items()}


def test_missing_is_null():
    tables = pipeline.extract(["Tin\nTừ 100 đến 200 triệu đồng được trao."])
    row = tables["amounts"].iloc[0]
    assert pd.isna(row["value"])
    assert (row["low_vnd"], row["high_vnd"]) == (100_000_000, 200_000_000)


@pytest.mark.parametrize(
    ("text", "table", "warning"),
    [
        (
            "Dự án hỗ trợ cho 20.000.000.000 hộ nghèo tại Hòa Bình.",
            "locations",
            "the count of '20.000.000.000 hộ nghèo'",
        ),
        ("Đề án “Điện mặt trời” hỗ trợ 9.700.700.700 hộ nghèo.", "projects", "the count of '9.700.700.700 hộ nghèo'"),
        ("Tổng kinh phí 9223372036854775808 đồng.", "amounts", "beyond 64-bit dong"),
        ("Kinh phí từ 9.999.999 tỷ đến 99.999.999.999 tỷ đồng.", "amounts", "beyond 64-bit dong"),
        ("Tổng kinh phí 7,02202000001 đô la Mỹ.", "amounts", "decimals beyond the fourth are rounded off"),
        ("Tổng kinh phí 1,5799999999999999 triệu đồng.", "amounts", "has a fraction of a dong"),
    ],
)
def test_a_figure_that_no_column_holds_costs_no_other_row(text, table, warning):
    tables = pipeline.extract(["Tỉnh hỗ trợ 5 triệu đồng.", text])
    assert len(tables["documents"]) == 2
    assert any(warning in said for said in tables["documents"]["warnings"][1])
    assert (tables[table]["doc_id"] == tables["documents"]["doc_id"][1]).any()


def test_more_undertakings_than_a_column_holds_are_no_count():
    tables = pipeline.extract(["Tỉnh có 9.999.999.999 đề án khuyến công được hỗ trợ 5 tỷ đồng."])
    assert tables["projects"]["n_projects"].tolist() == []
