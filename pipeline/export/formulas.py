"""What spreadsheet programs take for a formula."""

import re
import unicodedata

_BLANK = re.compile(r"[\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff]*")
_SIGNS = frozenset("=+-@")
_BREAKS = ("\t", "\r", "\n")


def is_formula(text: str) -> bool:
    """Whether a cell with this text may be taken for a formula: by a sign in front, of whatever width.

    >>> [is_formula(text) for text in ("=1+1", "＝1+1", "\u200b ＠SUM(1)", "﹣1", "−1", "\\t1", "1 tỷ", "")]
    [True, True, True, True, True, True, False, False]
    """
    if text.startswith(_BREAKS):
        return True
    found = _BLANK.match(text)
    first = text[found.end() : found.end() + 1] if found else ""
    return unicodedata.normalize("NFKC", first).replace("\u2212", "-") in _SIGNS
