"""The word lists of ``words.toml``, loaded once."""

from functools import cache
from typing import Any

from rules.language.lists import read

UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"

WORDS: dict[str, Any] = read("rules.beneficiary", "words")


@cache
def nouns() -> dict[str, tuple[str, str]]:
    """Counted noun -> (kind, grade), the grades as explained in ``words.toml``."""
    return {
        noun: (kind, grade)
        for kind, grades in WORDS["counted"].items()
        for grade, listed in grades.items()
        for noun in listed
    }


@cache
def name_heads() -> dict[str, str]:
    """First words of a named receiver -> kind."""
    return {head: kind for kind, heads in WORDS["named"].items() for head in heads}
