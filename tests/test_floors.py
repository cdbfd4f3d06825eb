"""The ratchet: extraction on annotated reports is nowhere worse than it was (tests/floors.toml)."""

import importlib.util
import tomllib
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "write_floors.py"
_spec = importlib.util.spec_from_file_location("write_floors", SCRIPT)
assert _spec
assert _spec.loader
floors = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(floors)

KNOWN = tomllib.loads(floors.FLOORS.read_text("utf-8"))


def test_every_set_of_the_project_has_floors():
    assert {"corpus", "unseen"} <= KNOWN.keys() <= floors.SETS.keys()


@pytest.mark.parametrize("name", KNOWN)
def test_no_figure_falls(name: str) -> None:
    gold = floors.SETS[name]
    if not gold.is_dir():
        pytest.skip(f"{gold} is not there: its floors hold where it is")
    now = floors.figures(gold)
    fallen = {
        metric: (floor, now.get(metric, 0.0)) for metric, floor in KNOWN[name].items() if now.get(metric, 0.0) < floor
    }
    assert not fallen, f"{name}: {fallen} (floor, now); see the differences: python -m pipeline.analysis.evaluate"
