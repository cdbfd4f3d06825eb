"""The tables for other programs: spreadsheets, annotation tools, databases, training."""

import errno
from importlib import import_module
from pathlib import Path

from pyarrow import ArrowException

from pipeline.extras import how_to_install
from pipeline.i18n import _, reason
from pipeline.writing import complete, refuse_links

FORMATS = {
    "csv": ("pipeline.export.csv", "a folder with one file a table"),
    "xlsx": ("pipeline.export.xlsx", "one Excel workbook"),
    "jsonl": ("pipeline.export.jsonl", "one line a document, its facts inside"),
    "brat": ("pipeline.export.brat", "a folder for the brat annotation tool"),
    "labelstudio": ("pipeline.export.labelstudio", "tasks with pre-annotations for Label Studio"),
    "duckdb": ("pipeline.export.duckdb", "one DuckDB database"),
    "spacy": ("pipeline.export.docbin", "a DocBin, for those who train models"),
}
"""Format -> (module, what it makes). Each module has ``write(out, target)``, and ERRORS, what its library raises
besides `OSError` where it cannot write."""

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

    It appears under its name when all of it is written; in a folder that is there, other files stay.

    Raises :class:`ExportError` where ``out`` holds no tables, the format is unknown, a package for it is missing,
    ``target`` is a file of another kind, or it cannot be written.
    """
    if to not in FORMATS:
        raise ExportError(_("no format {format}: choose one of {names}", format=repr(to), names=", ".join(FORMATS)))
    if not (out / "documents").is_dir():
        raise ExportError(_("{out} holds no tables: name the --out folder of `trichluc run`", out=out))
    target = target or out / "export" / FILES.get(to, to)
    try:
        module = import_module(FORMATS[to][0])
    except ModuleNotFoundError as error:
        raise ExportError(
            _(
                "{format} needs the package {name}: {how}",
                format=to,
                name=error.name,
                how=how_to_install([str(error.name)]),
            )
        ) from None
    try:
        refuse_links(out, target)
        if target.is_file() and target.suffix != Path(FILES.get(to, to)).suffix:
            raise ExportError(_("{file} is there and is no {format} file: name another one", file=target, format=to))
        with complete(target) as partial:
            module.write(out, partial)
    except (OSError, ArrowException, *getattr(module, "ERRORS", ())) as error:
        where = error.filename if getattr(error, "errno", None) == errno.ELOOP else target
        raise ExportError(
            _("cannot write {file}: {why}; nothing of it is left", file=where, why=reason(error))
        ) from error
    return target
