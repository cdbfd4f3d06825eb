"""Why each value is what it is: every fact of a report with its rules, where they are written, and their evidence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from spacy.tokens import Doc

import pipeline
from pipeline import ingest
from pipeline.components import mentions
from pipeline.components.tokenise import Tokenizer, layout_of
from pipeline.extraction import prepare
from pipeline.i18n import _, counted, language, later, whole
from pipeline.view import numbers
from pipeline.view.labels import label, why_rejected
from pipeline.view.marks import shortened
from rules import layout as layouts
from rules import registry, role
from rules.layout import Layout, Span, prose

_STYLES = {"projects": "magenta", "amounts": "green", "beneficiaries": "yellow", "locations": "blue"}
_WORDS = {
    "projects": later("undertaking"),
    "amounts": later("sum"),
    "beneficiaries": later("beneficiary"),
    "locations": later("place"),
}
_HEAD_ROWS = 2  # of a table that are always shown
_ROLE_COLUMNS = {"total": "total_vnd", "support": "support_vnd", "counterpart": "counterpart_vnd"}


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule behind a fact: its id, the words that it went by, the file and line where it decides, what it says.

    What it says is in the language that is spoken, as is the value of a :class:`Fact`.
    """

    rule: str
    evidence: str | None
    where: str | None
    says: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One extracted fact: its span, what was made of it, and the rules that did so."""

    group: str
    start: int
    end: int
    text: str
    value: str
    reasons: tuple[Reason, ...]
    weights: tuple[tuple[str, int], ...] = ()
    """of a sum: the features that spoke most for its role, and the one that spoke most against it"""


def facts(doc: Doc) -> list[Fact]:
    """All facts of a ``Doc`` of :func:`pipeline.load`, in text order."""
    weighed = [m for m in mentions(doc, "amounts") if "+role." in m.rule]  # not those of tables
    weights = dict(zip(map(id, weighed), role.reasons(prose(layout_of(doc)), weighed), strict=True))
    found = [
        Fact(
            group,
            m.start,
            m.end,
            m.text,
            _value(doc, group, i, m),
            _reasons(doc, group, i, m),
            tuple(weights.get(id(m), ())),
        )
        for group in _WORDS
        for i, m in enumerate(mentions(doc, group))
    ]
    return sorted(found, key=lambda fact: (fact.start, -fact.end))


def _owner(doc: Doc, group: str, index: int) -> tuple[int | None, str | None]:
    links = doc._.links
    owners, rules = {
        "amounts": (links.amount_project, links.amount_rule),
        "beneficiaries": (links.beneficiary_project, links.beneficiary_rule),
        "locations": (links.place_project, links.place_rule),
        "projects": ((), ()),
    }[group]
    return (owners[index], rules[index]) if owners else (None, None)


def _value(doc: Doc, group: str, index: int, m: Any) -> str:
    if group == "projects":
        return _undertaking(doc, index, m)
    if group == "amounts":
        sum_ = numbers.amount({name: getattr(m, name) for name in _SHOWN})
        described = [sum_, _word("qualifier", m.qualifier), _word("role", m.role)]
    elif group == "beneficiaries":
        described = [_word("kind", m.kind), _("number: {n}", n=whole(m.count))]
    else:
        candidates = _("either of {codes}", codes=", ".join(m.candidates)) if m.candidates else None
        described = [_word("level", m.level), m.name, m.code, _word("status", m.status), candidates]
    owner = _owner(doc, group, index)[0]
    link = f" -> ({owner + 1})" if owner is not None else ""
    return ", ".join(str(part) for part in described if part) + link


def _word(group: str, key: str | None) -> str | None:
    """The label of a column's value."""
    return None if key is None else label(group, key, language())


_SHOWN = ("value", "low", "high", "currency", "qualifier")


def _undertaking(doc: Doc, index: int, m: Any) -> str:
    record = doc._.links.records[index]
    several = _("{n} of them", n=whole(m.n_projects)) if m.n_projects != 1 else None
    parts = [_word("kind", m.kind), _word("programme", m.programme), m.year, several]
    parts += [
        f"{_word('field', column)} {numbers.dong(getattr(record, column))}"
        for column in _ROLE_COLUMNS.values()
        if getattr(record, column) is not None
    ]
    if record.n_beneficiaries is not None:
        parts.append(counted("{n} beneficiary", "{n} beneficiaries", record.n_beneficiaries))
    parts.append(None if m.parent is None else _("part of ({n})", n=m.parent + 1))
    return f"({index + 1}) " + ", ".join(str(part) for part in parts if part)


def _reasons(doc: Doc, group: str, index: int, m: Any) -> tuple[Reason, ...]:
    layout = layout_of(doc)
    owner, link = _owner(doc, group, index)
    reasons = []
    for rule in m.rule.split("+"):
        decided = getattr(m, "evidence", None) if group != "amounts" or rule.startswith("role.") else None
        words = layout.text[slice(*decided)] if decided else None
        if words is None and group in ("beneficiaries", "locations"):
            words = _around(layout, m.start, m.end)
        reasons.append(_reason(rule, words, group))
    if group == "projects":
        reasons += _record_reasons(doc, index)
    if link and owner is not None:
        project = mentions(doc, "projects")[owner]
        reasons.append(_reason(link, _nearest(layout, project, m), group))
    return tuple(reasons)


def _reason(rule: str, evidence: str | None, group: str = "") -> Reason:
    known = registry.find(rule, group)
    return Reason(rule, evidence, known.where if known else None, _(known.says) if known else "")


def _record_reasons(doc: Doc, index: int) -> Iterator[Reason]:
    """Which printed sums fill the record of an undertaking."""
    links = doc._.links
    linked = [a for a, owner in zip(mentions(doc, "amounts"), links.amount_project, strict=True) if owner == index]
    for filled, column in _ROLE_COLUMNS.items():
        value = getattr(links.records[index], column)
        if value is not None:
            sums = [a for a in linked if a.role == filled]
            told = [a.text for a in sums if a.value_vnd == value][:1] or [a.text for a in sums]
            yield _reason(f"record.{filled}", " + ".join(told))


def _around(layout: Layout, start: int, end: int) -> str:
    """The mention with the words beside it, where a rule about context found its evidence."""
    first, last = layout.sentences[layout.sentence_at(start)]
    left = (
        layout.text[max(first, start - 40) : start].partition(" ")[2]
        if start - 40 > first
        else layout.text[first:start]
    )
    right = layout.text[end : min(last, end + 20)]
    right = right.rpartition(" ")[0] if end + 20 < last else right
    return f"{left}[{layout.text[start:end]}]{right}"


def _nearest(layout: Layout, project: Any, m: Any) -> str:
    """The mention of the undertaking that stands nearest, the one before where two are as near."""
    spans: Sequence[Span] = project.mentions or ((project.start, project.end),)
    start, end = min(spans, key=lambda span: (max(span[0] - m.end, m.start - span[1]), span[0]))
    return layout.text[start:end]


def documents(path: Path) -> Iterator[ingest.RawDocument | ingest.Reject]:
    """The documents of one file, or a reject for what cannot be read."""
    found = ingest.discover([path])
    yield from found.rejects
    for source in found.sources:
        yield from ingest.read(source)


@dataclass(slots=True)
class Told:
    """What was printed: how many documents and facts, and how many documents could not be read."""

    documents: int = 0
    facts: int = 0
    rejects: int = 0


def explain(path: Path, find: str = "", console: Console | None = None) -> Told:
    """Print every document of ``path``, rejects to standard error; with ``find`` only facts whose text has it."""
    console = console or Console(soft_wrap=True, highlight=False)
    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    nlp = pipeline.load()
    tokenizer = Tokenizer(nlp.vocab)
    told = Told()
    for document in documents(path):
        if isinstance(document, ingest.Reject):
            why = why_rejected(document.error, document.message, language())
            errors.print(Text(f"trichluc: {document.source}: {why}", style="red"))
            told.rejects += 1
            continue
        doc = nlp(tokenizer.tokenise(prepare(document).layout))
        told.documents += 1
        told.facts += _print(console, document.source, doc, find)
    return told


def _print(console: Console, source: str, doc: Doc, find: str) -> int:
    """Prints a report, or with ``find`` its sentences with such a fact; gives the number of facts explained."""
    layout = layout_of(doc)
    all_facts = facts(doc)
    found = [fact for fact in all_facts if find.casefold() in fact.text.casefold()]
    if find and not found:
        return 0
    console.print(Text(source, style="bold underline"))
    drawn: set[int] = set()  # starts of the tables that are drawn already
    for number, (start, end) in enumerate(layout.sentences):
        inside = [fact for fact in all_facts if layout.sentence_at(fact.start) == number]
        wanted = [fact for fact in found if layout.sentence_at(fact.start) == number]
        if find and not wanted:
            continue
        table = next((table for table in layout.tables if table.start <= start < table.end), None)
        if table is None:
            console.print(Text(f"\n{number} ", style="dim"), _coloured(layout.text, start, end, inside), sep="")
        elif table.start not in drawn:
            drawn.add(table.start)
            console.print(_drawn(layout, table, all_facts, found if find else None))
        for fact in wanted:
            console.print(_told(fact))
    console.print()
    return len(found)


def _drawn(layout: Layout, table: layouts.Table, every: Sequence[Fact], found: Sequence[Fact] | None) -> Table:
    """A table as a table; with ``found`` its first rows and those that hold one of these facts."""
    grid = Table(show_header=False, show_lines=True)
    for _column in range(max(cell.column + cell.column_span for cell in table.cells)):
        grid.add_column(overflow="fold")
    rows: dict[int, dict[int, Text]] = {}
    wanted = set()
    for cell in table.cells:
        inside = [fact for fact in every if cell.start <= fact.start and fact.end <= cell.end]
        rows.setdefault(cell.row, {})[cell.column] = _coloured(layout.text, cell.start, cell.end, inside)
        if found is None or cell.row < _HEAD_ROWS or any(fact in found for fact in inside):
            wanted.add(cell.row)
    for number in sorted(wanted):
        grid.add_row(*(rows[number].get(column, Text()) for column in range(len(grid.columns))))
    return grid


def _coloured(text: str, start: int, end: int, inside: Sequence[Fact]) -> Text:
    sentence = Text(text[start:end].replace("\n", " "))
    for fact in inside:
        style = f"{_STYLES[fact.group]} {'underline' if fact.group == 'projects' else 'bold'}"
        sentence.stylize(style, fact.start - start, min(fact.end, end) - start)
    return sentence


def _told(fact: Fact) -> Text:
    told = Text()
    widest = max(len(_(word)) for word in _WORDS.values())
    told.append(f"  {_(_WORDS[fact.group]):<{widest + 1}}", style=_STYLES[fact.group])
    told.append(shortened(fact.text, 70), style="bold")
    told.append(f"  =  {fact.value}")
    for reason in fact.reasons:
        told.append(f"\n    {reason.rule:<28}", style="cyan")
        told.append(reason.where or "", style="dim")
        told.append(f"  {reason.says}" if reason.says else "", style="dim italic")
        if reason.evidence:
            told.append(f"  «{shortened(reason.evidence, 90)}»")
    if fact.weights:
        told.append("\n    " + _("because") + " ", style="dim")
        told.append("; ".join(f"{feature} {weight:+}" for feature, weight in fact.weights), style="dim")
    return told
