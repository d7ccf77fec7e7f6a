"""Say it once in a real browser: the counter keeps a scan and offers it next time; the result is issued and checked; the owner sees
it all. Each page passes axe at a phone's width and a desk's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.core.links.test_signin import vneid
from tests.doors.portal.test_person import provider, signed_in
from tests.journeys.test_pages import sound
from tests.kinds.procedures.test_said_once import PERSON, counter, finished, issue, pdf, picture, sign_in
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.links.vneid import VNeID
from trongdan.core.store import issued
from trongdan.core.store.items import own_items
from trongdan.core.store.owner import Owner

__all__ = ["counter", "provider", "vneid"]
pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WIDTHS = (320, 1280)


def at_widths(visit: Any, path: str, where: str) -> None:
    for width in WIDTHS:
        visit.page.set_viewport_size({"width": width, "height": 900})
        sound(visit.open(path), f"{where} at {width}")


def test_a_scan_kept_at_the_counter_is_taken_from_the_store_next_time_and_the_owner_sees_it(
        visit: Any, counter: Client, provider: VNeID, settings: Any, tmp_path: Path) -> None:  # fmt: skip
    scan = tmp_path / "quet.png"
    scan.write_bytes(picture().read())
    clerk = visit("motcua")
    page = clerk.open("/ban-lam-viec/mot-cua/?ma=1.900001")
    page.fill("#f-name", "Bùi Thị Mận")
    page.fill("#f-number", PERSON)
    page.locator("details.td-act summary", has_text="Bản quét").click()
    page.set_input_files("#f-files", str(scan))
    page.get_by_role("button", name="Giữ tệp").click()
    page.wait_for_selector("#means0")
    page.select_option("#means0", "2")
    page.fill("#no0", "07/TH")
    sound(page, "the counter with a kept scan")
    page.check("#p-1")
    page.check("#p-2")
    page.get_by_role("button", name="Tiếp nhận, in giấy hẹn").click()
    page.wait_for_selector("text=Đã tiếp nhận")
    page = clerk.open("/ban-lam-viec/mot-cua/?ma=1.900005")
    page.fill("#f-name", "Bùi Thị Mận")
    page.fill("#f-number", PERSON)
    page.get_by_label("đồng ý cho tra").press("Space")
    page.press("#f-number", "Enter")
    page.wait_for_selector("text=Kho có 1 giấy tờ")  # Enter in the number's field looks up
    page.get_by_label("Dùng bản trong kho").check()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        sound(page, f"the counter with an offer at {width}")
    page.check("#p-2")
    page.press("#f-name", "Enter")
    page.wait_for_selector("text=Đã tiếp nhận")  # Enter in the name's field takes the dossier in
    settings.SITE_URL = "http://testserver"
    mine = signed_in().cookies["sessionid"].value
    looked_at, person = visit(), visit(script=False)
    for one in (looked_at, person):
        one.context.add_cookies([{"name": "sessionid", "value": mine, "url": one.url}])
    at_widths(looked_at, "/cua-toi/giay-to/", "the owner's papers")
    person.open("/cua-toi/giay-to/")
    assert "Giấy chứng nhận tập huấn nuôi ong, số 07/TH" in person.text() and "Đã dùng cho:" in person.text()
    person.page.click("details summary")
    person.page.get_by_role("button", name="Bỏ giấy tờ này").click()
    assert "Đã bỏ giấy tờ khỏi kho" in person.page.inner_text("body") and own_items(Owner("person", PERSON)) == []


def test_a_result_is_issued_in_the_browser_and_checked_by_a_stranger_without_script(visit: Any, counter: Client, tmp_path: Path) -> None:
    from tests.kinds.procedures.test_said_once import first_dossier

    case = first_dossier(counter)
    officer = finished(counter, case)
    file = tmp_path / "ket-qua.pdf"
    file.write_bytes(pdf())
    desk = visit()
    desk.context.add_cookies([{"name": "sessionid", "value": officer.cookies["sessionid"].value, "url": desk.url}])
    at_widths(desk, f"/ban-lam-viec/ho-so/{case}/ket-qua/", "the result's page")
    desk.page.set_input_files("#f-file", str(file))
    desk.page.get_by_role("button", name="Phát hành kết quả điện tử").click()
    assert "đang có giá trị" in desk.text()
    at_widths(desk, f"/ban-lam-viec/ho-so/{case}/ket-qua/", "the page of an issued result")
    with scope(JOB):
        (result,) = issued.of_case(case)
    stranger = visit(width=320, script=False)
    stranger.open("/kiem-tra/")
    stranger.page.fill("#f-ma", issued.grouped(result.code))
    with stranger.page.expect_navigation():
        stranger.page.keyboard.press("Enter")
    assert "Giấy tờ có thật và đang có giá trị" in stranger.text()
    assert "Mận" not in stranger.page.content()
    stranger.page.set_input_files("#f-file", str(file))
    stranger.page.get_by_role("button", name="So tệp").click()
    assert "khác tệp đã cấp" in stranger.text(), "the unmarked draft is not what was issued"
    at_widths(visit(), f"/kiem-tra/{result.code}/", "the check page")
    assert issue(officer, case).status_code == 422
    assert sign_in("bantcd").get(f"/ban-lam-viec/ho-so/{case}/ket-qua/").status_code == 404
