"""The desk on bad days: an ended session, a form whose protection ran out, two hands on one file, a guessed password."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.core.cases.people import official
from tests.doors.desk.test_paper_intake import at
from tests.doors.portal.test_send import jpeg, upload
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.core.papers import files
from trongdan.doors.cli.demo import PASSWORD
from trongdan.doors.desk import signin
from trongdan.kernel.case import Command
from trongdan.kinds.letters.intake import Letter, receive

pytestmark = pytest.mark.django_db(transaction=True)
LOGIN = "/ban-lam-viec/dang-nhap/"


def letter(**more: Any) -> UUID:
    return receive(Letter("Cống tắc.", "c04978", "portal", {"name": "Bùi Thị Mận"}, **more), str(uuid4()), "t").case


def sign_in(client: Client, where: str, name: str = "tiepdan") -> Any:
    return client.post(where, {"username": name, "password": PASSWORD}, follow=True)


def test_a_form_sent_after_the_session_ended_comes_back_after_signing_in_again() -> None:
    case, clerk = letter(), Client()
    form = {"action": "ask_supplement", "asked_for": "Ảnh chụp cống và giấy tờ đất", "draft": str(uuid4())}
    answer = clerk.post(f"/ban-lam-viec/ho-so/{case}/lam/", form)
    assert answer.status_code == 302
    assert answer["Location"].startswith(LOGIN)
    page = sign_in(clerk, answer["Location"])
    words = page.content.decode()
    assert page.status_code == 200
    assert "Những gì ông/bà viết vẫn còn" in words
    assert "Ảnh chụp cống và giấy tờ đất</textarea>" in words
    assert load_step(case) == "received", "nothing was done meanwhile"


def load_step(case: UUID) -> str:
    with scope(JOB):
        return load([case])[case].state.step


def test_a_letter_on_paper_typed_into_an_ended_session_is_there_after_signing_in_with_its_scan() -> None:
    clerk = Client()
    form = {"text": "Đơn viết tay, chép lại ba trang.", "name": "Bùi Thị Mận", "commune": "Kim Bôi", "channel": "post", "draft": str(uuid4()),
            "files": upload("quet.jpg", jpeg())}  # fmt: skip
    answer = clerk.post("/ban-lam-viec/nhap-don/", form)
    words = sign_in(clerk, answer["Location"]).content.decode()
    assert "Đơn viết tay, chép lại ba trang.</textarea>" in words
    assert "quet.jpg" in words


def test_an_action_whose_protection_ran_out_keeps_its_words() -> None:
    strict, case = Client(enforce_csrf_checks=True), letter()
    strict.cookies = at("tiepdan").cookies
    form = {"action": "case.note", "note": "Đã gọi điện cho bà Mận", "draft": str(uuid4())}
    answer = strict.post(f"/ban-lam-viec/ho-so/{case}/lam/", form)
    assert answer.status_code == 403
    back = re.search(r'href="(/ban-lam-viec/ho-so/[^"]+\?nhap=[^"]+)"', answer.content.decode())
    assert back
    assert "Đã gọi điện cho bà Mận</textarea>" in strict.get(back[1]).content.decode()


def test_a_scan_survives_a_refused_intake_and_can_be_left_out() -> None:
    clerk, draft = at("tiepdan"), str(uuid4())
    form = {"text": " ", "commune": "Kim Bôi", "channel": "counter", "draft": draft}
    refused = clerk.post("/ban-lam-viec/nhap-don/", {**form, "files": upload("quet.jpg", jpeg())})
    assert refused.status_code == 422
    assert "quet.jpg" in refused.content.decode()
    taken = clerk.post("/ban-lam-viec/nhap-don/", {**form, "text": "Cống tắc", "drop": "0", "files": upload("dung.jpg", jpeg())})
    case = UUID(taken["Location"].rstrip("/").rsplit("/", 1)[-1])
    with scope(JOB):
        assert [f["name"] for f in files.listed(case)] == ["dung.jpg"]


@pytest.mark.parametrize(("changes", "told"), [
    ({"postmark": "2999-01-01"}, "Ngày dấu bưu điện không được sau ngày nhận đơn"),
    ({"postmark": "hôm kia"}, "Ngày chưa đúng"),
])  # fmt: skip
def test_a_postmark_after_the_receipt_is_refused(changes: dict[str, str], told: str) -> None:
    form = {"text": "Cống tắc", "commune": "Kim Bôi", "channel": "post", "draft": str(uuid4()), **changes}
    answer = at("tiepdan").post("/ban-lam-viec/nhap-don/", form)
    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_nul_and_decomposed_letters_in_a_name_are_kept_as_clean_text() -> None:
    form = {"text": "a\x00b", "name": "Bu\u0300i\x00 Mận", "arrival_no": "1\x002", "commune": "Kim Bôi", "draft": str(uuid4())}
    answer = at("tiepdan").post("/ban-lam-viec/nhap-don/", form, follow=True)
    assert answer.status_code == 200
    assert "Bùi Mận" in answer.content.decode()


@pytest.mark.parametrize("data", [
    {"action": "transfer", "nature": "kien_nghi", "to_agency": "zzz"}, {"action": "open_matter", "nature": "zzz"},
    {"action": "give_supplement", "attachments": "²", "seen": "²"}, {"action": "\x00"}, {"action": "paper.sign", "paper": "../x"},
    {"action": "case.assign", "post": "c99999/head"},
])  # fmt: skip
def test_what_no_form_of_ours_sends_is_refused_with_a_sentence(data: dict[str, str]) -> None:
    case = letter()
    answer = at("tiepdan").post(f"/ban-lam-viec/ho-so/{case}/lam/", {**data, "draft": str(uuid4())})
    assert answer.status_code in (302, 422)
    with scope(JOB):
        fields = load([case])[case].state.fields
    assert not {"zzz", "c99999/head"} & {str(v) for v in fields.values()}


def test_a_lost_race_says_what_the_other_did() -> None:
    case, clerk = letter(), at("tiepdan")
    seen = re.search(r'name="seen" value="(\d+)"', clerk.get(f"/ban-lam-viec/ho-so/{case}/").content.decode())
    assert seen
    perform(Command("letters.letter", str(case), "register", {"arrival_no": "17"}), official("reception"))
    form = {"action": "ask_supplement", "asked_for": "Ảnh", "seen": seen[1], "draft": str(uuid4())}
    answer = clerk.post(f"/ban-lam-viec/ho-so/{case}/lam/", form)
    assert answer.status_code == 422
    assert "Vừa có: Vào sổ, ghi số đến" in answer.content.decode()
    assert "Ảnh</textarea>" in answer.content.decode()


def test_what_came_with_a_letter_lies_in_the_file_of_the_matter_for_who_settles_it() -> None:
    checked = files.check("cong.jpg", jpeg())
    case, clerk = letter(files=(checked,)), at("tiepdan")
    form = {"action": "open_matter", "nature": "kien_nghi", "topic": "giao thông", "matter_kind": "letters.petition", "draft": str(uuid4())}
    assert clerk.post(f"/ban-lam-viec/ho-so/{case}/lam/", form).status_code == 302
    with scope(JOB):
        matter = UUID(next(iter(load([case])[case].state.children)))
        own = files.listed(matter)
    assert [(f["name"], f["sheet"]) for f in own] == [("cong.jpg", 1)]
    assert own[0]["id"] not in {f["id"] for f in scoped(case)}
    page = at("chutich").get(f"/ban-lam-viec/ho-so/{matter}/").content.decode()
    assert "cong.jpg" in page


def scoped(case: UUID) -> list[dict[str, object]]:
    with scope(JOB):
        return files.listed(case)


def test_a_paper_can_be_attached_to_an_action_and_becomes_a_sheet() -> None:
    case, clerk = letter(), at("tiepdan")
    page = clerk.get(f"/ban-lam-viec/ho-so/{case}/").content.decode()
    assert 'id="give_supplement--files"' in page
    form = {"action": "give_supplement", "supplement": "Nộp tại bàn", "draft": str(uuid4()), "files": upload("bo-sung.jpg", jpeg())}
    assert clerk.post(f"/ban-lam-viec/ho-so/{case}/lam/", form).status_code == 302
    assert [f["name"] for f in scoped(case)] == ["bo-sung.jpg"]


def test_who_guesses_a_password_waits_and_others_do_not() -> None:
    signin.GUESSES.forget()
    client = Client()
    for _try in range(10):
        assert client.post(LOGIN, {"username": "tiepdan", "password": "sai"}).status_code == 422
    blocked = client.post(LOGIN, {"username": "TiepDan", "password": PASSWORD})
    assert blocked.status_code == 429
    assert "đợi mười phút" in blocked.content.decode()
    assert client.post(LOGIN, {"username": "chutich", "password": PASSWORD}).status_code == 302
    signin.GUESSES.forget()
