"""How fast the money grammar reads, beside word segmentation in the same run.

    python benchmarks/money.py ../shared/corpus [--sample 40]

Reads the plain reports of CORPUS/reports (``*.txt``) and prints, for one core: megabytes (UTF-8) a second of
``rules.money.find``, milliseconds a report of ``find`` and ``assign_roles``, and megabytes a second of a bare loop
of ``underthesea.word_tokenize`` over a sample. Exit status 1 where ``find`` is slower than 5 MB/s and slower than
ten times the segmentation. Time is processor time, so that other work on the machine counts less.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline.text.segment import segment
from rules import money, role

REQUIRED_MB, REQUIRED_TIMES = 5.0, 10.0


def seconds(work: Callable[[], object], rounds: int = 3) -> float:
    """Least processor time of a few rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def megabytes(texts: Sequence[str]) -> float:
    return sum(len(text.encode()) for text in texts) / 1e6


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--sample", type=int, default=40, help="reports for the word segmentation")
    options = parser.parse_args()
    texts = [path.read_text(encoding="utf-8") for path in sorted((options.corpus / "reports").glob("*.txt"))]
    if not texts:
        parser.error(f"no reports/*.txt in {options.corpus}")

    find = seconds(lambda: [money.find(text) for text in texts])
    layouts = [segment(text) for text in texts]
    sums = [money.find(text) for text in texts]
    roles = seconds(lambda: [role.assign_roles(*pair) for pair in zip(layouts, sums, strict=True)])

    from underthesea import word_tokenize

    sample = texts[: options.sample]
    word_tokenize(sample[0])
    words = seconds(lambda: [word_tokenize(text) for text in sample], rounds=1)

    speed, bare = megabytes(texts) / find, megabytes(sample) / words
    print(f"reports               {len(texts)}, {megabytes(texts):.2f} MB, {sum(map(len, sums))} sums")
    print(f"money.find            {speed:.1f} MB/s, {1e3 * find / len(texts):.3f} ms a report")
    a_sum = 1e6 * roles / sum(map(len, sums))
    print(f"role.assign_roles    {1e3 * roles / len(texts):.3f} ms a report, {a_sum:.0f} us a sum")
    print(f"word_tokenize (bare)  {bare:.3f} MB/s; find is {speed / bare:.0f} times as fast")
    return 0 if speed >= REQUIRED_MB or speed >= REQUIRED_TIMES * bare else 1


if __name__ == "__main__":
    sys.exit(main())
