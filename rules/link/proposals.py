"""Which undertaking a sum of money may belong to, by the form of the sentence: one table of named proposals.

The first of :data:`PROPOSALS` that has an opinion makes the proposal for a sum; ``sums.py`` weighs it with all else."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rules.beneficiary.phrases import words
from rules.layout import Span
from rules.link.again import told_again
from rules.link.mention import BARRED, NO_LINK, UNLINKED, Link, Sum
from rules.link.scene import Anchor, Scene
from rules.link.topic import Topics
from rules.link.words import WORDS, pattern, starts, within

_COMMON = frozenset(WORDS["common"])
_OF_ONE = frozenset({"support", "disbursed", "total", "loan", "counterpart"})
_LENT = frozenset({"loan", "counterpart"})
_WORKS = frozenset({"du_an", "cong_trinh", "de_an", "mo_hinh", "de_tai", "goi_thau"})
_AHEAD = pattern(
    r"\s*{dong}?(?:\s?\([^()]{0,80}\))?,?\s?(?:{ahead_links}\s)?{ahead}(?!\w)"
    r"|\s(?:{plan}\s)?{capital}\s{aim}\s{moved}\s{moved_to}(?!\w)"
    # "1 tỷ đồng được chuyển cho huyện A để sửa đê B"
    r"|\s(?:{dong}\s)?(?:{tense}\s)?(?:{passive}\s)?{handed}\s[^.,;:\d]{1,60}\s{so_that}\s",
    re.IGNORECASE,
)
# "41,7 tỷ đồng, số vốn năm 2023 của Chương trình …", "11,8 tỷ đồng vốn sự nghiệp của Chương trình …"
_OF_ITS = pattern(r",?\s(?:{is}\s)?(?:{parts_of_sum}\s)?{funds}(?:\s[^\s,.;]+){0,6}\s{of_what}\s?\Z")
_FRONTED, _COMMA = starts("fronted"), re.compile(r"[^.;,]{0,60},\s")
_EQUALS = pattern(r",?\s{is}\s")  # "- Phần còn lại, 340 triệu đồng, là đề án X"
_PART_OF = pattern(
    r"(?<!\w){and} {next_act}(?!\w)|(?<!\w){whereof}(?!\w)|(?:,|(?<!\w){joins})\s\Z"
)  # "… tại Hòa Vang và dự án B"
_OPENS_BRACKET = pattern(r"\s?(?:{dong}\s)?\((?:{bracket_links}\s)?")
_SEVERAL = pattern(r"{the_several}\s*:?\s*\Z|:\s*\Z", re.IGNORECASE)
_PER = re.compile(r"\s?/\s?[^\W\d]")
_FIGURE = pattern(r"\d[\d.,]*\s?{scales}")
_BRACKETED = re.compile(r"\([^()]{0,160}\)")
_TIGHT = pattern(r"\W{0,2}(?:\([^()]{0,80}\))?\W{0,3}(?:{between_name_and_sum}\s){0,8}\Z", re.IGNORECASE)
_THIS = pattern(r"(?<!\w){anaphors}\s{pointing}(?!\w)", re.IGNORECASE)
_STAGE = pattern(r"[,;\s]*(?:{and}\s)?{stages}(?!\w)", re.IGNORECASE)
_OTHER_WORK = pattern(r"(?:\s*{dong})?\s?(?:,|{other_links})\s{other_works}\s[^.;]*\Z", re.IGNORECASE)
_COST_PART = within("cost_part")
_ONE_EACH = pattern(r"[,;]?\s(?:{and}\s)?{the_one}\s", re.IGNORECASE)
_THRESHOLD, _COST, _ALIEN = within("threshold"), within("cost"), within("alien")
_PACKAGE = pattern(r"(?<!\w){packages}\s(?:{more_than}\s)?\Z", re.IGNORECASE)
_MONEY_HEAD, _TURNS = starts("opens"), starts("turns")


@dataclass(frozen=True, slots=True)
class Question:
    """A sum that asks for its undertaking, and what was answered to the sums before it."""

    scene: Scene
    topics: Topics
    amounts: Sequence[Sum]
    links: Sequence[Link]
    index: int
    item: Span
    held: Span | None
    """the bracket that holds the sum"""
    before: Sequence[Anchor]
    """undertakings that the item names before the sum and that are not taken up otherwise"""

    @property
    def amount(self) -> Sum:
        return self.amounts[self.index]

    @property
    def previous(self) -> int | None:
        """The sum before in the same item."""
        return self.index - 1 if self.index and self.amounts[self.index - 1].start >= self.item[0] else None


Answer = Link | None
"""An undertaking and the rule, :data:`NO_LINK` or :data:`BARRED` for "it belongs to none", None for "no opinion"."""


def propose(scene: Scene, topics: Topics, amounts: Sequence[Sum]) -> list[Link]:
    """A proposal for each of ``amounts`` (text order); what is found is noted in ``topics``."""
    links: list[Link] = []
    for index, amount in enumerate(amounts):
        link = NO_LINK if amount.role in UNLINKED else _answer(_question(scene, topics, amounts, links, index))
        if link[0] is not None:
            topics.note(amount.start, link[0])
        elif amount.role not in UNLINKED and not scene.open(scene.page.item(amount.start)[0], amount.start):
            topics.pass_over(amount.start)
        links.append(link)
    return told_again(scene, topics, amounts, links)


def _question(scene: Scene, topics: Topics, amounts: Sequence[Sum], links: Sequence[Link], index: int) -> Question:
    amount = amounts[index]
    item, held = scene.page.item(amount.start), scene.page.bracket(amount.start)
    before = () if held else scene.open(item[0], amount.start)
    if before and _THIS.search(scene.layout.text, before[-1].end, amount.start):  # "dự án này" is meant, wherever it is
        before = ()
    return Question(scene, topics, amounts, links, index, item, held, before)


def _answer(question: Question) -> Link:
    return next((answer for propose in PROPOSALS if (answer := propose(question)) is not None), NO_LINK)


def _barred(q: Question) -> Answer:
    """A threshold of a rule, a package of credit, an undertaking that is still to be repeated elsewhere: of none."""
    text, left, start = q.scene.layout.text, q.item[0], q.amount.start
    threshold = q.amount.qualifier != "exact" and _THRESHOLD.search(text, max(left, start - 70), start)
    package = _PACKAGE.search(text, max(left, start - 30), start)  # "vay trong gói tín dụng 30.000 tỷ đồng"
    turns = _TURNS.match(text, left, start) and not q.scene.between(left, q.item[1])  # "Trong khi đó, thành phố …"
    return BARRED if threshold or package or turns or q.scene.page.extended(start) else None


def _counted(q: Question) -> Answer:
    """The group that a bracket right behind the sum counts: "khuyến công quốc gia 2 tỷ đồng (5 đề án)"."""
    counted = _count_in_bracket(q.scene, q.amount)
    return None if counted is None else (counted, "link.bracket.count")


def _bracketed(q: Question) -> Answer:
    """What a sum in brackets belongs to."""
    return _in_bracket(q.scene, q.topics, q.amounts, q.links, q.index, q.held) if q.held else None


def _ahead(q: Question) -> Answer:
    """The undertaking behind the sum: "60 tỷ đồng để xây dựng cầu X"."""
    after = q.scene.open(q.amount.end, q.item[1])[:1]
    this = _THIS.search(q.scene.layout.text, q.item[0], q.amount.start) and not q.before
    if not after or this or not _leads(q.scene, q.amounts, q.index, q.before, after[0]):
        return None
    several = _SEVERAL.search(q.scene.layout.text[q.amount.end : after[0].start])
    return BARRED if several else (after[0].project, "link.ahead")


def _of_other_work(q: Question) -> Answer:
    """Of none where it is the cost of another work that was not found: "cầu A 900 triệu và đường B 1,2 tỷ đồng"."""
    previous = q.previous
    if previous is None or not q.before or {q.amount.role, q.amounts[previous].role} != {"total"}:
        return None
    between = q.scene.layout.text[max(q.before[-1].end, q.amounts[previous].end) : q.amount.start]
    return NO_LINK if _OTHER_WORK.match(between) else None


def _in_clause(q: Question) -> Answer:
    """The nearest undertaking before the sum in its item."""
    return (q.before[-1].project, "link.clause") if q.before else None


def _breaks_down(q: Question) -> Answer:
    """What the sum before in the item belongs to."""
    previous = q.previous
    if previous is None or q.links[previous][0] is None or q.scene.page.bracket(q.amounts[previous].start) is not None:
        return None
    return q.links[previous][0], "link.breakdown"


def _around(q: Question) -> Answer:
    """What the text goes on about."""
    return _from_around(q.scene, q.topics, q.amount, q.item[0])


def _count_in_bracket(scene: Scene, amount: Sum) -> int | None:
    """The group that a bracket right behind the sum counts: "khuyến công quốc gia 2 tỷ đồng (5 đề án)"."""
    if "(" not in scene.layout.text[amount.end : amount.end + 7]:
        return None
    anchor = next(iter(scene.between(amount.end, amount.end + 12)), None)
    if anchor is None or scene.projects[anchor.project].n_projects < 2:
        return None
    gap = scene.layout.text[amount.end : anchor.start]
    return anchor.project if _OPENS_BRACKET.fullmatch(gap) else None


def _in_bracket(
    scene: Scene, topics: Topics, amounts: Sequence[Sum], links: Sequence[Link], index: int, held: Span
) -> Link:
    """A sum in brackets belongs to what stands in them before it, else to the sum or undertaking before them."""
    amount = amounts[index]
    left, right = scene.page.item(amount.start)
    if inner := scene.between(held[0], amount.start):
        return inner[-1].project, "link.bracket.inside"
    tight = [a for a in scene.between(left, held[0]) if not scene.layout.text[a.end : held[0]].strip()]
    if tight and _several(scene, tight[-1].project) and not _earlier(amounts, index, held):
        return tight[-1].project, "link.bracket"  # "…, trong đó có 3 đề án quốc gia (1,3 tỷ đồng)"
    before = scene.open(left, held[0])
    previous = next((i for i in range(index - 1, -1, -1) if amounts[i].start < held[0]), None)
    if previous is not None and amounts[previous].start >= (before[-1].end if before else left):
        return _of_sum_before(scene, amounts[previous], links[previous], held)
    if before:
        return before[-1].project, "link.bracket"
    after = scene.open(held[1], right)[:1]
    if after and _AHEAD.match(scene.layout.text, held[1], after[0].start):
        return after[0].project, "link.ahead"
    return _from_around(scene, topics, amount, left)


def _of_sum_before(scene: Scene, other: Sum, link: Link, held: Span) -> Link:
    """Whether a sum in the bracket ``held`` belongs where the sum before the bracket does."""
    bracket = scene.page.bracket(other.start)
    if bracket is None:
        return link if link[0] is None else (link[0], "link.bracket.sum")
    between = scene.layout.text[bracket[1] : held[0]]
    if bracket == held or not any(map(str.isalpha, between)) or _STAGE.match(between):
        return link
    if _ONE_EACH.match(between) and _several(scene, link[0]):
        return link  # "hai dự án, một của A (400 triệu đồng), một của B (260 triệu đồng)"
    return NO_LINK  # "kênh A (5 tỷ đồng), kênh B (4 tỷ đồng)": the second has a head of its own


def _earlier(amounts: Sequence[Sum], index: int, held: Span) -> bool:
    """Whether another sum stands before ``index`` in the bracket ``held``."""
    return index > 0 and amounts[index - 1].start >= held[0]


def _several(scene: Scene, project: int | None) -> bool:
    return project is not None and scene.projects[project].n_projects > 1


def _leads(scene: Scene, amounts: Sequence[Sum], index: int, before: Sequence[Anchor], following: Anchor) -> bool:
    """Whether the sum is said of the undertaking that follows it ("60 tỷ đồng để xây dựng cầu X")."""
    text, end = scene.layout.text, amounts[index].end
    gap = _BRACKETED.sub("", text[end : following.start])
    fronted = _COMMA.fullmatch(gap) and _FRONTED.match(text[scene.page.item(end)[0] : amounts[index].start])
    if not before and (fronted or _EQUALS.fullmatch(gap)):
        return True  # "Với tổng vốn 500 tỷ đồng, dự án X …"
    if not _points_ahead(gap):
        return False
    main = [a for a in before if not a.side]
    if not main:
        return True
    between = text[main[-1].end : amounts[index].start]
    return between.strip() == "," or not _TIGHT.match(between)  # "… dự án A, 30 tỷ đồng cho dự án B"


def _points_ahead(gap: str) -> bool:
    """Whether the words between a sum and the undertaking behind it say that it is for that."""
    if len(gap) > 170 or _FIGURE.search(gap) or _PART_OF.search(gap):
        return False
    return not gap.strip() or _AHEAD.match(gap) is not None or _OF_ITS.match(gap) is not None


def _from_around(scene: Scene, topics: Topics, amount: Sum, left: int) -> Link:
    """The topic that goes on, else the undertaking into which the next sentence says that the money flows."""
    layout = scene.layout
    if _ALIEN.search(layout.text, left, amount.start):
        return NO_LINK
    cost = _COST.search(layout.text, left, amount.start)
    link = topics.continued(amount.start, amount.end, plain=_plain(amount, cost is not None))
    if link[0] is not None:
        return link
    if (into := topics.flows_into(amount.start)) is not None:
        return into, "link.flows"
    if topics.elsewhere(amount.start):
        return NO_LINK
    if (only := _only(scene)) is not None and _is_cost_of_only(scene, amount, left, cost is not None):
        return only, "link.only"
    whole = not _PER.match(layout.text, amount.end)  # "4 triệu đồng/ha" is a rule's rate
    if whole and (alike := _alike(scene, amount)) is not None:
        return alike, "link.alike"
    return NO_LINK


def _is_cost_of_only(scene: Scene, amount: Sum, left: int, cost: bool) -> bool:
    """Whether a sum told apart from any undertaking is a cost that only the report's one undertaking has."""
    if amount.role in ("total", "disbursed"):
        return cost and _beside_anchor(scene, amount.start)
    # "Chi phí giải phóng mặt bằng tăng 512 tỷ đồng"
    return amount.role == "other" and _COST_PART.search(scene.layout.text, left, amount.start) is not None


def _plain(amount: Sum, cost: bool) -> str:
    """Which topics a sentence without a word of going on may take up: "all", "single" or "none".

    The total cost of one of several works is no sum of their group; a sum of no role needs a word of cost.
    """
    if amount.role == "total":
        return "single"
    return "all" if amount.role != "other" or cost else "none"


def _alike(scene: Scene, amount: Sum) -> int | None:
    """The only undertaking of the report, where the sentence of the sum has two words in a row of its name."""
    if len(scene.named) != 1 or amount.role not in _OF_ONE:
        return None
    only = next(iter(scene.named))
    if scene.projects[only].n_projects > 1:
        return None
    name = words(scene.projects[only].name or "")
    pairs = {" ".join(p) for p in pairwise(name)} - _COMMON
    span = scene.layout.sentences[scene.layout.sentence_at(amount.start)]
    if scene.between(*span):
        return None  # it names the undertaking behind another sum
    told = words(scene.layout.text[slice(*span)])
    if amount.role == "total" and {"giai", "đoạn"} <= set(name) and "đoạn" not in told:
        return None  # a stage is meant where it is named
    if amount.role in _LENT:  # loans are told of much else: three words in a row, of a thing that is built
        runs = {*zip(name, name[1:], name[2:], strict=False)}
        alike = scene.projects[only].kind in _WORKS and not runs.isdisjoint(zip(told, told[1:], told[2:], strict=False))
    else:
        alike = any(" ".join(p) in pairs for p in pairwise(told))
    return only if alike else None


def _only(scene: Scene) -> int | None:
    """The one undertaking that the report is about: named in its head or again and again."""
    if len(scene.named) != 1:
        return None
    only = next(iter(scene.named))
    head = scene.layout.paragraphs[:2][-1][1]
    bare = sum(noun.alone for noun in scene.page.nouns(0, len(scene.layout.text)))
    leading = scene.anchors[0].start < head or len(scene.anchors) + bare > 2
    single = scene.projects[only].n_projects == 1 and scene.projects[only].kind in _WORKS
    return only if leading and single else None


def _beside_anchor(scene: Scene, offset: int) -> bool:
    """Whether the sentence speaks of "công trình" or begins with its cost, or stands in the head before any name."""
    paragraph = scene.layout.paragraph_at(offset)
    first = scene.layout.sentences[scene.layout.sentence_at(offset)][0]
    if scene.layout.sentence_at(offset) < scene.layout.sentence_at(scene.anchors[0].start) and paragraph <= 1:
        return True
    told = any(noun.alone for noun in scene.page.nouns(first, offset))
    return told or bool(_MONEY_HEAD.match(scene.layout.text, first, offset))


PROPOSALS: tuple[Callable[[Question], Answer], ...] = (
    _barred,
    _counted,
    _bracketed,
    _ahead,
    _of_other_work,
    _in_clause,
    _breaks_down,
    _around,
)
"""In the order in which they are asked."""
