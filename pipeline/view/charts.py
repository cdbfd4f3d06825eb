"""The page's map and charts as pictures for a notebook: the same marks, scales and words, without a script.

    from pipeline.view import charts
    once = pipeline.once(pipeline.read("output")["projects"])
    charts.provinces(once.groupby("province_code")["support_vnd"].sum(min_count=1))

The page draws by script (``script/charts.js``), for its marks are buttons; a test holds both to the same figures.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from html import escape
from math import ceil, floor, log10
from typing import Any

import pandas as pd

from pipeline.i18n import _, whole
from pipeline.i18n import language as spoken
from pipeline.view.draw import resource
from pipeline.view.labels import LANGUAGES, label
from rules.place import gazetteer

SHADES = ("#eceff2", "#d9cdf2", "#b79fe4", "#9474d2", "#7350b9", "#4f2f91")
"""Of nothing, then of the classes from least to most: those of ``page.css``."""

_BAR, _INK, _SOFT, _LINE, _PAPER = "#7c5cc4", "#1c2024", "#505a64", "#b9c1c9", "#fff"
_SIZES = (
    (10**12, "trillion", "nghìn tỷ"),
    (10**9, "billion", "tỷ"),
    (10**6, "million", "triệu"),
    (10**3, "thousand", "nghìn"),
)
_ROW, _LABELS, _VALUES, _WIDTH = 24, 210, 100, 720


class Picture:
    """An SVG picture, which a notebook displays; ``str()`` of it is the SVG."""

    def __init__(self, svg: str) -> None:
        self.svg = svg

    def __str__(self) -> str:
        return self.svg

    def _repr_svg_(self) -> str:
        return self.svg


def provinces(
    values: Mapping[str, float], *, current: bool = False, language: str | None = None, money: bool = True
) -> Picture:
    """A map: values by code of province, of the 63, or of the 34 with ``current``.

    ``values`` may be a pandas Series; missing ones are nothing. They are dong, with ``money=False`` counts.
    ``language`` is ``en`` or ``vi``; that of TRICHLUC_LANG or the locale unless given.

    Raises ``ValueError`` for a code that is none of a province.
    """
    language, known = language or spoken(), _filled(values)
    outlines, names = _outlines(current), _names(current)
    if unknown := sorted(set(known) - set(outlines)):
        raise ValueError(_("{code} is no code of a province", code=unknown[0]))
    bounds = classes(known.values())
    shapes = []
    for code in sorted(outlines):
        told = f"{names[code]}: {_figure(known.get(code, 0), language, money)}"
        fill = SHADES[shade(known.get(code, 0), bounds)]
        shapes.append(
            f'<path d="{outlines[code]}" fill="none" stroke="{_PAPER}" stroke-width="2.2"/>'
            f'<path d="{outlines[code]}" fill="{fill}" stroke="{fill}" stroke-width=".5" data-key="{code}">'
            f"<title>{escape(told)}</title></path>"
        )
    width, height = _drawing()["size"]
    return _picture(width, height + 84, [*shapes, *_legend(bounds, height, language, money)])


def bars(
    values: Mapping[str, float], *, words: str = "", language: str | None = None, money: bool = True, most: int = 12
) -> Picture:
    """Bars of the largest values, longest on top; the rest is told below in one line. Else as :func:`provinces`.

    ``words`` is the group of labels that has the names, where they are keys: ``kind``, ``programme``, ``role``.
    """
    language = language or spoken()
    items = sorted(_filled(values).items(), key=lambda item: (-item[1], item[0]))
    shown, rest = items[:most], sum(value for _name, value in items[most:])
    scale = ticks(max((value for _name, value in shown), default=0), 2)
    room = _WIDTH - _LABELS - _VALUES
    marks = [
        _text(_LABELS + room * tick / (scale[-1] or 1), 14, _words(tick, language, money), _anchor(tick, scale), _SOFT)
        for tick in scale
    ]
    for number, (name, value) in enumerate(shown):
        top = 20 + number * _ROW
        length = room * value / (scale[-1] or 1)
        name = label(words, name, language) if words else name
        marks += [
            _text(_LABELS - 8, top + 16, name if len(name) < 32 else f"{name[:30]}…", "end"),
            f'<rect x="{_LABELS}" y="{top + 4}" width="{length:.1f}" height="15" rx="2" fill="{_BAR}"/>',
            _text(_WIDTH - 4, top + 16, _words(value, language, money), "end"),
        ]
    foot = 20 + len(shown) * _ROW
    marks.append(f'<path d="M{_LABELS} 20V{foot}" stroke="{_LINE}"/>')
    if rest > 0:
        told = label("page", "and_more", language).format(n=len(items) - most, sum=_figure(rest, language, money))
        marks.append(_text(_LABELS, foot + 18, told, "start", _SOFT))
    return _picture(_WIDTH, foot + 26, marks)


def years(values: Mapping[int, float], *, language: str | None = None, money: bool = True) -> Picture:
    """Columns by year, those between without a value as well. Else as :func:`provinces`."""
    language = language or spoken()
    known = {int(year): value for year, value in _filled(values).items()}
    span = range(min(known), max(known) + 1) if known else range(0)
    scale = ticks(max(known.values(), default=0), 4)
    left, height, wide = 100, 220, min(74.0, (_WIDTH - 100) / max(len(span), 1))
    marks = []
    for tick in scale:
        level = 10 + height - height * tick / (scale[-1] or 1)
        marks.append(f'<path d="M{left} {level:.1f}H{_WIDTH}" stroke="{_LINE}" stroke-width=".5"/>')
        marks.append(_text(left - 8, level + 4, _words(tick, language, money), "end", _SOFT))
    for number, year in enumerate(span):
        tall = height * known.get(year, 0) / (scale[-1] or 1)
        marks.append(
            f'<rect x="{left + wide * (number + 0.12):.1f}" y="{10 + height - tall:.1f}" width="{wide * 0.76:.1f}" '
            f'height="{tall:.1f}" rx="2" fill="{_BAR}">'
            f"<title>{year}: {_figure(known.get(year, 0), language, money)}</title></rect>"
        )
        marks.append(_text(left + wide * (number + 0.5), height + 28, str(year), "middle"))
    return _picture(_WIDTH, height + 40, marks)


def ticks(most: float, steps: int) -> list[float]:
    """Round marks of an axis from 0 that reach ``most``, about so many, of 1, 2 or 5 times a power of ten.

    >>> ticks(1_280, 2), ticks(0, 4)
    ([0, 1000, 2000], [0])
    """
    if most <= 0:
        return [0]
    power = 10.0 ** floor(log10(most / steps))
    step = next(n * power for n in (1, 2, 5, 10) if n * power >= most / steps)
    return [round(n * step) if step >= 1 else n * step for n in range(ceil(most / step) + 1)]


def classes(values: Sequence[float] | Any) -> list[float]:
    """Round bounds of up to five classes that have about as many of the values each.

    >>> classes([3, 14, 15, 92, 650])
    [2, 10, 50]
    """
    found = sorted(value for value in values if value > 0)
    if not found:
        return []
    bounds = [_round_below(found[floor(share * (len(found) - 1))]) for share in (0.2, 0.4, 0.6, 0.8)]
    return list(dict.fromkeys(bounds))


def shade(value: float, bounds: Sequence[float]) -> int:
    """Number of the class of a value, from 1; 0 for nothing."""
    return 1 + sum(value >= bound for bound in bounds) if value > 0 else 0


def in_words(value: float, language: str = "en") -> str:
    """A sum of money as an axis has it.

    >>> in_words(1_200_000_000_000, "vi"), in_words(35_000_000), in_words(0)
    ('1,2 nghìn tỷ', '35 million', '0')
    """
    scale, *names = next((size for size in _SIZES if abs(value) >= size[0]), (1, "", ""))
    share = Decimal(value) / scale
    digits = Decimal(1) if share >= 100 else Decimal("0.1") if share >= 10 else Decimal("0.01")
    figure = f"{share.quantize(digits, ROUND_HALF_UP):f}"
    figure = figure.rstrip("0").rstrip(".") if "." in figure else figure
    vietnamese = language == "vi"
    return f"{figure.replace('.', ',') if vietnamese else figure} {names[vietnamese]}".strip()


def _round_below(value: float) -> float:
    power = 10.0 ** floor(log10(value))
    bound = max((n * power for n in (1, 2, 5, 10) if n * power <= value), default=power)
    return round(bound) if bound >= 1 else bound


def _filled(values: Mapping[Any, Any]) -> dict[Any, float]:
    """The values that are there, as plain numbers."""
    told = {key: value for key, value in values.items() if pd.notna(key) and pd.notna(value)}
    return {key: int(value) if float(value).is_integer() else float(value) for key, value in told.items() if value}


def _words(value: float, language: str, money: bool) -> str:
    return in_words(value, language) if money else whole(round(value))


def _figure(value: float, language: str, money: bool) -> str:
    return f"{_words(value, language, money)}{(' VND', ' đồng')[LANGUAGES.index(language)] if money else ''}"


def _anchor(tick: float, scale: Sequence[float]) -> str:
    return "start" if tick == 0 else "end" if tick == scale[-1] else "middle"


@cache
def _drawing() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resource("provinces.json"))
    return found


@cache
def _outlines(current: bool) -> dict[str, str]:
    """Code -> path; those of the 34 are of the 63 that they hold."""
    found: dict[str, str] = {}
    for code, path in _drawing()["provinces"].items():
        unit = gazetteer.load().legacy[code]
        key = str(unit.holder.code) if current and unit.holder else code
        found[key] = found.get(key, "") + path
    return found


def _names(current: bool) -> dict[str, str]:
    known = gazetteer.load()
    units = known.current if current else known.legacy
    return {code: unit.name for code, unit in units.items() if len(code) == 2}


def _legend(bounds: Sequence[float], top: int, language: str, money: bool) -> Iterator[str]:
    """Shades and what they mean, three a line, and where the outlines are from."""
    told = [label("page", "nothing_there", language)]
    for number, bound in enumerate([0, *bounds] if bounds else ()):
        low = _words(bound, language, money) if number else "> 0"
        told.append(f"{low} – {_words(bounds[number], language, money)}" if number < len(bounds) else f"≥ {low}")
    for number, text in enumerate(told[: len(bounds) + 2]):
        left, line = 20 + 260 * (number % 3), top + 8 + 24 * (number // 3)
        yield f'<rect x="{left}" y="{line}" width="14" height="14" fill="{SHADES[number]}" stroke="{_LINE}"/>'
        yield _text(left + 22, line + 12, text, "start")
    yield _text(20, top + 70, _drawing()["source"], "start", _SOFT)


def _text(x: float, y: float, text: str, anchor: str, fill: str = _INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}">{escape(text)}</text>'


def _picture(width: float, height: float, marks: Sequence[str]) -> Picture:
    shown = min(width, _WIDTH) if width > height else 540  # pixels
    return Picture(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{shown:g}" '
        f'font-family="system-ui, Noto Sans, sans-serif" font-size="13" role="img">'
        f'<rect width="100%" height="100%" fill="{_PAPER}"/>{"".join(marks)}</svg>'
    )
