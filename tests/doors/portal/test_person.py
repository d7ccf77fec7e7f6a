"""Signed in at the portal: one's own letters in one place, who looked one up, and nothing of what is kept secret."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from tests.core.cases.people import SENDER, official, send
from tests.core.links.test_signin import NUMBER, approve, vneid
from tests.roles import worker
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.links import audit
from trongdan.core.links.own import forget_hidden, link, own_cases
from trongdan.core.links.vneid import NUMBERS, VNeID
from trongdan.kernel.case import Command

__all__ = ["vneid"]
pytestmark = pytest.mark.django_db(transaction=True)
AGENCY = "c04978"


@pytest.fixture
def provider(vneid: VNeID, settings: Any) -> VNeID:
    settings.VNEID_ISSUER, settings.VNEID_CLIENT_ID, settings.VNEID_CLIENT_SECRET = vneid.url, vneid.client_id, vneid.client_secret
    settings.SITE_URL = "http://testserver"
    return vneid


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def signed_in(level: str = "loa2", number: str = NUMBER, browser: Client | None = None, to: str = "/cua-toi/", acts_for: str = ""
              ) -> Client:  # fmt: skip
    browser = browser or Client()
    out = browser.get("/dang-nhap/vneid/", {"ve": to})
    back = browser.get("/dang-nhap/ve/", approve(out["Location"], level, number, acts_for))
    assert (back.status_code, back["Location"]) == (302, to)
    return browser


def letter(browser: Client, **more: str) -> str:
    """Send one by the form; its reference as shown."""
    page = browser.get("/gui-don/").content.decode()
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("draft", "stamp")}
    form = {name: m.group(1) for name, m in found.items() if m} | {"text": "Tôi kiến nghị nạo vét cống xóm Mớ.", "commune": "Kim Bôi", "to": "commune",
                                                                "name": "Bùi Thị Mận", "address": "xóm Mớ", "do": "send"}  # fmt: skip
    answer = browser.post("/gui-don/", form | more, follow=True)
    shown = re.search(r"[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}", answer.content.decode())
    assert shown is not None, text(answer)[:600]
    return shown.group(0)


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trongdan.doors.portal.views.check_stamp", lambda _request: None)


def test_a_letter_sent_signed_in_is_found_under_one_s_own_matters_and_by_nobody_else(provider: VNeID) -> None:
    browser = signed_in()
    sent = letter(browser)
    mine = text(browser.get("/cua-toi/"))
    assert sent in mine
    assert browser.get(re.findall(r'href="(/theo-doi/[^"]+)"', browser.get("/cua-toi/").content.decode())[0]).status_code == 200
    assert sent not in text(signed_in(number=NUMBERS[1]).get("/cua-toi/"))
    assert urlsplit(Client().get("/cua-toi/")["Location"]).path == "/dang-nhap/", "nobody signed in"


def test_what_is_kept_secret_unnamed_written_for_another_or_called_a_denunciation_is_never_linked_to_the_person(provider: VNeID) -> None:
    browser = signed_in()
    for more in ({"secret": "1"}, {"helped": "1"}, {"own_word": "to_cao"}, {"name": ""}):
        assert letter(browser, **more)
    assert "Chưa có đơn, hồ sơ nào" in text(browser.get("/cua-toi/"))


def test_the_form_says_before_sending_that_the_letter_will_be_linked_and_not_where_it_will_not(provider: VNeID) -> None:
    browser = signed_in()
    assert "Đơn này sẽ có trong Việc của tôi" in text(browser.get("/gui-don/"))
    for path in ("/gui-don/?giup=1", "/gui-don/?kin=1"):
        assert "Việc của tôi. Không muốn vậy" not in text(browser.get(path))
    assert "Đơn này sẽ có" not in text(Client().get("/gui-don/"))


def test_a_letter_that_officials_open_as_a_denunciation_is_seen_no_more_under_one_s_own_matters(provider: VNeID) -> None:
    sent = send("Tôi tố cáo ông Trưởng thôn nhận tiền.")
    with scope(JOB):
        link(NUMBER, sent.case, timezone.now())
    perform(Command("letters.letter", str(sent.case), "open_denunciation", {
        "accused_words": "Trưởng thôn", "matter_agency": AGENCY, "topic": "cán bộ công chức", "signed": True,
        "transcript": "Tố cáo ông Trưởng thôn nhận tiền.", "transcript_checked": True}), official("reception"))  # fmt: skip
    assert own_cases(NUMBER) == []


def test_a_letter_that_goes_into_the_vault_later_is_seen_no_more_and_its_link_is_removed(provider: VNeID, owner_db: Any) -> None:
    sent = send()
    with scope(JOB):
        link(NUMBER, sent.case, timezone.now())
    assert [o.case for o in own_cases(NUMBER)] == [sent.case]
    perform(Command("letters.letter", str(sent.case), "vault.seal"), SENDER)
    assert own_cases(NUMBER) == []
    with worker(), scope(JOB):
        assert forget_hidden() == 1
    assert owner_db.execute("SELECT count(*) FROM td_own_case").fetchone()[0] == 0


def test_a_person_sees_who_asked_about_them_for_what_and_on_which_basis(provider: VNeID) -> None:
    clerk = official("officer", post=f"{AGENCY}-hcc/officer/1")
    with scope(clerk):
        audit.begin(audit.Asked("register", "confirm", clerk, "receive", "Luật Căn cước Đ10", NUMBER, ("name", "born")), timezone.now())
    shown = text(signed_in().get("/cua-toi/"))
    assert "Hỏi về: ngày sinh, họ và tên. Căn cứ: Luật Căn cước Đ10." in shown
    assert "Chưa có lần nào." in text(signed_in(number=NUMBERS[1]).get("/cua-toi/"))


def test_the_lower_level_fills_in_the_name_and_opens_no_case(provider: VNeID) -> None:
    browser = signed_in(level="loa1")
    page = browser.get("/gui-don/").content.decode()
    assert re.search(r'id="f-name" name="name" type="text" value="[^"]+"', page)
    assert "Đơn này sẽ có trong" not in text(browser.get("/gui-don/"))
    letter(browser)
    assert own_cases(NUMBER) == [], "nobody less sure puts a letter into a person's list"
    shown = text(browser.get("/cua-toi/"))
    assert "Tài khoản mức độ 01 chưa xem được" in shown
    assert not re.search(r"[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}", shown)


def test_signing_in_goes_back_to_where_it_was_asked_for_and_never_to_another_site(provider: VNeID) -> None:
    signed_in(to="/gui-don/")
    browser = Client()
    out = browser.get("/dang-nhap/vneid/", {"ve": "https://vi-du.example/"})
    assert browser.get("/dang-nhap/ve/", approve(out["Location"]))["Location"] == "/cua-toi/"


def test_a_failed_sign_in_says_what_to_do_and_the_answer_is_good_for_one_browser_once(provider: VNeID) -> None:
    browser = Client()
    out = browser.get("/dang-nhap/vneid/")
    answer = approve(out["Location"])
    stranger = Client().get("/dang-nhap/ve/", answer)
    assert (stranger.status_code, "không bắt đầu từ đây" in text(stranger)) == (400, True)
    assert browser.get("/dang-nhap/ve/", answer).status_code == 302
    assert browser.get("/dang-nhap/ve/", answer).status_code == 400
    provider.down = True
    away = Client().get("/dang-nhap/vneid/")
    assert away.status_code in (302, 503), "what was published is remembered for ten minutes"


def test_signing_out_and_half_an_hour_without_use_end_it(provider: VNeID, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in()
    browser.post("/dang-xuat/")
    assert browser.get("/cua-toi/").status_code == 302
    browser = signed_in()
    import time as clock

    later = clock.time() + 1801
    monkeypatch.setattr("trongdan.doors.portal.person.time.time", lambda: later)
    assert browser.get("/cua-toi/").status_code == 302


def test_the_number_stands_nowhere_in_the_open(provider: VNeID, owner_db: Any) -> None:
    browser = signed_in()
    letter(browser)
    sessions = str(owner_db.execute("SELECT session_data FROM django_session").fetchall())
    from django.core import signing

    for data in re.findall(r"'([^']+)'", sessions):
        assert NUMBER not in str(signing.loads(data, salt="django.contrib.sessions.SessionStore"))
    assert owner_db.execute("SELECT octet_length(subject) FROM td_own_case").fetchone()[0] == 32


def test_without_a_provider_there_is_no_button_and_everything_else_stays() -> None:
    shown = text(Client().get("/dang-nhap/"))
    assert "chưa nối với VNeID" in shown
    assert Client().get("/dang-nhap/vneid/")["Location"] == "/dang-nhap/"
