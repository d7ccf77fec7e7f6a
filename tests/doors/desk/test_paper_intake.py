"""A letter on paper: recorded by the clerk, its receipt printed by the same sign-in and by nobody later."""

from __future__ import annotations

import io
import re
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pypdf import PdfReader

pytestmark = pytest.mark.django_db(transaction=True)


def at(login: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=login))
    return client


def record(clerk: Client) -> str:
    data = {"text": "Cống tắc.", "commune": "Kim Bôi", "name": "Bùi Thị Mận", "channel": "post", "draft": str(uuid4())}
    answer = clerk.post("/ban-lam-viec/nhap-don/", data)
    assert answer.status_code == 302
    return str(answer["Location"])


def test_the_clerk_who_recorded_it_prints_the_receipt_and_its_secret_opens_the_letter() -> None:
    clerk = at("tiepdan")
    page = record(clerk)
    assert "In giấy xác nhận" in clerk.get(page).content.decode()
    words = "".join(p.extract_text() for p in PdfReader(io.BytesIO(clerk.get(page + "giay-xac-nhan.pdf").content)).pages)
    shown = re.search(r"\b([0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3})\b", words)
    secret = re.search(r"giữ kín\):\s*(\S+)", words)
    assert shown
    assert secret
    opened = Client().post("/theo-doi/", {"reference": shown[1], "token": secret[1]})
    assert opened.status_code == 302


def test_another_sign_in_of_the_same_post_can_not_print_it() -> None:
    page = record(at("tiepdan"))
    other = at("tiepdan")
    assert "In giấy xác nhận" not in other.get(page).content.decode()
    assert other.get(page + "giay-xac-nhan.pdf").status_code == 404


def test_only_the_reception_is_offered_and_may_record_letters() -> None:
    desk = at("chutich")
    assert "Nhận đơn giấy" not in desk.get("/ban-lam-viec/").content.decode()
    refused = desk.post("/ban-lam-viec/nhap-don/", {"text": "x", "commune": "Kim Bôi", "draft": str(uuid4())})
    assert refused.status_code == 422
