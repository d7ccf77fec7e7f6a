"""The desk with its network really cut, in a real browser: a letter is taken in, kept sealed, and goes in once when the line is back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.doors.desk.offline import picture
from tests.doors.desk.test_offline import of_case
from tests.doors.desk.test_offline_reception import session
from tests.journeys.test_pages import sound
from trongdan.doors.desk import offline
from trongdan.kernel.reference import parse_reference

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGE = "/ban-lam-viec/mat-mang/"
WORDS = "Cống thoát nước đầu xóm bị tắc, canary-mất-mạng, đề nghị xã nạo vét trước mùa mưa."
KEPT = """async () => {
  const db = await new Promise((y) => { const o = indexedDB.open("trongdan-offline"); o.onsuccess = () => y(o.result); });
  const out = [];
  for (const name of db.objectStoreNames) {
    const rows = await new Promise((y) => { db.transaction(name).objectStore(name).getAll().onsuccess = (e) => y(e.target.result); });
    for (const row of rows) out.push(JSON.stringify(row) + (row.box ? await row.box.text() : ""));
  }
  db.close();
  return out.join("\\n");
}"""
CACHED = "async () => (await Promise.all((await caches.keys()).map(async (n) => (await (await caches.open(n)).keys()).map((r) => new URL(r.url).pathname)))).flat()"


@pytest.fixture
def clerk(visit: Any) -> Any:
    """At a device that has its name, its references and its page."""
    one = visit("tiepdan")
    page = one.open("/ban-lam-viec/mat-mang/may/")
    page.fill("#f-name", "máy quầy 1")
    page.get_by_role("button", name="Dùng máy này khi mất mạng").click()
    one.open(PAGE)
    expect(page.locator("#status")).to_contain_text("Còn 30 mã", timeout=20_000)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return one


def type_letter(page: Any, words: str = WORDS) -> None:
    page.fill("#f-text", words)
    page.fill("#f-name", "Bùi Thị Mận")
    name, data = picture()
    page.set_input_files("#f-files", {"name": name, "mimeType": "image/png", "buffer": data})
    page.get_by_role("button", name="Giữ đơn trên máy, in giấy hẹn").click()
    page.wait_for_selector("#slip:not([hidden])")


def test_a_letter_taken_in_while_the_line_is_cut_goes_in_once_when_it_is_back(clerk: Any, monkeypatch: pytest.MonkeyPatch, owner_db: Any) -> None:
    page = clerk.page
    clerk.context.set_offline(True)
    clerk.open("/ban-lam-viec/nhap-don/")
    page.wait_for_url("**" + PAGE)  # any page of the desk leads to the one that works
    page.wait_for_selector("#form:not([hidden])")
    assert page.input_value("#f-commune") == "xã Kim Bôi"
    type_letter(page)
    slip = page.inner_text("#slip")
    assert "chờ đồng bộ" in slip.lower() and "Bùi Thị Mận" in slip
    reference = parse_reference(page.inner_text("#slip-ref"))
    page.reload()
    page.wait_for_selector("#queue tr")
    assert "Chờ đồng bộ" in page.inner_text("#queue")
    assert page.locator("#slip").is_hidden()
    kept = page.evaluate(KEPT)
    assert reference in kept and "canary" not in kept and "Mận" not in kept, "the device can not read back what it queued"
    cached = page.evaluate(CACHED)
    assert [p for p in cached if not p.startswith("/static/ui/")] == [PAGE], "no other page is kept"
    sound(page, "the page without network, with a letter waiting")

    # The line comes back, and the server dies after it wrote the letter and before it said so.
    real, died = offline.remember, []

    def dies(request: Any, case: Any) -> None:
        died.append(case)
        raise RuntimeError("the server dies here")

    monkeypatch.setattr(offline, "remember", dies)
    clerk.context.set_offline(False)
    for _ in range(100):
        if died:
            break
        page.wait_for_timeout(100)
    assert died
    clerk.open("/ban-lam-viec/")
    page.wait_for_selector("[data-offline]:not([hidden])")
    assert re.search(r"1 đơn, bản ghi khi mất mạng chưa gửi, cũ nhất \d+ phút trước", page.inner_text("[data-offline]"))
    sound(page, "the desk with something unsent")

    monkeypatch.setattr(offline, "remember", real)
    clerk.open(PAGE)  # sends by itself
    expect(page.locator("#queue")).to_contain_text("Đã vào sổ", timeout=20_000)
    assert page.get_by_role("link", name="In giấy xác nhận").get_attribute("href").endswith("giay-xac-nhan.pdf")
    assert owner_db.execute("SELECT count(*) FROM td_case WHERE reference = %s", [reference]).fetchone() == (1,)
    assert owner_db.execute("SELECT count(*) FROM td_content WHERE body LIKE '%%canary-mất-mạng%%'").fetchone() == (1,), "once"
    assert of_case(reference).state.fields["attachments"] == 1
    assert "canary" not in page.evaluate(KEPT)
    page.get_by_role("link", name="Mở hồ sơ").click()
    page.wait_for_load_state()
    assert "canary-mất-mạng" in clerk.text()
    assert page.locator("[data-offline]").is_hidden()


def test_the_worker_sends_when_the_line_is_back_and_no_page_is_open(clerk: Any, owner_db: Any) -> None:
    page = clerk.page
    clerk.context.set_offline(True)
    type_letter(page)
    reference = parse_reference(page.inner_text("#slip-ref"))
    page.goto("about:blank")
    clerk.context.set_offline(False)
    wire = clerk.context.new_cdp_session(page)
    known: list[Any] = []
    wire.on("ServiceWorker.workerRegistrationUpdated", lambda told: known.extend(told["registrations"]))
    wire.send("ServiceWorker.enable")
    for _ in range(50):
        if known:
            break
        page.wait_for_timeout(100)
    # What the browser itself does when it finds the line back: Background Sync, by the name that the page asked for.
    wire.send("ServiceWorker.dispatchSyncEvent", {"origin": clerk.url, "registrationId": known[0]["registrationId"], "tag": "td-send", "lastChance": False})
    for _ in range(100):
        if owner_db.execute("SELECT count(*) FROM td_case WHERE reference = %s", [reference]).fetchone() == (1,):
            break
        page.wait_for_timeout(100)
    clerk.open(PAGE)
    expect(page.locator("#queue")).to_contain_text("Đã vào sổ", timeout=20_000)
    assert owner_db.execute("SELECT count(*) FROM td_content WHERE body LIKE '%%canary-mất-mạng%%'").fetchone() == (1,)


def test_the_page_without_network_is_worked_by_keyboard_and_says_what_is_missing(clerk: Any) -> None:
    page = clerk.page
    clerk.context.set_offline(True)
    page.focus("#f-text")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#do-hold')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("#errors:not([hidden])")
    assert page.evaluate("document.activeElement.id") == "errors"
    sound(page, "the refused form")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "f-text"
    page.keyboard.type("Đèn đường hỏng.")
    page.set_input_files("#f-files", {"name": "don.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"})
    page.locator("#do-hold").press("Enter")
    assert "không phải ảnh" in page.inner_text("#errors")
    page.set_input_files("#f-files", [])
    page.evaluate("navigator.storage.estimate = async () => ({quota: 1000, usage: 990})")
    page.locator("#do-hold").press("Enter")
    expect(page.locator("#errors")).to_contain_text("không còn đủ chỗ", timeout=20_000)
    assert page.input_value("#f-text") == "Đèn đường hỏng.", "nothing typed is lost"
    page.set_viewport_size({"width": 320, "height": 800})
    sound(page, "at 320")


def test_what_must_be_looked_at_is_decided_in_the_browser(clerk: Any, owner_db: Any) -> None:
    page = clerk.page
    clerk.context.set_offline(True)
    type_letter(page)
    reference = parse_reference(page.inner_text("#slip-ref"))
    owner_db.execute("UPDATE td_lease SET until = current_date - 1")
    clerk.context.set_offline(False)
    expect(page.locator("#queue")).to_contain_text("chờ người xem lại", timeout=20_000)
    page.get_by_role("link", name="Xem lại", exact=True).click()
    page.wait_for_load_state()
    assert "đã quá hạn dùng" in clerk.text() and "canary-mất-mạng" in clerk.text()
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        sound(page, f"an item to look at, {width}")
        sound(clerk.open("/ban-lam-viec/mat-mang/may/"), f"devices, {width}")
        page.go_back()
    page.get_by_role("button", name="Ghi nhận là một đơn riêng").click()
    page.wait_for_url("**/ho-so/**")
    assert of_case(reference)


def test_somebody_is_received_while_the_line_is_cut_and_the_record_goes_in_when_it_is_back(clerk: Any, owner_db: Any) -> None:
    page, day = clerk.page, session()
    clerk.open(PAGE)  # the device learns of the day
    expect(page.locator("#status")).to_contain_text("Đang có mạng", timeout=20_000)
    clerk.context.set_offline(True)
    page.reload()
    page.check("#k-reception")
    assert page.locator("#f-session option:checked").get_attribute("value") == str(day), "today's day is chosen"
    assert page.locator("#f-postmark").is_hidden()
    page.locator("#do-hold").click()
    told = page.inner_text("#errors")
    assert "Chưa ghi lời người đến" in told
    assert "xác nhận bằng cách nào" in told
    sound(page, "the refused record")
    page.fill("#f-text", "Bị cán bộ đòi tiền; canary-lời-nói")
    page.fill("#f-name", "Bùi Thị Mận")
    page.select_option("#f-nature", "to_cao")
    assert page.is_checked("#f-keep_secret"), "a denouncer is kept secret without anybody thinking of it"
    page.select_option("#f-confirmed_how", "fingerprint")
    page.locator("#do-hold").click()
    assert "Phải đọc lại" in page.inner_text("#errors")
    page.check("#f-read_back")
    page.evaluate("() => { window.printed = []; window.print = () => window.printed.push(document.getElementById('said').innerText); }")
    page.get_by_role("button", name="In bản ghi để ký, điểm chỉ").click()
    assert "canary-lời-nói" in page.evaluate("window.printed[0]") or "canary-lời-nói" in page.text_content("#said")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert "canary" not in page.text_content("#said"), "the sheet is away once it is printed"
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        sound(page, f"the record at {width}")
    page.locator("#do-hold").click()
    page.wait_for_selector("#slip:not([hidden])")
    slip = page.inner_text("#slip")
    assert "đã ghi lời ông/bà" in slip
    assert "Mận" not in slip, "no name on the slip of who is kept secret"
    reference = parse_reference(page.inner_text("#slip-ref"))
    kept = page.evaluate(KEPT)
    assert "canary" not in kept
    assert "Mận" not in kept
    assert page.is_checked("#k-reception"), "the next person is received as well"
    clerk.context.set_offline(False)
    expect(page.locator("#queue")).to_contain_text("Đã vào sổ", timeout=20_000)
    case = of_case(reference)
    assert (case.kind.id, case.state.step, case.state.vault) == ("reception.record", "owed", True)
    assert owner_db.execute("SELECT count(*) FROM td_content WHERE body LIKE '%%canary-lời-nói%%'").fetchone() == (1,), "once"
