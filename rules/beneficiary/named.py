"""Named receivers: a firm, cooperative, business household, school or person, where its name ends, and evidence."""

import re
from collections.abc import Sequence

from rules.beneficiary.mention import Beneficiary
from rules.beneficiary.names import PERSONAL, bare_name, names
from rules.beneficiary.phrases import Phrases, words
from rules.beneficiary.words import UPPER, WORDS
from rules.language.alternation import alternation
from rules.layout import Layout

_SMALL = frozenset({"cooperative", "household_business", "establishment"})

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
_ROLE = re.compile(rf"\s?[,\-–(]\s?(?:{alternation(WORDS['name']['roles'])})(?!\w)", re.IGNORECASE)
_WORKER = re.compile(r",\s(?:là\s)?(?:công nhân|lao động)(?!\w)", re.IGNORECASE)

_BRACKETED = re.compile(r"\s?\([^()\n]{1,80}\)")
_COMPANY = re.compile(
    r"\s(?:cùng|và)\s(?:\d+|hai|ba|bốn|năm)\s(?:[^\s,.;]+\s?){1,5}?(?=\sđược)"
)  # "bà Hòe cùng 40 chị em được …"
_ASIDE = re.compile(r",[^,;.\n]{1,60}(?=,)")  # "HTX A (xã B), đơn vị của huyện C, được hỗ trợ …"
_MONEY = r"(?:hơn\s|gần\s|trên\s)?\d[\d.,]*\s?(?:tỷ|tỉ|triệu|nghìn)"
_SUM = re.compile(
    rf"(?:\s?\([^()\n]{{1,80}}\))?(?:\s(?:ở|tại)\s[^,.;()\n]{{1,40}})?(?:(?:,|:)?\s(?:với\s)?|\s\(|\s[-–]\s){_MONEY}",
    re.IGNORECASE,
)
_CHAIN = r"(?:,\s(?:thôn|bản|ấp|xã|phường|thị trấn|huyện)\s[^,.;\n]{1,30}?){0,2}"
_RECEIVED = re.compile(
    rf"(?:\s?\([^()\n]{{1,80}}\))?(?:\s(?:ở|tại|thôn|bản|xã)\s[^,.;\n]{{1,40}}?{_CHAIN})?,?\s"
    rf"(?:thì\s|đã\s|vừa\s|còn\s)?"
    rf"(?:được(?:\svay|\shỗ trợ)?|nhận(?:\sđược)?|vay)\s{_MONEY}",
    re.IGNORECASE,
)
_STATE = r"(?:nhà nước|khuyến công|ngân sách|tỉnh|huyện|trung ương|chương trình|quỹ|trung tâm|vốn ocop)"
_STATE_FUNDED = re.compile(
    rf"(?<!\w){_STATE}(?:\s[^\s,.;]+){{0,4}}?\s(?:(?:hỗ trợ|đỡ|gánh|cho|lo|góp|chi|cấp)\s)?"
    rf"(?:[^.;\d]{{1,20}}\s)?{_MONEY}",
    re.IGNORECASE,
)
_FUNDED = re.compile(rf"(?:hỗ trợ|trợ giúp)\s(?:[^.;\d]{{1,20}}\s)?{_MONEY}", re.IGNORECASE)
_AT = r"(?:\s?\([^()\n]{1,60}\))?(?:,?\s(?:ở|tại|thôn|bản|xã|ấp)\s[^,.;()\n]{1,50}?)?"
_ONE_OF = re.compile(rf"{_AT},\s(?:là\s)?một trong\s(?:số\s|những\s|các\s)?(?:\d|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)")
# "Anh Tình ở xã Bình Chuẩn nhận bò từ đợt đầu"
_GIVEN_THING = re.compile(
    rf"{_AT}[^.;:\n]{{0,150}}?(?<!\w)(?:được nhận|nhận được|nhận)\s(?:(?:con|một|tấm|thêm|chiếc|hai|\d+)\s){{0,2}}"
    r"(?:bò|trâu|dê|lợn|heo|gà|quà|nhà|máy|giống|vốn|tiền|học bổng|xe đạp|hỗ trợ|giấy chứng nhận)(?!\w)",
    re.IGNORECASE,
)
# "Ông Hặc cho biết gia đình ông được vay 50 triệu đồng", "Chị Lan chia sẻ từ vốn vay 20 triệu đồng, gia đình chị …"
_OWN_HOUSE = re.compile(
    r"[^.;\n]{0,120}?(?<!\w)(?:gia đình|nhà)\s(?P<title>anh|chị|ông|bà|cô|em)\s(?:cũng\s|đã\s|vừa\s)?"
    r"(?:được\s(?:hỗ trợ|vay|nhận|tặng|cấp|giúp)|nhận)(?!\w)",
    re.IGNORECASE,
)
_OWN_LOAN = re.compile(
    rf"[^.;\n]{{0,120}}?(?<!\w)(?:vốn vay|tiền hỗ trợ|vốn hỗ trợ)(?:\s[^\s,.;\d]+){{0,3}}\s{_MONEY}(?:\sđồng)?,\s"
    r"(?:gia đình|nhà)\s(?P<title>anh|chị|ông|bà|cô|em)(?!\w)",
    re.IGNORECASE,
)
# "… 19 hộ được vay vốn. Bà Mận, ấp Giồng, là một trong số ấy"
_ONE_OF_THEM = re.compile(rf"{_AT},?\s(?:cũng\s)?là một trong số\s(?:ấy|đó|này|họ)(?!\w)", re.IGNORECASE)
_WERE_GIVEN = re.compile(r"được (?:vay|hỗ trợ|nhận|tặng|giúp|cấp|trao)(?!\w)", re.IGNORECASE)
# "Chị Mai ở xã A được xét làm nhà. Ngoài 50 triệu đồng được hỗ trợ, chị vay thêm …"
_OWN_GRANT = re.compile(
    rf"[^.\n]{{0,110}}\.\s(?:Ngoài|Với|Nhờ)\s(?:số tiền\s)?{_MONEY}(?:\sđồng)?\s(?:được\s)?(?:hỗ trợ|tặng|vay)"
    r"[^.,\n]{0,40},\s(?:gia đình\s)?(?P<title>anh|chị|ông|bà|cô|em)(?!\w)"
)
# "… cho Công ty A (300 triệu đồng) và Hỗ trợ máy sấy cho HTX B": what follows is the next item of a list
_NEXT_ITEM = re.compile(rf"(?:\s?\([^()\n]{{1,80}}\))?(?:,|\svà)\s[{UPPER}]")
_OTHERS = re.compile(
    r"(?<!\w)(?:xã|huyện|tỉnh|công ty|doanh nghiệp|dự án|đơn vị|các|nhiều|bà con|người dân|chưa|không)(?!\w)",
    re.IGNORECASE,
)
# "HTX A, xã B, huyện C là một trong ba cơ sở được hỗ trợ"
_ONE_SUPPORTED = re.compile(
    r"(?:\s?\([^()\n]{1,60}\))?(?:,\s[^,.;()\n]{1,50}){0,3},?\s(?:là\s)?một trong\s(?:số\s|những\s|các\s)?[^.;,]{1,60}?"
    r"\s(?:được\s(?:hỗ trợ|thụ hưởng|hưởng|nhận|vay)|thụ hưởng)(?!\w)",
    re.IGNORECASE,
)
# "đề án “Hỗ trợ máy ép nhựa” tại Công ty A": the firm where it is carried out has the machine
_HOSTS = re.compile(
    r"(?<!\w)đề án\s(?:nhóm\s|điểm\s)?[\"“”]?(?:hỗ trợ|ứng dụng|xây dựng mô hình)\s"
    r"[^.;]{5,140}?[\"“”]?,?\s(?:tại|ở)\s\Z",
    re.IGNORECASE,
)
_FIRMS = frozenset({"enterprise", "cooperative", "household_business", "establishment"})
# "HTX A ở xã B thì làm hẳn mô hình trồng trà, tổng vốn 1,46 tỷ đồng"
_MAKES = re.compile(
    rf"{_AT}\s(?:(?:thì|đã|cũng|đang)\s)?(?:làm|thực hiện|triển khai|xây dựng|nhận)(?:\s[^\s,.;]+){{0,3}}?"
    r"\s(?:mô hình|đề án|dự án)[^.;]{0,120}?\d\s?(?:tỷ|tỉ|triệu)",
    re.IGNORECASE,
)
# "HTX Mỳ Thủ Dương (xã Nam Dương): đề án máy sấy; tổng 1,4 tỷ đồng, hỗ trợ 450 triệu đồng"
_OWN_WORK = re.compile(
    rf"(?:\s?\([^()\n]{{1,80}}\))?\s?:\s(?:đề án|mô hình|dự án)[^.\n]{{1,160}}?hỗ trợ\s{_MONEY}", re.IGNORECASE
)
_THEME = re.compile(r"\W*(?:(?:còn\s)?với|riêng|còn|đối với)?\s?\Z", re.IGNORECASE)
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
# "Trường Tiểu học A vừa được khánh thành, do tập đoàn B tài trợ": a school as a building receives nothing
_IS_BUILT = re.compile(
    r"[^.;,]{0,30}?\sđược\s"
    r"(?:khánh thành|khởi công|xây|đầu tư|nâng cấp|cải tạo|sửa chữa|bàn giao|đưa vào|mở rộng)(?!\w)",
    re.IGNORECASE,
)
_LIST = re.compile(r"(?:[,;]|(?:\A|\s)và|\scùng)\s\Z")
_BRACKET, _STOP = re.compile(r"\([^()\n]{0,120}\)"), re.compile(r"[.!?]\s")

_BEFORE_THEM = 200  # code points before a person in which the group is told
_WINDOW = 110  # code points left and right in which evidence is looked for


def find(layout: Layout, counted: Sequence[Beneficiary] = ()) -> list[Beneficiary]:
    """Named receivers of ``layout``, in text order, each name once, at its first mention with evidence.

    ``counted`` are the counted receivers found before: a name may be listed with them ("cho 2 cơ sở và HTX A").
    """
    text = layout.text
    seen: set[str] = set()
    found: list[Beneficiary] = []
    last: Beneficiary | None = None
    for start, end, kind in names(text):
        near = next((c for c in reversed(counted) if c.end <= start), None)
        if near is not None and (last is None or near.start > last.start):
            last = near
        rule = _evidence(layout, start, end, kind, last)
        if rule is None:
            continue
        if kind == "person" and _WORKER.match(text, end):
            kind = "worker"
        name = bare_name(text[start:end])
        last = Beneficiary(start, end, text[start:end], kind, 1, name, rule)
        if name.lower() not in seen:
            seen.add(name.lower())
            found.append(last)
    return found


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
    personal = kind in PERSONAL
    if _ROLE.match(after):
        return None
    if _owns(text[left:start], text[end:right], _OWNER.at_end(before), kind):
        return "beneficiary.named.owner"
    theme = _THEME.fullmatch(text, left, start)
    if theme and not personal and _STATE_FUNDED.search(text, end, right) and not _VETO_AFTER.at_start(_verbs(after), 1):
        return "beneficiary.named.theme"
    if theme and _OWN_WORK.match(text, end, right):
        return "beneficiary.named.theme"
    if _VETO_BEFORE.at_end(before):
        return None
    if kind in _FIRMS and (_HOSTS.search(text, left, start) or _ONE_SUPPORTED.match(text, end, right)):
        return "beneficiary.named.host"
    if kind == "school" and _IS_BUILT.match(text, end, right):
        return None
    if _receives(after) or (personal and (_GOT.search(close) or _personally(text, start, end, right))):
        return "beneficiary.named.receives"
    if (_PERSON_GIVEN if personal else _STRONG).at_end(before):
        return "beneficiary.named.given"
    if kind == "person" or (_VETO_AFTER.at_start(_verbs(after), 1) and not _NEXT_ITEM.match(after)):
        return None
    if _TAKEN_UP.match(text, end, min(len(text), end + 400)):
        return "beneficiary.named.taken_up"
    if kind in _SMALL and _MAKES.match(text, end, right):
        return "beneficiary.named.maker"
    soft = _BEFORE.at_end(before) and not personal
    if (soft or _SUM.match(after)) and _supported(layout, sentence, bool(soft)):
        return "beneficiary.named.given" if soft else "beneficiary.named.sum"
    listed = last is not None and last.kind not in PERSONAL and not personal and _LIST.search(close)
    return "beneficiary.named.list" if last and listed and _same_list(text[last.end : start]) else None


def _personally(text: str, start: int, end: int, right: int) -> bool:
    """Whether the person behind whose name we stand gets a thing, or is "một trong 86 hộ nghèo"."""
    if _ONE_OF.match(text, end, right):
        return True
    if _ONE_OF_THEM.match(text, end, right) and _WERE_GIVEN.search(text, max(0, start - _BEFORE_THEM), start):
        return True
    own = _OWN_HOUSE.match(text, end, right) or _OWN_LOAN.match(text, end, right) or _OWN_GRANT.match(text, end)
    if own and text[start:end].lower().startswith(own["title"].lower() + " "):
        return True
    m = _GIVEN_THING.match(text, end, right)
    return m is not None and not _OTHERS.search(text, end + 12, m.end())


def _verbs(after: str) -> list[str]:
    """The words behind a name and its bracket."""
    m = _BRACKETED.match(after)
    return words(after[m.end() if m else 0 :])


def _receives(after: str) -> bool:
    """Whether what follows the name says that it gets something: "được hỗ trợ", "được Trung tâm X hỗ trợ"."""
    if _RECEIVED.match(after):
        return True
    m = _BRACKETED.match(after) or _COMPANY.match(after)
    rest = after[m.end() if m else 0 :]
    starts = [0]
    while len(starts) <= 3 and (aside := _ASIDE.match(rest, starts[-1])):
        starts.append(aside.end())
    for start in starts:
        verbs = words(rest[start:].removeprefix(",") if start else rest)
        if verbs[:1] in (["chưa"], ["không"], ["khi"], ["sau"], ["nếu"]) or _LICENSED.at_start(verbs, 2):
            continue
        if start and _RECEIVED.match(rest, start):
            return True
        if _AFTER.at_start(verbs, 1) or (_AGENT.at_start(verbs, 1) and _AGENT_VERBS.at_start(verbs, 14)):
            return True
    return False


def _owns(before: str, after: str, cue: str | None, kind: str) -> bool:
    """Whether the name is the owner of an undertaking that the item says is supported."""
    if cue is None:
        return False
    rest = after.partition(";")[0]
    if not _OWNER_KINDS.inside(words(before[-2 * _WINDOW :])):
        return False
    behind = _verbs(rest[: 2 * _WINDOW])
    acts = _OWNER_VERBS.at_start(behind, 8)
    if kind == "school" and acts == "chủ trì":
        return False  # it does the research
    if cue == "do" and acts and kind in _SMALL:
        return True
    return bool(
        (cue == "của" and _FUNDED.search(rest)) or (acts and (_FUNDED.search(rest) or _STATE_FUNDED.search(rest)))
    )


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
