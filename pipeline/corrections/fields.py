"""What can be corrected in each table, and how a row is found again after another run."""

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
        raise ValueError(f"table is {table!r}: choose one of {', '.join(FACTS)}")
