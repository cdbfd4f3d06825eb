"""Annotated documents, laid out as a run lays them out."""

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.analysis.gold import Fact, GoldError, locate, money, overlaps, read_facts
from pipeline.extraction import prepare
from pipeline.i18n import _
from pipeline.ingest import RawDocument
from rules.layout import Layout
from rules.money import Amount

_CASES = Path(__file__).parents[2] / "tests" / "cases"


def cases_of(name: str) -> list[Fact]:
    """The test cases of tests/cases/``name``.toml as they are written; none where the tests are not installed."""
    path = _CASES / f"{name}.toml"
    cases: list[Fact] = tomllib.loads(path.read_text("utf-8"))["case"] if path.exists() else []
    return cases


@dataclass(frozen=True, slots=True)
class Annotated:
    """One document with its gold facts; ``name`` is its stem, the same in every run.

    A gold sum may carry ``start`` and ``end`` (code points of the layout's text); else its text is looked for.
    """

    name: str
    layout: Layout
    facts: Fact
    folder: str = ""
    """name of the folder that it was read from"""
    weight: int = 1
    """how often it is learnt from"""

    def pair_amounts(self, found: Sequence[Amount]) -> list[Fact | None]:
        """For each sum found (in text order) the gold entry of the same figure at the same place, or None."""
        free = list(range(len(found)))
        gold: list[Fact | None] = [None] * len(found)
        cursor = 0
        for fact in self.facts["amounts"]:
            where = (fact["start"], fact["end"]) if "start" in fact else locate(self.layout.text, fact["text"], cursor)
            cursor = where[1] if where else cursor
            same = partial(_is_same, fact, where)
            index = next((i for i in free if same(found[i])), None)
            if index is not None:
                free.remove(index)
                gold[index] = fact
        return gold


def _is_same(fact: Fact, where: tuple[int, int] | None, amount: Amount) -> bool:
    figures = {name: getattr(amount, name) for name in ("currency", "qualifier", "value", "low", "high")}
    return money(fact) == money(figures) and overlaps(where, amount.start, amount.end)


def read(folders: Sequence[Path]) -> list[Annotated]:
    """All annotated documents of the folders, by name; of two with one name the first counts.

    A folder that is given twice counts twice: its documents have twice the weight.

    Raises :class:`pipeline.analysis.gold.GoldError` where a folder has none, or a file of it is something else.
    """
    found: dict[str, Annotated] = {}
    for folder, weight in Counter(folders).items():
        paths = sorted(folder.glob("*.json"))
        if not paths:
            raise GoldError(_("no gold facts (*.json) in {folder}", folder=folder))
        for path in paths:
            text = path.with_suffix(".txt")
            if not text.exists():
                raise GoldError(_("{file} has no {name} beside it", file=path, name=text.name))
            if path.stem not in found:
                layout = prepare(RawDocument(path.stem, text.read_text("utf-8"), "utf-8")).layout
                found[path.stem] = Annotated(path.stem, layout, read_facts(path), folder.name, weight)
    return [found[name] for name in sorted(found)]
