"""A fee paid online: asked for with its reason, paid at the provider, written into the dossier once; what does not fit is owed back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import timezone

from tests.core.cases.people import official
from tests.core.links.standin import standing_in
from tests.doors.desk.offline import at
from tests.kinds.procedures.test_catalogue import bring, row
from tests.roles import worker
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.core.links import payment
from trongdan.core.links.contract import Payment
from trongdan.core.links.simulator import Simulator
from trongdan.doors.cli.links import command
from trongdan.kernel.case import Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.procedures import fees
from trongdan.kinds.procedures.intake import Dossier, receive

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "Canary Thị Nộp"


@pytest.fixture
def provider(settings: Any) -> Iterator[Simulator]:
    with standing_in(seed=1) as made:
        settings.PAYMENT_URL = made.url
        yield made


@pytest.fixture
def dossier() -> Any:
    bring(row(), on=date(2026, 1, 1))
    clerk = official("counter", "c04978-hcc")
    return receive(Dossier("1.900001", "c04978", "counter", {"name": NAME, "phone": "0900000777"}, "c04978-hcc"), str(uuid4()), "t", clerk)


def ask_fee(case: UUID, amount: int = 23000) -> None:
    perform(Command("procedures.dossier", str(case), "ask_fee", {"fee_due": amount, "fee_why": "Lệ phí cấp phép, Thông tư 1"}),
            official("counter", "c04978-hcc"))  # fmt: skip


def fields(case: UUID) -> dict[str, Any]:
    with scope(JOB):
        return dict(load([case])[case].state.fields)


def round_(later: int = 60) -> int:
    with worker():
        return fees.ask(timezone.now() + timedelta(seconds=later))


def orders(case: UUID) -> list[payment.Order]:
    with scope(JOB):
        return payment.orders(case)


def test_a_person_pays_on_the_provider_s_page_and_the_dossier_knows_it_once(client: Client, provider: Simulator, dossier: Any) -> None:
    page = f"/theo-doi/{dossier.reference}/{dossier.token}/"
    assert "Phí, lệ phí" not in client.get(page).content.decode()
    ask_fee(dossier.case)
    words = client.get(page).content.decode()
    assert "23.000 đồng" in words
    assert "Lệ phí cấp phép, Thông tư 1" in words
    there = client.post(page + "nop-phi/", {"case": str(dossier.case)}).content.decode()
    link = re.search(r'href="(http[^"]+/pay/[^"]+)" rel="noreferrer noopener"', there)
    assert link
    assert client.post(page + "nop-phi/", {"case": str(dossier.case)}).content.decode().count(link[1]) == 1, "asked again, the same page"
    assert round_() == 0, "nothing was paid yet"
    (order,) = orders(dossier.case)
    provider.pay(str(order.id))
    client.post(page + "da-nop-phi/", {"case": str(dossier.case)})
    assert round_() == 1
    assert (fields(dossier.case)["fee_paid"], fields(dossier.case)["fee_receipt"]) == (23000, "GD00000001")
    assert round_(4000) == 0
    with worker():
        assert fees.reconcile() == 0
    words = client.get(page).content.decode()
    assert "Đã nộp đủ." in words
    assert "Nộp trực tuyến" not in words
    assert "Đã nhận phí, lệ phí ông/bà nộp trực tuyến" in words


def test_the_provider_learns_an_order_and_an_amount_and_nothing_of_who_or_what(provider: Simulator, dossier: Any) -> None:
    ask_fee(dossier.case)
    fees.start(dossier.case)
    (asked,) = provider.orders.values()
    told = json.dumps(asked.model_dump(mode="json"), ensure_ascii=False)
    for secret in (NAME, "0900000777", dossier.reference, dossier.token, str(dossier.case), "1.900001"):
        assert secret not in told


def test_paid_twice_is_owed_back_and_stands_on_the_desk_until_somebody_says_how(provider: Simulator, dossier: Any) -> None:
    ask_fee(dossier.case)
    fees.start(dossier.case)
    (order,) = orders(dossier.case)
    provider.pay(str(order.id))
    provider.pay(str(order.id), again=True)
    assert round_() == 2
    assert fields(dossier.case)["fee_paid"] == 23000, "once"
    with worker():
        assert fees.reconcile() == 0, "found once"
    desk = at("motcua")
    page = desk.get("/ban-lam-viec/phi/").content.decode()
    assert "nộp hai lần" in page
    assert "23.000 đồng" in page
    assert NAME not in page
    assert desk.post("/ban-lam-viec/phi/", {"number": "GD00000002", "how": " "}).status_code == 422
    assert desk.post("/ban-lam-viec/phi/", {"number": "GD00000002", "how": "UNC 12 ngày 27/11"}).status_code == 302
    assert "UNC 12 ngày 27/11" in desk.get("/ban-lam-viec/phi/").content.decode()
    assert desk.post("/ban-lam-viec/phi/", {"number": "GD00000002", "how": "lần nữa"}).status_code == 422
    other = at("bantcd").get("/ban-lam-viec/phi/").content.decode()
    assert "23.000" not in other, "another agency's"


def test_another_amount_and_a_fee_paid_at_the_counter_meanwhile_are_owed_back(provider: Simulator, dossier: Any) -> None:
    ask_fee(dossier.case)
    fees.start(dossier.case)
    (order,) = orders(dossier.case)
    provider.pay(str(order.id), amount=20000)
    assert round_() == 1
    assert "fee_paid" not in fields(dossier.case)
    perform(Command("", str(dossier.case), "pay", {"fee_paid": 23000, "fee_receipt": "0000123"}), official("counter", "c04978-hcc"))
    provider.pay(str(order.id), again=True)
    with worker():
        assert fees.reconcile() == 1
    assert fields(dossier.case)["fee_receipt"] == "0000123"
    with scope(JOB):
        assert sorted(o.what for o in payment.owed_back()) == ["amount", "refused"]
    with pytest.raises(Refusal) as nothing:
        fees.start(dossier.case)
    assert nothing.value.code == "payment.nothing"


def test_money_for_an_order_that_nobody_made_is_noted_and_changes_nothing(provider: Simulator, dossier: Any) -> None:
    ask_fee(dossier.case)
    stray = Payment(order=uuid4(), number="GD9", amount=23000, at=timezone.now())
    with worker():
        assert payment.arrived([stray, stray], fees.take, timezone.now()) == 1
    assert "fee_paid" not in fields(dossier.case)
    with scope(JOB):
        assert [(o.what, o.case) for o in payment.owed_back()] == [("unknown", None)]
    with worker():
        printed = CliRunner().invoke(command, ["owed"]).output
    assert "GD9\t23000\t" in printed
    assert NAME not in printed
    assert "GD9" not in at("motcua").get("/ban-lam-viec/phi/").content.decode(), "no desk owes it"


def test_a_provider_that_is_away_changes_nothing_and_the_person_is_told_of_the_counter(client: Client, provider: Simulator, dossier: Any) -> None:
    ask_fee(dossier.case)
    provider.faults.down = True
    page = f"/theo-doi/{dossier.reference}/{dossier.token}/"
    answer = client.post(page + "nop-phi/", {"case": str(dossier.case)}, follow=True).content.decode()
    assert "nộp tại quầy" in answer
    assert round_() == 0
    provider.faults.down = False
    payment._link.cache_clear()  # a breaker that has forgotten
    url = fees.start(dossier.case)
    provider.pay(url.rpartition("/")[2])
    provider.faults.half = 1.0
    assert round_() == 0, "half an answer is none"
    provider.faults.half = 0.0
    payment._link.cache_clear()  # a breaker that has forgotten
    assert round_(4000) == 1
    assert fields(dossier.case)["fee_paid"] == 23000


def test_without_a_provider_the_page_offers_no_payment(client: Client, dossier: Any, settings: Any) -> None:
    settings.PAYMENT_URL = ""
    ask_fee(dossier.case)
    words = client.get(f"/theo-doi/{dossier.reference}/{dossier.token}/").content.decode()
    assert "23.000 đồng" in words
    assert "Nộp trực tuyến" not in words


def test_a_waived_fee_says_why_and_asks_for_nothing(client: Client, provider: Simulator, dossier: Any) -> None:
    with pytest.raises(Refusal):
        perform(Command("procedures.dossier", str(dossier.case), "ask_fee", {"fee_due": 0}), official("counter", "c04978-hcc"))
    ask_fee(dossier.case, 0)
    words = client.get(f"/theo-doi/{dossier.reference}/{dossier.token}/").content.decode()
    assert "Được miễn." in words
    assert "Nộp trực tuyến" not in words


def test_another_person_s_code_pays_for_no_dossier_of_mine(client: Client, provider: Simulator, dossier: Any) -> None:
    ask_fee(dossier.case)
    page = f"/theo-doi/{dossier.reference}/{dossier.token}/"
    answer = client.post(page + "nop-phi/", {"case": str(uuid4())}, follow=True).content.decode()
    assert "Không có hồ sơ này" in answer
    assert provider.orders == {}
