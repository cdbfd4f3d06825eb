"""Text in the old fonts of a page: which font each piece of text is in, and the same text in Unicode."""

import re
from typing import Any

from pipeline.ingest.web.tree import Element, Page
from pipeline.text.encodings import font_encoding, unfont_runs

_OLD = re.compile(r"(?i)(?:^|[\"':;,\s])(?:\.vn|vni)[\w-]")
_FAMILY = re.compile(r"(?i)font(?:-family)?\s{0,8}:([^;}]{1,200})")
_SHEET = 200_000  # characters of a style sheet that are looked at
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,4000})\}")
_CLASS = re.compile(r"\.([\w-]{1,100})")


def are_named(page: Page, tree: Any) -> bool:
    """Whether a page names an old font anywhere: ".VnTime", "VNI-Times"."""
    for element in page.elements:
        attributes = element.attributes
        if attributes:
            style, face = attributes.get("style"), attributes.get("face")
            if (style and _OLD.search(style)) or (face and _OLD.search(face)):
                return True
    return any(_OLD.search((style.text() or "")[:_SHEET]) for style in tree.css("style"))


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
        for selectors, body in _RULE.findall((style.text() or "")[:_SHEET]):
            family = _FAMILY.search(body)
            if family:
                classes |= dict.fromkeys(_CLASS.findall(selectors), family[1])
    return classes
