"""Find a report's headline, dateline, byline, paragraphs and sentences.

The input is normalised text (NFC, one line feed between paragraphs); the result is a
:class:`rules.layout.Layout`, whose spans are code-point offsets into that text.
"""

import tomllib
from bisect import bisect_left
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise

import regex as re

from pipeline.text.piped import piped
from rules.layout import Layout, Span, Table

_WORDS: dict[str, list[str]] = tomllib.loads(files(__package__).joinpath("segment.toml").read_text("utf-8"))
_ABBREVIATIONS = frozenset(_WORDS["abbreviations"])

LONGEST = 2000
"""Code points of the longest sentence; what prints on without a stop (a table, a list of thousands) is cut there.

It bounds the time of every rule that looks through a sentence."""

_UPPER = r"\p{Lu}"
_CLOSERS = "\"'”’»)\\]"
_OPENERS = "\"'“‘«(\\["
# A stop, what closes with it, blanks, and something that may open a sentence. A row of dots is looked at once, from its
# first one: forms are full of them.
_STOP = re.compile(rf"(?<![.!?…])(?P<stop>[.!?…]++)[{_CLOSERS}]{{0,3}}\s+(?=[{_OPENERS}\-–+*•]{{0,3}}\s?[{_UPPER}0-9])")
# "…tỷ đồng.Theo ông": the blank after the stop was lost.
_GLUED = re.compile(r"(?<=[a-zà-ỹ]{3})\.(?=[A-ZĐÀ-Ỹ][a-zà-ỹ]{2})")
_ENDS = re.compile(rf"[.!?…][{_CLOSERS}]{{0,2}}\s+\Z")  # what stands before is a sentence
_LAST_WORD = re.compile(r"[^\s(\[\"'“‘«]{1,12}\Z")
_ENUMERATOR = re.compile(r"\s*(?:\d{1,2}|[IVX]{1,4}|[a-zđ])\Z")

_DAY = re.compile(
    r"(?<![\d/.-])(?P<d>\d{1,2})\s?(?:(?P<sep>[/.-])\s?|\s+tháng\s+)(?P<m>\d{1,2})\s?(?:(?P=sep)\s?|,?\s+năm\s+)(?P<y>(?:19|20)\d\d)(?!\d)"
)
_CLOCK = re.compile(r"\d{1,2}\s?(?:[:hg]\s?\d{0,2})(?::\d\d)?|[+-]\d{1,2}(?::\d\d)?|\b\d{1,6}\b")
_PREFIX = re.compile(rf"[(\[]?[{_UPPER}]{{2,8}}(?:[{_UPPER}.\- ]{{0,12}})[)\]]?\s?[-–—]\s+|\([{_UPPER}.]{{2,8}}\)\s+")

_NAME_WORD = rf"(?:[{_UPPER}][\w'’-]*)"
_PERSON = (
    rf"(?:{_NAME_WORD}(?:\s{_NAME_WORD}){{0,4}}|(?:[{_UPPER}]{{1,2}}\.\s?){{1,3}}(?:{_NAME_WORD})?(?:\s{_NAME_WORD})?)"
)
_NOTE = r"(?:\s?[(-]\s?(?:" + "|".join(map(re.escape, _WORDS["byline_notes"])) + r")\s?\)?)"
_PEOPLE = re.compile(rf"(?P<who>(?P<names>{_PERSON}(?:\s?(?:[-–,&/]|và)\s?{_PERSON}){{0,4}}){_NOTE}?)\.?")
_LABEL = re.compile(
    r"[(*\s]*(?P<label>"
    + "|".join(sorted(map(re.escape, _WORDS["byline_labels"]), key=len, reverse=True))
    + r")\s?(?P<colon>:)?\s+",
    re.IGNORECASE,
)
_ANONYMOUS = frozenset(map(str.casefold, _WORDS["anonymous"]))
_AROUND = " .*-"  # what may stand around a byline
_NOT_NAMES = re.compile(r"(?:" + "|".join(map(re.escape, _WORDS["not_names"])) + r")\b", re.IGNORECASE)
_TAIL_NAME = re.compile(rf"[.!?…][{_CLOSERS}]{{0,2}}\s+(?P<who>{_NAME_WORD}(?:\s{_NAME_WORD}){{1,3}})\Z")
_PAPER = re.compile(r"(?:báo|tạp chí|cổng|trang|đài|website|nguồn)\b[^|\d]{0,60}[|–-]", re.IGNORECASE)
_DATELINE_WORD = re.compile(
    r"\b(?:" + "|".join(sorted(map(re.escape, _WORDS["dateline_words"]), key=len, reverse=True)) + r")\b",
    re.IGNORECASE,
)


def segment(
    text: str, title: str | None = None, published: date | None = None, tables: tuple[Table, ...] = ()
) -> Layout:
    """Lay out a normalised report.

    ``title`` and ``published`` are what the source's own metadata says; a printed dateline wins over the latter.
    ``tables`` are those that the file itself has; without them, rows that the text prints with bars are tables. A row
    is one paragraph and one sentence however long it is, and never the headline, the dateline or the byline.

    >>> body = "Tại TP. Hòa Bình có 2 cơ sở. Kinh phí 5 tỷ đồng."
    >>> layout = segment(f"Hòa Bình: 2 đề án\\nThứ Hai, 05/10/2020\\n{body}\\nHồng Duyên")
    >>> [layout.text[a:b] for a, b in layout.sentences][2:]
    ['Tại TP. Hòa Bình có 2 cơ sở.', 'Kinh phí 5 tỷ đồng.', 'Hồng Duyên']
    >>> layout.published, layout.text[slice(*layout.byline)]
    (datetime.date(2020, 10, 5), 'Hồng Duyên')
    """
    paragraphs = tuple(_lines(text))
    tables = tables or piped(text)
    rows = _rows(paragraphs, tables)
    prose = tuple(p for p in paragraphs if p not in rows) if rows else paragraphs
    headline = _headline(text, prose, title)
    dateline, printed = _dateline(text, prose, headline)
    byline = _byline(text, prose, headline)
    sentences: list[Span] = []
    owners: list[int] = []
    for index, paragraph in enumerate(paragraphs):
        signed = byline is not None and paragraph[0] <= byline[0] < paragraph[1]
        behind = signed and byline is not None and _ENDS.search(text, paragraph[0], byline[0])
        if paragraph in (headline, dateline) or paragraph in rows or (signed and not behind):
            spans = [paragraph]
        else:
            spans = _sentences(text, paragraph, [byline[0]] if behind and byline else [])
        for span in spans:
            sentences.append(span)
            owners.append(index)
    return Layout(
        text=text,
        title=headline,
        byline=byline,
        dateline=dateline,
        paragraphs=paragraphs,
        sentences=tuple(sentences),
        sentence_paragraph=tuple(owners),
        published=printed or published,
        tables=tables,
    )


def _rows(paragraphs: tuple[Span, ...], tables: tuple[Table, ...]) -> frozenset[Span]:
    """The paragraphs that are rows of tables."""
    found: list[Span] = []
    for table in tables:
        found += paragraphs[bisect_left(paragraphs, (table.start, 0)) : bisect_left(paragraphs, (table.end, 0))]
    return frozenset(found)


def _lines(text: str) -> list[Span]:
    spans, start = [], 0
    for line in text.split("\n"):
        left = start + len(line) - len(line.lstrip())
        right = start + len(line.rstrip())
        if right > left:
            spans.append((left, right))
        start += len(line) + 1
    return spans


def _headline(text: str, paragraphs: tuple[Span, ...], title: str | None) -> Span | None:
    """The first line that is no dateline, where it stands above a body and does not close like a sentence."""
    rest = [p for p in paragraphs[:3] if _date_alone(text[slice(*p)]) is None]
    if not rest or len(paragraphs) < 2:
        return None
    start, end = rest[0]
    line = text[start:end]
    if title is not None and " ".join(title.split()) == " ".join(line.split()):
        return rest[0]
    closes = line.endswith((".", ";", ":", ",")) and not line.endswith(("...", ".."))
    return None if closes or len(line) > 250 or (_byline_of(line) and len(rest) < 2) else rest[0]


def _date_alone(line: str) -> date | None:
    """The date of a line that holds a date and little else.

    >>> _date_alone("22/07/2019 14:05 - Số lượt xem: 311"), _date_alone("Ngày 22/07/2019, huyện Lương Tài họp.")
    (datetime.date(2019, 7, 22), None)
    """
    if len(line) > 120 or not (m := _DAY.search(line)):
        return None
    bare = _PAPER.sub(" ", line[: m.start()] + " " + line[m.end() :], count=1)
    rest = _CLOCK.sub(" ", _DATELINE_WORD.sub(" ", bare))
    letters = sum(map(str.isalpha, rest))
    before = re.sub(r"(?i)\bngày\b|\btin từ\b|^\s*[(\[]", "", line[: m.start()])
    place = re.fullmatch(rf"\s*(?:{_NAME_WORD}[\s,]+){{1,4}}", before)
    return _calendar(m) if letters <= 3 or (place and letters <= 24 and not line[m.end() :].strip(" .)]")) else None


def _calendar(m: re.Match[str]) -> date | None:
    try:
        return date(int(m["y"]), int(m["m"]), int(m["d"]))
    except ValueError:  # 31/02: a misprint is no date
        return None


def _dateline(text: str, paragraphs: tuple[Span, ...], headline: Span | None) -> tuple[Span | None, date | None]:
    """The line of the first five or the last three that prints the report's own date."""
    for span in dict.fromkeys(paragraphs[:5] + paragraphs[-3:]):
        if span != headline and (day := _date_alone(text[slice(*span)])):
            return span, day
    return None, None


def _byline(text: str, paragraphs: tuple[Span, ...], headline: Span | None) -> Span | None:
    """The author or source: a short line of names near the end or under the headline, or names after the last stop."""
    for start, end in [*reversed(paragraphs[-3:]), *paragraphs[1:4]]:
        line = text[start:end]
        if (start, end) != headline and len(line) <= 80 and (found := _byline_of(line)):
            return start + found[0], start + found[1]
    for start, end in reversed(paragraphs[-2:]):
        if m := _TAIL_NAME.search(text, max(start, end - 60), end):
            who = m["who"]
            if not _NOT_NAMES.match(who) and len(who) > 5:
                return m.span("who")
    return None


def _byline_of(line: str) -> Span | None:
    """Where a line that is a byline names the author or source.

    >>> "Tin, ảnh: N.Hải"[slice(*_byline_of("Tin, ảnh: N.Hải"))], _byline_of("Một góc cầu Rạch Miễu")
    ('N.Hải', None)
    """
    bare = line.strip(_AROUND)
    bare = bare.strip("()[]") if bare[:1] in ("(", "[") else bare  # "H.T (tổng hợp)" keeps its brackets
    start = line.index(bare) if bare else 0
    if bare.casefold() in _ANONYMOUS:
        return start, start + len(bare)
    label = _LABEL.match(bare)
    if label and label["label"].lower() == "nguồn" and label["colon"]:  # an agency's name has lower-case words
        return start + label.end(), start + len(bare)
    m = _PEOPLE.fullmatch(bare, label.end() if label else 0)
    if not m:
        return None
    who = m["names"]
    named = len(who.split()) > 1 or "." in who
    if label:
        named = bool(label["colon"]) or label["label"].lower() in ("theo", "bài", "pv", "ctv")
    elif _NOT_NAMES.match(who) or line.endswith(".."):
        named = False
    return (start + m.start("who"), start + m.end("who")) if named else None


def _sentences(text: str, paragraph: Span, cuts: list[int]) -> list[Span]:
    start, end = paragraph
    bounds = [start]
    if m := _PREFIX.match(text, start, end):  # "(HBĐT) - ": the paper's own mark
        bounds.append(m.end())
    for m in _STOP.finditer(text, start, end):
        if m["stop"] != "." or not _abbreviated(text[max(start, m.start() - 14) : m.start()], m.start() - start):
            bounds.append(m.end())
    bounds += [m.end() for m in _GLUED.finditer(text, start, end)]
    bounds += [c for c in cuts if start < c < end]
    bounds = [*sorted(set(bounds)), end]
    spans = []
    for a, b in pairwise(bounds):
        right = a + len(text[a:b].rstrip())
        while right - a > LONGEST:
            cut = _cut(text, a)
            spans.append((a, a + len(text[a:cut].rstrip())))
            a = cut
        if right > a:
            spans.append((a, right))
    return spans


def _cut(text: str, start: int) -> int:
    """Where an endless sentence is cut: behind the last `;`, else comma, else blank within its first stretch."""
    end = start + LONGEST
    for mark in ("; ", ", ", " "):
        if (at := text.rfind(mark, start + 1, end)) > 0:
            return at + len(mark)
    return end


@cache
def _is_abbreviation(word: str) -> bool:
    return word.lower() in _ABBREVIATIONS or bool(
        re.fullmatch(rf"(?:[{_UPPER}]\.)*[{_UPPER}]", word) and word[-1].isupper()
    )


def _abbreviated(before: str, from_start: int) -> bool:
    """Whether a full stop after ``before`` belongs to an abbreviation or a list number, not to a sentence."""
    if from_start <= 4 and _ENUMERATOR.fullmatch(before):
        return True
    if not (last := _LAST_WORD.search(before)):
        return False
    word = last.group()
    return _is_abbreviation(word) or _is_abbreviation(word.rpartition(".")[2])
