"""Sums of money: what is printed, what it is worth, and what it is for.

``find`` and ``parse`` read figures and need nothing but the text; ``assign_roles`` needs
the layout of the report.
"""

from rules.money.figures import find, parse
from rules.money.mention import ROLES, Amount
from rules.money.roles import assign_roles

__all__ = ["ROLES", "Amount", "assign_roles", "find", "parse"]
