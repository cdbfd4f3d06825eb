"""The list of units: complete, sound, quick to load, and every unit found under its own names."""

import gzip
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from rules.layout import Layout
from rules.place import find
from rules.place.gazetteer import Unit, load

ROOT = Path(__file__).parents[2]
SHORT = {"thành phố": "TP", "thị xã": "TX", "thị trấn": "TT", "huyện": "H.", "quận": "Q.", "phường": "P."}
DATES = {"legacy": date(2025, 3, 1), "current": date(2025, 9, 1)}

# Units that a form does not name, and why.
EXCEPTIONS = {
    ("capitals", "24820"),  # PHƯỜNG 2 BẢO LỘC of the current list: in capitals the number ends the name
    ("capitals", "24823"),  # PHƯỜNG 1 BẢO LỘC
    ("capitals", "24841"),  # PHƯỜNG 3 BẢO LỘC
    ("short", "31318"),  # P. I, Vị Thanh: one letter behind P. is nearly always a person's initial
    ("short", "31327"),  # P. V, Vị Thanh
}


def chain(unit: Unit) -> list[Unit]:
    """The unit and those above it."""
    return [unit] if unit.parent is None else [unit, *chain(unit.parent)]


def forms(unit: Unit) -> dict[str, str]:
    """The unit in its usual forms, with its parents."""
    units = chain(unit)
    typed = ", ".join(f"{u.kind} {u.base}" for u in units)
    bare = ", ".join(f"{u.kind} {u.base}" if u.base.isdigit() or u.code == "79" else u.base for u in units[1:])
    return {
        "chain": f"Đoàn về {typed} làm việc.",
        "bracket": f"Đoàn về {unit.kind} {unit.base} ({bare}) làm việc." if bare else f"Đoàn về {typed}.",
        "short": f"Đoàn về {', '.join(f'{SHORT.get(u.kind, u.kind)} {u.base}' for u in units)} làm việc.",
        "capitals": f"ĐOÀN VỀ {typed.upper()} LÀM VIỆC",
    }


@pytest.mark.parametrize("regime", ["legacy", "current"])
def test_every_unit_is_found_in_every_form(regime: str) -> None:
    missed = []
    for unit in (load().legacy if regime == "legacy" else load().current).values():
        for form, text in forms(unit).items():
            span = (0, len(text))
            places = find(Layout(text, None, None, None, (span,), (span,), (0,), DATES[regime]))
            if not any((p.level, p.code) == (unit.level, unit.code) for p in places):
                missed.append((form, unit.code))
    wanted = {entry for entry in EXCEPTIONS if (entry[0] == "capitals") == (regime == "current")}
    assert set(missed) == wanted


def test_counts() -> None:
    levels = Counter(unit.level for unit in load().legacy.values())
    assert levels == {"province": 63, "district": 696, "commune": 10035}
    assert Counter(unit.level for unit in load().current.values()) == {"province": 34, "commune": 3321}


def test_every_legacy_commune_has_its_current_ones() -> None:
    gazetteer = load()
    split = 0
    for unit in gazetteer.legacy.values():
        assert unit.holder is not None
        assert unit.holder.regime == "current"
        if unit.level == "commune":
            assert unit.now
            assert all(code in gazetteer.current for code in unit.now)
            split += len(unit.now) > 1
    assert split == 471


def test_coordinates_lie_in_vietnam() -> None:
    gazetteer = load()
    for unit in (*gazetteer.legacy.values(), *gazetteer.current.values()):
        if unit.position is not None:
            assert 7 < unit.position[0] < 24
            assert 102 < unit.position[1] < 118
    assert all(unit.position for unit in gazetteer.legacy.values())


def test_ended_units_name_their_successors_and_sources() -> None:
    gazetteer = load()
    names = {unit.name for unit in gazetteer.ended}
    assert {"Tỉnh Hà Tây", "Tỉnh Hà Nam Ninh", "Tỉnh Quảng Nam - Đà Nẵng", "Tỉnh Minh Hải", "Huyện Kỳ Sơn"} <= names
    for unit in gazetteer.ended:
        assert unit.code is None
        assert unit.now
        assert all(code in gazetteer.legacy for code in unit.now)


def test_the_file_says_where_it_comes_from() -> None:
    data = json.loads(gzip.decompress((ROOT / "rules" / "place" / "gazetteer.json.gz").read_bytes()))
    assert data["meta"]["date"]
    assert all(source["licence"] for source in data["meta"]["sources"])


@pytest.mark.usefixtures("hang_guard")
def test_a_long_text_comes_to_an_end() -> None:
    text = "Các xã Tân An, Hòa Phú và huyện Yên Sơn (Tuyên Quang) - TP Hòa Bình, " * 10_000
    span = (0, len(text))
    assert len(find(Layout(text, None, None, None, (span,), (span,), (0,)))) >= 40_000
