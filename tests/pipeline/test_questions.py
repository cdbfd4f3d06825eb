"""The questions of docs/questions.md, and five more, answered on the page as a reader would: a few clicks each.

Questions 3 and 7 (shares, vague sums) need a calculation: tests/test_docs.py answers them as a notebook does.
"""

import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from page import Page, downloaded
from test_gather import write as several_reports

import pipeline
from pipeline.batch.run import run
from pipeline.i18n import whole
from pipeline.view.charts import in_words
from pipeline.view.labels import label
from pipeline.view.page import write


def folded(text: str) -> str:
    """Without marks and capitals, as the page's search compares."""
    bare = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return bare.lower().replace("đ", "d")


CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    """The sample reports, and six of which two tell of one undertaking."""
    folder = tmp_path_factory.mktemp("questions")
    for path in CORPUS.glob("*.txt"):
        (folder / "in").mkdir(exist_ok=True)
        (folder / "in" / path.name).write_bytes(path.read_bytes())
    several_reports(folder / "in")
    (folder / "in" / "trong.txt").write_text("", "utf-8")
    (folder / "in" / "mo-ho.txt").write_text("Xã Tân Thành\nXã Tân Thành được hỗ trợ 50 triệu đồng.\n", "utf-8")
    run([folder / "in"], folder / "out")
    write(folder / "out", folder / "view.html", language="vi")
    return folder / "out"


@pytest.fixture(scope="module")
def once(out) -> pd.DataFrame:
    return pipeline.once(pipeline.read(out)["undertakings"])


@pytest.fixture
def page(browser, out):
    return lambda view: Page(browser, out.parent / "view.html", view)


def bars(page: Page, panel: str) -> list[list[str]]:
    """Labels and figures of a panel, without what is not told."""
    return page.js(
        "return [...document.querySelectorAll(`.panel.${arguments[0]} .bars button`)]"
        ".filter(b => b.dataset.key !== '-').map(b => [b.querySelector('.label').textContent.trim(), "
        "b.querySelector('.value').firstChild.textContent])",
        panel,
    )


def told(sums: pd.Series, words: str = "", money: bool = True) -> list[list[str]]:
    """What bars should say of sums."""
    found = sums[sums > 0].sort_values(ascending=False, kind="stable")[:12]
    figure = (lambda value: in_words(int(value), "vi")) if money else whole
    return sorted([label(words, key, "vi") if words else key, figure(value)] for key, value in found.items())


def test_1_support_of_each_province_in_a_year(page, once):
    shown = page("overview")
    shown.click(".panel.year .pillars button[data-key='2020']")
    of_year = once[once["year"] == 2020].groupby("province_name")["support_vnd"].sum()
    assert sorted(bars(shown, "province")) == told(of_year)


def test_2_which_undertakings_got_most(page, once):
    shown = page("undertakings")
    shown.click("#undertakings .head [data-key=support]")
    most = once["support_vnd"].nlargest(3)
    assert [row[8] for row in shown.rows[:3]] == [f"{value:,}".replace(",", ".") for value in most]


def test_4_and_13_how_many_of_each_kind_benefit_and_what_they_get(page, once):
    shown = page("overview")
    by_kind = once.groupby("receiver_kind", observed=True)
    assert sorted(bars(shown, "receiver")) == told(by_kind["support_vnd"].sum(), "kind")
    shown.click("[data-key=n_beneficiaries]")
    assert sorted(bars(shown, "receiver")) == told(by_kind["n_beneficiaries"].sum(), "kind", money=False)


def test_5_what_each_programme_pays_and_for_how_many(page, once):
    shown = page("overview")
    by_programme = once.groupby("programme", observed=True)
    assert sorted(bars(shown, "programme")) == told(by_programme["support_vnd"].sum(), "programme")
    shown.click("[data-key=count]")
    assert sorted(bars(shown, "programme")) == told(by_programme["n_projects"].sum(), "programme", money=False)


def test_6_where_they_lie_since_july_2025(page, once):
    shown = page("overview")
    shown.click("[data-key=current]")
    top = dict(bars(shown, "province"))
    sums = once.groupby("current_province_name")["support_vnd"].sum()
    assert top == {name: in_words(int(sums[name]), "vi") for name in top}
    assert len(top) == min(12, (sums > 0).sum())


def test_8_and_10_loose_sums_doubtful_places_and_what_was_not_read(page, out):
    tables = pipeline.read(out)
    shown = page("reports")
    shown.choose("check", "check_unlinked")
    loose = tables["amounts"][tables["amounts"]["project_id"].isna()]["doc_id"]
    assert len(shown.titles) == len(set(loose) & set(tables["projects"]["doc_id"]))
    shown.choose("check", "check_ambiguous")
    assert len(shown.titles) == tables["locations"].query("status == 'ambiguous'")["doc_id"].nunique() > 0
    assert page("rejects").rows[0][:3] == ["trong.txt", "đọc nội dung", "tệp rỗng"]


def test_9_which_reports_speak_of_drying_machines(page, out):
    texts = pipeline.read(out)["documents"]["text"]
    shown = page("reports")
    assert len(shown.search("may say")) == sum("may say" in folded(text) for text in texts) > 1


def test_11_and_12_what_several_reports_tell_and_where_they_differ(page):
    shown = page("undertakings")
    shown.click("#undertakings .head [data-key=n_reports]")
    first = [cell for cell in shown.rows[0] if cell]
    assert "2" in first
    shown.facet("trust", "differs")
    assert shown.found == 1
    shown.js("[...document.querySelectorAll('.window .link')].find(b => b.textContent === '2').click()")
    assert len(shown.js("return [...document.querySelectorAll('#keys .mentions li')].map(l => l.textContent)")) == 2


def test_more_1_what_lies_in_one_commune(page, out):
    found = page("undertakings")
    found.search("xa vo mieu")
    places = pipeline.read(out)["locations"].query("name == 'Xã Võ Miếu'")["project_id"].dropna()
    projects = pipeline.read(out)["projects"].set_index("project_id")
    assert found.found == projects.loc[list(places), "undertaking_id"].nunique() >= 3


def test_more_2_what_one_cooperative_got(page):
    shown = page("undertakings")
    shown.search("htx che vo mieu")
    assert shown.found == 2
    assert "560 triệu đồng" in shown.js("return document.querySelector('.sums').textContent")


def test_more_3_the_list_of_one_programme_and_year_for_excel(page, once, downloads):
    shown = page("undertakings")
    shown.facet("programme", "khuyen_cong_dia_phuong")
    shown.facet("year", "2022")
    shown.click("[data-save=csv]")
    saved = pd.read_csv(downloaded(downloads / "trichluc-undertakings.csv"))
    wanted = once.query("programme == 'khuyen_cong_dia_phuong' and year == 2022")
    assert len(saved) == shown.found >= len(wanted)


def test_more_4_where_a_sum_is_printed(page):
    shown = page("undertakings")
    shown.search("vo mieu")
    shown.js("document.querySelector('.window .row .link').click()")
    shown.wait("return document.activeElement?.matches('mark.projects')")
    assert "280 triệu đồng" in shown.text


def test_more_5_one_province_alone(page, once):
    """Its total, and its print of one page."""
    shown = page("overview")
    shown.click("path.province[data-key='25']")
    sums = once[once["province_code"] == "25"]["support_vnd"].sum()
    assert shown.js("return document.querySelectorAll('.tile')[1].title") == f"{sums:,}".replace(",", ".")
