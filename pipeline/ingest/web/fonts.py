"""Text in the old fonts of a page: which font each piece of text is in, and the same text in Unicode."""

import re
from collections.abc import Iterator
from typing import Any

from pipeline.ingest.web.tree import Element, Page
from pipeline.text.encodings import font_encoding, unfont_runs

_BEFORE = frozenset("\"':;,\t\n\r ")
_NAMES = (".vn", ".Vn", ".VN", "vni", "Vni", "VNI")
_FAMILY = re.compile(r"(?i)font(?:-family)?\s{0,8}:([^;}]{1,200})")
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,4000})\}")
_CLASS = re.compile(r"\.([\w-]{1,100})")


def named_in(html: str) -> bool:
    """Whether a page names an old font anywhere: ".VnTime", "VNI-Times".

    >>> named_in('<p style="font-family:.VnTime">'), named_in('<a href="http://hoabinh.gov.vn/vni">')
    (True, False)
    """
    return any(
        html[at - 1 : at] in _BEFORE and (html[at + 3 : at + 4].isalnum() or html[at + 3 : at + 4] == "-")
        for name in _NAMES
        for at in _places(html, name)
    )


def _places(text: str, part: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def convert(page: Page, tree: Any) -> str | None:
    """Convert the pieces of all blocks that are in old fonts; gives the encoding of these fonts, if any were."""
    classes = _classes(tree)
    fonts: list[str | None] = []
    for element in page.elements:
        own = _font(element, classes)
        above = fonts[element.parent] if element.parent >= 0 else None
        fonts.append(font_encoding(own) if own else above)
    runs = [(text, fonts[e]) for block in page.blocks for text, e in zip(block.pieces, block.within, strict=True)]
    texts, encoding = unfont_runs(runs)
    converted = iter(texts)
    for block in page.blocks:
        block.pieces = [next(converted) for _ in block.pieces]
    return encoding


def _font(element: Element, classes: dict[str, str]) -> str | None:
    family = _FAMILY.search(element.attributes.get("style") or "")
    if family:
        return family[1]
    if face := element.attributes.get("face"):
        return face
    names = (element.attributes.get("class") or "").split()
    return next((classes[name] for name in names if name in classes), None)


def _classes(tree: Any) -> dict[str, str]:
    """Class -> font, from the style sheets inside the page."""
    classes: dict[str, str] = {}
    for style in tree.css("style"):
        for selectors, body in _RULE.findall((style.text() or "")[:200_000]):
            family = _FAMILY.search(body)
            if family:
                classes |= dict.fromkeys(_CLASS.findall(selectors), family[1])
    return classes
