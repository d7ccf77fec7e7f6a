"""An agency's own signing chain: within what the law leaves it, by a decision, for papers drafted from then on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.core.cases.people import open_petition, send
from trongdan.core.cases.registry import kind
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load, today
from trongdan.core.papers.chains import checked, own_chains, set_chain
from trongdan.kernel.errors import Refusal

PETITION, FORM, AGENCY = "letters.petition", "answer_letter", "c04978"
SHORT = ["sign:deputy", "number:registry", "send:registry"]


@pytest.mark.parametrize(("stages", "code"), [
    (["number:registry", "sign:head", "send:registry"], "chain.order"), (["sign:head", "send:registry"], "chain.stage"),
    (["sign:officer", "number:registry", "send:registry"], "chain.signer"), (["sign:boss", "number:registry"], "chain.order"),
    (["sign:sender", "number:registry", "send:registry"], "chain.signer"), (["initial:unit_head"], "chain.stage"),
])  # fmt: skip
def test_a_chain_that_the_law_does_not_leave_to_the_agency_is_refused(stages: list[str], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        checked(kind(PETITION), FORM, stages)
    assert refusal.value.code == code


@pytest.mark.django_db
def test_a_chain_needs_a_decision_holds_from_its_day_and_can_be_taken_back() -> None:
    with pytest.raises(Refusal, match="quy chế"):
        set_chain(AGENCY, kind(PETITION), FORM, SHORT, " ", today(), uuid4())
    set_chain(AGENCY, kind(PETITION), FORM, SHORT, "12/QC-UBND", today() + timedelta(days=3), uuid4())
    assert own_chains(AGENCY, today()) == {}
    assert dict(own_chains(AGENCY, today() + timedelta(days=3))[FORM])["sign"] == ("deputy",)
    assert own_chains("c04981", today() + timedelta(days=3)) == {}
    set_chain(AGENCY, kind(PETITION), FORM, [], "13/QC-UBND", today() + timedelta(days=5), uuid4())
    assert own_chains(AGENCY, today() + timedelta(days=5)) == {}


def at(login: str) -> Client:
    client = Client()
    client.force_login(get_user_model().objects.get(username=login))
    return client


@pytest.mark.django_db(transaction=True)
def test_the_office_sets_it_at_the_desk_and_the_next_paper_goes_that_way_and_an_older_one_does_not() -> None:
    cases = [open_petition(send("Cống tắc.", f"chains-{n}")).opened[0][0] for n in (1, 2)]

    def act(login: str, case: Any, action: str, **data: str) -> int:
        return int(at(login).post(f"/ban-lam-viec/ho-so/{case}/lam/", {"action": action, **data}).status_code)

    for case in cases:
        assert act("chutich", case, "accept") == 302
        assert act("chutich", case, "case.assign", post=f"{AGENCY}-kt/officer/1") == 302
    answer = {"answer": "Đã nạo vét.", "action_taken": "Xong.", "result": "accepted"}
    assert act("chuyenvien", cases[0], "answer", **answer) == 302
    form = {"kind": PETITION, "form": FORM, "sign": "deputy", "number": "registry", "send": "registry", "decision": "12/QC-UBND",
            "do": "set"}  # fmt: skip
    assert at("chuyenvien").post("/ban-lam-viec/trinh-ky/", form).status_code == 422
    assert at("vanphong").post("/ban-lam-viec/trinh-ky/", {**form, "decision": ""}).status_code == 422
    assert at("vanphong").post("/ban-lam-viec/trinh-ky/", form).status_code == 302
    assert act("chuyenvien", cases[1], "answer", **answer) == 302
    with scope(JOB):
        loaded = load(cases)
    waits = [loaded[c].state.papers["p1"].waits for c in cases]
    assert waits == ["initial", "sign"]
