"""One spelling for names that are written in several ways.

Vietnamese place names vary in the place of the tone mark (``Hoà``/``Hòa``), in ``y`` and ``i`` (``Mỹ``/``Mĩ``), in
syllables of other languages (``Đắk``/``Đăk``/``Đắc``) and in their spaces (``Krông Ana``/``Krông A Na``). Names are
compared by their key, which knows none of these differences.
"""

import re
import unicodedata
from functools import lru_cache

from rules.place.words import WORDS

_OLD = ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"]
_NEW = ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"]
_MARKS = dict(zip(_OLD, _NEW, strict=True)) | {
    old.capitalize(): new.capitalize() for old, new in zip(_OLD, _NEW, strict=True)
}
_MARKS |= {old.upper(): new.upper() for old, new in zip(_OLD, _NEW, strict=True)}
_OLD_MARK = re.compile(rf"(?<![qQ])(?:{'|'.join(_MARKS)})(?!\w)")
_FINAL_Y = re.compile(r"(?:(?<=[bcdđghklmnpqrstvx])|(?<=qu))[yỳýỷỹỵ]$")
_Y_TO_I = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")
_SILENT = str.maketrans("", "", " -–'’‘.")


def modern_marks(text: str) -> str:
    """Tone marks where the official lists have them.

    >>> modern_marks("Thuận Hoà, Thuỷ Nguyên, Quý Sơn, HOÀN KIẾM, HOÀ BÌNH")
    'Thuận Hòa, Thủy Nguyên, Quý Sơn, HOÀN KIẾM, HÒA BÌNH'
    """
    return _OLD_MARK.sub(lambda m: _MARKS[m[0]], text)


@lru_cache(maxsize=1 << 13)
def syllable_key(syllable: str) -> str:
    """Key of one written syllable.

    >>> [syllable_key(s) for s in ("MĨ", "Mỹ", "Hoà", "Đăk", "K'Nàng", "Lay")]
    ['mĩ', 'mĩ', 'hòa', 'đắk', 'knàng', 'lay']
    """
    low = unicodedata.normalize("NFC", syllable).lower().translate(_SILENT)
    low = WORDS.syllables.get(low, low)
    low = _OLD_MARK.sub(lambda m: _MARKS[m[0]], low)
    return _FINAL_Y.sub(lambda m: m[0].translate(_Y_TO_I), low)


def name_key(name: str) -> str:
    """Key of a whole name without type word.

    >>> name_key("Krông Ana") == name_key("Krông A Na"), name_key("Bà Rịa – Vũng Tàu")
    (True, 'bàrịavũngtàu')
    """
    return "".join(map(syllable_key, name.replace("-", " ").replace("–", " ").split()))


@lru_cache(maxsize=1 << 13)
def bare_key(key: str) -> str:
    """A key without any marks.

    >>> bare_key(name_key("Đạ Tẻh"))
    'dateh'
    """
    plain = unicodedata.normalize("NFD", key.replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c))
