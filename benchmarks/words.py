"""Compare the fast words with underthesea's on a whole corpus.

Run as ``python benchmarks/words.py ../shared/corpus``. Prints the differences (there must be none) and both speeds.
Takes some minutes for 8,661 documents.
"""

import gzip
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from underthesea import word_tokenize

from pipeline.words import load


def texts(corpus: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((corpus / "reports").glob("*.txt")):
        yield path.name, path.read_text(encoding="utf-8")
    with gzip.open(corpus / "archive.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield record["id"], record["text"]


def main() -> int:
    segmenter = load()
    word_tokenize("a")
    syllables = documents = different = 0
    fast = library = 0.0
    for name, text in texts(Path(sys.argv[1])):
        begin = time.perf_counter()
        ours = segmenter.words(text)
        middle = time.perf_counter()
        theirs = word_tokenize(text)
        library += time.perf_counter() - middle
        fast += middle - begin
        syllables += len(text.split())
        documents += 1
        if ours != theirs:
            different += 1
            print("differs:", name)
    print(f"{documents} documents, {syllables} syllables, {different} documents differ")
    print(f"syllables/s: underthesea {syllables / library:,.0f}, fast {syllables / fast:,.0f}")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
