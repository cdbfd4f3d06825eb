"""An installed package holds all that the code reads."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
KEPT = {".toml", ".tsv", ".json", ".gz", ".html", ".css", ".js", ".mo", ".typed"}


def test_the_wheel_has_every_file_that_lies_beside_the_code(tmp_path):
    source = tmp_path / "source"  # a build leaves a folder behind, in which old files would hide what is missing
    for top in ("pipeline", "rules"):
        shutil.copytree(ROOT / top, source / top, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
    ]
    subprocess.run([*command, str(source)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    read = {
        path.relative_to(ROOT).as_posix()
        for top in ("pipeline", "rules")
        for path in (ROOT / top).rglob("*")
        if path.suffix in KEPT or path.name == "py.typed"
    }
    assert {"pipeline/gather/weights.tsv", "pipeline/view/provinces.json", "rules/place/gazetteer.json.gz"} <= read
    assert read - held == set()
