"""HTML pages: the article with its headline, author, date and tables, without menus, boxes, comments and counters."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pipeline.ingest.records import as_date, with_title
from pipeline.ingest.text import check_text, read_all
from pipeline.ingest.types import TABLE_MARK, Blob, Found, Options, RawDocument, RawTable, Unreadable
from pipeline.ingest.web import fonts, meta, tree
from pipeline.ingest.web.article import Article, is_index
from pipeline.ingest.web.words import Mark, is_chrome_line, is_person, is_result_list, is_signature
from pipeline.text.dateline import date_alone, find_day, signed_date
from pipeline.text.encodings import Decoded, UndecodableError, decode, unfont

_ARTICLE = 80  # characters of prose: with less, a page that has menus has no article
_TEASER = 300  # the same, where the headline is a link, as above the beginning of an article


def read(blob: Blob, options: Options) -> Iterator[Found]:
    """The article of one page."""
    data = read_all(blob, replace(options, max_document_bytes=options.max_record_bytes))
    if not data.strip(b"\x00"):
        raise Unreadable("decode", "OnlyZeros", "the file holds nothing but zero bytes")
    yield article(blob.name, decode_page(data), options)


def decode_page(data: bytes) -> Decoded:
    """Decode a page; a broken byte in a menu must not cost the article, so what is broken is replaced."""
    try:
        return decode(data, keep_fonts=True)
    except UndecodableError:
        return Decoded(data.decode("utf-8", "replace"), "utf-8", ("bytes that are no UTF-8 were replaced",))


def article(name: str, page: Decoded, options: Options) -> RawDocument:
    """The main text of a decoded page with its metadata and its tables of data.

    Raises:
        Unreadable: ``NoText``, there is no text in the page; ``NoArticle``, it is a list of other pages, a search's
            results, or the empty frame of a site.
    """
    opened, encoding = _open(page)
    if not opened.page.blocks:
        raise Unreadable("parse", "NoText", "there is no text in the page")
    found = Article(opened.page, opened.head.titles)
    _check_article(found)
    signs = _signs(found)
    text, tables = _text(found, signs)
    title = opened.page.blocks[found.headline].text if found.headline is not None else None
    title = title or next(iter(opened.head.titles), None)
    document = RawDocument(
        source=name,
        text=with_title(title, text),
        encoding=encoding,
        title=title,
        byline=signs.author or opened.head.author,
        published=signs.published or opened.head.published,
        url=opened.head.url,
        warnings=page.warnings,
        tables=tuple(tables),
    )
    return _checked(document, options)


def message(name: str, page: Decoded, options: Options) -> RawDocument:
    """The text of a mail's body: a page that was saved or sent, or all of what somebody wrote.

    Raises:
        Unreadable: there is no text in the page.
    """
    try:
        return article(name, page, options)
    except Unreadable as error:
        if error.error != "NoArticle":
            raise
    opened, encoding = _open(page)
    found = Article.whole(opened.page)
    text, tables = _text(found, _Signs())
    title = next(iter(opened.head.titles), None)
    return _checked(
        RawDocument(name, text, encoding, title, url=opened.head.url, warnings=page.warnings, tables=tuple(tables)),
        options,
    )


@dataclass(slots=True)
class _Opened:
    page: tree.Page
    head: meta.Head


def _open(page: Decoded) -> tuple[_Opened, str]:
    """The page's blocks in Unicode with its metadata, and its encoding."""
    html = page.text.replace("\x00", "").replace(TABLE_MARK, " ")
    parsed = tree.parse(html)
    blocks = tree.read(parsed)
    font = fonts.convert(blocks, parsed) if fonts.are_named(blocks, parsed) else None
    tree.finish(blocks)
    head = meta.head_of(parsed, html)
    head.titles = [unfont(title, "").text for title in head.titles]
    return _Opened(blocks, head), font or page.encoding


def _checked(document: RawDocument, options: Options) -> RawDocument:
    """The document with text in old fonts, where no font said so, read by how it reads."""
    check_text(document.text, options)
    plain = unfont(document.text, document.encoding)
    encoding = plain.encoding if plain.encoding != "utf-8" else document.encoding
    return replace(document, text=plain.text, encoding=encoding)


def _check_article(found: Article) -> None:
    page = found.page
    if not found.has_menus and found.shown:
        return
    blocks = [page.blocks[n] for n in found.blocks]
    head = page.blocks[found.headline] if found.headline is not None else None
    least = _TEASER if head and 2 * head.links > len(head.text) else _ARTICLE
    if sum(block.prose for block in blocks) < least and not any(n in found.tables[0] for n in found.blocks):
        raise Unreadable("parse", "NoArticle", "the page has menus, but no article")
    if is_result_list(block.text for block in blocks[:6]) or is_index(found):
        raise Unreadable("parse", "NoArticle", "the page lists other pages; it holds no article")


@dataclass(slots=True)
class _Signs:
    """What the page prints of date and author."""

    published: date | None = None
    author: str | None = None
    signature: tuple[int, ...] = ()
    """blocks with an author or a source behind the text"""


def _signs(found: Article) -> _Signs:
    blocks, role = found.page.blocks, found.role
    inside = found.blocks
    places = [*inside[1:7], *found.before, *inside[-3:], *found.after]
    day = next((d for n in places if n not in found.tables[0] and (d := _day(found, n))), None)
    authors = [n for n in [*inside, *found.after, *found.before] if role(n).mark & Mark.AUTHOR]
    names = (_name(blocks[n].text) for n in authors)
    author = next((name for name in names if name), None)
    signed = [
        n
        for n in found.after
        if n not in inside
        and len(blocks[n].text) <= 120
        and (role(n).mark & (Mark.AUTHOR | Mark.SOURCE) or is_signature(blocks[n].text))
    ]
    return _Signs(day, author, tuple(signed))


def _day(found: Article, number: int) -> date | None:
    """The date that a block prints, where it is one of the page's own date."""
    text, role = found.page.blocks[number].text, found.role(number)
    if len(text) > 150:
        return None
    if day := date_alone(text):
        return day
    if role.mark & Mark.DATE or any("datetime" in a for a in role.attributes):
        if day := next((d for a in role.attributes if (d := as_date(a.get("datetime")))), None):
            return day
        printed = find_day(text)
        return printed[0] if printed else None
    signed = signed_date(text)
    return signed[0] if signed else None


def _name(text: str) -> str | None:
    """The author's name on a line "Tác giả: …"."""
    name = text.rpartition(":")[2].strip() if ":" in text[:20] else text.strip()
    return name if 2 <= len(name) <= 60 and is_person(name) and not find_day(name) else None


def _text(found: Article, signs: _Signs) -> tuple[str, list[RawTable]]:
    """The lines of the blocks, and a mark where a table of data stands."""
    blocks = found.page.blocks
    places, tables = found.tables
    lines: list[str] = []
    told: list[int] = []
    for n in [*found.blocks, *signs.signature]:
        if (table := places.get(n)) is not None:
            if table not in told:
                lines.append(f"{TABLE_MARK}{len(told)}")
                told.append(table)
        elif n == found.headline or not is_chrome_line(blocks[n].text):
            lines.append(blocks[n].bullet + blocks[n].text)
    return "\n".join(lines), [tables[table] for table in told]
