"""What a shared sign says in an archive: what very many undertakings of a province have tells none of them apart.

The name of a template, or the support that a programme always gives, points to one undertaking among a few and to none
among thousands. So the undertakings that have a sign are counted, as far as mentions can be told apart without joining
them: by place, receiver and numbers of the name; and, as one is told in several ways, by name and figure at a quarter.
Where more have a sign than chance would leave for one place, it is none for two mentions that share just that place.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from math import log
from typing import Any

from pipeline.gather.mention import Mention
from pipeline.gather.words import folded_name, numbered, pairs, receiver, specific

HOME, DISTRICT, COMMUNE = range(3)
"""What two mentions share of their place: the province, a district, a commune"""

NAMES = 12
"""How many of the proper names around a mention are counted"""

_FEW = 12  # undertakings that may have a sign in common wherever they lie
_CHANCE = 0.2  # of so many undertakings for each place that have a sign, one lies in a certain place by chance
_TELLINGS = 4  # figures or names under which one undertaking is told, about
_PROOF = 0.05  # the same for signs that are taken together as proof
_ANY = object()
_NEAR_STEPS = 30  # steps of sums that are taken for near, while a sum becomes e times as large


class Rarity:
    """How many undertakings have a sign, in the mentions of one province. Where there are none, every sign tells.

    Signs are words of names (`str`), keys of pairs of them and of proper names (`int`), sums (:func:`sum_sign`,
    :func:`near_sign`) and receivers' own words (`frozenset`).
    """

    def __init__(self, mentions: Sequence[Mention] = ()) -> None:
        districts = {code for m in mentions for code in m.districts}
        communes = {code for m in mentions for code in m.communes or m.current_communes}
        places = [1, max(1, len(districts)), max(1, len(communes))]
        self._limits = [max(_FEW, _CHANCE * number) for number in places]
        self._proofs = [_PROOF * number for number in places]
        owners, forms = _Counts(), _Counts()
        for m in mentions:
            self._count(m, owners, forms)
        self._spread = owners.counts()
        self._all = max(1, self._spread.pop(_ANY, 1))
        for sign, count in forms.counts().items():
            self._spread[sign] = max(self._spread[sign], count // _TELLINGS)

    @staticmethod
    def _count(m: Mention, owners: "_Counts", forms: "_Counts") -> None:
        place = m.communes or m.current_communes or m.districts
        owner = (place, *m.receivers, *numbered(m.name or ""))
        for who in m.receivers:
            owners.add(receiver(who), place)
        owners.add(_ANY, owner)
        for proper in m.names[:NAMES]:
            owners.add(proper, owner)
        figure = m.total_vnd or m.support_vnd
        for known in filter(None, (m.total_vnd, m.support_vnd, m.counterpart_vnd)):
            owners.add(near_sign(known), (owner, known))
        for known in m.figures:
            owners.add(sum_sign(known), owner)
            if m.name:
                forms.add(sum_sign(known), folded_name(m.name))
        if m.name:
            for sign in (*pairs(m.name), *specific(m.name)):
                owners.add(sign, owner)
                if figure is not None:
                    forms.add(sign, figure)

    def tells(self, sign: Hashable, level: int) -> bool:
        """Whether a sign that two mentions of one place share, of this level, points to one undertaking."""
        return self._spread.get(sign, 0) <= self._limits[level]

    def telling(self, signs: Collection[Hashable], level: int) -> int:
        """How many of the signs tell."""
        limit, spread = self._limits[level], self._spread
        if not spread:
            return len(signs)
        return sum(spread.get(sign, 0) <= limit for sign in signs)

    def level(self, *signs: Hashable) -> int | None:
        """The widest place in which signs tell together; None where they tell in none."""
        count = self._together(signs) if len(signs) > 1 else self._spread.get(signs[0], 0)
        for level, limit in enumerate(self._limits):
            if count <= limit:
                return level
        return None

    def proven(self, signs: Iterable[Hashable], level: int) -> bool:
        """Whether signs that have nothing to do with each other are too much to be shared by chance in a place."""
        return self._together(signs) <= self._proofs[level]

    def sorted(self, signs: Iterable[Any]) -> list[Any]:
        """The signs, those that the fewest have first."""
        return sorted(signs, key=lambda sign: (self._spread.get(sign, 0), sign))

    def _together(self, signs: Iterable[Hashable]) -> float:
        """How many would have all of them, were there no undertaking that does."""
        count, every, spread = float(self._all), self._all, self._spread
        for sign in signs:
            count *= spread.get(sign, 0) / every
        return count


def sum_sign(figure: int) -> int:
    """The sign of a sum in dong, apart from the keys of words.

    >>> sum_sign(300_000_000)
    -300000000
    """
    return -figure


def near_sign(figure: int) -> tuple[int]:
    """The sign of a sum that is only about the same.

    >>> near_sign(1_236_000_000) == near_sign(1_250_000_000), near_sign(1_236_000_000) == near_sign(1_400_000_000)
    (True, False)
    """
    return (int(_NEAR_STEPS * log(max(1, figure))),)


class _Counts:
    """How many different values each sign has: most have one, which takes no set."""

    def __init__(self) -> None:
        self._of: dict[Hashable, Any] = {}

    def add(self, sign: Hashable, value: Hashable) -> None:
        known = self._of.setdefault(sign, value)
        if isinstance(known, set):
            known.add(value)
        elif known != value:
            self._of[sign] = {known, value}

    def counts(self) -> dict[Hashable, int]:
        return {sign: len(known) if isinstance(known, set) else 1 for sign, known in self._of.items()}
