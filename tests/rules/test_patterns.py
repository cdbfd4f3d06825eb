"""Patterns mean the same on every Python: none repeats a group possessively.

CPython before 3.11.5 keeps the position of a failed round of ``(?:...){0,6}+`` (gh-106052), so that "từ hai đến ba
triệu" was read as 3 million there. ``(?>(?:...){0,6})`` reads the same everywhere.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

RECORD = """
import json, re, sys
seen = set()
compiled = re._compile
def record(pattern, flags):
    seen.add(pattern if isinstance(pattern, str) else "")
    return compiled(pattern, flags)
re._compile = record
import importlib, pkgutil
import rules, pipeline.extraction
for found in pkgutil.walk_packages(rules.__path__, "rules."):
    importlib.import_module(found.name)
pipeline.extraction.extractor().warm_up()
from pathlib import Path
from pipeline.ingest.types import RawDocument
for path in sorted(Path("corpus").glob("*.txt"))[:20]:
    pipeline.extraction.extractor().facts(RawDocument(path.name, path.read_text("utf-8"), "utf-8"))
print(json.dumps(sorted(seen)))
"""


def possessive_groups(pattern: str) -> list[str]:
    """Possessive repeats of more than one character in the parsed pattern."""
    from re import _parser

    found = []

    def walk(items: object) -> None:
        for op, argument in items:  # type: ignore[attr-defined]
            if str(op) == "POSSESSIVE_REPEAT":
                inner = argument[2]
                if len(inner) != 1 or str(inner[0][0]) not in ("IN", "LITERAL", "NOT_LITERAL", "ANY"):
                    found.append(pattern)
            for part in argument if isinstance(argument, tuple | list) else [argument]:
                if isinstance(part, _parser.SubPattern):
                    walk(part)
                elif isinstance(part, list):
                    for one in part:
                        if isinstance(one, _parser.SubPattern):
                            walk(one)

    try:
        walk(_parser.parse(pattern))
    except Exception:  # flags may be given apart; a pattern that does not parse alone is compiled elsewhere
        return []
    return found


@pytest.mark.parametrize(
    ("pattern", "bad"), [(r"(?:ab|c){0,6}+c", True), (r"[0-9]++x", False), (r"(?>(?:ab|c){0,6})c", False)]
)
def test_the_check_itself(pattern: str, bad: bool) -> None:
    assert bool(possessive_groups(pattern)) == bad


def test_no_pattern_repeats_a_group_possessively() -> None:
    done = subprocess.run(
        [sys.executable, "-c", RECORD], cwd=ROOT, capture_output=True, text=True, check=True, timeout=300
    )
    patterns = json.loads(done.stdout.splitlines()[-1])
    assert len(patterns) > 300
    assert [p for p in patterns if possessive_groups(p)] == []
