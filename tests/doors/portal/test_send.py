"""The portal's form on bad days: a clear sentence, and nothing typed is lost."""

from __future__ import annotations

import io
import time
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image

from trongdan.core.cases.scope import JOB, scope
from trongdan.core.papers import files
from trongdan.doors.portal import robots

pytestmark = pytest.mark.django_db(transaction=True)
FORM = {"text": "Đường hỏng", "commune": "Kim Bôi", "name": "Bùi Thị Mận", "address": "xóm Mớ", "to": "commune"}


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "SOONEST", 0)
    robots._seen.clear()


def send(client: Client, **changes: Any) -> Any:
    data = {**FORM, "draft": str(uuid4()), "stamp": robots.new_stamp(), "do": "send", **changes}
    return client.post("/gui-don/", data)


def count() -> int:
    from django.db import connection

    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM td_case")
        return int(cursor.fetchone()[0])


def jpeg(exif: bool = True) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (40, 30), "red")
    data = Image.Exif()
    data[0x010F] = "CanaryPhone"
    image.save(out, "JPEG", **({"exif": data} if exif else {}))
    return out.getvalue()


def upload(name: str, data: bytes) -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


def test_a_letter_is_sent_and_its_receipt_page_shows_reference_and_clock(client: Client) -> None:
    answer = send(client)
    assert answer.status_code == 302
    page = client.get("/da-nhan/").content.decode()
    assert "Đã nhận đơn của ông/bà" in page
    assert "Vì sao là ngày này?" in page


def test_pressing_twice_sends_once(client: Client) -> None:
    draft = str(uuid4())
    send(client, draft=draft)
    send(client, draft=draft)
    assert count() == 1


@pytest.mark.parametrize(("change", "words"), [
    ({"text": "  "}, "Đơn chưa có nội dung"),
    ({"commune": "Atlantis", "text": "Việc gì đó"}, "Chưa nhận ra xã, phường"),
    ({"text": "x" * 100_001}, "Đơn dài quá"),
    ({"stamp": "made-up"}, "Gửi nhanh quá"),
    ({"website": "http://spam"}, "Gửi nhanh quá"),
])  # fmt: skip
def test_a_refused_form_says_what_to_do_and_keeps_every_word(client: Client, change: dict[str, str], words: str) -> None:
    answer = send(client, **change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Bùi Thị Mận" in page
    assert count() == 0


def test_a_form_whose_protection_ran_out_keeps_the_words_and_opens_them_again() -> None:
    strict, draft = Client(enforce_csrf_checks=True), str(uuid4())
    answer = strict.post("/gui-don/", {**FORM, "draft": draft})
    assert answer.status_code == 403
    assert f"?nhap={draft}" in answer.content.decode()
    assert "Đường hỏng" in strict.get(f"/gui-don/?nhap={draft}").content.decode()


@pytest.mark.parametrize(("name", "data", "words"), [
    ("anh.jpg", b"%PDF-1.7 not a picture", "nội dung khác với đuôi tên"),
    ("trang.pdf", b"<html><script>alert(1)</script>", "không phải ảnh, PDF hay Word"),
    ("phan-mem.jpg", b"MZ\x90\x00" + bytes(200), "không phải ảnh, PDF hay Word"),
    ("rong.pdf", b"", "trống"),
    ("hong.jpg", b"\xff\xd8\xff\xe0 broken", "Không mở được ảnh"),
    ("to.pdf", b"%PDF-" + bytes(files.MAX_BYTES + 1), "quá 10 MB"),
])  # fmt: skip
def test_a_file_that_lies_about_its_type_or_is_too_much_is_refused_by_name(client: Client, name: str, data: bytes, words: str) -> None:
    if not data:
        with pytest.raises(Exception, match="trống"):
            files.check(name, data)
        return
    answer = send(client, files=upload(name, data))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert count() == 0


def test_a_picture_is_kept_without_where_and_with_what_it_was_taken(client: Client) -> None:
    assert b"CanaryPhone" in jpeg()
    send(client, files=upload("../../ảnh cống.jpg", jpeg()))
    from django.db import connection

    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT id, name, sheet FROM td_file")
        file_id, name, sheet = cursor.fetchone()
    stored = files.path_of(file_id).read_bytes()
    assert (name, sheet) == ("ảnh cống.jpg", 1)
    assert b"CanaryPhone" not in stored
    assert "cống" not in str(files.path_of(file_id))


def test_an_attached_file_survives_a_refused_form(client: Client) -> None:
    draft = str(uuid4())
    send(client, draft=draft, text=" ", files=upload("anh.jpg", jpeg()))
    answer = send(client, draft=draft)
    assert answer.status_code == 302
    from django.db import connection

    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM td_file")
        assert cursor.fetchone()[0] == 1


def test_the_advice_before_sending_names_what_it_reads_as_and_blocks_nothing(client: Client) -> None:
    text = "Tôi không đồng ý với quyết định thu hồi đất, tôi khiếu nại."
    page = send(client, text=text, do="review").content.decode()
    assert "khiếu nại" in page
    assert "chữ ký hoặc điểm chỉ" in page
    assert "Thiếu vẫn gửi được" in page
    assert send(client, text=text).status_code == 302


@pytest.mark.parametrize("path", ["/theo-doi/TD000000000/abc/", "/theo-doi/x/y/", "/khong-co/", "/theo-doi/%00/%ff/",
                                  "/van-ban/../../etc/passwd"])  # fmt: skip
def test_a_wrong_address_is_a_plain_page_and_tells_nothing(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.content.decode()


def test_a_flood_from_one_connection_is_slowed_and_its_words_are_kept(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "CEILING", 3)
    answers = [send(client).status_code for _ in range(5)]
    assert answers == [302, 302, 302, 422, 422]


def test_every_page_forbids_foreign_script_and_is_not_kept_by_a_shared_computer(client: Client) -> None:
    headers = client.get("/").headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def test_the_first_page_stays_below_a_hundred_kilobytes_over_the_wire(client: Client) -> None:
    import gzip
    import re
    from pathlib import Path

    from trongdan.platform import ui

    static = Path(ui.__file__).parent / "static" / "ui"
    css = (static / "portal.css").read_bytes()
    fonts = {m.decode() for m in re.findall(rb"fonts/([\w.-]+\.woff2)", css)}
    total = sum(len(gzip.compress(d)) for d in (client.get("/").content, css, (static / "app.js").read_bytes()))
    total += sum((static / "fonts" / f).stat().st_size for f in fonts)
    assert total <= 100 * 1024, total


def test_a_robot_is_told_to_wait_when_it_sends_at_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "SOONEST", 2)
    stamp = robots.new_stamp()
    assert send(client, stamp=stamp).status_code == 422
    later = time.time() + 5
    monkeypatch.setattr(time, "time", lambda: later)
    assert send(client, stamp=stamp).status_code == 302


@pytest.mark.parametrize(("text", "words"), [
    ("Tôi khiếu nại quyết định thu hồi đất của Chủ tịch UBND xã, đề nghị xem xét lại quyết định.",
     ("khiếu nại", "Giải quyết khiếu nại lần đầu", "30 ngày", "Luật Khiếu nại")),
    ("Tôi kiến nghị xã nạo vét cống đầu xóm trước mùa mưa.", ("kiến nghị", "Thông báo kết quả xử lý", "pháp luật hứa")),
])  # fmt: skip
def test_before_sending_the_page_says_what_the_law_then_promises(client: Client, text: str, words: tuple[str, ...]) -> None:
    page = client.post("/gui-don/", {**FORM, "text": text, "do": "review", "draft": str(uuid4())}).content.decode()
    for word in words:
        assert word in page


def test_more_files_than_can_be_sent_are_refused_and_none_is_left_out_in_silence(client: Client) -> None:
    answer = send(client, files=[upload(f"{n}.jpg", jpeg()) for n in range(files.MAX_FILES + 1)])
    assert answer.status_code == 422
    assert "nhiều nhất 10 tệp" in answer.content.decode()
    assert count() == 0


def test_a_kept_file_can_be_left_out_again(client: Client) -> None:
    draft = str(uuid4())
    refused = send(client, draft=draft, text=" ", files=[upload("nham.jpg", jpeg()), upload("dung.jpg", jpeg())])
    assert "nham.jpg" in refused.content.decode()
    assert send(client, draft=draft, drop="0").status_code == 302
    from django.db import connection

    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT name FROM td_file")
        assert cursor.fetchall() == [("dung.jpg",)]


def test_what_is_larger_than_the_server_takes_in_gets_a_page_that_says_what_to_do(client: Client) -> None:
    answer = send(client, text="x" * 9_000_000)
    assert answer.status_code == 400
    assert "nút quay lại" in answer.content.decode()


def test_nul_and_decomposed_letters_in_a_name_do_no_harm(client: Client) -> None:
    assert send(client, text="a\x00b", name="Bu\u0300i\x00 Mận", phone="09\x00").status_code == 302
    from django.db import connection

    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM td_identity")
        assert cursor.fetchall() == [("Bùi Mận", "09")]
