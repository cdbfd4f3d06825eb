"""Facts that people corrected while they reviewed; see pipeline.review.to_cases."""

from pathlib import Path

import pytest

from pipeline.review import cases

FILE = Path(__file__).parent / "cases" / "review.toml"


def parameters():
    for case in cases.load(FILE):
        marks = [pytest.mark.xfail(reason=case["xfail"], strict=True)] if "xfail" in case else []
        yield pytest.param(case, id=f"{case['table']}-{case['mention'][:40]}", marks=marks)


@pytest.mark.parametrize("case", [*parameters()])
def test_what_people_corrected(case, nlp):
    assert cases.failure(case, nlp) is None
