"""The desk's page of the population register: an answer of yes or no, a report, and no value of anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.core.links.standin import standing_in
from trongdan.core.links.simulator import Simulator, person_of

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = "025081000123"
PERSON = person_of(1, NUMBER) or {}
PAGE = "/ban-lam-viec/dan-cu/"


@pytest.fixture
def register(settings: Any) -> Iterator[Simulator]:
    with standing_in(seed=1) as made:
        settings.REGISTER_URL = made.url
        yield made


def desk(login: str) -> Client:
    found = Client()
    found.force_login(User.objects.get(username=login))
    return found


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def form(**more: str) -> dict[str, str]:
    return {"about": "G01-1", "purpose": "receive", "number": NUMBER, "name": PERSON["name"], **more}


def test_what_a_person_said_is_right_or_different_by_the_name_of_the_field(register: Simulator) -> None:
    clerk = desk("quay")
    assert "Đúng với dữ liệu dân cư" in text(clerk.post(PAGE, form()))
    other = clerk.post(PAGE, form(name="Người Khác", residence="ở đâu đó"))
    assert "Khác với dữ liệu dân cư: họ và tên, nơi cư trú." in text(other)
    assert PERSON["name"] not in other.content.decode()


def test_a_bad_number_a_missing_code_and_a_post_without_the_right_are_refused_with_what_was_typed_still_there(register: Simulator) -> None:
    bad = desk("quay").post(PAGE, form(number="12"))
    assert bad.status_code == 422
    assert "12 chữ số" in text(bad)
    assert PERSON["name"] in bad.content.decode()
    assert "Hãy ghi mã hồ sơ" in text(desk("quay").post(PAGE, form(about=" ")))
    assert "không được tra cứu dân cư" in text(desk("vanphong").post(PAGE, form()))
    assert register.calls == {}, "nothing of this went out"


def test_without_the_register_the_work_goes_on_and_the_page_says_what_waits(settings: Any) -> None:
    settings.REGISTER_URL = ""
    clerk = desk("quay")
    said = text(clerk.post(PAGE, form()))
    assert "Cứ làm tiếp theo giấy tờ" in said
    assert "G01-1 : chờ từ" in said
    assert "G01-1" not in text(desk("quaytinh").get(PAGE)), "another centre sees nothing of it"
