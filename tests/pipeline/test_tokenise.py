"""Words as spaCy tokens."""

import unicodedata

import pytest
import spacy
from underthesea import word_tokenize

from pipeline.components.tokenise import layout_of, words_of


def test_tokens_align_with_the_text(nlp, corpus_texts):
    for text in corpus_texts.values():
        doc = nlp(text)
        assert doc.text == text
        for token in doc:
            assert text[token.idx : token.idx + len(token.text)] == token.text


def test_a_word_of_several_syllables_is_one_token(nlp):
    words = [token.text for token in nlp("Huyện Lương Sơn thuộc tỉnh Hòa Bình.")]
    assert "Hòa Bình" in words


@pytest.mark.slow
def test_words_are_those_of_underthesea(nlp, corpus_texts):
    for text in corpus_texts.values():
        doc = nlp(text)
        for (start, end), words in zip(layout_of(doc).sentences, words_of(doc), strict=True):
            assert words == word_tokenize(text[start:end])


def test_sentences_of_the_doc_are_those_of_the_layout(nlp):
    doc = nlp("Tin vắn\nTại TP. Hòa Bình có 2 cơ sở. Kinh phí 5 tỷ đồng.")
    assert [s.text.strip() for s in doc.sents] == [
        "Tin vắn",
        "Tại TP. Hòa Bình có 2 cơ sở.",
        "Kinh phí 5 tỷ đồng.",
    ]


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "a", "  hai   dấu cách  \n\n cuối ", "\u200b", "đồng\u00a0bào", "😀 5 tỷ"]
)
def test_any_text_is_kept(nlp, text):
    assert nlp(text).text == text


def test_decomposed_letters_are_told(nlp):
    text = unicodedata.normalize("NFD", "Hỗ trợ 500 triệu đồng.")
    with pytest.warns(UserWarning, match="NFC"):
        assert nlp(text).text == text


def test_component_in_a_foreign_pipeline():
    nlp = spacy.blank("vi")
    nlp.add_pipe("trichluc_amounts")
    doc = nlp("Tổng kinh phí trên 1,75 tỷ đồng.")
    (span,) = doc.spans["amounts"]
    assert span._.mention.text == "trên 1,75 tỷ đồng"
    assert span._.mention.value_vnd == 1_750_000_000


def test_component_behind_another_tokenizer():
    nlp = spacy.blank("en")
    nlp.add_pipe("trichluc_amounts")
    doc = nlp("Kinh phí 500 triệu đồng.")
    assert [a.value_vnd for a in doc._.amounts] == [500_000_000]


TEXTS = ["Kinh phí 500 triệu đồng.", "Đề án «Sấy chuối» tại huyện Lương Sơn, tỉnh Hòa Bình có tổng kinh phí 2 tỷ đồng."]


def facts(doc):
    return [list(doc._.amounts), list(doc._.projects), list(doc._.locations), doc._.links, layout_of(doc)]


def test_mentions_travel_between_processes(nlp):
    """``nlp.pipe`` with processes sends each Doc as bytes."""
    here = [facts(doc) for doc in nlp.pipe(TEXTS)]
    assert here[1][0][0].value_vnd == 2_000_000_000
    assert [facts(doc) for doc in nlp.pipe(TEXTS, n_process=2)] == here


def test_a_saved_pipeline_finds_the_same(nlp, tmp_path):
    nlp.to_disk(tmp_path)
    assert [facts(doc) for doc in spacy.load(tmp_path).pipe(TEXTS)] == [facts(doc) for doc in nlp.pipe(TEXTS)]
