"""Rows: offsets, keys, links."""

import pandas as pd

import pipeline
from pipeline.tables import SCHEMAS

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
