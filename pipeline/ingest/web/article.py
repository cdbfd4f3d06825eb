"""The article in a page: its headline, and the blocks from there to the end of what holds its text.

Where the text lies is told by `class` words of the systems that offices and newspapers use, and where they say nothing,
by where the page's prose is: from the body down to the last element that still holds most of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from pipeline.ingest.types import RawTable
from pipeline.ingest.web.tables import data_tables
from pipeline.ingest.web.tree import HEADINGS, Block, Page
from pipeline.ingest.web.words import Mark, is_site_name

_DEEPER = 0.75  # share of an element's prose that a part must hold to be the place to look further
_CONTENT = 0.35  # share of a page's prose that an element called "content" has
_LEAST = 80  # characters of prose that one has, where there are not several beside each other
_TEASERS = 2
_LONGEST_TITLE = 300
_MENU = 10  # links: a page with less is all text
_BOLD = frozenset(("b", "strong", "big"))
_BOLD_TITLE = 20  # characters of a headline that is only bold: less is a rubric, a name


@dataclass(frozen=True, slots=True)
class Role:
    """What the elements say that wrap one block and nothing else."""

    mark: int
    heading: str
    bold: bool
    attributes: tuple[dict[str, str | None], ...]


class Article:
    """The article of a page. ``titles`` are the headlines that the page's metadata names, best first.

    Numbers are places in :attr:`Page.blocks`.
    """

    def __init__(self, page: Page, titles: Sequence[str]) -> None:
        self.page = page
        self._titles = [_folded(title) for title in titles if title]
        self._roles: dict[int, Role] = {}

    @classmethod
    def whole(cls, page: Page) -> "Article":
        """All blocks of a page as its article, without a headline."""
        article = cls(page, ())
        article.shown = article.blocks = list(range(len(page.blocks)))
        article.headline = None
        return article

    @cached_property
    def shown(self) -> list[int]:
        """The blocks that are no chrome."""
        elements = self.page.elements
        return [n for n, block in enumerate(self.page.blocks) if not elements[block.element].dropped]

    def role(self, number: int) -> Role:
        """What is said of a block."""
        if number not in self._roles:
            self._roles[number] = self._role(self.page.blocks[number])
        return self._roles[number]

    def _role(self, block: Block) -> Role:
        elements = self.page.elements
        number, mark, heading, bold, attributes = block.inner, 0, "", False, []
        while number > 0 and elements[number].chars <= len(block.text):
            element = elements[number]
            mark |= element.mark
            heading = element.tag if element.tag in HEADINGS else heading
            bold = bold or element.tag in _BOLD
            attributes.append(element.attributes)
            number = element.parent
        return Role(mark, heading, bold, tuple(attributes))

    @cached_property
    def content(self) -> int:
        """The element that holds the text of the article."""
        elements = self.page.elements
        whole = elements[0].prose
        named = [
            (number, element)
            for number, element in enumerate(elements)
            if not element.dropped and (element.mark & Mark.CONTENT or element.tag == "article") and element.prose
        ]
        best = max((element.prose for _, element in named), default=0)
        alike = [number for number, element in named if 2 * element.prose >= best]
        apart = sum(not self.page.within(b, a) for a, b in pairwise(alike))
        if best and (best >= _CONTENT * whole or (best >= _LEAST and apart < _TEASERS)):
            return max(number for number, element in named if element.prose >= 0.8 * best)
        return self._densest()

    def _densest(self) -> int:
        """From the body down while one part holds most of the prose."""
        elements = self.page.elements
        best: dict[int, int] = {}
        for number, element in enumerate(elements[1:], 1):
            if not element.dropped and element.prose > elements[best.get(element.parent, number)].prose * (
                best.get(element.parent, number) != number
            ):
                best[element.parent] = number
        at = 0
        while at in best and elements[best[at]].prose >= _DEEPER * elements[at].prose > 0:
            at = best[at]
        return at

    @cached_property
    def headline(self) -> int | None:
        """The block with the headline; None where the page prints none that could be it."""
        candidates = [n for n in self.shown if self._may_be_headline(n)]
        first = next((n for n in self.shown if n in self._text and self.page.blocks[n].prose > 120), None)
        for title in self._titles:
            same = [n for n in candidates if _same(_folded(self.page.blocks[n].text), title)]
            if same:
                return self._nearest(same, first)
        above = [n for n in candidates if first is None or n <= first]
        called = [n for n in above if self.role(n).mark & Mark.TITLE and len(self.page.blocks[n].text) >= 8]
        tops = [n for n in candidates if self.role(n).heading == "h1"]
        headings = [n for n in above if self.role(n).heading]
        bold = [n for n in above if self.role(n).bold and len(self.page.blocks[n].text) >= _BOLD_TITLE]
        logos = [n for n in tops if 2 * self.page.blocks[n].links > len(self.page.blocks[n].text)]
        tops = [n for n in tops if n not in logos]
        for found in ([n for n in tops if n in above], called, headings, tops, logos, bold):
            if found:
                return self._nearest(found, first)
        return None

    def _nearest(self, blocks: list[int], first: int | None) -> int:
        """Of headlines that are alike the last above the text: the ones before it are in paths and menus."""
        above = {n for n in blocks if first is None or n <= first}
        return max(blocks, key=lambda n: (self._weight(n), n in above, n if n in above else -n))

    def _weight(self, number: int) -> bool:
        role = self.role(number)
        return bool(role.heading in ("h1", "h2") or role.mark & Mark.TITLE)

    def _may_be_headline(self, number: int) -> bool:
        block = self.page.blocks[number]
        if not 4 <= len(block.text) <= _LONGEST_TITLE or block.bullet or block.text[0] in "([":
            return False
        role = self.role(number)
        if not (role.mark & Mark.TITLE or role.heading or role.bold or self._is_named(block.text)):
            return False
        return number not in self.tables[0] and not is_site_name(block.text)

    def _is_named(self, text: str) -> bool:
        folded = _folded(text)
        return any(_same(folded, title) for title in self._titles)

    @cached_property
    def _text(self) -> frozenset[int]:
        """The blocks in the content element."""
        elements, at = self.page.elements, self.content
        inside = {at}
        for number in range(at + 1, len(elements)):
            if elements[number].parent not in inside:
                break
            inside.add(number)
        return frozenset(n for n in self.shown if self.page.blocks[n].element in inside)

    @cached_property
    def has_menus(self) -> bool:
        return sum(element.tag == "a" and element.linked for element in self.page.elements) >= _MENU

    @cached_property
    def blocks(self) -> list[int]:
        """The blocks of the article in order, the headline first; of a page without menus, all but its chrome."""
        if not self.has_menus:
            return self.shown
        text = sorted(self._text)
        if self.headline is None:
            return text
        if self.headline in self._text:
            return self._below(self.headline, text)
        if text and self.headline < text[0]:
            between = [n for n in self.shown if self.headline < n < text[0]]
            return [self.headline, *between, *text]
        return [self.headline, *text]

    def _below(self, headline: int, text: list[int]) -> list[int]:
        """The headline and what follows; of the blocks above it only prose: a rubric, a path, a date are none."""
        above = [n for n in text if n < headline and self.page.blocks[n].prose > 2 * 60]
        return [headline, *above, *(n for n in text if n > headline)]

    @cached_property
    def tables(self) -> tuple[dict[int, int], list[RawTable]]:
        """The tables of data: block -> number of its table, and the tables."""
        return data_tables(self.page, self.shown)

    @cached_property
    def after(self) -> list[int]:
        """The blocks just behind the text: an author, a source may stand there."""
        last = max(self._text, default=-1)
        return [n for n in self.shown if n > last][:6]

    @cached_property
    def before(self) -> list[int]:
        """The blocks just above the headline, nearest first: a date may stand there."""
        top = self.headline if self.headline is not None else min(self._text, default=0)
        return [n for n in reversed(self.shown) if n < top][:8]


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _same(printed: str, title: str) -> bool:
    """Whether a block is the headline that the metadata names, which may have the site's name behind it, or be cut."""
    if len(printed) < 8:
        return printed == title
    return (
        title.startswith(printed)
        or (printed in title and 2 * len(printed) > len(title))
        or (printed.startswith(title.rstrip(". …")) and 3 * len(title) > 2 * len(printed) and len(title) > 20)
    )


def is_index(article: Article) -> bool:
    """Whether the text is a list of other pages: headlines that are links, each with a few words of its own."""
    page = article.page
    links = prose = teasers = 0
    linked_before = False
    for n in sorted(set(article.blocks)):
        block = page.blocks[n]
        linked = 2 * block.links > len(block.text) and len(block.text) >= 20
        if linked:
            links += 1
        elif block.prose:
            prose += block.prose
            teasers += block.prose if linked_before else 0
        linked_before = linked or (linked_before and not block.prose)
    return (links >= 4 and 2 * teasers > prose) or (links >= 8 and prose < 40 * links)
