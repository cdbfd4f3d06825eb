"""The letters of Vietnamese, as contents of character classes: ``[{UPPER}]``.

``re`` knows no ``\\p{Lu}``, and classes written by hand forget letters: "huyện Ứng Hòa" and "huyện Lương Sơn" must read
the same.

>>> import re
>>> [word for word in ("Ứng", "Ý", "Ớt", "Đông", "Lương", "ứng", "5") if re.match(f"[{UPPER}]", word)]
['Ứng', 'Ý', 'Ớt', 'Đông', 'Lương']
"""

MARKED = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
"""The lower-case letters that ASCII has not."""

LOWER = "a-z" + MARKED
UPPER = "A-Z" + MARKED.upper()
LETTERS = LOWER + UPPER
