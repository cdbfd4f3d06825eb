"""How well undertakings are joined over the reports of ``benchmarks/linked``, from extraction on.

    python benchmarks/linked.py [FOLDER] [--errors]

``undertakings.toml`` of the folder has what was read by hand: a table an undertaking, with its support in millions of
dong, the group that it is a part of, and where it is told. Prints how many of these mentions extraction found, which
pairs of them are joined, and the sum of support as `pipeline.once` makes it beside the one that was read.
"""

import sys
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

import pipeline
from pipeline.batch.run import Options, run

FOLDER = Path(__file__).parent / "linked"
_MILLION = 1_000_000
Place = tuple[str, str]


@dataclass(slots=True)
class Score:
    """Pairs of mentions joined rightly, wrongly and not, with the names of their undertakings; sums in dong."""

    right: int = 0
    wrong: list[tuple[str, str, Place, Place]] = field(default_factory=list)
    missed: list[tuple[str, str, Place, Place]] = field(default_factory=list)
    lost: list[Place] = field(default_factory=list)
    """mentions that extraction has no row for: their pairs count as missed in `f1`"""
    support: int = 0
    wanted: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + len(self.wrong) + len(self.missed))


def score(folder: Path, out: Path) -> Score:
    """Judge the tables that a run over the folder wrote to ``out``."""
    truth: dict[str, Any] = tomllib.loads((folder / "undertakings.toml").read_text("utf-8"))
    read = pipeline.read(out)
    texts = {path.stem: path.read_text("utf-8") for path in folder.glob("*.txt")}
    rows = {Path(source).stem: found for source, found in read["projects"].groupby("source")}
    of = {(report, words): name for name, one in truth.items() for report, words in one["told"]}
    found = {place: _undertaking(rows.get(place[0]), texts[place[0]], place[1]) for place in of}
    judged = Score(lost=[place for place, key in found.items() if key is None])
    judged.wanted = _MILLION * sum(_support(name, truth) for name, one in truth.items() if "part_of" not in one)
    judged.support = int(pipeline.once(read["undertakings"])["support_vnd"].sum())
    for one, other in combinations(of, 2):
        same = of[one] == of[other]
        joined = found[one] is not None and found[one] == found[other]
        if same and joined:
            judged.right += 1
        elif same or joined:
            (judged.missed if same else judged.wrong).append((of[one], of[other], one, other))
    return judged


def _support(name: str, truth: Mapping[str, Any]) -> int:
    """What was given to an undertaking, or to its parts where the whole is not told."""
    parts = (part for part, one in truth.items() if one.get("part_of") == name)
    return truth[name]["support"] or sum(_support(part, truth) for part in parts)


def _undertaking(rows: pd.DataFrame | None, text: str, words: str) -> str | None:
    """The undertaking of the row that stands at these words of the report, else of the row whose name they hold."""
    start = text.index(words)
    if rows is None:
        return None
    near = rows[(rows["start"] < start + len(words)) & (rows["end"] > start)]
    if near.empty:
        near = rows[[bool(name) and name.lower() in words.lower() for name in rows["name"].fillna("")]]
    return None if near.empty else str(near["undertaking_id"].iloc[0])


def main(folder: Path, errors: bool) -> None:
    with tempfile.TemporaryDirectory() as target:
        run([folder], Path(target), options=Options())
        judged = score(folder, Path(target))
    print(f"precision {judged.precision:.3f}, F1 {judged.f1:.3f}: {judged.right} pairs right,", end=" ")
    print(f"{len(judged.wrong)} wrong, {len(judged.missed)} missed; {len(judged.lost)} mentions not found")
    print(f"support {judged.support / _MILLION:,.0f} million dong of {judged.wanted / _MILLION:,.0f}")
    if errors:
        for told, pairs in (("joined", judged.wrong), ("apart", judged.missed)):
            for one, other, *places in pairs:
                print(told, one, other, *places, sep=" | ")
        print("not found", *judged.lost, sep="\n  ")


if __name__ == "__main__":
    given = [word for word in sys.argv[1:] if word != "--errors"]
    main(Path(given[0]) if given else FOLDER, "--errors" in sys.argv)
