"""Encodings: the tables against well-known text, detection on generated samples, Unicode left alone."""

import gzip
import json
import random
import tomllib
import unicodedata
from pathlib import Path

import pytest

from pipeline.text.encodings import UndecodableError, decode, font_encoding, unfont, unfont_runs
from pipeline.text.normalise import normalise

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "encodings.toml").read_text("utf-8"))["case"]
VIETNAMESE = frozenset(
    "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
)
OLD = ("windows-1258", "tcvn3", "vni", "viscii")


@pytest.mark.parametrize("case", CASES, ids=[case["encoding"] for case in CASES])
def test_well_known_text(case):
    decoded = decode(case["bytes"].encode("latin-1"))
    assert (decoded.text, decoded.encoding) == (case["text"], case["encoding"])


@pytest.mark.parametrize("case", CASES[:2], ids=[case["encoding"] for case in CASES[:2]])
def test_text_that_needs_its_font(case):
    """The same characters saved as UTF-8, as a copy out of a Word file gives them."""
    decoded = decode(case["bytes"].encode("utf-8"))
    assert (decoded.text, decoded.encoding) == (case["text"], case["encoding"])


def _samples(texts: list[str], number: int) -> list[str]:
    """Stretches of 200 to 400 characters, in characters that every old encoding has."""
    choice = random.Random(1912)
    signs = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "…": ".", "•": "-", "—": "-"})
    samples = []
    for text in choice.sample(texts, min(number, len(texts))):
        start = choice.randrange(max(1, len(text) - 400))
        sample = text[start : start + choice.choice((200, 250, 300, 400))].translate(signs)
        if len(sample) >= 200:
            samples.append(sample)
    return samples


@pytest.mark.shared
@pytest.mark.parametrize("encoding", OLD)
def test_detection(shared, archive, encoding):
    """Right on at least 99 of 100 samples of 200 characters and more."""
    with gzip.open(shared / "corpus" / "archive.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [normalise(json.loads(line)["text"])[0] for line, _ in zip(lines, range(2000), strict=False)]
    samples = _samples(texts, 600)
    named = same = 0
    for sample in samples:
        sample = "".join(c for c in sample if c == "\n" or c.isascii() or c in VIETNAMESE)
        data = archive.in_encoding(sample, encoding)
        decoded = decode(data)
        named += decoded.encoding == encoding
        same += normalise(decoded.text)[0].lower() == normalise(sample)[0].lower()
    assert len(samples) > 500
    assert named >= 0.99 * len(samples)
    assert same >= 0.99 * len(samples)


@pytest.mark.shared
def test_no_unicode_document_changes(shared):
    """Over all reports of the research corpus, detection says UTF-8 and changes no letter."""
    with gzip.open(shared / "corpus" / "archive.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    texts += [path.read_text("utf-8") for path in (shared / "corpus" / "reports").glob("*.txt")]
    texts += [path.read_text("utf-8") for path in (shared / "gold").glob("*.txt")]
    changed = [text[:80] for text in texts if (d := decode(text.encode())).text != text or d.encoding != "utf-8"]
    assert len(texts) > 8000
    assert changed == []


def test_utf16_without_a_mark():
    text = "Sở Công Thương hỗ trợ 3 cơ sở.\n" * 4
    for codec in ("utf-16-le", "utf-16-be"):
        assert decode(text.encode(codec)).text == text


def test_other_languages_are_not_made_vietnamese():
    for text in (
        "Le préfet a visité l'école où les élèves français étudient déjà à côté du château. Müller über Köln schön.",
        "© 2020 Nhà xuất bản Kim Đồng® – giá 5£, nhiệt độ 30° ± 2°, μ, «một»",
    ):
        assert decode(text.encode()).text == text
    french = "Le préfet a visité l'école où les élèves étudient déjà à côté du château."
    assert decode(french.encode("cp1252")).encoding == "windows-1252"


def test_old_and_new_lines_in_one_text(archive):
    """Lines in a font among lines in Unicode: each is read as what it is."""
    lines = list(archive.LINES)
    mixed = [archive.in_font(line, "tcvn3") if i % 2 else line for i, line in enumerate(lines)]
    assert unfont("\n".join(mixed), "utf-8").text == archive.TEXT


def test_a_font_name_alone_proves_nothing():
    """Unicode text that was pasted into an old document keeps the name of the old font."""
    runs = [("Công ty có 35 lao động ở huyện Đà Bắc, vốn là ", "tcvn3"), ("cơ sở chế biến", "vni")]
    assert unfont_runs(runs) == ([text for text, _ in runs], None)


@pytest.mark.parametrize(
    ("font", "encoding"),
    [
        (".VnTime", "tcvn3"),
        ("'.VnArialH', serif", "tcvn3-capitals"),
        ("VNI-Helve", "vni"),
        ("Arial", None),
        (None, None),
    ],
)
def test_font_names(font, encoding):
    assert font_encoding(font) == encoding


@pytest.mark.parametrize("data", [b"\xff", b"4\xff0 tri\xe1\xbb\x87u", bytes(range(1, 256))])
def test_bytes_that_are_no_text(data):
    with pytest.raises(UndecodableError):
        decode(data)


def test_windows_1258_is_composed():
    decoded = decode("Tiê\u0301n đô\u0323 ngân sa\u0301ch cu\u0309a huyê\u0323n".encode("cp1258"))
    assert unicodedata.is_normalized("NFC", decoded.text)


def test_capital_fonts_and_runs_that_end_before_a_mark():
    runs = [
        ("së c«ng th\u00ad¬ng ", "tcvn3-capitals"),
        ("tØnh Hßa B×nh ", "tcvn3"),
        ("Trung ta", "vni"),
        ("âm Khuyeá", "vni"),
        ("n coâng", "vni"),
    ]
    texts, encoding = unfont_runs(runs)
    assert "".join(texts) == "SỞ CÔNG THƯƠNG tỉnh Hòa Bình Trung tâm Khuyến công"
    assert encoding == "tcvn3"


def test_lines_with_few_marks_of_their_font(archive):
    """A short line may have no letter that is foreign to Unicode Vietnamese; its neighbours tell."""
    text = archive.TEXT + "\nTrung tâm công bố, toà soạn khoẻ"
    assert unfont(archive.in_font(text, "vni"), "utf-8").text == text
