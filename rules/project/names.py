"""Where the name of an undertaking begins and ends.

In quotes the quotes decide. Without quotes the name runs until a word that can only go on with the sentence
("đã", "với tổng"), a bracket or a stop; a lower-case description also ends before a place ("tại …") or counted
receivers ("cho 2 cơ sở"), an official title does not. The words are in stops.toml.
"""

import re
from functools import cache

from rules.language.letters import UPPER
from rules.layout import Span
from rules.project.lexicon import alternatives, kinds, pattern, words

OPENING = "\"“”«‘'"
_CLOSING = {
    opening: re.compile(f"[{closing}]")
    for opening, closing in (('"', '"”“'), ("“", '”"“'), ("”", '”"'), ("«", "»"), ("‘", "’'"), ("'", "'’"))
}
_MAX_QUOTED = 350
_MAX_NAME = 300
_WORD = re.compile(r"\w+")
_LOOSE = ",.;:-–…"


@cache
def _stop(official: bool, counted: bool = False) -> re.Pattern[str]:
    """The next place where a name may end. The name of the matching group says why; ``skip`` is no end."""
    groups = {
        "skip": _HOUSING
        + "|"
        + alternatives(
            words("stops", "protected") + words("stops", "openings") + (words("stops", "counted") if counted else [])
        ),
        "opener": rf"(?:{alternatives(words('stops', 'openers'))})(?=\s(?![{UPPER}])[^\W\d_])",
        "predicate": alternatives(words("stops", "predicate")),
        "money": alternatives(words("stops", "money")),
    }
    if not official:
        groups["soft"] = rf"{alternatives(words('stops', 'soft'))}|{_HERD}"
    named = "|".join(rf"(?P<{name}>{pattern})" for name, pattern in groups.items())
    dash = pattern.source(r"\s[-–]\s(?=(?:{asides}|{commune}(?!\s+{social})|\d)\b)")
    marks = rf"{dash}|[;:!?…\n()\[\]\"“”«»]|(?<=\s)['‘]|\.(?=\s|$)|\.\."
    return re.compile(rf"(?<!\w)(?:{named})|(?P<comma>,(?!\d))|(?P<mark>{marks})")


@cache
def _at_once(counted: bool) -> re.Pattern[str]:
    """A stop at the very beginning: there is no name, whatever compound it belongs to ("dự án theo hướng …")."""
    ending = alternatives(words("stops", "predicate") + words("stops", "money"))
    names = (
        words("stops", "openings") + words("heads", "name_openings") + (words("stops", "counted") if counted else [])
    )
    return pattern(rf"(?!{alternatives(names)})(?:{{have}}\s+(?!{{recovered}})|{ending})")


@cache
def _second_kind() -> re.Pattern[str]:
    """A second undertaking that follows in the same phrase: "… và dự án", "… cùng 3 mô hình"."""
    addition = rf"(?!\s+(?:{alternatives(words('heads', 'additions'))}))"
    return pattern(
        r"\s{and_or}\s+(?:(?:{the_several}|\d+)\s+)?(?:{kind_prefixes}\s+)?"
        rf"(?:{alternatives(kinds())}){addition}",
        re.I,
    )


@cache
def _clause_opening() -> re.Pattern[str]:
    listed = rf"(?:(?:{{the}}|\d+)\s+)?(?:{{sub}}\s+)?(?:{alternatives(kinds())})"
    return pattern(rf"{listed}|{{persons}}\s|(?:{alternatives(words('stops', 'after_comma'))})", re.I)


@cache
def _work_verb() -> re.Pattern[str]:
    return re.compile(alternatives(words("stops", "work_verbs")), re.I)


# Two digits and a unit measure the undertaking ("nuôi bò cái nền 120 con"); one digit may be of its name
# ("gia đình sinh đủ 2 con").
_HOUSING = pattern.source(r"{housing}(?!\s+(?:{commune}(?!\s+{social})|{not_housing}|[{UPPER}])\b)")
_HERD = pattern.source(r"\d[\d.,]+\s*{herd_units}(?!\w)")
_STAGE = pattern(r"\s*\({stages}\s+\w+\)", re.I)
_YEARS = pattern.source(r"(?:{from}\s+)?(?:{year}\s+)?\d{4}(?:\s*[-–]\s*\d{4}|\s+{to}\s+(?:{year}\s+)?\d{4})?")
_SPAN = pattern.source(r"{stage}\s+(?:{YEARS}|[IVX\d]+\b|{stage_numbers}\b)", YEARS=_YEARS)
PERIOD = re.compile(rf"\s+{_SPAN}", re.I)
_YEAR = pattern(
    r"\s+(?:{to}\s+)?{year}\s+(?:19|20)\d\d\b|\s+{of}\s+{plan_places}\s+(?:(?-i:[{UPPER}])\w*\s+){0,4}{SPAN}",
    re.I,
    SPAN=_SPAN,
)
_TAIL = pattern(r"\s(?:{never_last}|(?<!{industrial} ){support}|(?<!{gives_to} ){loan}|-|–)$")
_ABBREVIATED = pattern(r"\b{short_types}$")
_CAPITALS = pattern(r"\s{and}\s+[{UPPER}]")
# Stops behind which no verb of the clause need follow: "dự án A, B thuộc chương trình C".
_POST = frozenset(pattern.phrases("post"))
_OFFICE_OF = pattern(r"{offices} (?:{work} )?(?={of}\s|\Z)", re.I)
_BODY = pattern(r"{bodies}(?!\w)")
_ROAD = pattern(r"\b{road_begins}\b")
_ROAD_ON = pattern(r"\s*{road_goes_on}\s")
_BRACKET_ON = pattern(r"\s*(?:[-–]\s+[{UPPER}]|{number}\s+\d)")
_THING = 4  # words of one thing in a list
_UNIT = pattern(r"{chain_types}\s+(?-i:[{UPPER}])", re.I)


def quoted(text: str, start: int, limit: int) -> tuple[Span, int] | None:
    """Name in quotes whose opening quote is at ``start``: its span and the offset after the closing quote.

    Opening and closing quotes need not match in style. None where nothing closes it before ``limit``.

    >>> quoted('đề án "Nuôi ong” cho', 6, 20)
    ((7, 15), 16)
    """
    for closing in _CLOSING[text[start]].finditer(text, start + 1, min(limit, start + _MAX_QUOTED)):
        i = closing.start()
        if text[i] in "'’" and i + 1 < limit and text[i - 1].isalpha() and text[i + 1].isalpha():
            continue
        return trim(text, (start + 1, i)), i + 1
    return None


def trim(text: str, span: Span) -> Span:
    """``span`` without white space and loose marks at its ends."""
    start, end = span
    while start < end and (text[start].isspace() or text[start] in _LOOSE):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _LOOSE):
        end -= 1
    return start, end


def starts_with_work_verb(text: str, start: int) -> bool:
    """Whether a verb of work or support begins at ``start`` ("Hỗ trợ …", "nâng cấp …")."""
    return _work_verb().match(text, start) is not None


def begins_clause(text: str, start: int) -> bool:
    """Whether the words at ``start`` begin a clause or name a source of money rather than an undertaking."""
    return _clause_opening().match(text, start) is not None


def is_title(text: str, start: int) -> bool:
    """Whether an official title begins at ``start``: a capital word and a lower-case one after it ("Phát triển …")."""
    found = _WORD.findall(text[start : start + 40])
    return len(found) >= 2 and found[0][0].isupper() and not found[0].isupper() and found[1][0].islower()


def name_end(
    text: str, start: int, limit: int, official: bool = False, keep_year: bool = False, counted: bool = False
) -> int:
    """End of a name that starts at ``start`` and is written without quotes; ``start`` where there is none.

    ``official``: the name is a title with a capital, which keeps its places and receivers.
    ``keep_year``: a year printed behind it belongs to it ("Kế hoạch khuyến công năm 2022").
    ``counted``: it describes a counted group ("3 dự án đầu tư bằng vốn ODA").
    """
    # A title with a verb ("Phát triển … tại tỉnh X") keeps its place, a thing ("Trường … tại xã Y") does not.
    limit = min(limit, start + _MAX_NAME)
    stop = _stop(official and starts_with_work_verb(text, start), counted)
    if _at_once(counted).match(text, start, limit):
        return start
    position = start
    while m := stop.search(text, position, limit):
        on = _over(text, start, m, limit, official)
        if on is None:
            return _finish(text, start, m.start(), limit, keep_year)
        position = on
    return _finish(text, start, limit, limit, keep_year)


def _over(text: str, start: int, m: re.Match[str], limit: int, official: bool) -> int | None:
    """Offset to go on from where the stop ``m`` does belong to the name, else None."""
    match m.lastgroup:
        case "skip":
            return m.end()
        case "opener":
            return m.end() if m.start() > start and _after_capital(text, start, m.start()) else None
        case "mark":
            return _over_mark(text, start, m, limit)
        case "soft" if m.start() == start:  # "đề án tổ chức bình chọn …"
            return m.end()
        case "soft" if m.group()[0].isdigit() and len(text[start : m.start()].split()) < 3:
            return m.end()  # "trồng 40 ha quế"
        case "soft" if m.group() == "của" and _OFFICE_OF.search(text, start, m.start()):
            return m.end()  # "trụ sở làm việc của Huyện ủy"
        case "comma":
            return _over_comma(text, start, m.end(), limit, official)
        case _:
            return None


def _after_capital(text: str, start: int, at: int) -> bool:
    """Whether the word before ``at`` has a capital: "Chợ Mới" is one name, "đường lớn Theo thiết kế" is not."""
    before = text[start:at].split()
    return bool(before) and before[-1][0].isupper()


def _over_mark(text: str, start: int, m: re.Match[str], limit: int) -> int | None:
    """Over the stop of an abbreviation ("TP. Vinh"), and over a bracket behind one end of a road ("từ A (B) đi C")."""
    mark = m.group()
    if mark == "." and _ABBREVIATED.search(text, start, m.start()):
        return m.end()
    close = text.find(")", m.end(), min(limit, m.end() + 60)) if mark == "(" else -1
    if close < 0:
        return None
    rest = text[close + 1 : close + 10]
    if _ROAD.search(text[start : m.start()]) and _ROAD_ON.match(rest):
        return close + 1
    return close + 1 if _BRACKET_ON.match(rest) else None


def _over_comma(text: str, start: int, after: int, limit: int, official: bool) -> int | None:
    """Whether the words after a comma still belong to the name ("nâng cấp, sửa chữa hồ …", "sầu riêng, bơ").

    They do where they are a short phrase that ends as a name can end, or begin with a verb of work like the name.
    """
    begin = after
    while begin < limit and text[begin].isspace():
        begin += 1
    if begin >= limit:
        return None
    end, why = _phrase_end(text, begin, limit, official)
    if official and _UNIT.match(text, begin):  # the place is of the name where it began there, or a stage follows it
        return end if _UNIT.search(text, start, after) or _staged(text, begin, limit) else None
    closing = " và " in text[begin:end] and not _second_kind().search(text, begin, end)
    if _BODY.match(text, begin, limit) and _OFFICE_OF.search(text, start, after):
        return end
    if text[begin].isupper():  # "Khu phức hợp Khách sạn, Thương mại và Căn hộ …"
        return end if official and closing and _CAPITALS.search(text, begin, end) else None
    if end == begin or _clause_opening().match(text, begin) or _first_word(text, begin) == _first_word(text, start):
        return None  # a clause, or a sibling: "cầu Bào Tròn, cầu Ông Sĩ"
    length = len(text[begin:end].split())
    if starts_with_work_verb(text, begin):  # a verb goes on only from a verb: "nâng cấp, sửa chữa hồ …"
        return end if length <= (14 if starts_with_work_verb(text, start) else 4) else None
    if len(text[start:after].split()) <= 2:  # "nạo vét, thoát lũ sông …": one verb alone is no name
        return end if length <= 16 else None
    most = 16 if starts_with_work_verb(text, start) else 12 if closing else 10
    # "Giải quyết tình trạng thiếu đất ở, đất sản xuất, nước sinh hoạt được bố trí …": the last of a list of things
    listed = official and "," in text[start : after - 1] and length <= _THING
    return end if length <= most and (why != "predicate" or (official and closing) or listed) else None


def _first_word(text: str, at: int) -> str:
    m = _WORD.match(text, at)
    return m.group().lower() if m else ""


def _staged(text: str, begin: int, limit: int) -> bool:
    """Whether a chain of places from ``begin`` on ends in a stage ("…, phường Minh An (giai đoạn 1)")."""
    bracket = text.find("(", begin, min(limit, begin + 80))
    return bracket > 0 and _STAGE.match(text, bracket) is not None


def _phrase_end(text: str, begin: int, limit: int, official: bool) -> tuple[int, str | None]:
    """The next stop after ``begin`` and its kind."""
    stop = _stop(official)
    m = stop.search(text, begin, limit)
    while m and m.lastgroup == "skip":
        m = stop.search(text, m.end(), limit)
    if m is None:
        return limit, None
    return m.start(), "post" if m.group() in _POST else m.lastgroup


def _finish(text: str, start: int, end: int, limit: int, keep_year: bool) -> int:
    """``end`` moved back before a second undertaking ("và dự án …") and forward over a stage or a period."""
    end = trim(text, (start, end))[1]
    if cut := _second_kind().search(text, start, end):
        return trim(text, (start, cut.start()))[1]
    while tail := _TAIL.search(text, start, end):
        end = trim(text, (start, tail.start()))[1]
    if end == start:
        return start
    for behind in (PERIOD, _YEAR, _STAGE) if keep_year else (PERIOD, _STAGE):
        if m := behind.match(text, end, limit):
            end = m.end()
    return end
