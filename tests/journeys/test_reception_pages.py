"""The pages of receptions: pass axe, fit a phone, work without script; the portal's in Vietnamese, the desk's for officials."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from tests.core.cases.people import official
from tests.core.cases.test_talks import complained, raised
from tests.journeys.test_pages import sound
from tests.kinds.reception.test_disclosure import published_point
from trongdan.core.cases.perform import perform
from trongdan.core.cases.trail import today
from trongdan.kernel.case import Command
from trongdan.kinds.reception import booking, services, table
from trongdan.kinds.reception.once import Doer

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def session() -> Any:
    """A posted reception day of the commune's chair with one place taken: (its id, the slip)."""
    clerk = official("reception")
    plan = services.Plan("c04978/head", services.soonest(today()), time(7, 30), time(11, 30), "Nơi tiếp công dân", topic="Nước sạch")
    made = services.plan(plan, Doer(clerk, "t", "plan"))
    services.post(made, Doer(clerk, "t", "post"))
    return made, booking.book(booking.Ask(made, "phone", {"name": "Bùi Thị Mận"}, wheelchair=True), Doer(clerk, "t", "book"))


@pytest.mark.parametrize("width", [320, 1280])
def test_every_public_page_of_a_reception_passes_axe_and_works_without_script(visit: Any, session: Any, width: int) -> None:
    made, slip = session
    person, plain = visit(width=width), visit(width=width, script=False)
    for path in ("/lich-tiep-cong-dan/", "/lich-tiep-cong-dan/c04978/", f"/lich-tiep-cong-dan/buoi/{made}/dang-ky/",
                 f"/lich-tiep-cong-dan/buoi/{made}/man-hinh/", f"/phieu-hen/{slip.id}/{slip.token}/"):  # fmt: skip
        sound(person.open(path), f"{path} at {width}")
        assert plain.open(path).locator("h1").count() == 1


@pytest.mark.parametrize("width", [320, 1280])
def test_every_desk_page_of_a_reception_passes_axe(visit: Any, session: Any, width: int) -> None:
    made, _slip = session
    clerk = visit("tiepdan", width=width)
    for path in ("/ban-lam-viec/tiep-cong-dan/", f"/ban-lam-viec/tiep-cong-dan/{made}/", "/ban-lam-viec/tiep-cong-dan/theo-doi/"):
        sound(clerk.open(path), f"{path} at {width}")


def test_the_page_of_conclusions_and_a_record_pass_axe_on_a_phone(visit: Any, session: Any) -> None:
    _made, slip = session
    record = table.begin(slip.id, Doer(official("reception"), "t", "begin"))
    clerk = visit("tiepdan", width=320)
    for path in ("/ban-lam-viec/tiep-cong-dan/ket-luan/", f"/ban-lam-viec/ho-so/{record.case}/"):
        sound(clerk.open(path), path)
    sound(visit(width=320).open(f"/theo-doi/{record.reference}/{record.token}/"), "the person's page")


def test_the_person_reads_the_record_and_signs_on_the_screen(visit: Any, session: Any) -> None:
    _made, slip = session
    clerk = official("reception")
    record = table.begin(slip.id, Doer(clerk, "t", "begin"))
    perform(Command("", str(record.case), "show", {"text": "Cống đầu xóm tắc, nước vào nhà.", "nature": "kien_nghi"}), clerk)
    one = visit("tiepdan")
    page = one.open(f"/ban-lam-viec/ho-so/{record.case}/")
    page.get_by_role("link", name="Mời người đến đọc và ký trên màn hình").click()
    page.wait_for_load_state()
    assert "Cống đầu xóm tắc" in one.text()
    assert page.locator("nav").count() == 0, "nothing of the desk is on the page that is turned to the person"
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        sound(page, f"the page to sign at {width}")
    page.get_by_role("button", name="Đúng lời tôi, tôi ký").click()
    page.wait_for_load_state()
    assert "Chưa có chữ ký" in one.text()
    frame = page.locator("[data-sign]").bounding_box()
    page.mouse.move(frame["x"] + 40, frame["y"] + 80)
    page.mouse.down()
    for step in range(1, 20):
        page.mouse.move(frame["x"] + 40 + 12 * step, frame["y"] + 80 + (30 if step % 2 else -30))
    page.mouse.up()
    page.get_by_role("button", name="Đúng lời tôi, tôi ký").click()
    page.wait_for_load_state()
    assert "Ông/bà đã ký bản ghi" in one.text()
    sound(page, "signed")
    page.get_by_role("link", name="Trả máy cho cán bộ").click()
    page.wait_for_load_state()
    assert "chu-ky-tren-man-hinh.png" in one.text()
    person = visit(script=False).open(f"/theo-doi/{record.reference}/{record.token}/")
    assert "đọc và ký bản ghi trên màn hình" in person.inner_text("main")


def test_the_pages_of_what_was_concluded_pass_axe_and_fit_a_phone(visit: Any) -> None:
    """With a point of a public meeting and figures, disclosed."""
    published_point()
    person, chair = visit(), visit("chutich")
    for width in (320, 1280):
        for one in (person, chair):
            one.page.set_viewport_size({"width": width, "height": 900})
        sound(person.open("/ket-luan/"), f"what was concluded at {width}")
        sound(chair.open("/ban-lam-viec/tiep-cong-dan/ket-luan/"), f"the desk's page at {width}")


def test_the_record_of_a_complaint_s_dialogue_passes_axe_on_a_phone_and_on_a_desk(visit: Any) -> None:
    _letter, case = complained()
    raised(case)
    chair = visit("chutich")
    for width in (320, 1280):
        chair.page.set_viewport_size({"width": width, "height": 900})
        sound(chair.open(f"/ban-lam-viec/ho-so/{case}/doi-thoai/"), f"the record of a dialogue at {width}")
