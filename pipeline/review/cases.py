"""Corrections become test cases: a passage, a mention in it, and what must come out.

A case holds the smallest passage (sentence, paragraph, report) in which the rules still make the mistake; where they
make it no longer, the smallest in which they are right. A failing case is a strict known failure: the test suite says
so when a better rule makes it pass.
"""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
from spacy.tokens import Doc

import pipeline
from pipeline.corrections.fields import DELETE, LINKS
from pipeline.corrections.overlay import rows
from pipeline.view.reports import of_doc
from rules.layout import Span

CASES = Path("tests/cases/review.toml")
_HEAD = """\
# Facts that people corrected. `text` is a passage, `mention` a fact in it (the `nth` where it is there again, from
# 0), `expect` what must come out in `table`: columns of the contract, "" for missing; `project` is the text of the
# undertaking; `absent`: no fact at all. `xfail` marks a known failure with its reason. Written by
# pipeline.review.to_cases; free to be edited by hand.
"""

Case = dict[str, Any]


def to_cases(out: str | Path, path: str | Path = CASES, nlp: Callable[[str], Doc] | None = None) -> list[Case]:
    """Append the corrections of ``out`` to the cases in ``path`` and return the new ones; known ones stay."""
    path = Path(path)
    known = {_identity(case) for case in load(path)}
    nlp = nlp or pipeline.load()
    fresh = [case for case in _cases(out, nlp) if _identity(case) not in known]
    if fresh:
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text("utf-8") if path.exists() else _HEAD
        path.write_text(before + "".join(_toml(case) for case in fresh), "utf-8")
    return fresh


def load(path: str | Path = CASES) -> list[Case]:
    """The cases of a file; none where there is no file."""
    path = Path(path)
    cases: list[Case] = tomllib.loads(path.read_text("utf-8")).get("case", []) if path.exists() else []
    return cases


def failure(case: Mapping[str, Any], nlp: Callable[[str], Doc]) -> str | None:
    """What the rules make of the case other than expected; ``None`` where they are right."""
    report = of_doc(nlp(case["text"]))
    start = _position(case["text"], case["mention"], case.get("nth", 0))
    end = start + len(case["mention"])
    found = next((r for r in report.facts[case["table"]] if r["start"] < end and start < r["end"]), None)
    if case.get("absent"):
        return None if found is None else f"{found['text']!r} is found"
    if found is None:
        return f"{case['mention']!r} is not found"
    projects = {row["project_id"]: row["text"] for row in report.facts["projects"]}
    link = "parent_id" if case["table"] == "projects" else "project_id"
    for column, wanted in case["expect"].items():
        got = projects.get(found[link], "") if column == "project" else found[column]
        if not _same(column, wanted, got):
            return f"{column} is {_plain(got)!r}, not {wanted!r}"
    return None


def _same(column: str, wanted: Any, got: Any) -> bool:
    if column == "project":
        return bool(wanted == got or (wanted and got and (wanted in got or got in wanted)))
    if wanted == "" or got is None:
        return got is None and wanted == ""
    return bool(got == (Decimal(str(wanted)) if isinstance(got, Decimal) else wanted))


def _plain(value: Any) -> Any:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _cases(out: str | Path, nlp: Callable[[str], Doc]) -> Iterator[Case]:
    for entry in rows(out):
        text = _text(out, entry["doc_id"])
        if text is None:
            continue
        case = _case(entry)
        passages = [
            _case_in(case, text, span, entry["start"]) for span in _passages(text, entry["start"], entry["end"])
        ]
        failing = ((passage, why) for passage in passages if (why := failure(passage, nlp)))
        wrong = next(((passage, why) for passage, why in failing if _as_before(passage, entry, nlp)), None)
        if wrong:
            passage, why = wrong
            yield passage | {"xfail": why}
            continue
        right = next((passage for passage in passages if failure(passage, nlp) is None), None)
        if right:
            yield right
        else:
            yield passages[-1] | {"xfail": failure(passages[-1], nlp)}


def _as_before(passage: Case, entry: Mapping[str, Any], nlp: Callable[[str], Doc]) -> bool:
    """Whether the rules make the very mistake that was corrected, so that the passage shows it and no other."""
    if DELETE in entry["correction"]:
        return True
    row = entry["row"]
    old = {column: row.get(column) for column in entry["correction"] if column not in LINKS}
    old = {column: "" if value is None else value for column, value in old.items()}
    return failure(passage | {"expect": old}, nlp) is None


def _case(entry: Mapping[str, Any]) -> Case:
    correction = entry["correction"]
    expect: dict[str, Any] = {}
    for column, value in correction.items():
        if column in LINKS:
            expect["project"] = value["text"] if value else ""
        elif column != DELETE:
            expect[column] = "" if value is None else value
    case: Case = {"table": entry["table"], "mention": entry["text"]}
    case |= {"absent": True} if DELETE in correction else {"expect": expect}
    return case | {"source": f"{entry['row'].get('source')}, {entry['reviewer']}, {entry['time'][:10]}"}


def _case_in(case: Case, text: str, span: Span, start: int) -> Case:
    passage = text[slice(*span)]
    nth = passage[: start - span[0]].count(case["mention"])
    return {"text": passage} | case | ({"nth": nth} if nth else {})


def _passages(text: str, start: int, end: int) -> Iterator[Span]:
    from pipeline.text.segment import segment

    layout = segment(text)
    first, last = layout.sentences[layout.sentence_at(start)], layout.sentences[layout.sentence_at(end - 1)]
    yield first[0], last[1]
    above, below = layout.paragraphs[layout.paragraph_at(start)], layout.paragraphs[layout.paragraph_at(end - 1)]
    if (above[0], below[1]) != (first[0], last[1]):
        yield above[0], below[1]
    yield 0, len(text)


def _position(text: str, mention: str, nth: int) -> int:
    position = -1
    for _ in range(nth + 1):
        position = text.index(mention, position + 1)
    return position


def _text(out: str | Path, doc_id: str) -> str | None:
    rows = ds.dataset(Path(out) / "documents").to_table(["text"], filter=ds.field("doc_id") == doc_id).to_pylist()
    return rows[0]["text"] if rows else None


def _identity(case: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        case["table"],
        case["mention"],
        case.get("nth", 0),
        json.dumps(case.get("expect"), sort_keys=True),
        case["text"],
    )


def _toml(case: Case) -> str:
    """One case as TOML; JSON's strings are TOML's basic strings.

    >>> print(_toml({"text": "a", "expect": {"role": "total"}, "absent": True}))
    <BLANKLINE>
    [[case]]
    text = "a"
    expect = { role = "total" }
    absent = true
    <BLANKLINE>
    """
    lines = [f"{name} = {_literal(value)}" for name, value in case.items()]
    return "\n[[case]]\n" + "\n".join(lines) + "\n"


def _literal(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_literal(item)}" for name, item in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
