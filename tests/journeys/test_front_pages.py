"""The Front's own pages: a sample drawn, its call list, a call noted: pass axe and fit a phone, on which people are called."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.cases.test_after import answered
from tests.doors.desk.test_front import BASE, drawn, head_of_log  # noqa: F401  the fixture
from tests.journeys.test_pages import sound

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_the_sample_its_call_list_and_a_call_pass_axe_on_a_phone_and_on_a_desk(visit: Any, head_of_log: None) -> None:  # noqa: F811  fixture
    case = answered("front-1")
    answered("front-2", "Đề nghị sửa đèn đường.")
    sample = drawn()
    front = visit("mattran")
    for width in (320, 768, 1280):
        front.page.set_viewport_size({"width": width, "height": 900})
        for path in (BASE, f"{BASE}don-da-chuyen/", f"{BASE}{sample}/", f"{BASE}{sample}/{case}/"):
            sound(front.open(path), f"{path} at {width}")
