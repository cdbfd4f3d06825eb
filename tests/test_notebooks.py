"""The notebooks run from top to bottom on the sample reports, and their pictures can show every Vietnamese letter."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from pipeline.batch.run import run

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def out(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("notebooks") / "output"
    run([ROOT / "corpus"], folder)
    return folder


@pytest.mark.parametrize(("name", "pictures", "reports"), [("spot-check", 1, 2), ("analysis", 4, 1)])
def test_notebook(name, pictures, reports, out, monkeypatch):
    monkeypatch.setenv("TRICHLUC_OUT", str(out))
    book = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in book.cells), "commit notebooks without outputs"
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(ROOT / "notebooks")}}).execute()
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    data = [output["data"] for output in outputs if "data" in output]
    assert sum("image/png" in item or "image/svg+xml" in item for item in data) == pictures
    assert sum('class="trichluc"' in item.get("text/html", "") for item in data) == reports
    assert not [
        output["text"] for output in outputs if output["output_type"] == "stream" and output["name"] == "stderr"
    ]
