"""Files of many records with a text column: JSON Lines, CSV, Parquet. One document a record, streamed."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from .text import check_text, decode_text
from .types import Blob, Found, Options, RawDocument, Reject, Unreadable


def member(number: int) -> str:
    """Name of the record of this number (from 1); padded, so that name order is record order."""
    return f"{number:08d}"


def read_jsonl(blob: Blob, options: Options) -> Iterator[Found]:
    """One JSON object a line. A bad line is a reject of its own and the next line is read."""
    number = 0
    while line := blob.stream.readline(options.max_record_bytes + 1):
        number += 1
        name = f"{blob.name}!{member(number)}"
        if len(line) > options.max_record_bytes and not line.endswith(b"\n"):
            while (rest := blob.stream.readline(1 << 20)) and not rest.endswith(b"\n"):
                pass
            yield Reject(name, "parse", "RecordLimit", "a line longer than the limit is not read")
        elif line.strip():
            try:
                yield _json_document(name, line, options)
            except Unreadable as error:
                yield Reject(name, error.stage, error.error, error.message)
    if not number:
        raise Unreadable("parse", "Empty", "the file is empty")


def _json_document(name: str, line: bytes, options: Options) -> RawDocument:
    text, encoding, warnings = decode_text(line, options)
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("parse", "BadJson", f"the line is no JSON: {error}") from error
    if not isinstance(record, dict):
        raise Unreadable("parse", "BadRecord", "the line is JSON, but no object")
    return document(name, record, encoding, options, warnings)


def document(
    name: str, record: Mapping[str, Any], encoding: str, options: Options, warnings: tuple[str, ...] = ()
) -> RawDocument:
    """The document of one record.

    Raises:
        Unreadable: no text column, or nothing in it.
    """
    by_name = {str(key).strip().lower(): value for key, value in record.items()}
    body = _text(by_name, options.text_columns)
    if body is None:
        known = ", ".join(options.text_columns)
        raise Unreadable("parse", "NoTextColumn", f"no text in the record (looked for {known})")
    title = _text(by_name, options.title_columns)
    text = with_title(title, body)
    check_text(text, options)
    published = next((d for c in options.date_columns if (d := as_date(by_name.get(c)))), None)
    return RawDocument(
        source=name,
        text=text,
        encoding=encoding,
        title=title,
        byline=_text(by_name, options.author_columns),
        published=published,
        url=_text(by_name, options.url_columns),
        warnings=warnings,
    )


def with_title(title: str | None, body: str) -> str:
    """The headline as a line of its own above the body, unless the body begins with it.

    >>> with_title("Tin", "Nội dung"), with_title("Tin", "Tin: nội dung")
    ('Tin\\nNội dung', 'Tin: nội dung')
    """
    return body if not title or body.lstrip().startswith(title) else f"{title}\n{body}"


def _text(record: Mapping[str, Any], columns: tuple[str, ...]) -> str | None:
    values = (record.get(column) for column in columns)
    return next((value.strip() for value in values if isinstance(value, str) and value.strip()), None)


def as_date(value: object) -> date | None:
    """The day of a date, a timestamp or an ISO 8601 string; None for anything else.

    >>> as_date("2023-11-05T08:00:00Z"), as_date("5 tháng 11")
    (datetime.date(2023, 11, 5), None)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip()[:10])
        except ValueError:
            return None
    return None
