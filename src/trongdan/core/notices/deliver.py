"""Delivery: take what is due, send it outside any transaction, write down how it went.

A message is leased before it is sent, so that two workers never send it together. A worker that dies in between leaves
the lease to run out and the message is sent again: twice the same line is harmless, none at all is not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import F

from trongdan.core.cases.scope import JOB, scope

from .addresses import addresses
from .channels import Carrier, Failed, Outgoing
from .models import Notice, Status
from .quiet import next_try, quiet_hours

LEASE = timedelta(minutes=10)
NO_ADDRESS = Failed("NoAddress", final=True)


@dataclass(frozen=True, slots=True)
class Delivered:
    """How a turn went: sent; to be tried again; given up; without an address."""

    sent: int = 0
    again: int = 0
    failed: int = 0
    no_address: int = 0

    @property
    def total(self) -> int:
        return self.sent + self.again + self.failed + self.no_address


def deliver_due(now: datetime, limit: int = 50) -> Delivered:
    """Send up to `limit` messages that are due at `now` (aware). Nothing goes out during the quiet hours."""
    if quiet_hours().next_allowed(now) != now:
        return Delivered()
    done = Delivered()
    with Carrier() as carrier:
        for out in _take(now, limit):
            failed = carrier.send(out, now) if out.address else NO_ADDRESS
            done = _count(done, _settle(out.notice, failed, now))
    return done


def _take(now: datetime, limit: int) -> list[Outgoing]:
    """Lease what is due and resolve its addresses, in one transaction that ends before anything is sent."""
    with scope(JOB):
        due = Notice.objects.select_for_update(skip_locked=True).filter(next_at__lte=now).order_by("next_at", "id")
        taken = list(due[:limit])
        Notice.objects.filter(id__in=[row.id for row in taken]).update(status=Status.SENDING, next_at=now + LEASE)
        book = addresses()
        return [
            Outgoing(row.id, row.channel, book.of(row.case_id, row.channel) or "", row.template, row.reference)
            for row in taken
        ]


def _settle(notice: int, failed: Failed | None, now: datetime) -> Status:
    """Write down how one delivery went, and when to try again."""
    with scope(JOB):
        row = Notice.objects.filter(id=notice)
        if failed is None:
            row.update(status=Status.SENT, sent_at=now, next_at=None, attempts=F("attempts") + 1, last_error="")
            return Status.SENT
        if failed is NO_ADDRESS:
            row.update(status=Status.NO_ADDRESS, next_at=None, last_error=failed.error)
            return Status.NO_ADDRESS
        attempts = row.values_list("attempts", flat=True).get() + 1
        again = None if failed.final else next_try(now, attempts)
        status = Status.WAITING if again else Status.FAILED
        row.update(status=status, attempts=attempts, last_error=failed.error, next_at=again)
        return status


def _count(done: Delivered, status: Status) -> Delivered:
    match status:
        case Status.SENT:
            return replace(done, sent=done.sent + 1)
        case Status.WAITING:
            return replace(done, again=done.again + 1)
        case Status.NO_ADDRESS:
            return replace(done, no_address=done.no_address + 1)
        case _:
            return replace(done, failed=done.failed + 1)
