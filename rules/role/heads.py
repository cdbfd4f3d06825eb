"""Heads of lists: a line that ends in a colon says what the sums of the lines below it are."""

import re
from collections.abc import Sequence
from itertools import pairwise

from rules.language.letters import lowered
from rules.layout import Layout
from rules.money.mention import ROLES, Amount
from rules.role.cues import find_cues, plain_tones

_WORD = re.compile(r"\w+|[^\w\s]")
_ITEM = re.compile(r"\s*(?:[-–—•*+●▪]|\(?[0-9a-z]{1,2}[).]|[0-9]{1,2}[.)/-]\s)", re.IGNORECASE)
_ASIDE = re.compile(r"[^;,.:]*trong ngoặc[^;.:]*:?\s*\Z")  # what the brackets of the list hold
_LONGEST = 300  # a head is short; a paragraph of a hundred words that ends in a colon quotes somebody


def list_heads(layout: Layout, amounts: Sequence[Amount]) -> dict[int, tuple[str, int | None]]:
    """For each paragraph under a head, the id of the rule of the head's last phrase ("" for none), and the index of
    the head's last sum.

    Under a head are the paragraphs that follow it as list items (a dash, a bullet, a number), and the first one
    in any case: "Danh mục hỗ trợ gồm:".
    """
    text = layout.text
    if ":\n" not in text:
        return {}
    last_sum = {layout.paragraph_at(amount.start): index for index, amount in enumerate(amounts)}
    heads: dict[int, tuple[str, int | None]] = {}
    head: tuple[str, int | None] | None = None
    for above, below in pairwise(range(len(layout.paragraphs))):
        start, end = layout.paragraphs[above]
        if text[start:end].rstrip().endswith(":"):
            head = _last_phrase(text, start, end), last_sum.get(above)
        elif head is not None and not is_item(layout, below):
            head = None
        if head is not None:
            heads[below] = head
    return heads


def is_item(layout: Layout, paragraph: int) -> bool:
    """Whether a paragraph begins as an item of a list does."""
    return bool(layout.paragraphs) and _ITEM.match(layout.text, layout.paragraphs[paragraph][0]) is not None


def _last_phrase(text: str, start: int, end: int) -> str:
    """The rule of the last phrase of a head that names a role, "" where it has none."""
    if end - start > _LONGEST:
        return ""
    words = _WORD.findall(_ASIDE.sub("", plain_tones(lowered(text[start:end]))))
    cues = [cue for cue in find_cues(words, 0, len(words), "before") if cue.rule.role in ROLES]
    return cues[-1].rule.id if cues else ""
