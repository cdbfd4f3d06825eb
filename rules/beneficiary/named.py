"""Named receivers: a firm, cooperative, business household, school or person, where its name ends, and evidence."""

import re
from collections.abc import Sequence

from rules.beneficiary.mention import Beneficiary
from rules.beneficiary.phrases import Phrases, words
from rules.beneficiary.words import UPPER, WORDS, alternatives, lowered, name_heads
from rules.layout import Layout

_HEAD = re.compile(rf"(?P<head>{alternatives(name_heads())})\s(?=\w)")
_TOKEN = re.compile(r"\s?(?:[-–&]\s)?[\w&’'.\-]+")
_CAPITAL = re.compile(rf"[{UPPER}\d]")
_NUMBERED = re.compile(
    r"\d{1,3}(?![.,]?\d)(?=[,.;:()\n]|\s\(|\Z)"
)  # "Công ty CP Bắc Nam 79", but not "… Xuân Phú 150 triệu"
_INSIDE, _TITLES = frozenset(WORDS["name"]["inside"]), frozenset(WORDS["name"]["titles"])
_BREAKS = frozenset(WORDS["name"]["breaks"])
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
_AGENT, _AGENT_VERBS = Phrases(_EVIDENCE["agent"]), Phrases(_EVIDENCE["agent_verbs"])
_LICENSED = Phrases(_EVIDENCE["licensed"])
_OWNER, _OWNER_KINDS, _OWNER_VERBS = (Phrases(_EVIDENCE[k]) for k in ("owner", "owner_kinds", "owner_verbs"))
_VETO_BEFORE = Phrases(_EVIDENCE["veto_before"])
_ROLE = re.compile(rf"\s?[,\-–(]\s?(?:{alternatives(WORDS['name']['roles'])})(?!\w)", re.IGNORECASE)
_WORKER = re.compile(r",\s(?:là\s)?(?:công nhân|lao động)(?!\w)", re.IGNORECASE)

_BRACKETED = re.compile(r"\s?\([^()\n]{1,80}\)")
_ASIDE = re.compile(r",[^,;.\n]{1,80},")  # "HTX A (xã B), đơn vị của huyện C, được hỗ trợ …"
_MONEY = r"(?:hơn\s|gần\s|trên\s)?\d[\d.,]*\s?(?:tỷ|tỉ|triệu|nghìn)"
_SUM = re.compile(rf"(?:\s?\([^()\n]{{1,80}}\))?:?\s(?:với\s)?{_MONEY}", re.IGNORECASE)
_RECEIVED = re.compile(
    rf"(?:\s?\([^()\n]{{1,80}}\))?(?:\s(?:ở|tại|thôn|bản|xã)\s[^,.;\n]{{1,40}}?)?,?\s(?:thì\s|đã\s|vừa\s|còn\s)?"
    rf"(?:được(?:\svay|\shỗ trợ)?|nhận(?:\sđược)?|vay)\s{_MONEY}",
    re.IGNORECASE,
)
_FUNDED = re.compile(rf"(?:hỗ trợ|trợ giúp)\s(?:[^.;\d]{{1,20}}\s)?{_MONEY}", re.IGNORECASE)
# "… mở hộ kinh doanh X. Năm 2023, cơ sở này được hỗ trợ …", "HTX A bán rau … HTX được xã chọn làm điểm …"
_TAKEN_UP = re.compile(
    r"[^.\n]{0,110}\.\s(?:[^.\n]{5,110}\.\s)?(?:[^,.\n]{1,30},\s)?"
    r"(?:cơ sở|HTX|hợp tác xã|doanh nghiệp|công ty|đơn vị)\s(?:này\s|trên\s)?(?:đã\s|vừa\s)?(?:được|nhận)\s"
    r"(?:[^\s\d]+\s){0,12}?(?:hỗ trợ|giúp|tặng|vay|làm điểm)",
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
    for m in _HEAD.finditer(lowered(text)):
        if m.start() < reached or text[m.start() - 1 : m.start()].isalnum():
            continue
        kind = name_heads()[m["head"]]
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
        if word[0].isdigit() and not _NUMBERED.match(text, token.end() - len(word)):
            break
        if _CAPITAL.match(word):
            last, lower = token.end(), 0
            if word.endswith(".") and len(word) > 3:  # the full stop of the sentence
                last -= 1
                break
        elif (word.lower() in _INSIDE and lower < 4) if last else (word.lower() not in _BREAKS):
            lower += 1
        else:
            break
        position = token.end()
    if (
        last is None
        or text[head.start() : last].isupper()
        or (text[head.start() : head.end()].islower() and not _proper(text[head.end() : last]))
    ):
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
    sentence = layout.sentence_at(start)
    left, right = layout.sentences[sentence]
    close = text[max(left, start - _WINDOW) : start]
    before = words(close)[-8:]
    if before and before[-1] == ":":
        before.pop()
    after = text[end : min(right, end + _WINDOW)]
    personal = kind in _PERSONAL
    if _ROLE.match(after):
        return None
    if _owns(text[left:start], text[end:right], _OWNER.at_end(before)):
        return "beneficiary.named.owner"
    if _VETO_BEFORE.at_end(before):
        return None
    if _receives(after) or (personal and _GOT.search(close)):
        return "beneficiary.named.receives"
    if (_PERSON_GIVEN if personal else _STRONG).at_end(before):
        return "beneficiary.named.given"
    if personal or _VETO_AFTER.at_start(_verbs(after), 1):
        return None
    if _TAKEN_UP.match(text, end, min(len(text), end + 400)):
        return "beneficiary.named.taken_up"
    soft = _BEFORE.at_end(before)
    if (soft or _SUM.match(after)) and _supported(layout, sentence, bool(soft)):
        return "beneficiary.named.given" if soft else "beneficiary.named.sum"
    listed = last is not None and last.kind not in _PERSONAL and _LIST.search(close)
    return "beneficiary.named.list" if last and listed and _same_list(text[last.end : start]) else None


def _verbs(after: str) -> list[str]:
    """The words behind a name and its bracket."""
    m = _BRACKETED.match(after)
    return words(after[m.end() if m else 0 :])


def _receives(after: str) -> bool:
    """Whether what follows the name says that it gets something: "được hỗ trợ", "được Trung tâm X hỗ trợ"."""
    if _RECEIVED.match(after):
        return True
    m = _BRACKETED.match(after)
    rest = after[m.end() if m else 0 :]
    aside = _ASIDE.match(rest)
    for verbs in [words(rest)] + ([words(rest[aside.end() :])] if aside else []):
        if verbs[:1] in (["chưa"], ["không"]) or _LICENSED.at_start(verbs, 2):
            continue
        if _AFTER.at_start(verbs, 1) or (_AGENT.at_start(verbs, 1) and _AGENT_VERBS.at_start(verbs, 10)):
            return True
    return False


def _owns(before: str, after: str, cue: str | None) -> bool:
    """Whether the name is the owner of an undertaking that the item says is supported."""
    if cue is None:
        return False
    item, rest = before.rpartition(";")[2], after.partition(";")[0]
    if not _OWNER_KINDS.inside(words(item)[-40:]):
        return False
    behind = words(rest[:_WINDOW])
    return bool((cue == "của" or _OWNER_VERBS.at_start(behind, 8)) and _FUNDED.search(rest))


def _supported(layout: Layout, sentence: int, alone: bool) -> bool:
    """Whether the sentence speaks of support; a sum behind the name may rely on the sentence before, too."""
    first = sentence
    if not alone and sentence and layout.sentence_paragraph[sentence - 1] == layout.sentence_paragraph[sentence]:
        first -= 1
    span = layout.text[layout.sentences[first][0] : layout.sentences[sentence][1]]
    return bool(_SUPPORT.inside(words(span)))


def _same_list(between: str) -> bool:
    """Whether only brackets, sums and a separator stand between two items of a list."""
    bare = _BRACKET.sub("", between)
    return len(bare) < 90 and not _STOP.search(bare)
