"""Reading order on a page: rows, columns, paragraphs."""

from pipeline.ingest.page import Piece, lines_of, paragraphs


def _row(y: float, *pieces: tuple[float, str], low: float = 0, high: float = 10) -> list[Piece]:
    """Pieces on one line: (left, text) each, six points a letter."""
    return [Piece(x, y + low, x + 6 * len(text), y + high, text) for x, text in pieces]


def _text(pieces: list[Piece]) -> list[str]:
    return list(paragraphs([lines_of(pieces, 0, 600, 800)]))


def test_low_signs_stay_in_their_row():
    """A comma and a quote have boxes of their own height; they belong to the line they stand on."""
    pieces = _row(700, (50, "Đề án"), (100, "Hỗ trợ máy"))
    pieces += [Piece(94, 706, 99, 711, "“"), Piece(161, 706, 165, 711, "”"), Piece(166, 697, 168, 702, ",")]
    pieces += _row(684, (50, "và ba cơ sở khác nữa"))
    assert _text(pieces) == ["Đề án “Hỗ trợ máy”, và ba cơ sở khác nữa"]


def test_two_columns_under_a_headline():
    left = [piece for i in range(6) for piece in _row(680 - 14 * i, (50, f"dòng trái số {i} của cột thứ nhất"))]
    right = [piece for i in range(6) for piece in _row(680 - 14 * i, (320, f"dòng phải số {i} của cột thứ hai"))]
    head = _row(720, (50, "HEADLINE THAT RUNS OVER BOTH OF THE COLUMNS OF THE PAGE, TO ITS END"), high=11)
    mixed = [piece for pair in zip(right, left, strict=True) for piece in pair]
    text = "\n".join(_text(mixed + head))
    assert text.index("HEADLINE") < text.index("trái số 0") < text.index("trái số 5") < text.index("phải số 0")


def test_short_pieces_of_full_lines_are_no_columns():
    """Names in another font cut lines into pieces; the full lines between show that there is one column."""
    pieces: list[Piece] = []
    for i in range(5):
        pieces += _row(700 - 28 * i, (50, f"Dòng {i} dẫn tới"), (330, "tên gọi khác đi"))
        pieces += _row(686 - 28 * i, (50, "một dòng đầy đủ chạy hết bề ngang của trang giấy này, không ngắt quãng"))
    text = " ".join(_text(pieces))
    assert all(f"Dòng {i} dẫn tới tên gọi" in text for i in range(5))


def test_a_paragraph_ends_where_the_next_word_had_room():
    pieces = _row(700, (50, "Dòng thứ nhất dài hết bề ngang trang, chạy tới mép")) + _row(686, (50, "rồi hết đoạn."))
    pieces += _row(672, (50, "Đoạn mới bắt đầu ở đây và cũng chạy tới mép phải,")) + _row(658, (50, "rồi hết."))
    assert len(_text(pieces)) == 2


def test_a_paragraph_goes_on_over_a_page_break():
    first = lines_of(_row(100, (50, "Kinh phí do ngân sách tỉnh hỗ trợ cho")), 0, 600, 800)
    second = lines_of(_row(700, (50, "ba cơ sở ở huyện.")), 1, 600, 800)
    assert list(paragraphs([first, second])) == ["Kinh phí do ngân sách tỉnh hỗ trợ cho ba cơ sở ở huyện."]


def test_an_empty_page():
    assert _text([]) == []
