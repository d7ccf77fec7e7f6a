"""A simulated year of reception days and dialogues through the real write path, held to an oracle that counts from the script:
which heads fell short in which month, and which communes never met the people. All 148 communes: `python -m bench meetings`."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from bench import minimums
from tests.core.cases.people import official
from trongdan.core.agencies.models import PostRow
from trongdan.core.agencies.province import province
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.doors.cli._year.meetings import Meetings
from trongdan.kinds.dialogue.selectors import duty_of_year
from trongdan.kinds.reception.selectors import compliance

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
FIRST, LAST = date(2026, 7, 1), date(2027, 6, 30)
WATCHES = ("ubnd-tinh", "tinh-uy")  # the State's superior and the Party's: neither counts the other's


def year(seed: int, communes: int) -> Meetings:
    """Some communes with their Party bodies, the province, and two departments."""
    some = [c.agency for c in province().communes][:communes]
    return Meetings(seed, FIRST, 12, frozenset({*some, *(f"{c}-du" for c in some), *WATCHES, "so-xd", "so-nnmt"}))


def sorts(meetings: Meetings) -> dict[str, str]:
    posts = {s.post for s in meetings.script.sittings}
    return {p.id: f"{p.agency.kind}/{p.agency.level}" for p in PostRow.objects.filter(id__in=posts).select_related("agency")}


def held_to_the_oracle(meetings: Meetings, month: date, today: date) -> Counter[str]:
    """Every head's month as the report has it, against the oracle; how many of each verdict were."""
    seen: Counter[str] = Counter()
    expected = minimums.months(meetings.script, sorts(meetings), month, today)
    for agency in WATCHES:
        with scope(official("inspector", agency)):
            found = {f"{k.agency}/head": k for k in compliance(month, today)}
        for post, told in found.items():
            if post not in expected:
                continue
            want = expected.pop(post)
            said = (told.needed, set(told.days), set(told.ahead), set(told.missed), set(told.stood_in), set(told.open), told.missing)
            assert said == (want.asked, want.days, want.ahead, want.missed, want.stood_in, want.open, want.missing), (post, month, today)
            assert told.verdict == minimums.verdict(want, month, today), (post, month, today)
            seen[told.verdict] += 1
    assert not expected, "every head is in the report of one superior"
    return seen


def test_every_minimum_of_a_year_is_reported_as_it_was_kept() -> None:
    meetings = year(20261127, 12)
    middle = date(2026, 11, 16)
    meetings.play(middle)
    on_the_way = held_to_the_oracle(meetings, date(2026, 11, 1), middle) + held_to_the_oracle(meetings, date(2026, 12, 1), middle)
    assert on_the_way["on_course"] and on_the_way["will_miss"]
    met = meetings.play(LAST + timedelta(days=60))
    seen: Counter[str] = Counter()
    for n in range(12):
        month = date(2026 + (6 + n) // 12, (6 + n) % 12 + 1, 1)
        seen += held_to_the_oracle(meetings, month, LAST + timedelta(days=1))
    assert seen["enough"] > 100 and seen["short"] > 50 and set(seen) == {"enough", "short"}
    late = sum(s.fate == "late_posted" for s in meetings.script.sittings)
    refused = {post for post, sort in sorts(meetings).items() if sort in minimums.NOT_GIVEN_AWAY}
    given_away = sum(s.fate == "stood_in" and s.post in refused for s in meetings.script.sittings)
    assert met.refused == {"reception.too_late": late, "reception.not_delegable": given_away}
    communes = [c.agency for c in province().communes][:12]
    for which in (2026, 2027):
        found, want = duty_of_year(which, communes), minimums.met_people(meetings.script, which)
        assert {a: m.counted for a, m in found.items() if m.counted} == want
        assert {a for a, m in found.items() if m.met} == set(want)


def test_notices_and_results_of_a_year_are_late_exactly_where_they_were_played_late() -> None:
    meetings = year(5, 12)
    meetings.play(LAST + timedelta(days=60))
    with scope(JOB):
        states = {str(case): loaded.state for case, loaded in load(list(meetings.met.cases.values())).items()}
    counted: Counter[str] = Counter()
    for number, case in meetings.met.cases.items():
        one, clocks = meetings.script.conferences[number], states[case].clocks
        if not one.people:
            assert clocks == {}
            continue
        notice, results = clocks["notice"], clocks.get("results")
        if one.goes not in ("planned", "cancelled"):
            assert notice.stopped_on and notice.due and (notice.stopped_on > notice.due) is (one.notice < 7), one
            counted["late notice" if one.notice < 7 else "notice"] += 1
        if one.goes == "published":
            assert results and results.stopped_on and results.due and (results.stopped_on > results.due) is (one.results == 18), one
            counted["late results" if one.results == 18 else "results"] += 1
    assert len(counted) == 4, counted


def test_the_same_seed_is_the_same_year() -> None:
    assert year(3, 3).script == year(3, 3).script != year(4, 3).script
