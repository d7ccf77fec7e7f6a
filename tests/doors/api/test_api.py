"""The API: a letter in, its trail and its verdict; errors that say what to do; the contract as published."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.core.cases.people import official, open_petition
from trongdan.core.cases.check import check
from trongdan.core.cases.once import Done
from trongdan.core.cases.perform import perform
from trongdan.kernel.case import Command
from trongdan.kernel.receipt import check_receipt, receipt_opens
from trongdan.platform import keys

pytestmark = pytest.mark.django_db(transaction=True)
SNAPSHOT = Path(__file__).parent / "openapi.json"
TEXT = "Đèn đường không sáng, đề nghị xã sửa."


def post(client: Client, body: Any, key: str | None = None, raw: bytes | None = None) -> Any:
    data = raw if raw is not None else json.dumps(body)
    return client.post("/api/v1/letters", data, content_type="application/json", headers={"Idempotency-Key": key or str(uuid4())})


def test_a_letter_gets_its_reference_clock_derivation_and_a_receipt_that_verifies(client: Client) -> None:
    answer = post(client, {"text": TEXT, "commune": "Kim Bôi", "sender": {"name": "Bùi Thị Mận", "phone": "0900"}})
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body["kind"] == "letters.letter"
    deadline = body["deadlines"][0]
    assert deadline["clock"] == "handle"
    assert deadline["due"] > "2026"
    assert any("không tính" in s["vi"] for s in deadline["steps"])
    stated = check_receipt(body["receipt"], lambda sig, msg: keys.verify(keys.public_key(), sig, msg))
    assert stated["reference"] == body["reference"]
    assert receipt_opens(body["receipt"], TEXT)
    assert body["token"] in body["track_url"]


def test_sending_again_with_the_same_key_makes_no_second_letter(client: Client) -> None:
    key = str(uuid4())
    first, again = (post(client, {"text": TEXT, "commune": "04978"}, key).json() for _ in range(2))
    assert (first["reference"], first["token"]) == (again["reference"], again["token"])
    assert first["receipt"] == again["receipt"]
    clash = post(client, {"text": "Khác", "commune": "04978"}, key)
    assert (clash.status_code, clash.json()["code"]) == (409, "key.reused")


@pytest.mark.parametrize("place", ["Kim Bôi", "kim boi", "04978", "Vĩnh Đồng, huyện Kim Bôi, Hòa Bình"])
def test_a_commune_is_known_by_name_code_and_old_name(client: Client, place: str) -> None:
    assert post(client, {"text": TEXT, "commune": place}).status_code == 201


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": "", "commune": "Kim Bôi"}, "request.invalid"),
        ({"text": "   ", "commune": "Kim Bôi"}, "letter.empty"),
        ({"text": TEXT, "commune": "Atlantis"}, "place.unknown"),
        ({"text": 5, "commune": "Kim Bôi"}, "request.invalid"),
        ({"text": "x" * 100_001, "commune": "Kim Bôi"}, "request.invalid"),
        ({"text": "a\x00b", "commune": "Kim Bôi"}, "request.invalid"),
        ({"text": TEXT, "commune": "Kim Bôi", "step": "decided"}, "request.invalid"),
        ({"text": TEXT, "commune": "Kim Bôi", "on": "2999-01-01"}, "on.future"),
        ([], "request.invalid"),
        (None, "request.invalid"),
    ],
)
def test_bad_input_gets_a_problem_document_in_vietnamese_and_writes_nothing(client: Client, body: Any, code: str) -> None:
    answer = post(client, body)
    assert answer.status_code in (400, 422), answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert len(answer.json()["detail"]) > 10
    assert "Traceback" not in answer.content.decode()


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe\x00", b'{"text": "\\ud800", "commune": "x"}', b"[" * 3000])
def test_bytes_that_are_no_json_are_refused_and_nothing_breaks(client: Client, raw: bytes) -> None:
    answer = post(client, None, raw=raw)
    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"].startswith(("Không đọc được", "Yêu cầu chưa hợp lệ"))


def test_a_wrong_address_method_type_or_size_is_a_problem_document_too(client: Client) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    answers = {
        404: client.get("/api/v1/khong-co"), 405: client.put("/api/v1/letters"),
        400: client.post("/api/v1/letters", "text=1", content_type="text/plain", headers=key),
        413: client.post("/api/v1/letters", b'{"text": "' + b"a" * 30_000_000, content_type="application/json", headers=key),
    }  # fmt: skip
    for status, answer in answers.items():
        assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), answer.content[:200]
        assert answer.json()["status"] == status
        assert len(answer.json()["detail"]) > 10
    assert answers[405].headers["Allow"] == "POST"
    assert client.get("/api/").headers["Content-Type"] == "application/problem+json"


HOSTILE = ["<script>alert(1)</script>", "'; DROP TABLE td_case; --", "=cmd|' /C calc'!A0", "../../etc/passwd", "{{7*7}}", "%00%0a"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_kept_as_words_and_shown_as_words(client: Client, text: str) -> None:
    body = post(client, {"text": text, "commune": "Kim Bôi", "sender": {"name": text}}).json()
    page = client.get(body["track_url"].split("8000", 1)[-1])
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


@pytest.mark.parametrize("token", ["", "x", "a" * 24, "%00", "ế" * 24])
def test_a_guessed_token_opens_nothing_and_looks_like_a_wrong_reference(client: Client, token: str) -> None:
    reference = post(client, {"text": TEXT, "commune": "Kim Bôi"}).json()["reference"]
    wrong = client.get(f"/api/v1/cases/{reference}", {"token": token})
    unknown = client.get("/api/v1/cases/TD000000000", {"token": token})
    assert wrong.status_code == unknown.status_code == 404
    assert wrong.json() == unknown.json()


def test_the_trail_is_followed_and_judged_through_the_api(client: Client) -> None:
    sent = post(client, {"text": TEXT, "commune": "Kim Bôi"}).json()
    from trongdan.kinds.letters.tracking import open_by_token

    case = open_by_token(sent["reference"], sent["token"])
    matter, _reference = open_petition(Done(case, sent["reference"], 0, ())).opened[0]
    url = f"/api/v1/cases/{sent['reference']}"
    followed = client.get(url, {"token": sent["token"]}).json()
    assert followed["state"] == "handled"
    assert followed["matters"][0]["state"] == "opened"
    early = client.post(f"{url}/assessment?token={sent['token']}", {"solved": "no"}, content_type="application/json")
    assert (early.status_code, early.json()["code"]) == (422, "assess.too_early")
    command = Command("letters.petition", str(matter), "accept")
    perform(command, official("head"))
    perform(Command("letters.petition", str(matter), "case.assign", {"post": "c04978-kt/officer/1"}), official("head"))
    officer = official("officer", post="c04978-kt/officer/1")
    data = {"answer": "Đã sửa.", "result": "accepted", "action_taken": "Đội điện sửa xong."}
    perform(Command("letters.petition", str(matter), "answer", data), officer)
    for role, action in (("unit_head", "initial"), ("office", "check"), ("head", "sign"), ("registry", "number")):
        extra = {"number": "1/CV"} if action == "number" else {}
        perform(Command("letters.petition", str(matter), f"paper.{action}", {"paper": "p1", **extra}), official(role))
    judged = client.post(f"{url}/assessment?token={sent['token']}", {"answered": "yes", "solved": "no", "reason": "Vẫn tối"},
                         content_type="application/json")  # fmt: skip
    assert judged.json() == {"recorded": True}
    assert list(check()) == []


def test_the_published_contract_is_the_one_in_the_repository(client: Client) -> None:
    """To change the contract on purpose, write the new document to tests/doors/api/openapi.json."""
    current = client.get("/api/v1/openapi.json").json()
    assert current["openapi"].startswith("3.1")
    assert current == json.loads(SNAPSHOT.read_text("utf-8"))


def test_no_request_that_the_contract_allows_or_forbids_breaks_the_server(client: Client) -> None:
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings

    from trongdan.config.wsgi import application

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for operation in schema.get_all_operations():
        strategy = operation.ok().as_strategy()

        @settings(max_examples=25, deadline=None, phases=[Phase.generate], derandomize=True, database=None,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(case=strategy)
        def no_breakage(case: Any) -> None:
            assert case.call().status_code < 500

        no_breakage()
