"""Every page: passes axe, fits 320 pixels, works by keyboard and, on the portal, without script; Vietnamese and English."""

from __future__ import annotations

import time
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.core.cases.people import official
from tests.core.papers.test_redact_pdf import letter as pdf_letter
from tests.doors.desk.test_dialogues import announced, question
from tests.doors.portal.test_dialogues import path_of
from tests.kinds.procedures.test_fees import ask_fee, dossier, provider, round_  # noqa: F401  fixtures
from trongdan.core.cases.perform import perform
from trongdan.core.papers import files
from trongdan.kernel.case import Command
from trongdan.kinds.letters.intake import Letter, receive

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MEETINGS = ("/ban-lam-viec/kien-nghi-cu-tri/", "/ban-lam-viec/kien-nghi-cu-tri/ghi/", "/ban-lam-viec/doi-thoai/",
            "/ban-lam-viec/doi-thoai/lap/hoi-nghi/")  # fmt: skip
LISTENING = ("/ban-lam-viec/lang-nghe/", "/ban-lam-viec/lang-nghe/c04978/")
PORTAL = ("/doi-thoai/", "/ket-luan/", "/", "/gui-don/", "/gui-don/?giup=1", "/theo-doi/", "/thu-tuc/", "/thu-tuc/?q=khai+sinh", "/thu-tuc/viec/sinh-con/", "/thoi-han/?rule=KN-02&from=2026-08-28", "/khong-co/",
          "/trung-tam/?xa=kim+boi", "/trung-tam/c04978-hcc/", "/trung-tam/c04978-hcc/lay-so/",
          "/trung-tam/c04978-hcc/dat-lich/?service=land", "/trung-tam/c04978-hcc/man-hinh/", "/lich-hen/", "/lich-hen/?ma=abc", "/dang-nhap/", "/kiem-tra/", "/kiem-tra/0123456789ABCDEF/",
          "/ban-lam-viec/dang-nhap/")  # fmt: skip
DESK = ("/ban-lam-viec/", "/ban-lam-viec/ho-so/", "/ban-lam-viec/ho-so/?loc=late", "/ban-lam-viec/tim/?q=cong", "/ban-lam-viec/tim/",
        "/ban-lam-viec/nhap-don/", "/ban-lam-viec/thong-bao/", "/ban-lam-viec/trinh-ky/", "/ban-lam-viec/danh-gia/", "/ban-lam-viec/sau-tra-loi/",
        "/ban-lam-viec/yeu-to-thu-hai/", "/ban-lam-viec/so/", "/ban-lam-viec/so/tiep-nhan/", "/ban-lam-viec/so/giai-quyet/?phan=rieng",
        "/ban-lam-viec/bao-cao/xu-ly-don/", "/ban-lam-viec/bao-cao/xu-ly-don/received/", "/ban-lam-viec/quoc-gia/", "/ban-lam-viec/cong-quoc-gia/", "/ban-lam-viec/giay-to-da-co/",
        "/ban-lam-viec/nhom/")  # fmt: skip


def sound(page: Any, where: str) -> None:
    """No axe violation of WCAG 2.2 A and AA, nothing wider than the screen, one h1."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, where + "\n" + found.generate_report()
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), f"{where} is wider than the screen"
    assert page.locator("h1").count() == 1, where


@pytest.fixture
def letter() -> Any:
    receipt = receive(Letter("Tôi kiến nghị nạo vét cống.", "c04978", "portal", {"name": "Bùi Thị Mận", "address": "xóm Mớ"}), "k-pages-1", "t")
    opened = perform(Command("letters.letter", str(receipt.case), "open_matter", {"nature": "kien_nghi", "matter_kind": "letters.petition"}),
                     official("reception"))  # fmt: skip
    return receipt, opened.opened[0][0]


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_every_public_page_passes_axe_and_fits_the_screen(visit: Any, letter: Any, width: int) -> None:
    person = visit(width=width)
    receipt, _matter = letter
    for path in (*PORTAL, f"/theo-doi/{receipt.reference}/{receipt.token}/"):
        sound(person.open(path), f"{path} at {width}")


def test_every_desk_page_passes_axe_on_a_phone_and_on_a_desk(visit: Any, letter: Any) -> None:
    receipt, matter = letter
    for width in (320, 1280):
        clerk = visit(width=width)
        clerk.open("/ban-lam-viec/dang-nhap/")
        clerk.page.fill("#id_username", "tiepdan")
        clerk.page.fill("#id_password", "trongdan-demo")
        clerk.page.click("main button")
        for path in (*DESK, *MEETINGS, f"/ban-lam-viec/ho-so/{receipt.case}/", f"/ban-lam-viec/ho-so/{matter}/", f"/ban-lam-viec/quoc-gia/{matter}/"):
            sound(clerk.open(path), f"{path} at {width}")


def test_the_pages_of_a_hall_pass_axe_and_are_worked_by_keys_and_without_script(visit: Any, monkeypatch: Any) -> None:
    """The machine, a number's page, a counter, the board, on a working morning."""
    from django.utils import timezone

    from tests.kinds.waiting.hall import CENTRE, at, number, seat
    from trongdan.doors.cli.demo import actor
    from trongdan.doors.portal.centres import kiosk_token

    monkeypatch.setattr(timezone, "now", lambda: at(30))
    seat(1, actor("quay"))
    tickets = [number("civil", n, helped=n == 1) for n in range(3)]
    for width in (320, 1280):
        person = visit(width=width)
        for path in (f"/trung-tam/{CENTRE}/may-lay-so/{kiosk_token(CENTRE)}/", f"/so-thu-tu/{tickets[0].code}/"):
            sound(person.open(path), f"{path} at {width}")
    hall = visit(width=1280, script=False)
    page = hall.open(f"/trung-tam/{CENTRE}/may-lay-so/{kiosk_token(CENTRE)}/")
    page.get_by_role("button", name="Đất đai").click()
    assert "B001" in hall.text()
    clerk = visit("quay")
    page = clerk.open("/ban-lam-viec/goi-so/")
    sound(page, "the counter")
    with page.expect_navigation():
        page.keyboard.press("g")
    assert tickets[1].label in clerk.text(), "who is to be helped was called first"
    sound(page, "the counter after a call")
    sound(clerk.open("/ban-lam-viec/hang-cho/"), "the board")
    sound(visit().open(f"/trung-tam/{CENTRE}/man-hinh/"), "the screen")


def test_a_pdf_of_the_vault_is_looked_through_on_a_phone_and_on_a_desk(visit: Any) -> None:
    sent = (files.check("don.pdf", pdf_letter()),)
    receipt = receive(Letter("Cống tắc.", "c04978", "portal", {"name": "Đinh Thị Bí Mật"}, facts={"keep_secret": True}, files=sent), "k-vault", "t")
    clerk = visit("tiepdan")
    page = clerk.open(f"/ban-lam-viec/ho-so/{receipt.case}/")
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    form = page.locator("form[action$='/kho-kin/']").first
    form.locator("textarea[name=reason]").fill("Lập bản che")
    form.locator("button").click()
    page.wait_for_load_state()
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert page.locator("input[name=span]:checked").count() >= 5
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        sound(page, f"the vault at {width}")


def test_the_pages_of_a_fee_pass_axe_and_work_without_script(visit: Any, provider: Any, dossier: Any) -> None:  # noqa: F811  fixtures
    ask_fee(dossier.case)
    for width in (320, 1280):
        one = visit(width=width, script=False)
        page = one.open(f"/theo-doi/{dossier.reference}/{dossier.token}/")
        page.get_by_role("button", name="Nộp trực tuyến").click()
        page.wait_for_load_state()
        there = page.get_by_role("link", name="Sang nộp").get_attribute("href")
        page.goto(there)
        assert "23000 đồng" in page.inner_text("body")
        person = visit(width=width)
        for path in (f"/theo-doi/{dossier.reference}/{dossier.token}/", "/thanh-toan/"):
            sound(person.open(path), f"{path} at {width}")
    person.page.goto(f"{person.url}/theo-doi/{dossier.reference}/{dossier.token}/")
    person.page.get_by_role("button", name="Nộp trực tuyến").click()
    person.page.wait_for_load_state()
    sound(person.page, "the page before the provider's")
    page.get_by_role("button", name="Nộp").click()
    page.wait_for_load_state()
    provider.pay(there.rpartition("/")[2], again=True)
    assert round_() == 2
    sound(visit("motcua").open("/ban-lam-viec/phi/"), "what is owed back")


def test_the_pages_of_a_leader_pass_axe_on_a_phone_and_on_a_desk(visit: Any) -> None:
    chair = visit("chutichtinh")
    for width in (320, 1280):
        chair.page.set_viewport_size({"width": width, "height": 900})
        for path in LISTENING:
            sound(chair.open(path), f"{path} at {width}")


def test_the_pages_of_a_dialogue_pass_axe_for_people_and_for_the_office(visit: Any) -> None:
    case = announced()
    question(case, "Bao giờ nạo vét cống thoát nước xóm Mớ?")
    question(case, "Khi nào nạo vét cống thoát nước ở xóm Mớ?", release=False)
    person, clerk = visit(), visit("vanphong")
    for width in (320, 1280):
        for one in (person, clerk):
            one.page.set_viewport_size({"width": width, "height": 900})
        sound(clerk.open(f"/ban-lam-viec/doi-thoai/{case}/"), f"the desk's page of a meeting at {width}")
        sound(person.open(path_of(case)), f"the public page of a meeting at {width}")


def test_a_page_at_two_hundred_percent_zoom_still_fits(visit: Any) -> None:
    person = visit(width=640)
    for path in PORTAL[:6]:
        page = person.open(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), path


def test_a_letter_is_sent_without_any_script_at_three_hundred_and_twenty_pixels(visit: Any) -> None:
    person = visit(width=320, script=False)
    page = person.open("/gui-don/")
    page.fill("#f-text", "Đèn đường không sáng, đề nghị xã sửa.")
    page.fill("#f-commune", "kim boi")
    page.fill("#f-name", "Bùi Thị Mận")
    page.get_by_role("button", name="Xem gợi ý trước khi gửi").click()
    assert "Đây là gợi ý; cán bộ sẽ quyết định" in person.text()
    time.sleep(2.1)
    page.get_by_role("button", name="Gửi đơn", exact=True).click()
    assert "Đã nhận đơn của ông/bà" in person.text()
    page.click(".td-receipt a")
    assert "Người đang giữ" in person.text()


def test_a_letter_is_sent_by_keyboard_alone(visit: Any) -> None:
    person = visit()
    page = person.open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "govuk-skip-link"

    def tab_to(selector: str) -> None:
        for _ in range(40):
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached by Tab")

    tab_to(".td-choice a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/gui-don/")
    for field, words in (("#f-text", "Cống tắc, đề nghị nạo vét."), ("#f-commune", "Kim Bôi"), ("#f-name", "Bùi Thị Mận")):
        tab_to(field)
        page.keyboard.type(words)
    time.sleep(2.1)
    tab_to("button[value=send]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/da-nhan/")


def test_what_was_typed_wrong_comes_back_with_the_error_and_focusable_link(visit: Any) -> None:
    person = visit()
    page = person.open("/gui-don/")
    page.fill("#f-text", "Chuyện ở một nơi không ai biết.")
    page.fill("#f-commune", "Atlantis")
    time.sleep(2.1)
    page.get_by_role("button", name="Gửi đơn", exact=True).click()
    assert "Chưa nhận ra xã, phường" in person.text()
    assert page.input_value("#f-text") == "Chuyện ở một nơi không ai biết."
    sound(page, "the refused form")


def test_two_officers_on_one_file_see_each_other(visit: Any, letter: Any) -> None:
    _receipt, matter = letter
    one, two = visit("chutich"), visit("tiepdan")
    two.open(f"/ban-lam-viec/ho-so/{matter}/")
    two.page.wait_for_timeout(300)
    page = one.open(f"/ban-lam-viec/ho-so/{matter}/")
    page.wait_for_selector("[data-presence]:not([hidden])", timeout=5000)
    assert "Quách Thị Ngần" in page.inner_text("[data-presence]")


def test_the_inbox_is_worked_by_keys(visit: Any, letter: Any) -> None:
    clerk = visit("chutich")
    page = clerk.open("/ban-lam-viec/")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('[data-row]') !== null")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ho-so/**")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
