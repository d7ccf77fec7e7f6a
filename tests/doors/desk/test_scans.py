"""A scan is read by the worker, never in the request; what was read is proposed and nothing typed is replaced."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.platform.test_ocr import needs_tesseract, page
from tests.roles import worker
from trongdan.core.cases import drafts
from trongdan.core.papers import scans
from trongdan.platform import ocr

pytestmark = pytest.mark.django_db(transaction=True)
FORM = "/ban-lam-viec/nhap-don/"
LETTER = ("Tôi tên là Bùi Thị Mận, trú tại xóm Mớ, xã Kim Bôi.\nĐiện thoại: 0912 345 678\nĐề nghị nạo vét cống trước mùa mưa.")


def clerk() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username="tiepdan"))
    return client


def scan(data: bytes, **typed: str) -> tuple[Client, str, object]:
    desk, draft = clerk(), str(uuid4())
    answer = desk.post(FORM, {"do": "scan", "draft": draft, "files": SimpleUploadedFile("don.png", data), **typed})
    return desk, draft, answer


def test_without_tesseract_the_form_says_what_is_missing_and_keeps_all_that_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRONGDAN_OCR", "")
    _desk, draft, answer = scan(page("x"), name="canary-tên")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    shown = answer.content.decode()  # type: ignore[attr-defined]
    assert "tesseract-ocr-vie" in shown
    assert "canary-tên" in shown
    assert "don.png" in shown, "the scan stays attached"
    assert scans.found(UUID(draft)) is None


def test_without_a_scan_nothing_is_asked_of_the_worker() -> None:
    answer = clerk().post(FORM, {"do": "scan", "draft": str(uuid4())})
    assert answer.status_code == 422
    assert "Chưa có bản quét nào" in answer.content.decode()


def ready() -> ocr.Tool:
    return ocr.Tool("tesseract", "tesseract 5", vietnamese=True)


def test_what_was_read_fills_empty_fields_and_replaces_nothing_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "tool", ready)
    monkeypatch.setattr(ocr, "read", lambda _media, _data: LETTER)
    desk, draft, answer = scan(page("x"), name="Bùi Thị Mẫn")
    assert answer.status_code == 302  # type: ignore[attr-defined]
    waits = desk.get(f"{FORM}?nhap={draft}").content.decode()
    assert "Máy đang đọc bản quét" in waits
    assert f'href="?nhap={draft}"' in waits, "a link to look again, without script too"
    with worker():
        assert scans.read_one() == 1
        assert scans.read_one() == 0
    shown = desk.get(f"{FORM}?nhap={draft}").content.decode()
    assert "Đề nghị nạo vét cống" in shown
    assert 'value="Bùi Thị Mẫn"' in shown
    assert 'value="0912 345 678"' in shown
    assert 'value="xóm Mớ, xã Kim Bôi"' in shown
    assert "Hãy so với bản giấy" in shown
    done = desk.post(FORM, {"do": "record", "draft": draft, "text": LETTER, "commune": "Kim Bôi"})
    assert done.status_code == 302
    assert scans.found(UUID(draft)) is None, "nothing of it is left beside the letter"


def test_what_was_read_lies_sealed_and_opens_under_its_own_draft_alone(monkeypatch: pytest.MonkeyPatch, owner_db) -> None:
    monkeypatch.setattr(ocr, "tool", ready)
    monkeypatch.setattr(ocr, "read", lambda _media, _data: "canary-bản-quét")
    _desk, draft, _answer = scan(page("x"))
    with worker():
        scans.read_one()
    (sealed,) = owner_db.execute("SELECT sealed FROM td_scan WHERE draft = %s", [draft]).fetchone()
    assert b"canary" not in bytes(sealed)
    found = scans.found(UUID(draft))
    assert found is not None
    assert found.text == "canary-bản-quét"
    assert scans.found(uuid4()) is None


def test_a_page_that_breaks_the_reader_is_given_up_with_words_for_the_clerk(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_media: str, _data: bytes) -> str:
        raise ocr.OcrFailed("Đọc quá lâu nên đã dừng.")

    monkeypatch.setattr(ocr, "tool", ready)
    monkeypatch.setattr(ocr, "read", broken)
    desk, draft, _answer = scan(page("x"))
    with worker():
        scans.read_one()
    assert "Đọc quá lâu nên đã dừng." in desk.get(f"{FORM}?nhap={draft}").content.decode()


def test_what_was_read_for_a_form_that_is_gone_is_forgotten(monkeypatch: pytest.MonkeyPatch, owner_db) -> None:
    monkeypatch.setattr(ocr, "tool", ready)
    _desk, draft, _answer = scan(page("x"))
    drafts.drop(UUID(draft))
    owner_db.execute("UPDATE td_scan SET asked_at = now() - interval '2 hours'")
    with worker():
        assert scans.drop_old() == 1


@needs_tesseract
def test_a_real_scan_goes_the_whole_way() -> None:
    desk, draft, _answer = scan(page(LETTER))
    with worker():
        scans.read_one()
    shown = desk.get(f"{FORM}?nhap={draft}").content.decode()
    assert "nạo vét cống" in shown
    assert "0912 345 678" in shown
