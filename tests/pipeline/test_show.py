"""The drawing of a report: letter by letter the same text, everything escaped, both languages."""

import re
import tomllib
from html import unescape
from importlib.resources import files

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline
from pipeline.tables import frame
from pipeline.tables.schema import FACTS
from pipeline.view import reports
from pipeline.view.draw import fragment
from pipeline.view.labels import group
from pipeline.view.marks import marked
from rules.money.mention import ROLES

REPORT = (
    "Hòa Bình nghiệm thu đề án\n"
    "Đề án “Hỗ trợ máy sấy” tại xã Phong Phú, huyện Tân Lạc, tỉnh Hòa Bình có tổng kinh phí trên 1,75 tỷ đồng, "
    "trong đó khuyến công địa phương hỗ trợ 500 triệu đồng cho 2 cơ sở.\n"
    "Tin ngắn khác không có gì."
)
HOSTILE = (
    "<script>alert(1)</script> & <img src=x onerror=alert(2)>\n"
    'Đề án "<b onmouseover=\'alert(3)\'>Máy</b>" tại xã "><svg onload=alert(4)> hỗ trợ 500 triệu đồng, HTX <i>A</i>.\n'
)


def text_of(html: str) -> str:
    """What a browser would show, without the words that the style sheet draws."""
    paragraphs = re.findall(r"<p[^>]*>(.*?)</p>", html, re.S)
    return "\n".join(unescape(re.sub(r"<[^>]*>", "", paragraph)) for paragraph in paragraphs)


def lines(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line)


def test_the_text_is_the_reports_text(nlp, corpus_texts):
    for name, text in corpus_texts.items():
        doc = nlp(text)
        assert text_of(marked(reports.of_doc(doc))) == lines(doc.text), name


def test_marks_nest_and_every_mark_is_closed(nlp, corpus_texts):
    for text in corpus_texts.values():
        opened: list[str] = []
        for slash, name in re.findall(r"<(/?)([a-z0-9]+)[^>]*>", marked(reports.of_doc(nlp(text)))):
            if slash:
                assert opened.pop() == name
            else:
                opened.append(name)
        assert opened == []


def receivers(*spans: tuple[int, int]) -> reports.Report:
    """A report of 12 letters in three lines, with receivers at ``spans``."""
    text = "abcd\nef<h\n&jkl"
    base = {"doc_id": "d", "sentence": 0, "project_id": None, "rule": "r", "name": None, "kind": "unit", "count": 1}
    rows = [
        base | {"beneficiary_id": f"b{n}", "start": start, "end": end, "text": text[start:end]}
        for n, (start, end) in enumerate(spans)
    ]
    tables = {table: [] for table in FACTS} | {"beneficiaries": rows}
    return reports.Report({"doc_id": "d", "text": text, "title": None}, tables)


SPANS = st.tuples(st.integers(0, 13), st.integers(1, 14)).filter(lambda span: span[0] < span[1])


@given(st.lists(SPANS, max_size=6))
def test_any_spans_give_nested_marks_and_the_same_text(spans):
    html = marked(receivers(*spans))
    assert text_of(html) == "abcd\nef<h\n&jkl"
    opened: list[str] = []
    for slash, name in re.findall(r"<(/?)([a-z]+)[^>]*>", html):
        if slash:
            assert opened.pop() == name
        else:
            opened.append(name)
    assert opened == []
    on_a_letter = [span for span in spans if span[0] not in (4, 9)]  # 4 and 9 are line feeds
    assert html.count('class="tip"') == len(on_a_letter)


def test_crossing_marks_are_cut():
    html = marked(receivers((0, 3), (2, 4)))
    assert html.count("<mark") == html.count("</mark>") == 3
    assert html.count('class="tip"') == 2


def test_a_report_that_contains_markup_shows_it_as_text(nlp):
    doc = nlp(HOSTILE)
    html = str(pipeline.show(doc))
    for tag in ("<script", "<img", "<svg", "<b o"):
        assert tag not in html
    assert text_of(marked(reports.of_doc(doc))) == lines(HOSTILE)
    # Outside the style sheet every tag is one of ours.
    names = set(re.findall(r"<([a-zA-Z0-9]+)", html.split("</style>")[1]))
    assert names <= {"div", "p", "mark", "i", "b", "aside", "section", "h2", "span", "dl", "dt", "dd", "ul", "li"} | {
        "q",
        "small",
    }


def test_values_and_links_are_told(nlp):
    html = str(pipeline.show(nlp(REPORT)))
    assert "1.750.000.000" in html
    assert 'data-vi="hỗ trợ"' in html
    assert 'data-p="1"' in html
    assert "05158" in html


@pytest.mark.usefixtures("vietnamese")
def test_labels_are_in_the_language_that_is_spoken(nlp):
    doc = nlp(REPORT)
    assert 'data-lang="vi"' in str(pipeline.show(doc))
    assert 'data-lang="en"' in str(pipeline.show(doc, language="en"))


def test_a_row_shows_its_paragraph_with_the_fact_framed():
    tables = pipeline.extract([REPORT])
    row = tables["amounts"].iloc[0]
    html = str(pipeline.show(row, tables))
    assert html.count('class="amounts focus"') == 1
    assert "Tin ngắn khác" not in html
    assert "Tin ngắn khác" in str(pipeline.show(row, tables, whole=True))
    assert "Tin ngắn khác" in str(pipeline.show(tables["documents"].iloc[0], tables))
    assert 'class="projects focus"' in str(pipeline.show(tables["projects"].iloc[0], tables))


def test_a_row_without_its_tables_says_what_to_do():
    row = pipeline.extract([REPORT])["amounts"].iloc[0].to_dict()
    with pytest.raises(ValueError, match="Give the tables"):
        pipeline.show(row)
    with pytest.raises(ValueError, match="no doc_id"):
        pipeline.show({"text": "x"})
    with pytest.raises(ValueError, match="choose one of en, vi"):
        pipeline.show(row, language="fr")


@pytest.mark.parametrize("what", ["500 triệu đồng", None, pd.DataFrame()])
def test_what_is_no_row_is_said(what):
    with pytest.raises(TypeError, match="one row"):
        pipeline.show(what)


def test_a_doc_of_some_components_is_shown(nlp):
    with nlp.select_pipes(enable=["trichluc_amounts"]):
        doc = nlp("Tin\nHỗ trợ 500 triệu đồng.")
    assert "500 triệu đồng<i" in str(pipeline.show(doc))


def test_nothing_found_is_said():
    html = fragment(reports.of_doc(pipeline.load()("Hôm nay trời đẹp.")))
    assert "No fact was found" in html


def test_every_label_is_there_in_both_languages():
    assert set(group("role")) == set(ROLES)
    programmes = tomllib.loads((files("rules.project") / "programmes.toml").read_text("utf-8"))
    assert set(programmes) - {"open"} <= set(group("programme"))  # "open" names what stays null
    for table, kinds in frame.KINDS.items():
        assert set(kinds) <= set(group("kind")), table
    for name in ("table", "role", "qualifier", "kind", "programme", "level", "status", "field", "page"):
        for key, words in group(name).items():
            assert len(words) == 2, key
            assert all(words), key
