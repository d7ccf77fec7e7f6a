"""The payment port: a fee paid online through a provider (a bank, the payment platform of the national portal).

The provider learns an order, an amount and nothing of who or what. It is not listened to, only asked: money is known when its
answer says so, and a forged call gains nothing. Each payment is noted once, by the provider's own number; what does not fit (paid
twice, another amount, a case that takes none) is owed back and stands on a list until somebody says how it was given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from trongdan.core.cases.scope import JOB, Scope, scope
from trongdan.core.cases.sealing import uuid7
from trongdan.kernel.errors import Refusal

from .calling import Link, LinkDown, backoff
from .contract import DayIn, OrdersIn, PayIn, Payment, PaymentsOut, PayOut

NAME = "payment"
WORDS = "Phi, le phi ho so thu tuc hanh chinh"  # what the payer reads on the provider's page; the same for everybody
GIVEN_UP = timedelta(days=2)  # an order that nobody paid: the daily reconciliation still finds what comes later
FIRST = timedelta(seconds=20)
LEASE = timedelta(minutes=5)
BATCH = 50
Take = Callable[[UUID, UUID, Payment], None]  # (case, order, payment): the kind writes it down; Refusal: it can't be taken


@dataclass(frozen=True, slots=True)
class Order:
    """One way to pay that was offered. `number` and `paid_at` once it was paid."""

    id: UUID
    case: UUID
    amount: int
    url: str | None
    asked_at: datetime
    number: str | None
    paid_at: datetime | None


@lru_cache(maxsize=4)
def _link(url: str, token: str) -> Link:
    return Link(NAME, url, token)


def payment_link() -> Link | None:
    """The way to the provider; None without TRONGDAN_PAYMENT_URL: fees are paid at the counter."""
    url = settings.PAYMENT_URL
    return _link(url, settings.PAYMENT_TOKEN) if url.startswith(("http://", "https://")) else None


def orders(case: UUID) -> list[Order]:
    """What was asked for a case, oldest first. Inside a scope that sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, case_id, amount, url, asked_at, number, paid_at FROM td_payment WHERE case_id = %s ORDER BY id",
                       [case])  # fmt: skip
        return [Order(*row) for row in cursor.fetchall()]


def start(link: Link | None, case: UUID, agency: str, amount: int, now: datetime) -> str:
    """Where an amount is paid for a case; asked again, the same page. For whoever holds the case's code. Raises Refusal
    "payment.away": nothing is owed differently for it, the counter takes the money as well."""
    away = Refusal("payment.away", "Nơi thu tiền trực tuyến đang không trả lời. Hãy thử lại sau, hoặc nộp tại quầy.")
    if link is None:
        raise away
    with scope(Scope(case=case)):
        known = next((o for o in orders(case) if o.amount == amount and o.url and o.number is None), None)
    if known is not None and known.url:
        return known.url
    order = uuid7()
    with scope(Scope(case=case)), connection.cursor() as cursor:  # on record before it goes out
        cursor.execute("INSERT INTO td_payment (id, case_id, agency, amount, asked_at) VALUES (%s, %s, %s, %s, %s)",
                       [order, case, agency, amount, now])  # fmt: skip
    try:
        body = PayIn(order=order, amount=amount, words=WORDS, back=f"{settings.SITE_URL}/thanh-toan/")
        made, _tries = link.ask("/payment/order", body, PayOut)
        if made.order != order:
            raise LinkDown("half_answer")
    except LinkDown as down:
        _note(case, order, "last = %s", [down.code])
        raise away from None
    _note(case, order, "url = %s, next_at = %s", [made.url, now + FIRST])
    return made.url


def _note(case: UUID, order: UUID, what: str, values: list[Any]) -> None:
    with scope(Scope(case=case)), connection.cursor() as cursor:
        cursor.execute(f"UPDATE td_payment SET {what} WHERE id = %s", [*values, order])


def look_again(case: UUID, now: datetime) -> None:
    """Whoever paid says so: the next round asks at once."""
    with scope(Scope(case=case)), connection.cursor() as cursor:
        cursor.execute("UPDATE td_payment SET next_at = %s, attempts = 0 WHERE case_id = %s AND number IS NULL AND url IS NOT NULL",
                       [now, case])  # fmt: skip


# --- the worker -----------------------------------------------------------------------------------------------------------


def ask_open(link: Link, take: Take, now: datetime) -> int:
    """Ask the provider about orders whose time has come; how many were paid. Raises LinkDown: they are asked later."""
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("UPDATE td_payment SET next_at = %s, attempts = attempts + 1 WHERE id IN (SELECT id FROM td_payment "
                       "WHERE next_at <= %s ORDER BY next_at LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id, attempts, asked_at",
                       [now + LEASE, now, BATCH])  # fmt: skip
        due = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
    if not due:
        return 0
    answer, _tries = link.ask("/payment/paid", OrdersIn(orders=list(due)), PaymentsOut)
    taken = arrived((p for p in answer.payments if p.order in due), take, now)
    paid = {p.order for p in answer.payments}
    with scope(JOB), connection.cursor() as cursor:
        for order, (attempts, asked_at) in due.items():
            again = None if now - asked_at > GIVEN_UP else now + timedelta(seconds=min(backoff(attempts), 900))
            cursor.execute("UPDATE td_payment SET next_at = %s WHERE id = %s AND number IS NULL",
                           [None if order in paid else again, order])  # fmt: skip
    return taken


def reconcile(link: Link, day: date, take: Take, now: datetime) -> int:
    """Hold a day's payments, as the provider lists them, against ours: what we missed is taken, what does not fit is noted. How
    many were new in either way. Raises LinkDown."""
    answer, _tries = link.ask("/payment/day", DayIn(on=day), PaymentsOut)
    return arrived(answer.payments, take, now)


def arrived(payments: Iterable[Payment], take: Take, now: datetime) -> int:
    """Note payments, each once by the provider's number; one transaction a payment. How many were new."""
    return sum(_one(payment, take, now) for payment in payments)


def _one(payment: Payment, take: Take, now: datetime) -> bool:
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT case_id, agency, amount, number FROM td_payment WHERE id = %s FOR UPDATE", [payment.order])
        row = cursor.fetchone()
        if row is None:
            return _odd(payment, None, None, "unknown", now)
        case, agency, amount, number = row
        if number == payment.number:
            return False
        if number is not None:
            return _odd(payment, case, agency, "twice", now)
        if payment.amount != amount:
            return _odd(payment, case, agency, "amount", now)
        others = sum(1 for o in orders(case) if o.number is not None and o.amount == amount)
        if others:  # paid already by another order of the same fee
            return _odd(payment, case, agency, "twice", now)
        try:
            with transaction.atomic():  # whatever a refused payment had begun to write is taken back
                take(case, payment.order, payment)
        except Refusal:
            return _odd(payment, case, agency, "refused", now)
        cursor.execute("UPDATE td_payment SET number = %s, paid_at = %s, next_at = NULL WHERE id = %s",
                       [payment.number, payment.at, payment.order])  # fmt: skip
    return True


def _odd(payment: Payment, case: UUID | None, agency: str | None, what: str, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_payment_odd (number, order_id, case_id, agency, amount, paid_at, what, found_at) "
                       "VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (number) DO NOTHING",
                       [payment.number, payment.order, case, agency, payment.amount, payment.at, what, now])  # fmt: skip
        return bool(cursor.rowcount)


# --- what is owed back ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Odd:
    """Money that arrived and is owed back, until `settled_how` says how it was given."""

    number: str
    case: UUID | None
    amount: int
    paid_at: datetime
    what: str
    settled_at: datetime | None
    settled_how: str | None


def owed_back(most: int = 200) -> list[Odd]:
    """Of the scope's agencies, what still waits first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, case_id, amount, paid_at, what, settled_at, settled_how FROM td_payment_odd "
                       "ORDER BY settled_at IS NOT NULL, paid_at LIMIT %s", [most])  # fmt: skip
        return [Odd(*row) for row in cursor.fetchall()]


def given_back(number: str, how: str, person: str | None, now: datetime) -> None:
    """Somebody gave it back, by which paper. Inside the scope of its agency. Raises Refusal."""
    if not how.strip():
        raise Refusal("payment.how", "Hãy ghi đã trả lại bằng chứng từ nào, ngày nào.", None, {"field": "how"})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE td_payment_odd SET settled_at = %s, settled_by = %s, settled_how = %s "
                       "WHERE number = %s AND settled_at IS NULL", [now, person, how.strip()[:200], number])  # fmt: skip
        if cursor.rowcount == 0:
            raise Refusal("payment.settled", "Khoản này không còn trong danh sách phải trả lại. Hãy tải lại trang.")
