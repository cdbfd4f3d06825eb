"""The fast path gives the words of underthesea: for every text of the corpus, and for random ones."""

import gzip
import json
import unicodedata
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pipeline.words as words
from pipeline.words.fallback import LibrarySegmenter
from pipeline.words.library import Transitions, Unsupported
from pipeline.words.segmenter import Decoder, FastSegmenter

SHARED = Path(__file__).parents[3] / "shared"  # beside the repository
CORPUS = SHARED / "corpus"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus folder ../shared/corpus is absent")

SAMPLES = [
    "",
    " \n\t ",
    "Kinh phí UBND.",
    "Kinh phí UBND.\n",
    "Kinh phí UBND.\n\n",
    "Kinh phí UBND. ",
    "UBND. UBND.",
    "TP. HCM v.v... và v.v.",
    "HTX Nông nghiệp Xuân Phú (huyện Tân Lạc) nhận 500/800 triệu đồng.",
    "a.b.c www.example.org/x(y(z)) thu@example.org. 43H-0530 3x4 08-2014",
    "thuỷ lợi, hoà giaỉ, nghành nghề",
    unicodedata.normalize("NFD", "Đề án hỗ trợ thuỷ lợi ở Hoà Bình, Đắk Lắk."),
    "Ðắk Lắk, ðồng bằng",
    "e\u0301\u0323\u0302 o\u031b\u0301 \u0301\u0323 \u1100\u1161\u11a8 \u0958",
    "2147483647 2147483648 -5 +5 ٣ ² ½ ①",
    "ΟΔΟΣ ΣΑΣ ǅ ß İstanbul ﬁ 𝐀𝐁",
    "BOS EOS BOS",
    "_ __ a_b _a 1_000",
    "đây  là\u00a0dòng\u2003khác\u2028hết",
    "x" * 500 + " " + "á" * 500,
    "Th SS",
    "Th SS a",
    "Th Sỹ",  # one token of underthesea that holds a blank
]
SYLLABLES = [
    "hỗ", "trợ", "Hỗ", "kinh", "phí", "đề", "án", "Đề", "HÒA", "Bình", "hoà", "thuỷ", "giaỉ", "cơ", "sở",
    "công", "nghiệp", "1,75", "5.024", "tỷ", "đồng", "UBND", "TP.", "v.v", "25/03/2020", "H'Mông", ",", ".",
    "”", "(", ")", "-", ":D",
]  # fmt: skip


@pytest.fixture(scope="module")
def fast() -> words.Segmenter:
    segmenter = words.load()
    assert isinstance(segmenter, FastSegmenter)
    return segmenter


def same_as_library(fast: words.Segmenter, text: str) -> None:
    expected = LibrarySegmenter().words(text)
    assert fast.words(text) == expected
    spans = fast.spans(text)
    assert [word for _, _, word in spans] == expected
    assert spans == LibrarySegmenter().spans(text)
    ends = [0, *(end for _, end, _ in spans)]
    assert all(end <= start <= stop for end, (start, stop, _) in zip(ends, spans, strict=False))
    # No letter lies outside the words, and none is theirs that they do not show.
    shown = "".join(text[start:end] for start, end, _ in spans)
    assert "".join(shown.split()) == "".join(text.split())


@pytest.mark.parametrize("text", SAMPLES)
def test_samples(fast: words.Segmenter, text: str) -> None:
    same_as_library(fast, text)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_unicode(fast: words.Segmenter, text: str) -> None:
    same_as_library(fast, text)


@given(st.lists(st.tuples(st.sampled_from(SYLLABLES), st.sampled_from(["", " ", " ", "\n", "  "])), max_size=30))
def test_any_order_of_syllables(fast: words.Segmenter, parts: list[tuple[str, str]]) -> None:
    same_as_library(fast, "".join(part for pair in parts for part in pair))


@given(st.text(st.sampled_from("aAĐđéẹo\u0301\u0323\u031bΣ1.,:/@-'_&D)( \n"), max_size=30))
def test_any_mix_of_difficult_characters(fast: words.Segmenter, text: str) -> None:
    same_as_library(fast, text)


@given(st.text(st.sampled_from("ThsSéá. "), max_size=12))
def test_an_abbreviation_that_takes_any_letter(fast: words.Segmenter, text: str) -> None:
    """The library reads "Th.s" with any character for the stop."""
    same_as_library(fast, text)
    same_as_library(fast, f"học viện This{text}")


def test_many_at_once_are_the_same_as_one_by_one(fast: words.Segmenter) -> None:
    assert fast.spans_many(SAMPLES) == [fast.spans(text) for text in SAMPLES]
    assert fast.words_many(SAMPLES) == [fast.words(text) for text in SAMPLES]
    assert fast.spans_many([]) == fast.words_many([]) == []


@pytest.mark.parametrize("limit", ["MOST_CHUNKS", "MOST_TOKENS"])
def test_forgetting_changes_nothing(monkeypatch: pytest.MonkeyPatch, fast: FastSegmenter, limit: str) -> None:
    expected = [fast.spans(text) for text in SAMPLES]
    monkeypatch.setattr(f"pipeline.words.segmenter.{limit}", 5)
    for text, spans in zip(SAMPLES * 2, expected * 2, strict=True):
        assert fast.spans(text) == spans
        assert fast.words(text) == [word for _, _, word in spans]
        assert len(fast._memory.chunks) <= 5 + len(text.split())


def test_long_tokens_are_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch, fast: FastSegmenter) -> None:
    monkeypatch.setattr("pipeline.words.segmenter.MOST_CHARACTERS", 10_000)
    for letter in "abcdefghijklmnop":
        same_as_library(fast, f"số {letter * 3000} hết")
        assert fast._memory.table.characters < 20_000


def test_words_with_marks_around_them(fast: words.Segmenter) -> None:
    """These are told without the token pattern."""
    for word in ("đồng", "Kỳ", "Th", "Thistley", "UBND", "TP", "v", "Mr", "e", "Thuỷ", "hoà"):
        for chunk in ("{},", "({})", '"{}".', "“{}”,", "{}.", "{}…", "{})).", "{}?!", "{};", "{}.,", "({}.)", "{}”.“"):
            same_as_library(fast, chunk.format(word))
            same_as_library(fast, f"theo {chunk.format(word)} và")


def test_a_close_decision_is_in_doubt() -> None:
    decoder = Decoder(Transitions(bb=-0.4, bi=0.4, ib=0.4, ii=-0.6))

    def decode(*scores: float) -> tuple[list[bool], list[int]]:
        places = np.array([0, 0, *scores, 0, 0])
        tokens = np.array([False, False, *[True] * len(scores), False, False])
        begins, doubts = decoder.decode(places, tokens, [len(scores) + 2])
        return begins[2:-2], doubts

    assert decode(1.0, -1.0) == ([True, False], [])
    assert decode(0.5, 0.4) == ([True, False], [])
    assert decode(1.0, 0.8)[1] == [3]
    assert decode(0.8, 1.0)[1] == [2]


def test_doubt_goes_to_the_library(monkeypatch: pytest.MonkeyPatch, fast: words.Segmenter) -> None:
    expected = [fast.spans(text) for text in SAMPLES]
    decode = Decoder.decode

    def always_in_doubt(self: Decoder, scores, tokens, ends):
        begins, _ = decode(self, scores, tokens, ends)
        return [not begin for begin in begins], tokens.nonzero()[0].tolist()

    monkeypatch.setattr(Decoder, "decode", always_in_doubt)
    assert fast.spans_many(SAMPLES) == expected


def test_transitions_that_the_decoder_cannot_use() -> None:
    with pytest.raises(Unsupported):
        Decoder(Transitions(bb=1.0, bi=-1.0, ib=-1.0, ii=1.0))


@pytest.fixture
def unloaded():
    words.load.cache_clear()
    yield
    words.load.cache_clear()


@pytest.mark.usefixtures("unloaded")
def test_missing_model_falls_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.words.library.MODEL", "no/such/folder")
    with pytest.warns(words.SegmenterWarning, match="ten times slower"):
        segmenter = words.load()
    assert isinstance(segmenter, LibrarySegmenter)
    assert segmenter.words("hỗ trợ cơ sở") == ["hỗ trợ", "cơ sở"]


@pytest.mark.usefixtures("unloaded")
def test_other_words_fall_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FastSegmenter, "words", lambda _self, text: text.split())
    with pytest.warns(words.SegmenterWarning, match="differ"):
        assert isinstance(words.load(), LibrarySegmenter)


@pytest.mark.usefixtures("unloaded")
def test_unknown_sources_are_checked_against_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.words.library.KNOWN_SOURCES", frozenset())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(words.load(), FastSegmenter)


def test_installed_sources_are_known(fast: words.Segmenter) -> None:
    assert isinstance(fast, FastSegmenter)
    assert fast._library.known


@needs_corpus
@pytest.mark.shared
def test_reports(fast: words.Segmenter) -> None:
    """A tenth of the reports; `python benchmarks/words.py ../shared/corpus` compares all 8,661 documents."""
    library = LibrarySegmenter()
    for path in sorted((CORPUS / "reports").glob("*.txt"))[::10]:
        text = path.read_text(encoding="utf-8")
        assert fast.words(text) == library.words(text), path.name


@needs_corpus
@pytest.mark.shared
def test_archive(fast: words.Segmenter) -> None:
    library = LibrarySegmenter()
    with gzip.open(CORPUS / "archive.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % 100 == 0:
                record = json.loads(line)
                assert fast.words(record["text"]) == library.words(record["text"]), record["id"]
