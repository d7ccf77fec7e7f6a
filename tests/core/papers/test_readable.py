"""A scanned file gets a copy whose words are found; the file itself stays what it was, and what lies in a vault has no copy."""

from __future__ import annotations

import io
from pathlib import Path
from uuid import UUID, uuid4

import pypdf
import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from PIL import Image, ImageChops

from tests.core.cases.people import official
from tests.platform.test_legible import sheet
from tests.platform.test_ocr import needs_tesseract, program
from tests.roles import worker
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.papers import files, readable, receiving
from trongdan.core.papers.check import check_files
from trongdan.core.papers.render import render_pdf
from trongdan.kinds.letters.intake import Letter, receive
from trongdan.kinds.letters.sealing import seal
from trongdan.platform import ocr

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "Tôi kiến nghị nạo vét cống xóm Mớ"
DRAWN = Image.new("L", (1200, 900), 250)


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def page(*lines: ocr.Line) -> ocr.Page:
    out = io.BytesIO()
    DRAWN.save(out, "JPEG")
    return ocr.Page(out.getvalue(), 1200, 900, lines)


def letter(data: bytes, name: str = "don.png", **more: object) -> UUID:
    return receive(Letter(f"{CANARY}.", "c04978", "counter", {"name": "Bùi Thị Mận", "address": "xóm Mớ"},
                          files=(files.check(name, data),), facts=more), str(uuid4()), "t", official("reception")).case  # fmt: skip


def waiting() -> int:
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM td_readable WHERE done_at IS NULL")
        return int(cursor.fetchone()[0])


def made() -> int:
    done = 0
    with worker():
        while readable.make_one():
            done += 1
    return done


@pytest.fixture(autouse=True)
def own_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def folder(name: str) -> Path:
        (tmp_path / name).mkdir(exist_ok=True)
        return tmp_path / name

    for module in (files, receiving):
        monkeypatch.setattr(module, "subfolder", folder)
    return tmp_path


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[ocr.Page]:
    """A reader that finds one line on a page, for machines without one; the real one has a test of its own."""
    found = [page(ocr.Line(100, 200, 800, 40, "Đề nghị nạo vét cống ☃ trước mùa mưa", 91.0))]
    monkeypatch.setattr(ocr, "tool", lambda: ocr.Tool("tesseract", "tesseract 5", vietnamese=True))
    monkeypatch.setattr(ocr, "read_pages", lambda _media, _data: iter(found))
    return found


def words_in(pdf: bytes) -> str:
    return "\n".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_the_copy_is_pdf_a_looks_like_the_scan_and_its_words_are_found_where_they_stand(reads: list[ocr.Page]) -> None:
    from datetime import date

    pdf = readable.as_pdf(reads, "image/png", date(2026, 8, 3))
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    document = pypdfium2.PdfDocument(pdf)
    text = document[0].get_textpage()
    assert "Đề nghị nạo vét cống" in text.get_text_range()
    assert "☃" not in text.get_text_range(), "what a stain looked like"
    width, height = document[0].get_size()
    left, bottom, right, top = text.get_rect(0) if text.count_rects() else (0, 0, 0, 0)
    assert abs(left / width - 100 / 1200) < 0.02
    assert abs((height - top) / height - 200 / 900) < 0.03
    assert right / width > 0.5
    assert bottom < top
    shown = document[0].render(scale=1200 / width).to_pil().convert("L").resize((1200, 900))
    with Image.open(io.BytesIO(reads[0].picture)) as scanned:
        assert ImageChops.difference(shown, scanned.convert("L")).getextrema()[1] < 12, "the words lie below the picture"


def test_each_scan_that_came_is_copied_once_beside_itself_and_the_desk_offers_it(reads: list[ocr.Page]) -> None:
    case = letter(png(DRAWN))
    assert waiting() == 1
    assert made() == 1
    assert made() == 0
    with scope(JOB):
        file = files.listed(case)[0]
    assert file["sure"] == 91.0
    assert (file["media"], file["name"]) == ("image/png", "don.png"), "the file that came is the file"
    assert list(check_files()) == []
    desk = Client()
    from django.contrib.auth import get_user_model

    desk.force_login(get_user_model().objects.get(username="tiepdan"))
    assert "bản tìm được chữ" in desk.get(f"/ban-lam-viec/ho-so/{case}/").content.decode()
    copy = desk.get(f"/ban-lam-viec/ho-so/{case}/tep/{file['id']}/?ban=doc")
    assert (copy.status_code, copy["Content-Type"]) == (200, "application/pdf")
    assert "don" not in copy["Content-Disposition"].replace("doc-duoc", ""), "a file name tells nothing"
    assert "nạo vét cống" in words_in(copy.content)
    stranger = Client()
    stranger.force_login(get_user_model().objects.get(username="cvdatdai"))
    assert stranger.get(f"/ban-lam-viec/ho-so/{case}/tep/{file['id']}/?ban=doc").status_code == 404


def test_a_pdf_with_its_words_a_word_file_and_what_is_unreadable_have_no_copy(reads: list[ocr.Page], own_disk: Path) -> None:
    letter(render_pdf("letter_receipt", {"code": "TD1", "dated": "2026-08-03"}), "giay.pdf")
    reads.clear()
    letter(png(DRAWN))
    assert made() == 2
    assert waiting() == 0
    assert list((own_disk / "readable").glob("*/*")) == []


def test_what_goes_into_a_vault_leaves_no_copy_behind(reads: list[ocr.Page], own_disk: Path) -> None:
    sealed = letter(png(DRAWN), keep_secret=True)
    assert waiting() == 0, "a sealed file is never read"
    case = letter(png(DRAWN))
    assert made() == 1
    assert len(list((own_disk / "readable").glob("*/*"))) == 1
    seal(case)
    assert list((own_disk / "readable").glob("*/*")) == []
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM td_readable WHERE case_id = ANY(%s)", [[case, sealed]])
        assert cursor.fetchone()[0] == 0


def test_a_file_that_went_away_while_it_was_read_leaves_no_copy(reads: list[ocr.Page], own_disk: Path) -> None:
    case = letter(png(DRAWN))
    with scope(JOB):
        file = UUID(str(files.listed(case)[0]["id"]))
    with worker(), scope(JOB), connection.cursor() as cursor:
        cursor.execute("DELETE FROM td_file WHERE id = %s", [file])
    with worker():
        readable._keep(file, (b"%PDF", 1, 90.0))
    assert list((own_disk / "readable").glob("*/*")) == []


def test_clerks_who_wait_for_their_scan_come_first_and_without_a_reader_nothing_is_tried(
    reads: list[ocr.Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter(png(DRAWN))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_scan (draft) VALUES (gen_random_uuid())")
    assert made() == 0
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM td_scan")
    monkeypatch.setattr(ocr, "tool", lambda: ocr.Tool(None))
    assert made() == 0
    assert waiting() == 1, "it is made when a reader is installed"
    assert program(tmp_path, "exit 1")


@needs_tesseract
def test_a_real_scan_is_found_by_its_words() -> None:
    case = letter(png(sheet(8)))
    assert made() == 1
    with scope(JOB):
        file = UUID(str(files.listed(case)[0]["id"]))
    assert words_in(files.readable_of(file).read_bytes()).count("Bùi Thị Mận") >= 7
