"""Beside a new letter stands what the law says of it; it advises and decides nothing."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.core.cases.people import official, send
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.doors.desk.advice import advice_for
from trongdan.kernel.case import Command

pytestmark = pytest.mark.django_db(transaction=True)
COMPLAINT = "Tôi khiếu nại quyết định thu hồi đất của Chủ tịch UBND xã vì đo thiếu diện tích, đề nghị xem xét lại quyết định."


def page(case: object) -> str:
    desk = Client()
    desk.force_login(get_user_model().objects.get(username="tiepdan"))
    return desk.get(f"/ban-lam-viec/ho-so/{case}/").content.decode()


def test_the_settler_the_paper_and_the_checklist_stand_beside_the_letter_with_their_articles() -> None:
    shown = page(send(COMPLAINT).case)
    for words in ("Chủ tịch UBND cấp xã", "Luật Khiếu nại Đ27", "Luật Khiếu nại Đ11 k5", "Đúng, mở việc (y)"):
        assert words in shown


def test_what_the_record_knows_is_answered_and_the_rest_is_left_to_a_person() -> None:
    letter = send(COMPLAINT, signed=True)
    with scope(JOB):
        loaded = load([letter.case])[letter.case]
        advice = advice_for(loaded, COMPLAINT, {"name": "Bùi Thị Mận", "address": "xóm Mớ"})
    assert advice is not None
    answers = {line.item.id: line.good for line in advice.lines}
    assert (answers["signed"], answers["name"], answers["address"], answers["unsigned"]) == (True, True, True, True)
    assert answers["second_decision"] is None
    assert answers["incapable"] is None


def test_a_letter_that_was_classified_shows_no_suggestion_any_more() -> None:
    letter = send(COMPLAINT)
    data = {"nature": "khieu_nai", "matter_kind": "letters.complaint.first", "topic": "đất đai"}
    perform(Command("letters.letter", str(letter.case), "open_matter", data), official("reception"))
    assert "Máy đọc sơ bộ" not in page(letter.case)
