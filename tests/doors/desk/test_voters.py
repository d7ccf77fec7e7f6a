"""Kiến nghị cử tri: recorded for the deputies, answered with more than thanks, followed until those who asked confirm."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.core.cases.people import official
from trongdan.core.cases.once import Done
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.kernel.case import Actor, Command, Post
from trongdan.kernel.errors import Refusal
from trongdan.kinds.coordination.selectors import KIND

from .test_paper_intake import at

pytestmark = pytest.mark.django_db(transaction=True)
OFFICER = "c04978-kt/officer/1"


def form(**more: str) -> dict[str, str]:
    return {"text": "Đường liên xóm lầy lội, đề nghị làm lại.", "forwarded_by": "assembly", "deputy_group": "Đoàn ĐBQH tỉnh",
            "session": "Sau kỳ họp thứ nhất", "topic": "giao thông", "draft": str(uuid4()), **more}  # fmt: skip


def record(clerk: Client, **more: str) -> UUID:
    answer = clerk.post("/ban-lam-viec/kien-nghi-cu-tri/ghi/", form(**more))
    assert answer.status_code == 302, answer.content.decode()
    return UUID(str(answer["Location"]).rstrip("/").rsplit("/", 1)[-1])


def do(case: UUID, action: str, actor: Actor, **data: Any) -> Done:
    return perform(Command(KIND, str(case), action, data), actor)


def answered(case: UUID, **data: Any) -> None:
    """The answer through its chain, as the posts of the commune do it."""
    officer = official("officer", post=OFFICER)
    done = do(case, "answer", officer, answer="Xã làm lại 200 m đường.", **data)
    assert done.state
    paper = next(p for p in done.state.papers.values() if p.waits)
    for role, stage in (("unit_head", "initial"), ("office", "check"), ("head", "sign"), ("registry", "number")):
        perform(Command(KIND, str(case), f"paper.{stage}", {"paper": paper.id, **({"number": "7/CV"} if stage == "number" else {})}),
                official(role))  # fmt: skip


def at_work(clerk: Client, **more: str) -> UUID:
    case = record(clerk, **more)
    do(case, "accept", official("head"))
    do(case, "case.assign", official("head"), post=OFFICER)
    return case


def test_the_clerk_records_it_and_the_deputies_follow_it_with_their_own_secret() -> None:
    clerk = at("vanphong")
    page = clerk.post("/ban-lam-viec/kien-nghi-cu-tri/ghi/", form(), follow=True).content.decode()
    link = re.search(r"/theo-doi/[0-9A-Z]+/[^/\s]+/", page)
    assert link
    assert "kiến nghị cử tri" in Client().get(link[0]).content.decode()


def test_the_answer_is_due_sixty_days_after_the_assembly_sent_it_and_by_the_province_after_the_council_did() -> None:
    clerk = at("vanphong")
    with scope(JOB):
        for by, clock, due in (("assembly", "answer", True), ("council", "answer_council", False)):
            case = record(clerk, forwarded_by=by)
            state = load([case])[case].state
            assert set(state.clocks) == {clock}
            assert bool(state.clocks[clock].due) is due
            assert state.clocks[clock].no_limit is None or not due


def test_thanks_is_no_answer() -> None:
    case = at_work(at("vanphong"))
    officer = official("officer", post=OFFICER)
    wanted = {"result": "doing"}
    for lacking, value in (("measure", "Kế hoạch 12/KH-UBND"), ("responsible", "Phòng Kinh tế"), ("promised_on", "2099-01-05")):
        with pytest.raises(Refusal) as refused:
            do(case, "answer", officer, answer="Xã ghi nhận.", **wanted)
        assert refused.value.details["field"] == lacking
        wanted[lacking] = value
    do(case, "answer", officer, answer="Xã làm lại 200 m đường.", **wanted)


def test_answered_acted_checked_and_confirmed_are_four_facts_and_the_doer_does_not_check() -> None:
    case = at_work(at("vanphong"))
    answered(case, result="done", measure="Quyết định 30/QĐ-UBND", responsible="Phòng Kinh tế")
    officer, office = official("officer", post=OFFICER), official("office")
    steps = []
    for action, actor, data in (("act", officer, {"done_words": "Đã đổ bê tông.", "done_on": "2026-08-01"}),
                                ("verify", office, {"checked_words": "Đã đi xem."}),
                                ("confirm", Actor(is_sender=True, door="portal"), {})):  # fmt: skip
        if action == "verify":
            with pytest.raises(Refusal, match="thuộc về"):
                do(case, action, officer, **data)
        done = do(case, action, actor, **data)
        assert done.state
        steps.append(done.state.step)
    assert steps == ["acted", "verified", "confirmed"]


def test_what_was_only_explained_can_not_be_called_done() -> None:
    case = at_work(at("vanphong"))
    answered(case, result="explained", ground="Luật Đường bộ, Điều 28")
    with pytest.raises(Refusal, match="chỉ được giải trình"):
        do(case, "act", official("officer", post=OFFICER), done_words="…", done_on="2026-08-01")


def test_the_register_counts_by_group_session_and_agency_what_its_scope_sees() -> None:
    clerk = at("vanphong")
    for _ in range(2):
        record(clerk)
    record(clerk, deputy_group="Tổ đại biểu số 5", forwarded_by="council")
    page = clerk.get("/ban-lam-viec/kien-nghi-cu-tri/").content.decode()
    assert re.search(r"Đoàn ĐBQH tỉnh</a></th>\s*<td[^>]*>2</td><td[^>]*>2</td>", page)
    narrowed = clerk.get("/ban-lam-viec/kien-nghi-cu-tri/", {"theo": "ky", "doan": "Tổ đại biểu số 5"}).content.decode()
    assert re.search(r"Sau kỳ họp thứ nhất</a></th>\s*<td[^>]*>1</td>", narrowed)
    assert "UBND xã Kim Bôi" in clerk.get("/ban-lam-viec/kien-nghi-cu-tri/?theo=co-quan").content.decode()
    elsewhere = at("bantcd").get("/ban-lam-viec/kien-nghi-cu-tri/").content.decode()
    assert "Chưa có kiến nghị cử tri nào" in elsewhere


def test_whoever_keeps_no_register_is_refused_and_nothing_typed_is_lost() -> None:
    refused = at("chuyenvien").post("/ban-lam-viec/kien-nghi-cu-tri/ghi/", form())
    assert refused.status_code == 422
    assert "Đường liên xóm lầy lội" in refused.content.decode()
    bare = at("vanphong").post("/ban-lam-viec/kien-nghi-cu-tri/ghi/", form(session=""))
    assert bare.status_code == 422
    assert "Hãy ghi kỳ họp" in bare.content.decode()


def test_a_department_that_got_it_is_seen_by_who_sent_it_on() -> None:
    clerk = at("vanphong")
    case = record(clerk)
    perform(Command(KIND, str(case), "transfer", {"to_agency": "so-xd"}, reason="Thuộc đường tỉnh."), official("office"))
    post = Post("so-xd/office", "office", "so-xd")
    with scope(Actor(person=str(UUID(int=9)), posts=(post,), post=post)):
        assert load([case])[case].state.agency == "so-xd"
    assert "Sở Xây dựng" in clerk.get("/ban-lam-viec/kien-nghi-cu-tri/").content.decode()


def test_a_draft_answer_is_held_against_what_the_voters_asked_before_it_is_signed() -> None:
    case = at_work(at("vanphong"))
    do(case, "answer", official("officer", post=OFFICER), answer="Xã xin ghi nhận ý kiến và trân trọng cảm ơn cử tri.", result="explained",
       ground="Luật Đường bộ, Điều 28")  # fmt: skip
    page = at("chutich").get(f"/ban-lam-viec/ho-so/{case}/").content.decode()
    assert "Ghi nhận, cảm ơn thay cho trả lời" in page
