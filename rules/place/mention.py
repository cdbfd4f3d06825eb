"""What the place rules hand on: one mention of an administrative unit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One mention of an administrative unit, found and resolved.

    ``start`` and ``end`` are code-point offsets, ``text`` is the text between them, type word included
    (``huyện Tân Lạc``). ``level`` is ``province``, ``district`` or ``commune``. ``status`` is ``resolved``,
    ``ambiguous`` (``candidates`` holds the codes) or ``unknown`` (no unit of the lists, or one that has ended:
    ``code`` is None, ``name`` is the printed name with its type word written out). ``province_*`` is the province
    of the 63, ``current_*`` the smallest unit that holds the whole place since 1 July 2025.
    """

    start: int
    end: int
    text: str
    level: str
    name: str | None
    code: str | None
    province_code: str | None
    province_name: str | None
    current_code: str | None
    current_name: str | None
    current_province_code: str | None
    current_province_name: str | None
    status: str
    candidates: tuple[str, ...]
    rule: str
