"""The worker's part: reminders the day before, and the evening of a day: lines closed, what is no longer needed removed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from trongdan.core.cases.scope import JOB, scope
from trongdan.core.notices.addresses import also
from trongdan.core.notices.rules import EMAIL, SMS
from trongdan.core.notices.tell import Told, tell_people
from trongdan.kernel.case import VIETNAM
from trongdan.platform.jobs import every

from .booking import contact_of
from .models import Appointment, Booking, Contact
from .selectors import day_of
from .services import close_day
from .writing import Who

AHEAD = timedelta(hours=24)
BATCH = 200
BY = {EMAIL: "email", SMS: "phone"}


class Contacts:
    """Where reminders go, for the sender of notices: an appointment is no case, its address lies here."""

    def reachable(self, cases: Iterable[UUID]) -> Mapping[UUID, frozenset[str]]:
        found = {case: contact_of(case) for case in cases}
        return {case: frozenset(c for c, key in BY.items() if key in kept) for case, kept in found.items() if kept}

    def of(self, case: UUID, channel: str) -> str | None:
        return contact_of(case).get(BY[channel])


also(Contacts())


def remind(now: datetime) -> int:
    """Notices for the appointments of the next hours, each once for each hour agreed on; how many appointments."""
    with scope(JOB):
        due = Appointment.objects.select_for_update(skip_locked=True).filter(
            status=Booking.BOOKED, reminded_at=None, starts_at__gte=_tomorrow(now), starts_at__lte=now + AHEAD)[:BATCH]  # fmt: skip
        book = list(due)
        # The hour is part of what makes it the same message: changed, it is recalled anew.
        tell_people([Told(a.id, a.code, "appointment", int(a.starts_at.timestamp() // 60)) for a in book], now)
        Appointment.objects.filter(id__in=[a.id for a in book]).update(reminded_at=now)
    return len(book)


def _tomorrow(now: datetime) -> datetime:
    """Midnight: the words say "tomorrow", so what is agreed on for today is not recalled."""
    return datetime.combine(day_of(now) + timedelta(days=1), time(), VIETNAM)


def evening(now: datetime) -> int:
    """Days that are over: lines, appointments nobody came to, addresses and needs that have served. How many were changed."""
    yesterday = day_of(now) - timedelta(days=1)
    who = Who("job", f"evening/{now.isoformat()}", now=now)
    with scope(JOB):
        left = close_day(yesterday, who)
        over = Appointment.objects.filter(starts_at__lt=now - timedelta(hours=12))
        missed = over.filter(status=Booking.BOOKED).update(status=Booking.MISSED)
        emptied = over.exclude(needs=[]).update(needs=[])
        gone = Q(appointment__starts_at__lt=now - timedelta(hours=12)) | Q(appointment__status=Booking.CANCELLED)
        many, _each = Contact.objects.filter(gone).delete()
    return left + missed + emptied + many


@every(60, "reminders")
def reminders() -> int:
    return remind(timezone.now())


@every(600, "evening")
def evenings() -> None:
    evening(timezone.now())
