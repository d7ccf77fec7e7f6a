"""A PDF without the person: what is covered is gone from text, pictures, notes, attachments and the file's own papers."""

from __future__ import annotations

import io
import re
import zlib

import pypdfium2
import pytest
import typst
from pypdf import PdfReader, PdfWriter

from tests.doors.desk.offline import at
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.papers import files, redact_pdf
from trongdan.core.papers.redaction import Region, draw
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.intake import Letter, receive

NAME = "Đinh Thị Bí Mật"
LETTER = f"""Tôi tên là {NAME}, căn cước số 017161000123.

Điện thoại 0987 654 321. Tôi tố cáo ông Bùi Văn Hiệu nhận tiền.

Hàng xóm gọi tôi là MAT BI THI DINH, viết không dấu là dinh thi bi mat.
#pagebreak()
Trang hai không có tên ai."""
SECRETS = ("Bí Mật", "Bi Mat", "017161000123", "0987", "MAT BI", "dinh thi", "canary")


def letter() -> bytes:
    made = typst.compile(f'#set document(author: "{NAME}", title: "canary-tên-tệp")\n{LETTER}'.encode(), format="pdf")
    assert isinstance(made, bytes)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made)))
    writer.add_attachment("canary-đính-kèm.txt", f"của {NAME}".encode())
    writer.add_metadata({"/Author": NAME, "/Subject": "canary-chủ-đề"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def every_word(data: bytes) -> str:
    """All that two readers and a look at the bytes, packed and unpacked, find in a file."""
    out = [data.decode("latin-1")]
    reader = PdfReader(io.BytesIO(data))
    out += [page.extract_text() for page in reader.pages] + [str(reader.metadata), str(reader.attachments), str(reader.xmp_metadata)]
    with pypdfium2.PdfDocument(data) as document:
        out += [page.get_textpage().get_text_range() for page in document] + [str(document.get_metadata_dict())]
        out.append(str(document.count_attachments()))
    for stream in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            out.append(zlib.decompress(stream[1]).decode("latin-1"))
        except zlib.error:
            continue
    return "\n".join(out)


def ticked(data: bytes) -> dict[int, list[Region]]:
    found = redact_pdf.pages(data, [NAME, "0987654321"])
    return {p.number: [r for f in p.found for r in f.regions] for p in found if p.found}


def test_what_names_the_writer_is_found_without_marks_and_the_other_way_round() -> None:
    first, second = redact_pdf.pages(letter(), [NAME])
    words = [f.words for f in first.found]
    assert NAME in words
    assert "017161000123" in words
    assert "0987 654 321" in words
    assert "MAT BI THI DINH" in words
    assert "dinh thi bi mat" in words
    assert "Bùi Văn Hiệu" not in " ".join(words), "whom it is about stays"
    assert [f.number for f in first.found] == list(range(1, len(words) + 1))
    assert (second.found, second.text) == ((), True)
    assert all(r.holds() for f in first.found for r in f.regions)


def test_nothing_of_what_was_covered_is_left_in_the_copy_for_two_readers_or_in_its_bytes() -> None:
    original = letter()
    assert all(secret in every_word(original) for secret in ("Bí Mật", "canary")), "the look finds what is there"
    copy = redact_pdf.cover(original, ticked(original))
    left = every_word(copy)
    assert [secret for secret in SECRETS if secret in left] == []
    assert len(PdfReader(io.BytesIO(copy)).pages) == 2


def test_the_pixels_under_each_box_are_black_and_those_of_the_rest_as_they_were() -> None:
    original = letter()
    regions = ticked(original)
    with pypdfium2.PdfDocument(redact_pdf.cover(original, regions)) as copied, pypdfium2.PdfDocument(original) as document:
        black, before = (d[0].render(scale=1).to_pil().convert("L") for d in (copied, document))
    for region in regions[1]:
        left, top, right, bottom = region.pixels(black.width, black.height)
        if right - left > 4 and bottom - top > 4:
            assert max(black.crop((left + 2, top + 2, right - 2, bottom - 2)).getextrema()) < 60
    for picture in (black, before):
        draw(picture, regions[1], "white")
    assert sum(black.histogram()[:100]) > 0.5 * sum(before.histogram()[:100]) > 0, "what was not covered is there"


@pytest.mark.parametrize(("data", "code"), [(b"%PDF-1.7 broken", "redaction.pdf"), (b"", "redaction.pdf")])
def test_a_file_that_can_not_be_read_is_refused_and_said(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        redact_pdf.pages(data)
    assert caught.value.code == code
    assert "kho kín" in caught.value.message


def test_a_locked_file_and_one_too_long_are_refused() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(letter())))
    writer.encrypt("mật khẩu", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(Refusal) as locked:
        redact_pdf.cover(out.getvalue(), {1: [Region(0, 0, 10, 10)]})
    assert locked.value.code == "redaction.pdf"
    long = typst.compile(("Trang.\n#pagebreak()\n" * 31).encode(), format="pdf")
    assert isinstance(long, bytes)
    with pytest.raises(Refusal) as caught:
        redact_pdf.pages(long)
    assert caught.value.code == "redaction.long"


@pytest.mark.parametrize("regions", [{}, {1: []}, {1: [Region(90, 0, 20, 10)]}, {9: [Region(0, 0, 10, 10)]}])
def test_no_region_or_one_off_the_page_is_refused(regions: dict[int, list[Region]]) -> None:
    with pytest.raises(Refusal):
        redact_pdf.cover(letter(), regions)


def test_a_scan_has_no_words_and_says_so() -> None:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, "PDF")
    (page,) = redact_pdf.pages(out.getvalue(), [NAME])
    assert (page.found, page.text) == ((), False)


@pytest.mark.django_db(transaction=True)
def test_at_the_desk_the_places_found_are_ticked_on_a_picture_of_each_page_and_others_get_the_copy() -> None:
    sender = {"name": NAME, "phone": "0987654321", "address": "xóm Mớ"}
    sent = (files.check("don.pdf", letter()),)
    receipt = receive(Letter("Cống tắc.", "c04978", "portal", sender, facts={"keep_secret": True}, files=sent), "redact-1", "t")
    desk, page = at("tiepdan"), f"/ban-lam-viec/ho-so/{receipt.case}/kho-kin/"
    opened = desk.post(page, {"action": "vault.open", "reason": "Lập bản che"}).content.decode()
    assert "Trang 1: vùng cần che" in opened
    assert "Máy không thấy gì để che ở trang này" in opened, "page two"
    file = opened.split('name="file" value="', 1)[1].split('"', 1)[0]
    spans = re.findall(r'name="span" value="([^"]+)" checked', opened)
    assert len(spans) >= 5
    nothing = desk.post(page + "che/", {"file": file, "checked": "1"})
    assert nothing.status_code == 422
    assert "ít nhất một vùng" in nothing.content.decode()
    for wrong in ({"span": "1,2"}, {"span": "9,0,0,10,10"}, {"left0": "1", "top0": "1", "width0": "9", "height0": "9", "page0": "x"}):
        assert desk.post(page + "che/", {"file": file, "checked": "1", **wrong}).status_code == 422
    more = {"page0": "2", "left0": "0", "top0": "0", "width0": "100", "height0": "20"}
    assert desk.post(page + "che/", {"file": file, "span": spans, "checked": "1", **more}).status_code == 302
    with scope(JOB):
        (copy,) = [f for f in files.listed(receipt.case) if f["media"] == "application/pdf"]
        data = files.path_of(copy["id"]).read_bytes()
    assert str(copy["name"]).startswith("da-che-")
    left = every_word(data)
    assert [secret for secret in SECRETS if secret in left] == []
    with pypdfium2.PdfDocument(data) as document:
        assert document[1].render(scale=1).to_pil().convert("L").getpixel((300, 40)) < 60, "what the person added on page two"
