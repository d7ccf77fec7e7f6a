"""The desk's page of the national service portal: what came and waits, what is out of step; and the dossier's own line."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.core.links.test_portal import simulator
from tests.core.links.test_register import link
from tests.doors.desk.test_population import desk, text
from tests.kinds.procedures.test_national import FIRST, KNOWN, catalogue, come, opened, told
from tests.roles import worker
from trongdan.core.links import portal

__all__ = ["catalogue", "simulator"]
pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/ban-lam-viec/cong-quoc-gia/"


def test_the_counter_sees_what_waits_with_the_reason_and_no_name_and_what_has_not_arrived(simulator: str) -> None:
    now = timezone.now()
    come(simulator, now)
    shown = text(desk("quay").get(PAGE))
    assert "trong danh mục: nhập danh mục mới rồi hồ sơ tự vào" in shown
    assert FIRST.code not in shown
    assert FIRST.applicant["name"] not in shown
    assert not any(code in shown for code in KNOWN)
    told(now)
    line = f"{FIRST.code} : Mới nộp"
    assert line in text(desk("quay").get(PAGE))
    with worker():
        while portal.send_due(link(simulator), now + timedelta(seconds=1), 500)[0]:
            pass
    after = text(desk("quay").get(PAGE))
    assert line not in after
    assert "Mọi trạng thái đã tới nơi." in after


def test_a_dossier_says_its_national_code_and_what_the_portal_was_last_told(simulator: str) -> None:
    now = timezone.now()
    come(simulator, now)
    case = opened()[FIRST.code]
    page = f"/ban-lam-viec/ho-so/{case.id}/"
    assert f"mã {FIRST.code} : chưa báo trạng thái nào" in text(desk("motcua").get(page))
    told(now)
    assert f"mã {FIRST.code} : Mới nộp" in text(desk("motcua").get(page))
    assert "chưa tới nơi" in text(desk("motcua").get(page))


def test_another_centre_sees_nothing_of_it(simulator: str) -> None:
    come(simulator)
    answer: Any = text(desk("bantcd").get(PAGE))
    assert "Không có hồ sơ nào." in answer
