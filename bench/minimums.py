"""An oracle for a year of receptions and dialogues: what every report must say, counted from the script of the year with the
numbers of the law written down here once more. Shares no code with what it checks: no rule, no period, no report, no database."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, field
from datetime import date

from trongdan.doors.cli._year.script import Script, Sitting

# Days a month on which a head receives in person, from 2026-07-01: Luật Tiếp công dân Đ12 k5, Đ15 (as amended), Đ18 k2; the Party's
# by QĐ 11-QĐi/TW as amended. By what a post's agency is.
CHAIR_COMMUNE, CHAIR_PROVINCE, DEPARTMENT, SECRETARY_COMMUNE, SECRETARY_PROVINCE = 2, 1, 1, 2, 1
IN_PERSON = frozenset({"held", "twice", "extra", "moved_held"})
NOT_GIVEN_AWAY = frozenset({"committee/xa", "party/xa", "party/tinh"})  # a deputy's day is refused, and then missed
RESULTS = 10  # days for the results of a conference


@dataclass
class Month:
    """One head's month. Days as sets: the same day twice is one."""

    asked: int
    days: set[date] = field(default_factory=set)
    ahead: set[date] = field(default_factory=set)
    missed: set[date] = field(default_factory=set)
    stood_in: set[date] = field(default_factory=set)
    open: set[date] = field(default_factory=set)

    @property
    def missing(self) -> int:
        return max(0, self.asked - len(self.days))


def asked_of(sort: str) -> int:
    """`sort`: kind of body / level, as in the directory of agencies."""
    return {"committee/xa": CHAIR_COMMUNE, "committee/tinh": CHAIR_PROVINCE, "party/xa": SECRETARY_COMMUNE,
            "party/tinh": SECRETARY_PROVINCE}.get(sort, DEPARTMENT)  # fmt: skip


def months(script: Script, sorts: dict[str, str], month: date, today: date) -> dict[str, Month]:
    """post -> its month, as it stands at the end of `today`. `sorts` post -> kind/level of every head with a duty."""
    out = {post: Month(asked_of(sort)) for post, sort in sorts.items()}
    for one in script.sittings:
        if (one.day.year, one.day.month) == (month.year, month.month):
            _count(out[one.post], one, sorts[one.post], today)
        elif one.to and (one.on.year, one.on.month) == (month.year, month.month) and not _moved_by(one, today):
            out[one.post].ahead.add(one.on)
    return out


def _moved_by(one: Sitting, today: date) -> bool:
    """Whether the day was already put off: two days before it."""
    return (one.on - today).days <= 2


def _posted_by(one: Sitting, today: date) -> bool:
    return (one.on - today).days <= (0 if one.fate == "extra" else 25)


def _count(month: Month, one: Sitting, sort: str, today: date) -> None:
    if one.fate == "late_posted" or not _posted_by(one, today):
        return
    day = one.day
    if one.to and not _moved_by(one, today):
        if one.on.month == one.to.month:
            month.ahead.add(one.on)
        return
    if day > today:
        month.ahead.add(day)
    elif one.fate in IN_PERSON:
        month.days.add(day)
    elif one.fate == "open" and day < today:
        month.open.add(day)
    elif one.fate == "stood_in" and sort not in NOT_GIVEN_AWAY:
        month.stood_in.add(day)
    elif day >= today:
        month.ahead.add(day)
    else:
        month.missed.add(day)


def verdict(month: Month, year_month: date, today: date) -> str:
    """enough | short | on_course | will_miss"""
    if not month.missing:
        return "enough"
    last = date(year_month.year, year_month.month, calendar.monthrange(year_month.year, year_month.month)[1])
    if last < today:
        return "short"
    return "on_course" if len(month.ahead) >= month.missing else "will_miss"


def met_people(script: Script, year: int) -> dict[str, tuple[date, ...]]:
    """commune -> the days of the year on which a conference with the people was held and its minutes signed."""
    out: dict[str, set[date]] = {}
    for one in script.conferences:
        if one.people and one.goes in ("minuted", "published") and one.held.year == year:
            out.setdefault(one.agency, set()).add(one.held)
    return {agency: tuple(sorted(days)) for agency, days in out.items()}
