"""How long the page takes until it is drawn, and until a filter, a search and a sort are.

    python benchmarks/page.py [UNDERTAKINGS ...]

The sample reports are taken again and again, under other names, until there are so many undertakings. Chromium without
a window opens the page from the disk. For each step, two seconds or more after the page was opened: seconds on the
clock from the event until the frame in which it is drawn, and seconds of processor time of the page's thread, which do
not grow where the machine is busy, the middle of five and the most.
"""

import base64
import json
import re
import shutil
import statistics
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import Any

import pandas as pd
from selenium import webdriver

import pipeline
from pipeline.batch.run import run
from pipeline.view.data import collect
from pipeline.view.page import MOST, page, render, surroundings

ROOT = Path(__file__).parents[1]
SIZES = (1_000, 100_000)
KEYS = ("doc_id", "project_id", "undertaking_id", "parent_id", "source")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking",
         "--window-size=1400,900")  # fmt: skip
REPEATS = 5

HELP = """
const fire = (node, name) => node.dispatchEvent(new Event(name, { bubbles: true }));
const choose = (facet, place) => {
  const select = document.querySelector(`#undertakings [data-facet=${facet}]`);
  select.selectedIndex = place;
  fire(select, "change");
};
const sort = (column) => document.querySelector(`#undertakings .head [data-key=${column}]`).click();
const search = (words) => {
  const field = document.getElementById("search");
  field.value = words;
  fire(field, "input");
};
const press = (selector, place) => document.querySelectorAll(selector)[place].click();
"""
STEPS = {
    "filter by province": ("undertakings", "choose('province', n + 1)", 0),
    "filter by kind": ("undertakings", "choose('kind', n % 3)", 0),
    "sort by sum": ("undertakings", "sort('support')", 0),
    "sort by name": ("undertakings", "sort('title')", 0),
    "search, 80 ms after the last key": (
        "undertakings",
        "search(['máy', 'may say', 'hop tac xa', 'cơ khí', '12'][n])",
        80,
    ),
    "scroll": ("undertakings", "document.querySelector('#undertakings .scroll').scrollTop += 40000", 0),
    "filter the overview": ("overview", "press('.panel.province .bars button', n)", 0),
    "another measure": ("overview", "press('[data-key=total], [data-key=support]', (n + 1) % 2)", 0),
}
"""What is measured -> (view, script with n from 0, milliseconds that the page waits for more of it)."""


def tables(out: Path, wanted: int) -> dict[str, pd.DataFrame]:
    """The tables of the sample reports, so often that there are so many undertakings."""
    one = pipeline.read(out)
    times = -(-wanted // len(one["undertakings"]))
    return {
        name: pd.concat([renamed(frame, number) for number in range(times)], ignore_index=True)
        for name, frame in one.items()
        if name != "sentences"
    }


def renamed(frame: pd.DataFrame, number: int) -> pd.DataFrame:
    """A copy of the rows under other keys and names."""
    told = {name: frame[name].astype("string") + f"-{number}" for name in KEYS if name in frame}
    if "name" in frame:
        told["name"] = frame["name"].astype("string") + f" {number}"
    if "project_ids" in frame:
        told["project_ids"] = frame["project_ids"].map(lambda keys: [f"{key}-{number}" for key in keys])
    return frame.assign(**told)


class Browser:
    """Chromium, and what it says of time."""

    def __init__(self, profile: Path) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or "chromium"
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        self.chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
        self.chrome.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})

    def open(self, path: Path, view: str) -> tuple[float, float, float]:
        """Seconds until the first paint, until the view is drawn, and of processor."""
        self.chrome.get("about:blank")
        before = self.processor()
        self.chrome.get(f"{path.as_uri()}#{view}")
        while not (told := self.chrome.execute_script(
            "return document.body?.dataset.ready && [performance.getEntriesByType('paint')"
            ".find((entry) => entry.name === 'first-contentful-paint')?.startTime, "
            "performance.getEntriesByName('ready')[0]?.startTime]"
        )):  # fmt: skip
            time.sleep(0.05)
        painted, ready = (value / 1000 if value else float("nan") for value in told)
        return painted, ready, self.processor() - before

    def step(self, script: str, n: int, wait: int) -> tuple[float, float]:
        """Seconds until what a script does is drawn, and of processor."""
        before = self.processor()
        clock = self.chrome.execute_async_script(
            f"{HELP} const [n, wait, done] = arguments, begun = performance.now(); {script};"
            "setTimeout(() => requestAnimationFrame(() => setTimeout("
            "() => done((performance.now() - begun) / 1000 - wait / 1000))), wait + (wait ? 1 : 0));", n, wait,
        )  # fmt: skip
        return clock, self.processor() - before

    def processor(self) -> float:
        metrics = self.chrome.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def measure(browser: Browser, path: Path) -> None:
    """Print the figures of a page."""
    for view in ("overview", "undertakings"):
        opened = [browser.open(path, view) for _ in range(3)]
        painted, ready, processor = (statistics.median(told) for told in zip(*opened, strict=True))
        print(f"  {view + ': first paint':<34}{painted:7.3f} s")
        print(f"  {view + ': drawn':<34}{ready:7.3f} s{processor:9.3f} s of processor")
    for name, (view, script, wait) in STEPS.items():
        browser.open(path, view)
        time.sleep(2.0)  # before anybody types
        found = [browser.step(script, n, wait) for n in range(REPEATS)]
        clock, processor = (statistics.median(told) for told in zip(*found, strict=True))
        worst = max(seconds for _clock, seconds in found)
        print(f"  {name:<34}{clock:7.3f} s{processor:9.3f} s of processor, {worst:.3f} s at most")


def main(sizes: list[int]) -> None:
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        print("page: not measured, for chromium and chromedriver are not there")
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        run([ROOT / "corpus"], folder / "out")
        browser = Browser(folder / "profile")
        try:
            for size in sizes:
                write(folder, size)
                measure(browser, folder / "page.html")
        finally:
            browser.chrome.quit()


def write(folder: Path, size: int) -> None:
    """Write the page, and print how large it is and how long that took."""
    found, began = tables(folder / "out", size), time.process_time()
    documents, entries = len(found["documents"]), reports(folder / "out")
    data = {"tables": collect(found, folder / "out", size), **surroundings(documents, len(entries))}
    html = page(data, entries, "vi")
    (folder / "page.html").write_text(html, "utf-8")
    seconds = time.process_time() - began
    told = f"{size:,} undertakings of {documents:,} reports, {len(entries):,} of them on the page"
    print(f"{told}: {len(html) / 1e6:.1f} MB, written in {seconds:.1f} s of processor")


def reports(out: Path) -> list[dict[str, Any]]:
    """As many reports as a page holds."""
    packed = re.search('id="reports-data">([^<]*)', render(out)[0])
    assert packed
    one = json.loads(zlib.decompress(base64.b64decode(packed[1])))
    return [one[n % len(one)] | {"id": f"{n:016x}"} for n in range(MOST)]


if __name__ == "__main__":
    main([int(word.replace(",", "")) for word in sys.argv[1:]] or list(SIZES))
