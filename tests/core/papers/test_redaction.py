"""What would give a writer away is suggested with the reason; what is covered is gone, not hidden."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from trongdan.core.papers import redaction
from trongdan.kernel.errors import Refusal

LETTER = """Kính gửi: Ban Tiếp công dân tỉnh
Tôi tên là Đinh Thị Bí Mật, sinh năm 1961, căn cước số 017161000123.
Địa chỉ: xóm Canh Giữ, xã Kim Bôi
Điện thoại 0987 654 321, thư bimat@example.vn.
Tôi tố cáo ông Bùi Văn Hiệu nhận tiền. Chồng tôi là Quách Văn Tám chứng kiến.
Người làm đơn
(Ký, ghi rõ họ tên)
Đinh Thị Bí Mật"""


def test_each_thing_that_names_the_writer_is_suggested_with_its_reason() -> None:
    found = {(LETTER[s.start : s.end].strip(), s.why) for s in redaction.suggest(LETTER)}
    assert {words for words, _why in found} == {
        "Đinh Thị Bí Mật", "1961", "017161000123", "xóm Canh Giữ, xã Kim Bôi", "0987 654 321", "bimat@example.vn",
        "Quách Văn Tám chứng kiến"}  # fmt: skip
    assert ("số điện thoại" in {why for _w, why in found}) and ("địa chỉ" in {why for _w, why in found})


def test_the_suggested_copy_keeps_whom_and_what_it_is_about() -> None:
    copy = redaction.without(LETTER, redaction.suggest(LETTER))
    assert not [w for w in ("Bí Mật", "0987", "bimat", "Canh Giữ", "1961", "Quách Văn Tám") if w in copy]
    assert "ông Bùi Văn Hiệu nhận tiền" in copy
    assert copy.count("Kính gửi: Ban Tiếp công dân tỉnh") == 1


def test_a_letter_that_names_nobody_stays_as_it_is() -> None:
    text = "Chủ tịch xã thu tiền không có biên lai."
    assert redaction.suggest(text) == []
    assert redaction.without(text, []) == text


def test_the_pixels_of_a_covered_region_are_gone_and_so_are_the_pictures_metadata() -> None:
    out = io.BytesIO()
    picture = Image.new("RGB", (200, 100), "white")
    picture.save(out, "JPEG", exif=Image.Exif(), comment=b"bi mat")
    covered = redaction.cover(out.getvalue(), [redaction.Region(50, 50, 50, 50)])
    with Image.open(io.BytesIO(covered)) as opened:
        assert opened.format == "PNG"
        assert (opened.getpixel((10, 10)), opened.getpixel((150, 80))) == ((255, 255, 255), (0, 0, 0))
    assert b"bi mat" not in covered


@pytest.mark.parametrize("regions", [[], [redaction.Region(90, 0, 20, 10)], [redaction.Region(0, 0, 0, 10)]])
def test_no_region_or_one_outside_the_picture_is_refused(regions: list[redaction.Region]) -> None:
    out = io.BytesIO()
    Image.new("RGB", (20, 20)).save(out, "PNG")
    with pytest.raises(Refusal) as caught:
        redaction.cover(out.getvalue(), regions)
    assert caught.value.code == "redaction.region"


def test_what_is_no_picture_is_refused_with_what_to_do() -> None:
    with pytest.raises(Refusal, match="bản chép"):
        redaction.cover(b"%PDF-1.7", list(redaction.USUAL))
