"""Writes tests/floors.toml: the figures of extraction that no change of rules may lower. Run by `make floors`.

Figures only rise: one that has fallen stays as it was, and is printed.
"""

import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.analysis.evaluate import evaluate
from pipeline.batch.run import Options, run

ROOT = Path(__file__).parents[1]
FLOORS = ROOT / "tests" / "floors.toml"
SHARED = ROOT.parent / "shared"
SETS = {
    "corpus": ROOT / "corpus",
    "unseen": ROOT / "benchmarks" / "unseen",
    **{f"shared-{name}": SHARED / name for name in ("gold", "gold-prov", "gold-news", "tables")},
    "shared-linked": SHARED / "linked" / "reports",
}
"""Name of a set in the floors -> its folder of texts and gold facts."""

HEAD = """# The ratchet: figures of extraction on annotated reports (`pipeline.analysis.evaluate`), set by set.
# tests/test_floors.py fails where one falls; `make floors` raises them. Figures of ../shared hold where that folder is
# at hand. Shares among the undertakings that were found are left out: they may fall because more are found.
"""


def figures(gold: Path) -> dict[str, float]:
    """The figures of extraction on a set, as it is now."""
    kept = ("amount.", "document.")
    with TemporaryDirectory() as out:
        run([gold], Path(out), options=Options(quiet=True))
        values = evaluate(gold, Path(out)).values()
    return {name: value for name, value in values.items() if name.endswith(".f1") or name.startswith(kept)}


def known() -> dict[str, dict[str, float]]:
    return tomllib.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}


def main() -> None:
    floors = known()
    for name, gold in SETS.items():
        if not gold.is_dir():
            print(f"{name}: not at hand, floors stay", file=sys.stderr)
            continue
        before = floors.get(name, {})
        for metric, value in figures(gold).items():
            if value < before.get(metric, 0):
                print(f"{name}: {metric} fell from {before[metric]} to {value}", file=sys.stderr)
            before[metric] = max(value, before.get(metric, 0))
        floors[name] = before
    text = "".join(
        f"\n[{name}]\n" + "".join(f'"{metric}" = {value}\n' for metric, value in sorted(values.items()))
        for name, values in floors.items()
    )
    FLOORS.write_text(HEAD + text, "utf-8")


if __name__ == "__main__":
    main()
