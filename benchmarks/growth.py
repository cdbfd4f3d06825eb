"""How the time for one document grows with its length: ``python benchmarks/growth.py``, a part of ``make bench``.

Each family of texts and files is measured at n, 2n, 4n and 8n, in seconds of processor time; the exponent is that of
the power of n which fits: 1 is linear, and more than 1.15 would let one document take the time of an archive.
"""

import argparse
import math
import random
import tempfile
import time
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline import ingest
from pipeline.batch.process import settle
from pipeline.extraction import extractor
from pipeline.ingest import Options, RawDocument, Source

TIMES = (1, 2, 4, 8)
MOST = 1.15


def _filled(characters: int, piece: Callable[[int], str]) -> str:
    parts: list[str] = []
    size = number = 0
    while size < characters:
        number += 1
        parts.append(piece(number))
        size += len(parts[-1])
    return "".join(parts)


TEXTS: dict[str, tuple[int, Callable[[int], str]]] = {
    "sums of undertakings in one sentence": (
        25_000,
        lambda n: "Tỉnh hỗ trợ " + _filled(n, lambda i: f"đề án {i} {i + 3} triệu đồng, "),
    ),
    "an undertaking with a sum a sentence": (
        25_000,
        lambda n: _filled(n, lambda i: f"Đề án số {i} hỗ trợ cơ sở {i} mua máy với kinh phí {i + 7} triệu đồng. "),
    ),
    "a paragraph an undertaking": (
        25_000,
        lambda n: _filled(n, lambda i: f"- Dự án đường số {i} tại xã Tân Lập, tổng vốn {i + 7} tỷ đồng;\n"),
    ),
    "years and undertakings": (
        25_000,
        lambda n: _filled(n, lambda i: f"Năm {1990 + i % 35}, huyện thực hiện đề án chăn nuôi {i}. "),
    ),
    "places in one sentence": (
        25_000,
        lambda n: "Hỗ trợ " + _filled(n, lambda i: ("huyện Tân Lạc, ", "xã Phú Cường, ", "tỉnh Hòa Bình, ")[i % 3]),
    ),
    "receivers in one sentence": (25_000, lambda n: "Hỗ trợ " + _filled(n, lambda i: f"{i % 900 + 2} hộ dân, ")),
    "lists under their units": (25_000, lambda n: _filled(n, lambda i: f"Mục {i} (ĐVT: triệu đồng): Chè: {i + 7};\n")),
    "prose in one line": (
        112_500,
        lambda n: _filled(n, lambda i: f"Người dân xã bên sông trồng lúa và nuôi cá vụ thứ {i} trong năm. "),
    ),
    "prose without a full stop": (28_000, lambda n: _filled(n, lambda i: f"người dân trồng lúa vụ {i} và nuôi cá ")),
}
"""Family -> (characters at n, the text of so many)."""


def _pdf(pieces: Iterator[tuple[float, float]]) -> bytes:
    """One page with a word at each of these places."""
    content = "".join(f"BT /F1 4 Tf 1 0 0 1 {x:.1f} {y:.1f} Tm (tin) Tj ET\n" for x, y in pieces)
    stream = zlib.compress(content.encode())
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R "
        b"/Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    made, places = b"%PDF-1.4\n", []
    for number, content_of in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content_of)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return made + tail % (table, len(made))


def _scattered(n: int) -> bytes:
    place = random.Random(1)
    return _pdf((place.uniform(0, 600), place.uniform(0, 800)) for _ in range(n))


def _subject(n: int) -> bytes:
    words = b"\n ".join(b"=?utf-8?B?%s?=" % b64encode(f"tin {i} ".encode()) for i in range(n))
    return b"MIME-Version: 1.0\nSubject: " + words + b"\nContent-Type: text/plain; charset=utf-8\n\nTin.\n"


def _page(n: int) -> bytes:
    return ("<html><body><h1>Tin</h1>" + "<p><font>Hỗ trợ 5 tỷ đồng." * n).encode()


FILES: dict[str, tuple[str, int, Callable[[int], bytes]]] = {
    "PDF, words scattered on a page": ("a.pdf", 1_250, _scattered),
    "PDF, words in one row": ("a.pdf", 1_250, lambda n: _pdf((600 * i / n, 400.0) for i in range(n))),
    "PDF, words in one column": ("a.pdf", 1_250, lambda n: _pdf((300.0, 800 * i / n) for i in range(n))),
    "mail, encoded words in the subject": ("a.eml", 1_000, _subject),
    "page, tags that are not closed": ("a.html", 1_000, _page),
}
"""Family -> (name, how many at n, the file of so many)."""


def _seconds(function: Callable[[], object]) -> float:
    """The least processor time of two."""
    found = []
    for _ in range(2):
        began = time.process_time()
        function()
        found.append(time.process_time() - began)
    return min(found)


def exponent(seconds: list[float]) -> float:
    """Of the power of n that fits best (least squares of the logarithms).

    >>> round(exponent([1.0, 2.0, 4.0, 8.0]), 2), round(exponent([1.0, 4.0, 16.0, 64.0]), 2)
    (1.0, 2.0)
    """
    points = [(math.log(n), math.log(max(s, 1e-4))) for n, s in zip(TIMES, seconds, strict=False)]
    x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


def _measured(least: int, work: Callable[[int], Callable[[], object]], patience: float) -> list[float]:
    """Seconds at n, 2n, 4n, 8n; fewer where the next would take longer than `patience`."""
    seconds: list[float] = []
    for times in TIMES:
        if len(seconds) > 1 and seconds[-1] ** 2 / seconds[-2] > patience:
            break
        seconds.append(_seconds(work(times * least)))
    return seconds


def _extraction(make: Callable[[int], str]) -> Callable[[int], Callable[[], object]]:
    def work(n: int) -> Callable[[], object]:
        document = RawDocument("a.txt", make(n), "utf-8")
        return lambda: extractor().extract([document])

    return work


def _reading(folder: Path, name: str, make: Callable[[int], bytes]) -> Callable[[int], Callable[[], object]]:
    def work(n: int) -> Callable[[], object]:
        (folder / name).write_bytes(make(n))
        return lambda: list(ingest.read(Source(folder / name, name), Options(max_seconds=600)))

    return work


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patience", type=float, default=60, help="longest measurement, in seconds")
    parser.add_argument("--only", default="", help="families whose names have this")
    arguments = parser.parse_args()
    extractor().warm_up()
    settle()  # the collector as in a worker
    print(f"{'growth: seconds of processor time at n, 2n, 4n, 8n':52}{'n':>9}{'':>4}seconds{'':>21}exponent")
    with tempfile.TemporaryDirectory() as name:
        families = [(family, least, _extraction(make)) for family, (least, make) in TEXTS.items()]
        families += [(f, least, _reading(Path(name), file, make)) for f, (file, least, make) in FILES.items()]
        for family, least, work in families:
            if arguments.only not in family:
                continue
            seconds = _measured(least, work, arguments.patience)
            power = exponent(seconds)
            told = "".join(f"{s:8.2f}" for s in seconds).ljust(32)
            print(f"{family:52}{least:9,}{told}{power:8.2f}{'  too steep' if power > MOST else ''}", flush=True)


if __name__ == "__main__":
    main()
