"""Sums told again: one that repeats, rounds or divides another belongs where that does, and so does a headline's."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from rules.layout import Span
from rules.link.figures import repeats, stands_for
from rules.link.mention import BARRED, UNLINKED, Link, Sum
from rules.link.scene import Scene
from rules.link.topic import Topics
from rules.link.words import pattern

_BOUNDS = frozenset({"at_most", "at_least", "under"})
_DIVIDES = frozenset({"disbursed", "support", "counterpart", "allocation", "other"})
_IN_ALL = pattern(r"(?<!\w){in_all}\s[^.;]{0,30}\Z", re.IGNORECASE)
_TWINS = 40  # sums of nearly one figure that are looked at


def told_again(scene: Scene, topics: Topics, amounts: Sequence[Sum], links: Sequence[Link]) -> list[Link]:
    """The proposals ``links`` for ``amounts``, with those of sums that tell others again."""
    return _headline(scene, topics, amounts, _broken_down(scene, amounts, _repeated(scene, amounts, links)))


def _repeated(scene: Scene, amounts: Sequence[Sum], links: Sequence[Link]) -> list[Link]:
    """Give a sum without an undertaking, or far from it, the one whose sum it repeats or rounds."""
    paragraphs = scene.layout.paragraphs
    lead = paragraphs[min(1, len(paragraphs) - 1)][1] if paragraphs else 0
    known = _Known(amounts, links)
    done: list[Link] = []
    for amount, link in zip(amounts, links, strict=True):
        if amount.role in UNLINKED or not _is_loose(amount, link):
            done.append(link)
            continue
        twins = known.like(amount, rounded=link[0] is None and amount.start < lead)
        told = len(twins) == 1 and (link[0] is None or _particular(amount))
        done.append((twins.pop(), "link.same_sum") if told else link)
    return done


def _is_loose(amount: Sum, link: Link) -> bool:
    """Whether a sum may have the undertaking of another: it has none, or one that the text only goes on about."""
    policy = amount.qualifier in _BOUNDS  # "tối đa 300 triệu đồng" is a rule, not that sum told again
    return (link[0] is None and link != BARRED and not policy) or link[1] in ("link.topic", "link.only")


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
    lead = _lead(scene, topics, title)
    linked = list(zip(amounts, links, strict=True))
    costs = [(a, project) for a, (project, _) in linked if a.role == "total"]
    free = [a for a, (project, _) in linked if project is None]
    for i, amount in enumerate(amounts):
        if title[0] <= amount.start < title[1] and amount.role == "total" and links[i][0] is None:
            if any(b is not amount and repeats(amount, b, rounded=False) for b in free):
                continue  # the text tells of that sum without any undertaking
            home = _home(amount, costs, lead)
            done[i] = links[i] if home is None else (home, "link.headline")
    return done


def _home(amount: Sum, costs: Sequence[tuple[Sum, int | None]], lead: tuple[int, ...]) -> int | None:
    """The undertaking whose cost a headline's sum is; that of the lead where no sum tells its cost."""
    meant = {project for cost, project in costs if project is not None and stands_for(amount, cost)}
    if len(meant) == 1:
        return meant.pop()
    return lead[0] if len(lead) == 1 and all(project != lead[0] for _, project in costs) else None


def _lead(scene: Scene, topics: Topics, title: Span) -> tuple[int, ...]:
    """What the first sentence below the headline that is about anything is about."""
    for number, sentence in enumerate(scene.layout.sentences):
        if sentence != title and (topic := topics.of(number)):
            return topic
    return ()


def _particular(amount: Sum) -> bool:
    """A figure of at least three digits that count is not printed twice by chance."""
    return amount.value_vnd is not None and len(str(amount.value_vnd).rstrip("0")) >= 3
