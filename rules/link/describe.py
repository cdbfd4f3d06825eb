"""What speaks for linking a sum to an undertaking, or to none: named features of the pair."""

from collections.abc import Iterator

from rules.beneficiary.phrases import shape, words
from rules.link.pair import Pair
from rules.link.scene import Anchor
from rules.link.words import TAKEN_UP, starts

_FLOWS = starts("flows")
_BUILT = {"cong_trinh", "du_an"}
_GAP = 14  # words of a gap that are described


def none(pair: Pair) -> Iterator[str]:
    """The features of linking the sum to nothing."""
    yield "none"
    for f in pair.context:
        yield f"none.{f}"
    yield from _words_around(pair)
    named = len(pair.around.scene.named)
    yield f"none.undertakings={min(named, 4)}"
    yield from _emptiness(pair)
    yield from _sum_before(pair)
    if pair.twin_homes:
        yield "none.twin"


def _words_around(pair: Pair) -> Iterator[str]:
    a, text = pair.amount, pair.around.scene.layout.text
    for word in words(text[max(pair.item[0], a.start - 60) : a.start])[-4:]:
        yield f"none.left={word}"
    opened = words(text[pair.span[0] : min(pair.span[1], pair.span[0] + 50)])
    yield f"none.opens={' '.join(opened[:1])}"
    yield f"none.opens={' '.join(opened[:2])}"
    for word in words(text[a.end : min(pair.item[1], a.end + 40)])[:3]:
        yield f"none.right={shape(word)}"


def _emptiness(pair: Pair) -> Iterator[str]:
    """How far around the sum no undertaking is named."""
    between = pair.around.scene.between
    if between(*pair.item):
        return
    yield "none.item.empty"
    if between(*pair.span):
        return
    yield "none.sentence.empty"
    yield f"none.sentence.empty.{pair.amount.role}"
    if not pair.around.names_any(*pair.paragraph):
        yield "none.paragraph.empty"
        yield f"none.paragraph.empty.{pair.amount.role}"


def _sum_before(pair: Pair) -> Iterator[str]:
    """Whether the sum before in the sentence was linked."""
    other = pair.around.amounts[pair.index - 1] if pair.index else None
    if other is None or other.start < pair.span[0]:
        return
    linked = "none" if pair.links[pair.index - 1] is None else "linked"
    yield f"none.before={linked}"
    yield f"none.before={linked}.{other.role}.{pair.amount.role}"
    yield f"none.before={linked}.{_mark(pair.around.scene.layout.text[other.end : pair.amount.start])}"


def described(pair: Pair, project: int) -> Iterator[str]:
    """The features of linking the sum to undertaking ``project``."""
    yield from _position(pair, project)
    yield from _standing(pair, project)
    yield from _sequence(pair, project)


def _position(pair: Pair, project: int) -> Iterator[str]:
    """Where the undertaking is named last before the sum and first behind it."""
    before = next(((rank, x) for rank, x in enumerate(pair.before) if x.project == project), None)
    behind = next(((rank, x) for rank, x in enumerate(pair.behind) if x.project == project), None)
    if before is not None:
        yield from _named_before(pair, *before)
    else:
        yield "before=never"
    if behind is not None:
        yield from _named_behind(pair, *behind)
        near = before is not None and _where(pair, before[1]) in ("item", "sentence")
        if not near and behind[0] == 0 and _where(pair, behind[1]) in ("item", "sentence"):
            yield "behind.first"


def _named_before(pair: Pair, rank: int, anchor: Anchor) -> Iterator[str]:
    a, page, where = pair.amount, pair.around.scene.page, _where(pair, anchor)
    yield f"before={where}"
    yield f"before={where}.{a.role}"
    yield f"before.rank={min(rank, 4)}"
    yield f"before={where}.rank={min(rank, 3)}"
    between = pair.around.between(anchor.end, a.start)
    yield f"before.sums={min(between, 4)}"
    yield f"before={where}.sums={min(between, 2)}"
    if anchor.side:
        yield f"before={where}.side"
    if anchor.bracket:
        yield f"before={where}.bracketed"
    if rank == 0:
        yield from _nearest(pair, f"before={where}", where, (anchor.end, a.start))
    bracket = page.bracket(a.start)
    if bracket and where == "item" and page.bracket(anchor.start) == bracket:
        yield "before.same.bracket"


def _named_behind(pair: Pair, rank: int, anchor: Anchor) -> Iterator[str]:
    a, where = pair.amount, _where(pair, anchor)
    yield f"behind={where}"
    yield f"behind={where}.{a.role}"
    yield f"behind={where}.rank={min(rank, 2)}"
    between = pair.around.between(a.end, anchor.start)
    yield f"behind={where}.sums={min(between, 2)}"
    if anchor.side:
        yield f"behind={where}.side"
    if rank == 0:
        yield from _nearest(pair, f"behind={where}", where, (a.end, anchor.start))
    if where == "item" and not any(x.start >= pair.item[0] for x in pair.before):
        yield "behind.only.in.item"


def _nearest(pair: Pair, stem: str, where: str, gap: tuple[int, int]) -> Iterator[str]:
    """Of the nearest mention on one side: how the sum stands, and what is said between the two."""
    for f in pair.context:
        yield f"{stem}.{f}"
    if where in ("item", "sentence"):
        yield from _gap(stem.partition("=")[0], pair.around.scene.layout.text[slice(*gap)])


def _where(pair: Pair, anchor: Anchor) -> str:
    scene = pair.around.scene
    if pair.item[0] <= anchor.start < pair.item[1]:
        return "item"
    sentence = scene.layout.sentence_at(anchor.start)
    apart = abs(sentence - pair.sentence)
    if apart == 0:
        return "sentence"
    if scene.layout.sentence_paragraph[sentence] == scene.layout.sentence_paragraph[pair.sentence]:
        return f"paragraph{min(apart, 4)}"
    paragraphs = abs(scene.layout.sentence_paragraph[sentence] - scene.layout.sentence_paragraph[pair.sentence])
    return f"apart{min(paragraphs, 3)}.{min(apart, 3)}" if paragraphs <= 3 else "far"


def _gap(side: str, gap: str) -> Iterator[str]:
    told = words(gap)
    size = next((limit for limit in (0, 3, 8, 15) if len(told) <= limit), "long")
    yield f"{side}.gap={size}"
    if len(told) <= 2 * _GAP:
        for word in told[:_GAP]:
            yield f"{side}.gap.{shape(word)}"
    yield f"{side}.gap.first={' '.join(map(shape, told[:1]))}"
    yield f"{side}.gap.last={' '.join(map(shape, told[-1:]))}"
    yield f"{side}.gap.commas={min(gap.count(','), 3)}"


def _standing(pair: Pair, project: int) -> Iterator[str]:
    """What the undertaking is, and what else points to it."""
    role, p = pair.amount.role, pair.around.scene.projects[project]
    many = "group" if p.n_projects > 1 else "one"
    yield f"kind={p.kind}"
    yield f"kind={p.kind}.{role}"
    yield f"{many}"
    yield f"{many}.{role}"
    yield from _kin(pair, project)
    yield from _prominence(pair, project)
    yield from _head(pair, project)
    yield from _recalled(pair, project)
    yield from _told_again(pair, project)


def _kin(pair: Pair, project: int) -> Iterator[str]:
    """Whether it is the whole of others, a part of one, or the roof of what was named last."""
    around, projects = pair.around, pair.around.scene.projects
    last = pair.before[0].project if pair.before else None
    if around.children[project]:
        yield "whole"
        yield f"whole.{pair.amount.role}"
    if projects[project].parent is not None:
        yield "part"
        if projects[project].parent == last:
            yield "part.of.last"
    if last is not None and projects[last].parent == project:
        yield "roof.of.last"
        for f in pair.context:
            if f.startswith("starts"):
                yield f"roof.of.last.{f}"


def _prominence(pair: Pair, project: int) -> Iterator[str]:
    """Whether the report is about it."""
    around, scene = pair.around, pair.around.scene
    if len(scene.named) == 1:
        yield "only"
        for f in pair.context:
            yield f"only.{f}"
    elif around.mentions[project] * 2 > len(scene.anchors):
        yield "main"
        yield f"main.{pair.amount.role}"
    if scene.anchors[0].project == project:
        yield "first"


def _head(pair: Pair, project: int) -> Iterator[str]:
    """Whether the line over the list names it."""
    if project in pair.head:
        alone = "head" if len(set(pair.head)) == 1 else "head.among"
        yield alone
        yield f"{alone}.{pair.amount.role}"
        yield f"{alone}.{'item' if any(x.start >= pair.item[0] for x in pair.before) else 'bare'}"
    elif pair.head:
        yield "other.head"


def _recalled(pair: Pair, project: int) -> Iterator[str]:
    """Whether a bare kind word of the sentence takes it up."""
    projects = pair.around.scene.projects
    for word, this in pair.recalled[:1]:
        kinds = TAKEN_UP.get(word, _BUILT)
        yield f"recalled={'fits' if projects[project].kind in kinds else 'other'}"
        if project == next((x.project for x in pair.before if projects[x.project].kind in kinds), None):
            yield "recalled.last"
            yield f"recalled.last.{'this' if this else 'bare'}"


def _told_again(pair: Pair, project: int) -> Iterator[str]:
    """Words of its name near the sum, money that flows into it, and the same figure beside it elsewhere."""
    a, scene = pair.amount, pair.around.scene
    said = set(words(scene.layout.text[max(pair.span[0], a.start - 300) : min(pair.span[1], a.end + 200)]))
    if told := len(pair.around.names[project] & said):
        yield f"alike={min(told, 4)}"
    for span in scene.layout.sentences[pair.sentence + 1 : pair.sentence + 2]:
        if _FLOWS.match(scene.layout.text, *span) and any(x.project == project for x in scene.between(*span)):
            yield "flows"
    if project in pair.twin_homes:
        yield "twin"
        yield f"twin.{a.qualifier}"
        yield f"twin.{a.role}"
        if len(pair.twin_homes) == 1:
            yield "twin.one"
            yield f"twin.one.digits={min(4, len(str(a.value_vnd or 0).rstrip('0')))}"


def _sequence(pair: Pair, project: int) -> Iterator[str]:
    """What the sums before were linked to."""
    a, around = pair.amount, pair.around
    own = [around.amounts[i] for i in range(max(0, pair.index - 12), pair.index) if pair.links[i] == project]
    totals = [other.value_vnd or 0 for other in own if other.role == "total"]
    if totals and a.value_vnd:
        whole = max(totals)
        against = "over" if a.value_vnd > whole else "same" if a.value_vnd == whole else "under"
        yield f"total={against}"
        yield f"total={against}.{a.role}"
    elif not own:
        yield "no.sum.yet"
        yield f"no.sum.yet.{a.role}"
    if pair.index:
        yield from _previous(pair, project)


def _previous(pair: Pair, project: int) -> Iterator[str]:
    """Where the sum before stands, and whether it was linked to this undertaking."""
    other, link = pair.around.amounts[pair.index - 1], pair.links[pair.index - 1]
    near = _near(pair, other.start)
    same = "same" if link == project else "other" if link is not None else "none"
    yield f"previous={same}.{near}"
    yield f"previous={same}.{near}.{other.role}.{pair.amount.role}"
    if near in ("item", "sentence"):
        gap = pair.around.scene.layout.text[other.end : pair.amount.start]
        named = any(x.start >= other.end for x in pair.before[:1])
        yield f"previous={same}.{near}.{_mark(gap)}"
        yield f"previous={same}.{near}.{'named' if named else 'bare'}"
    elif near == "next" and same == "same":
        for f in pair.context:
            yield f"previous={same}.{near}.{f}"


def _near(pair: Pair, start: int) -> str:
    if start >= pair.item[0]:
        return "item"
    if start >= pair.span[0]:
        return "sentence"
    return "next" if pair.around.scene.layout.sentence_at(start) == pair.sentence - 1 else "far"


def _mark(gap: str) -> str:
    for mark in ("\n", ";", ")", "(", ",", " và ", "/"):
        if mark in gap:
            return repr(mark.strip() or "line")
    return "words"
