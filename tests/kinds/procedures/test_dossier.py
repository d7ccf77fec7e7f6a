"""A dossier from the counter to the person's hand: limits from reference data, the desks, one supplement, an apology owed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.core.cases.people import official, wait_until_readable
from tests.kinds.procedures.rows import row
from tests.kinds.procedures.test_catalogue import bring
from tests.roles import worker
from trongdan.core.cases import selectors as lists
from trongdan.core.cases.check import check
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.sweeper import sweep
from trongdan.core.cases.trail import Loaded, load, today
from trongdan.kernel.case import VIETNAM, Actor, Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.procedures import intake, jobs, processes
from trongdan.kinds.procedures.complete import asked_papers, lacking
from trongdan.kinds.procedures.processes import Desk, Process, published_limit
from trongdan.kinds.procedures.read_row import read_row
from trongdan.kinds.procedures.route import route, route_words
from trongdan.kinds.procedures.took import took
from trongdan.law import load_law

pytestmark = pytest.mark.django_db(transaction=True)
CODE, AGENCY = "1.900001", "c04978"
COUNTER = official("counter", post="c04978-hcc/counter")
START = date(2026, 8, 3)  # a Monday


def at(day: date) -> datetime:
    return datetime.combine(day, time(9), VIETNAM)


def take_in(actor: Actor = COUNTER, now: date = START, **more: Any) -> intake.Taken:
    about: dict[str, Any] = {"code": CODE, "agency": AGENCY, "channel": "counter", "applicant": {"name": "Bùi Thị Mận", "address": "xóm Mớ"},
                             "centre": "c04978", "papers": (1,)} | more  # fmt: skip
    return intake.receive(intake.Dossier(**about), str(uuid4()), "t", actor, at(now))


def read(case: UUID) -> Loaded:
    with scope(JOB):
        return load([case])[case]


def do(case: UUID, action: str, actor: Actor, day: date, **data: Any) -> Any:
    return perform(Command("", str(case), action, data), actor, now=at(day))


def clockwork(day: date) -> None:
    """The worker's turn on a day: the sweeper, then what follows from it."""
    with worker():
        sweep(at(day))
        wait_until_readable()
        while jobs.follow(at(day)):
            pass


def holder(case: UUID) -> Actor:
    post = str(read(case).state.assigned)
    return official(post.split("/")[1], post=post)


@pytest.fixture(autouse=True)
def catalogue() -> None:
    bring(row(note="Trường hợp xa thì 15 ngày"), row("1.900002", "Không ghi hạn", duration="", channels=[]), on=date(2026, 1, 1))


def test_the_day_on_the_slip_comes_from_the_catalogue_and_the_first_desk_from_the_derived_process() -> None:
    state = read(take_in().case).state
    assert state.clocks["settle"].due == date(2026, 8, 10), "five working days after Monday the third"
    assert state.fields["limit"] == "TTHC/1.900001/2026-01-01/5/working_day"
    assert state.assigned == "c04978-kt/officer/1"
    assert (state.fields["desk"], state.fields["desks"]) == (1, 4)
    assert state.clocks["desk"].due == date(2026, 8, 6), "24 of 40 hours: three working days"
    assert load_law().rule(state.clocks["settle"].rule).versions[0].value == 5, "the event alone says it"


def test_no_door_brings_its_own_limit() -> None:
    command = intake.command_of(intake.Dossier(CODE, AGENCY, "counter", {"name": "X"}))
    forged = Command(command.kind, None, "receive", {**command.data, "limit": "TTHC/1.900001/x/900/working_day", "desks": 1}, agency=AGENCY)
    state = read(perform(forged, COUNTER, now=at(START)).case).state
    assert "/5/" in str(state.fields["limit"])
    assert state.fields["desks"] == 4


def test_it_goes_from_desk_to_desk_and_each_turn_is_on_the_control_slip() -> None:
    case = take_in().case
    for day in (date(2026, 8, 5), date(2026, 8, 6), date(2026, 8, 10)):
        do(case, "pass_on", holder(case), day)
    with pytest.raises(Refusal) as last:
        do(case, "pass_on", holder(case), date(2026, 8, 10))
    assert last.value.code == "desk.last"
    do(case, "finish", holder(case), date(2026, 8, 10), result="granted", result_no="5/GP")
    loaded = read(case)
    assert (loaded.state.step, loaded.state.outcome, loaded.state.closed_on) == ("done", "granted", date(2026, 8, 10))
    legs = route(loaded)
    assert [leg.desk for leg in legs] == ["Xử lý hồ sơ", "Lãnh đạo phòng xem xét", "Lãnh đạo ký", "Đóng dấu, chuyển kết quả"]
    lines = route_words(loaded, date(2026, 8, 11))
    assert lines[0].endswith("sớm")
    assert lines[2].endswith("CHẬM"), "one working day was given from Thursday, it left on Monday"
    do(case, "deliver", COUNTER, date(2026, 8, 11), delivered_how="counter")
    with pytest.raises(Refusal, match="đã trả kết quả"):
        do(case, "deliver", COUNTER, date(2026, 8, 11), delivered_how="counter")
    assert read(case).state.closed_on == date(2026, 8, 10), "handing over is not the end of the time"
    assert list(check()) == []


def test_only_who_has_it_passes_it_on_and_a_step_back_says_why() -> None:
    case = take_in().case
    with pytest.raises(Refusal) as refusal:
        do(case, "pass_on", official("head"), START)
    assert refusal.value.code == "post.not_yours"
    with pytest.raises(Refusal) as first:
        do(case, "hand_back", holder(case), START, back_reason="x")
    assert first.value.code == "desk.first"
    do(case, "pass_on", holder(case), START)
    with pytest.raises(Refusal, match="vì sao"):
        do(case, "hand_back", holder(case), START)
    do(case, "hand_back", holder(case), START, back_reason="Thiếu chữ ký")
    assert read(case).state.assigned == "c04978-kt/officer/1"


def test_a_supplement_is_asked_once_and_the_wait_is_not_the_agencys_time() -> None:
    case = take_in().case
    officer = holder(case)
    do(case, "ask_supplement", officer, date(2026, 8, 4), asked_for="Bản đồ")
    assert read(case).state.step == "processing", "not before the slip is signed"
    do(case, "paper.sign", officer, date(2026, 8, 4), paper="p1")
    state = read(case).state
    assert (state.step, state.clocks["settle"].due) == ("supplementing", None)
    do(case, "give_supplement", Actor(is_sender=True), date(2026, 8, 11), supplement="Đây")
    assert read(case).state.clocks["settle"].due == date(2026, 8, 17), "five working days of waiting come on top"
    with pytest.raises(Refusal, match="một lần"):
        do(case, "ask_supplement", officer, date(2026, 8, 12), asked_for="Thêm nữa")


def test_a_dossier_is_handed_in_anywhere_and_followed_from_there() -> None:
    bring(row("1.900003", "Cấp phép của sở", level="Cấp tỉnh"), on=date(2026, 1, 1), partial=True)
    taken = take_in(code="1.900003", agency="so-nnmt", centre="c04978")
    state = read(taken.case).state
    assert (state.agency, state.assigned) == ("so-nnmt", "so-nnmt/officer/1")
    with scope(COUNTER):
        assert taken.case in load([taken.case]), "the centre that took it sees it"
    with scope(official("counter", agency="c04993", post="c04993-hcc/counter")):
        assert load([taken.case]) == {}, "no other centre does"
    do(taken.case, "finish", holder(taken.case), START, result="granted")
    do(taken.case, "deliver", COUNTER, START, delivered_how="counter")


def test_without_a_time_in_the_catalogue_the_agency_writes_its_process_first() -> None:
    with pytest.raises(Refusal) as refusal:
        take_in(code="1.900002")
    assert refusal.value.code == "procedure.no_limit"
    made = Process(0, "1.900002", AGENCY, (Desk("Xem", "c04978-kt/officer/1", 8), Desk("Ký", "c04978/head", 8)), days=3, decision="9/QĐ")
    processes.write(made, START, None, uuid4())
    state = read(take_in(code="1.900002").case).state
    assert state.clocks["settle"].due == date(2026, 8, 6)
    assert "QT" in str(state.fields["limit"])


@pytest.mark.parametrize(("change", "code"), [
    ({"desks": ()}, "process.desks"), ({"desks": (Desk("", "c04978/head", 8),)}, "process.name"),
    ({"desks": (Desk("Ký", "", 8),)}, "process.post"), ({"desks": (Desk("Ký", "so-xd/head", 8, "so-xd"),)}, "process.ends"), ({"desks": (Desk("Ký", "c04978/head", 0),)}, "process.hours"),
    ({"desks": (Desk("Ký", "c04978/head", 41),)}, "process.sum"), ({"days": 6}, "process.longer"), ({"decision": " "}, "process.decision"),
])  # fmt: skip
def test_a_process_that_does_not_hold_is_refused_and_says_where(change: dict[str, Any], code: str) -> None:
    good: dict[str, Any] = {"id": 0, "code": CODE, "agency": AGENCY, "desks": (Desk("Ký", "c04978/head", 8),), "days": 4, "decision": "1/QĐ"}
    published = published_limit(read_row(row()).as_body(), "counter")
    processes.check(Process(**good), published)
    with pytest.raises(Refusal) as refusal:
        processes.check(Process(**good | change), published)
    assert refusal.value.code == code
    assert refusal.value.details.get("field") or code == "process.decision"


def test_an_open_dossier_goes_on_by_the_process_and_the_catalogue_it_began_with() -> None:
    case = take_in().case
    made = Process(0, CODE, AGENCY, (Desk("Một bước", "c04978/head", 8),), days=1, decision="9/QĐ")
    processes.write(made, START, published_limit(read_row(row()).as_body(), "counter"), uuid4())
    bring(row("1.900002", "Không ghi hạn"), on=today())  # the procedure is repealed
    do(case, "pass_on", holder(case), date(2026, 8, 5))
    assert read(case).state.fields["desk_name"] == "Lãnh đạo phòng xem xét"
    with pytest.raises(Refusal) as refusal:
        take_in(now=today())
    assert refusal.value.code == "procedure.not_in_force"
    do(case, "finish", holder(case), date(2026, 8, 5), result="granted")


def test_late_is_owed_an_apology_drafted_before_the_day_and_late_itself_when_not_sent() -> None:
    case = take_in().case
    clockwork(date(2026, 8, 7))
    child = UUID(next(iter(read(case).state.children)))
    apology = read(child)
    assert (apology.kind.id, apology.state.step, apology.state.agency) == ("procedures.apology", "owed", AGENCY)
    assert apology.state.clocks["apologise"].due == date(2026, 8, 9), "the day before the day on the slip"
    assert read(case).state.assigned == "c04978-kt/officer/1", "who works on it goes on"
    head = official("head")
    with scope(head):
        assert child in {line.id for line in lists.in_hand(head)}, "on the head's own page"
    clockwork(date(2026, 8, 11))
    with scope(head):
        assert child in {line.id for line in lists.of_agency(AGENCY, "late")}, "a late case of its own"
    assert len(read(case).state.children) == 1, "one apology, however often the clock speaks"
    with pytest.raises(Refusal, match="lý do"):
        do(child, "apologise", head, date(2026, 8, 11), new_date="2026-08-14")
    do(child, "apologise", head, date(2026, 8, 11), new_date="2026-08-14", apology_reason="Máy đo hỏng")
    do(child, "paper.sign", head, date(2026, 8, 11), paper="p1")
    do(child, "paper.number", official("registry"), date(2026, 8, 11), paper="p1", number="1/XL")
    state = read(case).state
    assert (state.clocks["settle"].due, state.fields["apologised"]) == (date(2026, 8, 14), True)
    assert read(child).state.step == "apologised"
    clockwork(date(2026, 8, 17))
    assert len(read(case).state.children) == 1, "a second day is not promised"
    assert list(check()) == []


def test_a_result_in_time_ends_the_apology_that_was_drafted() -> None:
    case = take_in().case
    clockwork(date(2026, 8, 7))
    do(case, "finish", holder(case), date(2026, 8, 10), result="granted")
    with worker():
        wait_until_readable()  # the reader waits for older transactions, of other tests' databases too
        jobs.follow(at(date(2026, 8, 10)))
    assert read(UUID(next(iter(read(case).state.children)))).state.step == "needless"


def test_refusing_and_stopping_need_a_reason_and_a_signature_above() -> None:
    for action, field, step in (("refuse", "refusal_reason", "refused"), ("stop", "stop_reason", "stopped")):
        case = take_in().case
        officer = holder(case)
        with pytest.raises(Refusal, match="lý do"):
            do(case, action, officer, START)
        do(case, action, officer, START, **{field: "Không thuộc đối tượng"})
        do(case, "paper.sign", official("unit_head", post="c04978-kt/unit_head"), START, paper="p1")
        assert read(case).state.step == step


def test_what_was_sent_twice_is_taken_in_once() -> None:
    dossier = intake.Dossier(CODE, AGENCY, "counter", {"name": "X"}, "c04978")
    one, two = (intake.receive(dossier, "same-key-1", "t", COUNTER) for _ in range(2))
    assert (one.case, two.replayed) == (two.case, True)


def test_how_long_it_really_took_is_said_from_five_people_on_and_never_of_fewer() -> None:
    early = today() - timedelta(days=20)
    for n in range(5):
        assert took(CODE) is None
        case = take_in(now=early).case
        do(case, "finish", holder(case), early + timedelta(days=n), result="granted")
    found = took(CODE)
    assert found is not None
    assert (found.people, found.median) == (5, 2.0)


def test_an_intake_asks_the_database_little() -> None:
    take_in()
    with CaptureQueriesContext(connection) as asked:
        take_in()
    assert len(asked) <= 9, [q["sql"][:90] for q in asked]


def test_papers_are_checked_against_the_catalogue_while_the_person_stands_there() -> None:
    text = "a) Cấp mới:Tên giấy tờMẫu đơn, tờ khaiSố lượngĐơn1 bản chínhẢnh2 bản chínhb) Gia hạn:Tên giấy tờMẫu đơn, tờ khaiSố lượngĐơn gia hạn1 bản chính"
    papers = asked_papers(read_row(row(documents=text)).as_body())
    assert [p.name for p in lacking(papers, [])] == ["Đơn", "Ảnh"], "nothing brought: the first case is asked for"
    assert [p.name for p in lacking(papers, [1])] == ["Ảnh"]
    assert lacking(papers, [3]) == [], "all of the second case"
    text = "Tên giấy tờMẫu đơn, tờ khaiSố lượngĐơn1 bản chínhGiấy ủy quyền (nếu nộp thay)1 bản chínhTrường hợp mất thì có đơn báo mất1 bản chính"
    papers = asked_papers(read_row(row(documents=text)).as_body())
    assert [p.name for p in lacking(papers, [])] == ["Đơn"], "what is asked of some people only is never missing"
    assert lacking(papers, [1]) == []
    assert [p.number for p in lacking(papers[1:], [])] == [2, 3], "but nothing at all is not enough"


def handed_in_over_the_net(day: date) -> intake.Taken:
    return take_in(Actor(is_sender=True, door="portal"), day, by_person=True, channel="online")


def test_a_dossier_handed_in_before_its_procedure_was_repealed_is_settled_by_the_words_it_was_handed_in_under() -> None:
    taken = handed_in_over_the_net(START)
    received = take_in()
    bring(row("1.900009", "Thủ tục khác"), on=START + timedelta(days=1))  # the first is not in it any more
    later = START + timedelta(days=2)
    with pytest.raises(Refusal, match="áp dụng đến hết ngày 03/08/2026"):
        take_in(now=later)
    do(taken.case, "accept", COUNTER, later)
    state = read(taken.case).state
    assert (state.fields["procedure_name"], state.clocks["settle"].due) == ("Cấp giấy phép nuôi ong trong rừng", date(2026, 8, 12))
    while (state := read(received.case).state).fields["desk"] != state.fields["desks"]:
        do(received.case, "pass_on", holder(received.case), later)
    do(received.case, "finish", holder(received.case), later, result="granted")
    assert read(received.case).state.step == "done", "what was open goes on to its end"


def test_a_time_that_became_longer_meanwhile_is_the_shorter_one_that_was_promised() -> None:
    taken = handed_in_over_the_net(START)
    bring(row(duration="30 Ngày làm việc"), on=START + timedelta(days=1))
    do(taken.case, "accept", COUNTER, START + timedelta(days=2))
    assert read(taken.case).state.clocks["settle"].due == date(2026, 8, 12)
    assert read(take_in(now=START + timedelta(days=2)).case).state.clocks["settle"].due > date(2026, 9, 1)
