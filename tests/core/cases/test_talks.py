"""One record of what is said at a dialogue: in a complaint as at a conference; minutes made of it, and gone with the file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.core.cases.people import AGENCY, official, send
from tests.doors.desk.test_dialogues import do, in_session, question, signed
from tests.doors.test_reception_pages import desk, text
from tests.roles import worker
from tests.stories.test_a_complaint_to_the_end import FIRST, act, state, through
from trongdan.core.cases import talks
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load, today
from trongdan.core.papers.erase import Erasable, erase
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal
from trongdan.kernel.journal import commit
from trongdan.kinds.dialogue import selectors
from trongdan.kinds.letters.intake import token_of

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = official("head")
SAID = "Đất nhà tôi đo thiếu 40 m2, canary-ý-kiến"


def complained() -> tuple[Any, str]:
    """(letter, first complaint) whose parties are invited to a dialogue."""
    letter = send("Tôi khiếu nại quyết định bồi thường.", signed=True)
    done = act("letters.letter", letter.case, "open_matter", official("reception"), nature="khieu_nai", matter_kind=FIRST)
    case = str(done.opened[0][0])
    act(FIRST, case, "accept", official("reception"), accepted_content="Diện tích.")
    through(FIRST, case)
    act(FIRST, case, "order_verification", HEAD, verifier="c04978-vhxh/verifier")
    through(FIRST, case)
    act(FIRST, case, "report_verification", official("verifier", post="c04978-vhxh/verifier"), findings="Đúng hồ sơ.", differs=True)
    through(FIRST, case)
    act(FIRST, case, "invite_dialogue", HEAD, dialogue_on=(today() + timedelta(days=20)).isoformat(), dialogue_place="Trụ sở")
    through(FIRST, case)
    return letter, case


def raised(case: str, words: str = SAID, side: str = "Người khiếu nại") -> UUID:
    key = uuid4()
    with scope(HEAD):
        talks.take_down(load([UUID(case)])[UUID(case)], HEAD, key, words, "floor", side)
    return key


def minuted(case: str, **facts: Any) -> None:
    with scope(HEAD):
        talks.minutes(load([UUID(case)])[UUID(case)], HEAD, {"attendance": "came", **facts}, "Thống nhất đo lại.")
    through(FIRST, case)


def test_the_minutes_of_a_complaint_s_dialogue_are_made_of_what_each_side_said_with_a_commitment_to_each_answer(owner_db: Any) -> None:
    _letter, case = complained()
    one, other = raised(case), raised(case, "Đo theo bản đồ năm 2003", "Người bị khiếu nại")
    with scope(HEAD):
        loaded = load([UUID(case)])[UUID(case)]
        talks.note_answer(loaded, HEAD, one, "Đo lại có mặt hai bên", "now", "Chủ tịch")
        talks.hold(loaded, HEAD, other, "Nhắc lại ý đã có")
    minuted(case)
    fields = state(case).fields
    assert state(case).step == "reported" and fields["dialogue_held"] is True
    words, salt = owner_db.execute("SELECT body, (SELECT salt FROM td_dialogue_question WHERE id = %s) FROM td_content WHERE id = %s",
                                   [one, fields["dialogue_result"]["content"]]).fetchone()  # fmt: skip
    assert words == f"1. Người khiếu nại: {SAID}\nTrả lời: Chủ tịch: Đo lại có mặt hai bên\n\nThống nhất đo lại."
    assert fields["dialogue_answers"] == [commit(bytes(salt), f"{SAID}\nĐo lại có mặt hai bên").hex()]
    with scope(HEAD), pytest.raises(Refusal) as refused:
        talks.note_answer(load([UUID(case)])[UUID(case)], HEAD, one, "Đổi lời", "now", "")
    assert refused.value.code == "meeting.closed"


def test_only_who_leads_or_has_the_file_writes_and_nobody_outside_it_reads() -> None:
    letter, case = complained()
    raised(case)
    for role, agency in (("office", AGENCY), ("reception", AGENCY), ("head", "c04990")):
        who = official(role, agency)
        with scope(JOB):
            loaded = load([UUID(case)])[UUID(case)]
        with scope(who), pytest.raises(Refusal):
            talks.take_down(loaded, who, uuid4(), "Một ý kiến khác", "floor")
    with scope(official("head", "c04990")):
        assert talks.questions(UUID(case)) == []
    assert selectors.public_questions(UUID(case)) == []
    assert SAID not in text(Client().get(f"/theo-doi/{letter.reference}/{token_of(letter.case)}/"))


def test_the_page_takes_a_point_an_answer_and_makes_mau_14() -> None:
    _letter, case = complained()
    chair, page = desk("chutich"), f"/ban-lam-viec/ho-so/{case}/doi-thoai/"
    assert page in text(chair.get(f"/ban-lam-viec/ho-so/{case}/"))
    short = chair.post(page, {"do": "take", "words": "ừ", "side": "Người khiếu nại", "draft": str(uuid4())})
    assert short.status_code == 422
    assert chair.post(page, {"do": "take", "words": SAID, "side": "Người khiếu nại", "draft": str(uuid4())}).status_code == 302
    with scope(HEAD):
        (one,) = talks.questions(UUID(case))
    answer = {"do": "answer", "question": str(one.id), "answer": "Đo lại", "how": "now", "by": "Chủ tịch", "draft": str(uuid4())}
    assert chair.post(page, answer).status_code == 302
    assert chair.post(page, {"do": "minutes", "more": "Thống nhất.", "draft": str(uuid4())}).status_code == 422, "attendance is asked"
    made = chair.post(page, {"do": "minutes", "attendance": "came", "more": "Thống nhất.", "draft": str(uuid4())})
    assert made.status_code == 302
    assert [p.form for p in state(case).papers.values() if p.open] == ["dialogue_minutes"]
    assert "Lập biên bản, trình ký" not in text(chair.get(page)), "while the minutes are being signed nothing is written"
    meeting = in_session()
    assert chair.get(f"/ban-lam-viec/ho-so/{meeting}/doi-thoai/").status_code == 404, "a conference has a page of its own"


def test_what_was_raised_goes_with_the_file_after_its_retention(owner_db: Any) -> None:
    case = in_session()
    asked = question(case, "Bao giờ nạo vét cống xóm Mớ?")
    with scope(official("office")):
        talks.note_answer(load([case])[case], official("office"), asked, "Tháng sau", "now", "")
        talks.minutes(load([case])[case], official("office"), {"attended": 40, "asked_count": 1, "answered_count": 1})
    paper = next(p.id for p in state(case).papers.values() if p.form == "meeting_minutes")
    do(case, "paper.sign", "head", paper=paper)
    signed(case, do(case, "report", results="Đã trả lời."))
    do(case, "publish", published_at=["media", "posted", "villages"])
    with worker():
        erase(Erasable(case, "x", "dialogue.conference", date(2020, 12, 31), unread=True), "12/QĐ-UBND")
    left = owner_db.execute("SELECT (SELECT count(*) FROM td_dialogue_question), (SELECT count(*) FROM td_dialogue_change) > 0")
    assert left.fetchone() == (0, True)


def test_a_meeting_with_signs_of_a_state_secret_leaves_every_public_page_at_once() -> None:
    case = in_session()
    question(case, "Bao giờ nạo vét cống xóm Mớ?")
    (shown,) = selectors.announced(AGENCY)
    assert len(selectors.public_questions(case)) == 1
    perform(Command("", str(case), "case.secret_flag", reason="Có số liệu quân sự"), official("office"))
    assert selectors.announced(AGENCY) == [] and selectors.meeting(shown.reference) is None
    assert selectors.public_questions(case) == []
    assert Client().get(f"/doi-thoai/{shown.reference}/").status_code == 404
    with scope(official("office")):
        assert talks.questions(case) == []
        with pytest.raises(Refusal):
            talks.take_down(load([case])[case], official("office"), uuid4(), "Một câu hỏi nữa", "floor")
