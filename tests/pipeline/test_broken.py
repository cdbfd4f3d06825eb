"""What OCR and text layers break is mended where one reading is possible (tests/cases/broken.toml), and else told."""

import tomllib
from pathlib import Path

import pytest

from pipeline.text.broken import doubt, mend
from pipeline.text.normalise import normalise

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "broken.toml").read_text("utf-8"))["mended"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_mended(case):
    warnings: list[str] = []
    assert mend(case["text"], warnings) == case["want"]
    assert mend(case["want"], told := []) == case["want"]
    assert told == []
    assert normalise(case["text"])[0] == case["want"]


def test_sound_reports_stay(corpus_texts):
    for text in corpus_texts.values():
        plain = normalise(text)[0]
        assert mend(plain, []) == plain
        assert doubt(plain) is None


def test_a_text_broken_beyond_repair_says_so():
    sound = (
        "Hội nghị triển khai kế hoạch nghiệm thu đề án xây dựng nhà máy chế biến, hỗ trợ hộ nghèo sản xuất giống lúa"
    )
    assert doubt(sound) is None
    text = sound.replace("ệ", "ệf").replace("ế", "êj").replace("ể", "ểư").replace("ự", "ựb").replace("ộ", "ộđ")
    text = text.replace("ợ", "ợj").replace("ề", "ềđ").replace("ố", "ốđ").replace("ị", "ịđ")
    assert "the words are broken" in (doubt(text) or "")
