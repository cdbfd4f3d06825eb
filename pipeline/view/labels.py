"""The words of the page in English and Vietnamese, from ``labels.toml``."""

import re
import tomllib
from functools import cache
from html import escape
from importlib.resources import files

LANGUAGES = ("en", "vi")


@cache
def _labels() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files(__package__) / "labels.toml").read_text("utf-8"))


def label(group: str, key: str, language: str) -> str:
    """The word for ``key``; the key itself, without underscores, where the list has none (a new programme, say).

    >>> label("role", "support", "vi"), label("programme", "rung_xanh", "en")
    ('hỗ trợ', 'rung xanh')
    """
    pair = _labels().get(group, {}).get(key)
    return pair[LANGUAGES.index(language)] if pair else key.replace("_", " ")


def group(name: str) -> dict[str, list[str]]:
    """All labels of a group: key -> [English, Vietnamese]."""
    return _labels()[name]


def why_rejected(error: str, message: str, language: str) -> str:
    """Why a document was not read: its message, which is English, or the words of its kind of error.

    >>> why_rejected("NoText", "there is no text in it", "vi"), why_rejected("OSError", "no medium", "vi")
    ('không có chữ nào', 'no medium')
    """
    known = language != LANGUAGES[0] and error in group("reject")
    return label("reject", error, language) if known else message


def warning(text: str, language: str) -> str:
    """A warning of ``documents``, which is English, in a language; as it stands where its words are none of the list.

    >>> warning("glued words split: sốtiền -> số tiền", "vi")
    'từ dính liền đã tách: sốtiền -> số tiền'
    """
    for pattern, translated in _warnings():
        if language != LANGUAGES[0] and (found := pattern.fullmatch(text)):
            return translated.format(**found.groupdict())
    return text


@cache
def _warnings() -> list[tuple[re.Pattern[str], str]]:
    """What each warning says, with groups for its values, and the same in Vietnamese."""
    blank = re.compile(r"\\\{(\w+)\\\}")
    pairs = group("warning").values()
    return [(re.compile(blank.sub(r"(?P<\1>.+?)", re.escape(told)), re.S), translated) for told, translated in pairs]


def both(group: str, key: str) -> str:
    """HTML with the word in both languages; the style sheet shows the one that the reader chose.

    >>> both("role", "support")
    '<span lang="en">support</span><span lang="vi">hỗ trợ</span>'
    """
    return "".join(f'<span lang="{code}">{escape(label(group, key, code))}</span>' for code in LANGUAGES)
