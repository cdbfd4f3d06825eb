"""Which undertaking a receiver or a place belongs to."""

from collections.abc import Sequence

from rules.link.mention import NO_LINK, Link, Receiver, Spanned, Sum, Unit
from rules.link.scene import Scene
from rules.link.topic import Topics


def link_receivers(
    scene: Scene, topics: Topics, receivers: Sequence[Receiver], amounts: Sequence[Sum], sums: Sequence[Link]
) -> list[Link]:
    """Undertaking and rule for each of ``receivers``, by their own words or by the sum that they receive."""
    return [_governor(scene, topics, r, amounts, sums, named=r.name is not None) for r in receivers]


def link_places(scene: Scene, topics: Topics, places: Sequence[Unit]) -> list[Link]:
    """Undertaking and rule for each of ``places``; in a chain "xã A, huyện B" only the commune carries one."""
    links = [_governor(scene, topics, p, (), ()) for p in places]
    for i in range(len(places) - 1):
        gap = scene.layout.text[places[i].end : places[i + 1].start]
        below = places[i].level != places[i + 1].level and places[i + 1].level != "commune"
        if below and len(gap) <= 3 and links[i][0] is not None:
            links[i + 1] = NO_LINK
    return links


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
    link = beside(scene, mention)
    if link[0] is not None:
        return link
    left, right = scene.page.item(mention.start)
    said = {s[0] for a, s in zip(amounts, sums, strict=True) if left <= a.start < right and s[0] is not None}
    if len(said) == 1:
        return said.pop(), "link.sum"
    link = topics.continued(mention.start)
    if link[0] is not None:
        return link
    if (into := topics.flows_into(mention.start)) is not None:
        return into, "link.flows"
    if named and len(topic := topics.next_about(mention.start)) == 1:
        return topic[0], "link.next"
    projects = {a.project for a in scene.anchors}
    late = not scene.anchors or (named and mention.start > scene.anchors[0].start)
    if len(projects) == 1 and not late and scene.projects[next(iter(projects))].n_projects == 1:
        return projects.pop(), "link.only"
    return NO_LINK
