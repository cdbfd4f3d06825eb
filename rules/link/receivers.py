"""Which undertaking a receiver or a place belongs to."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rules.decide import load
from rules.link.mention import BARRED, NO_LINK, Link, Receiver, Spanned, Sum, Unit
from rules.link.scene import Scene
from rules.link.sums import CLASSES, Choices, decided
from rules.link.topic import Topics
from rules.link.words import pattern

# "kết nối giao thông với TP HCM", "cách trung tâm huyện B 5 km": the undertaking does not lie there
_LOCATED = pattern(r"(?<!\w){located}\s\Z", re.IGNORECASE)
_OTHER_ACT = pattern(r"(?:,|\s{and})\s{other_act}(?!\w)", re.IGNORECASE)
_ELSEWHERE = pattern(r"(?<!\w){elsewhere}\s(?:[^\s,.;]+\s){0,2}\Z", re.IGNORECASE)

RECEIVERS = "receivers.tsv"
"""The weights by which a receiver's undertaking is chosen."""

_NEAR = 200  # code points between a receiver and a sum


@dataclass(frozen=True, slots=True)
class _AsSum:
    """A receiver, asked for its undertaking as a sum is."""

    start: int
    end: int
    role: str
    qualifier: str
    currency: str = "VND"
    value_vnd: int | None = None


def receiver_choices(
    scene: Scene, topics: Topics, receivers: Sequence[Receiver], amounts: Sequence[Sum], sums: Sequence[Link]
) -> Choices:
    """The receivers and what each may belong to; the links of the sums beside them are hints."""
    asked = [_AsSum(r.start, r.end, r.kind, "one" if r.name else "many" if r.count > 1 else "few") for r in receivers]
    proposed = propose_receivers(scene, topics, receivers, amounts, sums)
    starts = [a.start for a in amounts]

    def hints(index: int) -> dict[int, list[str]]:
        receiver = receivers[index]
        after = bisect_left(starts, receiver.start)
        found: dict[int, list[str]] = {}
        for side, at in (("before", after - 1), ("behind", after)):
            if 0 <= at < len(amounts) and (project := sums[at][0]) is not None:
                first, last = scene.page.item(receiver.start)
                near = (
                    "item"
                    if first <= starts[at] < last
                    else "near"
                    if abs(starts[at] - receiver.start) < _NEAR
                    else "far"
                )
                found.setdefault(project, []).extend((f"sum.{side}.{near}", f"sum.{side}.{near}.{amounts[at].role}"))
        return found

    return Choices(scene, asked, proposed, hints)


def link_receivers(
    scene: Scene, topics: Topics, receivers: Sequence[Receiver], amounts: Sequence[Sum], sums: Sequence[Link]
) -> tuple[list[Link], list[int]]:
    """Undertaking and rule for each of ``receivers`` (text order), and by how much it is decided (in hundredths)."""
    choices = receiver_choices(scene, topics, receivers, amounts, sums)
    told = list(decided(choices, load("rules.link", CLASSES, RECEIVERS)))
    return [link for link, _ in told], [margin for _, margin in told]


def propose_receivers(
    scene: Scene, topics: Topics, receivers: Sequence[Receiver], amounts: Sequence[Sum], sums: Sequence[Link]
) -> list[Link]:
    """Undertaking and rule for each of ``receivers``, by their own words or by the sum that they receive."""
    return [_governor(scene, topics, r, amounts, sums, named=r.name is not None) for r in receivers]


def link_places(scene: Scene, topics: Topics, places: Sequence[Unit]) -> list[Link]:
    """Undertaking and rule for each of ``places``.

    In a chain "xã A, huyện B" only the commune carries one. A province carries what lies nowhere lower: one
    undertaking a mention, in the order of both.
    """
    links = [_site(scene, topics, p) for p in places]
    for i, (lower, upper) in enumerate(pairwise(places)):
        chained = lower.level != upper.level and upper.level != "commune" and upper.start - lower.end <= 3
        if chained and links[i][0] is not None:
            links[i + 1] = NO_LINK
    placed = {project for project, _ in links}
    unplaced = (n for n in range(len(scene.projects)) if n not in placed)
    for i, project in zip(_free_provinces(places, links), unplaced, strict=False):
        links[i] = (project, "link.province")
    return links


def _free_provinces(places: Sequence[Unit], links: Sequence[Link]) -> list[int]:
    """The mentions of the report's own province that carry nothing yet."""
    codes = Counter(p.province_code for p in places if p.province_code)
    main = codes.most_common(1)[0][0] if codes else None
    own = [i for i, p in enumerate(places) if p.level == "province" and p.province_code == main]
    return [i for i in own if links[i][0] is None]


def _site(scene: Scene, topics: Topics, place: Unit) -> Link:
    """The undertaking that the place's own item names; for a commune also the one that the text goes on about."""
    if scene.page.extended(place.start):
        return NO_LINK
    link = beside(scene, place)
    before = scene.layout.text[max(0, place.start - 24) : place.start]
    if place.level == "province":  # elsewhere a province is mostly part of an agency's name
        return link if link[1] == "link.name" or _LOCATED.search(before) else NO_LINK
    if link[0] is not None:
        return NO_LINK if _ELSEWHERE.search(before) else link
    link = topics.continued(place.start)
    if place.level == "commune":
        only = _only(scene) if link[0] is None else None
        return (only, "link.only") if only is not None else link
    return link if link[1] in ("link.item", "link.list", "link.recalled") else NO_LINK


def beside(scene: Scene, mention: Spanned) -> Link:
    """The undertaking that the mention's own item names: around it, before it, else behind it."""
    left, right = scene.page.item(mention.start)
    inside = [a for a in scene.between(left, right) if a.start <= mention.start and mention.end <= a.end]
    if inside:
        return inside[-1].project, "link.name"
    if before := scene.open(left, mention.start):
        return before[-1].project, "link.clause"
    if after := scene.open(mention.end, right):
        return after[0].project, "link.ahead"
    return NO_LINK


def _governor(
    scene: Scene, topics: Topics, mention: Spanned, amounts: Sequence[Sum], sums: Sequence[Link], *, named: bool = False
) -> Link:
    left, right = scene.page.item(mention.start)
    link = _named_beside(scene, mention)
    if link != NO_LINK:
        return link
    first, last = (bisect_left(amounts, edge, key=_start_of) for edge in (left, right))
    beside_it = {project for project, _ in sums[first:last]}
    said = beside_it - {None}
    if len(said) == 1:
        return said.pop(), "link.sum"
    link = _told_around(topics, mention.start, named)
    if link[0] is not None or beside_it == {None}:  # its sums belong to something else
        return link
    late = named and scene.anchors and mention.start > scene.anchors[0].start
    only = _only(scene)
    return (only, "link.only") if only is not None and not late else NO_LINK


def _named_beside(scene: Scene, mention: Spanned) -> Link:
    """The undertaking that the item of a receiver names for it; of none where that is another act's."""
    if scene.page.extended(mention.start):
        return BARRED
    link = beside(scene, mention)
    if link[1] == "link.ahead" and _OTHER_ACT.search(scene.layout.text, mention.end, _start(scene, mention.end)):
        return BARRED  # "hỗ trợ nhà ở cho 121 hộ, đầu tư 6 công trình nước"
    return link


def _told_around(topics: Topics, start: int, named: bool) -> Link:
    """What the text goes on about, or the next sentence tells of."""
    link = topics.continued(start)
    if link[0] is not None:
        return link
    if (into := topics.flows_into(start)) is not None:
        return into, "link.flows"
    topic = topics.next_about(start) if named else ()
    return (topic[0], "link.next") if len(topic) == 1 else NO_LINK


def _start_of(mention: Spanned) -> int:
    return mention.start


def _start(scene: Scene, offset: int) -> int:
    """Where the next undertaking in the item of ``offset`` is named."""
    following = scene.open(offset, scene.page.item(offset)[1])
    return following[0].start if following else offset


def _only(scene: Scene) -> int | None:
    """The one undertaking that the report names, if it is single."""
    if len(scene.named) != 1:
        return None
    only = next(iter(scene.named))
    return only if scene.projects[only].n_projects == 1 else None
