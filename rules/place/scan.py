"""Find what may be the name of an administrative unit: runs of capitalised words, read with what stands around them.

One pass over the text. What a name means is decided later, in resolve.py.
"""

import re
from dataclasses import dataclass

from rules.place.gazetteer import Gazetteer, Unit
from rules.place.spelling import name_key, syllable_key
from rules.place.words import WORDS

_UPPER = "".join(chr(c) for c in range(0x41, 0x1EFA) if chr(c).isalpha() and chr(c).isupper())
_WORD = rf"[{_UPPER}][\w'’]*"
RUN = re.compile(rf"{_WORD}(?: {_WORD})*(?: \d{{1,2}}(?![\d.,%/]\d|\d))?")
_LEFT_TYPE = re.compile(
    r"(?<![\w.])(?<!tác )(tỉnh|thành phố|tp\.?|t\.p\.?|huyện|quận|thị xã|tx\.?|thị trấn|tt\.?|xã|phường|đặc khu"
    r"|[hqpx]\.)[ \xa0]*\Z",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"(?:các|những|nhiều|\d|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)\s*$", re.IGNORECASE)
_NUMBERED = re.compile(r"(?<![\w.])(quận|phường|[QP]\.?)[ \xa0]?(\d{1,2})(?![\d.,%/]?\d|%)", re.IGNORECASE)
_GLUED = re.compile(rf"(TP|Tp|TX|TT)(?=[{_UPPER}][a-zà-ỹđ])")
_HYPHEN = re.compile(rf"[ ]?[-–][ ]?({_WORD}(?: {_WORD})*)")
GAPS = frozenset([", ", " và ", "; ", ", và ", " - ", " – ", " hoặc ", " cùng ", ",", " hay ", "; và ", " & "])
_NO_NAME = frozenset(["hội", "đội", "đoàn", "công", "ủy", "uỷ", "ubnd", "hđnd", "đảng", "trưởng", "phó"])
TYPED_ONLY = frozenset(map(name_key, WORDS.typed_only))
LEVEL_OF_TYPE = {
    "tỉnh": ("province",),
    "thành phố": ("province", "district"),
    "huyện": ("district",),
    "quận": ("district",),
    "thị xã": ("district",),
    "thị trấn": ("commune",),
    "xã": ("commune",),
    "phường": ("commune",),
    "đặc khu": ("district", "commune"),
}


@dataclass(slots=True, eq=False)
class Candidate:
    """A printed name that may be a unit's. ``kind`` is its type word in full, None for a bare name."""

    start: int
    end: int
    name: str
    key: str
    kind: str | None
    how: str
    units: tuple[Unit, ...]
    plural: bool = False
    other: tuple[Unit, ...] = ()
    gap: str = ""
    prev: "Candidate | None" = None
    owner: "Candidate | None" = None
    parent: "Candidate | None" = None
    found: Unit | None = None
    options: tuple[Unit, ...] = ()
    rule: str = ""


def type_before(text: str, start: int) -> tuple[str, int] | None:
    """Type word in full that ends right before ``start``, and where it begins."""
    begin = max(0, start - 14)
    m = _LEFT_TYPE.search(text[begin:start])
    if m is None:
        return None
    word = m[1].lower()
    kind = WORDS.types.get(word) or WORDS.types.get(word.rstrip("."))
    return (kind, begin + m.start(1)) if kind else None


def fitting(units: tuple[Unit, ...], kind: str) -> tuple[Unit, ...]:
    """Units whose level goes with the type word."""
    levels = LEVEL_OF_TYPE[kind]
    if kind == "thành phố":
        return tuple(u for u in units if u.level in levels and (u.level == "district" or u.kind == kind))
    return tuple(u for u in units if u.level in levels)


class Scanner:
    """The state of one scan over one text."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self.text = text
        self.names = gazetteer.by_key
        self.found: list[Candidate] = []

    def scan(self) -> list[Candidate]:
        """All candidates in text order."""
        for run in RUN.finditer(self.text):
            self._run(run.start(), run[0])
        self._numbered()
        self.found.sort(key=lambda c: (c.start, -c.end))
        return self.found

    def _numbered(self) -> None:
        for m in _NUMBERED.finditer(self.text):
            kind = WORDS.types[m[1].lower().rstrip(".")]
            number = str(int(m[2]))
            units = fitting(self.names.get(number, ()), kind)
            self._add(m.start(), m.end(), number, number, kind, "typed", units)

    def _add(
        self, start: int, end: int, name: str, key: str, kind: str | None, how: str, units: tuple[Unit, ...]
    ) -> None:
        plural = kind is not None and _PLURAL.search(self.text[max(0, start - 6) : start]) is not None
        self.found.append(Candidate(start, end, name, key, kind, how, units, plural))

    def _run(self, start: int, run: str) -> None:
        words = run.split(" ")
        glued = _GLUED.match(words[0])
        before = type_before(self.text, start)
        at = 0
        typed = False
        if before and self._typed(before[0], before[1], start, words, 0, self.text[before[1] + 1] in ".tTxX"):
            return
        if glued and not before:
            words[0] = words[0][glued.end() :]
            if self._typed(WORDS.types[glued[1].lower()], start, start + glued.end(), words, 0):
                return
        for i, word in enumerate(words[:-1]):
            low = word.lower()
            two = f"{low} {words[i + 1].lower()}"
            offset = start + at
            if two in WORDS.types and i + 2 < len(words):
                typed |= self._typed(WORDS.types[two], offset, offset + len(two) + 1, words, i + 2)
            elif low in WORDS.types and len(low) > 1:
                typed |= self._typed(WORDS.types[low], offset, offset + len(low) + 1, words, i + 1)
            at += len(word) + 1
        if not typed:
            self._bare(start, run, words)

    def _typed(self, kind: str, start: int, name_start: int, words: list[str], first: int, short: bool = False) -> bool:
        """A name behind its type word: the longest listed one, else the words as printed."""
        keys = [syllable_key(w) for w in words[first : first + 6]]
        for n in range(len(keys), 0, -1):
            units = fitting(self.names.get("".join(keys[:n]), ()), kind)
            if units:
                name = " ".join(words[first : first + n])
                extra = self._hyphen(name_start + len(name), name, kind)
                if extra:
                    name, units = extra
                self._add(start, name_start + len(name), name, name_key(name), kind, "typed", units)
                return True
        extra = self._hyphen(name_start + len(" ".join(words[first:])), " ".join(words[first:]), kind)
        if extra:
            self._add(start, name_start + len(extra[0]), extra[0], name_key(extra[0]), kind, "typed", extra[1])
            return True
        if kind in ("tỉnh", "thành phố", "đặc khu") or short or keys[0] in _NO_NAME or words[first].isdigit():
            return False
        if len(keys) > 4 or words[first].isupper():
            return False
        name = " ".join(words[first:])
        self._add(start, name_start + len(name), name, name_key(name), kind, "typed", ())
        self.found[-1].other = self.names.get("".join(keys), ())
        return True

    def _hyphen(self, end: int, name: str, kind: str | None) -> tuple[str, tuple[Unit, ...]] | None:
        """A name of two parts joined by a hyphen (Bà Rịa - Vũng Tàu)."""
        m = _HYPHEN.match(self.text, end)
        if m is None:
            return None
        parts = m[1].split(" ")
        for n in range(len(parts), 0, -1):
            second = " ".join(parts[:n])
            units = self.names.get(name_key(f"{name} {second}"), ())
            if kind:
                units = fitting(units, kind)
            if units:
                return self.text[end - len(name) : m.start(1) + len(second)], units
        return None

    def _bare(self, start: int, run: str, words: list[str]) -> None:
        keys = [syllable_key(w) for w in words]
        extra = self._hyphen(start + len(run), run, None)
        if extra:
            self._add(start, start + len(extra[0]), extra[0], name_key(extra[0]), None, "bare", extra[1])
            return
        at = start
        for i, word in enumerate(words):
            key = "".join(keys[i:])
            units = self.names.get(key)
            if units and key not in TYPED_ONLY:
                self._add(at, start + len(run), self.text[at : start + len(run)], key, None, "bare", units)
                return
            if keys[i] not in WORDS.openers:
                break
            at += len(word) + 1
        if len(words) > 2 and run.isupper():
            self._capitals(start, words, keys)
            return
        self._half(start, run, words, keys)
        if self.found and self.text[self.found[-1].end : start] in GAPS:
            self._add(start, start + len(run), run, "".join(keys), None, "list", ())

    def _half(self, start: int, run: str, words: list[str], keys: list[str]) -> None:
        """A name whose second syllable lost its capital (Bình thuận): provinces only."""
        if len(words) != 1:
            return
        end = start + len(run)
        m = re.compile(r" (\w+)").match(self.text, end)
        if m:
            units = tuple(u for u in self.names.get(keys[0] + syllable_key(m[1]), ()) if u.level == "province")
            if units:
                self._add(start, m.end(), self.text[start : m.end()], name_key(run + m[0]), None, "bare", units)

    def _capitals(self, start: int, words: list[str], keys: list[str]) -> None:
        """A province at the beginning of a headline in capitals, or behind a preposition in it."""
        at = start
        for i, word in enumerate(words):
            if i == 0 or words[i - 1].lower() in WORDS.locative:
                for n in (4, 3, 2):
                    units = self.names.get("".join(keys[i : i + n]), ())
                    units = tuple(u for u in units if u.level == "province")
                    if units and i + n <= len(words):
                        name = " ".join(words[i : i + n])
                        self._add(at, at + len(name), name, name_key(name), None, "bare", units)
                        break
            at += len(word) + 1
