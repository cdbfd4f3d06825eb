"""A number with a noun, or a name, that may be a receiver."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """Code points [start, end) of the text that may count or name a receiver.

    ``noun`` is the counted noun ("hộ") or the head of the name ("htx"), in lower case, and ``grade`` how readily such
    a noun is told of as a receiver (see ``words.toml``; "name" for a named one). ``count`` is the printed number (the
    lower end of a range; 1 for a named one), ``name`` null for a counted one. ``noun_end`` is where the noun ends,
    before what describes it ("nghèo"). ``article``: the number is a mere "một".
    """

    start: int
    end: int
    kind: str
    count: int
    name: str | None
    noun: str
    grade: str
    noun_end: int
    article: bool = False

    @property
    def group(self) -> tuple[str, str, int]:
        """What two that print the same receivers have in common: kind, name in lower case, count."""
        return self.kind, (self.name or "").lower(), self.count
