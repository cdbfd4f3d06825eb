"""Sentences that hold sums, cut into words, with their brackets and quotations."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rules.language.letters import lowered
from rules.layout import Layout, Span
from rules.money.mention import Amount
from rules.role.cues import glued_words, plain_tones, single_cues

_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|\w+|[^\w\s]")  # "1.356", "1,2" are one word: their marks part nothing
_OPEN, _CLOSE, _QUOTES = "([", ")]", '"“”'
_MARKS = frozenset([*_OPEN, *_QUOTES])


@dataclass(slots=True)
class Clause:
    """One sentence: its words, where each lies, and which of them are sums.

    A sum is the empty word; ``sums`` maps its position among the words to the indices of its amounts (several
    where they share a span). ``bracket`` and ``quote`` number the innermost bracket and the quotation of each
    word, 0 outside of any; ``opened`` is the position of the opening bracket of each number.
    """

    paragraph: int
    words: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    bracket: list[int] = field(default_factory=list)
    quote: list[int] = field(default_factory=list)
    sums: dict[int, list[int]] = field(default_factory=dict)
    opened: dict[int, int] = field(default_factory=dict)
    parent: dict[int, int] = field(default_factory=dict)

    def span(self, first: int, last: int) -> Span:
        """Where words [first, last] lie in the text."""
        return self.spans[first][0], self.spans[last][1]


def clauses(layout: Layout, amounts: Sequence[Amount]) -> Iterator[Clause]:
    """The sentences of ``layout`` that hold ``amounts``, in order. Every amount is in exactly one."""
    low = plain_tones(lowered(layout.text))
    i = 0
    while i < len(amounts):
        sentence = layout.sentence_at(amounts[i].start)
        start, end = layout.sentences[sentence] if layout.sentences else (0, len(low))
        j = i + 1
        while j < len(amounts) and amounts[j].start < end:
            j += 1
        paragraph = layout.sentence_paragraph[sentence] if layout.sentences else 0
        span = min(start, amounts[i].start), max(end, amounts[j - 1].end)
        yield _clause(layout.text, low, span, paragraph, amounts, range(i, j))
        i = j


def _clause(text: str, low: str, span: Span, paragraph: int, amounts: Sequence[Amount], chosen: range) -> Clause:
    clause = Clause(paragraph)
    at, end = span
    for k in chosen:
        amount = amounts[k]
        if clause.sums and amounts[k - 1].start == amount.start and k > chosen.start:
            clause.sums[len(clause.words) - 1].append(k)
            continue
        _add_words(clause, text, low, at, amount.start)
        clause.sums[len(clause.words)] = [k]
        clause.words.append("")
        clause.spans.append((amount.start, amount.end))
        at = max(at, amount.end)
    _add_words(clause, text, low, at, end)
    _number(clause)
    return clause


def _add_words(clause: Clause, text: str, low: str, start: int, end: int) -> None:
    """Add the words of [start, end). Lost spaces are put back ("hỗtrợ"), and a syllable of a name is no cue."""
    glued, single = glued_words(), single_cues()
    add_word, add_span = clause.words.append, clause.spans.append
    for m in _TOKEN.finditer(low, start, end):
        word, span = m[0], m.span()
        if word in single:
            at, stop = span
            if text[at].isupper() and (_is_name(text, clause, at) or _opens_name(text, clause, stop)):
                word = f"{word}|"
        elif word in glued:
            first = span[0] + glued[word]
            add_word(word[: glued[word]])
            add_span((span[0], first))
            word, span = word[glued[word] :], (first, span[1])
        add_word(word)
        add_span(span)


def _is_name(text: str, clause: Clause, at: int) -> bool:
    """Whether the word at ``at`` has a capital like the word before it: "Trung Lương", but not in "HỖ TRỢ"."""
    if not clause.spans or clause.spans[-1][1] != at - 1 or not clause.words[-1]:
        return False
    before = clause.spans[-1][0]
    return text[before].isupper() and text[at + 1 : at + 2].islower() and text[before + 1 : before + 2].islower()


def _opens_name(text: str, clause: Clause, stop: int) -> bool:
    """Whether a name begins with the word that ends at ``stop``: "kè Bù Nú"."""
    if not clause.words or not clause.words[-1].isalpha():
        return False
    following = text[stop : stop + 3]
    return following[:1] == " " and following[1:2].isupper() and following[2:3].islower()


def _number(clause: Clause) -> None:
    """Number brackets and quotations."""
    words = clause.words
    if _MARKS.isdisjoint(words):
        clause.bracket = clause.quote = [0] * len(words)
        return
    marks = [i for i, word in enumerate(words) if word and word in _QUOTES]
    odd = marks[-1] if len(marks) % 2 else None
    stack, count, quote, quotes = [0], 0, 0, 0
    for i, word in enumerate(words):
        if word and word in _OPEN:
            count += 1
            clause.opened[count] = i
            clause.parent[count] = stack[-1]
            stack.append(count)
        elif word and word in _QUOTES and i != odd:
            quotes += quote == 0
            quote = 0 if quote else quotes
        clause.bracket.append(stack[-1])
        clause.quote.append(quote)
        if word and word in _CLOSE and len(stack) > 1:
            stack.pop()
