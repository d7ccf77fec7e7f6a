"""The API's questions to the sender and replies: the same rules as the portal's page, and nothing of whoever lies in the vault."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.core.cases.people import official, open_petition
from tests.core.people.test_vault import CHAIR, NAME, denounce, matter_of, open_denunciation
from trongdan.core.cases.once import Done
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.kernel.case import Command
from trongdan.kinds.letters.intake import token_of
from trongdan.kinds.letters.tracking import open_by_token

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = "Việc xảy ra ngày nào?"


def ask(case: UUID, who: Any = None, words: str = ASKED) -> None:
    perform(Command("", str(case), "case.ask", {"question": words}), who or official("head"))


def sent(client: Client) -> tuple[str, str, UUID]:
    """(reference, token, case) of a letter over the API."""
    body = {"text": "Đèn đường không sáng, đề nghị xã sửa.", "commune": "Kim Bôi"}
    made = client.post("/api/v1/letters", json.dumps(body), content_type="application/json",
                       headers={"Idempotency-Key": str(uuid4())}).json()  # fmt: skip
    return made["reference"], made["token"], open_by_token(made["reference"], made["token"])


def read(client: Client, reference: str, token: str) -> Any:
    return client.get(f"/api/v1/cases/{reference}/questions", {"token": token})


def answer(client: Client, reference: str, token: str, body: Any, key: str | None = None) -> Any:
    return client.post(f"/api/v1/cases/{reference}/replies?token={token}", json.dumps(body), content_type="application/json",
                       headers={"Idempotency-Key": key or str(uuid4())})  # fmt: skip


def replies(case: UUID) -> int:
    with scope(JOB):
        return sum(e.tag == "case:replied" for e in load([case])[case].events)


def test_a_question_is_read_and_answered_with_the_letters_token_and_is_open_until_then(client: Client) -> None:
    reference, token, letter = sent(client)
    assert read(client, reference, token).json() == {"items": []}
    early = answer(client, reference, token, {"reply": "Ngày 3."})
    assert (early.status_code, early.json()["code"]) == (422, "ask.none")
    matter = open_petition(Done(letter, reference, 0, ())).opened[0][0]
    ask(matter)
    (one,) = read(client, reference, token).json()["items"]
    assert (one["matter"], one["open"], [s["words"] for s in one["said"]]) == (1, True, [ASKED])
    assert answer(client, reference, token, {"reply": "Khoảng ngày 3."}).json() == {"recorded": True}
    (one,) = read(client, reference, token).json()["items"]
    assert (one["open"], [(s["by"], s["words"]) for s in one["said"]]) == (False, [("office", ASKED), ("sender", "Khoảng ngày 3.")])


def test_a_reply_sent_twice_is_recorded_once_and_another_under_its_key_is_refused(client: Client) -> None:
    reference, token, letter = sent(client)
    matter = open_petition(Done(letter, reference, 0, ())).opened[0][0]
    ask(matter)
    key = str(uuid4())
    for _ in range(2):
        assert answer(client, reference, token, {"reply": "Ngày 3."}, key).json() == {"recorded": True}
    assert replies(matter) == 1
    other = answer(client, reference, token, {"reply": "Ngày 4."}, key)
    assert (other.status_code, other.json()["code"]) == (409, "key.reused")
    missing = client.post(f"/api/v1/cases/{reference}/replies?token={token}", {"reply": "x"}, content_type="application/json")
    assert missing.status_code == 422
    assert replies(matter) == 1


def test_a_key_of_one_letter_means_nothing_to_another(client: Client) -> None:
    for _ in range(2):
        reference, token, letter = sent(client)
        matter = open_petition(Done(letter, reference, 0, ())).opened[0][0]
        ask(matter)
        assert answer(client, reference, token, {"reply": "Ngày 3."}, "12345678").json() == {"recorded": True}
        assert replies(matter) == 1


@pytest.mark.parametrize(("body", "status", "code"), [
    ({"reply": ""}, 422, "request.invalid"), ({"reply": "  \n"}, 422, "ask.reply_empty"), ({"reply": 5}, 422, "request.invalid"),
    ({"reply": "a\x00b"}, 422, "request.invalid"), ({"reply": "a", "matter": 7}, 404, "matter.unknown"),
    ({"reply": "a", "name": "x"}, 422, "request.invalid"),
])  # fmt: skip
def test_a_bad_reply_gets_a_problem_document_and_writes_nothing(client: Client, body: Any, status: int, code: str) -> None:
    reference, token, letter = sent(client)
    matter = open_petition(Done(letter, reference, 0, ())).opened[0][0]
    ask(matter)
    refused = answer(client, reference, token, body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert replies(matter) == 0


def test_asked_about_two_matters_the_reply_says_which(client: Client) -> None:
    reference, token, letter = sent(client)
    ask(letter, official("reception"), "Ông/bà còn tờ ảnh nào không?")
    matter = open_petition(Done(letter, reference, 0, ())).opened[0][0]
    ask(matter)
    assert answer(client, reference, token, {"reply": "Ngày 3."}).json()["code"] == "ask.which"
    assert answer(client, reference, token, {"reply": "Ngày 3.", "matter": 1}).json() == {"recorded": True}
    assert [(i["matter"], i["open"]) for i in read(client, reference, token).json()["items"]] == [(0, True), (1, False)]


@pytest.mark.parametrize("token", ["", "x", "a" * 24])
def test_a_guessed_token_reads_and_answers_nothing_and_looks_like_a_wrong_reference(client: Client, token: str) -> None:
    reference, _token, _letter = sent(client)
    for ask_for in (lambda r: read(client, r, token), lambda r: answer(client, r, token, {"reply": "a"})):
        wrong, unknown = ask_for(reference), ask_for("TD000000000")
        assert wrong.status_code == unknown.status_code == 404
        assert wrong.json() == unknown.json()


def test_a_denouncer_is_asked_and_answers_without_a_name_an_address_or_a_trace(client: Client, owner_db: Any) -> None:
    letter = denounce()
    matter = matter_of(open_denunciation(letter.case))
    ask(matter, CHAIR)
    token = token_of(letter.case)
    asked = read(client, letter.reference, token)
    assert [s["words"] for s in asked.json()["items"][0]["said"]] == [ASKED]
    refused = answer(client, letter.reference, token, {"reply": f"Tôi, {NAME}, nhớ là ngày 3."})
    assert (refused.status_code, refused.json()["code"]) == (422, "vault.own_trace")
    assert NAME not in refused.content.decode() + asked.content.decode()
    assert replies(matter) == 0
    assert answer(client, letter.reference, token, {"reply": "Ngày 3."}).json() == {"recorded": True}
    with scope(JOB):
        event = load([matter])[matter].events[-1]
    assert event.actor == {"post": None, "person": None, "on_behalf": None}
    kept = owner_db.execute("SELECT client FROM td_command_key WHERE key LIKE %s", [f"{letter.case}:%"]).fetchall()
    assert kept == [("api",)], "no network address beside the key"


def test_no_network_address_is_kept_with_a_letter_s_key_and_sending_again_from_there_is_still_once(client: Client, owner_db: Any) -> None:
    body = json.dumps({"text": "Tôi kiến nghị nạo vét cống.", "commune": "Kim Bôi", "keep_secret": True})
    key = str(uuid4())

    def send(address: str) -> Any:
        return client.post("/api/v1/letters", body, content_type="application/json", headers={"Idempotency-Key": key}, REMOTE_ADDR=address)

    first, again = send("203.0.113.77"), send("203.0.113.77")
    assert (first.status_code, first.json()["reference"]) == (201, again.json()["reference"])
    assert send("203.0.113.78").json()["reference"] != first.json()["reference"], "another's key is another key"
    kept = [str(row) for row in owner_db.execute("SELECT * FROM td_command_key WHERE key = %s", [key]).fetchall()]
    assert len(kept) == 2
    assert not [row for row in kept if "203.0.113" in row]
