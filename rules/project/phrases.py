"""What is a name behind a kind word, and what only classifies ("dự án đầu tư", "công trình “nghìn tỷ”")."""

import re
from functools import cache

from rules.layout import Span
from rules.project.attributes import standing_programme
from rules.project.lexicon import alternatives, pattern, words
from rules.project.mention import Candidate
from rules.project.names import PERIOD, is_title, name_end, quoted, trim

_QUANTITY = pattern(r"[\d.,]+\s*{quantities}(?!\w)", re.I)
# The full name of programme 1719 begins like a mere sector
_TARGET = pattern(r"{economic}\s*[-–,]?\s*{and_social}", re.I)
_BEFORE_SUM = pattern(r"\s{verbs_of_sums}\s*\Z")  # verbs whose object is the sum
_SPEECH = pattern(r"(?:\A|\s){speech}\s")  # words of somebody, not a name
# "dự án huyện Hà Trung" is no name.
_ONLY_PLACE = pattern(r"{place_types}(?:\s+(?:[{UPPER}]\w*|\d+))+")
_QUALIFIED = pattern(r"(?:\s(?:{class_marks}|{stage}\s.*|{year} \d{4}))+\Z")  # "khuyến công quốc gia điểm"
_NUMBER = re.compile(r"(?:\d{3,4}|\d{2}[a-z])(?!\w)", re.I)
_KEEPS_YEAR = ("ke_hoach", "chuong_trinh")
_FIRST_ITEM = pattern(r"[^.;:\"“”«»\n]{0,60}{lists_names}\s*(?=[\"“«‘])")
_NEXT_ITEM = pattern(r"[^.\"“”«»‘\n]{0,160}?(?:[,;]|(?<!\w){and})\s*(?=[\"“«‘])")


@cache
def _no_name(counted: bool) -> re.Pattern[str]:
    phrases = words("heads", "generic_openings") + ([] if counted else words("heads", "predicate_openings"))
    return re.compile(alternatives(phrases))


@cache
def _opens_name() -> re.Pattern[str]:
    return re.compile(alternatives(words("heads", "name_openings") + words("stops", "openings")))


@cache
def _generic(counted: bool) -> frozenset[str]:
    return frozenset(words("heads", "generic_names") + ([] if counted else words("heads", "sector_names")))


def plain_name(text: str, begin: int, limit: int, kind: str, counted: bool = False) -> Span | None:
    """Span of the name without quotes that begins at ``begin``, None where the words there are none."""
    while begin < limit and text[begin] in " \t\u00a0":
        begin += 1
    if begin >= limit or not text[begin].isalnum() or _QUANTITY.match(text, begin):
        return None
    numbered = kind == "goi_thau" and text.startswith("số", begin)
    begins = numbered or _opens_name().match(text, begin) or _TARGET.match(text, begin)
    if not begins and _no_name(counted).match(text, begin):
        return None
    if kind == "chuong_trinh" and (number := _NUMBER.match(text, begin, limit)):  # "Chương trình 135"
        stage = PERIOD.match(text, number.end(), limit)  # "Chương trình 135 giai đoạn II"
        return begin, stage.end() if stage else number.end()
    if kind == "chuong_trinh" and (standing := standing_programme(text, begin, limit)):
        return begin, standing
    official = is_title(text, begin)
    end = name_end(text, begin, limit, official, official or kind in _KEEPS_YEAR, counted)
    if _ONLY_PLACE.fullmatch(text, begin, end):
        return None
    if end >= limit - 2 and (verb := _BEFORE_SUM.search(text, begin, end)):
        end = verb.start()
    name = trim(text, (begin, end))
    return name if name[0] < name[1] else None


def quoted_items(text: str, begin: int, last: int, kind: str, follow: bool = False) -> list[Candidate]:
    """The names in quotes that a list goes on with: "2 đề án gồm: «…» kinh phí …, «…»".

    ``follow``: a first name in quotes ends at ``begin``.
    """
    found: list[Candidate] = []
    while m := (_NEXT_ITEM if found or follow else _FIRST_ITEM).match(text, begin, last):
        q = quoted(text, m.end(), last)
        if q is None or not is_quoted_name(text[slice(*q[0])]):
            break
        found.append(Candidate(m.end(), q[1], kind, "quoted", "project.quoted.item", q[0]))
        begin = q[1]
    return found


def is_quoted_name(phrase: str, apart: bool = False) -> bool:
    """Whether words in quotes are a name, not a mocking adjective ("dự án “ma”", "công trình “nghìn tỷ”").

    ``apart``: other words stand between the kind word and the quotes.

    >>> is_quoted_name("Thắp sáng đường quê"), is_quoted_name("nghìn tỷ")
    (True, False)
    """
    size = len(phrase.split())
    if size < 2 or is_generic(phrase):
        return False
    return phrase[0].isupper() or (size >= 4 and not apart and not _SPEECH.search(phrase))


def is_generic(name: str, counted: bool = False) -> bool:
    """Whether ``name`` only classifies: "đầu tư", "khuyến công địa phương"; of one undertaking also "giao thông".

    >>> is_generic("Khuyến công địa phương"), is_generic("giao thông"), is_generic("giao thông", counted=True)
    (True, True, False)
    """
    bare = " ".join(name.lower().split())
    return (_QUALIFIED.sub("", bare) if counted else bare) in _generic(counted)
