"""Which undertaking a receiver or a place belongs to."""

from collections.abc import Sequence

from rules.link.mention import NO_LINK, Link, Receiver, Spanned, Sum, Unit
from rules.link.scene import Scene


def link_receivers(
    scene: Scene, receivers: Sequence[Receiver], amounts: Sequence[Sum], sums: Sequence[Link]
) -> list[Link]:
    """Undertaking and rule for each of ``receivers``."""
    return [_governor(scene, r, amounts, sums) for r in receivers]


def link_places(scene: Scene, places: Sequence[Unit]) -> list[Link]:
    """Undertaking and rule for each of ``places``; in a chain "xã A, huyện B" only the commune carries one."""
    links = [_governor(scene, p, (), ()) for p in places]
    for i in range(len(places) - 1):
        gap = scene.layout.text[places[i].end : places[i + 1].start]
        if (
            places[i].level != places[i + 1].level
            and len(gap) <= 3
            and links[i][0] is not None
            and places[i + 1].level != "commune"
        ):
            links[i + 1] = NO_LINK
    return links


def _governor(scene: Scene, mention: Spanned, amounts: Sequence[Sum], sums: Sequence[Link]) -> Link:
    left, right = scene.item(mention.start)
    inside = [a for a in scene.between(left, right) if a.start <= mention.start and mention.end <= a.end]
    if inside:
        return inside[-1].project, "link.name"
    before = [a for a in scene.between(left, mention.start) if not a.bracket]
    own = [a for a in before if not a.side] or before
    if own:
        return own[-1].project, "link.clause"
    after = [a for a in scene.between(mention.end, right) if not a.bracket]
    if after:
        return after[0].project, "link.ahead"
    said = {
        link[0]
        for amount, link in zip(amounts, sums, strict=True)
        if left <= amount.start < right and link[0] is not None
    }
    if len(said) == 1:
        return said.pop(), "link.sum"
    sentence = scene.layout.sentence_at(mention.start)
    for back in range(sentence - 1, max(-1, sentence - 3), -1):
        topic = scene.focus[back]
        if topic:
            return (topic[0], "link.topic") if len(topic) == 1 else NO_LINK
    return NO_LINK
