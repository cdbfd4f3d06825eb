"""Facts from tables: what the columns mean, what each row says, and how that goes with the prose.

``join`` takes what the rules for prose found outside of the tables and gives all facts of the document.
"""

from dataclasses import replace

from rules.layout import Layout
from rules.table.findings import Findings, Zone
from rules.table.merge import Joined, Prose
from rules.table.merge import join as _join
from rules.table.places import find as _sites
from rules.table.read import Reading
from rules.table.read import read as _read

__all__ = ["Joined", "Prose", "join"]


def join(layout: Layout, prose: Prose) -> Joined | None:
    """All facts of a document with tables, those of its prose too; None for a document without tables."""
    if not layout.tables:
        return None
    before: Reading | None = None
    tables: list[Findings] = []
    offsets: list[int] = []
    zones: list[Zone] = []
    works = 0
    for table in layout.tables:
        found, before = _read(layout, table, before)
        tables.append(found)
        offsets.append(works)
        zones += [_shifted(zone, works) for zone in found.zones] if works else found.zones
        works += len(found.works)
    return _join(layout, tables, prose, _sites(layout, zones), offsets)


def _shifted(zone: Zone, by: int) -> Zone:
    return zone if zone.owner is None or zone.owner < 0 else replace(zone, owner=zone.owner + by)
