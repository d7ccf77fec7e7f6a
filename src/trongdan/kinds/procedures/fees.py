"""Fees of a dossier: what is owed, paid at the counter or online, each a line of the trail; what arrived and does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import Scope, scope
from trongdan.core.cases.trail import Loaded, load
from trongdan.core.links import payment
from trongdan.core.links.calling import LinkDown
from trongdan.core.links.contract import Payment
from trongdan.kernel.case import SYSTEM, VIETNAM, CaseState, Command
from trongdan.kernel.errors import Refusal

from .in_words import fees_asked, money, of_the_whole
from .intake import KIND
from .selectors import procedure

SMALLEST = 1000  # đồng: what a provider takes at least (contract.PayIn)


@dataclass(frozen=True, slots=True)
class Fee:
    """What a person reads of the fee: asked and why, what of it is owed still, whether it can be paid online, whether a page to
    pay was opened."""

    due: int
    owed: int
    why: str
    online: bool
    opened: bool


def owed(state: CaseState) -> int:
    """Đồng still owed of the fee that was asked for; 0 when none was, or all of it is paid."""
    due, paid = state.fields.get("fee_due"), state.fields.get("fee_paid")
    return max(0, int(due) - int(paid or 0)) if isinstance(due, int) else 0


def fee_of(loaded: Loaded, why: str) -> Fee | None:
    """None when no fee was asked for. Inside a scope that sees the case."""
    due, left = loaded.state.fields.get("fee_due"), owed(loaded.state)
    if not isinstance(due, int):
        return None
    online = left >= SMALLEST and payment.payment_link() is not None
    return Fee(due, left, why, online, any(o.url and o.number is None for o in payment.orders(loaded.id)))


def from_catalogue(state: CaseState) -> dict[str, Any]:
    """What can be filled in when the fee of a dossier is asked for, from the procedure as it was in force when the dossier came:
    {} unless it names one amount for the way of filing; asked by the piece, its words alone, for the official counts."""
    found = procedure(str(state.fields.get("topic") or ""), state.opened_on) if state.opened_on else None
    if found is None or "fee_due" in state.fields:
        return {}
    asked = fees_asked(found.body, str(state.fields.get("channel") or "counter"))
    if len(asked) != 1:
        return {}
    amount, words = asked[0]
    why = f"Theo danh mục thủ tục {found.code}: {money(amount, 'VND')}{f' ({words})' if words else ''}."
    return {"fee_why": why} | ({"fee_due": amount} if of_the_whole(words) else {})


def start(case: UUID, now: datetime | None = None) -> str:
    """The provider's page where what is owed is paid. Raises Refusal when nothing is owed, or the provider is away."""
    with scope(Scope(case=case)):
        loaded = load([case]).get(case)
    left = owed(loaded.state) if loaded is not None and loaded.kind.id == KIND else 0
    if loaded is None or left < SMALLEST:
        raise Refusal("payment.nothing", "Hồ sơ này không còn khoản phí, lệ phí nào phải nộp.")
    return payment.start(payment.payment_link(), case, loaded.state.agency, left, now or timezone.now())


def take(case: UUID, order: UUID, arrived: Payment) -> None:
    """Write a payment into its dossier, once for its order. Raises Refusal when it is owed no more (paid at the counter
    meanwhile): the money is owed back then. In the worker's scope."""
    loaded = load([case]).get(case)
    if loaded is None or owed(loaded.state) < arrived.amount:
        raise Refusal("payment.nothing", "Hồ sơ này không còn khoản phí, lệ phí nào phải nộp.")
    before = int(loaded.state.fields.get("fee_paid") or 0)
    data = {"fee_paid": before + arrived.amount, "fee_receipt": arrived.number}
    perform(Command(KIND, str(case), "paid_online", data), SYSTEM, str(order), client="payment")


def ask(now: datetime | None = None) -> int:
    """The worker's turn: orders whose time has come."""
    link, moment = payment.payment_link(), now or timezone.now()
    try:
        return payment.ask_open(link, take, moment) if link is not None and link.breaker.allows() else 0
    except LinkDown:
        return 0  # away: they are asked again


def reconcile(now: datetime | None = None) -> int:
    """The worker's turn: yesterday's and today's payments as the provider lists them."""
    link, moment = payment.payment_link(), now or timezone.now()
    today, found = moment.astimezone(VIETNAM).date(), 0
    if link is None:
        return 0
    try:
        for day in (today - timedelta(days=1), today):
            found += payment.reconcile(link, day, take, moment)
    except LinkDown:
        return found
    return found


def shown(cases: list[UUID]) -> dict[UUID, tuple[str, str]]:
    """case -> (reference, name of the procedure), for the list of what is owed back. Inside a scope."""
    return {i: (c.reference, str(c.state.fields.get("procedure_name") or "")) for i, c in load(cases).items()}

