"""Bytes -> text: Unicode, the code pages and the font encodings that Vietnamese archives are written in.

Two kinds of old text exist. *Bytes* in a code page (windows-1258, VISCII, or text typed in a TCVN3 or VNI font
and saved raw), and *characters* of a modern file (DOCX, HTML, UTF-8) that only look right in such a font:
"C\u00abng th\u00ad\u00acng" in .VnTime is "Công thương". Both are told by one test: in the right reading, words are
Vietnamese syllables (:mod:`pipeline.text.syllables`); in a wrong one they are not.

Sources of the tables: TCVN 5712:1993 (VN3) as used by the .Vn fonts of ABC; VNI for Windows by VNI Software;
VISCII 1.1, RFC 1456; windows-1258 is Python's own codec.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.text.syllables import fit

FONT_ENCODINGS = ("tcvn3", "vni")
_CAPITALS = "-capitals"


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the name of the encoding it was in, and what looked odd."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


class UndecodableError(ValueError):
    """No known encoding makes sense of the bytes."""


# --- tables -------------------------------------------------------------------------------------------------

_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_VISCII = dict(
    zip(
        "\x02\x05\x06\x14\x19\x1e" + "".join(map(chr, range(0x80, 0x100))),
        "ẲẴẪỶỸỴ"
        "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
        "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ",
        strict=True,
    )
)


def _vni_table() -> dict[str, str]:
    """VNI writes a vowel as its letter and a mark; four letters and the i-family are single characters."""
    grave, acute, tilde, hook, dot, hat, breve = "\u0300\u0301\u0303\u0309\u0323\u0302\u0306"
    tones = dict(zip("øùõûï", (grave, acute, tilde, hook, dot), strict=True))
    hats = {"â": hat} | dict(zip("àáãåä", (hat + t for t in tones.values()), strict=True))
    breves = {"ê": breve} | dict(zip("èéüúë", (breve + t for t in tones.values()), strict=True))
    table = {"ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ"}
    table |= {v + mark: v + tone for v in "aeouy" for mark, tone in tones.items()}
    table |= {v + mark: table[v] + tone for v in "ôö" for mark, tone in tones.items()}
    table |= {v + mark: v + marks for v in "aeo" for mark, marks in hats.items()}
    table |= {"a" + mark: "a" + marks for mark, marks in breves.items()}
    table = {source: unicodedata.normalize("NFC", letter) for source, letter in table.items()}
    upper = {source.upper(): letter.upper() for source, letter in table.items()}
    mixed = {s[0].upper() + s[1]: letter.upper() for s, letter in table.items() if len(s) == 2}
    return table | mixed | upper


_VNI = _vni_table()
_VNI_SOURCE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_TCVN3_TABLE, _VISCII_TABLE = str.maketrans(_TCVN3), str.maketrans(_VISCII)
_SHOUTED = re.compile(r"[^\W\d_]{2,}")


def from_tcvn3(text: str) -> str:
    """Characters of a .Vn font as Unicode. Its capitals bear no tone marks: "CéNG" means "CỘNG".

    >>> from_tcvn3("Trung t©m KhuyÕn c«ng tØnh Hßa B×nh, CéNG HßA")
    'Trung tâm Khuyến công tỉnh Hòa Bình, CỘNG HÒA'
    """
    return _SHOUTED.sub(_all_capitals, text.translate(_TCVN3_TABLE))


def _all_capitals(word: re.Match[str]) -> str:
    typed = [c for c in word[0] if c.isascii()]
    shouted = len(typed) > 1 and all(c.isupper() for c in typed) and not word[0].isupper()
    return word[0].upper() if shouted or (len(typed) == 1 and typed[0].isupper() and word[0][-1] in typed) else word[0]


def from_vni(text: str) -> str:
    """Characters of a VNI font as Unicode.

    >>> from_vni("Trung taâm Khuyeán coâng tænh Ñoàng Nai, HÔÏP TAÙC XAÕ")
    'Trung tâm Khuyến công tỉnh Đồng Nai, HỢP TÁC XÃ'
    """
    return _VNI_SOURCE.sub(lambda m: _VNI[m[0]], text)


def from_font(text: str, encoding: str) -> str:
    """Characters of a font of this encoding (one of :data:`FONT_ENCODINGS`, or capitals of one) as Unicode."""
    plain = from_tcvn3(text) if encoding.startswith("tcvn3") else from_vni(text)
    return plain.upper() if encoding.endswith(_CAPITALS) else plain


def font_encoding(font: str | None) -> str | None:
    """The encoding that a font's name stands for, None for an ordinary font.

    The fonts of ABC whose names end in H draw small letters as capitals.

    >>> font_encoding(".VnTime"), font_encoding(".VnTimeH"), font_encoding("ABCDEF+VNI-Times"), font_encoding("Arial")
    ('tcvn3', 'tcvn3-capitals', 'vni', None)
    """
    name = (font or "").partition(",")[0].strip(" '\"").rpartition("+")[2]
    if name.lower().startswith(".vn"):
        return "tcvn3" + (_CAPITALS if name.endswith("H") else "")
    return "vni" if name.lower().startswith("vni") else None


# --- detection ----------------------------------------------------------------------------------------------

_SAMPLE = 20_000
# Characters that show a TCVN3 or VNI text: letters and signs of Latin-1 that Vietnamese does not have.
_SURFACE = re.compile("[¡-\u00ad®µ¶·¸¹»-¾ÄÅÆÇËÎÏÐÑÖ×ØÛÜÞßäåæçëîïñö÷øûüþ]")


# Text in a font was typed on Windows: quotes and dashes stand where windows-1252 has them.
_WINDOWS = {i: bytes([i]).decode("cp1252", "ignore") for i in range(0x80, 0xA0)}


_READINGS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("windows-1258", lambda s: unicodedata.normalize("NFC", s.encode("latin-1").decode("cp1258", "replace"))),
    ("tcvn3", lambda s: from_tcvn3(s.translate(_WINDOWS))),
    ("vni", lambda s: from_vni(s.translate(_WINDOWS))),
    ("viscii", lambda s: s.translate(_VISCII_TABLE)),
)


def decode(data: bytes, keep_fonts: bool = False) -> Decoded:
    """Decode the bytes of a text: UTF-8 and UTF-16 by their form, the old encodings by how they read.

    With ``keep_fonts`` text in a TCVN3 or VNI font keeps its characters, for a reader that knows the fonts.

    Raises:
        UndecodableError: the bytes are not text in any encoding that is known here.

    >>> decode("Công thương".encode("utf-16")).encoding, decode("Khuyến công".encode("utf-8-sig")).text
    ('utf-16', 'Khuyến công')
    """
    utf16 = _utf16(data)
    if utf16:
        decoded = Decoded(_strict(data, utf16), "utf-16")
    else:
        try:
            decoded = Decoded(data.removeprefix(codecs.BOM_UTF8).decode("utf-8"), "utf-8")
        except UnicodeDecodeError as error:
            return _decode_old(data, error, keep_fonts)
    return decoded if keep_fonts else unfont(decoded.text, decoded.encoding)


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UndecodableError(f"not valid {encoding[:6]} at byte {error.start:,}") from error


def _utf16(data: bytes) -> str | None:
    """The codec of UTF-16 bytes: by their mark, else by zeros that stand only in high or only in low bytes."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 5 > len(head) and min(even, odd) * 50 < len(head):
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


# Windows-1252 beyond ASCII: its quotes, dashes and signs, and accented letters beside other letters.
_WESTERN = re.compile(
    rb"[\x80\x85\x91-\x97\xa0\xa7\xa9\xab\xae\xb0-\xb3\xb7\xbb]|(?<=[A-Za-z])[\xc0-\xff]|[\xc0-\xff](?=[A-Za-z])"
)
_HIGH = re.compile(rb"[\x80-\xff]")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


def _is_western(data: bytes) -> bool:
    """Whether bytes read as a text of a western language in windows-1252."""
    return not _CONTROLS.search(data) and len(_WESTERN.findall(data)) * 5 >= len(_HIGH.findall(data)) * 4


def _decode_old(data: bytes, broken: UnicodeDecodeError, keep_fonts: bool) -> Decoded:
    raw = data.decode("latin-1")
    readings = [(*fit(read(raw[:_SAMPLE])), name, read) for name, read in _READINGS]
    best, words, name, read = max(readings, key=lambda reading: reading[0])
    if best >= 0.7 and words >= 3:
        kept = keep_fonts and name in FONT_ENCODINGS
        return Decoded(raw.translate(_WINDOWS) if kept else read(raw), name)
    if not _is_western(data[:_SAMPLE]):
        raise UndecodableError(f"not valid utf-8 at byte {broken.start:,}, and in no older encoding that is known")
    return Decoded(data.decode("cp1252", "replace"), "windows-1252", ("not Vietnamese in any known encoding",))


def unfont(text: str, encoding: str) -> Decoded:
    """Text whose characters only look right in a TCVN3 or VNI font, as Unicode; any other text as it is.

    Converted line by line, so that lines in Unicode between the others stay.

    >>> unfont("Së C«ng th\u00ad¬ng tØnh Hßa B×nh\\nSở Công Thương", "utf-8")
    Decoded(text='Sở Công thương tỉnh Hòa Bình\\nSở Công Thương', encoding='tcvn3', warnings=())
    """
    if not _SURFACE.search(text):
        return Decoded(text, encoding)
    lines = text.split("\n")
    odd = {i for i, line in enumerate(lines) if len(_SURFACE.findall(line)) * 40 > len(line)}
    sample = "\n".join(lines[i] for i in sorted(odd))[:_SAMPLE]
    words, (now, count) = sample.split(), fit(sample)
    if count < 3 or now > 0.5 or sum(not word.isascii() for word in words) * 4 < len(words):
        return Decoded(text, encoding)
    best, name = max((fit(from_font(sample, name))[0], name) for name in FONT_ENCODINGS)
    if best < 0.7:
        return Decoded(text, encoding)
    for i, line in enumerate(lines):
        if i in odd or fit(from_font(line, name))[0] > fit(line)[0]:
            lines[i] = _from_either(line, name)
    return Decoded("\n".join(lines), name)


def _from_either(line: str, usual: str) -> str:
    """A line in a font of the usual encoding of its text, unless it plainly is in the other one."""
    texts = {name: from_font(line, name) for name in FONT_ENCODINGS}
    shares = {name: fit(text) for name, text in texts.items()}
    best = max(FONT_ENCODINGS, key=lambda name: (shares[name][0], name == usual))
    plain = shares[best][1] >= 3 and shares[best][0] >= 0.8 and shares[usual][0] < 0.5
    return texts[best] if plain else texts[usual]


def unfont_runs(runs: Sequence[tuple[str, str | None]]) -> tuple[list[str], str | None]:
    """Runs of text, each with the encoding that its font's name stands for, as Unicode; and the encoding found.

    All runs of one encoding are judged together: a font's name alone proves nothing, for Unicode text
    pasted into an old document keeps the old font.

    >>> unfont_runs([("Së C«ng th\u00ad¬ng ", "tcvn3"), ("tỉnh Hòa Bình", None)])
    (['Sở Công thương ', 'tỉnh Hòa Bình'], 'tcvn3')
    """
    runs = _with_marks(runs)
    bare = [(text, (font or "").removesuffix(_CAPITALS)) for text, font in runs]
    real = [
        name
        for name in FONT_ENCODINGS
        if _is_in_font("".join(text if font == name else " " for text, font in bare), name)
    ]
    texts = [
        from_font(text, font) if font and plain in real else text
        for (text, font), (_, plain) in zip(runs, bare, strict=True)
    ]
    return texts, real[0] if real else None


def _with_marks(runs: Sequence[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
    """The runs, where one ends between a VNI letter and its mark, with the mark drawn to its letter."""
    whole = list(runs)
    for i, ((text, font), (after, next_font)) in enumerate(pairwise(runs)):
        if font == next_font == "vni" and text and after and text[-1] + after[0] in _VNI:
            whole[i] = (whole[i][0] + after[0], font)
            whole[i + 1] = (after[1:], font)
    return whole


def _is_in_font(text: str, encoding: str) -> bool:
    sample = text[:_SAMPLE]
    converted, _ = fit(from_font(sample, encoding))
    return converted > 0.6 and converted > fit(sample)[0]
