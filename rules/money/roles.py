"""What a sum is for: the words that govern it decide, then the sums around it.

First each sum looks for a governing phrase of ``roles.toml`` in its clause. A sum without one takes the role of
the sum that it stands in line with, is a part of, or repeats. ``docs/money.md`` tells the order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import accumulate

from rules.layout import Layout, Span
from rules.money.clauses import ASIDE, Clause, clauses
from rules.money.cues import Cue, Rule, denied, find_cues
from rules.money.governing import Governing, governing, is_of_one, is_per_recipient
from rules.money.heads import asides, list_heads, list_items
from rules.money.idioms import (
    donates,
    is_per_head,
    is_phase,
    is_phase_of,
    is_subset,
    names_receiver,
    names_undertaking,
    reaches_people,
)
from rules.money.mention import ROLES, Amount
from rules.money.reading import (
    breaks_down,
    continues,
    follows_phase,
    gives_each,
    is_share,
    labels_works,
    list_mark,
    names_own,
    needs_yearly,
    tells_of_year,
    works_before,
)
from rules.money.verdict import Value, Verdict, in_line, inherit, is_telling, near, value

_HOUSEHOLD = Decimal(1_000_000)  # what less is paid for is no undertaking
_SURE = 0.9  # a verdict of at most this rank stands; the others give way to a sure one on the same sum
_TWIN = 1.8  # what a sum printed a second time may inherit from the first
_LAST = 6.0
_VAGUE = 1.5  # words beyond a comma do not govern a sum in a bracket where its neighbours do
_SOURCE_NEAR = 4  # words from "vốn" to the sum, with the name of the source between
_LOOK_FOR = 40  # so many sure sums are compared with a rounded one of the headline
_UNSURE = frozenset({"total.cost", "total.spent", "total.named", "total.worth", "support.got", "own.paid"})
# "mô hình A được 120 triệu đồng, mô hình B 90 triệu đồng": the second is no cost either
_SHARED_OUT = frozenset({"support", "allocation", "loan", "disbursed"})
_WHOLE_REACH = 12  # so many sums before a list may be its whole
_WEAK_ITEMS = frozenset({"total.named", "total.cost", "total.spent", "total.works", "part.source", "total.whole"})
_HANDED_OUT = frozenset({"allocation.set_aside", "allocation.spend"})
_HEREDITARY = frozenset({"total", "loan", "allocation"})  # roles that a report keeps to through a paragraph
_STATE = frozenset({"part.source", "support.borne", "support.invested"})
# "giải ngân 21/35 tỷ đồng", "hỗ trợ 500/800 triệu đồng": what the second figure is
_OUT_OF = {"disbursed": "allocation", "support": "total"}
_COSTS = frozenset({"total.cost", "total.spent", "total.worth"})
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


def assign_roles(layout: Layout, amounts: Sequence[Amount]) -> list[Amount]:
    """Set ``role``, ``rule`` and ``evidence`` of each amount; ``amounts`` in text order, as ``find`` gives them.

    The rule becomes ``figure_rule+role.rule``. Amounts stay as they are otherwise, and in order.
    """
    heads = list_heads(layout, amounts)
    judge = _Judge(amounts, heads, asides(layout, heads), layout.title[1] if layout.title else 0)
    for clause in clauses(layout, amounts):
        judge.read(clause)
    judge.add_up(list_items(layout, amounts))
    judge.add_up(judge.runs())
    return [
        replace(amount, role=v.role, rule=f"{amount.rule}+role.{v.rule}", evidence=v.evidence)
        for amount, v in zip(amounts, judge.settled(), strict=True)
    ]


@dataclass(slots=True)
class _Line:
    """What the sums of one sentence have said so far."""

    open: Verdict | None = None  # of the last sum outside of brackets
    bracketed: Verdict | None = None
    taken: int = -1  # the last word that governs a sum before it
    item: Verdict | None = None  # of the first sum of the item of a list
    item_broken: set[int] = field(default_factory=set)  # and what ``broken`` was there
    works: bool = False  # whether the items of the list are works with their own costs
    listed: bool = False  # whether a colon opens a list
    broken: set[int] = field(default_factory=set)  # brackets (0 for none) in which a "trong đó" has been said


class _Judge:
    """Goes through the clauses of one report and keeps what later sums inherit."""

    def __init__(
        self,
        amounts: Sequence[Amount],
        heads: dict[int, tuple[Rule, Span]],
        asides: dict[int, tuple[Rule, Span]],
        headline: int,
    ) -> None:
        self.amounts = amounts
        self.headline = headline  # where it ends
        self.heads = {p: Verdict(rule.role, f"head.{rule.id}", 0.6, span) for p, (rule, span) in heads.items()}
        self.asides = {p: Verdict(rule.role, f"head.{rule.id}", 0.8, span) for p, (rule, span) in asides.items()}
        self.verdicts: list[Verdict | None] = [None] * len(amounts)
        self.paragraph = -1
        self.last: Verdict | None = None  # the last open sum of the paragraph
        self.earlier: Verdict | None = None  # the last open sum of the paragraphs before
        self.former: int | None = None  # the last sum of the paragraphs before
        self.heir: int | None = None  # the sum from which a later one of the paragraph would inherit
        self.heirs: dict[int, int] = {}  # sums without governing words, and the sum before each in its paragraph
        self.fallbacks: dict[int, Verdict] = {}  # what a sum is where nothing else tells
        self.granted: Verdict | None = None  # the last support
        self.whole: Verdict | None = None  # the last total of the paragraph
        self.aside: Verdict | None = None  # what the report says its brackets hold

    def read(self, clause: Clause) -> None:
        """Judge the sums of one sentence."""
        if clause.paragraph != self.paragraph:
            self.paragraph, self.earlier = clause.paragraph, self.last or self.earlier
            self.former = self.heir if self.heir is not None else self.former
            self.last = self.heir = self.whole = None
            self.aside = self.asides.get(clause.paragraph)
        goes_on = continues(clause)
        if goes_on:
            self.last = self.last or self.earlier
            if self.last is not None and self.last.role == "counterpart":
                self.last = self.granted or self.last  # the receivers are told with what they get
        cues = {cue.last: cue for cue in find_cues(clause.words, 0, len(clause.words), "before")}
        cues = {last: cue for last, cue in cues.items() if not denied(clause.words, cue.rule)}
        self._announce(clause, cues)
        line = _Line(self.heads.get(clause.paragraph))
        if goes_on and self.last is not None and self.last.role != "total":
            line.broken.add(0)
        for at, indices in clause.sums.items():
            verdict = self._judge(clause, at, cues, line)
            for index in indices:
                self.verdicts[index] = verdict
            if verdict is not None and verdict.role in _OUT_OF and self._is_fraction(indices):
                self.verdicts[indices[1]] = replace(verdict, role=_OUT_OF[verdict.role], rule="inherit.out_of")
            heir = self.heir if self.heir is not None else self.former
            if verdict is None and heir is not None and not (self.heir is None and indices[0] in self.fallbacks):
                self.heirs.update(dict.fromkeys(indices, heir))
            if clause.bracket[at] <= 0 or self.heir is None:
                self.heir = indices[0]
        self.last = line.open or self.last

    def _is_fraction(self, indices: list[int]) -> bool:
        """Whether two sums share one unit over a slash: "500/800 triệu đồng"."""
        return len(indices) == 2 and "/" in self.amounts[indices[0]].text

    def _judge(self, clause: Clause, at: int, cues: dict[int, Cue], line: _Line) -> Verdict | None:
        """The role of one sum, by its own words, else by the sums that it stands in line with."""
        level = clause.bracket[at]
        mark = list_mark(clause, at) if level <= 0 else ""
        starts = mark != "" or line.item is None
        line.listed = line.listed or mark == ":"
        if (
            mark == ";" and line.item is not None and (line.listed or names_own(clause, at))
        ):  # the next item stands in line with the first sum of this one
            line.open, line.broken = line.item, set(line.item_broken)
            line.works = line.listed and line.item.role == "total"
        if breaks_down(clause, at):
            line.broken.add(level)
        verdict = self._by_words(clause, at, cues, line)
        if level > 0 and (verdict is None or verdict.rank >= _VAGUE):
            verdict = self._by_bracket(clause, at, line) or verdict
        if verdict is None and line.open is not None:
            verdict = in_line(line.open, level in line.broken and not line.works)
            if verdict.role == "revenue" and is_of_one(clause, at):
                verdict = Verdict("price", "price.wage", verdict.rank, verdict.evidence)
        if verdict is None and level in line.broken and self.last is not None:
            verdict = in_line(self.last, True)
        if verdict is None and level > 0 and labels_works(clause, at, cues):
            verdict = Verdict("total", "total.works", _TWIN, clause.spans[at - 1])
        if verdict is None and level <= 0:
            self._fall_back(clause, at, cues)
        if level > 0:
            line.bracketed = verdict or line.bracketed
        else:
            line.open = verdict or line.open
            self.whole = verdict if verdict is not None and verdict.role == "total" else self.whole
            self.granted = verdict if verdict is not None and verdict.role == "support" else self.granted
            if starts:
                line.item, line.item_broken = verdict, set(line.broken)
        return verdict

    def _fall_back(self, clause: Clause, at: int, cues: dict[int, Cue]) -> None:
        """Note what the sum is where nothing else tells: the cost of works, or what each receiver gets."""
        if (granted := self.granted) is not None and gives_each(clause, at):
            fallback = Verdict("support", "inherit.each", _LAST, granted.evidence)
        elif (works := works_before(clause, at, cues)) is not None:
            fallback = Verdict("total", "total.works", _LAST, clause.span(works.first, works.last))
        else:
            return
        for index in clause.sums[at]:
            self.fallbacks.setdefault(index, fallback)

    def _announce(self, clause: Clause, cues: dict[int, Cue]) -> None:
        """Note what the report says its brackets hold ("trong ngoặc là phần hỗ trợ")."""
        for cue in cues.values():
            if clause.bracket[cue.first] == ASIDE and cue.rule.role in ROLES:
                self.aside = Verdict(
                    cue.rule.role, f"inherit.aside.{cue.rule.id}", 0.8, clause.span(cue.first, cue.last)
                )

    def _by_words(self, clause: Clause, at: int, cues: dict[int, Cue], line: _Line) -> Verdict | None:
        """The role that the governing words give."""
        frame = line.open or self.last
        broken = clause.bracket[at] in line.broken
        for best in governing(clause, at, cues, line.taken):
            line.taken = best.last if best.first > at else line.taken
            if best.rank >= _LAST:
                fallback = Verdict(best.rule.role, best.rule.id, best.rank, clause.span(best.first, best.last))
                self.fallbacks.update(dict.fromkeys(clause.sums[at], fallback))
                break
            role, rule = best.rule.role, best.rule.id
            if role == "same":
                frame = frame or (self.earlier if rule == "same.level" else None)
                if frame is None or is_share(clause, best.first):
                    continue
                if rule == "same.level" and frame.role not in ("support", "loan"):
                    continue
                role = frame.role
            elif role == "part":
                granted = (
                    clause.words[at - 1] == "cho"
                    or names_undertaking(clause, 0, min(at, 60))
                    or is_per_recipient(clause, at)
                )
                alone = "support" if granted else "allocation"
                role = _PART_OF.get(frame.role, alone) if frame and not is_per_recipient(clause, at) else alone
            elif role == "pool":
                role = "total" if names_undertaking(clause, 0, min(at, 60)) else "allocation"
            elif rule in _HANDED_OUT and (reaches_people(clause, at) or _is_granted(clause, best, at)):
                role, rule = "support", "support.to_people"
            elif role == "own":
                supported = any(cue.rule.role == "support" for cue in cues.values())
                supported = supported or (frame is not None and frame.role in ("support", "counterpart"))
                small = all((self.amounts[i].high or _HOUSEHOLD) < _HOUSEHOLD for i in clause.sums[at])
                role = "counterpart" if supported else "other" if broken or small else "total"
            elif rule == "total.whole" and broken and is_subset(clause, best.first):
                role, rule = "other", "other.subset"
            elif role == "total" and broken and (frame is None or frame.role != "other"):
                own = line.works or (self.whole is not None and names_own(clause, best.first))
                if frame and frame.role != "total" and clause.words[best.first] != "tổng" and not own:
                    return inherit(frame, "inherit.part")
                if rule == "total.cost" and clause.words[best.first] == "vốn" and 1 < best.distance <= _SOURCE_NEAR:
                    role, rule = "support", "support.source"  # "trong đó vốn OCOP 150 triệu đồng"
                elif rule == "total.cost" and clause.words[best.first : best.last + 1] == ["đầu", "tư"]:
                    role, rule = "support", "support.invested"  # "trong đó Hải Phòng đầu tư 182 tỷ đồng"
                elif rule in _COSTS and not own:  # works under a counted group keep their own totals
                    role, rule = "other", "other.component"
            elif (rule in _COSTS and tells_of_year(clause)) or (
                rule == "total.spent"
                and frame is not None
                and frame.role == "total"
                and needs_yearly(clause, best.first)
            ):
                role, rule = "other", "other.year"
            elif rule == "total.spent" and frame is not None and frame.role == "revenue":
                role, rule = "other", "other.spent"  # "thu 1,6 tỷ đồng, chi 900 triệu đồng"
            elif line.open is not None and line.open.role in _SHARED_OUT and _is_purpose(best, at):
                return inherit(line.open, "inherit.list")
            elif rule == "counterpart.own" and donates(clause, best.first):
                role, rule = "support", "support.donor"
            elif (
                rule == "price.wage" and line.open is not None and line.open.role == "loan" and is_per_head(clause, at)
            ):
                return inherit(line.open, "inherit.each")  # "62 tỷ đồng cho vay, bình quân 50 triệu đồng/người"
            elif rule == "total.whole" and frame is not None and frame.role == "total" and is_phase_of(clause, at):
                role, rule = "other", "other.phase"
            return Verdict(role, rule, best.rank, clause.span(best.first, best.last))
        before = line.bracketed if clause.bracket[at] > 0 and line.bracketed else frame
        if before is not None and before.rule in _STATE and names_receiver(clause, at):
            return Verdict("counterpart", "own.payer", 0.9, clause.spans[at - 1])
        if frame is not None and frame.role == "total" and is_phase(clause, at) and not follows_phase(clause, at):
            return Verdict("other", "other.phase", 0.9, clause.spans[at - 1])
        return None

    def _by_bracket(self, clause: Clause, at: int, line: _Line) -> Verdict | None:
        """The role of a sum in a bracket that says nothing itself."""
        opened = clause.opened[clause.bracket[at]]
        if opened == 0 or clause.words[opened - 1] != "":
            return inherit(line.bracketed, "inherit.bracket") if line.bracketed else None
        here, before = self.amounts[clause.sums[at][0]], self.amounts[clause.sums[opened - 1][0]]
        if here.currency != before.currency or near(here, before):  # the same in another currency, or rounded
            return inherit(line.open, "inherit.equal") if line.open else None
        heir = self.aside or line.bracketed or line.open
        return inherit(heir, "inherit.bracket") if heir else None

    def add_up(self, lists: list[list[int]]) -> None:
        """Items of a list that add up to a sum before it are parts of that sum and have its role."""
        for items in lists:
            parts = [self.amounts[i].value or Decimal(0) for i in items]
            whole = self._whole_of(items[0], set(accumulate(parts[1:], initial=parts[0])) - {parts[0]})
            if whole is None or (role := self.verdicts[whole]) is None or role.role not in _SHARED_OUT:
                continue
            left = self.amounts[whole].value or Decimal(0)
            consumed = [
                i for i, before in zip(items, accumulate(parts, initial=Decimal(0)), strict=False) if before < left
            ]
            if all(self._may_be(i, role.role) for i in consumed):
                for i in consumed:
                    self.verdicts[i] = inherit(role, "inherit.sum")

    def _may_be(self, index: int, role: str) -> bool:
        """Whether nothing firm is known about a sum but perhaps this role."""
        verdict = self.verdicts[index]
        return verdict is None or verdict.role == role or verdict.rule in _WEAK_ITEMS or "inherit" in verdict.rule

    def runs(self) -> list[list[int]]:
        """Neighbouring sums that add up to the sum before them."""
        found: list[list[int]] = []
        for whole, amount in enumerate(self.amounts):
            items: list[int] = []
            left = total = amount.value or Decimal(0)
            for i in range(whole + 1, min(whole + _WHOLE_REACH, len(self.amounts))):
                part = self.amounts[i].value
                if part is None or part >= total or left <= 0:
                    break
                left -= part
                items.append(i)
                if left == 0 and len(items) > 1:
                    found.append(items)
        return found

    def _whole_of(self, first: int, sums: set[Decimal]) -> int | None:
        """The nearest sum before amount ``first`` that has one of the values ``sums``."""
        return next(
            (i for i in range(first - 1, max(first - _WHOLE_REACH, -1), -1) if self.amounts[i].value in sums), None
        )

    def settled(self) -> list[Verdict]:
        """All verdicts; unsure ones take the role of a sure one on the same sum, the rest that of the paragraph."""
        known = sorted((v.rank, i) for i, v in enumerate(self.verdicts) if v and v.rank <= _TWIN)
        twins: dict[Value, int] = {}
        for _, i in known:
            twins.setdefault(value(self.amounts[i]), i)
        firmest = [i for _, i in known[:_LOOK_FOR]]
        result: list[Verdict] = []
        for index, (amount, verdict) in enumerate(zip(self.amounts, self.verdicts, strict=True)):
            if verdict is None or verdict.rank > _SURE:
                twin = twins.get(value(amount))
                rounds = amount.start < self.headline and verdict is not None and verdict.rule in _UNSURE
                if (twin is None and verdict is None) or (twin in (None, index) and rounds):
                    twin = next((i for i in firmest if near(self.amounts[i], amount)), None)
                heir = self.verdicts[twin] if twin is not None and twin != index else None
                unsure = verdict is not None and verdict.rule in _UNSURE and is_telling(amount)
                if heir is not None and (verdict is None or (heir.rank <= _SURE and unsure)):
                    verdict = inherit(heir, "inherit.value")
                elif verdict is None and index in self.heirs:
                    heir = result[self.heirs[index]]
                    verdict = inherit(heir, "inherit.paragraph") if heir.role in _HEREDITARY else None
            result.append(verdict or self.fallbacks.get(index) or Verdict("other", "none", 9.0))
        return result


def _is_granted(clause: Clause, best: Governing, at: int) -> bool:
    """Whether undertakings get the sum: "chọn 6 đề án, cấp 1 tỷ đồng", "cấp 60 triệu đồng để làm mô hình"."""
    return clause.words[best.first] == "cấp" and (
        names_undertaking(clause, 0, min(at, 60)) or names_undertaking(clause, at, min(at + 16, len(clause.words)))
    )


def _is_purpose(best: Governing, at: int) -> bool:
    """Whether the words name what the sum at word ``at`` pays for ("xã B 1 tỷ đồng làm đường"), not what it is."""
    return best.rule.id in ("total.named", "total.works") or (best.rule.id == "total.cost" and best.first > at)
