"""How well scans are read: the share of the words that come out, and of the sums.

    python scripts/measure_ocr.py [FOLDER...]

FOLDER holds PDF scans, each with the text that it shows beside it, as .doc or .txt of the same name. Without one, the
ten scans that make_test_scans.py makes are read.
"""

import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from pathlib import Path

from pipeline import ingest
from pipeline.extraction import Extractor, prepare
from pipeline.ingest import Options, RawDocument, Source


def main() -> int:
    """Measure each folder of the command line."""
    with tempfile.TemporaryDirectory() as made:
        folders = sys.argv[1:]
        if not folders:
            subprocess.run([sys.executable, Path(__file__).with_name("make_test_scans.py"), made], check=True)
            folders = [made]
        for folder in folders:
            measure(Path(folder))
    return 0


def measure(folder: Path) -> None:
    """Print a line for each scan of a folder, and one for all."""
    extractor = Extractor()
    words = found = sums = right = 0
    began = time.monotonic()
    for scan in sorted(folder.glob("*.pdf")):
        beside = next((path for ext in (".txt", ".doc") if (path := scan.with_suffix(ext)).exists()), None)
        if beside is None:
            continue
        truth, read = _document(beside), _document(scan)
        here = _words(truth), _words(read), _sums(extractor, truth), _sums(extractor, read)
        shared_words, shared_sums = (here[0] & here[1]).total(), (here[2] & here[3]).total()
        words, found, sums, right = (
            words + here[0].total(),
            found + shared_words,
            sums + here[2].total(),
            right + shared_sums,
        )
        share = f"{shared_sums}/{here[2].total()} sums ({here[3].total()} read)"
        print(f"{scan.name:36} words {shared_words / here[0].total():.4f}  {share}", flush=True)
    if words:
        took = time.monotonic() - began
        print(f"{folder}: words {found / words:.4f}, sums {right}/{sums} = {right / max(1, sums):.4f}, {took:.0f} s")


def _document(path: Path) -> RawDocument:
    found = next(iter(ingest.read(Source(path, path.name), Options(max_seconds=600))))
    if not isinstance(found, RawDocument):
        raise SystemExit(f"{path}: {found.message}")
    return found


def _words(document: RawDocument) -> Counter[str]:
    text = unicodedata.normalize("NFC", prepare(document).layout.text).lower()
    return Counter(re.findall(r"\w+", text))


def _sums(extractor: Extractor, document: RawDocument) -> Counter[tuple[object, ...]]:
    return Counter((a.currency, a.low, a.high) for a in extractor.facts(document).amounts)


if __name__ == "__main__":
    sys.exit(main())
