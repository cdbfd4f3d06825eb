"""The tables for other programs: spreadsheets, annotation tools, databases, training."""

from importlib import import_module
from pathlib import Path

FORMATS = {
    "csv": ("pipeline.export.csv", "a folder with one file a table"),
    "xlsx": ("pipeline.export.xlsx", "one Excel workbook"),
    "jsonl": ("pipeline.export.jsonl", "one line a document, its facts inside"),
    "brat": ("pipeline.export.brat", "a folder for the brat annotation tool"),
    "labelstudio": ("pipeline.export.labelstudio", "tasks with pre-annotations for Label Studio"),
    "duckdb": ("pipeline.export.duckdb", "one DuckDB database"),
    "spacy": ("pipeline.export.docbin", "a DocBin, for those who train models"),
}
"""Format -> (module, what it makes). Each module has ``write(out, target) -> Path``."""

FILES = {
    "xlsx": "trichluc.xlsx",
    "jsonl": "trichluc.jsonl",
    "duckdb": "trichluc.duckdb",
    "spacy": "trichluc.spacy",
}
"""File that a format writes in ``OUT/export`` by default; the others write a folder of their name."""


class ExportError(Exception):
    """Nothing was exported; the message says what to do."""


def export(out: Path, to: str, target: Path | None = None) -> Path:
    """Write the tables under ``out`` in the format ``to`` (a key of :data:`FORMATS`) and return where.

    Raises :class:`ExportError` where ``out`` holds no tables, the format is unknown, or a package for it is missing.
    """
    if to not in FORMATS:
        raise ExportError(f"no format {to!r}: choose one of {', '.join(FORMATS)}")
    if not (out / "documents").is_dir():
        raise ExportError(f"{out} holds no tables: name the --out folder of `trichluc run`")
    target = target or out / "export" / FILES.get(to, to)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        module = import_module(FORMATS[to][0])
    except ModuleNotFoundError as error:
        raise ExportError(f"{to} needs the package {error.name}: pip install 'trichluc[notebook]'") from None
    written: Path = module.write(out, target)
    return written
