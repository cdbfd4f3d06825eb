"""Who wrote a report, or where it comes from: at its end, under its headline, behind its last sentence."""

import regex as re

from pipeline.text.agency import any_of
from pipeline.text.official import is_sign
from rules.language.lists import read
from rules.layout import Span

_WORDS: dict[str, list[str]] = read(__package__, "segment")


def _any(name: str) -> str:
    return "|".join(sorted(map(re.escape, _WORDS[name]), key=len, reverse=True))


_UPPER = r"\p{Lu}"
_CLOSERS = "\"'”’»)\\]"
_NAME_WORD = rf"(?:[{_UPPER}][\w'’-]*)"
_PERSON = (
    rf"(?:{_NAME_WORD}(?:\s{_NAME_WORD}){{0,4}}|(?:[{_UPPER}]{{1,2}}\.\s?){{1,3}}(?:{_NAME_WORD})?(?:\s{_NAME_WORD})?)"
)
_NOTE = rf"(?:\s?[(-]\s?(?i:{_any('byline_notes')})\s?\)?|\s?\((?i:{_any('byline_organs')})\b[^()]{{0,60}}\))"
_ORGAN = (
    rf"(?:[{_UPPER}]{{2,6}}(?:\s\p{{Ll}}+){{1,3}}|(?i:{_any('byline_organs')})(?:\s[\p{{L}}]+){{1,6}})"  # "MTTQ huyện"
)
_PEOPLE = re.compile(
    rf"(?P<who>(?P<names>{_PERSON}(?:\s?(?:[-–,&/]|và)\s?{_PERSON}){{0,4}}(?P<organ>\s?[-–]\s?{_ORGAN})?){_NOTE}?)\.?"
)
_LABEL = re.compile(rf"[(*\s]*(?P<label>{_any('byline_labels')})\s?(?P<colon>:)?\s+", re.IGNORECASE)
_ALONE = frozenset(_WORDS["byline_alone"])
_SITE = re.compile(r"(?:https?://)?(?:[\w-]+\.)+(?:vn|com|net|org|info)\b/?", re.IGNORECASE)
_INITIALS = re.compile(rf"[{_UPPER}]{{3,6}}")
_ANONYMOUS = frozenset(map(str.casefold, _WORDS["anonymous"]))
_AROUND = " .*-|"  # what may stand around a byline
_NOT_NAMES = re.compile(rf"(?:{_any('not_names')})\b", re.IGNORECASE)
# A capital stands behind the first words of "Phòng Quản lý công nghiệp", a unit's word behind those of "UBND huyện …".
_AGENCY = re.compile(
    rf"(?=[{_UPPER}])(?:(?i:{_any('byline_agencies')}|{_any('byline_bodies')})\s(?:và\s)?[{_UPPER}]"
    rf"|(?i:{_any('byline_bodies')})\s(?i:{any_of('units')})\b)"
)
_ACTING = re.compile(rf"(?<!\bvà\s)(?<!,\s)\b(?:{_any('acting')})\b")
_LONGEST_AGENCY = 14  # words
_ENDED = ".!?…\"'”’»)]"  # how the text ends above a signature
_NUMBER = r"(?:[IVX]{2,5}\s?[-–.)]|[A-Z\d]\s?[-–.)])\s*"
_SECTION = re.compile(rf"[IVX]{{2,5}}\s?[-–.)]\s|(?:{_NUMBER})?(?i:{_any('section_headings')})\b")  # "IV- KIẾN NGHỊ"
_FULL = rf"{_NAME_WORD}(?:\s{_NAME_WORD}){{1,3}}"
_TAIL = 60  # characters at the end of a paragraph in which its author's name may stand
_TAIL_NAME = re.compile(
    rf"[.!?…][{_CLOSERS}]{{0,2}}\s+(?P<who>{_FULL}(?:\s[-–]\s{_FULL})?"
    rf"|(?:[{_UPPER}]{{1,2}}\.\s?){{1,2}}[{_UPPER}]\w*(?=\s?\((?:{_any('byline_notes')})\)))"
    rf"(?:\s?\((?:{_any('byline_notes')})\))?(?=\s*\Z|\s+(?:>|Xem thêm\b))"
)


def find_byline(text: str, paragraphs: tuple[Span, ...], headline: Span | None) -> Span | None:
    """The author or source: a short line of names near the end or under the headline, or names after the last stop."""
    near_end = list(reversed(paragraphs[-3:]))
    for start, end in [*near_end, *paragraphs[1:4]]:
        line, above = text[start:end], text[text.rfind("\n", 0, max(0, start - 1)) + 1 : max(0, start - 1)]
        if is_sign(line) or is_sign(above):
            continue  # below "GIÁM ĐỐC" somebody signs what others wrote
        if (start, end) == headline or len(line) > 80 or ((start, end) not in near_end and _is_heading(line)):
            continue
        if found := byline_of(line):
            return start + found[0], start + found[1]
    if paragraphs and paragraphs[-1] != headline and len(paragraphs) > 2:
        start, end = paragraphs[-1]
        bare = text[start:end].strip(_AROUND)
        if _INITIALS.fullmatch(bare):
            return start, end
        if text[paragraphs[-2][1] - 1] in _ENDED and is_agency(bare):
            start = text.index(bare, start)
            return start, start + len(bare)
    for start, end in reversed(paragraphs[-2:]):
        stop = text.find(" >", start, end)
        for right in (end, stop) if stop >= 0 else (end,):
            if m := _TAIL_NAME.search(text, max(start, right - _TAIL), end):
                who = m["who"]
                if not _NOT_NAMES.match(who) and not _SECTION.match(who) and (len(who) > 5 or "." in who):
                    return m.span("who")
    return None


def is_agency(line: str) -> bool:
    """Whether a line is the name of an agency, a paper or a station and nothing else.

    >>> is_agency("Phòng Quản lý công nghiệp"), is_agency("Trung tâm Khuyến công bàn giao máy"), is_agency("Ban ngày")
    (True, False, False)
    """
    if not _AGENCY.match(line) or line[-1] in ".,;:!?" or re.search(r"\d", line):
        return False
    return len(line.split()) <= _LONGEST_AGENCY and not _ACTING.search(line)


def _is_heading(line: str) -> bool:
    """Whether a line under a headline is another heading: in capitals, or with a number or letter before it."""
    words = line.split()
    return (line == line.upper() and len(words) > 3) or (len(words[0].rstrip(".")) == 1 and words[0][-1] != ".")


def byline_of(line: str) -> Span | None:
    """Where a line that is a byline names the author or source.

    >>> "Tin, ảnh: N.Hải"[slice(*byline_of("Tin, ảnh: N.Hải"))], byline_of("Một góc cầu Rạch Miễu")
    ('N.Hải', None)
    >>> [line[slice(*byline_of(line))] for line in ("Theo baohoabinh.com.vn", "Lê Hà - MTTQ huyện", "Hà Thu (CTV)")]
    ['baohoabinh.com.vn', 'Lê Hà - MTTQ huyện', 'Hà Thu (CTV)']
    """
    bare = line.strip(_AROUND)
    bare = bare.strip("()[]") if bare[:1] in ("(", "[") else bare  # "H.T (tổng hợp)" keeps its brackets
    start = line.index(bare) if bare else 0
    if _SECTION.match(bare):
        return None
    if bare.casefold() in _ANONYMOUS:
        return start, start + len(bare)
    label = _LABEL.match(bare)
    if label and (_SITE.fullmatch(bare, label.end()) or (label["label"].lower() == "nguồn" and label["colon"])):
        return start + label.end(), start + len(bare)  # an agency's name has lower-case words
    m = _PEOPLE.fullmatch(bare, label.end() if label else 0)
    if not m:
        return None
    who = m["names"]
    named = len(who.split()) > 1 or "." in who
    if label:
        named = bool(label["colon"]) or label["label"].lower() in ("theo", "bài", "pv", "ctv")
        named = named or (label["label"].lower() in _ALONE and len(who.split()) > 1)
    elif _NOT_NAMES.match(who) or line.endswith(".."):
        named = False
    return (start + m.start("who"), start + m.end("who")) if named else None
