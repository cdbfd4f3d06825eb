"""Duplicates: exact and near ones marked, look-alikes with other figures not, whatever the order."""

import gzip
import json
import random

import pytest

from pipeline.tables.duplicates import mark

FIRST = (
    "Khuyến công hỗ trợ 450 triệu đồng cho ba cơ sở chế biến chè\n"
    "Trung tâm Khuyến công vừa nghiệm thu đề án hỗ trợ máy sấy chè cho ba cơ sở ở huyện Lạc Sơn, tổng kinh phí "
    "1,25 tỷ đồng, trong đó ngân sách hỗ trợ 450 triệu đồng, phần còn lại do các cơ sở bỏ ra từ vốn tự có của mình.\n"
    "Theo lãnh đạo trung tâm, máy móc sau khi bàn giao hoạt động ổn định, giảm một nửa công lao động so với trước đây "
    "và nâng chất lượng của sản phẩm, nhờ đó giá bán cao hơn hẳn và đầu ra ổn định hơn so với cách làm cũ ở địa phương."
)
OTHER_SITE = (
    FIRST.replace("Khuyến công hỗ trợ 450 triệu đồng cho ba cơ sở chế biến chè", "Lạc Sơn có thêm máy sấy chè")
    + "\nTheo Báo tỉnh"
)
NEXT_YEAR = FIRST.replace("1,25 tỷ", "2,5 tỷ").replace("450", "900")


def test_same_nearly_same_and_other_figures():
    documents = [
        ("d1", "a/1.txt", FIRST),
        ("d2", "b/1.txt", OTHER_SITE),
        ("d3", "b/2.txt", NEXT_YEAR),
        ("d4", "c.txt", FIRST),
    ]
    assert mark(documents) == {"d2": "d1", "d4": "d1"}


def test_order_of_arrival_does_not_matter():
    documents = [
        (f"d{i}", f"{i:02d}.txt", text) for i, text in enumerate([OTHER_SITE, FIRST, NEXT_YEAR, FIRST, OTHER_SITE])
    ]
    want = mark(documents)
    shuffle = random.Random(7)
    for _ in range(5):
        shuffle.shuffle(documents)
        assert mark(documents) == want
    assert want == {"d1": "d0", "d3": "d0", "d4": "d0"}


def test_one_document_twice_is_no_duplicate_of_itself():
    assert mark([("d1", "a.txt", FIRST), ("d1", "a.txt", FIRST)]) == {}


@pytest.mark.parametrize("text", ["", "Tin", "một hai", "- - -"])
def test_short_texts(text):
    assert mark([("d1", "a.txt", text), ("d2", "b.txt", text)]) == {"d2": "d1"}
    assert mark([("d1", "a.txt", text + " x"), ("d2", "b.txt", text + " y")]) == {}


def test_nothing():
    assert mark([]) == {}


@pytest.mark.slow
@pytest.mark.shared
def test_eight_thousand_documents(shared):
    """Edited copies of real reports are found; hardly any of the distinct reports are marked."""
    with gzip.open(shared / "corpus" / "archive.jsonl.gz", "rt", encoding="utf-8") as lines:
        documents = [(r["id"], r["id"], f"{r['title']}\n{r['text']}") for r in map(json.loads, lines)]
    alone = mark(documents)
    assert len(alone) < 0.005 * len(documents)
    choice = random.Random(1912)
    copies = []
    for doc_id, _, text in documents[:500]:
        words = text.split(" ")
        for _ in range(len(words) // 60):
            place = choice.randrange(len(words))
            if not any(c.isdigit() for c in words[place]):
                words[place] = "của"
        copies.append((f"copy-{doc_id}", f"z/{doc_id}", " ".join(words) + "\nTheo Báo tỉnh"))
    marks = mark(documents + copies)
    found = sum(marks.get(f"copy-{d[0]}") in (d[0], alone.get(d[0])) for d in documents[:500])
    assert found >= 490


def test_many_reports_of_one_template_without_figures():
    words = [f"từ{number}" for number in range(4000)]
    common = " ".join(words[:60])
    texts = [common + " " + " ".join(random.Random(number).sample(words, 50)) + "." for number in range(1500)]
    documents = [(f"d{n}", f"{n:04d}.txt", text.replace("từ", "chữ")) for n, text in enumerate(texts)]
    assert mark([*documents, ("again", "z.txt", documents[700][2] + " Hết")]) == {"again": "d700"}


def test_case_and_marks_are_no_difference():
    """The words count, not how they are set; the figures stay as they are."""
    marked = FIRST.replace("đồng,", "đồng –").replace("Khuyến công", "“KHUYẾN CÔNG”").replace("chè", "(Chè)")
    assert mark([("d1", "a.txt", FIRST), ("d2", "b.txt", marked), ("d3", "c.txt", FIRST.upper())]) == {
        "d2": "d1",
        "d3": "d1",
    }


def test_many_reports_of_one_template():
    """They share nearly all words; only those with the same figures are duplicates, however many there are."""
    text = FIRST.replace("1,25", "{}").replace("450", "{}").replace("một nửa", "{} phần trăm")
    sums = [(1000 + number, 5000 + 7 * number, number % 50) for number in range(3000)]
    documents = [(f"d{n}", f"{n:04d}.txt", text.format(a, b, b, c)) for n, (a, b, c) in enumerate(sums)]
    a, b, c = sums[1234]
    again = [("again", "z.txt", text.format(a, b, b, c) + "\nTheo Báo tỉnh")]
    assert mark(documents + again) == {"again": "d1234"}
