"""Find what may be the name of an administrative unit: runs of capitalised words, read with what stands around them.

One pass over the text. What a name means is decided later, in resolve.py.
"""

import re

from rules.language.patterns import Patterns
from rules.place.candidate import Candidate, fitting
from rules.place.gazetteer import Gazetteer, Unit
from rules.place.runs import (
    LONGEST,
    SHORT_TYPES,
    TYPE_WORDS,
    district_before_province,
    ends_name,
    is_opener,
    is_vietnamese,
    may_be_name,
    may_hold_name,
)
from rules.place.spelling import name_key, syllable_key
from rules.place.words import WORDS

_pattern, _words = Patterns("rules.place", "grammar", r"\ "), Patterns("rules.place", "words", r"\ ")
_WORD = _pattern.source(r"(?:{farm}|[{UPPER}][\w'’]*)")
_NUMBER = r"\d{1,2}(?!\d|[.,%/]\d|%)"
RUN = re.compile(rf"{_WORD}(?: {_WORD})*(?: {_NUMBER})?")
_TYPE = _words.source("{bodies}|") + _pattern.source("{left_types}|(?<!{cooperative} ){commune}")
_LEFT_TYPE = _words(rf"(?<![\w.])({_TYPE})(?: {{modifiers.words}})?[ \xa0]*\Z", re.IGNORECASE)
_BEFORE_NAME = frozenset(phrase.split()[-1].rstrip(".") for phrase in (*WORDS.types, *WORDS.bodies, *WORDS.modifiers))
_LAST_LETTERS = frozenset(letter for word in _BEFORE_NAME for letter in (word[-1], word[-1].upper())) | {"."}
_NOT_LETTERS = re.compile(r"[^\w]")
_LOOK_BACK = 28  # code points: the longest type word with its modifier
_PLURAL = _pattern(r"(?:{plural}|\d|{plural_types},?(?: {and})?)\s*\Z", re.IGNORECASE)
_NUMBERED = (
    (_pattern(rf"{{district_ends}}[ \xa0]?({_NUMBER})"), 1, "quận"),
    (_pattern(rf"{{ward_ends}}[ \xa0]?({_NUMBER})"), 1, "phường"),
    (re.compile(rf"Q(?:\.[ \xa0]?)?({_NUMBER})"), 0, "quận"),
    (re.compile(rf"P(?:\.[ \xa0]?)?({_NUMBER})"), 0, "phường"),
)
_NEXT = _pattern(
    rf"(?:,? {{and}} |, ?)(?:({_NUMBER})(?=[,.;)]| {{and}} | \(| {{behind_number}} |\n|\Z)|({_WORD}(?: {_WORD})*))"
)
_NAMES_FIRST = _pattern(rf"{{district_ends}}(?:,? {{district}})?:? (?:{_WORD}(?: {_WORD})*|{_NUMBER})(?=,| {{and}} )")
_LONGEST_LIST = 24
_SPOUSE = _pattern(r"(?<!\w){spouses} \Z", re.IGNORECASE)
_PROVINCES = _pattern(r"{province}(?:, ?| ?/ ?| {and} )\Z", re.IGNORECASE)
_TITLE = _pattern(r"{titles} \Z", re.IGNORECASE)
_GLUED = _pattern(r"(TP|Tp|TX|TT)(?=[{UPPER}][{LOWER}])")
_HYPHEN = re.compile(rf" ?[-–] ?({_WORD}(?: {_WORD})*)")
_SECOND = re.compile(r" (\w+)")
_GAPS = frozenset([", ", " và ", "; ", ", và ", " - ", " – ", " hoặc ", ",", " hay ", "; và ", " & "])
_HYPHENS = frozenset("-–")
_TYPED_ONLY = frozenset(map(name_key, WORDS.typed_only))


def type_before(text: str, start: int) -> tuple[str, int, bool] | None:
    """Type word in full that ends right before ``start``, where it begins, and whether it is a short form.

    >>> type_before("ở TX.Sơn Tây", 5), type_before("Hợp tác xã Tân Hòa", 11), type_before("xã biên giới Ea Bung", 13)
    (('thị xã', 2, True), None, ('xã', 0, False))
    """
    if start == 0 or text[start - 1 - (text[start - 1] in " \xa0")] not in _LAST_LETTERS:
        return None
    pieces = text[max(0, start - 10) : start].split()
    last = _NOT_LETTERS.split(pieces[-1].lower().rstrip("."))[-1] if pieces else ""
    if last not in _BEFORE_NAME:
        return None
    begin = max(0, start - _LOOK_BACK)
    m = _LEFT_TYPE.search(text[begin:start])
    if m is None:
        return None
    word = m[1].lower().replace("t x", "tx")
    if word in ("xã", "huyện") and _SPOUSE.search(text[max(0, begin + m.start() - 5) : begin + m.start()]):
        return None
    if word in WORDS.bodies:
        return WORDS.bodies[word], start, False
    kind = WORDS.types.get(word) or WORDS.types[word.rstrip(".")]
    return kind, begin + m.start(1), kind != word


class Scanner:
    """The state of one scan over one text."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self.text = text
        self.names = gazetteer.by_key
        self.first = gazetteer.first
        self.provinces = gazetteer.province_first
        self.found: list[Candidate] = []
        self._fit: dict[tuple[str, str], tuple[Unit, ...]] = {}  # a table names its places again and again

    def _fitting(self, key: str, kind: str) -> tuple[Unit, ...]:
        """The units of a name that a type word fits."""
        units = self._fit.get((key, kind))
        if units is None:
            units = self._fit[key, kind] = fitting(self.names.get(key, ()), kind)
        return units

    def scan(self) -> list[Candidate]:
        """All candidates in text order; they may overlap."""
        for run in RUN.finditer(self.text):
            self._run(*run.span(), run[0])
        self._numbered()
        self.found.sort(key=lambda c: (c.start, -c.end))
        return self.found

    def _numbered(self) -> None:
        """``quận 1``, ``Q.1``, ``các quận 1, 3 và 5``."""
        text = self.text
        for pattern, before, kind in _NUMBERED:
            for m in pattern.finditer(text):
                start = m.start() - before
                if text[start] not in "qQpP" or (
                    start
                    and (text[start - 1].isalnum() or text[start - 1] == "." or text[max(0, start - 2) : start] == "K ")
                ):
                    continue
                self._number(start, m.end(), m[1], kind)
                self._more_numbers(m.end(), kind)
        for m in _NAMES_FIRST.finditer(text):
            self._more_numbers(m.end(), "quận")

    def _more_numbers(self, at: int, kind: str) -> None:
        """The numbers in the rest of a list: ``các quận 1, Tân Bình, 10 và 11``."""
        for _ in range(_LONGEST_LIST):
            more = _NEXT.match(self.text, at)
            if more is None or (more[2] and more[2].split()[0] in TYPE_WORDS):
                return
            if more[1]:
                self._number(more.start(1), more.end(1), more[1], kind)
            at = more.end()

    def _number(self, start: int, end: int, digits: str, kind: str) -> None:
        name = str(int(digits))
        run = RUN.match(self.text, end + 1) if self.text[end : end + 1] == " " else None
        if run and fitting(self.names.get(name + name_key(run[0]), ()), kind):  # phường 2 Bảo Lộc
            name, end = f"{name} {run[0]}", run.end()
        units = fitting(self.names.get(name_key(name), ()), kind)
        if kind == "quận" and not units:  # quận 19 of Paris
            return
        found = self._add(start, end, name, kind, "typed", units)
        found.short = self.text[start] in "QP" and self.text[start + 1] not in "uUhH"

    def _add(self, start: int, end: int, name: str, kind: str | None, how: str, units: tuple[Unit, ...]) -> Candidate:
        plural = kind is not None and _PLURAL.search(self.text[max(0, start - 12) : start]) is not None
        found = Candidate(start, end, name, name_key(name), kind, how, units, plural)
        self.found.append(found)
        return found

    def _run(self, start: int, end: int, run: str) -> None:
        text = self.text
        before = type_before(text, start)
        near = bool(self.found) and start - self.found[-1].end < 8 and text[self.found[-1].end : start] in _GAPS
        if before is None and not may_hold_name(run, near) and text[end : end + 2].lstrip()[:1] not in _HYPHENS:
            return
        words = run.split(" ")
        if before and self._typed(before[0], before[1], start, words, before[2]):
            return
        if self._with_type_inside(start, words):
            return
        if len(words) > 2 and run.isupper():
            self._capitals(start, words)
        else:
            self._bare(start, run, words, near)

    def _with_type_inside(self, start: int, words: list[str]) -> bool:
        """A run that begins with a type word or holds one."""
        if words[0].startswith(SHORT_TYPES) and self._glued(start, words):
            return True
        return len(words) > 1 and not TYPE_WORDS.isdisjoint(words) and self._inner(start, words)

    def _glued(self, start: int, words: list[str]) -> bool:
        """``TPTuyên Quang``: the space after the type word is missing."""
        glued = _GLUED.match(words[0])
        if glued is None:
            return False
        rest = [words[0][glued.end() :], *words[1:]]
        return self._typed(WORDS.types[glued[1].lower()], start, start + glued.end(), rest, True)

    def _inner(self, start: int, words: list[str]) -> bool:
        """Type words inside a run of capitals (``UBND TP Hà Nội``, ``HUYỆN TỨ KỲ``)."""
        found = False
        at = start
        for i, word in enumerate(words[:-1]):
            low = word.lower()
            two = f"{low} {words[i + 1].lower()}"
            if two in WORDS.types and i + 2 < len(words):
                found |= self._typed(WORDS.types[two], at, at + len(two) + 1, words[i + 2 : i + 2 + LONGEST])
            elif low in WORDS.types and len(low) > 1:
                full = WORDS.types[low]
                found |= self._typed(full, at, at + len(low) + 1, words[i + 1 : i + 1 + LONGEST], low != full)
            at += len(word) + 1
        return found

    def _typed(self, kind: str, start: int, name_start: int, words: list[str], short: bool = False) -> bool:
        """A name behind its type word: listed, or, behind a full type word, the words as printed."""
        keys = [syllable_key(w) for w in words[:LONGEST]]
        for n in range(len(keys), 0, -1):
            if self._listed(kind, start, name_start, words, n, short):
                return True
        if kind in ("tỉnh", "thành phố", "đặc khu") or short or not may_be_name(words, keys):
            return False
        if keys[0] in WORDS.surnames and (len(words) > 2 or _TITLE.search(self.text[max(0, start - 16) : start])):
            return False
        name = " ".join(word for word in words if not word.isdigit())
        found = self._add(start, name_start + len(name), name, kind, "typed", ())
        found.other = self.names.get(found.key, ())
        found.odd = not is_vietnamese(keys)
        return True

    def _listed(self, kind: str, start: int, name_start: int, words: list[str], n: int, short: bool) -> bool:
        """Whether the first ``n`` words behind a type word are the name of a listed unit."""
        name = " ".join(words[:n])
        units = self._fitting("".join(map(syllable_key, words[:n])), kind)
        if kind == "thành phố" and self._of_provinces(start, name_start, name, units):
            return True
        if n == len(words):
            name, units = self._to_the_end(name_start + len(name), name, kind, units)
        province = kind == "tỉnh" and len(words) > n + 1  # UBND tỉnh Trà Vinh Đồng Văn Lâm
        if not units or (len(name) == 1 and short) or not (province or ends_name(words, n)):
            return False
        self._add(start, name_start + len(name), name, kind, "typed", units)
        return True

    def _to_the_end(self, end: int, name: str, kind: str, units: tuple[Unit, ...]) -> tuple[str, tuple[Unit, ...]]:
        """A name with what belongs to it behind the run that it fills: a second part, a last syllable."""
        joined = self._hyphen(end, name, kind)
        if joined is None and not units:
            joined = self._lower_end(end, name, kind)
        return joined or (name, units)

    def _of_provinces(self, start: int, name_start: int, name: str, cities: tuple[Unit, ...]) -> bool:
        """The first of a list of ``tỉnh, thành phố Quảng Ninh, Hải Phòng``: a province, no town."""
        if any(u.kind == "thành phố" for u in cities) or not _PROVINCES.search(self.text, max(0, start - 8), start):
            return False
        provinces = fitting(self.names.get(name_key(name), ()), "tỉnh")
        if provinces:
            self._add(name_start, name_start + len(name), name, "tỉnh", "list", provinces).plural = True
        return bool(provinces)

    def _lower_end(self, end: int, name: str, kind: str) -> tuple[str, tuple[Unit, ...]] | None:
        """A last syllable that lost its capital (``huyện Hương sơn``)."""
        m = _SECOND.match(self.text, end)
        units = fitting(self.names.get(name_key(name + m[0]), ()), kind) if m else ()
        return (name + m[0], units) if m and units else None

    def _hyphen(self, end: int, name: str, kind: str | None) -> tuple[str, tuple[Unit, ...]] | None:
        """A name of two parts joined by a hyphen (Bà Rịa - Vũng Tàu)."""
        if self.text[end : end + 2].strip()[:1] not in ("-", "–"):
            return None
        m = _HYPHEN.match(self.text, end)
        if m is None:
            return None
        parts = m[1].split(" ")[:LONGEST]
        for n in range(len(parts), 0, -1):
            second = " ".join(parts[:n])
            units = self.names.get(name_key(f"{name} {second}"), ())
            units = fitting(units, kind) if kind else units
            if units:
                return self.text[end - len(name) : m.start(1) + len(second)], units
        return None

    def _bare(self, start: int, run: str, words: list[str], near: bool) -> None:
        """A name without type word: it must fill its run of capitals, but for openers such as ``Sở Công Thương``."""
        if words[-1].isdigit() and name_key(run) not in self.names:  # Vĩnh Lộc 8 tỷ đồng
            words = words[:-1]
            run = " ".join(words)
        if self._behind_openers(start, start + len(run), words) or self._half(start, words):
            return
        if not self._no_comma(start, words) and near:
            keys = list(map(syllable_key, words))
            if may_be_name(words, keys) and is_vietnamese(keys):
                self._add(start, start + len(run), run, None, "list", ())

    def _behind_openers(self, start: int, end: int, words: list[str]) -> bool:
        """Whether a name fills the run, or what the words that may open it leave of it."""
        at = start
        for i, word in enumerate(words):
            key = syllable_key(word)
            if key in self.first and not word.isdigit() and self._name_to_end(at, end, words[i:]):
                return True
            if not self._opens(start, words, i, key) or (i == 0 and self._titled(start)):
                return False
            at += len(word) + 1
        return False

    def _name_to_end(self, at: int, end: int, words: list[str]) -> bool:
        """A listed name from ``at`` to the end of its run, or a province before the name of its official."""
        if len(words) > LONGEST:
            return False
        keys = list(map(syllable_key, words))
        whole = "".join(keys)
        units = self.names.get(whole)
        joined = self._hyphen(end, self.text[at:end], None)
        if joined and not (units and all(u.regime == "ended" for u in joined[1])):  # Quảng Nam - Đà Nẵng
            self._add(at, at + len(joined[0]), joined[0], None, "bare", joined[1])
            return True
        if units and (whole not in _TYPED_ONLY or self._beside_province(at, units)):
            self._add(at, end, self.text[at:end], None, "bare", units)
            return True
        return keys[0] in self.provinces and self._before_person(at, words)

    def _opens(self, start: int, words: list[str], i: int, key: str) -> bool:
        """Whether a word of a run may stand before a name: ``Sở``, or the letters behind it (``Sở TNMT Hà Nội``)."""
        if is_opener(key):
            return True
        word = words[i]
        if i + 1 == len(words) or len(word) < 2 or not word.isupper():
            return False
        if i:
            return words[i - 1].lower() in WORDS.lettered
        before = self.text[max(0, start - 8) : start].lower()
        return before.endswith("&") or before.strip().rpartition(" ")[2] in WORDS.lettered

    def _beside_province(self, at: int, units: tuple[Unit, ...]) -> bool:
        """Whether an alias that is no place by itself follows a province in a list: ``Đà Nẵng, Hồ Chí Minh``."""
        last = self.found[-1] if self.found else None
        if last is None or self.text[last.end : at] not in (", ", " và ") or units[0].code is None:
            return False
        return any(u.level == "province" for u in last.units)

    def _before_person(self, at: int, words: list[str]) -> bool:
        """A province before the name of its official: ``Bí thư Bình Dương Trần Văn Nam``."""
        for n in range(min(4, len(words) - 2), 1, -1):
            key = "".join(map(syllable_key, words[:n]))
            units = self.names.get(key, ())
            surname = words[n].lower()
            if (key, surname) == ("tháibình", "dương"):  # the ocean
                return False
            if any(u.level == "province" and u.regime != "ended" for u in units) and surname in WORDS.surnames:
                name = " ".join(words[:n])
                self._add(at, at + len(name), name, None, "bare", units)
                return True
        return False

    def _no_comma(self, start: int, words: list[str]) -> bool:
        """A district and its province without a comma between them: ``ở Ba Đình Hà Nội``."""
        n = district_before_province(words)
        if not n:
            return False
        lower, above = " ".join(words[:n]), " ".join(words[n:])
        end = start + len(lower)
        provinces = tuple(u for u in self.names[name_key(above)] if u.level == "province")
        self._add(start, end, lower, None, "bare", self.names[name_key(lower)])
        self._add(end + 1, end + 1 + len(above), above, None, "bare", provinces)
        return True

    def _titled(self, start: int) -> bool:
        """Whether a person's title stands before a run."""
        before = self.text[max(0, start - 8) : start].lower().split()
        return bool(before) and before[-1] in WORDS.persons

    def _half(self, start: int, words: list[str]) -> bool:
        """A province whose second syllable lost its capital (``Bình thuận``), behind a preposition or in a list."""
        word = words[0]
        if len(words) > 1:
            return False
        m = _SECOND.match(self.text, start + len(word)) if syllable_key(word) in self.provinces else None
        units = self.names.get(syllable_key(word) + syllable_key(m[1]), ()) if m else ()
        units = tuple(u for u in units if u.level == "province" and u.base != "Hòa Bình")  # hòa bình: peace
        before = self.text[max(0, start - 8) : start].lower().split()
        if m is None or not units or not before or (before[-1] not in WORDS.locative and before[-1][-1] != ","):
            return False
        self._add(start, m.end(), self.text[start : m.end()], None, "bare", units)
        return True

    def _capitals(self, start: int, words: list[str]) -> None:
        """A province or district at the beginning of a headline in capitals, or behind a preposition in it."""
        keys = [syllable_key(w) for w in words]
        at = start
        opening = True  # SỞ CÔNG THƯƠNG SƠN LA ...
        for i, word in enumerate(words):
            opening = opening and (i == 0 or keys[i - 1] in WORDS.openers)
            if opening or words[i - 1].lower() in WORDS.locative:
                for n in range(min(4, len(words) - i), 1, -1):
                    units = tuple(u for u in self.names.get("".join(keys[i : i + n]), ()) if u.level != "commune")
                    if units:
                        name = " ".join(words[i : i + n])
                        self._add(at, at + len(name), name, None, "bare", units)
                        break
            at += len(word) + 1
