"""Named receivers: a firm, cooperative, business household, school or person, where its name ends, and evidence."""

import re
from collections.abc import Sequence

from rules.beneficiary.mention import Beneficiary
from rules.beneficiary.phrases import Phrases, words
from rules.beneficiary.words import UPPER, WORDS, alternatives, name_heads
from rules.layout import Layout

_HEAD = re.compile(rf"(?<!\w)(?P<head>{alternatives(name_heads())})\s(?=[\w“\"])", re.IGNORECASE)
_TOKEN = re.compile(r"\s?(?:[-–&]\s)?[\w&’'.\-]+")
_CAPITAL = re.compile(rf"[{UPPER}\d]")
_INSIDE, _TITLES = frozenset(WORDS["name"]["inside"]), frozenset(WORDS["name"]["titles"])
_STOPS = re.compile(rf"(?:{alternatives(WORDS['name']['stops'])})(?!\w)", re.IGNORECASE)
_TITLE = re.compile(rf"(?:{alternatives(_TITLES)})\s", re.IGNORECASE)
_PERSON = re.compile(rf"(?:[{UPPER}][\w’']*)(?:\s[{UPPER}][\w’'.]*){{1,4}}")
_PERSONAL = frozenset({"person", "household"})

_EVIDENCE = WORDS["named_evidence"]
_SOFT = frozenset(_EVIDENCE["soft"])
_BEFORE = Phrases(_EVIDENCE["before"])
_STRONG = Phrases(w for w in _EVIDENCE["before"] if w not in _SOFT)
_PERSON_GIVEN = Phrases(_EVIDENCE["personal"])
_SUPPORT = Phrases(_EVIDENCE["support"])
_AFTER, _VETO_AFTER = Phrases(_EVIDENCE["after"]), Phrases(_EVIDENCE["veto_after"])
_VETO_BEFORE = Phrases(_EVIDENCE["veto_before"])
_ROLE = re.compile(rf"\s?[,\-–(]\s?(?:{alternatives(WORDS['name']['roles'])})(?!\w)", re.IGNORECASE)
_WORKER = re.compile(r",\s(?:là\s)?(?:công nhân|lao động)(?!\w)", re.IGNORECASE)

_ASIDE = re.compile(
    r"(?:\s?\([^()\n]{1,80}\))?(?:,[^,;.\n]{1,80}(?=,))?,?"
)  # "… (xã A), doanh nghiệp của huyện B, được …"
_MONEY = r"(?:hơn\s|gần\s|trên\s)?\d[\d.,]*\s?(?:tỷ|tỉ|triệu|nghìn)"
_SUM = re.compile(rf"(?:\s?\([^()\n]{{1,80}}\))?:?\s(?:với\s)?{_MONEY}", re.IGNORECASE)
_RECEIVED = re.compile(
    rf"(?:\s?\([^()\n]{{1,80}}\))?\s(?:đã\s|vừa\s|còn\s)?(?:được|nhận|nhận được)\s{_MONEY}", re.IGNORECASE
)
# "… mở hộ kinh doanh X. Năm 2023, cơ sở này được hỗ trợ …"
_TAKEN_UP = re.compile(
    r"[^.\n]{0,90}\.\s(?:[^,.\n]{1,30},\s)?(?:cơ sở|HTX|hợp tác xã|doanh nghiệp|công ty|hộ|đơn vị|nơi)\s(?:này|trên)\s"
    r"(?:đã\s|vừa\s)?(?:được|nhận)\s(?:[^\s\d]+\s){0,12}?(?:hỗ trợ|giúp|tặng|vay)",
    re.IGNORECASE,
)
# "… nhận được phần quà của công ty, chị Mai …"
_GOT = re.compile(
    r"nhận (?:được )?(?:phần quà|quà|hỗ trợ|tiền|suất|vốn|học bổng|nhà)[^,.;()\n]{0,60},\s\Z", re.IGNORECASE
)
_LIST = re.compile(r"(?:[,;]|(?:\A|\s)và|\scùng)\s\Z")
_BRACKET, _STOP = re.compile(r"\([^()\n]{0,120}\)"), re.compile(r"[.!?]\s")

_WINDOW = 110  # code points left and right in which evidence is looked for


def find(layout: Layout, counted: Sequence[Beneficiary] = ()) -> list[Beneficiary]:
    """Named receivers of ``layout``, in text order, each name once, at its first mention with evidence.

    ``counted`` are the counted receivers found before: a name may be listed with them ("cho 2 cơ sở và HTX A").
    """
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
        near = next((c for c in reversed(counted) if c.end <= m.start()), None)
        if near is not None and (last is None or near.start > last.start):
            last = near
        rule = _evidence(layout, m.start(), end, kind, last)
        if rule is None:
            continue
        if kind == "person" and _WORKER.match(text, end):
            kind = "worker"
        name = _name(text[m.start() : end])
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
        if _STOPS.match(text, token.end() - len(word)):
            break
        if _CAPITAL.match(word):
            last, lower = token.end(), 0
            if word.endswith(".") and len(word) > 3:  # the full stop of the sentence
                last -= 1
                break
        elif word.lower() in _INSIDE and (last is None or lower < 4):
            lower += 1
        else:
            break
        position = token.end()
    if last is None or (head["head"].islower() and not _proper(text[head.end() : last])):
        return None
    return last


def _proper(name: str) -> bool:
    """Whether a name after a lower-case head is one, not just an abbreviation ("cơ sở CNNT")."""
    return any(w[0].isupper() and not w.isupper() for w in name.split() if w[0].isalpha())


def _person_end(text: str, head: re.Match[str], kind: str) -> int | None:
    start = head.end()
    if kind == "household":
        title = _TITLE.match(text, start)
        if title is None:
            return None
        start = title.end()
    m = _PERSON.match(text, start)
    if m is None:
        return None
    end = m.end() - 1 if m.group().endswith(".") else m.end()
    return end - 4 if text.endswith(" Ảnh", 0, end) else end


def _name(mention: str) -> str:
    """A person's name without the title, everything else as printed."""
    first, _, rest = mention.partition(" ")
    return rest if first.lower() in _TITLES else mention


def _evidence(layout: Layout, start: int, end: int, kind: str, last: Beneficiary | None) -> str | None:
    """The rule by which the named one receives, or None."""
    text = layout.text
    left, right = layout.sentences[layout.sentence_at(start)]
    close = text[max(left, start - _WINDOW) : start]
    before = words(close)[-8:]
    if before and before[-1] == ":":
        before.pop()
    after = text[end : min(right, end + _WINDOW)]
    if _ROLE.match(after) or _VETO_BEFORE.at_end(before):
        return None
    aside = _ASIDE.match(after)
    verbs = words(after[aside.end() if aside else 0 :])
    if _AFTER.at_start(verbs, 1) or _RECEIVED.match(after) or (kind == "person" and _GOT.search(close)):
        return "beneficiary.named.receives"
    given = (_PERSON_GIVEN if kind in _PERSONAL else _STRONG).at_end(before)
    if given:
        return "beneficiary.named.given"
    if kind in _PERSONAL or _VETO_AFTER.at_start(verbs, 1):
        return None
    if _TAKEN_UP.match(text, end, min(len(text), end + 260)):
        return "beneficiary.named.taken_up"
    soft, with_sum = _BEFORE.at_end(before), _SUM.match(after)
    if (soft or with_sum) and _SUPPORT.inside(words(text[left:right])):
        return "beneficiary.named.given" if soft else "beneficiary.named.sum"
    listed = last is not None and last.kind not in _PERSONAL and _LIST.search(close)
    return "beneficiary.named.list" if last and listed and _same_list(text[last.end : start]) else None


def _same_list(between: str) -> bool:
    """Whether only brackets, sums and a separator stand between two items of a list."""
    bare = _BRACKET.sub("", between)
    return len(bare) < 90 and not _STOP.search(bare)
