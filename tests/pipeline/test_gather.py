"""The same undertaking in several reports: what is joined, what stays apart, which figure wins, and that runs agree."""

import json
import random
import shutil
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from batch import go, tables

import pipeline
from pipeline.gather.choose import winner
from pipeline.gather.compare import features
from pipeline.gather.contradict import contradiction, same_receiver
from pipeline.gather.decide import join
from pipeline.gather.gather import gather_table
from pipeline.gather.mention import MENTIONS, Mention, from_table
from pipeline.gather.propose import candidates
from pipeline.gather.rarity import Rarity
from pipeline.gather.words import key, pairs
from pipeline.train.linked import count, read_mentions

REPORTS = {
    "1-duyet": """Phú Thọ: Duyệt đề án sấy chè ở Thanh Sơn
Phú Thọ, ngày 14 tháng 3 năm 2022
Sở Công Thương tỉnh Phú Thọ phê duyệt đề án khuyến công địa phương năm 2022 “Hỗ trợ ứng dụng máy sấy trong chế biến chè
xanh” cho HTX Chè Võ Miếu, xã Võ Miếu, huyện Thanh Sơn. Tổng kinh phí 1.236 triệu đồng, khuyến công địa phương hỗ trợ
280 triệu đồng.
""",
    "2-nghiem-thu": """Nghiệm thu máy sấy chè Võ Miếu
Phú Thọ, ngày 20 tháng 10 năm 2022
Tại xã Võ Miếu, huyện Thanh Sơn, tỉnh Phú Thọ, hội đồng nghiệm thu đề án khuyến công địa phương năm 2022 “Hỗ trợ ứng
dụng máy sấy trong chế biến chè xanh” của HTX Chè Võ Miếu. Tổng kinh phí thực hiện sau điều chỉnh là 1.254 triệu đồng,
khuyến công địa phương hỗ trợ 280 triệu đồng.
""",
    "3-huyen-khac": """Đề án chè ở Hạ Hòa
Phú Thọ, ngày 21 tháng 10 năm 2022
Tại xã Ấm Hạ, huyện Hạ Hòa, tỉnh Phú Thọ, đề án khuyến công địa phương năm 2022 “Hỗ trợ ứng dụng máy sấy trong chế biến
chè xanh” của HTX Chè Ấm Hạ có tổng kinh phí 1.236 triệu đồng, khuyến công địa phương hỗ trợ 280 triệu đồng.
""",
    "4-nam-sau": """HTX Chè Võ Miếu đầu tư tiếp
Phú Thọ, ngày 5 tháng 9 năm 2023
Tại xã Võ Miếu, huyện Thanh Sơn, tỉnh Phú Thọ, đề án khuyến công địa phương năm 2023 “Hỗ trợ ứng dụng máy sấy trong chế
biến chè xanh” của HTX Chè Võ Miếu có tổng kinh phí 1.100 triệu đồng, khuyến công địa phương hỗ trợ 280 triệu đồng.
""",
    "5-thon": """Khánh thành nhà văn hóa
Phú Thọ, ngày 8 tháng 11 năm 2022
Công trình Nhà văn hóa thôn 2, xã Võ Miếu, huyện Thanh Sơn, tỉnh Phú Thọ có tổng kinh phí 1.150 triệu đồng.
""",
    "6-thon": """Khánh thành nhà văn hóa
Phú Thọ, ngày 9 tháng 11 năm 2022
Công trình Nhà văn hóa thôn 4, xã Võ Miếu, huyện Thanh Sơn, tỉnh Phú Thọ có tổng kinh phí 1.150 triệu đồng.
""",
}
ONE = {"1-duyet", "2-nghiem-thu"}


def write(folder: Path, names: Any = REPORTS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        text = " ".join(REPORTS[name].split("\n")[2:])
        head = "\n".join(REPORTS[name].split("\n")[:2])
        (folder / f"{name}.txt").write_text(f"{head}\n{text}\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("gather")
    go(write(root / "in"), root / "out")
    return root


def joined(out: Path) -> set[frozenset[str]]:
    """Names of the reports that tell of one undertaking, where several do."""
    read = pipeline.read(out)
    source = read["projects"].set_index("project_id")["source"].str.removesuffix(".txt")
    return {frozenset(source.reindex(list(ids))) for ids in read["undertakings"]["project_ids"] if len(ids) > 1}


def mentions(out: Path) -> list[Mention]:
    return list(from_table(ds.dataset(out / ".trichluc" / "mentions").to_table()))


def test_what_is_joined_and_what_stays_apart(made):
    assert joined(made / "out") == {frozenset(ONE)}


def test_the_row(made):
    read = pipeline.read(made / "out")
    (row,) = read["undertakings"][read["undertakings"]["n_reports"] > 1].to_dict("records")
    assert (row["total_vnd"], row["support_vnd"], row["n_reports"], row["year"]) == (
        1_254_000_000,
        280_000_000,
        2,
        2022,
    )
    assert (row["first_published"], row["last_published"]) == (date(2022, 3, 14), date(2022, 10, 20))
    assert (row["province_name"], row["current_province_name"]) == ("Tỉnh Phú Thọ", "Tỉnh Phú Thọ")
    assert list(row["differs"]) == ["total_vnd"]
    assert "receiver.same" in row["rule"] or "name.same" in row["rule"]
    assert row["undertaking_id"] == row["project_ids"][0]


def test_each_row_of_projects_has_one_undertaking(made):
    found = tables(made / "out")
    rows = {row["project_id"]: row["undertaking_id"] for row in found["projects"]}
    told = {key: row["undertaking_id"] for row in found["undertakings"] for key in row["project_ids"]}
    assert rows == told
    assert all(row["rule"] for row in found["undertakings"])


def test_no_undertaking_holds_a_contradiction(made):
    by_key = {m.project_id: m for m in mentions(made / "out")}
    for row in tables(made / "out")["undertakings"]:
        pairs = combinations([by_key[key] for key in row["project_ids"]], 2)
        assert all(contradiction(a, b) is None for a, b in pairs)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_mentions_does_not_matter(made, seed):
    every = mentions(made / "out")
    rows = ds.dataset(made / "out" / ".trichluc" / "mentions").to_table().to_pylist()
    random.Random(seed).shuffle(rows)
    expected, _ = gather_table(ds.dataset(made / "out" / ".trichluc" / "mentions").to_table(), {})
    found, _ = gather_table(pa.Table.from_pylist(rows, MENTIONS), {})
    assert found.equals(expected)
    shuffled = random.Random(seed).sample(every, len(every))
    sets = {frozenset(shuffled[place].project_id for place in one) for one in join(shuffled).sets}
    assert sets == {frozenset(every[place].project_id for place in one) for one in join(every).sets}


@pytest.mark.parametrize("order", [sorted(REPORTS), sorted(REPORTS, reverse=True)])
def test_reports_that_come_later_give_the_tables_of_one_run(made, tmp_path, order):
    for name in order:
        go(write(tmp_path / "in", [name]), tmp_path / "out")
    assert tables(tmp_path / "out") == tables(made / "out")


def test_removal(made, tmp_path):
    shutil.copytree(made / "in", tmp_path / "in")
    go(tmp_path / "in", tmp_path / "out")
    (tmp_path / "in" / "1-duyet.txt").unlink()
    go(tmp_path / "in", tmp_path / "out", prune=True)
    go(tmp_path / "in", tmp_path / "anew")
    assert tables(tmp_path / "out") == tables(tmp_path / "anew")
    assert joined(tmp_path / "out") == set()


def test_parts_keep_their_files_where_no_id_changes(tmp_path):
    def nodes(name: str) -> dict[str, int]:
        return {path.name: path.stat().st_ino for path in (tmp_path / "out" / name).iterdir()}

    folder = write(tmp_path / "in", ["2-nghiem-thu", "5-thon"])
    go(folder, tmp_path / "out", file_bytes=1)
    before = nodes("projects"), nodes("amounts")
    go(write(folder, ["6-thon"]), tmp_path / "out", file_bytes=1)  # joins nothing
    assert before[0].items() <= nodes("projects").items()
    go(write(folder, ["1-duyet"]), tmp_path / "out", file_bytes=1)  # the earlier report of one that is there
    assert before[1].items() <= nodes("amounts").items()
    assert len(before[0].items() - nodes("projects").items()) == 1
    assert joined(tmp_path / "out") == {frozenset(ONE)}


def test_a_copy_of_a_report_is_no_second_report(tmp_path):
    folder = write(tmp_path / "in")
    shutil.copy(folder / "1-duyet.txt", folder / "9-copy.txt")
    go(folder, tmp_path / "out")
    found = tables(tmp_path / "out")
    (row,) = [row for row in found["undertakings"] if len(row["project_ids"]) > 1]
    assert (len(row["project_ids"]), row["n_reports"]) == (3, 2)
    assert len(found["undertakings"]) == len(REPORTS) - 1
    read = pipeline.read(tmp_path / "out")
    assert {key for ids in read["undertakings"]["project_ids"] for key in ids} == set(read["projects"]["project_id"])


def test_once_sums_both_tables_alike(made):
    read = pipeline.read(made / "out")
    sums = [pipeline.once(read[name])[["total_vnd", "support_vnd"]].sum() for name in ("undertakings", "projects")]
    assert sums[0].equals(sums[1])
    assert sums[0]["support_vnd"] == 3 * 280_000_000


def test_in_memory_it_is_the_same():
    texts = ["\n".join([*text.split("\n")[:2], " ".join(text.split("\n")[2:])]) for text in REPORTS.values()]
    found = pipeline.extract(texts)
    assert sorted(found["undertakings"]["n_reports"]) == [1, 1, 1, 1, 2]
    assert found["projects"]["undertaking_id"].nunique() == 5


def test_people_join_and_split(made, tmp_path):
    shutil.copytree(made / "out", tmp_path / "out")
    out = tmp_path / "out"
    row = pipeline.read(out)["undertakings"].query("n_reports > 1").iloc[0]
    pipeline.review.split(out, list(row["project_ids"]), reviewer="an")
    assert joined(out) == set()
    go(write(tmp_path / "in"), out, fresh=True)  # a run anew knows nothing of it, reading does
    assert joined(out) == set()
    pipeline.review.join(out, list(row["project_ids"]), reviewer="an")
    assert joined(out) == {frozenset(ONE)}
    assert pipeline.read(out)["undertakings"].query("n_reports > 1")["rule"].tolist() == ["review"]
    assert len(pipeline.read(out, corrections=False)["undertakings"]) == len(REPORTS) - 1


def test_a_correction_reaches_the_undertaking(made, tmp_path):
    shutil.copytree(made / "out", tmp_path / "out")
    row = pipeline.read(tmp_path / "out")["projects"].sort_values("source").iloc[1]
    pipeline.review.record(row, "corrected", {"support_vnd": "290000000"}, reviewer="an")
    read = pipeline.read(tmp_path / "out")
    assert read["undertakings"].query("n_reports > 1")["support_vnd"].tolist() == [290_000_000]
    assert pipeline.once(read["projects"])["support_vnd"].sum() == 290_000_000 + 2 * 280_000_000


def test_verdicts_on_nothing_are_refused(made):
    with pytest.raises(ValueError, match="two rows or more"):
        pipeline.review.join(made / "out", ["x"])
    with pytest.raises(ValueError, match="no row of projects 'x'"):
        pipeline.review.join(made / "out", ["x", "y"])


def test_near_joins_are_listed(made):
    near = pipeline.review.near(made / "out")
    assert {"year", "number"} <= set(near["why"])
    assert near["margin"].is_monotonic_decreasing
    assert {"text", "source", "text_other", "source_other"} <= set(near)


def test_a_near_join_that_somebody_judged_is_not_listed_again(made, tmp_path):
    shutil.copytree(made / "out", tmp_path / "out")
    near = pipeline.review.near(tmp_path / "out")
    (one, other) = near.loc[0, ["project_id", "other_id"]]
    pipeline.review.split(tmp_path / "out", [other, one], reviewer="an")
    left = pipeline.review.near(tmp_path / "out")
    assert left.equals(near.iloc[1:].reset_index(drop=True))
    go(write(tmp_path / "in"), tmp_path / "out", fresh=True)
    assert len(pipeline.review.near(tmp_path / "out")) == len(left)


def told(made: Path, **values: Any) -> Mention:
    (mention, *_) = mentions(made / "out")
    for name, value in {"firm": (), "rounded": (), "agency": False, "n_beneficiaries": None, **values}.items():
        setattr(mention, name, value)
    return mention


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([("2021-01", 168, (), ()), ("2021-05", 163, ("total_vnd",), ())], 163),  # the adjusted one
        ([("2021-01", 1_148, ("total_vnd",), ()), ("2021-05", 1_200, (), ())], 1_148),  # no word of adjustment later
        ([("2021-01", 1_236, (), ()), ("2022-05", 1_200, (), ("total_vnd",))], 1_236),  # "trên 1,2 tỷ"
        ([("2021-01", 640, (), ()), ("2022-05", 600, ("total_vnd",), ())], 600),  # adjusted to a round figure
        ([("2021-01", 1_120, (), ()), (None, 1_900, (), ()), ("2022-05", 1_130, (), ())], 1_130),  # undated comes first
        ([("2021-01", 1_120, (), ()), ("2022-05", None, (), ())], 1_120),  # what is not printed stays
        ([("2021-01", None, (), ())], None),
    ],
)
def test_which_figure_wins(made, figures, expected):
    members = [
        told(
            made, published=month and date.fromisoformat(f"{month}-01"), total_vnd=figure and figure * 1_000_000,
            firm=firm, rounded=rounded, source=f"{number}.txt",
        )
        for number, (month, figure, firm, rounded) in enumerate(figures)
    ]  # fmt: skip
    assert winner(members, "total_vnd") == (expected and expected * 1_000_000)
    assert winner(members[::-1], "total_vnd") == (expected and expected * 1_000_000)


def test_groups_are_undertakings_too():
    frame = pd.DataFrame(
        {
            "project_id": ["a1", "b1", "b2", "b3"],
            "undertaking_id": ["a1", "b1", "a1", "b3"],
            "parent_id": [None, None, "b1", "b1"],
            "n_projects": [1, 2, 1, 1],
            "support_vnd": pd.array([300, None, 300, 400], "Int64"),
            "total_vnd": pd.array([None] * 4, "Int64"),
            "counterpart_vnd": pd.array([None] * 4, "Int64"),
            "n_beneficiaries": pd.array([None] * 4, "Int64"),
        }
    )
    frame["parent_id"] = frame["parent_id"].astype("string")
    once = pipeline.once(frame)  # a part that one report tells alone belongs to the group of the other
    assert once["support_vnd"].tolist() == [700]


def test_a_group_holds_the_models_that_it_lists():
    text = (
        "Hòa Bình: khuyến công năm 2023\nNăm 2023, tỉnh Hòa Bình hoàn thành 2 đề án, tổng kinh phí hỗ trợ 500 triệu "
        "đồng, gồm: đề án máy sấy chè cho HTX Chè Sông Bôi (200 triệu đồng) và mô hình trình diễn gạch không nung của "
        "Công ty TNHH Gạch Đà Bắc (300 triệu đồng)."
    )
    projects = pipeline.extract([text])["projects"]
    assert projects["parent_id"].notna().sum() == 2
    assert pipeline.once(projects)["support_vnd"].tolist() == [500_000_000]


@pytest.mark.shared
def test_gold_mentions_are_joined_rightly(shared):
    clusters = json.loads((shared / "linked" / "clusters.json").read_text("utf-8"))
    clusters.pop("truth")
    right, wrong, missed = count(read_mentions(shared / "linked" / "reports", clusters), None)
    assert right / (right + wrong) >= 0.97
    assert 2 * right / (2 * right + wrong + missed) >= 0.95


def test_a_sum_of_the_group_and_those_of_its_parts_count_once_whatever_they_are_called():
    nothing = pd.array([None] * 4, "Int64")
    frame = pd.DataFrame(
        {
            "project_id": ["a", "b", "c", "d"],
            "parent_id": pd.array([None, "a", "a", "a"], "string"),
            "total_vnd": pd.array([600, None, 250, 150], "Int64"),
            "support_vnd": pd.array([None, 200, None, None], "Int64"),
            "counterpart_vnd": nothing,
            "n_beneficiaries": nothing,
        }
    )
    once = pipeline.once(frame)
    assert (once["total_vnd"].tolist(), once["support_vnd"].tolist()) == ([600], [pd.NA])
    frame.loc[0, "total_vnd"] = 900  # the parts are support of a cost: both are told
    once = pipeline.once(frame)
    assert (once["total_vnd"].tolist(), once["support_vnd"].tolist()) == ([900], [200])


def works(made: Path, number: int, **values: Any) -> list[Mention]:
    """Undertakings of one title and one support, each in a report and a commune of its own."""
    return [
        told(
            made,
            **{
                "project_id": f"{n:016x}-p1", "doc_id": f"{n:016x}", "name": "Kiên cố hóa kênh nội đồng cánh trên",
                "kind": "cong_trinh", "year": None, "year_told": None, "receivers": (), "sites": (), "counts": (),
                "support_vnd": 300_000_000, "total_vnd": 700_000_000 + n * 1_370_000, "counterpart_vnd": None,
                "sums": (300_000_000,), "communes": (f"c{n}",), "current_communes": (f"c{n}",), "names": (),
                "report_names": (), "told": sorted(pairs("Kiên cố hóa kênh nội đồng cánh trên")),
            }
            | values,
        )
        for n in range(number)
    ]  # fmt: skip


def test_a_title_joins_where_few_have_it_and_not_where_very_many_have_it(made):
    def two(others: int) -> bool:
        every = works(made, others + 2)
        every[0].communes = every[0].current_communes = ()
        every[1].communes = every[1].current_communes = ()
        every[1].total_vnd = every[0].total_vnd
        for number, mention in enumerate(every):
            mention.districts = ("one",) if number < 2 else (f"d{number % 3}",)
        return any(members == [0, 1] for members in join(every).sets)

    assert two(others=2)
    assert not two(others=60)


def test_receiver_and_exact_sum_prove_what_a_common_title_does_not(made):
    every = works(made, 60)
    for mention in every[:2]:
        mention.receivers, mention.total_vnd, mention.sums = ("HTX Hồng Đăng",), 1_236_000_000, (1_236_000_000,)
        mention.communes = mention.current_communes = ()
    sets = join(every).sets
    assert [0, 1] in sets
    assert len(sets) == 59


def test_a_name_around_them_and_a_sum_prove_what_a_common_title_does_not(made):
    def two(around: tuple[str, ...]) -> bool:
        every = works(made, 200)
        for number, mention in enumerate(every):
            mention.districts = (f"d{number % 3}",)
            mention.names = tuple(key(f"tên {number}") for _ in around)
        for mention in every[:2]:
            mention.communes = mention.current_communes = ()
            mention.districts, mention.names = ("d0",), tuple(key(name) for name in around)
            mention.total_vnd, mention.sums = 1_236_000_000, (300_000_000,)
        return [0, 1] in join(every).sets

    assert two(("hồng đăng", "đăng khoa"))
    assert not two(("hồng đăng",))


def test_two_things_under_one_title_are_told(made):
    one, other = works(made, 2)
    one.name, other.name = "Liên kết tiêu thụ cà phê Robusta", "Liên kết tiêu thụ dưa lưới"
    assert "name.each" in features(one, other)
    other.name = "Liên kết tiêu thụ cà phê"
    assert "name.each" not in features(one, other)


def test_one_list_in_several_documents_names_what_is_two_by_two_names(made):
    def one(listing: str, name: str) -> bool:
        every = works(made, 2)
        for mention in every:
            mention.communes = mention.current_communes = ("00001",)
            mention.listing = listing
            mention.receivers, mention.total_vnd, mention.sums = ("HTX Hồng Đăng",), 1_236_000_000, (1_236_000_000,)
        every[1].name = name
        return len(join(every).sets) == 1

    own = works(made, 1)[0].name
    other = f"{own} và kho lạnh"
    assert one("", other)
    assert not one("danh-muc.xlsx", other)
    assert one("danh-muc.xlsx", own)


def test_signs_of_very_many_are_no_keys(made):
    every = works(made, 400)
    assert len(list(candidates(every, Rarity(every)))) < 10 * len(every)


def test_words_in_another_order_are_another_receiver():
    assert same_receiver("HTX Hồng Đăng", "Hợp tác xã Chế biến nông sản Hồng Đăng")
    assert not same_receiver("HTX An Bình Lộc", "HTX Lộc An Bình")
