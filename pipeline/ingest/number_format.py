"""Numbers of spreadsheets as a Vietnamese Excel shows them: dots between thousands, a comma before decimals.

The codes are those of ECMA-376, part 1, section 18.8.30 (numFmt) and 18.8.31, which old Excel files use as well.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

BUILT_IN = {
    **{0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 49: "@"},
    **{14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm"},
    **{21: "h:mm:ss", 22: "dd/mm/yyyy h:mm", 37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)"},
    **{40: "#,##0.00;(#,##0.00)", 41: '#,##0;(#,##0);"-"', 42: '#,##0;(#,##0);"-"', 43: '#,##0.00;(#,##0.00);"-"'},
    **{44: '#,##0.00;(#,##0.00);"-"', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0"},
}
"""Number of a format that no file spells out -> its code."""

_PIECE = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[([^\]]*)\]|(General)|([0#?.,]+)|(.)', re.I | re.S)
_CURRENCY = re.compile(r"\$([^-]*)(?:-.*)?")
_CONDITION = re.compile(r"[<>=].*")
_DATE_LETTERS = frozenset("dmyhs")
_DIGITS = 10  # that General shows behind the first one
_LONGEST = 15  # digits that a spreadsheet keeps
_TOO_LARGE = 1e300


def shown(value: float, code: str, since_1904: bool = False) -> str:
    """A number in a format; a date is ``dd/mm/yyyy`` whatever its order in the format.

    >>> [shown(v, c) for v, c in [(1250.5, "#,##0.0"), (1250000, "General"), (0.125, "0.0%"), (45000, "d-mmm-yy")]]
    ['1.250,5', '1250000', '12,5%', '15/03/2023']
    """
    if abs(value) > _TOO_LARGE:
        return str(value)
    parts = _sections(code)
    section = _section(parts, value)
    if _is_date(section):
        return _as_date(value, section, since_1904)
    number = abs(value) if len(parts) > 1 and value < 0 else value
    return "".join(_pieces(number, section)).strip()


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[str, ...]:
    """A code cut at the semicolons that no quotes hide."""
    return tuple(re.findall(r'(?:^|(?<=;))((?:"[^"]*"|\\.|[^;"])*)', code)) or ("General",)


def _section(parts: tuple[str, ...], value: float) -> str:
    """The part of a code that holds for a number: positive; negative; zero."""
    if len(parts) > 2 and value == 0:
        return parts[2]
    return parts[1] if len(parts) > 1 and value < 0 else parts[0]


@lru_cache(maxsize=512)
def _is_date(section: str) -> bool:
    letters = {m[6].lower() for m in _PIECE.finditer(section) if m[6]}
    elapsed = any(re.fullmatch(r"[hms]+", m[3], re.I) for m in _PIECE.finditer(section) if m[3])
    return elapsed or bool(letters & _DATE_LETTERS and not letters - _DATE_LETTERS - set("/-:. ,apb"))


def _as_date(value: float, section: str, since_1904: bool) -> str:
    """Day, month and year where the format shows a day; else what it shows of month, year and hours."""
    letters = {m[6].lower() for m in _PIECE.finditer(section) if m[6]} | set(
        "".join(re.findall(r"\[([hms]+)\]", section))
    )
    try:
        moment = (datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)) + timedelta(days=value)
    except OverflowError:
        return general(value)
    hours = f"{moment:%H:%M}" if "h" in letters or "s" in letters else ""
    day = ""
    if "d" in letters:
        day = moment.strftime("%d/%m/") + f"{moment.year:04d}"
    elif "y" in letters:
        day = f"{moment:%m}/{moment.year:04d}" if "m" in letters else f"{moment.year:04d}"
    elif not hours:
        day = f"{moment:%m}"
    return f"{day} {hours}".strip()


def _pieces(value: float, section: str) -> list[str]:
    """What a section prints for a number; the first run of places stands for all of its digits."""
    printed: list[str] = []
    percent = sum(m[6] == "%" for m in _PIECE.finditer(section))
    places = "".join(m[5] for m in _PIECE.finditer(section) if m[5])
    done = False
    for m in _PIECE.finditer(section):
        quoted, escaped, bracket, is_general, run, other = m.groups()
        if quoted is not None or escaped:
            printed.append(quoted if quoted is not None else escaped)
        elif bracket is not None:
            currency = _CURRENCY.fullmatch(bracket)
            printed.append(currency[1] if currency else "")
        elif is_general:
            printed.append(general(value))
        elif run and not done and "E" not in section.upper().replace("GENERAL", "") and "/" not in section:
            printed.append(_digits(value * 100**percent, places))
            done = True
        elif run and not done:
            printed.append(general(value))  # powers of ten and fractions: the plain number says the same
            done = True
        elif other == "@":
            printed.append(general(value))
        elif other and not (done and other in "E+/"):
            printed.append(other)
    return printed


def _digits(value: float, places: str) -> str:
    """Digits by their places, ``#,##0.00``; commas at the end divide by a thousand each."""
    whole, dot, decimals = places.partition(".")
    scale = len(whole) - len(whole.rstrip(",")) if not dot else len(decimals) - len(decimals.rstrip(","))
    grouped = "," in whole.rstrip(",")
    decimals = decimals.replace(",", "").replace(".", "")
    number = _rounded(value / 1000**scale, len(decimals))
    text = f"{number:,f}" if grouped else f"{number:f}"
    before, _, after = text.partition(".")
    while after and decimals[len(after) - 1] in "#?" and after.endswith("0"):
        after = after[:-1]
    before = before.rjust(whole.count("0"), "0") if not before.startswith("-") else before
    if not after and before.strip("-0") == "" and "0" not in whole and not dot:
        return ""  # "#" shows nothing for nought
    return before.replace(",", ".") + ("," + after if after else "")


def _rounded(value: float, places: int) -> Decimal:
    exact = Decimal(f"{value:.{_LONGEST}g}")
    number = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return abs(number) if number == 0 else number


def general(value: float) -> str:
    """A number without a format: no dots, as many decimals as it has, in full where Excel would show powers of ten.

    >>> general(1250000.0), general(315.5), general(0.1 + 0.2), general(125000000000)
    ('1250000', '315,5', '0,3', '125000000000')
    """
    if float(value).is_integer():
        return str(int(value))
    text = f"{Decimal(f'{value:.{_DIGITS}g}'):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def as_vietnamese(printed: str, value: float) -> str:
    """A figure that a program printed in another country's way, in the Vietnamese one.

    ``value`` tells which of its signs is the decimal one.

    >>> as_vietnamese("1,250.5", 1250.5), as_vietnamese("1.250,5", 1250.5), as_vietnamese("1.250", 1250)
    ('1.250,5', '1.250,5', '1.250')
    """
    match = re.search(r"\d[\d.,\u00a0\u202f ]*", printed)
    if not match:
        return printed
    figure = match[0].rstrip(" .,\u00a0\u202f")
    for decimal, thousands in ((",", "."), (".", ",")):
        whole, _, rest = figure.rpartition(decimal) if decimal in figure else (figure, "", "")
        bare = re.sub(rf"[{thousands}\s]", "", whole)
        if bare.isdigit() and (not rest or rest.isdigit()):
            number = float(f"{bare}.{rest or 0}")
            if abs(number - abs(value)) <= 0.5000001 * 10 ** -len(rest):
                grouped = f"{int(bare):,}".replace(",", ".") if bare != whole else bare
                plain = grouped + ("," + rest if rest else "")
                return printed[: match.start()] + plain + printed[match.start() + len(figure) :]
    return printed


def iso_shown(value: str | date | time) -> str:
    """A day or moment of ISO 8601 as a Vietnamese sheet shows it; anything else as it is.

    >>> iso_shown("2023-03-15"), iso_shown("2023-03-15T08:30:00"), iso_shown("PT08H30M00S")
    ('15/03/2023', '15/03/2023 08:30', 'PT08H30M00S')
    """
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return f"{moment:%d/%m/%Y}" + (f" {moment:%H:%M}" if (moment.hour, moment.minute) != (0, 0) else "")
