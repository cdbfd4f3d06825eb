"""Pages as the systems of Vietnamese newspapers and offices write them, around a report.

The templates lie in scripts/pages: frames, class words and untidiness are as we saw them, every sentence is our own.
Used by make_test_archive.py, for the tests, and by the benchmark of pages, for its speed.
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template

_FOLDER = Path(__file__).parent / "pages"
_NONE = "none-"

KINDS = tuple(sorted(p.stem for p in _FOLDER.glob("*.html") if not p.name.startswith(_NONE)))
"""The kinds of pages: a newspaper with boxes and comments, SharePoint's tables in tables, paragraphs that only line
breaks part, a page of the 1990s, classes that say nothing ..."""

EMPTY = tuple(sorted(p.stem for p in _FOLDER.glob(f"{_NONE}*.html")))
"""Pages without an article: a rubric, a search's results, a frame that a script would have filled."""


def page(kind: str, title: str, paragraphs: Sequence[str], byline: str, day: tuple[str, str, str]) -> str:
    """A page of this kind around a report of three paragraphs or more; ``day`` is (day, month, year) as printed."""
    first, second, *rest = (escape(p) for p in paragraphs)
    words = {"title": escape(title), "first": first, "second": second, "rest": " ".join(rest), "byline": escape(byline)}
    template = Template((_FOLDER / f"{kind}.html").read_text("utf-8"))
    return template.substitute(words, day=day[0], month=day[1], year=day[2])


def empty(kind: str) -> str:
    """A page of one of the kinds of :data:`EMPTY`."""
    return (_FOLDER / f"{kind}.html").read_text("utf-8")
