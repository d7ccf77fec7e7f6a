"""The worker's part for receptions: reminders, and names that nobody needs any more."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from trongdan.core.cases.scope import JOB, scope
from trongdan.core.notices.tell import Told, tell_people
from trongdan.kernel.case import VIETNAM
from trongdan.platform.jobs import every

from .selectors import to_remind

KEPT_DAYS = 30  # after the day itself: long enough to answer "did I come?", then a slip is a number without a name


@every(300, "appointments")
def remind() -> int:
    """Tell who booked that the day is tomorrow, or that it was put off: once each, by message, without a word of the matter."""
    now = timezone.now()
    with scope(JOB):
        wanted = to_remind(now.astimezone(VIETNAM))
        return tell_people([Told(b, ref, template, day.toordinal()) for b, ref, day, template in wanted], now)


@every(3600, "slips")
def forget() -> int:
    """Names and telephones of slips go once their day is well past; the record of who was received is a case of its own."""
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM td_identity WHERE case_id IN (SELECT b.id FROM td_reception_booking b "
            "JOIN td_reception_session s ON s.id = b.session_id WHERE s.on_date < %s)",
            [timezone.now().astimezone(VIETNAM).date() - timedelta(days=KEPT_DAYS)],
        )
        gone: int = cursor.rowcount
        return gone
