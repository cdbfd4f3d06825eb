"""Named receivers: a firm, cooperative, business household, school or person, where its name ends, and evidence."""

import re

from rules.beneficiary.mention import Beneficiary
from rules.beneficiary.words import UPPER, WORDS, alternatives, ends_with, name_heads, within
from rules.layout import Layout

_HEAD = re.compile(rf"(?<!\w)(?P<head>{alternatives(name_heads())})\s(?=[\w“\"])", re.IGNORECASE)
_TOKEN = re.compile(r"\s?(?:[-–&]\s)?[\w&’'.\-]+", re.UNICODE)
_CAPITAL = re.compile(rf"[{UPPER}\d]")
_INSIDE = frozenset(WORDS["name"]["inside"])
_TITLES = frozenset(WORDS["name"]["titles"])
_PERSON = re.compile(rf"(?:[{UPPER}][\w’']*)(?:\s[{UPPER}][\w’'.]*){{1,4}}")
_PERSONAL = frozenset({"person", "household"})
_LEGAL = re.compile(
    r"(?:công ty|tổng công ty|dntn|htx|hợp tác xã|hộ kinh doanh|tổ hợp tác|doanh nghiệp tư nhân)\Z", re.IGNORECASE
)

_EVIDENCE = WORDS["named_evidence"]
_STRONG = [w for w in _EVIDENCE["before"] if w not in {"cho", "tại", "là", "gồm", "đối với", "trao"}]
_BEFORE = ends_with(_EVIDENCE["before"])
_BEFORE_STRONG = ends_with(_STRONG)
_SUPPORT = within(_EVIDENCE["support"])
_APPOSITION = r"(?:\s?\([^()\n]{1,80}\))?(?:,[^,;.\n]{1,80},)?\s?(?:đã\s|sẽ\s|vừa\s|cũng\s|còn\s|đang\s)?"
_AFTER = re.compile(rf"{_APPOSITION}(?:{alternatives(_EVIDENCE['after'])})(?!\w)", re.IGNORECASE)
_AMOUNT_AFTER = re.compile(
    r"(?:\s?\([^()\n]{1,80}\))?:?\s(?:được\s|hơn\s|gần\s|trên\s|với\s){0,2}\d[\d.,]*\s?(?:tỷ|tỉ|triệu|nghìn)",
    re.IGNORECASE,
)
_VETO_BEFORE = ends_with(_EVIDENCE["veto_before"])
_VETO_AFTER = re.compile(rf"{_APPOSITION}(?:{alternatives(_EVIDENCE['veto_after'])})(?!\w)", re.IGNORECASE)
_ROLE = re.compile(rf"\s?[,\-–(]\s?(?:{alternatives(WORDS['name']['roles'])})(?!\w)", re.IGNORECASE)
_LIST = re.compile(r"(?:[,;]|\svà|\scùng|\n\s?[-+*•]?)\s\Z")

_WINDOW = 110


def find(layout: Layout) -> list[Beneficiary]:
    """Named receivers of ``layout``, in text order, each name once, at its first mention with evidence."""
    text = layout.text
    seen: set[str] = set()
    found: list[Beneficiary] = []
    last: Beneficiary | None = None
    reached = 0
    for m in _HEAD.finditer(text):
        if m.start() < reached:
            continue
        kind = name_heads()[m["head"].lower()]
        end = name_end(text, m, kind)
        if end is None:
            continue
        reached = end
        rule = _evidence(layout, m.start(), end, kind, last)
        if rule is None:
            continue
        name = _name(text[m.start() : end], kind)
        last = Beneficiary(m.start(), end, text[m.start() : end], kind, 1, name, rule)
        if name.lower() not in seen:
            seen.add(name.lower())
            found.append(last)
    return found


def name_end(text: str, head: re.Match[str], kind: str) -> int | None:
    """Where the name after ``head`` ends; None where no proper name follows.

    A name may run over lower-case words that firms' names use ("DNTN thương mại và dịch vụ Thuận Phát") and ends
    with its last capitalised word, so a verb or a place in lower case closes it.
    """
    if kind in _PERSONAL:
        return _person_end(text, head, kind)
    position, last, lower = head.end() - 1, None, 0
    while lower <= 8 and (token := _TOKEN.match(text, position)):
        word = token.group().strip(" -–&")
        if _CAPITAL.match(word):
            last, lower = token.end(), 0
            if word.endswith(".") and len(word) > 3:  # the full stop of the sentence
                return token.end() - 1
        elif word.lower() in _INSIDE:
            lower += 1
            if last is not None and lower > 4:
                break
        else:
            break
        position = token.end()
    if last is None or (head["head"].islower() and not _proper(text, head, last)):
        return None
    return last


def _proper(text: str, head: re.Match[str], end: int) -> bool:
    """Whether a lower-case head ("công ty", "cơ sở") carries a name, not just an abbreviation ("cơ sở CNNT")."""
    rest = text[head.end() : end]
    return any(w[0].isupper() and not w.isupper() for w in rest.split() if w[0].isalpha())


def _person_end(text: str, head: re.Match[str], kind: str) -> int | None:
    start = head.end()
    if kind == "household":
        title = re.compile(rf"(?:{alternatives(_TITLES)})\s", re.IGNORECASE).match(text, start)
        if title is None:
            return None
        start = title.end()
    m = _PERSON.match(text, start)
    if m is None:
        return None
    return m.end() - 1 if m.group().endswith(".") else m.end()


def _name(mention: str, kind: str) -> str:
    """The name as a key: a person's without the title, everything else as printed."""
    first, _, rest = mention.partition(" ")
    return rest if kind == "person" and first.lower() in _TITLES else mention


def _evidence(layout: Layout, start: int, end: int, kind: str, last: Beneficiary | None) -> str | None:
    text = layout.text
    left, right = layout.sentences[layout.sentence_at(start)]
    before = text[max(left, start - _WINDOW) : start]
    after = text[end : min(right, end + _WINDOW)]
    if _ROLE.match(after) or _VETO_BEFORE.search(before):
        return None
    if _AFTER.match(after):
        return "beneficiary.named.receives"
    if _VETO_AFTER.match(after) and not _BEFORE_STRONG.search(before):
        return None
    if _BEFORE_STRONG.search(before):
        return "beneficiary.named.given"
    if kind in _PERSONAL:
        return None
    if _BEFORE.search(before) and _SUPPORT.search(text, left, right):
        return "beneficiary.named.given"
    if _AMOUNT_AFTER.match(after) and _SUPPORT.search(text, left, right):
        return "beneficiary.named.sum"
    if last is not None and last.kind not in _PERSONAL and _LIST.search(before) and _same_list(text, last.end, start):
        return "beneficiary.named.list"
    return None


def _same_list(text: str, end: int, start: int) -> bool:
    """Whether only brackets, sums and a separator stand between two items of a list."""
    between = re.sub(r"\([^()\n]{0,120}\)", "", text[end:start])
    return len(between) < 90 and not re.search(r"[.!?]\s", between)
