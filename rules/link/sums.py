"""Which undertaking a sum of money belongs to."""

import re
from collections.abc import Sequence
from decimal import Decimal

from rules.link.mention import NO_LINK, Link, Sum
from rules.link.scene import Anchor, Scene
from rules.link.words import WORDS, alternatives, ends, starts, within

_UNLINKED = frozenset({"price", "revenue", "damage"})
_AHEAD = re.compile(
    rf"\s*(?:đồng)?(?:\s?\([^()]{{0,80}}\))?,?\s?(?:được\s)?(?:{alternatives(WORDS['ahead'])})(?!\w)", re.IGNORECASE
)
_TIGHT = re.compile(
    r"\W{0,2}(?:\([^()]{0,80}\))?\W{0,3}(?:(?:với|có|là|kinh|phí|tổng|mức|vốn|đầu|tư|khoảng|gần|hơn|trên|số|tiền|giá|trị|chi|dự|toán|thực|hiện|hỗ|trợ|cần|được)\s){0,8}\Z",
    re.IGNORECASE,
)
_CONTINUES, _TURNS, _BREAKDOWN = starts("continues"), starts("turns"), within("breakdown")
_ANAPHOR = re.compile(
    rf"(?<!\w)(?:{alternatives(WORDS['anaphors'])})\s(?:này|trên|nói trên|kể trên|đó)(?!\w)", re.IGNORECASE
)
_THRESHOLD = within("threshold")
_BULLET = re.compile(r"\s*(?:[-–+*•]|\(?\w{1,2}[).])\s")

_REACH = 4  # sentences without an undertaking of their own over which a topic holds


def link_sums(scene: Scene, amounts: Sequence[Sum]) -> list[Link]:
    """Undertaking and rule for each of ``amounts`` (text order)."""
    links: list[Link] = []
    for index, amount in enumerate(amounts):
        links.append(NO_LINK if amount.role in _UNLINKED else _governor(scene, amounts, links, index))
    return _same_sums(scene, amounts, links)


def _governor(scene: Scene, amounts: Sequence[Sum], links: list[Link], index: int) -> Link:
    amount = amounts[index]
    text = scene.layout.text
    left, right = scene.item(amount.start)
    held = scene.bracket(amount.start)
    begin = amount.start
    earlier = index - 1 if index and amounts[index - 1].start >= left else None
    if held:
        inner = scene.between(held[0], amount.start)
        if inner:
            return inner[-1].project, "link.bracket.inside"
        begin = held[0]
        if (
            earlier is not None
            and amounts[earlier].end > (scene.between(left, begin) or [Anchor(0, left, 0, False, False)])[-1].end
        ):
            if links[earlier][0] is not None:
                return links[earlier][0], "link.bracket.sum"
    before = [a for a in scene.between(left, begin) if not a.bracket]
    own = [a for a in before if not a.side] or before
    limit = min(right, amounts[index + 1].start if index + 1 < len(amounts) and not held else right)
    after = [a for a in scene.between(amount.end, right) if not a.bracket][:1]
    if after and not held and _leads(text, amount, after[0], before, amounts, index, limit):
        return after[0].project, "link.ahead"
    if own:
        nearest = own[-1]
        return nearest.project, "link.bracket" if held else "link.clause"
    if (
        earlier is not None
        and links[earlier][0] is not None
        and scene.layout.sentence_at(amounts[earlier].start) == scene.layout.sentence_at(amount.start)
    ):
        return links[earlier][0], "link.breakdown"
    if after and held and not before:
        return after[0].project, "link.ahead"
    return _continued(scene, amounts, links, index)


def _leads(
    text: str, amount: Sum, following: Anchor, before: list[Anchor], amounts: Sequence[Sum], index: int, limit: int
) -> bool:
    """Whether the sum is said of the undertaking that follows it."""
    gap = text[amount.end : following.start]
    if following.start > limit:  # another sum between them: only a bracket may hold it
        gap = re.sub(r"\([^()]{0,120}\)", "", gap)
        if re.search(r"\d[\d.,]*\s?(?:tỷ|tỉ|triệu)", gap):
            return False
    if len(gap) > 170 or (gap.strip() and not _AHEAD.match(gap)):
        return False
    return not before or not _TIGHT.match(text[before[-1].end : amount.start])


def _continued(scene: Scene, amounts: Sequence[Sum], links: list[Link], index: int) -> Link:
    """The topic of the sentences before, where this one goes on with it."""
    amount, layout = amounts[index], scene.layout
    sentence = layout.sentence_at(amount.start)
    left, _ = scene.item(amount.start)
    head = layout.text[left : amount.start]
    if _THRESHOLD.search(head) or _TURNS.match(head):
        return NO_LINK
    opened = layout.sentences[sentence][0]
    if left > opened and scene.between(opened, left):  # a list whose other items name undertakings
        if not _CONTINUES.match(head):
            return NO_LINK
        topic = scene.focus[sentence]
        return (topic[0], "link.item") if len(topic) == 1 else NO_LINK
    strong = bool(
        _CONTINUES.match(layout.text[opened : amount.start]) or _ANAPHOR.search(layout.text, opened, amount.start)
    )
    if _BULLET.match(layout.text[opened : opened + 5]) and not strong:
        return NO_LINK
    if amount.role == "allocation" and not strong:
        return NO_LINK
    single = len({a.project for a in scene.anchors}) == 1
    reach = _REACH if strong or single else 1
    for back in range(sentence - 1, max(-1, sentence - 1 - reach), -1):
        topic = scene.focus[back]
        if len(topic) == 1:
            return topic[0], "link.topic"
        if topic:
            return NO_LINK
    if single and amount.role in ("total", "other", "disbursed"):
        return scene.anchors[0].project, "link.only"
    return NO_LINK


def _same_sums(scene: Scene, amounts: Sequence[Sum], links: list[Link]) -> list[Link]:
    """Give a sum without an undertaking the one whose sum it repeats or rounds."""
    done: list[Link] = []
    lead = scene.layout.paragraphs[min(1, len(scene.layout.paragraphs) - 1)][1] if scene.layout.paragraphs else 0
    for amount, link in zip(amounts, links, strict=True):
        if link[0] is not None or amount.role in _UNLINKED:
            done.append(link)
            continue
        near = amount.start < lead
        same = {
            other[0]
            for twin, other in zip(amounts, links, strict=True)
            if other[0] is not None and twin.role == amount.role and repeats(amount, twin, rounded=near)
        }
        done.append((same.pop(), "link.same_sum") if len(same) == 1 else NO_LINK)
    return done


def repeats(one: Sum, other: Sum, *, rounded: bool) -> bool:
    """Whether two sums print the same figure, or (``rounded``) one rounds the other by at most one part in twenty."""
    a, b = one.value_vnd, other.value_vnd
    if not a or not b or one.currency != other.currency:
        return False
    return a == b or (rounded and abs(Decimal(a - b)) * 20 <= max(a, b))
