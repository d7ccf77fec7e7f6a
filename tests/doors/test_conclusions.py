"""What was concluded, on its pages: the head discloses, the unit explains, everybody reads; nothing of one person's matter."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from tests.doors.test_reception_pages import desk, text
from tests.kinds.reception.test_calendar import by
from tests.kinds.reception.test_disclosure import CANARY, at, bound_point, do, of_a_meeting, several
from trongdan.core.cases.trail import today
from trongdan.kinds.reception import disclosure

pytestmark = pytest.mark.django_db(transaction=True)
PAGE, PUBLIC = "/ban-lam-viec/tiep-cong-dan/ket-luan/", "/ket-luan/"


def test_the_page_refuses_a_decision_on_a_period_that_is_not_over_and_keeps_what_was_typed() -> None:
    chair, form = desk("chutich"), {"do": "release", "since": today().isoformat(), "until": today().isoformat(), "stage": "council",
                                    "decision_no": "99/QĐ-canary", "decision_on": today().isoformat()}  # fmt: skip
    page = chair.post(PAGE, {**form, "draft": str(uuid4())})
    assert page.status_code == 422 and "99/QĐ-canary" in text(page)
    assert chair.post(PAGE, {"do": "no", "since": "x", "draft": str(uuid4())}).status_code == 422
    last = (today() - timedelta(days=1)).isoformat()
    done = chair.post(PAGE, {**form, "since": last, "until": last, "draft": str(uuid4())})
    assert done.status_code == 302 and "99/QĐ-canary" in text(chair.get(done.url))
    assert "Ghi quyết định công khai" not in text(desk("tiepdan").get(PAGE))


def test_a_unit_explains_on_the_page_and_the_words_stand_beside_its_figure() -> None:
    several(2, today() + timedelta(days=9))
    day = today().isoformat()
    office = desk("vanphong")
    form = {"do": "explain", "since": day, "until": day, "words": "Gọi 0912345678 để biết"}
    assert "số điện thoại" in text(office.post(PAGE, {**form, "draft": str(uuid4())}))
    done = office.post(PAGE, {**form, "words": "Thiếu vật tư, tháng sau có", "draft": str(uuid4())})
    assert "Thiếu vật tư, tháng sau có" in text(office.get(done.url))
    assert "Thiếu vật tư, tháng sau có" in text(desk("chutichtinh").get(done.url))


def test_everybody_reads_points_of_public_meetings_and_nothing_of_one_person_s_reception() -> None:
    point, (_record, private) = of_a_meeting(), bound_point()
    do(point, "redate", "head", finish_on=(today() + timedelta(days=40)).isoformat(), moved_why=f"Chờ {CANARY}")
    do(point, "release_words", "office", public_task="Sửa cống đầu xóm", public_account="Chờ vật tư", public_checked=True)
    assert "Chưa có việc nào được công khai" in text(Client().get(PUBLIC))
    later = today() + timedelta(days=2)
    for stage in ("council", "public"):
        order = disclosure.Order(today(), today() + timedelta(days=1), stage, "15/QĐ-UBND", later)
        disclosure.release(order, by("head"), at(later))
    page = text(Client().get(PUBLIC))
    assert "Sửa cống đầu xóm" in page and "Chờ vật tư" in page and "số lần lùi: 1" in page
    assert "Canary" not in page and "Làm lại cống đầu xóm" not in page and str(private) not in page and str(point) not in page
    assert "15/QĐ-UBND" in page
    reader = Client()
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "What was concluded" in text(reader.get(PUBLIC))
    assert PUBLIC in text(Client().get("/doi-thoai/"))
