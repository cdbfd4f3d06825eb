"""Which documents have the same or nearly the same text as an earlier one.

Two texts are nearly the same when at least :data:`ALIKE` of their word triples agree, by their fingerprints, *and* so
do their figures: a weekly report that repeats last week's wording with new sums is no duplicate, for whoever adds up
sums leaves duplicates out.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.tables.fingerprint import HASHES, Numbers, fingerprint

ALIKE = 0.75
FIGURES_ALIKE = 0.9
_ROWS = 4  # values of a signature that make a band: together 64 bits
_BANDS = HASHES // _ROWS

Places = NDArray[np.int64]


def mark(documents: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Duplicates among (doc_id, source, text), as duplicate's doc_id -> doc_id of the first one.

    "First" is by source, then doc_id, whatever the order in which documents arrive; the first one of each group is
    itself no duplicate.

    >>> text = "Tỉnh hỗ trợ 450 triệu đồng cho ba cơ sở chế biến chè tại huyện Lạc Sơn trong năm nay, theo kế hoạch."
    >>> mark([("b", "2.txt", text), ("a", "1.txt", text + " Minh Hà"), ("c", "3.txt", text.replace("450", "900"))])
    {'b': 'a'}
    """
    rows = [(doc_id, source, fingerprint(text)) for doc_id, source, text in documents]
    return mark_fingerprints(pa.table(list(zip(*rows, strict=True)), _COLUMNS) if rows else None)


_COLUMNS = ["doc_id", "source", "fingerprint"]


def mark_fingerprints(documents: pa.Table | None) -> dict[str, str]:
    """The same from a table of doc_id, source and :func:`pipeline.tables.fingerprint.fingerprint`."""
    if not documents:
        return {}
    large = documents["fingerprint"].cast(pa.large_binary())  # together they may be more than 2 GiB
    documents = documents.select(_COLUMNS).set_column(2, "fingerprint", large)
    documents = documents.sort_by([("source", "ascending"), ("doc_id", "ascending")])
    prints = _Prints(documents["fingerprint"].combine_chunks())
    groups = prints.groups()
    numbers = np.flatnonzero((groups >= 0).any(axis=1))
    by_figure: defaultdict[int, list[int]] = defaultdict(list)
    by_group: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    marks: dict[str, str] = {}
    for number, figures in zip(numbers.tolist(), prints.rare_figures(numbers), strict=True):
        shared = [(band, group) for band, group in enumerate(groups[number].tolist()) if group >= 0]
        # What it is like shares a rare figure with it, and a band: the fewer of both are looked at.
        ways = [by_figure[figure] for figure in figures], [by_group[key] for key in shared]
        fewer = min(ways, key=lambda way: sum(map(len, way)))
        known = np.array(sorted(set(chain.from_iterable(fewer))), np.int64)
        known = known[((groups[known] == groups[number]) & (groups[number] >= 0)).any(axis=1)]
        original = prints.first_alike(known, number)
        if original is None:
            for kept in chain(*ways):
                kept.append(number)
        else:
            first, again = (documents["doc_id"][place].as_py() for place in (original, number))
            if first != again:
                marks[again] = first
    return marks


class _Prints:
    """Fingerprints, as arrays over their bytes."""

    def __init__(self, fingerprints: pa.LargeBinaryArray) -> None:
        _, offsets, data = fingerprints.buffers()
        count = len(fingerprints)
        self._ends = np.frombuffer(offsets, np.int64)[fingerprints.offset : fingerprints.offset + count + 1]
        self._data = np.frombuffer(data, np.uint8)

    def _signatures(self, numbers: Places, values: slice) -> NDArray[np.uint16]:
        """The values of the signatures of some documents: a row a document."""
        places = self._ends[numbers, None] // 2 + np.arange(HASHES)[values]
        found: NDArray[np.uint16] = self._data.view(np.uint16)[places]
        return found

    def _figures(self, number: int) -> Numbers:
        start, end = self._ends[number : number + 2]
        return self._data[start + 2 * HASHES : end].view(np.uint32)

    def groups(self) -> NDArray[np.int32]:
        """For each document and band, the number of the group that shares the band; -1 where none does."""
        numbers = np.arange(len(self._ends) - 1)
        groups = np.full((len(numbers), _BANDS), -1, np.int32)
        for band in range(_BANDS):
            values = self._signatures(numbers, slice(band * _ROWS, (band + 1) * _ROWS))
            _, group, sizes = np.unique(values.view(np.uint64)[:, 0], return_inverse=True, return_counts=True)
            shared = sizes[group] > 1
            groups[shared, band] = group[shared]
        return groups

    def rare_figures(self, numbers: Places) -> Iterable[list[int]]:
        """Of each document so many of its rarest figures that it shares one of them with all that it is like; [-1]
        for a document without figures.

        So of a thousand reports of one template, which share their words, only those are compared that may be alike.
        """
        every = [self._figures(number) for number in numbers.tolist()]
        values, counts = np.unique(np.concatenate([*every, np.empty(0, np.uint32)]), return_counts=True)
        for figures in every:
            rarest = figures[np.argsort(counts[np.searchsorted(values, figures)], kind="stable")]
            yield rarest[: len(rarest) - int(np.ceil(FIGURES_ALIKE * len(rarest))) + 1].tolist() or [-1]

    def first_alike(self, known: Places, number: int) -> int | None:
        """The first of some documents that the document is like."""
        every = slice(0, HASHES)
        same = self._signatures(known, every) == self._signatures(np.array([number]), every)
        figures = self._figures(number)
        for other in known[same.mean(axis=1) >= ALIKE].tolist():
            others = self._figures(other)
            both = np.intersect1d(others, figures, assume_unique=True).size
            if both >= FIGURES_ALIKE * (others.size + figures.size - both):
                return int(other)
        return None
