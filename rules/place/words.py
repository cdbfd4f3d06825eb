"""The word lists of words.toml, loaded once."""

from dataclasses import dataclass

from rules.language import lists


@dataclass(frozen=True, slots=True)
class Words:
    """Lists of words.toml; see the comments there."""

    types: dict[str, str]
    bodies: dict[str, str]
    syllables: dict[str, str]
    aliases: dict[str, str]
    typed_only: frozenset[str]
    common: frozenset[str]
    locative: frozenset[str]
    bodies_last: frozenset[str]
    inside: frozenset[str]
    toward: frozenset[str]
    not_before: frozenset[str]
    harmless: tuple[str, ...]
    openers: frozenset[str]
    lettered: frozenset[str]
    persons: frozenset[str]
    no_name: frozenset[str]
    modifiers: frozenset[str]
    enders: frozenset[str]
    surnames: frozenset[str]
    route: frozenset[str]
    owners: tuple[str, ...]
    clause: frozenset[str]


def _load() -> Words:
    data = lists.read("rules.place", "words")
    return Words(
        data["types"],
        data["bodies"],
        data["syllables"],
        data["aliases"],
        frozenset(data["typed_only"]["names"]),
        frozenset(data["common"]["names"]),
        frozenset(data["locative"]["words"]),
        frozenset(data["bodies_last"]["words"]),
        frozenset(data["inside"]["words"]),
        frozenset(data["toward"]["words"]),
        frozenset(data["not_before"]["words"]),
        tuple(f" {words}" for words in data["harmless"]["words"]),
        frozenset(data["openers"]["words"]),
        frozenset(data["lettered"]["words"]),
        frozenset(data["persons"]["words"]),
        frozenset(data["no_name"]["words"]),
        frozenset(data["modifiers"]["words"]),
        frozenset(data["enders"]["words"]),
        frozenset(data["surnames"]["words"]),
        frozenset(data["route"]["words"]),
        tuple(data["owners"]["words"]),
        frozenset(data["clause"]["words"]),
    )


WORDS = _load()
