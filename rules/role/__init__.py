"""What a sum of money is for: phrases propose, features describe, weights decide.

``roles.toml`` has the phrases and ``classes.toml`` classes of words; :mod:`rules.role.describe` makes features of what
stands around a sum, :mod:`rules.role.neighbours` of other sums, and :mod:`rules.role.decide` adds up ``weights.tsv``.
"""

from rules.role.decide import assign_roles, reasons

__all__ = ["assign_roles", "reasons"]
