"""A letter on paper: recorded by the clerk, its receipt printed by the same sign-in and by nobody later."""

from __future__ import annotations

import io
import re
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pypdf import PdfReader

from tests.core.cases.people import SENDER, official, send
from tests.doors.desk.test_issuing import picture
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.intake import token_of

pytestmark = pytest.mark.django_db(transaction=True)


def at(login: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=login))
    return client


def record(clerk: Client) -> str:
    data = {"text": "Cống tắc.", "commune": "Kim Bôi", "name": "Bùi Thị Mận", "channel": "post", "draft": str(uuid4())}
    answer = clerk.post("/ban-lam-viec/nhap-don/", data)
    assert answer.status_code == 302
    return str(answer["Location"])


def test_the_clerk_who_recorded_it_prints_the_receipt_and_its_secret_opens_the_letter() -> None:
    clerk = at("tiepdan")
    page = record(clerk)
    assert "In giấy xác nhận" in clerk.get(page).content.decode()
    words = "".join(p.extract_text() for p in PdfReader(io.BytesIO(clerk.get(page + "giay-xac-nhan.pdf").content)).pages)
    shown = re.search(r"\b([0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3})\b", words)
    secret = re.search(r"giữ kín\):\s*(\S+)", words)
    assert shown
    assert secret
    opened = Client().post("/theo-doi/", {"reference": shown[1], "token": secret[1]})
    assert opened.status_code == 302


def told_by_phone() -> tuple[Client, UUID, str]:
    """(clerk, letter, its tracking page): told on the telephone, ticked as signed by mistake."""
    clerk = at("tiepdan")
    data = {"text": "Cống tắc ba hôm.", "commune": "Kim Bôi", "name": "Bùi Thị Mận", "channel": "phone", "signed": "1", "draft": str(uuid4())}
    page = str(clerk.post("/ban-lam-viec/nhap-don/", data)["Location"])
    case = UUID(page.rstrip("/").rsplit("/", 1)[-1])
    with scope(JOB):
        loaded = load([case])[case]
    return clerk, case, f"/theo-doi/{loaded.reference}/{token_of(case, loaded.generation)}/"


def test_a_phone_note_is_unsigned_and_shown_as_unconfirmed_until_the_sender_says_that_it_is_right() -> None:
    clerk, case, track = told_by_phone()
    assert "người gửi chưa xác nhận" in clerk.get(f"/ban-lam-viec/ho-so/{case}/").content.decode()
    shown = Client().get(track).content.decode()
    assert "Cống tắc ba hôm." in shown
    assert "Lời ghi đúng, tôi xác nhận" in shown
    wrong = {"case": str(case), "do": "correct_note", "words": "Năm hôm, không phải ba.", "draft": str(uuid4())}
    assert Client().post(track, wrong).status_code == 302
    assert Client().post(track, {"case": str(case), "do": "confirm_note", "draft": str(uuid4())}).status_code == 302
    with scope(JOB):
        state = load([case])[case].state
    assert (state.fields["signed"], state.fields["confirmed"]) == (False, True), "confirming is no signature"
    assert "Lời ghi đúng, tôi xác nhận" not in Client().get(track).content.decode()
    assert "người gửi đã xác nhận" in clerk.get(f"/ban-lam-viec/ho-so/{case}/").content.decode()


def test_a_letter_handed_in_has_no_note_to_confirm() -> None:
    page = record(at("tiepdan"))
    case = UUID(page.rstrip("/").rsplit("/", 1)[-1])
    with pytest.raises(Refusal, match="ghi qua điện thoại"):
        perform(Command("letters.letter", str(case), "confirm_note"), SENDER)


def written_down() -> tuple[Client, UUID]:
    clerk = at("tiepdan")
    data = {"text": "Con tôi bị cắt trợ cấp.", "commune": "Kim Bôi", "name": "Bùi Thị Mận", "address": "xóm Mớ", "draft": str(uuid4())}
    page = str(clerk.post("/ban-lam-viec/nhap-don/", data)["Location"])
    return clerk, UUID(page.rstrip("/").rsplit("/", 1)[-1])


def test_who_cannot_write_hears_the_record_and_a_scanned_fingerprint_makes_the_letter_signed() -> None:
    clerk, case = written_down()
    act = f"/ban-lam-viec/ho-so/{case}/lam/"
    asked = {"action": "read_back", "readback_mark": "fingerprint", "readback_witness": "Đinh Thị Lan, xóm Mớ", "readback_language": "tiếng Mường"}
    assert clerk.post(act, asked).status_code == 302
    sheet = clerk.get(f"/ban-lam-viec/ho-so/{case}/van-ban/p1.pdf").content
    words = " ".join("".join(p.extract_text() for p in PdfReader(io.BytesIO(sheet)).pages).split())
    for said in ("Con tôi bị cắt trợ cấp.", "đã đọc lại toàn bộ", "ngón trỏ phải", "Đinh Thị Lan", "tiếng Mường"):
        assert said in words
    assert clerk.get(f"/ban-lam-viec/ho-so/{case}/van-ban/p1.docx").content[:2] == b"PK"
    refused = clerk.post(act, {"action": "paper.sign", "paper": "p1", "how": "ink"})
    assert refused.status_code == 422
    assert "để người trình bày ký hoặc điểm chỉ" in refused.content.decode()
    assert not signed(case)
    assert clerk.post(act, {"action": "paper.sign", "paper": "p1", "how": "ink", "copy": picture()}).status_code == 302
    assert signed(case)


def test_a_secret_letters_record_is_not_scanned_into_the_file() -> None:
    letter = send("Tôi tố cáo.", channel="counter", keep_secret=True)
    with pytest.raises(Refusal, match="phong bì dán kín"):
        perform(Command("letters.letter", str(letter.case), "read_back", {"readback_mark": "fingerprint"}), official("reception"))


def signed(case: UUID) -> bool:
    with scope(JOB):
        return bool(load([case])[case].state.fields.get("signed"))


def test_another_sign_in_of_the_same_post_can_not_print_it() -> None:
    page = record(at("tiepdan"))
    other = at("tiepdan")
    assert "In giấy xác nhận" not in other.get(page).content.decode()
    assert other.get(page + "giay-xac-nhan.pdf").status_code == 404


def test_only_the_reception_is_offered_and_may_record_letters() -> None:
    desk = at("chutich")
    assert "Nhận đơn giấy" not in desk.get("/ban-lam-viec/").content.decode()
    refused = desk.post("/ban-lam-viec/nhap-don/", {"text": "x", "commune": "Kim Bôi", "draft": str(uuid4())})
    assert refused.status_code == 422
