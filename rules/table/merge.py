"""Tables and prose of one document together: each undertaking once, each sum with the one that it belongs to."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from rules.beneficiary import Beneficiary
from rules.layout import Layout, Span
from rules.link import Links, Record
from rules.money import Amount
from rules.place import Place
from rules.project import Project
from rules.table import units
from rules.table.findings import BEFORE, Findings, Work
from rules.table.places import Sites
from rules.table.words import fold, pattern, syllables

_SHORTEST = 3  # syllables of a name by which the prose may mean a row of a table


@dataclass(frozen=True, slots=True)
class Prose:
    """What the rules for prose found outside of the tables, with their links."""

    amounts: Sequence[Amount]
    locations: Sequence[Place]
    projects: Sequence[Project]
    beneficiaries: Sequence[Beneficiary]
    links: Links


@dataclass(frozen=True, slots=True)
class Joined:
    """All facts of a document in text order."""

    amounts: list[Amount]
    locations: list[Place]
    projects: list[Project]
    beneficiaries: list[Beneficiary]
    links: Links
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Entry:
    """An undertaking on its way: ``parent`` is another entry."""

    project: Project
    record: Record
    parent: "_Entry | None" = None


def join(layout: Layout, tables: Sequence[Findings], prose: Prose, sites: Sites, offsets: Sequence[int]) -> Joined:
    """Lay the tables beside the prose. ``offsets`` are the numbers of the first work of each table in ``sites``."""
    told = _told(layout, tables, prose)
    of_prose = [e for e in told if e is not None]
    entries = list(of_prose)
    owners = [_entries(found, of_prose, entries) for found in tables]  # by table, the entry of each of its works
    _date_groups(entries)
    return _Numbered(layout, tables, told, owners, offsets, entries).joined(prose, sites)


def _told(layout: Layout, tables: Sequence[Findings], prose: Prose) -> list[_Entry | None]:
    """The undertakings of the prose, None for those that only titles of lists name; parents are among the others."""
    entries = [_Entry(p, r) for p, r in zip(prose.projects, prose.links.records, strict=True)]
    titles = [span for found in tables if found.works for span in (*found.captions, *found.titles)]
    told = [None if titles and _only_titled(layout.text, e, titles) else e for e in entries]
    for entry in entries:
        if entry.project.parent is not None:
            entry.parent = told[entry.project.parent]
    return told


_LISTED = pattern(r"{lists}(?: {the})?\s+\Z", re.IGNORECASE)


def _only_titled(text: str, entry: _Entry, titles: Sequence[Span]) -> bool:
    """Whether the prose names it in titles of lists of undertakings alone ("Danh mục đề án …"): that is none.

    A short mention elsewhere ("kế hoạch") names nothing anew.
    """
    whole = entry.project.end - entry.project.start
    spans = [(a, b) for a, b in entry.project.mentions if 2 * (b - a) > whole] or [(entry.project.start, 0)]
    named = [a for a, _ in spans if not _LISTED.search(text, max(0, a - 16), a)]
    listed = len(named) < len(spans)
    if entry.project.n_projects > 1 and not listed:
        return False
    return all(any(a <= start < b for a, b in titles) for start in named)


def _entries(found: Findings, told: Sequence[_Entry], entries: list[_Entry]) -> list[_Entry]:
    """The entries of a table's works; one that the prose or a table before tells of too is the same entry."""
    group = _counted(found, told)
    if group is not None:
        _inherit(found, group.project)
    known = _known(found, entries)
    mine: list[_Entry] = []
    for number, work in enumerate(found.works):
        entry = known.get(number)
        if entry is None:
            entry = _Entry(_project(work), _record(work))
            entries.append(entry)
        else:
            _merge(entry, work)
        mine.append(entry)
    for work, entry in zip(found.works, mine, strict=True):
        parent = mine[work.parent] if work.parent is not None else group if work.listed else None
        if parent is not None and parent is not entry:
            entry.parent = parent
    return mine


def _inherit(found: Findings, group: Project) -> None:
    """Rows without programme and year have those of the group of the prose that counts them."""
    for work in found.works:
        if work.listed and work.parent is None:
            work.programme = work.programme or group.programme
            work.year = work.year if work.year or work.period else group.year


def _known(found: Findings, entries: Sequence[_Entry]) -> dict[int, _Entry]:
    """For the works that are told of already, by their number, the entry that they are; each entry is one work."""
    names = [" ".join(syllables(w.name or "")) if w.n == 1 else "" for w in found.works]
    numbers: dict[str, list[int]] = {}
    for number, name in enumerate(names):
        numbers.setdefault(name, []).append(number)
    known: dict[int, _Entry] = {}
    for entry in entries:
        told = _number_of(entry, found, names, numbers)
        if told is not None:
            known.setdefault(told, entry)
    return known


def _number_of(entry: _Entry, found: Findings, names: Sequence[str], numbers: dict[str, list[int]]) -> int | None:
    """The number of the work that an entry is: of the same name, or the only one whose name it begins or goes on."""
    project = entry.project
    if project.n_projects > 1:
        return next((i for i, w in enumerate(found.works) if _same_group(w, project)), None)
    name = " ".join(syllables(project.name or ""))
    if project.rule.startswith("table."):
        return _same_row(entry, found, numbers.get(name, []) if name else [])
    alike = [i for i, other in enumerate(names) if _goes_on(other, name) or _goes_on(name, other)]
    return alike[0] if len(alike) == 1 and len(name.split()) >= _SHORTEST else None


def _same_row(entry: _Entry, found: Findings, same: Sequence[int]) -> int | None:
    """The first of the rows of one name, unless they print different totals."""
    totals = {entry.record.total_vnd, *(_whole(found.works[i], "total") for i in same)} - {None}
    return same[0] if same and len(totals) < 2 else None


def _goes_on(name: str, other: str) -> bool:
    """Whether a name is the other one, or begins with it."""
    return bool(other) and f"{name} ".startswith(f"{other} ")


def _same_group(work: Work, project: Project) -> bool:
    if work.n != project.n_projects:
        return False
    return work.name is None or (project.name in (None, work.name) and project.kind == work.kind)


def _counted(found: Findings, told: Sequence[_Entry]) -> _Entry | None:
    """The group of the prose that counts as many undertakings as the table lists."""
    listed = [w for w in found.works if w.listed and w.parent is None]
    fitting = [
        e for e in told if e.project.n_projects == len(listed) and len(listed) > 1 and e.project.rule != "table.total"
    ]
    return fitting[0] if fitting else None


def _date_groups(entries: Sequence[_Entry]) -> None:
    """A counted group has the one year of its parts; where they are of several, the caption's year is not its own."""
    parts: dict[int, list[_Entry]] = {}
    for entry in entries:
        if entry.parent is not None:
            parts.setdefault(id(entry.parent), []).append(entry)
    for entry in entries:
        mine = [part.project for part in parts.get(id(entry), ())]
        if entry.project.n_projects > 1 and any(part.rule.startswith("table.") for part in mine):
            entry.project = _dated(entry.project, {part.year for part in mine})


def _dated(group: Project, years: set[int | None]) -> Project:
    if len(years) == 1 and group.year is None:
        return replace(group, year=next(iter(years)))
    if group.rule.startswith("table.") and years != {group.year}:
        return replace(group, year=None)
    return group


def _merge(entry: _Entry, work: Work) -> None:
    """One undertaking from what the prose and the row say: the fuller name, the figures of the row before others."""
    old, new = entry.project, _project(work)
    best = new if len(new.name or "") >= len(old.name or "") else old
    span: tuple[Span, ...] = ((work.start, work.end),)
    entry.project = replace(
        best,
        kind=old.kind if best is old else new.kind,
        programme=work.programme or old.programme,
        year=work.year if work.year or work.period else old.year,
        n_projects=max(old.n_projects, work.n),
        mentions=tuple(sorted({*old.mentions, *span})),
    )
    printed = {field: value for field, value in asdict(_record(work)).items() if value is not None}
    entry.record = replace(entry.record, **printed)


def _project(work: Work) -> Project:
    span = (work.start, work.end)
    return Project(
        *span, work.text, work.name, work.kind, work.programme, work.year, work.n, work.rule, mentions=(span,)
    )


def _record(work: Work) -> Record:
    counts = set(work.counts)
    return Record(
        _whole(work, "total"),
        _whole(work, "support"),
        _whole(work, "counterpart"),
        counts.pop() if len(counts) == 1 else None,
    )


def _whole(work: Work, role: str) -> int | None:
    """The row's one whole of a role; None where several parts are printed without it."""
    figures = work.own.get(role) or work.items.get(role) or []
    if len({row for _, _, row in figures}) > 1:
        return None
    wholes = [f for f in figures if f[1] in work.wholes] or figures
    if len(wholes) == 1 or (wholes and role == "total"):
        return wholes[-1][0]
    return None


class _Numbered:
    """Everything in text order, with links by the new numbers of the undertakings."""

    def __init__(
        self, layout: Layout, tables: Sequence[Findings], told: Sequence[_Entry | None],
        owners: Sequence[Sequence[_Entry]], offsets: Sequence[int], entries: Sequence[_Entry],
    ) -> None:  # fmt: skip
        self.layout, self.tables, self.told, self.owners, self.offsets = layout, tables, told, owners, offsets
        self.entries = sorted(entries, key=lambda e: (e.project.start, e.project.end))
        self.numbers = {id(e): i for i, e in enumerate(self.entries)}

    def joined(self, prose: Prose, sites: Sites) -> Joined:
        """All facts of the document."""
        sums, people, where = self._sums(prose), self._people(prose), self._places(prose, sites)
        return Joined(
            [a for a, _, _ in sums],
            list(sites.places),
            [replace(e.project, parent=self._of(e.parent)) for e in self.entries],
            [b for b, _, _ in people],
            Links(
                tuple(o for _, o, _ in sums),
                tuple(o for _, o, _ in people),
                tuple(o for o, _ in where),
                tuple(r for _, _, r in sums),
                tuple(r for _, _, r in people),
                tuple(r for _, r in where),
                tuple(e.record for e in self.entries),
            ),
            tuple(w for f in self.tables for w in f.warnings),
        )

    def _of(self, entry: _Entry | None) -> int | None:
        return None if entry is None else self.numbers.get(id(entry))

    def _of_prose(self, index: int | None) -> int | None:
        return None if index is None else self._of(self.told[index])

    def _of_table(self, table: int, work: int | None) -> int | None:
        """The undertaking of a work of a table; that which the text names last before the table for BEFORE."""
        if work is None:
            return None
        if work != BEFORE:
            return self._of(self.owners[table][work])
        start = self.layout.tables[table].start
        above = [e for e in self.told if e and e.project.start < start and e.project.n_projects == 1]
        return self._of(above[-1]) if above else None

    def _sums(self, prose: Prose) -> list[tuple[Amount, int | None, str | None]]:
        links = zip(prose.amounts, prose.links.amount_project, prose.links.amount_rule, strict=True)
        spoken = [(a, self._of_prose(p), r) for a, p, r in links if not _is_unit(self.layout, a, self.tables)]
        sums = [(_in_words(self.layout, a, self.tables), o, r) for a, o, r in spoken]
        sums += [(a, self._of_table(t, w), "table.row") for t, f in enumerate(self.tables) for a, w in f.amounts]
        return sorted(sums, key=lambda s: (s[0].start, s[0].end))

    def _people(self, prose: Prose) -> list[tuple[Beneficiary, int | None, str | None]]:
        links = zip(prose.beneficiaries, prose.links.beneficiary_project, prose.links.beneficiary_rule, strict=True)
        people = [(b, self._of_prose(p), r) for b, p, r in links]
        people += [(b, self._of_table(t, w), "table.row") for t, f in enumerate(self.tables) for b, w in f.receivers]
        return _once(people)

    def _places(self, prose: Prose, sites: Sites) -> list[tuple[int | None, str | None]]:
        links = zip(prose.locations, prose.links.place_project, prose.links.place_rule, strict=True)
        spoken = {(p.start, p.end): (self._of_prose(o), r) for p, o, r in links}
        where: list[tuple[int | None, str | None]] = []
        for p, work in zip(sites.places, sites.owners, strict=True):
            if work is None:
                where.append(spoken.get((p.start, p.end), (None, None)))
            else:
                table = bisect_right(self.offsets, work) - 1
                where.append((self._of_table(table, work - self.offsets[table]), "table.row"))
        return where


def _is_unit(layout: Layout, amount: Amount, tables: Sequence[Findings]) -> bool:
    """Whether a sum is the unit of a table: "ĐVT: 1.000 đồng"."""
    for a, b in (span for f in tables for span in f.captions if span[0] <= amount.start < span[1]):
        unit = units.above(layout.text[a:b])
        if unit is not None and fold(amount.text) in fold(unit.text):
            return True
    return False


_IN_WORDS = pattern(r"\(?\s*(?:{written} )*{in_words}(?!\w)", re.IGNORECASE)


def _in_words(layout: Layout, amount: Amount, tables: Sequence[Findings]) -> Amount:
    """A sum that a line below a table says in words has the role that the same figure has in the table."""
    start = layout.paragraphs[layout.paragraph_at(amount.start)][0] if layout.paragraphs else 0
    if not _IN_WORDS.match(layout.text, start):
        return amount
    above = [a for f in tables for a, _ in f.amounts if a.start < amount.start and a.value == amount.value]
    return replace(amount, role=above[-1].role) if above else amount


def _once(people: list[tuple[Beneficiary, int | None, str | None]]) -> list[tuple[Beneficiary, int | None, str | None]]:
    """In text order, a receiver that is named twice once, with the first undertaking that it has."""
    kept: list[tuple[Beneficiary, int | None, str | None]] = []
    seen: dict[str, int] = {}
    for b, o, r in sorted(people, key=lambda x: (x[0].start, x[0].end)):
        name = fold(b.name) if b.name else None
        if name and name in seen:
            first, had, rule = kept[seen[name]]
            kept[seen[name]] = (first, had, rule) if had is not None else (first, o, r)
            continue
        if name:
            seen[name] = len(kept)
        kept.append((b, o, r))
    return kept
