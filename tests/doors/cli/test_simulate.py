"""A simulated year is the product at work: its trail holds, its clocks are right, and the same seed gives it again."""

from __future__ import annotations

import calendar
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pytest
from django.db import connection

from tests.core.cases.people import send, wait_until_readable
from tests.roles import worker
from trongdan.board.tally import check_tally
from trongdan.core.cases.check import check
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import Loaded, load
from trongdan.doors.cli import simulate
from trongdan.kernel.case import ClockState
from trongdan.kernel.clock import RuleVersion, Unit
from trongdan.kernel.errors import Refusal
from trongdan.law import load_law

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.timeout(600)]
ONE = timedelta(days=1)


# --- the oracle: day by day, from the numbers of the law and the tables of holidays alone ---------------------------------

@lru_cache(maxsize=1)
def days_of_rest() -> tuple[frozenset[date], frozenset[date]]:
    """(days off, weekend days worked) as the calendar files say, read here anew."""
    off, worked = set(), set()
    for file in (files("trongdan.law") / "calendars").iterdir():
        if file.name.endswith(".toml"):
            for row in tomllib.loads(file.read_text("utf-8")).get("day", []):
                (worked if row["kind"] == "work_swap" else off).add(row["day"])
    local = tomllib.loads((files("trongdan.law") / "local" / "phu_tho.toml").read_text("utf-8"))
    return frozenset(off | {row["day"] for row in local.get("day", [])}), frozenset(worked)


def rests(day: date) -> bool:
    off, worked = days_of_rest()
    return day not in worked and (day.weekday() >= 5 or day in off)


def last_day(version: RuleVersion, clock: ClockState) -> date:
    """The last day of a limit, walked: the first day is not counted, paused days are not, a last day of rest moves on."""
    value = version.variants[clock.variant] if clock.variant else version.value
    assert value is not None
    if version.extension and not version.extension.in_variants:
        value += version.extension.value * clock.extended
    paused = {a + ONE * n for a, b in clock.pauses if version.pause_basis for n in range((b - a).days if b else 0)}
    if version.suspends_from:
        paused = {day for day in paused if day >= version.suspends_from}
    day = clock.started_on
    if version.unit is Unit.MONTH:
        month = day.month - 1 + value
        year, month = day.year + month // 12, month % 12 + 1
        day = date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    else:
        while value:
            day += ONE
            value -= not (day in paused or (version.unit is Unit.WORKING_DAY and rests(day)))
    while version.roll and rests(day):
        day += ONE
    return day


def version_of(clock: ClockState) -> RuleVersion:
    """The one version in force on the day the clock started."""
    found = [v for v in load_law().rule(clock.rule).versions
             if v.effective_from <= clock.started_on and (v.effective_to is None or clock.started_on <= v.effective_to)]  # fmt: skip
    assert len(found) == 1
    return found[0]


def cases() -> Mapping[Any, Loaded]:
    with scope(JOB):
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM td_case")
            ids = [row[0] for row in cursor.fetchall()]
        return load(ids)


def held_to_the_oracle(found: Mapping[Any, Loaded]) -> Counter[str]:
    """Every clock of every case against the walk; how many of each rule were."""
    seen: Counter[str] = Counter()
    for case in found.values():
        for clock in case.state.clocks.values():
            version = version_of(clock)
            countable = version.unit.countable and version.unit is not Unit.HOUR and not version.counts_back(clock.variant)
            if clock.due is None or clock.no_limit or not countable or case.kind.clocks[clock.id].ends_on:
                continue
            assert clock.due == last_day(version, clock), (case.reference, clock)
            seen[clock.rule] += 1
    return seen


@pytest.fixture
def played() -> Iterator[dict[str, Any]]:
    with worker():
        wait_until_readable()
        yield simulate.run(7, 0.01)


def test_after_a_year_the_trail_holds_every_clock_is_right_and_late_means_late(played: dict[str, Any]) -> None:
    assert list(check(rebuild=True)) == [] and list(check_tally(rebuild=True)) == []
    found = cases()
    seen = held_to_the_oracle(found)
    assert sum(seen.values()) > 2000 and len(seen) > 8, seen
    for case in found.values():
        for clock in case.state.clocks.values():
            if clock.overdue_on is not None and clock.overdue_for == clock.due and clock.due is not None:
                assert clock.overdue_on > clock.due, "no word of lateness in time"
    assert played["letters"] == 700 and played["cases"] == len(found) > 1100
    assert played["warned"] > 100 and played["overdue"] > 100
    outcomes = {(kind, outcome) for kind, by in played["kinds"].items() for outcome in by}
    assert {("letters.petition", "accepted"), ("letters.complaint.first", "rejected"), ("letters.complaint.first", "refused"),
            ("letters.letter", "filed"), ("letters.letter", "guided")} <= outcomes  # fmt: skip
    assert set(played["refused"]) <= {"calendar.missing"}, "the plans ask only what the rules allow"
    vault = [case for case in found.values() if case.state.vault]
    assert len(vault) > 10
    hours = Counter(case.events[0].at.astimezone().hour for case in found.values() if case.parent is None)
    assert len(hours) > 8


def emptied(owner_db: Any) -> None:
    """As before the first letter: whatever a year left goes, the trail's own guard included."""
    tables = [row[0] for row in owner_db.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'td_%' AND "
              "relname NOT IN ('td_agency', 'td_succession', 'td_post', 'td_appointment', 'td_delegation', 'td_person')").fetchall()]
    owner_db.execute("SET session_replication_role = replica")
    owner_db.execute(f"TRUNCATE {', '.join(tables)}")


def test_the_same_seed_gives_the_same_year_and_another_seed_another(owner_db: Any) -> None:
    digests = []
    for seed in (3, 3, 4):
        with worker():
            wait_until_readable()
            digests.append(simulate.run(seed, 0.001, days=120)["digest"])
        emptied(owner_db)
    assert digests[0] == digests[1] != digests[2]


def test_a_simulation_does_not_mix_with_letters_that_are_there() -> None:
    send()
    with worker(), pytest.raises(Refusal, match="không diễn lẫn vào hồ sơ thật"):
        simulate.run(1, 0.001)
    with worker():
        wait_until_readable()
        assert simulate.run(1, 0.0005, days=30, into_existing=True)["cases"] > 2
