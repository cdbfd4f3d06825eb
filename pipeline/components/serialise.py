"""Let a ``Doc`` carry its mentions through bytes: ``nlp.pipe(n_process=2)``, ``Doc.to_bytes``, ``DocBin``.

spaCy writes ``doc.user_data`` with msgpack, which knows no dataclasses, decimals, dates or tuples; these two functions
teach it ours. Nothing but the named classes is ever built from bytes.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import srsly

from rules.beneficiary import Beneficiary
from rules.layout import Cell, Layout, Table
from rules.link import Links, Record
from rules.money import Amount
from rules.place import Place
from rules.project import Project

_MARK = "__trichluc__"
_CLASSES = {cls.__name__: cls for cls in (Amount, Beneficiary, Cell, Layout, Links, Place, Project, Record, Table)}
_VALUES: dict[str, Callable[[Any], Any]] = {"Decimal": Decimal, "date": date.fromisoformat, "tuple": tuple}

Chain = Callable[[Any], Any]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal | date):
        return {_MARK: type(value).__name__, "value": str(value)}
    if isinstance(value, tuple):
        return {_MARK: "tuple", "value": [_plain(item) for item in value]}
    if is_dataclass(value) and type(value).__name__ in _CLASSES:
        return {_MARK: type(value).__name__, "value": [_plain(getattr(value, f.name)) for f in fields(value) if f.init]}
    return value


@srsly.msgpack_encoders("trichluc")
def encode(value: Any, chain: Chain | None = None) -> Any:
    """A mention, layout or link table as plain containers; anything else goes on along the chain."""
    plain = _plain(value)
    if plain is not value:
        return plain
    return chain(value) if chain else value


@srsly.msgpack_decoders("trichluc")
def decode(value: Any, chain: Chain | None = None) -> Any:
    """The inverse of :func:`encode`.

    >>> decode({"__trichluc__": "Decimal", "value": "1.50"})
    Decimal('1.50')
    """
    if isinstance(value, dict) and _MARK in value:
        name, inner = value[_MARK], value["value"]
        return _CLASSES[name](*inner) if name in _CLASSES else _VALUES[name](inner)
    return chain(value) if chain else value
