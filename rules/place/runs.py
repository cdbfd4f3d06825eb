"""What a run of capitalised words can be for its words alone, whatever stands around it."""

from functools import lru_cache

from rules.place.gazetteer import load
from rules.place.spelling import name_key, syllable_key
from rules.place.words import WORDS

LONGEST = 9  # words: more than any name has
SHORT_TYPES = ("TP", "Tp", "TX", "TT")
TYPE_WORDS = frozenset(
    form for word in WORDS.types for first in [word.split()[0]] for form in (first.capitalize(), first.upper())
)


def may_hold_name(run: str, listed: bool) -> bool:
    """Whether there may be a name in a run that has no type word before it and no hyphen behind it.

    Four of five runs are none. Short ones are remembered, as most come again. `listed` tells that it stands in a list
    of names.

    >>> [may_hold_name(run, False) for run in ("Theo", "Nguyễn Văn An", "Sở Công Thương Sơn La", "Lạc Sơn")]
    [False, False, True, True]
    """
    return _remembered(run, listed) if len(run) <= _REMEMBERED else _may_hold_name(run, listed)


def _may_hold_name(run: str, listed: bool) -> bool:
    words = run.split(" ")
    keys = [syllable_key(word) for word in words]
    return (
        _may_be_bare(words, keys)
        or words[-1].isdigit()
        or (len(words) > 2 and run.isupper())
        or words[0].startswith(SHORT_TYPES)
        or not TYPE_WORDS.isdisjoint(words)
        or district_before_province(words) > 0
        or (listed and may_be_name(words, keys) and is_vietnamese(keys))
    )


_REMEMBERED = 80  # code points
_remembered = lru_cache(maxsize=1 << 14)(_may_hold_name)


def _may_be_bare(words: list[str], keys: list[str]) -> bool:
    """Whether a name may fill the run, behind its openers."""
    gazetteer = load()
    for i, (word, key) in enumerate(zip(words, keys, strict=True)):
        left = len(words) - i
        if left <= LONGEST and "".join(keys[i:]) in gazetteer.by_key:
            return True
        if key in gazetteer.province_first and (len(words) == 1 or left > 3):
            return True
        if left > 1 and len(word) > 1 and word.isupper():  # initials: what stands before them decides
            return True
        if not is_opener(key):
            return False
    return False


def is_opener(key: str) -> bool:
    """Whether a word may stand before a name in one run: ``Sở``, ``PC08`` (of the police)."""
    return key in WORDS.openers or (key[:2] == "pc" and key[2:].isdigit())


def may_be_name(words: list[str], keys: list[str]) -> bool:
    """Whether words behind ``xã`` or ``huyện`` can be the name of a unit that is in no list."""
    if not 2 <= len(words) <= 4 or keys[0] in WORDS.no_name or words[0].isupper():
        return False
    return not any(u.level == "province" for u in load().by_key.get("".join(keys), ()))


def is_vietnamese(keys: list[str]) -> bool:
    """Whether all syllables occur in listed names: ``Manbij`` does not."""
    return all(key in load().syllables or key.isdigit() for key in keys)


def ends_name(words: list[str], n: int) -> bool:
    """Whether a name may end after n words of a run: at its end, before a person's name, or in a line of capitals."""
    rest = words[n:]
    if not rest or words[0].isupper():
        return True
    first = rest[0].lower()
    if first.isdigit():  # huyện Hải Lăng 4 tỷ đồng
        return True
    return first in WORDS.types or first in WORDS.enders or (len(rest) > 1 and first in WORDS.surnames)


def district_before_province(words: list[str]) -> int:
    """How many words a district has whose province follows it without a comma; 0 where it is not so.

    >>> district_before_province(["Ba", "Đình", "Hà", "Nội"]), district_before_province(["Ba", "Đình"])
    (2, 0)
    """
    names = load().by_key
    for n in range(2, len(words) - 1 if len(words) < LONGEST else 0):
        above = [u for u in names.get(name_key(" ".join(words[n:])), ()) if u.level == "province"]
        lower = names.get(name_key(" ".join(words[:n])), ()) if above else ()
        if any(u.level == "district" and u.province in above for u in lower):
            return n
    return 0
