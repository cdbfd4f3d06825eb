"""Proposes works and acts that have no kind word, generously: the decider accepts or refuses them.

"cầu Rạch Gốc" (an object that something identifies), "bê tông hóa 2,5 km đường" (an act, a measure, an object),
"hai cây cầu", "Bốn cây nữa" (counts), "…; tập huấn khởi sự, 85 triệu đồng" (the item of a list that a sum closes),
"“Nghiên cứu …”" (a title in quotes). The words are in grammar.toml.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache

from rules.layout import Layout, Span
from rules.project.counts import is_year, spelt_number
from rules.project.lexicon import kinds, words
from rules.project.mention import Candidate, sentence_around
from rules.project.names import OPENING, name_end, quoted, trim
from rules.project.phrases import is_generic, is_quoted_name
from rules.project.tokens import PhraseLists, Phrases, Tokens, phrases

_DASHES = frozenset("•–-+*")
_OPENING = re.compile("[" + OPENING.replace("'", "") + "]")
_FIGURE = re.compile(r"\d{1,3}(?:\.\d{3})?\Z|\d{1,4}\Z")
_LABEL = 14  # tokens of an item before its sum
_TELLS = 5  # tokens behind an object among which a capital or a number tells which one is meant
_LONGEST = 60  # tokens of a name
_QUOTED = 40  # words of a title in quotes
_SPELT = frozenset(words("grammar", "spelt"))
_NO_COUNT = frozenset(words("grammar", "no_count"))
_OPENS_ITEM = frozenset(words("grammar", "opens_item"))
_LINKS = frozenset(words("grammar", "links"))
_ABOUT = frozenset(words("grammar", "about"))
_UNITS = frozenset(words("grammar", "units"))
_SENTENCE = frozenset(words("grammar", "sentence"))


@cache
def _kinds() -> Phrases:
    return Phrases(kinds())


@cache
def _lists() -> PhraseLists:
    """What something may be proposed at."""
    lists = {key: words("grammar", key) for key in ("protected", "objects", "classifiers")}
    return PhraseLists({"kind": kinds(), **lists})


class Works:
    """The proposals of one document."""

    def __init__(self, layout: Layout, tokens: Tokens, sums: Sequence[Span]) -> None:
        self.layout, self.tokens = layout, tokens
        self.sums = sums
        self._starts = [start for start, _ in sums]
        self._kind = _kinds()
        self._verb = phrases("works", "verbs")
        self._turns = _kinds().first_words | self._verb.first_words
        self._hits = _lists().find(tokens.lower)
        self._object, self._act = phrases("grammar", "objects"), phrases("grammar", "acts")
        self._tail = phrases("grammar", "tails")
        self._plain = phrases("grammar", "plain_acts")
        self._classifier, self._pointing = phrases("grammar", "classifiers"), phrases("grammar", "pointing")

    def find(self, heads: Sequence[Candidate] = ()) -> list[Candidate]:
        """All proposals in text order; they may overlap. ``heads`` are the mentions behind kind words found before."""
        found = [*self._objects(), *self._items(), *self._quotes(), *self._loose(heads)]
        return sorted(found, key=lambda c: (c.start, -c.end, c.rule))

    def _limit(self, at: int) -> int:
        """Where a name that begins at ``at`` ends at the latest: the next sum, or the end of its sentence."""
        last = sentence_around(self.layout, at)[1]
        i = bisect_right(self._starts, at)
        return min(last, self._starts[i]) if i < len(self._starts) else last

    # --- objects ---------------------------------------------------------------------------------------------------

    def _objects(self) -> list[Candidate]:
        found: list[Candidate] = []
        after = 0
        for i, sizes in self._hits.items():
            if i < after:
                continue
            if skip := sizes.get("protected") or sizes.get("kind"):
                after = i + skip
                continue
            size = sizes.get("objects", 0)
            if counted := self._counted(i, size, sizes.get("classifiers", 0)):
                found.append(counted)
            if size:
                after = i + size
                if single := self._single(i, size):
                    found.append(single)
        return found

    def _single(self, i: int, size: int) -> Candidate | None:
        lower, after = self.tokens.lower, i + size
        if after >= len(lower) or not self._identified(after) or (i and self._number_before(i) is not None):
            return None
        start, rule = self._with_act(i)
        name = self._name(start, after) if start >= 0 else None
        if name is None:
            return None
        begin = self.tokens.starts[start]
        return Candidate(begin, name[1], "cong_trinh", "work", rule, name)

    def _identified(self, i: int) -> bool:
        """Whether the token behind an object may tell which one is meant: a capital or a number is near, or a sum."""
        tokens, token = self.tokens, self.tokens.lower[i]
        if token not in '“"(' and (token in _SENTENCE or not token[0].isalnum()):
            return False
        if tokens.telling(i, i + _TELLS):
            return True
        first, last = sentence_around(self.layout, tokens.starts[i])
        return bisect_left(self._starts, last) > bisect_left(self._starts, first)

    def _with_act(self, i: int) -> tuple[int, str]:
        """The token with which the mention begins: an act before the object, over a measure, or the object itself."""
        lower, at = self.tokens.lower, i
        measured = False
        if at >= 2 and lower[at - 1] in _UNITS and (lower[at - 2][0].isdigit() or lower[at - 2] in _SPELT):
            at, measured = at - 2, True
        elif at >= 1 and re.fullmatch(r"\d[\d.,]*", lower[at - 1]):
            return i, "project.work.noun"
        while measured and at and lower[at - 1] in _ABOUT:
            at -= 1
        size = self._act.ends_at(lower, at)
        if not size:
            return (-1, "") if measured else (i, "project.work.noun")  # "768 km kênh mương": a quantity only
        kept = measured or self.tokens.capital(at - size) or self._plain.length(lower, at - size) != size
        first = at - size
        while first > 2 and lower[first - 1] in (",", "và") and (more := self._act.ends_at(lower, first - 1)):
            first -= more + 1
            kept = True
        if not kept:
            return i, "project.work.built"
        return first, "project.work.measured" if measured else "project.work.act"

    def _name(self, start: int, after: int) -> Span | None:
        """The name from token ``start`` on; at least one word behind the object, which ends before token ``after``."""
        text, begin = self.layout.text, self.tokens.starts[start]
        limit = self._limit(begin)
        if self.tokens.ends[after - 1] > limit:
            return None
        limit = self._cut(after, limit)
        end = name_end(text, begin, limit, official=text[begin].isupper())
        floor = self.tokens.ends[after - 1]
        if end <= floor:  # "trường tại Dục Nông": the place tells which
            following = self.tokens.starts[after]
            if following >= limit:
                return None
            skip = after + 1 if not self.tokens.capital(after) and after + 1 < len(self.tokens.starts) else after
            at = self.tokens.starts[skip]
            end = name_end(text, at, limit, official=True) if at < limit else floor
        name = trim(text, (begin, self._proper_end(after, end)))
        return name if name[1] > floor else None

    def _proper_end(self, after: int, end: int) -> int:
        """``end``, or where the proper name behind an object is over ("cầu Kinh Hội | dự trù"), and before "và" with
        another object that has a proper name."""
        tokens = self.tokens
        last = -1
        k = after
        while k < len(tokens.starts) and tokens.starts[k] < end:
            word = tokens.lower[k]
            if word == "và" and last >= 0 and k + 1 < len(tokens.lower) and self._object.length(tokens.lower, k + 1):
                return tokens.ends[k - 1]
            if k > after and self._classifier.length(tokens.lower, k) and self._object.length(tokens.lower, k + 1):
                return tokens.ends[k - 1]  # "đường đẹp hay nhắc | con đường …"
            if tokens.capital(k) or word[0].isdigit():
                last = k
            elif last >= 0 and word[0].isalpha() and word not in _LINKS:
                tail = self._tail.length(tokens.lower, k)
                return tokens.ends[k + tail - 1] if tail else tokens.ends[k - 1]
            k += 1
        return end

    def _cut(self, i: int, limit: int) -> int:
        """``limit``, or where behind token ``i`` a kind word, a verb of building or the next of a list stands."""
        tokens, lower = self.tokens, self.tokens.lower
        for k in range(i, min(tokens.at(limit), i + _LONGEST)):
            word = lower[k]
            if word in self._turns and (self._kind.length(lower, k) or self._verb.length(lower, k)):
                return tokens.starts[k]
            if word == "," and k + 1 < len(lower) and self._object.length(lower, k + 1):
                return tokens.starts[k]
        return limit

    def _sum_in(self, start: int, end: int) -> bool:
        i = bisect_right(self._starts, start)
        return i < len(self._starts) and self._starts[i] < end

    # --- counts ----------------------------------------------------------------------------------------------------

    def _number_before(self, i: int) -> tuple[int, int] | None:
        """The count that ends before token ``i``: its first token and its value."""
        lower = self.tokens.lower
        if i and lower[i - 1][0].isdecimal() and _FIGURE.match(lower[i - 1]):
            value = int(lower[i - 1].replace(".", ""))
            return (i - 1, value) if value and not (i > 1 and lower[i - 2] in _NO_COUNT) else None
        first = i
        while first and first > i - 3 and lower[first - 1] in _SPELT:
            first -= 1
        if first == i or is_year(lower[max(0, first - 1) : i]):
            return None
        try:
            value = spelt_number(" ".join(lower[first:i]))
        except (KeyError, IndexError):
            return None
        return (first, value) if value else None

    def _counted(self, i: int, size: int, classed: int) -> Candidate | None:
        """ "hai cây cầu", "11 hồ", "Bốn cây nữa": a count before an object of ``size`` tokens, or before a classifier
        of ``classed`` that points."""
        lower, at = self.tokens.lower, i
        if size:
            classed = self._classifier.ends_at(lower, at)
            number = self._number_before(at)
            if number is None and classed:
                number = self._number_before(at - classed)
            if number is None or number[1] < 2:
                return None
            return self._group(number, i, i + size)
        number = self._number_before(i) if classed else None
        if number is None or number[1] < 2 or i + classed >= len(lower):
            return None
        if not self._pointing.length(lower, i + classed):
            return None
        begin, end = self.tokens.starts[number[0]], self.tokens.ends[i + classed]
        return Candidate(begin, end, "cong_trinh", "counted", "project.work.pointing", None, number[1])

    def _group(self, number: tuple[int, int], noun: int, after: int) -> Candidate:
        text, begin = self.layout.text, self.tokens.starts[number[0]]
        from_, floor = self.tokens.starts[noun], self.tokens.ends[after - 1]
        end = max(floor, name_end(text, from_, max(floor, self._limit(begin)), counted=True))
        name: Span | None = trim(text, (from_, end))
        return Candidate(
            begin, end, "cong_trinh", "counted", "project.work.count", name if end > floor else None, number[1]
        )

    # --- items -----------------------------------------------------------------------------------------------------

    def _items(self) -> list[Candidate]:
        """What stands between the beginning of an item and its sum."""
        found: list[Candidate] = []
        taken = -1
        for at, _ in self.sums:
            begin = self._item_begin(at)
            if begin is None or begin <= taken:
                continue
            taken = begin
            if c := self._item(begin, at):
                found.append(c)
        return found

    def _item_begin(self, at: int) -> int | None:
        """The first token of the item that the sum at ``at`` closes: behind a separator or at a line's beginning."""
        tokens, i = self.tokens, self.tokens.at(at) - 1
        first = sentence_around(self.layout, at)[0]
        floor = max(0, i - 30)
        depth = 0
        while i >= floor and tokens.starts[i] >= first:
            mark = tokens.lower[i]
            if mark == ")":
                depth += 1
            elif mark == "(" and depth:
                depth -= 1
            elif depth == 0 and self._separates(i, at):
                return i + 1
            i -= 1
        return i + 1 if i + 1 < len(tokens.starts) and (i < 0 or tokens.starts[i] < first) else None

    def _separates(self, i: int, at: int) -> bool:
        """Whether an item may begin behind token ``i``: a dash only at the beginning of a line, a colon not between a
        name and its sum at ``at``."""
        mark, start = self.tokens.lower[i], self.tokens.starts[i]
        if mark in _DASHES:
            return start == self.layout.paragraphs[self.layout.paragraph_at(at)][0]
        return mark in (";", "|") or (mark == ":" and i + 6 <= self.tokens.at(at))

    def _item(self, i: int, at: int) -> Candidate | None:
        text, tokens = self.layout.text, self.tokens
        while i < len(tokens.lower) and (tokens.lower[i] in "+*•–-)." or tokens.lower[i] in _OPENS_ITEM):
            i += 1
        if i >= len(tokens.starts) or tokens.starts[i] >= at:
            return None
        if tokens.lower[i][0].isdigit():
            if i + 1 < len(tokens.lower) and tokens.lower[i + 1] in ".)":
                i += 2
            if i >= len(tokens.starts) or tokens.starts[i] >= at or tokens.lower[i][0].isdigit():
                return None
        if self._kind.length(tokens.lower, i) or self._object.length(tokens.lower, i):
            return None
        act = self._act.length(tokens.lower, i)
        begin = tokens.starts[i]
        if not act and self._cut(i, at) < at:
            return None
        name = trim(text, (begin, name_end(text, begin, self._limit(begin), official=text[begin].isupper())))
        if name[1] <= name[0] or tokens.at(name[1]) - i > (40 if act else _LABEL):
            return None
        return Candidate(*name, "de_an", "item", "project.work.entry" if act else "project.work.label", name)

    # --- kind words that the stricter rules leave ---------------------------------------------------------------------

    def _loose(self, heads: Sequence[Candidate]) -> list[Candidate]:
        """Counts and names behind kind words where ``heads`` has none."""
        tokens, text = self.tokens, self.layout.text
        spans = sorted((c.start, c.end) for c in heads if c.form != "back")
        begins = [start for start, _ in spans]
        found: list[Candidate] = []
        for i, sizes in self._hits.items():
            if size := sizes.get("kind"):
                at = tokens.starts[i]
                k = bisect_right(begins, at) - 1
                if (k < 0 or spans[k][1] <= at) and (c := self._loose_at(i, i + size, text)):
                    found.append(c)
        return found

    def _loose_at(self, i: int, after: int, text: str) -> Candidate | None:
        tokens, lower = self.tokens, self.tokens.lower
        kind = kinds()[" ".join(lower[i:after])]
        first = i - (i > 0 and lower[i - 1] == "tiểu")
        number = self._number_before(first)
        while after + 1 < len(lower) and lower[after] in (",", "và") and self._kind.length(lower, after + 1):
            after += 1 + self._kind.length(lower, after + 1)
        begin = tokens.starts[after] if after < len(lower) else len(text)
        limit = self._limit(tokens.starts[i])
        name: Span | None = None
        official = begin < limit and text[begin].isupper()
        if begin < limit and text[begin].isalnum():
            name = trim(text, (begin, name_end(text, begin, limit, official, True, number is not None)))
            name = None if name[0] == name[1] or is_generic(text[slice(*name)], number is not None) else name
        end = name[1] if name else tokens.ends[after - 1]
        if number and number[1] > 1:
            rule = "project.loose.counted"
            return Candidate(tokens.starts[number[0]], end, kind, "counted", rule, name, number[1])
        if name is None:
            return None
        return Candidate(tokens.starts[first], end, kind, "official" if official else "plain", "project.loose", name)

    def _quotes(self) -> list[Candidate]:
        """Titles in quotes that begin with a capital and have three words or more."""
        text, found, end = self.layout.text, [], 0
        for m in _OPENING.finditer(text):
            at = m.start()
            if at < end:
                continue
            if at + 1 >= len(text) or not text[at + 1 : at + 3].strip()[:1].isupper():
                continue
            q = quoted(text, at, sentence_around(self.layout, at)[1])
            if q is None:
                continue
            end = q[1]
            phrase = text[slice(*q[0])]
            speech = (
                phrase[-1] in ".!?"
                or self._kind.length(self.tokens.lower, self.tokens.at(at + 1))
                or self._sum_in(at, end)
            )
            if 3 <= len(phrase.split()) <= _QUOTED and not speech and is_quoted_name(phrase):
                found.append(Candidate(at, q[1], "de_an", "quoted", "project.work.quote", q[0]))
        return found
