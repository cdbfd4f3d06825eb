"""Heads of lists: a line that ends in a colon says what the sums of the lines below it are."""

import re
from collections.abc import Sequence
from itertools import pairwise

from rules.layout import Layout, Span
from rules.money.cues import Rule, find_cues, plain_tones
from rules.money.figures import fold
from rules.money.mention import ROLES, Amount

_WORD = re.compile(r"\w+|[^\w\s]")
_ITEM = re.compile(r"\s*(?:[-–—•*+●▪]|\(?[0-9a-z]{1,2}[).]|[0-9]{1,2}[.)/-]\s)", re.IGNORECASE)
_ASIDE = re.compile(r"[^;,.:]*trong ngoặc[^;.:]*:?\s*\Z")  # what the brackets of the list hold
_LONGEST = 300  # a head is short; a paragraph of a hundred words that ends in a colon quotes somebody


def list_heads(layout: Layout, amounts: Sequence[Amount]) -> dict[int, tuple[Rule, Span]]:
    """For each paragraph under a head, the rule of the head and the span of its governing words.

    Under a head are the paragraphs that follow it as list items (a dash, a bullet, a number), and the first one
    in any case. A head holds no sum itself: "Danh mục hỗ trợ gồm:".
    """
    text = layout.text
    if ":\n" not in text:
        return {}
    with_sums = {layout.paragraph_at(amount.start) for amount in amounts}
    heads: dict[int, tuple[Rule, Span]] = {}
    head: tuple[Rule, Span] | None = None
    for above, below in pairwise(range(len(layout.paragraphs))):
        start, end = layout.paragraphs[above]
        if text[start:end].rstrip().endswith(":"):
            head = _governing(text, start, end) if above not in with_sums else None
        elif head is not None and not _ITEM.match(text, layout.paragraphs[below][0]):
            head = None
        if head is not None:
            heads[below] = head
    return heads


def asides(layout: Layout, heads: dict[int, tuple[Rule, Span]]) -> dict[int, tuple[Rule, Span]]:
    """For each paragraph under a head, what the head says its brackets hold ("trong ngoặc là tiền máy:")."""
    text = layout.text
    found: dict[int, tuple[Rule, Span]] = {}
    if "trong ngoặc" not in text:
        return found
    for paragraph in heads:
        above = paragraph - 1
        if above in found:
            found[paragraph] = found[above]
            continue
        start, end = layout.paragraphs[above]
        m = _ASIDE.search(fold(text[start:end]))
        said = _governing(text, start + m.start(), end, whole=True) if m else None
        if said is not None:
            found[paragraph] = said
    return found


def list_items(layout: Layout, amounts: Sequence[Amount]) -> list[list[int]]:
    """The first sum of each item of each list whose items are paragraphs, as indices of ``amounts``."""
    if ":\n" not in layout.text:
        return []
    firsts: dict[int, int] = {}
    for index, amount in enumerate(amounts):
        firsts.setdefault(layout.paragraph_at(amount.start), index)
    lists: list[list[int]] = []
    items: list[int] | None = None
    for paragraph, (start, end) in enumerate(layout.paragraphs):
        if items is not None and _ITEM.match(layout.text, start):
            items.extend([firsts[paragraph]] if paragraph in firsts else [])
            continue
        items = [] if layout.text[start:end].rstrip().endswith(":") else None
        lists.extend([items] if items is not None else [])
    return [items for items in lists if len(items) > 1]


def _governing(text: str, start: int, end: int, whole: bool = False) -> tuple[Rule, Span] | None:
    """The last firm phrase of a head, None where it has none."""
    if end - start > _LONGEST:
        return None
    head = plain_tones(fold(text[start:end]))
    found = list(_WORD.finditer(head if whole else _ASIDE.sub("", head)))
    words = [m[0] for m in found]
    firm = [
        cue
        for cue in find_cues(words, 0, len(words), "before")
        if cue.rule.role in ROLES and cue.rule.strength in ("strong", "weak")
    ]
    if not firm:
        return None
    cue = firm[-1]
    return cue.rule, (start + found[cue.first].start(), start + found[cue.last].end())
