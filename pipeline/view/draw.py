"""A report as a piece of HTML: text with marks on the left, facts on the right. No script, no outside resource."""

from functools import cache
from importlib.resources import files

from pipeline.view.cards import cards
from pipeline.view.marks import marked
from pipeline.view.reports import Report
from rules.layout import Span


@cache
def resource(name: str) -> str:
    """A text file beside this module."""
    return (files(__package__) / name).read_text("utf-8")


def body(report: Report, part: Span | None = None, focus: str | None = None) -> str:
    """The two columns, without the frame and the style that :func:`fragment` puts around them."""
    start, end = part or (0, len(report.text))
    text = marked(report, start, end, focus)
    return f'<div class="text">{text}</div><aside class="beside">{cards(report, start, end)}</aside>'


def fragment(report: Report, language: str = "en", part: Span | None = None, focus: str | None = None) -> str:
    """A piece of HTML that carries its own style, for a notebook's output cell."""
    most = len(report.facts["projects"])
    return (
        f"<style>{resource('report.css')}{link_style(most)}</style>"
        f'<div class="trichluc" data-lang="{language}">{body(report, part, focus)}</div>'
    )


def link_style(most: int) -> str:
    """Style that lights up whatever belongs to the undertaking under the pointer, for numbers 1 to ``most``."""
    return "\n".join(
        f'.trichluc:has([data-p="{n}"]:hover) [data-p="{n}"] '
        "{ outline: 2px solid var(--projects); outline-offset: 0; }"
        for n in range(1, most + 1)
    )
