"""The rules as spaCy pipeline components.

Each factory is declared as an entry point, so they work in any program::

    nlp = spacy.blank("vi")
    nlp.add_pipe("trichluc_amounts")
    doc = nlp("Tổng kinh phí trên 1,75 tỷ đồng.")
    doc.spans["amounts"][0]._.mention.value      # Decimal('1750000000')

A component leaves two things behind: a ``SpanGroup`` (``doc.spans["amounts"]``), whose spans are widened to whole
tokens and labelled with the role, level or kind, and the exact mentions (``doc._.amounts``), whose offsets are code
points of ``doc.text``. ``span._.mention`` leads from the one to the other.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from pipeline.components import serialise as serialise  # registers how mentions travel in bytes
from pipeline.components.tokenise import layout_of, words_of
from pipeline.extraction import STEPS
from rules.facts import Facts

GROUPS = ("amounts", "locations", "projects", "beneficiaries")
"""The span groups, named like the tables of the contract."""

Component = Callable[[Doc], Doc]


def _key(group: str) -> str:
    return f"trichluc.{group}"


def mentions(doc: Doc, group: str) -> list[Any]:
    """The mentions that the component of ``group`` found, in text order; none where it did not run."""
    found = doc.user_data.get(_key(group), [])
    assert isinstance(found, list)
    return found


def facts_of(doc: Doc) -> Facts:
    """All that the components found, as the batch knows it."""
    found: dict[str, Any] = {group: mentions(doc, group) for group in GROUPS}
    return Facts(layout=layout_of(doc), words=words_of(doc), links=doc._.links, **found)


def _keep(doc: Doc, group: str, found: Sequence[Any], label: str) -> Doc:
    doc.user_data[_key(group)] = list(found)
    spans = []
    for index, mention in enumerate(found):
        span = doc.char_span(
            mention.start,
            mention.end,
            label=getattr(mention, label),
            alignment_mode="expand",
            span_id=f"{group}:{index}",
        )
        if span is not None:
            spans.append(span)
    doc.spans[group] = SpanGroup(doc, name=group, spans=spans)
    return doc


def _component(group: str) -> Component:
    """The step of this name over a ``Doc``, which uses what the components before it found."""

    def component(doc: Doc) -> Doc:
        found = {name: mentions(doc, name) for name in GROUPS}
        return _keep(doc, group, STEPS[group](layout_of(doc), found), _LABELS[group])

    return component


@Language.factory("trichluc_amounts", assigns=["doc.spans"])
def amounts(nlp: Language, name: str) -> Component:  # noqa: ARG001 (spaCy passes both)
    """Sums of money with value, qualifier and role."""
    return _component("amounts")


@Language.factory("trichluc_places", assigns=["doc.spans"])
def places(nlp: Language, name: str) -> Component:  # noqa: ARG001
    """Administrative units, resolved to their official codes."""
    return _component("locations")


@Language.factory("trichluc_projects", assigns=["doc.spans"])
def projects(nlp: Language, name: str) -> Component:  # noqa: ARG001
    """Undertakings; uses the sums and places found before it, where there are any."""
    return _component("projects")


@Language.factory("trichluc_beneficiaries", assigns=["doc.spans"])
def beneficiaries(nlp: Language, name: str) -> Component:  # noqa: ARG001
    """Receivers, counted or named."""
    return _component("beneficiaries")


@Language.factory("trichluc_links", requires=["doc.spans"])
def links(nlp: Language, name: str) -> Component:  # noqa: ARG001
    """Ties sums, receivers and places to the undertaking that governs them."""

    def component(doc: Doc) -> Doc:
        found = {group: mentions(doc, group) for group in GROUPS}
        doc.user_data[_key("links")] = STEPS["links"](layout_of(doc), found)
        return doc

    return component


@Language.factory("trichluc_tables", requires=["doc.spans"])
def tables(nlp: Language, name: str) -> Component:  # noqa: ARG001
    """Lays the facts of the report's tables beside those of its prose."""

    def component(doc: Doc) -> Doc:
        found = {group: mentions(doc, group) for group in GROUPS} | {"links": doc._.links}
        joined = STEPS["tables"](layout_of(doc), found)
        if joined is not None:
            for group, label in _LABELS.items():
                _keep(doc, group, getattr(joined, group), label)
            doc.user_data[_key("links")] = joined.links
        return doc

    return component


_LABELS = {"amounts": "role", "locations": "level", "projects": "kind", "beneficiaries": "kind"}
"""Of each group the attribute that labels its spans."""

PIPES = (
    "trichluc_amounts",
    "trichluc_places",
    "trichluc_projects",
    "trichluc_beneficiaries",
    "trichluc_links",
    "trichluc_tables",
)
"""The whole pipeline, in the order in which ``pipeline.load`` adds it."""


def _mention_of(span: Span) -> Any:
    group, _, index = span.id_.partition(":")
    return mentions(span.doc, group)[int(index)] if index else None


for _group in GROUPS:
    Doc.set_extension(_group, getter=partial(mentions, group=_group), force=True)
Doc.set_extension("links", getter=lambda doc: doc.user_data.get(_key("links")), force=True)
Doc.set_extension("layout", getter=layout_of, force=True)
Span.set_extension("mention", getter=_mention_of, force=True)
