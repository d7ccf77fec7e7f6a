"""Who signs an answer sees first how it stands to the letter; nothing is blocked by it."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.core.cases.people import official, open_petition, send
from trongdan.core.cases.perform import perform
from trongdan.core.cases.registry import kinds
from trongdan.core.cases.scope import scope
from trongdan.core.cases.trail import load
from trongdan.core.papers.declaration import papers
from trongdan.core.papers.replies import earlier, reply_words
from trongdan.kernel.case import Command

pytestmark = pytest.mark.django_db(transaction=True)
AGENCY = "c04978"
LETTER = "Đề nghị nạo vét cống đầu xóm. Đề nghị lắp nắp cống."
HOLLOW = ("Ủy ban nhân dân xã ghi nhận ý kiến của công dân về vấn đề nêu trong đơn và sẽ chỉ đạo bộ phận chuyên môn xem xét, giải quyết theo "
          "đúng quy định của pháp luật trong thời gian tới.")  # fmt: skip


def drafted(answer: str, text: str = LETTER, key: str = "look") -> UUID:
    case = open_petition(send(text, key)).opened[0][0]
    head, clerk = official("head", AGENCY), official("officer", AGENCY, f"{AGENCY}-kt/officer/1")
    perform(Command("letters.petition", str(case), "accept"), head)
    perform(Command("letters.petition", str(case), "case.assign", {"post": f"{AGENCY}-kt/officer/1"}), head)
    perform(Command("letters.petition", str(case), "answer", {"answer": answer, "result": "explained"}), clerk)
    for action, role in (("initial", "unit_head"), ("check", "office")):
        perform(Command("letters.petition", str(case), f"paper.{action}", {"paper": "p1"}), official(role, AGENCY))
    return case


def page(case: UUID) -> str:
    desk = Client()
    desk.force_login(get_user_model().objects.get(username="chutich"))
    return desk.get(f"/ban-lam-viec/ho-so/{case}/").content.decode()


def test_the_signer_reads_which_request_was_left_out_and_what_binds_nobody() -> None:
    shown = page(drafted(HOLLOW))
    for words in ("dự thảo có vẻ chưa trả lời", "Chưa thấy trả lời: “nạo vét cống đầu xóm”", "Không nêu ai chịu trách nhiệm",
                  "“sẽ chỉ đạo”", "không có gì bị chặn"):  # fmt: skip
        assert words in shown


def test_it_never_blocks_the_signature() -> None:
    case = drafted(HOLLOW)
    perform(Command("letters.petition", str(case), "paper.sign", {"paper": "p1", "how": "ink"}), official("head", AGENCY))
    with scope(official("head", AGENCY)):
        assert load([case])[case].state.papers["p1"].signed_by == f"{AGENCY}/head"
    assert "Máy góp ý" not in page(case), "signed: its words can't be changed any more"


def test_an_answer_copied_from_another_file_of_the_agency_names_that_file() -> None:
    first = drafted(HOLLOW, key="look-1")
    shown = page(drafted(HOLLOW, "Đề nghị sửa đèn đường ở ngã ba.", "look-2"))
    assert "lời văn trùng với một văn bản trả lời trước" in shown
    assert f"/ho-so/{first}/" in shown


def test_another_agency_reads_none_of_its_answers() -> None:
    case = drafted(HOLLOW)
    with scope(official("head", "c04981")):
        assert earlier(AGENCY, "letters.petition", UUID(int=1)) == []
    with scope(official("head", AGENCY)):
        assert [e.case for e in earlier(AGENCY, "letters.petition", UUID(int=1))] == [case]
        assert earlier(AGENCY, "letters.petition", case) == [], "its own words are no earlier answer"


def test_every_field_that_a_reply_names_is_a_field_of_each_kind_that_signs_it() -> None:
    replies = {form: set(p.reply) for form, p in papers().items() if p.reply}
    assert {"answer_letter", "first_decision", "second_decision"} <= set(replies)
    for kind in kinds().values():
        for form in set(kind.chains) & set(replies):
            assert {place.removesuffix("_vi") for place in replies[form]} <= set(kind.fields), (kind.id, form)


def test_a_day_that_a_paper_shows_as_people_write_it_is_read_so() -> None:
    assert "05/08/2026" in reply_words("voter_answer", {"answer": "Xong.", "promised_on": "2026-08-05"})
    assert reply_words("voter_answer", {"answer": "Xong."}) == "Xong."
    assert reply_words("letter_receipt", {"answer": "Xong."}) == ""
