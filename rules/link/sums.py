"""Which undertaking a sum of money belongs to."""

import re
from collections.abc import Sequence

from rules.layout import Span
from rules.link.mention import NO_LINK, Link, Sum
from rules.link.scene import Anchor, Scene
from rules.link.topic import Topics
from rules.link.words import WORDS, alternatives, within

_UNLINKED = frozenset({"price", "revenue", "damage"})
_WORKS = frozenset({"du_an", "cong_trinh", "de_an", "mo_hinh", "de_tai", "goi_thau"})
_AHEAD = re.compile(
    rf"\s*(?:đồng)?(?:\s?\([^()]{{0,80}}\))?,?\s?(?:được\s|này\s|trên\s)?(?:{alternatives(WORDS['ahead'])})(?!\w)",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"(?:các|những)\s*:?\s*\Z|:\s*\Z", re.IGNORECASE)
_FIGURE = re.compile(r"\d[\d.,]*\s?(?:tỷ|tỉ|triệu)")
_BRACKETED = re.compile(r"\([^()]{0,160}\)")
_TIGHT = re.compile(
    r"\W{0,2}(?:\([^()]{0,80}\))?\W{0,3}(?:(?:với|có|là|kinh|phí|tổng|mức|vốn|đầu|tư|khoảng|gần|hơn|trên|số|tiền|giá|trị|chi|dự|toán|thực|hiện|hỗ|trợ|cần|được|đã|này)\s){0,8}\Z",
    re.IGNORECASE,
)
_THIS = re.compile(rf"(?<!\w)(?:{alternatives(WORDS['anaphors'])})\s(?:này|trên|nói trên)(?!\w)", re.IGNORECASE)
_FLOWS = re.compile(rf"\W*(?:{alternatives(WORDS['flows'])})(?!\w)", re.IGNORECASE)
_THRESHOLD = within("threshold")


def link_sums(scene: Scene, topics: Topics, amounts: Sequence[Sum]) -> list[Link]:
    """Undertaking and rule for each of ``amounts`` (text order); what is found is noted in ``topics``."""
    links: list[Link] = []
    for index, amount in enumerate(amounts):
        link = NO_LINK if amount.role in _UNLINKED else _governor(scene, topics, amounts, links, index)
        if link[0] is not None:
            topics.note(amount.start, link[0])
        links.append(link)
    return _headline(scene, topics, amounts, _repeated(scene, amounts, links))


def _governor(scene: Scene, topics: Topics, amounts: Sequence[Sum], links: Sequence[Link], index: int) -> Link:
    amount = amounts[index]
    left, right = scene.item(amount.start)
    held = scene.bracket(amount.start)
    previous = index - 1 if index and amounts[index - 1].start >= left else None
    if held:
        return _in_bracket(scene, topics, amounts, links, index, held)
    before = scene.open(left, amount.start)
    after = scene.open(amount.end, right)[:1]
    this = _THIS.search(scene.layout.text, before[-1].end if before else left, amount.start)
    if after and not this and _leads(scene, amounts, index, before, after[0]):
        several = _SEVERAL.search(scene.layout.text[amount.end : after[0].start])
        return NO_LINK if several else (after[0].project, "link.ahead")
    if before and not this:
        return before[-1].project, "link.clause"
    if previous is not None and links[previous][0] is not None and scene.bracket(amounts[previous].start) is None:
        return links[previous][0], "link.breakdown"
    return _from_around(scene, topics, amount, left)


def _in_bracket(
    scene: Scene, topics: Topics, amounts: Sequence[Sum], links: Sequence[Link], index: int, held: Span
) -> Link:
    """A sum in brackets belongs to what stands in them before it, else to the sum or undertaking before them."""
    amount = amounts[index]
    left, right = scene.item(amount.start)
    if inner := scene.between(held[0], amount.start):
        return inner[-1].project, "link.bracket.inside"
    before = scene.open(left, held[0])
    previous = next((i for i in range(index - 1, -1, -1) if amounts[i].start < held[0]), None)
    if (
        previous is not None
        and amounts[previous].start >= (before[-1].end if before else left)
        and links[previous][0] is not None
    ):
        return links[previous][0], "link.bracket.sum"
    if before:
        return before[-1].project, "link.bracket"
    after = scene.open(held[1], right)[:1]
    if after and _AHEAD.match(scene.layout.text, held[1], after[0].start):
        return after[0].project, "link.ahead"
    return _from_around(scene, topics, amount, left)


def _leads(scene: Scene, amounts: Sequence[Sum], index: int, before: Sequence[Anchor], following: Anchor) -> bool:
    """Whether the sum is said of the undertaking that follows it ("60 tỷ đồng để xây dựng cầu X")."""
    text, end = scene.layout.text, amounts[index].end
    gap = _BRACKETED.sub("", text[end : following.start])
    if len(gap) > 170 or _FIGURE.search(gap) or (gap.strip() and not _AHEAD.match(gap)):
        return False
    return not before or not _TIGHT.match(text[before[-1].end : amounts[index].start])


def _from_around(scene: Scene, topics: Topics, amount: Sum, left: int) -> Link:
    """The topic that goes on, else the undertaking into which the next sentence says that the money flows."""
    layout = scene.layout
    if _THRESHOLD.search(layout.text, left, amount.start):
        return NO_LINK
    link = topics.continued(amount.start)
    if link[0] is not None:
        return link
    sentence = layout.sentence_at(amount.start)
    if sentence + 1 < len(layout.sentences):
        first, last = layout.sentences[sentence + 1]
        topic = topics.of(sentence + 1)
        if len(topic) == 1 and _FLOWS.match(layout.text, first, last):
            return topic[0], "link.flows"
    projects = {a.project for a in scene.anchors}
    if len(projects) == 1 and amount.role in ("total", "other", "disbursed"):
        only = projects.pop()
        if scene.projects[only].n_projects == 1 and scene.projects[only].kind in _WORKS:
            return only, "link.only"
    return NO_LINK


def _repeated(scene: Scene, amounts: Sequence[Sum], links: Sequence[Link]) -> list[Link]:
    """Give a sum without an undertaking, or far from it, the one whose sum it repeats or rounds."""
    paragraphs = scene.layout.paragraphs
    lead = paragraphs[min(1, len(paragraphs) - 1)][1] if paragraphs else 0
    done: list[Link] = []
    for amount, link in zip(amounts, links, strict=True):
        loose = link[0] is None or link[1] in ("link.topic", "link.only")
        if amount.role in _UNLINKED or not loose:
            done.append(link)
            continue
        twins = {
            other[0]
            for twin, other in zip(amounts, links, strict=True)
            if other[0] is not None
            and twin is not amount
            and twin.role == amount.role
            and repeats(amount, twin, rounded=link[0] is None and amount.start < lead)
        }
        told = len(twins) == 1 and (link[0] is None or _particular(amount))
        done.append((twins.pop(), "link.same_sum") if told else link)
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
    costed = {link[0] for amount, link in zip(amounts, links, strict=True) if amount.role == "total"}
    for i, (amount, link) in enumerate(zip(amounts, links, strict=True)):
        inside = title[0] <= amount.start < title[1]
        if inside and link[0] is None and amount.role == "total" and len(lead) == 1 and lead[0] not in costed:
            done[i] = (lead[0], "link.headline")
    return done


def repeats(one: Sum, other: Sum, *, rounded: bool) -> bool:
    """Whether two sums print the same figure, or (``rounded``) differ by at most one part in twenty."""
    a, b = one.value_vnd, other.value_vnd
    if not a or not b or one.currency != other.currency:
        return False
    return a == b or (rounded and abs(a - b) * 20 <= max(a, b))


def _particular(amount: Sum) -> bool:
    """A figure of at least three digits that count is not printed twice by chance."""
    return amount.value_vnd is not None and len(str(amount.value_vnd).rstrip("0")) >= 3
