"""Dossiers over the API: handed in once, taken in by a counter, followed by number; states for another register, resumable."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.core.cases.people import official, wait_until_readable
from tests.kinds.procedures.rows import row
from tests.kinds.procedures.test_catalogue import bring
from trongdan.core.cases import selectors as lists
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.kernel.case import Command
from trongdan.kinds.letters.tracking import open_by_token
from trongdan.kinds.procedures.states import changed_since

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/api/v1/dossiers"
COUNTER = official("counter", post="c04978-hcc/counter")


@pytest.fixture(autouse=True)
def catalogue() -> None:
    bring(row(), on=date(2026, 1, 1))


def hand_in(client: Client, key: str = "khoa-so-1", **more: Any) -> Any:
    body = {"procedure": "1.900001", "commune": "Kim Bôi", "applicant": {"name": "Bùi Thị Mận"}, "national_code": "G01.899-1"} | more
    return client.post(URL, body, content_type="application/json", headers={"Idempotency-Key": key})


def test_a_dossier_waits_for_the_counter_and_its_time_begins_when_the_counter_takes_it(client: Client) -> None:
    sent = hand_in(client)
    assert sent.status_code == 201, sent.content
    got = sent.json()
    assert got["state"] == "submitted"
    case = open_by_token(got["reference"], got["token"])
    with scope(COUNTER):
        assert case in {line.id for line in lists.in_hand(COUNTER)}
    before = client.get(f"{URL}/{got['reference']}", {"token": got["token"]}).json()
    assert (before["due"], before["procedure"]) == (None, "1.900001")
    perform(Command("", str(case), "accept", {"papers_in": "1"}), COUNTER)
    after = client.get(f"{URL}/{got['reference']}", {"token": got["token"]}).json()
    assert after["state"] == "processing"
    assert after["due"] is not None
    assert "chuyên viên" in after["holder"] or "thụ lý" in after["holder"]


def test_the_same_key_makes_one_dossier_and_another_body_under_it_is_refused(client: Client) -> None:
    one, two = hand_in(client).json(), hand_in(client).json()
    assert one["reference"] == two["reference"]
    other = hand_in(client, applicant={"name": "Người khác"})
    assert (other.status_code, other.headers["Content-Type"]) == (409, "application/problem+json")


@pytest.mark.parametrize(("change", "status", "code"), [
    ({"procedure": "9.999999"}, 422, "procedure.not_in_force"), ({"commune": "Atlantis"}, 422, "place.unknown"),
    ({"agency": "ban-tcd", "commune": None}, 422, "dossier.agency"), ({"applicant": {"name": ""}}, 422, "request.invalid"),
    ({"limit": "TTHC/1.900001/x/900/working_day"}, 422, "request.invalid"), ({"text": "a\x00b"}, 422, "request.invalid"),
])  # fmt: skip
def test_what_cannot_be_taken_says_what_to_do(client: Client, change: dict[str, Any], status: int, code: str) -> None:
    answer = hand_in(client, **change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]


def test_a_wrong_token_or_number_opens_nothing(client: Client) -> None:
    got = hand_in(client).json()
    for reference, token in ((got["reference"], "x" * 24), ("2222-2222-2", got["token"])):
        assert client.get(f"{URL}/{reference}", {"token": token}).status_code == 404


def test_states_are_read_from_where_one_stopped_and_only_with_the_key(client: Client, settings: Any) -> None:
    assert client.get(f"{URL}/states").status_code == 401, "no key set: nobody"
    settings.STATES_KEY = "bi-mat-states"
    assert client.get(f"{URL}/states", headers={"Authorization": "Bearer sai"}).status_code == 401
    auth = {"Authorization": "Bearer bi-mat-states"}
    made = [hand_in(client, f"khoa-{n:06d}").json() for n in range(3)]
    wait_until_readable()
    first = client.get(f"{URL}/states", {"limit": 2}, headers=auth).json()
    assert (len(first["items"]), first["more"]) == (2, True)
    rest = client.get(f"{URL}/states", {"after": first["next"]}, headers=auth).json()
    assert [i["reference"] for i in (*first["items"], *rest["items"])] == [m["reference"] for m in made]
    assert rest["items"][0]["national_code"] == "G01.899-1"
    assert "Bùi Thị Mận" not in str(rest)
    perform(Command("", str(open_by_token(made[0]["reference"], made[0]["token"])), "accept"), COUNTER)
    wait_until_readable()
    news = client.get(f"{URL}/states", {"after": rest["next"]}, headers=auth).json()
    assert [(i["reference"], i["state"]) for i in news["items"]] == [(made[0]["reference"], "processing")]
    assert client.get(f"{URL}/states", {"after": news["next"]}, headers=auth).json()["items"] == []
    assert client.get(f"{URL}/states", {"after": "x.y"}, headers=auth).status_code == 422
    with scope(JOB):
        assert changed_since("", 10)[2] is False
        assert len(load([open_by_token(m["reference"], m["token"]) for m in made])) == 3
