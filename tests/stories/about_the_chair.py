"""A letter that names the chair of the commune it is addressed to, and the officials of that commune: for more than one story."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client

from tests.core.cases.people import until
from tests.roles import worker
from trongdan.core.cases.projector import fill_search
from trongdan.core.cases.scope import JOB, scope
from trongdan.doors.portal import robots

CANARY = "mười hai triệu đồng tiền chim bồ câu"
NAME = "Đinh Thị Bí Mật"
COMMUNE = ("tiepdan", "chutich", "phochutich", "vanphong", "vanthu", "truongphong", "chuyenvien", "xacminh")


def letter_about_the_chair(monkeypatch: pytest.MonkeyPatch) -> tuple[str, UUID]:
    """(reference, case) of a letter that names the chair of the commune it is addressed to."""
    monkeypatch.setattr(robots, "SOONEST", 0)
    robots._seen.clear()
    person = Client()
    data = {"text": f"Ông Bùi Văn Hiệu đã nhận {CANARY} của nhà tôi.", "commune": "Kim Bôi", "to": "commune", "do": "send",
            "name": NAME, "phone": "0987654321", "draft": str(uuid4()), "stamp": robots.new_stamp()}  # fmt: skip
    assert person.post("/gui-don/", data).status_code == 302
    assert "chuyển thẳng lên tỉnh" in person.get("/da-nhan/").content.decode()
    with worker():
        assert until(1, fill_search) == 1
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT reference, id FROM td_case ORDER BY opened_on DESC, id DESC LIMIT 1")
        reference, case = cursor.fetchone()
    return str(reference), case
