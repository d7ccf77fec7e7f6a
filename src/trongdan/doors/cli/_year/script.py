"""What heads do in a simulated year of receptions and dialogues, drawn from a seed before anything is played: the days they sit,
put off, miss or give away, and how far each conference with the people goes. Dates and fates alone; whoever checks the reports
counts from these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from trongdan.kernel.calendar import Calendar

# What becomes of a day. Only "held", "twice", "extra" and "moved_held" are days on which the head received in person.
FATES = {"held": 60, "twice": 4, "extra": 3, "moved_held": 8, "moved_silent": 3, "stood_in": 5, "absent": 5, "silent": 5, "open": 4,
         "late_posted": 3}  # fmt: skip
MONTHLY = {2: ((0, 3), (1, 14), (2, 68), (3, 15)), 1: ((0, 10), (1, 70), (2, 20))}  # days planned a month, by what the law asks
GOES = ("planned", "announced", "opened", "minuted", "published", "published", "published", "cancelled")


@dataclass(frozen=True, slots=True)
class Sitting:
    """A reception day of a head. `on` as first planned, `to` where it was put off."""

    post: str
    agency: str
    on: date
    fate: str
    to: date | None = None

    @property
    def day(self) -> date:
        return self.to or self.on


@dataclass(frozen=True, slots=True)
class Conference:
    """A conference with the people, or a meeting with enterprises: how far it went, and how many days lay before and after."""

    agency: str
    people: bool
    held: date
    goes: str
    notice: int
    results: int


@dataclass(frozen=True, slots=True)
class Script:
    since: date
    until: date
    sittings: Sequence[Sitting]
    conferences: Sequence[Conference]


def script(seed: int, heads: Mapping[str, tuple[str, int]], communes: Sequence[str], since: date, months: int,
           law: Calendar) -> Script:  # fmt: skip
    """The year: `heads` post -> (agency, days a month that the law asks), `communes` whose committees meet the people."""
    until, sittings = _later(since, months) - timedelta(days=1), list[Sitting]()
    for post, (agency, asked) in sorted(heads.items()):
        chance = Random(f"{seed}:sits:{post}")  # noqa: S311  an invented year; secrets are drawn elsewhere
        taken: set[date] = set()
        for n in range(months):
            sittings += _month(chance, post, agency, asked, _later(since, n), taken, law)
    meetings = [c for commune in communes for c in _meetings(Random(f"{seed}:meets:{commune}"), commune, since, until)]  # noqa: S311
    return Script(since, until, sittings, meetings)


def _later(first: date, months: int) -> date:
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)


def _month(chance: Random, post: str, agency: str, asked: int, first: date, taken: set[date], law: Calendar) -> list[Sitting]:
    days = [d for n in range(31) if (d := first + timedelta(days=n)).month == first.month and law.is_working(d) and d not in taken]
    counts, weights = zip(*MONTHLY[asked], strict=True)
    chosen, out = chance.sample(days, chance.choices(counts, weights)[0]), []
    taken.update(chosen)
    for day in sorted(chosen):
        fate = chance.choices(list(FATES), list(FATES.values()))[0]
        to = _free(day + timedelta(days=chance.randint(1, 14)), taken, law) if fate.startswith("moved") else None
        out.append(Sitting(post, agency, day, fate, to))
    return out


def _free(day: date, taken: set[date], law: Calendar) -> date:
    """The next working day on which this head has nothing yet."""
    while day in taken or not law.is_working(day):
        day += timedelta(days=1)
    taken.add(day)
    return day


def _meetings(chance: Random, commune: str, since: date, until: date) -> list[Conference]:
    days = (until - since).days - 50
    many = chance.choice((0, 1, 1, 1, 2))
    return [Conference(commune, chance.random() < 0.8, since + timedelta(days=20 + chance.randrange(days)), chance.choice(GOES),
                       chance.choice((3, 6, 7, 8, 15)), chance.choice((2, 9, 18))) for _n in range(many)]  # fmt: skip
