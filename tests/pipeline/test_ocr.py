"""Scans: pages that are pictures are read by tesseract, and only those; what is not read is told."""

import importlib.util
import os
import re
import sys
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest

from pipeline.extraction import extractor, prepare
from pipeline.ingest import Options, RawDocument, Reject, Source, ocr, read
from pipeline.ingest.own_text import has_text, letters_of_their_own

HANG_SECONDS = 300
SCRIPT = Path(__file__).parents[2] / "scripts" / "make_test_scans.py"


@pytest.fixture(scope="module")
def scans():
    """``scripts/make_test_scans.py`` as a module."""
    if not ocr.is_there():
        if os.environ.get("CI"):
            pytest.fail("tesseract with its Vietnamese model must be installed where CI is set")
        pytest.skip("tesseract with its Vietnamese model is not installed: trichluc doctor says how")
    spec = importlib.util.spec_from_file_location("make_test_scans", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def _one(path: Path, data: bytes, options: Options = Options()):  # noqa: B008
    path.write_bytes(data)
    (found,) = read(Source(path, path.name), options)
    return found


@pytest.mark.parametrize("number", [0, 2, 5])  # stamped; in two columns; on its head
def test_words_and_sums_of_a_scan(scans, tmp_path, number):
    way = scans.WAYS[number]
    text = (scans.CORPUS / f"{way.report}.txt").read_text("utf-8")
    found = _one(tmp_path / "scan.pdf", scans.as_pdf(scans.scan(text, way)))
    assert isinstance(found, RawDocument)
    assert found.encoding == "ocr"
    assert found.ocr_confidence > 0.9
    assert found.warnings[0].startswith("read from pictures by OCR: page 1;")
    want, got = _words(text), _words(prepare(found).layout.text)
    assert (want & got).total() >= 0.97 * want.total()
    plain = RawDocument("a", text, "utf-8")
    sums, read_sums = ({(a.low, a.high) for a in extractor().facts(d).amounts} for d in (plain, found))
    assert sums == read_sums


def test_a_picture_is_read_where_pictures_are_to_be(scans, tmp_path):
    (page,) = scans.scan("Hỗ trợ 450 triệu đồng\ncho 3 cơ sở chế biến chè", scans.Way("x"))
    for name, kind in (("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.tif", "TIFF")):
        out = BytesIO()
        more = {"save_all": True, "append_images": [page]} if kind == "TIFF" else {}
        page.save(out, kind, **more)
        reject = _one(tmp_path / name, out.getvalue())
        assert isinstance(reject, Reject)
        assert reject.error == "UnreadKind"
        found = _one(tmp_path / name, out.getvalue(), Options(ocr="always"))
        assert found.text.count("Hỗ trợ 450 triệu đồng") == (2 if kind == "TIFF" else 1)
        cut = _one(tmp_path / name, out.getvalue()[: len(out.getvalue()) // 3], Options(ocr="always"))
        assert (type(cut), cut.error) == (Reject, "BadPicture")


def test_only_the_pictures_of_a_mixed_pdf_are_read(archive, scans, tmp_path):
    import pypdfium2

    (page,) = scans.scan("Tỉnh hỗ trợ 450 triệu đồng", scans.Way("x"))
    mixed = pypdfium2.PdfDocument(archive.pdf())
    mixed.import_pages(pypdfium2.PdfDocument(scans.as_pdf([page])))
    out = BytesIO()
    mixed.save(out)
    found = _one(tmp_path / "mixed.pdf", out.getvalue() + b"\n%%EOF")
    assert "Tỉnh hỗ trợ 450 triệu đồng" in found.text
    assert archive.TITLE in found.text
    assert "page 2;" in found.warnings[0]
    never = _one(tmp_path / "mixed.pdf", out.getvalue() + b"\n%%EOF", Options(ocr="never"))
    assert (never.encoding, never.ocr_confidence) == ("unicode", None)
    assert never.warnings == (f"pictures of text that were not read: page 2; {ocr.HOW}",)


def test_without_ocr_a_scan_is_a_reject_that_says_how(tmp_path):
    from PIL import Image

    out = BytesIO()
    Image.new("L", (600, 800), 200).save(out, "PDF")
    found = _one(tmp_path / "scan.pdf", out.getvalue(), Options(ocr="never"))
    assert (found.stage, found.error) == ("parse", "ScannedPdf")
    assert "trichluc doctor" in found.message


def test_a_page_that_takes_too_long_is_one_reject(scans, tmp_path):
    (page,) = scans.scan("Hỗ trợ 450 triệu đồng", scans.Way("x"))
    found = _one(tmp_path / "slow.pdf", scans.as_pdf([page]), Options(max_seconds=0.05))
    assert (found.error, found.passing) == ("TimeLimit", True)


@pytest.mark.parametrize(
    ("pages", "want"),
    [
        ([["www.LuatVietnam.vn"], ["www.LuatVietnam.vn www.LuatVietnam.vn"]], [False, False]),
        (
            [["Người ký: Ủy ban nhân dân tỉnh Hòa Bình, Email: ubnd@hoabinh.gov.vn", "Ngày ký: 15.12.2023 08:00"]],
            [False],
        ),
        ([["Trang 1/3"], ["- 2 -"]], [False, False]),
        ([["Tỉnh hỗ trợ 450 triệu đồng cho ba cơ sở chế biến chè tại huyện Lạc Sơn"]], [True]),
    ],
)
def test_what_is_no_text_of_its_own(pages, want):
    assert [has_text(letters) for letters in letters_of_their_own(pages)] == want


def test_a_run_reads_scans_anew_only_where_ocr_makes_a_difference(scans, tmp_path):
    """A scan that was left out is read once OCR is wanted, and not read twice; what is no scan stays."""
    import pandas as pd

    from pipeline.batch.run import Options as RunOptions
    from pipeline.batch.run import run

    (page,) = scans.scan("Tỉnh hỗ trợ đề án “Chè sạch” 450 triệu đồng", scans.Way("x"))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "scan.pdf").write_bytes(scans.as_pdf([page]))
    (tmp_path / "in" / "a.txt").write_text("Tin vắn", "utf-8")
    never = run([tmp_path / "in"], tmp_path / "out", options=RunOptions(reading=Options(ocr="never")))
    assert (never.status, never.rows["documents"], never.rows["rejects"]) == (1, 1, 1)
    first = run([tmp_path / "in"], tmp_path / "out")
    assert (first.status, first.extracted, first.rows["documents"], first.rows["rejects"]) == (0, 1, 2, 0)
    assert run([tmp_path / "in"], tmp_path / "out").extracted == 0
    documents = pd.read_parquet(tmp_path / "out" / "documents").set_index("source")
    assert documents.encoding["scan.pdf"] == "ocr"
    assert pd.read_parquet(tmp_path / "out" / "amounts").value_vnd.tolist() == [450_000_000]
