"""How fast web pages are: ``python benchmarks/pages.py [FOLDER]``; ``make bench`` runs it over pages of its own.

In one run this measures the processor time of resiliparse's extraction of the main content alone, and that of the whole
command over the same pages, from its start to the last byte of Parquet. Without FOLDER the pages are look-alikes
(scripts/pages) around texts of an archive, in as much of a frame as a district's portal has; with it, the pages in the
folder, over and over until there are enough.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

from make_pages import KINDS, page

ENOUGH = 1500
_COMMAND = (sys.executable, "-m", "pipeline.cli")
_WEB_PARTS = 150
# A web part of SharePoint, of which a district's page has some hundred: as much frame around each entry as there.
_FRAME = "".join(
    f"""<table class="s4-wpTopTable" border="0" cellpadding="0" cellspacing="0" width="100%"><tr><td valign="top">
<div webpartid="00000000-0000-0000-0000-0000000000{n:02}" id="WebPartWPQ{n}" class="ms-WPBody noindex" width="100%"
 allowdelete="false" style=""><ul class="ms-quickLaunch"><li class="ms-navItem"><div class="div-leftsubmenu">
<a href="/chuyen-muc/{n}" class="leftsubmenu" style="color:blue"><span>Chuyên mục {n}</span></a></div></li></ul>
<img style="BORDER-RIGHT-WIDTH: 0px; WIDTH: 100%; BORDER-TOP-WIDTH: 0px" src="/b/{n}.jpg"></div></td></tr></table>"""
    for n in range(_WEB_PARTS)
)


def look_alikes(texts: Sequence[str], count: int) -> Iterator[str]:
    """Pages of all kinds around the texts, of some 80 KB each."""
    for number, (text, kind) in enumerate(islice(zip(cycle(texts), cycle(KINDS)), count)):
        title, *paragraphs = text.split("\n")
        paragraphs += [""] * (3 - len(paragraphs))
        made = page(kind, title, paragraphs, "Minh Hà", (f"{number % 28 + 1:02}", "11", "2023"))
        start = made.lower().index("<body")
        end = made.index(">", start) + 1
        yield f'{made[:end]}<div class="snLeft">{_FRAME}</div>{made[end:]}'


def measure(pages: Sequence[str]) -> tuple[float, float]:
    """Processor milliseconds a page: resiliparse's main content, the whole command with one worker."""
    from resiliparse.extract.html2text import extract_plain_text

    extract_plain_text(pages[0], main_content=True)
    began = time.process_time()
    for html in pages:
        extract_plain_text(html, main_content=True)
    alone = time.process_time() - began
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pages").mkdir()
        for number, html in enumerate(pages):
            (folder / "pages" / f"{number:05}.html").write_text(html, "utf-8")
        command = [*_COMMAND, "run", str(folder / "pages"), "--out", str(folder / "out"), "--workers", "1", "--quiet"]
        process = subprocess.Popen(command)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"the run failed with status {process.returncode}")
    return alone * 1000 / len(pages), (usage.ru_utime + usage.ru_stime) * 1000 / len(pages)


def report(name: str, pages: Sequence[str]) -> None:
    """Print the row of these pages."""
    alone, whole = measure(pages)
    size = sum(map(len, pages)) / len(pages) / 1000
    print(
        f"{len(pages):,} {name} of {size:.0f} KB: CPU ms/page {alone:.2f} resiliparse's main content, "
        f"{whole:.2f} the whole job, {whole / alone:.1f} times"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", help="a folder with .html files")
    parser.add_argument("--texts", type=Path, help="a .jsonl.gz with `title` and `text`, for look-alikes")
    parser.add_argument("--pages", type=int, default=ENOUGH)
    arguments = parser.parse_args()
    if arguments.folder:
        files = [path.read_text("utf-8", "replace") for path in sorted(arguments.folder.glob("*.html"))]
        if not files:
            parser.error(f"no .html in {arguments.folder}")
        report("pages", list(islice(cycle(files), arguments.pages)))
    elif arguments.texts:
        with gzip.open(arguments.texts, "rt", encoding="utf-8") as lines:
            records = map(json.loads, islice(lines, arguments.pages))
            texts = [f"{record['title']}\n{record['text']}" for record in records]
        report("look-alikes", list(look_alikes(texts, arguments.pages)))
    else:
        parser.error("name a folder of pages, or --texts")


if __name__ == "__main__":
    main()
