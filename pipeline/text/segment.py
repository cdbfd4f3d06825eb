"""Find a report's headline, dateline, byline, paragraphs and sentences.

The input is normalised text (NFC, one line feed between paragraphs); the result is a
:class:`rules.layout.Layout`, whose spans are code-point offsets into that text.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

import regex as re

from pipeline.text.byline import byline_of, find_byline, is_agency
from pipeline.text.dateline import date_alone, opening_date, signed_date
from pipeline.text.piped import piped
from rules.language.lists import read
from rules.layout import Layout, Span, Table

_WORDS: dict[str, list[str]] = read(__package__, "segment")
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
_NAMED = 8  # paragraphs among which the headline stands that a source names
_YEAR = re.compile(r"(?<![\d/.-])(?:19|20)\d\d(?!\d)")
_LAST_WORD = re.compile(r"[^\s(\[\"'“‘«]{1,12}\Z")
_ENUMERATOR = re.compile(r"\s*(?:\d{1,2}|[IVX]{1,4}|[a-zđ])\Z")

_PREFIX = re.compile(rf"[(\[]?[{_UPPER}]{{2,8}}(?:[{_UPPER}.\- ]{{0,12}})[)\]]?\s?[-–—]\s+|\([{_UPPER}.]{{2,8}}\)\s+")


def segment(
    text: str,
    title: str | None = None,
    published: date | None = None,
    tables: tuple[Table, ...] = (),
    official: bool = False,
) -> Layout:
    """Lay out a normalised report.

    ``title`` and ``published`` are what the source's own metadata says; a printed dateline wins over the latter.
    ``tables`` are those that the file itself has; without them, rows that the text prints with bars are tables. A row
    is one paragraph and one sentence however long it is, and never the headline, the dateline or the byline. An
    ``official`` document prints its date in its frame, which is read before, and is signed, not written, by somebody.

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
    printed = _Dateline() if official else _dateline(text, prose, headline)
    dateline = printed.span
    byline = None if official else _byline(text, prose, headline, printed.author)
    sentences: list[Span] = []
    owners: list[int] = []
    for index, paragraph in enumerate(paragraphs):
        signed = byline is not None and paragraph[0] <= byline[0] < paragraph[1]
        behind = signed and byline is not None and _ENDS.search(text, paragraph[0], byline[0])
        if paragraph in (headline, dateline) or paragraph in rows or (signed and not behind):
            spans = [paragraph]
        else:
            cuts = [byline[0]] if behind and byline else []
            if dateline and paragraph[0] == dateline[0]:
                cuts.append(dateline[1])
            spans = _sentences(text, paragraph, cuts)
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
        published=printed.day or (published if official else plausible(published, headline and text[slice(*headline)])),
        tables=tables,
    )


def _byline(text: str, paragraphs: tuple[Span, ...], headline: Span | None, above: Span | None) -> Span | None:
    """The author whom the dateline names, unless it only names a paper and somebody signs."""
    if above and not is_agency(text[slice(*above)]):
        return above
    return find_byline(text, paragraphs, headline) or above


@dataclass(frozen=True, slots=True)
class _Dateline:
    span: Span | None = None
    day: date | None = None
    author: Span | None = None


def plausible(published: date | None, headline: str | None) -> date | None:
    """The file's date, unless it is a template's: no report on 2023 was written in 2013."""
    years = [int(year) for year in _YEAR.findall(headline or "")]
    return None if published and years and published.year < min(years) - 1 else published


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
    """The line that the source calls so; else the first that is no dateline, if it does not close like a sentence."""
    rest = [p for p in paragraphs[:3] if date_alone(text[slice(*p)]) is None]
    if not rest or len(paragraphs) < 2:
        return None
    if title is not None and (named := [p for p in paragraphs[:_NAMED] if text[slice(*p)] == title]):
        return named[0]
    start, end = rest[0]
    line = text[start:end]
    closes = line.endswith((".", ";", ":", ",")) and not line.endswith(("...", ".."))
    return None if closes or len(line) > 250 or (byline_of(line) and len(rest) < 2) else rest[0]


def _dateline(text: str, paragraphs: tuple[Span, ...], headline: Span | None) -> _Dateline:
    """The line of the first five or the last three that prints the report's own date.

    Or the line under the headline that names the author too, or the beginning of the first paragraphs.
    """
    for span in dict.fromkeys(paragraphs[:5] + paragraphs[-3:]):
        if span != headline and (day := date_alone(text[slice(*span)])):
            return _Dateline(span, day)
    under = [span for span in paragraphs[:4] if span != headline][:2] if headline else []
    for start, end in under:
        line = text[start:end]
        if signed := signed_date(line):
            day, who = signed
            return _Dateline((start, end), day, who and (start + who[0], start + who[1]))
        if opened := opening_date(line):
            return _Dateline((start, start + opened[1]), opened[0])
    return _Dateline()


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
