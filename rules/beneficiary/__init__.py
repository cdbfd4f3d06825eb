"""Who receives in a statement of support: propose counts and names, describe what stands beside them, decide.

>>> from rules.layout import Layout
>>> text = "Hỗ trợ máy sấy cho 2 cơ sở và HTX Nông nghiệp Xuân Phú."
>>> line = (0, len(text))
>>> [(b.text, b.kind, b.count) for b in find(Layout(text, None, None, None, (line,), (line,), (0,)))]
[('2 cơ sở', 'establishment', 2), ('HTX Nông nghiệp Xuân Phú', 'cooperative', 1)]
"""

from rules.beneficiary.decide import find
from rules.beneficiary.mention import Beneficiary

__all__ = ["Beneficiary", "find"]
