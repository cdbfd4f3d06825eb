"""Places: the cost of finding and resolving them, against word segmentation of the same texts in the same run.

    python benchmarks/place.py FOLDER [--documents N]

FOLDER holds plain text reports. Prints the load time of the gazetteer, the processor time of both per 2,500 code
points (best of three rounds for places, one for words) and their ratio, which must stay under a quarter.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from underthesea import word_tokenize

from pipeline.text.segment import segment
from rules.place import find
from rules.place.gazetteer import load


def best(work: Callable[[Any], object], items: Sequence[Any], rounds: int = 3) -> float:
    """Least processor time in seconds of doing the work on all items."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        for item in items:
            work(item)
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Speed of the place rules beside word segmentation.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=100)
    options = parser.parse_args()

    start = time.perf_counter()
    load()
    loading = time.perf_counter() - start
    texts = [path.read_text(encoding="utf-8") for path in sorted(options.folder.glob("*.txt"))[: options.documents]]
    layouts = [segment(text) for text in texts]
    word_tokenize("Tỉnh Hòa Bình")  # loads its model
    find(layouts[0])

    scale = 2500 * 1000 / sum(map(len, texts))
    words = best(word_tokenize, texts, 1) * scale
    places = best(find, layouts) * scale
    print(f"gazetteer loaded in {loading * 1000:.0f} ms")
    print(f"{len(texts)} documents, milliseconds per 2,500 code points:")
    print(f"  word segmentation  {words:8.2f}")
    print(f"  places             {places:8.2f}   {places / words:.1%} of word segmentation")
    if places > words / 4:
        raise SystemExit("places cost more than a quarter of word segmentation")


if __name__ == "__main__":
    main()
