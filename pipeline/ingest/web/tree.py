"""A parsed page as flat lists: its elements and the blocks of text in them, in the order of the page.

The parser is lexbor (selectolax), which builds the tree that a browser builds, however tags are left open. The tree is
walked once; from then on everything is a list, for asking a node for its parent or its attributes costs more than the
rest of the work.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from pipeline.ingest.types import Unreadable
from pipeline.ingest.web.words import Mark, marks

_SKIPPED = frozenset(
    (
        "script", "style", "noscript", "template", "select", "option", "datalist", "button", "textarea", "input", "svg",
        "math", "iframe", "object", "embed", "canvas", "audio", "video", "head", "link", "meta", "progress", "meter",
        "dialog", "map", "area", "-comment", "-document",
    )
)  # fmt: skip
_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dir", "div",
        "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
        "hr", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
        "tfoot", "th", "thead", "tr", "ul",
    )
)  # fmt: skip
_COUNTED = frozenset(("td", "th", "tr", "li"))
_TELLING = frozenset(("b", "strong", "big", "time"))  # tags of text that say something without attributes
_TAG_MARKS = {"nav": Mark.CHROME, "aside": Mark.CHROME, "footer": Mark.FOOTER}
_APART = Mark.DATE | Mark.AUTHOR | Mark.SOURCE  # lines of their own in a box, though tags of text
_NAMES = ("class", "id", "itemprop")
_LONGEST_ID = 40  # a longer one is a machine's: every page has others, and they cost more than they tell
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden", re.I)
_OPEN_CLOSE = re.compile(r"<(/?)(?:div|table|td|ul|ol|li|section|article|dl|center|blockquote|form|fieldset)\b", re.I)
_LOOSE = re.compile(r"<(font|b|i|u|s|em|strong|big|small|tt|code|strike|nobr)\s[^<>]*>", re.I)
_FACE = re.compile(r"face\s*=\s*(?:\"[^\"<>]{0,100}\"|'[^'<>]{0,100}'|[^\s\"'<>]{1,100})", re.I)
_MANY_LOOSE = 300
_MANY_TAGS = 20_000
_DEEPEST = 5_000

_TOOLS = 200  # characters of prose: with more, what is called "print" or "other" may be the article
_LONG_FOOT = 1_000  # characters of prose: no foot of a page has more, whatever its class says

PROSE = 25
"""Characters outside of links that make a block prose: less is a label, a menu's item, a figure."""


@dataclass(slots=True)
class Element:
    """An element: ``parent`` is its place in :attr:`Page.elements`; counts are of characters, of what is in it too."""

    tag: str
    parent: int
    mark: int
    attributes: dict[str, str | None]
    linked: bool
    block: int
    chars: int = 0
    links: int = 0
    prose: int = 0
    dropped: bool = False


@dataclass(slots=True)
class Block:
    """Text between two borders of block elements, in one line. ``element`` is the block element that it stands in."""

    element: int
    text: str = ""
    links: int = 0
    bullet: str = ""
    pieces: list[str] = field(default_factory=list)
    within: list[int] = field(default_factory=list)
    """the element of each piece"""

    @property
    def inner(self) -> int:
        """The innermost element with all of the text."""
        first = self.within[0]
        return first if all(number == first for number in self.within) else self.element

    @property
    def prose(self) -> int:
        """Characters that are not in links, where they make a sentence; else 0."""
        rest = len(self.text) - self.links
        return rest if rest >= PROSE and rest >= self.links else 0


@dataclass(slots=True)
class Page:
    """Elements and blocks in the order of the page."""

    elements: list[Element]
    blocks: list[Block]

    def within(self, element: int, above: int) -> bool:
        """Whether an element is or lies in another."""
        while element > above:
            element = self.elements[element].parent
        return element == above


def parse(html: str) -> Any:
    """The tree of a page.

    Raises:
        Unreadable: elements are nested deeper than any page's, which takes the parser minutes.
    """
    tags = html.count("<")
    if tags > _MANY_TAGS and _depth(html) > _DEEPEST:
        raise Unreadable("parse", "DepthLimit", f"elements nested deeper than {_DEEPEST:,} are not read")
    left_open = tags - 2 * html.count("</")
    if left_open > _MANY_LOOSE and len(_LOOSE.findall(html)) > _MANY_LOOSE:
        html = _LOOSE.sub(_without_attributes, html)
    return LexborHTMLParser(html)


def _without_attributes(tag: re.Match[str]) -> str:
    """A tag of <b>'s kind with nothing but its font's name.

    A tree opens those that were left open anew in every paragraph, up to three of each that differ: of a thousand that
    all differ in size and colour it makes a million elements.
    """
    face = _FACE.search(tag[0])
    return f"<{tag[1]} {face[0]}>" if face else f"<{tag[1]}>"


def _depth(html: str) -> int:
    depth = deepest = 0
    for tag in _OPEN_CLOSE.finditer(html):
        depth += -1 if tag[1] else 1
        depth = max(depth, 0)
        deepest = max(deepest, depth)
    return deepest


def read(tree: Any) -> Page:
    """The elements and blocks of a parsed page; what is hidden or no text (scripts, forms' fields) is left out.

    The blocks are still pieces; :func:`finish` joins them.
    """
    page = Page([], [])
    if tree.body is not None:
        _Walk(page).through(tree.body)
    return page


def finish(page: Page) -> None:
    """Join the pieces of the blocks, count what is in each element, and drop what is no part of any article."""
    for block in page.blocks:
        if len(block.within) == 1 and block.within[0] == block.element:
            block.text = " ".join(block.pieces[0].split())
            continue
        kept = _without_chrome(page, block)
        if not kept and sum(map(len, block.pieces)) > _TOOLS:
            kept = block.pieces
        block.text = " ".join("".join(kept).split())
    page.blocks = [block for block in page.blocks if block.text]
    _count(page)
    _drop(page)


class _Walk:
    """One walk through the tree, in the order of the page.

    An element is made when the first text in it is reached, with those around it: half of a portal's hold none. Cells
    and items of lists count though they are empty.
    """

    def __init__(self, page: Page) -> None:
        self._page, self._elements, self._blocks = page, page.elements, page.blocks
        self._numbers: dict[int, int] = {}  # node -> its element, -1 where it is skipped
        self._open = -1  # the block element of the last text, -1 after a border
        self._items: dict[int, int] = {}  # list -> items so far
        self._bullet: tuple[int, str] | None = None

    def through(self, body: Any) -> None:
        self._elements.append(Element("body", -1, 0, body.attributes, False, 0))
        self._numbers[body.mem_id] = 0
        nodes = iter(body.traverse(include_text=True))
        next(nodes)
        for node in nodes:
            tag = node.tag
            if tag == "-text":
                text = node.text_content or ""
                if (self._open >= 0 or not text.isspace()) and (parent := self._number(node.parent)) >= 0:
                    self._text(text, parent)
            elif tag in _COUNTED:
                self._number(node)
            elif self._open >= 0 and tag in _BLOCKS and self._number(node.parent if tag == "br" else node) >= 0:
                self._open = -1

    def _number(self, node: Any) -> int:
        """The place of a node's element, which is made now where it is new; -1 where it is skipped."""
        numbers, new = self._numbers, []
        while (number := numbers.get(key := node.mem_id)) is None:
            new.append((key, node))
            node = node.parent
        for key, node in reversed(new):
            if number >= 0:
                number = self._inside(number, node.tag, node.attributes)
            numbers[key] = number
        return number

    def _inside(self, parent: int, tag: str, attributes: dict[str, str | None]) -> int:
        if tag in _SKIPPED or _is_hidden(attributes):
            return -1
        if not attributes and (tag not in _BLOCKS or tag == "tbody") and tag not in _TELLING:
            return parent  # one tag left open makes hundreds of these
        return self._element(tag, attributes, parent)

    def _element(self, tag: str, attributes: dict[str, str | None], parent: int) -> int:
        above, number = self._elements[parent], len(self._elements)
        mark = _TAG_MARKS.get(tag, 0)
        if attributes:
            mark |= _marks_of(attributes)
        block = above.block
        if tag in _BLOCKS or ((mark & _APART or tag == "time") and self._elements[block].tag == "div"):
            self._open, block = -1, number
            if tag == "li":
                self._bullet = (number, self._bullet_of(parent, attributes))
        linked = above.linked or (tag == "a" and "href" in attributes)
        self._elements.append(Element(tag, parent, mark, attributes, linked, block))
        return number

    def _bullet_of(self, parent: int, attributes: dict[str, str | None]) -> str:
        above = self._elements[parent]
        if above.tag != "ol":
            return "- "
        start = (above.attributes.get("start") or "").strip()
        count = self._items.get(parent, (int(start) if start.isdecimal() and len(start) < 6 else 1) - 1) + 1
        value = (attributes.get("value") or "").strip()
        count = int(value) if value.isdecimal() and len(value) < 6 else count
        self._items[parent] = count
        return f"{count}. "

    def _text(self, text: str, parent: int) -> None:
        if not text:
            return
        element = self._elements[parent]
        if self._open != element.block:
            if text.isspace():
                return
            self._open = element.block
            self._blocks.append(Block(element.block))
            if self._bullet:
                item, bullet = self._bullet
                self._bullet = None
                if self._page.within(element.block, item):
                    self._blocks[-1].bullet = bullet
        block = self._blocks[-1]
        block.pieces.append(text)
        block.within.append(parent)
        if element.linked:
            block.links += len(text.strip())


def _marks_of(attributes: dict[str, str | None]) -> int:
    found = 0
    for name in _NAMES:
        if name in attributes:
            value = attributes[name]
            if value and (name != "id" or len(value) <= _LONGEST_ID):
                found |= marks(value)
    return found


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if not attributes:
        return False
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return bool(style and _HIDDEN.search(style))


def _without_chrome(page: Page, block: Block) -> list[str]:
    """The pieces of a line without those in boxes that share and print: "08:30 | Chia sẻ | In bài"."""
    kept = []
    for piece, number in zip(block.pieces, block.within, strict=True):
        while number != block.element and not page.elements[number].mark & (Mark.CHROME | Mark.TOOLS):
            number = page.elements[number].parent
        if number == block.element:
            kept.append(piece)
    return kept


def _count(page: Page) -> None:
    """Sum the blocks' characters up to the elements around them."""
    elements = page.elements
    for block in page.blocks:
        element = elements[block.element]
        element.links += min(block.links, len(block.text))
        element.prose += block.prose
        elements[block.inner].chars += len(block.text)
    for element in reversed(elements[1:]):
        above = elements[element.parent]
        above.chars += element.chars
        above.links += element.links
        above.prose += element.prose


def _drop(page: Page) -> None:
    """Mark what is chrome; a word in a class never drops the larger part of a page's prose."""
    elements = page.elements
    whole = elements[0].prose if elements else 0
    lost = [0] * len(elements)
    for number, element in enumerate(elements[1:], 1):
        above = elements[element.parent]
        chrome = element.mark & Mark.CHROME and 2 * element.prose <= whole
        chrome = chrome or (element.mark & Mark.TOOLS and element.prose < _TOOLS)
        footer = element.mark & Mark.FOOTER and (element.prose < _LONG_FOOT or 2 * element.prose <= whole)
        element.dropped = above.dropped or bool(chrome or footer)
        if element.dropped and not above.dropped:
            lost[number] = element.prose
    for number in range(len(elements) - 1, 0, -1):
        elements[number].prose -= lost[number]
        lost[elements[number].parent] += lost[number]
    if elements:
        elements[0].prose -= lost[0]
