"""The national service portal and our dossiers, over HTTP: what it hands over is opened by itself, what becomes of it goes back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.core.cases.people import official, wait_until_readable
from tests.core.links.test_portal import control, simulator
from tests.core.links.test_register import SEED, Clock, link
from tests.kinds.procedures.rows import row
from tests.kinds.procedures.test_catalogue import bring
from tests.roles import worker
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import Loaded, load
from trongdan.core.links import portal
from trongdan.core.links.simulator import dossier_of
from trongdan.kernel.case import VIETNAM, Actor, Command
from trongdan.kinds.procedures import national

__all__ = ["simulator"]
pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 9, 17, 9, tzinfo=VIETNAM)
KNOWN = ("1.000894", "1.001193")
COUNTER = official("counter", post="c04978-hcc/counter")
FIRST = next(dossier_of(SEED, n) for n in range(50) if dossier_of(SEED, n).procedure in KNOWN)


@pytest.fixture(autouse=True)
def catalogue() -> None:
    bring(*(row(code, f"Thủ tục {code}") for code in KNOWN), on=date(2026, 1, 1))


def come(url: str, now: datetime = NOW) -> int:
    with worker():
        portal.pull(link(url), now)
        return portal.hand_over(national.take, now)


def told(now: datetime = NOW) -> None:
    with worker():
        wait_until_readable()
        while national.follow(now):
            pass


def opened() -> dict[str, Loaded]:
    """Our dossiers by their national code."""
    with scope(JOB):
        ids = [UUID(str(r)) for r in _ids()]
        return {str(one.state.fields["national_code"]): one for one in load(ids).values()}


def _ids() -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM td_case WHERE kind = 'procedures.dossier' ORDER BY id")
        return [r[0] for r in cursor.fetchall()]


def do(case: UUID, action: str, actor: Actor, day: date, **data: Any) -> None:
    perform(Command("", str(case), action, data), actor, now=datetime(day.year, day.month, day.day, 9, tzinfo=VIETNAM))


def test_a_dossier_of_the_portal_is_opened_once_at_the_counter_of_the_centre_it_names(simulator: str) -> None:
    of_known = [dossier_of(SEED, n) for n in range(50) if dossier_of(SEED, n).procedure in KNOWN]
    assert come(simulator) == len(of_known)
    with worker():
        assert portal.hand_over(national.take, NOW + portal.LOOK_AGAIN) == 0, "none twice"
    one = opened()[FIRST.code]
    state = one.state
    assert (state.step, state.agency, state.fields["received_by"], state.fields["channel"]) == ("submitted", "c04978", "c04978-hcc/counter", "online")
    assert state.fields["files"] == [part.sha256 for part in FIRST.parts]
    assert state.opened_on == FIRST.lodged_at.astimezone(VIETNAM).date()


def test_one_of_an_unknown_procedure_waits_with_the_reason_and_comes_in_with_the_next_catalogue(simulator: str) -> None:
    come(simulator)
    with scope(COUNTER):
        waits = portal.waiting()
    stranger = waits[0].procedure
    assert {w.procedure for w in waits}.isdisjoint(KNOWN)
    assert waits[0].why == f"Chưa có thủ tục {stranger} trong danh mục: nhập danh mục mới rồi hồ sơ tự vào."
    before = len(opened())
    bring(*(row(code, f"Thủ tục {code}") for code in (*KNOWN, stranger)), on=date(2026, 1, 1))
    with worker():
        assert portal.hand_over(national.take, NOW) == 0, "not again at once"
        assert portal.hand_over(national.take, NOW + portal.LOOK_AGAIN) == sum(w.procedure == stranger for w in waits)
    assert len(opened()) > before
    with scope(official("reception", "c05116")):
        assert portal.waiting() == [], "another commune sees none of them"


def test_every_state_goes_back_once_and_in_its_order_also_through_a_day_without_the_portal(simulator: str) -> None:
    come(simulator)
    case = opened()[FIRST.code]
    told()
    control(simulator, down=True)
    day = date(2026, 9, 18)
    do(case.id, "accept", COUNTER, day, papers_in="1")
    told(NOW + timedelta(days=1))
    do(case.id, "ask_supplement", COUNTER, day, asked_for="Bản đo tổ ong.")
    told(NOW + timedelta(days=1))
    told(NOW + timedelta(days=1))
    with scope(official("reception", "c04978")):
        assert [b.state for b in portal.behind() if b.code == FIRST.code] == ["1", "2", "4"]
    clock = Clock()
    way = link(simulator, clock)
    with worker():
        assert portal.send_due(way, NOW + timedelta(days=1), 500)[0] == 0
    control(simulator, down=False)
    clock.sleep(90_000)
    with worker():
        while portal.send_due(way, NOW + timedelta(days=2), 500)[0]:
            pass
    with scope(official("reception", "c04978")):
        assert portal.behind() == []
        found = national.last_told(opened()[FIRST.code])
    assert found is not None and found[1] is not None
    assert (found[0], found[1].state, found[2], found[1].sent_at is not None) == (FIRST.code, "4", "Đang xử lý", True)
    with worker():
        assert portal.reconcile(way, NOW + timedelta(days=2), 500)[1] == 0, "the registers are in step"


def test_every_step_of_a_dossier_has_a_state_to_be_told_and_every_state_its_word() -> None:
    from trongdan.core.cases.registry import kinds

    known = national.states()
    assert set(known.steps) == set(kinds()["procedures.dossier"].steps)
    assert {*known.steps.values(), *known.events.values(), known.delivered} <= set(known.names)
    assert set(known.events) <= {edge.event for edge in kinds()["procedures.dossier"].edges.values()}


def test_a_dossier_without_a_national_code_is_told_to_nobody(simulator: str, owner_db: Any) -> None:
    from tests.kinds.procedures.test_dossier import take_in

    take_in(code=KNOWN[0])
    told()
    assert owner_db.execute("SELECT count(*) FROM td_portal_state").fetchone()[0] == 0


def test_a_dossier_for_a_unit_that_was_merged_goes_to_its_successor_and_an_unknown_one_waits() -> None:
    from trongdan.core.agencies.models import Succession
    from trongdan.kernel.errors import Refusal

    old = Succession.objects.filter(new_id="c04978").values_list("old_id", flat=True).first()
    assert old is not None
    with worker():
        reference = national.take(FIRST.model_copy(update={"agency": old}))
    assert reference
    assert opened()[FIRST.code].state.agency == "c04978"
    with worker(), pytest.raises(Refusal) as refused:
        national.take(FIRST.model_copy(update={"agency": "khong-co", "code": "G01.99.25-260914-999999"}))
    assert refused.value.code == "portal.agency"
