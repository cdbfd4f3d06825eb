"""Constructions in which not the words nearest to a sum say what it is, but those that they hang on."""

from itertools import pairwise

from rules.money.clauses import Clause
from rules.money.cues import Cue, Rule, words_of

UNDERTAKINGS = frozenset(
    {
        ("đề", "án"),
        ("dự", "án"),
        ("mô", "hình"),
        ("công", "trình"),
        ("gói", "thầu"),
        ("đề", "tài"),
        ("nhà", "máy"),
        ("tuyến", "đường"),
    }
)
THING = Rule("support.thing", "support", "strong")
PIECE = Rule("price.partly_paid", "price", "strong")
BORNE = Rule("support.borne", "support", "strong")
OWN = Rule("own.paid", "own", "weak")
WHOLE = Rule("total.worth", "total", "weak")
_WORTH = frozenset({"total.worth", "price.piece"})
_GRANTS = frozenset({"support", "loan"})
_WHOLLY = frozenset({"trọn", "toàn", "hết"})
_MANNER_REACH = 45  # words between "hỗ trợ" and its "với tổng kinh phí"
_PHASE_REACH = 12
_SPLIT_REACH = 16
_SUBSET_REACH = 10
_DONORS = frozenset({("công", "ty"), ("tập", "đoàn"), ("ngân", "hàng"), ("tổng", "công")})
_GIFTS = frozenset({("hỗ", "trợ"), ("trao", "tặng"), ("ủng", "hộ"), ("tài", "trợ")})
_NO_GIFT = frozenset({"được", "dân", "hộ", "htx", "khuyến"})
_SPLITS = frozenset({"hỗ", "đối", "góp", "vay", "cấp", "cho", "chịu", "lo", "chi"})


def head_of(clause: Clause, at: int, cue: Cue, cues: dict[int, Cue], visible: dict[int, float]) -> Cue | None:
    """The cue that governs the sum at word ``at`` through ``cue``, None where ``cue`` governs it itself."""
    if cue.rule.id in _WORTH:
        return _worth(clause, at, cue)
    if cue.rule.role == "total":
        return _payer(clause, cue, cues) or _manner(clause, at, cue, cues, visible)
    return None


def _payer(clause: Clause, cue: Cue, cues: dict[int, Cue]) -> Cue | None:
    """Who spends: "ngân sách trung ương đầu tư 650 tỷ đồng", "nông dân đầu tư 5 tỷ đồng"."""
    if clause.words[cue.first : cue.last + 1] != ["đầu", "tư"]:
        return None
    before = cues.get(cue.first - 1)
    if before is not None and before.rule.role == "part":
        return before
    receivers = words_of("receivers")
    spends = tuple(clause.words[max(0, cue.first - 2) : cue.first]) in receivers.pairs
    return Cue(cue.first, cue.last, OWN) if spends or clause.words[cue.first - 1] in receivers.single else None


def bears(clause: Clause, verb: int) -> bool:
    """Whether a verb of bearing a part of a cost stands at word ``verb`` (not "lo trọn")."""
    bearing = words_of("bearing")
    words = clause.words[verb : verb + 2]
    if not _WHOLLY.isdisjoint(clause.words[verb : verb + 4]):
        return False
    return bool(words) and (words[0] in bearing.single or tuple(words) in bearing.pairs)


def _manner(clause: Clause, at: int, cue: Cue, cues: dict[int, Cue], visible: dict[int, float]) -> Cue | None:
    """The grant that the cost belongs to: "hỗ trợ xây nhà cho 390 hộ, với kinh phí 5 tỷ đồng".

    Not where an undertaking stands between, or where the sum is divided into the grant and the rest.
    """
    if "với" not in clause.words[cue.first - 1 : cue.first + 1] or is_split(clause, at):
        return None
    for last in range(cue.first - 1, max(cue.first - _MANNER_REACH, -1), -1):
        if last not in visible:
            return None
        if tuple(clause.words[last - 1 : last + 1]) in UNDERTAKINGS:
            return None
        found = cues.get(last)
        if found is not None and found.rule.strength == "strong" and found.rule.role != "none":
            return found if found.rule.role in _GRANTS else None
    return None


def _worth(clause: Clause, at: int, cue: Cue) -> Cue | None:
    """A thing with its value: a gift where somebody is given it whole, a price where it is paid in part."""
    words = clause.words
    start = max(0, cue.first - _MANNER_REACH)
    piece = _is_piece(words[max(0, cue.first - 8) : cue.last + 1])
    if piece and is_split(clause, at):
        return Cue(cue.first, cue.last, PIECE)
    giving = words_of("giving")
    for i in range(cue.last, start - 1, -1):
        if tuple(words[i - 1 : i + 1]) in UNDERTAKINGS:
            return Cue(cue.first, cue.last, WHOLE) if words[cue.first - 1] == "," else None
        if words[i] == ";":
            return None
        if words[i] in giving.single or tuple(words[i : i + 2]) in giving.pairs:
            return Cue(i, i, THING)
    return None


def _is_piece(words: list[str]) -> bool:
    """Whether the words speak of one thing of many: "mỗi căn", "một con"."""
    return not {"mỗi", "một", "con"}.isdisjoint(words)


def is_split(clause: Clause, at: int) -> bool:
    """Whether the words behind the sum divide it among those who pay ("trong đó Nhà nước hỗ trợ …")."""
    behind = clause.words[at + 1 : at + 1 + _SPLIT_REACH]
    for i in range(min(len(behind) - 1, 6)):
        if (behind[i], behind[i + 1]) == ("trong", "đó"):
            return not _SPLITS.isdisjoint(behind[i:])
    return False


def reaches_people(clause: Clause, at: int) -> bool:
    """Whether the sum at word ``at`` goes to receivers: "cho 12 chủ thể"."""
    words, receivers = clause.words[at + 1 : at + 8], words_of("receivers")
    if words[:1] != ["cho"]:
        return False
    return any(w in receivers.single or tuple(words[i : i + 2]) in receivers.pairs for i, w in enumerate(words))


def names_receiver(clause: Clause, at: int) -> bool:
    """Whether receivers stand right before the sum: "Nhà nước 528 triệu đồng, hộ nuôi 792 triệu đồng"."""
    words, receivers = clause.words[max(0, at - 2) : at], words_of("receivers")
    return "mỗi" not in words and (tuple(words) in receivers.pairs or not receivers.single.isdisjoint(words))


def is_phase(clause: Clause, at: int) -> bool:
    """Whether the sum is told for a phase: "giai đoạn một từ năm 2017 đến 2020 hơn 74 tỷ đồng"."""
    for i in range(at - 1, max(at - _PHASE_REACH, 0), -1):
        if clause.words[i] in ("", ";"):
            return False
        if clause.words[i - 1 : i + 1] == ["giai", "đoạn"] and clause.bracket[i] == clause.bracket[at]:
            return True
    return False


def is_phase_of(clause: Clause, at: int) -> bool:
    """Whether the sentence is about a phase of what was told: "Giai đoạn 1 của dự án (tổng vốn hơn 21 triệu USD)"."""
    words = clause.words[: min(at, 8)]
    return words[:2] == ["giai", "đoạn"] and words[3:4] == ["của"] and tuple(words[4:6]) in UNDERTAKINGS


def is_subset(clause: Clause, first: int) -> bool:
    """Whether the cost at word ``first`` is that of a share of a counted group: "trong đó, dự án của huyện chiếm hơn
    nửa với tổng mức đầu tư 900 tỷ đồng"."""
    return "chiếm" in clause.words[max(0, first - _SUBSET_REACH) : first]


def donates(clause: Clause, first: int) -> bool:
    """Whether "đóng góp" at word ``first`` is one more gift of a firm: "công ty đã hỗ trợ …, trao học bổng,
    đóng góp 650 triệu đồng"."""
    words = clause.words[:first]
    donors = [i for i, pair in enumerate(pairwise(words)) if pair in _DONORS]
    if not donors or clause.words[first] != "đóng":
        return False
    behind = words[donors[-1] :]
    others = {word for before, word in pairwise(behind) if (before, word) not in _GIFTS}
    return any(pair in _GIFTS for pair in pairwise(behind)) and _NO_GIFT.isdisjoint(others)


def is_per_head(clause: Clause, at: int) -> bool:
    """Whether each person or household has the sum once, not every month: "/người", not "/người/tháng"."""
    return clause.words[at + 1 : at + 2] == ["/"] and clause.words[at + 3 : at + 4] != ["/"]


def names_undertaking(clause: Clause, start: int, stop: int) -> bool:
    """Whether words [start, stop) speak of an undertaking."""
    words = clause.words
    return any((words[i], words[i + 1]) in UNDERTAKINGS for i in range(max(start, 0), stop - 1))
