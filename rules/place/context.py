"""Whether the words around a bare name let it be a place."""

from rules.language.patterns import Patterns
from rules.place.words import WORDS

_pattern = Patterns("rules.place", "grammar", r"\ ")
_COMMUNE = _pattern(r"{commune_types}(?: \w+){0,2}, \Z")
_COUNTED = frozenset(["năm", "lớp", "quý", "tháng", "ngày", "khóa", "khoá"])  # năm 2019 Đồng Nai phê duyệt
_KIND_BEHIND = _pattern(r"(?:, |,? {is} | [-–] )(?:{one} )?{lowest_types} (?=\w)(?![{UPPER}\d])")
_PAIR = _pattern(r"(\w+) [{UPPER}]\w*(?: [{UPPER}]\w*){0,3} {and} \Z")
_STOPS = ",;:.(!?\"“”'\n–"


def left_words(text: str, start: int, limit: int = 72) -> list[str]:
    """Lower-case words before ``start`` in the same clause.

    >>> left_words("Ngày 3-4, công ty cổ phần Thanh Bình", 25)
    ['công', 'ty', 'cổ', 'phần']
    """
    piece = text[max(0, start - limit) : start]
    cut = max(piece.rfind(stop) for stop in _STOPS)
    words = piece[cut + 1 :].lower().split()
    return words[1:] if cut < 0 and start > limit else words


def located(words: list[str]) -> bool:
    """Whether the name begins its clause, or a word of place or the name of a local body stands right before it."""
    return not words or words[-1] in WORDS.locative or words[-1] in WORDS.bodies_last


def placed_inside(words: list[str]) -> bool:
    """Whether a preposition that even a bare commune may follow stands right before it."""
    return bool(words) and words[-1] in WORDS.inside


def is_place(words: list[str]) -> bool:
    """Whether nothing before a bare name makes it a person, a street, a firm or another thing.

    >>> is_place(["đường"]), is_place(["môi", "trường"]), is_place(["quốc", "lộ", "91"]), is_place(["năm", "2019"])
    (False, True, False, True)
    """
    if not words:
        return True
    tail = " " + " ".join(words)
    if words[-1].isdigit():
        return len(words) > 1 and words[-2] in _COUNTED
    harmless = next((words for words in WORDS.harmless if tail.endswith(words)), "")
    if not harmless:
        if " ".join(words[-2:]) in WORDS.not_before or " ".join(words[-3:]) in WORDS.not_before:
            return False
        if words[-1] in WORDS.locative:
            return True
        if words[-1] in WORDS.not_before:
            return False
    tail = tail.removesuffix(harmless)
    return not any(_owns(owner, tail) for owner in WORDS.owners)


def _owns(owner: str, tail: str) -> bool:
    """Whether a name that begins with a word such as ``công ty`` runs on to the end of the words."""
    _before, found, after = tail.rpartition(owner)
    return bool(found) and WORDS.clause.isdisjoint(after.split())


def is_second(text: str, start: int) -> bool:
    """Whether a name is the second of a pair of streets, bridges or the like: ``cầu Chương Dương và Long Biên``.

    >>> is_second("cầu Chương Dương và Long Biên", 20), is_second("ở Thanh Trì và Long Biên", 15)
    (True, False)
    """
    pair = _PAIR.search(text, max(0, start - 40), start)
    return pair is not None and pair[1] in WORDS.not_before  # not the district Cầu Ngang


def is_explained(text: str, end: int) -> bool:
    """Whether the words behind a name say what it is: ``Bạch Long, xã làm muối``, ``Tân Mỹ là xã nghèo``.

    >>> is_explained("Bạch Long, xã làm muối", 9), is_explained("Bạch Long, xã Tân Mỹ", 9)
    (True, False)
    """
    return _KIND_BEHIND.match(text, end) is not None


def in_apposition(text: str, start: int, end: int) -> bool:
    """Whether a name stands between commas behind a word for a commune: ``Ở xã bên, Mỹ Thạnh Tây, …``.

    >>> in_apposition("Ở xã bên, Mỹ Thạnh Tây, cầu đã cũ.", 10, 22)
    True
    """
    before = text[max(0, start - 20) : start]
    return before.endswith(", ") and text[end : end + 1] == "," and bool(_COMMUNE.search(before))


def is_credit(text: str, start: int, end: int) -> bool:
    """Whether a name is that of a writer or photographer: ``Ảnh: …``, ``… (tổng hợp)``, or alone on its line.

    >>> is_credit("Lễ trao bò. Ảnh: Thanh Bình", 17, 27), is_credit("ở Thanh Bình.", 2, 12)
    (True, False)
    """
    before, after = text[max(0, start - 8) : start].lower(), text[end : end + 11].lower()
    if before.rstrip(" :").endswith(("ảnh", "tin", "bài")) or after.startswith((" (tổng hợp", " (theo ")):
        return True
    return after[:1] in ("", "\n") and (start == 0 or before[-1] == "\n" or before.endswith((". ", "” ", '" ')))
