"""The page in a real browser: Chromium without a window, offline, straight from the disk."""

import base64
import csv
import html
import io
import json
import re
import shutil
import threading
import time
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import openpyxl
import pyarrow.dataset as ds
import pytest
from page import Page, downloaded
from pypdfium2 import PdfDocument
from test_gather import write as several_reports
from typer.testing import CliRunner

import pipeline
from pipeline.batch.run import run
from pipeline.cli import app
from pipeline.i18n import whole
from pipeline.review import verdicts
from pipeline.review.terminal import accept, take
from pipeline.view import charts
from pipeline.view.data import packed
from pipeline.view.page import ViewError, render, write
from pipeline.view.server import serve

HOSTILE = (
    "<script>window.hacked = 1</script> & đề án </script><script>window.hacked = 2</script>\n"
    '"><img src=x onerror="window.hacked=3"> Tổng kinh phí 1,5 tỷ đồng {{script}} cho 2 cơ sở tại tỉnh Hòa Bình.\n'
)


@pytest.fixture(scope="module")
def out(tmp_path_factory, corpus_texts) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    for name, text in corpus_texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    (folder / "zz-hostile.txt").write_text(HOSTILE, "utf-8")
    (folder / "zz-empty.txt").write_text("", "utf-8")
    run([folder], folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def target(out) -> Path:
    shown, there = write(out, out / "view.html")
    assert shown == there
    return out / "view.html"


@pytest.fixture
def page(browser, target) -> Page:
    return Page(browser, target)


@pytest.fixture
def overview(browser, target) -> Page:
    return Page(browser, target, "overview")


@pytest.fixture
def listed(browser, target) -> Page:
    return Page(browser, target, "undertakings")


def test_every_report_is_listed_and_drawn_letter_by_letter(page, out):
    documents = ds.dataset(out / "documents").to_table().sort_by("source").to_pylist()
    assert len(page.titles) == len(documents)
    for document in documents:
        assert page.current == document["title"]
        assert page.text == "\n".join(line for line in document["text"].split("\n") if line)
        page.press("j")


def test_search_ignores_marks_and_case(page):
    everything = page.titles
    found = page.search("KHUYEN CONG")
    assert 0 < len(found) < len(everything)
    assert any("KHUYẾN CÔNG" in title for title in found)
    assert page.js("return CSS.highlights.get('found').size") > 0
    first = page.js("return [...CSS.highlights.get('found')][0].toString()")
    assert first.casefold() == "khuyến công"
    assert page.search("không có chữ này ở đâu cả") == []
    assert "No report matches" in page.js("return document.getElementById('count').textContent")
    assert page.search("") == everything


def test_filters_narrow_the_list_and_escape_clears(page):
    everything = page.titles
    page.choose("province", "Tỉnh Hòa Bình")
    narrowed = page.titles
    assert 0 < len(narrowed) < len(everything)
    page.choose("role", "counterpart")
    assert len(page.titles) < len(narrowed)
    page.press("\ue00c")
    assert page.titles == everything


def test_keys_move_between_reports_and_facts(page):
    first = page.current
    page.press("j")
    assert page.current == page.titles[1]
    page.press("k")
    assert page.current == first
    page.press("n")
    assert page.js("return document.activeElement.tagName") == "MARK"
    tip = "return getComputedStyle(document.activeElement.querySelector(':scope > .tip')).display"
    assert page.js(tip) == "block"
    page.press("/")
    assert page.js("return document.activeElement.id") == "search"


def test_layers_can_be_hidden(page):
    colour = "return getComputedStyle(document.querySelector('mark.amounts')).backgroundColor"
    assert page.js(colour) != "rgba(0, 0, 0, 0)"
    page.press("2")
    assert page.js(colour) == "rgba(0, 0, 0, 0)"


def test_both_languages(page):
    def shown(selector: str) -> str:
        return page.js("return document.querySelector(arguments[0]).innerText", selector)

    assert "sums" in shown("#layers")
    page.js("document.getElementById('language').click()")
    assert "số tiền" in shown("#layers")
    tag = "return getComputedStyle(document.querySelector('.amounts > .tag'), '::after').content"
    assert page.js(tag) == "attr(data-vi)" or re.search("tổng|hỗ trợ|khác|thu|giá|vốn|đối|giải|thiệt", page.js(tag))
    assert "tổng kinh phí" in page.js("return document.querySelector('.record').innerText")
    assert page.js("return document.documentElement.lang") == "vi"


def test_a_report_that_contains_script_shows_it_as_text(page):
    assert len(page.search("window.hacked")) == 1
    assert "<script>window.hacked = 1</script>" in page.text
    assert "{{script}}" in page.text
    assert page.js("return window.hacked === undefined")
    assert page.js("return document.querySelectorAll('#report script, #report img').length") == 0


def test_nothing_is_fetched_and_nothing_fails(page, browser):
    page.press("jjj?")
    assert page.js("return performance.getEntriesByType('resource').length") == 0
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []


def test_the_overview_counts_each_dong_once(overview, out):
    once = pipeline.once(pipeline.read(out)["projects"])
    told = overview.js(
        "return [...document.querySelectorAll('.tile')].map(t => [t.title, t.querySelector('b').textContent])"
    )
    assert told[0][1] == f"{once['n_projects'].sum():,}".replace(",", ".")
    assert told[1][0] == f"{once['support_vnd'].sum():,}".replace(",", ".")
    assert told[2][0] == f"{once['total_vnd'].sum():,}".replace(",", ".")
    assert overview.js("return document.querySelectorAll('path.province').length") == 63
    kinds = once.groupby("receiver_kind", observed=True)["support_vnd"].sum().sort_values(ascending=False)
    drawn = overview.js("return [...document.querySelectorAll('.panel.receiver .bars button')].map(b => b.dataset.key)")
    assert [key for key in drawn if key != "-"] == kinds[kinds > 0].index.tolist()
    overview.click(".switch [data-key=current]")
    assert overview.js("return document.querySelectorAll('path.province').length") == 34


@pytest.mark.parametrize(
    "panel",
    [
        "where path.province.shade5",
        "province .bars button",
        "year .pillars button[data-key='2020']",
        "programme .bars button",
        "receiver .bars button",
    ],
)
def test_every_mark_leads_to_what_is_behind_it(overview, out, panel):
    shown = overview.js("return document.querySelector(arguments[0]).textContent", f".panel.{panel}")
    overview.click(f".panel.{panel}")
    assert overview.js("return document.querySelector('#chips button').textContent").rstrip(" ×") in shown
    overview.press("u")
    sums = overview.js("return document.querySelector('.sums').textContent")
    assert re.search(r"[\d.]+ [a-z]+ VND", shown)[0] in sums
    overview.press("\ue00c")
    assert overview.found == len(pipeline.read(out)["projects"])


def test_the_table_is_sorted_filtered_and_searched(listed, out):
    projects = pipeline.read(out)["projects"]
    assert listed.found == len(projects)
    listed.js("[...document.querySelectorAll('.head button')].find(b => b.textContent.startsWith('support')).click()")
    head = listed.js("return [...document.querySelectorAll('.head [role=columnheader]')].map(h => h.textContent)")
    support = [row[head.index("support ↓")] for row in listed.rows]
    largest = projects["support_vnd"].dropna().sort_values(ascending=False).head(5)
    assert support[:5] == [f"{value:,}".replace(",", ".") for value in largest]
    assert listed.js("return document.querySelector('[aria-sort=descending]') !== null")
    listed.facet("kind", "de_an")
    assert listed.found == (projects["kind"] == "de_an").sum()
    listed.facet("role", "support")
    amounts = pipeline.read(out)["amounts"]
    supported = amounts[amounts["role"] == "support"]["project_id"].dropna()
    assert listed.found == projects[(projects["kind"] == "de_an") & projects["project_id"].isin(supported)].shape[0]
    listed.press("\ue00c")
    listed.search("CHE BIEN")
    assert 0 < listed.found < len(projects)


def test_columns_are_chosen_and_saved(listed, out, downloads):
    listed.js(
        "[...document.querySelectorAll('.chooser label')].find(l => l.textContent.includes('own "
        "share')).firstChild.click()"
    )
    listed.facet("kind", "mo_hinh")
    listed.click("[data-save=csv]")
    text = downloaded(downloads / "trichluc-undertakings.csv").read_text("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    projects = pipeline.read(out)["projects"]
    models = projects[projects["kind"] == "mo_hinh"]
    assert "own share" in head
    assert len(rows) == len(models) == listed.found
    assert sum(int(row[head.index("support")] or 0) for row in rows) == models["support_vnd"].sum()
    listed.click("[data-save=xlsx]")
    book = openpyxl.load_workbook(downloaded(downloads / "trichluc-undertakings.xlsx"))
    cells = list(book.active.iter_rows(values_only=True))
    assert list(cells[0]) == head
    assert (
        sum(row[head.index("total cost" if "total cost" in head else "total")] or 0 for row in cells[1:])
        == models["total_vnd"].sum()
    )


def test_formulas_are_saved_as_text(browser, target, tmp_path, downloads):
    data = unpacked(target, "data")
    data["tables"]["undertakings"]["title"][0] = '=HYPERLINK("http://x")'
    data["tables"]["undertakings"]["title"][1] = "＝1+1"
    page = Page(browser, changed(target, tmp_path / "live.html", data=data), "undertakings")
    page.click("[data-save=csv]")
    rows = list(csv.reader(io.StringIO(downloaded(downloads / "trichluc-undertakings.csv").read_text("utf-8-sig"))))
    assert [rows[1][0], rows[2][0]] == ['\'=HYPERLINK("http://x")', "'＝1+1"]
    page.click("[data-save=xlsx]")
    book = openpyxl.load_workbook(downloaded(downloads / "trichluc-undertakings.xlsx"))
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


def test_no_figure_is_cut_and_a_long_name_is_shown_whole(browser, target, tmp_path):
    data = unpacked(target, "data")
    rows = data["tables"]["undertakings"]
    long = "Hỗ trợ ứng dụng máy móc thiết bị tiên tiến trong chế biến " * 4
    rows["title"][:2], rows["total_vnd"][0] = [long + "chè", long + "cà phê"], 1_076_800_000_000_000
    page = Page(browser, changed(target, tmp_path / "long.html", data=data), "undertakings")
    cut = "return [...document.querySelectorAll('.window .number')].filter(c => c.scrollWidth > c.clientWidth).length"
    assert page.js("return document.querySelectorAll('.window .number').length") > 0
    assert page.js(cut) == 0
    link = "document.querySelectorAll('.window .link')[1]"
    assert page.js(f"return {link}.scrollHeight > {link}.clientHeight + 1")
    page.js(f"{link}.focus()")
    assert page.js(f"return {link}.scrollHeight <= {link}.clientHeight + 1")
    page.js(f"{link}.blur(); document.querySelectorAll('.window .link')[2].focus()")
    assert page.js(f"return {link}.scrollHeight > {link}.clientHeight + 1")


def test_the_keyboard_stays_where_it_is(overview):
    focus = (
        "return document.activeElement.closest('.panel, .head')?.className + ' ' + document.activeElement.dataset.key"
    )
    assert overview.js("return document.querySelectorAll('.where path[tabindex=\"0\"]').length") == 1
    overview.js("document.querySelector('.where path[tabindex=\"0\"]').focus()")
    first = overview.js(focus)
    overview.press("\ue014")  # arrow right
    assert overview.js(focus) != first
    overview.js("document.querySelector('.panel.programme .bars button').focus()")
    key = overview.js(focus)
    overview.press("\ue007")
    assert overview.js("return document.querySelector('#chips button') !== null")
    assert overview.js(focus) == key
    overview.press("u")
    overview.js("document.querySelector('#undertakings .head [data-key=support]').focus()")
    overview.press("\ue007")
    assert overview.js(focus) == "row head support"
    overview.press("o")
    assert overview.js("return document.body.dataset.view") == "overview"


def test_the_list_of_columns_closes_before_filters_do(listed):
    listed.facet("kind", "de_an")
    found = listed.found
    for close in (lambda: listed.press("\ue00c"), lambda: listed.click(".found")):
        listed.js("document.querySelector('.chooser').open = true")
        close()
        assert not listed.js("return document.querySelector('.chooser').open")
        assert listed.found == found


def test_every_count_is_explained(overview, out):
    tables = pipeline.read(out)
    once = pipeline.once(tables["projects"])
    told = overview.js("return [...document.querySelectorAll('.how li')].map(l => l.textContent)")
    assert f"of {len(tables['projects'])} rows" in told[0]
    assert f"{once['support_vnd'].notna().sum()} rows have support" in told[1]
    assert f"of {once['n_beneficiaries'].notna().sum()} rows" in told[2]
    overview.press("u")
    count = overview.js("return document.querySelector('.found').textContent")
    assert count.endswith(f" {whole(int(once['n_projects'].sum()))} undertakings")


def printed(page: Page) -> list[str]:
    """The text of each sheet of paper, without blanks."""
    sheet = page.chrome.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})["data"]
    return ["".join(one.get_textpage().get_text_range().split()) for one in PdfDocument(base64.b64decode(sheet))]


def test_on_paper_are_all_rows_and_what_they_are(listed, out):
    listed.facet("kind", "de_an")
    projects = pipeline.read(out)["projects"]
    wanted = projects[projects["kind"] == "de_an"]
    assert len(wanted) > len(listed.rows)
    sheets = printed(listed)
    assert sheets[0].startswith("Undertakings·đềán(scheme)trichluc·")
    told = "".join(sheets)
    names = wanted["name"].fillna(wanted["text"])
    assert [name for name in names if "".join(name.split()) not in told] == []
    sums = wanted["total_vnd"].dropna().map(whole)
    assert [figure for figure in sums if figure not in told] == []


def test_a_province_is_one_sheet(overview):
    overview.click(".panel.province .bars button")
    name = overview.js("return document.querySelector('#chips button').textContent").rstrip(" ×")
    sheets = printed(overview)
    assert len(sheets) == 1
    assert sheets[0].startswith(f"Overview·{name}".replace(" ", ""))


def test_a_row_that_outweighs_the_others_is_named(browser, target, tmp_path):
    data = unpacked(target, "data")
    rows = data["tables"]["undertakings"]
    rows["once_total_vnd"] = [10**14] * len(rows["title"])
    heavy = (
        "return [...document.querySelectorAll('.heavy')].map(p => p.textContent).filter(t => t.includes('total cost'))"
    )
    page = Page(browser, changed(target, tmp_path / "even.html", data=data), "overview")
    assert page.js(heavy) == []
    rows["title"][0], rows["once_total_vnd"][0] = "402 dự án", 10**17
    page = Page(browser, changed(target, tmp_path / "heavy.html", data=data), "overview")
    assert [told.rpartition(": ")[2] for told in page.js(heavy)] == ["402 dự án"]


def test_a_row_leads_to_its_report(listed):
    title = listed.rows[0][0]
    listed.click(".window .row .link")
    listed.wait("return document.activeElement.tagName === 'MARK'")
    assert title in listed.js("return document.activeElement.textContent")
    assert listed.js("return document.body.dataset.view") == "reports"


def test_rejects_and_documents_are_listed(browser, target, out):
    page = Page(browser, target, "rejects")
    assert [row[0] for row in page.rows] == ["zz-empty.txt"]
    assert page.rows[0][2] == "empty file"
    page = Page(browser, target, "documents")
    assert page.found == ds.dataset(out / "documents").count_rows()
    page.click(".window .row .link")
    assert page.wait("return document.querySelector('#report .text')?.textContent")


def test_a_report_left_out_is_said(browser, out, tmp_path):
    write(out, tmp_path / "few.html", most=1)
    page = Page(browser, tmp_path / "few.html", "documents")
    page.js("[...document.querySelectorAll('.window .row .link')].at(-1).click()")
    assert "--most" in page.wait("return document.querySelector('#keys[open]')?.textContent")


def test_verdicts_are_saved_and_taken_over(browser, target, out, downloads):
    page = Page(browser, target)
    page.js("localStorage.clear()")
    page = Page(browser, target)
    page.click("#report .text mark.amounts")
    page.click("#judge [data-verdict=right]")
    script = (
        "const s=document.querySelector('#judge select'); s.value=arguments[0]; s.dispatchEvent(new Event('change'))"
    )
    page.js(
        "document.querySelectorAll('#report .text mark.amounts')[1].dispatchEvent(new "
        "MouseEvent('click',{bubbles:true}))"
    )
    page.js(script, "loan")
    assert page.js("return document.querySelectorAll('mark[data-verdict]').length") == 2
    assert "2" in page.js("return document.getElementById('save-verdicts').textContent")
    page.click("#save-verdicts")
    saved = downloaded(downloads / "verdicts.jsonl")
    saved.write_text(
        saved.read_text("utf-8") + '{"row": {}, "verdict": "right", "table": "amounts"}\nno json\n', "utf-8"
    )
    taken = take(out, saved)
    assert taken.kept == 2
    assert [line.split(":")[0] for line in taken.refused] == ["line 3", "line 4"]
    assert sorted(verdicts(out)["verdict"]) == ["corrected", "right"]
    assert pipeline.read(out)["amounts"]["corrected"].str.contains("loan").sum() == 1
    shutil.rmtree(out.with_name("out-review"))


def test_a_missed_fact_is_added(browser, target, out):
    page = Page(browser, target)
    text = page.text
    page.js("""const p = document.querySelector('#report .text p:not(.headline)');
      const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
      const node = walker.nextNode(), range = new Range(); range.setStart(node, 0); range.setEnd(node, 4);
      getSelection().removeAllRanges(); getSelection().addRange(range);
      document.getElementById('report').dispatchEvent(new MouseEvent('mouseup'))""")
    chosen = page.wait("return document.querySelector('#judge q')?.textContent")
    page.js(
        "const s=[...document.querySelectorAll('#judge select')][1]; s.value='mo_hinh'; "
        "s.dispatchEvent(new Event('change'))"
    )
    entry = json.loads(page.js(f"return localStorage.getItem(`trichluc:${{'{target_key(target)}'}}`)"))[-1][1]
    accept(out, entry)
    added = pipeline.read(out)["projects"].query("rule == 'review'")
    assert added["text"].tolist() == [chosen]
    assert text[entry["row"]["start"] : entry["row"]["end"]] == chosen
    shutil.rmtree(out.with_name("out-review"))
    page.js("localStorage.clear()")


def target_key(target: Path) -> str:
    return unpacked(target, "data")["limits"]["key"]


@contextmanager
def served(out: Path) -> Iterator[str]:
    """The address of a page that saves verdicts at once; they are forgotten afterwards."""
    server, address = serve(render(out)[0], partial(accept, out))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        shutil.rmtree(out.with_name("out-review"), ignore_errors=True)


def test_served_verdicts_are_saved_at_once(browser, out):
    with served(out) as address:
        page = Page(browser, address)
        page.click("#report .text mark.amounts")
        page.click("#judge [data-verdict=wrong]")
        page.wait("return document.getElementById('judged').textContent === 'saved'")
        assert verdicts(out)["verdict"].tolist() == ["wrong"]
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(address.split("?")[0])


@pytest.fixture(scope="module")
def told_twice(tmp_path_factory) -> Path:
    """Tables of six reports, of which two tell of one undertaking."""
    folder = tmp_path_factory.mktemp("told")
    run([several_reports(folder / "in")], folder / "out")
    return folder / "out"


def gathered(out: Path) -> list[str]:
    """The reports of each undertaking that several tell of, by the first character of their names."""
    found = pipeline.read(out)
    source = found["projects"].set_index("project_id")["source"].str[0]
    return sorted("".join(sorted(source[list(ids)])) for ids in found["undertakings"]["project_ids"] if len(ids) > 1)


def test_undertakings_are_joined_and_parted_by_hand(browser, told_twice, tmp_path, downloads):
    write(told_twice, tmp_path / "view.html")
    Page(browser, tmp_path / "view.html", "undertakings").js("localStorage.clear()")
    page = Page(browser, tmp_path / "view.html", "undertakings")
    assert gathered(told_twice) == ["12"]
    # The mentions of the one that two reports tell: one of them is ticked off.
    page.js("[...document.querySelectorAll('.window .link')].find(b => b.textContent === '2').click()")
    assert page.js("return document.querySelector('#keys [data-join=apart]').disabled")
    assert violations(page) == []
    page.click("#keys .mentions input")
    page.click("#keys [data-join=apart]")
    assert "taken over" in page.js("return document.getElementById('keys').textContent")
    page.click("#keys > button:last-child")
    # Two rows that are one.
    rows = [number for number, row in enumerate(page.rows) if "thôn" in " ".join(row)]
    for row in rows:
        page.js("document.querySelectorAll('.window .row input')[arguments[0]].click()", row)
    page.click("[data-join=chosen]")
    page.click("#keys > button:last-child")
    page.click("#save-verdicts")
    taken = take(told_twice, downloaded(downloads / "verdicts.jsonl"))
    assert (taken.kept, taken.refused) == (2, ())
    assert gathered(told_twice) == ["56"]
    shutil.rmtree(told_twice.with_name("out-review"))
    page.js("localStorage.clear()")


def test_pairs_that_may_be_one_are_judged(browser, told_twice):
    with served(told_twice) as address:
        page = Page(browser, address, "undertakings")
        page.click("[data-join=near]")
        assert violations(page) == []
        open_pairs = page.js("return document.querySelectorAll('.pair').length")
        assert open_pairs > 1
        page.click(".pair [data-join=split]")
        page.wait("return document.getElementById('judged').textContent === 'saved'")
        assert page.js("return document.querySelectorAll('.pair').length") == open_pairs - 1
        (told_twice.parent / "again.html").write_text(render(told_twice)[0], "utf-8")
        assert len(unpacked(told_twice.parent / "again.html", "data")["tables"]["near"]) == open_pairs - 1
        page.click(".pair [data-join=join]")
        page.wait("return document.querySelectorAll('.pair').length === arguments[0]", open_pairs - 2)
        deadline = time.monotonic() + 20
        while gathered(told_twice) != ["24"]:  # 4 is 2, and is not 1
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.mark.parametrize("entry", [{"verdict": "join", "ids": ["x", "y"]}, {"verdict": "right", "ids": []}])
def test_a_join_of_no_rows_is_refused(told_twice, entry):
    with pytest.raises(ValueError, match=r"no row of projects 'x'|verdict is 'right'"):
        accept(told_twice, {"table": "undertakings", **entry})


VIEWS = ("overview", "undertakings", "reports", "documents", "rejects")


def violations(page: Page) -> list[list[str]]:
    """What axe-core finds wrong with the page as it is now."""
    page.js(Path(find_spec("axe_core_python").origin).with_name("axe.min.js").read_text("utf-8"))
    return page.chrome.execute_async_script(
        "axe.run().then(r => arguments[0](r.violations.map(v => [v.id, v.nodes[0].html, v.nodes[0].failureSummary])))"
    )


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_accessibility(browser, target, view, scheme, width):
    """No violation that axe-core finds, in either scheme, on a phone and on a screen, with all that unfolds open."""
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 700},
    )
    page = Page(browser, target, view)
    page.js("for (const details of document.querySelectorAll('details')) details.open = true")
    if view == "reports":
        page.click("#report .text mark.amounts")
    found = violations(page)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert found == []


@pytest.mark.parametrize("width", [320, 768, 1440])
@pytest.mark.parametrize("view", VIEWS)
def test_nothing_runs_over_the_edge(browser, target, view, width):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 700},
    )
    page = Page(browser, target, view)
    wide = page.js("return document.documentElement.scrollWidth")
    over = page.js(
        "return [...document.querySelectorAll('button, select, summary, p')].filter(e => "
        "!e.closest('.scroll, .pillars, .facets') "
        "&& e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))"
    )
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide <= width
    assert over == []


def test_a_table_of_a_report_is_drawn_as_a_table(browser, tmp_path):
    text = (
        "Danh mục đề án\nTT | Tên đề án | Kinh phí\n1 | Đề án máy sấy chè | 300 triệu đồng\n2 | Đề án "
        "lò gốm | 450 triệu đồng\n"
    )
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(text, "utf-8")
    run([tmp_path / "in"], tmp_path / "out")
    write(tmp_path / "out", tmp_path / "view.html")
    page = Page(browser, tmp_path / "view.html")
    cells = (
        "return [...document.querySelectorAll('#report .table tr')].map(r => [...r.cells].map(c => "
        "c.firstChild ? c.textContent.replace(' | ', '') : ''))"
    )
    assert page.js(cells)[1] == ["1", "Đề án máy sấy chè", "300 triệu đồng"]


def test_no_label_is_clipped(page):
    clipped = """return [...document.querySelectorAll('button, .record dt, .record dd, .card li')]
      .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"""
    for _ in range(2):
        assert page.js(clipped) == []
        assert page.js("return document.documentElement.scrollWidth <= innerWidth")
        page.js("document.getElementById('language').click()")


def unpacked(page: Path, name: str):
    """What the page holds under an id, as Python."""
    found = re.search(rf'id="{name}">(.*?)</script>', page.read_text("utf-8"), re.S)
    return json.loads(zlib.decompress(base64.b64decode(found[1])))


def reports_of(page: Path) -> list[dict[str, object]]:
    return unpacked(page, "reports-data")


def changed(page: Path, target: Path, **parts: object) -> Path:
    """The page with other data."""
    html = page.read_text("utf-8")
    for name, data in parts.items():
        name = name.replace("_", "-")
        html = re.sub(rf'(?<=id="{name}">)(.*?)(?=</script>)', lambda _, d=data: packed(d), html, count=1, flags=re.S)
    target.write_text(html, "utf-8")
    return target


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("regime", ["legacy", "current"])
def test_pictures_of_notebooks_are_those_of_the_page(overview, out, regime, language):
    """The same shades, figures and lengths by Python as by script."""
    overview.js(
        "if (document.documentElement.lang !== arguments[0]) document.getElementById('language').click()", language
    )
    overview.click(f".switch [data-key={regime}]")
    once = pipeline.once(pipeline.read(out)["undertakings"])
    column = {"legacy": "province_code", "current": "current_province_code"}[regime]
    support = once.groupby(column)["support_vnd"].sum(min_count=1)
    picture = str(charts.provinces(support, current=regime == "current", language=language))
    drawn = re.findall(r'fill="(#\w+)" stroke="#\w+" stroke-width=".5" data-key="(\d\d)"><title>([^<]+)', picture)
    shown = overview.js(
        "return [...document.querySelectorAll('path.province')].map(p => "
        "[p.getAttribute('class').at(-1), p.dataset.key, p.getAttribute('aria-label')])"
    )
    assert [(charts.SHADES[int(shade)], code, text) for shade, code, text in shown] == drawn
    legend = overview.js("return [...document.querySelectorAll('.legend li')].map(l => l.textContent)")
    assert all(f">{html.escape(text)}</text>" in picture for text in legend)

    picture = str(
        charts.bars(once.groupby("receiver_kind", observed=True)["support_vnd"].sum(), words="kind", language=language)
    )
    lengths = [float(length) / 410 for length in re.findall(r'<rect x="210" y="\d+" width="([\d.]+)"', picture)]
    shown = overview.js(
        "return [...document.querySelectorAll('.panel.receiver .bars button')].filter(b => b.dataset.key !== '-')"
        ".map(b => [parseFloat(b.querySelector('.bar').style.width), b.querySelector('.label').textContent.trim(), "
        "b.querySelector('.value').firstChild.textContent])"
    )
    longest = shown[0][0] / lengths[0]  # the page has those without a receiver on the same scale
    assert [length * longest for length in lengths] == pytest.approx([length for length, _, _ in shown], abs=0.2)
    assert all(f">{label}</text>" in picture and f">{value}</text>" in picture for _, label, value in shown)


def test_a_thousand_reports(browser, target, tmp_path):
    """All of them are listed, searched and filtered; `make bench` says how quickly."""
    reports = reports_of(target)
    many = [reports[i % len(reports)] | {"id": f"{i:016x}"} for i in range(1000)]
    page = Page(browser, changed(target, tmp_path / "many.html", reports_data=many))
    assert len(page.titles) == 1000
    assert 0 < len(page.search("ho tro")) < 1000


def test_a_hundred_thousand_undertakings(browser, target, tmp_path):
    data = unpacked(target, "data")
    rows = data["tables"]["undertakings"]
    size, wanted = len(rows["title"]), 100_000

    def many(column):
        if isinstance(column, dict):
            return column | {"rows": many(column["rows"])}
        return [column[i % size] for i in range(wanted)] if isinstance(column, list) else column

    data["tables"]["undertakings"] = {name: many(column) for name, column in rows.items()} | {"there": 120_000}
    page = Page(browser, changed(target, tmp_path / "many.html", data=data), "undertakings")
    assert page.found == wanted
    assert len(page.rows) < 80  # only what is in view is drawn
    page.js("document.querySelector('.scroll').scrollTop = 1e9")
    assert page.wait(
        "return [...document.querySelectorAll('.window .row')].at(-1).getAttribute('aria-rowindex')"
    ) == str(wanted + 1) or page.wait(
        "return document.querySelector('.window .row[aria-rowindex=\"100001\"]') !== null"
    )
    page.search("de an")
    assert 0 < page.found < wanted
    page.press("o")
    assert "100.000" in page.js("return document.querySelector('.once').textContent")
    assert "120.000" in page.js("return document.querySelector('.once').textContent")


def test_one_document(out, tmp_path):
    write(out, tmp_path / "all.html")
    doc_id = reports_of(tmp_path / "all.html")[3]["id"]
    assert write(out, tmp_path / "one.html", doc_id) == (1, 1)
    with pytest.raises(ViewError, match="no document 0000"):
        write(out, tmp_path / "none.html", "0000")


def test_the_command(out, tmp_path):
    done = CliRunner().invoke(app, ["view", str(out), "--html", str(tmp_path / "page.html"), "--most", "3"])
    assert (done.exit_code, done.stdout) == (0, "")
    assert "3 documents (the first 3 of " in done.stderr
    assert len(reports_of(tmp_path / "page.html")) == 3
    done = CliRunner().invoke(app, ["view", str(tmp_path)])
    assert done.exit_code == 2
    assert "holds no table" in done.stderr
