"""A holiday announced later, a rule amended: open clocks are counted anew on the real database, an event each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner
from django.db import connection

from tests.core.cases.people import AGENCY, SENDER, official
from trongdan.core.cases.check import check
from trongdan.core.cases.once import Done
from trongdan.core.cases.perform import perform
from trongdan.core.cases.recompute import recompute
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.kernel.calendar import HOLIDAY, Calendar, DayNote
from trongdan.kernel.case import VIETNAM, Command
from trongdan.law import Law, load_law

pytestmark = pytest.mark.django_db(transaction=True)
SENT, LATER = datetime(2026, 7, 6, 9, tzinfo=VIETNAM), datetime(2026, 7, 8, 9, tzinfo=VIETNAM)
LAW = load_law()


def send(on: datetime = SENT) -> Done:
    command = Command("letters.letter", None, "receive", {"text": "Cống tắc", "channel": "portal"}, agency=AGENCY)
    return perform(command, SENDER, now=on)


def with_day_off(day: date) -> Law:
    """The law with a holiday announced since."""
    calendar = LAW.calendar
    more = DayNote(day, HOLIDAY, "Ngày nghỉ mới công bố", "QĐ 999/QĐ-TTg", verified=True)
    return replace(LAW, calendar=Calendar(calendar.years, [*calendar.notes(), more]))


def clocks(case: UUID) -> dict[str, date | None]:
    with scope(JOB):
        return {c.id: c.due for c in load([case])[case].state.clocks.values()}


def tags(case: UUID) -> list[str]:
    with scope(JOB):
        return [e.tag for e in load([case])[case].events]


def in_read_table(case: UUID) -> dict[str, date | None]:
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("SELECT clock_id, due_at FROM td_clock WHERE case_id = %s", [case])
        return dict(cursor.fetchall())


def clock_of(rule: str, case: UUID) -> str:
    with scope(JOB):
        return next(c.id for c in load([case])[case].state.clocks.values() if c.rule == rule)


def test_a_new_holiday_on_the_last_day_moves_the_clock_with_one_event_that_says_what_it_was() -> None:
    case = send().case
    name = clock_of("XLD-01", case)
    assert clocks(case)[name] == date(2026, 7, 16)
    found = recompute(with_day_off(date(2026, 7, 16)), LATER)
    assert clocks(case)[name] == in_read_table(case)[name] == date(2026, 7, 17)
    assert tags(case).count("clock:recomputed") == 1
    mine = [m for m in found.moved if m.clock == name]
    assert [(m.rule, m.was, m.now, m.agency) for m in mine] == [("XLD-01", date(2026, 7, 16), date(2026, 7, 17), AGENCY)]
    with scope(JOB):
        event = next(e for e in load([case])[case].events if e.tag == "clock:recomputed")
    note = next(n for n in event.payload["clocks"] if n["clock"] == name)
    assert (note["was"], note["due"]) == ("2026-07-16", "2026-07-17")
    assert event.actor["post"] == "system"


def test_running_it_again_writes_nothing_more() -> None:
    case = send().case
    law = with_day_off(date(2026, 7, 16))
    assert recompute(law, LATER).affected == 1
    again = recompute(law, LATER)
    assert (again.affected, again.moved, again.cases) == (0, (), 1)
    assert tags(case).count("clock:recomputed") == 1


def test_a_holiday_that_touches_no_clock_writes_nothing() -> None:
    case = send().case
    assert recompute(with_day_off(date(2026, 12, 24)), LATER).moved == ()
    assert "clock:recomputed" not in tags(case)


def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    case = send().case
    law = with_day_off(date(2026, 7, 16))
    before = tags(case)
    planned = recompute(law, LATER, dry_run=True)
    assert tags(case) == before
    assert recompute(law, LATER) == planned


def test_an_amended_rule_is_applied_to_the_clocks_that_run_by_it() -> None:
    case = send().case
    rule = LAW.rules["XLD-01"]
    amended = replace(rule, versions=(replace(rule.versions[0], value=5),))
    found = recompute(replace(LAW, rules={**LAW.rules, "XLD-01": amended}), LATER)
    assert {(m.rule, m.now) for m in found.moved} == {("XLD-01", date(2026, 7, 13))}
    assert clocks(case)[clock_of("XLD-01", case)] == date(2026, 7, 13)


def test_only_cases_with_an_open_clock_are_looked_at_and_all_of_them_across_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trongdan.core.cases.recompute.BATCH", 2)
    sent = [send() for _ in range(5)]
    progress: list[int] = []
    found = recompute(with_day_off(date(2026, 7, 16)), LATER, seen=progress.append)
    assert (found.cases, found.affected) == (5, 5)
    assert progress == [2, 4, 5]
    assert {m.reference for m in found.moved} == {d.reference for d in sent}
    assert found.by(lambda m: m.agency) == [(AGENCY, len(found.moved))]


def test_a_clock_that_was_late_before_the_holiday_is_late_no_more_and_the_trail_keeps_both() -> None:
    case = send().case
    perform(Command("letters.letter", str(case), "clock.sweep"), _system(), now=datetime(2026, 7, 17, 8, tzinfo=VIETNAM))
    assert "clock:overdue" in tags(case)
    recompute(with_day_off(date(2026, 7, 16)), datetime(2026, 7, 17, 9, tzinfo=VIETNAM))
    with scope(JOB):
        clock = next(c for c in load([case])[case].state.clocks.values() if c.rule == "XLD-01")
    assert clock.due == date(2026, 7, 17)
    assert clock.overdue_for != clock.due
    assert tags(case)[-1] == "clock:recomputed"


def _system() -> object:
    from trongdan.kernel.case import SYSTEM

    return SYSTEM


def test_nobody_but_the_system_recomputes() -> None:
    from trongdan.kernel.errors import Refusal

    case = send().case
    with pytest.raises(Refusal):
        perform(Command("letters.letter", str(case), "clock.recompute"), official("head"), now=LATER)


def test_all_that_is_shown_still_follows_from_the_trail_after_it() -> None:
    send()
    recompute(with_day_off(date(2026, 7, 16)), LATER)
    with scope(JOB):
        assert [d for d in check(rebuild=False) if "thời hạn" in d.subject] == []


def test_the_command_takes_the_provinces_file_and_prints_who_is_affected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    local = tmp_path / "tinh.toml"
    text = (Path(__file__).parents[3] / "src/trongdan/law/local/phu_tho.toml").read_text("utf-8")
    local.write_text(text + '\n[[day]]\nday = 2026-07-16\nname = "Nghỉ do bão"\nsource = "Công điện 1"\n', "utf-8")
    done = send()

    @contextmanager
    def here(role: str) -> Iterator[None]:
        assert role == "td_job"
        yield

    monkeypatch.setattr("trongdan.doors.cli._shell.database", here)
    from trongdan.doors.cli.law import command

    dry = CliRunner().invoke(command, ["recompute", "--local", str(local), "--dry-run"])
    assert dry.exit_code == 0, dry.output
    assert "sẽ đổi" in dry.output
    assert "TRONGDAN_LAW_LOCAL" not in dry.output
    assert clocks(done.case)[clock_of("XLD-01", done.case)] == date(2026, 7, 16)
    real = CliRunner().invoke(command, ["recompute", "--local", str(local), "--json"])
    assert real.exit_code == 0, real.output
    rows = [json.loads(x) for x in real.stdout.splitlines() if x.startswith("{")]
    assert {(r["reference"], r["rule"], r["was"], r["now"]) for r in rows[:-1]} >= {(done.reference, "XLD-01", "2026-07-16", "2026-07-17")}
    assert (rows[-1]["affected"], rows[-1]["cases"], rows[-1]["written"]) == (1, 1, True)
    assert rows[-1]["by_agency"] == {AGENCY: rows[-1]["clocks"]}
    assert "TRONGDAN_LAW_LOCAL" in real.stderr, "what comes later is counted by the file in use"
    words = CliRunner().invoke(command, ["recompute", "--local", str(local)])
    assert "0 thời hạn của 0 hồ sơ" in words.output


def test_a_local_file_that_does_not_hold_together_is_refused_before_anything_is_touched(tmp_path: Path) -> None:
    local = tmp_path / "tinh.toml"
    local.write_text('[[rule]]\nid = "PT-1"\ntitle = "X"\nstarts_at = "x"\n', "utf-8")
    from trongdan.doors.cli.law import command

    done = CliRunner().invoke(command, ["recompute", "--local", str(local)])
    assert done.exit_code == 1
    assert "no version" in done.output
