"""What a sum is for: the words that govern it decide, then the sums around it.

First each sum looks for a governing phrase of ``roles.toml`` in its clause. A sum without one takes the role of
the sum that it stands in line with, is a part of, or repeats. ``docs/money.md`` tells the order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rules.layout import Layout, Span
from rules.money.clauses import ASIDE, Clause, clauses
from rules.money.cues import Cue, find_cues
from rules.money.governing import governing
from rules.money.mention import Amount

_SURE = 0.9  # a verdict of at most this rank stands; the others give way to a sure one on the same sum
_TWIN = 1.8  # what a sum printed a second time may inherit from the first
_INHERITED = 0.3
_WEAK_TOTALS = frozenset({"total.cost", "total.spent", "total.named", "total.worth"})
# what money of a named source is where the sum before it has this role
_PART_OF = {
    "total": "support",
    "support": "support",
    "counterpart": "support",
    "loan": "support",
    "other": "support",
    "disbursed": "disbursed",
    "revenue": "revenue",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known about one sum: its role, by which rule, how firmly (0 is firmest), and from which words."""

    role: str
    rule: str
    rank: float
    evidence: Span | None = None


def assign_roles(layout: Layout, amounts: Sequence[Amount]) -> list[Amount]:
    """Set ``role``, ``rule`` and ``evidence`` of each amount; ``amounts`` in text order, as ``find`` gives them.

    The rule becomes ``figure_rule+role.rule``. Amounts stay as they are otherwise, and in order.
    """
    judge = _Judge(amounts)
    for clause in clauses(layout, amounts):
        judge.read(clause)
    return [
        replace(amount, role=v.role, rule=f"{amount.rule}+role.{v.rule}", evidence=v.evidence)
        for amount, v in zip(amounts, judge.settled(), strict=True)
    ]


class _Judge:
    """Goes through the clauses of one report and keeps what later sums inherit."""

    def __init__(self, amounts: Sequence[Amount]) -> None:
        self.amounts = amounts
        self.verdicts: list[Verdict | None] = [None] * len(amounts)
        self.paragraph = -1
        self.last: Verdict | None = None  # the last open sum of the paragraph
        self.heirs: dict[int, Verdict] = {}  # sums without governing words, and what the paragraph would give them
        self.aside: Verdict | None = None  # what the report says its brackets hold

    def read(self, clause: Clause) -> None:
        """Judge the sums of one sentence."""
        if clause.paragraph != self.paragraph:
            self.paragraph, self.last, self.aside = clause.paragraph, None, None
        cues = list(find_cues(clause.words, 0, max(clause.sums), "before"))
        self._announce(clause, cues)
        open_sum: Verdict | None = None
        bracketed: Verdict | None = None
        broken = False
        for at, indices in clause.sums.items():
            inside = clause.bracket[at] > 0
            broken = broken or _breaks_down(clause, at)
            frame = open_sum or self.last
            verdict = self._by_words(clause, at, cues, frame, broken)
            if inside and (verdict is None or verdict.rank >= 1.5):
                verdict = self._by_bracket(clause, at, open_sum, bracketed) or verdict
            if verdict is None and open_sum is not None:
                verdict = _in_line(open_sum, broken)
            if verdict is None and broken and self.last is not None:
                verdict = _in_line(self.last, broken)
            for index in indices:
                self.verdicts[index] = verdict
            if inside:
                bracketed = verdict or bracketed
            else:
                open_sum = verdict or open_sum
            if verdict is None and self.last is not None:
                self.heirs.update(dict.fromkeys(indices, self.last))
        self.last = open_sum or self.last

    def _announce(self, clause: Clause, cues: list[Cue]) -> None:
        for cue in cues:
            if clause.bracket[cue.first] == ASIDE and cue.rule.role not in ("none", "same", "part"):
                self.aside = Verdict(
                    cue.rule.role, f"inherit.aside.{cue.rule.id}", 0.8, clause.span(cue.first, cue.last)
                )

    def _by_words(
        self, clause: Clause, at: int, cues: list[Cue], frame: Verdict | None, broken: bool
    ) -> Verdict | None:
        """The role that the governing words give."""
        best = governing(clause, at, cues)
        if best is None:
            return None
        role, rule = best.rule.role, best.rule.id
        if role == "part":
            role = _PART_OF.get(frame.role, "allocation") if frame else "allocation"
        elif role == "same":
            role = frame.role if frame else "total"
        elif broken and frame and rule in _WEAK_TOTALS:
            if frame.role != "total":
                return _inherit(frame, "inherit.part")
            if rule != "total.named":  # works under a counted group keep their own totals
                role, rule = "other", "other.component"
        return Verdict(role, rule, best.rank, clause.span(best.first, best.last))

    def _by_bracket(
        self, clause: Clause, at: int, open_sum: Verdict | None, bracketed: Verdict | None
    ) -> Verdict | None:
        """The role of a sum in a bracket that says nothing itself."""
        if clause.words[clause.opened[clause.bracket[at]] - 1] == "":  # right behind another sum
            currency = {self.amounts[i].currency for i in clause.sums[at]}
            before = clause.sums[clause.opened[clause.bracket[at]] - 1]
            if not currency & {self.amounts[i].currency for i in before}:
                return _inherit(open_sum, "inherit.equal") if open_sum else None
            heir = self.aside or bracketed or open_sum
        else:
            heir = bracketed
        return _inherit(heir, "inherit.bracket") if heir else None

    def settled(self) -> list[Verdict]:
        """All verdicts; unsure ones take the role of a sure one on the same sum, the rest that of the paragraph."""
        pairs = list(zip(self.amounts, self.verdicts, strict=True))
        known = sorted(((v.rank, i) for i, (_, v) in enumerate(pairs) if v and v.rank <= _TWIN))
        result: list[Verdict] = []
        for index, (amount, verdict) in enumerate(pairs):
            if verdict is None or verdict.rank > _SURE:
                limit = _SURE if verdict else _TWIN
                firm = [i for rank, i in known if rank <= limit and i != index]
                twin = next((i for i in firm if _same_sum(self.amounts[i], amount)), None)
                if twin is None and verdict is None:
                    twin = next((i for i in firm if _near(self.amounts[i], amount)), None)
                heir = self.verdicts[twin] if twin is not None else None
                if heir is not None:
                    verdict = _inherit(heir, "inherit.value")
                elif verdict is None and index in self.heirs:
                    verdict = _inherit(self.heirs[index], "inherit.paragraph")
            result.append(verdict or Verdict("other", "none", 9.0))
        return result


def _breaks_down(clause: Clause, at: int) -> bool:
    """Whether words before the sum say that it is a part ("trong đó", "gồm")."""
    for i in range(at - 1, -1, -1):
        word = clause.words[i]
        if word == "":
            return False
        if (word == "trong" and clause.words[i + 1] == "đó") or (word == "gồm" and i > 0):
            return True
    return False


def _in_line(before: Verdict, broken: bool) -> Verdict:
    if broken and before.role == "total":
        return Verdict("other", "inherit.component", before.rank + _INHERITED)
    return _inherit(before, "inherit.list")


def _inherit(verdict: Verdict, rule: str) -> Verdict:
    return Verdict(verdict.role, rule, verdict.rank + _INHERITED, verdict.evidence)


def _same_sum(a: Amount, b: Amount) -> bool:
    return a is not b and (a.currency, a.value, a.low if a.value is None else None) == (
        b.currency,
        b.value,
        b.low if b.value is None else None,
    )


def _near(a: Amount, b: Amount) -> bool:
    """Whether one of two sums rounds the other ("gần 39 tỷ đồng" in the headline for 38,8)."""
    if a is b or a.value is None or b.value is None or a.currency != b.currency:
        return False
    if a.qualifier == b.qualifier == "exact":
        return False
    return abs(a.value - b.value) * 20 <= max(abs(a.value), abs(b.value))
