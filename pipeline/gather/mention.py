"""One mention of an undertaking, with all that comparing and choosing need: no text has to be read again."""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import pyarrow as pa

_STRING, _STRINGS, _KEYS = pa.string(), pa.list_(pa.string()), pa.list_(pa.uint32())
_LONG = pa.int64()


@dataclass(slots=True, eq=False)
class Mention:
    """A row of ``projects`` as the comparison sees it. Sums in dong; keys are :func:`pipeline.gather.words.key`."""

    project_id: str
    doc_id: str
    source: str
    listing: str
    """the file of a row of a table that is cut into several documents, else """ ""
    published: date | None
    start: int
    parent_id: str | None
    name: str | None
    kind: str
    programme: str | None
    year: int | None
    """as printed"""
    year_told: int | None
    """year of the undertaking's news: "năm ngoái" and the like, by the date of the report"""
    n_projects: int
    n_beneficiaries: int | None
    total_vnd: int | None
    support_vnd: int | None
    counterpart_vnd: int | None
    firm: tuple[str, ...]
    """columns whose figure is said to be settled or adjusted, n_projects among them"""
    rounded: tuple[str, ...]
    """columns whose figure is said to be about, over, nearly"""
    home: str
    """current province, "" where it is not known"""
    province_code: str | None
    districts: tuple[str, ...]
    report_districts: tuple[str, ...]
    """districts that the report names, of whatever undertaking"""
    communes: tuple[str, ...]
    current_communes: tuple[str, ...]
    sites: tuple[str, ...]
    """hamlets of its name, else the only one of its sentence or the headline"""
    receivers: tuple[str, ...]
    text: str
    """the mention as it is printed"""
    told: Sequence[int]
    """pairs of words in the part of the report that tells of it, in order"""
    names: Sequence[int]
    """pairs of capitalised words there"""
    report_names: Sequence[int]
    """the same in the whole report"""
    sums: tuple[int, ...]
    """sums in dong there, of whatever role"""
    counts: tuple[str, ...]
    """other figures there, with the word behind them: "21 hộ" """
    agency: bool
    """whether an agency tells it, not a newspaper"""

    @property
    def figures(self) -> set[int]:
        """Its sums in dong, and those beside it."""
        return {*self.sums, *filter(None, (self.total_vnd, self.support_vnd, self.counterpart_vnd))}

    def tells(self, words: Collection[int]) -> list[int]:
        """Those of some pairs of words that the part of the report has which tells of it."""
        told, found = self.told, []
        for word in words:
            place = bisect_left(told, word)
            if place < len(told) and told[place] == word:
                found.append(word)
        return found


MENTIONS = pa.schema(
    [
        pa.field("project_id", _STRING, False),
        pa.field("doc_id", _STRING, False),
        pa.field("source", _STRING, False),
        pa.field("listing", _STRING, False),
        pa.field("published", pa.date32()),
        pa.field("start", pa.int32(), False),
        pa.field("parent_id", _STRING),
        pa.field("name", _STRING),
        pa.field("kind", _STRING, False),
        pa.field("programme", _STRING),
        pa.field("year", pa.int16()),
        pa.field("year_told", pa.int16()),
        pa.field("n_projects", pa.int32(), False),
        pa.field("n_beneficiaries", pa.int32()),
        pa.field("total_vnd", _LONG),
        pa.field("support_vnd", _LONG),
        pa.field("counterpart_vnd", _LONG),
        pa.field("firm", _STRINGS, False),
        pa.field("rounded", _STRINGS, False),
        pa.field("home", _STRING, False),
        pa.field("province_code", _STRING),
        pa.field("districts", _STRINGS, False),
        pa.field("report_districts", _STRINGS, False),
        pa.field("communes", _STRINGS, False),
        pa.field("current_communes", _STRINGS, False),
        pa.field("sites", _STRINGS, False),
        pa.field("receivers", _STRINGS, False),
        pa.field("text", _STRING, False),
        pa.field("told", _KEYS, False),
        pa.field("names", _KEYS, False),
        pa.field("report_names", _KEYS, False),
        pa.field("sums", pa.list_(_LONG), False),
        pa.field("counts", _STRINGS, False),
        pa.field("agency", pa.bool_(), False),
    ]
)
"""The same as a table."""

_FIELDS = tuple(field.name for field in fields(Mention))
_PACKED = tuple(field.name for field in MENTIONS if field.type == _KEYS)


def to_table(mentions: list[Mention]) -> pa.Table:
    columns = {name: [getattr(mention, name) for mention in mentions] for name in _FIELDS}
    return pa.Table.from_pydict(columns, schema=MENTIONS)


def from_table(table: pa.Table) -> Iterator[Mention]:
    """The mentions of a table, in its order."""
    for row in table.to_pylist():
        yield from_row(row)


def from_row(row: Mapping[str, Any]) -> Mention:
    values: dict[str, Any] = {n: tuple(row[n]) if isinstance(row[n], list) else row[n] for n in _FIELDS}
    values |= {name: array("I", values[name]) for name in _PACKED}
    return Mention(**values)


def order(mention: Mention) -> tuple[bool, date, str, int, str]:
    """Sorts mentions by the date of their reports, those without one last; never by how they arrived."""
    undated = mention.published is None
    return undated, mention.published or date.min, mention.source, mention.start, mention.project_id
