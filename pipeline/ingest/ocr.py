"""Pages that are pictures -> words with their places, by tesseract 5 in its Vietnamese model (``vie``).

tesseract is a program of its own (``trichluc doctor`` says how to get it), called once a page: so a page that takes too
long can be ended, and what it does to memory costs this process nothing. A page takes 1.1 seconds of processor time.
A binding in the process (tesserocr) takes 0.7, but no page could be ended there; pytesseract calls the same program by
way of files on disk, in 1.5; ocrmypdf writes a PDF with its help, by way of Ghostscript.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import groupby, pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from pipeline.ingest.page import Piece
from pipeline.ingest.types import Unreadable

RESOLUTION = 200
"""Dots an inch at which pages are read. Measured on archive/scans: more takes longer and reads no better."""

ENCODING = "ocr"
HOW = "install tesseract and its Vietnamese model (trichluc doctor says how) and let --ocr be auto"
"""What is said where a picture was not read."""

_POINTS = 72.0
_LANGUAGE = "vie"
_SMALL, _DARKER = 900, 40  # pixels of the picture in which the skew is looked for; how much darker ink is
_MOST_SKEW, _LEAST_SKEW = 6.0, 0.15  # degrees
_LEAST_CONFIDENCE = 25.0  # of a word that is kept
_POOR = 0.6  # a page of less confidence is hardly readable, or lies in a way that tesseract did not see
_SURER = 0.1
_FEW_STEPS = 5  # words beside each other that tell how a page lies
_WINDOWS = r"C:\Program Files\Tesseract-OCR\tesseract.exe"


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The program, its version, and the languages that it has."""

    program: str
    version: str
    languages: frozenset[str]

    @property
    def reads_vietnamese(self) -> bool:
        return _LANGUAGE in self.languages


@dataclass(frozen=True, slots=True)
class Page:
    """What was read on a page, in points from its bottom left, upright; the confidence is from 0 to 1."""

    pieces: tuple[Piece, ...]
    width: float
    height: float
    confidence: float
    words: int


@cache
def tesseract() -> Tesseract | None:
    """The tesseract that is installed; None where there is none that runs."""
    program = shutil.which("tesseract") or (_WINDOWS if Path(_WINDOWS).exists() else None)
    if program is None:
        return None
    try:
        version = _say(program, "--version")
        languages = _say(program, "--list-langs")
    except (OSError, subprocess.SubprocessError):
        return None
    number = re.search(r"\d+(?:\.\d+)+", version)
    return Tesseract(program, number[0] if number else "?", frozenset(languages.split()))


def _say(program: str, option: str) -> str:
    done = subprocess.run([program, option], capture_output=True, timeout=60, check=True)
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def is_there() -> bool:
    """Whether pictures of Vietnamese text can be read."""
    found = tesseract()
    return found is not None and found.reads_vietnamese


def read_picture(picture: Any, resolution: float, seconds: float) -> Page:
    """The words of a picture (``PIL.Image.Image``) of a page, which may be skewed, or lie on its side or head.

    Raises:
        Unreadable: tesseract is not there, fails, or takes longer than ``seconds``.
    """
    grey = _grey(picture)
    words = _read(_upright(grey), resolution, seconds)
    turned = _quarters(words)
    if _confidence(words) < _POOR:  # on its head, it may be
        other = _read(_upright(grey.rotate(180)), resolution, seconds)
        if _confidence(other) > _confidence(words) + _SURER:
            words, turned = other, (2 + _quarters(other)) % 4
    if turned:
        grey = grey.rotate(90 * turned, expand=True)
        words = _read(_upright(grey), resolution, seconds)
    scale = _POINTS / resolution
    pieces = tuple(_pieces(words, scale, grey.height * scale))
    return Page(pieces, grey.width * scale, grey.height * scale, _confidence(words), len(words))


def _quarters(words: Sequence["_Word"]) -> int:
    """By how many quarters to turn a page against the clock so that the words of its lines stand from left to right.

    tesseract reads lines that run in any direction, and gives their words in the order in which they are read.
    """
    steps = [
        (after.left + after.width / 2 - before.left - before.width / 2, after.middle - before.middle)
        for before, after in pairwise(words)
        if before.line == after.line
    ]
    if len(steps) < _FEW_STEPS:
        return 0
    right, down = median(x for x, _ in steps), median(y for _, y in steps)
    if abs(right) >= abs(down):
        return 0 if right >= 0 else 2
    return 1 if down > 0 else 3


def _confidence(words: Sequence["_Word"]) -> float:
    return sum(word.confidence for word in words) / len(words) / 100 if words else 0.0


def told(pages: Sequence[Page], numbers: Sequence[int]) -> Iterator[str]:
    """The warnings about pages of these numbers, from 1, that were read."""
    if pages:
        sure = round(100 * (mean_confidence(pages) or 0))
        yield f"read from pictures by OCR: {page_list(numbers)}; the words are sure to {sure} % on average"
    if poor := [number for page, number in zip(pages, numbers, strict=True) if page.confidence < _POOR]:
        yield f"hardly readable: {page_list(poor)}"


def mean_confidence(pages: Sequence[Page]) -> float | None:
    """Mean confidence of the words of pages, 0 to 1; None without words."""
    words = sum(page.words for page in pages)
    return round(sum(page.confidence * page.words for page in pages) / words, 4) if words else None


def page_list(numbers: Sequence[int]) -> str:
    """Pages in words.

    >>> page_list([3]), page_list([1, 2, 3, 7])
    ('page 3', 'pages 1-3, 7')
    """
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    spans = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
    return f"page{'s' * (len(numbers) > 1)} {spans}"


def _grey(picture: Any) -> Any:
    """The picture in grey. Of colours the lightest part counts, in which stamps and blue ink are pale."""
    from PIL import Image

    if picture.mode in ("1", "L", "I;16", "I", "F"):
        return picture.convert("L")
    colours = np.asarray(picture.convert("RGB"))
    return Image.fromarray(colours.max(axis=2))


def _upright(grey: Any) -> Any:
    """The picture turned by the few degrees that it is skewed."""
    angle = skew(grey)
    return grey if abs(angle) < _LEAST_SKEW else grey.rotate(angle, resample=3, expand=False, fillcolor=255)


def skew(grey: Any) -> float:
    """By how many degrees to turn a page so that its lines lie level: rows of ink and white differ most then."""
    small = grey.copy()
    small.thumbnail((_SMALL, _SMALL))
    limit = float(np.asarray(small).mean()) - _DARKER
    dark = small.point(lambda value: 255 * (value < limit))

    def levelness(angle: float) -> float:
        rows = np.asarray(dark.rotate(angle, fillcolor=0)).sum(axis=1, dtype=np.float64)
        return float(((rows[1:] - rows[:-1]) ** 2).sum())

    best = max(np.arange(-_MOST_SKEW, _MOST_SKEW + 0.1, 0.5), key=levelness)
    return float(max(np.arange(best - 0.4, best + 0.41, 0.1), key=levelness))


def _read(grey: Any, resolution: float, seconds: float) -> list["_Word"]:
    return list(_words(_told(grey, resolution, seconds)))


def _told(grey: Any, resolution: float, seconds: float) -> str:
    """What tesseract says of a picture, as tab-separated values."""
    found = tesseract()
    if found is None or not found.reads_vietnamese:
        raise Unreadable("parse", "NoOcr", HOW)
    data = BytesIO()
    grey.save(data, "BMP")
    command = [
        found.program,
        "-",
        "-",
        "-l",
        _LANGUAGE,
        "--dpi",
        f"{resolution:.0f}",
        "--psm",
        os.environ.get("PSM", "3"),
        "tsv",
    ]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(
            command, input=data.getvalue(), capture_output=True, timeout=seconds, check=False, env=environment
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("parse", "TimeLimit", f"a page took longer than {seconds:g} seconds to read") from error
    if done.returncode:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())[-200:]
        raise Unreadable("parse", "OcrFailed", f"tesseract failed: {said}")
    return done.stdout.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class _Word:
    line: tuple[str, ...]
    left: int
    top: int
    width: int
    height: int
    confidence: float
    text: str

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def _words(told: str) -> Iterator[_Word]:
    """The words of a page with their boxes in pixels; what is hardly sure to be one is left out."""
    for row in told.splitlines()[1:]:
        fields = row.split("\t")
        if len(fields) < 12 or fields[0] != "5":
            continue
        text, confidence = fields[11].strip(), float(fields[10])
        if text and confidence >= _LEAST_CONFIDENCE:
            left, top, width, height = map(int, fields[6:10])
            yield _Word(tuple(fields[1:5]), left, top, width, height, confidence, text)


def _pieces(words: Sequence[_Word], scale: float, height: float) -> Iterator[Piece]:
    """Stretches of words of a line, parted where the white between is that of columns."""
    for _, line in groupby(words, key=lambda word: word.line):
        row = sorted(line, key=lambda word: word.left)
        size = median(word.height for word in row)
        stretch: list[_Word] = []
        for word in row:
            if stretch and word.left - stretch[-1].left - stretch[-1].width > 1.6 * size:
                yield _piece(stretch, scale, height)
                stretch = []
            stretch.append(word)
        yield _piece(stretch, scale, height)


def _piece(words: Sequence[_Word], scale: float, height: float) -> Piece:
    top, bottom = median(word.top for word in words), median(word.top + word.height for word in words)
    right = max(word.left + word.width for word in words)
    text = " ".join(word.text for word in words)
    return Piece(words[0].left * scale, height - bottom * scale, right * scale, height - top * scale, text)
