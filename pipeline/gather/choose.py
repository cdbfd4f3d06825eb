"""Mentions of one undertaking -> its row: which name, and which figure, wins.

The rules, in their order: a figure that is said to be settled or adjusted, the latest of them; else the latest of those
that are printed exactly. A rounder figure that fits an exact one never replaces it, and what is not printed stays.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pipeline.gather.compare import digits, rounds
from pipeline.gather.mention import Mention, order
from pipeline.gather.words import folded_name
from rules.place import gazetteer

FIGURES = ("n_projects", "n_beneficiaries", "total_vnd", "support_vnd", "counterpart_vnd")
_COMPARED = ("name", "kind", "programme", "year", *FIGURES)
_VERY_NEAR = 0.03
_AS_FULL = 0.6  # share of the longest name's length at which a name that is told more often is taken


def row(
    members: Sequence[Mention], reasons: Iterable[str], parent_id: str | None, copies: Iterable[Mention] = ()
) -> dict[str, Any]:
    """The row of ``undertakings``. ``copies`` are mentions in copies of the same reports: they add no report."""
    told = sorted(members, key=order)
    every = sorted([*told, *copies], key=order)
    full = _fullest(told)
    province = _most([m.province_code for m in told if m.communes] or [m.province_code for m in told])
    dates = [m.published for m in told if m.published is not None]
    figures = {column: winner(told, column) for column in FIGURES}
    return {
        "undertaking_id": told[0].project_id,
        "name": full.name,
        "kind": full.kind,
        "programme": _most([m.programme for m in told]),
        "year": min((m.year for m in told if m.year is not None), default=None),
        "year_published": min(dates).year if dates else None,
        **places(province, _most([m.home or None for m in told])),
        **figures,
        "parent_id": parent_id,
        "n_reports": len({m.doc_id for m in told}),
        "first_published": min(dates, default=None),
        "last_published": max(dates, default=None),
        "project_ids": [m.project_id for m in every],
        "differs": [column for column in _COMPARED if len(told) > 1 and _differs(told, column)],
        "rule": "+".join(name for name, _ in sorted(Counter(reasons).items(), key=lambda r: (-r[1], r[0]))[:4])
        or "one report",
    }


def places(province: str | None, home: str | None) -> dict[str, str | None]:
    """Where it lies, before and since July 2025."""
    units = gazetteer.load()
    legacy = units.legacy.get(province or "")
    current = units.current.get(home or "") or (legacy.holder if legacy is not None else None)
    return {
        "province_code": legacy.code if legacy is not None else None,
        "province_name": legacy.name if legacy is not None else None,
        "current_province_code": current.code if current is not None else None,
        "current_province_name": current.name if current is not None else None,
    }


def winner(members: Sequence[Mention], column: str) -> int | None:
    """The figure of a column that holds in the end; None where none is printed."""
    told = [m for m in members if getattr(m, column) is not None]
    if len(told) < 2:
        return int(getattr(told[0], column)) if told else None
    figures = {getattr(m, column) for m in told}
    fine = [m for m in told if not any(_fits(m, column, figure) for figure in figures)] or told
    firm = [m for m in fine if column in m.firm]
    held = max(firm or fine, key=_latest, default=None)
    return None if held is None else int(getattr(held, column))


def _fits(m: Mention, column: str, finer: int) -> bool:
    """Whether the mention's figure is a rounder form of ``finer``; one that is said to be settled, and not to be
    rounded, only where it is very near."""
    figure = getattr(m, column)
    if not column.endswith("_vnd") or not rounds(figure, finer) or digits(figure) >= digits(finer):
        return False
    firm = column in m.firm and column not in m.rounded
    return not firm or abs(figure - finer) <= _VERY_NEAR * finer


def _latest(m: Mention) -> tuple[date, bool, str, int]:
    """Orders by date, one without date first; on one day the agency after the newspaper."""
    return m.published or date.min, m.agency, m.source, -m.start


def _fullest(members: Sequence[Mention]) -> Mention:
    """The mention with the fullest name; of names about as full the one that is told most often, then first."""
    named = [m for m in members if m.name]
    if not named:
        return members[0]
    longest = max(len(m.name or "") for m in named)
    spelled = Counter(folded_name(m.name or "") for m in named)
    full = [m for m in named if len(m.name or "") >= _AS_FULL * longest]
    most = max(spelled[folded_name(m.name or "")] for m in full)
    full = [m for m in full if spelled[folded_name(m.name or "")] == most]
    longest = max(len(m.name or "") for m in full)
    return next(m for m in full if len(m.name or "") == longest)


def _most(values: Iterable[str | None]) -> str | None:
    """The value that is told most often, the first of several."""
    counted = Counter(value for value in values if value)
    return max(counted, key=lambda value: counted[value], default=None)


def _differs(members: Sequence[Mention], column: str) -> bool:
    values = [getattr(m, column) for m in members]
    return len({folded_name(v) if column == "name" else v for v in values if v is not None}) > 1
