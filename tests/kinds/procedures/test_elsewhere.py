"""A step of a dossier that another agency does: the work goes there and comes back, the duty to the person stays where it was."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone

from tests.core.cases.people import official, wait_until_readable
from tests.kinds.procedures.rows import row
from tests.kinds.procedures.test_catalogue import bring
from tests.kinds.procedures.test_counter import sign_in
from tests.kinds.procedures.test_dossier import AGENCY, CODE, START, clockwork, do, holder, read, take_in
from tests.roles import owner, worker
from trongdan.core.agencies.merge import look, merge
from trongdan.core.cases import selectors as lists
from trongdan.core.cases.check import check
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.succession import move
from trongdan.core.cases.trail import today
from trongdan.core.notices.make import read_trail
from trongdan.core.notices.models import Notice
from trongdan.kernel.case import Actor
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.tracking import view_for_sender
from trongdan.kinds.procedures import processes
from trongdan.kinds.procedures.processes import Desk, Process, published_limit
from trongdan.kinds.procedures.read_row import read_row
from trongdan.kinds.procedures.route import route_words

pytestmark = pytest.mark.django_db(transaction=True)
THERE, SURVEYOR = "so-nnmt", "so-nnmt/officer/1"
OTHER = official("officer", THERE, "so-nnmt/officer/2")


def written(*desks: Desk, days: int | None = 5) -> int:
    made = Process(0, CODE, AGENCY, desks, days=days, decision="9/QĐ")
    return processes.write(made, date(2026, 1, 1), published_limit(read_row(row()).as_body(), "counter"), uuid4())


@pytest.fixture(autouse=True)
def process() -> None:
    bring(row(), on=date(2026, 1, 1))
    written(Desk("Kiểm tra", "c04978-kt/officer/1", 8), Desk("Đo đạc", SURVEYOR, 8), Desk("Ký", "c04978/head", 8))


def lent_out() -> UUID:
    case = take_in().case
    do(case, "pass_on", holder(case), START)
    return case


def surveyor() -> Actor:
    return official("officer", THERE, SURVEYOR)


def in_hand(actor: Actor) -> set[UUID]:
    with scope(actor):
        return {line.id for line in lists.in_hand(actor)}


def test_the_step_is_in_hand_over_there_and_the_case_stays_with_who_answers_for_it() -> None:
    case = lent_out()
    state = read(case).state
    assert (state.agency, state.assigned, state.lent, state.hands) == (AGENCY, SURVEYOR, THERE, THERE)
    assert in_hand(surveyor()) == {case}
    with scope(surveyor()):
        assert lists.morning(surveyor(), START).hand == 1
    for stranger in (OTHER, official("officer", "so-xd", "so-xd/officer/1"), official("officer", post="c04978-kt/officer/1")):
        assert in_hand(stranger) == set()
    with scope(OTHER):
        assert lists.of_ids([case]) == [], "a colleague over there has no part in it"
    do(case, "pass_on", surveyor(), date(2026, 8, 4))
    state = read(case).state
    assert (state.assigned, state.lent) == ("c04978/head", None)
    assert in_hand(surveyor()) == set()
    do(case, "finish", official("head"), date(2026, 8, 5), result="granted")
    assert list(check()) == []


def test_who_has_a_step_elsewhere_passes_it_on_or_back_and_decides_nothing_else() -> None:
    case = lent_out()
    for action, data in (("finish", {"result": "granted"}), ("refuse", {"refusal_reason": "x"}), ("stop", {"stop_reason": "x"}),
                         ("ask_supplement", {"asked_for": "x"})):  # fmt: skip
        with pytest.raises(Refusal) as refusal:
            do(case, action, surveyor(), START, **data)
        assert refusal.value.code == "post.not_yours"
    with pytest.raises(Refusal):
        do(case, "pass_on", official("officer", post="c04978-kt/officer/1"), START)
    do(case, "hand_back", surveyor(), START, back_reason="Thiếu sơ đồ")
    assert (read(case).state.assigned, read(case).state.lent) == ("c04978-kt/officer/1", None)


def test_who_leads_there_gives_it_to_another_of_theirs_and_who_answers_may_take_it_back() -> None:
    case = lent_out()
    head = official("head", THERE)
    with scope(head):
        assert [line.id for line in lists.lent_here(head.posts[0])] == [case]
    with pytest.raises(Refusal, match="cơ quan của ông/bà"):
        do(case, "case.assign", head, START, post="c04978/officer/1")
    with pytest.raises(Refusal):
        do(case, "case.assign", official("head", "so-xd"), START, post="so-xd/officer/1")
    do(case, "case.assign", head, START, post="so-nnmt/officer/2")
    assert in_hand(OTHER) == {case}
    assert read(case).state.lent == THERE
    do(case, "case.assign", official("head"), START, post="c04978-kt/officer/1")
    state = read(case).state
    assert (state.assigned, state.lent) == ("c04978-kt/officer/1", None)
    with pytest.raises(Refusal):
        do(case, "pass_on", OTHER, START)


def test_a_late_step_is_charged_to_where_it_lay_and_both_heads_hear_of_it() -> None:
    case = lent_out()
    clockwork(date(2026, 8, 11))
    loaded = read(case)
    charged = {e.payload["clock"]: e.payload["charged"] for e in loaded.events if e.tag == "clock:overdue"}
    assert charged == {"desk": THERE, "settle": AGENCY}, "the person is owed by one agency, whoever does the step"
    with worker():
        wait_until_readable()
        with scope(JOB):
            while read_trail():
                pass
            told = set(Notice.objects.filter(case_id=case, template="post_overdue").values_list("post", flat=True))
    assert {SURVEYOR, f"{THERE}/head", f"{AGENCY}/head"} <= told
    assert any("Đo đạc" in line and "CHẬM" in line for line in route_words(loaded, date(2026, 8, 11)))


def test_the_person_and_the_desk_read_which_agency_has_it() -> None:
    case = lent_out()
    view = view_for_sender(case, START)[0]
    assert "Sở Nông nghiệp và Môi trường" in view.holder
    assert view.agency.startswith(("UBND", "Ủy ban"))
    page = sign_in("motcua").get(f"/ban-lam-viec/ho-so/{case}/").content.decode()
    assert "người làm bước của hồ sơ ở cơ quan khác, Sở Nông nghiệp và Môi trường" in page


def test_a_merger_of_the_other_agency_takes_the_step_along() -> None:
    case = lent_out()
    with owner():
        found = look(THERE, "so-xd", today(), today())
        merge(found, today(), "12/NQ-HĐND")
    with worker():
        move(found.follow, "12/NQ-HĐND", timezone.now())
    state = read(case).state
    assert (state.lent, state.assigned, state.agency) == ("so-xd", "so-xd/officer/1", AGENCY)
    assert in_hand(official("officer", "so-xd", "so-xd/officer/1")) == {case}


def test_the_first_desk_and_the_last_are_the_settling_agencys_own() -> None:
    for desks in ((Desk("Đo", SURVEYOR, 8), Desk("Ký", "c04978/head", 8)), (Desk("Nhận", "c04978/head", 8), Desk("Đo", SURVEYOR, 8))):
        with pytest.raises(Refusal) as refusal:
            written(*desks)
        assert refusal.value.code == "process.ends"
    with pytest.raises(Refusal) as nobody:
        written(Desk("Nhận", "c04978/head", 8), Desk("Đo", "so-nnmt/khong-co", 8), Desk("Ký", "c04978/head", 8))
    assert nobody.value.code == "process.post"


def test_the_page_of_a_process_offers_the_people_of_another_agency_and_keeps_what_was_typed() -> None:
    head = sign_in("chutich")
    page = f"/ban-lam-viec/mot-cua/quy-trinh/{CODE}/"
    typed = {"name": ["Kiểm tra", "Đo đạc", "Ký"], "post": ["c04978-kt/officer/1", "", "c04978/head"], "hours": ["8", "16", "4"],
             "days": "5", "decision": "77/QĐ", "since": today().isoformat(), "elsewhere": [THERE]}  # fmt: skip
    shown = head.post(page, typed | {"show": "1"}).content.decode()
    assert f'<option value="{SURVEYOR}">' in shown
    assert all(words in shown for words in ('value="Đo đạc"', 'value="77/QĐ"', f'name="elsewhere" value="{THERE}"'))
    assert head.post(page, typed | {"post": ["c04978-kt/officer/1", SURVEYOR, "c04978/head"]}).status_code == 302
    made = processes.written(CODE, AGENCY, today())
    assert made is not None
    assert [(d.post, d.agency) for d in made.desks] == [("c04978-kt/officer/1", ""), (SURVEYOR, THERE), ("c04978/head", "")]
    assert f'<option value="{SURVEYOR}" selected>' in head.get(page).content.decode(), "and it is chosen when the page comes again"


def test_what_was_lent_is_found_by_its_own_index() -> None:
    lent_out()
    with scope(surveyor()), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM td_case WHERE NOT final AND lent = 'so-nnmt' AND assigned = 'so-nnmt/officer/1' AND "
                       "holder = 'assigned' ORDER BY due_on, id LIMIT 50")  # fmt: skip
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "td_case_lent" in plan
    assert "Sort" not in plan


def test_the_morning_of_who_leads_there_lists_it_apart_from_their_own() -> None:
    lent_out()
    page = sign_in("giamdocso").get("/ban-lam-viec/").content.decode()
    assert "Bước của hồ sơ cơ quan khác" in page
