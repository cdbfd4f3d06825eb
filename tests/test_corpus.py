"""The sample reports: every gold fact is well formed, stands in its text, and says what the text says."""

import json
import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rules import money

CORPUS = Path(__file__).parents[1] / "corpus"
REPORTS = sorted(path.stem for path in CORPUS.glob("*.txt"))

TOP = ["id", "title", "byline", "published", "province_code", "amounts", "projects", "beneficiaries", "locations"]
ROLES = ["total", "support", "counterpart", "allocation", "disbursed", "loan", "revenue", "price", "damage", "other"]
KINDS = ["de_an", "du_an", "mo_hinh", "chuong_trinh", "cong_trinh", "de_tai", "ke_hoach", "goi_thau"]
RECEIVERS = [
    "establishment",
    "enterprise",
    "household_business",
    "cooperative",
    "household",
    "unit",
    "worker",
    "person",
    "school",
    "other",
]
LEVELS = {"province": 2, "district": 3, "commune": 5}
MONEY_FIELDS = {"total_vnd": "total", "support_vnd": "support", "counterpart_vnd": "counterpart"}

Fact = dict[str, Any]


def load(name: str) -> tuple[str, Fact]:
    text = (CORPUS / f"{name}.txt").read_text(encoding="utf-8")
    return text, json.loads((CORPUS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture(params=REPORTS)
def report(request) -> tuple[str, Fact]:
    return load(request.param)


def test_there_are_enough_reports_of_enough_provinces():
    provinces = {load(name)[1]["province_code"] for name in REPORTS}
    assert len(REPORTS) >= 24
    assert len(provinces) >= 20


def test_every_report_has_facts_and_every_fact_file_a_report():
    assert sorted(path.stem for path in CORPUS.glob("*.json")) == REPORTS


def test_text_is_normal(report):
    text, _ = report
    assert unicodedata.normalize("NFC", text) == text
    assert 800 <= len(text) <= 3500


def test_shape(report):
    text, gold = report
    assert list(gold) == TOP
    for key in ("title", "byline"):
        assert gold[key] is None or gold[key] in text
    if gold["published"]:
        date.fromisoformat(gold["published"])


def test_vocabulary(report):
    _, gold = report
    assert {amount["role"] for amount in gold["amounts"]} <= set(ROLES)
    assert {project["kind"] for project in gold["projects"]} <= set(KINDS)
    assert {receiver["kind"] for receiver in gold["beneficiaries"]} <= set(RECEIVERS)
    assert {place["level"] for place in gold["locations"]} <= set(LEVELS)


def test_every_fact_stands_in_the_text(report):
    text, gold = report
    for table in ("amounts", "projects", "beneficiaries", "locations"):
        for fact in gold[table]:
            assert fact["text"] in text


def test_sums_stand_in_text_order(report):
    text, gold = report
    cursor, before = 0, ""
    for amount in gold["amounts"]:
        if not ("/" in before and amount["text"] == before):  # "500/800 triệu đồng" holds two sums
            cursor = text.index(amount["text"], cursor) + len(amount["text"])
        before = amount["text"]


def test_places_stand_in_text_order_once_each(report):
    text, gold = report
    starts = [text.index(place["text"]) for place in gold["locations"]]
    units = [(place["level"], place["code"] or place["name"]) for place in gold["locations"]]
    assert starts == sorted(starts)
    assert len(set(units)) == len(units)


def test_a_sum_says_what_its_text_says(report):
    _, gold = report
    for amount in gold["amounts"]:
        found = [money.parse(amount["text"]), *money.find(amount["text"])]  # "500/800 triệu đồng" holds two sums
        read = next((a for a in found if a and a.value == amount.get("value")), None)
        assert read is not None, amount["text"]
        assert read.currency == amount["currency"]
        assert read.qualifier == amount["qualifier"], amount["text"]
        if amount["qualifier"] == "range":
            assert (read.low, read.high) == (amount["low"], amount["high"])
        else:
            assert read.value == amount["value"]


def test_ids_lead_somewhere(report):
    _, gold = report
    ids = {project["id"] for project in gold["projects"]}
    linked = {fact["project"] for fact in gold["amounts"] + gold["beneficiaries"]} - {None}
    assert len(ids) == len(gold["projects"])
    assert linked <= ids
    for place in gold["locations"]:
        assert set(place["project"]) <= ids


def test_a_name_stands_in_its_mention(report):
    _, gold = report
    for project in gold["projects"]:
        assert project["name"] is None or project["name"] in project["text"]
    for receiver in gold["beneficiaries"]:
        assert receiver["name"] is None or receiver["name"] in receiver["text"]
        assert receiver["name"] is None or receiver["count"] == 1


def test_a_printed_count_is_the_count(report):
    _, gold = report
    for receiver in gold["beneficiaries"]:
        printed = re.search(r"\d[\d.]*", receiver["text"])
        if receiver["name"] is None and printed:
            assert receiver["count"] == int(printed[0].replace(".", ""))


def test_money_of_an_undertaking_is_a_linked_sum(report):
    _, gold = report
    for project in gold["projects"]:
        for key, role in MONEY_FIELDS.items():
            sums = [
                a["value"]
                for a in gold["amounts"]
                if (a["project"], a["role"]) == (project["id"], role) and "value" in a and a["currency"] == "VND"
            ]
            assert project[key] is None or project[key] in sums, (project["text"], key)


def test_an_undertaking_has_a_fact(report):
    _, gold = report
    for project in gold["projects"]:
        sums = [fact for fact in gold["amounts"] + gold["beneficiaries"] if fact["project"] == project["id"]]
        places = [place for place in gold["locations"] if project["id"] in place["project"]]
        assert sums or places or project["year"], project["text"]


def test_codes_have_the_digits_of_their_level(report):
    _, gold = report
    for place in gold["locations"]:
        assert re.fullmatch(r"\d\d", place["province_code"])
        assert place["code"] is None or re.fullmatch(rf"\d{{{LEVELS[place['level']]}}}", place["code"])
