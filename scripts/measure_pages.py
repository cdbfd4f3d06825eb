"""How many headlines and dates of real pages are right: ``python scripts/measure_pages.py FOLDER``.

FOLDER holds pages and ``expected.tsv`` with the columns `file`, `title`, `published` (and `byline`, where it is known).
Prints what is wrong, then the shares.
"""

import csv
import sys
import unicodedata
from collections import Counter
from pathlib import Path

from pipeline.extraction import prepare
from pipeline.ingest import RawDocument, Source, read


def _plain(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").split())


def told(path: Path) -> dict[str, str]:
    """What the documents table would hold of a page; empty for one that is rejected."""
    for found in read(Source(path, path.name)):
        if isinstance(found, RawDocument):
            ready = prepare(found)
            layout = ready.layout
            title = layout.text[slice(*layout.title)] if layout.title else ready.raw.title
            byline = layout.text[slice(*layout.byline)] if layout.byline else ready.raw.byline
            return {"title": _plain(title), "byline": _plain(byline), "published": str(layout.published or "")}
    return {}


def main(folder: Path) -> None:
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    with (folder / "expected.tsv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            got = told(folder / row["file"])
            for name in ("title", "published", "byline"):
                if not row.get(name):
                    continue
                asked[name] += 1
                right[name] += (same := got.get(name) == _plain(row[name]))
                if not same:
                    print(f"{row['file']} {name}: {got.get(name)!r}, not {_plain(row[name])!r}")
    for name, count in asked.items():
        print(f"{name:10}{right[name] / count:6.3f}  ({right[name]} of {count})")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
