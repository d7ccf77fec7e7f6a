"""When people may be disturbed, and how long to wait after a failure. Pure; the times are settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

QUIET_HOURS = "21:00-07:00"
BACKOFF_MINUTES = (1, 5, 30, 120, 360, 1440)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until before `end`, local time; over midnight when `start` is later. Equal times: never quiet."""

    start: time
    end: time
    zone: tzinfo

    def next_allowed(self, at: datetime) -> datetime:
        """`at` itself, or the end of the quiet hours it falls into. Aware in, aware out."""
        local = at.astimezone(self.zone)
        now = local.timetz().replace(tzinfo=None)
        if self.start <= self.end:
            quiet, over_midnight = self.start <= now < self.end, False
        else:
            quiet, over_midnight = now >= self.start or now < self.end, now >= self.start
        if not quiet:
            return at
        day = local.date() + timedelta(days=1 if over_midnight else 0)
        return datetime.combine(day, self.end, self.zone)


def quiet_hours() -> QuietHours:
    """The setting NOTICE_QUIET_HOURS ("21:00-07:00") in the instance's time zone. Raises ImproperlyConfigured."""
    text = str(getattr(settings, "NOTICE_QUIET_HOURS", QUIET_HOURS))
    try:
        start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        raise ImproperlyConfigured(f"NOTICE_QUIET_HOURS: “{text}” không phải khoảng giờ như 21:00-07:00") from None
    return QuietHours(start, end, ZoneInfo(settings.TIME_ZONE))


def backoff() -> Sequence[int]:
    """Minutes to wait after each failure (setting NOTICE_BACKOFF_MINUTES); after the last one it is given up."""
    return tuple(getattr(settings, "NOTICE_BACKOFF_MINUTES", BACKOFF_MINUTES))


def next_try(now: datetime, attempts: int) -> datetime | None:
    """When to try again after `attempts` failures, outside the quiet hours; None when it is time to give up."""
    waits = backoff()
    if attempts > len(waits):
        return None
    return quiet_hours().next_allowed(now + timedelta(minutes=waits[attempts - 1]))
