"""What speaks for and against a group of mentions being an undertaking that the report tells of, as named features.

Pure: the same report gives the same features. A feature is a short word; what it weighs is in weights.tsv.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache

from rules.layout import Layout, Span
from rules.project.evidence import Facts
from rules.project.lexicon import words
from rules.project.lists import list_intro
from rules.project.mention import Candidate, HasSpan, sentence_around
from rules.project.tokens import Phrases, Tokens, phrases

_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_MEASURES = frozenset(words("grammar", "measures"))
_NEAR, _INSIDE = words("grammar", "near"), words("grammar", "inside")
_STOPS = frozenset(".!?…;")
_MONEY = dict.fromkeys(("total", "support", "counterpart", "allocation", "disbursed"), "cost") | {"loan": "loan"}


@cache
def _building() -> Phrases:
    return phrases("grammar", "building")


@cache
def _damage() -> Phrases:
    return phrases("grammar", "damage")


class Context:
    """What the features of one document are read from."""

    def __init__(self, layout: Layout, tokens: Tokens, amounts: Sequence[HasSpan], places: Sequence[HasSpan]) -> None:
        self.layout, self.tokens = layout, tokens
        self.sums = sorted((a.start, a.end, _MONEY.get(getattr(a, "role", ""), "no")) for a in amounts)
        self.sum_starts = [a[0] for a in self.sums]
        self.sum_set = frozenset(self.sum_starts)
        self.place_starts = sorted(p.start for p in places)
        self.facts = Facts(layout, amounts, places)
        self.starts: list[int] = []
        self._sentences: dict[int, Span] = {}
        self._said: dict[Span, tuple[int, bool]] = {}

    def sentence(self, at: int) -> Span:
        """The sentence at ``at``, as :func:`rules.project.mention.sentence_around` clips it."""
        found = self._sentences.get(at)
        if found is None:
            found = self._sentences[at] = sentence_around(self.layout, at)
        return found

    def said(self, first: int, last: int) -> tuple[int, bool]:
        """How many semicolons a sentence has, and whether a year is printed in it."""
        found = self._said.get((first, last))
        if found is None:
            inside = self.tokens.lower[self.tokens.at(first) : self.tokens.at(last)]
            found = self._said[first, last] = inside.count(";"), any(map(_YEAR.match, inside))
        return found

    def anchors(self, candidates: Sequence[Candidate]) -> None:
        """Tell the context of all candidates of the report, in text order."""
        self.outer = _outermost(candidates)
        self.starts = [c.start for c in self.outer]
        self.own = {c: self._own_sum(c, k) for k, c in enumerate(self.outer)}
        self.noun_costs: dict[str, int] = {}
        self.kind_costs = 0
        for c, role in self.own.items():
            if role == "cost":
                noun = self.noun(c)
                self.noun_costs[noun] = self.noun_costs.get(noun, 0) + 1
                self.kind_costs += c.form != "work"

    def noun(self, c: Candidate) -> str:
        """The first word of the name of ``c``, in lower case."""
        return self.tokens.lower[self.tokens.at(c.name[0] if c.name else c.start)]

    def _own_sum(self, c: Candidate, k: int) -> str:
        """The role of the sum that follows ``c`` before another candidate and in its item; "" where there is none."""
        i = bisect_left(self.sum_starts, c.end)
        last = self.sentence(c.start)[1]
        if k + 1 < len(self.starts):
            last = min(last, self.starts[k + 1])
        if i == len(self.sums) or self.sums[i][0] >= last:
            return ""
        stop = self.layout.text.find(";", c.end, self.sums[i][0])
        return self.sums[i][2] if stop < 0 else ""


def _group(c: Candidate) -> str:
    return "title" if c.rule == "project.work.quote" else c.form


def _outermost(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those that do not begin inside another, in text order."""
    kept: list[Candidate] = []
    for c in candidates:
        if c.form != "back" and (not kept or c.start >= kept[-1].end):
            kept.append(c)
    return kept


def _bucket(number: int, edges: Sequence[int]) -> str:
    for edge in edges:
        if number <= edge:
            return str(edge)
    return "more"


def describe(
    context: Context, members: Sequence[Candidate], best: Candidate, told: bool | None, also: frozenset[str]
) -> list[str]:
    """The features of the undertaking that ``members`` mention, ``best`` being the fullest mention.

    ``told``: the facts that its form needs stand with it (evidence.py); ``also``: the rules that propose its name too.
    """
    found = [f"told={told}", f"rule={best.rule}", f"form={best.form}", f"rule.told={best.rule}.{told}"]
    found += [f"also={rule}" for rule in sorted(also)]
    named = [m for m in members if m.form != "back"]
    found.append(f"mentions={_bucket(len(named), (1, 2, 3))}")
    found.append(f"backs={_bucket(len(members) - len(named), (0, 1))}")
    if best.cue:
        found.append(f"cue={best.cue}")
    found += _name(context, best)
    found += _around(context, best)
    money = [_money(context, m) for m in members]
    found += money[members.index(best)]
    found += sorted({f"any.{f}" for told in money for f in told if f.startswith(("sum.", "item."))})
    found += _place(context, best)
    found += _beside(context, members, best)
    return found


def _beside(context: Context, members: Sequence[Candidate], best: Candidate) -> list[str]:
    """What the other candidates of the report have, and which of them ``best`` lies in or holds."""
    group = _group(best)
    own = [context.own[m] for m in members if m in context.own]
    found = [f"own={max(own, default='inside')}", f"own.{group}={max(own, default='inside')}"]
    if best in context.own:
        found.append(f"own.best={context.own[best]}")
        found.append(f"own.rule={context.own[best]}.{best.rule}")
    noun = context.noun(best)
    others = context.noun_costs.get(noun, 0) - (max(own, default="") == "cost")
    found.append(f"alike={_bucket(others, (0, 1, 3))}.{group}")
    found.append(f"told.kinds={_bucket(context.kind_costs, (0, 1, 3))}.{group}")
    first, last = context.sentence(best.start)
    k, end = bisect_left(context.starts, first), bisect_left(context.starts, last)
    siblings = [c for c in context.outer[k:end] if c is not best]
    costs = sum(context.own[c] == "cost" for c in siblings)
    found.append(f"siblings={_bucket(len(siblings), (0, 1, 3, 6))}.{_bucket(costs, (0, 1, 3))}")
    same = [c for c in siblings if context.noun(c) == noun]
    found.append(f"same.siblings={_bucket(len(same), (0, 1, 3))}.{group}")
    if any(c.count and c.count > 1 and c.start < best.start for c in siblings):
        found.append(f"counted.before.{group}")
    k = bisect_right(context.starts, best.start) - 1
    if k >= 0 and context.outer[k] not in members and context.outer[k].end > best.start:
        found += [f"inside={context.outer[k].rule}", f"inside.{group}"]
    if any(m in context.own for m in members):
        found.append("outermost")
    if any(context.layout.title and m.start < context.layout.title[1] for m in members):
        found.append(f"any.headline.{group}")
    if any(context.layout.paragraph_at(m.start) == 1 for m in members):
        found.append(f"any.lead.{group}")
    opens = any(m.start <= context.sentence(m.start)[0] + 1 for m in members)
    found.append(f"any.opens={opens}.{group}")
    return found


def _name(context: Context, c: Candidate) -> list[str]:
    text, tokens = context.layout.text, context.tokens
    found = [f"kind={c.kind}"]
    if c.count is not None:
        found.append(f"count={_bucket(c.count, (1, 3, 9, 30, 100))}")
        found.append(f"count.spelt={not text[c.start].isdigit()}")
    if c.name is None:
        found.append("name=none")
        return found
    i, j = tokens.at(c.name[0]), tokens.at(c.name[1])
    size, initials = j - i, tokens.initials(i, j)
    capitals = sum(map(str.isupper, initials[1:]))
    found.append(f"size={_bucket(size, (1, 2, 3, 4, 6, 9, 14, 22))}.{c.form}")
    found.append(f"capitals={_bucket(capitals, (0, 1, 2, 4))}.{c.form}")
    found.append(f"first={tokens.lower[i]}")
    if size > 1:
        found.append(f"first2={tokens.lower[i]} {tokens.lower[i + 1]}")
        found.append(f"second={'Capital' if tokens.capital(i + 1) else tokens.lower[i + 1]}")
        found.append(f"last={tokens.lower[j - 1]}")
    found.append(f"title={text[c.name[0]].isupper()}.{c.form}")
    if any(map(str.isdecimal, initials)):
        found.append("digit")
    k = bisect_left(context.place_starts, c.name[0])
    if k < len(context.place_starts) and context.place_starts[k] < c.name[1]:
        found.append(f"place.inside.{c.form}")
        if context.place_starts[k] <= c.name[0] + 1:
            found.append("place.first")
    inside = frozenset(tokens.lower[i:j])
    found += [f"in={mark}" for mark in _INSIDE if mark in inside]
    return found


def _around(context: Context, c: Candidate) -> list[str]:
    """The words on both sides of a mention."""
    tokens, lower = context.tokens, context.tokens.lower
    first, last = context.sentence(c.start)
    i, j = tokens.at(c.start), tokens.at(c.end)
    before = [lower[k] if tokens.starts[k] >= first else "^" for k in range(max(0, i - 3), i)]
    after = [lower[k] if tokens.starts[k] < last else "$" for k in range(j, min(len(lower), j + 3))]
    before = ["^"] * (3 - len(before)) + ["#" if b[0].isdigit() else b for b in before]
    after = ["#" if a[0].isdigit() else a for a in after] + ["$"] * (3 - len(after))
    group = _group(c)
    found = [f"l1={before[2]}", f"l2={before[1]} {before[2]}", f"r1={after[0]}", f"r2={after[0]} {after[1]}"]
    found += [f"l1.{group}={before[2]}", f"r1.{group}={after[0]}", f"l3={before[0]}", f"r3={after[2]}"]
    if i and tokens.starts[i - 1] >= first and tokens.capital(i - 1):
        found.append("l1.capital")
    near = lower[max(tokens.at(first), i - 3) : i]
    found += [f"near={word}" for word in _NEAR if word in near]
    for k in range(j, min(j + 7, len(lower))):
        if tokens.starts[k] >= last or lower[k] in _STOPS:
            break
        found.append(f"follow={'#' if lower[k][0].isdigit() else lower[k]}")
    found += _verbs(tokens, i, j, tokens.at(first), group)
    return found


def _verbs(tokens: Tokens, i: int, j: int, first: int, group: str) -> list[str]:
    """Verbs of building and of loss, and measures, near the mention at tokens [i, j)."""
    lower, found = tokens.lower, []
    building, damage = _building(), _damage()
    if size := building.ends_at(lower, i):
        found += ["built=" + " ".join(lower[i - size : i]), f"built.{group}"]
    if building.begins_in(lower, max(first, i - 8), i):
        found.append("built.near")
    if damage.begins_in(lower, max(first, i - 4), j + 3):
        found.append("damage")
    if not _MEASURES.isdisjoint(lower[j + 1 : j + 14]) and any(
        lower[k] in _MEASURES and lower[k - 1][0].isdigit() for k in range(j + 1, min(j + 14, len(lower)))
    ):
        found.append("measure")
    return found


def _money(context: Context, c: Candidate) -> list[str]:
    """How the sums nearest to a mention stand to it."""
    layout, tokens = context.layout, context.tokens
    first, last = context.sentence(c.start)
    found = []
    k = bisect_left(context.sum_starts, c.end)
    j = tokens.at(c.end)
    if k < len(context.sums) and context.sums[k][0] < last:
        at, _, role = context.sums[k]
        between = tokens.lower[j : tokens.at(at)]
        distance = _bucket(len(between), (0, 2, 4, 7, 12, 20))
        others = bisect_left(context.starts, at) - bisect_right(context.starts, c.end)
        stop = ";" in between or "." in between
        found.append(f"sum.after={distance}.{role}")
        found.append(f"sum.after.{'apart' if stop else 'with'}.{_bucket(others, (0, 1))}.{role}")
        found.append(f"sum.after.{c.form}.{distance}")
        if not stop and not others:
            found += sorted({f"cost={w}" for w in between if w[0].isalpha()})[:8]
    else:
        found.append("sum.after=none")
        i = layout.sentence_at(c.start) + 1
        of = layout.sentence_paragraph
        if i < len(of) and of[i] == of[i - 1]:
            span = layout.sentences[i]
            if k < len(context.sums) and context.sums[k][0] < span[1]:
                found.append("sum.next")
                found.append("sum.next.first=" + tokens.lower[min(tokens.at(span[0]), len(tokens.lower) - 1)])
    if k and context.sums[k - 1][0] >= first:
        at = context.sums[k - 1][1]
        between = tokens.lower[tokens.at(at) : tokens.at(c.start)]
        found.append(f"sum.before={_bucket(len(between), (1, 3, 6, 12))}.{context.sums[k - 1][2]}")
        if len(between) < 7:
            found += sorted({f"paid={w}" for w in between if w[0].isalpha()})
    else:
        found.append("sum.before=none")
    return found


def _place(context: Context, c: Candidate) -> list[str]:
    """Where in the report the mention stands."""
    layout = context.layout
    first, last = context.sentence(c.start)
    found = []
    paragraph = layout.paragraph_at(c.start)
    if layout.title and layout.title[0] <= c.start < layout.title[1]:
        found.append("headline")
    found.append(f"paragraph={_bucket(paragraph, (0, 1, 2, 5))}")
    if c.start <= first + 1:
        found.append(f"opens.{c.form}")
    if layout.paragraphs[paragraph][0] >= c.start - 4:
        found.append("line")
    if list_intro(layout, c.start):
        found.append("list")
    inside = bisect_left(context.starts, last) - bisect_left(context.starts, first)
    found.append(f"beside={_bucket(inside, (1, 2, 3, 5, 8))}")
    semicolons, dated = context.said(first, last)
    found.append(f"items={_bucket(semicolons, (0, 1, 3))}")
    sums = bisect_left(context.sum_starts, last) - bisect_left(context.sum_starts, first)
    found.append(f"sums={_bucket(sums, (0, 1, 2, 4))}")
    k = bisect_left(context.place_starts, first)
    if k < len(context.place_starts) and context.place_starts[k] < last:
        found.append("place")
    k = bisect_left(context.place_starts, c.end)
    if k < len(context.place_starts) and context.place_starts[k] < min(last, c.end + 30):
        found.append("place.after")
    if dated:
        found.append("year")
    quotes = layout.text.count("“", max(0, first - 400), c.start) - layout.text.count("”", max(0, first - 400), c.start)
    if quotes > 0 and c.form != "quoted":
        found.append("speech")
    found.append(f"report.sums={_bucket(len(context.sums), (0, 2, 6, 15))}")
    return found
