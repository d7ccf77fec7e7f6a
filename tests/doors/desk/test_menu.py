"""Every page of the desk can be reached from its menu, and the menu shows a desk what is its own."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from trongdan.doors.desk.menu import AT_HAND, PARTS
from trongdan.doors.desk.urls import urlpatterns

pytestmark = pytest.mark.django_db(transaction=True)
# Pages without a place in the menu, each with the reason.
ELSEWHERE = {
    "login": "before there is a desk", "logout": "a button of its own", "second_factor": "beside the name of who is signed in",
    "switch_post": "a form of the morning page", "search": "the box in the head", "notices_read": "a button of the notices",
    "window_act": "a button of the window where numbers are called",
    "voter_record": "a button of the voters' list",
    "offline": "where the browser goes without a network; linked from the page of devices", "offline_worker": "a script",
    "look": "sent from the search page",
    "offline_state": "asked by a script", "offline_lend": "asked by a script", "offline_take": "asked by a script",
}  # fmt: skip


def get(username: str, address: str) -> str:
    desk = Client()
    desk.force_login(get_user_model().objects.get(username=username))
    answer = desk.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_page_of_the_desk_that_stands_by_itself_is_in_the_menu() -> None:
    alone = {str(p.name) for p in urlpatterns if "<" not in str(p.pattern)}
    listed = {page.url for page in AT_HAND} | {page.url for part in PARTS for page in part.pages}
    assert alone - listed - set(ELSEWHERE) == set()
    assert listed - alone == set()


def test_a_part_says_what_each_of_its_pages_is_for() -> None:
    for part in PARTS:
        pages = [page for page in part.pages if page.what]
        assert pages == list(part.pages)
    shown = get("tiepdan", reverse("desk:part", args=["theo-doi"]))
    assert "Sổ tiếp nhận, sổ theo dõi" in shown
    assert reverse("desk:registers") in shown


def test_the_menu_marks_where_one_is_and_shows_only_reception_its_intake() -> None:
    reception, head = get("tiepdan", reverse("desk:registers")), get("chutich", reverse("desk:home"))
    assert f'href="{reverse("desk:part", args=["theo-doi"])}" aria-current="page"' in reception
    assert reverse("desk:intake") in reception
    assert reverse("desk:intake") not in head


def test_a_part_that_is_not_there_is_not_found() -> None:
    desk = Client()
    desk.force_login(get_user_model().objects.get(username="tiepdan"))
    assert desk.get(reverse("desk:part", args=["khong-co"])).status_code == 404
