"""The tables of some documents -> one mention a row of ``projects``.

It runs where documents are extracted, while their texts are at hand; see :class:`pipeline.gather.mention.Mention`.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from operator import itemgetter
from typing import Any, Generic, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.gather.mention import Mention, to_table
from pipeline.gather.words import (
    ADJUSTED,
    AGENCY,
    COUNT,
    RELATIVE,
    SETTLED,
    WORDS,
    is_named,
    key,
    pairs_of_text,
    proper_names,
    sites,
    specific,
)
from rules.place import gazetteer

Row = Mapping[str, Any]
Span = tuple[int, int]
T = TypeVar("T")

SUMS = ("total_vnd", "support_vnd", "counterpart_vnd")
_READ = {
    "amounts": ["doc_id", "start", "end", "value_vnd", "qualifier", "project_id"],
    "beneficiaries": ["doc_id", "kind", "name", "project_id"],
    "locations": [
        "doc_id", "start", "end", "level", "name", "code", "status", "province_code", "current_province_code",
        "project_id",
    ],
}  # fmt: skip
_REFORM = date(2025, 7, 1)
_REACH = 1500  # code points that a report is taken to spend on one undertaking among several
_BEFORE, _AFTER = 90, 40  # code points around a sum in which it is said to be settled or adjusted
_PEOPLE = ("person", "household", "worker")  # named as an example, or as the owner of a receiver
_SHOUTED = 0.6  # share of capitals in a headline whose capitals mean nothing
_MOST_KEYS = 400
_MANY = 50  # undertakings of a report whose names and districts say nothing of each of them
_SHORT, _FEW = 2, 3  # own words of a name that says little; undertakings of a report that is about each of them


def describe(tables: Mapping[str, pa.Table]) -> pa.Table:
    """Mentions of all undertakings in ``tables`` (documents, sentences and the tables of facts), in their order."""
    projects = _by_document(tables["projects"])
    wanted = pa.array(sorted(projects), pa.string())
    facts = {}
    for name, columns in _READ.items():
        rows = tables[name].select(columns)
        facts[name] = _by_document(rows.filter(pc.is_in(rows["doc_id"], wanted)))
    documents = tables["documents"].filter(pc.is_in(tables["documents"]["doc_id"], wanted))
    sentences: defaultdict[str, list[Span]] = defaultdict(list)
    spans = tables["sentences"].select(["doc_id", "start", "end"])
    spans = spans.filter(pc.is_in(spans["doc_id"], wanted))
    for doc_id, start, end in zip(*(column.to_pylist() for column in spans.columns), strict=True):
        sentences[doc_id].append((start, end))
    found = []
    for document in documents.to_pylist():
        doc_id = document["doc_id"]
        own = {name: rows.get(doc_id, []) for name, rows in facts.items()}
        report = _Report(document, sentences[doc_id], own)
        found += report.mentions(projects[doc_id])
    return to_table(found)


def _by_document(table: pa.Table) -> dict[str, list[Row]]:
    return _by(table.to_pylist(), "doc_id")


def _by(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def _outside(names: Iterable[tuple[int, int, str]], units: Sequence[Span]) -> Iterator[tuple[int, str]]:
    """Start and name of those that share no letter with one of the spans."""
    covered: list[Span] = []
    for first, last in sorted(units):
        if covered and first <= covered[-1][1]:
            covered[-1] = covered[-1][0], max(last, covered[-1][1])
        else:
            covered.append((first, last))
    for start, end, name in names:
        place = bisect_left(covered, (end,)) - 1
        if place < 0 or covered[place][1] <= start:
            yield start, name


def _is_shouted(sentence: str) -> bool:
    return sum(map(str.isupper, sentence)) >= _SHOUTED * max(1, sum(map(str.isalpha, sentence)))


class _Along(Generic[T]):
    """What stands where in a text."""

    def __init__(self, found: Iterable[tuple[int, T]]) -> None:
        ordered = sorted(found, key=itemgetter(0))
        self._starts = [start for start, _ in ordered]
        self.values = [value for _, value in ordered]

    def within(self, span: Span) -> set[T]:
        """All that begins in a part of the text."""
        return set(self.values[bisect_left(self._starts, span[0]) : bisect_left(self._starts, span[1])])


class _Report:
    """One document with its facts."""

    def __init__(self, document: Row, sentences: Sequence[Span], facts: Mapping[str, list[Row]]) -> None:
        self._document, self._text = document, document["text"]
        self._linked = {name: _by(rows, "project_id") for name, rows in facts.items()}
        self._sentences = sorted(sentences)
        self._starts = [start for start, _ in self._sentences]
        self._places = _Places(facts["locations"], document)
        self._districts = self._places.districts
        units = [(row["start"], row["end"]) for row in facts["locations"] if row["level"] != "commune"]
        self._names = _Along([(start, key(name)) for start, name in _outside(self._proper(), units)])
        self._figures = _Along([(row["start"], row["value_vnd"]) for row in facts["amounts"]])
        self._firm_words = [m.span() for m in chain(SETTLED.finditer(self._text), ADJUSTED.finditer(self._text))]
        self._firm_words.sort()
        self._all_names = tuple(sorted(set(self._names.values))[:_MOST_KEYS])
        self._headed = sites(document["title"] or "")

    def _proper(self) -> Iterable[tuple[int, int, str]]:
        for start, end in self._sentences:
            sentence = self._text[start:end]
            if (names := list(proper_names(sentence))) and not _is_shouted(sentence):
                for first, last, name in names:
                    yield start + first, start + last, name

    def mentions(self, projects: Sequence[Row]) -> list[Mention]:
        self._few = len(projects) <= _FEW
        if len(projects) > _MANY:
            self._all_names = self._districts = ()
        ordered = sorted(projects, key=lambda row: (row["start"], row["project_id"]))
        return [self._mention(row, scope) for row, scope in zip(ordered, self._scopes(ordered), strict=True)]

    def _scopes(self, projects: Sequence[Row]) -> list[Span]:
        """The part of the text that tells of each undertaking: from its sentence, or from its mention where another
        one stands before it there, to the next one's."""
        if len(projects) == 1:
            return [(0, len(self._text))]
        begins: list[int] = []
        taken = -1
        for row in projects:
            sentence = self._sentence(row["start"])
            begins.append(row["start"] if taken == sentence else self._starts[sentence] if self._starts else 0)
            taken = sentence
        ends = [*begins[1:], len(self._text)]
        begins[0] = 0
        return [(begin, min(end, begin + _REACH)) for begin, end in zip(begins, ends, strict=True)]

    def _sentence(self, offset: int) -> int:
        return max(0, bisect_right(self._starts, offset) - 1)

    def _mention(self, row: Row, scope: Span) -> Mention:
        document = self._document
        linked = {name: rows.get(row["project_id"], []) for name, rows in self._linked.items()}
        amounts = linked["amounts"]
        places = self._places.of(linked["locations"])
        told = self._text[slice(*scope)]
        figures = self._figures.within(scope) | {a["value_vnd"] for a in amounts}
        receivers = {b["name"] for b in linked["beneficiaries"] if b["kind"] not in _PEOPLE}
        return Mention(
            **{name: row[name] for name in _COPIED},
            source=document["source"],
            listing=document["source"].rpartition("#")[0] if row["rule"].startswith("table.") else "",
            published=document["published"],
            year_told=self._year_told(row),
            firm=self._firm(row, amounts),
            rounded=tuple(name for name in SUMS if row[name] is not None and _rounded(row[name], amounts)),
            home=places.home,
            province_code=places.province,
            districts=places.districts,
            report_districts=self._districts,
            communes=places.communes,
            current_communes=places.current,
            sites=self._sites(row),
            receivers=tuple(sorted(name for name in receivers if name and is_named(name))),
            told=self._told(row, scope),
            names=tuple(sorted(self._names.within(scope))[:_MOST_KEYS]),
            report_names=self._all_names,
            sums=tuple(sorted(figure for figure in figures if figure)),
            counts=tuple(sorted({f"{number} {noun}" for number, noun in COUNT.findall(told)})),
            agency=bool(document["agency"]) or bool(document["byline"] and AGENCY.match(document["byline"])),
        )

    def _told(self, row: Row, scope: Span) -> tuple[int, ...]:
        """Pairs of words of the scope, or of the whole report where the name alone says little ("giai đoạn 1")."""
        short = len(specific(row["name"] or "")) < _SHORT and self._few
        return tuple(sorted(pairs_of_text(self._text if short else self._text[slice(*scope)]))[:_MOST_KEYS])

    def _sites(self, row: Row) -> tuple[str, ...]:
        named = sites(row["name"] or "") or sites(row["text"])
        if not named:
            told = (sites(self._text[slice(*self._around(row["start"]))]), self._headed)
            named = next((found for found in told if len(found) == 1), frozenset())
        return tuple(sorted(named))

    def _year_told(self, row: Row) -> int | None:
        published = self._document["published"]
        if published is None or not self._sentences:
            return None
        start, end = self._sentences[self._sentence(row["start"])]
        said = list(RELATIVE.finditer(self._text[start : row["start"]].lower()))
        last = said[-1] if said else RELATIVE.search(self._text[row["start"] : end].lower())
        return published.year + WORDS["relative_years"][last[0]] if last else None

    def _firm(self, row: Row, amounts: Sequence[Row]) -> tuple[str, ...]:
        """Columns whose figure is said to be settled or adjusted."""
        told = [name for name in SUMS if row[name] is not None and self._is_firm(row[name], amounts)]
        if row["n_projects"] > 1 and ADJUSTED.search(self._text[slice(*self._around(row["start"]))]):
            told.append("n_projects")
        return tuple(told)

    def _is_firm(self, figure: int, amounts: Sequence[Row]) -> bool:
        for a in amounts if self._firm_words else ():
            if a["value_vnd"] == figure:
                first, last = self._around(a["start"])
                first, last = max(first, a["start"] - _BEFORE), min(last, a["end"] + _AFTER)
                begin = bisect_left(self._firm_words, (first, first))
                if any(end <= last for _, end in self._firm_words[begin : begin + 2]):
                    return True
        return False

    def _around(self, offset: int) -> Span:
        return self._sentences[self._sentence(offset)] if self._sentences else (0, len(self._text))


_COPIED = (
    "project_id", "doc_id", "start", "parent_id", "name", "kind", "programme", "year", "n_projects", "n_beneficiaries",
    "text", *SUMS,
)  # fmt: skip


def _rounded(figure: int, amounts: Sequence[Row]) -> bool:
    told = [a["qualifier"] for a in amounts if a["value_vnd"] == figure]
    return bool(told) and "exact" not in told


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an undertaking lies, in units before and since July 2025."""

    districts: tuple[str, ...]
    communes: tuple[str, ...]
    current: tuple[str, ...]
    province: str | None
    home: str


class _Places:
    """Units of one report."""

    def __init__(self, every: Sequence[Row], document: Row) -> None:
        self._new = document["published"] is not None and document["published"] >= _REFORM
        self._province: str | None = document["province_code"]
        self.districts = tuple(sorted({row["code"] for row in every if row["level"] == "district" and row["code"]}))

    def of(self, own: Sequence[Row]) -> _Place:
        """Where an undertaking lies that has these rows of ``locations``."""
        units = gazetteer.load()
        known = [row for row in own if row["status"] == "resolved" and row["code"]]
        districts: set[str] = set()
        communes: set[str] = set()
        current: set[str] = set()
        for row in known:
            legacy = units.legacy.get(row["code"])
            if legacy is not None and legacy.name != row["name"]:
                legacy = None
            if row["level"] == "district":
                districts.add(row["code"])
            elif row["level"] == "commune" and legacy is not None and not (self._new and row["code"] in units.current):
                communes.add(row["code"])
                current.update(legacy.now)
                districts.add(_above(legacy))
            elif row["level"] == "commune" and row["code"] in units.current:
                current.add(row["code"])
                districts |= _districts_of(row["code"])
        provinces = {row["province_code"] for row in known if row["province_code"]}
        province = provinces.pop() if len(provinces) == 1 else self._province
        homes = {row["current_province_code"] for row in known if row["current_province_code"]}
        holder = units.legacy[province].holder if province in units.legacy else None
        home: str = homes.pop() if len(homes) == 1 else (holder.code or "") if holder else ""
        return _Place(tuple(sorted(districts)), tuple(sorted(communes)), tuple(sorted(current)), province, home)


def _above(unit: gazetteer.Unit) -> str:
    return (unit.parent.code if unit.parent is not None else None) or ""


def _districts_of(code: str) -> set[str]:
    """Legacy districts whose communes a current commune holds."""
    return _homes_of_communes().get(code, set())


_districts: dict[str, set[str]] = {}


def _homes_of_communes() -> dict[str, set[str]]:
    if not _districts:
        for unit in gazetteer.load().legacy.values():
            for now in unit.now:
                _districts.setdefault(now, set()).add(_above(unit))
    return _districts
