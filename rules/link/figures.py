"""When two printed figures mean the same sum."""

from rules.link.mention import Sum


def repeats(one: Sum, other: Sum, *, rounded: bool) -> bool:
    """Whether two sums print the same figure, or (``rounded``) differ by at most one part in twenty."""
    a, b = one.value_vnd, other.value_vnd
    if not a or not b or one.currency != other.currency:
        return False
    return a == b or (rounded and abs(a - b) * 20 <= max(a, b))


def stands_for(one: Sum, other: Sum) -> bool:
    """Whether the headline's figure may mean the other: "hơn 70 tỷ" up to 84 tỷ, "gần 200 tỷ" down to 160 tỷ."""
    a, b = one.value_vnd, other.value_vnd
    if not a or not b or one.currency != other.currency:
        return False
    return (one.qualifier == "over" and a < b <= a * 6 // 5) or (one.qualifier == "nearly" and a * 4 // 5 <= b < a)
