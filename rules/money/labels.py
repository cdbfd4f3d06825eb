"""Numbers that end a name and are no figure: "đường Bến Trường 3 - 2,164 tỷ đồng", "HTX Bảy Ngàn - 760 triệu"."""

import re

from rules.language.patterns import Patterns
from rules.money.lexer import Token

_pattern = Patterns("rules.money", "words")
_DASH = re.compile(r"\s{1,2}[-–—]\s{0,2}|\s{0,2}[-–—]\s{1,2}")
_INSIDE = re.compile(r"[^\W\d_]\s\Z")  # within a sentence, where a capital tells a name
_NAMED = _pattern(r"[^\W\d_]\s[{UPPER}][{LOWER}]{0,9}\s\Z")  # "thôn Thành Bắc 1"
_KIND = _pattern(r"(?<!\w){named_by_number}\s\Z")  # "cầu 3"
_CODE = _pattern(r"[{UPPER}][.-]\Z")  # "ĐH.03"
_ITEM = re.compile(r"[^\W\d_][)\]”\"]?\s[-–—]\s{0,2}\Z")
_RATE = _pattern(r"\s?/|\s{each}(?!\w)")
_LAST_WORD = re.compile(r"(?<!\w)([^\W\d_]{1,9})\s\Z")
_TOO_FAR = 2  # the ends of a range behind a name: "rèn Tân Lập 8 - 11 triệu"
_NEAR = 300


def without_names(text: str, low: str, found: list[Token]) -> list[Token]:
    """The numbers ``found`` in ``text`` without those that end a name; ``low`` is the text in lower case."""
    named: set[int] = set()
    for i, token in enumerate(found):
        if token.words:
            if _is_word_of_name(text, token):
                named.add(i)
        elif token.has_unit and i and _is_numbered(text, low, found, i - 1):
            named.add(i - 1)
    return [token for i, token in enumerate(found) if i not in named] if named else found


def _is_word_of_name(text: str, token: Token) -> bool:
    """Whether a number in words is a name's: "Đỗ Mười", "kênh Chín Ngàn"; "HỖ TRỢ BA TỶ ĐỒNG" has other capitals."""
    if token.currency or not text[token.start].isupper():
        return False
    words = text[token.start : token.end].split()
    return all(map(str.istitle, words)) and _INSIDE.search(text, max(0, token.start - 2), token.start) is not None


def _is_numbered(text: str, low: str, found: list[Token], i: int) -> bool:
    """Whether a small number before a dash and a sum belongs to the name before it."""
    token, price = found[i], found[i + 1]
    if token.plain is None or len(token.plain) > 2:
        return False
    if not _DASH.fullmatch(text, token.end, price.start):
        return False
    reach = max(0, token.start - 14)
    if _CODE.search(text, reach, token.start):
        return True
    if _NAMED.search(text, reach, token.start):
        wide = price.number >= _TOO_FAR * token.number and not _RATE.match(low, price.end)
        return wide or _is_no_range(text, found, i)
    return _KIND.search(low, reach, token.start) is not None and _is_no_range(text, found, i)


def _is_no_range(text: str, found: list[Token], i: int) -> bool:
    """Whether number ``i`` and the sum behind it, by their form or by the list around them, are no ends of a range."""
    price = found[i + 1]
    return price.number <= found[i].number or _is_finer(price) or _is_item_of_list(text, found, i + 1)


def _is_finer(price: Token) -> bool:
    """Whether a figure has two decimals or more: the other end of its range would have some."""
    return "," in (price.digits or "")[1:-2]


def _is_item_of_list(text: str, found: list[Token], i: int) -> bool:
    """Whether another sum close by stands behind words and a dash: "Trường Thành Long - 15,73 tỷ", or behind the same
    word with another number: "cầu Bản Mạ 1 - 2 tỷ, cầu Bản Mạ 2 - 3 tỷ"."""
    return any(
        found[j].has_unit
        and j != i
        and abs(found[j].start - found[i].start) < _NEAR
        and (_ITEM.search(text, max(0, found[j].start - 6), found[j].start) or _is_twin(text, found, i, j))
        for j in range(max(0, i - 6), min(i + 7, len(found)))
    )


def _is_twin(text: str, found: list[Token], i: int, j: int) -> bool:
    """Whether sums ``i`` and ``j`` stand behind a dash and numbers that differ, and these behind one word."""
    if not (i and j):
        return False
    mine, its = found[i - 1], found[j - 1]
    words = [_LAST_WORD.search(text, max(0, token.start - 14), token.start) for token in (mine, its)]
    return (
        words[0] is not None
        and words[1] is not None
        and words[0][1].lower() == words[1][1].lower()
        and its.plain is not None
        and its.plain != mine.plain
        and _DASH.fullmatch(text, its.end, found[j].start) is not None
    )
