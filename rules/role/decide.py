"""Which role each sum has: the weights decide from left to right, each sum with the roles of those before it."""

from collections.abc import Sequence
from dataclasses import replace

from rules.decide import Decision, Model, load
from rules.layout import Layout, Span
from rules.money.mention import ROLES, Amount
from rules.role.describe import Spot, describe
from rules.role.neighbours import Related, relate, role_features

Features = list[tuple[Related, list[str]]]
"""For each sum of a report its relations and its own features."""


def features_of(layout: Layout, amounts: Sequence[Amount]) -> tuple[list[Spot], Features]:
    """What the weights see of the sums of one report, but for the roles of other sums."""
    described = describe(layout, amounts)
    related = relate(layout, described)
    return [spot for spot, _ in described], [(r, f) for r, (_, f) in zip(related, described, strict=True)]


def decide(model: Model, features: Features) -> list[Decision]:
    """Decide the sums of one report in text order."""
    decisions: list[Decision] = []
    roles: list[str | None] = []
    for related, own in features:
        if related.repeats and decisions:  # a bracket with the same sum once more
            decision = decisions[-1]
        else:
            decision = model.decide([*own, *role_features(related, roles)])
        decisions.append(decision)
        roles.append(decision.choice)
    return decisions


def assign_roles(layout: Layout, amounts: Sequence[Amount]) -> list[Amount]:
    """Set ``role``, ``rule``, ``evidence`` and ``margin`` of each amount; ``amounts`` in text order, as ``find`` gives.

    The rule becomes ``figure_rule+role.rule``. Amounts stay as they are otherwise, and in order.
    """
    if not amounts:
        return []
    spots, features = features_of(layout, amounts)
    decided = []
    for amount, spot, decision in zip(amounts, spots, decide(model(), features), strict=True):
        rule, evidence = _phrase(spot, decision.choice)
        decided.append(
            replace(
                amount,
                role=decision.choice,
                rule=f"{amount.rule}+role.{rule}",
                evidence=evidence,
                margin=decision.margin,
            )
        )
    return decided


def reasons(layout: Layout, amounts: Sequence[Amount]) -> list[list[tuple[str, int]]]:
    """For each amount (with its role) the features that spoke most for the role, and the one most against it."""
    if not amounts:
        return []
    _, features = features_of(layout, amounts)
    roles = [amount.role for amount in amounts]
    return [
        model().reasons([*own, *role_features(related, roles)], role)
        for (related, own), role in zip(features, roles, strict=True)
    ]


def model() -> Model:
    """The weights at work."""
    return load("rules.role", ROLES)


def _phrase(spot: Spot, role: str) -> tuple[str, Span | None]:
    """The rule of the nearest phrase that proposes the role, with where it stands."""
    near = [found.cue for found in spot.cues]
    if spot.behind is not None:
        near.insert(1 if near and near[0].rule.role == role else 0, spot.behind)
    for cue in near:
        if cue.rule.role == role:
            return cue.rule.id, spot.clause.span(cue.first, cue.last)
    return f"{role}.surroundings", None
