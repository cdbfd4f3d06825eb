"""Whether a figure with a multiplier but no currency ("630 triệu", "1,5 tỷ") is a sum of money."""

import re

from rules.language.patterns import Patterns
from rules.money.lexer import Token
from rules.money.lexicon import SPACE, quantity, units
from rules.money.sequences import in_list

_NEAR = 300  # characters behind a sum in which a bare figure goes on with it
_pattern = Patterns("rules.money", "quantity", SPACE)
_CLOSED = re.compile(r"\s{0,2}(?:[.,;:()\]](?![0-9])|\n|\Z)")
_ODDS = _pattern(r"(?<![0-9])1\s?(?:/|{odds})\s?\Z")
_COUNTED = _pattern(r"(?<!\w){counted}(?!\w)")
_GOES_ON = _pattern(r"\s{1,3}{followers}(?!\w)")


def is_money(text: str, low: str, found: list[Token], i: int, told: int) -> bool:
    """Whether the bare figure ``found[i]`` is money; ``told`` is where the last sum before it ends.

    No, where a counted noun follows or the clause speaks of a count; yes for "tỷ" and spoken forms otherwise, and for
    "triệu" where the sentence speaks of money before it, money follows at once, or it goes on with sums ("chợ (1.050
    triệu), kè (360 triệu, 3 đợt)").
    """
    token = found[i]
    start = _sentence(low, token)
    window = low[start : token.start]
    if token.scale_word in units().foreign or _is_count(text, low, token, window):
        return False
    if token.scale >= 10**9 or token.spoken:
        return True
    if token.scale_word == "k":
        return token.value >= 10_000 and text[token.end - 1] == "k" and not window.endswith("vàng ")
    return (
        _begins_list(low, found, i)
        or _speaks_of_money(low, token, window)
        or _is_item(low, token, window)
        or _goes_on(low, found, i, told)
    )


def _begins_list(low: str, found: list[Token], i: int) -> bool:
    """Whether a sum with a currency follows at once: "20 triệu và 5.000 USD"."""
    follower = found[i + 1] if i + 1 < len(found) else None
    return follower is not None and follower.currency is not None and in_list(low, found[i], follower)


def _sentence(low: str, token: Token) -> int:
    """Where the sentence of ``token`` begins, as far as it matters."""
    reach = max(0, token.start - 160)
    return max(low.rfind("\n", reach, token.start), low.rfind(". ", reach, token.start), reach - 1) + 1


def _is_count(text: str, low: str, token: Token, window: str) -> bool:
    """Whether the figure counts: a counted noun follows, or one that is counted stands before it."""
    ahead = text[token.end : token.end + 3].strip()  # "2 tỷ Bộ Tài chính" counts no bộ, "2 triệu CP" does
    named = ahead[:1].isupper() and not ahead[1:2].isupper()
    if quantity().counted.match(low, token.end) and (not named or text[token.start : token.end].isupper()):
        return True
    lists, near = quantity(), max(0, len(window) - 60)
    if lists.count_heads.search(window, near) or lists.ordinals.search(window, near):
        return True
    return token.scale < 10**9 and lists.measures.search(window, near) is not None


def _speaks_of_money(low: str, token: Token, window: str) -> bool:
    lists = quantity()
    if lists.money_after.match(low, token.end) or lists.money_rates.match(low, token.end):
        return True
    near = window[-40:] if token.scale < 10**6 else window
    return lists.money_words.search(near) is not None


def _is_item(low: str, token: Token, window: str) -> bool:
    """Whether the figure is all that stands behind a colon: "đợt 1: 300 triệu;", but not "Lượt xem: 2 triệu"."""
    item = window[max(window.rfind(";"), window.rfind("(")) + 1 :].rstrip()
    if token.scale < 10**6 or not item.endswith(":") or not _CLOSED.match(low, token.end):
        return False
    return not _COUNTED.search(item)


def _goes_on(low: str, found: list[Token], i: int, told: int) -> bool:
    """Whether the last figure with a unit before is a sum close by, and no noun follows that this one may count."""
    token = found[i]
    before = next((t for t in reversed(found[max(0, i - 8) : i]) if t.has_unit), None)
    if before is None or told < before.end or token.start - before.end > _NEAR:
        return False
    if _ODDS.search(low, max(0, token.start - 12), token.start):
        return False
    if _CLOSED.match(low, token.end):
        return token.scale >= 10**6 or token.scale_word == before.scale_word
    return token.scale >= 10**6 and _GOES_ON.match(low, token.end) is not None
