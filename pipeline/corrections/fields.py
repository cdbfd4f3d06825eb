"""What can be corrected in each table, and how a row is found again after another run."""

from collections.abc import Iterable

from pipeline.i18n import _
from pipeline.tables.schema import FACTS

FIELDS: dict[str, tuple[str, ...]] = {
    "amounts": ("value", "qualifier", "role", "project_id"),
    "projects": (
        "name",
        "kind",
        "programme",
        "year",
        "n_projects",
        "n_beneficiaries",
        "total_vnd",
        "support_vnd",
        "counterpart_vnd",
        "parent_id",
    ),
    "beneficiaries": ("kind", "count", "name", "project_id"),
    "locations": ("level", "name", "code", "project_id"),
}
"""Table -> columns that a person may correct."""

LINKS = frozenset({"project_id", "parent_id"})
"""Columns that lead to an undertaking."""

DELETE = "delete"
"""Correction of a row that is no fact at all."""

SENTENCES = "sentences"
"""In place of a table in verdicts on sentences without a fact: ``right`` where nothing was missed in it."""

VERDICTS = ("right", "wrong", "corrected", "missed")


def check_table(table: str) -> None:
    """Raises ``ValueError`` unless ``table`` holds facts."""
    if table not in FACTS:
        raise ValueError(wrong_value("table", table, FACTS))


def wrong_value(name: str, value: object, allowed: Iterable[str]) -> str:
    """What is said of a value that is none of those allowed."""
    return _("{name} is {value}: choose one of {names}", name=name, value=repr(value), names=", ".join(allowed))
