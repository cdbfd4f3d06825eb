"""A table to its facts: each row in turn, with the groups above it and the columns it has."""

from dataclasses import dataclass, replace
from decimal import Decimal

from rules.layout import Cell, Layout, Span, Table
from rules.money import Amount
from rules.table import columns as heads
from rules.table import context as contexts
from rules.table import figures, names, receivers, said
from rules.table.columns import Column, role_of
from rules.table.context import Context
from rules.table.findings import BEFORE, Findings, Work, Zone
from rules.table.grid import Grid, Head, is_figure
from rules.table.lines import Row, Rows, is_place
from rules.table.totals import Checks
from rules.table.units import Unit, in_cell, in_header
from rules.table.words import DATA, fold, found, opens, pattern

_EACH = pattern(r"/\s?{per}(?!\w)|{each}\s|(?<!\w){on_average}(?!\w)")
_STAFF = pattern("{staff}")


@dataclass(frozen=True, slots=True)
class _Group:
    """A group that is open: its level, what it says for the rows below, and the work that it is, if it is one."""

    level: int
    programme: str | None
    year: int | None
    place: Span | None
    work: int | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """How the head of a table was understood; the next table without a head goes on with it."""

    columns: tuple[Column, ...]
    context: Context
    width: int


def read(layout: Layout, table: Table, before: Reading | None) -> tuple[Findings, Reading | None]:
    """The facts of a table, and how its head was read; ``before`` is that of the table before it."""
    grid = Grid(layout, table)
    head = grid.head()
    if head is None:
        if before is None or before.width != grid.width:
            context = contexts.around(layout, table, ())
            priced = context.unit is not None or any(in_header(grid.words(cell)) for cell in table.cells[:_FIRST])
            return Findings(warnings=[_UNREAD] if priced else []), None
        head = Head(tuple(() for _ in range(grid.width)), (), 0)
        reading = before
    else:
        context = contexts.around(layout, table, head.captions)
        reading = Reading(heads.read(grid, head, context.unit), context, grid.width)
    return _Reader(layout, grid, head, reading).run(), reading


class _Reader:
    """The state while the rows of one table are read."""

    def __init__(self, layout: Layout, grid: Grid, head: Head, reading: Reading) -> None:
        self.text, self.grid = layout.text, grid
        self.columns, self.context = reading.columns, reading.context
        self.rows = Rows(grid, head, self.columns)
        self.by_kind = {kind: [i for i, c in enumerate(self.columns) if c.kind == kind] for kind in _KINDS}
        self.prices = any(c.role == "price" for c in self.columns)  # then units are those of quantities
        self.kind = self._kind()
        self.costs = self._splits_costs()
        self.programmes = {i: said.programme_of(self.columns[i].words) for i in self.by_kind["money"]}
        self.wholes = frozenset(i for i in self.by_kind["money"] if self.columns[i].whole and not self.columns[i].part)
        self.words = [i for i, c in enumerate(self.columns) if c.kind in ("name", "note", "", "receiver", "source")]
        self.each = {i for i in self.by_kind["money"] if _EACH.search(self.columns[i].words)}
        self.unpriced = [(i, c.kind, c.level) for i, c in enumerate(self.columns) if c.kind != "money"]
        self.own_units = {
            i for i in self.by_kind["money"] if any(in_header(grid.words(c)) for c in self.columns[i].heads)
        }
        self.bare: set[int] = set()  # columns of money whose figures no unit explains
        self.found = Findings(captions=self.context.captions, titles=self.context.titles)
        self.groups: list[_Group] = []
        self.work: int | None = None  # the undertaking that items below belong to
        self.tops: dict[int, int] = {}  # level -> the last work of that level
        self.checks = Checks(self.text)

    def _kind(self) -> str | None:
        """The kind of the undertakings that the rows are; None where they are something else."""
        if not self.by_kind["name"] or not (self.by_kind["money"] or self.by_kind["place"] or self.by_kind["receiver"]):
            return None
        column = self.columns[self.by_kind["name"][0]]
        named = found("kinds", column.words)
        if self.prices and not named:
            return None
        return named[0][1] if named else self.context.kind

    def _splits_costs(self) -> bool:
        """Whether the rows are parts of the cost of one undertaking."""
        if not self.by_kind["name"]:
            return False
        column = self.columns[self.by_kind["name"][0]]
        if found("kinds", column.words):
            return False
        if opens(column.words, "rows", "costs"):
            return True
        costs = [
            bool(opens(fold(self.grid.words(ln.cells[self.rows.name])), "rows", "costs")) for ln in self.rows.lines
        ]
        return sum(costs) * 2 >= max(3, len(costs))

    def run(self) -> Findings:
        readers = {"total": self._total, "group": self._group, "item": self._item, "more": self._item}
        for row in self.rows.read():
            readers.get(row.kind, self._own)(row)
        self.found.warnings += self.checks.warnings({i: self._head_of(i) for i in self.by_kind["money"]})
        if self.bare:
            self.found.warnings.append(_BARE + ", ".join(repr(self._head_of(i)) for i in sorted(self.bare)))
        if not self.found.amounts and not self.bare and self._speaks_of_money():
            self.found.warnings.append(_UNREAD)
        return self.found

    def _own(self, row: Row) -> None:
        """A row that stands for itself."""
        if (self.kind or self._own_kind(row)) and not self.costs:
            self._work(row)
        else:
            self._entry(row)

    def _speaks_of_money(self) -> bool:
        """Whether the table has columns of sums with figures in them, or rows that name a unit, as one turned does."""
        lines, words = self.rows.lines, self.grid.words
        named = any(in_header(words(line.own[0])) for line in lines[:_FIRST])
        return named or any(is_figure(words(line.cells[i])) for i in self.by_kind["money"] for line in lines)

    # --- rows

    def _own_kind(self, row: Row) -> str | None:
        """The kind that the name of a row says itself, or that of its group ("I. Đề án khuyến công quốc gia")."""
        if row.name is None or not self.by_kind["name"]:
            return None
        named = names.read(self.grid.words(row.name)[row.skip :])
        own = named.own or (self._tells(row) and not opens(fold(named.name), "rows", "states"))
        return (named.kind if own else None) or next((g.kind for g in reversed(self.groups) if g.kind), None)

    def _tells(self, row: Row) -> bool:
        """Whether a row has a place, a receiver, a time or a measure of its own."""
        cells = [row.line.cells[i] for i in self.rows.attributes]
        return any(row.line.prints(cell) and self._filled(cell) for cell in cells)

    def _total(self, row: Row) -> None:
        cell = row.name or row.line.own[0]
        counted = names.count(self.grid.words(cell)) if self.kind else None
        owner = None
        if counted:
            start, end, n, kind = counted
            owner = self._add(cell.start + start, cell.start + end, None, kind, n, "table.total", row)
            self.found.works[owner].listed = False
            for work in self.found.works[:owner]:
                work.parent = owner if work.parent is None else work.parent
        self.work = None
        self.checks.total(self._money(row, owner, "own"), (cell.start, cell.end))
        self._counts(row, owner)

    def _group(self, row: Row) -> None:
        cell = row.name or row.line.own[0]
        printed = self.grid.words(cell)
        words = printed[row.skip :]
        level = row.level if row.level is not None else _UNNUMBERED
        self.groups = [g for g in self.groups if g.level < level]
        owner = self._entry_of_group(row, cell, words)
        programme, year = said.programme_of(words), said.year_of_name(words)
        span = (cell.start + row.skip, cell.end)
        place = span if is_place(fold(words)) else None
        named = place is not None
        self.found.zones.append(Zone(*span, owner, named, None, named, None, row.line.row))
        self.groups.append(_Group(level, programme, year, place, owner, names.read(words).kind))
        self.work = None
        self.checks.group(self._money(row, owner, "own"), level)
        self._counts(row, owner)

    def _entry_of_group(self, row: Row, cell: Cell, words: str) -> int | None:
        """A group row that counts undertakings, or that is one with a name of its own."""
        group = names.group(words) if self.kind else None
        if group is None or (group[1:] == ("chuong_trinh", 1) and said.programme_of(words)):
            return None  # a programme is no undertaking
        return self._add(cell.start + row.skip, cell.end, *group, "table.group", row)

    def _work(self, row: Row) -> None:
        cell = row.name
        assert cell is not None
        printed = self.grid.words(cell)[row.skip :]
        named = names.read(printed)
        kind = named.kind or self.kind or self._own_kind(row) or "du_an"
        level = row.level if row.level is not None else 2
        number = self._add(cell.start + row.skip, cell.end, named.name, kind, 1, "table.row", row)
        work = self.found.works[number]
        work.merged = cell.row_span > 1
        if level > 2 and (top := self.tops.get(level - 1)) is not None and opens(fold(printed), "rows", "components"):
            above = self.found.works[top]
            work.parent, work.programme = top, work.programme or above.programme
            work.year = work.year if work.dated else above.year
            work.listed = False
        self.tops[level] = number
        self.work = number
        values = self._money(row, number, "own")
        if work.listed:
            self.checks.row(values)
        self._people(row, number)
        self._places(row, number)

    def _item(self, row: Row) -> None:
        """A row that belongs to the undertaking above: its sums, receivers and places do."""
        if self.work is None:
            self._entry(row)
            return
        work = self.found.works[self.work]
        values = self._money(row, self.work, "own" if row.kind == "more" and work.merged else "items")
        if row.kind == "more" or row.name is None:
            self.checks.more(values)
        elif self.rows.name not in self.by_kind["receiver"]:
            self._named_receiver(row)
        self._people(row, self.work)
        self._places(row, self.work)

    def _named_receiver(self, row: Row) -> None:
        """A dash row that is a receiver: "- HTX Chè Khau Tràng"."""
        assert row.name is not None
        cell = replace(row.name, start=row.name.start + row.skip)
        for b in receivers.read(self.text, cell, None):
            if b.kind != "unit" and b.rule == "table.named":
                self.found.receivers.append((b, self.work))

    def _entry(self, row: Row) -> None:
        """A row of a table that lists no undertakings: its sums, receivers and places stand alone."""
        owner = BEFORE if self.costs else None
        self.checks.row(self._money(row, owner, "own"))
        gives = any(self.columns[i].role not in ("price", "revenue") for i in self.by_kind["money"])
        if gives and not self.costs and not self._is_staff():
            self._people(row, None)
        self._places(row, None)

    def _is_staff(self) -> bool:
        return any(_STAFF.search(c.words) for c in self.columns)

    # --- what a row says

    def _add(self, start: int, end: int, name: str | None, kind: str, n: int, rule: str, row: Row) -> int:
        """A new undertaking, with the year and the programme of its row, else of the groups above it."""
        group = next((g for g in reversed(self.groups) if g.work is not None), None)
        year, period = said.year_of_row(self._texts("decision", row), self._texts("time", row), self.text[start:end])
        dated = year is not None
        if year is None and not period:
            year = next((g.year for g in reversed(self.groups) if g.year), None) or self.context.year
        programme = self._programme(row, start, end) or ("khcn" if kind == "de_tai" else None)
        work = Work(start, end, self.text[start:end], name, kind, programme, year, n, rule, wholes=self.wholes)
        work.parent, work.dated, work.period = (group.work if group else None), dated, period
        self.found.works.append(work)
        return len(self.found.works) - 1

    def _texts(self, kind: str, row: Row) -> list[str]:
        return [self.grid.words(row.line.cells[i]) for i in self.by_kind[kind]]

    def _programme(self, row: Row, start: int, end: int) -> str | None:
        for words in (self.text[start:end], *self._texts("source", row)):
            if own := said.programme_of(words):
                return own
        filled = {slug for i, slug in self.programmes.items() if slug and self._filled(row.line.cells[i])}
        if len(filled) > 1:
            return None
        inherited = next((g.programme for g in reversed(self.groups) if g.programme), None)
        return filled.pop() if filled else inherited or self.context.programme

    def _filled(self, cell: Cell | None) -> bool:
        words = fold(self.grid.words(cell))
        return bool(words) and words not in DATA["rows"]["blank"]

    def _head_of(self, column: int) -> str:
        """The lowest header cell of a column, as it is printed."""
        path = self.columns[column].heads
        return self.grid.words(path[-1]) if path else ""

    def _money(self, row: Row, owner: int | None, part: str) -> dict[int, Decimal]:
        """The sums of a row, kept with their owner; column -> the figure where a cell prints one."""
        values: dict[int, Decimal] = {}
        unit = next((u for words in self._texts("unit", row) if (u := in_cell(words))), None)
        label = self._label(row)
        for i in self._priced(row, unit):
            cell = row.line.cells[i]
            assert cell is not None
            sums = self._sums(cell, self.columns[i], unit, label)
            if not sums and self._filled(cell) and figures.is_unread(self.grid.words(cell)):
                self.bare.add(i)
            for amount in sums:
                self.found.amounts.append((amount, owner))
                self._fill(amount.role, amount.value_vnd, owner, part, i, row)
            if len(sums) == 1 and sums[0].value is not None:
                values[i] = sums[0].value
            elif sums:
                self.checks.odd.add(i)
        self._told(row, owner)
        return values

    def _priced(self, row: Row, unit: Unit | None) -> list[int]:
        """The columns of money in which a row prints something; in one of heads or hectares only prices."""
        cells = [(i, row.line.cells[i]) for i in self.by_kind["money"]]
        printed = [i for i, cell in cells if row.line.prints(cell) and cell is not row.name]
        measured = any(self._filled(row.line.cells[i]) for i in self.by_kind["unit"])
        if unit is not None or self.prices or not measured:
            return printed
        return [i for i in printed if self.columns[i].role == "price" or i in self.own_units]

    def _sums(self, cell: Cell, column: Column, unit: Unit | None, label: str | None) -> list[Amount]:
        """The sums of a cell with their roles: of their own words, of the words of the row, of the column."""
        evidence = (column.decided.start, column.decided.end) if column.decided else None
        role = label if label and column.role in ("total", "other") else column.role or "other"
        return figures.in_roles(figures.sums(self.text, cell, unit or column.unit, role, evidence), role)

    def _told(self, row: Row, owner: int | None) -> None:
        """The sums with units of their own in cells of words: notes, names, the forms of one undertaking."""
        for i in self.words:
            cell = row.line.cells[i]
            if cell is None or not row.line.prints(cell):
                continue
            for each in figures.told(self.text, cell, "other"):
                named = role_of(fold(self.grid.words(row.name))) if cell is not row.name else None
                self.found.amounts.append((figures.in_role(each.amount, role_of(each.label) or named), owner))

    def _label(self, row: Row) -> str | None:
        """The role that the words of an item or of a part of a cost give its sums."""
        words = fold(self.grid.words(row.name))[row.skip :] if row.name is not None else ""
        if self.costs and row.kind != "total":
            return "total" if opens(words, "rows", "wholes") else "other"
        work = self.found.works[self.work] if self.work is not None else None
        if row.kind == "item":
            return role_of(words) or ("other" if self._is_part(row, words, work) else None)
        merged = work is not None and work.merged and row.kind in ("work", "more")
        return next(filter(None, map(role_of, map(fold, self._texts("source", row)))), None) if merged else None

    def _is_part(self, row: Row, words: str, work: Work | None) -> bool:
        """Whether an item is a part of a cost: by its words, or as nothing else under an undertaking with a total."""
        if opens(words, "rows", "items"):
            return True
        alone = not self._tells(row) and not is_place(words) and not receivers.is_one(words)
        return alone and work is not None and "total" in work.own

    def _fill(self, role: str, value: int | None, owner: int | None, part: str, column: int, row: Row) -> None:
        if value is None or owner is None or owner == BEFORE or role not in ("total", "support", "counterpart"):
            return
        if column not in self.each:
            getattr(self.found.works[owner], part).setdefault(role, []).append((value, column, row.line.row))

    def _people(self, row: Row, owner: int | None) -> None:
        """The receivers that a row names or counts."""
        for i in self.by_kind["receiver"]:
            cell = row.line.cells[i]
            if cell is None or cell.row != row.line.row or (cell is row.name and self.kind):
                continue
            for b in receivers.read(self.text, cell, self.columns[i].noun):
                self.found.receivers.append((b, owner))
                if b.name is None and owner is not None:
                    self.found.works[owner].counts.append(b.count)
        self._counts(row, owner)

    def _counts(self, row: Row, owner: int | None) -> None:
        for i in self.by_kind["count"]:
            cell = row.line.cells[i]
            if cell is None or cell.row != row.line.row:
                continue
            if b := receivers.count(self.text, cell, self.columns[i].noun):
                self.found.receivers.append((b, owner))
                if owner is not None:
                    self.found.works[owner].counts.append(b.count)

    def _places(self, row: Row, owner: int | None) -> None:
        """The cells in which places of a row stand; a merged one carries each of its rows."""
        group = next((g.place for g in reversed(self.groups) if g.place), None)
        here, cells = row.line.row, row.line.cells
        for i, kind, level in self.unpriced:
            cell, bare = cells[i], kind == "place"
            if cell is None or cell.end == cell.start or not (bare or kind == "name" or cell is row.name):
                continue
            if bare or cell.row == here:
                self.found.zones.append(Zone(cell.start, cell.end, owner, True, level, bare, group, here))


_BARE = "figures of a table were not read: no unit is printed, they are far too large for it, or two share a cell: "
_UNREAD = "a table speaks of money, and none of its rows was read"
_FIRST = 40  # cells of a table in which a unit may say that it is about money
_UNNUMBERED = 1  # the level of a group without a number
_KINDS = ("name", "money", "place", "receiver", "source", "decision", "time", "count", "unit")
