"""The whole path: the generated archive gives the same facts from each of its files."""

from collections import defaultdict

import pandas as pd
import pytest

from pipeline.batch.run import run

FACTS = {
    "amounts": ["text", "value_vnd", "qualifier", "role"],
    "projects": ["text", "kind", "programme", "year", "n_projects", "n_beneficiaries", "total_vnd", "support_vnd"],
    "beneficiaries": ["text", "kind", "count"],
    "locations": ["text", "level", "name", "code"],
}


@pytest.fixture(scope="module")
def out(archive, tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    archive.write(folder / "good", archive.files())
    archive.write(folder / "damaged", {name: make for name, (make, _) in archive.damaged().items()})
    summary = run([folder], folder / "out")
    assert summary.status == 1
    return folder / "out"


def _facts(out, table: str) -> dict[str, list[tuple]]:
    """Source -> its rows in text order, in lower case, for a TCVN3 font has no capitals with tone marks."""
    documents = pd.read_parquet(out / "documents").set_index("doc_id")["source"]
    rows = pd.read_parquet(out / table).sort_values(["doc_id", "start", "end"])
    found: defaultdict[str, list[tuple]] = defaultdict(list)
    for doc_id, *values in rows[["doc_id", *FACTS[table]]].itertuples(index=False):
        found[documents[doc_id]].append(tuple(str(value).lower() for value in values))
    return found


@pytest.mark.parametrize("table", FACTS)
def test_the_same_facts_from_each_file(archive, out, table):
    facts = _facts(out, table)
    want = facts["good/text-utf-8.txt"]
    assert want
    files = {name.partition("!")[0]: rows for name, rows in facts.items() if name.startswith("good/")}
    assert set(files) == {f"good/{name}" for name in archive.files()}
    assert {name: rows for name, rows in files.items() if rows != want} == {}


def test_the_damaged_set_gives_the_expected_rejects(archive, out):
    rejects = pd.read_parquet(out / "rejects")
    by_name = ("slides.pptx", "facts.json", "words.jpg")  # told before they are opened
    found = dict.fromkeys(by_name, "discover")
    want = {(n, found.get(name, s), e) for name, (_, rows) in archive.damaged().items() for n, s, e in rows}
    told = {(r.source.removeprefix("damaged/"), r.stage, r.error) for r in rejects.itertuples()}
    assert told == want | {("good/files.zip!logo.png", "discover", "UnreadKind")}


def test_dates_and_encodings_are_recorded(out):
    documents = pd.read_parquet(out / "documents")
    good = documents[documents.source.str.startswith("good/")]
    assert set(good.published.astype(str)) == {"2023-11-14"}
    assert {"utf-8", "utf-16", "windows-1258", "tcvn3", "vni", "viscii", "unicode"} == set(good.encoding)
