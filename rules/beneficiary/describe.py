"""What speaks for and against a candidate: named features of its surroundings.

A feature is a string. ``left`` and ``right`` are the words of the clause and the sentence beside the candidate,
``cue`` features name a list of ``words.toml`` and, for the nearest phrase of it, how far off it stands.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from rules.beneficiary.candidate import Candidate
from rules.beneficiary.phrases import Phrases, shape, words
from rules.beneficiary.said import Speech
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
_EACH = re.compile(r"(?<!\w)(?:mỗi|từng|bình quân)(?!\w)")
_BRACKETED = re.compile(r"\s?\([^()\n]{1,100}\)")
_LIST, _LINE = 40, 300  # lines of a list, code points of one
_LEFT, _RIGHT, _SENTENCE = 240, 200, 900  # code points that may bear on a candidate
_NEXT, _PREVIOUS = 120, 200  # code points of the sentences before and behind


class Around:
    """A candidate in its sentence, cut to what may bear on it.

    ``before`` and ``after`` are the words on its two sides, behind it without a bracket and a place right there.
    """

    def __init__(self, layout: Layout, speech: Speech, c: Candidate, sums: Sequence[Sum]) -> None:
        self.layout, self.speech, self.candidate, self.sums = layout, speech, c, sums
        self.form = "name" if c.name is not None else "count"
        self.sentence = layout.sentence_at(c.start)
        left, right = layout.sentences[self.sentence]
        self.span = max(left, c.start - _SENTENCE), min(right, c.end + _SENTENCE)
        self.from_ = max(left, c.start - _LEFT)
        self.behind = _behind(layout.text, c.end, min(right, c.end + _RIGHT))
        self.before = speech.part(self.sentence, self.from_, c.start)
        self.after = speech.part(self.sentence, *self.behind)


def _behind(text: str, end: int, right: int) -> Span:
    for pattern in (_BRACKETED, _PLACED):
        m = pattern.match(text, end, right)
        end = m.end() if m else end
    return end, right


def describe(around: Around) -> list[str]:
    """The features of a candidate, without those of its neighbours; each once."""
    parts = (_itself, _beside, _cued, _placed, _about, _money)
    return list(dict.fromkeys([feature for part in parts for feature in part(around)]))


def _itself(around: Around) -> list[str]:
    c, text = around.candidate, around.layout.text
    found = [f"kind={around.form}.{c.kind}", f"noun={c.noun}", f"grade={c.grade}"]
    if c.name is None:
        found.append(f"size={len(str(c.count))}")
        found += [f"described={word}" for word in words(text[c.noun_end : c.end])]
        if _POPULATION.search(text[around.from_ : c.start]):
            found.append("population")
        if c.article:
            found.append("article")
    return found


def _beside(around: Around) -> list[str]:
    form, left, right = around.form, _without_fillers(around.before.words), around.after.words
    near = ["^", "^", *left[-2:]][-2:]
    found = [f"left1={near[1]}", f"left2={near[0]} {near[1]}", f"{form}.left1={near[1]}"]
    found += [f"left={word}" for word in left[-7:]]
    first, second = [shape(word) for word in [*right[:2], "$", "$"][:2]]
    found += [f"right1={first}", f"right2={first} {second}", f"{form}.right1={first}"]
    found += [f"right={shape(word)}" for word in right[:7]]
    if _ROLES.at_start([w for w in right[:4] if w not in "(,"], 1):
        found.append("right.office")
    return found


def _without_fillers(left: list[str]) -> list[str]:
    for _ in range(3):
        filler = _FILLERS.at_end(left)
        if filler is None:
            break
        left = left[: len(left) - filler.count(" ") - 1]
    return left


def _cued(around: Around) -> list[str]:
    grade, found = around.candidate.grade, [*_cued_before(around), *_cued_behind(around)]
    for name in around.speech.part(around.sentence, *around.span).cues:
        found += [f"{name}~", f"{grade}.{name}~"]
    return found


def _cued_before(around: Around) -> list[str]:
    """The nearest phrase of each list before the candidate, in its clause with its distance."""
    before, form, at = around.before, around.form, around.candidate.start
    said = before.said
    clause = bisect_right(said.ends, at - len(_CLAUSE.split(around.layout.text[around.from_ : at])[-1]))
    nearest: dict[str, Span] = {}
    for start, end, name in before.hits:
        nearest[name] = max(nearest.get(name, (0, 0)), (end, -start))
    found = []
    for name, (end, start) in nearest.items():
        if -start < clause:
            found += [f"{name}<<", f"{form}.{name}<<"]
        else:
            far = _far(before.last - end)
            found += [f"{name}<{far}", f"{form}.{name}<{far}", f"{name}<={' '.join(said.words[-start:end])}"]
    return found


def _cued_behind(around: Around) -> list[str]:
    """The nearest phrase of each list behind the candidate."""
    after, form, (start, end) = around.after, around.form, around.behind
    said = after.said
    clause = bisect_left(said.starts, start + len(_CLAUSE.split(around.layout.text[start:end])[0]))
    nearest: dict[str, Span] = {}
    for start, end, name in after.hits:
        nearest[name] = min(nearest.get(name, (start, -end)), (start, -end))
    found = []
    for name, (start, end) in nearest.items():
        if -end > clause:
            found += [f"{name}>>", f"{form}.{name}>>"]
        else:
            far = _far(start - after.first)
            found += [f"{name}>{far}", f"{form}.{name}>{far}", f"{name}>={' '.join(said.words[start:-end])}"]
    return found


def _far(distance: int) -> str:
    return "0" if distance == 0 else "2" if distance <= 2 else "5" if distance <= 5 else "9"


def _placed(around: Around) -> list[str]:
    layout, c, found = around.layout, around.candidate, []
    left, right = layout.sentences[around.sentence]
    if layout.title and layout.title[0] <= c.start < layout.title[1]:
        found.append("headline")
    paragraph = layout.sentence_paragraph[around.sentence]
    if _BULLET.match(layout.text, *layout.paragraphs[paragraph]):
        found.append("bullet")
    head = layout.text[left : c.start].strip()
    if not head:
        found.append("opens.sentence")
    elif head[-1] in ",;:(":
        found.append(f"opens={head[-1]}")
    tail = layout.text[c.end : right].lstrip()[:1]
    if not tail or tail in ",;.():":
        found.append(f"closes={tail}")
    if head.count("(") > head.count(")"):
        found.append("bracket")
    return found


def _about(around: Around) -> list[str]:
    """What is said beside the sentence, the same for all its candidates."""
    about = around.speech.about
    if around.sentence not in about:
        about[around.sentence] = _said_beside(around.layout, around.speech, around.sentence)
    return about[around.sentence]


def _said_beside(layout: Layout, speech: Speech, sentence: int) -> list[str]:
    """What the sentences before and behind say, and the line over a list."""
    owner, found = layout.sentence_paragraph, []
    following = sentence + 1
    if following < len(owner) and owner[following] == owner[sentence]:
        start, end = layout.sentences[following]
        said = speech.said(start, min(end, start + _NEXT))
        opening = [shape(word) for word in said.words[:2]]
        found += [f"next1={' '.join(opening[:1])}", f"next2={' '.join(opening)}"]
        found += [f"next.{name}" for name in said.cues]
    if sentence and owner[sentence - 1] == owner[sentence]:
        start, end = layout.sentences[sentence - 1]
        found += [f"before.{name}" for name in speech.said(max(start, end - _PREVIOUS), end).cues]
    if (head := _list_head(layout, owner[sentence])) is not None:
        said_there = speech.said(max(head[0], head[1] - _PREVIOUS), head[1])
        found += ["list", *(f"head.{name}" for name in said_there.cues)]
    return found


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


def _money(around: Around) -> list[str]:
    c, text = around.candidate, around.layout.text
    left, right = around.span
    here = [a for a in around.sums if left <= a.start < right]
    if not here:
        return ["sum.none"]
    found = []
    for a in [a for a in here if a.start < c.start][-1:]:
        found += _sum("before", a, text[a.end : c.start], c.grade)
    for a in [a for a in here if a.start >= c.end][:1]:
        found += _sum("behind", a, text[c.end : a.start], c.grade)
    return found


def _sum(side: str, a: Sum, gap: str, grade: str) -> list[str]:
    """How the sum ``a``, on one side of a candidate, stands to it; ``gap`` is the text between."""
    close = "beside" if len(gap) < 14 else "clause" if not _CLAUSE.search(gap) else "sentence"
    found = [f"sum.{side}={close}", f"sum.{side}={a.role}.{close}", f"{grade}.sum.{side}={a.role}"]
    return [*found, f"sum.{side}.each"] if _EACH.search(gap) else found


def neighbours(text: str, candidates: Sequence[Candidate]) -> list[list[str]]:
    """Features of each candidate that tell of the one before and behind it in a list, and of its repetition."""
    keys = Counter(c.group for c in candidates)
    seen: Counter[tuple[str, str, int]] = Counter()
    told = []
    for i, c in enumerate(candidates):
        features: list[str] = []
        key = c.group
        if keys[key] > 1:
            features.append("again" if seen[key] else "told.later")
        seen[key] += 1
        if i and (m := _JOINED.fullmatch(text, candidates[i - 1].end, c.start)):
            features += [f"joined={m['mark'].strip()}", f"joined={candidates[i - 1].kind}.{c.kind}"]
        if i + 1 < len(candidates) and (m := _JOINED.fullmatch(text, c.end, candidates[i + 1].start)):
            features += [f"joins={m['mark'].strip()}", f"joins={c.kind}.{candidates[i + 1].kind}"]
        told.append(features)
    return told
