"""Where the name of an undertaking begins and ends.

In quotes the quotes decide. Without quotes the name runs until a word that can only go on with the sentence
("đã", "với tổng"), a bracket or a stop; a lower-case description also ends before a place ("tại …") or counted
receivers ("cho 2 cơ sở"), an official title does not. The words are in stops.toml.
"""

import re
from functools import cache

from rules.language.letters import UPPER
from rules.layout import Span
from rules.project.lexicon import alternatives, kinds, words

OPENING = "\"“”«‘'"
_CLOSING = {'"': '"”“', "“": '”"“', "”": '”"', "«": "»", "‘": "’'", "'": "'’"}
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
        + alternatives(words("stops", "protected") + (words("stops", "counted") if counted else [])),
        "opener": rf"(?:{alternatives(words('stops', 'openers'))})(?=\s[^\W\d_A-ZĐ])",
        "predicate": alternatives(words("stops", "predicate")),
        "money": alternatives(words("stops", "money")),
    }
    if not official:
        groups["soft"] = rf"{alternatives(words('stops', 'soft'))}|{_HERD}"
    named = "|".join(rf"(?P<{name}>{pattern})" for name, pattern in groups.items())
    aside = r"Ảnh|ảnh|một|đơn vị|nơi|thực hiện|dự án|công trình|ông|bà|xã(?!\s+hội)|phường|thị trấn|huyện|HTX|\d"
    dash = rf"\s[-–]\s(?=(?:{aside})\b)"
    marks = rf"{dash}|[;:!?…\n()\[\]\"“”«»]|(?<=\s)['‘]|\.(?=\s|$)|\.\."
    return re.compile(rf"(?<!\w)(?:{named})|(?P<comma>,(?!\d))|(?P<mark>{marks})")


@cache
def _at_once(counted: bool) -> re.Pattern[str]:
    """A stop at the very beginning: there is no name, whatever compound it belongs to ("dự án theo hướng …")."""
    ending = alternatives(words("stops", "predicate") + words("stops", "money"))
    names = [
        "vốn đầu tư công",
        "mỗi xã một sản phẩm",
        *(p for p in words("stops", "protected") if p.startswith("giảm ")),
    ]
    names += [*(words("stops", "counted") if counted else [])]
    return re.compile(rf"(?!{alternatives(names)})(?:có\s+(?!thu hồi)|{ending})")


@cache
def _second_kind() -> re.Pattern[str]:
    """A second undertaking that follows in the same phrase: "… và dự án", "… cùng 3 mô hình"."""
    addition = rf"(?!\s+(?:{alternatives(words('heads', 'additions'))}))"
    return re.compile(
        rf"\s(?:và|cùng|hay|hoặc)\s+(?:các\s+|những\s+|\d+\s+)?(?:tiểu\s+|cụm\s+)?(?:{alternatives(kinds())}){addition}",
        re.I,
    )


@cache
def _clause_opening() -> re.Pattern[str]:
    listed = rf"(?:các\s+|\d+\s+)?(?:tiểu\s+)?(?:{alternatives(kinds())})"
    person = r"(?:ông|bà|anh|chị|cô|chú|em)\s"
    return re.compile(rf"{listed}|{person}|(?:{alternatives(words('stops', 'after_comma'))})", re.I)


@cache
def _work_verb() -> re.Pattern[str]:
    return re.compile(alternatives(words("stops", "work_verbs")), re.I)


# Two digits and a unit measure the undertaking ("nuôi bò cái nền 120 con"); one digit may be of its name
# ("gia đình sinh đủ 2 con").
_HOUSING = (
    rf"nhà\s+ở(?!\s+(?:xã(?!\s+hội)|phường|thị|huyện|quận|thành|tp|TP|tỉnh|thôn|bản|ấp|khu vực|vùng|[{UPPER}])\b)"
)
_HERD = r"\d[\d.,]+\s*(?:con|ha|héc-ta|hecta|hộ|m2|tấn|kg|gốc|lao động|người|suất)(?!\w)"
_STAGE = re.compile(r"\s*\((?:giai đoạn|phân kỳ|đợt)\s+\w+\)", re.I)
_YEARS = r"(?:từ\s+)?(?:năm\s+)?\d{4}(?:\s*[-–]\s*\d{4}|\s+đến\s+(?:năm\s+)?\d{4})?"
_SPAN = rf"giai đoạn\s+(?:{_YEARS}|[IVX\d]+\b|(?:một|hai|ba|đầu)\b)"
PERIOD = re.compile(rf"\s+{_SPAN}", re.I)
_YEAR = re.compile(
    r"\s+(?:đến\s+)?năm\s+(?:19|20)\d\d\b"
    rf"|\s+của\s+(?:tỉnh|huyện|thành phố|xã)\s+(?:(?-i:[{UPPER}])\w*\s+){{0,4}}{_SPAN}",
    re.I,
)
_TAIL = re.compile(
    r"\s(?:và|với|cùng|về|từ|trong|đến|tới|các|vào|tổng|vốn|có vốn|kinh phí|trị giá|giá|một|những|theo|mức"
    r"|chi|tốn|hết|nợ|ngốn|(?<!công nghiệp )hỗ trợ|phục vụ|giúp|cho|(?<!cho )vay|cần|lên|thêm|thi công|thực hiện"
    r"|triển khai|khu vực|quy mô|diện tích|có|-|–)$"
)
_ABBREVIATED = re.compile(r"\b(?:TP|TX|TT|Q|P|H|X|QL|ĐT|TL|KP|St)$")
_CAPITALS = re.compile(rf"\svà\s+[{UPPER}]")
# Stops behind which no verb of the clause need follow: "dự án A, B thuộc chương trình C".
_POST = frozenset(("thuộc", "do", "theo", "nhằm", "để", "gồm", "bao gồm", "giáp", "như"))
_OFFICE_OF = re.compile(r"(?:trụ sở|nơi|nhà) (?:làm việc )?(?=của\s|\Z)", re.I)
_BODY = re.compile(r"(?:HĐND|UBND|MTTQ|Đảng ủy|Huyện ủy|Thành ủy|Đảng uỷ|Huyện uỷ|Thành uỷ)(?!\w)")
_THING = 4  # words of one thing in a list
_UNIT = re.compile(rf"(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố|tp\.?|tỉnh)\s+(?-i:[{UPPER}])", re.I)


def quoted(text: str, start: int, limit: int) -> tuple[Span, int] | None:
    """Name in quotes whose opening quote is at ``start``: its span and the offset after the closing quote.

    Opening and closing quotes need not match in style. None where nothing closes it before ``limit``.

    >>> quoted('đề án "Nuôi ong” cho', 6, 20)
    ((7, 15), 16)
    """
    closing = _CLOSING[text[start]]
    for i in range(start + 1, min(limit, start + _MAX_QUOTED)):
        if text[i] not in closing:
            continue
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
    road = re.search(r"\b(?:từ|nối|đoạn)\b", text[start : m.start()])
    if road and re.match(r"\s*(?:đi|đến|tới|nối|và)\s", rest):
        return close + 1
    return close + 1 if re.match(rf"\s*(?:[-–]\s+[{UPPER}]|số\s+\d)", rest) else None


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
    for pattern in (PERIOD, _YEAR, _STAGE) if keep_year else (PERIOD, _STAGE):
        if m := pattern.match(text, end, limit):
            end = m.end()
    return end
