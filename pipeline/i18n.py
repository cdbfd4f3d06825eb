"""The language of what the command says: English, or Vietnamese from the catalogue ``locale/vi``.

Messages stand in the code in English, in ``_("... {name} ...", name=...)``; ``make messages`` collects them into the
catalogue and compiles it. Which language is spoken: ``--lang``, else ``TRICHLUC_LANG``, else the locale; in a notebook
the same without ``--lang``.
"""

import gettext
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "vi")
LOCALE = Path(__file__).parent / "locale"

_state: dict[str, Any] = {"language": "en", "catalogue": gettext.NullTranslations()}


def use(language: str | None = None, environment: Mapping[str, str] | None = None) -> str:
    """Speak a language from now on, and say which one it is; unknown ones are English.

    >>> use(None, {"LANG": "vi_VN.UTF-8"}), use(None, {"TRICHLUC_LANG": "en", "LANG": "vi_VN"}), use("fr"), use("en")
    ('vi', 'en', 'en', 'en')
    """
    known = os.environ if environment is None else environment
    asked = language or next(
        (known[name] for name in ("TRICHLUC_LANG", "LC_ALL", "LC_MESSAGES", "LANG") if known.get(name)), "en"
    )
    chosen = next((code for code in LANGUAGES if asked.lower().replace("-", "_").split("_")[0] == code), "en")
    _state["language"] = chosen
    _state["catalogue"] = gettext.translation("trichluc", LOCALE, [chosen], fallback=True)
    return chosen


def language() -> str:
    """The language that is spoken, ``en`` or ``vi``."""
    spoken: str = _state["language"]
    return spoken


def _(message: str, **values: object) -> str:
    """A message in the language that is spoken, with its values filled in.

    >>> _("{n} documents", n=whole(1200))
    '1.200 documents'
    """
    told: str = _state["catalogue"].gettext(message)
    return told.format(**values) if values else told


def counted(one: str, many: str, number: int) -> str:
    """A count with its noun; ``{n}`` in both is the number.

    >>> counted("{n} sum", "{n} sums", 1), counted("{n} sum", "{n} sums", 1200)
    ('1 sum', '1.200 sums')
    """
    told: str = _state["catalogue"].ngettext(one, many, number)
    return told.format(n=whole(number))


def later(message: str) -> str:
    """A message to collect into the catalogue, which is translated where it is shown: it stays English in tables."""
    return message


_OF_THE_SYSTEM = (
    later("No space left on device"),
    later("Disk quota exceeded"),
    later("Permission denied"),
    later("Operation not permitted"),
    later("Read-only file system"),
    later("Not a directory"),
    later("Is a directory"),
    later("No such file or directory"),
    later("File name too long"),
    later("Input/output error"),
    later("Too many open files"),
    later("Address already in use"),
)
"""What the system says of files, of those errors that befall users."""


def reason(error: Exception) -> str:
    """Why the system refused, in the language that is spoken; the message itself where it is none of the usual.

    >>> reason(OSError(28, "No space left on device"))
    'No space left on device'
    """
    said = getattr(error, "strerror", None) or " ".join(str(error).split())
    return _(said or type(error).__name__)


def whole(number: int) -> str:
    """A whole number as Vietnamese print it, the one way everywhere: dots between thousands.

    >>> whole(610000000), whole(-1200)
    ('610.000.000', '-1.200')
    """
    return f"{number:,}".replace(",", ".")


use()
