"""The portal in English in a real browser: it fits a phone and a desk, and the switch needs no script."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.core.cases.people import official
from tests.journeys.test_pages import sound
from trongdan.core.cases.perform import perform
from trongdan.kernel.case import Command
from trongdan.kinds.letters.intake import Letter, receive

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PAGES = ("/", "/gui-don/", "/gui-don/?giup=1", "/theo-doi/", "/thoi-han/?rule=KN-02&from=2026-08-28", "/khong-co/")


@pytest.fixture
def tracking() -> str:
    """The tracking page of a letter with an unsigned complaint in it: the longest that there is."""
    receipt = receive(Letter("Tôi khiếu nại quyết định thu hồi đất.", "c04978", "portal", {"name": "Bùi Thị Mận", "address": "xóm Mớ"}),
                      "k-english-1", "t")  # fmt: skip
    opened = perform(Command("letters.letter", str(receipt.case), "open_matter",
                             {"nature": "khieu_nai", "matter_kind": "letters.complaint.first"}), official("reception"))  # fmt: skip
    perform(Command("letters.complaint.first", str(opened.opened[0][0]), "mark_unsigned", {}), official("reception"))
    return f"/theo-doi/{receipt.reference}/{receipt.token}/"


@pytest.mark.parametrize("width", [320, 1280])
def test_every_english_page_passes_axe_and_fits_the_screen(visit: Any, tracking: str, width: int) -> None:
    person = visit(width=width)
    person.open("/").get_by_role("button", name="English").click()
    for path in (*PAGES, tracking):
        page = person.open(path)
        assert page.get_attribute("html", "lang") == "en", path
        page.eval_on_selector_all("details", "all => all.forEach(one => one.open = true)")
        sound(page, f"{path} in English at {width}")


def test_a_letter_is_sent_and_tracked_in_english_without_script(visit: Any) -> None:
    person = visit(width=320, script=False)
    page = person.open("/gui-don/")
    page.fill("#f-text", "The street lamp in our lane has been dark since May.")
    page.fill("#f-commune", "Atlantis")
    page.get_by_role("button", name="Xem gợi ý trước khi gửi").click()
    page.get_by_role("button", name="English").click()
    assert page.get_attribute("html", "lang") == "en"
    assert page.input_value("#f-text") == "The street lamp in our lane has been dark since May."
    page.fill("#f-commune", "Kim Boi")
    page.fill("#f-name", "Jane Roe")
    time.sleep(2.1)  # a form sent sooner is a robot's
    page.get_by_role("button", name="Send a letter", exact=True).click()
    assert "We have received your letter" in person.text()
    assert "Why this date?" in person.text()
    page.click(".td-receipt a")
    assert "Now with: citizen reception and letters desk, People’s Committee of Kim Bôi commune" in person.text()
    page.get_by_role("button", name="Tiếng Việt").click()
    assert "Người đang giữ" in person.text()
