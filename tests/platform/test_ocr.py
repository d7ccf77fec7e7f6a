"""Scanned pages are read where tesseract with Vietnamese is; where it is not, the words say what to install."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from trongdan.platform import ocr

FONT = next(Path(__file__).parents[2].glob("src/trongdan/core/papers/fonts/*egular*.ttf"), None)
READY = ocr.tool().ready
needs_tesseract = pytest.mark.skipif(not READY, reason=f"KHÔNG KIỂM THỬ ĐƯỢC VIỆC ĐỌC BẢN QUÉT: {ocr.tool().words}")


def page(words: str) -> bytes:
    """A page as a scanner sees it: black letters of our own font on white."""
    image = Image.new("L", (1500, 700), 255)
    assert FONT is not None
    ImageDraw.Draw(image).multiline_text((80, 80), words, fill=0, font=ImageFont.truetype(str(FONT), 44), spacing=24)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@needs_tesseract
def test_a_printed_vietnamese_page_is_read_with_its_marks() -> None:
    text = ocr.read("image/png", page("Tôi tên là Bùi Thị Mận.\nĐề nghị nạo vét cống trước mùa mưa."))
    assert "Đề nghị nạo vét cống" in text
    assert "Bùi Thị Mận" in text


@needs_tesseract
def test_a_picture_that_is_none_is_a_clear_failure_without_any_words_of_it() -> None:
    with pytest.raises(ocr.OcrFailed, match="không mở được tệp này"):
        ocr.read("image/png", b"canary nothing of a picture")


@pytest.mark.parametrize("value", ["", "no-such-program-here"])
def test_without_the_program_the_words_say_what_to_install_and_nothing_runs(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRONGDAN_OCR", value)
    have = ocr.tool()
    assert (have.ready, "tesseract-ocr-vie" in have.words) == (False, True)
    with pytest.raises(ocr.OcrFailed, match="chưa có tesseract"):
        ocr.read("image/png", b"")


def program(folder: Path, script: str) -> str:
    file = folder / "tesseract"
    file.write_text("#!/bin/sh\n" + script)
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return str(file)


def test_a_program_without_vietnamese_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRONGDAN_OCR", program(tmp_path, 'case "$1" in --version) echo "tesseract 5.3.0";; *) echo eng;; esac'))
    assert ocr.tool().words == "Đọc bản quét: có tesseract 5.3.0 nhưng thiếu tiếng Việt. Cài gói tesseract-ocr-vie."


@needs_tesseract
def test_a_scanned_pdf_is_read_page_by_page_with_nothing_else_installed() -> None:
    out = io.BytesIO()
    sheets = [Image.open(io.BytesIO(page(words))) for words in ("Trang thứ nhất về cống", "Trang thứ hai về đường")]
    sheets[0].save(out, "PDF", resolution=150, save_all=True, append_images=sheets[1:])
    found = list(ocr.read_pages("application/pdf", out.getvalue()))
    assert ["thứ nhất" in found[0].text, "thứ hai" in found[1].text] == [True, True]
    line = found[0].lines[0]
    assert 0 < line.left < found[0].width / 3
    assert line.height < found[0].height / 5


def test_what_is_no_pdf_is_a_clear_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRONGDAN_OCR", program(tmp_path, 'case "$1" in --version) echo "tesseract 5.3.0";; *) echo vie;; esac'))
    with pytest.raises(ocr.OcrFailed, match="không mở được tệp này"):
        ocr.read("application/pdf", b"%PDF-")
