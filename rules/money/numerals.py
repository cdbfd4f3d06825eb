"""Printed numbers: digits with separators, and Vietnamese number words.

All readings are exact (``Decimal`` or ``int``). What the separators mean is settled by their grouping alone:

* comma is decimal and dot groups thousands, as Vietnamese is written: ``9.997,6``;
* English style is recognised where it cannot be anything else: ``1,750,000``, ``1,250.5``;
* a single dot before exactly three digits groups (``5.024`` is 5024), before any other number of digits
  it is a decimal point (``1.5``);
* a single comma before exactly three digits is decimal before a multiplier (``1,189 tỷ``), but groups where
  the unit has no such small parts (``500,000 đồng``, ``1,500 USD``): the caller says so with ``whole``.
"""

import re
from decimal import Decimal

from rules.language import lists

_GROUPED = {
    ".": re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+"),
    ",": re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+"),
}

_WORDS = lists.read("rules.money", "words")
DIGIT_WORDS: dict[str, int] = _WORDS["digits"]
_ONLY_AFTER_TENS = set(_WORDS["only_after_tens"])


def read_digits(printed: str, whole: bool = False) -> Decimal | None:
    """Read digits with separators; None where they are no number (a date, a version, bad grouping).

    >>> read_digits("9.997,6"), read_digits("5.024"), read_digits("1,75"), read_digits("1,750,000")
    (Decimal('9997.6'), Decimal('5024'), Decimal('1.75'), Decimal('1750000'))
    >>> read_digits("500,000"), read_digits("500,000", whole=True), read_digits("27.9.2019")
    (Decimal('500.000'), Decimal('500000'), None)
    """
    dots, commas = printed.count("."), printed.count(",")
    if not dots and not commas:
        return Decimal(printed)
    if not dots:
        return _one_mark(printed, ",", commas, grouping=whole)
    if not commas:
        return _one_mark(printed, ".", dots, grouping=True)
    comma_last = printed.rfind(",") > printed.rfind(".")
    return _split(printed, ",", ".") if comma_last else _split(printed, ".", ",")


def _one_mark(printed: str, mark: str, count: int, grouping: bool) -> Decimal | None:
    """Read a number with one kind of mark; ``grouping`` says that a single one may group thousands."""
    grouped = _GROUPED[mark].fullmatch(printed) is not None and not printed.startswith("0")
    if count > 1 and not grouped:
        return None
    return Decimal(printed.replace(mark, "" if grouped and (count > 1 or grouping) else "."))


def _split(printed: str, decimal: str, group: str) -> Decimal | None:
    """Read a number that has both marks: groups before the one decimal mark, digits behind it."""
    before, _, after = printed.partition(decimal)
    if not after.isdecimal() or not _GROUPED[group].fullmatch(before):
        return None
    return Decimal(before.replace(group, "") + "." + after)


def read_words(words: list[str]) -> tuple[Decimal, ...] | None:
    """Read number words below one thousand; two numbers for an approximation ("hai ba" is 2 to 3); None else.

    >>> read_words("một trăm năm mươi".split()), read_words("hai trăm linh năm".split())
    ((Decimal('150'),), (Decimal('205'),))
    >>> read_words("ba mươi mốt".split()), read_words("năm bảy".split()), read_words("mươi trăm".split())
    ((Decimal('31'),), (Decimal('5'), Decimal('7')), None)
    """
    if words == ["nửa"]:
        return (Decimal("0.5"),)
    if len(words) == 2 and not _ONLY_AFTER_TENS & set(words):
        pair = [DIGIT_WORDS.get(word, 0) for word in words]
        if 0 < pair[0] < pair[1]:
            return Decimal(pair[0]), Decimal(pair[1])
    if "phẩy" in words:
        return _decimal_words(words, words.index("phẩy"))
    number = _below_thousand(words)
    return None if number is None else (Decimal(number),)


def _decimal_words(words: list[str], comma: int) -> tuple[Decimal] | None:
    """Read "một phẩy hai lăm": whole part, and the digits behind the comma one by one."""
    whole = _below_thousand(words[:comma])
    digits = [DIGIT_WORDS.get(word) for word in words[comma + 1 :]]
    if whole is None or not digits or None in digits:
        return None
    return (Decimal(f"{whole}." + "".join(map(str, digits))),)


def _below_thousand(words: list[str]) -> int | None:
    if len(words) < 2 or words[1] != "trăm":
        return _below_hundred(words)
    head = _first_digit(words[0])
    tail = _behind_hundred(words[2:])
    return None if head is None or tail is None else head * 100 + tail


def _behind_hundred(words: list[str]) -> int | None:
    if not words:
        return 0
    if words == ["rưỡi"]:
        return 50
    if words[0] in ("linh", "lẻ"):
        return DIGIT_WORDS.get(words[1]) if len(words) == 2 else None
    if len(words) == 1 and words[0] != "mười":
        # "hai trăm mốt", "ba trăm tư": the next lower place is left out
        tens = DIGIT_WORDS.get(words[0])
        return None if tens is None else tens * 10
    return _below_hundred(words)


def _below_hundred(words: list[str]) -> int | None:
    if words[:1] == ["mười"]:
        return _with_digit(10, words[1:])
    head = _first_digit(words[0]) if words else None
    if head is None or len(words) == 1:
        return head
    if words[1] in ("mươi", "chục") and head > 0:
        return _with_digit(head * 10, words[2:])
    if len(words) == 2 and words[1] in _ONLY_AFTER_TENS:  # "hai mốt"
        return head * 10 + DIGIT_WORDS[words[1]]
    return None


def _first_digit(word: str) -> int | None:
    return None if word in _ONLY_AFTER_TENS else DIGIT_WORDS.get(word)


def _with_digit(tens: int, words: list[str]) -> int | None:
    """Tens and the one word of a digit that may stand behind them."""
    if not words:
        return tens
    digit = DIGIT_WORDS.get(words[0], 0)
    return tens + digit if len(words) == 1 and digit > 0 else None
