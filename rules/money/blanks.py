"""Figures with a stray blank beside a separator: "1 ,2 tỉ đồng", "12 .500.000 đồng", "2 , 5 tỷ đồng"."""

import re

from rules.language.patterns import Patterns
from rules.money.lexicon import SPACE
from rules.money.numerals import read_digits

MARK = "\x1f"  # white space for str.split
_pattern = Patterns("rules.money", "words", SPACE)
_units = Patterns("rules.money", "units", SPACE)
_BROKEN = re.compile(r"[0-9](?:[ \xa0][.,][ \xa0]?|[.,][ \xa0])[0-9]+(?:[ \xa0]?[.,][ \xa0]?[0-9]+)*")
_LETTER = re.compile(r"[.,](?=[0-9])(?<=[lo].)(?<!\w[lo].)")  # "l,5 tỷ đồng", "O,5 tỷ đồng"
_DIGITS = {"l": "1", "o": "0"}
_HEAD = re.compile(r"(?<![\w/.,])[0-9][0-9.,]*\Z")
_SEPARATOR = re.compile(r"[ \xa0]?[.,][ \xa0]?")
_SPACED = re.compile(r"(?:[0-9]{1,3}[ \xa0][.,][ \xa0]){1,4}[0-9]{1,3}")
_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_DECIMAL = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})*,[0-9]{1,2}")
_ZERO = re.compile(r"(?:[ \xa0]\.|\.[ \xa0])0")  # "850. 000 đồng": no number begins so
_FIRST = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_OPEN = re.compile(r"[0-9][.,][ \xa0]")
_BLANK = re.compile(r"[ \xa0]")
_LIST = re.compile(r"[0-9]{2},[0-9]{2}")  # "hỗ trợ 10, 20 triệu đồng"
_NUMBERED = _pattern(r"(?<!\w){numbered}\s\Z")
_LABEL = _pattern(r"\b(?=\w)(?:{labels}|{named_by_number}|(?<!{number_said} ){number})\s{1,2}\Z")
# "kinh phí 135, 5 tỷ" names programme 135: three digits are a figure only where nothing else can follow
_ANNOUNCED = _pattern(
    r"(?<!\w)(?:{announcing}(?:\s{is}|\s?:)?\s{1,2}(?:[0-9]{1,2}|[0-9]{1,3}(?:\.[0-9]{3})+)"
    r"|(?:{range_hedges}|{sum_of_money})\s{1,2}[0-9]{1,3}(?:\.[0-9]{3})*)\Z"
)
_UNIT = _units(r"\s{0,3}(?:{prescale}\s{0,2})?(?:{scale}|{currency})(?!\w)")
_RANGE = _pattern(r"\s?[-–—]\s?[0-9]|\s{1,2}{range_links}\s{1,2}[0-9]")


def marked(text: str) -> str:
    """``text`` (lower case) with each stray blank inside a figure as :data:`MARK`, and a letter that was typed for the
    first digit as the digit; its length stays the same.

    >>> marked("tổng kinh phí 1 ,2 tỉ đồng, năm 2022, 5 tỷ đồng").replace(MARK, "_")
    'tổng kinh phí 1_,2 tỉ đồng, năm 2022, 5 tỷ đồng'
    """
    text = _with_digits(text.replace(MARK, " "))
    parts: list[str] = []
    done = 0
    for m in _BROKEN.finditer(text):
        start, end = _figure(text, m)
        if start < end:
            parts += text[done:start], _BLANK.sub(MARK, text[start:end])
            done = end
    return "".join([*parts, text[done:]]) if parts else text


def _with_digits(text: str) -> str:
    parts: list[str] = []
    done = 0
    for m in _LETTER.finditer(text):
        parts += text[done : m.start() - 1], _DIGITS[text[m.start() - 1]]
        done = m.start()
    return "".join([*parts, text[done:]]) if parts else text


def _figure(text: str, m: re.Match[str]) -> tuple[int, int]:
    """Start and end of the figure in a run of digits, separators and blanks; an empty span where there is none."""
    head = _HEAD.search(text, max(0, m.start() - 24), m.start() + 1)
    if head is None:
        return 0, 0
    start, end = head.start(), m.end()
    if _is_figure(text, start, end):
        return start, end
    # "điều 1 . 250 . 000 đồng", "năm 2022, 12 .500.000 đồng": the first number stands alone
    first = _SEPARATOR.search(text, head.end())
    if first is None or not (_is_alone(text, start, head.end()) and _is_figure(text, first.end(), end)):
        return 0, 0
    return first.end(), end


def _is_alone(text: str, start: int, end: int) -> bool:
    """Whether the number at [start, end) is a year or a label."""
    return text[start:end].isdecimal() and (
        end - start > 3 or _LABEL.search(text, max(0, start - 14), start) is not None
    )


def _is_figure(text: str, start: int, end: int) -> bool:
    """Whether [start, end), which has a blank beside a separator, is one figure."""
    printed = text[start:end]
    before = max(0, start - 14)
    if _SPACED.fullmatch(printed):  # as text cut into words prints it
        return _NUMBERED.search(text, before, start) is None
    digits = "".join(printed.split())
    if printed[:4].isdecimal() or read_digits(digits) is None:
        return False
    if _GROUPS.fullmatch(digits) and _ZERO.search(printed) and _UNIT.match(text, end):
        return True
    if _OPEN.search(printed):
        return _is_told(text, start, end, digits)
    return _LABEL.search(text, before, start) is None and bool(_UNIT.match(text, end) or _RANGE.match(text, end))


def _is_told(text: str, start: int, end: int, digits: str) -> bool:
    """Whether a figure with a blank behind a separator alone is no list: the words before it announce a sum."""
    first = _FIRST.match(text, start, end)
    if first is None or not _UNIT.match(text, end):
        return False
    if not _GROUPS.fullmatch(digits) and (not _DECIMAL.fullmatch(digits) or _is_list(digits)):
        return False
    return is_announced(text, start, first.end())


def is_announced(text: str, start: int, end: int) -> bool:
    """Whether the number at [start, end) stands behind words that announce a sum, and is no number that names them."""
    return _ANNOUNCED.search(text, max(0, start - 24), end) is not None


def _is_list(digits: str) -> bool:
    """Whether a number with decimals may be two: "10, 20 triệu đồng", or "khoảng 2, 3 tỷ đồng", two to three."""
    whole, _, rest = digits.partition(",")
    return _LIST.fullmatch(digits) is not None or (len(rest) == len(whole) and int(rest) == int(whole) + 1)
