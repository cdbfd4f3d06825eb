"""What speaks for and against a candidate: named features of its surroundings.

A feature is a string. ``left`` and ``right`` are the words of the clause and the sentence beside the candidate,
``cue`` features name a list of ``words.toml`` and, for the nearest phrase of it, how far off it stands.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from rules.beneficiary.candidate import Candidate
from rules.beneficiary.phrases import Cues, Phrases, words
from rules.beneficiary.words import UPPER, WORDS
from rules.language.alternation import alternation
from rules.layout import Layout, Span


class Sum(Protocol):
    """A sum of money beside a candidate."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def role(self) -> str: ...


_CUES = Cues(WORDS["cues"])
_FILLERS = Phrases(WORDS["fillers"]["words"])
_ROLES = Phrases(WORDS["name"]["roles"])
_CLAUSE = re.compile(r"[,;:()\"“”]")
_POPULATION = re.compile(
    rf"(?<!\w)(?:{alternation(WORDS['population']['places'])})(?:\s[{UPPER}][\w’']*){{0,4}}"
    r"\s(?:(?:hiện|nay|chỉ|đang|này)\s){0,2}(?:có|còn)(?:\s(?:hơn|gần|khoảng|tổng số|trên|tất cả|tổng cộng))?\s\Z",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\s*(?:[-–+*•]|\(?\w{1,2}[).])\s")
_JOINED = re.compile(
    r"(?:\s?\([^()\n]{0,120}\))?(?P<mark>\s?[,;]|\s(?:và|cùng|với|hoặc))\s(?:(?:và|cho|hơn|gần)\s){0,2}"
)
_PLACED = re.compile(r"(?:,?\s(?:ở|tại|thuộc|xã|thôn|bản|ấp|huyện|thị trấn|phường)\s[^,;.():]{2,50}){1,3}")
_BRACKETED = re.compile(r"\s?\([^()\n]{1,100}\)")
_LIST, _LINE = 40, 300  # lines of a list, code points of one
_LEFT, _RIGHT, _SENTENCE = 240, 200, 900  # code points that may bear on a candidate


@dataclass(frozen=True)
class Around:
    """The sentence of a candidate, cut to what may bear on it, and what was found in it."""

    layout: Layout
    candidate: Candidate
    sums: Sequence[Sum]
    said: Callable[[int, int], list[str]]
    """the lists of which a phrase stands in a span of the text"""

    @cached_property
    def sentence(self) -> int:
        """Index of the candidate's sentence."""
        return self.layout.sentence_at(self.candidate.start)

    @cached_property
    def span(self) -> Span:
        """The sentence, at most `_SENTENCE` code points to either side."""
        left, right = self.layout.sentences[self.sentence]
        c = self.candidate
        return max(left, c.start - _SENTENCE), min(right, c.end + _SENTENCE)

    @cached_property
    def told(self) -> list[str]:
        """The lists of which a phrase stands in the sentence."""
        return self.said(*self.span)

    @cached_property
    def before(self) -> str:
        """Text of the sentence before the candidate."""
        return self.layout.text[max(self.span[0], self.candidate.start - _LEFT) : self.candidate.start]

    @cached_property
    def after(self) -> str:
        """Text of the sentence behind the candidate, without a bracket and a place right behind it."""
        text, end = self.layout.text, self.candidate.end
        right = min(self.span[1], end + _RIGHT)
        for pattern in (_BRACKETED, _PLACED):
            m = pattern.match(text, end, right)
            end = m.end() if m else end
        return text[end:right]


def describe(around: Around) -> Iterator[str]:
    """The features of a candidate, without those of its neighbours."""
    yield from _itself(around)
    yield from _beside(around)
    yield from _cued(around)
    yield from _placed(around)
    yield from _about(around)
    yield from _money(around)


def _itself(around: Around) -> Iterator[str]:
    c = around.candidate
    form = "name" if c.name is not None else "count"
    yield f"kind={form}.{c.kind}"
    yield f"noun={c.noun}"
    yield f"grade={c.grade}"
    described = around.layout.text[c.noun_end : c.end].lower()
    if c.name is None:
        yield f"size={len(str(c.count))}"
        for word in words(described):
            yield f"described={word}"
        if _POPULATION.search(around.before):
            yield "population"
        if c.article:
            yield "article"


def _beside(around: Around) -> Iterator[str]:
    c = around.candidate
    form = "name" if c.name is not None else "count"
    left, right = words(around.before), words(around.after)
    left = _without_fillers(left)
    near = ["^", "^", *left][-2:]
    yield f"left1={near[1]}"
    yield f"left2={near[0]} {near[1]}"
    yield f"{form}.left1={near[1]}"
    for word in left[-7:]:
        yield f"left={word}"
    shape = [_shape(word) for word in [*right, "$", "$"][:2]]
    yield f"right1={shape[0]}"
    yield f"right2={shape[0]} {shape[1]}"
    yield f"{form}.right1={shape[0]}"
    for word in right[:7]:
        yield f"right={_shape(word)}"
    if _ROLES.at_start([w for w in right[:4] if w not in "(,"], 1):
        yield "right.office"


def _shape(word: str) -> str:
    return "0" if word[0].isdigit() else word


def _without_fillers(left: list[str]) -> list[str]:
    for _ in range(3):
        filler = _FILLERS.at_end(left)
        if filler is None:
            break
        left = left[: len(left) - filler.count(" ") - 1]
    return left


def _cued(around: Around) -> Iterator[str]:
    form = "name" if around.candidate.name is not None else "count"
    yield from _cued_before(around.before, form)
    yield from _cued_behind(around.after, form)
    for name in around.told:
        yield f"{name}~"
        yield f"{around.candidate.grade}.{name}~"


def _cued_before(text: str, form: str) -> Iterator[str]:
    """The nearest phrase of each list before the candidate, in its clause with its distance."""
    left = words(text)
    clause = len(left) - len(words(_CLAUSE.split(text)[-1]))
    nearest: dict[str, tuple[int, int]] = {}
    for start, end, name in _CUES.hits(left):
        nearest[name] = max(nearest.get(name, (0, 0)), (end, -start))
    for name, (end, start) in nearest.items():
        if -start < clause:
            yield f"{name}<<"
            yield f"{form}.{name}<<"
            continue
        far = _far(len(left) - end)
        yield f"{name}<{far}"
        yield f"{form}.{name}<{far}"
        yield f"{name}<={' '.join(left[-start:end])}"


def _cued_behind(text: str, form: str) -> Iterator[str]:
    """The nearest phrase of each list behind the candidate."""
    right = words(text)
    clause = len(words(_CLAUSE.split(text)[0]))
    nearest: dict[str, tuple[int, int]] = {}
    for start, end, name in _CUES.hits(right):
        nearest[name] = min(nearest.get(name, (start, -end)), (start, -end))
    for name, (start, end) in nearest.items():
        if -end > clause:
            yield f"{name}>>"
            yield f"{form}.{name}>>"
            continue
        far = _far(start)
        yield f"{name}>{far}"
        yield f"{form}.{name}>{far}"
        yield f"{name}>={' '.join(right[start:-end])}"


def _far(distance: int) -> str:
    return "0" if distance == 0 else "2" if distance <= 2 else "5" if distance <= 5 else "9"


def _placed(around: Around) -> Iterator[str]:
    layout, c = around.layout, around.candidate
    left, right = layout.sentences[around.sentence]
    if layout.title and layout.title[0] <= c.start < layout.title[1]:
        yield "headline"
    paragraph = layout.sentence_paragraph[around.sentence]
    if _BULLET.match(layout.text, *layout.paragraphs[paragraph]):
        yield "bullet"
    head = layout.text[left : c.start].strip()
    if not head:
        yield "opens.sentence"
    elif head[-1] in ",;:(":
        yield f"opens={head[-1]}"
    tail = layout.text[c.end : right].lstrip()[:1]
    if not tail or tail in ",;.():":
        yield f"closes={tail}"
    if layout.text.count("(", left, c.start) > layout.text.count(")", left, c.start):
        yield "bracket"


def _about(around: Around) -> Iterator[str]:
    """What the sentences before and behind say, and the line over a list."""
    layout = around.layout
    owner, sentence = layout.sentence_paragraph, around.sentence
    following = sentence + 1
    if following < len(owner) and owner[following] == owner[sentence]:
        start, end = layout.sentences[following]
        said = words(layout.text[start : min(end, start + 120)])
        for n in (1, 2):
            yield f"next{n}={' '.join(map(_shape, said[:n]))}"
        for name in around.said(start, min(end, start + 120)):
            yield f"next.{name}"
    if sentence and owner[sentence - 1] == owner[sentence]:
        start, end = layout.sentences[sentence - 1]
        for name in around.said(max(start, end - 200), end):
            yield f"before.{name}"
    if (head := _list_head(layout, owner[sentence])) is not None:
        yield "list"
        for name in around.said(max(head[0], head[1] - 200), head[1]):
            yield f"head.{name}"


def cues_in(text: str) -> list[str]:
    """The lists of which a phrase stands in ``text``, each once."""
    return list(dict.fromkeys(name for _, _, name in _CUES.hits(words(text))))


def _list_head(layout: Layout, paragraph: int) -> Span | None:
    """The line that ends with a colon over the list in which ``paragraph`` is an item; lines may head its parts."""
    text, lines = layout.text, layout.paragraphs
    if not _BULLET.match(text, *lines[paragraph]):
        return None
    for back in range(paragraph - 1, max(-1, paragraph - 1 - _LIST), -1):
        start, end = lines[back]
        if text[end - 1] == ":":
            return start, end
        if end - start > _LINE or (not _BULLET.match(text, start, end) and text[end - 1] in ".!?"):
            return None
    return None


def _money(around: Around) -> Iterator[str]:
    c = around.candidate
    left, right = around.span
    here = [a for a in around.sums if left <= a.start < right]
    if not here:
        yield "sum.none"
        return
    earlier = [a for a in here if a.start < c.start]
    later = [a for a in here if a.start >= c.end]
    for side, nearest in (("before", earlier[-1:]), ("behind", later[:1])):
        for a in nearest:
            gap = around.layout.text[a.end : c.start] if side == "before" else around.layout.text[c.end : a.start]
            close = "beside" if len(gap) < 14 else "clause" if not _CLAUSE.search(gap) else "sentence"
            yield f"sum.{side}={close}"
            yield f"sum.{side}={a.role}.{close}"
            yield f"{c.grade}.sum.{side}={a.role}"
            if re.search(r"(?<!\w)(?:mỗi|từng|bình quân)(?!\w)", gap):
                yield f"sum.{side}.each"


def neighbours(text: str, candidates: Sequence[Candidate]) -> list[list[str]]:
    """Features of each candidate that tell of the one before and behind it in a list, and of its repetition."""
    keys = Counter(map(_key, candidates))
    seen: Counter[tuple[str, str, int]] = Counter()
    told = []
    for i, c in enumerate(candidates):
        features: list[str] = []
        key = _key(c)
        if keys[key] > 1:
            features.append("again" if seen[key] else "told.later")
        seen[key] += 1
        if i and (m := _JOINED.fullmatch(text, candidates[i - 1].end, c.start)):
            features += [f"joined={m['mark'].strip()}", f"joined={candidates[i - 1].kind}.{c.kind}"]
        if i + 1 < len(candidates) and (m := _JOINED.fullmatch(text, c.end, candidates[i + 1].start)):
            features += [f"joins={m['mark'].strip()}", f"joins={c.kind}.{candidates[i + 1].kind}"]
        told.append(features)
    return told


def _key(c: Candidate) -> tuple[str, str, int]:
    return c.kind, (c.name or "").lower(), c.count
