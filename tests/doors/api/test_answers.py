"""Answers that the API writes itself are what its contract says."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.test import Client

from trongdan.doors.api.api import LetterOut

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_answer_to_a_letter_has_every_field_of_the_contract_and_no_other(client: Client) -> None:
    body = {"text": "Đèn đường không sáng.", "commune": "Kim Bôi"}
    answer = client.post("/api/v1/letters", json.dumps(body), content_type="application/json",
                         headers={"Idempotency-Key": str(uuid4())})  # fmt: skip
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    stated = LetterOut.model_validate(answer.json()).model_dump(mode="json")
    assert stated == answer.json()
