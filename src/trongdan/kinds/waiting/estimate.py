"""How long a person will wait: the line played forward over the open counters, with measured lengths of visits. Pure.

A visit's length is the mean of visits of this group at this hour, drawn towards the group's mean of all hours while the
hour has few, and that towards the value shipped. The counters take the line in its order, each only what it serves, and
rest when the centre does. What was told is kept on the ticket, so that its error is measured (record `Error`).
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from trongdan.kernel.case import VIETNAM

from .reference import Rules

LEAST_LEFT = 0.25  # of a mean: who sits longer than the mean will still sit a while
SIDE = 1.28  # four fifths of a normal distribution lie within so many deviations
UNKNOWN = 0.18  # of a wait
NEAR = 300.0  # seconds: "right to five minutes"


@dataclass(slots=True)
class Tally:
    """Visits measured: how many, seconds in sum, and their squares."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    def add(self, n: int, total: float, squares: float) -> None:
        self.n, self.total, self.squares = self.n + n, self.total + total, self.squares + squares


@dataclass
class Times:
    """What is known of lengths of visits at a centre."""

    rules: Rules
    by_hour: dict[tuple[str, int], Tally] = field(default_factory=dict)
    whole: dict[str, Tally] = field(default_factory=dict)
    judged: dict[str, list[float]] = field(default_factory=dict)  # group -> seconds told, seconds waited, in sum

    def add(self, service: str, hour: int, n: int, total: float, squares: float) -> None:
        self.by_hour.setdefault((service, hour), Tally()).add(n, total, squares)
        self.whole.setdefault(service, Tally()).add(n, total, squares)

    def mean(self, service: str, hour: int) -> float:
        """Seconds that a visit of this group takes when it begins at this hour."""
        return _drawn(self.by_hour.get((service, hour)), self._all(service), self.rules.shrink)

    def _all(self, service: str) -> float:
        return _drawn(self.whole.get(service), self.rules.services[service].mean, self.rules.shrink)

    def variance(self, service: str) -> float:
        """Seconds squared; the shipped spread until there are twice `shrink` visits."""
        seen = self.whole.get(service)
        if seen is None or seen.n < 2 * self.rules.shrink:
            return self.rules.services[service].spread ** 2
        mean = seen.total / seen.n
        return max(seen.squares / seen.n - mean * mean, 0.0)

    def judge(self, service: str, told: float, waited: float) -> None:
        """Take in what was told of a group before, and what it came to."""
        kept = self.judged.setdefault(service, [0.0, 0.0])
        kept[0], kept[1] = kept[0] + told, kept[1] + waited

    def tilt(self, service: str) -> float:
        """By how much estimates of a group came out short before (1.1: a tenth). Who is helped by law passes those who
        stand already; some are away when called: both show here, and nowhere else."""
        said, waited = self.judged.get(service, (0.0, 0.0))
        weight = self.rules.shrink * 600.0
        return min(max((waited + weight) / (said + weight), 0.75), 1.5)


def _drawn(seen: Tally | None, towards: float, weight: int) -> float:
    if seen is None or not seen.n:
        return towards
    return (seen.total + weight * towards) / (seen.n + weight)


@dataclass(frozen=True, slots=True)
class AtCounter:
    """An open counter: what it serves (empty: all), and since when it serves what."""

    serves: frozenset[str]
    busy: str | None = None
    since: datetime | None = None

    def takes(self, service: str) -> bool:
        return not self.serves or service in self.serves


@dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds until the call, with bounds that hold four times in five; `ahead` people are called before at counters of
    this group. `later` when it falls into the next session. `seconds` is None when no open counter serves the group."""

    seconds: float | None
    low: float = 0.0
    high: float = 0.0
    ahead: int = 0
    later: bool = False


def wait(now: datetime, service: str, ahead: Sequence[str], counters: Sequence[AtCounter], times: Times,
         sessions: Sequence[tuple[datetime, datetime]]) -> Estimate:  # fmt: skip
    """The wait of one who stands behind `ahead` (groups in order). `sessions`: today's, in order.

    Whoever has a number is served, also after the last session's end; between sessions nobody is called."""
    mine = [c for c in counters if c.takes(service)]
    theirs = [s for s in ahead if any(c.takes(s) for c in mine)]
    if not mine:
        return Estimate(None, ahead=len(theirs))
    called = _played(now, [*ahead, service], counters, times, sessions)
    resting = sum(((min(called, b) - max(now, a)).total_seconds() for a, b in gaps(sessions) if a < called and b > now), 0.0)
    worked = max((called - now).total_seconds() - resting, 0.0) * times.tilt(service)
    seconds = worked + resting
    # The visits before it, those at the counters now, and what nobody knows: who comes and is helped first, who leaves.
    visits = sum(times.variance(s) for s in theirs) + len(mine) * times.variance(service) * bool(seconds)
    spread = SIDE * math.hypot(math.sqrt(visits) / len(mine), UNKNOWN * worked)
    later = any(start > now and called >= start for start, _end in sessions)
    return Estimate(seconds, max(seconds - spread, 0.0), seconds + spread, len(theirs), later)


def _played(now: datetime, line: Sequence[str], counters: Sequence[AtCounter], times: Times,
            sessions: Sequence[tuple[datetime, datetime]]) -> datetime:  # fmt: skip
    """When the last of a line is called: each counter, when free, takes the first that it serves."""
    heads: dict[str, deque[int]] = {}
    for place, wanted in enumerate(line):
        heads.setdefault(wanted, deque()).append(place)
    free = [(free_at(c, now, times), number) for number, c in enumerate(counters)]
    heapq.heapify(free)
    known: dict[tuple[str, int], timedelta] = {}
    while True:
        at, number = heapq.heappop(free)
        at = open_at(at, sessions)
        first = min(((waiting[0], s) for s, waiting in heads.items() if waiting and counters[number].takes(s)), default=None)
        if first is None:
            continue  # nobody of the line is for this counter: it stays free
        if first[0] == len(line) - 1:
            return at
        wanted = first[1]
        heads[wanted].popleft()
        key = (wanted, _hour(at))
        if key not in known:
            known[key] = timedelta(seconds=times.mean(*key))
        heapq.heappush(free, (at + known[key], number))


def gaps(sessions: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """The rests of a day: before it opens, and between its sessions."""
    if not sessions:
        return []
    first = sessions[0][0]
    between = [(a[1], b[0]) for a, b in pairwise(sessions)]
    return [(first - timedelta(days=1), first), *between]


def free_at(counter: AtCounter, now: datetime, times: Times) -> datetime:
    """When a counter will probably be free: the mean less what has passed, and never quite at once."""
    if counter.busy is None or counter.since is None:
        return now
    mean = times.mean(counter.busy, _hour(counter.since))
    left = max(mean - (now - counter.since).total_seconds(), LEAST_LEFT * mean)
    return now + timedelta(seconds=left)


def open_at(at: datetime, sessions: Sequence[tuple[datetime, datetime]]) -> datetime:
    """The same moment, or the beginning of the next session when the centre rests then."""
    for number, (start, end) in enumerate(sessions):
        if at < start:
            return start
        if at < end or number == len(sessions) - 1:
            return at
    return at


def _hour(at: datetime) -> int:
    """The hour of Vietnam, by which visits are counted."""
    return at.astimezone(VIETNAM).hour


@dataclass(slots=True)
class Error:
    """How far estimates were off: `n` calls, seconds of error in sum (absolute and signed), how many within `NEAR`."""

    n: int = 0
    absolute: float = 0.0
    signed: float = 0.0
    near: int = 0

    def note(self, told: float, waited: float) -> None:
        off = told - waited
        self.n, self.absolute, self.signed = self.n + 1, self.absolute + abs(off), self.signed + off
        self.near += abs(off) <= NEAR

    @property
    def minutes(self) -> float:
        """The mean absolute error."""
        return self.absolute / self.n / 60 if self.n else 0.0

    @property
    def share(self) -> float:
        """How many of a hundred were within five minutes."""
        return 100 * self.near / self.n if self.n else 0.0


def told(estimate: Estimate) -> tuple[int, int] | None:
    """(from, to) in whole minutes as people are told: steps of five, never narrower; None when it cannot be said."""
    if estimate.seconds is None:
        return None
    low = int(estimate.low // 300) * 5
    high = max(math.ceil(estimate.high / 300) * 5, low + 5)
    return low, high
