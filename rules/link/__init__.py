"""Which undertaking the sums, receivers and places of a report belong to, and what they add up to for each."""

from collections.abc import Sequence

from rules.layout import Layout
from rules.link.cues import cues
from rules.link.mention import Link, Links, Receiver, Record, Sum, Undertaking, Unit
from rules.link.page import Page
from rules.link.receivers import beside, link_places, link_receivers
from rules.link.record import records
from rules.link.scene import Scene
from rules.link.sums import link_sums
from rules.link.topic import Topics

__all__ = ["Links", "Record", "link", "scene_of", "unlinked"]


def link(
    layout: Layout,
    projects: Sequence[Undertaking],
    amounts: Sequence[Sum],
    beneficiaries: Sequence[Receiver],
    places: Sequence[Unit],
) -> Links:
    """Link every mention to the undertaking that governs it, or to none where two readings are equally good.

    ``amounts``, ``beneficiaries`` and ``places`` are in text order; the result's tuples are parallel to them, and
    ``records`` to ``projects``. Sums in dong.
    """
    if not projects:
        return unlinked(projects, amounts, beneficiaries, places)
    scene = scene_of(layout, projects, beneficiaries, places)
    named = [b.start for b in beneficiaries if b.name is not None]
    sums, margins = link_sums(scene, Topics(scene, named), amounts)
    topics = Topics(scene, named)
    for amount, (project, _) in zip(amounts, sums, strict=True):
        if project is not None:
            topics.note(amount.start, project)
    owners, owner_margins = link_receivers(scene, topics, beneficiaries, amounts, sums)
    sites = link_places(scene, topics, places)
    (amount_project, amount_rule), (owner, owner_rule), (site, site_rule) = map(_apart, (sums, owners, sites))
    return Links(
        amount_project=amount_project,
        beneficiary_project=owner,
        place_project=site,
        amount_rule=amount_rule,
        beneficiary_rule=owner_rule,
        place_rule=site_rule,
        amount_margin=tuple(margins),
        beneficiary_margin=tuple(owner_margins),
        records=records(scene, amounts, sums, beneficiaries, owners),
    )


def unlinked(
    projects: Sequence[Undertaking], amounts: Sequence[Sum], beneficiaries: Sequence[Receiver], places: Sequence[Unit]
) -> Links:
    """What `link` gives where nothing belongs to any undertaking."""
    a, b, p = ((None,) * len(found) for found in (amounts, beneficiaries, places))
    return Links(a, b, p, a, b, p, (Record(None, None, None, None),) * len(projects))


def _apart(links: Sequence[Link]) -> tuple[tuple[int | None, ...], tuple[str | None, ...]]:
    """The undertakings and the rules of links."""
    return tuple(project for project, _ in links), tuple(rule for _, rule in links)


def scene_of(
    layout: Layout, projects: Sequence[Undertaking], beneficiaries: Sequence[Receiver], places: Sequence[Unit]
) -> Scene:
    """The report with its undertakings, and with the other words that mean one of them."""
    page = Page(layout)
    plain = Scene(page, projects)
    direct = [beside(plain, b) for b in beneficiaries]
    return Scene(page, projects, cues(layout.text, projects, beneficiaries, direct, places))
