"""Make scans of reports: pictures of pages as a photocopier leaves them, for tests and for measuring OCR.

    python scripts/make_test_scans.py FOLDER

Ten reports of corpus/ are set in a book face, printed, stamped, skewed, and scanned with noise, each in its own way;
FOLDER gets a PDF without any text layer for each, and the text that was set beside it. The same every time.
"""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

CORPUS = Path(__file__).parents[1] / "corpus"
RESOLUTION = 200
_WIDTH, _HEIGHT = 1654, 2339  # A4
_MARGIN, _GUTTER = 170, 70


@dataclass(frozen=True)
class Way:
    """How a report is set and scanned: degrees of skew, strength of noise from 0 to 255, quarters that it is turned."""

    report: str
    size: int = 30
    columns: int = 1
    skew: float = 0.0
    noise: float = 8.0
    blur: float = 0.6
    quarters: int = 0
    stamp: bool = False
    colour: bool = False
    bold: bool = False


WAYS = (
    Way("bac-kan-may-moi", skew=0.6, stamp=True, colour=True),
    Way("binh-phuoc-khuyen-cong", skew=-1.2, noise=14),
    Way("ca-mau-truong-hoc", columns=2, size=26, skew=0.4),
    Way("bac-giang-phong-hoc", size=27, skew=2.1, noise=10, stamp=True),
    Way("cao-bang-de-tai-bo", quarters=1, noise=6),
    Way("an-giang-nuoc-o-lam", quarters=2, skew=-0.8, stamp=True, colour=True),
    Way("binh-thuan-ke-bien", bold=True, noise=18, blur=0.9),
    Way("can-tho-vanh-dai", size=34, skew=-3.0, stamp=True),
    Way("ca-mau-tom-lua", columns=2, size=26, skew=-0.5, noise=12, stamp=True, colour=True),
    Way("binh-dinh-vinh-son", size=24, noise=10, blur=0.7, skew=1.0),
)


def main() -> int:
    """Write the scans and their texts into the folder that the command line names."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for way in WAYS:
        text = (CORPUS / f"{way.report}.txt").read_text("utf-8")
        (folder / f"{way.report}.pdf").write_bytes(as_pdf(scan(text, way)))
        (folder / f"{way.report}.txt").write_text(text, "utf-8")
    return 0


def scan(text: str, way: Way) -> list[Image.Image]:
    """The pages of a report as pictures."""
    random = Random(way.report)
    return [_scanned(page, way, random) for page in _set(text.split("\n"), way)]


def as_pdf(pages: Sequence[Image.Image]) -> bytes:
    """A PDF of pictures, a page each."""
    out = BytesIO()
    pages[0].save(out, "PDF", resolution=RESOLUTION, save_all=True, append_images=list(pages[1:]), quality=80)
    return out.getvalue()


def _font(way: Way) -> ImageFont.FreeTypeFont:
    import matplotlib

    face = "DejaVuSerif-Bold" if way.bold else "DejaVuSerif"
    return ImageFont.truetype(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{face}.ttf", way.size)


def _set(paragraphs: Sequence[str], way: Way) -> list[Image.Image]:
    """The paragraphs set in columns, the first one across the page in larger letters where there are two."""
    font = _font(way)
    width = (_WIDTH - 2 * _MARGIN - _GUTTER * (way.columns - 1)) // way.columns
    pitch = round(way.size * 1.5)
    lines = [line for paragraph in paragraphs if paragraph.strip() for line in (*_wrapped(paragraph, font, width), "")]
    per_column = (_HEIGHT - 2 * _MARGIN) // pitch
    pages = []
    for start in range(0, len(lines), per_column * way.columns):
        page = Image.new("RGB", (_WIDTH, _HEIGHT), (252, 250, 245))
        draw = ImageDraw.Draw(page)
        for column in range(way.columns):
            left = _MARGIN + column * (width + _GUTTER)
            first = start + column * per_column
            for number, line in enumerate(lines[first : first + per_column]):
                draw.text((left, _MARGIN + number * pitch), line, (25, 25, 30), font)
        pages.append(page)
    return pages


def _wrapped(paragraph: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines = [""]
    for word in paragraph.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _scanned(page: Image.Image, way: Way, random: Random) -> Image.Image:
    if way.stamp:
        _stamp(page, way, random)
    if way.skew:
        page = page.rotate(way.skew, resample=Image.Resampling.BICUBIC, fillcolor=(235, 235, 235))
    page = page.filter(ImageFilter.GaussianBlur(way.blur))
    if not way.colour:
        page = page.convert("L")
    pixels = np.asarray(page).astype(np.float32)
    noise = np.random.default_rng(random.randrange(1 << 32)).normal(0, way.noise, pixels.shape[:2])
    pixels += noise[..., None] if pixels.ndim == 3 else noise
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).rotate(90 * way.quarters, expand=True)


def _stamp(page: Image.Image, way: Way, random: Random) -> None:
    """A round red stamp with letters along its edge, and a signature in blue, at the foot, over the text."""
    draw = ImageDraw.Draw(page)
    x, y = random.randint(900, 1200), random.randint(1700, 1950)
    for radius in (150, 143, 95):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=(205, 40, 50), width=4)
    font = _font(way).font_variant(size=22)
    for number, letter in enumerate("ỦY BAN NHÂN DÂN HUYỆN * "):
        angle = number * math.tau / 24
        draw.text((x + 120 * math.cos(angle) - 8, y + 120 * math.sin(angle) - 12), letter, (205, 40, 50), font)
    points = [(x + 60 + 9 * i, y + 40 * math.sin(i / 2) * math.cos(i / 5)) for i in range(40)]
    draw.line(points, fill=(50, 70, 190), width=4)


if __name__ == "__main__":
    sys.exit(main())
