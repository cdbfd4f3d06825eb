"""Which undertaking a sum of money may belong to, by the form of the sentence: one table of named proposals.

The first of :data:`PROPOSALS` that has an opinion makes the proposal for a sum; ``sums.py`` weighs it with all else."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rules.beneficiary.phrases import words
from rules.language.alternation import alternation
from rules.layout import Span
from rules.link.figures import repeats, stands_for
from rules.link.mention import NO_LINK, Link, Sum
from rules.link.scene import Anchor, Scene
from rules.link.topic import Topics
from rules.link.words import WORDS, starts, within

UNLINKED = frozenset({"price", "revenue", "damage"})
"""Roles whose sums belong to no undertaking."""
_COMMON = frozenset(WORDS["common"])
_BOUNDS = frozenset({"at_most", "at_least", "under"})
_DIVIDES = frozenset({"disbursed", "support", "counterpart", "allocation", "other"})
_IN_ALL = re.compile(r"(?<!\w)trong (?:tổng|số)\s[^.;]{0,30}\Z", re.IGNORECASE)
_OF_ONE = frozenset({"support", "disbursed", "total", "loan", "counterpart"})
_LENT = frozenset({"loan", "counterpart"})
_WORKS = frozenset({"du_an", "cong_trinh", "de_an", "mo_hinh", "de_tai", "goi_thau"})
_AHEAD = re.compile(
    rf"\s*(?:đồng)?(?:\s?\([^()]{{0,80}}\))?,?\s?(?:(?:được|này|trên)\s)?(?:{alternation(WORDS['ahead'])})(?!\w)"
    # "1 tỷ đồng được chuyển cho huyện A để sửa đê B"
    r"|\s(?:kế hoạch\s)?vốn\s(?:để|nhằm)\s(?:chuyển|điều chuyển|bố trí|dành)\s(?:cho|sang)(?!\w)"
    r"|\s(?:đồng\s)?(?:sẽ\s|đã\s)?(?:được\s)?(?:chuyển|giao|trao|phân bổ|cấp|bố trí)\s[^.,;:\d]{1,60}\sđể\s",
    re.IGNORECASE,
)
# "41,7 tỷ đồng, số vốn năm 2023 của Chương trình …", "11,8 tỷ đồng vốn sự nghiệp của Chương trình …"
_OF_ITS = re.compile(
    r",?\s(?:là\s)?(?:(?:số|phần|khoản)\s)?(?:vốn|tiền|kinh phí|ngân sách)(?:\s[^\s,.;]+){0,6}"
    r"\s(?:của|cho|từ|thuộc)\s?\Z"
)
_FRONTED, _COMMA = starts("fronted"), re.compile(r"[^.;,]{0,60},\s")
_EQUALS = re.compile(r",?\slà\s")  # "- Phần còn lại, 340 triệu đồng, là đề án X"
_PART_OF = re.compile(
    r"(?<!\w)và (?:ký|khởi công|trao|tặng|triển khai|tiếp tục|cam kết|đề xuất|giao|mở|tổ chức)(?!\w)|"
    r"(?<!\w)trong (?:đó|số)(?!\w)|(?:,|(?<!\w)(?:và|cùng|còn|hoặc))\s\Z"
)  # "… tại Hòa Vang và dự án B"
_OPENS_BRACKET = re.compile(r"\s?(?:đồng\s)?\((?:cho\s|gồm\s)?")
_SEVERAL = re.compile(r"(?:các|những)\s*:?\s*\Z|:\s*\Z", re.IGNORECASE)
_TWINS = 40  # sums of nearly one figure that are looked at
_PER = re.compile(r"\s?/\s?[^\W\d]")
_FIGURE = re.compile(r"\d[\d.,]*\s?(?:tỷ|tỉ|triệu)")
_BRACKETED = re.compile(r"\([^()]{0,160}\)")
_TIGHT = re.compile(
    r"\W{0,2}(?:\([^()]{0,80}\))?\W{0,3}(?:(?:với|có|là|kinh|phí|tổng|mức|vốn|đầu|tư|khoảng|gần|hơn|trên|số|tiền|giá|trị|chi|dự|toán|thực|hiện|hỗ|trợ|cần|được|đã|này)\s){0,8}\Z",
    re.IGNORECASE,
)
_THIS = re.compile(rf"(?<!\w)(?:{alternation(WORDS['anaphors'])})\s(?:này|trên|nói trên)(?!\w)", re.IGNORECASE)
_STAGE = re.compile(rf"[,;\s]*(?:và\s)?(?:{alternation(WORDS['stages'])})(?!\w)", re.IGNORECASE)
_OTHER_WORK = re.compile(
    rf"(?:\s*đồng)?\s?(?:,|và|còn|cùng)\s(?:{alternation(WORDS['other_works'])})\s[^.;]*\Z", re.IGNORECASE
)
_COST_PART = within("cost_part")
_ONE_EACH = re.compile(r"[,;]?\s(?:và\s)?(?:một|1|dự án kia|cái kia)\s", re.IGNORECASE)
_THRESHOLD, _COST, _ALIEN = within("threshold"), within("cost"), within("alien")
_PACKAGE = re.compile(r"(?<!\w)gói\s(?:hỗ trợ|tín dụng|vay|vay tín dụng|kích cầu|cho vay)\s(?:hơn\s)?\Z", re.IGNORECASE)
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


BARRED: Link = (None, "link.barred")
"""The sum belongs to none, whatever else speaks for one."""

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
    return _headline(scene, topics, amounts, _broken_down(scene, amounts, _repeated(scene, amounts, links)))


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
    head = before[-1].end if before else left
    previous = index - 1
    while previous >= 0 and amounts[previous].start >= held[0]:
        previous -= 1
    if previous >= 0 and amounts[previous].start >= head:
        if (other := scene.page.bracket(amounts[previous].start)) is None:
            return links[previous] if links[previous][0] is None else (links[previous][0], "link.bracket.sum")
        between = scene.layout.text[other[1] : held[0]]
        if other != held and any(map(str.isalpha, between)) and not _STAGE.match(between):
            if _ONE_EACH.match(between) and _several(scene, links[previous][0]):
                return links[previous]  # "hai dự án, một của A (400 triệu đồng), một của B (260 triệu đồng)"
            return NO_LINK  # "kênh A (5 tỷ đồng), kênh B (4 tỷ đồng)": the second has a head of its own
        return links[previous]
    if before:
        return before[-1].project, "link.bracket"
    after = scene.open(held[1], right)[:1]
    if after and _AHEAD.match(scene.layout.text, held[1], after[0].start):
        return after[0].project, "link.ahead"
    return _from_around(scene, topics, amount, left)


def _earlier(amounts: Sequence[Sum], index: int, held: Span) -> bool:
    """Whether another sum stands before ``index`` in the bracket ``held``."""
    return index > 0 and amounts[index - 1].start >= held[0]


def _several(scene: Scene, project: int | None) -> bool:
    return project is not None and scene.projects[project].n_projects > 1


def _leads(scene: Scene, amounts: Sequence[Sum], index: int, before: Sequence[Anchor], following: Anchor) -> bool:
    """Whether the sum is said of the undertaking that follows it ("60 tỷ đồng để xây dựng cầu X")."""
    text, end = scene.layout.text, amounts[index].end
    gap = _BRACKETED.sub("", text[end : following.start])
    if not before and _COMMA.fullmatch(gap) and _FRONTED.match(text[scene.page.item(end)[0] : amounts[index].start]):
        return True  # "Với tổng vốn 500 tỷ đồng, dự án X …"
    if not before and _EQUALS.fullmatch(gap):
        return True
    if (
        len(gap) > 170
        or _FIGURE.search(gap)
        or _PART_OF.search(gap)
        or (gap.strip() and not _AHEAD.match(gap) and not _OF_ITS.match(gap))
    ):
        return False
    main = [a for a in before if not a.side]
    if not main:
        return True
    between = text[main[-1].end : amounts[index].start]
    return between.strip() == "," or not _TIGHT.match(between)  # "… dự án A, 30 tỷ đồng cho dự án B"


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
    only = _only(scene) if amount.role in ("total", "disbursed") else None
    if only is not None and cost and not topics.elsewhere(amount.start) and _beside_anchor(scene, amount.start):
        return only, "link.only"
    part = amount.role == "other" and _COST_PART.search(layout.text, left, amount.start)
    if part and (only := _only(scene)) is not None and not topics.elsewhere(amount.start):
        return only, "link.only"  # "Chi phí giải phóng mặt bằng tăng 512 tỷ đồng"
    whole = not _PER.match(layout.text, amount.end)  # "4 triệu đồng/ha" is a rule's rate
    if whole and not topics.elsewhere(amount.start) and (alike := _alike(scene, amount)) is not None:
        return alike, "link.alike"
    return NO_LINK


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
    if amount.role == "total" and "đoạn" in name and "giai" in name and "đoạn" not in told:
        return None  # a stage is meant where it is named
    if amount.role in _LENT:  # loans are told of much else: three words in a row, of a thing that is built
        runs = {*zip(name, name[1:], name[2:], strict=False)}
        built = scene.projects[only].kind in _WORKS
        return only if built and any(t in runs for t in zip(told, told[1:], told[2:], strict=False)) else None
    return only if any(" ".join(p) in pairs for p in pairwise(told)) else None


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


def _repeated(scene: Scene, amounts: Sequence[Sum], links: Sequence[Link]) -> list[Link]:
    """Give a sum without an undertaking, or far from it, the one whose sum it repeats or rounds."""
    paragraphs = scene.layout.paragraphs
    lead = paragraphs[min(1, len(paragraphs) - 1)][1] if paragraphs else 0
    known = _Known(amounts, links)
    done: list[Link] = []
    for amount, link in zip(amounts, links, strict=True):
        policy = amount.qualifier in _BOUNDS  # "tối đa 300 triệu đồng" is a rule, not that sum told again
        loose = (link[0] is None and link != BARRED and not policy) or link[1] in ("link.topic", "link.only")
        if amount.role in UNLINKED or not loose:
            done.append(link)
            continue
        twins = known.like(amount, rounded=link[0] is None and amount.start < lead)
        told = len(twins) == 1 and (link[0] is None or _particular(amount))
        done.append((twins.pop(), "link.same_sum") if told else link)
    return done


class _Known:
    """The sums that were linked, by role and figure."""

    def __init__(self, amounts: Sequence[Sum], links: Sequence[Link]) -> None:
        self._exact: dict[tuple[str, str, int], Counter[int]] = {}
        self._sorted: dict[tuple[str, str], list[tuple[int, int]]] = {}
        self._own = {id(a): link[0] for a, link in zip(amounts, links, strict=True)}
        for amount, (project, _) in zip(amounts, links, strict=True):
            if project is not None and (value := amount.value_vnd):
                self._exact.setdefault((amount.role, amount.currency, value), Counter())[project] += 1
                self._sorted.setdefault((amount.role, amount.currency), []).append((value, project))
        for listed in self._sorted.values():
            listed.sort()

    def like(self, amount: Sum, *, rounded: bool) -> set[int]:
        """The undertakings of the other sums that print the same figure or, ``rounded``, nearly the same."""
        value = amount.value_vnd
        if not value:
            return set()
        found = self._exact.get((amount.role, amount.currency, value), Counter()).copy()
        if (own := self._own[id(amount)]) is not None:
            found[own] -= 1
        if rounded:
            listed = self._sorted.get((amount.role, amount.currency), [])
            first = bisect_left(listed, (value * 19 // 20, -1))
            for figure, project in listed[first : first + _TWINS]:
                if abs(figure - value) * 20 <= max(figure, value) and figure != value:
                    found[project] += 1
        return {project for project, count in found.items() if count > 0}


def _broken_down(scene: Scene, amounts: Sequence[Sum], links: Sequence[Link]) -> list[Link]:
    """Give a sum that divides one told again the undertaking of that: "trong tổng vốn 70 tỷ đồng đã chi 26 tỷ"."""
    done = list(links)
    for i in range(1, len(amounts)):
        whole, amount = amounts[i - 1], amounts[i]
        if done[i][0] is not None or done[i - 1][1] != "link.same_sum" or amount.role not in _DIVIDES:
            continue
        left, right = scene.page.item(whole.start)
        if whole.role == "total" and amount.start < right and _IN_ALL.search(scene.layout.text, left, whole.start):
            done[i] = (done[i - 1][0], "link.breakdown")
    return done


def _headline(scene: Scene, topics: Topics, amounts: Sequence[Sum], links: Sequence[Link]) -> list[Link]:
    """Give a cost in the headline that no other sum repeats to what the lead tells of, if that has no cost yet."""
    done, title = list(links), scene.layout.title
    if title is None:
        return done
    lead = next(
        (
            t
            for s, t in enumerate(map(topics.of, range(len(scene.layout.sentences))))
            if t and scene.layout.sentences[s] != title
        ),
        (),
    )
    costs = [(a, link[0]) for a, link in zip(amounts, links, strict=True) if a.role == "total"]
    for i, (amount, link) in enumerate(zip(amounts, links, strict=True)):
        if not title[0] <= amount.start < title[1] or link[0] is not None or amount.role != "total":
            continue
        said = [b for b, other in zip(amounts, links, strict=True) if b is not amount and other[0] is None]
        if any(repeats(amount, b, rounded=False) for b in said):
            continue  # the text tells of that sum without any undertaking
        meant = {project for cost, project in costs if project is not None and stands_for(amount, cost)}
        if len(meant) == 1:
            done[i] = (meant.pop(), "link.headline")
        elif len(lead) == 1 and all(project != lead[0] for _, project in costs):
            done[i] = (lead[0], "link.headline")
    return done


def _particular(amount: Sum) -> bool:
    """A figure of at least three digits that count is not printed twice by chance."""
    return amount.value_vnd is not None and len(str(amount.value_vnd).rstrip("0")) >= 3


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
