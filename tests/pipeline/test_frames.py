"""Tables in pandas: types, joins, and sums in which each dong counts once."""

import pandas as pd
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

import pipeline
from pipeline.analysis.receivers import with_receivers
from pipeline.batch.run import run
from pipeline.tables.schema import SCHEMAS

REPORT = (
    "Hòa Bình nghiệm thu đề án\n"
    "Đề án “Hỗ trợ máy sấy” tại xã Phong Phú, huyện Tân Lạc, tỉnh Hòa Bình có tổng kinh phí trên 1,75 tỷ đồng, "
    "trong đó khuyến công địa phương hỗ trợ 500 triệu đồng cho 2 cơ sở.\n"
)


@pytest.fixture
def out(tmp_path):
    (tmp_path / "a.txt").write_text(REPORT, "utf-8")
    (tmp_path / "b.txt").write_text(REPORT, "utf-8")
    run([tmp_path / "a.txt", tmp_path / "b.txt"], tmp_path / "out")
    return tmp_path / "out"


def mark_duplicate(out) -> None:
    """Marks b.txt as a duplicate of a.txt, whether the run did so or not."""
    table = ds.dataset(out / "documents").to_table().sort_by("source")
    rows = table.to_pylist()
    rows[1]["duplicate_of"] = rows[0]["doc_id"]
    for part in (out / "documents").glob("*.parquet"):
        part.unlink()
    pq.write_table(type(table).from_pylist(rows, schema=table.schema), out / "documents" / "part-00000.parquet")


def test_dtypes():
    tables = pipeline.extract([REPORT])
    projects, amounts = tables["projects"], tables["amounts"]
    assert projects["support_vnd"].dtype == pd.Int64Dtype()
    assert projects["year"].dtype == pd.Int16Dtype()
    assert projects["name"].dtype == pd.StringDtype("pyarrow")
    assert isinstance(amounts["role"].dtype, pd.CategoricalDtype)
    assert projects["year"].iloc[0] is pd.NA
    assert amounts["value"].iloc[0] == 1_750_000_000
    for name, table in pipeline.extract([]).items():
        assert list(table.columns) == SCHEMAS[name].names


def test_read_gives_the_contract_and_the_joins(out):
    tables = pipeline.read(out, duplicates=True)
    for name, schema in SCHEMAS.items():
        assert list(tables[name].columns)[: len(schema)] == schema.names
    amount = tables["amounts"].sort_values(["source", "start"]).iloc[0]
    assert amount["text"] in amount["sentence_text"]
    assert (amount["source"], amount["project_name"]) == ("a.txt", "Hỗ trợ máy sấy")
    assert amount["province_name"] == tables["projects"]["province_name"].iloc[0] == "Tỉnh Hòa Bình"
    assert 'class="amounts focus"' in str(pipeline.show(amount))  # a row of read() knows where it comes from


def test_duplicates_are_left_out_unless_asked_for(out):
    mark_duplicate(out)
    every, first = pipeline.read(out, duplicates=True), pipeline.read(out)
    assert [len(every["documents"]), len(first["documents"])] == [2, 1]
    for name in ("projects", "amounts", "beneficiaries", "locations", "sentences"):
        assert 0 < len(first[name]) < len(every[name]), name
        assert set(first[name]["doc_id"]) == set(first["documents"]["doc_id"]), name
    assert every["projects"]["support_vnd"].sum() == 2 * first["projects"]["support_vnd"].sum() == 1_000_000_000


@pytest.mark.parametrize("texts", [REPORT, [REPORT, None], [float("nan")], [b"500"]])
def test_only_texts_are_extracted(texts):
    with pytest.raises(TypeError, match="text"):
        pipeline.extract(texts)


def test_the_same_text_again_is_a_duplicate_of_the_first():
    documents = pipeline.extract([*(f"Tin số {n}: hôm nay trời đẹp." for n in range(3, 12)), REPORT, REPORT])[
        "documents"
    ]
    assert documents["duplicate_of"].isna().tolist() == [True] * 10 + [False]
    assert documents["duplicate_of"].iloc[-1] == documents["doc_id"].iloc[-2]


def test_no_texts_give_empty_tables():
    assert {name: list(table.columns) for name, table in pipeline.extract([]).items()} == {
        name: schema.names for name, schema in SCHEMAS.items()
    }


def test_only_projects_count_once():
    with pytest.raises(ValueError, match="give the table undertakings, or projects"):
        pipeline.once(pipeline.extract([REPORT])["amounts"])


def test_no_tables_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match="name the --out folder"):
        pipeline.read(tmp_path)


def projects(*rows: tuple[str, str | None, int | None]) -> pd.DataFrame:
    keys, parents, sums = zip(*rows, strict=True)
    table = pd.DataFrame({"project_id": keys, "parent_id": pd.array(parents, dtype="string")})
    money = pd.array(sums, dtype="Int64")
    return table.assign(support_vnd=money, total_vnd=money, counterpart_vnd=money, n_beneficiaries=money)


@pytest.mark.parametrize(
    ("rows", "whole"),
    [
        ([("a", None, 5), ("b", None, 7)], 12),
        ([("group", None, 10), ("p1", "group", 4), ("p2", "group", 6)], 10),
        ([("group", None, None), ("p1", "group", 4), ("p2", "group", 6)], 10),
        ([("group", None, 10), ("p1", "group", 4), ("p2", "group", None)], 10),
        ([("top", None, None), ("mid", "top", 8), ("low", "mid", 3), ("other", "top", 1)], 9),
        ([("top", None, None), ("mid", "top", None), ("low", "mid", 3)], 3),
    ],
)
def test_each_dong_counts_once(rows, whole):
    table = pipeline.once(projects(*rows))
    assert table["support_vnd"].sum() == whole
    assert table["parent_id"].isna().all()


def test_a_sum_that_nobody_tells_stays_missing():
    assert pipeline.once(projects(("a", None, None)))["support_vnd"].iloc[0] is pd.NA


def test_sums_by_kind_of_receiver_count_each_dong_once(out):
    """An undertaking is of one kind, whose receivers are those of its parts as well."""
    undertakings = pd.DataFrame({
        "undertaking_id": ["whole", "part1", "part2", "alone", "bare"],
        "parent_id": [None, "whole", "whole", None, None],
        "support_vnd": [900, 400, 500, 70, 8],
    })  # fmt: skip
    projects = undertakings.assign(project_id=["p0", "p1", "p2", "p3", "p4"])
    receivers = pd.DataFrame(
        {"project_id": ["p1", "p2", "p3", "p3", None], "kind": ["school", "household", "school", "school", "person"]}
    )
    found = with_receivers({"undertakings": undertakings, "projects": projects, "beneficiaries": receivers})
    told = found["undertakings"].set_index("undertaking_id")["receiver_kind"].astype("object")
    assert told.where(told.notna(), None).to_dict() == {
        "whole": "several",
        "part1": "school",
        "part2": "household",
        "alone": "school",
        "bare": None,
    }
    assert found["projects"]["receiver_kind"].tolist()[:4] == told.tolist()[:4]
    read = pipeline.read(out)
    for table in ("undertakings", "projects"):
        once = pipeline.once(read[table])
        sums = once.groupby("receiver_kind", observed=True, dropna=False)["support_vnd"].sum()
        assert sums.to_dict() == {"establishment": 500_000_000}
