"""Builds pipeline/view/provinces.json, the outlines of the 63 provinces: small, on a grid, the same bytes every time.

    npm pack @svg-maps/vietnam@2.0.0 && python scripts/build_map.py svg-maps-vietnam-2.0.0.tgz

Source: the package @svg-maps/vietnam 2.0.0 by Victor Cazanave after Wikimedia Commons, licence CC BY 4.0. Points are
rounded to a grid of one unit, on which neighbours keep their common borders, and points on straight lines are left out.
"""

import hashlib
import json
import re
import sys
import tarfile
import unicodedata
from itertools import pairwise
from pathlib import Path

from rules.place import gazetteer

TARGET = Path(__file__).parents[1] / "pipeline" / "view" / "provinces.json"
DIGEST = "49627ce5e2456d6a7bd742637f2fca44ffa0cce58515674de900dd991dfd689f"
ELSEWHERE = {"hoangsa": "48", "truongsa": "56", "hcm": "79", "tthue": "46", "baria": "77"}
"""Ids of outlines whose name is not that of a legacy province -> the code that they belong to."""
_MARKS = str.maketrans("đĐ", "dD")
Point = tuple[int, int]


def plain(name: str) -> str:
    """Letters of a name without marks, blanks and case.

    >>> plain("Đắk Lắk")
    'daklak'
    """
    bare = unicodedata.normalize("NFD", name.translate(_MARKS))
    return "".join(c for c in bare.lower() if c.isascii() and c.isalpha())


def rings(path: str) -> list[list[Point]]:
    """The closed lines of an SVG path, on the grid; of a curve only the end."""
    found: list[list[tuple[float, float]]] = []
    x = y = 0.0
    for command, numbers in re.findall(r"([MmLlCcZz])([^MmLlCcZz]*)", path):
        values = [float(n) for n in re.findall(r"-?\d*\.?\d+(?:e-?\d+)?", numbers)]
        if command in "Zz":
            if found:
                x, y = found[-1][0]
            continue
        step = 6 if command in "Cc" else 2
        for i in range(step - 2, len(values) - 1, step):
            dx, dy = values[i], values[i + 1]
            x, y = (dx, dy) if command.isupper() else (x + dx, y + dy)
            if command in "Mm" and i == 0:
                found.append([])
            found[-1].append((x, y))
    return [ring for points in found if len(ring := _on_grid(points)) > 2]


def _on_grid(points: list[tuple[float, float]]) -> list[Point]:
    ring: list[Point] = []
    for point in ((round(x), round(y)) for x, y in points):
        if ring and ring[-1] == point:
            continue
        while len(ring) > 1 and _straight(ring[-2], ring[-1], point):
            ring.pop()
        ring.append(point)
    return ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring


def _straight(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) == (b[1] - a[1]) * (c[0] - a[0])


def drawn(ring: list[Point]) -> str:
    """A ring as a path of relative steps."""
    steps = [f"M{ring[0][0]} {ring[0][1]}l"]
    steps.append(" ".join(f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(ring)))
    return "".join(steps) + "z"


def main() -> None:
    data = Path(sys.argv[1]).read_bytes()
    if hashlib.sha256(data).hexdigest() != DIGEST:
        sys.exit(f"{sys.argv[1]} is not the package that the outlines are made from")
    with tarfile.open(sys.argv[1]) as package:
        member = package.extractfile("package/index.js")
        assert member is not None
        source = json.loads(member.read().decode().removeprefix("export default ").strip().rstrip(";"))
    codes = {plain(unit.base): code for code, unit in gazetteer.load().legacy.items() if len(code) == 2}
    outlines: dict[str, str] = {}
    for place in source["locations"]:
        code = ELSEWHERE.get(place["id"]) or codes[plain(place["name"])]
        outlines[code] = outlines.get(code, "") + "".join(map(drawn, rings(place["path"])))
    assert len(outlines) == 63
    width, height = source["viewBox"].split()[2:]
    text = json.dumps(
        {
            "source": "@svg-maps/vietnam 2.0.0, Victor Cazanave and Wikimedia Commons, CC BY 4.0; simplified",
            "size": [int(width), int(height)],
            "provinces": dict(sorted(outlines.items())),
        },
        ensure_ascii=False,
        indent=0,
    )
    TARGET.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
