"""Who receives in a statement of support.

>>> from rules.layout import Layout
>>> text = "Hỗ trợ máy sấy cho 2 cơ sở và HTX Nông nghiệp Xuân Phú."
>>> line = (0, len(text))
>>> [(b.text, b.kind, b.count) for b in find(Layout(text, None, None, None, (line,), (line,), (0,)))]
[('2 cơ sở', 'establishment', 2), ('HTX Nông nghiệp Xuân Phú', 'cooperative', 1)]
"""

from rules.beneficiary import counted, named
from rules.beneficiary.mention import Beneficiary
from rules.layout import Layout

__all__ = ["Beneficiary", "find"]


def find(layout: Layout) -> list[Beneficiary]:
    """Counted and named receivers of the report, in text order, without overlaps.

    Agencies that manage or fund ("Sở Công Thương", "UBND huyện") are never among them: they are no counted nouns
    and no heads of names in ``words.toml``.
    """
    numbers = counted.find(layout)
    names = named.find(layout, numbers)
    taken = [(b.start, b.end) for b in names]
    counts = [b for b in numbers if not any(s < b.end and b.start < e for s, e in taken)]
    return sorted([*names, *counts], key=lambda b: (b.start, b.end))
