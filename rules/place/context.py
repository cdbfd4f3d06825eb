"""Whether the words around a bare name let it be a place."""

from rules.place.words import WORDS

_STOPS = ",;:.(!?\"“”'\n–"


def left_words(text: str, start: int, limit: int = 40) -> list[str]:
    """Lower-case words before ``start`` in the same clause.

    >>> left_words("Ngày 3-4, công ty cổ phần Thanh Bình", 25)
    ['công', 'ty', 'cổ', 'phần']
    """
    piece = text[max(0, start - limit) : start]
    cut = max(piece.rfind(stop) for stop in _STOPS)
    words = piece[cut + 1 :].lower().split()
    return words[1:] if cut < 0 and start > limit else words


def located(words: list[str]) -> bool:
    """Whether a preposition of place stands right before the name."""
    return bool(words) and words[-1] in WORDS.locative


def is_place(words: list[str]) -> bool:
    """Whether nothing before a bare name makes it a person, a street, a firm or another thing."""
    if not words or words[-1] in WORDS.locative:
        return True
    if words[-1] in WORDS.not_before or " ".join(words[-2:]) in WORDS.not_before:
        return False
    tail = " ".join(words)
    return not any(word in tail for word in WORDS.owners)
