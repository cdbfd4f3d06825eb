"""What two mentions of one undertaking cannot differ in: the first contradiction, by its name.

One of these outweighs any number of equal sums. What is not printed contradicts nothing.
"""

from collections.abc import Callable, Iterator, Sequence

from pipeline.gather.mention import Mention
from pipeline.gather.words import (
    ANEW,
    MENDED,
    PART,
    folded_name,
    numbered,
    own_names,
    phases,
    receiver,
    receiver_words,
    specific,
)

_PLANS = ("chuong_trinh", "ke_hoach")
_YEARLY = ("de_an", "mo_hinh", *_PLANS)  # kinds that are decided for one plan year
_NOUNS = {"de_an": "đề án", "du_an": "dự án", "mo_hinh": "mô hình", "cong_trinh": "công trình"}
_MULTI_YEAR = 4  # years between approval and completion of works


def contradiction(a: Mention, b: Mention) -> str | None:
    """The name of the first contradiction; None where the texts do not say that they are two."""
    for name, differs in _CHECKS:
        if differs(a, b):
            return name
    return None


def contradictions(a: Mention, b: Mention) -> Iterator[str]:
    """The names of all contradictions."""
    return (name for name, differs in _CHECKS if differs(a, b))


def _part(a: Mention, b: Mention) -> bool:
    """Only one of them is said to be the clearing of ground, a package, a component."""
    return bool(a.name and b.name) and bool(PART.search(a.name or "")) != bool(PART.search(b.name or ""))


def of_one_report(a: Mention, b: Mention) -> bool:
    """One report tells of them as of two; a table that is cut into several documents does so by two names."""
    if a.doc_id == b.doc_id:
        return True
    return bool(a.listing) and a.listing == b.listing and folded_name(a.name or "") != folded_name(b.name or "")


def _apart(a: Sequence[str], b: Sequence[str]) -> bool:
    return bool(a) and bool(b) and set(a).isdisjoint(b)


def _district(a: Mention, b: Mention) -> bool:
    return _apart(a.districts, b.districts)


def _commune(a: Mention, b: Mention) -> bool:
    if a.communes and b.communes:
        return _apart(a.communes, b.communes)
    return _apart(a.current_communes, b.current_communes)


def _province(a: Mention, b: Mention) -> bool:
    """Two provinces that are one since July 2025: a report of after that may name either."""
    if a.districts or b.districts or a.province_code is None or b.province_code is None:
        return False
    return a.province_code != b.province_code and a.home != b.home


def receivers(a: Mention, b: Mention) -> bool:
    """Each names receivers, and none is the other's."""
    if not a.receivers or not b.receivers:
        return False
    return not any(same_receiver(mine, other) for mine in a.receivers for other in b.receivers)


def same_receiver(one: str, other: str) -> bool:
    """Whether two names can be of one receiver: all own words of one stand in the other, and names of the same
    words have them in the same order.

    >>> same_receiver("HTX Hồng Đăng", "Hợp tác xã Chế biến nông sản Hồng Đăng"), same_receiver("HTX An", "HTX Bình")
    (True, False)
    >>> same_receiver("HTX Hà Nam", "HTX Nam Hà")
    False
    """
    mine, others = receiver(one), receiver(other)
    if mine != others:
        return mine <= others or others <= mine
    first, second = receiver_words(one), receiver_words(other)
    return first == second or len(first) != len(second)


def _phase(a: Mention, b: Mention) -> bool:
    mine, others = _phases(a), _phases(b)
    if mine and others:
        return mine.isdisjoint(others)
    return bool((mine | others) - {"1"})  # a second phase is not the whole


def _phases(a: Mention) -> frozenset[str]:
    return phases(f"{a.name or ''} {a.text}")


def _number(a: Mention, b: Mention) -> bool:
    """Other numbers behind the same word of the name: thôn 3 and thôn 5, tuyến số 1 and tuyến số 1, số 2."""
    mine, others = _numbers(a), _numbers(b)
    return any(mine[noun] != others[noun] for noun in mine.keys() & others.keys())


def _numbers(m: Mention) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for mark in numbered(m.name or ""):
        noun, number = mark.rsplit(" ", 1)
        found.setdefault(noun, set()).add(number)
    return found


def _own_names(a: Mention, b: Mention) -> bool:
    """Each has a name in its name that the other has not: Hạ Long - Vân Đồn and Vân Đồn - Móng Cái."""
    if not a.name or not b.name:
        return False
    mine, others = folded_name(a.name), folded_name(b.name)
    return any(name not in others for name in own_names(a.name)) and any(name not in mine for name in own_names(b.name))


def _act(a: Mention, b: Mention) -> bool:
    """One is built anew, the other made better where it stands."""
    mine, others = _acts(a), _acts(b)
    return mine[0] != mine[1] and others == mine[::-1]


def _acts(m: Mention) -> tuple[bool, bool]:
    name = m.name or m.text
    return bool(ANEW.search(name)), bool(MENDED.search(name))


def _site(a: Mention, b: Mention) -> bool:
    return _apart(a.sites, b.sites)


def years(a: Mention, b: Mention) -> bool:
    """They are of two plan years; works may be approved and completed in different ones."""
    if a.year is None or b.year is None:
        first, second = a.year or a.year_told, b.year or b.year_told
        yearly = a.kind in _YEARLY and b.kind in _YEARLY
        return yearly and first is not None and second is not None and first != second
    if a.kind in _YEARLY or b.kind in _YEARLY:
        return a.year != b.year
    return abs(a.year - b.year) > _MULTI_YEAR


def _programme(a: Mention, b: Mention) -> bool:
    return a.programme is not None and b.programme is not None and a.programme != b.programme


def _kind(a: Mention, b: Mention) -> bool:
    """A programme and its component, a project and its package, research and what applies it."""
    if (a.kind == "goi_thau") != (b.kind == "goi_thau"):
        return True
    if (a.kind in _PLANS) != (b.kind in _PLANS):
        return True
    return {a.kind, b.kind} == {"de_tai", "mo_hinh"}


def is_group(a: Mention) -> bool:
    """Whether the mention counts undertakings."""
    return a.n_projects > 1


def _group(a: Mention, b: Mention) -> bool:
    """A group and a member, or groups of another size; 8 that were adjusted to 9 in words are one plan."""
    if a.n_projects == b.n_projects or not (is_group(a) and is_group(b)):
        return a.n_projects != b.n_projects
    return not (_adjusted(a, b) or _adjusted(b, a))


def _adjusted(later: Mention, first: Mention) -> bool:
    noun = _NOUNS.get(first.kind)
    return "n_projects" in later.firm and f"{first.n_projects} {noun}" in later.counts


def _name(a: Mention, b: Mention) -> bool:
    """Two works whose names have nothing in common but what very many have."""
    if a.name is None or b.name is None or a.kind != "cong_trinh" or b.kind != "cong_trinh":
        return False
    mine, others = set(specific(a.name)), set(specific(b.name))
    return len(mine) > 1 and len(others) > 1 and mine.isdisjoint(others)


_CHECKS: Sequence[tuple[str, Callable[[Mention, Mention], bool]]] = (
    ("report", of_one_report),
    ("group", _group),
    ("kind", _kind),
    ("part", _part),
    ("phase", _phase),
    ("number", _number),
    ("site", _site),
    ("act", _act),
    ("own names", _own_names),
    ("year", years),
    ("district", _district),
    ("commune", _commune),
    ("province", _province),
    ("receiver", receivers),
    ("programme", _programme),
    ("name", _name),
)
