"""The population register, asked over HTTP from a simulator that is a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from tests.roles import worker
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.links import audit
from trongdan.core.links.breaker import Breaker
from trongdan.core.links.calling import Link, LinkDown, backoff
from trongdan.core.links.contract import ConfirmIn, ConfirmOut, PulledOut, StateIn, StateOut, schemas
from trongdan.core.links.register import ask_waiting, checks, confirm, lookup, purposes
from trongdan.core.links.simulator import dossier_of, person_of
from trongdan.kernel.case import Actor, Post
from trongdan.kernel.errors import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 9, 17, 2, 0, tzinfo=UTC)
NUMBER = "025081000123"
SEED = 4
POST = Post("c04978-hcc/officer/1", "officer", "c04978-hcc")
CLERK = Actor(person=str(UUID(int=5)), posts=(POST,), post=POST)


class Clock:
    """Seconds that pass only when told; sleeping passes them."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


@pytest.fixture(scope="module")
def simulator() -> Iterator[str]:
    process = subprocess.Popen([sys.executable, "-m", "trongdan", "links", "simulator", "--port", "0", "--seed", str(SEED), "--token", "t",
                                "--latency", "0", "--dossiers", "120"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait(20)
    process.stdout.close()


@pytest.fixture
def control(simulator: str) -> Iterator[Any]:
    def set_to(**faults: Any) -> dict[str, Any]:
        request = urllib.request.Request(simulator + "/control", json.dumps(faults).encode(), method="POST")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
            return dict(json.loads(answer.read()))

    set_to(down=False, fail=0, half=0, latency=0)
    yield set_to
    set_to(down=False, fail=0, half=0, latency=0)


def link(url: str, clock: Clock | None = None, **more: Any) -> Link:
    ticking = clock or Clock()
    return Link("register", url, "t", breaker=Breaker(ticking, most=3, rest=60), sleep=ticking.sleep, **{"timeout": 20.0, **more})


PERSON = person_of(SEED, NUMBER) or {}


def said(**other: str) -> dict[Any, str]:
    return {"name": PERSON["name"], "born": PERSON["born"], **other}


# --- asked and answered -------------------------------------------------------------------------------------------------


def test_what_a_person_said_is_confirmed_or_not_and_nothing_more_of_them_comes_here(simulator: str, control: Any) -> None:
    way = link(simulator)
    good = confirm(way, NUMBER, said(), "receive", "G01-1", CLERK, NOW)
    assert (good.known, good.found, good.differs) == (True, True, ())
    bad = confirm(way, NUMBER, said(name="Người Khác"), "receive", "G01-1", CLERK, NOW)
    assert bad.differs == ("name",)
    nobody = next(n for n in (f"0250810{k:05d}" for k in range(1000)) if person_of(SEED, n) is None)
    assert confirm(way, nobody, said(), "receive", "G01-1", CLERK, NOW).found is False
    found = lookup(way, NUMBER, ["name", "residence"], "receive", CLERK, NOW)
    assert found is not None
    assert (found.name, found.residence, found.born) == (PERSON["name"], PERSON["residence"], None)


def test_each_question_is_on_record_with_purpose_and_basis_and_without_number_or_answer(simulator: str, control: Any, owner_db: Any) -> None:
    confirm(link(simulator), NUMBER, said(), "settle", "G01-1", CLERK, NOW)
    rows = owner_db.execute("SELECT turn, operation, agency, post, purpose, basis, fields, outcome, tries FROM td_link_call ORDER BY turn").fetchall()
    basis = purposes()["settle"].basis
    assert rows == [(1, "confirm", "c04978-hcc", POST.id, "settle", basis, ["born", "name"], None, None),
                    (2, "confirm", "c04978-hcc", POST.id, "settle", basis, ["born", "name"], "answered", 1)]  # fmt: skip
    whole = str(owner_db.execute("SELECT * FROM td_link_call").fetchall())
    assert NUMBER not in whole
    assert PERSON["name"] not in whole
    with worker(), scope(JOB):
        assert [row[4] for row in audit.of_person(NUMBER)] == ["settle"]
        assert audit.of_person("025081000999") == []


def test_what_was_asked_is_never_changed_and_is_seen_by_the_own_agency_alone(simulator: str, control: Any, role_db: Any) -> None:
    confirm(link(simulator), NUMBER, said(), "settle", "G01-1", CLERK, NOW)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        role_db("td_web").execute("DELETE FROM td_link_call")
    other = Post("c07900-hcc/officer/1", "officer", "c07900-hcc")
    for actor, seen in ((CLERK, 2), (Actor(person=None, posts=(other,), post=other), 0)):
        with scope(actor):
            from django.db import connection

            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM td_link_call")
                assert cursor.fetchone()[0] == seen


@pytest.mark.parametrize(("number", "fields", "purpose", "role", "code"), [
    ("12", ["name"], "receive", "officer", "register.number"),
    (NUMBER, ["name"], "curiosity", "officer", "register.purpose"),
    (NUMBER, ["sex"], "receive", "officer", "register.fields"),
    (NUMBER, [], "receive", "officer", "register.fields"),
    (NUMBER, ["name"], "receive", "inspector", "register.not_yours"),
])  # fmt: skip
def test_no_question_leaves_without_a_declared_purpose_that_allows_it(number: str, fields: Any, purpose: str, role: str, code: str, owner_db: Any) -> None:
    post = Post("x", role, "c04978-hcc")
    with pytest.raises(Refusal) as found:
        lookup(link("http://127.0.0.1:9"), number, fields, purpose, Actor(person=None, posts=(post,), post=post), NOW)
    assert found.value.code == code
    assert owner_db.execute("SELECT count(*) FROM td_link_call").fetchone()[0] == 0


# --- slow, failing, half ------------------------------------------------------------------------------------------------


def test_a_slow_register_is_given_up_after_the_limit_and_the_question_waits(simulator: str, control: Any) -> None:
    control(latency=30)
    answer = confirm(link(simulator, timeout=0.3, tries=2), NUMBER, said(), "receive", "G01-1", CLERK, NOW)
    assert not answer.known
    assert answer.check is not None


def test_an_answer_cut_in_half_is_no_answer(simulator: str, control: Any, owner_db: Any) -> None:
    control(half=1.0)
    assert not confirm(link(simulator, timeout=5.0), NUMBER, said(), "receive", "G01-1", CLERK, NOW).known
    outcome, tries = owner_db.execute("SELECT outcome, tries FROM td_link_call WHERE turn = 2").fetchone()
    assert outcome in ("IncompleteRead", "bad_answer", "TimeoutError")
    assert tries == 3


def test_a_register_that_fails_now_and_then_is_asked_again_with_growing_pauses_that_differ(simulator: str, control: Any) -> None:
    control(fail=0.5)
    clock = Clock()
    way = link(simulator, clock, tries=12)
    assert all(confirm(way, NUMBER, said(), "receive", "G01-1", CLERK, NOW).known for _ in range(4))
    assert clock.at > 0.2
    assert len({round(backoff(1), 3) for _ in range(20)}) > 10
    assert 48 <= backoff(1) <= 72
    assert backoff(50) <= 240 * 60 * 1.2


def test_a_wrong_token_is_refused_at_once_and_not_asked_again(simulator: str, control: Any) -> None:
    before = control()["calls"].get("/register/confirm", 0)
    way = link(simulator)
    way.token = "wrong"
    with pytest.raises(Refusal) as found:
        confirm(way, NUMBER, said(), "receive", "G01-1", CLERK, NOW)
    assert found.value.code == "register.refused"
    assert control()["calls"]["/register/confirm"] == before + 1


# --- a day of downtime ---------------------------------------------------------------------------------------------------


def test_a_register_away_for_a_day_stops_no_work_and_the_differences_are_reported_when_it_is_back(simulator: str, control: Any, owner_db: Any) -> None:
    clock = Clock()
    way = link(simulator, clock)
    control(down=True)
    for n in range(20):
        told = said(name="Người Khác") if n % 5 == 0 else said()
        answer = confirm(way, NUMBER, told, "receive", f"G01-{n}", CLERK, NOW + timedelta(minutes=n))
        assert not answer.known
        clock.sleep(1)
    assert way.breaker.open
    outcomes = [r[0] for r in owner_db.execute("SELECT outcome FROM td_link_call WHERE turn = 2 ORDER BY at").fetchall()]
    assert outcomes.count("resting") == 17, "after three failures it is left alone"
    with pytest.raises(Refusal) as refused:
        lookup(way, NUMBER, ["name"], "receive", CLERK, NOW)
    assert refused.value.code == "register.away"

    for hour in range(1, 24):  # the worker tries through the day
        clock.sleep(3600)
        with worker():
            assert ask_waiting(way, NOW + timedelta(hours=hour)) == 0
    with scope(CLERK):
        assert all(c.done_at is None for c in checks("c04978-hcc"))

    control(down=False)
    clock.sleep(3600)
    back = NOW + timedelta(hours=29)
    with worker():
        assert ask_waiting(way, back) == 20
        assert ask_waiting(way, back) == 0
    with scope(CLERK):
        report = checks("c04978-hcc")
    assert len(report) == 20, "nothing is lost"
    assert [c.differs for c in report[:4]] == [("name",)] * 4
    assert {c.about for c in report[:4]} == {"G01-0", "G01-5", "G01-10", "G01-15"}
    assert all(c.found and c.done_at for c in report)
    assert owner_db.execute("SELECT count(*) FROM td_link_check WHERE sealed IS NOT NULL").fetchone()[0] == 0, "what was asked is gone"


def test_what_waits_is_sealed_and_the_web_cannot_read_it(role_db: Any, owner_db: Any) -> None:
    assert not confirm(None, NUMBER, said(), "receive", "G01-1", CLERK, NOW).known
    sealed = bytes(owner_db.execute("SELECT sealed FROM td_link_check").fetchone()[0])
    assert NUMBER.encode() not in sealed
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        role_db("td_web").execute("SELECT sealed FROM td_link_check")


# --- the parts ----------------------------------------------------------------------------------------------------------


def test_a_breaker_rests_lets_one_try_and_closes_when_that_works() -> None:
    clock = Clock()
    breaker = Breaker(clock, most=2, rest=10)
    for _ in range(2):
        assert breaker.allows()
        breaker.failed()
    assert not breaker.allows()
    clock.sleep(11)
    assert breaker.allows()
    assert not breaker.allows(), "one at a time"
    breaker.failed()
    assert not breaker.allows()
    clock.sleep(11)
    assert breaker.allows()
    breaker.worked()
    assert breaker.allows() and breaker.allows()


def test_an_answer_to_another_question_or_with_more_than_agreed_is_refused(simulator: str, control: Any) -> None:
    body = ConfirmIn(request="r" * 10, purpose="receive", basis="b", officer="o", number=NUMBER, attributes={"name": "x"})
    with pytest.raises(LinkDown) as found:
        link(simulator, tries=1).ask("/register/confirm", body, StateOut)
    assert found.value.code == "bad_answer"
    got, _tries = link(simulator).ask("/register/confirm", body, ConfirmOut)
    assert got.result == {"name": "differs"}


def test_the_portal_hands_dossiers_over_page_by_page_and_keeps_only_the_newest_state(simulator: str, control: Any) -> None:
    from pydantic import BaseModel

    class Cursor(BaseModel):
        cursor: str

    way, cursor, codes = link(simulator), "0", []
    while True:
        page, _tries = way.ask("/portal/pull", Cursor(cursor=cursor), PulledOut)
        codes += [d.code for d in page.dossiers]
        cursor = page.cursor
        if not page.more:
            break
    assert codes == [dossier_of(SEED, n).code for n in range(120)]
    for turn, state in ((2, "done"), (1, "received")):
        told = StateIn(code=codes[0], turn=turn, state=state, on=NOW.date())
        assert way.ask("/portal/state", told, StateOut)[0].turn == turn


def test_every_shape_has_a_schema_that_allows_nothing_more() -> None:
    found = schemas()
    assert {"ConfirmIn", "ConfirmOut", "DossierIn", "StateIn"} <= set(found)
    assert all(s["additionalProperties"] is False for s in found.values())
