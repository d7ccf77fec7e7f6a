"""What may happen to a case, and what may not: the kernel's decisions on a small kind of its own."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trongdan.kernel.case import SYSTEM, VIETNAM, Actor, CaseState, Command, Event, Post
from trongdan.kernel.decide import decide
from trongdan.kernel.duty import late_shares
from trongdan.kernel.errors import Refusal
from trongdan.kernel.folding import fold
from trongdan.kernel.kind import Kind
from trongdan.kernel.kindfile import load_kind
from trongdan.kernel.offers import allowed
from trongdan.law import load_law

KIND = """
id = "test.promise"
version = 1
name = "Cam kết"
noun = "cam kết"
owed_to = "người dân"
fields = [
  { id = "what", name = "Việc gì", type = "private", required = true },
  { id = "done_how", name = "Đã làm thế nào", type = "text" },
  { id = "remote", name = "Vùng xa", type = "bool" },
]
steps = [
  { id = "open", name = "Đang làm", plain = "Đang làm", holder = "assigned" },
  { id = "waiting", name = "Chờ", plain = "Chờ ông/bà", holder = "sender" },
  { id = "kept", name = "Đã làm", plain = "Đã làm", final = true, assessable = true, outcomes = { kept = "Giữ lời" } },
]
edges = [
  { id = "make", name = "Cam kết", from = "new", to = "open", by = ["head", "system"], event = "t:made", asks = ["what", "remote"] },
  { id = "ask", name = "Hỏi lại", from = "open", to = "waiting", by = ["assigned"], event = "t:asked" },
  { id = "tell", name = "Trả lời", from = "waiting", to = "open", by = ["sender"], event = "t:told" },
  { id = "keep", name = "Báo đã làm", from = "open", to = "kept", by = ["assigned"], event = "t:kept", asks = ["done_how"], paper = "proof", outcome = "kept", needs = [{ field = "done_how", message = "Hãy ghi đã làm thế nào.", basis = "Điều 1" }] },
]
clocks = [{ id = "do", name = "Làm", rule = "KN-03", starts = ["t:made"], stops = ["t:kept"], pauses = ["t:asked"], resumes = ["t:told"], variants = { remote = "remote" } }]
[chains]
proof = ["sign:head", "number:registry", "send:registry"]
"""
LAW = load_law()
AGENCY = "c04978"
SEALED = {"content": "0", "commitment": "0"}


def kind() -> Kind:
    return load_kind(tomllib.loads(KIND), "test.toml")


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=VIETNAM)


def post(role: str, name: str | None = None) -> Actor:
    p = Post(f"{AGENCY}/{name or role}", role, AGENCY)
    return Actor(person="p", posts=(p,), post=p)


OFFICER = post("officer", "officer/1")
SENDER = Actor(is_sender=True, door="portal")


class Played:
    """A case being played, with its trail."""

    def __init__(self) -> None:
        self.kind = kind()
        self.trail: list[Event] = []
        self.state: CaseState | None = None

    def do(self, action: str, actor: Actor, day: str, **data: object) -> CaseState:
        on = data.pop("on", None)
        command = Command("test.promise", "c" if self.state else None, action, data, agency=AGENCY,
                          on=date.fromisoformat(str(on)) if on else None, reason=data.pop("reason", None))  # fmt: skip
        decision = decide(self.kind, self.state, command, actor, at(day), LAW)
        for new in decision.events:
            self.trail.append(Event(new.tag, new.on, at(day), new.payload, len(self.trail), "test.promise", 1,
                                    actor.reference()))  # fmt: skip
        self.state = fold(self.kind, self.trail)
        return self.state


def opened() -> Played:
    played = Played()
    played.do("make", post("head"), "2026-08-03", what=SEALED)
    played.do("case.assign", post("head"), "2026-08-03", post=OFFICER.post.id)
    return played


def test_an_edge_with_a_paper_takes_effect_only_when_the_paper_is_numbered() -> None:
    played = opened()
    state = played.do("keep", OFFICER, "2026-08-10", done_how=SEALED)
    assert state.step == "open" and state.waiting_paper is not None and state.in_hand == "head"
    state = played.do("paper.sign", post("head"), "2026-08-11", paper="p1")
    assert state.step == "open" and state.in_hand == "registry"
    state = played.do("paper.number", post("registry"), "2026-08-12", paper="p1", number="12/BC")
    assert (state.step, state.outcome, state.closed_on) == ("kept", "kept", date(2026, 8, 12))
    assert state.clocks["do"].stopped_on == date(2026, 8, 12)


def test_a_returned_paper_goes_back_to_the_drafter_with_the_remark_and_is_drafted_again() -> None:
    played = opened()
    played.do("keep", OFFICER, "2026-08-10", done_how=SEALED)
    state = played.do("paper.return", post("head"), "2026-08-11", paper="p1", remark=SEALED)
    assert state.papers["p1"].waits == "redraft" and state.in_hand == "assigned"
    state = played.do("keep", OFFICER, "2026-08-12", done_how=SEALED, paper="p1")
    assert state.papers["p1"].waits == "sign" and state.papers["p1"].returned == 1


def test_only_the_stage_that_a_paper_waits_for_can_be_done() -> None:
    played = opened()
    played.do("keep", OFFICER, "2026-08-10", done_how=SEALED)
    with pytest.raises(Refusal, match="Ký ban hành") as caught:
        played.do("paper.number", post("registry"), "2026-08-11", paper="p1", number="1")
    assert caught.value.code == "paper.wrong_stage"


def test_a_missing_answer_is_refused_with_the_words_and_the_article_of_the_kind() -> None:
    played = opened()
    with pytest.raises(Refusal) as caught:
        played.do("keep", OFFICER, "2026-08-10")
    assert (caught.value.message, caught.value.citation) == ("Hãy ghi đã làm thế nào.", "Điều 1")


@pytest.mark.parametrize("actor", [post("officer", "officer/2"), post("registry"), SENDER, SYSTEM])
def test_nobody_but_the_assigned_officer_does_the_assigned_officers_work(actor: Actor) -> None:
    with pytest.raises(Refusal) as caught:
        opened().do("ask", actor, "2026-08-10")
    assert caught.value.code == "post.not_yours"


def test_a_person_shut_out_of_the_case_can_do_nothing_even_from_the_right_post() -> None:
    played = opened()
    excluded = Actor(person="p", posts=OFFICER.posts, post=OFFICER.post, excluded=frozenset({"denounced"}))
    with pytest.raises(Refusal) as caught:
        played.do("ask", excluded, "2026-08-10")
    assert caught.value.code == "conflict.excluded"
    assert not any(a.ok for a in allowed(played.kind, played.state, excluded, at("2026-08-10"), LAW))


def test_a_pause_moves_the_deadline_by_its_days_and_shows_what_is_left_meanwhile() -> None:
    played = opened()
    before = played.state.clocks["do"].due
    paused = played.do("ask", OFFICER, "2026-08-10").clocks["do"]
    assert paused.due is None and paused.days_left == 24 and paused.paused
    after = played.do("tell", SENDER, "2026-08-17").clocks["do"].due
    assert (before, after) == (date(2026, 9, 3), date(2026, 9, 9))


def test_the_sweeper_says_late_once_for_each_due_value_and_a_pause_is_nobodys_lateness() -> None:
    played = opened()
    state = played.do("clock.sweep", SYSTEM, "2026-09-04")
    assert state.clocks["do"].overdue_for == date(2026, 9, 3)
    assert len(played.trail) == 3
    played.do("clock.sweep", SYSTEM, "2026-09-05")
    assert len(played.trail) == 3
    assert [(s.holder, s.days) for s in late_shares(state, "do", date(2026, 9, 10))] == [("assigned", 7)]


def test_a_legal_date_other_than_today_needs_a_reason_and_never_lies_ahead() -> None:
    played = Played()
    with pytest.raises(Refusal) as caught:
        played.do("make", post("head"), "2026-08-03", what=SEALED, on="2026-08-01")
    assert caught.value.code == "on.reason"
    with pytest.raises(Refusal) as caught:
        played.do("make", post("head"), "2026-08-03", what=SEALED, on="2026-08-04")
    assert caught.value.code == "on.future"


def test_the_sender_alone_gives_the_verdict_and_only_on_a_result() -> None:
    played = opened()
    with pytest.raises(Refusal, match="Chưa có kết quả"):
        played.do("case.assess", SENDER, "2026-08-10", solved="no")
    played.do("keep", OFFICER, "2026-08-10", done_how=SEALED)
    played.do("paper.sign", post("head"), "2026-08-11", paper="p1")
    played.do("paper.number", post("registry"), "2026-08-12", paper="p1", number="12")
    with pytest.raises(Refusal, match="Chỉ người gửi"):
        played.do("case.assess", OFFICER, "2026-08-13", solved="yes")
    state = played.do("case.assess", SENDER, "2026-08-13", answered="yes", acted="partly", solved="no")
    assert state.assessments[0]["solved"] == "no" and state.step == "kept"


def test_free_text_that_was_not_sealed_never_reaches_an_event() -> None:
    with pytest.raises(Refusal) as caught:
        Played().do("make", post("head"), "2026-08-03", what="Nội dung để lộ")
    assert caught.value.code == "data.invalid"


def test_data_that_the_action_does_not_ask_for_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        Played().do("make", post("head"), "2026-08-03", what=SEALED, outcome="kept")
    assert caught.value.code == "data.unknown"


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["make", "ask", "tell", "keep", "case.assign", "paper.sign", "paper.number", "paper.send",
                         "paper.return", "clock.sweep", "case.assess", "case.note"]),
        st.sampled_from([post("head"), OFFICER, post("registry"), SENDER, SYSTEM]),
        st.integers(0, 9),
    ),
    max_size=25,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(MOVES)
def test_any_run_of_commands_keeps_the_invariants(moves: list[tuple[str, Actor, int]]) -> None:
    played, day = opened(), date(2026, 8, 3)
    data = {"keep": {"done_how": SEALED}, "case.assign": {"post": OFFICER.post.id}, "paper.return": {"remark": SEALED},
            "paper.number": {"number": "7"}, "case.assess": {"solved": "no"}, "case.note": {"note": SEALED}}  # fmt: skip
    for action, actor, days in moves:
        day += timedelta(days=days)
        extra = dict(data.get(action, {}))
        if action.startswith("paper."):
            extra["paper"] = "p1"
        try:
            state = played.do(action, actor, day.isoformat(), **extra)
        except Refusal:
            continue
        clock = state.clocks["do"]
        assert [e.seq for e in played.trail] == list(range(len(played.trail)))
        assert (state.closed_on is None) == (state.step != "kept")
        assert (clock.stopped_on is not None) == (state.step == "kept")
        assert clock.paused == (state.step == "waiting")
        assert clock.due is not None or clock.paused
        if clock.paused and clock.due is not None:  # paused only once the limit had run out: it stays what it was
            assert clock.pauses[-1][0] >= clock.due - timedelta(days=3)
        assert state == fold(played.kind, played.trail[3:], fold(played.kind, played.trail[:3]))
        assert sum(e.tag == "clock:overdue" for e in played.trail) <= len({c for c in [clock.overdue_for] if c}) + \
            sum(e.tag == "t:told" for e in played.trail)
