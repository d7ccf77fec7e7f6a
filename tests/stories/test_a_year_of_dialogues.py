"""A simulated year of dialogues in all communes, through the real write path, held to an oracle that knows what was played:
which commune met its yearly duty, and which notices and results were late."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from tests.core.cases.people import official
from trongdan.core.agencies.province import province
from trongdan.core.cases.once import Done
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.kernel.case import VIETNAM, Command
from trongdan.kinds.dialogue import selectors

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
YEAR = 2026
LATEST = date(YEAR, 11, 20)  # the year as far as the calendar of today lets it be played


@dataclass(frozen=True)
class Played:
    """What was done with one meeting: how far it went, and how many days before and after."""

    agency: str
    kind: str
    held: date
    until: str  # planned | announced | opened | minuted | published
    notice: int
    results: int


def _script(seed: int) -> list[Played]:
    pick = random.Random(seed)
    out = []
    for commune in province().communes:
        for _ in range(pick.choice((0, 1, 1, 2))):
            held = date(YEAR, 1, 20) + timedelta(days=pick.randrange((LATEST - date(YEAR, 1, 20)).days - 20))
            out.append(Played(commune.agency, pick.choice((selectors.CONFERENCE,) * 4 + (selectors.ENTERPRISES,)), held,
                              pick.choice(("planned", "announced", "opened", "minuted", "published", "published")),
                              pick.choice((3, 6, 7, 8, 15)), pick.choice((2, 9, 12, 18))))  # fmt: skip
    return out


def _do(case: UUID | None, one: Played, action: str, role: str, day: date, **data: object) -> Done:
    now = datetime(day.year, day.month, day.day, 9, tzinfo=VIETNAM)
    command = Command(one.kind, str(case) if case else None, action, data, agency=one.agency,
                      reason="Có lý do." if action == "notify_late" else None)  # fmt: skip
    return perform(command, official(role, one.agency), now=now)


def _signed(case: UUID, one: Played, done: Done, day: date) -> None:
    assert done.state
    paper = done.state.waiting_paper
    assert paper
    for stage, roles in paper.chain:
        if stage != "send":
            more = {"number": "1/TB"} if stage == "number" else {}
            _do(case, one, f"paper.{stage}", roles[0], day, paper=paper.id, **more)


def _play(one: Played) -> UUID:
    own = {"occasion": "yearly", "front_agreed": True} if one.kind == selectors.CONFERENCE else {}
    planned, told = one.held - timedelta(days=18), one.held - timedelta(days=one.notice)
    case = _do(None, one, "plan", "office", planned, subject="Tình hình của xã", held_on=one.held.isoformat(), place="Nhà văn hóa", **own).case
    if one.until == "planned":
        return case
    late = one.kind == selectors.CONFERENCE and one.notice < 7
    _signed(case, one, _do(case, one, "notify_late" if late else "notify", "office", told), told)
    if one.until == "announced":
        return case
    _do(case, one, "open", "office", one.held, chair="head")
    if one.until == "opened":
        return case
    _signed(case, one, _do(case, one, "minutes", "office", one.held, attended=40, record="Đã hỏi và đáp."), one.held)
    if one.until == "minuted":
        return case
    out = one.held + timedelta(days=one.results)
    _signed(case, one, _do(case, one, "report", "office", out, results="Đã trả lời."), out)
    _do(case, one, "publish", "office", out, published_at=["media", "posted", "villages"])
    return case


def test_every_legal_minimum_of_a_year_is_reported_as_it_was_played() -> None:
    script = _script(20261126)
    cases = [_play(one) for one in script]
    communes = [c.agency for c in province().communes]
    counting = [p for p in script if p.kind == selectors.CONFERENCE and p.until in ("minuted", "published")]
    expected = {a: tuple(sorted({p.held for p in counting if p.agency == a})) for a in communes}
    found = selectors.duty_of_year(YEAR, communes)
    assert {a: m.counted for a, m in found.items()} == expected
    assert {a for a, m in found.items() if m.met} == {a for a, days in expected.items() if days}
    assert 20 < sum(m.met for m in found.values()) < 128
    assert not any(m.met for m in selectors.duty_of_year(YEAR - 1, communes).values())
    with scope(JOB):
        states = {case: loaded.state for case, loaded in load(cases).items()}
    for case, one in zip(cases, script, strict=True):
        clocks = states[case].clocks
        if one.kind == selectors.ENTERPRISES:
            assert clocks == {}
            continue
        notice = clocks["notice"]
        assert notice.due
        if one.until != "planned":
            assert notice.stopped_on
            assert (notice.stopped_on > notice.due) is (one.notice < 7), one
        if one.until == "published":
            results = clocks["results"]
            assert results.due
            assert results.stopped_on
            if one.results != 12:  # ten days, and a last day of rest moves on: twelve may be either
                assert (results.stopped_on > results.due) is (one.results == 18), one
            assert one.held + timedelta(days=10) <= results.due
