"""Syllables and figures that OCR, or a bad text layer, broke -> mended where only one reading is possible."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.text.syllables import fit, is_syllable
from rules.language.lists import read

_WORDS: dict[str, list[str]] = read(__package__, "broken")
_ALONE = frozenset(_WORDS["words_of_one_vowel"])
_MONEY = frozenset(word for unit in _WORDS["units"] for word in unit.split())
_UNITS = "|".join(sorted(_WORDS["units"], key=len, reverse=True))
_ACCENTED = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_HIGH = "".join(letter.upper() for letter in _ACCENTED)
_MARKED = frozenset(_ACCENTED + _HIGH) - frozenset("đĐ")
_LETTERS = f"A-Za-z{_ACCENTED}{_HIGH}"
_ONSETS = [*"bcdđghklmnpqrstvx", "ch", "gh", "kh", "ng", "ngh", "nh", "ph", "qu", "th", "tr"]
_CODAS = ["ng", "nh", "ch", *"cmnptiuyo"]


def _either(parts: Sequence[str]) -> str:
    return "|".join([*parts, *(part.upper() for part in parts)])


# Part of a syllable before or behind a letter with a mark: no text that is whole has one but by chance.
_SPLIT = re.compile(
    rf"(?<![\w.&/-])(?:{_either(_ONSETS)}) [{_ACCENTED}{_HIGH}]|[{_ACCENTED}{_HIGH}] (?:{_either(_CODAS)})(?![\w.])"
)
_BEHIND_ONSET = "|".join(
    rf"(?<=(?<![\w.&/-])(?:{_either([onset for onset in _ONSETS if len(onset) == size])}) )" for size in (1, 2, 3)
)
# The same from its blank on, which is found five times as fast.
_SPLIT_HINT = re.compile(
    rf" (?:(?<=[{_ACCENTED}{_HIGH}] )(?:{_either(_CODAS)})(?![\w.])|(?=[{_ACCENTED}{_HIGH}])(?:{_BEHIND_ONSET}))"
)
_RUN = re.compile(rf"(?<![\w.&/-])[{_LETTERS}]+(?: [{_LETTERS}]+)+")
_MOST_PARTS, _LEFT_BROKEN = 5, 10
_STOPPED = ("p", "t", "c", "ch")
_SHARP = frozenset("\u0301\u0323")  # the tones of syllables that end in a stop
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")

_FIGURE = re.compile(rf"(?<![\w.,])(?=[\w.,]*\d)([\dlIoO]+(?:[.,][\dlIoO]+)*)(?= (?:{_UNITS})(?!\w))")
_LETTER_OF = str.maketrans({"l": "1", "I": "1", "o": "0", "O": "0"})
_WRONG_UNIT = [
    (re.compile(rf"(?<=\d )({re.escape(wrong)})(?!\w)"), right)
    for pair in _WORDS["wrong_units"]
    for wrong, right in [pair.split(" -> ")]
]
_UNIT_HINT = "|".join(re.escape(pair.split(" -> ")[0]) for pair in _WORDS["wrong_units"])
# A figure with a letter in it, or before a wrong unit. Looked for at the digits, which are rare, not at the letters.
_FIGURE_HINT = re.compile(rf"\d(?:(?<=[lIoO]\d)|(?<=[lIoO][.,]\d)|[.,]?[lIoO]| (?:{_UNIT_HINT}))")
_CASES = re.compile(
    rf"(?<![{_LETTERS}])(?=[A-ZĐ{_ACCENTED}]*[A-Z][A-ZĐ{_ACCENTED}]*[A-Z])[A-ZĐ][A-ZĐ{_ACCENTED}]+(?![{_LETTERS}])"
)
_CASE_HINT = re.compile(rf"[A-Z](?:[A-Z][{_ACCENTED}]|[{_ACCENTED}][A-Z])")
_ENOUGH, _BAD_SHARE, _CUT_SHARE = 60, 0.75, 0.04


def mend(text: str, warnings: list[str]) -> str:
    """The text with what is certainly broken mended; what was done is added to ``warnings``.

    >>> mend("HỖ TRỢ 3 TRI Ệ U Đ Ồ NG, t ừ ng h ộ l50 triệu đông", told := [])
    'HỖ TRỢ 3 TRIỆU ĐỒNG, từng hộ 150 triệu đồng'
    >>> told
    ['syllables put together: 4', 'letters read as digits: l50 -> 150', 'units read anew: triệu đông -> triệu đồng']
    """
    if _SPLIT_HINT.search(text):
        joined, count, of_money = _joined(text)
        if count > 1 or of_money:  # one alone may be a letter that means itself: "lần thứ n"
            text = joined
            warnings.append(f"syllables put together: {count}")
    if _FIGURE_HINT.search(text):
        text = _figures(text, warnings)
        for wrong, right in _WRONG_UNIT:
            for found in dict.fromkeys(wrong.findall(text)):
                warnings.append(f"units read anew: {found} -> {right}")
            text = wrong.sub(right, text)
    if _CASE_HINT.search(text):
        text = _CASES.sub(lambda m: m[0].upper() if not m[0].isupper() and is_syllable(m[0]) else m[0], text)
    return text


def _figures(text: str, warnings: list[str]) -> str:
    def digits(found: re.Match[str]) -> str:
        plain = found[1].translate(_LETTER_OF)
        if plain != found[1]:
            warnings.append(f"letters read as digits: {found[1]} -> {plain}")
        return plain

    return _FIGURE.sub(digits, text)


def _joined(text: str) -> tuple[str, int, bool]:
    """The text with split syllables put together, how many they were, and whether one is of a unit of money."""
    joins: list[str] = []

    def run(found: re.Match[str]) -> str:
        if not _SPLIT_HINT.search(found[0]):
            return found[0]
        parts = found[0].split(" ")
        whole = list(_grouped(parts))
        joins.extend(group for group in whole if group not in parts)
        return " ".join(whole)

    text = "\n".join(_RUN.sub(run, line) for line in text.split("\n"))
    return text, len(joins), any(word.lower() in _MONEY for word in joins)


def _grouped(parts: Sequence[str]) -> Iterator[str]:
    """The parts in as few syllables as they make, none left that is none, where that can be."""
    costs = [0] + [len(parts) * 2 * _LEFT_BROKEN] * len(parts)
    starts = [0] * (len(parts) + 1)
    for end in range(1, len(parts) + 1):
        for start in range(max(0, end - _MOST_PARTS), end):
            group = parts[start:end]
            if len(group) > 1 and not _is_one(group):
                continue
            cost = costs[start] + 1 + (_LEFT_BROKEN if len(group) == 1 and _is_fragment(group[0]) else 0)
            if cost <= costs[end]:
                costs[end], starts[end] = cost, start
    bounds = [len(parts)]
    while bounds[-1]:
        bounds.append(starts[bounds[-1]])
    for end, start in zip(bounds[-2::-1], bounds[:0:-1], strict=True):
        yield "".join(parts[start:end])


def _is_fragment(part: str) -> bool:
    """Whether a word can only be a part of a syllable: letters without a vowel, or a vowel that is no word."""
    if len(part) == 1 and part in _MARKED:
        return part.lower() not in _ALONE
    return len(part) <= 3 and not is_syllable(part) and (part.islower() or part.isupper())


def _is_one(parts: Sequence[str]) -> bool:
    """Whether parts are one syllable that was split beside a letter with a mark."""
    if not any(map(_is_fragment, parts)) or any(part in _ALONE for part in parts):
        return False
    if not all(a[-1] in _MARKED or b[0] in _MARKED for a, b in pairwise(parts)):
        return False
    word = "".join(parts)
    if not (word.islower() or word.isupper() or word.istitle()) or not is_syllable(word):
        return False
    letters = unicodedata.normalize("NFD", word)
    tones = {letter for letter in letters if letter in _TONES}
    return bool(tones & _SHARP) or not word.lower().endswith(_STOPPED)


def doubt(text: str) -> str | None:
    """What to say of a text that looks Vietnamese and whose words are broken beyond repair; None where it is whole.

    >>> doubt("Hội nghị triển khai kế hoạch. " * 30) is None
    True
    """
    share, words = fit(text)
    parts = text.split()
    cut = len(_SPLIT.findall(text))
    if words >= _ENOUGH // 3 and share < _BAD_SHARE and _is_vietnamese(parts):
        return f"the words are broken: {1 - share:.0%} of them are no Vietnamese syllables; facts may be missing"
    if len(parts) >= _ENOUGH and cut > _CUT_SHARE * len(parts):
        return "the words are broken: many syllables are cut in pieces; facts may be missing"
    return None


def _is_vietnamese(parts: Sequence[str]) -> bool:
    """Whether enough of the words are in letters that only Vietnamese has."""
    marked = sum(1 for part in parts if not part.isascii() and _MARKED & frozenset(part))
    return marked * 5 >= len(parts)
