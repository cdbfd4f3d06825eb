"""Which mentions name the same undertaking."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from rules.layout import Layout
from rules.project.attributes import own_programme
from rules.project.lexicon import pattern, words
from rules.project.mention import Candidate
from rules.project.owners import two_owners

_ROAD = pattern(r"{road} (?={roads})", re.I)  # said or left out: "[đường] cao tốc Bắc - Nam"
_NEAR = 8  # mentions back of one kind among which the one is that a later one points to
_MEMORY = 200  # undertakings back; a report names one again soon, a long list must not cost its square
_TOKEN = re.compile(r"\w+")
# Words that come and go between the mentions of one name ("bệnh viện [tỉnh] Nam Định", "[xây dựng] cầu …").
_FILLER = frozenset(words("works", "filler"))


@dataclass(frozen=True, slots=True)
class Key:
    """The words of a name that tell it from others: lower case, in order, without the filler."""

    words: tuple[str, ...]
    proper: frozenset[str]  # those of them that have a capital inside the name
    name_only: bool = False  # all of them have a capital
    programme: str | None = None  # named in the mention
    rest: bool = False  # "27 đề án còn lại" are never those counted before


def key(text: str, candidate: Candidate) -> Key:
    """The key of a mention's name; no words where it has none."""
    tokens = _TOKEN.findall(_ROAD.sub("", text[slice(*candidate.name)])) if candidate.name else []
    lower = [t.lower() for t in tokens]
    kept = tuple(t for t in lower if t not in _FILLER)
    rest = text.startswith("còn lại", candidate.end + 1) or text.endswith("còn lại", 0, candidate.end)
    proper = frozenset(t.lower() for t in tokens[1:] if t[0].isupper())
    name_only = bool(tokens) and all(t[0].isupper() for t in tokens)
    return Key(kept or tuple(lower), proper, name_only, own_programme(text, candidate), rest)


def same(a: Candidate, ka: Key, b: Candidate, kb: Key) -> bool:
    """Whether two mentions with the keys ``ka`` and ``kb`` name one undertaking."""
    if (a.count or 1) != (b.count or 1) or (a.count is None) != (b.count is None):
        return False
    if a.count is not None:
        return a.kind == b.kind and _same_group(ka, kb)
    if not ka.words or not kb.words or (a.kind == "goi_thau") != (b.kind == "goi_thau"):
        return False  # a contract is no undertaking of which it is a part
    return not _leads_to(ka, kb) and _same_name(a, ka, b, kb)


def _same_name(a: Candidate, ka: Key, b: Candidate, kb: Key) -> bool:
    if ka.words == kb.words or _within(ka, kb) or (a.kind == "chuong_trinh" and _by_number(a, ka, b, kb)):
        return True
    if "quoted" in (a.form, b.form):
        return False
    return _reworded(ka, kb) or ({a.kind, b.kind} <= _BUILT and _part_of_title(ka, kb))


def _same_group(ka: Key, kb: Key) -> bool:
    """Whether two counts of one kind and number count the same."""
    if ka.programme and kb.programme and ka.programme != kb.programme:
        return False
    if ka.words and kb.words:
        return _within(ka, kb)
    # "thông tin tuyên truyền: 2 đề án" are not "2 đề án khuyến công quốc gia"
    bare = kb if ka.words else ka
    if ka.words != kb.words and bare.programme is not None and ka.programme != kb.programme:
        return False
    return not (ka.rest or kb.rest)


def _leads_to(ka: Key, kb: Key) -> bool:
    """Whether the longer name only says where it lies by the shorter one: "đường vào trường Sa Loong"."""
    short, long = sorted((ka.words, kb.words), key=len)
    rest = len(long) - len(short)
    return rest > 0 and long[rest:] == short and long[rest - 1] in _WAYS


def _by_number(a: Candidate, ka: Key, b: Candidate, kb: Key) -> bool:
    """Whether one mention calls by its number the programme that the other calls by its name ("Chương trình 1719")."""
    if a.kind != b.kind or ka.programme is None or ka.programme != kb.programme:
        return False
    return any(len(k.words) == 1 and k.words[0].isdigit() for k in (ka, kb))


_BUILT = frozenset({"du_an", "cong_trinh"})
_WAYS = frozenset(words("works", "ways"))


def _part_of_title(ka: Key, kb: Key) -> bool:
    """Whether the shorter name picks words of the longer one, in any order, and both end with the same proper name:
    "quảng trường và tượng đài Lê Chân" of "tu bổ đền thờ, tượng đài và quảng trường Lê Chân"."""
    short, long = sorted((ka, kb), key=lambda k: len(k.words))
    ending = short.words[-2:]
    if len(short.words) < 4 or len(short.words) == len(long.words) or any(t.isdigit() for t in short.words):
        return False
    rest = len(long.words) - len(short.words)
    if long.words[rest:] == short.words and (rest < 4 or long.words[rest - 1] in _WAYS):
        return False  # "đường vào khu đô thị A" is not the khu đô thị
    proper = short.proper & long.proper
    return ending == long.words[-2:] and proper.issuperset(ending) and set(short.words) <= set(long.words)


def _within(ka: Key, kb: Key) -> bool:
    """Whether the shorter name opens the longer one with its words in the same order (one with a number: without
    gaps), or, being a mere description of four words or more, closes it."""
    a, b = sorted((ka, kb), key=lambda k: len(k.words))
    short, long = a.words, b.words
    if len(short) < 2:
        return short == long
    if short[0] != long[0]:
        closes = long[-len(short) :] == short
        if a.name_only:  # "Phú Gia Compound" closes "khu đô thị cao cấp Phú Gia Compound"
            return closes and len(long) - len(short) <= 5
        return closes and not a.proper and len(short) >= 4
    if any(t.isdigit() for t in short):
        return long[: len(short)] == short
    rest = iter(long)
    return all(t in rest for t in short)


def _reworded(ka: Key, kb: Key) -> bool:
    """Whether two long names differ in one inner word only ("bảo tồn loài / đàn voọc chà vá chân xám"), not in a
    number or a proper name."""
    short, long = sorted((ka.words, kb.words), key=len)
    if len(short) < 5 or short[0] != long[0] or short[-1] != long[-1] or len(long) - len(short) > 1:
        return False
    changed = {*short} ^ {*long}
    return len(changed) <= 3 and all(w.isalpha() for w in changed) and not changed & (ka.proper | kb.proper)


class _Index:
    """The groups that a mention may belong to, by the words of their names: of two names that may be one, the last word
    of the shorter stands in the longer. Looking up costs the same however long the report is."""

    def __init__(self) -> None:
        self._with: dict[str, list[int]] = {}  # a word, or what tells a count -> the groups that have it
        self._ending: dict[str, list[int]] = {}  # last word -> groups

    def add(self, group: int, c: Candidate, k: Key) -> None:
        for word in {*k.words, *_signs(c, k)}:
            self._with.setdefault(word, []).append(group)
        if k.words:
            self._ending.setdefault(k.words[-1], []).append(group)

    def near(self, c: Candidate, k: Key, floor: int) -> list[int]:
        """Ascending numbers of the groups from ``floor`` on that ``c`` may belong to."""
        lists = [self._with.get(sign, []) for sign in _signs(c, k)]
        if k.words:
            lists += [self._with.get(k.words[-1], []), *(self._ending.get(word, []) for word in {*k.words})]
        return sorted({group for found in lists for group in found[-_MEMORY:] if group >= floor})


def _signs(c: Candidate, k: Key) -> list[str]:
    """What else may tell that two mentions are one: a count of a kind, a programme."""
    signs = [f"{c.count} {c.kind}"] if c.count is not None else []
    return [*signs, f"programme {k.programme}"] if k.programme else signs


def cluster(layout: Layout, candidates: list[Candidate]) -> list[list[Candidate]]:
    """Groups of mentions of one undertaking each, by first mention; each mention that points back ("dự án này")
    is with the nearest single undertaking of its kind named before it, or with the only one of the document."""
    text = layout.text
    groups: list[list[Candidate]] = []
    fullest: list[tuple[Candidate, Key]] = []
    home_of: dict[Candidate, int] = {}
    index = _Index()
    for c in candidates:
        if c.form == "back":
            continue
        k = key(text, c)
        previous = groups[-1][-1] if groups else None
        if (
            previous and text[previous.end : c.start].strip() == "(" and c.kind != "goi_thau"
        ):  # a second name: "Đề án … (Đề án 922)"
            home = len(groups) - 1
        else:
            near = index.near(c, k, len(groups) - _MEMORY)
            alike = (i for i in near if same(c, k, *fullest[i]) and not _told_apart(layout, c, k, *fullest[i]))
            home = next(alike, len(groups))
            if home == len(groups) and c.cue == "this" and (meant := _taken_up(k, fullest)) is not None:
                home = meant  # "dự án lắp đèn này"
        if home == len(groups):
            groups.append([])
            fullest.append((c, k))
            index.add(home, c, k)
        elif len(k.words) > len(fullest[home][1].words):
            fullest[home] = (c, k)
            index.add(home, c, k)
        groups[home].append(c)
        home_of[c] = home
    named = [c for c in candidates if c in home_of and not c.loose]
    pointing = Antecedents(text, named)
    for c in candidates:
        if c.form == "back" and (owner := pointing.of(c)):
            groups[home_of[owner]].append(c)
    return groups


def _taken_up(k: Key, fullest: list[tuple[Candidate, Key]]) -> int | None:
    """The last single undertaking told whose name has all words of ``k``."""
    lowest = max(-1, len(fullest) - 1 - _MEMORY)
    found = (i for i in range(len(fullest) - 1, lowest, -1) if fullest[i][0].count is None)
    return next((i for i in found if set(k.words) <= set(fullest[i][1].words)), None)


def _told_apart(layout: Layout, a: Candidate, ka: Key, b: Candidate, kb: Key) -> bool:
    """Whether two counts stand in one sentence ("2 đề án về chè, 2 đề án về gỗ" are four), or one title is told of two
    receivers."""
    if a.count is not None:
        return layout.sentence_at(a.start) == layout.sentence_at(b.start)
    return ka.words == kb.words and two_owners(layout.text, a, b)


# Before a name that only says where another undertaking lies: "(kết nối dự án cao tốc A - B)".
_BESIDE = pattern(r"{beside}(?:\s{beside_links})?\s+\Z", re.I)

# Which kinds a mention that points back may stand for: "công trình này" for a dự án.
_STANDS_FOR = {"cong_trinh": ("cong_trinh", "du_an"), "du_an": ("du_an", "de_an", "cong_trinh")}


class Antecedents:
    """Which of the mentions ``named``, in text order, one points back to."""

    def __init__(self, text: str, named: Sequence[Candidate]) -> None:
        self._text = text
        self._by_kind: dict[str, list[Candidate]] = {}
        for c in named:
            if c.count is None:
                self._by_kind.setdefault(c.kind, []).append(c)

    def of(self, c: Candidate) -> Candidate | None:
        """The nearest mention before ``c`` that it may stand for, or the only one of the report."""
        lists = [self._by_kind.get(kind, []) for kind in _STANDS_FOR.get(c.kind, (c.kind,))]
        before = sorted((s for found in lists for s in _last_before(found, c.start)), key=lambda s: s.start)
        if before:
            return self._nearest(c.kind, before)
        fitting = [s for found in lists for s in found[:2]]
        return fitting[0] if len(fitting) == 1 else None

    def _nearest(self, kind: str, before: Sequence[Candidate]) -> Candidate:
        same = [s for s in before if s.kind == kind]
        if same and before[-1].kind != kind and before[-1].rule == "project.work.item":
            return same[-1]  # "Dự án A làm 3 công trình gồm: hồ B, 86 tỷ đồng; …. Tổng vốn của dự án …"
        apart = (s for s in reversed(before) if not _BESIDE.search(self._text, max(0, s.start - 24), s.start))
        return next(apart, before[-1])


def _last_before(found: Sequence[Candidate], at: int) -> Sequence[Candidate]:
    """The last few of ``found``, in text order, that start before ``at``."""
    end = bisect_left(found, at, key=lambda s: s.start)
    return found[max(0, end - _NEAR) : end]


# The paper before the thing: "đề án bảo tồn …" names an undertaking better than the công trình it builds.
_KIND_RANK = {"de_an": 2, "du_an": 1, "chuong_trinh": 1, "ke_hoach": 1}


def best(text: str, members: list[Candidate]) -> Candidate:
    """The fullest mention: quoted before others, then the longest name, then by kind, then the first."""
    if len(members) == 1:
        return members[0]

    def rank(c: Candidate) -> tuple[bool, int, int, int]:
        length = len(_TOKEN.findall(text[slice(*c.name)])) if c.name else 0
        return (c.form == "quoted", length, _KIND_RANK.get(c.kind, 0), -c.start)

    return max((m for m in members if m.form != "back"), key=rank)
