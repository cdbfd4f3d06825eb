"""Normalisation: cases as data, and what must hold for any text."""

import json
import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.normalise import normalise

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "normalise.toml").read_text("utf-8"))["case"]

_PIECES = (
    "\r\n|\n\n| |\u00a0|\u200b|\u00ad|\u0301|\u0323|&amp;|&|nbsp;|&quot;|á»‡|Ã|\x00|\ud800|Ð|"
    "tỉnh|đang|Trung|\ufeff|#39;|\x85|<|Â|–|đồng"
)
_ODD = st.sampled_from(_PIECES.split("|"))
_TEXT = st.lists(st.one_of(_ODD, st.text(max_size=5)), max_size=40).map("".join)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case):
    text, warnings = normalise(case["text"])
    assert text == case["want"]
    expected = case.get("warns", [])
    assert len(warnings) == len(expected)
    assert all(warning.startswith(start) for warning, start in zip(warnings, expected, strict=True))


@given(_TEXT)
def test_normal_form(text):
    """One line feed between paragraphs, no blanks at line edges, NFC, nothing that cannot be stored."""
    plain, _ = normalise(text)
    assert plain == unicodedata.normalize("NFC", plain)
    assert plain == plain.strip()
    assert not any(odd in plain for odd in ("\n\n", " \n", "\n ", "  ", "\r", "\x00", "\u00a0", "\u200b", "\ufeff"))
    plain.encode("utf-8")


@given(_TEXT)
def test_idempotent(text):
    once, _ = normalise(text)
    assert normalise(once) == (once, ())


@pytest.mark.usefixtures("hang_guard")
@pytest.mark.parametrize(
    "hostile",
    ["&" * 300_000, "&amp;" * 60_000, "á»" * 150_000, " \n" * 150_000, "a\u0301" * 150_000, "ã" * 300_000],
    ids=["ampersands", "entities", "mojibake", "blanks", "marks", "one word"],
)
def test_hostile_text_comes_to_an_end(hostile):
    normalise(hostile)


@pytest.mark.shared
def test_gold_texts_survive(shared, monkeypatch):
    """Every text that the annotators copied out is found in the normalised document."""
    monkeypatch.syspath_prepend(str(shared / "score"))
    from score import locate

    missing = []
    for path in sorted((shared / "gold").glob("*.json")):
        text, _ = normalise(path.with_suffix(".txt").read_text("utf-8"))
        facts = json.loads(path.read_text("utf-8"))
        rows = [row for table in ("amounts", "projects", "beneficiaries", "locations") for row in facts[table]]
        missing += [(path.stem, row["text"]) for row in rows if not locate(text, row["text"], 0)]
    assert missing == []


@pytest.mark.shared
def test_real_reports_are_hardly_touched(shared):
    """Over the reports only line ends, decomposed letters, words glued for certain and a misprinted unit change."""
    for path in sorted((shared / "corpus" / "reports").glob("*.txt")):
        text = path.read_text("utf-8")
        plain, warnings = normalise(text)
        assert all(w.startswith(("glued words", "letter eth", "units read")) for w in warnings), path.name
        if not any("eth" in warning or "units" in warning for warning in warnings):
            visible = "".join(c for c in text if unicodedata.category(c) != "Cf" and not c.isspace())
            assert "".join(plain.split()) == unicodedata.normalize("NFC", visible), path.name
