"""The batch and spaCy's components take different ways through the rules, to the same facts."""

from pipeline import components, facts, words
from pipeline.normalise import normalise
from pipeline.segment import segment


def test_both_ways_find_the_same(nlp, corpus_texts):
    for text in corpus_texts.values():
        clean, _ = normalise(text)
        assert components.facts_of(nlp(clean)) == facts.of_layout(segment(clean), words.load())
