"""The estimator, the forecast, the simulated day: pure."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kinds.waiting.hall import MORNING, at
from trongdan.kinds.waiting import forecast, simulate
from trongdan.kinds.waiting.estimate import AtCounter, Estimate, Times, told, wait
from trongdan.kinds.waiting.hours import next_opening, slots, spans
from trongdan.kinds.waiting.order import moment
from trongdan.kinds.waiting.reference import rules, service_of
from trongdan.law import load_law

R = rules()
DAY = date(2026, 9, 14)
CALENDAR = load_law().calendar
TODAY = spans(MORNING.date(), R.sessions, CALENDAR)
CIVIL = AtCounter(frozenset({"civil"}))


def measured(minutes: float, hour: int = 8, n: int = 1000, service: str = "civil") -> Times:
    times = Times(R)
    times.add(service, hour, n, n * minutes * 60, n * (minutes * 60) ** 2)
    return times


def test_behind_three_at_one_counter_the_wait_is_three_visits_and_at_three_counters_one() -> None:
    times = measured(10)
    one = wait(MORNING, "civil", ["civil"] * 3, [CIVIL], times, TODAY)
    three = wait(MORNING, "civil", ["civil"] * 3, [CIVIL] * 3, times, TODAY)
    assert one.seconds == pytest.approx(1800, rel=0.02)
    assert three.seconds == pytest.approx(600, rel=0.02)
    assert one.low < 1800 < one.high


def test_who_is_at_the_counter_is_counted_with_what_is_left_of_the_visit() -> None:
    busy = AtCounter(frozenset({"civil"}), "civil", MORNING - timedelta(minutes=6))
    found = wait(MORNING, "civil", [], [busy], measured(10, 7), TODAY)
    assert found.seconds == pytest.approx(240, rel=0.05)
    assert found.ahead == 0
    long = AtCounter(frozenset({"civil"}), "civil", MORNING - timedelta(minutes=50))
    sat = wait(MORNING, "civil", [], [long], measured(10, 7), TODAY)
    assert sat.seconds is not None
    assert sat.seconds > 60, "never promised at once"


def test_others_of_another_line_do_not_count_unless_a_counter_serves_both() -> None:
    land, both = AtCounter(frozenset({"land"})), AtCounter(frozenset({"land", "civil"}))
    apart = wait(MORNING, "civil", ["land"] * 5, [CIVIL, land], measured(10), TODAY)
    shared = wait(MORNING, "civil", ["land"] * 5, [both], measured(10), TODAY)
    assert (apart.seconds, apart.ahead) == (0, 0)
    assert shared.ahead == 5
    assert shared.seconds is not None
    assert shared.seconds > 3000


def test_a_wait_over_noon_goes_on_after_the_rest_and_says_so() -> None:
    late = MORNING.replace(hour=11, minute=20)
    found = wait(late, "civil", ["civil"] * 3, [CIVIL], measured(10, 11), TODAY)
    assert found.later
    assert found.seconds is not None
    assert found.seconds > 2 * 3600
    assert not wait(late, "civil", [], [CIVIL], measured(10, 11), TODAY).later


def test_an_hour_with_few_visits_leans_on_the_day_and_with_many_speaks_for_itself() -> None:
    times = measured(6, 8, 2000)
    times.add("civil", 14, 2, 2 * 1800, 2 * 1800**2)
    assert times.mean("civil", 8) == pytest.approx(360, rel=0.01)
    assert 360 < times.mean("civil", 14) < 650
    assert Times(R).mean("civil", 9) == R.services["civil"].mean


def test_estimates_that_came_out_short_are_told_longer_within_bounds() -> None:
    times = measured(10)
    plain = wait(MORNING, "civil", ["civil"] * 3, [CIVIL], times, TODAY).seconds
    for _ in range(500):
        times.judge("civil", 600, 720)
    tilted = wait(MORNING, "civil", ["civil"] * 3, [CIVIL], times, TODAY).seconds
    assert plain is not None
    assert tilted == pytest.approx(plain * 1.196, rel=0.02)
    for _ in range(5000):
        times.judge("civil", 60, 7200)
    assert times.tilt("civil") == 1.5


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # a busy machine is no fault of the line
@given(st.lists(st.sampled_from(["civil", "land", "results"]), max_size=25), st.integers(1, 4))
def test_one_more_before_never_shortens_a_wait_and_one_more_counter_never_lengthens_it(line: list[str], counters: int) -> None:
    found = wait(MORNING, "civil", line, [CIVIL] * counters, Times(R), TODAY)
    longer = wait(MORNING, "civil", [*line, "civil"], [CIVIL] * counters, Times(R), TODAY)
    more = wait(MORNING, "civil", line, [CIVIL] * (counters + 1), Times(R), TODAY)
    assert found.seconds is not None and longer.seconds is not None and more.seconds is not None
    assert more.seconds <= found.seconds <= longer.seconds
    assert 0 <= found.low <= found.seconds <= found.high


@settings(deadline=None)
@given(st.integers(0, 300), st.booleans(), st.one_of(st.none(), st.integers(-60, 60)))
def test_nobody_is_passed_by_who_comes_an_hour_later(minutes: int, helped: bool, appointment: int | None) -> None:
    taken = at(minutes)
    hour = at(minutes + appointment) if appointment is not None else None
    found = moment(taken, R, helped=helped, appointment=hour)
    assert taken - max(R.support_ahead, R.appointment_ahead + R.late_grace) <= found <= taken


def test_people_are_told_whole_five_minutes_and_nothing_that_cannot_be_known() -> None:
    assert told(Estimate(None)) is None
    assert told(Estimate(0, 0, 0)) == (0, 5)
    assert told(Estimate(1000, 700, 1300)) == (10, 25)


def test_the_slots_of_a_day_lie_whole_in_its_hours_and_a_closed_day_opens_after_the_rest() -> None:
    found = slots(MORNING.date(), R.sessions, CALENDAR, timedelta(minutes=30))
    assert len(found) == 15
    assert slots(date(2026, 9, 19), R.sessions, CALENDAR, timedelta(minutes=30)) == []
    friday_evening = MORNING.replace(day=18, hour=20)
    opening = next_opening(friday_evening, R.sessions, CALENDAR)
    assert opening is not None
    assert (opening.day, opening.hour) == (21, 7)


def test_a_procedures_field_finds_its_line() -> None:
    assert [service_of(f) for f in ("Hộ tịch", "Đất đai", "Thành lập và hoạt động của doanh nghiệp", "Thiên văn")] == \
        ["civil", "land", "business", "other"]  # fmt: skip


# --- forecast -----------------------------------------------------------------------------------------------------------


def test_more_counters_are_proposed_when_the_coming_hour_brings_more_than_the_open_ones_can_do() -> None:
    times, counters = measured(10), [(1, CIVIL), (2, AtCounter(frozenset({"land"})))]
    hours = forecast.ahead(["civil"] * 4, [c for _n, c in counters], {("civil", 8): 20.0}, times, [(8, 1.0)])
    hint = forecast.suggest(hours, counters, ["civil"] * 4, times, R)[0]
    assert (hint.service, hint.waiting, hint.open) == ("civil", 4, 1)
    assert hint.idle == (2,)
    assert hint.needed == 3
    assert hint.more == 2
    enough = [(n, CIVIL) for n in range(4)]
    calm = forecast.ahead(["civil"] * 4, [c for _n, c in enough], {("civil", 8): 20.0}, times, [(8, 1.0)])
    assert forecast.suggest(calm, enough, ["civil"] * 4, times, R) == []


def test_people_who_wait_with_no_counter_at_all_are_the_first_suggestion() -> None:
    hours = forecast.ahead(["land"], [CIVIL], {}, Times(R), [(8, 1.0)])
    hint = forecast.suggest(hours, [(1, CIVIL)], ["land"], Times(R), R)[0]
    assert (hint.service, hint.more, math.isinf(hint.wait)) == ("land", 1, True)


# --- the simulated day --------------------------------------------------------------------------------------------------


def one_day(seed: int, volume: int) -> tuple[simulate.Counted, simulate.Seen]:
    serves = simulate.counters_of(R.counters["tinh"])[:: max(1, simulate.BUSIEST // volume)]
    return simulate.run_day(simulate.comers(seed, DAY, R, volume), R, serves, Times(R), spans(DAY, R.sessions, CALENDAR))


def test_the_same_seed_gives_the_same_day_to_the_second_and_another_seed_another() -> None:
    first, second, other = (simulate.comers(seed, DAY, R) for seed in (7, 7, 8))
    assert first == second
    assert first != other
    assert 1500 < len(first) < 2500


def test_a_simulated_day_loses_nobody_and_serves_nobody_twice() -> None:
    found, seen = one_day(3, 450)
    assert found.taken == found.served + found.away > 400
    assert (found.twice, found.lost) == (0, 0)
    assert found.error.n == found.taken
    assert len(seen.visits) == found.served
    assert one_day(3, 450)[0] == found


@pytest.mark.slow
def test_after_a_week_of_learning_the_wait_is_right_to_five_minutes_for_most() -> None:
    times, serves = Times(R), simulate.counters_of(R.counters["tinh"])
    for day in simulate.working_days(DAY, 5, CALENDAR.is_working):
        simulate.learn(simulate.run_day(simulate.comers(1, day, R), R, serves, times, spans(day, R.sessions, CALENDAR))[1], times)
    found, _seen = simulate.run_day(simulate.comers(1, DAY, R), R, serves, times, spans(DAY, R.sessions, CALENDAR))
    assert (found.twice, found.lost) == (0, 0)
    assert found.error.minutes < 6
    assert found.error.share > 70
    assert found.inside / found.error.n > 0.8
