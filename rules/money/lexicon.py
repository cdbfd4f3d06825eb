"""The word lists of the money grammar, compiled once."""

import re
from functools import cache
from typing import NamedTuple

from rules.language import lists
from rules.language.patterns import Patterns

SPACE = r"\s{1,3}"
"""What may stand between the words of a phrase: a figure may be broken over two lines."""


class Units(NamedTuple):
    """Multipliers and currency words, and what must not follow them."""

    scale: dict[str, int]
    prescale: dict[str, int]
    currency: dict[str, str]
    before: dict[str, str]
    weak: frozenset[str]
    not_currency: dict[str, frozenset[str]]
    never_currency: dict[str, frozenset[str]]
    not_scale: dict[str, frozenset[str]]
    foreign: frozenset[str]


class Qualifiers(NamedTuple):
    """Qualifier phrases by their place, and the patterns that look for them in front of a figure and behind it.

    ``last_words`` are all the words in which a phrase in front can end: most figures have none of them.
    """

    front: dict[str, str]
    last_words: frozenset[str]
    behind: dict[str, str]
    front_pattern: re.Pattern[str]
    behind_pattern: re.Pattern[str]
    ceiling_pattern: re.Pattern[str]
    superlatives: frozenset[str]
    superlative_pattern: re.Pattern[str]
    compound_pattern: re.Pattern[str]


class Quantity(NamedTuple):
    """What tells a bare "630 triệu" that is money from a bare "97 triệu" that is not."""

    counted: re.Pattern[str]
    money_words: re.Pattern[str]
    money_after: re.Pattern[str]
    money_rates: re.Pattern[str]
    count_heads: re.Pattern[str]
    measures: re.Pattern[str]
    ordinals: re.Pattern[str]


@cache
def units() -> Units:
    """Multipliers and currencies of ``units.toml``."""
    data = lists.read("rules.money", "units")

    def by_word(table: dict[str, list[str]]) -> dict[str, str]:
        return {word: code for code, words in table.items() for word in words}

    def sets(table: dict[str, list[str]]) -> dict[str, frozenset[str]]:
        return {word: frozenset(followers) for word, followers in table.items()}

    return Units(
        data["scale"],
        data["prescale"],
        by_word(data["currency"]),
        by_word(data["before"]),
        frozenset(data["weak"]["words"]),
        sets(data["not_currency"]),
        sets(data["never_currency"]),
        sets(data["not_scale"]),
        frozenset(data["foreign"]["words"]),
    )


@cache
def qualifiers() -> Qualifiers:
    """Qualifier phrases of ``qualifiers.toml``."""
    data, pattern = lists.read("rules.money", "qualifiers"), Patterns("rules.money", "qualifiers", SPACE)
    front = {phrase: name for name, phrases in data["front"].items() for phrase in phrases}
    behind = {phrase: name for name, phrases in data["behind"].items() for phrase in phrases}
    ends = [*front, *data["links"], *data["ceiling"]["words"]]
    return Qualifiers(
        front,
        frozenset(phrase.rsplit(" ", 1)[-1] for phrase in ends),
        behind,
        pattern(r"(?<!\w)({front})(\s{1,3}{links})?\s{0,3}\Z"),
        pattern(r"\s{1,3}({behind})(?!\w)"),
        pattern(r"(?<!\w){ceiling.behind}\s{1,3}({ceiling.words})\s{1,3}\Z"),
        frozenset(data["superlative"]["phrases"]),
        pattern(r"(?<!{superlative.each} )(?<!\w){superlative.nouns}\s{1,3}\Z"),
        pattern(r"(?<!\w){compounds}\Z"),
    )


@cache
def quantity() -> Quantity:
    """Lists of ``quantity.toml``."""
    pattern = Patterns("rules.money", "quantity", SPACE)
    return Quantity(
        pattern(r"[^\S\n]{0,3}(?:{counted}(?!\w)|{time}(?!\w)(?!\s(?:[0-9]|{dated})))"),
        pattern(r"(?<!\w){money_words}(?!\w)"),
        pattern(r"\s{1,3}{money_after}(?!\w)"),
        pattern(r"(?:\s?/\s?{money_rates}|\s{1,3}{each.one}\s{1,3}{each.units})(?!\w)"),
        pattern(r"(?<!\w){count_heads}(?!\w)"),
        pattern(r"(?<!\w){measures}(?!\w)"),
        pattern(r"(?<!\w){ordinals}\s{1,3}\Z"),
    )
