"""Where the name of an undertaking ends that no quotes close: each boundary between words is described, the weights
of ends.tsv choose.

The rules of :mod:`rules.project.names` say where they would end it; that is one feature among others.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from rules.decide import Model
from rules.project.describe import Context
from rules.project.lexicon import words
from rules.project.mention import Candidate
from rules.project.tokens import Phrases, Tokens, phrases

_EARLIER, _LATER = 8, 14  # tokens by which the weights may move an end
_MOST = 32  # tokens of a name
_NEVER_LAST = frozenset(words("grammar", "never_last"))
_STOP = frozenset(";!?…:")
_PLACE = frozenset(words("grammar", "places"))
_PASSED = frozenset(words("grammar", "passed"))


@cache
def _stops() -> dict[str, Phrases]:
    bare = {key: [w.rstrip("#^ ").lower() for w in words("stops", key)] for key in ("soft", "money", "predicate")}
    return {key: Phrases(filter(None, phrases_)) for key, phrases_ in bare.items()}


CLASSES = ("yes",)
"""A boundary has one score; the name ends at that of the highest."""


def boundaries(context: Context, c: Candidate) -> list[int]:
    """The tokens before which the name of ``c`` may end, in text order."""
    if c.name is None:
        return []
    tokens = context.tokens
    last = context.sentence(c.start)[1]
    i, ruled = tokens.at(c.name[0]), tokens.at(c.name[1])
    k = _after(context.sum_starts, c.name[0])
    if k is not None and k < last:
        last = k
    found: list[int] = []
    depth = 0
    for j in range(i + 1, min(len(tokens.lower), i + _MOST) + 1):
        mark = tokens.lower[j - 1]
        depth += (mark in "([“") - (mark in ")]”")
        if depth < 0:
            break
        open_ = depth or mark in _NEVER_LAST or mark[-1] in '([“"' or _cut(tokens, j)
        if j >= ruled - _EARLIER and not open_:
            found.append(j)
        if j >= ruled + _LATER or j >= len(tokens.starts) or tokens.starts[j] >= last or tokens.lower[j] in _STOP:
            break
    return found


def _cut(tokens: Tokens, j: int) -> bool:
    """Whether an end before token ``j`` cuts what a comma begins off its name: "…, cầu | Kênh Mới"."""
    return j > 1 and j < len(tokens.starts) and tokens.lower[j - 2] == "," and tokens.capital(j)


def _after(starts: Sequence[int], at: int) -> int | None:
    i = bisect_right(starts, at)
    return starts[i] if i < len(starts) else None


def describe_end(context: Context, c: Candidate, begin: int, end: int, ruled: int) -> list[str]:
    """The features of ending before token ``end`` a name that begins at token ``begin``; the rules end it at
    ``ruled``."""
    tokens, lower = context.tokens, context.tokens.lower
    last = context.sentence(c.start)[1]
    form = "title" if tokens.capital(begin) and c.form != "work" else c.form
    inside = end < len(lower) and tokens.starts[end] < last
    following = lower[end] if inside else "$"
    second = lower[end + 1] if inside and end + 1 < len(lower) and tokens.starts[end + 1] < last else "$"
    shown = "#" if following[0].isdigit() else following
    before = "#" if lower[end - 1][0].isdigit() else lower[end - 1]
    capital, before_capital = inside and tokens.capital(end), tokens.capital(end - 1)
    delta = end - ruled
    side = 0 if delta == 0 else "more" if delta > 0 else "less"
    found = [f"rule={side}.{form}", f"rule={side}.{c.rule}", f"delta={max(-6, min(6, delta))}"]
    found += [f"r={shown}", f"r.{form}={shown}", f"r2={shown} {second}", f"l={before}", f"l.r={before} {shown}"]
    found += [f"size={min(end - begin, 12)}.{form}", f"capitals={before_capital}.{capital}"]
    found.append(f"capitals.{form}={before_capital}.{capital}")
    proper = any(map(str.isupper, tokens.initials(begin + 1, end)))
    found.append(f"proper={proper}.{form}")
    if proper and not before_capital:
        found.append(f"past.proper.{form}")
    if inside:
        found += _following(tokens, end, form)
    elif end < len(lower):
        found.append("to.end")
    if end < len(lower) and tokens.starts[end] in context.sum_set:
        found.append("r.sum")
    found += [f"in={word}.{form}" for word in lower[begin + 1 : end] if word in _PASSED]
    return found


def _following(tokens: Tokens, end: int, form: str) -> list[str]:
    """What begins at token ``end`` and right behind it."""
    lower, after = tokens.lower, end + 1
    found = []
    for key, stop in _stops().items():
        if stop.length(lower, end):
            found += [f"stop={key}", f"stop.{form}={key}"]
    if after >= len(lower):
        return found
    kind = "capital" if tokens.capital(after) else "word"
    thing = phrases("grammar", "objects").length(lower, after) > 0
    if lower[end] == ",":
        found.append(f"comma={'place' if lower[after] in _PLACE else kind}.{form}")
        if phrases("grammar", "acts").length(lower, after):
            found.append(f"comma=act.{form}")
        if thing:
            found.append(f"comma=object.{form}")
    elif lower[end] == "và":
        found.append(f"and={'object' if thing and kind == 'word' else kind}.{form}")
    elif lower[end] == "(":
        found.append(f"bracket={kind if kind == 'capital' else lower[after]}")
    return found


def chosen(c: Candidate) -> bool:
    """Whether the end of the name of ``c`` is for the weights to choose."""
    return c.name is not None and c.form != "quoted" and c.rule != "project.counted.heading"


def choose_end(model: Model, context: Context, c: Candidate) -> Candidate:
    """``c`` with the name that the weights end best; itself where its form leaves nothing to choose."""
    if c.name is None or not chosen(c):
        return c
    tokens = context.tokens
    begin, ruled = tokens.at(c.name[0]), tokens.at(c.name[1])
    best: tuple[int, int] | None = None
    for end in boundaries(context, c):
        score = model.lead(describe_end(context, c, begin, end, ruled))
        if best is None or score > best[0]:
            best = (score, end)
    if best is None or best[1] == ruled:
        return c
    end_at = tokens.ends[best[1] - 1]
    return replace(c, end=end_at, name=(c.name[0], end_at))
