"""Lists of lines: "… các đầu việc sau:" and the lines below it that begin with "-", "(1)", "•"."""

import re

from rules.layout import Layout, Span
from rules.project.lexicon import pattern

BULLET = re.compile(r"[-+*•–]|\(?[0-9a-zđ]{1,2}[).]\s|\d{1,2}/\s", re.I)
_MAX_LINES = 60
_SUM_LINE = pattern(r"[^.\n]{8,110}{sum_ends}[.;,]?\s*\Z")
_POINTS_UP = pattern(r"(?<!\w){list_points}(?!\w)", re.I)


def _is_item(layout: Layout, i: int) -> bool:
    """Whether paragraph ``i`` looks like a line of a list: a bullet, or a short line that ends in a sum."""
    start, end = layout.paragraphs[i]
    return bool(BULLET.match(layout.text, start) or _SUM_LINE.match(layout.text, start, end))


def list_intro(layout: Layout, at: int) -> Span | None:
    """The text that introduces the list in which ``at`` lies: the paragraph above it that ends in a colon, with the
    one before that where it points back ("Số vốn ấy đi vào các việc:"). None where ``at`` is in no list."""
    text, i = layout.text, layout.paragraph_at(at)
    if not _is_item(layout, i):
        return None
    highest = max(0, i - _MAX_LINES)
    while i > highest and _is_item(layout, i) and text[slice(*layout.paragraphs[i])].rstrip()[-1:] != ":":
        i -= 1
    start, end = layout.paragraphs[i]
    if text[start:end].rstrip()[-1:] != ":":
        return None
    if i and _POINTS_UP.search(text, start, end):
        start = layout.paragraphs[i - 1][0]
    return start, end


def list_lines(layout: Layout, at: int) -> list[Span]:
    """The lines of the list that the paragraph of ``at`` introduces with a colon at its end."""
    i = layout.paragraph_at(at)
    if layout.text[slice(*layout.paragraphs[i])].rstrip()[-1:] != ":":
        return []
    lines = []
    for j in range(i + 1, min(len(layout.paragraphs), i + 25)):
        if not _is_item(layout, j) and layout.text[layout.paragraphs[j][0]] not in '"“«':
            break
        lines.append(layout.paragraphs[j])
    return lines


def list_close(layout: Layout, at: int) -> Span | None:
    """The paragraph right below the list in which ``at`` lies."""
    if list_intro(layout, at) is None:
        return None
    i = layout.paragraph_at(at)
    while i < len(layout.paragraphs) and _is_item(layout, i):
        i += 1
    return layout.paragraphs[i] if i < len(layout.paragraphs) else None
