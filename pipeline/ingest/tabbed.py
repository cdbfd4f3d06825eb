"""Tables that a plain text prints with tabs between the cells."""

from pipeline.ingest.types import TABLE_MARK, RawCell, RawTable

_ROWS, _TABS = 3, 2  # at least


def tabbed(text: str) -> tuple[str, tuple[RawTable, ...]]:
    """The text with a mark in place of each table, and the tables: three lines or more with as many tabs, two or more.

    >>> text, tables = tabbed("Phụ lục\\nTT\\tĐề án\\tTiền\\n1\\tMáy sấy\\t120\\n2\\tMáy xát\\t80\\nHết")
    >>> text, [cell.text for cell in tables[0].cells[:3]]
    ('Phụ lục\\n\\x1d0\\nHết', ['TT', 'Đề án', 'Tiền'])
    """
    if "\t" not in text:
        return text, ()
    lines: list[str] = []
    tables: list[RawTable] = []
    run: list[str] = []
    for line in [*text.replace(TABLE_MARK, "").split("\n"), ""]:
        tabs = line.count("\t")
        if run and tabs != run[0].count("\t"):
            lines += _table(run, tables)
            run = []
        if tabs >= _TABS:
            run.append(line)
        else:
            lines.append(line)
    return "\n".join(lines[:-1]), tuple(tables)


def _table(run: list[str], tables: list[RawTable]) -> list[str]:
    """A mark for lines that are a table, which goes to ``tables``; else the lines."""
    if len(run) < _ROWS:
        return run
    cells = [RawCell(text.strip(), r, c) for r, line in enumerate(run) for c, text in enumerate(line.split("\t"))]
    tables.append(RawTable(tuple(cells)))
    return [f"{TABLE_MARK}{len(tables) - 1}"]
