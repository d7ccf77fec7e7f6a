"""A scan that can hardly be read is told apart from one that can, whatever stands on it; what is no scan is left alone."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from tests.platform.test_ocr import needs_tesseract
from trongdan.platform import legible, ocr, pages

FONT = next(Path(__file__).parents[2].glob("src/trongdan/core/papers/fonts/*egular*.ttf"))
WORDS = "Tôi tên là Bùi Thị Mận, trú tại xóm Mớ. Đề nghị Ủy ban nhân dân xã nạo vét cống"
A4 = (1654, 2339)  # 200 dots an inch


def sheet(lines: int) -> Image.Image:
    image = Image.new("L", A4, 248)
    drawn, font = ImageDraw.Draw(image), ImageFont.truetype(str(FONT), 36)
    for number in range(lines):
        drawn.text((165, 190 + number * 66), WORDS, fill=30, font=font)
    return image


def jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=75)
    return out.getvalue()


def signs(image: Image.Image) -> list[str]:
    return [d.sign for d in legible.doubts("image/jpeg", jpeg(image))]


@pytest.mark.parametrize("lines", [1, 10, 30])
def test_a_clear_page_raises_no_doubt_whether_it_holds_one_line_or_many(lines: int) -> None:
    page = sheet(lines)
    noise = Image.effect_noise(A4, 20)
    assert signs(page) == []
    assert signs(page.filter(ImageFilter.GaussianBlur(1))) == [], "as a scanner's glass softens it"
    assert signs(Image.blend(page, noise, 0.15)) == [], "as a telephone sees it"


@pytest.mark.parametrize("lines", [1, 10, 30])
def test_a_page_that_is_blurred_pale_dark_or_small_is_told_with_what_to_do(lines: int) -> None:
    page = sheet(lines)
    for changed, sign in ((page.filter(ImageFilter.GaussianBlur(4)), "blurred"), (ImageEnhance.Contrast(page).enhance(0.15), "pale"),
                          (page.point(lambda v: v // 3), "dark"), (page.resize((700, 990)), "small")):  # fmt: skip
        assert signs(changed) == [sign]
    assert all(":" in words for words in legible.WORDS.values()), "each says what to do"


def test_an_empty_page_is_told_also_when_the_glass_was_dusty() -> None:
    empty = Image.new("L", A4, 250)
    assert signs(empty) == signs(Image.blend(empty, Image.effect_noise(A4, 20), 0.1)) == ["blank"]


def test_of_a_scanned_pdf_the_page_is_named_and_a_written_one_is_left_alone() -> None:
    out = io.BytesIO()
    good, bad = sheet(10), sheet(10).filter(ImageFilter.GaussianBlur(4))
    good.save(out, "PDF", resolution=200, save_all=True, append_images=[bad, good.resize((600, 848))])
    found = legible.doubts("application/pdf", out.getvalue())
    assert [(d.page, d.sign) for d in found] == [(2, "blurred")], "the third has the resolution that its file says"
    from trongdan.core.papers.render import render_pdf

    written = render_pdf("letter_receipt", {"code": "TD1", "dated": "2026-08-03"})
    assert pages.has_words(written)
    assert legible.doubts("application/pdf", written) == ()


@pytest.mark.parametrize(("media", "data"), [("application/pdf", b"%PDF-broken"), ("image/png", b"nothing"), ("", b"x")])
def test_what_is_no_page_raises_nothing(media: str, data: bytes) -> None:
    assert legible.doubts(media, data) == ()


@needs_tesseract
def test_the_limit_of_sharpness_lies_where_the_marks_begin_to_be_lost() -> None:
    page = sheet(12)

    def read(blur: float) -> tuple[int, list[str]]:
        image = page.filter(ImageFilter.GaussianBlur(blur))
        out = io.BytesIO()
        image.save(out, "PNG")
        return ocr.read("image/png", out.getvalue()).count("Bùi Thị Mận"), signs(image)

    clear, doubtful = read(2), read(4)
    assert clear[0] >= 11
    assert clear[1] == []
    assert doubtful[0] <= 2
    assert doubtful[1] == ["blurred"]
