"""Sums of money: what is printed, and what it is worth. What it is for: :mod:`rules.role`."""

from rules.money.figures import find, parse
from rules.money.mention import ROLES, Amount

__all__ = ["ROLES", "Amount", "find", "parse"]
