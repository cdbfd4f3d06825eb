"""The frame of official documents: who issued it, its number and date, what it is about; and the text without it.

"UBND TỈNH … / Số: 518/QĐ-UBND", the country's name and motto, "…, ngày 15 tháng 12 năm 2023", the kind of document
with what it is about, "Kính gửi", "Nơi nhận", signatures. They stand in two columns, as lines of both columns side by
side (text), as one column after the other (Word), or as cells of a table.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import regex as re

from pipeline.text.agency import AGENCY, UNIT, any_of, issuer, letters, shouted
from rules.language.letters import bare
from rules.language.lists import read

_WORDS: dict[str, list[str]] = read(__package__, "official")


HEAD = 30
"""Lines with text among which the frame's head stands."""
_ABOVE = 4  # lines of a page above the document that it shows
_WIDE = 200  # characters of a line that two columns take
_LOOKED_AT = 4000  # characters in which a frame must show itself
_LONGEST_LINE = 1_000  # characters: a longer line is none of a frame
_LONGEST = 300  # characters of what a document is about, a line
_NOTHING = re.compile(r"[^\p{L}\d]*")
_MARKDOWN = re.compile(r"^[\s#>*_—]+|[\s*_—]+$|\*\*")
_COLUMNS = re.compile(r"\s{3,}|\t+|\s+[—|]\s+|^\||\|$")
# OCR reads "CỘNG HÒA XÃ HỌI", and archives write "CỘNG HOÀ"
_PLAIN = {ord(c): base for c in map(chr, range(0xC0, 0x1EFA)) if (base := bare(c)) != c}
_STATED = re.compile(
    "|".join(re.escape(words.translate(_PLAIN)) for words in (*_WORDS["heads"], *_WORDS["mottoes"])), re.IGNORECASE
)
_STATE = re.compile(rf"(?:{_STATED.pattern})[.*_\s-]*", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:luật\s)?số\s{0,3}[:.]?\s{0,12}(?P<number>\d{1,6}(?:\s?/\s?\d{4})?\s?[/-]\s?[\p{Lu}\d][\p{L}\d&/.–-]{1,40})?"
    r"(?P<blank>[….\s]{0,30}/[\p{Lu}][\p{L}\d&/.–-]{1,40})?",
    re.IGNORECASE,
)
# Pens and stamps make "ngày f4 tháng 01" of a day: it is taken in as a date that could not be read.
_PLACE_DATE = re.compile(
    r"(?:^|(?<=\s))(?:[\p{Lu}][\p{L}.\-' ]{1,40},\s*|(?-i:(?:[\p{Lu}]\p{Ll}+\s){1,4}))?"
    r"ngày\s*(?P<d>[^\s….]{0,3})[\s….]*tháng\s*(?P<m>[^\s….]{0,3})[\s….]*năm\s*(?P<y>(?:19|20)\d\d)",
    re.IGNORECASE,
)
_OF = re.compile(
    r"của\s+(?P<agency>.{4,80}?)\s+số:?\s+(?P<number>\d[\p{L}\d/&.–-]{0,40}),?\s+ngày\s+(?P<d>\d{1,2})(?:\s+tháng\s+|[/.-])(?P<m>\d{1,2})"
    r"(?:\s+năm\s+|[/.-])(?P<y>(?:19|20)\d\d)",
    re.IGNORECASE,
)
_KIND = re.compile(rf"(?P<kind>{any_of('kinds')})(?P<rest>\s*[:.]?|\s+(?:v/v|về)\b.{{5,250}})", re.IGNORECASE)
_SUBJECT = re.compile(rf"(?:{any_of('subjects')})\b[:.]?\s*\S", re.IGNORECASE)
_BODY = re.compile(rf"(?:{any_of('bodies')})\b|[IVX]{{1,4}}\s?[.-]|\d{{1,2}}[.)]|[a-zđ]\)|[-–+*•]", re.IGNORECASE)
_RECEIVERS = re.compile(rf"(?:{any_of('receivers')})\s*[:;]?\s*\Z", re.IGNORECASE)
_TO = re.compile(r"kính gửi\b[\s:]*", re.IGNORECASE)
_PLACED = re.compile(rf"\b(?i:{any_of('units')})(?:\s[\p{{Lu}}][\p{{L}}'’-]*)+")
_SIGN = re.compile(
    r"[(\[]?(?:(?:tm|kt|tl|tuq|q|t/m|k/t|t/l)\s?[./]\s?[\p{Lu} .-]{4,80}"
    rf"|(?:{any_of('signs')})(?:\s[\p{{L}} -]{{0,50}})?)[)\]]?",
    re.IGNORECASE,
)
_NAME = re.compile(
    rf"(?!(?i:{any_of('appendices')})\b)(?:(?:[\p{{Lu}}]\p{{Ll}}+|[\p{{Lu}}]{{2,}}|[\p{{Lu}}]\.)\s?){{2,5}}"
)
_ITEM = re.compile(r"[-–+•]\s?\S.{0,160}|(?:Lưu|Như|Các)\b.{0,100}")
_MONEY = re.compile(r"\d\s?(?:triệu|tỷ|tỉ|nghìn|đồng)\b")
_PAGE = re.compile(r"[-–\s]*\d{1,3}[-–\s]*")


@dataclass(slots=True)
class Frame:
    """What the frame says. ``published`` is None where the day was left open, ``dated`` tells the year even then.

    ``unread`` is a date as it was read, where day or month are no numbers.
    """

    agency: str | None = None
    number: str | None = None
    published: date | None = None
    dated: int | None = None
    unread: str | None = None
    title: str | None = None


def shows_frame(text: str) -> bool:
    """Whether the beginning of a text has anything of a frame: a quick look that most texts do not pass."""
    head = unicodedata.normalize("NFC", text[:_LOOKED_AT])
    lines = [line.lstrip(" \t*#|_") for line in head.split("\n", HEAD)[:HEAD]]
    return any(_hints(line[:_WIDE]) for line in lines)


def _hints(line: str) -> bool:
    """Whether a line may be one of a frame."""
    small = line.lower()
    if small.startswith("số"):
        return "/" in small[:40] or "-" in small[:40] or "ngày" in small
    if small.startswith("của "):
        return " số" in small
    return ("NAM" in line or "phúc" in small or "phuc" in small) and bool(_STATED.search(line.translate(_PLAIN)))


def is_frame_text(text: str) -> bool:
    """Whether the few words of a table's cells are those of a frame: the state's name, receivers, a signature.

    >>> is_frame_text("Nơi nhận:\\n- Như trên\\nCHỦ TỊCH"), is_frame_text("STT\\nTên đề án\\n1\\nMáy sấy")
    (True, False)
    """
    lines = [part for line in unicodedata.normalize("NFC", text).split("\n") for part in _parts(line)]
    return any(_STATE.fullmatch(line.translate(_PLAIN)) or _RECEIVERS.match(line) for line in lines)


def unframe(text: str) -> tuple[str, Frame | None]:
    """The text with what it is about as first line, then who issued it and who in which place gets it, then the text.

    And what the frame said.

    A text without a frame comes back as it is, with None.

    >>> text, frame = unframe('''UBND TỈNH HÒA BÌNH          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
    ... SỞ CÔNG THƯƠNG                   Độc lập - Tự do - Hạnh phúc
    ... Số: 12/BC-SCT               Hòa Bình, ngày 05 tháng 01 năm 2024
    ... BÁO CÁO
    ... Kết quả khuyến công năm 2023
    ... Toàn tỉnh có 9 đề án.
    ... Nơi nhận:                          GIÁM ĐỐC
    ... - Như trên;                        (Đã ký)
    ... - Lưu: VT.                         Lê Văn Hòa''')
    >>> text
    'Báo cáo kết quả khuyến công năm 2023\\nUBND TỈNH HÒA BÌNH\\nSỞ CÔNG THƯƠNG\\nToàn tỉnh có 9 đề án.'
    >>> frame.agency, frame.number, frame.published
    ('Sở Công Thương tỉnh Hòa Bình', '12/BC-SCT', datetime.date(2024, 1, 5))
    """
    if not shows_frame(text):
        return text, None
    lines = [unicodedata.normalize("NFC", line) for line in text.split("\n")]
    for start in _begins(lines):
        head = _Head()
        end = start + head.read(lines[start:])
        if head.is_frame:
            break
    else:
        return text, None
    frame, rest = head.frame, _body(lines[end:])
    if not frame.title:  # a list, a table: its heading says what it is about
        at = next((n for n, line in enumerate(rest) if line.strip()), None)
        heading = " ".join(_parts(rest[at])) if at is not None else ""
        if (
            at is not None
            and heading
            and len(heading) <= _LONGEST
            and not _BODY.match(heading)
            and heading[-1] not in ".;:,"
        ):
            frame.title = heading
            del rest[at]
    first = [frame.title] if frame.title else []
    return "\n".join([*lines[:start], *first, *head.agencies, *head.receivers, *rest]), frame


def _begins(lines: Sequence[str]) -> list[int]:
    """Where a frame may begin: at the top, or below the headline and the date of a page that shows the document."""
    filled = [number for number, line in enumerate(lines) if line.strip()][: _ABOVE + 1]
    below = [n for n in filled[1:] if any(shouted(p) or _NUMBER.fullmatch(p) for p in _parts(lines[n])[:1])]
    return [0, *below[:1]]


def _parts(line: str) -> list[str]:
    """The columns of a line, without the marks that bold text has in Markdown."""
    if len(line) > _LONGEST_LINE:
        return [line]
    for m in reversed(list(_STATED.finditer(line.translate(_PLAIN)))):  # one blank parts a PDF's or OCR's columns
        line = f"{line[: m.start()]}\t{line[m.start() : m.end()]}\t{line[m.end() :]}"
    parts = (_MARKDOWN.sub("", part).strip() for part in _COLUMNS.split(line))
    return [part for part in parts if part and not _NOTHING.fullmatch(part)]


@dataclass
class _Head:
    """Reads the lines above the text."""

    frame: Frame = field(default_factory=Frame)
    agencies: list[str] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    """those to whom a letter goes, where their names tell a place that the agencies' do not"""
    state: bool = False
    kind: str = ""
    about: list[str] = field(default_factory=list)

    @property
    def is_frame(self) -> bool:
        frame = self.frame
        signs = (self.state, bool(frame.number), bool(frame.dated), bool(self.kind or self.about))
        return (self.state and any(signs[1:])) or sum(signs[1:]) >= 2

    def read(self, lines: Sequence[str]) -> int:
        """Go through the lines; gives the place of the first one of the text."""
        seen, at = 0, 0
        while at < len(lines) and seen < HEAD:
            parts = _parts(lines[at])
            seen += bool(parts)
            if self.kind and parts:
                at = self._about(lines, at + self._of(lines, at))
                break
            if not all(self._part(part, first=number == 0) for number, part in enumerate(parts)):
                break
            at += 1
        at = self._receivers(lines, at)
        self._name()
        return at

    def _part(self, part: str, first: bool) -> bool:
        """Take in a column of a line; False where it is none of the frame."""
        if len(part) > _LONGEST:
            return False
        if _STATE.fullmatch(part.translate(_PLAIN)):
            self.state = True
            return True
        if m := _NUMBER.match(part):
            return self._number(part, m)
        if m := _PLACE_DATE.search(part):
            rest = part[: m.start()] + part[m.end() :]
            return self._dated(m) if not letters(rest) else False
        if _TO.match(part):
            return False
        if m := _KIND.fullmatch(part):
            self.kind = m["kind"]
            if letters(m["rest"]):
                self.about = [m["rest"].strip()]
            return True
        if _SUBJECT.match(part) or (self.about and first and not self.kind):
            self.about.append(part)
            return len(part) <= _LONGEST
        return self._agency(part)

    def _number(self, part: str, m: re.Match[str]) -> bool:
        rest = part[m.end() :]
        day = _PLACE_DATE.search(rest)
        if not m["number"] and not m["blank"]:
            return (not letters(rest) or "/" in rest) and len(part) < 40 and self.state  # "Số: Ôs /2010/TT-BCT"
        if m["number"] and not self.frame.number:
            self.frame.number = re.sub(r"\s", "", m["number"]).rstrip(".-")
        if day:
            self._dated(day)
            rest = rest[: day.start()] + rest[day.end() :]
        return not letters(rest)

    def _dated(self, m: re.Match[str]) -> bool:
        self.frame.dated = int(m["y"])
        try:
            self.frame.published = date(int(m["y"]), int(m["m"]), int(m["d"]))
        except ValueError:  # the day is filled in by hand
            self.frame.published = None
            self.frame.unread = " ".join(m[0].split()) if m["d"] or (m["m"] and not m["m"].isdecimal()) else None
        return True

    def _agency(self, part: str) -> bool:
        """A line of the name of who issued it, above what it is about."""
        if self.kind or self.about or len(part) > 90 or len(self.agencies) >= 5:
            return False
        goes_on = bool(self.agencies) and bool(UNIT.match(part))
        capitals = shouted(part)
        if goes_on and capitals:
            self.agencies[-1] += f" {part}"
        elif (AGENCY.match(part) and (capitals or not part.endswith((".", ":", ",", ";")))) or (
            capitals and (self.agencies or not self.frame.number) and len(part.split()) <= 12
        ):
            self.agencies.append(part)
        else:
            return False
        return True

    def _of(self, lines: Sequence[str], at: int) -> int:
        """How many lines below the kind are "CỦA THỦ TƯỚNG CHÍNH PHỦ SỐ 63/QĐ-TTg NGÀY 13 THÁNG 01 NĂM 2010"."""
        for count in (1, 2):
            m = _OF.fullmatch(" ".join(part for line in lines[at : at + count] for part in _parts(line)))
            if m:
                self.frame.number, self.state = m["number"], True
                self.agencies = self.agencies or [m["agency"]]
                self._dated(m)
                return count
        return 0

    def _about(self, lines: Sequence[str], at: int) -> int:
        """The lines below the kind that say what the document is about; gives the place behind them."""
        behind = at
        while at < len(lines) and len(self.about) < 5:
            line = " ".join(_parts(lines[at]))
            if not line:
                at += 1
                if self.about and at < len(lines) and not lines[at].strip():
                    break
                continue
            if not self._tells(line):
                break
            if not (self.about and AGENCY.match(line) and shouted(line)):
                self.about.append(line)
            at += 1
            behind = at
        return behind

    def _tells(self, line: str) -> bool:
        """Whether a line goes on telling what the document is about."""
        if len(line) > _LONGEST or _TO.match(line) or _RECEIVERS.match(line) or line.startswith("\x1d"):
            return False
        if not self.about:
            return not line.endswith((".", ";", ":")) and (shouted(line) or not _BODY.match(line))
        last = self.about[-1]
        same_case = shouted(last) == shouted(line)
        if AGENCY.match(line) and shouted(line):
            return True
        return (
            same_case
            and not _BODY.match(line)
            and not line.endswith((".", ";", ":"))
            and (shouted(line) or line[:1].islower())
        )

    def _receivers(self, lines: Sequence[str], at: int) -> int:
        """Behind "Kính gửi" and those whom it names."""
        here = at
        while here < len(lines) and not lines[here].strip():
            here += 1
        if here == len(lines) or not _TO.match(first := _MARKDOWN.sub("", lines[here])):
            return at
        begin, named = here, first.endswith(":")
        here += 1
        while named and here < len(lines) and (not lines[here].strip() or _ITEM.fullmatch(lines[here].strip())):
            here += 1
        told = (_TO.sub("", _MARKDOWN.sub("", line)).strip(" -–+•;,.") for line in lines[begin:here])
        known = " ".join(self.agencies).casefold()
        placed = [(name, m[0].casefold()) for name in told if (m := _PLACED.search(name))]
        self.receivers += [name for name, place in placed if place not in known]
        return here

    def _name(self) -> None:
        frame = self.frame
        about = " ".join(self.about).strip(" *_.")
        kind = self.kind
        if kind and about and not shouted(about):
            first, _, rest = about.partition(" ")
            if first[1:] == first[1:].lower() and len(first) > 1:
                about = f"{first.lower()} {rest}".strip()
            kind = kind.capitalize()
        frame.title = " ".join(f"{kind} {about}".split()) or None
        if self.agencies:
            frame.agency = issuer(self.agencies)


def _body(lines: Sequence[str]) -> list[str]:
    """The lines without the lists of receivers and the signatures behind the text."""
    kept: list[str] = []
    at = 0
    while at < len(lines):
        parts = _parts(lines[at])
        if parts and any(_RECEIVERS.match(part) or is_sign(part) for part in parts):
            end = _behind(lines, at)
            if end > at:
                at = end
                continue
        kept.append(lines[at])
        at += 1
    return kept


def is_sign(part: str) -> bool:
    """Whether a line is what stands above a signature: an office, "(Đã ký)".

    >>> is_sign("KT. GIÁM ĐỐC"), is_sign("Giám đốc sở cho biết")
    (True, False)
    """
    return len(part) <= 90 and bool(_SIGN.fullmatch(part)) and (shouted(part) or part.startswith(("(", "[", "Đã k")))


def _behind(lines: Sequence[str], at: int) -> int:
    """The place behind a run of lines that are all of receivers and signatures; ``at`` where it is none."""
    begin, last, listed, signs = at, at, False, 0
    while at < len(lines):
        parts = _parts(lines[at])
        for part in parts:
            if _RECEIVERS.match(part):
                listed, signs = True, signs + 1
            elif is_sign(part):
                signs += 1
            elif _MONEY.search(part) or not (
                (listed and _ITEM.fullmatch(part)) or (signs and (_NAME.fullmatch(part) or _PAGE.fullmatch(part)))
            ):
                return last if signs else begin
        at += 1
        if parts:
            last = at
    return last if signs else begin
