"""The page in a real browser: Chromium without a window, offline, straight from the disk."""

import json
import os
import re
import shutil
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from typer.testing import CliRunner

from pipeline.batch.run import run
from pipeline.cli import app
from pipeline.view.page import ViewError, write

HOSTILE = (
    "<script>window.hacked = 1</script> & đề án </script><script>window.hacked = 2</script>\n"
    '"><img src=x onerror="window.hacked=3"> Tổng kinh phí 1,5 tỷ đồng {{script}} cho 2 cơ sở tại tỉnh Hòa Bình.\n'
)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--window-size=1440,900",
)  # fmt: skip


@pytest.fixture(scope="module")
def out(tmp_path_factory, corpus_texts) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    for name, text in corpus_texts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    (folder / "zz-hostile.txt").write_text(HOSTILE, "utf-8")
    run([folder], folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        message = "chromium and chromedriver are not there: apt-get install chromium chromium-driver"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with webdriver.Chrome(options=options, service=webdriver.ChromeService(driver)) as chrome:
        yield chrome


class Page:
    """What a reader does with the page."""

    def __init__(self, chrome, path: Path) -> None:
        self.chrome = chrome
        chrome.get("about:blank")
        chrome.get(path.as_uri())

    def js(self, script: str, *args: object):
        return self.chrome.execute_script(script, *args)

    def press(self, keys: str) -> None:
        from selenium.webdriver import ActionChains

        ActionChains(self.chrome).send_keys(keys).perform()

    def choose(self, name: str, value: str) -> None:
        self._fill(name, value, "change")

    def search(self, words: str) -> list[str]:
        self.js(
            "const s=document.getElementById('search');s.value=arguments[0];s.dispatchEvent(new Event('input'))", words
        )
        self.chrome.execute_async_script("setTimeout(arguments[0], 150)")
        return self.titles

    def _fill(self, name: str, value: str, event: str) -> None:
        script = "const field = document.getElementById(arguments[0]); field.value = arguments[1];"
        self.js(script + "field.dispatchEvent(new Event(arguments[2]))", name, value, event)

    @property
    def titles(self) -> list[str]:
        return self.js("return [...document.querySelectorAll('#list b')].map(b => b.textContent)")

    @property
    def text(self) -> str:
        return self.js("return [...document.querySelectorAll('#report .text p')].map(p => p.textContent).join('\\n')")

    @property
    def current(self) -> str:
        return self.js("return document.querySelector('#list [aria-current=true] b').textContent")


@pytest.fixture(scope="module")
def target(out) -> Path:
    shown, there = write(out, out / "view.html")
    assert shown == there
    return out / "view.html"


@pytest.fixture
def page(browser, target) -> Page:
    return Page(browser, target)


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


def test_no_label_is_clipped(page):
    clipped = """return [...document.querySelectorAll('button, .record dt, .record dd, .card li')]
      .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"""
    for _ in range(2):
        assert page.js(clipped) == []
        assert page.js("return document.documentElement.scrollWidth <= innerWidth")
        page.js("document.getElementById('language').click()")


def test_a_thousand_reports(browser, out, tmp_path):
    """Loads, searches and filters without a wait that a person would notice."""
    page = out / "view.html"
    head, data, tail = re.split(r'(?<=id="data">)(.*?)(?=</script>)', page.read_text("utf-8"), maxsplit=1, flags=re.S)
    content = json.loads(data)
    reports = content["reports"]
    content["reports"] = [reports[i % len(reports)] | {"id": f"{i:016x}"} for i in range(1000)]
    many = tmp_path / "many.html"
    many.write_text(head + json.dumps(content).replace("<", "\\u003c") + tail, "utf-8")
    opened = Page(browser, many)
    assert len(opened.titles) == 1000
    timing = """const s = document.getElementById('search'), begin = performance.now();
      s.value = arguments[0]; document.getElementById('province').dispatchEvent(new Event('change'));
      document.body.offsetHeight; return performance.now() - begin"""
    opened.js(timing, "khuyen cong")
    assert opened.js(timing, "ho tro") < 500
    assert (
        opened.js("const n = performance.getEntriesByType('navigation')[0]; return n.loadEventEnd - n.startTime") < 5000
    )


def reports_of(page: Path) -> list[dict[str, object]]:
    return json.loads(re.search(r'id="data">(.*?)</script>', page.read_text("utf-8"), re.S)[1])["reports"]


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
