"""Files of many records with a text column: JSON Lines, CSV, Parquet. One document a record, streamed."""

import codecs
import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from itertools import chain, dropwhile, islice
from typing import IO, Any

from pipeline.ingest.containers import seekable
from pipeline.ingest.sheets import Sheet, documents, parts
from pipeline.ingest.text import check_text, decode_text, read_all
from pipeline.ingest.types import COLUMNS, Blob, Found, Options, RawCell, RawDocument, Reject, Unreadable
from pipeline.text.encodings import unfont

_HEAD_LINES = 20
_NAMED = 4
_ROWS = 4  # of Parquet at a time: each may be as long as its file unpacks to
_ROW = 512  # bytes that a record inside something compressed is worth, besides its text
_COLUMN_NAMES = frozenset(name for names in COLUMNS.values() for name in names)
_DAY = re.compile(r"\s*(\d{1,2})([/.-])(\d{1,2})\2(\d{4})\b")


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
            blob.budget.take_bytes(_ROW if blob.depth else 0)
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
    """One row a document, where a column is named as text; else a table of undertakings, as one document or some.

    The delimiter is told from the first lines, the columns' names from the first row.

    Raises:
        Unreadable: neither text nor words of a table of undertakings in the header, or a field that never ends.
    """
    lines, encoding = _csv_lines(blob, options)
    head = list(islice(lines, _HEAD_LINES))
    if head and re.fullmatch(r"sep=.\s*", head[0]):
        del head[0]  # for Excel
    csv.field_size_limit(options.max_record_bytes)
    rows = csv.reader(chain(head, lines), delimiter=_delimiter(head))
    try:
        top = list(islice(rows, _HEAD_LINES))
        header = [column.strip() for column in next((row for row in top if any(row)), [])]
        if _is_table(top, header, options):
            yield from _csv_table(blob.name, chain(top, rows), encoding, options)
            return
        _check_columns(header, options)
        started = dropwhile(lambda row: not any(row), chain(top, rows))
        next(started, None)
        for number, row in enumerate(started, 1):
            if len(row) != len(header) and any(row):
                message = f"the row has {len(row)} columns, the table has {len(header)}"
                yield Reject(f"{blob.name}!{member(number)}", "parse", "BadRow", message)
            elif any(row):
                yield _record(blob.name, number, dict(zip(header, row, strict=False)), encoding, options)
    except csv.Error as error:
        raise Unreadable("parse", "BadCsv", f"the table is damaged: {error}") from error


def _delimiter(lines: Sequence[str]) -> str:
    """The sign that parts the columns: that of a first line with names of columns, else the one most lines have.

    >>> _delimiter(["HỘI NÔNG DÂN", "STT;Tên dự án;Vốn", '1;"Nuôi bò, dê, gà";1.020'])
    ';'
    """
    bare = [re.sub(r'"[^"]*"', "", line) for line in lines]
    first = max("\t;|,", key=(lines[0] if lines else "").count)
    if lines and set(map(_column_name, lines[0].split(first))) & _COLUMN_NAMES:
        return first
    return max("\t;|,", key=lambda sign: (sum(sign in line for line in bare), sum(line.count(sign) for line in bare)))


def _column_name(name: str) -> str:
    return name.strip('\ufeff" \r\n').lower()


def _is_table(top: Iterable[list[str]], header: Iterable[str], options: Options) -> bool:
    """Whether the first rows are those of a table of undertakings and not of a list of reports."""
    names = {name.lower() for name in header}
    about = {*options.title_columns, *options.date_columns, *options.author_columns, *options.url_columns}
    is_list = bool(names & set(options.text_columns))
    if is_list and (names & about or not _has_word(names, COLUMNS["money"])):
        return False
    return any(sum(map(bool, row)) > 2 and _has_word([cell.lower() for cell in row], COLUMNS["facts"]) for row in top)


def _has_word(cells: Iterable[str], words: list[str]) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", cell) for cell in cells for word in words)


def _csv_table(name: str, rows: Iterable[list[str]], encoding: str, options: Options) -> Iterator[Found]:
    def cells() -> Iterator[dict[int, RawCell]]:
        for number, row in enumerate(rows):
            yield {i: RawCell(text.strip(), number, i) for i, text in enumerate(row) if text.strip()}

    yield from documents(name, parts([Sheet("", cells())]), encoding, options)


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

    What comes out counts as unpacked: a value that is written once may stand in millions of rows.

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
            for batch in file.iter_batches(_ROWS, row_groups=[group], columns=columns):
                for row in batch.to_pylist():
                    number += 1
                    blob.budget.take_bytes(_ROW + sum(len(value) for value in row.values() if isinstance(value, str)))
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
        known, found = _first_of(options.text_columns), ", ".join(names)[:200]
        message = f"the table has no text column (looked for {known}; it has {found or 'none'})"
        raise Unreadable("parse", "NoTextColumn", message)


def _first_of(columns: tuple[str, ...]) -> str:
    return ", ".join(columns[:_NAMED]) + (" …" if len(columns) > _NAMED else "")


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
        known = _first_of(options.text_columns)
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
    """The day of a date, a timestamp, an ISO 8601 string or a day before month and year; None for anything else.

    >>> as_date("2023-11-05T08:00:00Z"), as_date("5/11/2023 08:00"), as_date("5 tháng 11")
    (datetime.date(2023, 11, 5), datetime.date(2023, 11, 5), None)
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        day = _DAY.match(value)
        try:
            return date(int(day[4]), int(day[3]), int(day[1])) if day else date.fromisoformat(value.strip()[:10])
        except ValueError:
            return None
    return None
