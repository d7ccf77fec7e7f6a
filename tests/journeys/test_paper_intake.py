"""A clerk takes in a letter on paper in under a minute: every key that is pressed is counted."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SUMMARY = "Cống đầu xóm Mớ tắc, nước vào ba nhà. Đề nghị nạo vét trước mùa mưa."
NAME, ADDRESS, PHONE = "Bùi Thị Mận", "xóm Mớ", "0912345678"
# Telex: a mark or a tone is one key more; one letter in three of Vietnamese carries one. A practised hand: 5 keys a second.
KEYS_A_SECOND = 5.0


class Hand:
    """Types as a person does, and counts."""

    def __init__(self, page: Any) -> None:
        self.page, self.moves, self.letters = page, 0, 0

    def key(self, name: str) -> None:
        self.moves += 1
        self.page.keyboard.press(name)

    def type(self, words: str) -> None:
        self.letters += sum(1 if c.isascii() else 2 for c in words)
        self.page.keyboard.insert_text(words)


def test_a_letter_on_paper_is_taken_in_with_six_keys_besides_its_words_and_in_under_a_minute(visit: Any) -> None:
    clerk = visit("tiepdan")
    hand = Hand(clerk.open("/ban-lam-viec/nhap-don/"))
    assert hand.page.evaluate("document.activeElement.id") == "f-text", "ready to type at once"
    hand.type(SUMMARY)
    for words in (NAME, ADDRESS, PHONE):
        hand.key("Tab")
        hand.type(words)
    hand.key("Tab")
    hand.key("Space")  # signed
    with hand.page.expect_navigation():
        hand.key("Enter")
    assert "In giấy xác nhận" in clerk.text()
    assert NAME in clerk.text()
    assert hand.moves == 6
    assert (hand.moves + hand.letters) / KEYS_A_SECOND < 40, "twenty seconds are left to take up the sheet and print"


def test_the_receipt_is_printed_by_keyboard_too_and_the_place_is_the_clerks_own(visit: Any) -> None:
    clerk = visit("tiepdan")
    page = clerk.open("/ban-lam-viec/nhap-don/")
    assert "kim bôi" in page.input_value("#f-commune").lower()
    page.keyboard.insert_text(SUMMARY)
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    link = page.get_by_role("link", name="In giấy xác nhận").first
    link.focus()
    assert link.evaluate("e => e === document.activeElement")
