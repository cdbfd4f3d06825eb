"""Readers and extractors against damaged bytes: nothing raises, nothing hangs, every result can be stored.

`make test` tries the same inputs on every run. `make fuzz` sets FUZZ_SECONDS, and new ones are tried for as long; what
it finds becomes a case of the damaged set.
"""

import os
import random
import time
from dataclasses import replace

import pytest

from pipeline.ingest import Options, RawDocument, Reject, Source, read
from pipeline.tables.rows import to_tables
from pipeline.text.normalise import normalise

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
TRIES = 120
SEED = int(os.environ.get("FUZZ_SEED", "4"))
SLOW = 20.0
_OPTIONS = replace(Options(), max_seconds=10)
_TOKENS = (
    *(
        b"\x00",
        b"\xff" * 8,
        b"<",
        b"&",
        b'"',
        b"{",
        b"}",
        b"\n",
        b"\\",
        b"PK\x03\x04",
        b"%PDF-",
        b"WARC/1.0\r\n",
        b"0" * 64,
    ),
    *(
        b"<table>",
        b"<!--",
        b"<w:p>",
        b"\\u-1?",
        b"\\bin99999 ",
        b"Content-Length: 99999999999\r\n",
        b"=?utf-8?b?",
        b"\xe1\xbb",
    ),
    *(b"99999999999999 tri\xe1\xbb\x87u \xc4\x91\xe1\xbb\x93ng ", "từ 5 đến 3 tỷ, ".encode(), "\u0301".encode() * 50),
)


def damage(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one to six random injuries."""
    for _ in range(chance.randint(1, 6)):
        place, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        end = min(end, place + chance.choice((1, 4, 64, len(data))))
        kind = chance.randrange(6)
        if kind == 0:
            data = data[:place] + data[end:]
        elif kind == 1:
            data = data[:place] + chance.randbytes(end - place) + data[end:]
        elif kind == 2:
            data = data[:place] + chance.choice(_TOKENS) * chance.choice((1, 1, 3, 200)) + data[place:]
        elif kind == 3:
            data = data[:end] + data[place:end] * chance.choice((1, 2, 20)) + data[end:]
        elif kind == 4:
            data = data[:place]
        else:
            data = data[:place] + bytes(b ^ 1 << chance.randrange(8) for b in data[place:end]) + data[end:]
        data = data[: 1 << 20]
    return data


@pytest.fixture(scope="module")
def seeds(archive):
    return {name: make() for name, make in archive.files().items()}


def test_readers(seeds, tmp_path):
    chance, names, count = random.Random(SEED), sorted(seeds), 0
    until = time.monotonic() + SECONDS
    while count < TRIES or time.monotonic() < until:
        name = chance.choice(names)
        path = tmp_path / chance.choice((name, chance.choice(names)))
        path.write_bytes(damage(seeds[name], chance))
        start = time.monotonic()
        for item in read(Source(path, path.name), _OPTIONS):
            assert isinstance(item, (RawDocument, Reject))
            if isinstance(item, Reject):
                assert item.message
                f"{item.source}{item.message}".encode()
            else:
                text, _ = normalise(item.text)
                f"{item.source}{text}{item.title}{item.byline}{item.url}".encode()
                assert normalise(text)[0] == text
        assert time.monotonic() - start < SLOW, path.read_bytes()
        path.unlink()
        count += 1


def test_extractors(archive):
    """Text with random injuries goes through the rules: no exception, so no document is lost to a rule."""
    from pipeline.extraction import Extractor

    extractor, chance, count = Extractor(), random.Random(SEED), 0
    until = time.monotonic() + SECONDS
    while count < TRIES or time.monotonic() < until:
        text = damage(archive.TEXT.encode(), chance).decode("utf-8", "ignore")[:20_000]
        if not text.strip():
            continue
        start = time.monotonic()
        tables, _ = to_tables(extractor.extract([RawDocument("a.txt", text, "utf-8")]))
        assert tables["rejects"].num_rows == 0, (tables["rejects"].to_pylist(), text)
        (warnings,) = tables["documents"]["warnings"].to_pylist()
        assert not [told for told in warnings if "could not be looked for" in told], text
        assert time.monotonic() - start < SLOW, text
        count += 1
