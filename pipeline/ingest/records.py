"""Files of many records with a text column: JSON Lines, CSV, Parquet. One document a record, streamed."""

import codecs
import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from itertools import chain
from typing import IO, Any

from pipeline.ingest.containers import seekable
from pipeline.ingest.text import check_text, decode_text, read_all
from pipeline.ingest.types import Blob, Found, Options, RawDocument, Reject, Unreadable
from pipeline.text.encodings import unfont


def member(number: int) -> str:
    """Name of the record of this number (from 1); padded, so that name order is record order."""
    return f"{number:08d}"


def read_jsonl(blob: Blob, options: Options) -> Iterator[Found]:
    """One JSON object a line. A bad line is a reject of its own and the next line is read.

    Raises:
        Unreadable: the file does not begin like JSON Lines.
    """
    head = blob.stream.peek(4096).removeprefix(codecs.BOM_UTF8).lstrip()  # type: ignore[attr-defined]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable("decode", "Utf16Json", "JSON Lines in UTF-16 are not read: JSON is UTF-8")
    if head and not head.startswith(b"{"):
        raise Unreadable("parse", "NotJsonLines", "the file is no JSON Lines: its first line is no object")
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


def _json_document(name: str, line: bytes, options: Options) -> RawDocument:
    text, encoding, warnings = _decoded(line, options)
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("parse", "BadJson", f"the line is no JSON: {error}") from error
    if not isinstance(record, dict):
        raise Unreadable("parse", "BadRecord", "the line is JSON, but no object")
    return document(name, record, encoding, options, warnings)


def _decoded(line: bytes, options: Options) -> tuple[str, str, tuple[str, ...]]:
    """Text, encoding and warnings of a line; of one in UTF-8 only the record's text needs a closer look."""
    if 0 not in line:
        with suppress(UnicodeDecodeError):
            return line.removeprefix(codecs.BOM_UTF8).decode(), "utf-8", ()
    return decode_text(line, options)


def read_csv(blob: Blob, options: Options) -> Iterator[Found]:
    """One row a document; the first row names the columns, the delimiter is told from it.

    Raises:
        Unreadable: no text column, or a field that never ends.
    """
    lines, encoding = _csv_lines(blob, options)
    first = next(lines, "")
    csv.field_size_limit(options.max_record_bytes)
    delimiter = max("\t;|,", key=first.count) if first.strip() else ","
    rows = csv.reader(chain([first], lines), delimiter=delimiter)
    try:
        header = [column.strip() for column in next(rows, [])]
        _check_columns(header, options)
        for number, row in enumerate(rows, 1):
            if len(row) != len(header) and any(row):
                message = f"the row has {len(row)} columns, the table has {len(header)}"
                yield Reject(f"{blob.name}!{member(number)}", "parse", "BadRow", message)
            elif any(row):
                yield _record(blob.name, number, dict(zip(header, row, strict=False)), encoding, options)
    except csv.Error as error:
        raise Unreadable("parse", "BadCsv", f"the table is damaged: {error}") from error


def _csv_lines(blob: Blob, options: Options) -> tuple[Iterator[str], str]:
    """Lines and encoding: UTF-8 is streamed, any other encoding is decoded as a whole within the limit."""
    head = blob.stream.peek(1 << 16)  # type: ignore[attr-defined]
    try:
        head[: head.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError:
        text, encoding, _ = decode_text(read_all(blob, options), options)
        return iter(text.splitlines(keepends=True)), encoding
    if b"\x00" in head:
        text, encoding, _ = decode_text(read_all(blob, options), options)
        return iter(text.splitlines(keepends=True)), encoding
    return _utf8_lines(blob.stream, options), "utf-8"


def _utf8_lines(stream: IO[bytes], options: Options) -> Iterator[str]:
    first = True
    while line := stream.readline(options.max_record_bytes + 1):
        if len(line) > options.max_record_bytes:
            raise Unreadable("parse", "RecordLimit", "a line longer than the limit is not read")
        text = line.decode("utf-8", "surrogateescape")  # a broken byte costs its record, not the table
        yield text.removeprefix("\ufeff") if first else text
        first = False


def read_parquet(blob: Blob, options: Options) -> Iterator[Found]:
    """One row a document, a few rows in memory at a time.

    Raises:
        Unreadable: no text column.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(seekable(blob, options), pre_buffer=False, buffer_size=1 << 20) as file:
        meta = file.metadata
        names = file.schema_arrow.names
        _check_columns(names, options)
        wanted = _wanted(options)
        number = 0
        for group in range(meta.num_row_groups):
            blob.budget.take_bytes(meta.row_group(group).total_byte_size)
            columns = [name for name in names if name.strip().lower() in wanted]
            for batch in file.iter_batches(64, row_groups=[group], columns=columns):
                for row in batch.to_pylist():
                    number += 1
                    yield _record(blob.name, number, row, "utf-8", options)


def _wanted(options: Options) -> set[str]:
    return {
        *options.text_columns,
        *options.title_columns,
        *options.date_columns,
        *options.author_columns,
        *options.url_columns,
    }


def _check_columns(names: Iterable[str], options: Options) -> None:
    if not {name.strip().lower() for name in names} & set(options.text_columns):
        known, found = ", ".join(options.text_columns), ", ".join(names)[:200]
        message = f"the table has no text column (looked for {known}; it has {found or 'none'})"
        raise Unreadable("parse", "NoTextColumn", message)


def _record(name: str, number: int, row: Mapping[str, Any], encoding: str, options: Options) -> RawDocument | Reject:
    source = f"{name}!{member(number)}"
    try:
        return document(source, row, encoding, options)
    except Unreadable as error:
        return Reject(source, error.stage, error.error, error.message)


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
    plain = unfont(with_title(title, body), encoding)
    check_text(plain.text, options)
    published = next((d for c in options.date_columns if (d := as_date(by_name.get(c)))), None)
    return RawDocument(
        source=name,
        text=plain.text,
        encoding=plain.encoding,
        title=title if plain.encoding == encoding or not title else unfont(title, "").text,
        byline=_text(by_name, options.author_columns),
        published=published,
        url=_text(by_name, options.url_columns),
        warnings=warnings,
    )


def with_title(title: str | None, body: str) -> str:
    """The headline as a line of its own above the body, unless the body has it near its beginning.

    >>> with_title("Tin", "Nội dung"), with_title("Tin", "Tin: nội dung")
    ('Tin\\nNội dung', 'Tin: nội dung')
    """
    return body if not title or stands_in(title, body) else f"{title}\n{body}"


def stands_in(title: str, body: str) -> bool:
    """Whether the first lines of a body hold the title, in any case and spacing."""
    words, head = title.casefold().split(), body[: len(title) + 600].casefold()
    return all(word in head for word in words) and " ".join(words) in " ".join(head.split())


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
