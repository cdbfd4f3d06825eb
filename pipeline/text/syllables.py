"""Is a word a Vietnamese syllable? Spelling rules only, no dictionary.

A syllable is an optional onset and a rime; the tone mark sits on the rime. Detection of old encodings and the repair
of glued words both rest on this: a text in the right encoding is made of such syllables, in a wrong one it is not.
"""

import re
import unicodedata
from functools import lru_cache

LONGEST = 8
"""Letters of the longest syllable (``nghuếch`` and one to spare)."""

_ONSET_LIST = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"

_RIME_LIST = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăk ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong
    op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc uê uêch uênh ui um un ung up ut uân uâng uât uây
    uôc uôi uôm uôn uông uôt uơ uy uya uych uyên uyêt uyn uynh uyp uyt uyu
    ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu
"""
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))


def _toneless(word: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).translate(_TONES))


_RIMES = frozenset(_RIME_LIST.split())
_SYLLABLES = (
    _RIMES | {onset + rime for onset in _ONSET_LIST.split() for rime in _RIMES} | {"gi", "quynh", "quyt", "quych"}
)


@lru_cache(maxsize=1 << 13)
def is_syllable(word: str) -> bool:
    """Whether a word (NFC, any case) is spelt as a Vietnamese syllable, with at most one tone mark.

    >>> is_syllable("Nghiêng"), is_syllable("quyết"), is_syllable("Trungtâm"), is_syllable("khuyÕn")
    (True, True, False, False)
    """
    if len(word) > LONGEST:
        return False
    marks = [c for c in unicodedata.normalize("NFD", word) if ord(c) in _TONES]
    return len(marks) <= 1 and _toneless(word.lower()) in _SYLLABLES


_OUTSIDE = re.compile(r"[\x21-\x40\x5b-\x60\x7b-\x7e–—…“”‘’]+")


def fit(text: str) -> tuple[float, int]:
    """How Vietnamese a text reads: share of its words beyond ASCII that are syllables, and the number of these words.

    Each different word counts once.

    >>> fit("Sở Công Thương tỉnh"), fit("Së C«ng Th\u00ad¬ng")
    ((1.0, 4), (0.0, 3))
    """
    words = {word for word in text.split() if not word.isascii()}
    judged = {part for word in words for part in _OUTSIDE.split(word) if part and not part.isascii()}
    good = sum(map(is_syllable, judged))
    return (good / len(judged) if judged else 0.0), len(judged)
