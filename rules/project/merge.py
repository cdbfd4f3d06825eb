"""Which mentions name the same undertaking."""

import re

from rules.layout import Layout
from rules.project.lexicon import words
from rules.project.mention import Candidate

_TOKEN = re.compile(r"\w+")
# Words that come and go between the mentions of one name ("bệnh viện [tỉnh] Nam Định", "[xây dựng] cầu …").
_FILLER = frozenset(words("merge", "filler"))


def key(text: str, candidate: Candidate) -> tuple[str, ...]:
    """The words of a name that tell it from others, lower case and in order."""
    if candidate.name is None:
        return ()
    tokens = [t.lower() for t in _TOKEN.findall(text[slice(*candidate.name)])]
    kept = tuple(t for t in tokens if t not in _FILLER)
    return kept or tuple(tokens)


def same(a: Candidate, ka: tuple[str, ...], b: Candidate, kb: tuple[str, ...]) -> bool:
    """Whether two mentions with the keys ``ka`` and ``kb`` name one undertaking."""
    if (a.count or 1) != (b.count or 1) or (a.count is None) != (b.count is None):
        return False
    if a.count is not None:
        return a.kind == b.kind and (not ka or not kb or _within(ka, kb))
    if not ka or not kb:
        return False
    return ka == kb or _within(ka, kb)


def _within(ka: tuple[str, ...], kb: tuple[str, ...]) -> bool:
    """Whether the shorter key opens the longer one, its words in the same order."""
    short, long = sorted((ka, kb), key=len)
    if len(short) < 2 or short[0] != long[0]:
        return short == long
    rest = iter(long)
    return all(t in rest for t in short)


def cluster(layout: Layout, candidates: list[Candidate]) -> list[list[Candidate]]:
    """Groups of mentions of one undertaking each, by first mention; each mention that points back ("dự án này")
    is with the nearest single undertaking of its kind named before it, or with the only one of the document."""
    text = layout.text
    groups: list[list[Candidate]] = []
    keys: list[list[tuple[str, ...]]] = []
    home_of: dict[Candidate, int] = {}
    for c in candidates:
        if c.form == "back":
            continue
        k = key(text, c)
        home = next((i for i, g in enumerate(groups) if all(map(lambda o, ok: same(c, k, o, ok), g, keys[i]))), None)
        if home is None:
            home = len(groups)
            groups.append([])
            keys.append([])
        groups[home].append(c)
        keys[home].append(k)
        home_of[c] = home
    singles = [c for c in candidates if c in home_of and c.count is None]
    for c in candidates:
        if c.form == "back" and (named := _antecedent(c, singles)):
            groups[home_of[named]].append(c)
    return groups


# Which kinds a mention that points back may stand for: "công trình này" for a dự án.
_STANDS_FOR = {"cong_trinh": ("cong_trinh", "du_an"), "du_an": ("du_an", "de_an", "cong_trinh")}


def _antecedent(c: Candidate, singles: list[Candidate]) -> Candidate | None:
    fitting = [s for s in singles if s.kind in _STANDS_FOR.get(c.kind, (c.kind,))]
    before = [s for s in fitting if s.start < c.start]
    if before:
        return before[-1]
    return fitting[0] if len(fitting) == 1 else None


def best(text: str, members: list[Candidate]) -> Candidate:
    """The fullest mention: quoted before others, then the longest name, then the first."""

    def rank(c: Candidate) -> tuple[bool, int, int]:
        length = len(_TOKEN.findall(text[slice(*c.name)])) if c.name else 0
        return (c.form == "quoted", length, -c.start)

    return max((m for m in members if m.form != "back"), key=rank)
