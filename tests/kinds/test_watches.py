"""Signs that a limit is being played with (domain 22), on the real kinds: shown beside the case, they block nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.core.cases.people import SENDER, official
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.kernel.case import SYSTEM, VIETNAM, Actor, Command
from trongdan.kernel.duty import late_shares, watches
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.paperwork import paper_data
from trongdan.law import load_law

pytestmark = pytest.mark.django_db(transaction=True)


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=VIETNAM)


def letter(day: str, **facts: Any) -> UUID:
    command = Command("letters.letter", None, "receive", {"text": "Cống tắc.", "channel": "post", **facts}, agency="c04978")
    return perform(command, SENDER, str(uuid4()), now=at(day)).case


def do(case: UUID, action: str, actor: Actor, day: str, kind: str = "letters.letter", reason: str | None = None, **data: Any) -> Any:
    return perform(Command(kind, str(case), action, data, reason=reason), actor, now=at(day))


def signs(case: UUID) -> list[tuple[str, str]]:
    with scope(JOB):
        loaded = load([case])[case]
    return [(w.name, w.detail) for w in watches(loaded.kind, loaded.state, loaded.events, load_law().calendar)]


def petition() -> UUID:
    case = letter("2026-08-05")
    done = do(case, "open_matter", official("reception"), "2026-08-05", nature="kien_nghi", matter_kind="letters.petition")
    return done.opened[0][0]


def test_a_supplement_asked_on_the_last_day_and_one_asked_twice_are_signs() -> None:
    case, clerk = letter("2026-08-05"), official("reception")
    do(case, "ask_supplement", clerk, "2026-08-06", asked_for="Ảnh")
    do(case, "give_supplement", SENDER, "2026-08-06", supplement="Đây")
    assert signs(case) == []
    with scope(JOB):
        due = load([case])[case].state.clocks["handle"].due
    assert due is not None
    do(case, "ask_supplement", clerk, due.isoformat(), asked_for="Giấy tờ đất")
    assert {name for name, _detail in signs(case)} == {"Yêu cầu bổ sung vào ngày cuối", "Yêu cầu bổ sung nhiều lần"}


def test_a_receipt_later_than_the_postmark_is_a_sign_and_the_next_working_day_is_none() -> None:
    assert signs(letter("2026-08-05", postmark="2026-08-04")) == []
    assert signs(letter("2026-08-05", postmark="2026-07-20")) == [("Ghi nhận muộn hơn dấu bưu điện", "16 ngày sau dấu bưu điện")]


def test_a_matter_that_comes_back_to_who_sent_it_away_is_a_sign_at_once() -> None:
    case, kind = petition(), "letters.petition"
    do(case, "transfer", official("head"), "2026-08-06", kind, "Đường tỉnh", to_agency="so-xd")
    assert signs(case) == []
    do(case, "transfer", official("head", "so-xd"), "2026-08-07", kind, "Đường xã", to_agency="c04978")
    assert signs(case) == [("Chuyển qua chuyển lại", "c04978")]


def test_a_matter_is_not_transferred_to_where_it_already_is() -> None:
    with pytest.raises(Refusal, match="chính cơ quan này"):
        do(petition(), "transfer", official("head"), "2026-08-06", "letters.petition", "x", to_agency="c04978")


def test_late_days_are_charged_to_who_held_it_and_may_be_explained_by_them_but_not_taken_back() -> None:
    case = petition()
    do(case, "clock.sweep", SYSTEM, "2026-09-10", "letters.petition")
    do(case, "transfer", official("head"), "2026-09-10", "letters.petition", "Đường tỉnh", to_agency="so-xd")
    do(case, "clock.explain", official("head"), "2026-09-11", "letters.petition", clock="notify", explanation="Lũ cuốn đường")
    with pytest.raises(Refusal, match="không thuộc phạm vi"):
        do(case, "clock.explain", official("head", "so-yt"), "2026-09-11", "letters.petition", clock="notify", explanation="x")
    with scope(JOB):
        loaded = load([case])[case]
    shares = late_shares(loaded.state, "notify", at("2026-09-14").date())
    assert [(s.agency, s.holder) for s in shares] == [("c04978", "head"), ("so-xd", "head")]
    assert shares[1].days == 5
    tags = [e.tag for e in loaded.events]
    assert tags.count("clock:overdue") == 1
    assert "clock:explained" in tags


def slip(case: UUID, to: str, day: str, agency: str = "c04978") -> None:
    """A transfer through its whole chain."""
    do(case, "transfer", official("reception", agency), day, nature="phan_anh", to_agency=to)
    with scope(JOB):
        paper = list(load([case])[case].state.papers)[-1]
    for role, stage in (("reception", "initial"), ("office", "check"), ("head", "sign"), ("registry", "number"), ("registry", "send")):
        more = {"number": f"1/{day}"} if stage == "number" else {}
        do(case, f"paper.{stage}", official(role, agency), day, paper=paper, **more)


def test_a_transferred_letter_arrives_at_the_other_agencys_reception_with_a_limit_of_its_own_and_the_same_reference() -> None:
    case = letter("2026-08-05")
    do(case, "transfer", official("reception"), "2026-08-10", nature="phan_anh", to_agency="so-xd")
    for role, stage in (("reception", "initial"), ("office", "check"), ("head", "sign"), ("registry", "number")):
        do(case, f"paper.{stage}", official(role), "2026-08-10", paper="p1", **({"number": "1/PC"} if stage == "number" else {}))
    with scope(JOB):
        before = load([case])[case].state
    assert (before.agency, before.in_hand) == ("c04978", "registry"), "until it is sent, the sending agency has it in hand"
    with pytest.raises(Refusal, match="không ở bước có thể trả lại"):
        do(case, "paper.return", official("registry"), "2026-08-10", paper="p1", remark="x")
    do(case, "paper.send", official("registry"), "2026-08-11", paper="p1")
    with scope(JOB):
        loaded = load([case])[case]
    state, clock = loaded.state, loaded.state.clocks["handle"]
    assert (state.agency, state.step, state.in_hand) == ("so-xd", "received", "reception")
    assert (clock.started_on.isoformat(), clock.stopped_on) == ("2026-08-11", None)
    assert state.papers["p1"].dated == at("2026-08-10").date()
    with scope(official("reception", "so-xd")):
        assert case in load([case])
    with scope(official("officer", "so-xd", "so-xd-p1/officer/1")):
        assert case not in load([case]), "until it is classified there, its reception alone sees it"
    with scope(JOB):
        _form, words = paper_data(loaded, "p1")
    assert "Kim Bôi" in words["agency"], "the slip keeps the letterhead of who sent it"
    done = do(case, "open_matter", official("reception", "so-xd"), "2026-08-12", nature="phan_anh", matter_kind="letters.petition")
    assert done.opened[0][1] == f"{loaded.reference}/1"


def test_a_letter_sent_to_and_fro_is_a_sign_and_the_earlier_lateness_stays_in_the_trail() -> None:
    case = letter("2026-08-05")
    do(case, "clock.sweep", SYSTEM, "2026-08-20")
    slip(case, "so-xd", "2026-08-21")
    assert signs(case) == []
    slip(case, "c04978", "2026-08-24", "so-xd")
    assert signs(case) == [("Chuyển qua chuyển lại", "c04978")]
    with scope(JOB):
        late = [e.payload for e in load([case])[case].events if e.tag == "clock:overdue"]
    assert [(p["charged"], p["by"]) for p in late] == [("c04978", "reception")]
