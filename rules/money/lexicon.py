"""The word lists of the money grammar, compiled once."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple


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


class Quantity(NamedTuple):
    """What tells a bare "630 triệu" that is money from a bare "97 triệu" that is not."""

    counted: re.Pattern[str]
    money_words: re.Pattern[str]
    money_after: re.Pattern[str]
    money_rates: re.Pattern[str]
    count_heads: re.Pattern[str]


def load(name: str) -> dict[str, Any]:
    """Read one TOML file that lies beside this module."""
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


def alternation(phrases: object) -> str:
    """Alternation of literal phrases, longest first, any white space between their words."""
    ordered = sorted(set(phrases), key=lambda p: (-len(p), p))  # type: ignore[call-overload]
    return "|".join(re.escape(p).replace(r"\ ", r"\s{1,3}") for p in ordered)


@cache
def units() -> Units:
    """Multipliers and currencies of ``units.toml``."""
    data = load("units.toml")

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
    data = load("qualifiers.toml")
    front = {phrase: name for name, phrases in data["front"].items() for phrase in phrases}
    behind = {phrase: name for name, phrases in data["behind"].items() for phrase in phrases}
    ceiling = data["ceiling"]
    links = ["là", "lên tới", "lên đến", "đạt", "tới", "đến"]
    return Qualifiers(
        front,
        frozenset(phrase.rsplit(" ", 1)[-1] for phrase in [*front, *links, *ceiling["words"]]),
        behind,
        re.compile(rf"(?<!\w)({alternation(front)})(\s{{1,3}}(?:{alternation(links)}))?\s{{0,3}}\Z"),
        re.compile(rf"\s{{1,3}}({alternation(behind)})(?!\w)"),
        re.compile(
            rf"(?<!\w)(?:{alternation(ceiling['behind'])})\s{{1,3}}({alternation(ceiling['words'])})\s{{1,3}}\Z"
        ),
        frozenset(data["superlative"]["phrases"]),
        re.compile(rf"(?<!mỗi )(?<!\w)(?:{alternation(data['superlative']['nouns'])})\s{{1,3}}\Z"),
    )


@cache
def quantity() -> Quantity:
    """Lists of ``quantity.toml``."""
    data = load("quantity.toml")
    return Quantity(
        re.compile(
            rf"[^\S\n]{{0,3}}(?:(?:{alternation(data['counted'])})(?!\w)"
            rf"|(?:{alternation(data['time'])})(?!\w)(?!\s(?:[0-9]|nay|ngoái|trước|sau|này|qua|tới|đầu|cuối|kia)))"
        ),
        re.compile(rf"(?<!\w)(?:{alternation(data['money_words'])})(?!\w)"),
        re.compile(rf"\s{{1,3}}(?:{alternation(data['money_after'])})(?!\w)"),
        re.compile(rf"\s?/\s?(?:{alternation(data['money_rates'])})(?!\w)"),
        re.compile(rf"(?<!\w)(?:{alternation(data['count_heads'])})(?!\w)"),
    )
