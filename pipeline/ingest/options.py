"""What the command line says of reading -> :class:`pipeline.ingest.types.Options`."""

from dataclasses import replace

from pipeline.i18n import _
from pipeline.ingest.types import USUAL, Options

_NAMED = ("text", "title", "date", "author", "url")


def reading_options(ocr: str = "auto", columns: str = "", max_seconds: float = USUAL.max_seconds) -> Options:
    """The options of reading; ``columns`` are names as ``text=…,title=…``, the first that a table has counts.

    Raises:
        ValueError: it is written in another way; the message says in which it should be.

    >>> reading_options(columns="text=Tóm tắt,title=Tên").text_columns
    ('tóm tắt',)
    """
    found: dict[str, list[str]] = {}
    for part in filter(None, columns.split(",")):
        what, equals, name = part.partition("=")
        if what.strip().lower() not in _NAMED or not equals or not name.strip():
            raise ValueError(
                _(
                    "--columns is written text=NAME,title=NAME,date=NAME,author=NAME,url=NAME; not {part}",
                    part=repr(part),
                )
            )
        found.setdefault(what.strip().lower(), []).append(name.strip().lower())
    names = {f"{what}_columns": tuple(columns) for what, columns in found.items()}
    return replace(USUAL, ocr=ocr, max_seconds=max_seconds, **names)  # type: ignore[arg-type]
