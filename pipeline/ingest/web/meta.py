"""What a page's head says of the article: meta tags, JSON-LD, the address."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.ingest.records import as_date
from pipeline.ingest.web.words import is_person, is_site_name

_SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)\s*(https?://[^\s>]{4,2000}?)\s*-->", re.I)
_ARTICLES = frozenset(("Article", "NewsArticle", "ReportageNewsArticle", "BlogPosting", "Report", "WebPage"))
_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "title")
_DATES = (
    "article:published_time", "og:published_time", "datepublished", "pubdate", "publishdate", "publish-date", "dc.date",
    "dc.date.issued", "dcterms.created", "dcterms.issued", "date", "article:modified_time",
)  # fmt: skip
_AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator", "byl")
_BARS = re.compile(r"\s+[-–—|:»]\s+|\s*[|»]\s*")


@dataclass(slots=True)
class Head:
    """``titles`` are what the head names, best first."""

    titles: list[str] = field(default_factory=list)
    published: date | None = None
    author: str | None = None
    url: str | None = None


def head_of(tree: Any, html: str) -> Head:
    """The metadata of a parsed page. Never a site's own name as headline, nor "admin" as author."""
    metas = _metas(tree)
    records = list(_records(tree)) if "ld+json" in html else []
    site = metas.get("og:site_name", "").casefold()
    titles = [str(r[key]) for r in records for key in ("headline", "name") if isinstance(r.get(key), str)]
    titles += [metas[key] for key in _TITLES if metas.get(key)]
    node = tree.css_first("title")
    titles += _bare(node.text(strip=True), site) if node is not None else []
    dates = [r.get("datePublished") or r.get("dateCreated") for r in records] + [metas.get(key) for key in _DATES]

    def is_site(name: str) -> bool:
        return name.casefold() == site or is_site_name(name)

    authors = [name for r in records for name in _names(r.get("author"))] + [metas.get(key) for key in _AUTHORS]
    return Head(
        titles=[title for title in map(_clean, titles) if title and not is_site(title)],
        published=next((day for value in dates if (day := as_date(value))), None),
        author=next((a for a in map(_clean, authors) if is_person(a) and not is_site(a)), None),
        url=_url(tree, html, metas),
    )


def _clean(text: str | None) -> str:
    return " ".join((text or "").split())


def _bare(title: str, site: str) -> list[str]:
    """A page's title, whole and without the site's name before or behind it."""
    parts = [part.strip() for part in _BARS.split(title) if part.strip()]
    kept = [part for part in parts if not is_site_name(part) and part.casefold() != site]
    return [kept[0] if len(kept) == 1 else title] if len(kept) < len(parts) and kept else [title]


def _metas(tree: Any) -> dict[str, str]:
    """Name or property of each meta tag, in lower case, with its content; the first of a name counts."""
    found: dict[str, str] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content:
            found.setdefault(name.strip().lower(), content.strip())
    return found


def _records(tree: Any) -> Iterator[dict[str, Any]]:
    """The articles that JSON-LD describes."""
    for node in tree.css('script[type="application/ld+json"]'):
        try:
            stack = [json.loads(node.text() or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        for _ in range(200):
            if not stack:
                break
            item = stack.pop()
            if isinstance(item, list):
                stack += reversed(item)
            elif isinstance(item, dict):
                kinds = item.get("@type")
                if _ARTICLES & set(kinds if isinstance(kinds, list) else [str(kinds)]) and item.get("headline"):
                    yield item
                stack += [value for key, value in item.items() if key in ("@graph", "mainEntity")]


def _names(author: object) -> list[str]:
    authors = author if isinstance(author, list) else [author]
    names = [a.get("name") if isinstance(a, dict) else a for a in authors]
    return [name for name in names if isinstance(name, str)]


def _url(tree: Any, html: str, metas: dict[str, str]) -> str | None:
    node = tree.css_first('link[rel="canonical"]')
    canonical = (node.attributes.get("href") or "") if node is not None else ""
    saved = _SAVED.search(html[:4000])
    for url in (canonical, metas.get("og:url", ""), saved[1] if saved else ""):
        if url.strip().startswith(("http://", "https://")):
            return url.strip()
    return None
