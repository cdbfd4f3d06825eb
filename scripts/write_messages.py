"""Collects the messages of the command into pipeline/locale/vi and compiles them. Run by `make messages`.

Messages are what stands in ``_()`` and ``counted()``, the help of the command, the descriptions of columns, and what
the registry of rules says. A new one is added without a translation, which a test then asks for; one that is no longer
said is taken out.
"""

import importlib.util
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import typer
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from pipeline.cli import app
from rules import registry

ROOT = Path(__file__).parents[1]
PO = ROOT / "pipeline" / "locale" / "vi" / "LC_MESSAGES" / "trichluc.po"
MO = PO.with_suffix(".mo")
KEYWORDS: dict[str, Any] = {"_": None, "later": None, "counted": (1, 2)}


def described() -> list[str]:
    """The descriptions of tables and columns: scripts/write_dictionary.py has them."""
    spec = importlib.util.spec_from_file_location("write_dictionary", ROOT / "scripts" / "write_dictionary.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: list[str] = module.messages()
    return found


def messages() -> list[str | tuple[str, ...]]:
    """All messages, in the order of the files and of the command's help."""
    found: dict[str | tuple[str, ...], None] = {}
    for _, _, message, _, _ in extract_from_dir(ROOT / "pipeline", keywords=KEYWORDS, method_map=[("**.py", "python")]):
        found[tuple(message) if isinstance(message, list | tuple) else message] = None
    for text in (*_help(typer.main.get_command(app)), *described(), *registry.sentences()):
        found[text] = None
    return list(found)


def _help(command: Any) -> Iterator[str]:
    for text in (command.help, command.short_help, *(getattr(p, "help", None) for p in command.params)):
        if text:
            yield text
    for inner in getattr(command, "commands", {}).values():
        yield from _help(inner)


def catalogue(known: Catalog) -> Catalog:
    """The catalogue of today's messages, with the translations that are known."""
    made = Catalog(locale="vi", project="trichluc", fuzzy=False)
    for message in messages():
        key = message[0] if isinstance(message, tuple) else message
        before = known.get(key)
        made.add(message, before.string if before else None)
    return made


def read() -> Catalog:
    """The catalogue as it lies in the tree."""
    if not PO.exists():
        return Catalog(locale="vi")
    with PO.open("rb") as file:
        return read_po(file, locale="vi")


def compiled(made: Catalog) -> tuple[bytes, bytes]:
    """The bytes of both files; no dates, so that the same messages give the same bytes."""
    po, mo = BytesIO(), BytesIO()
    write_po(po, made, omit_header=False, no_location=True, sort_output=True, width=100)
    head = [b"POT-Creation-Date", b"PO-Revision-Date", b"Generated-By", b"Last-Translator", b"Language-Team"]
    lines = [line for line in po.getvalue().splitlines(keepends=True) if not any(word in line for word in head)]
    text = b"".join(line for line in lines if not line.startswith(b"#"))
    final = read_po(BytesIO(text), locale="vi")
    final.creation_date = final.revision_date = datetime(2026, 1, 1, tzinfo=UTC)  # the same bytes every time
    write_mo(mo, final)
    return text, mo.getvalue()


def main() -> None:
    PO.parent.mkdir(parents=True, exist_ok=True)
    text, binary = compiled(catalogue(read()))
    PO.write_bytes(text)
    MO.write_bytes(binary)


if __name__ == "__main__":
    main()
