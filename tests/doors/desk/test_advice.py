"""Beside a new letter stands what the law says of it; it advises and decides nothing."""

from __future__ import annotations

import html
from dataclasses import replace
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pypdf import PdfReader

from tests.core.cases.people import official, send
from trongdan.core.cases.perform import perform
from trongdan.core.cases.registry import kinds
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.doors.desk.advice import advice_for
from trongdan.doors.desk.proposed import derived, fill_in, proposed
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


GUIDED = ("Tôi khiếu nại quyết định thu hồi đất số 12/QĐ-UBND của Chủ tịch UBND tỉnh vì bồi thường thiếu diện tích nhà tôi, đề nghị "
          "xem xét lại quyết định.")  # fmt: skip


def _text_of(pdf: bytes) -> str:
    return " ".join(" ".join(p.extract_text() for p in PdfReader(BytesIO(pdf)).pages).split())


def test_the_paper_the_law_asks_for_is_drafted_beside_the_letter_before_anything_is_done() -> None:
    desk = Client()
    desk.force_login(get_user_model().objects.get(username="tiepdan"))
    case = send(GUIDED).case
    shown = page(case)
    assert "Dự thảo đã soạn:" in shown
    assert 'id="lam-guide"' in shown
    with scope(JOB):
        loaded = load([case])[case]
        found = proposed(loaded, advice_for(loaded, GUIDED, {"name": "Bùi Thị Mận", "address": "xóm Mớ"}))
    assert found is not None
    assert (found.action, found.paper) == ("guide", "guidance")
    assert found.fields["guidance"] in html.unescape(shown)
    answer = desk.get(f"/ban-lam-viec/ho-so/{case}/van-ban/guidance.pdf")
    assert found.fields["guidance"] in _text_of(answer.content)
    assert desk.get(f"/ban-lam-viec/ho-so/{case}/van-ban/guidance.docx").status_code == 200
    with scope(JOB):
        assert load([case])[case].state.step == "received"


def test_an_accepted_complaint_has_its_notice_drafted_and_its_action_filled_in() -> None:
    letter = send(COMPLAINT, signed=True)
    with scope(JOB):
        loaded = load([letter.case])[letter.case]
        found = proposed(loaded, advice_for(loaded, COMPLAINT, {"name": "Bùi Thị Mận", "address": "xóm Mớ"}))
    assert found is not None
    assert (found.action, found.paper, found.fields["matter_kind"]) == ("open_matter", "acceptance_notice", "letters.complaint.first")
    assert "van-ban/acceptance_notice.pdf" in page(letter.case)


def test_a_letter_of_which_a_person_must_say_what_it_is_gets_no_draft() -> None:
    text = "Tôi có việc muốn trình bày với lãnh đạo xã, mong được gặp."
    case = send(text).case
    with scope(JOB):
        loaded = load([case])[case]
        advice = advice_for(loaded, text, {})
    assert advice is not None
    whole = replace(advice.reading.whole, decided=False)
    unsure = replace(advice, reading=replace(advice.reading, whole=whole))
    assert proposed(loaded, unsure) is None
    assert proposed(loaded, replace(advice, competence=None)) is None


def test_a_denunciation_is_never_opened_by_a_draft_outside_the_vault() -> None:
    text = "Tôi tố cáo ông Chủ tịch xã nhận hối lộ, lập khống chứng từ chi tiền hỗ trợ bão lũ, đề nghị xử lý nghiêm."
    case = send(text).case
    with scope(JOB):
        loaded = load([case])[case]
        advice = advice_for(loaded, text, {"name": "Bùi Thị Mận"})
    assert advice is not None and advice.competence is not None
    accepted = replace(advice.competence, nature="to_cao", does="thu_ly")
    assert proposed(loaded, replace(advice, competence=accepted)) is None
    passed_on = replace(advice.competence, nature="to_cao", does="chuyen")
    assert proposed(loaded, replace(advice, competence=passed_on, sealed=True)) is None


@pytest.mark.parametrize(("agency", "settler"), [("ubnd-tinh", "chair"), ("so-xd", "head"), ("c04981", None)])
def test_who_settles_a_second_complaint_follows_from_where_it_lies(agency: str, settler: str | None) -> None:
    second = SimpleNamespace(kind=kinds()["letters.complaint.second"], state=SimpleNamespace(agency=agency))
    found = derived(second)  # type: ignore[arg-type]
    assert (found.fields["settler"] if found else None) == settler
    forms = {"open": [{"action": "accept", "open": False, "fields": [{"id": "settler", "value": ""}]}], "more": []}
    fill_in(forms, found)
    assert forms["open"][0]["fields"][0]["value"] == (settler or "")  # type: ignore[index]
