"""The counter loses its network while somebody stands there: what was typed stays on the page and goes once when the line is back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.journeys.test_pages import sound
from tests.kinds.procedures.rows import row
from tests.kinds.procedures.test_bad_days import picture
from tests.kinds.procedures.test_catalogue import bring
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.papers import files

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def dossiers() -> list[Any]:
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM td_case WHERE kind = 'procedures.dossier'")
        return [r[0] for r in cursor.fetchall()]


@pytest.fixture
def form(visit: Any, tmp_path: Path) -> Any:
    bring(row(documents="Tên giấy tờMẫu đơn, tờ khaiSố lượngĐơn đề nghị1 bản chính"), on=date(2026, 1, 1))
    (tmp_path / "quet.png").write_bytes(picture())
    clerk = visit("motcua")
    page = clerk.open("/ban-lam-viec/mot-cua/?ma=1.900001")
    page.fill("#f-name", "Bùi Thị Mận")
    page.check("#p-1")
    page.locator("details.td-act summary", has_text="Bản quét").click()
    page.set_input_files("#f-files", str(tmp_path / "quet.png"))
    return clerk


def test_what_was_typed_stays_on_the_page_and_is_sent_once_when_the_line_is_back(form: Any) -> None:
    page = form.page
    form.context.set_offline(True)
    page.get_by_role("button", name="Tiếp nhận, in giấy hẹn").click()
    page.wait_for_selector("#no-line:not([hidden])")
    assert page.input_value("#f-name") == "Bùi Thị Mận" and "Mất mạng từ" in form.text()
    sound(page, "the counter without a line")
    page.fill("#f-phone", "0900000001")
    assert dossiers() == []
    form.context.set_offline(False)
    page.wait_for_selector("text=Đã tiếp nhận", timeout=30_000)
    (case,) = dossiers()
    with scope(JOB):
        assert [f["name"] for f in files.listed(case)] == ["quet.png"]
    assert "xong=" in page.url, "the page can be loaded again without sending again"


def test_a_server_that_took_it_in_and_whose_answer_was_lost_is_not_asked_to_take_it_in_again(form: Any) -> None:
    page, lost = form.page, list[int]()
    page.set_input_files("#f-files", [])

    def cut(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    page.route("**/mot-cua/", cut)
    page.get_by_role("button", name="Tiếp nhận, in giấy hẹn").click()
    page.wait_for_selector("text=Đã tiếp nhận", timeout=30_000)
    assert lost == [302] and len(dossiers()) == 1


def test_a_mistake_comes_back_with_what_was_typed_as_it_does_without_script(form: Any) -> None:
    form.page.fill("#f-name", " ")
    form.page.get_by_role("button", name="Tiếp nhận, in giấy hẹn").click()
    form.page.wait_for_selector(".govuk-error-summary >> text=họ tên")
    assert "quet.png" in form.page.content() and dossiers() == []
    form.page.fill("#f-name", "Bùi Thị Mận")
    form.page.get_by_role("button", name="Tiếp nhận, in giấy hẹn").click()
    form.page.wait_for_selector("text=Đã tiếp nhận")
    assert len(dossiers()) == 1


def test_the_form_of_linked_procedures_passes_axe_on_a_phone_and_on_a_desk(visit: Any) -> None:
    from tests.kinds.procedures.rows import HEAD
    from tests.kinds.procedures.test_linked import BIRTH, CARD, HOME

    bring(row(BIRTH, "Đăng ký khai sinh cho bé", documents=HEAD + "Giấy chứng sinh của cơ sở y tế1 bản chính"),
          row(HOME, "Đăng ký thường trú cho bé", documents=HEAD + "Tờ khai thay đổi thông tin cư trú1 bản chính"),
          row(CARD, "Cấp thẻ bảo hiểm y tế cho bé", documents=HEAD + "Giấy chứng sinh của cơ sở y tế1 bản chính"), on=date(2026, 1, 1))  # fmt: skip
    clerk = visit("motcua")
    for width in (320, 768, 1280):
        clerk.page.set_viewport_size({"width": width, "height": 900})
        page = clerk.open(f"/ban-lam-viec/mot-cua/?ma={BIRTH}")
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        sound(page, f"the counter with linked procedures at {width}")
        assert "Đăng ký thường trú cho bé" in clerk.text()
