"""Figures of money: cases as data, and what holds for every text."""

import subprocess
import sys
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.money import Amount, find, parse

GROUPS = tomllib.loads((Path(__file__).parents[1] / "cases" / "money" / "figures.toml").read_text("utf-8"))["group"]
INT64 = 2**63 - 1
UNITS = {"": 1, "nghìn": 10**3, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9, "ngàn": 10**3}
NEUTRAL = st.sampled_from(["", "Theo báo cáo, ", "Hôm qua (thứ hai), ", "\nXã An Hòa: ", "“", "cả thảy là "])


def params() -> list[Any]:
    return [
        pytest.param(
            text,
            sums,
            id=f"{group['name']}: {text}",
            marks=[pytest.mark.xfail(strict=True, reason=group["xfail"])] if "xfail" in group else [],
        )
        for group in GROUPS
        for text, sums in group["cases"]
    ]


def shown(amount: Amount) -> tuple[str, ...]:
    """An amount in the notation of the case file."""
    if amount.qualifier == "range":
        return (f"{amount.low}..{amount.high}", "range", amount.currency)
    return (str(amount.value), amount.qualifier, amount.currency)


def wanted(sums: str) -> list[tuple[str, ...]]:
    result = []
    for item in filter(None, sums.split("; ")):
        value, qualifier, currency, *_ = [*item.split(":"), "", ""]
        result.append((value, qualifier or ("range" if ".." in value else "exact"), currency or "VND"))
    return result


@pytest.mark.parametrize(("text", "sums"), params())
def test_figure(text: str, sums: str) -> None:
    assert [shown(amount) for amount in find(text)] == wanted(sums)


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("với tổng kinh phí trên 1,75 tỷ đồng (hỗ trợ", "trên 1,75 tỷ đồng"),
        ("thu nhập 5 - 10 triệu đồng/người/tháng", "5 - 10 triệu đồng"),
        ("giá 12.000 đồng/kg", "12.000 đồng"),
        ("vốn từ 100 đến 200 triệu đồng mỗi xã", "từ 100 đến 200 triệu đồng"),
        ("hỗ trợ tối đa là 1 tỉ đồng.", "tối đa là 1 tỉ đồng"),
        ("lên tới 117.866 triệu đồng", "117.866 triệu đồng"),
        ("dự án từ 5 tỷ đồng trở lên phải", "từ 5 tỷ đồng trở lên"),
        ("gấp đôi mức trần 50 triệu đồng/hộ", "mức trần 50 triệu đồng"),
        ("đạt 500/800 triệu đồng", "500/800 triệu đồng"),
        ("giá $50 triệu đã trả", "$50 triệu"),
    ],
)
def test_span_is_qualifier_figure_and_unit(text: str, mention: str) -> None:
    amount = find(text)[0]
    assert amount.text == mention
    assert text[amount.start : amount.end] == mention


def test_bounds_follow_the_qualifier() -> None:
    bounds = {
        a.qualifier: (a.low, a.high) for a in find("5 đồng; hơn 50 đồng; tối đa 60 đồng; gần 70 đồng; 80-90 đồng")
    }
    assert bounds == {
        "over": (Decimal(50), None),
        "at_most": (None, Decimal(60)),
        "nearly": (Decimal(70), Decimal(70)),
        "range": (Decimal(80), Decimal(90)),
    }


def test_value_beyond_int64_is_kept_but_is_no_int64() -> None:
    (amount,) = find("9.223.372.036.854.775.808 đồng")
    assert amount.value == INT64 + 1
    assert amount.value_vnd is None
    assert find("9.223.372.036.854.775.807 đồng")[0].value_vnd == INT64


def test_other_currency_has_no_dong() -> None:
    amount = parse("27 triệu USD")
    assert amount is not None
    assert (amount.value, amount.value_vnd, amount.low_vnd) == (Decimal(27_000_000), None, None)


@pytest.mark.parametrize("text", ["", "1288/QĐ-TTg", "5 tỷ đồng và 6 tỷ đồng", "chi 5 tỷ đồng", "500/800 triệu đồng"])
def test_parse_takes_one_whole_sum_only(text: str) -> None:
    assert parse(text) is None


def test_parse_trusts_a_bare_multiplier() -> None:
    amount = parse(" 630 triệu ")
    assert amount is not None
    assert amount.value_vnd == 630_000_000


def grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


def printed(value: int) -> list[str]:
    """The ways in which reports print a number of dong."""
    forms = [f"{value} đồng", f"{value}đ"]
    forms += [f"{grouped(value, mark)}{unit}" for mark in ".," for unit in (" đồng", "đ", " VNĐ", " ₫")]
    forms += [f"{grouped(value, ' ')} đồng"]
    for word, scale in UNITS.items():
        if word and value >= scale:
            whole, rest = divmod(value, scale)
            digits = str(rest).zfill(len(str(scale)) - 1).rstrip("0")
            forms.append(f"{grouped(whole, '.')}{',' + digits if digits else ''} {word} đồng")
    if value >= 10**9 and value % 10**6 == 0 and value % 10**9:
        forms.append(f"{grouped(value // 10**9, '.')} tỷ {value % 10**9 // 10**6} triệu đồng")
    return forms


@given(st.integers(min_value=1000, max_value=INT64))
def test_every_style_reads_back(value: int) -> None:
    for form in printed(value):
        amount = parse(form)
        assert amount is not None, form
        assert amount.value_vnd == value, form


@given(st.integers(min_value=1, max_value=999), st.sampled_from(["triệu", "tỷ", "nghìn"]))
def test_words_read_back(number: int, unit: str) -> None:
    amount = parse(f"{spell(number)} {unit} đồng")
    assert amount is not None
    assert amount.value_vnd == number * UNITS[unit]


def spell(number: int) -> str:
    """Number words of 1 to 999, written independently of the reader."""
    ones = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
    hundreds, tens, one = number // 100, number // 10 % 10, number % 10
    words = [f"{ones[hundreds]} trăm"] if hundreds else []
    if tens == 0:
        words += ["linh"] if hundreds and one else []
        words += [ones[one]] if one else []
    else:
        words.append("mười" if tens == 1 else f"{ones[tens]} mươi")
        last = {0: "", 1: "một" if tens == 1 else "mốt", 5: "lăm"}.get(one, ones[one])
        words += [last] if last else []
    return " ".join(words)


@given(NEUTRAL, st.integers(min_value=1000, max_value=10**12), st.sampled_from([".", ", rồi thôi", ")", "\nHết", ""]))
def test_neutral_text_around_changes_nothing(before: str, value: int, after: str) -> None:
    form = f"{grouped(value, '.')} đồng"
    (amount,) = find(before + form + after)
    assert (amount.start, amount.text, amount.value_vnd) == (len(before), form, value)


@given(st.text(alphabet="0123456789.,/- \n\u00a0tỷtriệuđồngUSD$krhamộbnướcừấ()~%", max_size=80))
def test_nothing_raises_and_spans_hold(text: str) -> None:
    at = 0
    for amount in find(text):
        assert text[amount.start : amount.end] == amount.text
        assert at <= amount.start < amount.end
        at = amount.start
    parse(text)


@given(st.text(max_size=60))
def test_any_unicode_is_safe(text: str) -> None:
    for amount in find(text):
        assert text[amount.start : amount.end] == amount.text


@pytest.mark.slow
def test_a_megabyte_without_any_text_is_read() -> None:
    """A quadratic reader would need hours for these lines; the limit only stops it."""
    code = (
        "from rules.money import find;"
        "units = ['1', '1.', '1,', '1 000 ', 'tỷ ', '1-', 'một ', 'năm trăm ', '$', 'từ 1 đến ', '1.234,5 tỷ - '];"
        "print([len(find(unit * (1_000_000 // len(unit)))) > 0 for unit in units].count(True))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout.strip() == "1"


def test_stands_alone() -> None:
    code = (
        "import sys, rules.money as m; m.find('5 tỷ đồng');"
        "print([k for k in sys.modules if k.split('.')[0] in ('spacy', 'underthesea', 'pipeline')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
