"""Points of conclusions: a day moved is counted and told, and figures go out in stages, by a decision, without small counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from tests.core.cases.people import official
from tests.doors.desk.test_dialogues import in_session, signed
from tests.kinds.reception.test_calendar import AGENCY, by
from tests.kinds.reception.test_table import concluded, do, issue, state
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import INTAKE, scope
from trongdan.core.cases.trail import load, today
from trongdan.kernel.case import VIETNAM, Command
from trongdan.kernel.errors import Refusal
from trongdan.kinds.letters.tracking import view_for_sender
from trongdan.kinds.reception import disclosure, promises
from trongdan.kinds.reception.disclosure import Line, Order, without_small
from trongdan.kinds.reception.promises import Kept

pytestmark = pytest.mark.django_db(transaction=True)
PROVINCE = "ubnd-tinh"
CANARY = "Bà Canary Thị Kín, xóm Mớ"


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=VIETNAM)


def bound_point(finish: date | None = None) -> tuple[UUID, UUID]:
    """(record, point) of a signed conclusion."""
    record, conclusion, point = concluded(finish)
    issue(conclusion, f"{uuid4().hex[:6]}/TB-UBND")
    return record, point


def several(how_many: int, finish: date) -> list[UUID]:
    """Points of one conclusion that was opened by itself, signed."""
    data = {"held_on": today().isoformat(), "subject": "giao thông"}
    conclusion = perform(Command("reception.conclusion", None, "open", data, agency=AGENCY), official("reception")).case
    points = [do(conclusion, "mark_point", task="Sửa đèn", doer_agency=AGENCY, finish_on=finish.isoformat(), proof_wanted="Ảnh")
              .opened[0][0] for _n in range(how_many)]  # fmt: skip
    issue(conclusion, f"{uuid4().hex[:6]}/TB-UBND")
    return points


def act(case: UUID, action: str, role: str, day: date, agency: str = AGENCY, **data: Any) -> Any:
    reason = data.pop("reason", None)
    return perform(Command("", str(case), action, data, reason=reason), official(role, agency), now=at(day))


# --- a moved day ------------------------------------------------------------------------------------------------------------------


def test_only_the_head_who_concluded_moves_a_day_and_only_to_a_later_one_with_a_reason() -> None:
    first = today() + timedelta(days=20)
    _record, point = bound_point(first)
    later = (first + timedelta(days=10)).isoformat()
    for role, agency in (("deputy", AGENCY), ("office", AGENCY), ("head", "c04990"), ("head", PROVINCE)):
        with pytest.raises(Refusal):
            do(point, "redate", role, agency, finish_on=later, moved_why="Mưa lũ")
    for data in ({"finish_on": later}, {"finish_on": first.isoformat(), "moved_why": "Mưa"}, {"moved_why": "Mưa"},
                 {"finish_on": (first - timedelta(days=1)).isoformat(), "moved_why": "Mưa"}):  # fmt: skip
        with pytest.raises(Refusal):
            do(point, "redate", "head", **data)
    do(point, "redate", "head", finish_on=later, moved_why="Mưa lũ")
    clock = state(point).clocks["finish"]
    assert (clock.due, clock.running) == (first + timedelta(days=10), True)


def test_a_day_that_has_gone_by_is_not_moved_and_stays_broken() -> None:
    first = today() + timedelta(days=3)
    _record, point = bound_point(first)
    with pytest.raises(Refusal) as refused:
        act(point, "redate", "head", first + timedelta(days=1), finish_on=(first + timedelta(days=9)).isoformat(), moved_why="Chậm")
    assert "đã qua" in refused.value.message
    assert state(point).clocks["finish"].due == first


def test_the_person_reads_why_the_day_was_moved_and_the_new_day() -> None:
    first = today() + timedelta(days=20)
    record, point = bound_point(first)
    do(point, "redate", "head", finish_on=(first + timedelta(days=5)).isoformat(), moved_why="Mưa lũ, xe không vào được")
    do(point, "account", "head", account="Đang chờ đường thông")
    view = next(v for v in view_for_sender(record, today()) if v.id == point)
    assert view.texts["moved_why"] == "Mưa lũ, xe không vào được" and view.texts["account"] == "Đang chờ đường thông"
    assert any("lùi ngày cam kết" in line.words for line in view.trail)
    assert [c.state.due for c in view.clocks] == [first + timedelta(days=5)]


def test_done_by_the_moved_day_is_counted_apart_and_never_as_kept() -> None:
    day = today()
    first, moved = day + timedelta(days=5), day + timedelta(days=12)
    points = several(5, first)
    for point in points[:4]:
        do(point, "redate", "head", finish_on=moved.isoformat(), moved_why="Mưa lũ")
    done = {points[0]: first, points[1]: moved, points[2]: moved + timedelta(days=1), points[4]: first}
    for point, on in done.items():
        act(point, "report_done", "head", on, action_taken="Đã làm", done_on=on.isoformat(), proof="Ảnh")
    end = moved + timedelta(days=2)
    with scope(official("head")):
        (line,) = promises.figures(day, day, end)
        told = {p.case: (p.verdict(end), p.moves) for p in promises.points(AGENCY)}
    assert (line.kept, line.moved, line.late, line.broken, line.running, line.redated) == (2, 1, 1, 1, 0, 4)
    assert [told[p] for p in points] == [("kept", 1), ("moved", 1), ("late", 1), ("broken", 1), ("kept", 0)]
    with scope(official("head")):
        assert [k.running for k in promises.figures(day, day, first - timedelta(days=1))] == [1]


# --- figures that go out ----------------------------------------------------------------------------------------------------------


def test_small_counts_are_left_out_and_cannot_be_found_by_taking_away() -> None:
    rows = [Kept("a", "a/1", 8, 0, 3, 0, 0, 1), Kept("a", "a/2", 1, 1, 1, 0, 0, 0), Kept("b", None, 4, 0, 0, 0, 0, 0)]
    assert without_small(rows) == [
        Line("a", "*", 10, 5, None, None, None, None, None), Line("a", "a/1", 10, 8, None, None, None, None, None)]  # fmt: skip


@pytest.fixture
def year() -> tuple[date, date]:
    """A period that holds today's points and is over a week from now."""
    return today(), today() + timedelta(days=6)


def order(year: tuple[date, date], stage: str, **more: Any) -> Order:
    return Order(year[0], year[1], stage, more.get("no", "15/QĐ-UBND"), more.get("on", year[1] + timedelta(days=1)))


def later(year: tuple[date, date]) -> datetime:
    return at(year[1] + timedelta(days=2))


def seen(agency: str | None) -> list[disclosure.Released]:
    with scope(official("office", agency) if agency else INTAKE):
        return disclosure.released()


def test_figures_are_inside_until_a_decision_then_go_out_stage_by_stage_and_come_back(year: tuple[date, date]) -> None:
    several(5, today() + timedelta(days=30))
    now = later(year)
    assert seen(None) == [] and seen("mttq-tinh") == []
    with pytest.raises(Refusal) as refused:
        disclosure.release(order(year, "public"), by("head", PROVINCE), now)
    assert refused.value.code == "promises.order"
    disclosure.release(order(year, "council"), by("head", PROVINCE), now)
    assert seen(None) == [] and seen("c04990") != [], "those whom the province answers for are told"
    (front,) = seen("mttq-tinh")
    assert (front.stage, front.lines[0].agency, front.lines[0].running) == ("council", AGENCY, 5)
    disclosure.release(order(year, "public", no="16/QĐ-UBND"), by("head", PROVINCE), now)
    (public,) = seen(None)
    assert (public.decision_no, public.as_of, [x.post for x in public.lines]) == ("16/QĐ-UBND", now.date(), ["*", None])
    disclosure.release(order(year, "inside", no="17/QĐ-UBND"), by("head", PROVINCE), now)
    assert seen(None) == [] and seen("mttq-tinh") == []


@pytest.mark.parametrize(("change", "code"), [
    ({"stage": "all"}, "promises.stage"), ({"until": date(2099, 1, 1)}, "promises.period"), ({"decision_no": " "}, "promises.decision"),
    ({"decision_on": None}, "promises.decision_on"), ({"decision_on": date(2020, 1, 1)}, "promises.decision_on"),
    ({"stage": "inside"}, "promises.not_released"),
])  # fmt: skip
def test_a_decision_that_lacks_something_is_refused(year: tuple[date, date], change: dict[str, Any], code: str) -> None:
    base = order(year, "council")
    wanted = Order(**{f: getattr(base, f) for f in Order.__slots__} | change)
    with pytest.raises(Refusal) as refused:
        disclosure.release(wanted, by("head"), later(year))
    assert refused.value.code == code


def test_only_a_head_in_an_own_name_discloses_and_periods_never_cut_each_other(year: tuple[date, date]) -> None:
    now = later(year)
    for role in ("deputy", "office", "reception"):
        with pytest.raises(Refusal):
            disclosure.release(order(year, "council"), by(role), now)
    doer = by("head")
    assert disclosure.release(order(year, "council"), doer, now) == disclosure.release(order(year, "council"), doer, now)
    cut = (year[0] - timedelta(days=2), year[1])
    with pytest.raises(Refusal) as refused:
        disclosure.release(order(cut, "council"), by("head"), now)
    assert refused.value.code == "promises.overlap"
    with connection.cursor() as cursor, scope(official("head")):
        cursor.execute("SELECT count(*) FROM td_promise_release")
        assert cursor.fetchone() == (1,)


def test_a_unit_s_explanation_stands_beside_its_own_figure_and_names_nobody(year: tuple[date, date]) -> None:
    several(5, today() + timedelta(days=30))
    now = later(year)
    with pytest.raises(Refusal) as refused:
        disclosure.explain(*year, "Ông Nam gọi 0912345678 chưa giao đất", by("head"), now)
    assert "số điện thoại" in refused.value.message
    with pytest.raises(Refusal):
        disclosure.explain(*year, "Thiếu vốn", by("officer"), now)
    disclosure.explain(*year, "Thiếu vốn", by("head"), now)
    disclosure.explain(*year, "Thiếu vốn, đã bố trí tháng sau", by("office"), now)
    disclosure.explain(*year, "Lời của nơi không có số liệu", by("head", "c04990"), now)
    with scope(official("head", PROVINCE)):
        assert disclosure.accounts(*year)[AGENCY] == "Thiếu vốn, đã bố trí tháng sau"
    with scope(official("head", "c04990")):
        assert AGENCY not in disclosure.accounts(*year)
    for stage in ("council", "public"):
        disclosure.release(order(year, stage), by("head", PROVINCE), now)
    assert seen(None)[0].accounts == {AGENCY: "Thiếu vốn, đã bố trí tháng sau"}


# --- points of public meetings ----------------------------------------------------------------------------------------------------


def of_a_meeting() -> UUID:
    """A point concluded at a conference with the people, signed."""
    meeting = in_session()
    signed(meeting, do(meeting, "minutes", "office", attended=40, record="Đã hỏi và đáp."))
    conclusion = do(meeting, "conclude", "office").opened[0][0]
    point = do(conclusion, "mark_point", "office", task=f"Sửa cống trước nhà {CANARY}", doer_agency=AGENCY, proof_wanted="Ảnh",
               finish_on=(today() + timedelta(days=20)).isoformat()).opened[0][0]  # fmt: skip
    issue(conclusion, f"{uuid4().hex[:6]}/TB-UBND")
    return UUID(str(point))


def published_point() -> UUID:
    """A point of a meeting and five more, with words read, a day moved, explained, and a public period."""
    point = of_a_meeting()
    several(5, today() + timedelta(days=9))
    do(point, "redate", "head", finish_on=(today() + timedelta(days=40)).isoformat(), moved_why="Mưa lũ")
    do(point, "release_words", "office", public_task="Sửa cống đầu xóm", public_account="Chờ vật tư", public_checked=True)
    period = (today(), today() + timedelta(days=1))
    disclosure.explain(*period, "Thiếu vật tư, tháng sau có", by("head"), at(today()))
    for stage in ("council", "public"):
        disclosure.release(Order(*period, stage, "15/QĐ-UBND", period[1] + timedelta(days=1)), by("head"), later(period))
    return point


def public_points() -> list[disclosure.Concluded]:
    with scope(INTAKE):
        return disclosure.concluded()


def test_a_point_of_a_public_meeting_is_shown_in_read_words_only_while_its_period_is_public(year: tuple[date, date]) -> None:
    point = of_a_meeting()
    now = later(year)
    for stage in ("council", "public"):
        disclosure.release(order(year, stage), by("head"), now)
    assert public_points() == [], "nobody has read its words yet"
    do(point, "account", "head", account=f"Chờ {CANARY}")
    with pytest.raises(Refusal):
        do(point, "release_words", "office", public_task="Sửa cống đầu xóm")
    do(point, "release_words", "office", public_task="Sửa cống đầu xóm", public_account="Chờ vật tư", public_checked=True)
    (one,) = public_points()
    assert (one.task, one.account, one.agency, one.verdict(today())) == ("Sửa cống đầu xóm", "Chờ vật tư", AGENCY, "running")
    assert CANARY not in str(one)
    do(point, "withdraw_words", "office", reason="Đọc lại")
    assert public_points() == []
    do(point, "release_words", "head", public_task="Sửa cống", public_checked=True)
    assert [p.task for p in public_points()] == ["Sửa cống"]
    disclosure.release(order(year, "inside"), by("head"), now)
    assert public_points() == []


def test_a_point_of_one_person_s_reception_is_never_shown_by_itself(year: tuple[date, date]) -> None:
    _record, point = bound_point()
    with pytest.raises(Refusal) as refused:
        do(point, "release_words", "head", public_task="Sửa cống", public_checked=True)
    assert "buổi đối thoại công khai" in refused.value.message
    with scope(INTAKE):
        assert load([point]) == {}
