"""Vietnamese word segmentation: the words of underthesea, more than ten times as fast.

underthesea's word model is a conditional random field with two labels. Its library builds 43 feature strings a
token and looks each up; here the same sums come out of tables (`pipeline.words.scores`), the token pattern
runs once for each distinct string (`pipeline.words.chunks`), and a two-label Viterbi search decides
(`pipeline.words.segmenter`). A decision so close that rounding could turn it goes to the library.
docs/scale.md has the measurements.

>>> load().words("Trung tâm Khuyến công hỗ trợ 2 cơ sở")
['Trung tâm', 'Khuyến công', 'hỗ trợ', '2', 'cơ sở']
>>> load().spans("hỗ trợ cơ sở")
[(0, 6, 'hỗ trợ'), (7, 12, 'cơ sở')]
"""

from __future__ import annotations

import warnings
from functools import cache

from pipeline.words.segmenter import FastSegmenter, Segmenter, Word

__all__ = ["Segmenter", "Word", "load"]

# Checked at load: names, abbreviations, numbers, dates, links, odd spelling, decomposed and foreign letters.
PROBE = (
    "UBND tỉnh Hòa Bình phê duyệt đề án “Hỗ trợ ứng dụng máy móc tiên tiến” với kinh phí trên 1,75 tỷ đồng. "
    "TP. Hồ Chí Minh, ngày 25/03/2020: ông K'Brêu, bà H'Mông (xã Ea Tul) thu 5.024 triệu đồng/ha, tăng 12,5%.\n"
    "Xem https://example.org/a?b=1 hoặc thu@example.org; NĐ-CP số 45/2012, v.v. Thuỷ lợi, hoà giaỉ, Ðắk Lắk, "
    "Đa\u0301p án, ΟΔΟΣ, 東京 ٣.\n"
    "Bác sĩ bây giờ có thể thản nhiên báo tin bệnh nhân bị ung thư? Giám đốc Sở Công Thương Nguyễn Văn A nói."
)


class SegmenterWarning(UserWarning):
    """The fast path cannot be used, so segmentation is slow."""


@cache
def load() -> Segmenter:
    """The segmenter, made once a process.

    Falls back to underthesea itself, with a `SegmenterWarning`, where the installed version is laid out
    differently or gives other words for a fixed text.
    """
    try:
        return _fast()
    except Exception as error:  # whatever is wrong with the installed files, the library itself may still work
        message = f"word segmentation runs at the speed of underthesea, more than ten times slower: {error}"
        warnings.warn(message, SegmenterWarning, stacklevel=2)
        from pipeline.words.fallback import LibrarySegmenter

        return LibrarySegmenter()


def _fast() -> FastSegmenter:
    from pipeline.words.library import Unsupported, read_library

    library = read_library()
    segmenter = FastSegmenter(library)
    if library.known:
        expected = library.words(PROBE)
    else:  # not the sources that this was proved on, so ask the package as a whole
        from underthesea import word_tokenize

        expected = word_tokenize(PROBE)
    if segmenter.words(PROBE) != expected:
        raise Unsupported("its words for the probe text differ")
    return segmenter
