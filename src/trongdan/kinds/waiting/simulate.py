"""A day of a centre, invented by a seed: who comes when, how long each stays, who is helped, who leaves the hall. Pure.

Volume: the province's busiest centre received 67,861 dossiers in September and October 2025, 1,834 a working day
(published figure). How they spread over the day and the lengths of visits are assumptions, said in docs. The estimator
sees only what it would see in life: the days before, never the draws. The same seed gives the same day to the second.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from trongdan.kernel.case import VIETNAM

from .estimate import AtCounter, Error, Times, wait
from .order import moment
from .reference import Rules

BUSIEST = 1834
# Share of a day's comers by half hour from 07:30; the noon break brings few. Mondays are busier, Fridays lighter.
SHAPE = (6.0, 9.5, 11.0, 11.0, 9.5, 8.0, 6.0, 3.5, 0.6, 0.6, 0.8, 2.0, 6.0, 7.5, 7.5, 5.5, 3.5, 1.5, 0.5)
WEEKDAY = (1.12, 1.02, 0.98, 0.97, 0.91, 0.95, 0.95)
MIX: Mapping[str, float] = {"civil": 0.17, "land": 0.18, "social": 0.12, "business": 0.15, "residence": 0.14, "other": 0.06,
                            "results": 0.18}  # fmt: skip
HELPED, AWAY, BACK = 0.12, 0.04, 0.6  # shares: helped by law; not there when called; of these, who come back
SLOW = {11: 0.9, 13: 1.1, 16: 0.92}  # visits hasten before a break: the estimator has to learn it


@dataclass(frozen=True, slots=True)
class Comer:
    at: datetime
    service: str
    helped: bool
    seconds: float
    away: bool
    back: bool


@dataclass(slots=True)
class Counted:
    """What became of a day: each number once."""

    taken: int = 0
    served: int = 0
    away: int = 0
    twice: int = 0
    lost: int = 0
    waits: list[float] = field(default_factory=list)
    error: Error = field(default_factory=Error)
    inside: int = 0  # told bounds that held
    last: datetime | None = None


def comers(seed: int, day: date, rules: Rules, volume: int = BUSIEST) -> list[Comer]:
    """Everybody of a day in order of coming."""
    draw = random.Random(f"{seed}/{day.isoformat()}")  # noqa: S311  a simulation, no secret
    start, total = datetime.combine(day, time(7, 30), VIETNAM), sum(SHAPE)
    out: list[Comer] = []
    for number, share in enumerate(SHAPE):
        expected = volume * WEEKDAY[day.weekday()] * share / total
        for _ in range(max(0, round(draw.gauss(expected, expected**0.5)))):
            at = start + timedelta(minutes=30 * number, seconds=draw.randrange(1800))
            out.append(_comer(draw, at, rules))
    return sorted(out, key=lambda c: (c.at, c.service, c.seconds))


def _comer(draw: random.Random, at: datetime, rules: Rules) -> Comer:
    service = draw.choices(list(MIX), list(MIX.values()))[0]
    kept = rules.services[service]
    # A gamma distribution of the shipped mean and spread: never negative, with a long tail, as visits are.
    shape = (kept.mean / kept.spread) ** 2
    seconds = max(draw.gammavariate(shape, kept.mean / shape), 40.0) * SLOW.get(at.hour, 1.0)
    away = draw.random() < AWAY
    return Comer(at, service, draw.random() < HELPED, seconds, away, away and draw.random() < BACK)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a centre has measured at a day's end: (group, hour, seconds) of visits, (group, told, waited) of calls."""

    visits: list[tuple[str, int, float]]
    judged: list[tuple[str, float, float]]


@dataclass(slots=True)
class _Ticket:
    number: int
    comer: Comer
    moment: datetime
    told: float | None
    low: float
    high: float
    first: datetime
    back: bool = False


class _Hall:
    """The hall while a day runs: the line, the counters, what was measured."""

    def __init__(self, rules: Rules, serves: Sequence[frozenset[str]], times: Times,
                 sessions: Sequence[tuple[datetime, datetime]]) -> None:  # fmt: skip
        self.rules, self.times, self.sessions = rules, times, sessions
        self.counters = [AtCounter(s) for s in serves]
        self.until: list[datetime | None] = [None] * len(serves)
        self.line: list[_Ticket] = []
        self.done: dict[int, int] = {}
        self.visits: list[tuple[str, int, float]] = []
        self.judged: list[tuple[str, float, float]] = []
        self.counted = Counted()

    def take(self, comer: Comer) -> None:
        mine = moment(comer.at, self.rules, helped=comer.helped)
        before = [t.comer.service for t in self.line if (t.moment, t.number) < (mine, self.counted.taken + 1)]
        found = wait(comer.at, comer.service, before, self.counters, self.times, self.sessions)
        self.counted.taken += 1
        self._stand(_Ticket(self.counted.taken, comer, mine, found.seconds, found.low, found.high, comer.at))

    def _stand(self, ticket: _Ticket) -> None:
        self.line.append(ticket)
        self.line.sort(key=lambda t: (t.moment, t.number))

    def call(self, number: int, now: datetime) -> tuple[datetime, _Ticket] | None:
        """The next of the line for a counter. (when the visit ends, ticket), or None when nobody is for it."""
        ticket = next((t for t in self.line if self.counters[number].takes(t.comer.service)), None)
        if ticket is None:
            return None
        self.line.remove(ticket)
        if not ticket.back:
            self._measure(ticket, now)
        if ticket.comer.away and not ticket.back:
            end = now + timedelta(seconds=45)  # called three times
        else:
            end = now + timedelta(seconds=ticket.comer.seconds)
            self.done[ticket.number] = self.done.get(ticket.number, 0) + 1
            self.visits.append((ticket.comer.service, now.hour, ticket.comer.seconds))
        self.counters[number] = AtCounter(self.counters[number].serves, ticket.comer.service, now)
        self.until[number] = end
        return end, ticket

    def _measure(self, ticket: _Ticket, now: datetime) -> None:
        waited = (now - ticket.first).total_seconds()
        self.counted.waits.append(waited)
        if ticket.told is not None:
            self.counted.error.note(ticket.told, waited)
            self.judged.append((ticket.comer.service, ticket.told, waited))
            self.counted.inside += ticket.low - 1 <= waited <= ticket.high + 1

    def end(self, number: int) -> None:
        self.counters[number] = AtCounter(self.counters[number].serves)
        self.until[number] = None


def run_day(day: list[Comer], rules: Rules, serves: Sequence[frozenset[str]], times: Times,
            sessions: Sequence[tuple[datetime, datetime]]) -> tuple[Counted, Seen]:  # fmt: skip
    """Play a day through; what became of it, and what the estimator may learn of it.

    Counters call in order of their number at the same second; nobody is called at noon."""
    hall, away = _Hall(rules, serves, times, sessions), 0
    queue = list(reversed(day))
    returns: list[tuple[datetime, _Ticket]] = []
    now = sessions[0][0]
    while queue or hall.line or returns or any(hall.until):
        for at, ticket in [r for r in returns if r[0] <= now]:
            returns.remove((at, ticket))
            ticket.moment, ticket.back = moment(at, rules, back=at), True
            hall._stand(ticket)  # noqa: SLF001  same module
        while queue and queue[-1].at <= now:
            hall.take(queue.pop())
        for number, until in enumerate(hall.until):
            if until is not None and until <= now:
                hall.end(number)
        if any(a <= now < b for a, b in sessions) or now >= sessions[-1][1]:
            for number, until in enumerate(hall.until):
                called = hall.call(number, now) if until is None and hall.line else None
                if called and called[1].comer.away and not called[1].back:
                    away += not called[1].comer.back
                    if called[1].comer.back:
                        returns.append((now + timedelta(minutes=12), called[1]))
        now = _next(now, queue, returns, hall.until, sessions, bool(hall.line))
    found = hall.counted
    found.served, found.away, found.last = len(hall.done), away, now
    found.twice = sum(n > 1 for n in hall.done.values())
    found.lost = found.taken - found.served - found.away
    return found, Seen(hall.visits, hall.judged)


def _next(now: datetime, queue: list[Comer], returns: list[tuple[datetime, _Ticket]], until: list[datetime | None],
          sessions: Sequence[tuple[datetime, datetime]], waiting: bool) -> datetime:  # fmt: skip
    """The next moment at which something happens."""
    marks = [at for at in until if at] + [at for at, _t in returns] + ([queue[-1].at] if queue else [])
    marks += [start for start, _end in sessions if waiting and start > now]
    return min((m for m in marks if m > now), default=now + timedelta(seconds=1))


def counters_of(rows: Sequence[tuple[int, Sequence[str]]]) -> list[frozenset[str]]:
    """Counters from lines of (how many, groups)."""
    return [frozenset(serves) for many, serves in rows for _ in range(many)]


def working_days(day: date, before: int, works: Callable[[date], bool]) -> Iterator[date]:
    """So many working days before a day, the oldest first."""
    found: list[date] = []
    at = day
    while len(found) < before:
        at -= timedelta(days=1)
        if works(at):
            found.append(at)
    yield from reversed(found)


def learn(seen: Seen, times: Times) -> None:
    """Take a day into what the estimator knows on the days after."""
    for service, hour, seconds in seen.visits:
        times.add(service, hour, 1, seconds, seconds * seconds)
    for service, told, waited in seen.judged:
        times.judge(service, told, waited)
