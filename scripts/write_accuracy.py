"""Write the figures of docs/accuracy.md anew: every set of annotated reports that is given, a column each.

    python scripts/write_accuracy.py LABEL=FOLDER...

A folder holds NAME.txt with NAME.json beside it (docs/corpus.md says what is in them). Nothing in the table is typed
by hand.
"""

import re
import sys
import tempfile
from pathlib import Path

from pipeline.analysis.evaluate import evaluate
from pipeline.batch.run import run

PAGE = Path(__file__).parents[1] / "docs" / "accuracy.md"
FIGURES = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- end of figures -->)", re.DOTALL)


def measure(folder: Path) -> tuple[int, dict[str, float]]:
    """Number of reports in a folder, and metric -> figure in [0, 1] of a fresh run over them."""
    with tempfile.TemporaryDirectory() as out:
        run([folder], Path(out))
        return len(list(folder.glob("*.json"))), evaluate(folder, Path(out)).values()


def table(columns: dict[str, tuple[int, dict[str, float]]]) -> str:
    """A Markdown table: one metric a line, one set of reports a column."""
    metrics = dict.fromkeys(metric for _, figures in columns.values() for metric in figures)
    heads = [f"{label} ({count} reports)" for label, (count, _) in columns.items()]
    lines = [["metric", *heads], ["---"] + ["---:"] * len(heads)]
    for metric in metrics:
        figures = [values.get(metric) for _, values in columns.values()]
        lines.append([f"`{metric}`", *("–" if figure is None else f"{figure:.3f}" for figure in figures)])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main(arguments: list[str]) -> None:
    columns = {label: measure(Path(folder)) for label, _, folder in (a.partition("=") for a in arguments)}
    page = PAGE.read_text("utf-8")
    PAGE.write_text(FIGURES.sub(lambda _: table(columns), page), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:] or sys.exit(__doc__))
