"""What a sum is for: the governing words near it decide, in the order of ``roles.toml``."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from rules.layout import Layout, Span
from rules.money.figures import fold
from rules.money.lexicon import alternation, load
from rules.money.mention import Amount


class Rule(NamedTuple):
    """One entry of ``roles.toml``."""

    id: str
    role: str
    weak: bool


class Cue(NamedTuple):
    """Governing words found in the text."""

    start: int
    end: int
    rule: Rule


@cache
def _rules() -> tuple[re.Pattern[str], dict[str, Rule]]:
    by_phrase: dict[str, Rule] = {}
    for entry in load("roles.toml")["rule"]:
        rule = Rule(entry["id"], entry["role"], entry.get("weak", False))
        for phrase in entry["phrases"]:
            by_phrase.setdefault(phrase, rule)
    return re.compile(rf"(?<!\w)(?:{alternation(by_phrase)})(?!\w)"), by_phrase


def assign_roles(layout: Layout, amounts: Sequence[Amount]) -> list[Amount]:
    """Set the role of each amount (in text order) from the words of its sentence."""
    low = fold(layout.text)
    done: list[Amount] = []
    for i, amount in enumerate(amounts):
        sentence = layout.sentences[layout.sentence_at(amount.start)] if layout.sentences else (0, len(low))
        left = max(sentence[0], amounts[i - 1].end if i and amounts[i - 1].end <= amount.start else 0)
        right = min(sentence[1], amounts[i + 1].start if i + 1 < len(amounts) else len(low))
        cue = _governing(low, (left, amount.start), (amount.end, max(right, amount.end)))
        if cue is None and i and amounts[i - 1].end > sentence[0]:
            before = done[-1]
            done.append(replace(amount, role=before.role, rule=f"{amount.rule}+role.inherit", evidence=before.evidence))
        elif cue is None:
            done.append(replace(amount, rule=f"{amount.rule}+role.none"))
        else:
            rule = cue.rule
            done.append(
                replace(
                    amount,
                    role=rule.role,
                    rule=f"{amount.rule}+role.{rule.id}",
                    evidence=(cue.start, cue.end),
                )
            )
    return done


def _governing(low: str, left: Span, right: Span) -> Cue | None:
    before = _cues(low, left)
    after = _cues(low, (right[0], min(right[1], right[0] + 60)))
    for weak in (False, True):
        near = [c for c in before if c.rule.weak is weak]
        if near:
            return near[-1]
        near = [c for c in after if c.rule.weak is weak]
        if near:
            return near[0]
    return None


def _cues(low: str, span: Span) -> list[Cue]:
    pattern, by_phrase = _rules()
    found = pattern.finditer(low, *span)
    return [Cue(m.start(), m.end(), by_phrase[re.sub(r"\s+", " ", m[0])]) for m in found]
