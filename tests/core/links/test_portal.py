"""The national portal over HTTP: dossiers come once, states go back in turn, and registers do not stay out of step."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from pydantic import ValidationError

from tests.core.links.test_register import CLERK, NOW, SEED, Clock, link
from tests.roles import worker
from trongdan.core.cases.scope import scope
from trongdan.core.links import portal
from trongdan.core.links.calling import LinkDown
from trongdan.core.links.contract import DossierIn
from trongdan.core.links.simulator import dossier_of

pytestmark = pytest.mark.django_db(transaction=True)
CODE = dossier_of(SEED, 0).code
DAY = date(2026, 9, 17)


@pytest.fixture
def simulator() -> Iterator[str]:
    """A fresh one each: it remembers what it was told."""
    process = subprocess.Popen([sys.executable, "-m", "trongdan", "links", "simulator", "--port", "0", "--seed", str(SEED), "--token", "t",
                                "--latency", "0", "--dossiers", "120"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait(20)
    process.stdout.close()


def control(url: str, **faults: Any) -> dict[str, Any]:
    request = urllib.request.Request(url + "/control", json.dumps(faults).encode(), method="POST")
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
        return dict(json.loads(answer.read()))


def tell(code: str, state: str, moment: Any = NOW, **more: Any) -> int:
    with scope(CLERK):
        return portal.tell(code, state, DAY, CLERK.post.agency if CLERK.post else "", moment, **more)


def test_every_dossier_comes_once_with_its_national_code_and_is_sealed_until_a_kind_takes_it(simulator: str, owner_db: Any, role_db: Any) -> None:
    way = link(simulator)
    with worker():
        assert [portal.pull(way, NOW) for _ in range(4)] == [50, 50, 20, 0]
        control(simulator, half=1.0)
        with pytest.raises(LinkDown):
            portal.pull(way, NOW)
        control(simulator, half=0)
        opened: list[DossierIn] = []

        def take(one: DossierIn) -> str | None:
            if one.procedure == "1.000894":
                return None
            opened.append(one)
            return f"TD-{one.code[-6:]}"

        assert portal.hand_over(take, NOW, 200) == len(opened)
        assert portal.hand_over(take, NOW, 200) == 0
    assert opened[0] == next(dossier_of(SEED, n) for n in range(120) if dossier_of(SEED, n).procedure != "1.000894")
    assert len({d.code for d in opened}) == len(opened)
    waits = owner_db.execute("SELECT count(*) FROM td_portal_dossier WHERE taken_at IS NULL").fetchone()[0]
    assert waits + len(opened) == 120
    assert owner_db.execute("SELECT count(*) FROM td_portal_dossier WHERE taken_at IS NOT NULL AND sealed IS NOT NULL").fetchone()[0] == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        role_db("td_web").execute("SELECT sealed FROM td_portal_dossier")


def test_a_kind_that_fails_on_a_dossier_leaves_it_waiting(simulator: str, owner_db: Any) -> None:
    def fails(_one: DossierIn) -> str | None:
        raise RuntimeError

    with worker():
        portal.pull(link(simulator), NOW)
        with pytest.raises(RuntimeError):
            portal.hand_over(fails, NOW)
    assert owner_db.execute("SELECT count(*) FROM td_portal_dossier WHERE taken_at IS NULL AND sealed IS NOT NULL").fetchone()[0] == 50


def test_states_told_through_a_day_away_arrive_in_turn_when_the_portal_is_back(simulator: str) -> None:
    clock = Clock()
    way = link(simulator, clock)
    control(simulator, down=True)
    for n, state in enumerate(("received", "in_hand", "done")):
        assert tell(CODE, state, NOW + timedelta(minutes=n)) == n + 1
        assert tell(CODE, state, NOW + timedelta(minutes=n)) == n + 1, "told twice is one turn"
    for hour in range(24):
        clock.sleep(3600)
        with worker():
            assert portal.send_due(way, NOW + timedelta(hours=hour, minutes=5))[0] == 0
    with scope(CLERK):
        assert [b.state for b in portal.behind()] == ["received", "in_hand", "done"]
    control(simulator, down=False)
    clock.sleep(3600)
    with worker():
        assert portal.send_due(way, NOW + timedelta(hours=30)) == (3, 0)
        assert portal.send_due(way, NOW + timedelta(hours=31)) == (0, 0)
    with scope(CLERK):
        assert portal.behind() == []
    assert control(simulator)["states"] == 1


def test_what_the_portal_lost_is_named_by_the_reconciliation_and_told_anew(simulator: str) -> None:
    way, other = link(simulator), dossier_of(SEED, 1).code
    for code in (CODE, other):
        tell(code, "received", due=date(2026, 9, 24))
    with worker():
        assert portal.send_due(way, NOW) == (2, 0)
        control(simulator, forget=[CODE])
        assert portal.reconcile(way, NOW) == (2, 1)
        assert portal.reconcile(way, NOW) == (0, 0), "not again before a day"
    with scope(CLERK):
        assert [(b.code, b.differs) for b in portal.behind()] == [(CODE, (portal.NOT_THERE,))]
    with worker():
        assert portal.send_due(way, NOW + timedelta(minutes=1)) == (1, 0)
        assert portal.reconcile(way, NOW + timedelta(days=1, minutes=2)) == (2, 0)
    with scope(CLERK):
        assert portal.behind() == []


def test_a_state_of_the_wrong_shape_is_refused_where_it_is_made_and_a_final_refusal_is_shown_not_repeated(simulator: str) -> None:
    with pytest.raises(ValidationError):
        tell(CODE, "done", result="not a digest")
    tell(CODE, "done", result="a" * 64)
    way = link(simulator)
    way.token = "wrong"
    with worker():
        assert portal.send_due(way, NOW) == (0, 1)
        assert portal.send_due(way, NOW + timedelta(days=9)) == (0, 0)
    with scope(CLERK):
        found = portal.behind()
    assert [(b.last, b.attempts) for b in found] == [("http_401", 1)]
    assert json.loads(portal.as_json(found))[0]["code"] == CODE
