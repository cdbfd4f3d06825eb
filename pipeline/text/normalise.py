"""Text as an archive has it -> the one normal form that every rule reads."""

import html
import re
import unicodedata
from functools import lru_cache

from pipeline.text.broken import mend
from pipeline.text.syllables import LONGEST, fit, is_syllable
from rules.language.letters import LETTERS, MARKED

# Characters that are normal as they are; a text of these alone only needs the layout check.
_UNUSUAL = re.compile(rf"[^\n -%'-~{MARKED}{MARKED.upper()}“”‘’…–—•²³]")
_LOOSE = ("  ", "\n\n", " \n", "\n ")

_DROPPED = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,24}[0-9]{0,2});")
_ESCAPED = re.compile(r"&(?:amp;){1,99}(?=#?\w{1,24};)")  # "&amp;nbsp;" was escaped twice
_ROUNDS = 6
_ETH = re.compile(rf"(?<![{LETTERS}Ðð])[Ðð](?=[{LETTERS}])")
_MONEY = ("đồng", "ngàn", "nghìn", "triệu", "tỷ", "tỉ")
_LONG_WORD = re.compile(rf"[{LETTERS}]{{8,}}")

# Signs of UTF-8 that was read as windows-1252: a lead byte as a letter, then a continuation byte.
_MOJIBAKE = re.compile(
    "[ÃÂÄÅÆáâï][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2010-\u203a\u20ac\u2122]"
)


def _is_clean(text: str) -> bool:
    """Cheap test that nothing but glued words can need repair."""
    return not _UNUSUAL.search(text) and text == text.strip() and not any(loose in text for loose in _LOOSE)


@lru_cache(maxsize=16384)
def _split(word: str) -> str:
    """A glued word in two, where exactly one split gives two syllables and no other reading exists.

    Money words stay as printed, for the rules for sums know them glued; shorter words are left alone, for
    loan words (``vắcxin``, ``băngrôn``) look just like them.

    >>> _split("Trungtâm"), _split("tỉnhđang"), _split("trườngBà"), _split("triệuđồng"), _split("Zelensky")
    ('Trung tâm', 'tỉnh đang', 'trường Bà', 'triệuđồng', 'Zelensky')
    """
    if word.isascii() or len(word) > 2 * LONGEST or word.lower().endswith(_MONEY):
        return word
    breaks = [i for i in range(1, len(word)) if word[i].isupper() and word[i - 1].islower()]
    if not breaks and word[1:] != word[1:].lower():
        return word
    places = breaks or range(2, len(word) - 1)
    cuts = [i for i in places if is_syllable(word[:i]) and is_syllable(word[i:])]
    return f"{word[: cuts[0]]} {word[cuts[0] :]}" if len(cuts) == 1 else word


def _unglue(text: str, warnings: list[str]) -> str:
    found = {word: _split(word) for word in set(_LONG_WORD.findall(text))}
    glued = sorted(word for word, split in found.items() if word != split)
    if not glued:
        return text
    warnings.extend(f"glued words split: {word} -> {found[word]}" for word in glued)
    return _LONG_WORD.sub(lambda m: found[m[0]], text)


def _unmojibake(text: str, warnings: list[str]) -> str:
    """Undo UTF-8 read as windows-1252, line by line, where it makes more Vietnamese words."""
    if len(_MOJIBAKE.findall(text)) < 2:
        return text
    from ftfy import fix_encoding

    lines = text.split("\n")
    odd = [i for i, line in enumerate(lines) if _MOJIBAKE.search(line)]
    fixed = [fix_encoding(lines[i]) for i in odd]
    if fit("\n".join(fixed))[0] <= fit("\n".join(lines[i] for i in odd))[0]:
        return text
    for i, line in zip(odd, fixed, strict=True):
        if fit(line)[0] >= fit(lines[i])[0]:
            lines[i] = line
    warnings.append("UTF-8 that had been read as another encoding was restored")
    return "\n".join(lines)


def _unescape(text: str, warnings: list[str]) -> str:
    plain = _ENTITY.sub(lambda m: html.unescape(m[0]), _ESCAPED.sub("&", text))
    if plain != text:
        warnings.append("HTML entities decoded")
    return plain


def _repair(text: str, warnings: list[str]) -> str:
    if _SURROGATE.search(text):
        warnings.append("lone surrogates replaced")
        text = _SURROGATE.sub("\ufffd", text)
    if "&" in text:
        text = _unescape(text, warnings)
    text = _LINE_END.sub("\n", text)
    text = _unmojibake(text, warnings)
    text = _DROPPED.sub("", text)
    if _CONTROL.search(text):
        warnings.append("control characters dropped")
        text = _CONTROL.sub("", text)
    text = unicodedata.normalize("NFC", text)
    if _ETH.search(text):
        warnings.append("letter eth (Ð) read as Đ")
        text = _ETH.sub(lambda m: "Đ" if m[0] == "Ð" else "đ", text)
    return _LINES.sub("\n", _BLANKS.sub(" ", text)).strip()


def normalise(text: str) -> tuple[str, tuple[str, ...]]:
    """NFC text with one line feed between paragraphs, and what was repaired, in plain words.

    Quotes and dashes stay as printed; runs of blanks become one space; invisible and control characters go;
    HTML entities, doubly encoded UTF-8, glued words and what OCR breaks are repaired where only one reading is
    possible. It is idempotent.

    >>> normalise("Trung ta\\u0302m\\u00a0 khuyến\\u200b công \\r\\n\\r\\n &quot;Tin&quot; ")
    ('Trung tâm khuyến công\\n"Tin"', ('HTML entities decoded',))
    """
    warnings: list[str] = []
    for _ in range(_ROUNDS):
        before = text
        if not _is_clean(text):
            text = _repair(text, warnings)
        text = mend(_unglue(text, warnings), warnings)
        if text == before:
            break  # one repair may lay open another: an entity that held a no-break space
    return text, tuple(dict.fromkeys(warnings))
