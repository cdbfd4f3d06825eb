"""Examples for what a sum is for: the sums that the rules find in annotated reports, with their gold roles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.text.segment import segment
from pipeline.train.annotated import Annotated, cases_of
from pipeline.train.linear import Example, Learn, folds
from rules import money
from rules.decide import Decision, Model
from rules.language.lists import read
from rules.money import ROLES
from rules.role.decide import decide as decide_sums
from rules.role.decide import features_of
from rules.role.neighbours import Related, role_features


@dataclass(frozen=True, slots=True)
class SumExample(Example):
    """One sum. ``features`` count the gold roles of other sums, ``own`` are those without."""

    own: tuple[str, ...] = ()
    related: Related | None = None


def examples(document: Annotated) -> list[Example]:
    """One for each sum found, in text order; the choice is "" for a sum that gold does not have."""
    amounts = money.find(document.layout.text)
    gold = [str(fact["role"]) if fact else None for fact in document.pair_amounts(amounts)]
    _, features = features_of(document.layout, amounts) if amounts else ([], [])
    return [
        SumExample((*own, *role_features(related, gold)), role or "", document.name, amount.text, tuple(own), related)
        for amount, (related, own), role in zip(amounts, features, gold, strict=True)
    ]


def decide(model: Model, sums: Sequence[Example]) -> list[Decision]:
    """Decide the sums of one document as the rules do."""
    return decide_sums(model, [(s.related, list(s.own)) for s in sums if isinstance(s, SumExample) and s.related])


def again(sums: Sequence[Example], learn: Learn) -> list[Example]:
    """Each sum once more, with the roles of the others as weights decide them that never saw the document.

    With gold roles alone the weights would trust the sums before more than decided roles deserve.
    """
    documents: dict[str, list[SumExample]] = {}
    for one in sums:
        if isinstance(one, SumExample):
            documents.setdefault(one.document, []).append(one)
    fold = folds(list(documents))
    found: list[Example] = []
    for held in sorted(set(fold.values())):
        model = learn([one for one in sums if fold[one.document] != held])
        for name, own in documents.items():
            if fold[name] == held:
                found += _with_roles(own, [decision.choice for decision in decide(model, own)])
    return found


def _with_roles(sums: Sequence[SumExample], roles: Sequence[str]) -> list[SumExample]:
    """The sums of one document, with these roles of the others."""
    return [
        replace(one, features=(*one.own, *role_features(one.related, roles))) for one in sums if one.related is not None
    ]


def cases() -> list[Annotated]:
    """Short documents: the test cases of roles, where they are at hand, and the examples of the phrases."""
    told = [short(f"case {n}", case["text"], case["roles"]) for n, case in enumerate(cases_of("money/roles"))]
    return [*told, *_phrase_examples()]


def _phrase_examples() -> Iterator[Annotated]:
    for rule in read("rules.role", "roles")["rule"]:
        if rule["role"] in ROLES and len(money.find(rule["example"])) == 1:
            yield short(f"example {rule['id']}", rule["example"], [rule["role"]])


def short(name: str, text: str, roles: Sequence[str]) -> Annotated:
    """A document without a headline whose sums have these roles in text order."""
    layout = replace(segment(text), title=None)
    fields = ("start", "end", "currency", "qualifier", "value", "low", "high")
    facts = [
        {name: getattr(amount, name) for name in fields} | {"role": role}
        for amount, role in zip(money.find(text), roles, strict=True)
    ]
    return Annotated(name, layout, {"amounts": facts})
