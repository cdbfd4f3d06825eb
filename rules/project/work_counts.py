"""Counted works without a kind word: "xây 03 cầu", "15 tỷ đồng để xây dựng 7 cây cầu dân sinh"."""

import re
from functools import cache

from rules.project.building import CLASSIFIER, COST, noun, verb
from rules.project.lexicon import alternatives, pattern, words
from rules.project.mention import Candidate
from rules.project.names import name_end, trim

_NEXT_PART = re.compile(r"[;:]")


def counted_before(text: str, first: int, at: int) -> Candidate | None:
    """Works counted behind a verb of building, before the sum at ``at``: "xây 03 cầu, mỗi cầu 400 triệu đồng"."""
    few = words("works", "countable")
    for m in _built_count().finditer(text, max(first, at - 120), at):
        between = text[m.end() : at]
        if _NEXT_PART.search(between) or (m["noun"].lower() not in few and not COST.search(between)):
            continue
        if c := _group(text, m, at):
            return c
    return None


def counted_item(text: str, first: int, at: int) -> Candidate | None:
    """A counted item of a list whose sum stands in a bracket: "gồm 6 đường giao thông nông thôn (19,4 tỷ đồng)"."""
    m = _count_in_list().search(text, max(first, at - 120), at)
    return _group(text, m, m.end("rest")) if m else None


def counted_line(text: str, begin: int, at: int) -> Candidate | None:
    """A line of a list that begins with a count: "- 06 cầu bê tông nhỏ, tổng cộng 1,9 tỷ đồng"."""
    m = _count_at_start().match(text, begin, at)
    return _group(text, m, at) if m else None


@cache
def _count_at_start() -> re.Pattern[str]:
    return re.compile(rf"(?P<count>\d{{1,3}})\s+{CLASSIFIER}(?P<noun>{_nouns()})", re.I)


def counted_after(text: str, after: int, last: int) -> Candidate | None:
    """Works on which the sum that ends at ``after`` is spent: "15 tỷ đồng để xây dựng 7 cây cầu dân sinh"."""
    m = _spent_on_count().match(text, after, last)
    return _group(text, m, last) if m else None


@cache
def _built_count() -> re.Pattern[str]:
    return pattern(
        rf"(?<!\w)(?:{verb()})\s+(?:{{built_links}}\s+)?(?P<count>\d{{1,3}})\s+{CLASSIFIER}(?P<noun>{_nouns()})",
        re.I,
    )


@cache
def _count_in_list() -> re.Pattern[str]:
    counted = rf"(?P<count>\d{{1,3}})\s+(?P<noun>{noun()})(?P<rest>[^,;:()\d]{{0,60}})"
    return pattern(rf"(?:[,;:]|(?<!\w){{before_count}})\s*{counted}\(\s*\Z", re.I)


@cache
def _spent_on_count() -> re.Pattern[str]:
    few = alternatives(words("works", "countable"))
    return pattern(rf"\s+(?:{{spent_on}}\s+)?(?:{verb()})\s+(?P<count>\d{{1,3}})\s+{CLASSIFIER}(?P<noun>{few})", re.I)


def _nouns() -> str:
    return alternatives(words("works", "countable") + words("works", "nouns"))


def _group(text: str, m: re.Match[str], limit: int) -> Candidate | None:
    """The group that ``m`` counts: its noun belongs to the name where a description follows it."""
    number = int(m["count"])
    if number < 2:
        return None
    name = trim(text, (m.start("noun"), name_end(text, m.start("noun"), limit)))
    described = len(text[slice(*name)].split()) > len(m["noun"].split())
    end = max(name[1], m.end("noun"))
    return Candidate(
        m.start("count"), end, "cong_trinh", "counted", "project.work.counted", name if described else None, number
    )
