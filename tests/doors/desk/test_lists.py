"""The desk's lists: narrowed, paged to the end without a gap, and calm with a broken address."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.core.cases.people import open_petition, send
from trongdan.core.cases import selectors

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username="tiepdan"))
    return client


def shown(desk: Client, path: str) -> list[str]:
    return re.findall(r"/ban-lam-viec/ho-so/([0-9a-f-]{36})/\">", desk.get(path).content.decode())


@pytest.mark.parametrize("path", ["/ban-lam-viec/", "/ban-lam-viec/ho-so/"])
def test_pages_follow_one_another_to_the_end_without_gap_or_double(
    desk: Client, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selectors, "PAGE", 3)
    monkeypatch.setattr(selectors.in_hand, "__defaults__", (None, 3, None))
    monkeypatch.setattr(selectors.of_agency, "__defaults__", ("open", 3, None, selectors.Filter()))
    sent = {str(send(f"đơn {n}").case) for n in range(8)}
    seen: list[str] = []
    here: str | None = path
    while here:
        page = desk.get(here).content.decode()
        seen += shown(desk, here)
        following = re.search(r'href="\?([^"]+)" rel="next"', page)
        here = f"{path}?{following[1].replace('&amp;', '&').partition('#')[0]}" if following else None
    assert sorted(seen) == sorted(sent)


def test_a_list_is_narrowed_by_kind_topic_and_holder(desk: Client) -> None:
    letter = send("đơn còn lại")
    matter = open_petition(send("Cống tắc.")).opened[0][0]
    assert shown(desk, "/ban-lam-viec/ho-so/?loai=letters.petition") == [str(matter)]
    assert shown(desk, "/ban-lam-viec/ho-so/?linh-vuc=giao+th%C3%B4ng") == [str(matter)]
    assert shown(desk, "/ban-lam-viec/ho-so/?giu=reception") == [str(letter.case)]
    assert shown(desk, "/ban-lam-viec/ho-so/?loai=letters.complaint.first") == []


@pytest.mark.parametrize("query", ["sau=x", "sau=_x", "sau=2026-99-99_0", "loai=%00", "loc='", "viec=boss", "sau=" + "9" * 4000])
def test_a_broken_address_is_the_first_page(desk: Client, query: str) -> None:
    assert desk.get(f"/ban-lam-viec/ho-so/?{query}").status_code == 200
    assert desk.get(f"/ban-lam-viec/?{query}").status_code == 200
