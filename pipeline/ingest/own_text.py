"""Has a page of a PDF a text of its own, or only what was printed over a picture of one?"""

import re
from collections import Counter
from collections.abc import Sequence

from rules.language.lists import read

_WORDS: dict[str, list[str]] = read(__package__, "own_text")
_SIGNATURE = re.compile(rf"(?:{'|'.join(map(re.escape, _WORDS['signature']))})\s*[:：=]?", re.I)
_WATERMARK = re.compile("|".join(map(re.escape, _WORDS["watermark"])), re.I)
_ADDRESS = re.compile(r"(?:(?:https?://|www\.)\S+|[\w.+-]+@[\w.-]+|(?:[\w-]+\.){1,4}(?:vn|com|net|org)(?:/\S*)?)", re.I)
_LETTER = re.compile(r"[^\W\d_]")
_LEAST = 40  # letters of a page that has a text


def letters_of_their_own(pages: Sequence[Sequence[str]]) -> list[int]:
    """Letters of each page, given its lines: without marks, signatures, numbers, and what every page repeats.

    >>> letters_of_their_own([["www.LuatVietnam.vn"], ["Người ký: Trần An", "Thời gian ký: 15.12.2023"], ["Điều 1."]])
    [0, 0, 4]
    """
    often = _repeated(pages)
    return [sum(_letters(line) for line in page if _key(line) not in often) for page in pages]


def has_text(letters: int) -> bool:
    """Whether so many letters make a text: fewer may be left of a stamp or a number."""
    return letters >= _LEAST


def is_mark(line: str) -> bool:
    """Whether a line is an address or the mark of a library, which belongs to no text.

    >>> is_mark("www.LuatVietnam.vn www.LuatVietnam.vn"), is_mark("Xem tại www.laocai.gov.vn"), is_mark("1.250")
    (True, False, False)
    """
    rest, addresses = _ADDRESS.subn("", line)
    return bool(addresses and not re.search(r"\w", rest)) or bool(_WATERMARK.search(line) and len(line.split()) <= 6)


def _letters(line: str) -> int:
    if _SIGNATURE.match(line.strip()) or is_mark(line):
        return 0
    return len(_LETTER.findall(line))


def _repeated(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    """Lines that stand on nearly all of several pages."""
    counts = Counter(key for page in pages for key in {_key(line) for line in page})
    return frozenset(key for key, count in counts.items() if count > 1 and count * 10 >= 9 * len(pages))


def _key(line: str) -> str:
    return re.sub(r"\d+", "#", line.strip().lower())
