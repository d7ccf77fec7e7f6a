"""Quiet hours and waiting after failures."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from trongdan.core.notices.quiet import BACKOFF_MINUTES, QuietHours, next_try, quiet_hours

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT = QuietHours(time(21), time(7), HANOI)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 7, day, hour, minute, tzinfo=HANOI)


@pytest.mark.parametrize(("now", "then"), [
    (at(20, 20, 59), at(20, 20, 59)), (at(20, 21), at(21, 7)), (at(20, 23, 59), at(21, 7)), (at(21, 0), at(21, 7)),
    (at(21, 6, 59), at(21, 7)), (at(21, 7), at(21, 7)), (at(31, 22), datetime(2026, 8, 1, 7, tzinfo=HANOI)),
])  # fmt: skip
def test_what_falls_into_the_night_waits_until_seven(now: datetime, then: datetime) -> None:
    assert NIGHT.next_allowed(now) == then


def test_the_night_is_the_one_in_hanoi_whatever_zone_the_clock_speaks() -> None:
    assert NIGHT.next_allowed(datetime(2026, 7, 20, 14, 0, tzinfo=UTC)) == at(21, 7)
    noon = datetime(2026, 7, 20, 13, 59, tzinfo=UTC)
    assert NIGHT.next_allowed(noon) is noon


def test_quiet_hours_may_lie_within_one_day_or_not_exist() -> None:
    noon = QuietHours(time(11, 30), time(13, 30), HANOI)
    assert noon.next_allowed(at(20, 12)) == at(20, 13, 30)
    assert noon.next_allowed(at(20, 23)) == at(20, 23)
    assert QuietHours(time(0), time(0), HANOI).next_allowed(at(20, 3)) == at(20, 3)


moments = st.integers(0, 366 * 24 * 60).map(lambda minute: at(1, 0) + timedelta(minutes=minute))


@given(moments, st.times(), st.times())
def test_the_time_given_is_never_earlier_never_quiet_and_within_a_day(now: datetime, start: time, end: time) -> None:
    hours = QuietHours(start, end, HANOI)
    allowed = hours.next_allowed(now)
    assert now <= allowed <= now + timedelta(days=1)
    assert hours.next_allowed(allowed) == allowed


def test_the_hours_are_a_setting_and_a_wrong_one_is_refused_with_its_name(settings: Any) -> None:
    assert quiet_hours() == NIGHT
    settings.NOTICE_QUIET_HOURS = "22:30 - 06:00"
    assert quiet_hours() == QuietHours(time(22, 30), time(6), HANOI)
    for wrong in ("21h-7h", "21:00", "", "21:00-07:00-08:00"):
        settings.NOTICE_QUIET_HOURS = wrong
        with pytest.raises(ImproperlyConfigured, match="NOTICE_QUIET_HOURS"):
            quiet_hours()


def test_each_failure_waits_longer_and_after_the_last_it_is_given_up() -> None:
    now = at(20, 9)
    waits = [(next_try(now, n) or now) - now for n in range(1, len(BACKOFF_MINUTES) + 1)]
    assert waits[:4] == [timedelta(minutes=m) for m in (1, 5, 30, 120)]
    assert waits == sorted(waits)
    assert next_try(now, len(BACKOFF_MINUTES) + 1) is None


def test_a_second_try_that_would_fall_into_the_night_waits_until_morning() -> None:
    assert next_try(at(20, 20, 50), 3) == at(21, 7)
